"""Small maps of a run and of the run under each other assumption, all of one extent, and on one scale of widths and colors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd

from corridors.outputs.layers.crossings import crossing_layer, crossing_rows
from corridors.outputs.layers.layers import LayerSpec, ground_layers
from corridors.outputs.layers.lines import corridors
from corridors.outputs.layers.marks import Scene, words
from corridors.outputs.layers.still import LETTER, draw_map, mercator, projection, share_key
from corridors.outputs.summary.grade import NO_GRADE, compared
from corridors.outputs.summary.uncertainty import MEAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from corridors.core.results import Results
    from corridors.outputs.layers.layers import BaseMap
    from corridors.outputs.text.translations import Translations

WIDTH, HEIGHT, THIN = 300, 232, 0.6
"""Pixels; factor of the widths of lines and the radii of discs."""
FACE, KEY_FACE = 9.0, 11.0
"""Sizes of the numbers in a map and of the words of the key, in pixels."""
LEAST = 0.01
"""Roads and crossing cities of a smaller share are not drawn."""
LEADING = 3
"""Crossing cities whose rank is written in their disc."""
NORTH_SOUTH, EAST_WEST = 5.5, 3.0
"""Degrees around the ports of entry that are shown."""


@dataclass(frozen=True, slots=True)
class AssumptionMap:
    """The map of a run under one setting.

    Parameters
    ----------
    setting, value
        The setting that differs and its value; both empty for the run itself.
    scene
        The picture, without a title; the discs of the leading cities bear their rank, 1 to 3.
    roads
        The layer of roads in it.
    cities
        The crossing cities there, largest first: rows of `Results.crossings` with `share`, that under the setting.
    """

    setting: str
    value: str
    scene: Scene
    roads: LayerSpec
    cities: pd.DataFrame

    @property
    def leading(self) -> pd.DataFrame:
        """Return the cities whose rank the map shows."""
        return self.cities.head(LEADING)


def assumption_maps(results: Results, base: BaseMap) -> list[AssumptionMap]:
    """Return the map of a run, then that under each other structure, lens and demand that its tables have a column of.

    Shares are those of `crossings.csv` and `edges.parquet`: the run's means, and what they say of each other setting.

    Parameters
    ----------
    results
        Of a run, as far as the tables of its folder hold them.
    base
        What lies under the corridors.
    """
    ports = results.ports
    box = [
        [float(ports["lat"].min()) - NORTH_SOUTH, float(ports["lon"].min()) - EAST_WEST],
        [float(ports["lat"].max()) + NORTH_SOUTH, float(ports["lon"].max()) + EAST_WEST],
    ]
    ground = ground_layers(base, results)
    return [_map(results, ground, box, one) for one in (("", ""), *_others(results))]


def map_key(maps: Sequence[AssumptionMap], t: Translations) -> Scene:
    """Return the key of the maps: the classes of shares in any of them, and a disc."""
    width, height, marks = share_key([one.roads for one in maps], t, KEY_FACE)
    return Scene(round(width), round(height), t("legend.title"), tuple(marks))


def _others(results: Results) -> list[tuple[str, str]]:
    """Return (setting, value) of what both crossing cities and roads are known under."""
    return [one for one in compared(crossing_rows(results)) if "_".join(one) in results.edges]


def _map(
    results: Results,
    ground: Sequence[LayerSpec],
    box: list[list[float]],
    setting: tuple[str, str],
) -> AssumptionMap:
    """Return the map under a setting, ("", "") for the run itself."""
    column = "_".join(setting) if setting[0] else MEAN
    cities = crossing_rows(results)
    ranked = cities.assign(share=cities[column]).sort_values("share", ascending=False, kind="stable")
    drawn = ranked[ranked["share"] >= LEAST]
    discs = crossing_layer(replace(results, crossings=drawn.assign(**{MEAN: drawn["share"]}), variants=()))
    roads = _roads(results.edges, column)
    window = (0, 0, WIDTH, HEIGHT)
    marks = draw_map([*ground, roads, LayerSpec("crossings", discs)], box, window, face=FACE, thin=THIN)
    places = projection(box, window)(mercator(discs["shapes"][:LEADING]))
    marks += [
        words(x - FACE * LETTER / 2, y + FACE * 0.36, str(n), FACE, bold=True)
        for n, (x, y) in enumerate(places, start=1)
    ]
    return AssumptionMap(*setting, Scene(WIDTH, HEIGHT, "", tuple(marks)), roads, ranked)


def _roads(edges: gpd.GeoDataFrame, column: str) -> LayerSpec:
    """Return the roads that carry `LEAST` or more by a column of shares, whatever their grade."""
    plain = edges.assign(**{MEAN: edges[column], "grade": NO_GRADE}).reset_index(drop=True)
    return LayerSpec("corridors", corridors(gpd.GeoDataFrame(plain, crs=edges.crs), "AB", LEAST, 70, {}))

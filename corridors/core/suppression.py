"""The one rule on counts of licenses: a count under five is withheld, and with it every count that would reveal one.

A cell is the licenses of a zone in a consular district, of one year. Published counts are sums of cells: by zone, district,
state and region. Who knows some of these sums can bound a cell, so withholding small ones alone is not enough. Here further
sums are withheld until each cell of 1 to 4, and each sum of 1 to 4, could be anything from 0 to 4 for all that is shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridors.core.types import BoolArray, FloatArray, IntArray

    Place = tuple[str, str, str]

FEWEST = 5
"""Licenses under which a count is withheld."""
REGION = "region"
"""Name of the area of all states together."""
COSTS = {"zone_id": 1.0, "consulate": 30.0, "us_state": 3_000.0, REGION: 300_000.0}
"""What it costs to withhold a count by its kind: a zone of the map goes before a district of a brief."""
PART_COST = 1e6
"""Cost of a part of a zone that the fractions by district give away: these cannot be withheld."""


class ShownLicenses(NamedTuple):
    """Counts of licenses as every output may print them; a withheld count is missing.

    Parameters
    ----------
    zones
        A row a zone and a column a year, Int64.
    areas
        `area year licences` of consulates, US states and "region".
    """

    zones: pd.DataFrame
    areas: pd.DataFrame


def shown_licenses(held: pd.DataFrame, parts: Collection[tuple[str, str]] = ()) -> ShownLicenses:
    """Return the counts of licenses that may be shown, by zone and by area, each year by itself.

    Parameters
    ----------
    held
        `zone_id consulate us_state year dealers`, any number of rows a place and year; `zone_id` is "" outside all zones.
    parts
        (zone, consulate) of which the fraction of the zone's licenses is published, in the latest year.

    Returns
    -------
    ShownLicenses
        The same for the same counts, whatever the order of rows. Zones of the latest year are known to hold five.
    """
    keys = ["zone_id", "consulate", "us_state"]
    wide = held.pivot_table("dealers", keys, "year", aggfunc="sum", fill_value=0).sort_index()
    places = tuple((str(zone), str(consulate), str(state)) for zone, consulate, state in wide.index)
    names, matrix, _ = _sums(places)
    latest = wide.columns.max() if len(wide.columns) else None
    is_zone = np.array([kind == "zone_id" for kind, _ in names])
    found = {}
    for year in wide.columns:
        cells = wide[year].to_numpy(dtype=np.int64)
        given = frozenset(parts) if year == latest else frozenset()
        shown = _shown_in_year(places, tuple(cells.tolist()), given, latest=year == latest)
        found[year] = pd.array(np.rint(matrix @ cells).astype(np.int64), dtype="Int64")
        found[year][~np.array(shown, dtype=bool)] = pd.NA
    table = pd.DataFrame(
        found, index=pd.MultiIndex.from_tuples(names, names=["kind", "area"]), columns=wide.columns
    )
    zones = table[is_zone].droplevel("kind").rename_axis("zone_id")
    areas = table[~is_zone].droplevel("kind").reset_index()
    long = areas.melt("area", var_name="year", value_name="licences").astype({"year": "int64"})
    return ShownLicenses(zones, long)


@lru_cache(maxsize=64)
def _shown_in_year(
    places: tuple[Place, ...], counts: tuple[int, ...], parts: frozenset[tuple[str, str]], *, latest: bool
) -> tuple[bool, ...]:
    """Return which sums of a year's counts may be shown; kept, since a run's map, briefs and calendar ask the same."""
    names, matrix, cost = _sums(places)
    given = np.flatnonzero([(zone, consulate) in parts for zone, consulate, _ in places])
    of_parts = csr_array(
        (np.ones(len(given)), (np.arange(len(given)), given)), shape=(len(given), len(places))
    )
    known = [FEWEST if latest and kind == "zone_id" else 0 for kind, _ in names]
    shown = shown_sums(
        np.array(counts, dtype=np.int64),
        csr_array(vstack([matrix, of_parts])),
        np.concatenate([cost, np.full(len(given), PART_COST)]),
        np.concatenate([known, np.zeros(len(given))]),
    )
    return tuple(shown[: len(names)].tolist())


def shown_sums(cells: IntArray, sums: csr_array, cost: FloatArray, least: FloatArray) -> BoolArray:
    """Return which sums of cells may be shown.

    For each cell or sum of 1 to 4, a linear program finds the cheapest change of the other cells that makes it 0, and the
    cheapest that makes it 4; the sums which that change moves are withheld. Each end stays possible, since what is withheld
    later only allows more. Sums nested like these (zones in states, districts beside them) have whole solutions.

    Parameters
    ----------
    cells
        (cells,) counts.
    sums
        (sums, cells) 1 where a cell is part of a sum.
    cost
        (sums,) what it costs to withhold one, over 0; of equal ones the earlier goes first.
    least
        (sums,) what a sum is known to hold at least, shown or not.

    Returns
    -------
    numpy.ndarray
        (sums,) boolean.
    """
    values = np.asarray(sums @ cells)
    shown: BoolArray = values >= FEWEST
    asked = csr_array(vstack([eye_array(len(cells)), sums]))
    asked = asked[np.flatnonzero((asked @ cells >= 1) & (asked @ cells < FEWEST))]
    if not asked.shape[0]:
        return shown
    weight = cost * (1 + np.arange(len(cost)) / (1000 * len(cost)))
    low = high = np.asarray(asked @ cells)
    for row in range(asked.shape[0]):
        for end in (0, FEWEST - 1):
            if low[row] <= 0 if end == 0 else high[row] >= end:
                continue
            change = _cheapest_change(cells, sums, np.where(shown, weight, 0.0), least, (asked[[row]], end))
            moved = np.abs(np.asarray(sums @ change)) > 0.5
            shown &= ~moved
            reached = np.asarray(asked @ (cells + change))
            low, high = np.minimum(low, reached), np.maximum(high, reached)
    return shown


def _cheapest_change(
    cells: IntArray, sums: csr_array, weight: FloatArray, least: FloatArray, goal: tuple[csr_array, int]
) -> FloatArray:
    """Return (cells,) the change that brings a sum (1, cells) to a count and costs least in the sums it moves."""
    one, end = goal
    priced = np.flatnonzero(weight)
    moved = sums[priced]
    size = eye_array(len(priced))
    bound = np.flatnonzero(least)
    rows = [
        hstack([moved, -size]),
        hstack([-moved, -size]),
        hstack([-sums[bound], csr_array((len(bound), len(priced)))]),
    ]
    program: dict[str, Any] = {
        "A_ub": csr_array(vstack(rows)),
        "b_ub": np.concatenate([np.zeros(2 * len(priced)), (sums[bound] @ cells) - least[bound]]),
        "A_eq": csr_array(hstack([one, csr_array((1, len(priced)))])),
        "b_eq": end - one @ cells,
        "bounds": [*((-count, None) for count in cells.tolist()), *((0, None),) * len(priced)],
    }
    found = linprog(np.concatenate([np.zeros(len(cells)), weight[priced]]), method="highs-ds", **program)
    if found.x is None:
        raise ArithmeticError(f"no counts leave a count of {(one @ cells)[0]} open to {end}: {found.message}")
    return np.asarray(np.rint(found.x[: len(cells)]), dtype=np.float64)


def _sums(places: Sequence[Place]) -> tuple[list[tuple[str, str]], csr_array, FloatArray]:
    """Return (kind, name) of each sum, (sums, cells) its cells, and its cost; cells without a name are in no sum of the kind."""
    names: list[tuple[str, str]] = []
    rows, columns = [], []
    labels = np.array([(*place, REGION) for place in places], dtype=object).reshape(-1, len(COSTS))
    for kind, own in zip(COSTS, labels.T, strict=True):
        for name in sorted({label for label in own if label}):
            at = np.flatnonzero(own == name)
            rows.append(np.full(len(at), len(names)))
            columns.append(at)
            names.append((kind, name))
    at, of = np.concatenate(rows), np.concatenate(columns)
    matrix = csr_array((np.ones(len(at)), (at, of)), shape=(len(names), len(places)))
    return names, matrix, np.array([COSTS[kind] for kind, _ in names])

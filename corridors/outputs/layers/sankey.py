"""Whole journeys as a Sankey diagram: states of purchase, crossing cities, Mexican states. One SVG element, without a script.

Drawn by hand: the libraries that draw such diagrams do it in the browser, by a script of megabytes (Plotly) or one that a page
without scripts or on paper cannot run (d3-sankey). A band is a fraction of the whole flow wide; its color is the state of
purchase all the way, so that a journey can be followed through the city where it crosses.
"""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.outputs.layers.crossings import crossing_rows

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Results
    from corridors.outputs.text.translations import Translations

STAGES = ("us_state", "crossing_city", "mx_state")
WORDS = {
    "us_state": ("home.us_state", "home.other_us_states"),
    "crossing_city": ("home.crossing_city", "home.other_cities"),
    "mx_state": ("home.mx_state", "home.other_mx_states"),
}
"""Keys of a stage's heading, and of what stands for its smaller places."""
REST = ""
"""Stands for the smaller cities or states, taken together."""
MOST = {"us_state": 8, "crossing_city": 11, "mx_state": 13}
"""Places of each stage that are drawn; the others are taken together."""
WIDTH, HEIGHT, TOP, GAP, BAR = 1000, 640, 34.0, 7.0, 13
AT = (112, 430, 818)
"""Left edge of the bar of each stage, in pixels."""
THINNEST = 0.2
"""Bands narrower than so many pixels are not drawn: .04 % of the flow."""
COLOURS = ("#2b6ca3", "#b4552d", "#7a5aa6", "#4d7c3a", "#8a6d1d", "#3d7f80", "#a03d6d", "#5b6470")
"""Of the states of purchase, in the order of their codes; told apart without red and green, and by their place."""
INK = "#1d2326"


class _Node(NamedTuple):
    """A bar: its place, and the pixels that it begins and ends at."""

    key: str
    top: float
    bottom: float


def sankey(results: Results, t: Translations, mx_states: Mapping[str, str]) -> str:
    """Return the diagram of a run's journeys as an SVG element; empty where the run has no table of them.

    Parameters
    ----------
    results
        With `flows`, whose shares sum to 1.
    t
        Texts of a language.
    mx_states
        Names of the Mexican states by code.
    """
    if results.flows is None:
        return ""
    cities = {str(row["crossing_city"]): row for row in crossing_rows(results).to_dict("records")}
    shown = {
        "us_state": {
            code: t.texts.get(f"us_state.{code}", code) for code in results.flows["us_state"].unique()
        },
        "crossing_city": {city: str(row[f"name_{t.language}"]) for city, row in cities.items()},
        "mx_state": {code: t.texts.get(f"state_name.{code}", name) for code, name in mx_states.items()},
    }
    flow = _together(results.flows)
    nodes = [_stack(flow, stage, order) for stage, order in zip(STAGES, _orders(flow, results), strict=True)]
    colours = {
        code: COLOURS[n % len(COLOURS)] for n, code in enumerate(sorted(results.flows["us_state"].unique()))
    }
    parts = [*_bands(flow, nodes, colours), *_bars(nodes, colours)]
    for stage, column, x in zip(STAGES, nodes, AT, strict=True):
        parts.append(_heading(t(WORDS[stage][0]), x, stage))
        for node in column:
            name = shown[stage].get(node.key, node.key) if node.key else t(WORDS[stage][1])
            if stage == "crossing_city" and node.key:
                name += f" {_share(cities[node.key], t)}"
            parts.append(_label(name, x, stage, (node.top + node.bottom) / 2))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sankey" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="Arial, Helvetica, sans-serif" font-size="13"><title>{escape(t("home.journeys"))}</title>'
        f"<desc>{escape(_described(flow, shown, t))}</desc>{''.join(parts)}</svg>"
    )


def _together(flows: pd.DataFrame) -> pd.DataFrame:
    """Return `us_state crossing_city mx_state share_mean`, the smaller places of each stage taken together."""
    flow = flows[[*STAGES, "share_mean"]].copy()
    for stage in STAGES:
        largest = flow.groupby(stage)["share_mean"].sum().nlargest(MOST[stage])
        flow[stage] = flow[stage].where(flow[stage].isin(largest[largest > 0].index), REST)
    return flow.groupby(list(STAGES))["share_mean"].sum().reset_index()


def _orders(flow: pd.DataFrame, results: Results) -> tuple[list[str], list[str], list[str]]:
    """Return the places of each stage from the top: cities from west to east, and states as near to theirs as can be."""
    ports = results.ports.set_index("poe_id")["lon"]
    cities = crossing_rows(results)
    west = {
        str(city): float(ports.loc[str(ids).split()].mean())
        for city, ids in zip(cities["crossing_city"], cities["ports"], strict=True)
    }
    place = flow["crossing_city"].map(west).fillna(0.0)
    orders = []
    for stage in STAGES:
        weight = flow["share_mean"]
        near = (place * weight).groupby(flow[stage]).sum() / weight.groupby(flow[stage]).sum()
        names = near.sort_values(kind="stable").index.tolist()
        orders.append([name for name in names if name != REST] + [REST] * (REST in names))
    return orders[0], orders[1], orders[2]


def _scale(flow: pd.DataFrame) -> float:
    """Return pixels a unit of share, so that the stage with most places fits."""
    most = max(flow[stage].nunique() for stage in STAGES)
    return float((HEIGHT - TOP - 8 - GAP * (most - 1)) / flow["share_mean"].sum())


def _stack(flow: pd.DataFrame, stage: str, order: Sequence[str]) -> list[_Node]:
    """Return the bars of one stage, from the top, in the middle of the height."""
    sizes = flow.groupby(stage)["share_mean"].sum() * _scale(flow)
    y = TOP + (HEIGHT - TOP - 8 - sizes.sum() - GAP * (len(order) - 1)) / 2
    found = []
    for key in order:
        found.append(_Node(key, y, y + float(sizes[key])))
        y += float(sizes[key]) + GAP
    return found


def _bands(flow: pd.DataFrame, nodes: Sequence[Sequence[_Node]], colours: Mapping[str, str]) -> list[str]:
    """Return the bands between neighboring stages, those of one state of purchase in one path."""
    scale = _scale(flow)
    by_stage = [{node.key: n for n, node in enumerate(column)} for column in nodes]
    ordered = flow.assign(**{stage: flow[stage].map(by_stage[n]) for n, stage in enumerate(STAGES)})
    paths: dict[str, list[str]] = {}
    for left in (0, 1):
        ends = (STAGES[left], STAGES[left + 1])
        keys = list(dict.fromkeys([*ends, "us_state"]))
        band = ordered.groupby(keys)["share_mean"].sum().reset_index()
        leave = _offsets(band, ends[0], [ends[1], "us_state"] if left else [ends[1]])
        reach = _offsets(band, ends[1], [ends[0], "us_state"] if left else [ends[0]])
        for row, out, into in zip(band.to_dict("records"), leave, reach, strict=True):
            width = row["share_mean"] * scale
            if width < THINNEST:
                continue
            y0 = nodes[left][int(row[ends[0]])].top + out * scale
            y1 = nodes[left + 1][int(row[ends[1]])].top + into * scale
            state = nodes[0][int(row["us_state"])].key
            paths.setdefault(state, []).append(_ribbon(AT[left] + BAR, AT[left + 1], y0, y1, width))
    return [
        f'<path d="{"".join(own)}" fill="{colours.get(state, INK)}" fill-opacity=".42"/>'
        for state, own in paths.items()
    ]


def _offsets(band: pd.DataFrame, node: str, by: Sequence[str]) -> list[float]:
    """Return where each band begins within its bar, in shares: bands of a bar lie in the order of their other ends."""
    start = np.zeros(len(band))
    for _, rows in band.sort_values(list(by), kind="stable").groupby(node, sort=False):
        start[rows.index] = rows["share_mean"].cumsum() - rows["share_mean"]
    return [float(value) for value in start]


def _ribbon(x0: int, x1: int, y0: float, y1: float, width: float) -> str:
    """Return a band as a path between two heights of its upper edge."""
    middle = (x0 + x1) // 2
    return (
        f"M{x0} {y0:.1f}C{middle} {y0:.1f} {middle} {y1:.1f} {x1} {y1:.1f}V{y1 + width:.1f}"
        f"C{middle} {y1 + width:.1f} {middle} {y0 + width:.1f} {x0} {y0 + width:.1f}Z"
    )


def _bars(nodes: Sequence[Sequence[_Node]], colours: Mapping[str, str]) -> list[str]:
    """Return the bars of all stages."""
    return [
        f'<rect x="{x}" y="{node.top:.1f}" width="{BAR}" height="{max(node.bottom - node.top, 0.5):.1f}" '
        f'fill="{colours.get(node.key, INK) if n == 0 else INK}"/>'
        for n, (column, x) in enumerate(zip(nodes, AT, strict=True))
        for node in column
    ]


def _label(name: str, x: int, stage: str, y: float) -> str:
    """Return the words of a bar: left of it where the flow begins, else right of it, with a halo over the bands."""
    end = stage == STAGES[0]
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x - 6 if end else x + BAR + 6}" y="{y + 4.5:.1f}"{anchor} fill="{INK}" stroke="#fff" '
        f'stroke-width="3" paint-order="stroke" stroke-linejoin="round">{escape(name)}</text>'
    )


def _heading(name: str, x: int, stage: str) -> str:
    """Return the heading of a stage."""
    end = stage == STAGES[0]
    return (
        f'<text x="{x + BAR if end else x}" y="16"{" text-anchor=" + chr(34) + "end" + chr(34) if end else ""} '
        f'fill="{INK}" font-weight="bold">{escape(name)}</text>'
    )


def _share(row: Mapping[Hashable, Any], t: Translations) -> str:
    """Return the share of a crossing city, with its band where it has one."""
    low, high = float(row["share_lo90"]), float(row["share_hi90"])
    return t.share(row["share_mean"]) + ("" if isnan(low) else f" ({t.band(low, high)})")


def _described(flow: pd.DataFrame, shown: Mapping[str, Mapping[str, str]], t: Translations) -> str:
    """Return the largest journeys in words, for who cannot see the picture."""
    named = flow[(flow[list(STAGES)] != REST).all(axis=1)].nlargest(5, "share_mean")
    return t(
        "home.journeys_described",
        journeys="; ".join(
            " \N{EN DASH} ".join(shown[stage].get(row[stage], row[stage]) for stage in STAGES)
            + f", {t.share(row['share_mean'])}"
            for row in named.to_dict("records")
        ),
    )

"""The finding: what a reader learns first, in one sentence or four, from the run's own crossing cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from babel.lists import format_list

from corridors.core.results import SHARE_DIGITS, Finding
from corridors.outputs.summary.grade import NINE_OF_TEN, compared
from corridors.outputs.summary.uncertainty import MEAN, band90

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Results
    from corridors.core.types import FloatArray
    from corridors.outputs.text.translations import Translations

LEADING = 3
"""Crossing cities that the finding names."""
MAX_CONTENDERS = 2
ORDER: Mapping[tuple[bool, ...], str] = {
    (False, False): "finding.order_no_no",
    (True, False): "finding.order_yes_no",
    (False, True): "finding.order_no_yes",
    (True, True): "finding.order_yes_yes",
}
"""Key of the sentence on the order, by whether the first is known to be before the second, and the second before the third."""


def find_leading(crossings: pd.DataFrame, draws: FloatArray, kind: str) -> Finding | None:
    """Return what can be said of the leading crossing cities; None where there are no more cities than it would name.

    Parameters
    ----------
    crossings
        Table of crossing cities, as `crossing_table` gives it.
    draws
        (draws, cities) shares, in the order of the table.
    kind
        Of the draws, as in `FlowDraws`: only those of a fitted posterior have a band, and say something of the order.
    """
    if len(crossings) <= LEADING:
        return None
    cities = crossings["crossing_city"].tolist()
    together = band90(draws[:, :LEADING].sum(axis=1, keepdims=True), kind)
    ahead = (draws[:, : LEADING - 1] > draws[:, 1:LEADING]).mean(axis=0)
    overtakes = (draws[:, LEADING:] > draws[:, :LEADING].min(axis=1, keepdims=True)).mean(axis=0)
    rivals = (
        [LEADING + int(n) for n in np.flatnonzero(overtakes > 1 - NINE_OF_TEN)] if kind == "posterior" else []
    )
    setting, value, moved = most_moved(crossings, compared(crossings))
    under = crossings[f"{setting}_{value}"] if setting else crossings[MEAN]
    return Finding(
        cities=tuple(cities[:LEADING]),
        share_mean=float(together[MEAN][0]),
        share_lo90=float(together["share_lo90"][0]),
        share_hi90=float(together["share_hi90"][0]),
        ordered=tuple(bool(one >= NINE_OF_TEN) for one in ahead) if kind == "posterior" else (),
        contenders=tuple(cities[n] for n in rivals[:MAX_CONTENDERS]),
        setting=setting,
        value=value,
        moved=cities[moved] if setting else "",
        moved_share=round(float(under.iloc[moved]), SHARE_DIGITS),
        first_there=cities[int(np.argmax(under))],
    )


def finding_sentences(results: Results, t: Translations) -> list[str]:
    """Return the finding in a language: what leads and by how much, its order, who may take a place, what changes it most."""
    one = results.finding
    if one is None or results.crossings is None:
        return []
    table = results.crossings.set_index("crossing_city")
    names, means = table[f"name_{t.language}"], table[MEAN]

    def listed(cities: Iterable[str]) -> str:
        """Return the names of cities with their commas and conjunction."""
        return str(format_list([str(names[city]) for city in cities], locale=t.locale))

    said = [_lead(one, listed(one.cities), t)]
    if one.ordered:
        said.append(t(ORDER[one.ordered], first=names[one.cities[0]], last=names[one.cities[-1]]))
    if one.contenders:
        key = t.plural("finding.contender", len(one.contenders))
        said.append(t(key, cities=listed(one.contenders)))
    if one.setting:
        moved = t(
            "finding.moved",
            alternative=t(f"variant.{one.setting}", value=t.name(one.setting, one.value)),
            city=names[one.moved],
            before=t.share(float(means[one.moved])),
            after=t.share(one.moved_share),
        )
        leader = t("finding.leader", first=names[one.first_there]) if one.first_there != one.cities[0] else ""
        said.append(f"{moved} {leader}".rstrip())
    return said


def _lead(one: Finding, cities: str, t: Translations) -> str:
    """Return the first sentence."""
    share, tenths = t.share(one.share_mean), round(10 * one.share_mean)
    if np.isnan(one.share_lo90):
        return t("finding.lead_bare", cities=cities, share=share)
    return t(
        "finding.lead",
        cities=cities,
        tenths=t.number(tenths),
        share=share,
        band=t.band(one.share_lo90, one.share_hi90),
    )


def most_moved(crossings: pd.DataFrame, others: Sequence[tuple[str, str]]) -> tuple[str, str, int]:
    """Return the setting and value under which a city's share moves the most, and the city's row; "" where none was tried.

    Parameters
    ----------
    crossings
        Table of crossing cities, with a column `setting_value` for each of the others.
    others
        (setting, value) of what is compared.
    """
    best, found = 0.0, ("", "", 0)
    for setting, value in others:
        change = (crossings[f"{setting}_{value}"] - crossings[MEAN]).abs().to_numpy()
        if change.max() > best:
            best, found = float(change.max()), (setting, value, int(change.argmax()))
    return found

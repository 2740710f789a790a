"""Tables of the analysis of assumptions, from the shares at each point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.core.results import SHARE_DIGITS
from corridors.jobs.assumptions import SHOWS, assumptions, own_value
from corridors.outputs.summary import rankings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.config import Config
    from corridors.core.types import FloatArray, IntArray
    from corridors.jobs.assumptions import Assumption, Value

LEADING = 10
"""Results of each kind that are followed: crossing cities, corridors, pairs of states."""


def leading(kind: pd.Series[str], shares: FloatArray) -> IntArray:
    """Return (leading,) positions of the leading results of each kind, the largest first, by (results,) kinds and shares."""
    found = []
    for one in kind.unique():
        here = np.flatnonzero(kind == one)
        found.append(here[np.argsort(-shares[here], kind="stable")[:LEADING]])
    return np.concatenate(found)


def changes_table(
    items: pd.DataFrame,
    lead: IntArray,
    run: FloatArray,
    others: Sequence[tuple[Assumption, Value]],
    changed: FloatArray,
) -> pd.DataFrame:
    """Return shares and places of the leading results before and after each change; places are among all of the kind.

    Parameters
    ----------
    items
        `kind id name name_es` of each result.
    lead
        Positions of the leading results.
    run, changed
        (results,) shares when nothing is changed; (changes, results) shares under each change.
    others
        The assumption and its value of each change.
    """
    groups = [np.flatnonzero(items["kind"] == kind) for kind in items["kind"].unique()]
    places = np.empty((len(changed) + 1, len(run)), dtype=np.int64)
    for here in groups:
        places[:, here] = [rankings(shares[here]) for shares in (run, *changed)]
    before, after = places[0], places[1:]
    tables = [
        items.iloc[lead].assign(
            assumption=one.name,
            choice=value if one.choices else "",
            value=np.nan if one.choices else value,
            share_run=run[lead].round(SHARE_DIGITS),
            rank_run=before[lead],
            share=shares[lead].round(SHARE_DIGITS),
            rank=place[lead],
            change=before[lead] - place[lead],
        )
        for (one, value), shares, place in zip(others, changed, after, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def ranges(config: Config) -> pd.DataFrame:
    """Return the assumptions with what the run assumes and what was tried."""
    rows = []
    for one in assumptions(config.run.structure):
        own, chosen = own_value(config, one), bool(one.choices)
        low, run, high = (np.nan,) * 3 if chosen else (one.low, own, one.high)
        setting = "" if one.key == SHOWS else one.key
        rows.append((one.name, setting, low, run, high, " ".join(one.choices), own if chosen else ""))
    columns = ["assumption", "setting", "low", "run", "high", "choices", "run_choice"]
    return pd.DataFrame(rows, columns=columns)


def long_table(ids: pd.DataFrame, chosen: Sequence[Assumption], columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return (results, assumptions) arrays as a row a result and assumption."""
    tables = [
        ids.assign(
            assumption=one.name, **{name: of[:, n].round(SHARE_DIGITS) for name, of in columns.items()}
        )
        for n, one in enumerate(chosen)
    ]
    return pd.concat(tables, ignore_index=True)

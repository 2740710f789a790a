"""Which statements the numbers of a district support: a page says no more than they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDE = 0.5
"""Width of a 90% band from which a share is not known: half of the whole."""
UNKNOWN_GRADE = "D"
US_SHARE, TRACED = "USS03", "USS06"
"""Published figures: the share of traced firearms that are US-sourced, and those traced to a buyer in the United States."""


def is_known(row: Mapping[Any, Any] | pd.Series, stem: str = "share") -> bool:
    """Return whether a share may be written: its grade is not D, and its band is narrower than half of the whole."""
    width = float(row[f"{stem}_hi90"]) - float(row[f"{stem}_lo90"])
    return str(row["grade"]) != UNKNOWN_GRADE and width < WIDE


def licence_statement(licences: Any, rate: Any, state_rate: Any) -> str:
    """Return the key of what can be said of a district's licenses.

    Parameters
    ----------
    licences
        Their count, missing where it is withheld.
    rate, state_rate
        Licenses per 100,000 people of the district and of its state, as the page writes them.

    Returns
    -------
    str
        The rate is held against the state's only where it is higher.
    """
    if pd.isna(licences):
        return "brief.say_licences_few"
    known = not (pd.isna(rate) or pd.isna(state_rate))
    return "brief.say_licences_more" if known and rate > state_rate else "brief.say_licences"


def flow_statement(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the key of what can be said of the flow that starts in a district."""
    return "brief.say_flow" if is_known(row) else "brief.say_flow_unknown"


def crossing_statement(rows: pd.DataFrame) -> str:
    """Return the key of what can be said of the crossing cities of a district's flow.

    Parameters
    ----------
    rows
        `share_mean share_lo90 share_hi90 grade`, one row a city, in any order.

    Returns
    -------
    str
        One city is called the most probable only where its band lies above those of all others.
    """
    ranked = rows.sort_values("share_mean", ascending=False, kind="stable")
    listed = [bool(is_known(row)) for _, row in ranked.iterrows()]
    known = ranked[pd.Series(listed, index=ranked.index, dtype=bool)]
    if known.empty:
        return "brief.say_crossing_unknown"
    others = ranked.drop(index=known.index[0])
    if not (others["share_hi90"] >= known["share_lo90"].iloc[0]).any():
        return "brief.say_crossing"
    return "brief.say_crossings" if len(known) > 1 else "brief.say_crossing_among"


def trace_statement(figures: pd.DataFrame, us_state: str) -> str:
    """Return the key of what can be said of traced firearms: only what was read in the publisher's own report.

    Parameters
    ----------
    figures
        Published figures by id, with `read_at`: where a figure of second hand was read.
    us_state
        The consulate's state.
    """
    if is_first_hand(figures, f"SRC4_{us_state}") and is_first_hand(figures, TRACED):
        return "brief.say_traces"
    return "brief.say_us_share" if is_first_hand(figures, US_SHARE) else "brief.say_traces_none"


def is_first_hand(figures: pd.DataFrame, name: str) -> bool:
    """Return whether a figure is there and was read in the publisher's own report."""
    if name not in figures.index:
        return False
    read_at = figures["read_at"][name] if "read_at" in figures else ""
    return bool(pd.isna(read_at)) or not str(read_at)

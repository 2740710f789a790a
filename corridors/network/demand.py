"""Measures of municipal demand: what they count, and how much an old count weighs today (docs/method.md 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.errors import NotEnoughDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.settings import DemandSettings
    from corridors.core.types import FloatArray

    Tables = Mapping[str, pd.DataFrame]

CASE_YEARS = 5
"""Years before the newest whose case files count too."""


def municipal_demand(
    places: pd.DataFrame, tables: Tables, mx_states: tuple[str, ...], measure: str, settings: DemandSettings
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log covariates with a fitted coefficient, log demand without one, and log state totals.

    "combined": seizures, firearm homicides and population, with fitted powers, divide a state's federal firearms case
    files among its municipalities. Any other measure is used alone.

    Parameters
    ----------
    places
        `cvegeo pop`, one row a municipality.
    tables
        `seizures_municipal`, `homicides_municipal`, `case_files`; `seizure_events` for the measure "events".
    mx_states
        Two-digit codes, in the order of the totals.
    measure
        One of `Demand` of the settings.

    Returns
    -------
    tuple
        (municipalities, 3) or (municipalities, 0); (municipalities,); (mx states,) or empty for no scaling.

    Raises
    ------
    NotEnoughDataError
        The measure is "events" and the tables name no event in these municipalities.
    """
    people = np.asarray(places["pop"].astype("float64").fillna(0), dtype=np.float64)
    population: FloatArray = np.log(np.maximum(people, 1))
    nothing, none = np.zeros((len(places), 0)), np.zeros(0)
    if measure == "events":
        return nothing, _log_events(places, tables.get("seizure_events"), people), none
    files = tables["case_files"]
    by_place = {
        "seizures": _log_seizures(places, tables["seizures_municipal"], people, _weight(tables, settings)),
        "homicides": np.log1p(_by_place(places, tables["homicides_municipal"], "firearm_homicides")),
    }
    recent = files[files["year"] >= files["year"].max() - CASE_YEARS]
    totals = recent.groupby("mx_state")["case_files"].sum().reindex(mx_states)
    state_totals = np.log(totals.to_numpy(dtype=np.float64))
    if measure == "combined":
        terms = np.column_stack([by_place["seizures"], by_place["homicides"], population])
        return terms, np.zeros(len(places)), state_totals
    if measure == "case_files":
        return nothing, population, state_totals
    if measure == "population":
        return nothing, population, none
    return nothing, by_place[measure], none


def seizures_weight(seizures: pd.DataFrame, newest: int, kept_per_year: float) -> float:
    """Return what part of seizures' geography counts today: `kept_per_year` to the power of their age.

    Parameters
    ----------
    seizures
        `first_year last_year` of each municipality; the age runs from the middle of the earliest and the latest.
    newest
        Year of the newest measure of demand.
    kept_per_year
        Fraction, 0 to 1; 1 for no loss.
    """
    if kept_per_year == 1 or seizures.empty:
        return 1.0
    middle = (float(seizures["first_year"].min()) + float(seizures["last_year"].max())) / 2
    return float(kept_per_year ** max(0.0, newest - middle))


def _weight(tables: Tables, settings: DemandSettings) -> float:
    """Return the weight of the seizures at hand, against case files, the newest measure by state."""
    newest = int(tables["case_files"]["year"].max())
    return seizures_weight(tables["seizures_municipal"], newest, settings.kept_per_year)


def _log_seizures(places: pd.DataFrame, table: pd.DataFrame, people: FloatArray, weight: float) -> FloatArray:
    """Return (municipalities,) log(1 + guns): `weight` of them as they were seized, the rest where people live."""
    guns = _by_place(places, table, "firearms")
    total = people.sum()
    even = guns.sum() * people / total if total > 0 else guns
    return np.asarray(np.log1p(weight * guns + (1 - weight) * even))


def _log_events(places: pd.DataFrame, events: pd.DataFrame | None, people: FloatArray) -> FloatArray:
    """Return (municipalities,) log of the chance that the next event is there.

    Good and Turing: the chance that it is in a place not named yet is the fraction of events that are their place's only
    one [Good1953]; that part goes where people live. Events count, not guns: one load would outweigh a state.
    """
    found = events[events["cvegeo"].isin(places["cvegeo"])] if events is not None else pd.DataFrame()
    if found.empty:
        raise NotEnoughDataError(
            "the measure of demand 'events' needs table 'seizure_events' with an event in a municipality the roads cover; "
            "give one, or choose another --demand"
        )
    share = (
        found.groupby("cvegeo")["share"].sum().reindex(places["cvegeo"]).fillna(0).to_numpy(dtype=np.float64)
    )
    named = found.groupby("cvegeo").size()
    # half a single event more than the count, so that some chance is left where every place is named twice
    unseen = (float((named == 1).sum()) + 0.5) / (float(named.sum()) + 1)
    alive = np.maximum(people, 1)
    return np.asarray(np.log((1 - unseen) * share / share.sum() + unseen * alive / alive.sum()))


def _by_place(places: pd.DataFrame, table: pd.DataFrame, column: str) -> FloatArray:
    """Return (municipalities,) counts, 0 without a row."""
    values = table.set_index("cvegeo")[column].reindex(places["cvegeo"]).astype("float64").fillna(0)
    return np.asarray(values, dtype=np.float64)

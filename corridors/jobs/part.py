"""The part of the region that a run is of: its counties, municipalities and ports, and whether any figure was fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, InputError
from corridors.core.results import COUNTIES_OF_STATE, FITTED_STATE
from corridors.outputs.text import layer_description

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.results import Results, Run
    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs

COUNTIES, MUNICIPALITIES, PORTS = 360, 2478, 42
"""Of the region: counties of the four states, municipalities of Mexico, ports of entry open to southbound cars."""
PEOPLE_US, PEOPLE_MX = 77_900_000, 126_000_000
"""People of the four states (Census estimate of 2019) and of Mexico (census of 2020): a table that lists fewer is of a part."""
WHOLE = 0.9
"""A run is of the whole region where its counties and its municipalities hold this fraction of the people."""
FEWEST_LICENCES = 5
"""Licenses per 100,000 people under which a list is a part of one: every state of the region has over ten."""


def part_of(inputs: Inputs, network: Network, evidence: Evidence) -> dict[str, int]:
    """Return what a run covers where that is not the whole region, else nothing.

    Parameters
    ----------
    inputs, network, evidence
        The tables, and what the roads reach of them.

    Returns
    -------
    dict
        `counties municipalities ports licences`, and `people_us people_mx`, percent of the people of each side, 0 under one;
        `fitted`, 1 where some published figure could be fitted; for each US state with one of the counties, `counties_AZ`, the
        number of these, and `fitted_AZ`, 1 where the state is covered whole and its figure is fitted.
    """
    tables = inputs.tables
    fips, licences = _supply(tables, evidence)
    people = tables["county_people"].set_index("fips")["people"]
    living = int(people.reindex(sorted(fips)).fillna(0).sum())
    towns = tables["municipalities"]
    reached = towns.loc[towns["cvegeo"].isin(evidence.municipalities["cvegeo"]), "pop"]
    us = living / max(int(people.sum()), PEOPLE_US)
    mx = float(reached.sum()) / max(float(towns["pop"].sum()), PEOPLE_MX)
    if us >= WHOLE and mx >= WHOLE and licences >= FEWEST_LICENCES * living / 100_000:
        return {}
    return {
        "counties": len(fips),
        "municipalities": len(reached),
        "ports": len(network.ports),
        "licences": licences,
        "people_us": round(100 * us),
        "people_mx": round(100 * mx),
        "fitted": int(is_fitted(evidence)),
        **_by_state(tables["counties"], fips, evidence),
    }


def check_whole(part: Mapping[str, int], config: Config) -> None:
    """Raise an error where the tables cover a part of the region and the settings do not say that this is meant.

    Parameters
    ----------
    part
        As `part_of` returns it.
    config
        Settings; `config.run.partial` says that a part is meant.

    Raises
    ------
    InputError
        What the tables cover.
    """
    if not part or config.run.partial:
        return
    expected = f"tables and roads of {WHOLE:.0%} of the people on each side of the border or more"
    remedy = (
        "Give the rest; or add --partial (`[run] partial = true`): every share is then of this part alone."
    )
    raise InputError([Fault("the tables of this run", expected, part_line(part), remedy)])


def part_line(part: Mapping[str, int]) -> str:
    """Return what a run covers, in one line for a terminal."""
    return (
        f"{part['counties']:,} of {COUNTIES} counties with {part['licences']:,} licenses ({_percent(part['people_us'])} of the "
        f"people), {part['municipalities']:,} of {MUNICIPALITIES:,} municipalities ({_percent(part['people_mx'])}), "
        f"{part['ports']} of {PORTS} ports of entry"
    )


def _percent(people: int) -> str:
    """Return a percentage as a terminal shows it: a few people are not nobody."""
    return f"{people} %" if people else "under 1 %"


def _by_state(counties: pd.DataFrame, fips: set[str], evidence: Evidence) -> dict[str, int]:
    """Return of each US state the number of its counties among those given, and whether its published figure is fitted."""
    held = counties[counties["fips"].isin(fips)].groupby("us_state").size()
    figures = dict(zip(evidence.us_states, evidence.published.state_counts, strict=True))
    return {
        f"{name}{state}": value
        for state, count in held.items()
        for name, value in (
            (COUNTIES_OF_STATE, int(count)),
            (FITTED_STATE, int(figures.get(str(state), 0.0) > 0)),
        )
    }


def _supply(tables: Mapping[str, pd.DataFrame], evidence: Evidence) -> tuple[set[str], int]:
    """Return the counties that hold a license the roads reach, and the number of such licenses."""
    members = {one for group in evidence.zones["members"] for one in group}
    given = tables.get("dealers_zip")
    if given is None:
        dealers = tables["dealers"]
        given = dealers[(dealers["year"] == dealers["year"].max()) & (dealers["dealers"] > 0)]
        held = given[given["fips"].isin(members)]
    else:
        held = given[given["zip"].isin(members) | given["fips"].isin(members)]
    return set(held["fips"].astype(str)), int(held["dealers"].sum())


def covered_offices(districts: pd.DataFrame, results: Results, about: Run) -> frozenset[str]:
    """Return the consulates of whose districts a run speaks: all where it is of the whole region, else those it covers whole.

    Parameters
    ----------
    districts
        `us_state consulate`, one row a county.
    results, about
        The run: flow by district, and what it covers.
    """
    states = districts.groupby("consulate")["us_state"].unique()
    if not about.part or results.districts is None:
        return frozenset(states.index.astype(str))
    flowing = set(results.districts.areas["consulate"])
    return frozenset(str(name) for name, own in states.items() if name in flowing and about.covers(own))


def part_notice(about: Run) -> str:
    """Return what the tables of a run of a part must be read with, "" of a run of the whole region."""
    return layer_description(about) if about.part else ""


def write_part_notice(folder: Path, notice: str) -> None:
    """Write `notice.txt` beside tables where there is something to say."""
    if notice:
        (folder / "notice.txt").write_text(f"{notice}\n", encoding="utf-8")


def shown_draws(posterior: FlowDraws, evidence: Evidence) -> FlowDraws:
    """Return draws as outputs may show them: where no published figure is of the part they are those of the priors, without bands."""
    return posterior if is_fitted(evidence) else replace(posterior, kind="prior")


def is_fitted(evidence: Evidence) -> bool:
    """Return whether some published figure is of the part that the run covers."""
    published = evidence.published
    counts = (published.pair_counts, published.city_counts, published.top_counts, published.region_counts)
    return bool(published.state_counts.sum() > 0 or any(len(one) for one in counts))

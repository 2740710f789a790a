"""Every table that briefs take numbers from, each under its key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from corridors.network import zone_districts
from corridors.outputs.briefs import facts
from corridors.outputs.summary.bands import BAND90_COLUMNS
from corridors.outputs.summary.district_flow import flow_by_destination, flow_by_district, flow_by_port

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.jobs.inputs import Inputs
    from corridors.jobs.run_folder import FinishedRun

RECENT = 2018
"""First year of the shows that an indicator counts: from it on the record is least thin."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "districts": ("consulate",),
    "counties": ("fips",),
    "state_counties": ("consulate", "us_state"),
    "licences": ("area", "year"),
    "district_port": ("consulate", "poe_id"),
    "district_state": ("consulate", "mx_state"),
    "other_districts": ("consulate",),
    "other_district_port": ("consulate", "poe_id"),
    "laws": ("us_state", "provision", "from_year"),
    "law_totals": ("us_state", "year"),
    "checks": ("us_state", "year"),
    "venues": ("venue_id",),
    "show_years": ("consulate", "year"),
    "policy": ("consulate", "event_id"),
    "figures": ("id",),
    "indicators": ("consulate",),
    "indicators_by_year": ("consulate", "indicator", "year"),
    "summary": ("what",),
    "upcoming": ("show_id",),
}
"""Key columns of each table of briefs."""


def brief_tables(
    inputs: Inputs, run: FinishedRun, districts: pd.DataFrame, other: FinishedRun | None
) -> dict[str, pd.DataFrame]:
    """Return every table that briefs take numbers from, by name."""
    tables = inputs.tables
    consulate = dict(zip(districts["fips"], districts["consulate"], strict=True))
    people = tables["county_people"].set_index("fips")["people"]
    state_of = districts.set_index("fips")["us_state"]
    held = facts.licences(tables["dealers"], _now(tables), districts, people, southwest(tables["consulates"]))
    parts = zone_districts(tables, districts)
    flow, ports, ends = _flow(run, parts)
    venues = facts.placed(tables["gun_show_venues"], consulate)
    shows = facts.placed(tables["gun_shows"], consulate)
    laws = tables["state_laws"]
    made = {
        "districts": _districts(districts, tables["consulates"], held, flow, tables["consular_districts"]),
        "counties": districts,
        "state_counties": districts.groupby(["consulate", "us_state"])
        .size()
        .rename("counties")
        .reset_index(),
        "licences": held,
        "district_port": ports,
        "district_state": ends,
        "laws": facts.law_periods(laws),
        "law_totals": laws[["us_state", "year", "lawtotal"]],
        "checks": facts.checks(tables["nics"], people, state_of),
        "venues": venues.drop(columns=["source_id", "source_row"]),
        "show_years": facts.show_years(shows),
        "policy": facts.policy(tables["gun_show_policy"], venues, districts).drop(
            columns=["source_id", "source_row"]
        ),
        "figures": tables["figures"].drop(columns=["source_id", "source_row"]),
        "summary": pd.DataFrame({"what": ["consulates"], "value": [districts["consulate"].nunique()]}),
    }
    if other is not None:
        made["other_districts"], made["other_district_port"], _ = _flow(other, parts)
    made["indicators"] = indicators(made)
    made["indicators_by_year"] = by_year(made, districts)
    return made


def indicators(made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row a consulate: what can be followed over time, as of now."""
    held = made["licences"][made["licences"]["area"].isin(made["districts"]["consulate"])]
    wide = held.pivot_table("licences", "area", "year", observed=True).astype("Float64")
    own = made["districts"].set_index("consulate")["us_state"]
    checks = facts.latest(made["checks"], ["us_state"]).set_index("us_state")["rate"]
    laws = facts.latest(made["law_totals"], ["us_state"]).set_index("us_state")["lawtotal"]
    shows = made["show_years"].query("year >= @RECENT").groupby("consulate")["shows"].sum()
    districts = made["districts"].set_index("consulate")
    table = pd.DataFrame(
        {
            "us_state": own,
            "licences": districts["licences"],
            "licences_change": (100 * (wide.iloc[:, -1] / wide.iloc[:, 0] - 1)).astype("float64").round(1),
            "rate": districts["rate"],
            **{name: districts[name] for name in ("share_median", "share_lo90", "share_hi90", "grade")},
            "checks": own.map(checks),
            "laws": own.map(laws),
            "shows": shows.reindex(own.index).fillna(0).astype("int64"),
        }
    )
    if "other_districts" in made:
        theirs = made["other_districts"].set_index("consulate")
        names = {f"share_{end}": f"other_{end}" for end in ("median", "lo90", "hi90")} | {
            "grade": "other_grade"
        }
        table = table.join(theirs[list(names)].rename(columns=names))
    return table.rename_axis("consulate").reset_index()


def by_year(made: Mapping[str, pd.DataFrame], districts: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators that have years: `consulate indicator year value`; of a state, that of the consulate's own."""
    own = made["districts"].set_index("consulate")["us_state"]
    held = made["licences"][made["licences"]["area"].isin(set(districts["consulate"]))]
    parts = [
        held.rename(columns={"area": "consulate", name: "value"})[["consulate", "year", "value"]].assign(
            indicator=name
        )
        for name in ("licences", "rate")
    ]
    parts.append(made["show_years"].rename(columns={"shows": "value"}).assign(indicator="shows"))
    for name, table, column in (("checks", "checks", "rate"), ("laws", "law_totals", "lawtotal")):
        states = made[table].rename(columns={column: "value"})[["us_state", "year", "value"]]
        parts.append(own.reset_index().merge(states, on="us_state").assign(indicator=name))
    whole = pd.concat(
        [part[["consulate", "indicator", "year", "value"]].astype({"value": "Float64"}) for part in parts]
    )
    return whole.sort_values(["consulate", "indicator", "year"], ignore_index=True)


def indexed(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return a table under its key as text; key columns stay columns too."""
    texts = [table[key].astype("str") for key in keys]
    index = (
        pd.Index(texts[0], name=keys[0])
        if len(keys) == 1
        else pd.MultiIndex.from_arrays(texts, names=list(keys))
    )
    return table.set_axis(index)


def run_tables(run: FinishedRun) -> dict[str, pd.DataFrame]:
    """Return the run's own tables that numbers are read from, and its manifest as two."""
    about = pd.DataFrame([{**run.manifest["run"]}], index=["run"])
    return {
        "run/data/ports.csv": indexed(run.results.ports, ["poe_id"]),
        "run/manifest.json:run": about,
        "run/manifest.json:sources": indexed(pd.DataFrame(run.manifest["sources"]), ["id"]),
    }


def slug(name: str) -> str:
    """Return a city as a file's name.

    Examples
    --------
    >>> slug("San Antonio")
    'san-antonio'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def southwest(offices: pd.DataFrame) -> list[str]:
    """Return the cities of the consulates in the four states."""
    return sorted(offices.loc[offices["southwest"], "name"].astype(str))


def _now(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the latest licences by county: of the user's list by ZIP code where one was given."""
    dealers = tables["dealers_zip"] if "dealers_zip" in tables else tables["dealers"]
    latest = dealers if "dealers_zip" in tables else dealers[dealers["year"] == dealers["year"].max()]
    counts: pd.Series = latest.groupby("fips")["dealers"].sum()
    return counts


def _flow(run: FinishedRun, parts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return flow by district, by district and port, and by district and Mexican state."""
    results = run.results
    grades = dict(zip(results.ports["poe_id"], results.ports["grade"], strict=True))
    ends = flow_by_destination(results.zone_port, parts, results.port_municipality, results.state_pairs)
    return flow_by_district(results.zones, parts), flow_by_port(results.zone_port, parts, grades), ends


def _districts(
    districts: pd.DataFrame,
    offices: pd.DataFrame,
    held: pd.DataFrame,
    flow: pd.DataFrame,
    given: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row a consulate of the four states, one without a county too: counties, people, licences, flow."""
    own = offices[offices["southwest"]].sort_values("name").set_index("name")[["us_state"]]
    groups = districts.groupby("consulate")
    counts = pd.DataFrame({"counties": groups.size(), "approximate": groups["approximate"].sum()})
    now = facts.latest(held, ["area"]).set_index("area")[["people", "licences", "rate", "year"]]
    stated = given.reindex(columns=["consulate", "county", "part"]).astype(object).fillna("")
    parts = stated[stated["part"].ne("")]
    told = (parts["part"] + " (" + parts["county"] + ")").groupby(parts["consulate"]).agg("; ".join)
    table = own.join(counts).join(now.rename(columns={"year": "last_year"})).join(flow.set_index("consulate"))
    nothing = dict.fromkeys(("counties", "approximate", "people"), 0) | dict.fromkeys(BAND90_COLUMNS, 0.0)
    whole = table.assign(parts=told, last_year=held["year"].max())
    filled = whole.fillna({**nothing, "parts": "", "grade": "D", "split": False})
    counted = filled.astype(dict.fromkeys(("counties", "approximate", "people"), "int64"))
    return counted.rename_axis("consulate").reset_index()

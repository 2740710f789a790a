"""Every table that a number of a brief is read from, and the key of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.outputs.briefs import facts
from corridors.outputs.briefs.statements import is_known
from corridors.outputs.layers.crossings import crossing_rows
from corridors.outputs.summary.uncertainty import BAND90_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from corridors.core.results import Results

RECENT = 2018
"""First year of the shipped shows that an indicator counts; before it the record is too thin."""
COUNTS = ("counties", "inferred", "approximate", "people")
KEYS: Mapping[str, tuple[str, ...]] = {
    "districts": ("consulate",),
    "counties": ("fips",),
    "state_counties": ("consulate", "us_state"),
    "licences": ("area", "year"),
    "district_crossing": ("consulate", "crossing_city"),
    "district_port": ("consulate", "poe_id"),
    "district_state": ("consulate", "mx_state"),
    "other_districts": ("consulate",),
    "other_district_crossing": ("consulate", "crossing_city"),
    "other_district_port": ("consulate", "poe_id"),
    "laws": ("us_state", "provision", "from_year"),
    "law_totals": ("us_state", "year"),
    "checks": ("us_state", "year"),
    "venues": ("venue_id",),
    "unnamed_venues": ("consulate",),
    "show_years": ("consulate", "year"),
    "policy": ("consulate", "event_id"),
    "figures": ("id",),
    "indicators": ("consulate",),
    "indicators_by_year": ("consulate", "indicator", "year"),
    "ranks": ("consulate",),
    "summary": ("what",),
    "upcoming": ("show_id",),
    "events": ("event_key",),
    "own_files": ("number",),
    "sources": ("id",),
}
"""Key columns of each table of briefs."""
RUN_KEYS: Mapping[str, tuple[str, ...]] = {
    "run/data/ports.csv": ("poe_id",),
    "run/data/crossings.csv": ("crossing_city",),
}
"""Key columns of each table of the run that a page cites."""


def brief_tables(
    tables: Mapping[str, pd.DataFrame],
    results: Results,
    districts: pd.DataFrame,
    shown: pd.DataFrame,
    *,
    other: Results | None = None,
    covered: Collection[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return every table that a number of a brief is read from, by name.

    Parameters
    ----------
    tables
        Input tables by id.
    results, other
        Results of the run, and of one under the other lens.
    districts
        `fips us_state name consulate approximate inferred hours url confidence note`, one row a county.
    shown
        `area year licences`: the counts of licenses that may be shown, missing where withheld.
    covered
        Consulates whose districts a run of a part of the region covers: of the others, their states and the region nothing
        is known. By default all.
    """
    consulate = dict(zip(districts["fips"], districts["consulate"], strict=True))
    people = tables["county_people"].set_index("fips")["people"]
    state_of = districts.set_index("fips")["us_state"]
    held = facts.licences(shown, districts, people, southwest_offices(tables["consulates"]))
    if covered is not None:
        held = _of_part(held, districts, covered)
    flow = _flow(results)
    venues = facts.placed(tables["gun_show_venues"], consulate)
    shows = facts.placed(tables["gun_shows"], consulate)
    laws = tables["state_laws"]
    made = {
        "districts": _districts(
            districts,
            tables["consulates"],
            held,
            flow["districts"],
            tables["consular_districts"],
            covered=covered,
        ),
        "counties": districts,
        "state_counties": districts.groupby(["consulate", "us_state"])
        .size()
        .rename("counties")
        .reset_index(),
        "licences": held,
        "district_crossing": flow["district_crossing"],
        "district_port": flow["district_port"],
        "district_state": flow["district_state"],
        "laws": facts.law_periods(laws),
        "law_totals": laws[["us_state", "year", "lawtotal"]],
        "checks": facts.checks(tables["nics"], people, state_of),
        "venues": venues.drop(columns=["source_id", "source_row"]),
        "unnamed_venues": facts.unnamed_venues(venues, districts.set_index("fips")["name"]),
        "show_years": facts.show_years(shows),
        "policy": facts.policy(tables["gun_show_policy"], venues, districts).drop(
            columns=["source_id", "source_row"]
        ),
        "figures": tables["figures"].drop(columns=["source_id", "source_row"]),
        "ranks": tables["consulate_ranks"].drop(columns=["source_id", "source_row"]),
        "summary": pd.DataFrame(
            {
                "what": ["consulates"],
                "value": [districts["consulate"].nunique() if covered is None else len(covered)],
            }
        ),
    }
    if other is not None:
        names = ("districts", "district_crossing", "district_port")
        made |= {f"other_{name}": table for name, table in _flow(other).items() if name in names}
    shipped = set(tables["gun_shows"]["source_id"]) <= {"gun_shows"}
    made["indicators"] = _indicators(made, since=RECENT if shipped else 0)
    made["indicators_by_year"] = _indicators_by_year(made, districts)
    return made


def _indicators(made: Mapping[str, pd.DataFrame], since: int) -> pd.DataFrame:
    """Return one row a consulate: the latest value of each indicator, and of shows since a year."""
    held = made["licences"][made["licences"]["area"].isin(made["districts"]["consulate"])]
    wide = held.pivot_table("licences", "area", "year", observed=True).astype("Float64")
    own = made["districts"].set_index("consulate")["us_state"]
    checks = facts.latest(made["checks"], ["us_state"]).set_index("us_state")
    laws = facts.latest(made["law_totals"], ["us_state"]).set_index("us_state")
    years = made["show_years"]
    shows = years[years["year"] >= since].groupby("consulate")["shows"].sum()
    districts = made["districts"].set_index("consulate")
    table = pd.DataFrame(
        {
            "us_state": own,
            "licences": districts["licences"],
            "licences_year": districts["last_year"],
            "licences_change": (100 * (wide.iloc[:, -1] / wide.iloc[:, 0] - 1)).astype("float64").round(1)
            if wide.shape[1] > 1
            else np.nan,
            "rate": districts["rate"],
            **{name: districts[name] for name in (*BAND90_COLUMNS, "grade")},
            "checks": own.map(checks["rate"]),
            "checks_year": own.map(checks["year"]),
            "laws": own.map(laws["lawtotal"]),
            "laws_year": own.map(laws["year"]),
            "shows": shows.reindex(own.index).fillna(0).astype("int64"),
        }
    ).join(_first_crossing(made["district_crossing"]))
    if "other_districts" in made:
        theirs = made["other_districts"].set_index("consulate")
        names = {f"share_{end}": f"other_{end}" for end in ("mean", "median", "lo90", "hi90")} | {
            "grade": "other_grade"
        }
        table = table.join(theirs[list(names)].rename(columns=names))
    return table.rename_axis("consulate").reset_index()


def _first_crossing(crossings: pd.DataFrame) -> pd.DataFrame:
    """Return the crossing city with the largest mean of each consulate whose share at it is known, one row a consulate.

    Columns: `crossing_city crossing_mean crossing_median crossing_lo90 crossing_hi90 crossing_grade`.
    """
    names = {name: name.replace("share", "crossing") for name in BAND90_COLUMNS} | {"grade": "crossing_grade"}
    ranked = crossings.sort_values(
        ["consulate", "share_mean", "crossing_city"], ascending=[True, False, True]
    )
    first = ranked.drop_duplicates("consulate").set_index("consulate")
    known = np.array([bool(is_known(row)) for row in first.to_dict("records")], dtype=bool)
    return first[known][["crossing_city", *names]].rename(columns=names)


def _indicators_by_year(made: Mapping[str, pd.DataFrame], districts: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators by year: `consulate indicator year value`; those of states, of the consulate's own state."""
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


def cited_tables(
    tables: Mapping[str, pd.DataFrame],
    results: Results,
    manifest: Mapping[str, Any],
    keys: Mapping[str, Sequence[str]] = KEYS,
) -> dict[str, pd.DataFrame]:
    """Return every table that a page cites, under the file name it cites and indexed by its key.

    Parameters
    ----------
    tables
        Tables beside the page, by name.
    results, manifest
        The run, of which crossing cities, ports, facts and sources are cited.
    keys
        Key columns of each table.
    """
    return {f"data/{name}.csv": indexed(table, keys[name]) for name, table in tables.items()} | {
        "run/data/ports.csv": indexed(results.ports, RUN_KEYS["run/data/ports.csv"]),
        "run/data/crossings.csv": indexed(crossing_rows(results), RUN_KEYS["run/data/crossings.csv"]),
        "run/manifest.json:run": pd.DataFrame([{**manifest["run"]}], index=["run"]),
        "run/manifest.json:sources": indexed(pd.DataFrame(manifest["sources"]), ["id"]),
    }


def indexed(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return a table indexed by its key as text; key columns stay columns too."""
    texts = [table[key].astype("str") for key in keys]
    index = (
        pd.Index(texts[0], name=keys[0])
        if len(keys) == 1
        else pd.MultiIndex.from_arrays(texts, names=list(keys))
    )
    return table.set_axis(index)


def southwest_offices(offices: pd.DataFrame) -> list[str]:
    """Return the cities of the consulates in the four states."""
    return sorted(offices.loc[offices["southwest"], "name"].astype(str))


def _flow(results: Results) -> dict[str, pd.DataFrame]:
    """Return flow by district, and by district and crossing city, port and Mexican state, by the name of the table."""
    districts = results.districts
    columns = ["consulate", *BAND90_COLUMNS, "grade", "split"]
    if districts is None:
        none = pd.DataFrame(columns=columns)
        keys = {"crossing": "crossing_city", "port": "poe_id", "state": "mx_state"}
        return {"districts": none} | {
            f"district_{name}": none.assign(**{key: ""}) for name, key in keys.items()
        }
    return {
        "districts": pd.DataFrame(districts.areas[columns]),
        "district_crossing": districts.crossings,
        "district_port": districts.ports,
        "district_state": districts.destinations,
    }


def _of_part(held: pd.DataFrame, districts: pd.DataFrame, covered: Collection[str]) -> pd.DataFrame:
    """Return licenses with those left empty that a list of a part of the region does not count: of other areas than it covers."""
    states = set(districts.loc[districts["consulate"].isin(covered), "us_state"])
    known = held["area"].isin({*covered, *states})
    return held.assign(**{name: held[name].where(known) for name in ("licences", "rate")})


def _districts(
    districts: pd.DataFrame,
    offices: pd.DataFrame,
    held: pd.DataFrame,
    flow: pd.DataFrame,
    given: pd.DataFrame,
    *,
    covered: Collection[str] | None,
) -> pd.DataFrame:
    """Return one row a consulate of the four states, also those without a county: counties, people, licenses, flow."""
    own = offices[offices["southwest"]].sort_values("name").set_index("name")[["us_state"]]
    groups = districts.groupby("consulate")
    counts = pd.DataFrame(
        {"counties": groups.size(), **{name: groups[name].sum() for name in ("inferred", "approximate")}}
    )
    now = facts.latest(held, ["area"]).set_index("area")[["people", "licences", "rate", "year"]]
    stated = given.reindex(columns=["consulate", "county", "part"]).astype(object).fillna("")
    parts = stated[stated["part"].ne("")]
    described = (parts["part"] + " (" + parts["county"] + ")").groupby(parts["consulate"]).agg("; ".join)
    table = own.join(counts).join(now.rename(columns={"year": "last_year"})).join(flow.set_index("consulate"))
    whole = table.assign(parts=described, last_year=held["year"].max())
    nothing: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"parts": "", "split": False}
    if covered is None:  # of the whole region: where no zone is, no flow starts
        nothing |= dict.fromkeys(BAND90_COLUMNS, 0.0) | {"grade": "D"}
    else:
        whole.loc[~whole.index.isin(covered), list(BAND90_COLUMNS)] = np.nan
        whole["grade"] = whole["grade"].where(whole.index.isin(covered), "")
    filled = whole.fillna({**nothing, "grade": nothing.get("grade", "")})
    counted = filled.astype(dict.fromkeys(COUNTS, "int64"))
    return counted.rename_axis("consulate").reset_index()

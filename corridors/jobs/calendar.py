"""Composes the calendar: a user's gun shows laid on districts and ports, beside what a finished run says of districts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.jobs.brief_tables import KEYS, brief_tables, indexed, run_tables, slug
from corridors.jobs.inputs import load_inputs
from corridors.jobs.run_folder import read_run
from corridors.jobs.stages import build_network
from corridors.network import assign_districts, nearest_ports
from corridors.outputs.briefs.calendar_page import render_calendar
from corridors.outputs.briefs.ical import to_ics
from corridors.outputs.briefs.upcoming import coming, seasons
from corridors.outputs.files import atomic_folder, write_csv
from corridors.sources import Context, guess_format

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.types import Network
    from corridors.jobs.inputs import Inputs

SHIPPED = "gun_shows"
COLUMNS = [
    *(
        "show_id",
        "start",
        "end",
        "occurrence",
        "venue",
        "city",
        "us_state",
        "fips",
        "consulate",
        "poe_id",
        "hours",
    ),
    *("confidence", "url"),
]

logger = logging.getLogger(__name__)


def make_calendar(
    config: Config,
    run: Path,
    out: Path,
    *,
    today: date,
    days: int,
    shows: Path | None = None,
    data: Path | None = None,
    say: Callable[[str], None] = logger.info,
) -> int:
    """Write `calendar.html`, `.csv` and `.ics`, one `.ics` a consulate, and their data; return the coming shows.

    Parameters
    ----------
    config, data
        Settings and folder of tables of the run.
    run
        Folder of a finished run.
    out
        Folder of the calendar.
    today, days
        First day, and days after it.
    shows
        A calendar as .csv, .xlsx or .ics; without one, that of the settings; the shipped dates are history alone.
    say
        Shows each step.

    Raises
    ------
    InputError
        The run is absent or incomplete, or the calendar cannot be read.
    """
    say("reading the run, the tables and the calendar")
    inputs = load_inputs(config, data)
    finished = read_run(run, inputs)
    own = user_shows(inputs, shows)
    network = build_network(inputs)
    districts = assign_districts(inputs.tables, inputs.population, network)
    upcoming, without_day = upcoming_shows(own, today, days, districts, network)
    every = brief_tables(inputs, finished, districts, None)
    record = inputs.tables["gun_shows"]
    groups = {
        f"by_{name}": _counted(upcoming, key)
        for name, key in (("consulate", "consulate"), ("port", "poe_id"))
    }
    made = {
        "upcoming": upcoming,
        "history": seasons(record[record["source_id"] == SHIPPED]),
        "districts": every["districts"],
        "figures": every["figures"],
        "asked": pd.DataFrame(
            [
                {
                    "what": "asked",
                    "today": today.isoformat(),
                    "days": days,
                    "without_day": without_day,
                    "file": _file(inputs, shows),
                }
            ]
        ),
        **groups,
    }
    keys = {
        **KEYS,
        "history": ("venue_key",),
        "asked": ("what",),
        "by_consulate": ("consulate",),
        "by_port": ("poe_id",),
    }
    tables = {f"data/{name}.csv": indexed(table, keys[name]) for name, table in made.items()} | run_tables(
        finished
    )
    ports = dict(zip(finished.results.ports["poe_id"], finished.results.ports["name_us"], strict=True))
    with atomic_folder(out) as tmp:
        files = ["calendar.ics", "calendar.csv"]
        (tmp / "calendar.ics").write_bytes(to_ics(upcoming, ports, today, "Corridors"))
        for consulate, group in upcoming[upcoming["consulate"] != ""].groupby("consulate"):
            files.append(f"calendar-{slug(str(consulate))}.ics")
            (tmp / files[-1]).write_bytes(to_ics(group, ports, today, f"Corridors: {consulate}"))
        write_csv(upcoming.assign(port=upcoming["poe_id"].map(ports)), tmp / "calendar.csv")
        (tmp / "data").mkdir()
        for name, table in made.items():
            write_csv(table, tmp / f"data/{name}.csv")
        page = render_calendar(tables, finished.about, files, given=own is not None)
        (tmp / "calendar.html").write_text(page, encoding="utf-8")
    return len(upcoming)


def user_shows(inputs: Inputs, path: Path | None) -> pd.DataFrame | None:
    """Return the shows of a calendar given, of the file or of the settings; None where there is none but the record."""
    if path is None:
        table = inputs.tables["gun_shows"]
        own = table[table["source_id"] != SHIPPED]
        return own if len(own) else None
    found = guess_format(path, Context(inputs.tables, {}))[1].tables
    if "gun_shows" not in found:
        remedy = "Give a calendar with venue or city, state and start, or an .ics file; see docs."
        raise InputError(
            [Fault(str(path), "a calendar of gun shows", f"a file of {', '.join(found)}", remedy)]
        )
    return found["gun_shows"]


def upcoming_shows(
    shows: pd.DataFrame | None, today: date, days: int, districts: pd.DataFrame, network: Network
) -> tuple[pd.DataFrame, int]:
    """Return the coming shows with consulate, nearest port and road hours to it, and how many had no day or place."""
    if shows is None:
        return pd.DataFrame(columns=COLUMNS), 0
    found, without_day = coming(shows[shows["lon"].notna()], today, days)
    consulate = found["fips"].map(districts.set_index("fips")["consulate"]).fillna("")
    poe_id, hours = nearest_ports(network, found["lon"].to_numpy(), found["lat"].to_numpy())
    table = found.assign(consulate=consulate, poe_id=poe_id, hours=hours.round(1))[COLUMNS]
    return table, without_day + int(shows["lon"].isna().sum())


def _counted(upcoming: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return how many coming shows are not cancelled, by a column."""
    held = upcoming[upcoming["occurrence"] != "cancelled"]
    return held.groupby(key).size().rename("shows").sort_values(ascending=False, kind="stable").reset_index()


def _file(inputs: Inputs, path: Path | None) -> str:
    """Return the name of the calendar that was given, "" where none was."""
    table = inputs.tables["gun_shows"]
    return path.name if path else next(iter(table.loc[table["source_id"] != SHIPPED, "source_id"]), "")

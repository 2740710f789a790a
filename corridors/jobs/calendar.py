"""The calendar: a user's gun shows by consular district and nearest port, beside the flow of a finished run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.jobs.folders import listed_folder
from corridors.jobs.inputs import check_dated, load_inputs
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import made_from, read_public_run
from corridors.jobs.stages import build_network
from corridors.network import assign_districts, nearest_ports
from corridors.outputs.briefs import brief_tables, calendar_tables, coming_shows, render_calendar
from corridors.outputs.files import write_csv
from corridors.sources import Context, guess_format

if TYPE_CHECKING:
    from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, eq=False)
class CalendarResult:
    """The calendar of coming shows. Nothing is written before `write`.

    Parameters
    ----------
    shows
        One row a coming show, with its consulate, nearest port and road hours.
    tables
        The tables that the page cites, by name.
    files
        The page and the .ics files, by file name.
    manifest
        What the calendar was made from.
    """

    shows: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]

    def write(self, out: Path) -> None:
        """Write `calendar.html`, `.csv` and `.ics`, one `.ics` a consulate, and the cited tables.

        Parameters
        ----------
        out
            Folder of the calendar; earlier files are replaced only when all new ones are complete.

        Raises
        ------
        OutputError
            The folder cannot be written to.
        """
        with listed_folder(out, "calendar", self.manifest) as tmp:
            for name, content in self.files.items():
                (tmp / name).write_bytes(content)
            write_csv(self.shows, tmp / "calendar.csv")
            (tmp / "data").mkdir()
            for name, table in self.tables.items():
                write_csv(table, tmp / f"data/{name}.csv")


def calendar(
    config: Config,
    run: Path,
    *,
    today: date,
    days: int,
    shows: Path | None = None,
    data: Path | None = None,
    progress: Progress | None = None,
) -> CalendarResult:
    """Return the coming shows of a calendar by consulate and port, as a page, a table and .ics files. Writes nothing.

    Parameters
    ----------
    config
        Settings of the run.
    run
        Folder of a finished run.
    today, days
        First day, and days after it.
    shows
        A calendar (.csv, .xlsx or .ics); by default that of the settings. The default dates are history only.
    data
        Folder of the default tables; those of the package by default.
    progress
        Shows each step.

    Raises
    ------
    InputError
        The run is absent or incomplete, or the calendar cannot be read.
    """
    progress = progress or Progress()
    with progress.step("read", "reading the run, the tables and the calendar"):
        inputs = load_inputs(config, data)
        check_dated(inputs)
        finished = read_public_run(run, inputs)
        own = user_shows(inputs, shows)
    with progress.step("districts"):
        network = build_network(inputs)
        districts = assign_districts(inputs.tables, inputs.population, network)
        upcoming, without_day = upcoming_shows(own, today, days, districts, network)
    results = finished.results
    tables = inputs.tables
    record = tables["gun_shows"]
    made = calendar_tables(
        upcoming,
        record[record["source_id"] == SHIPPED],
        brief_tables(tables, results, districts),
        {
            "today": today.isoformat(),
            "days": days,
            "without_day": without_day,
            "file": _calendar_name(inputs, shows),
        },
    )
    about = replace(finished.about, sources=inputs.sources)
    files = render_calendar(made, results, finished.manifest, about, today, given=own is not None)
    ports = dict(zip(results.ports["poe_id"], results.ports["name_us"], strict=True))
    shown = upcoming.assign(port=upcoming["poe_id"].map(ports))
    return CalendarResult(shown, made, files, made_from({"run": finished}, inputs))


def user_shows(inputs: Inputs, path: Path | None) -> pd.DataFrame | None:
    """Return the shows of a user's calendar, of the file or of the settings; None without one.

    Raises
    ------
    InputError
        The file is no calendar of gun shows.
    """
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
    """Return the coming shows with consulate, nearest port and road hours to it; and how many have no day or place."""
    if shows is None:
        return pd.DataFrame(columns=COLUMNS), 0
    found, without_day = coming_shows(shows[shows["lon"].notna()], today, days)
    consulate = found["fips"].map(districts.set_index("fips")["consulate"]).fillna("")
    poe_id, hours = nearest_ports(network, found["lon"].to_numpy(), found["lat"].to_numpy())
    table = found.assign(consulate=consulate, poe_id=poe_id, hours=hours.round(1))[COLUMNS]
    return table, without_day + int(shows["lon"].isna().sum())


def _calendar_name(inputs: Inputs, path: Path | None) -> str:
    """Return the name of the calendar given, "" for none."""
    table = inputs.tables["gun_shows"]
    return path.name if path else next(iter(table.loc[table["source_id"] != SHIPPED, "source_id"]), "")

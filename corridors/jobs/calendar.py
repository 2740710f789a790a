"""The calendar: a user's gun shows by consular district and nearest port, beside the flow of a finished run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.errors import Fault, InputError, LayoutError
from corridors.jobs.districts import shown_areas
from corridors.jobs.folders import listed_folder, site_beside
from corridors.jobs.inputs import check_dated, load_inputs
from corridors.jobs.part import covered_offices, part_notice, write_part_notice
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import made_from, read_public_run
from corridors.jobs.stages import build_network
from corridors.network import assign_districts, nearest_ports
from corridors.outputs.briefs import brief_tables, calendar_tables, coming_shows, render_calendar
from corridors.outputs.files import write_csv
from corridors.outputs.web import Site
from corridors.sources import Context, load_as

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.types import Network
    from corridors.jobs.inputs import Inputs
    from corridors.jobs.run_folder import FinishedRun
    from corridors.sources import Report

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


_ICS = b"BEGIN:VCALENDAR"


@dataclass(frozen=True, slots=True, eq=False)
class UserShows:
    """The shows of a user's calendar, and the report of its rows; None for a table in our own columns."""

    shows: pd.DataFrame
    report: Report | None = None


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
    report
        Rows of the calendar given: kept, left out and why; None where none was given, or a table in our own columns.
    past, later, gone
        Shows of that calendar that are over, and that begin after the days asked for; shows of an earlier edition that it
        no longer lists.
    notice
        What the tables have no place for: of what part of the region their shares are; "" where of all of it.
    """

    shows: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    report: Report | None = None
    past: int = 0
    later: int = 0
    gone: int = 0
    notice: str = ""

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
            write_part_notice(tmp / "data", self.notice)


def calendar(
    config: Config,
    run: Path,
    *,
    today: date,
    days: int,
    shows: Path | None = None,
    data: Path | None = None,
    former: Path | None = None,
    out: Path | None = None,
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
    former
        Folder of the calendar that this one replaces: shows that it listed and `shows` does not are marked in the .ics files.
    out
        Folder that it will be written to: where it is beside a run's pages, these can be opened from it.
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
        network = build_network(inputs)
    return calendar_of(
        finished,
        inputs,
        network,
        today=today,
        days=days,
        shows=shows,
        former=former,
        site=None if out is None else site_beside(out),
        progress=progress,
    )


def calendar_of(
    finished: FinishedRun,
    inputs: Inputs,
    network: Network,
    *,
    today: date,
    days: int,
    shows: Path | None = None,
    former: Path | None = None,
    site: Site | None = None,
    progress: Progress | None = None,
) -> CalendarResult:
    """Return the calendar of a run whose tables and network are at hand; parameters and errors as of `calendar`.

    Parameters
    ----------
    finished
        The run.
    inputs, network
        The tables, and the network built of them.
    today, days, shows, former, progress
        As of `calendar`.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    progress = progress or Progress()
    own = user_shows(inputs, shows)
    with progress.step("districts"):
        districts = assign_districts(inputs.tables, inputs.population, network)
        listed = None if own is None else own.shows
        upcoming, without_day = upcoming_shows(listed, today, days, districts, network)
    results, report = finished.results, None if own is None else own.report
    editions = _editions(former)
    tables = inputs.tables
    record = tables["gun_shows"]
    made = calendar_tables(
        upcoming,
        record[record["source_id"] == SHIPPED],
        brief_tables(
            tables,
            results,
            districts,
            shown_areas(tables, results.zones, districts),
            covered=covered_offices(districts, results, finished.about) if finished.about.part else None,
        ),
        {
            "today": today.isoformat(),
            "days": days,
            "without_day": without_day,
            "file": _calendar_name(inputs, shows),
            "rows": 0 if report is None else report.rows,
            "kept": 0 if report is None else report.kept,
        },
        {} if report is None else report.dropped,
        listed=listed,
        former=editions,
    )
    about = replace(finished.about, sources=inputs.sources)
    files = render_calendar(
        made,
        results,
        finished.manifest,
        about,
        today,
        listed=listed,
        former=editions,
        site=(site or Site()).beside("calendar.html"),
    )
    ports = dict(zip(results.ports["poe_id"], results.ports["name_us"], strict=True))
    shown = upcoming.assign(port=upcoming["poe_id"].map(ports))
    counts = {name: int(made["asked"][name].iloc[0]) for name in ("past", "later", "gone")}
    facts = made_from({"run": finished}, inputs)
    return CalendarResult(shown, made, files, facts, report, **counts, notice=part_notice(finished.about))


def user_shows(inputs: Inputs, path: Path | None) -> UserShows | None:
    """Return the shows of a user's calendar, of the file or of the settings; None without one.

    Raises
    ------
    InputError
        The file is no calendar of gun shows, or none of its rows can be read.
    """
    if path is None:
        table = inputs.tables["gun_shows"]
        own = table[table["source_id"] != SHIPPED]
        names = set(own["source_id"])
        report = next((one for one in inputs.reports if one.file in names), None)
        return UserShows(own, report) if len(own) else None
    try:
        loaded = load_as(
            path, "calendar_ics" if _is_ics(path) else "calendar_csv", Context(inputs.tables, {})
        )
    except LayoutError as error:
        remedy = "Give an .ics file, or a table with the first day, the state, and a venue or city; `corridors check FILE --as calendar_csv` says what it lacks."
        found = "; ".join(dict.fromkeys(fault.found for fault in error.faults))
        raise InputError([Fault(str(path), "a calendar of gun shows", found, remedy)]) from error
    return UserShows(loaded.tables["gun_shows"], loaded.report)


def _is_ics(path: Path) -> bool:
    """Return whether a file is an iCalendar, by its name or its first bytes."""
    if path.suffix.lower() == ".ics" or not path.is_file():
        return path.suffix.lower() == ".ics"
    with path.open("rb") as stream:
        return _ICS in stream.read(256).upper()


def _editions(folder: Path | None) -> dict[str, bytes]:
    """Return the .ics files of a folder by name, none where there is none."""
    found = [] if folder is None or not folder.is_dir() else sorted(folder.glob("calendar*.ics"))
    return {path.name: path.read_bytes() for path in found}


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

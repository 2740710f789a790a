"""Briefs of the consulates, from a finished run, the tables and the roads."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.names import did_you_mean
from corridors.jobs.calendar import upcoming_shows, user_shows
from corridors.jobs.districts import shown_areas
from corridors.jobs.events import dated_events
from corridors.jobs.folders import check_folder, keep_earlier, site_beside, write_listing
from corridors.jobs.inputs import check_dated, load_inputs
from corridors.jobs.part import covered_offices, part_notice, write_part_notice
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import FinishedRun, made_from, read_public_run, read_run
from corridors.jobs.stages import base_map, build_network, state_names
from corridors.network import assign_districts
from corridors.outputs.briefs import BriefData, brief_tables, print_pages, render_briefs
from corridors.outputs.files import atomic_folder, write_csv
from corridors.outputs.layers import map_layers
from corridors.outputs.text import slug
from corridors.outputs.web import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from corridors.config import Config
    from corridors.core.types import Network
    from corridors.jobs.inputs import Inputs
    from corridors.sources import Report

DAYS = 120
"""Days ahead for which a brief lists coming shows."""


@dataclass(frozen=True, slots=True)
class WrittenBriefs:
    """The briefs written: their files, the browser that printed them ("" for none), and the files it could not print."""

    pages: tuple[str, ...]
    browser: str
    unprinted: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BriefsResult:
    """The briefs of a run. Nothing is written before `write`.

    Parameters
    ----------
    briefs
        Page of each brief by file name.
    index
        The index of all briefs, "" for none.
    tables
        The tables that the pages cite, by name.
    manifest
        What the briefs were made from.
    report
        Rows of the calendar of gun shows given: kept, left out and why; None for none.
    notice
        What the tables have no place for: of what part of the region their shares are; "" where of all of it.
    """

    briefs: Mapping[str, str]
    index: str
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    report: Report | None = None
    notice: str = ""

    def write(self, out: Path, *, pdf: bool = True, progress: Progress | None = None) -> WrittenBriefs:
        """Write the pages, the tables they cite and the manifest, and print the briefs.

        Parameters
        ----------
        out
            Folder of the briefs; earlier files are replaced only when all new ones are complete. Pages of other
            consulates stay where they are of the same run and tables.
        pdf
            Whether to print each brief by a browser, where the machine has one.
        progress
            Shows each step.

        Raises
        ------
        OutputError
            The folder cannot be written to.
        """
        progress = progress or Progress()
        check_folder(out, "briefs")
        with atomic_folder(out) as tmp:
            progress.show(f"writing {len(self.briefs)} briefs")
            index = {"index.html": self.index} if self.index else {}
            for name, page in {**self.briefs, **index}.items():
                (tmp / name).write_text(page, encoding="utf-8")
            (tmp / "data").mkdir()
            for name, table in self.tables.items():
                write_csv(table, tmp / f"data/{name}.csv")
            write_part_notice(tmp / "data", self.notice)
            files = [tmp / name for name in self.briefs]
            if pdf:
                progress.show("printing")
            browser, unprinted = print_pages(files) if pdf else ("", files)
            keep_earlier(out, tmp, self.manifest)
            write_listing(tmp, "briefs", self.manifest)
        return WrittenBriefs(tuple(self.briefs), browser, tuple(path.name for path in unprinted))


def briefs(
    config: Config,
    run: Path,
    *,
    consulates: Sequence[str] = (),
    other: Path | None = None,
    shows: Path | None = None,
    today: date | None = None,
    data: Path | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> BriefsResult:
    """Return the briefs of the consulates named, or of all with an index. Writes nothing.

    Parameters
    ----------
    config
        Settings of the run.
    run, other
        Folder of a finished run, and of one under the other lens to compare with.
    consulates
        Cities of the consulates; none for all of the four states, with an index.
    shows, today
        A calendar of gun shows, and the day from which shows are coming; without a day none is listed.
    data
        Folder of the default tables; those of the package by default.
    out
        Folder that they will be written to: where it is beside a run's pages, these can be opened from them.
    progress
        Shows each step.

    Raises
    ------
    InputError
        A run is absent or incomplete, or a consulate is not known.
    """
    progress = progress or Progress()
    with progress.step("read", "reading the run and the tables"):
        inputs = load_inputs(config, data)
        check_dated(inputs)
        tables = inputs.tables
        names = _asked(consulates, tables["consulates"])
        finished = read_public_run(run, inputs)
        theirs = None if other is None else _other_lens(other, inputs, finished)
    with progress.step("districts", "assigning counties to districts"):
        network = build_network(inputs)
    return briefs_of(
        finished,
        inputs,
        network,
        config,
        names=names,
        whole=not consulates,
        other=theirs,
        shows=shows,
        today=today,
        site=None if out is None else site_beside(out),
        progress=progress,
    )


def briefs_of(
    finished: FinishedRun,
    inputs: Inputs,
    network: Network,
    config: Config,
    *,
    names: Sequence[str] = (),
    whole: bool = True,
    other: FinishedRun | None = None,
    shows: Path | None = None,
    today: date | None = None,
    site: Site | None = None,
    progress: Progress | None = None,
) -> BriefsResult:
    """Return briefs of a run whose tables and network are at hand; parameters and errors as of `briefs`.

    Parameters
    ----------
    finished, other
        The run, and one under the other lens to compare with.
    inputs, network, config
        The tables, the network built of them, and the settings.
    names
        Consulates, as the table spells them; none for all of the four states.
    whole
        Whether an index is made.
    shows, today, progress
        As of `briefs`.
    site
        The pages that can be opened from them; by default they stand alone.
    """
    progress = progress or Progress()
    theirs, tables = other, inputs.tables
    names = names or _asked((), tables["consulates"])
    with progress.step("districts", "assigning counties to districts"):
        districts = assign_districts(tables, inputs.population, network)
        covered = covered_offices(districts, finished.results, finished.about)
        names = _covered(names, covered, finished, whole=whole)
        made = brief_tables(
            tables,
            finished.results,
            districts,
            shown_areas(tables, finished.results.zones, districts),
            other=None if theirs is None else theirs.results,
            covered=covered if finished.about.part else None,
        )
        made["sources"] = pd.DataFrame([asdict(source) for source in inputs.sources])
        events = dated_events(inputs)
        if events is not None:
            made["events"] = events
        own = None if today is None else user_shows(inputs, shows)
        if own is not None and today is not None:
            made["upcoming"], _ = upcoming_shows(own.shows, today, DAYS, districts, network)
        shown = None if own is None else own.report
        left_out = files_left_out(inputs.reports, shown)
        if len(left_out):
            made["own_files"] = left_out
    with progress.step("pages"):
        contents = BriefData(
            run=replace(finished.about, sources=inputs.sources),
            results=finished.results,
            manifest=finished.manifest,
            tables=made,
            offices=tables["consulates"],
            counties=tables["counties"].merge(districts.drop(columns=["name", "us_state"]), on="fips"),
            mx_names=state_names(inputs),
            specs=map_layers(finished.results, base_map(inputs), config.run.floor),
            other="" if theirs is None else theirs.about.lens,
            today=today,
            site=site or Site(),
        )
        pages = render_briefs(contents, names, index=whole)
    index = pages.pop("index.html", "")
    runs = {"run": finished} | ({} if theirs is None else {"other": theirs})
    facts = made_from(runs, inputs) | {"keys": contents.keys}
    return BriefsResult(pages, index, made, facts, shown, part_notice(finished.about))


def _covered(
    names: Sequence[str], covered: frozenset[str], run: FinishedRun, *, whole: bool
) -> Sequence[str]:
    """Return the consulates named of which the run says something; all of them where it is of the whole region.

    Raises
    ------
    InputError
        One was asked for by name that the run, of a part of the region, does not cover; or it covers none.
    """
    if not run.about.part:
        return names
    known = [name for name in names if name in covered]
    if known and (whole or len(known) == len(names)):
        return known
    left = ", ".join(repr(name) for name in names if name not in covered)
    expected = f"one of {', '.join(sorted(covered))}" if covered else "a district that the run covers whole"
    found = f"{left}, of which this run of a part of the region does not hold all licenses and roads"
    remedy = "Name a consulate of the part, or run with the licenses and roads of the whole district."
    raise InputError([Fault("--consulate", expected, found if not whole else "none", remedy)])


def files_left_out(reports: Sequence[Report], calendar: Report | None = None) -> pd.DataFrame:
    """Return the files given of which some rows were not read: `number file calendar rows kept left`, one row a file.

    Parameters
    ----------
    reports
        Of the files of the settings.
    calendar
        Of the calendar of gun shows, which may be one of them; the page of the calendar says why rows of it were left out.
    """
    files = {report.file: report for report in [*reports, *([] if calendar is None else [calendar])]}
    rows = [
        {
            "number": number,
            "file": Path(name).name,
            "calendar": calendar is not None and name == calendar.file,
            "rows": report.rows,
            "kept": report.kept,
            "left": report.rows - report.kept,
        }
        for number, (name, report) in enumerate(files.items(), 1)
        if report.kept < report.rows
    ]
    return pd.DataFrame(rows, columns=["number", "file", "calendar", "rows", "kept", "left"])


def _asked(names: Sequence[str], offices: pd.DataFrame) -> list[str]:
    """Return the consulates named, as the table spells them; all of the four states if none is."""
    known = {slug(name): name for name in sorted(offices.loc[offices["southwest"], "name"].astype(str))}
    unknown = [name for name in names if slug(name) not in known]
    if unknown:
        found = ", ".join(map(repr, unknown))
        meant = "".join(did_you_mean(name, known.values()) for name in unknown)
        remedy = f"{meant}Name a city of the list; elsewhere there are no districts, see the index of --all."
        raise InputError([Fault("--consulate", f"one of {', '.join(known.values())}", found, remedy)])
    return [known[slug(name)] for name in names] or list(known.values())


def _other_lens(folder: Path, inputs: Inputs, run: FinishedRun) -> FinishedRun:
    """Return the run to compare with. Rejects one under the same lens."""
    other = read_run(folder, inputs)
    if other.about.lens == run.about.lens:
        found = f"one under {other.about.lens} as well"
        remedy = "Run again with --lens one_year (or all), and give that folder."
        raise InputError([Fault(str(folder), "a run under the other lens", found, remedy)])
    return other

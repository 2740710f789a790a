"""The site of a run: every page that opens from its first page."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from corridors.config import with_changes
from corridors.core.errors import CorridorsError, InputError
from corridors.jobs.briefs import briefs_of
from corridors.jobs.calendar import calendar_of
from corridors.jobs.districts import district_counties
from corridors.jobs.figures import figures_of
from corridors.jobs.inputs import check_dated
from corridors.jobs.listing import shipped_scenarios
from corridors.jobs.part import covered_offices, is_fitted
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import read_public_run
from corridors.jobs.sensitivity import sensitivity
from corridors.jobs.source_list import SourceList, source_rows
from corridors.jobs.stages import prepare
from corridors.jobs.validate import validate_of
from corridors.jobs.whatif import resolve_cases, whatif_of
from corridors.outputs.web import site_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from corridors.core.results import Run
    from corridors.jobs.run import RunResult
    from corridors.outputs.web import Site

    Writer = Callable[["Part"], None]

Extent = Literal["quick", "full"]
"""Which pages a run makes: those that take less time than the run itself, or every one."""
FRONT = ("home", "map", "method", "ask", "changes", "download", "embed")
"""Pages that the run writes itself."""
CALENDAR_DAYS = 90
QUICK_WORLDS = 24
"""Cost worlds of the analysis of assumptions, which is a quick look."""
TRAJECTORIES, BASE = 8, 64
"""Of the analysis of assumptions, as `corridors sensitivity` has them by default."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What a part of the site is made of.

    Parameters
    ----------
    result
        The run.
    folder, former
        Its folder as far as it is written, and the place where that goes.
    site, progress
        The pages of the site; what shows and times each step.
    """

    result: RunResult
    folder: Path
    former: Path
    site: Site
    progress: Progress

    @property
    def about(self) -> Run:
        """Return the facts of the run."""
        return self.result.about


def planned(result: RunResult, extent: Extent) -> list[str]:
    """Return the keys of the pages that a run makes besides its own, in the order in which they are made.

    Briefs and the calendar are for public use, and need a run of the posterior and a dated list of licenses; these, held-out
    tests and assumptions need published figures of the region, and briefs a district of which the run covers all.
    """
    keys, fitted = ["sources", "narrative"], is_fitted(result.evidence)
    if result.about.mode == "posterior" and fitted and _is_dated(result):
        keys += ["briefs", "calendar"] if _has_offices(result) else ["calendar"]
    if extent == "full":
        keys.append("whatif")
        if fitted:
            keys += ["validation", "sensitivity"]
    return keys


def write_parts(result: RunResult, folder: Path, out: Path, keys: list[str], progress: Progress) -> Site:
    """Write the parts of a site into a run's folder, and return the site with those that could be made.

    Parameters
    ----------
    result
        The run, whose tables and first manifest are in `folder`.
    folder, out
        The folder that is written, and the place where it goes, which may hold an earlier edition of the calendar.
    keys
        As `planned` returns them.
    progress
        Shows and times each part, and says which could not be made, and why.
    """
    left = list(keys)
    while True:
        part = Part(result, folder, out, site_of([*FRONT, *left]), progress)
        failed = _write_all(part, left)
        if not failed:
            return part.site
        left.remove(failed)
        for key in keys:
            shutil.rmtree(folder / key, ignore_errors=True)


def _today() -> date:
    """Return today's date in Pacific time, where the region's day ends last: today's shows are upcoming until then."""
    return datetime.now(tz=ZoneInfo("America/Los_Angeles")).date()


def _write_all(part: Part, keys: list[str]) -> str:
    """Write the parts; return the key of the first that could not be made, "" for none."""
    for key in keys:
        try:
            with part.progress.step(f"site_{key}", f"making the site's part {key}"):
                WRITERS[key](part)
        except CorridorsError as error:
            part.progress.show(f"the site goes without its part {key}: {error}")
            return key
    return ""


def _is_dated(result: RunResult) -> bool:
    """Return whether the list of licenses says of which month it is."""
    try:
        check_dated(result.inputs)
    except CorridorsError:
        return False
    return True


def _has_offices(result: RunResult) -> bool:
    """Return whether the run covers the whole district of a consulate."""
    counties = district_counties(result.inputs, result.network)
    return bool(covered_offices(counties, result.results, result.about))


def _write_sources(part: Part) -> None:
    """Write the page of sources."""
    today = _today()
    found = SourceList(source_rows(part.result.inputs, today), today, part.about.language)
    page = found.page(part.about, part.site.at("sources.html"))
    (part.folder / "sources.html").write_text(page, encoding="utf-8")


def _write_figures(part: Part) -> None:
    """Write the page of published figures."""
    made = figures_of(
        part.result.inputs,
        part.about.language,
        run=part.about,
        site=part.site.at("narrative/narrative.html"),
    )
    made.write(part.folder / "narrative")


def _write_briefs(part: Part) -> None:
    """Write the briefs of all consulates and their index, without PDFs."""
    result = part.result
    briefs_of(
        read_public_run(part.folder, result.inputs),
        result.inputs,
        result.network,
        result.config,
        today=_today(),
        site=part.site.at("briefs/index.html"),
        progress=Progress(),
    ).write(part.folder / "briefs", pdf=False)


def _write_calendar(part: Part) -> None:
    """Write the calendar, the next edition of the one that is there."""
    result = part.result
    former = part.former / "calendar"
    calendar_of(
        read_public_run(part.folder, result.inputs),
        result.inputs,
        result.network,
        today=_today(),
        days=CALENDAR_DAYS,
        former=former if former.is_dir() else None,
        site=part.site.at("calendar/calendar.html"),
        progress=Progress(),
    ).write(part.folder / "calendar")


def _write_whatif(part: Part) -> None:
    """Write the page of the shipped scenarios, applied to the run's own draws; of a part, those whose places it has."""
    one = part.result
    problem = prepare(one.network, one.evidence, one.config)
    resolve = partial(
        resolve_cases, inputs=one.inputs, network=one.network, config=one.config, problem=problem
    )
    paths, cases = list(shipped_scenarios().values()), []
    for path in paths if one.about.part else ():
        with suppress(InputError):  # of a place elsewhere
            cases += resolve([path])
    cases = cases or resolve(paths)
    found = whatif_of(
        cases,
        config=one.config,
        inputs=one.inputs,
        network=one.network,
        evidence=one.evidence,
        posterior=one.posterior,
        problem=problem,
        progress=Progress(),
    )
    found.write(part.folder / "whatif", site=part.site.at("whatif/whatif.html"))


def _write_validation(part: Part) -> None:
    """Write the held-out tests of the run's own draws."""
    one = part.result
    problem = prepare(one.network, one.evidence, one.config)
    found = validate_of(
        config=one.config,
        inputs=one.inputs,
        network=one.network,
        evidence=one.evidence,
        posterior=one.posterior,
        problem=problem,
        progress=Progress(),
    )
    found.write(part.folder / "validation", part.site.at("validation/validation.html"))


def _write_sensitivity(part: Part) -> None:
    """Write the analysis of assumptions, a quick look by itself, with the corridors and the maps of the run."""
    quick = with_changes(part.result.config, {"mode": "point", "variants": 0, "worlds": QUICK_WORLDS})
    found = sensitivity(
        quick,
        inputs=part.result.inputs,
        trajectories=TRAJECTORIES,
        base=BASE,
        of=part.result.results,
        progress=Progress(),
    )
    found.write(part.folder / "sensitivity", part.site.at("sensitivity/sensitivity.html"))


WRITERS: dict[str, Writer] = {
    "sources": _write_sources,
    "narrative": _write_figures,
    "briefs": _write_briefs,
    "calendar": _write_calendar,
    "whatif": _write_whatif,
    "validation": _write_validation,
    "sensitivity": _write_sensitivity,
}
"""By key, how a part of the site is written."""

"""The calendar page: the published proportion first, coming shows, then each venue's season out of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.dates import get_month_names

from corridors.outputs.briefs.brief import page_of
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.upcoming import UNSPECIFIED, months_of
from corridors.outputs.text.translations import LANGUAGES, run_translations
from corridors.outputs.web.sealed import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations


def render_calendar(
    tables: Mapping[str, pd.DataFrame], run: Run, files: Sequence[str], *, given: bool
) -> str:
    """Return the calendar page.

    Parameters
    ----------
    tables
        `data/upcoming.csv`, `data/history.csv`, `data/districts.csv`, `data/figures.csv` and `data/asked.csv`, each under
        its key, and the run's own.
    run
        The run that shares of flow are of.
    files
        Files beside the page.
    given
        Whether a calendar was given at all.
    """
    by_language = [run_translations(language, run) for language in LANGUAGES]
    parts = [_part(tables, t) | {"files": files, "given": given, "run": run} for t in by_language]
    body = template("calendar.html", parts=parts, t=by_language[0])
    return page_of(f"{by_language[0]('calendar.title')} · Corridors", by_language[0].language, body)


def _part(tables: Mapping[str, pd.DataFrame], t: Translations) -> dict[str, Any]:
    """Return what the template needs in one language."""
    figures = CitedNumbers(t, tables)
    upcoming, history = tables["data/upcoming.csv"], tables["data/history.csv"]
    names = get_month_names("abbreviated", locale=t.locale)
    return {
        "f": figures,
        "t": figures.t,
        "translations": t,
        "language": t.language,
        "upcoming": [str(key) for key in upcoming.index],
        "history": [str(key) for key in history.index],
        "months": {
            str(key): [(number, names[int(number)]) for number in months_of(row)]
            for key, row in history.iterrows()
        },
        "unnamed": UNSPECIFIED,
        "by": [
            ("calendar.by_consulate", "data/by_consulate.csv", "consulate", None),
            ("calendar.by_port", "data/by_port.csv", "poe_id", "run/data/ports.csv"),
        ],
        "groups": {
            name: [str(key) for key in tables[name].index]
            for name in ("data/by_consulate.csv", "data/by_port.csv")
        },
    }

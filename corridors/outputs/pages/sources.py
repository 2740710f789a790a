"""The page of sources (`data.html`): what each table is, how old and how complete, in Spanish and English, offline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridors.outputs.text.translations import in_spanish, load_translations
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.sealed import template
from corridors.outputs.web.shell import render_page, translations_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from corridors.core.results import Run
    from corridors.core.types import Source
    from corridors.outputs.web.site import Site

US_STATES, MX_STATES, MUNICIPALITIES = 4, 32, 2478
_SOURCE_FIELDS = (
    "id",
    "file",
    "title",
    "publisher",
    "url",
    "licence",
    "attribution",
    "period",
    "retrieved",
    "sha256",
    "rows",
    "not_what",
    "derived_from",
    "note",
)
_PAGE_KEYS = ("data.", "source.", "page.language", "note.lawful")
"""Prefixes of the keys of the texts that the page shows; it holds no others."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a reader must know of one source.

    Parameters
    ----------
    source
        Its catalogue row; of the user's own file, what is known in the same terms.
    coverage_us, coverage_mx, coverage_municipalities
        How many of the four US states, the 32 Mexican states and the 2,478 municipalities have a row; None where the
        table is not of such places.
    dropped
        Reason to number of rows left out in loading.
    age_years
        Years since the end of its period; None where it has no date.
    own_file
        Whether the user gave it in place of the one shipped.
    """

    source: Source
    coverage_us: int | None = None
    coverage_mx: int | None = None
    coverage_municipalities: int | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    age_years: float | None = None
    own_file: bool = False


def render_sources(
    rows: Sequence[SourceRow],
    *,
    on: date | None = None,
    opening: str = "es",
    run: Run | None = None,
    site: Site | None = None,
) -> str:
    """Return the page of sources.

    Parameters
    ----------
    rows
        Sources in the order to show. Texts in them may hold anything: the page shows them literally.
    on
        Date that ages are computed at, shown on the page when given.
    opening
        Language the page opens in where it is of no run, "es" or "en".
    run
        The run that reads them, which the footer names.
    site
        The pages that can be opened from it; by default it stands alone.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    frame = frame_of(run, site, skip=("data.skip", "#sources"), opening=opening)
    by_language = {language: load_translations(language) for language in frame.texts}
    first = by_language[frame.opening]
    islands = {
        "words": translations_with(_PAGE_KEYS, by_language),
        "sources_data": {
            "on": None if on is None else on.isoformat(),
            "rows": [_row_data(row) for row in rows],
        },
    }
    return render_page(
        first("data.title"),
        frame,
        template("sources.html", t=first),
        code="sources_page.js",
        styles=["sources.css"],
        islands=islands,
    )


def _row_data(row: SourceRow) -> dict[str, Any]:
    """Return one source as plain values; coverage that is not measured is left out."""
    parts = (
        ("data.us", row.coverage_us, US_STATES),
        ("data.mx", row.coverage_mx, MX_STATES),
        ("data.municipalities", row.coverage_municipalities, MUNICIPALITIES),
    )
    return {
        **{name: getattr(row.source, name) for name in _SOURCE_FIELDS},
        "es": in_spanish(row.source),
        "coverage": [[name, count, whole] for name, count, whole in parts if count is not None],
        "dropped": [[reason, count] for reason, count in row.dropped.items()],
        "age_years": row.age_years,
        "own_file": row.own_file,
    }

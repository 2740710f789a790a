"""The page of sources (`data.html`): what each table is, how old and how complete, in Spanish and English, offline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridors.outputs.text.translations import LANGUAGES, in_spanish, load_translations
from corridors.outputs.web.folium_page import PageFigure, TrustedHtml, json_island
from corridors.outputs.web.sealed import asset, script, seal_page, template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from corridors.core.types import Source

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
# Sections and keys of the words that the page says; it carries no others.
_SPOKEN = ("data.", "source.", "page.language", "note.lawful")


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


def render_sources(rows: Sequence[SourceRow], *, on: date | None = None) -> str:
    """Return the page of sources.

    Parameters
    ----------
    rows
        Sources in the order to show. Texts in them may hold anything: the page shows them literally.
    on
        Date that ages are reckoned at, said on the page when given.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    first = load_translations(LANGUAGES[0])
    style, code = asset("sources.css"), script("sources_page.js")
    body = template("sources.html", t=first)
    figure = PageFigure(first("data.title"), first.language)
    figure.header.add_child(TrustedHtml(f"<style>{style}</style>"), name="page_style")
    figure.html.add_child(TrustedHtml(body), name="body")
    for name, data in _islands(rows, on).items():
        figure.html.add_child(TrustedHtml(json_island(name, data)), name=name)
    figure.html.add_child(TrustedHtml(f"<script>{code}</script>"), name="page_script")
    return seal_page(figure.render(), [code, figure.boot()], [style])


def _islands(rows: Sequence[SourceRow], on: date | None) -> dict[str, Any]:
    """Return the page's data by id of its island."""
    texts = {
        language: {
            key: text for key, text in load_translations(language).texts.items() if key.startswith(_SPOKEN)
        }
        for language in LANGUAGES
    }
    sources = {"on": None if on is None else on.isoformat(), "rows": [_row_data(row) for row in rows]}
    return {"words": texts, "sources_data": sources}


def _row_data(row: SourceRow) -> dict[str, Any]:
    """Return one source as plain values; empty parts of coverage are left out."""
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

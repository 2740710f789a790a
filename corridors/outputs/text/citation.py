"""How to cite a run: plain text in both languages, BibTeX, CSL JSON, and the credits of its sources."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from corridors.outputs.text.translations import page_languages, run_translations

if TYPE_CHECKING:
    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations

AUTHOR = "Corridors"


def year_of(run: Run) -> str:
    """Return the latest year in which a source was retrieved; a run has no date of its own, so that it is reproducible."""
    years = [
        found[0] for source in run.sources if (found := re.findall(r"\b(?:19|20)\d\d\b", source.retrieved))
    ]
    return max(years, default="")


def latest_retrieval(run: Run) -> str:
    """Return the latest day, "2026-11-24", on which a source of a run was retrieved; "" where none is known.

    A run has no date of its own: the same tables and settings give the same files on any day.
    """
    days = [
        day for source in run.sources for day in re.findall(r"\b(?:19|20)\d\d-\d\d-\d\d\b", source.retrieved)
    ]
    return max(days, default="")


def run_values(run: Run, t: Translations) -> dict[str, str]:
    """Return the facts that texts on a run are filled with, in a language."""
    return {
        "version": run.version,
        "fingerprint": run.fingerprint,
        "worlds": t.number(run.worlds),
        "seed": str(run.seed),
        **{name: t.name(name, getattr(run, name)) for name in ("mode", "lens", "demand")},
    }


def plain(run: Run, t: Translations) -> str:
    """Return the citation in a language."""
    facts = {"version": run.version, "fingerprint": run.fingerprint, "seed": str(run.seed)}
    return t("cite.text", title=t("cite.work"), mode=t.name("mode", run.mode), **facts)


def layer_description(run: Run, page: str = "page") -> str:
    """Return what a GIS program shows of a layer: the title and the notice, in the run's language and then the other.

    Parameters
    ----------
    run
        The run.
    page
        Section of the texts: "page" of the map, "whatif" of changes under scenarios.
    """
    texts = [run_translations(language, run) for language in page_languages(run.language)]
    return " / ".join(f"{t(f'{page}.title')}. {t(f'{page}.notice')}" for t in texts)


def run_line(run: Run, t: Translations) -> str:
    """Return the line that names the run an output comes from."""
    facts = {"fingerprint": run.fingerprint, "version": run.version, "mode": t.name("mode", run.mode)}
    return t("embed.picture_line", **facts)


def bibtex(run: Run, t: Translations) -> str:
    """Return a BibTeX entry; characters that BibTeX reads as commands are removed from values."""
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": t("cite.work"),
        "year": year_of(run),
        "howpublished": t("cite.kind"),
        "version": run.version,
        "note": run_line(run, t),
    }
    lines = [
        f"  {name} = {{{_safe(value) if name != 'author' else value}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@misc{{corridors-{re.sub(r'[^0-9a-z]', '', run.fingerprint)},", *lines, "}"]) + "\n"


def csl(run: Run, t: Translations) -> str:
    """Return a CSL JSON item."""
    year = year_of(run)
    item: dict[str, Any] = {
        "id": f"corridors-{run.fingerprint}",
        "type": "map",
        "author": [{"literal": AUTHOR}],
        "title": t("cite.work"),
        "genre": t("cite.kind"),
        "version": run.version,
        "note": run_line(run, t),
        "language": t.locale.replace("_", "-"),
    }
    if year:
        item["issued"] = {"date-parts": [[int(year)]]}
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def credits_of(run: Run, t: Translations) -> str:
    """Return the text that must accompany the map: the notice, and the credit and license of each source."""
    lines = [t("page.notice"), t("note.boundaries"), ""]
    for source in run.sources:
        parts = [
            source.attribution or source.publisher,
            source.licence,
            source.not_what if source.own else "",
        ]
        lines.append(" · ".join(" ".join(part.split()) for part in parts if part))
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _safe(text: str) -> str:
    """Return text without the characters that have a meaning in BibTeX and TeX."""
    return re.sub(r"[\\{}@%$#&~^_\"]|\s+", " ", text).strip()

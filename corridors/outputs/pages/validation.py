"""The page of held-out tests (`validation.html`): each against its baseline, with the tests lost, in Spanish and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.outputs.text.citation import run_line
from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.sealed import without_addresses
from corridors.outputs.web.shell import render_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

EXACT = 1e-6
"""A score below it is written as a power of ten."""


def render_validation(
    rows: Sequence[Mapping[str, Any]],
    run: Run,
    absent: Mapping[str, str] | None = None,
    site: Site | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    rows
        Tests in order: `code measure null size wins model null_score low high passed detail`; None for what a test
        does not have.
    run
        What was tested.
    absent
        Codes of tests that were not made, with the table that each needs.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    values = {
        language: {
            "rows": [validation_texts(row, t) for row in rows],
            "run": run_line(run, t),
            "absent": t(
                "validation.absent", tests=", ".join(absent), tables=", ".join(dict.fromkeys(absent.values()))
            )
            if absent
            else "",
        }
        for language in page_languages(run.language)
        for t in [run_translations(language, run)]
    }
    return render_report("validation", values, run, site)


def validation_texts(row: Mapping[str, Any], t: Translations) -> dict[str, Any]:
    """Return a test in words."""
    verdict = {True: "passed", False: "failed", None: "reported"}[row["passed"]]
    return {
        "code": row["code"],
        "name": t(f"validation_test.{row['code']}"),
        "mark": t(f"validation_mark.{row['code']}"),
        "meaning": t(f"validation_meaning.{row['code']}"),
        "measure": t(f"validation_measure.{row['measure']}"),
        "null": t(f"validation_null.{row['null']}") if row["null"] else "",
        "model": score(row["model"], t),
        "null_score": score(row["null_score"], t),
        "band": ""
        if row["low"] is None
        else t("label.band", low=score(row["low"], t), high=score(row["high"], t)),
        "size": t.number(row["size"]),
        "wins": "" if row["null_score"] is None else t.number(row["wins"]),
        "verdict": verdict,
        "said": t(f"validation.{verdict}"),
        "detail": [
            (without_addresses(name), score(ours, t), score(theirs, t))
            for name, ours, theirs in row["detail"]
        ],
    }


def score(value: float | None, t: Translations) -> str:
    """Return a score to three digits; nothing for none."""
    if value is None:
        return ""
    if 0 < abs(value) < EXACT:
        return f"{value:.0e}"
    decimals = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return t.number(round(value, decimals) or 0.0, decimals)  # no "-0.000"

"""The index of all briefs: indicators across consulates, each with how it can mislead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.outputs.briefs.brief import render_article
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.text.translations import LANGUAGES, run_translations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Run

MEASURES = ("licences", "licences_change", "rate", "checks", "share", "other", "laws", "shows")


def render_index(
    pages: Mapping[str, str], tables: Mapping[str, pd.DataFrame], run: Run, elsewhere: Sequence[str]
) -> str:
    """Return the index page.

    Parameters
    ----------
    pages
        File of each consulate's brief.
    tables
        As a brief's; `data/indicators.csv` has a row a consulate.
    run
        The run behind them.
    elsewhere
        Cities of the consulates outside the four states.
    """
    by_language = [run_translations(language, run) for language in LANGUAGES]
    shown = tables["data/indicators.csv"]
    measures = [name for name in MEASURES if name in shown or (name == "other" and "other_median" in shown)]
    parts: list[dict[str, Any]] = [
        {
            "f": (figures := CitedNumbers(t, tables)),
            "t": figures.t,
            "translations": t,
            "language": t.language,
            "pages": pages,
            "measures": [name for name in measures if name != "share"] + ["share"],
            "elsewhere": ", ".join(elsewhere),
            "run": run,
            "other": "other_median" in shown,
        }
        for t in by_language
    ]
    return render_article("brief.index_title", "brief_index.html", by_language[0], parts)

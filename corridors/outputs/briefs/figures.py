"""The page of the paper's figures beside the newest ones found, each with its source and its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from corridors.outputs.briefs.brief import render_article
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.tables import indexed
from corridors.outputs.text.translations import source_translations
from corridors.outputs.web.frame import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.results import Run
    from corridors.core.types import Source
    from corridors.outputs.web.site import Site

FIGURES, PARTS = "data/figures.csv", "parts.csv"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page.

    Parameters
    ----------
    name
        Key of the text on what was measured; with "_not" after it, of the text on its limits.
    then, now
        Ids of published figures, the paper's and the newest.
    state
        US state that the text names, "" for none.
    part
        Ids of a figure and of the figure it is a fraction of, where no share is published; () for none.
    """

    name: str
    then: tuple[str, ...]
    now: tuple[str, ...]
    state: str = ""
    part: tuple[str, ...] = ()


LINES = (
    Line(
        "us_share",
        ("USS07", "USS07_n", "USS08", "USS08_n", "USS01", "GAO16_us", "GAO16_traced", "USS03"),
        ("USS04",),
    ),
    Line("undetermined", ("USS02",), ()),
    Line("traced", (), ("USS06", "USS05"), part=("USS06", "USS05")),
    *(
        Line(
            "state",
            (f"SRC1_{state}",) if state != "NM" else (),
            (f"SRC4_{state}",),
            state,
            (f"SRC4_{state}", "USS06"),
        )
        for state in ("TX", "AZ", "CA", "NM")
    ),
    Line("short_time", ("SRC6_AZ",), ("SRC5_AZ",)),
    Line("total", ("VOL02",), ("VOL06",)),
    Line("shows", (), ("CHN01", "CHN02")),
)


def computed_shares(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the shares that are computed here: `part figure whole share`, shares of 1.

    Parameters
    ----------
    figures
        The table of published figures.
    """
    value = figures.set_index("id")["value"].astype("float64")
    pairs = [line.part for line in LINES if line.part and set(line.part) <= set(value.index)]
    rows = [(f"{one}/{whole}", one, whole, round(value[one] / value[whole], 4)) for one, whole in pairs]
    return pd.DataFrame(rows, columns=["part", "figure", "whole", "share"])


def lines_of(figures: pd.DataFrame) -> tuple[Line, ...]:
    """Return the lines of the page of which the table has a figure, with those of their figures that it has."""
    known = set(figures["id"])
    lines = [
        replace(
            line,
            then=tuple(one for one in line.then if one in known),
            now=tuple(one for one in line.now if one in known),
            part=line.part if known.issuperset(line.part) else (),
        )
        for line in LINES
    ]
    return tuple(line for line in lines if line.then or line.now)


def render_figures(
    figures: pd.DataFrame,
    sources: Sequence[Source] = (),
    opening: str = "es",
    *,
    run: Run | None = None,
    site: Site | None = None,
) -> tuple[str, pd.DataFrame]:
    """Return the page, and the table of the shares computed for it: `part figure whole share`.

    Parameters
    ----------
    figures
        The table of published figures.
    sources
        Catalog rows of the tables as used.
    opening
        Language the page opens in, "es" or "en".
    run
        The run whose site the page is of, which the footer names.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    shares = computed_shares(figures)
    tables = {FIGURES: indexed(figures, ["id"]), PARTS: indexed(shares, ["part"])}
    frame = frame_of(run, site, opening=opening)
    by_language = [source_translations(language, sources) for language in frame.texts]
    parts = [
        {
            "f": (numbers := CitedNumbers(t, tables)),
            "t": numbers.t,
            "translations": t,
            "language": t.language,
            "lines": lines_of(figures),
        }
        for t in by_language
    ]
    return render_article("narrative.title", "figures.html", frame, parts), shares

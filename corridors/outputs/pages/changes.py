"""The page of changes: since the run that stood in the folder before, and in the program, as a reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.lists import format_list

from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.shell import render_report

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

FIRST = 3
"""Crossing cities that the sentence names."""
OF_PROGRAM = 9
"""Texts `changed.p1` and on: what changed in the program for a reader, the newest first."""


def render_changes(changes: pd.DataFrame | None, run: Run, site: Site | None = None) -> str:
    """Return the page.

    Parameters
    ----------
    changes
        `kind key name_es name_en before after rank_before rank before_mean … share_mean …`, as `run_changes.csv` has them; None
        where no earlier run stood in the folder.
    run
        The run that the page is of.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    values = {
        language: {
            "program": [t(f"changed.p{number}") for number in range(1, OF_PROGRAM + 1)],
            **({"compared": False} if changes is None else _since(changes, t)),
        }
        for language in page_languages(run.language)
        for t in [run_translations(language, run)]
    }
    return render_report("changed", values, run, site)


def _since(changes: pd.DataFrame, t: Translations) -> dict[str, Any]:
    """Return what the page says of an earlier run."""
    by_kind = {str(kind): rows.to_dict("records") for kind, rows in changes.groupby("kind", sort=False)}
    cities = by_kind.get("crossing_city", [])
    own = by_kind["run"][0]
    return {
        "compared": True,
        "runs": t("changed.runs", before=own["before"], after=own["after"]),
        "version": [t("changed.version", **_ends(row)) for row in by_kind.get("version", [])],
        "settings": [(row["key"], *_ends(row).values()) for row in by_kind.get("setting", [])],
        "sources": [_source(row, t) for row in by_kind.get("source", [])],
        "leaders": _leaders(cities, t) if cities else "",
        "cities": [_city(row, t) for row in cities],
    }


def _ends(row: Mapping[Hashable, Any]) -> dict[str, str]:
    """Return what was and what is, a dash for nothing."""
    return {name: str(row[name]) or "\N{EN DASH}" for name in ("before", "after")}


def _source(row: Mapping[Hashable, Any], t: Translations) -> str:
    """Return the change of a table in words."""
    name = t.texts.get(f"table.{row['key']}", str(row["key"]))
    periods = {end: t.published(str(row[end])) or str(row[end]) for end in ("before", "after")}
    if not row["before"]:
        return t("changed.source_new", name=name)
    if not row["after"]:
        return t("changed.source_gone", name=name)
    if row["before"] == row["after"]:
        return t("changed.source_other", name=name, period=periods["after"])
    return t("changed.source_period", name=name, **periods)


def _leaders(cities: Sequence[Mapping[Hashable, Any]], t: Translations) -> str:
    """Return which cities lead in both runs, without an order."""
    now, was = (_first(cities, place) for place in ("rank", "rank_before"))
    names = [
        format_list([str(row[f"name_{t.language}"]) for row in rows], locale=t.locale) for rows in (now, was)
    ]
    if {row["key"] for row in now} == {row["key"] for row in was}:
        return t("changed.same_leaders", cities=names[0])
    return t("changed.other_leaders", cities=names[0], before=names[1])


def _first(cities: Sequence[Mapping[Hashable, Any]], place: str) -> list[Mapping[Hashable, Any]]:
    """Return the leading rows by their place in one of the runs."""
    ranked = [row for row in cities if row[place] != ""]
    return sorted(ranked, key=lambda row: float(row[place]))[:FIRST]


def _city(row: Mapping[Hashable, Any], t: Translations) -> dict[str, str]:
    """Return a crossing city in both runs, and whether its bands are apart."""
    shown = {"name": str(row[f"name_{t.language}"])}
    known = []
    for stem in ("before", "share"):
        values = [row[f"{stem}_{end}"] for end in ("mean", "lo90", "hi90")]
        absent = any(value == "" for value in values)
        known.append(not absent)
        shown[stem] = "\N{EN DASH}" if absent else t.share(float(values[0]))
        shown[f"{stem}_band"] = "" if absent else t.band(float(values[1]), float(values[2]))
    apart = all(known) and (
        float(row["before_lo90"]) > float(row["share_hi90"])
        or float(row["share_lo90"]) > float(row["before_hi90"])
    )
    return shown | {"says": t("changed.apart" if apart else "changed.overlap") if all(known) else ""}

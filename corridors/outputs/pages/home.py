"""The pages that a run's site begins with: the first page, the method in plain words, what to ask for, what changed, the data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from corridors.outputs.layers.rankings import crossing_shares
from corridors.outputs.layers.sankey import sankey
from corridors.outputs.pages.ask import render_ask
from corridors.outputs.pages.changes import render_changes
from corridors.outputs.pages.embed import write_embed
from corridors.outputs.summary.finding import finding_sentences
from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.shell import render_report
from corridors.outputs.web.site import SITE_PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

DATA_FOLDERS = ("data", "embed/data")
"""Folders of a run whose files the page of data offers."""
KILOBYTE = 1024


def write_site_pages(
    results: Results,
    run: Run,
    specs: Sequence[LayerSpec],
    folder: Path,
    *,
    mx_states: Mapping[str, str],
    site: Site | None = None,
    changes: pd.DataFrame | None = None,
) -> None:
    """Write the kit to embed the map and, in a site that has them, its first page, the method, what to ask for, what changed, and the data to download.

    Parameters
    ----------
    results, run, specs
        What the map shows.
    folder
        Folder of the run, that holds its tables and `map.html`.
    mx_states
        Names of the Mexican states by code.
    site
        The pages that the site has.
    changes
        What changed since the run that stood in the folder before, as `run_changes.csv` has it; None where there was none.

    Raises
    ------
    OutputError
        A page would hold a script, link or host that is not known.
    """
    write_embed(results, run, specs, folder, site=site)
    if site is None:
        return
    made = {
        "home": partial(render_home, results, run, mx_states),
        "method": partial(render_method, run),
        "ask": partial(render_ask, results, run),
        "changes": partial(render_changes, changes, run),
        "download": partial(render_downloads, folder, run),
    }
    for key, render in made.items():
        if key in site.pages:
            file = SITE_PAGES[key]["es"]
            (folder / file).write_text(render(site.at(file)), encoding="utf-8")


def render_home(results: Results, run: Run, mx_states: Mapping[str, str], site: Site) -> str:
    """Return the first page of a run: the finding, crossing cities, whole journeys, and a link to every page of the site."""
    values = {
        t.language: {
            "finding": finding_sentences(results, t),
            "rows": [row for row in crossing_shares(results, t) if not row.bridge],
            "links": [link for link in site.links(t.language) if link.current != "page"],
            "absent": [
                t(f"site.{key}")
                for key in SITE_PAGES
                if site.pages and key not in site.pages and key != "home"
            ],
            "mode": t("mode.point_notice") if run.mode == "point" else "",
            "journeys": Markup(sankey(results, t, mx_states)),  # noqa: S704 - it escapes every text
        }
        for t in _texts(run)
    }
    return render_report("home", values, run, site, links=["data/flows.csv"])


def render_method(run: Run, site: Site) -> str:
    """Return the method in plain words: what is asked, what is known, how the share is computed, and what it is not."""
    values = {
        t.language: {
            "tests": site.address("validation", t.language),
            "sources": site.address("sources", t.language),
        }
        for t in _texts(run)
    }
    return render_report("method", values, run, site)


def render_downloads(folder: Path, run: Run, site: Site) -> str:
    """Return the page of files to download, with what each holds and how large it is.

    Parameters
    ----------
    folder
        Folder of the run; the files that are there are listed.
    run, site
        The run that the page is of, and the pages of its site.
    """
    files = {
        place: sorted(path for path in (folder / place).glob("*") if path.is_file()) for place in DATA_FOLDERS
    }
    values = {
        t.language: {
            "groups": [
                (t(f"download.{place.replace('/', '_')}"), [_file(path, place, t) for path in paths])
                for place, paths in files.items()
                if paths
            ]
        }
        for t in _texts(run)
    }
    links = [f"{place}/{path.name}" for place, paths in files.items() for path in paths]
    return render_report("download", values, run, site, links=links)


def _file(path: Path, place: str, t: Translations) -> dict[str, Any]:
    """Return a file's name, address and size, and what it holds where that is known."""
    public = place.startswith("embed")
    key = f"embed.{path.stem}" if public else f"file.{path.stem}"
    holds = t.texts.get(f"file.{path.stem}_{path.suffix[1:]}") or t.texts.get(key, "")
    size = path.stat().st_size / KILOBYTE
    told = (
        t("download.megabytes", size=t.number(size / KILOBYTE, 1))
        if size >= KILOBYTE
        else t("download.kilobytes", size=t.number(max(1, round(size))))
    )
    return {"name": path.name, "address": f"{place}/{path.name}", "size": told, "holds": holds}


def _texts(run: Run) -> list[Translations]:
    """Return the texts of both languages, the one that pages open in first."""
    return [run_translations(language, run) for language in page_languages(run.language)]

"""The embed kit: what a newsroom needs to show the map in an article, in Spanish and English."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from corridors.outputs.files.public import public_layers, write_public
from corridors.outputs.layers.layers import bounds
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.layers.png import quantise_png, rasterise
from corridors.outputs.layers.rankings import crossing_shares
from corridors.outputs.layers.still import draw
from corridors.outputs.summary.finding import finding_sentences
from corridors.outputs.text import citation as cite
from corridors.outputs.text.translations import LANGUAGES, run_translations
from corridors.outputs.web.frame import Frame
from corridors.outputs.web.sealed import asset, script, template
from corridors.outputs.web.shell import SHEET
from corridors.outputs.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.text.translations import Translations

ADDRESS = "https://example.org/corridors"
"""Placeholder for the address of the folder; the page tells newsrooms to replace it."""
CARD = (1200, 630)
PICTURES = {"": CARD, "-720": (720, 640), "-360": (360, 480)}
SHARP = {"": 1.0, "-720": 2.0, "-360": 2.0}
FIRST_HEIGHT = 760
MAX_NAMED_CITIES = 3
SKIP = ("brief.skip", "#content")
DOWNLOADS = ("corridors", "crossings", "ports", "zones", "municipalities")


def write_embed(
    results: Results,
    run: Run,
    specs: Sequence[LayerSpec],
    folder: Path,
    address: str = ADDRESS,
    *,
    site: Site | None = None,
) -> None:
    """Write `folder`/embed: pictures, citations, public data, `oembed.json` and the page that shows it all.

    Parameters
    ----------
    results, run, specs
        What the map shows.
    folder
        Folder of the run, that holds `map.html`.
    address
        Web address at which the folder will be.
    site
        The pages that can be opened from the kit's; by default it stands alone.
    """
    kit = folder / "embed"
    kit.mkdir(parents=True, exist_ok=True)
    write_public(public_layers(results, specs), kit / "data", cite.layer_description(run))
    box = bounds(results)
    # choosing colours holds no lock: it goes on beside the drawing, which matplotlib wants on one thread
    with ThreadPoolExecutor() as pool:
        pictures = {}
        for language in LANGUAGES:
            t = run_translations(language, run)
            end = "" if language == LANGUAGES[0] else f"-{language}"
            for name, (width, height) in PICTURES.items():
                scene = draw(specs, box, run, t, width=width, height=height, finding=headline(results, t))
                pictures[f"map{end}{name}.png"] = pool.submit(quantise_png, rasterise(scene, SHARP[name]))
                if name == "-720":
                    (kit / f"map{end}.svg").write_text(to_svg(scene) + "\n", encoding="utf-8")
            for file, text in _texts(results, run, t, address, end).items():
                (kit / file).write_text(text, encoding="utf-8")
            page = "index.html" if not end else f"{language}.html"
            (kit / page).write_text(
                _page(results, run, t, address, end, site=(site or Site()).at(f"embed/{page}")),
                encoding="utf-8",
            )
        for file, picture in pictures.items():
            (kit / file).write_bytes(picture.result())


def snippet(t: Translations, address: str, end: str, caption: str) -> str:
    """Return the HTML that an editor pastes: frame, its height, and a picture for readers who run no scripts."""
    return template("snippet.html", t=t, address=address, end=end, height=FIRST_HEIGHT, caption=caption)


def headline(results: Results, t: Translations) -> str:
    """Return the first sentence of the finding, "" where the run has none."""
    return "".join(finding_sentences(results, t)[:1])


def _shown_title(results: Results, run: Run, t: Translations) -> str:
    """Return the title under which other sites show the map: the finding; of a part of the region, what its shares are of."""
    return t("cite.work") if run.part else headline(results, t) or t("page.title")


def alternative(results: Results, t: Translations) -> str:
    """Return the alternative text of the picture: the finding, or the largest crossing cities where there is none."""
    said = " ".join(finding_sentences(results, t))
    if said:
        return t("embed.alternative", text=said)
    rows = [row for row in crossing_shares(results, t) if not row.bridge][:MAX_NAMED_CITIES]
    named = [
        f"{row.name} {row.share} ({row.band})" if row.grade else f"{row.name} {row.share}" for row in rows
    ]
    return t("embed.alternative", text=t("embed.largest_cities", cities="; ".join(named)))


def _texts(results: Results, run: Run, t: Translations, address: str, end: str) -> dict[str, str]:
    """Return the small files of a language by name."""
    title = _shown_title(results, run, t)
    code = snippet(t, address, end, alternative(results, t))
    return {
        f"citation{end}.txt": cite.plain(run, t) + "\n",
        f"citation{end}.bib": cite.bibtex(run, t),
        f"citation{end}.json": cite.csl(run, t),
        f"attribution{end}.txt": cite.credits_of(run, t),
        f"snippet{end}.html": code + "\n",
        f"oembed{end}.json": json.dumps(_oembed(address, end, title, code), ensure_ascii=False, indent=1)
        + "\n",
    }


def _oembed(address: str, end: str, title: str, code: str) -> dict[str, Any]:
    """Return the oEmbed answer (version 1.0, "rich")."""
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": cite.AUTHOR,
        "provider_url": address,
        "cache_age": 86400,
        "width": 720,
        "height": FIRST_HEIGHT,
        "html": code,
        "thumbnail_url": f"{address}/embed/map{end}.png",
        "thumbnail_width": CARD[0],
        "thumbnail_height": CARD[1],
    }


def _page(results: Results, run: Run, t: Translations, address: str, end: str, *, site: Site) -> str:
    """Return the page that shows the embed live and hands out everything."""
    style, code = asset("embed.css") + asset(SHEET), script("embed.js")
    said = alternative(results, t)
    return template(
        "embed.html",
        t=t,
        language=t.language,
        opening=t.language,
        links=site.links(t.language),
        foot=Markup(Frame({t.language: t}, site, run, SKIP).footer()),  # noqa: S704 - a template escapes its values
        end=end,
        address=address,
        style=style,
        code=code,
        hashes={name: _digest(text) for name, text in (("style", style), ("code", code))},
        alternative=said,
        headline=headline(results, t),
        card_title=_shown_title(results, run, t),
        card=CARD,
        snippet=snippet(t, address, end, said),
        texts=_texts(results, run, t, address, end),
        credits=cite.credits_of(run, t),
        rows=crossing_shares(results, t),
        downloads=DOWNLOADS,
        pictures=[f"map{end}{name}.png" for name in PICTURES] + [f"map{end}.svg"],
        own_files=(("es", "index.html", "Español"), ("en", "en.html", "English")),
        height=FIRST_HEIGHT,
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

"""Pages of prose and tables in both languages: Spanish first, one at a time where scripts run, both where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.outputs.text.translations import LANGUAGES, load_words
from corridors.outputs.web.folium_page import PageFigure, Raw
from corridors.outputs.web.sealed import asset, script, seal, template

if TYPE_CHECKING:
    from collections.abc import Mapping


def render_report(name: str, values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a page as one closed file.

    Parameters
    ----------
    name
        Of the template of its body, `<name>_body.html`, and of its words: `<name>.title` at least.
    values
        By language, what the template is filled with, besides `words`. Texts may hold anything: they are escaped.

    Raises
    ------
    OutputError
        The page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    style, code = asset("report.css"), script("report.js")
    parts = []
    for language in LANGUAGES:
        words = load_words(language)
        body = template(f"{name}_body.html", words=words, **values[language])
        parts.append(
            template("report.html", words=words, title=words(f"{name}.title"), body=Raw(body).render())
        )
    first = load_words(LANGUAGES[0])
    figure = PageFigure(first(f"{name}.title"), first.language)
    figure.header.add_child(Raw(f"<style>{style}</style>"), name="page_style")
    figure.html.add_child(Raw("\n".join(parts)), name="body")
    figure.html.add_child(Raw(f"<script>{code}</script>"), name="page_script")
    return seal(figure.render(), [code, figure.boot()], [style])

"""Pages of prose and tables in both languages: Spanish first, one at a time where scripts run, both where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.outputs.text.translations import LANGUAGES, load_translations
from corridors.outputs.web.folium_page import PageFigure, TrustedHtml
from corridors.outputs.web.sealed import asset, script, seal_page, template

if TYPE_CHECKING:
    from collections.abc import Mapping


def render_report(name: str, values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a page as one closed file.

    Parameters
    ----------
    name
        Of the template of its body, `<name>_body.html`, and of its words: `<name>.title` at least.
    values
        By language, what the template is filled with, besides `t`. Texts may hold anything: they are escaped.

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
        t = load_translations(language)
        body = template(f"{name}_body.html", t=t, **values[language])
        parts.append(template("report.html", t=t, title=t(f"{name}.title"), body=TrustedHtml(body).render()))
    first = load_translations(LANGUAGES[0])
    figure = PageFigure(first(f"{name}.title"), first.language)
    figure.header.add_child(TrustedHtml(f"<style>{style}</style>"), name="page_style")
    figure.html.add_child(TrustedHtml("\n".join(parts)), name="body")
    figure.html.add_child(TrustedHtml(f"<script>{code}</script>"), name="page_script")
    return seal_page(figure.render(), [code, figure.boot()], [style])

"""Self-contained pages: assets inlined, a strict Content-Security-Policy written, everything else rejected."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from corridors.core.errors import OutputError
from corridors.outputs.web.island_html import JSON_TYPE, PACKED_TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Places that folium writes for us; each is taken by the file of the Python package XStatic-Leaflet.
LEAFLET_JS = "xstatic:leaflet.js"
LEAFLET_CSS = "xstatic:leaflet.css"
_HOST = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")
# Hosts that Leaflet's code names without ever calling: an XML namespace and its own credit line.
HARMLESS_HOSTS = frozenset({"www.w3.org", "leafletjs.com"})
_LOADING = frozenset(
    {"src", "srcset", "href", "xlink:href", "data", "action", "formaction", "poster", "background"}
)
_BESIDE = re.compile(r"[\w-]+\.(html|pdf|csv|ics)(\?lang=(es|en))?", re.ASCII)
"""A file in the page's own folder, which the page may link to."""
_RELATIVE = re.compile(r"(\.\./)?([\w-]+/){0,2}[\w-]+(\.[\w-]+)+(\?lang=(es|en))?", re.ASCII)
"""A file of the same output: at most one folder up, then down; no scheme, no host, no fragment."""
NO_ADDRESS = "/\N{WORD JOINER}/"
_FOLDERS = {"js": "bundles", "css": "css", "html": "html"}
_FORBIDDEN_TAGS = frozenset(
    {"iframe", "frame", "object", "embed", "base", "form", "img", "audio", "video", "source"}
)


def without_addresses(text: str) -> str:
    """Return text in which nothing is an address: a page of ours holds none, and a name from data may look like one."""
    return text.replace("//", NO_ADDRESS)


def asset(name: str) -> str:
    """Return the text of one of our own files beside this module, its folder given by its ending."""
    folder = _FOLDERS.get(name.rpartition(".")[2], "")
    return files("corridors.outputs.web").joinpath(folder, name).read_text("utf-8")


def script(name: str) -> str:
    """Return a page's own script: the bundle of its entry in `src` and of all that the entry imports."""
    return asset(name)


def template(name: str, **values: Any) -> str:
    """Return one of our own pages filled in; values are escaped and never read as templates."""
    return _templates().get_template(name).render(**values)


@cache
def _templates() -> jinja2.Environment:
    """Return our own pages as templates, each compiled once however many pages are made of it."""
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


@cache
def leaflet_js() -> str:
    """Return Leaflet's script under its licence, without the link to its source map."""
    code = _leaflet_text("leaflet.js")
    code = re.sub(r"^//# sourceMappingURL=.*$", "", code, flags=re.MULTILINE)
    return f"/*\n{asset('leaflet-licence.txt')}*/\n{code.strip()}\n"


@cache
def leaflet_css() -> str:
    """Return Leaflet's style sheet, its pictures inside, its comments left out."""
    style = re.sub(r"/\*.*?\*/", "", _leaflet_text("leaflet.css"), flags=re.DOTALL)
    return re.sub(r"url\(([^)#]+)\)", _data_url, style)


def seal_page(
    html: str,
    scripts: Collection[str],
    styles: Collection[str],
    pictures: Collection[str] = (),
    links: Collection[str] = (),
) -> str:
    """Return the page as one closed file with its Content-Security-Policy, or refuse.

    Parameters
    ----------
    html
        A page that links to nothing but the two places above.
    scripts, styles
        Every script and style the page may hold besides Leaflet's; the policy allows no other.
    pictures
        Scheme and host of servers the page may ask for pictures; by default it may ask none.
    links
        Relative addresses of files in other folders of the output that the page may link to.

    Raises
    ------
    OutputError
        If the page holds a script, style, tag, attribute, address or host that is not known.
    """
    page = _inline(html)
    allowed_scripts = frozenset({leaflet_js(), *scripts})
    allowed_styles = frozenset({leaflet_css(), *styles})
    reader = _Reader(links)
    reader.feed(page)
    reader.close()
    faults = [*reader.faults]
    faults += [f"an unknown script: {text[:80]!r}" for text in reader.scripts if text not in allowed_scripts]
    faults += [f"an unknown style: {text[:80]!r}" for text in reader.styles if text not in allowed_styles]
    faults += [f"an address in a style: {url}" for text in reader.styles for url in _style_urls(text)]
    faults += [f"the host {host}" for host in sorted(_hosts(reader.outside_data) - HARMLESS_HOSTS)]
    faults += [f"no host of pictures: {one!r}" for one in pictures if not _HOST.fullmatch(one)]
    faults += [f"no relative address: {one!r}" for one in links if not _RELATIVE.fullmatch(one)]
    if faults:
        found = "; ".join(faults)
        msg = f"map page: expected nothing that loads or runs from outside, found {found}. Report this as a bug."
        raise OutputError(msg)
    policy = _policy(reader.scripts, reader.styles, pictures)
    return page.replace(
        "<head>", f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">', 1
    )


def _inline(html: str) -> str:
    """Return the page with Leaflet's two links replaced by their text."""
    html = html.replace(f'<script src="{LEAFLET_JS}"></script>', f"<script>{leaflet_js()}</script>")
    return re.sub(
        rf'<link rel="stylesheet" href="{re.escape(LEAFLET_CSS)}"\s*/?>',
        lambda _: f"<style>{leaflet_css()}</style>",
        html,
    )


def _policy(scripts: Iterable[str], styles: Iterable[str], pictures: Iterable[str]) -> str:
    """Return a policy that lets only these texts run and nothing load but data: pictures, and those of these hosts."""
    images = " ".join(("data:", *pictures))
    return (
        f"default-src 'none'; script-src {' '.join(map(_digest, scripts))}; "
        f"style-src {' '.join(map(_digest, styles))}; img-src {images}; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _leaflet(name: str) -> bytes:
    return files("xstatic.pkg.leaflet").joinpath("data", *name.split("/")).read_bytes()


def _leaflet_text(name: str) -> str:
    """Return a file with plain line ends: a browser hashes it so, whatever the file has."""
    return _leaflet(name).decode("utf-8").replace("\r\n", "\n")


def _data_url(match: re.Match[str]) -> str:
    """Return a style's picture as a data: address."""
    name = match.group(1).strip("'\"")
    if not re.fullmatch(r"images/[\w-]+\.png", name):
        msg = f"leaflet.css: expected only its own images, found {name!r}. Check the version of XStatic-Leaflet."
        raise OutputError(msg)
    return f"url(data:image/png;base64,{base64.b64encode(_leaflet(name)).decode()})"


def _style_urls(style: str) -> list[str]:
    """Return what a style would load: any url() but data: and fragments, and any import."""
    urls = [url.strip("'\" ") for url in re.findall(r"url\(([^)]*)\)", style)]
    return [url for url in urls if not url.startswith(("data:image/png;base64,", "#"))] + re.findall(
        "@import", style
    )


def _hosts(text: str) -> frozenset[str]:
    return frozenset(
        host.lower() for host in re.findall(r"(?:https?|wss?|ftp)://([^\s/\"'<>)\\]+)", text, re.IGNORECASE)
    )


class _Reader(HTMLParser):
    """Reads a page for all that it could run or load."""

    def __init__(self, links: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self._links = frozenset(links)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.faults: list[str] = []
        self._outside: list[str] = []
        self._open = ""
        self._spared = False

    @property
    def outside_data(self) -> str:
        """Everything but the data islands."""
        return "\n".join([*self._outside, *self.scripts, *self.styles])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag would load or run."""
        values = {name: value or "" for name, value in attrs}
        self._outside += values.values()
        self._open = ""
        if tag in _FORBIDDEN_TAGS:
            self.faults.append(f"a tag <{tag}>")
        for name, value in values.items():
            if name.startswith("on") or name == "style" or (name == "http-equiv" and tag == "meta"):
                self.faults.append(f"an attribute {name} on <{tag}>")
            known = value in self._links or _BESIDE.fullmatch(value) is not None
            beside = known and tag == "a" and name == "href"
            if name in _LOADING and not beside and not value.startswith(("#", "data:,")):
                self.faults.append(f"a link {name}={value!r} on <{tag}>")
        self._spared = self._spared or tag == "noscript"
        if tag == "style":
            self._open = "style"
            self.styles.append("")
        if tag == "script":
            data = values.get("type") in {JSON_TYPE, PACKED_TYPE}
            self._open = "data" if data else "script"
            if not data:
                self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a script or style, and of what is for readers without scripts."""
        self._spared = self._spared and tag != "noscript"
        if tag in {"script", "style"}:
            self._open = ""

    def handle_data(self, data: str) -> None:
        """Gather the text of scripts, of styles and of the page, without the data for readers who run no scripts."""
        if self._open == "script":
            self.scripts[-1] += data
        elif self._open == "style":
            self.styles[-1] += data
        elif not self._open and not self._spared:
            self._outside.append(data)

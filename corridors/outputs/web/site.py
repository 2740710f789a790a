"""The pages of a run that open from its first page, and the relative addresses between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from posixpath import dirname, join, relpath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SITE_PAGES: Mapping[str, Mapping[str, str]] = {
    key: {"es": spanish, "en": english or spanish}
    for key, spanish, english in (
        ("home", "index.html", ""),
        ("map", "map.html", ""),
        ("briefs", "briefs/index.html", ""),
        ("calendar", "calendar/calendar.html", ""),
        ("whatif", "whatif/whatif.html", ""),
        ("narrative", "narrative/narrative.html", ""),
        ("method", "method.html", ""),
        ("validation", "validation/validation.html", ""),
        ("sensitivity", "sensitivity/sensitivity.html", ""),
        ("sources", "sources.html", ""),
        ("ask", "ask.html", ""),
        ("changes", "changes.html", ""),
        ("download", "download.html", ""),
        ("embed", "embed/index.html", "embed/en.html"),
    )
}
"""Every page that a site may have, in the order of its navigation: its file in each language, from the folder of the run."""


class SiteLink(NamedTuple):
    """A link of the navigation: the page's key, its address from here, and "page" or "true" where the reader is there."""

    key: str
    address: str
    current: str


@dataclass(frozen=True, slots=True)
class Site:
    """What can be opened from a page without a network.

    Parameters
    ----------
    pages
        Keys of `SITE_PAGES` that are there; none for a page that stands alone.
    here
        The page itself, from the folder of the run: "briefs/tucson.html".
    """

    pages: frozenset[str] = field(default_factory=frozenset)
    here: str = "index.html"

    def at(self, here: str) -> Site:
        """Return the same site as another of its pages sees it."""
        return replace(self, here=here)

    def beside(self, file: str) -> Site:
        """Return the same site as another file of the same folder sees it."""
        return self.at(join(dirname(self.here), file))

    def address(self, key: str, language: str) -> str:
        """Return the relative address of a page, which opens in a language; "" where it is not there."""
        if key not in self.pages:
            return ""
        return f"{self.path(SITE_PAGES[key][language])}?lang={language}"

    def path(self, file: str) -> str:
        """Return the relative address of any file, given from the folder of the run."""
        return relpath(file, dirname(self.here) or ".")

    def links(self, language: str) -> list[SiteLink]:
        """Return the navigation in a language; nothing where there is no page but this one."""
        shown = [key for key in SITE_PAGES if key in self.pages]
        found = [SiteLink(key, self.address(key, language), self._current(key)) for key in shown]
        return found if any(link.current != "page" for link in found) else []

    def addresses(self) -> frozenset[str]:
        """Return every address of the navigation."""
        return frozenset(self.address(key, language) for key in self.pages for language in SITE_PAGES[key])

    def _current(self, key: str) -> str:
        """Return whether a page is this one ("page"), the first of this one's folder ("true"), or another ("")."""
        files = set(SITE_PAGES[key].values())
        if self.here in files:
            return "page"
        folder = dirname(self.here)
        return "true" if folder and folder in {dirname(file) for file in files} else ""


def site_of(keys: Iterable[str]) -> Site:
    """Return a site of these pages.

    Raises
    ------
    ValueError
        A key is of no page.
    """
    pages = frozenset(keys)
    if unknown := pages - set(SITE_PAGES):
        msg = f"site: expected keys of SITE_PAGES, found {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    return Site(pages)

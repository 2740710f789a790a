"""What stands around the content of every page: the way past the head, navigation, language switch, and footer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.outputs.text.citation import latest_retrieval, plain, run_values
from corridors.outputs.text.translations import load_translations, page_languages, run_translations
from corridors.outputs.web.sealed import template, without_addresses
from corridors.outputs.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations


@dataclass(frozen=True, slots=True)
class Frame:
    """The head and the footer of a page, in both languages.

    Parameters
    ----------
    texts
        By language, the one that the page opens in first.
    site
        The pages that can be opened from this one.
    run
        The run that the page is of; None for a page of tables alone.
    skip
        Key of the text of the first link, and what it leads to, with `{language}` where that has one for each.
    """

    texts: Mapping[str, Translations]
    site: Site
    run: Run | None
    skip: tuple[str, str]

    @property
    def opening(self) -> str:
        """Return the language that the page opens in."""
        return next(iter(self.texts))

    def around(self, body: str) -> str:
        """Return the page's own HTML between its head and its footer."""
        values = {"texts": self.texts, "opening": self.opening, "site": self.site, "skip": self.skip}
        top = template("site_head.html", t=self.texts[self.opening], **values)
        return f"{top}\n{body}\n{self.footer()}"

    def footer(self) -> str:
        """Return the footer: a part for each language, of which the page shows one."""
        said = {language: footer_values(self.run, t) for language, t in self.texts.items()}
        return template("site_foot.html", texts=self.texts, opening=self.opening, said=said)


def frame_of(
    run: Run | None,
    site: Site | None = None,
    *,
    skip: tuple[str, str] = ("brief.skip", "#content"),
    opening: str = "es",
) -> Frame:
    """Return the frame of a page.

    Parameters
    ----------
    run
        The run that the page is of; None for a page of tables alone.
    site
        The pages that can be opened from it, itself among them; by default it stands alone.
    skip
        Key of the text of the first link, and what it leads to.
    opening
        Language it opens in where it is of no run.
    """
    languages = page_languages(run.language if run else opening)
    texts = {one: run_translations(one, run) if run else load_translations(one) for one in languages}
    return Frame(texts, site or Site(), run, skip)


def footer_values(run: Run | None, t: Translations) -> dict[str, str]:
    """Return what the footer says of a run: how to cite it, the day of its newest source, and its settings."""
    if run is None:
        return {}
    day = latest_retrieval(run)
    said = {
        "cite": plain(run, t),
        "day": t("site.foot_date", date=t.day(day)) if day else "",
        "run": t("site.foot_run", fingerprint=run.fingerprint),
        "line": t("run.line", **run_values(run, t)),
    }
    return {name: without_addresses(text) for name, text in said.items()}

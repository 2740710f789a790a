"""The navigation: each page's address from each other, both languages, nothing that is not there."""

from __future__ import annotations

from itertools import product
from posixpath import dirname, join, normpath

import pytest

from corridors.core.errors import OutputError
from corridors.outputs.text import LANGUAGES
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.sealed import seal_page
from corridors.outputs.web.site import SITE_PAGES, Site, site_of
from tests.outputs.toy import toy_run

FILES = sorted({file for files in SITE_PAGES.values() for file in files.values()})


@pytest.mark.parametrize(("here", "language"), [*product([*FILES, "briefs/tucson.html"], LANGUAGES)])
def test_every_page_is_one_click_from_every_other(here: str, language: str) -> None:
    site = site_of(SITE_PAGES).at(here)
    links = site.links(language)
    assert [link.key for link in links] == list(SITE_PAGES)
    for link in links:
        path, _, query = link.address.partition("?")
        assert normpath(join(dirname(here), path)) == SITE_PAGES[link.key][language]
        assert query == f"lang={language}"
    assert [link.key for link in links if link.current == "page"] == [
        key for key, files in SITE_PAGES.items() if here in files.values()
    ]


def test_a_brief_is_in_the_part_of_briefs() -> None:
    links = site_of(["home", "briefs"]).at("briefs/tucson.html").links("es")
    assert {link.key: link.current for link in links} == {"home": "", "briefs": "true"}


def test_a_page_alone_leads_nowhere() -> None:
    assert Site().links("es") == []
    assert site_of(["map"]).at("map.html").links("es") == []
    assert Site().address("map", "es") == ""


def test_only_known_pages_make_a_site() -> None:
    with pytest.raises(ValueError, match="found elsewhere"):
        site_of(["map", "elsewhere"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_shows_one_language_and_holds_both(language: str) -> None:
    frame = frame_of(toy_run(), site_of(["home", "map"]).at("map.html"), opening=language)
    page = frame.around("<main></main>")
    assert page.count('class="site-links"') == 2
    assert page.count('aria-current="page"') == 2
    assert page.count('<a href="index.html?lang=es">') == page.count('<a href="index.html?lang=en">') == 1
    hidden = page.count("hidden")
    assert hidden == 3, "a way past the head, links and a footer of the other language"


def test_the_footer_has_date_run_terms_and_citation() -> None:
    run = toy_run()
    foot = frame_of(run).footer()
    for text in (
        run.fingerprint,
        "Cómo citar",
        "20 de noviembre de 2026",
        "November 20, 2026",
        "MIT",
        "1,200",
    ):
        assert text in foot
    assert "cite" not in frame_of(None).footer()


def sealed(link: str, links: frozenset[str] = frozenset()) -> str:
    return seal_page(f'<html><head></head><body><a href="{link}">x</a></body></html>', [], [], links=links)


@pytest.mark.parametrize("link", ["../index.html?lang=es", "data/ports.csv", "../embed/data/a.geojson"])
def test_a_link_elsewhere_in_the_output_is_allowed_by_name_only(link: str) -> None:
    assert link in sealed(link, frozenset({link}))
    with pytest.raises(OutputError, match="a link href"):
        sealed(link)


@pytest.mark.parametrize(
    "link",
    [
        *("/etc/passwd.html", "//host/x.html", "https://host/x.html", "javascript:x.html", "file:x.html"),
        *("../../x.html", "a/../../x.html", "data/%2e%2e/x.html", "x.html?lang=es&amp;y=1", "x.html#a/b", ""),
        *("a/b/c/d.html", "data\\x.html", "data/.html", "\u0430/x.html"),
    ],
)
def test_no_name_makes_another_address_allowed(link: str) -> None:
    with pytest.raises(OutputError):
        sealed(link, frozenset({link.replace("&amp;", "&")}))


def test_a_link_is_for_readers_to_follow_alone() -> None:
    html = '<html><head><link rel="stylesheet" href="data/a.html"></head><body></body></html>'
    with pytest.raises(OutputError, match="a link href"):
        seal_page(html, [], [], links=frozenset({"data/a.html"}))

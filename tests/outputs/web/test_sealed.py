"""The closing of the page: what is not known does not pass."""

from __future__ import annotations

import pytest

from corridors.core.errors import OutputError
from corridors.outputs.web import sealed

SCRIPT, STYLE = "var a = 1;", "p { color: #000; }"


def page(head: str = "", body: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head>{head}<script src="{sealed.LEAFLET_JS}"></script>'
        f'<link rel="stylesheet" href="{sealed.LEAFLET_CSS}"/><style>{STYLE}</style></head>'
        f"<body>{body}<script>{SCRIPT}</script></body></html>"
    )


def test_leaflet_is_put_inside_with_its_licence() -> None:
    html = sealed.seal_page(page(), [SCRIPT], [STYLE])
    assert "xstatic:" not in html
    assert "Redistribution and use in source and binary forms" in html
    assert "sourceMappingURL" not in html
    assert html.count("data:image/png;base64,") == 3


def test_the_policy_lets_only_the_known_run() -> None:
    html = sealed.seal_page(page(), [SCRIPT], [STYLE])
    policy = html.partition('content="')[2].partition('"')[0]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("'sha256-") == 4
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "extra",
    [
        "<script>alert(1)</script>",
        '<script src="https://cdn.example.org/a.js"></script>',
        '<script src="//cdn.example.org/a.js"></script>',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        "<style>p { background: url(https://example.org/a.png); }</style>",
        '<img src="data:image/png;base64,AA">',
        '<a href="https://example.org">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<p onclick="x()">x</p>',
        '<p style="color: red">x</p>',
        '<iframe src="#"></iframe>',
        '<meta http-equiv="refresh" content="0">',
        "<p>https://example.org</p>",
        '<form action="#"></form>',
    ],
)
def test_anything_else_is_refused(extra: str) -> None:
    with pytest.raises(OutputError, match="expected nothing that loads or runs from outside"):
        sealed.seal_page(page(body=extra), [SCRIPT], [STYLE])


@pytest.mark.parametrize(
    "style", ["@import 'a.css';", "p { background: url(a.png) }", "p { background: url('//a.b') }"]
)
def test_even_a_known_style_may_not_load(style: str) -> None:
    with pytest.raises(OutputError, match="an address in a style"):
        sealed.seal_page(page(body=f"<style>{style}</style>"), [SCRIPT], [STYLE, style])


def test_even_a_known_script_may_not_name_a_host() -> None:
    script = "fetch('https://example.org/x')"
    with pytest.raises(OutputError, match=r"the host example\.org"):
        sealed.seal_page(page(body=f"<script>{script}</script>"), [SCRIPT, script], [STYLE])


def test_addresses_in_data_are_just_text() -> None:
    data = '<script type="application/json" id="x">"https://example.org"</script>'
    assert "https://example.org" in sealed.seal_page(page(body=data), [SCRIPT], [STYLE])
    told = "<noscript><p>https://example.org</p></noscript>"
    assert told in sealed.seal_page(page(body=told), [SCRIPT], [STYLE])
    with pytest.raises(OutputError, match="a link href"):
        sealed.seal_page(
            page(body='<noscript><a href="https://example.org">x</a></noscript>'), [SCRIPT], [STYLE]
        )

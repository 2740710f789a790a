"""The panel that closes ports on the map itself, in a real browser, on the toy world."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corridors.outputs.layers import palette
from corridors.outputs.layers.changes import GAINS, LOSSES
from corridors.outputs.pages import render_map
from corridors.outputs.text import load_translations
from tests.outputs.pdf_reader import color, colors, page_texts, squeezed
from tests.outputs.toy import toy_base, toy_results, toy_run
from tests.outputs.vectors import toy_closure_model, toy_trip_closure_model

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.closures import ClosureModel
    from tests.browser import Reader


@pytest.mark.parametrize("closures", [toy_closure_model(), toy_trip_closure_model()])
def test_a_closed_port_leaves_its_share_to_the_others(
    reader: Reader, tmp_path: Path, closures: ClosureModel
) -> None:
    file = tmp_path / "map.html"
    results = replace(toy_results(), closure_model=closures)
    file.write_text(render_map(results, toy_run(), toy_base()), encoding="utf-8")
    with reader.open(file, "?lang=en") as (page, log):
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert [page.locator(f"#closed-ports .{kind} input").count() for kind in ("city", "bridge")] == [2, 2]
        page.locator("#closed-ports input").first.check()
        row = page.locator("#moved tbody tr", has_text="Saint Helen")  # the other city gains as much
        change, band, after = row.locator("td").all_inner_texts()
        low, high = (float(end) for end in band.split(" … "))
        assert low <= high < 0  # of the change, not of the share
        assert float(change) == -61
        assert after == "0%"
        page.locator("#nothing-moved").click()
        page.locator("#closed-ports .bridge input").first.check()
        city = page.locator("#closed-ports .city input").nth(1)
        assert not city.is_checked()
        assert city.evaluate("one => one.indeterminate")
        city.check()
        assert page.locator("#closed-ports .bridge input").last.is_checked()
        page.locator("#nothing-moved").click()
        assert page.locator("#moved").is_hidden()
        assert log.quiet, log


@pytest.fixture(scope="module")
def panel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("panel") / "map.html"
    results = replace(toy_results(), closure_model=toy_closure_model())
    file.write_text(render_map(results, toy_run(), toy_base()), encoding="utf-8")
    return file


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_scenario_on_paper_is_titled_keyed_and_drawn(reader: Reader, panel_file: Path, paper: str) -> None:
    t = load_translations("es")
    heading, table = squeezed(t("page.title")), squeezed(t("crossings.title"))
    with reader.open(panel_file, "?lang=es") as (page, log):
        plain = page.pdf(format=paper, print_background=True, prefer_css_page_size=True)
        page.evaluate("() => document.querySelector('#whatif').open = true")
        page.locator("#closed-ports input").first.check()
        name = page.locator("#closed-ports label").first.inner_text().strip()
        pdf = page.pdf(format=paper, print_background=True, prefer_css_page_size=True)
        title = t("moved.scenario", changes=t("moved.scenario_closed", ports=name))
        assert page.title() == title
        assert page.locator("h1").inner_text() == t("page.title")  # as it was before
        page.locator("#nothing-moved").evaluate("one => one.click()")
        assert page.title() == t("page.title")
        again = page.pdf(format=paper, print_background=True, prefer_css_page_size=True)
        assert log.quiet, log
    (text,), (usual,), (after,) = page_texts(pdf), page_texts(plain), page_texts(again)
    assert squeezed(title) in text
    for key in ("moved.port_closed", "moved.port_gain", "moved.port_loss", "moved.roads", "moved.change"):
        assert squeezed(t(key)) in text, key
        assert squeezed(t(key)) not in usual, key
    assert text.count(heading) == usual.count(heading) - 1  # left in the citation of the run only
    assert table not in text
    assert table in usual
    assert after == usual
    land, marks = color(palette.LAND), {color(one) for one in (GAINS.colours[2], LOSSES.colours[1])}
    assert {land, color(palette.SEA)} <= colors(plain) & colors(pdf)
    assert marks <= colors(pdf)
    assert not marks & colors(plain)


def test_a_link_shares_the_scenario(reader: Reader, panel_file: Path) -> None:
    with reader.open(panel_file, "?lang=en") as (page, _):
        page.evaluate("() => document.querySelector('#whatif').open = true")
        page.locator("#closed-ports .bridge input").first.check()
        page.locator("#law-switches select").first.select_option("-1")
        shared, title = page.evaluate("() => location.hash"), page.title()
        rows = page.locator("#moved tbody").inner_text()
    assert "/closed=" in shared
    assert "/laws=" in shared
    with reader.open(panel_file, f"?lang=en{shared}") as (page, log):
        assert page.locator("#closed-ports .bridge input").first.is_checked()
        assert page.locator("#law-switches select").first.input_value() == "-1"
        assert page.title() == title
        assert page.locator("#moved tbody").inner_text() == rows
        page.locator("#nothing-moved").click()
        assert not {"closed", "laws"} & set(page.evaluate("() => location.hash.split(/[/=]/)"))
        assert log.quiet, log
    with reader.open(panel_file, "?lang=en#closed=nowhere.%E0/laws=ZZ.1.TX.9") as (page, log):
        assert page.title() == load_translations("en")("page.title")
        assert page.locator("#moved").is_hidden()
        assert log.quiet, log


def test_a_run_without_a_closure_model_has_no_panel(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file) as (page, _):
        assert page.locator("#whatif").is_hidden()

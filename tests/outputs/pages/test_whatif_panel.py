"""The panel that closes ports on the map itself, in a real browser, on the toy world."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corridors.outputs.pages import render_map
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


def test_a_run_without_a_closure_model_has_no_panel(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file) as (page, _):
        assert page.locator("#whatif").is_hidden()

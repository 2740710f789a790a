"""The page of assumptions: closed, literal, bilingual, readable on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from corridors.outputs.pages import render_sensitivity
from corridors.outputs.pages.sensitivity import KINDS
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.hostile import HOSTILE
from tests.outputs.pages.test_map_browser import SIZES, axe
from tests.outputs.toy import toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Reader

STEADY, MOVED = "Steady road", HOSTILE[0]
OTHERS = [
    ("demand", "population", np.nan),
    ("lens", "one_year", np.nan),
    ("inspection", "equal", np.nan),
    ("part", "", 0.1),
    ("laws", "", -1.09),
    ("beta_us", "", 0.6),
    ("beta_us", "", 0.1),
]


def tables() -> dict[str, pd.DataFrame]:
    """Two results of each kind: no change moves the first, every change the second, one more than another."""
    rows = [
        (kind, f"{kind}{n}", name, *other, 0.3 - n / 10, n + 1, 0.25, n + 1 - n * (3 + k), n * (3 + k))
        for kind in KINDS
        for k, other in enumerate(OTHERS)
        for n, name in enumerate((STEADY, MOVED))
    ]
    columns = [
        "kind",
        "id",
        "name",
        "assumption",
        "choice",
        "value",
        "share_run",
        "rank_run",
        "share",
        "rank",
        "change",
    ]
    changes = pd.DataFrame(rows, columns=columns).assign(name_es=lambda rows: rows["name"])
    ids = changes[["kind", "id"]].drop_duplicates()
    parts = [
        ids.assign(assumption=name, total=total, total_half95=0.1)
        for name, total in (("demand", 0.6), ("laws", -0.01))
    ]
    ranges = [
        ("demand", "run.demand", np.nan, np.nan, np.nan, "combined population", "combined", 0.7),
        ("part", "", 0.0, 0.035, 0.1, "", "", 0.05),
        ("laws", "priors.laws", -1.09, -0.545, 0.0, "", "", 0.25),
    ]
    columns = ["assumption", "setting", "low", "run", "high", "choices", "run_choice", "weight"]
    return {
        "changes": changes,
        "variance": pd.concat(parts),
        "assumptions": pd.DataFrame(ranges, columns=columns),
    }


def test_the_same_tables_give_the_same_bytes() -> None:
    assert render_sensitivity(tables(), toy_run()) == render_sensitivity(tables(), toy_run())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_accessible_and_literal(
    reader: Reader, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    file = tmp_path / "sensitivity.html"
    file.write_text(render_sensitivity(tables(), toy_run()), encoding="utf-8")
    words = load_translations(language)
    with reader.open(file, f"?lang={language}", size=size) as (page, log):
        assert page.title() == words("sensitivity.title")
        assert page.locator("main details:visible").count() == len(KINDS)
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        shown = str(page.evaluate("() => document.body.innerText"))
        assert log.quiet, log
    assert shown.count(MOVED) == shown.count(STEADY) == len(KINDS)
    assert shown.count(words("sensitivity.none")) == len(KINDS)
    moved = words("sensitivity.moved", count="7", all="7", low="-7", high="2")
    assert shown.count(moved) == len(KINDS)
    # the greatest move first
    assert shown.index("0.1 →") < shown.index("0.6 →") < shown.index("-1.09 →") < shown.index("10% →")
    assert words("demand.population") in shown
    assert words("why.laws") in shown
    assert not [word for word in ("undefined", "nan", "None", "{") if word in shown]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_the_whole_variance_is_no_number(language: str) -> None:
    words = load_translations(language)
    known = tables()
    steady = words("sensitivity.hangs_on", assumption=words("assumption.demand"), part=words.share(0.6))
    few = known["variance"].assign(total=known["variance"]["total"].replace(0.6, 1.47))
    pages = [
        render_sensitivity(known | {"variance": variance}, toy_run()) for variance in (known["variance"], few)
    ]
    said = words("sensitivity.hangs_on_imprecise", assumption=words("assumption.demand"))
    assert [page.count(steady) for page in pages] == [2 * len(KINDS), 0]
    assert [page.count(said) for page in pages] == [0, 2 * len(KINDS)]
    assert words.share(1.47) not in pages[1]
    assert f">{words('sensitivity.imprecise')}<" in pages[1]

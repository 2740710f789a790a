"""The paper's figures beside the newest: every line has a source and a limit, computed shares are correct."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.jobs.inputs import default_data
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.figures import LINES
from corridors.outputs.text import LANGUAGES, load_translations

if TYPE_CHECKING:
    from pathlib import Path


def test_every_figure_has_its_source_and_what_it_does_not_say(outreach: Path) -> None:
    page = unescape((outreach / "narrative/narrative.html").read_text(encoding="utf-8"))
    assert "://" not in page.replace("http://www.w3.org", "")
    for language in LANGUAGES:
        words = load_translations(language)
        for line in LINES:
            assert words(f"narrative.{line.name}_not") in page
    for figure in {one for line in LINES for one in (*line.then, *line.now)}:
        for column in ("value", "source", "period", "target"):
            assert f'data-id="data/figures.csv#{figure}#{column}"' in page
    for said in ("104,850", "73,684", "67.5", "69.3", "70.4", "15,668", "16,343", "41.0", "15.0", "19.0"):
        assert said in page


def test_us_sourced_is_not_traced_to_a_buyer() -> None:
    lines = {line.name: line for line in LINES}
    assert {"USS07", "USS08", "GAO16_us"} <= set(lines["us_share"].then)
    assert "GAO16_us" not in (*lines["traced"].then, *lines["traced"].now)
    figures = pd.read_csv(default_data() / "figures.csv").set_index("id")
    assert figures.loc[["USS07", "USS07_n", "USS08", "USS08_n"], "value"].tolist() == [
        69.3,
        15668,
        70.4,
        16343,
    ]
    assert figures.loc["USS07", "period"] == "2017"
    assert figures.loc["USS08", "period"] == "2018"


def test_agencies_own_reports_are_the_sources_where_the_figure_is_theirs() -> None:
    figures = pd.read_csv(default_data() / "figures.csv").set_index("id")
    own = figures[figures["read_at"].notna() & (figures["read_at"] != figures["url"])]
    hosts = own["url"].str.extract(r"https://www\.(gao|atf)\.gov/")[0]
    assert {"USS01", "GAO16_us", "CHN01", "USS04", "USS07"} <= set(own.index)
    assert hosts.notna().all()
    assert not figures["source"].str.contains("New Boston Post|commentary site").any()


def test_every_figure_of_second_hand_is_marked_with_where_it_was_read(outreach: Path) -> None:
    figures = pd.read_csv(default_data() / "figures.csv").set_index("id")
    reported = figures[figures["source"].str.contains("reported|cited in|copy of", regex=True)]
    assert reported["read_at"].notna().all()
    assert figures["read_at"].isna().sum() > 5
    page = unescape((outreach / "narrative/narrative.html").read_text(encoding="utf-8"))
    spanish = page.split('<article lang="es"')[1].split("</article>")[0]
    for one in {name for line in LINES for name in (*line.then, *line.now)}:
        marked = f'data-id="data/figures.csv#{one}#read_at"' in spanish
        assert marked == isinstance(figures["read_at"][one], str), one
    for place in ("newbostonpost.com", "lavisionatl.com", "hellboundanddown.com", "la nota 13 del estudio"):
        assert f">{place}</data>, no en el informe" in spanish


def test_no_statement_for_public_use_rests_on_a_figure_of_second_hand(outreach: Path) -> None:
    figures = pd.read_csv(default_data() / "figures.csv").set_index("id")
    for page in (outreach / "briefs").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        for said in text.split('<div class="columns say">')[1:]:
            cited = set(re.findall(r'data-id="data/figures\.csv#(\w+)#value"', said.split("</div>")[0]))
            assert cited == {"USS03"}
            assert figures.loc[sorted(cited), "read_at"].isna().all()


def test_what_publishers_said_in_english_is_said_in_spanish(outreach: Path) -> None:
    page = (outreach / "narrative/narrative.html").read_text(encoding="utf-8")
    spanish = page.split('<article lang="es"')[1].split("</article>")[0]
    assert 'lang="en"' not in spanish
    assert "GAO, informe GAO-16-223 (enero de 2016)" in spanish
    assert ">ATF, NFCTA, volumen IV (enero de 2025), según La Vision<" in spanish
    assert ">GAO-16-223" not in spanish


def test_words_nobody_translated_are_shown_and_marked_as_english() -> None:
    table = pd.DataFrame({"source": ["A new <agency>"]}, index=["X1"])
    shown = CitedNumbers(load_translations("es"), {"data/figures.csv": table}).published(
        "data/figures.csv", "source", "X1"
    )
    assert shown.startswith('<span lang="en"><data')
    assert "A new &lt;agency&gt;" in shown


def test_computed_shares_are_of_the_figures_they_name(outreach: Path) -> None:
    parts = pd.read_csv(outreach / "narrative/parts.csv").set_index("part")["share"]
    figures = pd.read_csv(default_data() / "figures.csv").set_index("id")["value"]
    for name, share in parts.items():
        one, whole = str(name).split("/")
        assert share == pytest.approx(figures[one] / figures[whole], abs=5e-5)
    assert figures["GAO16_us"] / figures["GAO16_traced"] == pytest.approx(0.7027, abs=1e-4)

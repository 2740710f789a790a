"""Every format against an independent reading of the same bytes: pandas for tables, another library for the rest."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from corridors.sources.registry import FORMATS
from tests.sources.agencies import test_borders
from tests.sources.agency_tables import TABLES, filled
from tests.sources.dress import check_account
from tests.sources.variants import Variant, read, variants, write

if TYPE_CHECKING:
    from corridors.sources.schemas import Context

quick = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
ELSEWHERE = {
    "calendar_ics": "agencies/test_gun_shows_days.py::test_days_are_those_of_another_library",
    "marco_geoestadistico": "roads/test_differential.py::test_outlines",
    "osm_pbf": "roads/test_differential.py::test_openstreetmap",
    "osm_xml": "roads/test_differential.py::test_openstreetmap",
    "overpass": "roads/test_osm_city.py::test_overpass_gives_what_the_files_give",
    "graphml": "roads/test_differential.py::test_graphs",
    "road_table": "roads/test_differential.py::test_lines",
    "travel_mapping": "roads/test_differential.py::test_waypoints",
    "cbp_wait": "test_differential.py::test_the_feed_of_waits",
}
"""Formats that are no delimited table: the test that reads their bytes by another library."""


def test_every_format_is_read_by_another_library() -> None:
    assert sorted([*TABLES, *ELSEWHERE]) == sorted(FORMATS)
    for place in ELSEWHERE.values():
        file, name = place.split("::")
        assert re.search(
            rf"^def {name}\b", (Path(__file__).parent / file).read_text(encoding="utf-8"), re.MULTILINE
        ), place


@pytest.mark.parametrize("format_id", TABLES)
def test_every_variant_of_a_table_has_the_sums_of_pandas(
    format_id: str, tmp_path_factory: pytest.TempPathFactory, context: Context
) -> None:
    table, folder = TABLES[format_id], tmp_path_factory.mktemp(format_id)

    @given(how=variants(len(table.header)), counts=st.lists(st.integers(0, 4000), min_size=6, max_size=12))
    @quick
    def same(how: Variant, counts: list[int]) -> None:
        if table.alone:
            how = replace(how, wrap=how.wrap.removesuffix(" of two"))
        path = write(folder, table.stem, table.header, filled(table, counts), how)
        loaded = FORMATS[format_id].read(path, context)
        check_account(loaded.report)
        assert table.ours(loaded) == table.rival(read(path, how))

    same()


@given(
    hours=st.lists(
        st.sampled_from(["24 hrs/day", "6 am-10 pm", "Midnight to noon", ""]), min_size=1, max_size=3
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    indent=st.sampled_from([None, 2]),
)
@quick
def test_the_feed_of_waits(
    tmp_path: Path, context: Context, hours: list[str], encoding: str, indent: int | None
) -> None:
    feed = [
        test_borders._feed(number, open_)
        for number, open_ in zip(("260401", "260402", "250401"), hours, strict=False)
    ]
    path = tmp_path / "bwt.json"
    path.write_bytes(
        json.dumps(
            [*feed, test_borders._feed("070801", "24 hrs/day", "Canadian Border")], indent=indent
        ).encode(encoding)
    )
    loaded = FORMATS["cbp_wait"].read(path, context)
    check_account(loaded.report)
    rival = {
        record["port_number"]: record["hours"]
        for record in json.loads(path.read_bytes().decode(encoding))
        if "Mexic" in record["border"]
    }
    lengths = {"24 hrs/day": 24, "6 am-10 pm": 16, "Midnight to noon": 12, "": -1}
    found = loaded.tables["port_hours"].set_index("cbp_bwt_number")["hours_open"].fillna(-1)
    assert found.to_dict() == {number: lengths[text] for number, text in rival.items()}

"""What is read has limits, checked before memory is taken: every way to make a small file large ends in a fault, and fast."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import resource
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.errors import SchemaError
from corridors.core.limits import MAX_TABLES, LimitSettings, limited_to, limits
from corridors.core.unreadable import UnreadableError
from corridors.sources.agencies.gun_show_lines import read_raw_events
from corridors.sources.reading import json_records
from corridors.sources.reading.delimited import read_text_table
from corridors.sources.reading.excel import excel_sheets
from corridors.sources.reading.json_records import read_json
from corridors.sources.reading.plain import read_table
from corridors.sources.reading.sample import SMALL as SAMPLED
from corridors.sources.registry import guess_format, load_as
from corridors.sources.roads.graphml import read_graphml
from corridors.sources.roads.osm_city import read_xml
from corridors.sources.roads.travel_mapping import read_waypoints
from tests.sources.agency_tables import TABLES, Table, filled
from tests.sources.dress import table_text
from tests.sources.variants import Count

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.sources.schemas import Context

SMALL = LimitSettings(unpacked_mb=1, rows=50, columns=20, cells=200, nodes=30, way_nodes=10, events=8)
SHEET = "xl/worksheets/sheet1.xml"
LINES = b"fecha,estado,municipio,largas,cortas\n" + b"2020-01-01,Sonora,Nogales,1,2\n" * 100_000


def as_text(path: Path, _: Context) -> object:
    """Read a table of text."""
    return read_text_table(path)


def counts_in(table: Table) -> bool:
    """Return whether the cells of a table that are filled are counts of their own, not rows written so many times."""
    return not table.repeated and any(isinstance(cell, Count) for row in filled(table, [1]) for cell in row)


def zipped(**files: bytes) -> bytes:
    """Return a zip of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def sheet(change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of two rows whose sheet is changed."""
    book = openpyxl.Workbook()
    for row in (["fecha", "estado", "largas"], ["2020-01-01", "Sonora", 1]):
        book.worksheets[0].append(row)
    whole, stream = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == SHEET else old.read(one))
    return stream.getvalue()


def calendar(*events: str) -> bytes:
    """Return a calendar."""
    blocks = [f"BEGIN:VEVENT\r\nUID:{at}\r\n{one}\r\nEND:VEVENT" for at, one in enumerate(events)]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *blocks, "END:VCALENDAR", ""]).encode()


def merged(area: str) -> bytes:
    """Return a workbook with a merged area."""
    mark = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    return sheet(lambda xml: xml.replace(b"</sheetData>", mark))


DAY = "DTSTART;VALUE=DATE:20270116"
NODES = "".join(f"<node id='{at}' version='1' lat='31.{at}' lon='-111'/>" for at in range(1, 40))
FEW = NODES.partition("<node id='26'")[0]
WAY = "".join(f"<nd ref='{at}'/>" for at in range(1, 25))
FILES: dict[str, tuple[str, bytes]] = {
    "rows.csv": ("rows", b"a,b\n" + b"1,2\n" * 60),
    "columns.csv": ("columns", b",".join(b"c%d" % at for at in range(30)) + b"\n" + b"1," * 29 + b"1\n"),
    "large.csv": ("bytes", LINES),
    "bomb.csv.gz": ("bytes", gzip.compress(LINES)),
    "bomb.csv.bz2": ("bytes", bz2.compress(LINES)),
    "bomb.zip": ("bytes", zipped(a__csv=LINES)),
    "many.zip": ("bytes", zipped(**{f"a{at}__csv": LINES[:200_000] for at in range(6)})),
    "inner.zip": ("bytes", zipped(b__zip=zipped(a__csv=LINES))),
    "cells.xlsx": (
        "cells",
        sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData><row>" + b"<c/>" * 300 + b"</row>")),
    ),
    "row.xlsx": (
        "rows and",
        sheet(lambda xml: xml.replace(b'"2"', b'"2000000000"').replace(b'A2"', b'A2000000000"')),
    ),
    "merged.xlsx": ("merged cells", merged("A1:XFD1000000")),
    "beyond.xlsx": ("rows and", merged("A1:ZZZZ9")),
    "large.xlsx": ("bytes", sheet(lambda xml: xml + b" " * 1_200_000)),
    "large.json": ("bytes", b"[" + b"1," * 500_000 + b"1]"),
    "events.ics": ("events", calendar(*[DAY] * 9)),
    "days.ics": ("events", calendar("\r\n".join([DAY, *["RDATE;VALUE=DATE:20270117"] * 9]))),
    "line.ics": ("bytes", calendar(f"SUMMARY:{'x' * 1_100_000}")),
    "nodes.osm": ("nodes", f"<osm version='0.6'>{NODES}</osm>".encode()),
    "way.osm": (
        "nodes",
        f"<osm version='0.6'>{FEW}<way id='1' version='1'>{WAY}<tag k='highway' v='primary'/></way></osm>".encode(),
    ),
    "nodes.graphml": ("nodes", b"<graphml><graph>" + b"<node id='1'/>" * 31 + b"</graph></graphml>"),
    "waypoints.zip": ("bytes", zipped(**{"hwy_data/AZ/usai/az.i010__wpt": LINES})),
}
READ: dict[str, Callable[[Path, Context], object]] = {
    ".ics": lambda path, _: read_raw_events(path),
    ".osm": read_xml,
    ".graphml": read_graphml,
    ".json": lambda path, _: read_json(path),
    ".xlsx": lambda path, _: excel_sheets(path, path.read_bytes()),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_beyond_a_limit_is_a_fault(name: str, tmp_path: Path, context: Context) -> None:
    words, content = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    read = read_waypoints if name == "waypoints.zip" else READ.get(path.suffix, as_text)
    with limited_to(SMALL), pytest.raises(SchemaError, match=words) as raised:
        read(path, context)
    (fault,) = raised.value.faults
    assert fault.file == str(path)
    assert "at most" in fault.expected or "bytes" in fault.found


def test_a_bomb_below_the_limit_is_known_by_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * (80 << 20)))
    with pytest.raises(SchemaError, match="unpack to 300 times"):
        read_text_table(path)


def test_tables_of_ones_own_have_limits_too(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": range(60)})
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_parquet(tmp_path / "a.parquet")
    for path in (tmp_path / "a.csv", tmp_path / "a.parquet"):
        assert len(read_table(path, "a").table) == 60
        with limited_to(SMALL), pytest.raises(SchemaError, match="at most 50 rows"):
            read_table(path, "a")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("town.csv", [f"Hall {at},Mesa,AZ,2027-01-{16 + at % 2},," for at in range(400)]),
        ("rule.csv", [f"Hall {at},Mesa,AZ,2027-01-16,,FREQ=DAILY" for at in range(30)]),
    ],
)
def test_a_calendar_that_would_take_hours_is_refused_at_once(
    name: str, rows: list[str], tmp_path: Path, context: Context
) -> None:
    path = tmp_path / name
    path.write_text("\n".join(["venue,city,state,start,end,recurrence", *rows, ""]), encoding="utf-8")
    start = time.process_time()
    with pytest.raises(SchemaError, match="at most"):
        load_as(path, "calendar_csv", context)
    assert time.process_time() - start < 30


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 2000))
def test_other_limits_end_with_their_block(rows: int) -> None:
    before = limits()
    with limited_to(LimitSettings(rows=rows)):
        assert limits().rows == rows
    assert limits() == before


def test_the_page_of_limits_says_what_the_code_does() -> None:
    page = (Path(__file__).parents[2] / "docs/limits-of-input.md").read_text(encoding="utf-8")
    stated = {name: int(number.replace(",", "")) for name, number in re.findall(r"`(\w+)` \| ([\d,]+)", page)}
    assert stated == LimitSettings().model_dump()


def test_memory_is_not_taken_before_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as stream:
        for _ in range(300):
            stream.write(b"\0" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SchemaError, match="unpack to 300 times"):
        read_text_table(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if counts_in(table)])
def test_a_count_beyond_64_bits_is_a_fault_of_its_cell(tmp_path: Path, context: Context, name: str) -> None:
    table = TABLES[name]
    path = tmp_path / f"{table.stem}.csv"
    rows = [[10**20 if isinstance(cell, Count) else cell for cell in row] for row in filled(table, [1])]
    path.write_text(table_text(table.header, rows), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_as(path, name, context)
    assert not isinstance(caught.value, UnreadableError)
    found = [one for one in caught.value.faults if one.found == f"{str(10**20)!r}: a trillion or more"]
    assert found
    assert all(one.row and one.column for one in found)


def test_a_guess_reads_what_is_too_large_once(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(
        gzip.compress(b"fecha,largas\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(90_000)))
    )
    assert path.stat().st_size > SAMPLED
    with (
        limited_to(SMALL),
        pytest.raises(SchemaError, match="more than 1,000,000 bytes when unpacked") as caught,
    ):
        guess_format(path, context)
    assert len(caught.value.faults) == 1


def test_a_zip_of_more_tables_than_are_read_is_refused_by_a_guess(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(**{f"{n}__csv": b"fecha,largas\n2020-01-01,1\n" for n in range(MAX_TABLES + 1)}))
    with pytest.raises(SchemaError, match=f"at most {MAX_TABLES:,} tables"):
        guess_format(path, context)


@pytest.mark.parametrize("part", [b"{}", b"[]", b"1", b'{"a":[1,2]}'])
def test_json_of_too_many_values_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    monkeypatch.setattr(json_records, "MAX_JSON_VALUES", 500)
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + b",".join([part] * 600) + b"]")
    with pytest.raises(SchemaError, match="JSON of at most 500 values"):
        read_json(path)
    path.write_bytes(b"[" + b",".join([part] * 90) + b"]")
    assert len(read_json(path)) == 90


@pytest.mark.parametrize("form", ["road_table", "transborder"])
def test_a_zip_of_names_without_end_is_refused(tmp_path: Path, context: Context, form: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(**{"a/" * 20_000 + "b__csv": b"fecha,largas\n"}))
    with pytest.raises(SchemaError, match="names have at most 1,024 characters"):
        load_as(path, form, context)

"""Small files that are large inside: one of each kind that a reader could be given."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MIB = 1 << 20
HEADER, ROW = b"fecha,estado,municipio,largas,cortas\n", b"2020-01-01,Sonora,Nogales,1,2\n"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
OF_STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))


def write_bombs(folder: Path) -> None:
    """Write the bombs that are not yet in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in _bombs().items():
        if not (folder / name).exists():
            (folder / name).write_bytes(made())
    if not (folder / "bomb_raster.tif").exists():
        _raster(folder / "bomb_raster.tif")
    if not (folder / "bomb_rows.parquet").exists():
        _rows(folder / "bomb_rows.parquet")


def _bombs() -> dict[str, Callable[[], bytes]]:
    """Return what makes each file, by name."""
    rows = HEADER + ROW * (64 * MIB // len(ROW))
    show = "DTSTART:20270116T090000\r\nDTEND:20270117T170000\r\nLOCATION:Hall\\, {}\\, AZ"
    return {
        "bomb_8_gb.csv.gz": lambda: gzip.compress(rows) + gzip.compress(ROW * (64 * MIB // len(ROW))) * 128,
        "bomb_zeros.csv.gz": lambda: gzip.compress(bytes(64 * MIB)) * 32,
        "bomb_2_gb.zip": lambda: zipped(_much(b"TRDTYPE,USASTATE,DEPE\n", b"1,AZ,2601\n", 2048)),
        "bomb_20000_members.zip": lambda: zipped((f"{n}.csv", [HEADER + ROW]) for n in range(20_000)),
        "bomb_nested.zip": lambda: _nested(zipped(_much(HEADER, ROW, 64)), 6),
        "bomb_names.zip": lambda: zipped(("a/" * 20_000 + f"{n}.csv", [ROW]) for n in range(20)),
        "bomb_deep.json": lambda: b"[" * 200_000 + b"]" * 200_000,
        "bomb_deep.geojson": lambda: b'{"type":"FeatureCollection","features":' + b"[" * 500_000,
        "bomb_deep_keys.json": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "bomb_wide.json": lambda: json.dumps([{str(n): n for n in range(200_000)}] * 20).encode(),
        "bomb_many.json": lambda: b"[" + b",".join([b'{"port_number":"250401"}'] * 4_000_000) + b"]",
        "bomb_digits.json": lambda: b"[" + b"9" * 50_000_000 + b"]",
        "bomb_columns.csv": lambda: (",".join(f"c{n}" for n in range(100_000)) + "\n").encode() * 2,
        "bomb_one_line.csv": lambda: HEADER + b"x" * (200 * MIB),
        "bomb_quote.csv": lambda: HEADER + b'"' + ROW * (100 * MIB // len(ROW)),
        "bomb_rows.csv": lambda: HEADER + b",,,,\n" * 6_000_000,
        "bomb_strings.xlsx": lambda: workbook(
            {STRINGS: _xml("sst", "<si><t>" + "x" * (400 * MIB) + "</t></si>")}
        ),
        "bomb_laughs.xlsx": lambda: workbook(
            {
                SHEET: f"<!DOCTYPE w [{LAUGHS}]><worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>"
            }
        ),
        "bomb_row_number.xlsx": lambda: workbook(
            {SHEET: _sheet('<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')}
        ),
        "bomb_cells.xlsx": lambda: workbook(
            {SHEET: _sheet("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>", 1_000)}
        ),
        "bomb_merged.xlsx": lambda: workbook(
            {
                SHEET: _xml(
                    "worksheet",
                    "<sheetData/><mergeCells>"
                    + '<mergeCell ref="A1:XFD1048576"/>' * 100_000
                    + "</mergeCells>",
                )
            }
        ),
        "bomb_deep.xlsx": lambda: workbook({SHEET: "<a>" * 500_000}),
        "bomb_laughs.osm": f"<!DOCTYPE osm [{LAUGHS}]><osm><node id='1' lat='31' lon='-110' v='&l9;'/></osm>".encode,
        "bomb_nodes.osm": lambda: b"<osm>" + b'<node id="1" lat="31" lon="-110"/>' * 4_000_000,
        "bomb_deep.osm": lambda: b"<osm>" * 500_000,
        "bomb_laughs.graphml": f"<!DOCTYPE g [{LAUGHS}]><graphml>&l9;</graphml>".encode,
        "bomb_nodes.graphml": lambda: b"<graphml><graph>" + b'<node id="1"/>' * 4_000_000,
        "bomb_deep.graphml": lambda: b"<graphml>" * 500_000,
        "bomb_laughs.kml": f"<!DOCTYPE k [{LAUGHS}]><kml><name>&l9;</name></kml>".encode,
        "bomb_deep.kml": lambda: b"<kml>" * 500_000,
        "bomb_line.ics": lambda: calendar([show.format("Mesa") + "\r\nDESCRIPTION:" + "x" * (50 * MIB)]),
        "bomb_folds.ics": lambda: calendar([show.format("Mesa") + "\r\nDESCRIPTION:" + "x\r\n " * 5_000_000]),
        "bomb_events.ics": lambda: calendar([show.format("Mesa")] * 20_000),
        "bomb_series.ics": lambda: calendar([show.format("Tucson") + "\r\nRRULE:FREQ=DAILY"] * 2_000),
        "bomb_secondly.ics": lambda: calendar([show.format("Mesa") + "\r\nRRULE:FREQ=SECONDLY"]),
        "bomb_deep.ics": lambda: b"BEGIN:VCALENDAR\r\n" * 200_000,
        "bomb_deep.toml": lambda: b"a = " + b"[" * 100_000 + b"]" * 100_000,
        "bomb_dots.toml": lambda: b".".join([b"a"] * 400_000) + b" = 1\n",
        "bomb_digits.toml": lambda: b"a = " + b"9" * 900_000,
        "bomb_large.toml": lambda: b"# x\n" * 50_000_000,
        "bomb.osm.pbf": lambda: bytes(50 * MIB),
        "bomb_bz2.csv": lambda: bz2.compress(rows),
    }


def _much(head: bytes, row: bytes, mib: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Return one table of so many mebibytes, in parts."""
    part = row * (MIB // len(row))
    yield "a.csv", (head if n == 0 else part for n in range(mib + 1))


def zipped(files: Iterator[tuple[str, Iterator[bytes] | list[bytes]]]) -> bytes:
    """Return a zip of files that are given in parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in files:
            with archive.open(name, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part)
    return stream.getvalue()


def _nested(content: bytes, depth: int) -> bytes:
    """Return a zip in zips, ten times in each."""
    for _ in range(depth):
        content = zipped((f"{n}.zip", [content]) for n in range(10))
    return content


def workbook(parts: dict[str, str]) -> bytes:
    """Return a workbook in which some parts are replaced."""
    whole, stream = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["fecha", "estado", "largas"])
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            content = parts[name].encode() if name in parts else old.read(name)
            new.writestr(name, content.replace(b"</Types>", OF_STRINGS + b"</Types>"))
    return stream.getvalue()


def _xml(root: str, inside: str) -> str:
    """Return a part of a workbook."""
    return f'<{root} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</{root}>'


def _sheet(row: str, times: int = 1) -> str:
    """Return a sheet of equal rows."""
    return _xml("worksheet", f"<sheetData>{row * times}</sheetData>")


def calendar(events: list[str]) -> bytes:
    """Return a calendar."""
    blocks = [f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}\r\nEND:VEVENT" for n, one in enumerate(events)]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *blocks, "END:VCALENDAR", ""]).encode()


def _raster(path: Path) -> None:
    """Write a raster of 160 GB of which nothing is on the disk."""
    size = 200_000
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=size,
        height=size,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=rasterio.Affine(40 / size, 0.0, -125.0, 0.0, -30 / size, 43.0),
        sparse_ok=True,
        tiled=True,
        blockxsize=4096,
        blockysize=4096,
        compress="deflate",
        bigtiff="yes",
    ):
        pass


def _rows(path: Path) -> None:
    """Write a table of a hundred million equal rows."""
    table = pa.table({"Root": pa.array(["tx.i035"]).take(np.zeros(5_000_000, np.int64))})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(table)

"""Files as the world sends them: the command line gives the right numbers, or the right fault, for each.

The files in `tests/cases` are small, written after public bug reports and real files of agencies, one folder a kind.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from corridors.cli import app as cli
from corridors.jobs import check
from corridors.jobs.inputs import default_data
from corridors.sources.tables import load_all

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """A file, the format it is checked as, and what the command line gives: rows kept, sums, and words."""

    file: str
    kept: int | None
    period: str | None = None
    sums: tuple[tuple[str, float], ...] = ()
    words: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, the words of its fault, and the format it is checked as."""

    file: str
    words: tuple[str, ...]
    name: str = ""


SEDENA, ROADS = "sedena", "road_table"
MONTHS = ("taken as months to come",)
READ = (
    Case(
        "01-ics-utc-day/utc-ca.ics",
        2,
        words=('"end": "2027-01-16"', '"start": "2027-02-19"', '"end": "2027-02-19"'),
    ),
    Case("03-ics-two-dtstamps/dup-dtstamp.ics", 1, words=('"start": "2027-01-16"', '"end": "2027-01-17"')),
    Case("05-ics-two-statuses/dup-status.ics", 1, words=('"occurrence": "cancelled"',)),
    Case("09-ics-odd-created/one-bad-created.ics", 1, words=('"start": "2027-01-16"',)),
    Case("10-ics-unfolded-line/brokenline.ics", 1, words=('"start": "2027-01-16"',)),
    Case("11-ics-no-state/loc3.ics", 1, words=('"city": "Tucson"', '"us_state": "AZ"')),
    Case("11-ics-no-state/loc7.ics", 1, words=('"city": "El Paso"', '"us_state": "TX"')),
    Case("13-ics-windows-zone/nodtstamp.ics", 1, words=('"start": "2027-01-16"', '"end": "2027-01-17"')),
    Case("13-ics-windows-zone/bom.ics", 2),
    Case(
        "15-sedena-sheet-a-year/sed-years.xlsx",
        3,
        "2019..2021",
        (("firearms", 63),),
        ("2020", "2021"),
        SEDENA,
    ),
    Case("17-atf-sheet-a-state/0126-ffl-list-states.xlsx", 3, "2026-01", (("dealers", 3),), ("'NM'", "'TX'")),
    Case("18-sedena-merged-states/sed-merged.xlsx", 4, "2021..2021", (("firearms", 26),), name=SEDENA),
    Case("21-sedena-serials-with-time/sed-serial.xlsx", 3, "2021..2021", (("firearms", 18),), name=SEDENA),
    Case(
        "24-sedena-two-row-header/sed-2row.xlsx", 2, None, (("long_guns", 6), ("short_guns", 5)), name=SEDENA
    ),
    Case(
        "24-sedena-two-row-header/sed-nbsp.xlsx", 1, None, (("long_guns", 5), ("short_guns", 3)), name=SEDENA
    ),
    Case("28-sesnsp-noughts-to-come/IDM_zero_future.csv", 2, "2026-01..2026-07", (), MONTHS),
    Case(
        "28-sesnsp-noughts-to-come/IDEFC_zero_future.csv", 2, "2026-01..2026-07", (), MONTHS, "sesnsp_state"
    ),
    Case("31-sesnsp-encodings/IDM_semicolon.csv", 2, None, (("case_files", 15),)),
    Case("31-sesnsp-encodings/IDM_utf16.csv", 2, None, (("case_files", 15),)),
    Case("31-sesnsp-encodings/IDM_zero_future_latin.csv", 2, None, (("case_files", 15),)),
    Case("31-sesnsp-encodings/IDM_th.csv", 1, None, (("case_files", 1300),)),
    Case("33-atf-without-expiry/0214-ffl-list.txt", 4, None, (("dealers", 4),), ("not checked",), "atf_list"),
    Case("34-atf-quotes/0226-ffl-list.csv", 2),
    Case("34-atf-quotes/0326-ffl-list.txt", 3),
    Case("34-atf-quotes/0426-ffl-list.txt", 4),
    Case("34-atf-quotes/0726-ffl-list.csv", 4),
    Case("38-nan-coordinates/mixed.parquet", 4, words=("NaN or infinite",), name=ROADS),
    Case("41-negative-ids/neg.osm", 4),
    Case("41-negative-ids/neg.osm.pbf", 4),
    Case(
        "42-beyond-the-box/tx-ga.osm.pbf", 4, words=('"outside the region (lon -125..-84, lat 13..43)": 4',)
    ),
    Case(
        "42-beyond-the-box/tx-mt.osm.pbf", 4, words=('"outside the region (lon -125..-84, lat 13..43)": 4',)
    ),
    Case(
        "43-extract-without-a-port/road.osm.pbf", 6, None, (("km", 38.175),), ("at least one port of entry",)
    ),
    Case("45-graphml-list-of-classes/road-v2-s.graphml", 9, None, (("km", 41.05),)),
    Case("45-graphml-list-of-classes/road-v19-s.graphml", 9, None, (("km", 41.05),)),
    Case("47-graphml-oneway-1/nx-ow1.graphml", 4, words=('"oneway": true',)),
    Case(
        "50-geofabrik-oneway/ft2.parquet",
        4,
        words=('"oneway": true', "4 of 4 roads are one-way", "roads that lead there and back"),
        name=ROADS,
    ),
    Case("53-zip-of-shapefile/rshp.zip", 4, name=ROADS),
    Case("66-console-cp1252/sed-cyr.csv", None, name=SEDENA),
)
REFUSED = (
    Refused("07-ics-series-ended/old-series.ics", ("within 18 months",)),
    Refused("07-ics-series-ended/until-before.ics", ("within 18 months",)),
    Refused("11-ics-no-state/noloc-state.ics", ("no state in the location", "Phoenix Fairgrounds")),
    Refused("20-sedena-dots/sed-dots.csv", ("'1.000'",), SEDENA),
    Refused("23-sedena-formulas/sed-formula.xlsx", ("a formula without a saved value",), SEDENA),
    Refused(
        "29-sesnsp-old-method/IDM_MAnterior.csv", ("INEGI", "TIPO", "the old method"), "sesnsp_municipal"
    ),
    Refused("37-graphml-metres/nx-metres.graphml", ("node 'a'", "Check the CRS")),
    Refused("38-nan-coordinates/nx-nan.graphml", ("node 'a'", "nan")),
    Refused("40-graphml-bad-wkt/nx-badwkt.graphml", ("edge 'a' to 'b'", "LINESTRING (0 0, bad)")),
    Refused("53-zip-of-shapefile/r.csv", (".shp", ".fgb", "found '.csv'"), ROADS),
)


@pytest.fixture(scope="module", autouse=True)
def _shipped_once() -> Iterator[None]:
    """Load the shipped tables once for all cases."""
    tables = load_all(default_data())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "load_all", lambda *_, **__: dict(tables))
        yield


def checked(patch: pytest.MonkeyPatch, path: Path, *words: str) -> object:
    """Run the command `check` in this process and return its exit code."""
    patch.setattr(sys, "argv", ["corridors", "check", str(path), *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0


def named(name: str) -> list[str]:
    return ["--as", name] if name else []


@pytest.mark.parametrize("case", READ, ids=lambda case: case.file)
def test_file_is_read(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(monkeypatch, CASES / case.file, "--json", *named(case.name)) == 0
    out = capsys.readouterr().out
    found: dict[str, Any] = json.loads(out)
    sums = {name: total for table in found["tables"] for name, total in table["sums"].items()}
    assert case.kept in {found["kept"], None}
    assert case.period in {found["period"], None}
    assert {name: sums[name] for name, _ in case.sums} == dict(case.sums)
    assert [word for word in case.words if word not in out] == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.file)
def test_file_is_refused(
    case: Refused, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(monkeypatch, CASES / case.file, *named(case.name)) == 2
    err = capsys.readouterr().err
    assert [word for word in case.words if word not in err] == []


def test_an_old_excel_file_is_called_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "database.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    assert checked(monkeypatch, path, "--as", "tufts_1991") == 2
    assert "an old Excel file (.xls)" in capsys.readouterr().err


def test_an_elevation_of_egypt_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "egypt.tif"
    place = from_origin(25, 35, 0.1, 0.1)
    shape = {"width": 100, "height": 100, "count": 1, "dtype": "int16", "nodata": -9999}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=place, **shape) as raster:
        raster.write(np.ones((100, 100), "int16"), 1)
    assert checked(monkeypatch, path, "--as", "elevation") == 2
    assert "-120" in capsys.readouterr().err

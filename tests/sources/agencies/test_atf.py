"""ATF's list and layer: the same table in any dress, no name in it, and nothing wrong from a damaged file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.atf import (
    FORMATS,
    expiry_month,
    five_digits,
    load_layer,
    load_list,
    month_of,
    read_list,
    retail_by_state,
)
from corridors.sources.reading.delimited import UNENDED
from tests.raw import RAW, needs_raw
from tests.sources.dress import as_bytes, check_account, dresses, quick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

FRAGMENTS = RAW / "us/atf_monthly_fragment"
HEADER = (
    *(
        "LIC_REGN",
        "LIC_DIST",
        "LIC_CNTY",
        "LIC_TYPE",
        "LIC_XPRDTE",
        "LIC_SEQN",
        "LICENSE_NAME",
        "BUSINESS_NAME",
    ),
    *("PREMISE_STREET", "PREMISE_CITY", "PREMISE_STATE", "PREMISE_ZIP_CODE"),
    *("MAIL_STREET", "MAIL_CITY", "MAIL_STATE", "MAIL_ZIP_CODE", "VOICE_PHONE"),
)
CODES = (0, 1, 2, 3, 5)
# Region, district, county, type, expiry, number, state, ZIP: Tucson twice (ZIP+4), Nogales, El Paso, San Diego.
SHOPS: tuple[tuple[str, ...], ...] = (
    ("9", "86", "019", "01", "5M", "00001", "AZ", "85701"),
    ("9", "86", "019", "07", "6A", "00002", "AZ", "857011234"),
    ("9", "86", "023", "02", "5J", "00003", "AZ", "85621"),
    ("5", "74", "141", "08", "4C", "00004", "TX", "79901-0001"),
    ("9", "33", "073", "01", "5D", "00005", "CA", "92101"),
    ("9", "33", "073", "06", "5D", "00006", "CA", "92101"),  # ammunition maker: not retail
    ("1", "58", "003", "01", "5D", "00007", "FL", "03260"),  # another state
    ("5", "74", "141", "01", "2A", "00008", "TX", "79901"),  # expired in January 2012
    ("5", "85", "013", "01", "5B", "00009", "NM", "junk"),  # placed at Doña Ana County
    ("5", "85", "013", "01", "5B", "00010", "NM", "79901"),  # a ZIP code of Texas: Doña Ana County
    ("9", "86", "019", "01", "5B", "00011", "AZ", "86403"),  # Lake Havasu City, over 100 km from Pima County
    ("9", "86", "003", "01", "5B", "00012", "AZ", "85701"),  # Tucson, near Cochise County
    ("5", "74", "999", "01", "5B", "00013", "TX", "79901"),  # no such county
    ("5", "74", "999", "01", "5B", "00014", "TX", ""),  # nor ZIP code
)
WANTED = {
    ("", "04019"): 1,
    ("85701", "04019"): 3,
    ("85621", "04023"): 1,
    ("92101", "06073"): 1,
    ("", "35013"): 2,
    ("79901", "48141"): 2,
}
DROPPED = {
    "license of a type that does not sell to the public": 1,
    "outside Arizona, California, New Mexico and Texas": 1,
    "license expired more than a year before the list": 1,
    "neither ZIP code nor county is known": 1,
}
SECRETS = ("HIDALGO GARZA", "PEÑA GUNS", "SECRET ST", "SECRETVILLE", "5550")


def _row(shop: Sequence[str], number: int = 0) -> list[str]:
    who = [
        f"{SECRETS[0]} {number}, JR",
        "NULL" if number % 2 else SECRETS[1],
        f"{number} {SECRETS[2]}",
        SECRETS[3],
    ]
    return [*shop[:6], *who, *shop[6:], who[2], who[3], shop[6], shop[7], f"{SECRETS[4]}{number:06d}"]


ROWS = [_row(shop, number) for number, shop in enumerate(SHOPS)]
DASHES = ["--------"] * len(HEADER)


def _text(header: Sequence[str], rows: Sequence[Sequence[str]], newline: str = "\n") -> str:
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in (header, *rows)]
    return newline.join("\t".join(row) for row in quoted) + newline


def _counts(loaded: Loaded) -> dict[tuple[str, str], int]:
    check_account(loaded.report)
    table = loaded.tables["dealers_zip"]
    assert not {"license_name", "voice_phone"} & set(table.columns)
    table = table.assign(zip=table["zip"].where(table["zip"].notna(), ""))
    return {(row["zip"], row["fips"]): row["dealers"] for row in table.to_dict("records")}


@needs_raw
@pytest.mark.parametrize(
    ("name", "rows", "kept", "dropped", "states"),
    [
        ("0413-ffl-list.txt", 600, 571, {"not retail": 29}, {"MA": 500, "PR": 39, "RI": 21, "VI": 11}),
        (
            "0613-ffl-list.txt",
            900,
            860,
            {UNENDED: 1, "not retail": 39},
            {"MA": 507, "NC": 289, "PR": 41, "RI": 12, "VI": 11},
        ),
    ],
)
def test_the_real_fragments(
    context: Context, name: str, rows: int, kept: int, dropped: dict[str, int], states: dict[str, int]
) -> None:
    path = FRAGMENTS / name
    retail = read_list(path)
    report = retail.row_report.to_report("atf_list", path, retail.read, unit="licenses", period=retail.month)
    check_account(report)
    short = {
        reason.replace(next(iter(DROPPED)), "not retail"): count for reason, count in report.dropped.items()
    }
    assert (report.rows, report.kept, short) == (rows, kept, dropped)
    assert retail_by_state(retail) == states
    assert retail.month == f"20{name[2:4]}-{name[:2]}"
    with pytest.raises(SchemaError, match=r"none of .* retail licenses \(states: MA"):
        load_list(path, context)


@pytest.mark.parametrize("style", ["LIC_REGN", "Lic Regn", "dashes", "xlsx", "xlsx numbers"])
def test_the_list_in_each_official_form(tmp_path: Path, context: Context, style: str) -> None:
    path = tmp_path / f"0413-ffl-list-complete.{'xlsx' if 'xlsx' in style else 'txt'}"
    names = [name.replace("_", " ").title() for name in HEADER] if style == "Lic Regn" else list(HEADER)
    if "xlsx" in style:
        book = openpyxl.Workbook()
        book.active.append(names)
        for row in ROWS:
            numbers = style == "xlsx numbers"
            book.active.append([int(cell) if numbers and cell.isdigit() else cell for cell in row])
        book.save(path)
    else:
        rows = [DASHES, *ROWS] if style == "dashes" else ROWS
        path.write_text(_text(names, rows), encoding="utf-8")
    loaded = load_list(path, context)
    assert _counts(loaded) == WANTED
    assert loaded.report.dropped == DROPPED
    assert loaded.report.rows == len(ROWS)
    assert loaded.report.period == "2013-04"
    assert loaded.tables["dealers_zip"]["month"].eq("2013-04").all()
    notes = " ".join(loaded.report.notes)
    assert "2 licenses placed at their county: the ZIP code is junk" in notes
    assert "1 licenses placed at their county: the ZIP code lies more than 100 km" in notes
    assert "1 licenses placed at their ZIP code, whose county is another" in notes
    assert "1 licenses placed at their ZIP code: the county code is unknown" in notes


def test_points_come_from_zip_codes_or_counties(
    tmp_path: Path, context: Context, tables: Mapping[str, pd.DataFrame]
) -> None:
    path = tmp_path / "0413-ffl-list.txt"
    path.write_text(_text(HEADER, ROWS), encoding="utf-8")
    table = load_list(path, context).tables["dealers_zip"]
    points = tables["zip_points"].set_index("zip")
    by_zip = table[table["placed_by"] == "zip"]
    assert (by_zip["lon"].to_numpy() == points.loc[by_zip["zip"], "lon"].to_numpy()).all()
    county = table[table["placed_by"].eq("county") & table["fips"].eq("35013")]
    assert county[["lon", "lat"]].to_numpy()[0] == pytest.approx([-106.8, 32.35], abs=0.1)


@given(dress=dresses(len(HEADER), len(ROWS)), case=st.booleans())
@quick
def test_any_dress_gives_the_same_table(tmp_path: Path, context: Context, dress: Any, case: bool) -> None:  # noqa: FBT001
    names = [HEADER[at].lower() if case else HEADER[at] for at in dress.columns]
    rows = [list(ROWS[row]) for row in dress.rows]
    if not dress.padded:
        rows = [[cell.lstrip("0") if at in CODES else cell for at, cell in enumerate(row)] for row in rows]
    cells = [[row[at] for at in dress.columns] for row in rows]
    if dress.extra:
        names, cells = [*names, "Note"], [[*row, "años"] for row in cells]
    path = tmp_path / "0413-ffl-list.txt"
    path.write_bytes(as_bytes(_text(names, [DASHES[: len(names)], *cells], dress.newline), dress.encoding))
    if dress.extra:
        path.write_bytes(as_bytes(_text(names, cells, dress.newline), dress.encoding))
    loaded = load_list(path, context)
    assert _counts(loaded) == WANTED
    assert loaded.report.dropped == DROPPED


@given(cut=st.integers(0, 3000))
@quick
def test_a_cut_list_is_an_error_or_counts_the_row(tmp_path: Path, context: Context, cut: int) -> None:
    content = _text(HEADER, [DASHES, *ROWS], "\r\n").encode()
    path = tmp_path / "0413-ffl-list.txt"
    path.write_bytes(content[:cut])
    try:
        loaded = load_list(path, context)
    except SchemaError:
        return
    check_account(loaded.report)
    end = content.rfind(b"\n", 0, cut) + 1
    whole = cut >= len(content) or cut == end or content[:cut].endswith(b"\r")
    assert loaded.report.dropped.get(UNENDED, 0) == (0 if whole else 1)
    path.write_bytes(content[: cut + 1 if content[:cut].endswith(b"\r") else end])
    pd.testing.assert_frame_equal(
        loaded.tables["dealers_zip"], load_list(path, context).tables["dealers_zip"]
    )


@given(at=st.integers(0, 2500), byte=st.sampled_from([0x00, 0x09, 0x0A, 0x22, 0x80, 0xFF]))
@quick
def test_a_wrong_byte_never_adds_a_licence(tmp_path: Path, context: Context, at: int, byte: int) -> None:
    content = bytearray(_text(HEADER, ROWS).encode())
    content[at % len(content)] = byte
    path = tmp_path / "0413-ffl-list.txt"
    path.write_bytes(bytes(content))
    try:
        loaded = load_list(path, context)
    except SchemaError:
        return
    check_account(loaded.report)
    assert sum(_counts(loaded).values()) <= sum(WANTED.values()) + 1


def test_nothing_of_a_licensee_survives(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "0413-ffl-list.txt"
    features = [
        {"properties": {f"USER_{name}": cell for name, cell in zip(HEADER, row, strict=True)}} for row in ROWS
    ]
    layer = tmp_path / "layer.geojson"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    path.write_text(_text(HEADER, [*ROWS, ROWS[0][:5], [*ROWS[1], "MORE"]]), encoding="utf-8")
    for loaded in (load_list(path, context), load_layer(layer, context)):
        seen = loaded.tables["dealers_zip"].to_csv() + repr(loaded.report)
        assert not [secret for secret in (*SECRETS, "00001", "MORE", "NULL") if secret in seen]
        assert loaded.tables["dealers_zip"].columns.tolist() == [
            *("zip", "fips", "us_state", "lon", "lat", "dealers", "placed_by", "month"),
        ]
    path.write_text(_text(HEADER, [ROWS[6], ROWS[0][:5]]), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_list(path, context)
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


def test_repeats_are_dropped_whatever_their_order(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "0413-ffl-list.txt"
    moved = [*ROWS[0]]
    moved[11] = "85621"
    found = []
    for rows in ([*ROWS, ROWS[2], moved], [moved, ROWS[2], *reversed(ROWS)]):
        path.write_text(_text(HEADER, rows), encoding="utf-8")
        loaded = load_list(path, context)
        assert loaded.report.dropped["license listed before"] == 2
        found.append(_counts(loaded))
    assert found[0] == found[1]
    assert sum(found[0].values()) == sum(WANTED.values())


def _feature(row: Sequence[str]) -> dict[str, object]:
    """The feature of a row, codes and ZIP codes as whole numbers."""
    cells = {
        f"USER_{name}": int(cell) if cell.isdigit() and "XPRDTE" not in name else cell
        for name, cell in zip(HEADER, row, strict=True)
    }
    point = {"type": "Point", "coordinates": [-110.9, 32.2]}
    return {"type": "Feature", "properties": {**cells, "Score": 98.5, "Match_addr": "X"}, "geometry": point}


@pytest.mark.parametrize("form", ["geojson", "esri", "csv"])
def test_the_layer(tmp_path: Path, context: Context, form: str) -> None:
    features = [_feature(row) for row in ROWS]
    path = tmp_path / f"ffl_2013-04.{'csv' if form == 'csv' else 'json'}"
    if form == "csv":
        pd.DataFrame([feature["properties"] for feature in features]).to_csv(path, index=False)
    else:
        name = "properties" if form == "geojson" else "attributes"
        listed = [{name: feature["properties"]} for feature in features]
        path.write_text(json.dumps({"features": listed, "exceededTransferLimit": False}))
    loaded = load_layer(path, context)
    assert _counts(loaded) == WANTED
    assert loaded.report.dropped == DROPPED
    unnamed = path.rename(tmp_path / path.name.replace("2013-04", "mine"))
    loaded = load_layer(unnamed, context)
    assert loaded.report.dropped.get("license expired more than a year before the list", 0) == 0
    assert any("no month" in note for note in loaded.report.notes)
    assert loaded.tables["dealers_zip"]["month"].isna().all()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"error": {"code": 400, "message": "Invalid query"}}, "an error of the service: 'Invalid query'"),
        ({"features": [_feature(ROWS[0])], "exceededTransferLimit": True}, "one page of several: 1 features"),
        (
            {"features": [_feature(ROWS[0])], "properties": {"exceededTransferLimit": True}},
            "one page of several",
        ),
        ({"features": []}, "a list of records"),
        ([1], "a GeoJSON collection"),
        ({"features": [{"properties": {"USER_LIC_REGN": 1}}]}, "user_lic_dist"),
    ],
)
def test_what_the_layer_answers_instead_of_rows(
    tmp_path: Path, context: Context, value: object, says: str
) -> None:
    path = tmp_path / "layer.geojson"
    path.write_text(json.dumps(value))
    with pytest.raises(SchemaError, match=says):
        load_layer(path, context)
    path.write_text(json.dumps(value)[:-1])
    with pytest.raises(SchemaError, match="complete JSON"):
        load_layer(path, context)


@pytest.mark.parametrize(
    ("code", "month", "ahead"),
    [
        ("4L", "2013-06", 17),
        ("2M", "2013-06", -6),
        ("6H", "2013-04", 40),
        ("9A", "2021-01", -24),
        ("1A", "2019-12", 13),
        ("8D", "2013-04", -60),
        ("4I", "2013-06", None),
        ("16", "2013-06", None),
        ("", "2013-06", None),
    ],
)
def test_expiry(code: str, month: str, ahead: int | None) -> None:
    assert expiry_month(code, month) == ahead


@given(year=st.integers(2003, 2040), month=st.integers(1, 12), ahead=st.integers(-12, 36))
def test_expiry_is_read_back_for_every_licence_in_force(year: int, month: int, ahead: int) -> None:
    total = year * 12 + month - 1 + ahead
    code = f"{total // 12 % 10}{'ABCDEFGHJKLM'[total % 12]}"
    assert expiry_month(code, f"{year}-{month:02d}") == ahead


def test_zip_codes_and_months_of_names() -> None:
    cells = ["85701", "857011234", "85701-1234", "602", "00602", "14569.", "85701.0", "X5701", "", "8570"]
    assert five_digits(pd.Series(cells, dtype="str")).tolist() == [
        *("85701", "85701", "85701", "00602", "00602", "14569", "85701", "", "", "08570")
    ]
    assert month_of("1123-ffl-list.txt") == "2023-11"
    assert month_of("list-1323.txt") == ""


def test_formats_are_told_apart() -> None:
    assert [item.id for item in FORMATS] == ["atf_list", "atf_arcgis"]
    assert not FORMATS[0].signature & FORMATS[1].signature


@pytest.mark.parametrize("suffix", ["txt", "xlsx"])
def test_a_list_without_expiry_is_read_with_a_note(tmp_path: Path, context: Context, suffix: str) -> None:
    kept = ["LIC_REGN", "LIC_DIST", "LIC_CNTY", "LIC_TYPE", "LIC_SEQN", "PREMISE_STATE", "PREMISE_ZIP_CODE"]
    rows = [kept, *([*shop[:4], *shop[5:]] for shop in SHOPS[:5])]
    path = tmp_path / f"0214-ffl-list.{suffix}"
    if suffix == "txt":
        path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.create_sheet("NM").append(kept)
        book["NM"].append([*SHOPS[8][:4], *SHOPS[8][5:]])
        book.save(path)
    loaded = load_list(path, context)
    assert loaded.report.kept == 5 + (suffix == "xlsx")
    assert "the list has no column of expiry, so expiry was not checked" in loaded.report.notes

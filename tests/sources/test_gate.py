"""The gate behind every format: a poisoned table from any reader is refused, by name and by guess."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from corridors.core.errors import SchemaError
from corridors.sources import registry
from corridors.sources.registry import FORMATS, guess_format, load_as
from corridors.sources.schemas.columns import MOST
from corridors.sources.schemas.formats import Context, Loaded, Report
from corridors.sources.schemas.gate import KNOWN, check_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from corridors.core.schema import Column, Schema

    Tables = Mapping[str, pd.DataFrame]

MADE = [(form.id, table_id) for form in FORMATS.values() for table_id in form.tables]
EXAMPLES = {
    r"\d{5}": "85001",
    r"\d{4}-(0[1-9]|1[0-2])": "2024-05",
    r"[0-9a-z]{6}": "250401",
}
FAR = 1e6
MOST_COLUMNS = 8
"""Columns spoiled in each table: laws have a hundred alike."""


def cell(rule: Column, tables: Tables) -> Any:
    """Return a value that a column allows."""
    if rule.choices:
        return rule.choices[0]
    if rule.refers:
        return tables[rule.refers[0]][rule.refers[1]].iloc[0]
    if rule.pattern:
        return EXAMPLES[rule.pattern]
    if rule.kind in {"integer", "number"}:
        return rule.low or 0
    return pd.Timestamp("2024-05-01") if rule.kind == "date" else "text"


def good(table_id: str, tables: Tables) -> pd.DataFrame:
    """Return a few rows that pass: shipped ones, or one made by the schema where none ship."""
    if table_id in tables:
        return tables[table_id].head(3).drop(columns=["source_id", "source_row"])
    return pd.DataFrame({name: [cell(rule, tables)] for name, rule in KNOWN[table_id].columns.items()})


def poisons(table: pd.DataFrame, schema: Schema) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table wrong in one way after another, each with its name."""
    yield "no rows", table.head(0)
    yield "a key twice", pd.concat([table, table.head(1)], ignore_index=True)
    for name, rule in list(schema.columns.items())[:MOST_COLUMNS]:
        if not rule.empty:
            yield f"no column {name}", table.drop(columns=name)
            yield f"an empty {name}", with_cell(table, name, None)
        if rule.low is not None:
            yield f"{name} too low", with_cell(table, name, rule.low - 1)
        if rule.high is not None:
            yield f"{name} too high", with_cell(table, name, rule.high + 1)
        if rule.kind in {"integer", "number"}:
            yield f"{name} infinite", with_cell(table, name, np.inf)
        if rule.kind == "integer":
            yield f"{name} halved", with_cell(table, name, (rule.low or 0) + 0.5)
        if rule.pattern or rule.choices:
            yield f"{name} of another form", with_cell(table, name, "?")
        if rule.refers:
            unknown = 10**9 if rule.kind == "integer" else "99999" if rule.pattern == r"\d{5}" else "ZZ-ZZZ"
            yield f"{name} unknown", with_cell(table, name, unknown)
    if schema.geometry:
        yield from misplaced(gpd.GeoDataFrame(table))


def with_cell(table: pd.DataFrame, name: str, value: object) -> pd.DataFrame:
    """Return the table with another value in the first cell of a column."""
    cells = table[name].astype(object).tolist()
    return table.assign(**{name: pd.Series([value, *cells[1:]], index=table.index, dtype=object)})


def misplaced(table: gpd.GeoDataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table with its shapes wrong in one way after another."""
    first = table.geometry.iloc[0]
    spoiled: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "axes swapped": lambda xy: xy[:, ::-1],
        "meters as degrees": lambda xy: xy * FAR,
        "another hemisphere": lambda xy: -xy,
        "longitudes from 0": lambda xy: xy % 360,
        "NaN": lambda xy: np.where(np.arange(len(xy))[:, None] == 1, np.nan, xy),
        "infinite": lambda xy: np.where(np.arange(len(xy))[:, None] == 1, np.inf, xy),
        "no extent": lambda xy: np.repeat(xy[:1], len(xy), axis=0),
    }
    for name, change in spoiled.items():
        yield name, with_shape(table, shapely.transform(first, change))
    yield "an empty shape", with_shape(table, type(first)())
    yield "no shape", with_shape(table, None)
    yield "points", with_shape(table, first.representative_point())
    yield "meters said", table.to_crs(6372)
    yield "no CRS", table.set_crs(None, allow_override=True)
    yield "no geometry", pd.DataFrame(table.drop(columns="geometry"))


def with_shape(table: gpd.GeoDataFrame, shape: object) -> gpd.GeoDataFrame:
    """Return the table with another first shape."""
    shapes = [shape, *table.geometry.tolist()[1:]]
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=shapes, crs=table.crs)


def reads(form_id: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the registry with one format, whose reader makes some tables whatever the file."""
    report = Report(form_id, "mine", 1, 1)
    form = replace(
        FORMATS[form_id], read=lambda *_: Loaded(tables, report), suffixes=(".any",), signature=frozenset()
    )
    return {form_id: form}


def is_refused(ask: Callable[[], object]) -> bool:
    """Return whether a reading ends in faults."""
    try:
        ask()
    except SchemaError as error:
        return bool(error.faults)
    return False


def test_every_format_names_tables_with_a_schema() -> None:
    assert MADE
    assert {table_id for _, table_id in MADE} <= set(KNOWN)


@pytest.mark.parametrize(("form_id", "table_id"), MADE)
def test_the_gate_closes_behind_every_format(
    form_id: str, table_id: str, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reader makes is asked again: rows in order pass, each poisoned copy of them is refused."""
    path = tmp_path / "mine.any"
    path.write_bytes(b"")
    table, context = good(table_id, tables), Context(tables)
    monkeypatch.setattr(registry, "FORMATS", reads(form_id, {table_id: table}))
    assert len(load_as(path, form_id, context).tables[table_id]) == len(table)
    assert guess_format(path, context)[0].id == form_id
    passed = []
    for what, poisoned in poisons(table, KNOWN[table_id]):
        monkeypatch.setattr(registry, "FORMATS", reads(form_id, {table_id: poisoned}))
        if not is_refused(lambda: load_as(path, form_id, context)):
            passed.append(what)
    assert passed == []
    assert is_refused(lambda: guess_format(path, context))


def test_a_row_that_a_loader_made_is_named_by_its_key(tables: Tables) -> None:
    """A made table is sorted: its row numbers are not the file's."""
    table = with_cell(good("dealers", tables), "dealers", -1)
    with pytest.raises(SchemaError) as caught:
        check_table("dealers", table, file="mine.csv", tables=tables)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column) == (None, "dealers")
    assert fault.found.endswith(f"(fips {table['fips'].iloc[0]}, year {table['year'].iloc[0]})")


def test_every_count_has_a_limit() -> None:
    """A municipality of a million million firearms once passed."""
    counts = {
        f"{name}.{column}": rule.high
        for name, schema in KNOWN.items()
        for column, rule in schema.columns.items()
        if rule.unit in MOST
    }
    assert {"seizures_municipal.firearms", "dealers_zip.dealers", "crossings.value"} <= set(counts)
    assert [name for name, high in counts.items() if high is None] == []


def test_a_count_beyond_its_limit_is_named_by_its_place(tables: Tables, tmp_path: Path) -> None:
    """The made table is sorted and summed: its row numbers are not the file's."""
    path = tmp_path / "mine.csv"
    rows = ["2021,SONORA,NOGALES,900000000000,0", "2021,SINALOA,CULIACAN,1,0"]
    path.write_text(
        "\n".join(["ANO,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS", *rows, ""]), encoding="utf-8"
    )
    with pytest.raises(SchemaError) as caught:
        load_as(path, "sedena", Context(tables))
    faults = caught.value.faults
    assert {fault.column for fault in faults} == {"long_guns", "firearms"}
    assert all(fault.row is None and fault.found == "900000000000 (cvegeo 26043)" for fault in faults)


def test_tables_of_one_file_refer_to_each_other(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outline of a municipality that the same file does not list is refused, though the default tables list it."""
    places = good("municipalities", tables).head(1)
    outlines = good("municipality_polygons", tables).head(2)
    loaded = {"municipality_polygons": outlines, "municipalities": places}
    monkeypatch.setattr(registry, "FORMATS", reads("marco_geoestadistico", loaded))
    with pytest.raises(SchemaError, match="a cvegeo of table 'municipalities'"):
        load_as(tmp_path / "mine.any", "marco_geoestadistico", Context(tables))

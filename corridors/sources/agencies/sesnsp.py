"""Homicides of SESNSP: case files by municipality (`IDM_NM`) or state (`IDEFC`), and victims by state (`IDVFC`).

Monthly counts, one row per place, year and way of the crime (victims: also sex and age). Traps: `Cve. Municipio` is
a number that lost its zero (2004 is 02004); xx998 and xx999 are not municipalities; future months are blank or
0 in every row; "Tentativa de homicidio doloso" is not a homicide; case files are not victims. From January 2026 (the "n"
files) crimes are classified anew: rows of both are never joined without a note, and `series` marks the break.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.municipality_names import NO_CODE, NO_STATE, municipality_code, state_code
from corridors.sources.agencies.row_report import (
    MONTHS,
    RowReport,
    coverage_note,
    finish_mx_table,
    months_by,
    period_of,
    reference_table,
    repeated_rows,
    shorten_list,
    states_covered,
    uneven_years_note,
    wanted_columns,
    without_months_to_come,
)
from corridors.sources.reading.delimited import TextTable, fault, pick, read_text_table
from corridors.sources.reading.encoding import folded_column, folded_name
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.schemas.formats import Context

BREAK = 2026
_OLD = frozenset({"inegi", "modalidad", "tipo", "subtipo", "entidad"})
CRIME, FIREARM = "homicidio doloso", "con arma de fuego"
_NOT_PLACES = ("998", "999")
_STATE: Mapping[str, Sequence[str]] = {
    "year": ("ano", "anio"),
    "code": ("clave_ent", "cve_ent"),
    "state": ("entidad",),
    "crime": ("subtipo_de_delito", "subtipo"),
    "way": ("modalidad",),
    **{month: (month,) for month in MONTHS},
}
_PLACE: Mapping[str, Sequence[str]] = {
    "place": ("cve_municipio", "cve_mun", "clave_municipio"),
    "name": ("municipio",),
}
_PEOPLE: Mapping[str, Sequence[str]] = {"sex": ("sexo",), "age": ("rango_de_edad",)}
_COMMON = frozenset({"ano", "clave_ent", "entidad", "subtipo_de_delito", "modalidad", *MONTHS})


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the three files: its id, columns, and unit of count."""

    id: str
    wanted: Mapping[str, Sequence[str]]
    signature: frozenset[str]
    counted: str
    foreign: Mapping[str, str]


_MUNICIPAL = _Kind(
    "sesnsp_municipal",
    {**_STATE, **_PLACE},
    _COMMON | {"cve_municipio", "municipio"},
    "case files",
    {"sexo": "sesnsp_victims"},
)
_STATES = _Kind(
    "sesnsp_state",
    _STATE,
    _COMMON,
    "case files",
    {"sexo": "sesnsp_victims", "cve_municipio": "sesnsp_municipal"},
)
_VICTIMS = _Kind(
    "sesnsp_victims",
    {**_STATE, **_PEOPLE, **{name: (*aliases, "") for name, aliases in _PLACE.items()}},
    _COMMON | {"sexo", "rango_de_edad"},
    "victims",
    {},
)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of intentional homicide: year, state, place, whether by firearm, and the count of each month."""

    table: pd.DataFrame
    counts: pd.DataFrame
    period: str


def read_municipal(path: Path, context: Context) -> Loaded:
    """Return `homicides_municipal`: case files of intentional homicide over the whole file, by municipality.

    `firearm_homicides` are case files with a firearm as SESNSP counts them, not an estimate: `counted` says so.

    Raises
    ------
    SchemaError
        When a column is absent, a count is not a number, or a row is given twice with different counts.
    """
    read, row_report, rows = _homicides(_MUNICIPAL, path, context)
    table = rows.table.assign(total=rows.counts.sum(axis=1))
    table = table.assign(firearm=table["total"].where(table["firearm"], 0))
    by_place = table.groupby(["state", "cvegeo"])[["total", "firearm"]].sum().reset_index()
    by_state = by_place.groupby("state")[["total", "firearm"]].transform("sum")
    share = (by_state["firearm"] / by_state["total"].mask(by_state["total"] == 0, 1)).astype("float64")
    made = pd.DataFrame(
        {
            "cvegeo": by_place["cvegeo"],
            "case_files": by_place["total"],
            "firearm_share": share,
            "firearm_homicides": by_place["firearm"].astype("float64"),
            "counted": _MUNICIPAL.counted,
        }
    )
    row_report.note(
        "firearm_homicides are case files as published, not an estimate; a case file may have several victims",
        f"counts are sums over {rows.period}",
        coverage_note(made["cvegeo"], context.tables["municipalities"]),
    )
    tables = {"homicides_municipal": finish_mx_table("homicides_municipal", made, path, context)}
    unit = "rows of municipality, year and way of crime"
    return Loaded(tables, row_report.to_report(_MUNICIPAL.id, path, read, unit=unit, period=rows.period))


def read_state(path: Path, context: Context) -> Loaded:
    """Return `homicides_state` counted in case files, as `counted` says.

    Raises
    ------
    SchemaError
        When a column is absent, a count is not a number, or a row is given twice with different counts.
    """
    return _by_state(_STATES, path, context)


def read_victims(path: Path, context: Context) -> Loaded:
    """Return `homicides_state` counted in victims, women and men of every age together.

    Raises
    ------
    SchemaError
        When a column is absent, a count is not a number, or a row is given twice with different counts.
    """
    return _by_state(_VICTIMS, path, context)


def _by_state(kind: _Kind, path: Path, context: Context) -> Loaded:
    """Return homicides by state and year, and the months of the year that have data."""
    read, row_report, rows = _homicides(kind, path, context)
    total = rows.counts.sum(axis=1)
    keys = [rows.table["state"].rename("mx_state"), rows.table["year"]]
    made = pd.DataFrame(
        {
            "months": months_by(rows.counts, keys),
            "homicides": total.groupby(keys).sum(),
            "firearm_homicides": total.where(rows.table["firearm"], 0).groupby(keys).sum(),
        }
    )
    made = made[made["months"] > 0].reset_index().assign(counted=kind.counted)
    row_report.note(f"covers {states_covered(made['mx_state'], context.tables['municipalities'])}")
    made["series"] = (made["year"] >= BREAK).map({True: f"from {BREAK}", False: f"until {BREAK - 1}"})
    if kind.counted == "case files":
        row_report.note("counts are case files, not victims: a case file may have several victims")
    tables = {"homicides_state": finish_mx_table("homicides_state", made, path, context)}
    unit = f"rows of state, year, way of crime{', sex and age' if kind is _VICTIMS else ''}"
    return Loaded(tables, row_report.to_report(kind.id, path, read, unit=unit, period=rows.period))


def _homicides(kind: _Kind, path: Path, context: Context) -> tuple[TextTable, RowReport, _Rows]:
    """Return the file, the report of its rows, and the rows of intentional homicide."""
    wanted = wanted_columns(kind.wanted, context) | set(kind.foreign)
    read = read_text_table(path, sheet=context.columns.get("sheet"), names=kind.signature, columns=wanted)
    _refuse_foreign(kind, read, path)
    _refuse_old(read, path, context)
    table = pick(read, kind.wanted, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    crimes = {crime: folded_name(crime) for crime in table["crime"].unique()}
    row_report.drop(table["crime"].map(crimes) != CRIME, "another offence")
    table = table.assign(mx_state=_states(table, row_report), cvegeo="")
    if kind is _MUNICIPAL:
        table = table.assign(
            cvegeo=_places(table, row_report, reference_table(context, "municipalities", path))
        )
    kept = table[row_report.kept]
    numbers = whole_numbers(kept[["year", *MONTHS]], read, path, required=("year",))
    names = [name for name in ("mx_state", "cvegeo", "place", "way", "sex", "age") if name in kept]
    again = repeated_rows(kept[names].join(numbers), [*names, "year"], read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "row given twice")
    kept, numbers = kept[~again], numbers[~again]
    ways = {way: folded_name(way) for way in kept["way"].unique()}
    rows = pd.DataFrame(
        {
            "year": numbers["year"].astype("int64"),
            "state": kept["mx_state"],
            "cvegeo": kept["cvegeo"],
            "firearm": kept["way"].map(ways) == FIREARM,
        }
    )
    counts, to_come = without_months_to_come(numbers[list(MONTHS)], rows["year"], table)
    period, gaps = period_of(counts, rows["year"])
    row_report.note(_break(rows["year"]), gaps, to_come, *_cut(kind, rows, kept["way"].map(ways)))
    return read, row_report, _Rows(rows, counts, period)


def _refuse_foreign(kind: _Kind, read: TextTable, path: Path) -> None:
    """Raise when the file has a column that only another of the three has."""
    faults = [
        Fault(str(path), f"a file of format {kind.id!r}", f"a column {column!r}", f"Read it as {other!r}.")
        for column, other in kind.foreign.items()
        if column in read.table
    ]
    if faults:
        raise SchemaError(faults)


def _refuse_old(read: TextTable, path: Path, context: Context) -> None:
    """Raise when the file is of the methodology before the one in use, unless its columns are named."""
    columns = {folded_column(name) for name in read.columns}
    if columns >= _OLD and "clave_ent" not in columns and set(context.columns) <= {"sheet"}:
        found = f"the old methodology (until 2017), columns {', '.join(read.columns)}"
        remedy = (
            "Give the file of the new methodology (IDM_NM, IDEFC_NM, IDVFC_NM): the old one counts otherwise."
        )
        raise fault(path, "a file of the methodology in use since 2015", found, remedy)


def _states(table: pd.DataFrame, row_report: RowReport) -> pd.Series[str]:
    """Return each row's state by its code; drop rows whose name is of another state."""
    code = table["code"].map({cell: state_code(cell) for cell in table["code"].unique()})
    name = table["state"].map({cell: state_code(cell) for cell in table["state"].unique()})
    row_report.drop(code == "", NO_STATE)
    row_report.drop((name != "") & (name != code), "code and name are of different states")
    return code


def _places(table: pd.DataFrame, row_report: RowReport, known: pd.DataFrame) -> pd.Series[str]:
    """Return each row's municipality by its code; drop rows without one."""
    cells = table["place"].str.cat(table["mx_state"], sep="|")
    codes = {cell: municipality_code(*cell.split("|")) for cell in cells.unique()}
    code = cells.map(codes)
    row_report.drop(code.str[2:].isin(_NOT_PLACES), "xx998 or xx999: municipality not specified")
    row_report.drop(
        (code != "") & (code.str[:2] != table["mx_state"]), "codes of state and municipality differ"
    )
    lost = ~code.isin(known["cvegeo"]) & row_report.kept
    named = (code + " " + table["name"])[lost].unique()
    row_report.note(f"codes that no municipality has: {shorten_list(named)}" if len(named) else "")
    row_report.drop(lost, NO_CODE)
    return code


def _break(year: pd.Series[int]) -> str:
    """Return the note on the classification of 2026, "" for years before it."""
    new = year >= BREAK
    if not new.any():
        return ""
    if new.all():
        return f"SERIES BREAK: classification of {BREAK}; not to be joined to earlier years as one series"
    return f"SERIES BREAK: years until {BREAK - 1} and from {BREAK} are classified differently, and both are here"


def _cut(kind: _Kind, rows: pd.DataFrame, way: pd.Series[str]) -> list[str]:
    """Return notes when some places lack ways of crime, or some years places, that others have."""
    place = rows["cvegeo" if kind is _MUNICIPAL else "state"]
    ways = way.groupby([rows["year"], place]).nunique()
    most = ways.groupby("year").transform("max")
    short = [f"{name} in {at}" for at, name in ways.index[ways < most]]
    notes = [
        f"fewer ways of crime than the others (the file may be cut): {shorten_list(short)}" if short else ""
    ]
    what = "municipalities" if kind is _MUNICIPAL else "states"
    return [*notes, uneven_years_note(rows["year"], place, what)]


FORMATS: tuple[Format, ...] = tuple(
    Format(kind.id, title, "SESNSP", tables, (".csv", ".xlsx"), kind.signature, read)
    for kind, title, tables, read in (
        (_MUNICIPAL, "Crime by municipality and month (IDM_NM)", ("homicides_municipal",), read_municipal),
        (_STATES, "Crime by state and month (IDEFC)", ("homicides_state",), read_state),
        (_VICTIMS, "Victims of crime by state and month (IDVFC)", ("homicides_state",), read_victims),
    )
)

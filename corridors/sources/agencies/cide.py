"""Armed events of December 2006 to November 2011 with the firearms seized in them: the CIDE-PPD database.

Three layouts: the raw files A-E (confrontations) and A-A (aggressions), xlsx or tab-separated text, with `ARL` long
and `ARC` short guns; the events of both in one csv with `*_reported` flags; and M. Morales's merged csv. Traps: in
the raw files 9999 means "not reported" (counted as none, so sums are a floor), also as a municipality; codes are
numbers in two columns; one event is of 17093, which does not exist. It measures fighting, not smuggling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.municipality_names import NO_CODE, NO_STATE, municipality_code, state_code
from corridors.sources.agencies.row_report import (
    RowReport,
    coverage_note,
    finish_mx_table,
    reference_table,
    repeated_rows,
    seizures_by_municipality,
    shorten_list,
    wanted_columns,
    year_span,
)
from corridors.sources.reading.delimited import pick, read_text_table
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.schemas.formats import Context

NOT_REPORTED = 9999
_Wanted = dict[str, tuple[str, ...]]
_RAW: _Wanted = {
    "source": ("source", "base", ""),
    "event": ("id",),
    "year": ("ano", "anio"),
    "state": ("estado",),
    "place": ("municipio",),
    "long_guns": ("arl",),
    "short_guns": ("arc",),
}
_EVENTS: _Wanted = {
    "source": ("source",),
    "event": ("event_id",),
    "year": ("year",),
    "state": ("cve_ent",),
    "place": ("cve_mun",),
    "long_guns": ("long_guns",),
    "short_guns": ("short_guns",),
    "long_guns_reported": ("long_guns_reported", ""),
    "short_guns_reported": ("short_guns_reported", ""),
}
_MERGED: _Wanted = {
    "source": ("source",),
    "event": ("event_id",),
    "year": ("date",),
    "state": ("state_code",),
    "place": ("mun_code",),
    "long_guns": ("long_guns_seized",),
    "short_guns": ("small_arms_seized",),
}
_GUNS = ("long_guns", "short_guns")


def _read(format_id: str, wanted: Mapping[str, Sequence[str]], path: Path, context: Context) -> Loaded:
    """Return `seizures_municipal` of a file in one of the three layouts."""
    read = read_text_table(
        path,
        sheet=context.columns.get("sheet"),
        names=_signature(wanted),
        columns=wanted_columns(wanted, context),
    )
    table = pick(read, wanted, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    table = table.assign(
        cvegeo=_places(table, row_report, reference_table(context, "municipalities", path)),
        year=table["year"].str[:4],
    )
    kept = table[row_report.kept]
    numbers = whole_numbers(kept[["year", *_GUNS]], read, path, required=("year", *_GUNS))
    rows = kept[["source", "event", "cvegeo"]].join(numbers)
    again = repeated_rows(rows, ("source", "event"), read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "row given twice")
    kept, numbers = kept[~again], numbers[~again]
    guns = _guns(kept, numbers, row_report)
    rows = guns.assign(
        cvegeo=kept["cvegeo"], event=kept.index, year=numbers["year"], firearms=guns.sum(axis=1)
    )
    made = seizures_by_municipality(rows)
    row_report.note(
        "armed events only: it measures fighting, not smuggling",
        coverage_note(made["cvegeo"], context.tables["municipalities"]),
    )
    if (table["source"] == "").all():
        row_report.note("confrontations (A-E) and aggressions (A-A) are two files; this is one of them")
    tables = {"seizures_municipal": finish_mx_table("seizures_municipal", made, path, context)}
    period = year_span(numbers["year"].astype("int64"))
    return Loaded(tables, row_report.to_report(format_id, path, read, unit="armed events", period=period))


def _places(table: pd.DataFrame, row_report: RowReport, known: pd.DataFrame) -> pd.Series[str]:
    """Return each event's municipality; drop events without one."""
    unknown = table["place"].str.strip().isin(["", str(NOT_REPORTED)])
    row_report.drop(unknown, "municipality not reported (9999)")
    state = table["state"].map(state_code)
    row_report.drop(state == "", NO_STATE)
    codes = [municipality_code(cell, of) for cell, of in zip(table["place"], state, strict=True)]
    code = pd.Series(codes, index=table.index, dtype="str")
    lost = ~code.isin(known["cvegeo"]) & row_report.kept
    row_report.note(
        f"codes that no municipality has: {shorten_list(code[lost].unique())}" if lost.any() else ""
    )
    row_report.drop(lost, NO_CODE)
    return code


def _guns(kept: pd.DataFrame, numbers: pd.DataFrame, row_report: RowReport) -> pd.DataFrame:
    """Return long and short guns of each event, 0 where not reported; note how many those are."""
    guns = numbers[list(_GUNS)]
    unreported = guns == NOT_REPORTED
    for name in _GUNS:
        flags = f"{name}_reported"
        if flags in kept:
            unreported[name] |= kept[flags].str.strip().str.lower().isin(["false", "0"])
        words = name.replace("_", " ")
        row_report.note(
            f"{words} not reported in {int(unreported[name].sum()):,} events: counted as none, a floor"
        )
    return guns.mask(unreported, 0)


def _format(format_id: str, title: str, wanted: Mapping[str, Sequence[str]]) -> Format:
    """Return the format of one layout."""

    def read(path: Path, context: Context) -> Loaded:
        return _read(format_id, wanted, path, context)

    suffixes = (".xlsx", ".csv", ".txt")
    return Format(format_id, title, "CIDE-PPD", ("seizures_municipal",), suffixes, _signature(wanted), read)


def _signature(wanted: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the columns of every file of the layout."""
    return frozenset(aliases[0] for aliases in wanted.values() if "" not in aliases)


FORMATS: tuple[Format, ...] = (
    _format("cide_ppd", "Armed events 2006-11, raw (A-E or A-A)", _RAW),
    _format("cide_ppd_events", "Armed events 2006-11, both files with codes and flags", _EVENTS),
    _format("cide_ppd_merged", "Armed events 2006-11, merged by M. Morales", _MERGED),
)

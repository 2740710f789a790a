"""Case files of the federal prosecutor (FGR) under the firearms law: `IDEFF_<mmmYY>.csv`.

Monthly counts by state of every federal offence since 2012, Latin-1, upper case without accents. The firearms law
is `TIPO` "LEY FEDERAL DE ARMAS DE FUEGO Y EXPLOSIVOS (L.F.A.F.E.)". Traps: future months are blank or 0 in every row, so
months are counted; `EXTRANJERO` has no state; it counts case files, explosives and possession among them, not arms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.municipality_names import NO_STATE, state_code
from corridors.sources.agencies.row_report import (
    MONTHS,
    RowReport,
    finish_mx_table,
    months_by,
    period_of,
    repeated_rows,
    states_covered,
    uneven_years_note,
    wanted_columns,
    without_months_to_come,
)
from corridors.sources.reading.delimited import pick, read_text_table
from corridors.sources.reading.encoding import folded_name
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from corridors.sources.schemas.formats import Context

ID = "ideff"
FIREARMS_LAW = "ley federal de armas de fuego y explosivos"
_SIGNATURE = frozenset({"ano", "inegi", "entidad", "concepto", "tipo", *MONTHS})
_WANTED = {
    "year": ("ano", "anio"),
    "code": ("inegi", "clave_ent", "cve_ent"),
    "state": ("entidad",),
    "law": ("ley", ""),
    "type": ("tipo",),
    **{month: (month,) for month in MONTHS},
}


def read_ideff(path: Path, context: Context) -> Loaded:
    """Return `case_files` of an `IDEFF` file: firearms case files by state and year.

    Raises
    ------
    SchemaError
        When a column is absent, a count is not a number, or a state has two different rows for a year.
    """
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names=_SIGNATURE, columns=wanted_columns(_WANTED, context)
    )
    table = pick(read, _WANTED, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    table = table.assign(mx_state=_states(table, row_report))
    kept = table[row_report.kept]
    numbers = whole_numbers(kept[["year", *MONTHS]], read, path, required=("year",))
    rows = kept[["mx_state", "law", "type"]].join(numbers)
    again = repeated_rows(rows, ("mx_state", "law", "type", "year"), read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "row given twice")
    numbers, state = numbers[~again], kept["mx_state"][~again]
    year = numbers["year"].astype("int64")
    counts, to_come = without_months_to_come(numbers[list(MONTHS)], year, table)
    period, gaps = period_of(counts, year)
    row_report.note(gaps, to_come, uneven_years_note(year, state, "states"))
    row_report.note("case files, not firearms; explosives and possession are among them")
    files = counts.sum(axis=1).groupby([state, year]).sum()
    made = files.rename("case_files").to_frame().assign(months=months_by(counts, [state, year]))
    made = made[made["months"] > 0].reset_index()
    row_report.note(f"covers {states_covered(made['mx_state'], context.tables['municipalities'])}")
    tables = {"case_files": finish_mx_table("case_files", made, path, context)}
    return Loaded(
        tables, row_report.to_report(ID, path, read, unit="rows of state, year and offence", period=period)
    )


def _states(table: pd.DataFrame, row_report: RowReport) -> pd.Series[str]:
    """Return each row's state; drop other offences and rows without a state."""
    kinds = {kind: folded_name(kind) for kind in table["type"].unique()}
    row_report.drop(~table["type"].map(kinds).str.startswith(FIREARMS_LAW), "another offence")
    abroad = table["state"].str.strip().str.upper().str.startswith("EXTRANJERO")
    row_report.drop(abroad, "EXTRANJERO: of no state")
    by_code, by_name = table["code"].map(state_code), table["state"].map(state_code)
    row_report.drop((by_code == "") & (by_name == ""), NO_STATE)
    differ = (by_code != "") & (by_name != "") & (by_code != by_name)
    row_report.drop(differ, "code and name are of different states")
    return by_code.where(by_code != "", by_name)


FORMATS: tuple[Format, ...] = (
    Format(
        ID,
        "Federal case files by state and month (IDEFF)",
        "FGR / SESNSP",
        ("case_files",),
        (".csv", ".xlsx"),
        _SIGNATURE,
        read_ideff,
    ),
)

"""Firearms seized, as SEDENA and other authorities answer requests for information: hand-made spreadsheets.

No layout is official. A row is an event or a weapon, with a date or year, the state and municipality by NAME, and
either columns of long and short guns or a type (with or without a count). Titles stand above, headers are merged
over two rows, everything is upper case, accents are lost, totals and notes stand below. Columns are found by alias
or by the user's column map; names are matched within their state (never alone), and what does not match is
reported with similar names. A table without dates covers the time that the settings, its title or its name say. Written without a sample: no SEDENA file was seen.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.bad_rows import leave_out
from corridors.sources.agencies.counts import numbers_and_faults
from corridors.sources.agencies.municipality_names import (
    NO_CODE,
    Place,
    gazetteer,
    match_places,
    municipality_code,
    state_code,
)
from corridors.sources.agencies.row_report import (
    RowReport,
    coverage_note,
    finish_mx_table,
    reference_table,
    seizures_by_municipality,
    shorten_list,
    year_span,
)
from corridors.sources.agencies.seizure_years import years_of
from corridors.sources.reading.delimited import fault
from corridors.sources.reading.encoding import folded_name
from corridors.sources.reading.numbers import THOUSAND_OR_ONE
from corridors.sources.reading.spreadsheet import read_sheet
from corridors.sources.reading.text_table import CHOOSE, is_summary
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.errors import Fault
    from corridors.sources.agencies.municipality_names import Gazetteer
    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

ID = "sedena"
NO_NUMBER = "a count that is not a whole number"
ROLES: Mapping[str, tuple[str, ...]] = {
    "cvegeo": ("cvegeo", "clave_geoestadistica", "cve_geo", "clave_inegi"),
    "state_code": ("cve_ent", "clave_ent", "cve_entidad", "clave_entidad", "cve_edo"),
    "municipality_code": ("cve_mun", "clave_mun", "cve_municipio", "clave_municipio"),
    "state": ("estado", "entidad", "entidad_federativa", "edo", "nom_ent", "state"),
    "municipality": (
        "municipio",
        "mpio",
        "mun",
        "municipio_o_alcaldia",
        "municipio_alcaldia",
        "municipio_o_delegacion",
        "municipio_delegacion",
        "nom_mun",
        "municipality",
    ),
    "date": (
        "fecha",
        "fecha_del_evento",
        "fecha_evento",
        "fecha_de_aseguramiento",
        "fecha_del_aseguramiento",
        "fecha_aseguramiento",
        "fecha_de_los_hechos",
        "date",
    ),
    "year": ("ano", "anio", "ejercicio", "year"),
    "event": ("evento", "id_evento", "no_evento", "num_evento", "folio", "expediente", "event_id"),
    "long_guns": (
        "armas_largas",
        "arma_larga",
        "largas",
        "larga",
        "a_largas",
        "armas_aseguradas_largas",
        "armas_de_fuego_largas",
        "long_guns",
    ),
    "short_guns": (
        "armas_cortas",
        "arma_corta",
        "cortas",
        "corta",
        "a_cortas",
        "armas_aseguradas_cortas",
        "armas_de_fuego_cortas",
        "short_guns",
    ),
    "type": ("tipo_de_arma", "tipo_arma", "tipo", "clase_de_arma", "clase", "arma", "clasificacion"),
    "count": (
        "cantidad",
        "numero_de_armas",
        "no_de_armas",
        "num_armas",
        "armas_aseguradas",
        "armas",
        "armas_de_fuego",
        "total_de_armas",
        "total",
    ),
}
_NEEDED = (
    frozenset({"cvegeo", "municipality", "municipality_code"}),
    frozenset({"cvegeo", "state", "state_code"}),
    frozenset({"date", "year"}),
    frozenset({"long_guns", "short_guns", "type", "count"}),
)
_COUNTS = frozenset({"long_guns", "short_guns", "count"})
_LONG = re.compile(
    r"\b(largas?|fusil(es)?|rifles?|carabinas?|escopetas?|ametralladoras?|subametralladoras?|subfusil(es)?|mosquetones|mosqueton)\b"
)
_SHORT = re.compile(r"\b(cortas?|pistolas?|revolver(es)?|escuadras?|derringer)\b")
_NO_GUN = re.compile(
    r"\b(granadas?|cartuchos?|cargador(es)?|lanzagranadas?|lanzacohetes?|bazucas?|explosivos?|blancas?|replicas?|"
    r"aire|municion(es)?|chalecos?|juguetes?)\b"
)
_UNSPECIFIED = re.compile(
    r"(armas?( de fuego)?|no especificad[ao]|sin especificar|desconocid[ao]|otr[ao]s?|sin dato|hechizas?)?"
)
_TOTAL = re.compile(r"(gran |sub ?)?total(es)?( .*)?")


def read_sedena(path: Path, context: Context) -> Loaded:
    """Return `seizures_municipal` of a spreadsheet of seizures.

    Raises
    ------
    SchemaError
        When no header is found, two columns match one role, or a count is not a number.
    """
    read = read_sheet(path, ROLES, needed=_NEEDED, columns=context.columns, counts=_COUNTS, undated=True)
    row_report = RowReport.of(read)
    places = gazetteer(reference_table(context, "municipalities", path))
    table = read.table
    _drop_totals(table, row_report)
    cvegeo = _municipalities(table, row_report, places)
    first, last, period = years_of(read, path, row_report, context.period)
    guns = _guns(table, row_report, read, path)
    kept = row_report.kept
    rows = guns[kept].assign(
        cvegeo=cvegeo[kept],
        year=first[kept].astype("int64"),
        last_year=last[kept].astype("int64"),
        event=_events(table)[kept],
    )
    rows = _without_summaries(rows, read, path, row_report)
    made = seizures_by_municipality(rows)
    no_types = "neither" if {"long_guns", "short_guns", "type"}.isdisjoint(table) else ""
    row_report.note(
        "counts are of this authority only, and of what it seized: not to be added to another's",
        "the file names no types: long and short guns are empty" if no_types else "",
        coverage_note(made["cvegeo"], context.tables["municipalities"]) if len(made) else "",
    )
    unit = "rows of event or weapon"
    tables = {"seizures_municipal": finish_mx_table("seizures_municipal", made, path, context)}
    period = period or year_span([*rows["year"], *rows["last_year"]])
    return Loaded(tables, row_report.to_report(ID, path, read, unit=unit, period=period))


def _without_summaries(
    rows: pd.DataFrame, read: TextTable, path: Path, row_report: RowReport
) -> pd.DataFrame:
    """Return the rows without those of a sheet that sums others.

    Raises
    ------
    SchemaError
        When two sheets hold the same sums, or a sheet named as a summary other sums, so that guns may count twice.
    """
    if not read.parts or rows.empty:
        return rows
    part = pd.Series(read.parts, index=read.table.index)
    names = list(part[rows.index].unique())
    for name in names:
        own = part[rows.index] == name
        sums, rest = (_sums(rows[which]) for which in (own, ~own))
        same = sums.equals(rest.reindex(sums.index, fill_value=0))
        named = is_summary(name) and not all(map(is_summary, names))
        if same and named:
            row_report.drop(part == name, "row of a sheet that sums the others")
            rows = rows[~own]
        elif (same and not any(map(is_summary, names))) or (named and not same):
            found = f"sheet {name!r}, which " + (
                "has the sums of others" if same else "is named as a summary"
            )
            raise fault(path, "each firearm in one sheet", f"{found} (of {', '.join(names)})", CHOOSE)
    return rows


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return guns by municipality and year."""
    guns = rows[["long_guns", "short_guns", "firearms"]].fillna(0).astype("int64")
    return guns.groupby([rows["cvegeo"], rows["year"]]).sum()


def _drop_totals(table: pd.DataFrame, row_report: RowReport) -> None:
    """Drop rows of totals."""
    words = [name for name in ("state", "municipality", "date", "event", "cvegeo") if name in table]
    for name in words:
        row_report.drop(table[name].map(folded_name).str.fullmatch(_TOTAL), "row of totals")


def _municipalities(table: pd.DataFrame, row_report: RowReport, places: Gazetteer) -> pd.Series[str]:
    """Return each row's municipality: by code where there is one, else by state and name."""
    empty = pd.Series("", index=table.index, dtype="str")
    state = table.get("state", table.get("state_code", empty))
    code = _codes(table, empty)
    given = code != ""
    row_report.drop(given & ~code.isin(list(places.names)), NO_CODE)
    if "municipality" not in table:
        row_report.drop(~given, "no code")
        return code
    found = match_places(places, state, table["municipality"])
    named = pd.Series([place.cvegeo for place in found], index=table.index, dtype="str")
    row_report.drop(given & (named != "") & (named != code), "code and name are of different municipalities")
    for reason in dict.fromkeys(place.reason for place in found if place.reason):
        rows = pd.Series([place.reason == reason for place in found], index=table.index)
        row_report.drop(rows & ~given, reason)
    _note_names(found, given | (row_report.reasons == "row of totals"), row_report)
    return code.where(given, named)


def _codes(table: pd.DataFrame, empty: pd.Series[str]) -> pd.Series[str]:
    """Return the code of each row that has one, else ""."""
    if "cvegeo" in table:
        return table["cvegeo"].map(municipality_code)
    state = table.get("state_code", table.get("state", empty)).map(state_code)
    # A column called "municipio" may hold the code: digits are never a name.
    cells = table.get("municipality_code", table.get("municipality", empty))
    pairs = zip(cells, state, strict=True)
    return pd.Series([municipality_code(cell, of) for cell, of in pairs], index=table.index, dtype="str")


def _note_names(found: list[Place], coded: pd.Series[bool], row_report: RowReport) -> None:
    """Note which names were taken as another, and which were not matched, with similar ones."""
    used = [place for place, known in zip(found, coded, strict=True) if not known and place.note]
    taken = Counter(place.note for place in used if place.cvegeo)
    lost = Counter(place.note for place in used if not place.cvegeo)
    for words, counts in (("taken by part of the name", taken), ("not matched", lost)):
        listed = "; ".join(f"{note} ({times:,} rows)" for note, times in counts.most_common(20))
        more = f"; and {len(counts) - 20:,} more names" if len(counts) > 20 else ""
        row_report.note(f"{words}: {listed}{more}" if counts else "")


def _guns(table: pd.DataFrame, row_report: RowReport, read: TextTable, path: Path) -> pd.DataFrame:
    """Return long guns, short guns and firearms of each row, missing where the file does not state them."""
    nothing = pd.Series(pd.NA, index=table.index, dtype="Int64")
    named = [name for name in ("long_guns", "short_guns", "count") if name in table]
    _refuse_mixed(table, read, path)
    kept = table.loc[row_report.kept, named]
    numbers, wrong = numbers_and_faults(kept, read, path)
    numbers = numbers.reindex(table.index)
    if any(THOUSAND_OR_ONE in one.found for _, one in wrong):  # a question on the whole column
        raise SchemaError([one for _, one in wrong])
    bad: dict[int, tuple[str, list[Fault]]] = {}
    for at, one in wrong:
        bad.setdefault(at, (NO_NUMBER, []))[1].append(one)
    leave_out(row_report, bad, len(kept))
    if {"long_guns", "short_guns"} & set(named):
        guns = pd.DataFrame({name: numbers.get(name, nothing) for name in ("long_guns", "short_guns")})
        row_report.drop(guns.isna().all(axis=1), "no count")
        given = guns[[name for name in guns if name in named]]
        unstated = int(given[row_report.kept].isna().to_numpy().sum())
        row_report.note(
            f"{unstated:,} cells of counts are empty or not stated: counted as none, a floor"
            if unstated
            else ""
        )
        if "count" in named:
            differ = int((numbers["count"] != guns.sum(axis=1)).fillna(value=False)[row_report.kept].sum())
            row_report.note(
                f"in {differ:,} rows the total is not long + short: it is not used" if differ else ""
            )
        return guns.fillna(0).assign(firearms=guns.fillna(0).sum(axis=1))
    count = numbers.get("count", pd.Series(1, index=table.index, dtype="Int64"))
    row_report.drop(count.isna(), "no count")
    if "type" not in table:
        return pd.DataFrame({"long_guns": nothing, "short_guns": nothing, "firearms": count})
    kind = table["type"].map({cell: _kind(cell) for cell in table["type"].unique()})
    row_report.drop(kind == "none", "not a firearm by its type")
    unknown = (kind == "") & row_report.kept
    listed = shorten_list(table["type"][unknown].unique())
    row_report.note(f"types not recognized: {listed}" if unknown.any() else "")
    row_report.drop(unknown, "type not recognized")
    unspecified = int(((kind == "unspecified") & row_report.kept).sum())
    row_report.note(
        f"{unspecified:,} rows do not tell long from short: only in firearms" if unspecified else ""
    )
    return pd.DataFrame(
        {
            "long_guns": count.where(kind == "long", 0),
            "short_guns": count.where(kind == "short", 0),
            "firearms": count,
        }
    )


def _refuse_mixed(table: pd.DataFrame, read: TextTable, path: Path) -> None:
    """Raise when some sheets count long and short guns in columns and others otherwise."""
    split = [name for name in ("long_guns", "short_guns") if name in table]
    if not read.parts or not split:
        return
    filled = (table[split] != "").any(axis=1)
    without = [
        name for name in dict.fromkeys(read.parts) if not filled[[part == name for part in read.parts]].any()
    ]
    if filled.any() and without:
        listed = ", ".join(map(repr, without))
        remedy = "Give sheets of one layout in a file, or name the one to read: columns = { sheet = ... }."
        raise fault(path, "long and short guns in every sheet", f"none in {listed}", remedy)


def _kind(cell: str) -> str:
    """Return what a type of weapon is: long, short, unspecified, none (no firearm), or "" when not recognized.

    Examples
    --------
    >>> _kind("ARMA LARGA"), _kind("Pistola 9 mm"), _kind("ARMA DE FUEGO"), _kind("GRANADA"), _kind("X-1")
    ('long', 'short', 'unspecified', 'none', '')
    """
    words = folded_name(cell)
    if _NO_GUN.search(words):
        return "none"
    long, short = bool(_LONG.search(words)), bool(_SHORT.search(words))
    if long or short:
        return "unspecified" if long and short else ("long" if long else "short")
    return "unspecified" if _UNSPECIFIED.fullmatch(words) else ""


def _events(table: pd.DataFrame) -> pd.Series[str]:
    """Return an id of each row's event: its number, else its date for rows of weapons, else the row."""
    rows = pd.Series(table.index.astype("str"), index=table.index).astype("str")
    if "event" in table:
        return table["event"].where(table["event"] != "", "row " + rows)
    by_weapon = {"long_guns", "short_guns"}.isdisjoint(table)
    return table["date"] if by_weapon and "date" in table else "row " + rows


FORMATS: tuple[Format, ...] = (
    Format(
        ID,
        "Spreadsheet of firearms seized, by municipality name",
        "SEDENA and other authorities",
        ("seizures_municipal",),
        (".xlsx", ".xlsm", ".csv", ".txt"),
        frozenset(),
        read_sedena,
    ),
)

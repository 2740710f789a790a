"""INEGI: deaths by cause (`DEFUNyy.csv`) and the outlines of municipalities (Marco Geoestadístico).

Deaths: a row is a registered death, `CAUSA_DEF` its ICD-10 code of three or four characters (assault X85-Y09; with a
firearm X93-X95). The place is where it happened, else where the person lived. Traps: 99 and 999 mean not specified;
states from 33 on are countries; the file is of the year of registration, and some deaths are of earlier years.
Outlines: a zip with `00mun.shp` and `00ent.shp` (or a state's `26mun.shp`), a shp or a gpkg; EPSG:6372, written as a
projection of INEGI's own name; the `.cpg` says "ISO 88591", which is not the name of an encoding.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import GEOSException

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.core.files import not_a_file
from corridors.sources.agencies.municipality_names import NO_CODE, municipality_code
from corridors.sources.agencies.row_report import (
    RowReport,
    coverage_note,
    finish_mx_table,
    reference_table,
    shorten_list,
    wanted_columns,
    year_span,
)
from corridors.sources.reading.delimited import fault, pick, read_text_table
from corridors.sources.reading.encoding import folded_column, repaired
from corridors.sources.reading.gdal_path import gdal_path
from corridors.sources.reading.geometry import thin_coverage
from corridors.sources.reading.size import check_archive
from corridors.sources.reading.vector_files import asking_nobody, refuse_disguised
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas.formats import Context

DEATHS, OUTLINES = "inegi_deaths", "marco_geoestadistico"
ASSAULT = r"(?:X8[5-9]|X9\d|Y0\d)[\dX]?"
FIREARM = r"X9[345][\dX]?"
_STATES = tuple(f"{number:02d}" for number in range(1, 33))
_DEATHS = {
    "cause": ("causa_def",),
    "state": ("ent_ocurr", ""),
    "place": ("mun_ocurr", ""),
    "home_state": ("ent_resid", ""),
    "home": ("mun_resid", ""),
    "year": ("anio_ocur", "anio_ocurr", ""),
}
_THIN = {"tolerance": 0.005, "grid": 1e-3}  # as the default outlines


def read_deaths(path: Path, context: Context) -> Loaded:
    """Return `homicides_municipal` counted in deaths: `case_files` are assaults, `firearm_homicides` X93-X95.

    Raises
    ------
    SchemaError
        When a column is absent or no row is an assault in a known municipality.
    """
    read = read_text_table(
        path,
        sheet=context.columns.get("sheet"),
        names=("causa_def",),
        columns=wanted_columns(_DEATHS, context),
    )
    table = pick(read, _DEATHS, path=path, columns=context.columns)
    if not ({"ent_ocurr", "ent_resid"} & set(read.table)):
        expected = "a column 'ENT_OCURR' or 'ENT_RESID'"
        raise LayoutError([Fault(str(path), expected, "neither", "Give the file of deaths.")])
    row_report = RowReport.of(read)
    cause = table["cause"].str.strip().str.upper().str.replace(".", "", regex=False)
    row_report.drop(~cause.str.fullmatch(r"[A-Z]\d\d[\dX]?"), "cause is no ICD-10 code")
    row_report.drop(~cause.str.fullmatch(ASSAULT), "another cause of death")
    municipalities = reference_table(context, "municipalities", path)
    cvegeo = _places(table, row_report, municipalities)
    kept = row_report.kept
    rows = pd.DataFrame({"cvegeo": cvegeo[kept], "firearm": cause[kept].str.fullmatch(FIREARM)})
    year = pd.to_numeric(table["year"][kept], errors="coerce")
    _note_deaths(rows, year, row_report)
    row_report.note(coverage_note(rows["cvegeo"], municipalities) if len(rows) else "")
    made = _by_municipality(rows)
    tables = {"homicides_municipal": finish_mx_table("homicides_municipal", made, path, context)}
    period = year_span(year[year.between(1900, 2100)].astype("int64"))
    return Loaded(tables, row_report.to_report(DEATHS, path, read, unit="registered deaths", period=period))


def _places(table: pd.DataFrame, row_report: RowReport, known: pd.DataFrame) -> pd.Series[str]:
    """Return the municipality of each death: of occurrence, else of residence."""
    happened, lived = _codes(table["state"], table["place"]), _codes(table["home_state"], table["home"])
    abroad = table["state"].str.strip().str.zfill(2).str.fullmatch(r"3[3-9]|[4-8]\d|9[0-8]")
    row_report.drop(abroad, "died abroad")
    by_home = (happened == "") & (lived != "") & row_report.kept
    row_report.note(
        f"{int(by_home.sum()):,} deaths of unstated place are counted where the person lived"
        if by_home.any()
        else ""
    )
    code = happened.where(happened != "", lived)
    row_report.drop(code == "", "municipality not specified")
    lost = ~code.isin(known["cvegeo"]) & row_report.kept
    row_report.note(
        f"codes that no municipality has: {shorten_list(code[lost].unique())}" if lost.any() else ""
    )
    row_report.drop(lost, NO_CODE)
    return code


def _codes(state: pd.Series[str], place: pd.Series[str]) -> pd.Series[str]:
    """Return five-digit codes, "" where state or municipality are not stated."""
    pairs = state.str.strip().str.zfill(2).str.cat(place.str.strip(), sep="|")
    codes = {}
    for pair in pairs.unique():
        of, cell = pair.split("|", 1)
        code = municipality_code(cell, of) if of in _STATES else ""
        codes[pair] = "" if code[2:] in {"999", "998", "000"} else code
    return pairs.map(codes).astype("str")


def _note_deaths(rows: pd.DataFrame, year: pd.Series[float], row_report: RowReport) -> None:
    """Note how many deaths are by firearm, and how many happened before the main year."""
    row_report.note(f"{int(rows['firearm'].sum()):,} of {len(rows):,} assaults are X93-X95")
    row_report.note("deaths as registered, not case files")
    main = year[year.between(1900, 2100)].mode()
    if len(main):
        earlier = int((year < main.iloc[0]).sum())
        row_report.note(f"{earlier:,} happened before {int(main.iloc[0])}" if earlier else "")


def _by_municipality(rows: pd.DataFrame) -> pd.DataFrame:
    """Return deaths by assault and by firearm, and the state's share of firearms."""
    share = rows.groupby(rows["cvegeo"].str[:2])["firearm"].mean()
    made = rows.groupby("cvegeo")["firearm"].agg(["size", "sum"]).reset_index()
    return pd.DataFrame(
        {
            "cvegeo": made["cvegeo"],
            "case_files": made["size"],
            "firearm_share": made["cvegeo"].str[:2].map(share).astype("float64"),
            "firearm_homicides": made["sum"].astype("float64"),
            "counted": "deaths",
        }
    )


_COLUMNS = ("cvegeo", "nomgeo")


def read_outlines(path: Path, context: Context) -> Loaded:
    """Return `municipalities` and `municipality_polygons` of the Marco Geoestadístico, EPSG:4326.

    Outlines are thinned like the shipped ones. A known municipality keeps its seat and population; a new one
    gets a point inside it and no population.

    Raises
    ------
    SchemaError
        When the file has no layer of municipalities, no projection, or cannot be read.
    """
    with asking_nobody():
        source, layer = _layer(path, "mun")
        shapes = _read_shapes(path, source, layer)
    total = len(shapes)
    code = shapes["cvegeo"].astype("str").str.strip().map(municipality_code)
    good = (code.str.len() == 5) & shapes.geometry.notna() & ~shapes.geometry.is_empty
    dropped = {"no five-digit code or no outline": int((~good).sum())} if not good.all() else {}
    named = shapes[good].assign(cvegeo=code[good])
    outlines = thin_coverage(named[["cvegeo", "geometry"]].reset_index(drop=True), **_THIN)
    places, notes = _municipalities(named, reference_table(context, "municipalities", path))
    tables = {
        "municipalities": finish_mx_table("municipalities", places, path, context),
        "municipality_polygons": _checked_outlines(outlines, places, path, context),
    }
    names = [str(name) for name in shapes.columns if name != "geometry"]
    report = Report(
        OUTLINES,
        path.name,
        total,
        int(good.sum()),
        dropped,
        "municipalities",
        notes=(*_part_notes(path, source, layer), *notes),
        columns={name: name for name in names if name in _COLUMNS},
        unused=tuple(name for name in names if name not in _COLUMNS),
    )
    return Loaded(tables, report)


def _part_notes(path: Path, source: str, layer: str) -> tuple[str, ...]:
    """Return notes on the layer that was read and the others; none where there is one only."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".shp")]
        others = [name for name in names if not name.lower().endswith(f"{layer.lower()}.shp")]
    else:
        with asking_nobody():
            others = [str(name) for name, _ in pyogrio.list_layers(source) if name != layer]
    if not others:
        return ()
    return (f"read: {layer!r}", f"not read: {shorten_list(map(repr, others))} (not municipalities)")


def _checked_outlines(
    outlines: gpd.GeoDataFrame, places: pd.DataFrame, path: Path, context: Context
) -> pd.DataFrame:
    """Return the outlines, checked against the municipalities of the same file."""
    within = type(context)({**context.tables, "municipalities": places}, context.columns)
    return finish_mx_table("municipality_polygons", outlines, path, within)


def _municipalities(shapes: gpd.GeoDataFrame, known: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table of municipalities, and notes on new and absent codes."""
    before = known.set_index("cvegeo")
    points = shapes.geometry.representative_point()
    made = pd.DataFrame(
        {
            "cvegeo": shapes["cvegeo"],
            "mx_state": shapes["cvegeo"].str[:2],
            "name": shapes["nomgeo"].map(lambda name: repaired(str(name).strip())),
            "lon": points.x,
            "lat": points.y,
            "coord_source": "point inside the outline (Marco Geoestadístico)",
        }
    ).set_index("cvegeo")
    states = before.drop_duplicates("mx_state").set_index("mx_state")["state_name"]
    made["state_name"] = made["mx_state"].map(states)
    old = made.index.intersection(before.index)
    for name in ("lon", "lat", "coord_source"):
        made.loc[old, name] = before.loc[old, name]
    for name in ("pop_2020", "pop"):
        made[name] = before[name].reindex(made.index)
    made["polygon_parent"] = None
    new = made.index.difference(before.index)
    absent = before.index[before["mx_state"].isin(made["mx_state"])].difference(made.index)
    notes = [
        coverage_note(shapes["cvegeo"], known),
        f"new, without a seat or people: {shorten_list(new + ' ' + made.loc[new, 'name'])}"
        if len(new)
        else "",
        f"known but not in the file: {shorten_list(absent)}" if len(absent) else "",
    ]
    return made.reset_index(), tuple(filter(None, notes))


def _layer(path: Path, ending: str) -> tuple[str, str]:
    """Return the data source, and its layer of municipalities."""
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    source = gdal_path(path)
    if path.suffix.lower() == ".zip":
        member = _member(path, ending)
        refuse_disguised(path, member)
        source = gdal_path(path, member)
    else:
        refuse_disguised(path)
        _refuse_cut(path)
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(source)]
    except DataSourceError as error:
        raise fault(path, "a zip, shp or gpkg of municipalities", str(error), "Download it again.") from error
    if len(layers) == 1:
        return source, layers[0]
    found = [name for name in layers if name.lower().endswith((ending, "municipios", "municipal"))]
    if len(found) != 1:
        remedy = "Save the layer of municipalities as a file of its own."
        raise fault(path, "one layer that ends in 'mun'", f"layers {', '.join(layers)}", remedy)
    return source, found[0]


def _member(path: Path, ending: str) -> str:
    """Return the shapefile of municipalities in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(path, archive)
            names = archive.namelist()
            found = sorted(name for name in names if name.lower().endswith(f"{ending}.shp"))
            for member in [name for name in names if found and name.startswith(found[0][:-4])]:
                _read_through(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise fault(path, "a complete zip file", str(error), "Download it again.") from error
    if len(found) != 1:
        listed = shorten_list(found or names)
        raise fault(path, f"one file that ends in '{ending}.shp'", listed, "Unpack it and give that file.")
    return found[0]


def _read_through(archive: zipfile.ZipFile, name: str) -> None:
    """Read a file of a zip to its end, where its checksum is compared."""
    with archive.open(name) as stream:
        while stream.read(1 << 20):
            pass


def _refuse_cut(path: Path) -> None:
    """Raise when a shp or gpkg, or the dbf beside a shp, is shorter than its own header says."""
    size, start = path.stat().st_size, path.read_bytes()[:100]
    if path.suffix.lower() == ".shp":
        _refuse_short(path, 2 * int.from_bytes(start[24:28], "big"), size)
        table = path.with_suffix(".dbf")
        if not table.is_file():
            raise fault(path, f"the file {table.name} beside it", "none", "Unpack the whole zip.")
        head = table.read_bytes()[:12]
        count, skip, width = (int.from_bytes(head[at:to], "little") for at, to in ((4, 8), (8, 10), (10, 12)))
        _refuse_short(table, skip + count * width, table.stat().st_size)
    else:
        page = int.from_bytes(start[16:18], "big")
        _refuse_short(path, (65_536 if page == 1 else page) * int.from_bytes(start[28:32], "big"), size)


def _refuse_short(path: Path, expected: int, size: int) -> None:
    """Raise when a file is shorter than expected."""
    if size < max(expected, 100):
        raise fault(path, f"{expected:,} bytes, as its header says", f"{size:,}", "Download it again.")


def _read_shapes(path: Path, source: str, layer: str) -> gpd.GeoDataFrame:
    """Return a layer's `cvegeo`, `nomgeo` and outlines in EPSG:4326."""
    # INEGI's "ISO 88591" is unknown to the reader, which then takes the bytes for UTF-8.
    encoding = None if path.suffix.lower() == ".gpkg" else "ISO-8859-1"
    try:
        shapes = gpd.read_file(source, layer=layer, encoding=encoding)
    except (DataSourceError, DataLayerError, ValueError, GEOSException) as error:
        raise fault(path, "a layer of municipalities", str(error), "Download it again.") from error
    shapes = shapes.rename(columns={name: folded_column(name) for name in shapes if name != "geometry"})
    missing = [name for name in _COLUMNS if name not in shapes]
    if missing or not isinstance(shapes, gpd.GeoDataFrame):
        found = f"columns {', '.join(map(str, shapes.columns))}"
        raise fault(path, f"columns {', '.join(missing) or 'with outlines'}", found, "Give the layer 'mun'.")
    if shapes.crs is None:
        raise fault(path, "a projection", "none", "Put the .prj beside the .shp, as in the zip.")
    return shapes.to_crs(4326)


FORMATS: tuple[Format, ...] = (
    Format(
        DEATHS,
        "Registered deaths by cause (DEFUN)",
        "INEGI",
        ("homicides_municipal",),
        (".csv",),
        frozenset({"causa_def", "ent_resid", "mun_resid"}),
        read_deaths,
    ),
    Format(
        OUTLINES,
        "Outlines of municipalities (Marco Geoestadístico)",
        "INEGI",
        ("municipalities", "municipality_polygons"),
        (".zip", ".shp", ".gpkg"),
        frozenset({"cvegeo", "nomgeo", "cve_ent", "cve_mun"}),
        read_outlines,
    ),
)

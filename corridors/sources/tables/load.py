"""Load tables, checked by their schemas: the shipped ones, or newer files of the user in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.core.names import did_you_mean
from corridors.core.unreadable import readable
from corridors.sources.reading.plain import read_table
from corridors.sources.schemas.gate import check_table
from corridors.sources.schemas.tables import OPTIONAL, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corridors.core.schema import Schema

SHIPPED_SUFFIXES = (".csv", ".parquet")


class LateTables(Mapping[str, pd.DataFrame]):
    """Shipped tables by id, each read and checked when first asked for, after those that it refers to.

    Parameters
    ----------
    data
        Folder of the shipped tables.

    Attributes
    ----------
    taken
        Tables that were asked for, as `load_all` gives them.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.taken: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table_id: str) -> pd.DataFrame:
        """Return a table; raise SchemaError with its faults."""
        if table_id not in self:
            raise KeyError(table_id)
        if table_id not in self.taken:
            for other in filter(self.__contains__, _referred(SCHEMAS[table_id])):
                self[other]
            self.taken[table_id] = _with_origin(table_id, shipped(table_id, self.data), table_id, self.taken)
        return self.taken[table_id]

    def __contains__(self, table_id: object) -> bool:
        """Return whether there is such a table, without reading it."""
        return table_id in SCHEMAS and (
            table_id not in OPTIONAL or shipped(str(table_id), self.data).is_file()
        )

    def __iter__(self) -> Iterator[str]:
        """Return the ids, each after the tables it refers to."""
        return iter([table_id for table_id in reference_order() if table_id in self])

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(list(iter(self)))


def load_table(
    table_id: str,
    path: Path | None = None,
    *,
    data: Path,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return one checked table; a GeoDataFrame in EPSG:4326 where its schema has geometry.

    Parameters
    ----------
    table_id
        A key of `SCHEMAS`.
    path
        File to read instead of the shipped one: csv, parquet, gpkg or geojson.
    data
        Folder of the shipped tables.
    tables
        Checked tables that foreign keys refer to; a key into a table that is not here is not checked.

    Raises
    ------
    SchemaError
        With every fault of the file at once.
    """
    schema = _schema(table_id)
    file = path or shipped(table_id, data)
    return _checked(file, schema, tables or {})[0]


def load_all(
    data: Path,
    overrides: Mapping[str, Path] | None = None,
    known: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return every table, checked, each row with its origin; an optional one only where its file is there.

    Two columns are added: `source_id`, the catalog id or the name of the file given instead, and
    `source_row`, the line of the CSV or the position among the features of another file.

    Parameters
    ----------
    data
        Folder of the shipped tables.
    overrides
        Table id to the file to read instead of the shipped one.
    known
        Shipped tables that were read before, as `LateTables.taken` has them.

    Raises
    ------
    SchemaError
        With every fault of every table at once. A foreign key into a table that itself failed is
        not reported, since it would only repeat that failure.
    """
    given = dict(overrides or {})
    faults = [_unknown_table(table_id) for table_id in given if table_id not in SCHEMAS]
    tables: dict[str, pd.DataFrame] = {}
    for table_id in reference_order():
        file = given.get(table_id) or shipped(table_id, data)
        if table_id in OPTIONAL and table_id not in given and not file.is_file():
            continue
        source = file.name if table_id in given else table_id
        try:
            tables[table_id] = (
                known[table_id]
                if known is not None and table_id in known
                else _with_origin(table_id, file, source, tables)
            )
        except SchemaError as error:
            faults += error.faults if table_id in given else _of_own_files(error.faults, table_id, given)
    if faults:
        raise SchemaError(faults)
    return tables


def _of_own_files(faults: Sequence[Fault], table_id: str, given: Mapping[str, Path]) -> list[Fault]:
    """Return the faults of a shipped table, the rows that a file given instead of another lacks as one fault of that file."""
    refers = {
        name: rule.refers[0]
        for name, rule in SCHEMAS[table_id].columns.items()
        if rule.refers is not None and rule.refers[0] in given
    }
    lacking = Counter(refers[one.column] for one in faults if one.column in refers)
    return [one for one in faults if one.column not in refers] + [
        Fault(
            str(given[other]),
            f"every row that the shipped table {table_id!r} refers to",
            f"{count} of its rows without theirs",
            f"Add the missing rows of {other!r}, or give a {table_id!r} of your own as well.",
        )
        for other, count in lacking.items()
    ]


def shipped(table_id: str, data: Path) -> Path:
    """Return the path of a shipped table; that of a CSV where there is none."""
    paths = [data / f"{table_id}{suffix}" for suffix in SHIPPED_SUFFIXES]
    return next((path for path in paths if path.is_file()), paths[0])


def reference_order() -> tuple[str, ...]:
    """Return the table ids, each after the tables its foreign keys refer to."""
    graph = {table_id: _referred(schema) for table_id, schema in SCHEMAS.items()}
    return tuple(TopologicalSorter(graph).static_order())


def _referred(schema: Schema) -> list[str]:
    """Return the ids of the tables that the foreign keys of a table refer to."""
    return sorted({rule.refers[0] for rule in schema.columns.values() if rule.refers is not None})


def _with_origin(table_id: str, file: Path, source: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a checked table, each row with its source and its line or position there."""
    table, rows = _checked(file, SCHEMAS[table_id], tables)
    placed: pd.DataFrame = table.assign(source_id=source, source_row=rows)
    return placed


def _checked(
    file: Path, schema: Schema, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """Return the checked table of a file, and the line or position of each row there."""
    with readable(file):
        read = read_table(file, schema.name)
        table = check_table(
            schema.name,
            _with_points(read.table, schema),
            file=str(file),
            tables=tables,
            rows=read.rows,
            known_faults=read.faults,
        )
    return table, read.rows


def _with_points(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the table with `lon` and `lat` taken from its geometry where it has no such columns."""
    if not isinstance(table, gpd.GeoDataFrame) or schema.geometry or table.crs is None:
        return table
    plain: pd.DataFrame = table.drop(columns=table.geometry.name)
    if not {"lon", "lat"} <= set(schema.columns) or {"lon", "lat"} & set(plain.columns):
        return plain
    points = table.geometry.to_crs(schema.crs).representative_point()
    placed: pd.DataFrame = plain.assign(lon=points.x, lat=points.y)
    return placed


def _schema(table_id: str) -> Schema:
    """Return the schema of a table; raise SchemaError with the known ids where there is none."""
    if table_id not in SCHEMAS:
        raise SchemaError([_unknown_table(table_id)])
    return SCHEMAS[table_id]


def _unknown_table(table_id: str) -> Fault:
    """Return the fault of a table id that has no schema."""
    remedy = f"{did_you_mean(table_id, SCHEMAS)}`corridors list tables` has the ids; a file of an agency needs its `format`."
    return Fault(table_id, "the id of a table", repr(table_id), remedy)

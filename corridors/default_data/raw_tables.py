"""Read raw text and write tables reproducibly: the same input gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path


def raw_text(path: Path, **options: Any) -> pd.DataFrame:
    """Return a raw CSV with every cell as text, an empty cell being ""."""
    table: pd.DataFrame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", **options)
    return table


def to_numbers(cells: pd.Series[Any], digits: int) -> pd.Series[float]:
    """Return text cells as numbers rounded to `digits` decimals; an empty cell is missing."""
    return pd.to_numeric(cells.replace("", None)).astype("float64").round(digits)


def fill_missing(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return text cells with a missing value as ""."""
    return cells.astype("str").where(cells.notna(), "")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write `table` to CSV (UTF-8, line feeds) or, by the name of `path`, to (Geo)Parquet.

    No clock, host or random value enters the file: equal tables give equal bytes for equal versions
    of the writing libraries.
    """
    if path.suffix == ".csv":
        flags = table.select_dtypes("bool").columns
        written = table.assign(**{name: table[name].map({True: "true", False: "false"}) for name in flags})
        written.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    elif isinstance(table, gpd.GeoDataFrame):
        table.to_parquet(path, index=False, compression="zstd", compression_level=19, schema_version="1.1.0")
    else:
        table.to_parquet(path, index=False, compression="zstd", compression_level=19)

"""State firearm laws (two editions of one database, never joined) and federal background checks.

Quirks:

- State Firearm Law Database, edition of 1976-2024: a workbook with a sheet `results`, one row per state and year, 72
  provisions as 0 or 1 and `lawtotal`, their sum. A row whose sum differs is damaged, or of another edition.
- The edition of 1991-2017: a CSV, 133 provisions, `lawtotal` their sum; 71 of the 72 of the later edition and the
  provisions on trafficking and dealers that it dropped. The totals of the two count different things, hence two
  tables. The published file has no end of line after its last row: the row is kept, since its sum proves it complete.
- `law_z` needs all 50 states: a file that lacks some is refused. Neither has the District of Columbia.
- NICS (the FBI publishes PDF; the CSV is BuzzFeed News'): one row per month and jurisdiction; `totals` is the sum of all
  other columns, which proves a row complete; `other` and more are blank in early months. Checks are not sales.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.row_report import (
    RowReport,
    finish_us_table,
    repeated_rows,
    shorten_list,
    to_integers,
    year_span,
)
from corridors.sources.reading.delimited import fault, pick, read_text_table
from corridors.sources.schemas.columns import POSTAL_CODES
from corridors.sources.schemas.formats import Format, Loaded
from corridors.sources.schemas.law_provisions import PROVISIONS, PROVISIONS_1991

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

LAWS_PUBLISHER = "State Firearm Law Database (Siegel et al., Tufts and Boston University)"
STATES_OF_UNION = 50
PROVISIONS_OF_1991 = 133
_OTHER_EDITION = "Give the file of one edition as published; formats tufts and tufts_1991 are not mixed."
_COMPONENTS = frozenset(
    (
        *("permit", "permit_recheck", "handgun", "long_gun", "other", "multiple", "admin"),
        *("prepawn_handgun", "prepawn_long_gun", "prepawn_other"),
        *("redemption_handgun", "redemption_long_gun", "redemption_other"),
        *("returned_handgun", "returned_long_gun", "returned_other"),
        *("rentals_handgun", "rentals_long_gun"),
        *("private_sale_handgun", "private_sale_long_gun", "private_sale_other"),
        *("return_to_seller_handgun", "return_to_seller_long_gun", "return_to_seller_other"),
    )
)
_KINDS = ("permit", "handgun", "long_gun", "other", "multiple", "totals")
_MONTH = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"


def load_tufts(path: Path, context: Context) -> Loaded:
    """Return the law provisions of the four states by year, edition of 1976-2024."""
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names={"state", "year", "lawtotal"}, keep_unended=True
    )
    return _laws("tufts", "state_laws", path, read, context)


def load_tufts_1991(path: Path, context: Context) -> Loaded:
    """Return the law provisions of the four states by year, edition of 1991-2017."""
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names={"state", "year", "lawtotal"}, keep_unended=True
    )
    return _laws("tufts_1991", "state_laws_1991", path, read, context)


def load_nics(path: Path, context: Context) -> Loaded:
    """Return background checks of the four states by year."""
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names={"month", "state", "totals"}, keep_unended=True
    )
    wanted = {name: (name,) for name in ("month", "state", *_KINDS)}
    table = pick(read, wanted, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(~table["state"].isin(POSTAL_CODES), "outside Arizona, California, New Mexico and Texas")
    four = table[row_report.kept]
    columns = [name for name in read.table if name in _COMPONENTS or name == "totals"]
    numbers = whole_numbers(read.table.loc[four.index, columns], read, path)
    _refuse_months(four["month"], read, path)
    sums = numbers.drop(columns="totals").fillna(0).sum(axis=1)
    _refuse_sums(sums, numbers["totals"], read, path, "totals")
    again = repeated_rows(
        pd.concat([four[["month", "state"]], numbers], axis=1), ["month", "state"], read, path
    )
    row_report.drop(again.reindex(table.index, fill_value=False), "the same row again")
    cells = numbers.astype("string").fillna("")
    months = pd.concat([four[["month", "state"]], cells[list(_KINDS)]], axis=1)[~again]
    row_report.note(_gaps(months))
    period = f"{months['month'].min()}..{months['month'].max()}" if len(months) else ""
    nics = finish_us_table("nics", nics_by_year(months), path, context)
    return Loaded({"nics": nics}, row_report.to_report("nics", path, read, unit="rows", period=period))


def standard_laws(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the four states with `us_state` and `law_z`.

    `law_z` has mean 0 and standard deviation 1 (of the population of 50) within each year.

    Parameters
    ----------
    table
        One row per state and year, all 50 states: `state` (name), `year`, `lawtotal` and the provisions.
    """
    by_year = table.groupby("year")["lawtotal"]
    spread = by_year.transform(lambda totals: totals.std(ddof=0))
    table["law_z"] = ((table["lawtotal"] - by_year.transform("mean")) / spread).round(4)
    table["us_state"] = table["state"].map(POSTAL_CODES)
    return table[table["us_state"].notna()]


def nics_by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Return background checks of the four states by year, from text cells by month.

    A kind of check that was not reported in every month of the year (`other` before June 2009) is
    left empty for that year; `sales_proxy` counts an empty `other` as 0.
    """
    table = table[table["state"].isin(POSTAL_CODES)]
    kinds = ["permit", "handgun", "long_gun", "other", "multiple", "totals"]
    keys = pd.DataFrame(
        {"us_state": table["state"].map(POSTAL_CODES), "year": table["month"].str[:4].astype("int64")}
    )
    cells = table[kinds].apply(lambda column: to_integers(column).astype("float64"))
    groups = pd.concat([keys, cells], axis=1).groupby(["us_state", "year"])
    sums = groups[kinds].sum(skipna=False)
    sums["months"] = groups.size()
    sums["sales_proxy"] = sums["handgun"] + sums["long_gun"] + sums["other"].fillna(0) + 2 * sums["multiple"]
    return sums.astype("Int64").reset_index()


def _laws(format_id: str, table_id: str, path: Path, read: TextTable, context: Context) -> Loaded:
    """Return the checked laws of the four states."""
    provisions = PROVISIONS if table_id == "state_laws" else PROVISIONS_1991
    wanted = {name: (name,) for name in ("state", "year", "lawtotal", *provisions)}
    table = pick(read, wanted, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(
        table["state"].eq("District of Columbia"), "District of Columbia: not one of the 50 states"
    )
    states = table.loc[row_report.kept, "state"]
    every = _edition(read, table_id, path)
    numbers = whole_numbers(read.table.loc[states.index, every], read, path)
    _refuse_sums(
        numbers.drop(columns=["year", "lawtotal"]).sum(axis=1), numbers["lawtotal"], read, path, "lawtotal"
    )
    laws = pd.concat([states, numbers], axis=1)
    again = repeated_rows(laws, ["state", "year"], read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "the same row again")
    laws = laws[~again].astype(dict.fromkeys(numbers, "int64"))
    laws = laws.sort_values(["state", "year"], ignore_index=True).copy()
    _refuse_incomplete(laws, path)
    _drop_others(table["state"], row_report)
    four = finish_us_table(table_id, standard_laws(laws), path, context)
    report = row_report.to_report(format_id, path, read, unit="rows", period=year_span(laws["year"]))
    return Loaded({table_id: four}, report)


def _edition(read: TextTable, table_id: str, path: Path) -> list[str]:
    """Return the columns of numbers of one edition: year, lawtotal and every provision."""
    if table_id == "state_laws":
        return ["year", "lawtotal", *PROVISIONS]
    columns = [str(name) for name in read.table if name not in {"state", "year", "lawtotal"}]
    found = len(columns)
    flags = [name for name in columns if _is_flag(read.table[name])]
    if len(flags) != PROVISIONS_OF_1991:
        raise fault(
            path, f"{PROVISIONS_OF_1991} provisions as 0 or 1", f"{len(flags)} of {found}", _OTHER_EDITION
        )
    return ["year", "lawtotal", *flags]


def _is_flag(cells: pd.Series[str]) -> bool:
    """Return whether every cell is 0 or 1."""
    return bool(cells.isin(["0", "1", "0.0", "1.0"]).all())


def _refuse_sums(
    sums: pd.Series[int], totals: pd.Series[int], read: TextTable, path: Path, name: str
) -> None:
    """Raise when the components of a row do not add up to its total."""
    wrong = (sums != totals).fillna(True)  # noqa: FBT003 - a missing total is wrong
    if wrong.any():
        remedy = (
            f"Download the file again. {_OTHER_EDITION}" if name == "lawtotal" else "Download the file again."
        )
        raise SchemaError(
            [
                read.fault(
                    path,
                    at,
                    f"{name} to be the sum of the others",
                    f"{totals[at]} against {sums[at]}",
                    remedy,
                    name,
                )
                for at in wrong.index[wrong]
            ]
        )


def _refuse_incomplete(laws: pd.DataFrame, path: Path) -> None:
    """Raise when a year lacks a state, since `law_z` compares all 50."""
    counts = laws.groupby("year").size()
    short = counts[counts != STATES_OF_UNION]
    if len(short) or laws.empty:
        found = shorten_list(f"{count} in {year}" for year, count in short.items()) or "none"
        remedy = "Give the complete file: law_z compares all 50 states, and this one may be cut."
        raise fault(path, f"{STATES_OF_UNION} states in every year", found, remedy)


def _drop_others(states: pd.Series[str], row_report: RowReport) -> None:
    """Drop the states that only served to standardize."""
    row_report.drop(
        ~states.isin(POSTAL_CODES), "outside Arizona, California, New Mexico and Texas (used for law_z)"
    )


def _refuse_months(months: pd.Series[str], read: TextTable, path: Path) -> None:
    """Raise when a month is not YYYY-MM."""
    wrong = months[~months.str.fullmatch(_MONTH)]
    if len(wrong):
        raise SchemaError(
            [
                read.fault(path, at, "a month YYYY-MM", repr(month), "Correct the cell.", "month")
                for at, month in zip(wrong.index, wrong, strict=True)
            ]
        )


def _gaps(months: pd.DataFrame) -> str:
    """Return a note on the states that lack months between their first and last."""
    words = []
    for state, group in months.groupby("state"):
        stamps = pd.PeriodIndex(group["month"], freq="M")
        missing = pd.period_range(stamps.min(), stamps.max(), freq="M").difference(stamps)
        if len(missing):
            words.append(f"{state} lacks {shorten_list(missing)}")
    return "; ".join(words)


FORMATS: tuple[Format, ...] = (
    Format(
        "tufts",
        "State Firearm Law Database, 1976-2024",
        LAWS_PUBLISHER,
        ("state_laws",),
        (".xlsx", ".csv"),
        frozenset({"state", "year", "lawtotal", "relinquishment"}),
        load_tufts,
    ),
    Format(
        "tufts_1991",
        "State Firearm Law Database, 1991-2017",
        LAWS_PUBLISHER,
        ("state_laws_1991",),
        (".csv", ".xlsx"),
        frozenset({"state", "year", "lawtotal", *PROVISIONS_1991}),
        load_tufts_1991,
    ),
    Format(
        "nics",
        "Background checks by month and state (NICS)",
        "Federal Bureau of Investigation, by BuzzFeed News",
        ("nics",),
        (".csv", ".csv.gz"),
        frozenset({"month", "state", "permit", "handgun", "long_gun", "multiple", "totals"}),
        load_nics,
    ),
)

"""Cars southbound by bridge and month, as the bridge systems of Texas count them when they take the toll.

No layout is official: a row a bridge and month, found by these names or the user's column map. The table holds ratios of
southbound to northbound cars (docs/method.md 2.2), so each count needs the northbound one of the same month:

- a column of northbound counts is taken as it is (kind "stated");
- without one, northbound cars are estimated from the shipped counts: the cars of the bridge's BTS port in that year, or in
  the nearest whole year up to two years away, in the shipped proportions of its bridges, a twelfth a month (kind
  "implied"). The sd of the logarithm of such an estimate is set to `NORTHBOUND_SD`: for a month alone it was .22 in
  2022-25 and .41 in 2013-19, and for a whole year of months .06 to .19 (21 Texas bridges, monthly counts).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import exp, sqrt
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process

from corridors.core.errors import SchemaError
from corridors.sources.agencies.borders import crossing_month
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.row_report import (
    MONTHS,
    RowReport,
    finish_us_table,
    reference_table,
    repeated_rows,
    shorten_list,
)
from corridors.sources.reading.delimited import fault, pick, read_text_table
from corridors.sources.reading.encoding import folded_name
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

ID = "bridge_counts"
SEPARATOR = " | "
NORTHBOUND_SD = 0.35
"""Sd of the logarithm of a month's northbound cars, estimated from a year's. Independent months average it out as
sqrt(12), to .10 for a year."""
YEARS_AWAY = 2
"""Maximum distance in years of the whole year that a month is estimated from."""
MAX_RATIO = 20
"""A ratio beyond this or below its inverse is no traffic of the same bridge."""
UNKNOWN = "no bridge or port of entry of this name"
NO_CARS = "a crossing that takes no cars south"
NO_NORTHBOUND = "no northbound count to compare with"
BEYOND = f"more than {MAX_RATIO} times the cars of the other direction: not the same traffic"
_WANTED = {
    "bridge": ("bridge", "bridges", "crossing", "port_of_entry", "poe_id", "puente", "cruce"),
    "month": ("month", "period", "date", "mes", "fecha", "periodo"),
    "year": ("year", "ano", "anio", ""),
    "southbound": ("southbound", "southbound_vehicles", "southbound_cars", "hacia_el_sur", "al_sur", "sur"),
    "northbound": (
        *("northbound", "northbound_same_month", "northbound_vehicles", "northbound_cars"),
        *("hacia_el_norte", "al_norte", "norte", ""),
    ),
    "unit": ("unit", "unidad", ""),
    "url": ("url", "link", "enlace", "liga", ""),
    "note": ("note", "nota", ""),
}
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOGETHER = re.compile(r"\s*[|+]\s*")
_GENERAL = frozenset(
    [
        "international",
        "internacional",
        "bridge",
        "bridges",
        "puente",
        "puentes",
        "port",
        "of",
        "entry",
        "crossing",
        "cruce",
        "the",
        "de",
        "del",
        "la",
        "el",
        "y",
        "and",
    ]
)
_ADDRESS = re.compile(r"https?://\S+")


class Bridge(NamedTuple):
    """A bridge found by a name: its ports of entry, and a note where less than the whole name fits."""

    ports: tuple[str, ...] = ()
    note: str = ""


def load_bridge_counts(path: Path, context: Context) -> Loaded:
    """Return ratios of southbound to northbound cars by bridge and month.

    Parameters
    ----------
    path
        A row a bridge and month.
    context
        `ports_of_entry` and, where no northbound counts are given, `crossings`. In its column map "url" may be an address,
        which then holds for every row.

    Raises
    ------
    SchemaError
        With every fault of the file: a month that is none or is to come, a count that is no number, a bridge and month with two
        counts, no address of the source.
    """
    columns = dict(context.columns)
    source = columns.pop("url") if _ADDRESS.fullmatch(columns.get("url", "")) else ""
    read = read_text_table(path, sheet=columns.get("sheet"))
    table = pick(read, _WANTED, path=path, columns=columns)
    if source:
        table["url"] = source
    elif len(table) and table["url"].eq("").all():
        remedy = 'Add the column, or give the address for all rows: columns = { url = "https://..." }.'
        raise fault(path, "a column 'url' with where the counts were read", "none", remedy)
    row_report = RowReport.of(read)
    ports = reference_table(context, "ports_of_entry", path)
    table["counted_with"] = _bridges(table["bridge"], ports, row_report)
    months = _months(table[row_report.kept], read, path)
    kept = table[row_report.kept]
    numbers = whole_numbers(kept[["southbound", "northbound"]], read, path, required=("southbound",))
    rows = kept.assign(month=months, **numbers)
    keyed = rows[["counted_with", "month", "southbound", "northbound"]]
    again = repeated_rows(keyed, ["counted_with", "month"], read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "the same bridge and month again")
    rows = _with_northbound(rows[~again], ports, context, row_report)
    made = by_bridge(rows)
    made["unit"] = made["unit"].where(made["unit"] != "", "vehicles, as the file counts them")
    shipped = context.tables.get("southbound_factors", pd.DataFrame({"poe_id": []}))
    lost = sorted(set(shipped["poe_id"]) - set(made["poe_id"]))
    row_report.note(
        f"bridges with a ratio in the table before that this file lacks: {shorten_list(lost)}" if lost else ""
    )
    factors = finish_us_table("southbound_factors", made, path, context)
    first, last = factors["month"].min(), factors["month"].max()
    period = first if first == last else f"{first}..{last}"
    report = row_report.to_report(ID, path, read, unit="rows", period=period)
    return Loaded({"southbound_factors": factors}, report)


def ratio(southbound: pd.Series[float], northbound: pd.Series[float]) -> pd.Series[float]:
    """Return southbound over northbound cars, to four digits."""
    return (southbound / northbound).round(4)


def by_bridge(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a bridge, `poe_id` added: bridges counted together have the same ratio.

    Parameters
    ----------
    rows
        A row a count: `counted_with`, the ports of entry of its bridges separated by " | ".
    """
    apart = rows.assign(poe_id=rows["counted_with"].str.split(SEPARATOR, regex=False))
    return apart.explode("poe_id", ignore_index=True)


def find_bridge(name: str, ports: pd.DataFrame) -> Bridge:
    """Return the ports of entry of a name: "A + B" or "A | B" for two bridges counted together.

    A name is an id, a name of either side with or without words as "international bridge", or words that one port's names
    alone have.

    Parameters
    ----------
    ports
        `poe_id name_us name_mx`.
    """
    found = [_port(one, ports) for one in (_TOGETHER.split(name.strip()) if name.strip() else [""])]
    notes = "; ".join(dict.fromkeys(bridge.note for bridge in found if bridge.note))
    if not all(bridge.ports for bridge in found):
        return Bridge(note=notes)
    return Bridge(tuple(sorted({port for bridge in found for port in bridge.ports})), notes)


def _port(name: str, ports: pd.DataFrame) -> Bridge:
    """Return the port of entry of one name, else a note with the nearest names."""
    if name.upper() in set(ports["poe_id"]):
        return Bridge((name.upper(),))
    words: dict[str, list[frozenset[str]]] = {}
    for poe_id, *names in ports[["poe_id", "name_us", "name_mx"]].itertuples(index=False, name=None):
        variants = [part for full in names for part in (full, *re.split(r"[()/]", full))]
        words[poe_id] = [key for variant in variants if (key := _key(variant))]
    key = _key(name)
    same = [poe_id for poe_id, keys in words.items() if key and key in keys]
    inside = [poe_id for poe_id, keys in words.items() if key and any(key <= other for other in keys)]
    for fitting in (same, inside):
        if len(fitting) == 1:
            note = "" if fitting is same else f"{name!r} taken as {_named(fitting[0], ports)}"
            return Bridge((fitting[0],), note)
    labels = {poe_id: " ".join(sorted(frozenset().union(*keys))) for poe_id, keys in words.items()}
    near = process.extract(" ".join(sorted(key)), labels, scorer=fuzz.token_set_ratio, limit=3)
    several = [*same] or [*inside] or [poe_id for _, _, poe_id in near]
    return Bridge(note=f"{name!r}: near names {', '.join(_named(poe_id, ports) for poe_id in several[:3])}")


def _key(name: str) -> frozenset[str]:
    """Return the words of a name that tell bridges apart."""
    return frozenset(folded_name(name).split()) - _GENERAL


def _named(poe_id: str, ports: pd.DataFrame) -> str:
    """Return a port's name with its id."""
    names: Mapping[str, str] = dict(zip(ports["poe_id"], ports["name_us"], strict=True))
    return f"{names[poe_id]} ({poe_id})"


def _bridges(names: pd.Series[str], ports: pd.DataFrame, row_report: RowReport) -> pd.Series[str]:
    """Return the ports of entry of each row; drop and note those of no known bridge, and those without cars southbound."""
    found = {name: find_bridge(name, ports) for name in names.unique()}
    row_report.note(*(bridge.note for bridge in found.values()))
    closed = set(ports.loc[ports["southbound"] != "yes", "poe_id"])
    unknown = {name for name, bridge in found.items() if not bridge.ports}
    without_cars = {name for name, bridge in found.items() if closed & set(bridge.ports)}
    row_report.drop(names.isin(unknown), UNKNOWN)
    row_report.drop(names.isin(without_cars), NO_CARS)
    return names.map({name: SEPARATOR.join(bridge.ports) for name, bridge in found.items()})


def _months(table: pd.DataFrame, read: TextTable, path: Path) -> pd.Series[str]:
    """Return the month of each row as YYYY-MM.

    Raises
    ------
    SchemaError
        With a fault for each cell that is no month, or is one to come.
    """
    now = f"{datetime.now(tz=UTC):%Y-%m}"
    months, faults = [], []
    for at, cell, year in zip(table.index.tolist(), table["month"], table["year"], strict=True):
        month = month_of(cell, year)
        if month is None or month > now:
            found = repr(f"{cell} {year}".strip())
            faults.append(
                read.fault(path, at, f"a month up to {now}", found, "Write it as 2024-06.", "month")
            )
        months.append(month or "")
    if faults:
        raise SchemaError(faults)
    return pd.Series(months, index=table.index, dtype="str")


def month_of(cell: str, year: str = "") -> str | None:
    """Return a month as YYYY-MM, from one cell or from a month and a year; None where it is none.

    Examples
    --------
    >>> month_of("2024-06"), month_of("Jun 2024"), month_of("junio de 2024"), month_of("6", "2024"), month_of("JUNIO", "2024")
    ('2024-06', '2024-06', '2024-06', '2024-06', '2024-06')
    >>> month_of("6"), month_of("13", "2024")
    (None, None)
    """
    plain = cell.strip()
    if not year.strip():
        whole = crossing_month(plain)
        if whole is not None:
            return whole
        words = [word for word in folded_name(plain).split() if word not in {"de", "del"}]
        plain, year = (words[0], words[1]) if len(words) == 2 else ("", "")
    if not re.fullmatch(r"(19|20)\d\d(\.0)?", year.strip()):
        return None
    number = _number(folded_name(plain))
    return f"{year.strip()[:4]}-{number:02d}" if number else None


def _number(month: str) -> int:
    """Return the number of a month given by number or by name in English or Spanish, 0 for other text."""
    if month.isdecimal():
        return int(month) if 1 <= int(month) <= len(MONTHS) else 0
    if len(month) < 3:
        return 0
    fits = [at for at, name in enumerate(MONTHS, start=1) if name.startswith(month)]
    fits += [at for at, name in enumerate(_ENGLISH, start=1) if month.startswith(name)]
    return fits[0] if fits else 0


def _with_northbound(
    rows: pd.DataFrame, ports: pd.DataFrame, context: Context, row_report: RowReport
) -> pd.DataFrame:
    """Return the rows with a northbound count, given or estimated, and their ratios; drop those without one."""
    given = rows["northbound"].notna()
    estimate = _northbound(rows, ports, context)
    north = rows["northbound"].astype("float64").where(given, estimate).round()
    south = rows["southbound"].astype("float64")
    unknown = ~(north > 0)
    lost = unknown | ~(south / north).between(1 / MAX_RATIO, MAX_RATIO)
    row_report.drop(unknown.reindex(row_report.reasons.index, fill_value=False), NO_NORTHBOUND)
    row_report.drop(lost.reindex(row_report.reasons.index, fill_value=False), BEYOND)
    estimated = int((~given & ~lost).sum())
    half = exp(sqrt(3) * NORTHBOUND_SD)  # a uniform band of that sd, as `factor_lo` and `factor_hi` are read
    row_report.note(
        f"northbound cars of {estimated:,} rows are estimated from whole years (sd of the logarithm {NORTHBOUND_SD})"
        if estimated
        else ""
    )
    factor = ratio(south, north)
    wide = given.map({True: 1.0, False: half})
    return rows.assign(
        northbound=north.astype("Int64"),
        factor=factor,
        factor_lo=(factor / wide).round(4).clip(lower=1 / MAX_RATIO),
        factor_hi=(factor * wide).round(4).clip(upper=MAX_RATIO),
        kind=given.map({True: "stated", False: "implied"}),
    )[~lost]


def _northbound(rows: pd.DataFrame, ports: pd.DataFrame, context: Context) -> pd.Series[float]:
    """Return northbound cars of each row's bridges in a month of its year, missing where none is known."""
    crossings = context.tables.get("crossings")
    if crossings is None:
        return pd.Series(float("nan"), index=rows.index)
    cars = crossings[(crossings["measure"] == "personal vehicles") & (crossings["months"] == len(MONTHS))]
    yearly = cars.set_index(["bts_port_code", "year"])["value"].astype("float64").to_dict()
    years = cars["year"].unique().tolist()
    weight = ports["pov_weight"].astype("float64")
    counted = ports["pov_northbound"].astype("float64").fillna(weight)
    part = weight / counted.groupby(ports["bts_port_code"]).transform("sum")
    code_of = dict(zip(ports["poe_id"], ports["bts_port_code"], strict=True))
    part_of = dict(zip(ports["poe_id"], part, strict=True))
    found = []
    for bridges, month in zip(rows["counted_with"], rows["month"], strict=True):
        near = _nearest_year(int(month[:4]), years)
        counts = [
            yearly.get((code_of[port], near), float("nan")) * part_of[port]
            for port in bridges.split(SEPARATOR)
        ]
        found.append(sum(counts) / len(MONTHS))
    return pd.Series(found, index=rows.index, dtype="float64")


def _nearest_year(year: int, years: Sequence[int]) -> int | None:
    """Return the year nearest to another, the later of two, None where all are more than `YEARS_AWAY`."""
    near = [one for one in years if abs(one - year) <= YEARS_AWAY]
    return min(near, key=lambda one: (abs(one - year), -one), default=None)


FORMATS: tuple[Format, ...] = (
    Format(
        ID,
        "Cars southbound by bridge and month",
        "Bridge systems",
        ("southbound_factors",),
        (".csv", ".xlsx", ".csv.gz"),
        frozenset({"bridge", "month", "southbound"}),
        load_bridge_counts,
        (frozenset({"puente", "mes", "hacia_el_sur"}), frozenset({"crossing", "month", "southbound"})),
    ),
)

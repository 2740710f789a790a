"""What published counts of licenses say of cells of 1 to 4.

Every published count becomes an equation over unknown counts of counties or ZIP codes; integer programs then look for the
ends of each cell of 1 to 4. A cell of which 1 or 4 is no longer possible has been narrowed. The reader of the counts is
taken to know more than is published: which county or ZIP code lies in which zone and district.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from tests.outputs.page_islands import islands_of
from tests.outputs.payload_check import values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

LEAST, MOST = 1, 4
"""Counts of which a reader may learn no more than that they lie in this interval."""
FEWEST = 5
KINDS = ("zone_id", "consulate", "us_state")
PLACE = [*KINDS, "unit"]
_COUNTS = re.compile("licen[cs]|dealer")
READ = frozenset({"dealers", "licences", "licences_change", "licences_year", "licence"})
"""Columns of published tables that hold counts of licenses, or their year, and are read here; `licence` has terms of use."""
FIRST_SIGN, BASE = 63, 64
"""How a page packs counts: two signs a number, as corridors/outputs/web/src/packing.js unpacks them."""


class Said(NamedTuple):
    """A published count: `low` to `high` licenses in the zone, district, state or region `name`, or in (zone, district)."""

    name: str | tuple[str, str]
    year: int
    low: float
    high: float
    where: str


def said_by(folder: Path, latest: int) -> list[Said]:
    """Return every count of licenses in the files of a run's folder, its briefs too; of `latest` where none has a year."""
    found: list[Said] = []
    for package in sorted(folder.rglob("*.gpkg")):
        layers = gpd.list_layers(package)["name"]
        if "zones" in set(layers):
            found += _of_zones(gpd.read_file(package, layer="zones"), latest, package)
    for path in sorted(folder.rglob("zones.*")):
        if path.suffix != ".gpkg":
            read = {".csv": pd.read_csv, ".parquet": gpd.read_parquet}.get(path.suffix, gpd.read_file)
            found += _of_zones(read(path), latest, path)
    for path in sorted(folder.rglob("*.csv")):
        table = pd.read_csv(path, low_memory=False)
        unread = {name for name in table.columns if _COUNTS.search(name)} - READ
        if unread:
            raise AssertionError(f"{path} has columns of licenses that nobody reads here: {sorted(unread)}")
        found += _of_areas(table, path)
    for path in sorted(folder.rglob("*.html")):
        found += _of_page(islands_of(path.read_text(encoding="utf-8")), latest, path)
    manifest = folder / "manifest.json"
    if manifest.is_file():
        part = json.loads(manifest.read_text(encoding="utf-8")).get("run", {}).get("part", {})
        if "licences" in part:
            found.append(Said("covered", latest, part["licences"], part["licences"], "manifest.json"))
    return found


def _of_zones(table: pd.DataFrame, year: int, path: Path) -> Iterator[Said]:
    known = table[table["dealers"].notna()]
    for name, count in zip(known["zone_id"], known["dealers"].astype(float), strict=True):
        yield Said(str(name), year, count, count, str(path))


def _of_areas(table: pd.DataFrame, path: Path) -> Iterator[Said]:
    """Read tables by area (`licences.csv`, `districts.csv`, `indicators.csv`, `indicators_by_year.csv`)."""
    if {"indicator", "value", "consulate"} <= set(table.columns):
        own = table[table["indicator"] == "licences"].rename(columns={"value": "licences"})
        rates = table[table["indicator"] == "rate"].rename(columns={"value": "rate"})
        table = own.merge(rates[["consulate", "year", "rate"]], on=["consulate", "year"], how="outer")
    if "licences" not in table.columns:
        return
    area = table["area" if "area" in table.columns else "consulate"].astype(str)
    year = table[next(name for name in ("year", "licences_year", "last_year") if name in table.columns)]
    people = table.get("people", pd.Series(np.nan, table.index))
    for name, when, count, rate, living in zip(
        area, year, table["licences"], table["rate"], people, strict=True
    ):
        if pd.notna(count):
            yield Said(name, int(when), float(count), float(count), str(path))
        if pd.notna(rate) and pd.isna(count):  # a rate gives its count to within rounding
            ends = (rate - 0.05, rate + 0.05) if pd.notna(living) else (rate, rate)
            low, high = (end * living / 100_000 if pd.notna(living) else end for end in ends)
            yield Said(name, int(when), low, high, str(path))
    change = table.get("licences_change")
    if change is not None and (change.notna() & table["licences"].isna()).any():
        raise AssertionError(f"{path} gives the change of a count that it withholds")


def _of_page(islands: dict[str, object], latest: int, path: Path) -> Iterator[Said]:
    """Read the zones and the districts of a map."""
    zones: dict = islands.get("compact_layer_zones_data", {})  # type: ignore[assignment, type-arg]
    columns = {name: _plain(column) for name, column in zones.get("columns", {}).items()}
    counts = dict(zip(columns.get("id", []), columns.get("dealers", []), strict=False))
    for name, count in counts.items():
        if count is not None:
            yield Said(name, latest, count, count, str(path))
    for name, code in zip(columns.get("id", []), columns.get("licences", []), strict=False):
        for n, year in enumerate(range(zones["years"][0], zones["years"][1] + 1)):
            count = (ord(code[2 * n]) - FIRST_SIGN) * BASE + ord(code[2 * n + 1]) - FIRST_SIGN
            if count:
                yield Said(name, year, count, count, str(path))
    districts: dict = islands.get("compact_layer_districts_data", {})  # type: ignore[assignment, type-arg]
    held = {name: _plain(column) for name, column in districts.get("columns", {}).items()}
    for consulate, parts in zip(held.get("id", []), held.get("zones", []), strict=False):
        for zone, fraction in parts:
            if fraction < 1:  # as if the fraction had all its digits: the part itself
                yield Said((zone, consulate), latest, np.nan, np.nan, str(path))


def _plain(column: Any) -> list[Any]:
    """Return the values of a column of a page, packed or not."""
    return column if isinstance(column, list) else values_of(column)


def narrowed(held: pd.DataFrame, said: Sequence[Said]) -> list[str]:
    """Return every cell of 1 to 4 that the published counts narrow.

    Parameters
    ----------
    held
        The truth: `unit zone_id consulate us_state year dealers`, "" outside all zones.
    said
        Published counts.
    """
    return [
        fault
        for year, own in held.groupby("year")
        for fault in _narrowed_in(
            [_with_signature(own, [own])],
            [[one for one in said if one.year == year]],
            latest=year == held["year"].max(),
        )
    ]


def narrowed_by_both(
    first: pd.DataFrame, second: pd.DataFrame, said: tuple[Sequence[Said], Sequence[Said]]
) -> list[str]:
    """Return every cell of 1 to 4 that two publications narrow together, to one who knows that they differ by one license.

    Parameters
    ----------
    first, second
        The truth of each, of one year, the second with one license more; as for `narrowed`.
    said
        Counts that each publishes.
    """
    # a ZIP code without a license in the first is in a zone of it all the same
    none = second[~second["unit"].isin(first["unit"]) & second["zone_id"].isin({"", *first["zone_id"]})]
    tables = [pd.concat([first, none.assign(dealers=0)], ignore_index=True), second]
    return _narrowed_in([_with_signature(one, tables) for one in tables], list(said), latest=True)


def _with_signature(own: pd.DataFrame, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one row a unit, with the group of units that no table of places tells apart from it."""
    units = own.groupby("unit")[[*KINDS, "dealers"]].agg(dict.fromkeys(KINDS, "first") | {"dealers": "sum"})
    group = pd.Series("", units.index)
    for table in tables:
        places = table.drop_duplicates("unit").set_index("unit")[list(KINDS)].reindex(units.index).fillna("")
        group += places.agg("|".join, axis=1) + "/"
    return units.assign(group=group)


def _narrowed_in(tables: list[pd.DataFrame], said: list[Sequence[Said]], *, latest: bool) -> list[str]:
    """Look for the ends of every cell, of one year or of two publications of it."""
    units = tables[0] if len(tables) == 1 else tables[1].combine_first(tables[0])
    groups = _groups(units)
    of = pd.Series({unit: n for n, own in enumerate(groups) for unit in own})
    size, times = len(groups), len(tables)
    known: list[tuple[csr_array, float, float]] = []
    asked: dict[str, csr_array] = {}
    for when, (table, own) in enumerate(zip(tables, said, strict=True)):
        sums = _sums_of(table)
        for kind, members in sums.values():
            if kind == "zone" and latest:
                known.append((_row(of, members, size, when, times), FEWEST, np.inf))
        for one in own:
            for members, true in _members(one.name, sums, table):
                ends = (true, true) if isinstance(one.name, tuple) else (one.low, one.high)
                low, high = np.ceil(ends[0] - 1e-9), np.floor(ends[1] + 1e-9)
                known.append((_row(of, members, size, when, times), low, high))
        cells = {str(key): members for key, (_, members) in sums.items()}
        cells |= {f"unit {own_units[0]}": pd.Index(own_units[:1]) for own_units in groups[::2]}
        for name, members in cells.items():
            if LEAST <= table["dealers"].reindex(members).sum() <= MOST:
                asked[f"{name} of {when + 1}"] = _row(of, members, size, when, times)
    truth = pd.Series(0.0, range(size * times))
    truth.update(tables[0].groupby(of.reindex(tables[0].index))["dealers"].sum())
    if times > 1:  # one license more, somewhere
        known.append((csr_array(np.repeat([0.0, 1.0], size)[None]), 1, 1))
        more = tables[1]["dealers"].sub(tables[0]["dealers"], fill_value=0)
        truth.update(more.groupby(of.reindex(more.index)).sum().rename(lambda n: n + size))
    return _search(known, asked, np.asarray(truth, dtype=np.float64))


def _groups(units: pd.DataFrame) -> list[list[str]]:
    """Return, for each group of units alike, one that stands for them, small where one is, and the rest."""
    groups = []
    for _, rows in units.groupby("group"):
        small = rows.index[rows["dealers"].between(LEAST, MOST)]
        first = (small if len(small) else rows.index)[0]
        groups += [[first], [unit for unit in rows.index if unit != first]]
    return groups


def _sums_of(table: pd.DataFrame) -> dict[str | tuple[str, str], tuple[str, pd.Index]]:
    """Return the units of every zone, district, state, part of a zone and of the region by name."""
    found: dict[str | tuple[str, str], tuple[str, pd.Index]] = {"region": ("region", table.index)}
    found["covered"] = ("covered", table.index[table["zone_id"] != ""])
    for kind, label in zip(KINDS, ("zone", "district", "state"), strict=True):
        found |= {str(name): (label, own.index) for name, own in table.groupby(kind) if name}
    pairs = table.groupby(["zone_id", "consulate"])
    found |= {(str(z), str(c)): ("part", own.index) for (z, c), own in pairs if z and c}
    return found


def _members(
    name: str | tuple[str, str], sums: dict[str | tuple[str, str], tuple[str, pd.Index]], table: pd.DataFrame
) -> Iterator[tuple[pd.Index, float]]:
    """Return the units that a name stands for, and their licenses; zones joined for the kit are the units of all."""
    parts = [name] if name in sums or isinstance(name, tuple) else re.split(r"\+(?=county:|zip:)", name)
    if parts == [name] and name not in sums:  # an office without a county
        return
    members = sums[parts[0]][1].append([sums[part][1] for part in parts[1:]])
    yield members, float(table.loc[members, "dealers"].sum())


def _row(of: pd.Series, members: Iterable[str], size: int, when: int, times: int) -> csr_array:
    """Return (1, unknowns) 1 for the groups of some units; of the second publication, with the license more."""
    row = np.zeros(size)
    row[of[list(members)].to_numpy(dtype=np.int64)] = 1
    return csr_array(np.concatenate([row, row * when][:times])[None])


def _search(
    known: list[tuple[csr_array, float, float]], asked: dict[str, csr_array], truth: NDArray[np.float64]
) -> list[str]:
    """Return the names of the cells of which 1 or 4 is not possible."""
    if not known or not asked:
        return []
    rows = csr_array(vstack([row for row, _, _ in known]))
    low, high = (np.array([one[end] for one in known], dtype=np.float64) for end in (1, 2))
    true = rows @ truth
    if (true < low - 1e-6).any() or (true > high + 1e-6).any():
        raise AssertionError("a published count is not that of the tables")
    cells = csr_array(vstack(list(asked.values())))
    seen_low = seen_high = cells @ truth
    faults = []
    for n, name in enumerate(asked):
        for end in (LEAST, MOST):
            if (seen_low[n] <= end) if end == LEAST else (seen_high[n] >= end):
                continue
            found = milp(
                np.zeros(len(truth)),
                constraints=[LinearConstraint(rows, low, high), LinearConstraint(cells[[n]], end, end)],
                integrality=np.ones(len(truth), dtype=np.int64),
                bounds=Bounds(0, np.inf),
            )
            if found.x is None:
                faults.append(f"{name} cannot be {end}")
                continue
            reached = cells @ np.rint(found.x)
            seen_low, seen_high = np.minimum(seen_low, reached), np.maximum(seen_high, reached)
    return faults

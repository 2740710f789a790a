"""Sums of the agencies' tables by plain pandas, and of ours, as {keys: counts}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.sources.agencies import test_borders, test_fgr
from tests.sources.dress import MONTHS
from tests.sources.variants import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corridors.sources.schemas import Loaded

    Sums = Mapping[Any, Any]

STATES = {"Arizona": "AZ", "California": "CA", "Texas": "TX", "New Mexico": "NM"}
PLACES = {"TIJUANA": "02004", "JUAREZ": "08037", "NOGALES": "26043", "HERMOSILLO": "26030"}


def by(table: pd.DataFrame, keys: Sequence[str], counts: Sequence[str]) -> Sums:
    """Return the sums of counts by keys, as plain values."""
    found = table.groupby(list(keys), sort=True)[list(counts)].sum().astype(int)
    return {
        key if isinstance(key, tuple) else (key,): tuple(row)
        for key, row in zip(found.index, found.to_numpy(), strict=True)
    }


def ours(table_id: str, keys: Sequence[str], counts: Sequence[str]) -> Callable[[Loaded], Sums]:
    """Return the sums of a loaded table by keys."""
    return lambda loaded: by(loaded.tables[table_id].fillna(dict.fromkeys(counts, 0)), keys, counts)


def bts(table: pd.DataFrame) -> Sums:
    used = table[
        table["Border"].eq("US-Mexico Border") & table["Measure"].isin(["Personal Vehicles", "Pedestrians"])
    ]
    year = used["Date"].str.extract(r"(\d{4})")[0].astype(int)
    return by(
        used.assign(year=year, of=used["Measure"].str.lower(), n=numbers(used["Value"])),
        ["Port Code", "year", "of"],
        ["n"],
    )


def cbp(table: pd.DataFrame) -> Sums:
    used = table[table["Component"].eq(test_borders.OFO) & table["Inbound/Outbound"].eq("OUTBOUND")]
    names = {
        "Handgun": "handguns",
        "Long Arm": "long_arms",
        "Ammunition": "ammunition",
        "Magazine": "magazines",
    }
    wide = pd.DataFrame(
        {
            new: numbers(used["Quantity Seized"]).where(used["Category"].eq(old), 0)
            for old, new in names.items()
        }
    )
    return by(
        wide.assign(office=used["Area of Responsibility"].str.removesuffix(" Field Office")),
        ["office"],
        list(names.values()),
    )


def freight(table: pd.DataFrame) -> Sums:
    codes = {"NL": "19", "NA": "18", "CH": "08"}
    used = table[
        table["TRDTYPE"].eq("1")
        & table["DISAGMOT"].eq("5")
        & table["COUNTRY"].eq("2010")
        & table["USASTATE"].isin(list(STATES.values()))
        & table["MEXSTATE"].isin(list(codes))
    ]
    made = used.assign(
        code=used["MEXSTATE"].map(codes), year=used["YEAR"].astype(int), n=numbers(used["VALUE"])
    )
    return by(made, ["USASTATE", "DEPE", "code", "year"], ["n"])


def dated(table: pd.DataFrame) -> Sums:
    names = ["long_guns", "short_guns", "guns_total"]
    counts = pd.DataFrame({name: numbers(table[name]) for name in names})
    return by(counts.assign(cvegeo=table["cvegeo"].str.zfill(5)), ["cvegeo"], names)


def bridges(table: pd.DataFrame) -> Sums:
    """Ratios beyond 20 either way are left out: a drawn count may be 0."""
    made = table.assign(n=numbers(table["Southbound"]))
    used = made[made["n"].between(2000 / 20, 2000 * 20)]
    return by(used, ["Bridge", "Month"], ["n"])


def seized(table: pd.DataFrame) -> Sums:
    day = table["FECHA"]
    full, short = day.str.extract(r"(\d{4})")[0], day.str.extract(r"(\d\d)(?: .*)?$")[0]
    year = full.fillna("20" + short).astype(int)
    counts = pd.DataFrame({name: numbers(table[f"ARMAS {name}"]) for name in ("LARGAS", "CORTAS")})
    made = counts.assign(place=table["MUNICIPIO"].map(PLACES), year=year)
    spans = made.groupby("place")["year"].agg(["min", "max"])
    return {
        place: (*sums, *spans.loc[place])
        for (place,), sums in by(made, ["place"], ["LARGAS", "CORTAS"]).items()
    }


def our_seizures(loaded: Loaded) -> Sums:
    columns = ["cvegeo", "long_guns", "short_guns", "first_year", "last_year"]
    return {
        row[0]: tuple(map(int, row[1:]))
        for row in loaded.tables["seizures_municipal"][columns].itertuples(index=False)
    }


def events(state: str, place: str, guns: tuple[str, str], year: str) -> Callable[[pd.DataFrame], Sums]:
    def rival(table: pd.DataFrame) -> Sums:
        made = pd.DataFrame({name: numbers(table[name]).replace(9999, 0) for name in guns})
        code = table[state].str.zfill(2) + table[place].str.zfill(3)
        made = made.assign(code=code, year=table[year].str[:4].astype(int))
        spans = made.groupby("code")["year"].agg(["min", "max"])
        return {code: (*sums, *spans.loc[code]) for (code,), sums in by(made, ["code"], guns).items()}

    return rival


def crimes(keys: Sequence[str]) -> Callable[[pd.DataFrame], Sums]:
    def rival(table: pd.DataFrame) -> Sums:
        used = table[table["Subtipo de delito"].eq("Homicidio doloso")]
        total = sum((numbers(used[month]) for month in MONTHS), start=pd.Series(0, index=used.index))
        fire = total.where(used["Modalidad"].eq("Con arma de fuego"), 0)
        width = 5 if keys[0] == "Cve. Municipio" else 2
        made = used.assign(
            code=used[keys[0]].str.zfill(width), year=used["Año"].astype(int), total=total, fire=fire
        )
        return by(made, ["code", "year"][: len(keys)], ["total", "fire"])

    return rival


def files(table: pd.DataFrame) -> Sums:
    used = table[table["LEY"].eq(test_fgr.LAW[0]) & table["TIPO"].eq(test_fgr.LAW[2])]
    total = sum(
        (numbers(used[month]) for month in map(str.upper, MONTHS)), start=pd.Series(0, index=used.index)
    )
    return by(
        used.assign(code=used["INEGI"].str.zfill(2), year=used["AÑO"].astype(int), total=total),
        ["code", "year"],
        ["total"],
    )


def deaths(table: pd.DataFrame) -> Sums:
    used = table[table["CAUSA_DEF"].str[:3].between("X85", "Y09")]
    return by(used.assign(code=used["ENT_OCURR"] + used["MUN_OCURR"], n=1), ["code"], ["n"])


def licences(prefix: str) -> Callable[[pd.DataFrame], Sums]:
    def rival(table: pd.DataFrame) -> Sums:
        retail = table[f"{prefix}LIC_TYPE"].isin(["01", "02", "07", "08"])
        used = table[retail & table[f"{prefix}PREMISE_STATE"].isin(list(STATES.values()))]
        return by(used.assign(zip=used[f"{prefix}PREMISE_ZIP_CODE"].str[:5], n=1), ["zip"], ["n"])

    return rival


def checks(table: pd.DataFrame) -> Sums:
    used = table[table["state"].isin(list(STATES))]
    made = used.assign(state=used["state"].map(STATES), year=used["month"].str[:4].astype(int))
    return by(
        made.assign(handgun=numbers(used["handgun"]), long_gun=numbers(used["long_gun"])),
        ["state", "year"],
        ["handgun", "long_gun"],
    )


def laws(table: pd.DataFrame) -> Sums:
    used = table[table["state"].isin(list(STATES))]
    made = used.assign(
        state=used["state"].map(STATES), year=used["year"].astype(int), lawtotal=numbers(used["lawtotal"])
    )
    return by(made, ["state", "year"], ["lawtotal"])


def shows(table: pd.DataFrame) -> Sums:
    days = [
        pd.to_datetime(table[name], format="mixed", dayfirst=False).dt.strftime("%Y-%m-%d")
        for name in ("start", "end")
    ]
    return by(table.assign(first=days[0], last=days[1], n=1), ["city", "first", "last"], ["n"])


def our_shows(loaded: Loaded) -> Sums:
    return by(loaded.tables["gun_shows"].assign(n=1), ["city", "start", "end"], ["n"])

"""Whether published counts narrow a count of 1 to 4 licenses: `python -m benchmarks.privacy [--pairs n] [--run FOLDER ...]`.

Prints a line a trial: cells of 1 to 4, published counts, withheld ones, and the cells narrowed (`tests/privacy.py` looks for
their ends). Trials: the shipped table of counties and years; a drawn ATF list of 9,000 licenses by ZIP code; pairs of lists
that differ by one license, read by one who knows that; and the files of finished runs of the shipped tables.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.config import Config
from corridors.core.own_settings import DataFile
from corridors.jobs.districts import district_counties, license_cells, shown_counts
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.stages import build_network
from corridors.network import zone_districts
from tests.privacy import LEAST, MOST, Said, narrowed, narrowed_by_both, said_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LICENSES = 9_000
SEED = 20_261_127
HEADER = (
    *(
        "LIC_REGN",
        "LIC_DIST",
        "LIC_CNTY",
        "LIC_TYPE",
        "LIC_XPRDTE",
        "LIC_SEQN",
        "LICENSE_NAME",
        "BUSINESS_NAME",
    ),
    *("PREMISE_STREET", "PREMISE_CITY", "PREMISE_STATE", "PREMISE_ZIP_CODE", "MAIL_STREET", "MAIL_CITY"),
    *("MAIL_STATE", "MAIL_ZIP_CODE", "VOICE_PHONE"),
)


def drawn_zips(rng: np.random.Generator) -> pd.DataFrame:
    """Return the ZIP codes of 9,000 drawn licenses: a few codes hold many, most of those with any hold one to four."""
    points = pd.read_csv(default_data() / "zip_points.csv", dtype=str)
    weight = rng.pareto(1.2, len(points)) + 0.05
    return points.iloc[np.sort(rng.choice(len(points), LICENSES, p=weight / weight.sum()))].reset_index(
        drop=True
    )


def write_atf_list(zips: pd.DataFrame, path: Path) -> None:
    """Write a monthly list in ATF's format, a line a license."""
    lines = ["\t".join(HEADER), "\t".join("--------" for _ in HEADER)]
    for n, (code, fips, state) in enumerate(zip(zips["zip"], zips["fips"], zips["us_state"], strict=True)):
        place = ["CITY", state, code]
        cells = [
            "9",
            "86",
            fips[2:],
            "01",
            "8F",
            f"{n:05d}",
            "DRAWN",
            "DRAWN",
            "1 DRAWN ST",
            *place,
            "",
            *place,
            "",
        ]
        lines.append("\t".join(cells))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")


def listed(zips: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Return the tables with a list of licenses as the loader reads it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "1126-ffl-list.txt"
        write_atf_list(zips, path)
        return load_inputs(Config(data={"licences": DataFile(file=path, format="atf_list")})).tables


def published(
    tables: Mapping[str, pd.DataFrame], counties: pd.DataFrame
) -> tuple[pd.DataFrame, list[Said], int]:
    """Return the cells of a run on tables, every count that its outputs print, and how many they withhold."""
    fractions = zone_districts(tables, counties)
    held = license_cells(tables, fractions, counties)
    shown = shown_counts(tables, fractions, counties)
    zones = shown.zones.reset_index().melt("zone_id", var_name="year", value_name="licences")
    counts = pd.concat([zones.rename(columns={"zone_id": "area"}), shown.areas], ignore_index=True)
    kept = counts.dropna()
    said = [
        Said(area, year, n, n, "")
        for area, year, n in kept[["area", "year", "licences"]].itertuples(index=False)
    ]
    latest = held["year"].max()
    split = fractions[fractions["fraction"] < 1]
    said += [
        Said(pair, latest, np.nan, np.nan, "")
        for pair in zip(split["zone_id"], split["consulate"], strict=True)
    ]
    return held, said, len(counts) - len(kept)


def row(
    name: str, made: tuple[pd.DataFrame, Sequence[Said], int | str], faults: list[str], start: float
) -> None:
    """Print one trial."""
    held, said, withheld = made
    units = held.groupby(["unit", "year"])["dealers"].sum()
    small, seconds = int(units.between(LEAST, MOST).sum()), time.process_time() - start
    print(f"| {name} | {small:,} | {len(said):,} | {withheld} | {len(faults)} | {seconds:.0f} |", flush=True)
    for fault in faults[:10]:
        print(f"  {fault}", flush=True)


def main(asked: Any) -> None:
    """Try every kind of trial asked for."""
    inputs = load_inputs(Config())
    counties = district_counties(inputs, build_network(inputs))
    print(
        "| trial | cells of 1 to 4 | counts published | withheld | cells narrowed | CPU s |\n|---|---|---|---|---|---|"
    )
    start = time.process_time()
    held, said, withheld = published(inputs.tables, counties)
    row("shipped: counties, 2003 to 2023", (held, said, withheld), narrowed(held, said), start)
    for folder in asked.run:
        start = time.process_time()
        found = said_by(folder, int(held["year"].max()))
        row(f"files of the run {folder.name}", (held, found, ""), narrowed(held, found), start)
    rng = np.random.default_rng(SEED)
    zips = drawn_zips(rng)
    start = time.process_time()
    base = published(listed(zips), counties)
    row("drawn ATF list of 9,000 licenses by ZIP code", base, narrowed(*base[:2]), start)
    points = pd.read_csv(default_data() / "zip_points.csv", dtype=str)
    for n in range(asked.pairs):
        start = time.process_time()
        source = zips if n % 2 else points  # beside another license, or anywhere
        another = source.sample(1, random_state=int(rng.integers(2**31)))
        more: pd.DataFrame = pd.concat([zips, another], ignore_index=True)
        again = published(listed(more), counties)
        faults = narrowed_by_both(base[0], again[0], (base[1], again[1]))
        row(f"two lists, one license more in {more['zip'].iloc[-1]}", again, faults, start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=6, help="pairs of lists that differ by one license")
    parser.add_argument(
        "--run", type=Path, nargs="*", default=[], help="folders of finished runs of the shipped tables"
    )
    main(parser.parse_args())

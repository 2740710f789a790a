"""Check and run read the same: what one refuses the other refuses in the same words, and both go on with the same tables.

A run's first stages depend on its inputs alone, so that equal inputs make check's answer that of the run. They are
recorded here instead of computed, and shipped tables are read once, which leaves time for many files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings, strategies as st
from pandas.testing import assert_frame_equal
from rasterio.transform import from_bounds

from corridors.config import read_config
from corridors.core.errors import InputError
from corridors.jobs import check, inputs
from corridors.jobs.inputs import default_data, load_inputs
from corridors.sources.schemas.tables import SCHEMAS
from corridors.sources.tables import load_all
from corridors.sources.tables.load import reference_order
from tests.sources.agencies.test_atf import HEADER as ATF
from tests.sources.agencies.test_gun_shows import EVENT, ICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from corridors.config import Config
    from corridors.jobs.inputs import Inputs

DATA = default_data()
quick = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
BOXES = {
    "region": (-125.0, 14.0, -85.0, 43.0),
    "states": (-124.5, 25.7, -93.4, 42.1),
    "part": (-112.0, 30.0, -108.0, 34.0),
    "elsewhere": (2.0, 44.0, 8.0, 50.0),
}


@dataclass
class Gate:
    """The first stages of a run, which record their inputs."""

    seen: list[Inputs] = field(default_factory=list)

    def prepare_run(self, given: Inputs, config: Config) -> dict[str, int]:
        """Record the inputs that a run would go on with; return that they are of the whole region."""
        assert config.run.worlds
        self.seen.append(given)
        return {}

    def run(self, toml: Path, data: Path | None) -> str:
        """Read what a run of some settings reads, and record it; return "", since nothing stopped it."""
        config = read_config(toml)
        self.prepare_run(load_inputs(config, data), config)
        return ""


@pytest.fixture(scope="module")
def gate(shipped: Inputs) -> Iterator[Gate]:
    """A gate in place of the stages, and shipped tables that are read once."""

    def load_again(
        data: Path, overrides: Mapping[str, Path] | None = None, known: Mapping[str, Any] | None = None
    ) -> dict[str, pd.DataFrame]:
        stale = set(overrides or {})
        for table_id in reference_order():
            rules = SCHEMAS[table_id].columns.values()
            if any(rule.refers is not None and rule.refers[0] in stale for rule in rules):
                stale.add(table_id)
        kept = {key: table for key, table in shipped.tables.items() if key not in stale}
        return load_all(data, overrides, {**kept, **(known or {})})

    gate = Gate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "load_all", load_again)
        patch.setattr(inputs, "load_all", load_again)
        patch.setattr("corridors.jobs.stages.prepare_run", gate.prepare_run)
        yield gate


def agree(gate: Gate, path: Path, name: str, data: Path | None = DATA, *, period: str = "") -> str:
    """Assert that check and a run say the same of a file, and read the same; return what stops both."""
    own = name in SCHEMAS or name in inputs.RASTERS
    toml = path.parent / "corridors.toml"
    form = "" if own else f', format = "{name}"'
    form += f', period = "{period}"' if period else ""
    toml.write_text(
        f'[data]\n{name if own else "mine"} = {{ file = "{path.name}"{form} }}\n', encoding="utf-8"
    )
    gate.seen.clear()
    checked = stops(lambda: check.check_file(path, name, data, period=period).stops_run)
    run = stops(lambda: gate.run(toml, data))
    assert checked == run
    assert len(gate.seen) == (0 if run else 2)
    if not run:
        one, two = gate.seen
        assert (one.population, one.elevation) == (two.population, two.elevation)
        assert list(one.tables) == list(two.tables)
        for key, table in one.tables.items():
            if table is not two.tables[key]:
                assert_frame_equal(table, two.tables[key])
    return run


def stops(ask: Callable[[], str]) -> str:
    """Return what a call says stops a run, its faults included."""
    try:
        return ask()
    except InputError as error:
        return str(error)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files."""
    return tmp_path_factory.mktemp("mine")


@given(
    name=st.sampled_from(sorted(inputs.RASTERS)),
    box=st.sampled_from(sorted(BOXES)),
    bands=st.sampled_from([1, 1, 1, 2]),
    kind=st.sampled_from(["float32", "int16", "uint8"]),
    crs=st.sampled_from([4326, 4326, 4326, 6372, None]),
    nodata=st.sampled_from([None, 0]),
    plain=st.booleans(),
)
@settings(quick, max_examples=30)
def test_rasters(
    gate: Gate,
    folder: Path,
    name: str,
    box: str,
    bands: int,
    kind: str,
    crs: int | None,
    nodata: int | None,
    *,
    plain: bool,
) -> None:
    path = folder / f"{name}.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=20,
        width=30,
        count=bands,
        dtype=kind,
        crs=crs,
        nodata=nodata,
        transform=from_bounds(*BOXES[box], 30, 20),
    ) as raster:
        raster.write(np.full((bands, 20, 30), 7, dtype=kind))
    found = agree(gate, path, name, None if plain else DATA)
    good = bands == 1 and crs == 4326 and (kind != "int16" or nodata is not None)
    if name == "population" and good:
        assert bool(found) is (box not in {"region", "states"})


@pytest.mark.parametrize("name", sorted(inputs.RASTERS))
@pytest.mark.parametrize("content", [b"", b"II*\0 cut short", b"no raster"])
def test_files_that_are_no_rasters(gate: Gate, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "mine.tif"
    path.write_bytes(content)
    assert agree(gate, path, name, None)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["01", "02", "03", "9", "x"]),
            st.sampled_from(["AZ", "TX", "NV", "ZZ", ""]),
            st.sampled_from(["85621", "85621-0001", "78040", "00000", "8562"]),
        ),
        max_size=6,
    ),
    cut=st.sampled_from([0, 0, 0, 1]),
    plain=st.booleans(),
)
@quick
def test_lists_of_licenses(
    gate: Gate, folder: Path, rows: list[tuple[str, str, str]], cut: int, *, plain: bool
) -> None:
    header = ATF[: len(ATF) - 5 * cut]
    lines = ["\t".join(header)]
    for at, (kind, state, code) in enumerate(rows):
        known = {"LIC_REGN": "9", "LIC_DIST": "86", "LIC_CNTY": "023", "LIC_TYPE": kind, "LIC_XPRDTE": "8F"}
        known |= {"LIC_SEQN": f"{at:05d}", "PREMISE_STATE": state, "PREMISE_ZIP_CODE": code}
        lines.append("\t".join(known.get(name, "X") for name in header))
    path = folder / "0126-ffl-list.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    agree(gate, path, "atf_list", None if plain else DATA)


OWN = ("seizures_municipal", "gun_shows", "state_laws", "nics", "city_shares", "case_files")


@given(data=st.data(), name=st.sampled_from(OWN), plain=st.booleans())
@settings(quick, max_examples=20)
def test_tables_in_our_own_columns(
    gate: Gate, folder: Path, data: st.DataObject, name: str, *, plain: bool
) -> None:
    """The shipped table with some rows, columns or cells changed."""
    table = pd.read_csv(DATA / f"{name}.csv", dtype="str", keep_default_na=False)
    change = data.draw(st.sampled_from(["none", "rows", "head", "column", "cell", "again", "order"]))
    if change == "rows":
        table = table[table.index % data.draw(st.integers(2, 9)) != 0]
    elif change == "head":
        table = table.head(data.draw(st.integers(0, 3)))
    elif change == "column":
        table = table.drop(columns=data.draw(st.sampled_from(list(table))))
    elif change == "cell":
        at, column = data.draw(st.integers(0, 9)), data.draw(st.sampled_from(list(table)))
        table.loc[at, column] = data.draw(st.sampled_from(["", "-1", "x", "1e9", "99999", "NaN"]))
    elif change == "again":
        table = pd.concat([table, table.head(1)])
    elif change == "order":
        table = table[list(reversed(list(table)))].iloc[::-1]
    path = folder / f"{name}.csv"
    table.to_csv(path, index=False)
    found = agree(gate, path, name, None if plain else DATA)
    if change == "none":
        assert not found
    if change == "again":
        assert found


@pytest.mark.parametrize(
    ("name", "wanted"), [("municipalities", 'mx_state == "26"'), ("ports_of_entry", 'us_state == "AZ"')]
)
def test_a_part_of_a_table_that_others_refer_to(gate: Gate, tmp_path: Path, name: str, wanted: str) -> None:
    path = tmp_path / f"{name}.csv"
    pd.read_csv(DATA / path.name, dtype="str", keep_default_na=False).query(wanted).to_csv(path, index=False)
    assert agree(gate, path, name, None)


PLACES = ("Fairgrounds\\, Tucson\\, AZ 85713", "Civic Center\\, Reno\\, NV", "Mesa\\, AZ", "somewhere", "")
HERE = (PLACES[0], PLACES[2])
STARTS = ("DTSTART;VALUE=DATE:20270116", "DTSTART:20270116T160000Z", "DTSTART:2027", "")
DATED = STARTS[:2]


@given(
    events=st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(STARTS)), max_size=4),
    whole=st.sampled_from([True, True, True, False]),
    plain=st.booleans(),
)
@quick
def test_calendars(
    gate: Gate, folder: Path, events: list[tuple[str, str]], *, whole: bool, plain: bool
) -> None:
    blocks = [
        EVENT.format(uid=at, lines="\n".join(filter(None, [f"LOCATION:{where}", start])))
        for at, (where, start) in enumerate(events)
    ]
    path = folder / "shows.ics"
    text = ICS.format(events="".join(blocks)).replace("\n", "\r\n")
    path.write_text(text if whole else text[: len(text) * 2 // 3], encoding="utf-8", newline="")
    found = agree(gate, path, "calendar_ics", None if plain else DATA)
    # an event without a start is left out and counted, one that cannot be read as well where others remain
    good = [start in DATED for where, start in events if where in HERE and start]
    bad = good.count(False)
    assert bool(found) is not (whole and any(good) and (bad < 2 or bad <= len(good) / 4))


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["Mesa", "Laredo", "Atlantis", ""]),
            st.sampled_from(["AZ", "TX", "Nevada", ""]),
            st.sampled_from(["2027-01-16", "1/23/2027", "soon", ""]),
        ),
        max_size=4,
    ),
    plain=st.booleans(),
)
@quick
def test_tables_of_shows(gate: Gate, folder: Path, rows: list[tuple[str, str, str]], *, plain: bool) -> None:
    path = folder / "shows.csv"
    lines = ["venue,city,state,start,end", *(f"Hall,{city},{state},{day},{day}" for city, state, day in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    agree(gate, path, "calendar_csv", None if plain else DATA)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["NOGALES", "CABORCA", "NOWHERE"]),
            st.sampled_from(["5", "0", "1.000", "x", ""]),
        ),
        max_size=5,
    ),
    title=st.sampled_from(["Del 1 de enero de 2023 al 31 de diciembre de 2025", "2019", "SEDENA", ""]),
    period=st.sampled_from(["", "", "2023..2025", "2019"]),
    plain=st.booleans(),
)
@quick
def test_answers_without_dates(
    gate: Gate, folder: Path, rows: list[tuple[str, str]], title: str, period: str, *, plain: bool
) -> None:
    path = folder / "armas.csv"
    lines = [title, "ESTADO,MUNICIPIO,LARGAS,CORTAS", *(f"SONORA,{town},{guns},1" for town, guns in rows)]
    path.write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")
    found = agree(gate, path, "sedena", None if plain else DATA, period=period)
    if not period and title in {"SEDENA", ""}:
        assert found

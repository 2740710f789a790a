"""A folder of tables given with --data: its faults name its own files, all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.cli.messages import fault_in_spanish
from corridors.config import Config
from corridors.core.errors import InputError
from corridors.jobs.check import check_file
from corridors.jobs.inputs import default_data, load_inputs

if TYPE_CHECKING:
    from pathlib import Path


def linked(folder: Path, but: set[str]) -> Path:
    """Return a folder with every shipped table but some."""
    folder.mkdir()
    for path in default_data().iterdir():
        if path.name not in but:
            (folder / path.name).symlink_to(path)
    return folder


def test_every_file_at_fault_is_named_at_once(tmp_path: Path) -> None:
    changed = {"dealers.csv", "population.tif", "consulates.csv", "nics.csv", "catalog.csv"}
    folder = linked(tmp_path / "mine", changed)
    text = {name: (default_data() / name).read_bytes() for name in changed}
    (folder / "dealers.csv").write_bytes(text["dealers.csv"].replace(b"04001,2004,18", b"04001,2004,many"))
    (folder / "population.tif").write_bytes(text["population.tif"][:300])
    (folder / "nics.csv").write_bytes(text["nics.csv"] + b"\n")
    (folder / "places.parquet").write_bytes(b"x")
    rows = text["catalog.csv"].splitlines(keepends=True)
    (folder / "catalog.csv").write_bytes(b"".join(row for row in rows if not row.startswith(b"us_states,")))
    with pytest.raises(InputError) as caught:
        load_inputs(Config(), folder)
    faults = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert faults == {
        (str(folder / "population.tif"), None, None),
        (str(folder / "dealers.csv"), 3, "dealers"),
        (str(folder / "consulates.csv"), None, None),
        (str(folder / "nics.csv"), None, None),
        (str(folder / "us_states.parquet"), None, None),
        (str(folder / "places.csv"), None, None),
    }
    assert all(fault_in_spanish(fault) for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("kind", "found"), [("none", "no such folder"), ("file", "a file"), ("empty", "none in it")]
)
def test_a_place_without_tables_is_one_fault(kind: str, found: str, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    if kind == "file":
        place.write_text("x", encoding="utf-8")
    elif kind == "empty":
        place.mkdir()
    mine = tmp_path / "a.csv"
    mine.write_text("a\n1\n", encoding="utf-8")
    for read in (lambda: load_inputs(Config(), place), lambda: check_file(mine, data=place)):
        with pytest.raises(InputError) as caught:
            read()
        (fault,) = caught.value.faults
        assert (fault.file, fault.found) == (str(place), found)
        assert fault_in_spanish(fault)

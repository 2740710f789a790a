from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.core.errors import InputError
from corridors.core.scenario import DemandEdit, PortEdit
from corridors.sources import load_scenarios

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = '[[edit]]\nkind = "port"\nport = "CA-SYS"\nclosed = true\n'
HEAD = 'name = { es = "Prueba", en = "Test" }\nquestion = { es = "¿Y si?", en = "What if?" }\n'


def written(folder: Path, text: str, name: str = "one.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(*paths: Path) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        load_scenarios(paths)
    assert all(fault.expected and fault.found and fault.remedy for fault in caught.value.faults)
    return {str(fault.column): str(fault) for fault in caught.value.faults}


def test_a_file_is_a_scenario(tmp_path: Path) -> None:
    text = (
        f'{HEAD}[[edit]]\nkind = "port"\nport = "CA-SYS"\ndelay_minutes = 30\n'
        '[[edit]]\nkind = "demand"\nfrom = "28"\nto = "19039"\npart = 0.2\n[adaptation]\nrounds = 2\n'
    )
    (one,) = load_scenarios([written(tmp_path, text)])
    assert (one.id, one.name.es, one.adaptation.rounds) == ("one", "Prueba", 2)
    port, demand = one.edit
    assert isinstance(port, PortEdit)
    assert port.delay_minutes == 30
    assert isinstance(demand, DemandEdit)
    assert (demand.source, demand.to) == ("28", "19039")


def test_a_scenario_without_an_edit_is_a_fault(tmp_path: Path) -> None:
    told = faults(written(tmp_path, HEAD), written(tmp_path, f"{HEAD}[adaptation]\nrounds = 2\n", "two.toml"))
    assert set(told) == {"edit"}
    assert "expected at least one edit, found none. Add what is to change" in told["edit"]


def test_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    first = written(
        tmp_path,
        f'{HEAD}[[edit]]\nkind = "port"\nport = "CA-SYS"\nclosd = true\n'
        '[[edit]]\nkind = "road"\nwhere = { ref = "MEX85" }\nfactor = -2\n'
        '[[edit]]\nkind = "toll"\nwhere = {}\nusd_per_km = -0.1\n'
        '[[edit]]\nkind = "bridge"\n',
    )
    second = written(tmp_path, 'name = { es = "Prueba" }\n', "two.toml")
    told = faults(first, second, written(tmp_path, "[[edit\n", "three.toml"), tmp_path / "none.toml")
    assert set(told) == {
        *("edit[1].closd", "edit[2].factor", "edit[3].where", "edit[3].usd_per_km", "edit[4].kind"),
        *("name.en", "question", "None"),
    }
    assert "one.toml, column 'edit[1].closd'" in told["edit[1].closd"]
    assert "Did you mean 'closed'?" in told["edit[1].closd"]
    assert "greater than 0" in told["edit[2].factor"]
    assert "at least one of ref" in told["edit[3].where"]


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        ('kind = "port"\nport = "CA-SYS"', "edit[1]"),
        ('kind = "port"\nport = "CA-SYS"\nclosed = true\nhours = 8', "edit[1]"),
        ('kind = "port"\nport = "CA-SYS"\nhours = 25', "edit[1].hours"),
        ('kind = "port"\nport = "CA-SYS"\ndelay_minutes = inf', "edit[1].delay_minutes"),
        ('kind = "road"\nwhere = { ref = "MEX1" }', "edit[1]"),
        ('kind = "supply"\nfactor = 2', "edit[1]"),
        ('kind = "demand"\nfrom = "Sonora"\nto = "26"\npart = 0.1', "edit[1].from"),
    ],
)
def test_an_edit_that_says_too_little_or_too_much(edit: str, key: str, tmp_path: Path) -> None:
    assert set(faults(written(tmp_path, f"{HEAD}[[edit]]\n{edit}\n"))) == {key}


def test_ids_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    told = faults(written(tmp_path, HEAD + CLOSED), written(tmp_path / "more", HEAD + CLOSED))
    assert "an id no other file has" in told["id"]

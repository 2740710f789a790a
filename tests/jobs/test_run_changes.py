"""What changed since the run that stood in the folder: nothing is said that two runs do not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from corridors.jobs.run_changes import FILE, run_changes, write_run_changes

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path, shares: dict[str, float], *, digest: str = "a", **manifest: Any) -> Path:
    """Write a run of these crossing cities."""
    (folder / "data").mkdir(parents=True)
    run = {"digest": digest, "fingerprint": digest, "version": "1", "mode": manifest.pop("mode", "posterior")}
    facts = {"made": "run", "run": run, "config": {"run": {"worlds": 4, "jobs": 1}}, "sources": []} | manifest
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    rows = [
        {
            "crossing_city": key,
            "name_es": key.upper(),
            "name_en": key.title(),
            "share_mean": share,
            "share_lo90": share * 0.9,
            "share_hi90": share * 1.1,
        }
        for key, share in shares.items()
    ]
    pd.DataFrame(rows).to_csv(folder / "data/crossings.csv", index=False)
    return folder


def test_without_an_earlier_run_there_is_nothing_to_compare(tmp_path: Path) -> None:
    new = make(tmp_path / "new", {"x": 1.0})
    assert run_changes(tmp_path / "none", new) is None
    assert write_run_changes(tmp_path / "none", new) is None
    assert not (new / FILE).exists()


def test_each_difference_has_a_row_and_only_those(tmp_path: Path) -> None:
    table = {"id": "dealers", "sha256": "1", "period": "2023"}
    old = make(tmp_path / "old", {"x": 0.6, "y": 0.4}, sources=[table, {**table, "id": "nics"}])
    new = make(
        tmp_path / "new",
        {"x": 0.3, "y": 0.7},
        digest="b",
        config={"run": {"worlds": 8, "jobs": 2}},
        sources=[{**table, "sha256": "2", "period": "2026"}, {**table, "id": "laws"}],
    )
    found = run_changes(old, new)
    assert found is not None
    said = {(row["kind"], row["key"]): (row["before"], row["after"]) for row in found.to_dict("records")}
    assert said == {
        ("run", "fingerprint"): ("a", "b"),
        ("setting", "run.worlds"): ("4", "8"),
        ("source", "dealers"): ("2023", "2026"),
        ("source", "laws"): ("", "2023"),
        ("source", "nics"): ("2023", ""),
        ("crossing_city", "y"): ("", ""),
        ("crossing_city", "x"): ("", ""),
    }
    first = found[found["key"] == "y"].iloc[0]
    assert (first["rank_before"], first["rank"], first["before_mean"], first["share_mean"]) == (
        2,
        1,
        0.4,
        0.7,
    )


@pytest.mark.parametrize("modes", [("point", "posterior"), ("posterior", "point")])
def test_shares_of_a_quick_look_are_not_compared(tmp_path: Path, modes: tuple[str, str]) -> None:
    old = make(tmp_path / "old", {"x": 1.0}, mode=modes[0])
    found = run_changes(old, make(tmp_path / "new", {"x": 1.0}, digest="b", mode=modes[1]))
    assert found is not None
    assert "crossing_city" not in set(found["kind"])


def test_a_run_made_again_keeps_the_record_byte_for_byte(tmp_path: Path) -> None:
    old = make(tmp_path / "old", {"x": 0.6, "y": 0.4})
    new = make(tmp_path / "new", {"x": 0.5, "z": 0.5}, digest="b")
    write_run_changes(old, new)
    again = make(tmp_path / "again", {"x": 0.5, "z": 0.5}, digest="b")
    write_run_changes(new, again)
    assert (again / FILE).read_bytes() == (new / FILE).read_bytes()
    assert run_changes(old, make(tmp_path / "same", {"x": 1.0})) is None

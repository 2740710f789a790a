"""What changed since the run that stood in the folder: nothing is said that two runs do not show."""

from __future__ import annotations

import contextlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.core.manifest import hashes, read_manifest, write_manifest
from corridors.jobs.folders import check_folder
from corridors.jobs.run_changes import FILE, run_changes, write_run_changes
from corridors.outputs.files import atomic_folder

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("run", "id", "digest", "sha256", "fingerprint", "worlds", "mode")


def make(folder: Path, shares: dict[str, float], *, digest: str = "a", **manifest: Any) -> Path:
    """Write a run of these crossing cities."""
    (folder / "data").mkdir(parents=True)
    run = {"digest": digest, "fingerprint": digest, "version": "1", "mode": manifest.pop("mode", "posterior")}
    facts = {"made": "run", "run": run, "config": {"run": {"worlds": 4, "jobs": 1}}, "sources": []} | manifest
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
    write_manifest({"outputs": hashes(folder)} | facts, folder)
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
    write_manifest(read_manifest(new) | {"outputs": hashes(new)}, new)
    again = make(tmp_path / "again", {"x": 0.5, "z": 0.5}, digest="b")
    write_run_changes(new, again)
    assert (again / FILE).read_bytes() == (new / FILE).read_bytes()
    assert run_changes(old, make(tmp_path / "same", {"x": 1.0})) is None


@pytest.mark.parametrize("content", [b"", b"\xff\0", b"a,b\n1,2\n"])
def test_a_table_of_the_earlier_run_that_was_changed_is_not_compared(content: bytes, tmp_path: Path) -> None:
    old, new = make(tmp_path / "old", {"x": 1.0}), make(tmp_path / "new", {"y": 1.0}, digest="b")
    (old / "data/crossings.csv").write_bytes(content)
    found = run_changes(old, new)
    assert found is not None
    assert list(found["kind"]) == ["run"]
    (old / FILE).write_bytes(content)
    assert run_changes(old, make(tmp_path / "same", {"x": 1.0})) is None


def test_a_table_of_another_version_without_these_columns_is_not_compared(tmp_path: Path) -> None:
    old, new = make(tmp_path / "old", {"x": 1.0}), make(tmp_path / "new", {"y": 1.0}, digest="b")
    (old / "data/crossings.csv").write_text("port,share\nx,1\n", encoding="utf-8")
    write_manifest(read_manifest(old) | {"outputs": hashes(old)}, old)
    found = run_changes(old, new)
    assert found is not None
    assert list(found["kind"]) == ["run"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("abr", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
MANIFESTS = st.fixed_dictionaries(
    {"made": st.just("run"), "outputs": JSON | st.just({})},
    optional={
        "run": JSON
        | st.fixed_dictionaries({"digest": JSON, "version": JSON, "mode": st.just("posterior") | JSON}),
        "config": JSON | st.fixed_dictionaries({"run": st.dictionaries(st.sampled_from(KEYS), JSON)}),
        "sources": JSON
        | st.lists(st.fixed_dictionaries({"id": st.text("ab")}, optional={"sha256": JSON, "period": JSON})),
        "runs": JSON,
    },
)


@given(found=MANIFESTS)
def test_whatever_an_earlier_manifest_says_a_run_ends_or_is_refused_before_it_begins(
    found: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.getbasetemp() / "any"
    shutil.rmtree(place, ignore_errors=True)
    old, new = make(place / "old", {"x": 1.0}), make(place / "new", {"y": 1.0}, digest="b")
    (old / "manifest.json").write_text(json.dumps(found), encoding="utf-8")
    with contextlib.suppress(InputError):
        check_folder(old, "run", Config())
        write_run_changes(old, new)
        with atomic_folder(old) as folder:
            write_manifest({"outputs": {}}, folder)

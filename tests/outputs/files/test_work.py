"""What a command keeps until it is finished: whole or not there, of one run alone, and gone when it is of no use."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corridors.core.manifest import hashes, write_manifest
from corridors.outputs.files import KeptWork, atomic, atomic_folder, open_work, reserved_folder, work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ARRAYS = {"theta": np.arange(6.0).reshape(2, 3), "divergences": np.asarray(2)}


def opened(out: Path, key: str = "a", *, fresh: bool = False) -> KeptWork:
    return open_work(out, key, fresh=fresh, tell=lambda *_: None)


def same(found: Any) -> bool:
    return found is not None and all(
        found[name].tobytes() == values.tobytes() and found[name].dtype == values.dtype
        for name, values in ARRAYS.items()
    )


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder to be written, of which one world is kept."""
    opened(tmp_path / "run").keep("world-1", ARRAYS)
    return tmp_path / "run"


def write(out: Path, made: str = "run") -> None:
    with atomic_folder(out) as folder:
        (folder / "map.html").write_text(made, encoding="utf-8")
        write_manifest({"made": made, "outputs": hashes(folder)}, folder)


def test_what_is_kept_is_found_by_the_next_start(out: Path) -> None:
    assert same(opened(out).read("world-1"))
    assert opened(out).read("world-2") is None
    assert names(out.parent) == {".run.corridors-work/a/world-1.npz"}
    assert not out.exists()


def swapped(content: bytes) -> bytes:
    """Return a file with one bit turned in the middle of its numbers."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def pickled(_: bytes) -> bytes:
    """Return a file whose reading would run what is in it."""
    packed = io.BytesIO()
    np.save(packed, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return packed.getvalue()


@pytest.mark.parametrize(
    "damage",
    [swapped, pickled, lambda one: one[:-1], lambda one: one[:40], lambda _: b"", lambda one: one + b"x"],
    ids=["a bit", "a pickle", "cut", "cut short", "empty", "longer"],
)
def test_a_damaged_or_foreign_file_is_as_if_it_were_not_there(
    damage: Callable[[bytes], bytes], out: Path
) -> None:
    path = out.parent / ".run.corridors-work/a/world-1.npz"
    path.write_bytes(damage(path.read_bytes()))
    kept = opened(out)
    assert kept.read("world-1") is None
    kept.keep("world-1", ARRAYS)
    assert same(kept.read("world-1"))


def test_a_pickle_of_the_right_digest_is_not_loaded(out: Path) -> None:
    kept = opened(out)
    packed = io.BytesIO()
    np.savez(packed, theta=np.array([{"a": 1}], dtype=object))
    content = packed.getvalue()
    path = kept.folder / "world-1.npz"
    path.write_bytes(kept._digest("world-1", content) + content)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        kept.read("world-1")


@pytest.mark.parametrize(("key", "name"), [("a", "world-2"), ("b", "world-1")])
def test_a_file_of_another_world_or_run_is_not_taken(key: str, name: str, out: Path) -> None:
    content = (out.parent / ".run.corridors-work/a/world-1.npz").read_bytes()
    kept = opened(out, key)
    kept.folder.mkdir(exist_ok=True)
    (kept.folder / f"{name}.npz").write_bytes(content)
    assert kept.read(name) is None


def test_another_run_of_the_output_removes_it_when_it_begins(out: Path) -> None:
    opened(out, "b")
    assert names(out.parent) == set()


def test_a_fresh_start_removes_it(out: Path) -> None:
    assert opened(out, fresh=True).read("world-1") is None
    assert names(out.parent) == set()


def test_it_is_gone_when_the_output_is_whole(out: Path) -> None:
    write(out)
    assert names(out.parent) == {"run/map.html", "run/manifest.json"}
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_it_stays_where_the_writing_fails_and_where_a_part_is_written(out: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic_folder(out):
        raise KeyboardInterrupt
    assert same(opened(out).read("world-1"))
    write(out)
    opened(out).keep("world-1", ARRAYS)
    write(out / "briefs", "briefs")
    with reserved_folder(out):
        assert same(opened(out).read("world-1"))


def test_it_is_kept_inside_a_folder_that_cannot_be_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    write(out)
    for module in (work, atomic):
        monkeypatch.setattr(module, "can_be_renamed", lambda _: False)
    opened(out).keep("world-1", ARRAYS)
    assert names(tmp_path) == {"run/map.html", "run/manifest.json", "run/.corridors-work/a/world-1.npz"}
    assert same(opened(out).read("world-1"))
    write(out)
    assert names(tmp_path) == {"run/map.html", "run/manifest.json"}


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / ".run.corridors-work").symlink_to(tmp_path / "mine")
    opened(tmp_path / "run").keep("world-1", ARRAYS)
    assert names(tmp_path) == {"mine/notes.txt", ".run.corridors-work/a/world-1.npz"}


def test_a_full_disk_ends_the_keeping_and_not_the_run(
    out: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    kept = opened(out)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", full)
        kept.keep("world-2", ARRAYS)
    kept.keep("world-3", ARRAYS)
    assert names(out.parent) == set()
    assert [record.message.rpartition(": ")[2] for record in caplog.records] == ["No space left on device"]

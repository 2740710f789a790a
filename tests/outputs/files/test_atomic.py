"""An output is whole or untouched: killed at any step, on a full disk, beside another command, on any kind of folder."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from corridors.core.errors import InputError, OutputError
from corridors.core.manifest import hashes, read_manifest, write_manifest
from corridors.outputs.files import atomic, lock, swap
from corridors.outputs.files.atomic import atomic_folder, atomic_write, reserved_folder

ROOT = Path(__file__).parents[3]
ENDS = {"": ["new"], "part": ["new", "old"]}


def edition(out: Path, word: str) -> None:
    """Write an output whose every file says the same word."""
    with atomic_folder(out) as folder:
        (folder / "data").mkdir()
        for name in ("map.html", "data/ports.csv"):
            (folder / name).write_text(word, encoding="utf-8")
        write_manifest({"made": "run", "outputs": hashes(folder)}, folder)


def words(out: Path) -> set[str]:
    return {path.read_text(encoding="utf-8") for path in out.rglob("*") if path.suffix in {".html", ".csv"}}


def left(base: Path) -> list[str]:
    """Return what the program put beside or into an output and did not remove."""
    return [path.name for path in base.rglob("*") if ".corridors-" in path.name]


@pytest.mark.parametrize(
    "way", ["exchanged", "renamed", "inside", "refused", "exchanged-part", "inside-part"]
)
def test_killed_at_any_step_nothing_is_mixed_lost_or_left(way: str, tmp_path: Path) -> None:
    """`exchanged`: names are exchanged at once. `inside`: a mount point, whose folder may be without a manifest for a moment."""
    folder = tmp_path / "x"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.outputs.files.killed", way, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    rows = json.loads(done.stdout)
    assert len(rows) > 20
    end = ENDS["part" if way.endswith("-part") else ""]
    whole = (["old"], end)
    for row in rows:
        assert row["at_once"] in (whole if way.startswith("exchanged") else (*whole, ["absent"])), row
        assert row["later"] in whole, row
        assert (row["end"], row["left"], row["note"]) == (end, [], "mine"), row
    assert {str(row["later"]) for row in rows} == set(map(str, whole))


def test_two_commands_do_not_write_into_one_folder(tmp_path: Path) -> None:
    out = tmp_path / "run"
    edition(out, "old")
    hold = (
        "import sys; from pathlib import Path; from corridors.outputs.files import reserved_folder\n"
        "with reserved_folder(Path(sys.argv[1]), 'run'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(out)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        expected = rf"found process {other.pid} \(run\), which has been writing to it since 20\d\d-.*Wait until it has ended"
        for place in (out, out / "briefs"):
            with pytest.raises(InputError, match=expected), reserved_folder(place):
                pass
        other.kill()
    assert left(tmp_path)  # the lock of a process that is no more
    edition(out, "new")
    assert words(out) == {"new"}
    assert left(tmp_path) == []


def test_a_part_of_a_run_is_written_with_the_run_locked_and_listed(tmp_path: Path) -> None:
    out = tmp_path / "run"
    edition(out, "old")
    with reserved_folder(out / "briefs") as root:
        assert root == out.resolve()
        with atomic_folder(out / "briefs") as folder:
            (folder / "tucson.html").write_text("new", encoding="utf-8")
            write_manifest({"made": "briefs", "outputs": hashes(folder)}, folder)
            assert not (out / "briefs").exists()
    assert read_manifest(out)["outputs"] == hashes(out)
    atomic_write(out / "sources.html", "page")
    assert read_manifest(out)["outputs"] == hashes(out)
    assert "sources.html" in hashes(out)
    edition(out, "newer")
    assert words(out) == {"newer"}


def fails(out: Path, error: Exception) -> None:
    with atomic_folder(out) as folder:
        (folder / "map.html").write_text("half", encoding="utf-8")
        raise error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
def test_an_error_of_the_system_is_one_of_the_output(tmp_path: Path, number: int) -> None:
    edition(tmp_path / "run", "old")
    with pytest.raises(OutputError, match=os.strerror(number)):
        fails(tmp_path / "run", OSError(number, os.strerror(number)))
    assert words(tmp_path / "run") == {"old"}
    assert left(tmp_path) == []


def test_what_a_library_raises_on_a_full_disk_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition(tmp_path / "run", "old")
    with pytest.raises(RuntimeError, match="disk I/O error"):
        fails(tmp_path / "run", RuntimeError("disk I/O error"))
    monkeypatch.setattr(atomic.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))  # type: ignore[attr-defined]
    with pytest.raises(OutputError, match="no space left on the disk"):
        fails(tmp_path / "run", RuntimeError("disk I/O error"))
    with pytest.raises(MemoryError):
        fails(tmp_path / "run", MemoryError())
    assert words(tmp_path / "run") == {"old"}
    assert left(tmp_path) == []


def test_a_disk_without_room_is_named_before_anything_is_computed(tmp_path: Path) -> None:
    needed = (shutil.disk_usage(tmp_path).free >> 20) + 1000 << 20
    with (
        pytest.raises(
            InputError, match=rf"expected {needed >> 20} MB of free space, found \d+ MB\. Free some space"
        ),
        reserved_folder(tmp_path / "deep" / "er" / "run", "run", needed),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kind", "found"), [("map.html", "folder", "found a folder"), ("data", "file", "found a file")]
)
def test_what_is_in_the_way_is_named_before_anything_is_computed(
    tmp_path: Path, name: str, kind: str, found: str
) -> None:
    out = tmp_path / "run"
    out.mkdir()
    if kind == "folder":
        (out / name).mkdir()
    else:
        (out / name).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=rf"{name}: expected .*{found}"), reserved_folder(out):
        pass
    assert [path.name for path in out.iterdir()] == [name]


def test_what_is_in_the_way_only_at_the_end_stays(tmp_path: Path) -> None:
    out = tmp_path / "run"
    (out / "extra").mkdir(parents=True)
    (out / "extra" / "mine.txt").write_text("mine", encoding="utf-8")

    def write() -> None:
        with atomic_folder(out) as folder:
            (folder / "extra").write_text("new", encoding="utf-8")

    with pytest.raises(OutputError, match="extra is in the way of the output: move it"):
        write()
    assert (out / "extra" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_links_are_followed_and_one_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    link, broken = tmp_path / "link", tmp_path / "broken"
    link.symlink_to(tmp_path / "stick" / "run")
    broken.symlink_to(tmp_path / "absent" / "run")
    for word in ("old", "new"):
        edition(link, word)
        assert words(tmp_path / "stick" / "run") == {word}
    assert link.is_symlink()
    with pytest.raises(InputError, match="found a link to a place that is not"), reserved_folder(broken):
        pass
    assert not (tmp_path / "absent").exists()


def test_links_and_empty_folders_of_ones_own_stay(tmp_path: Path) -> None:
    out = tmp_path / "run"
    edition(out, "old")
    (out / "mine").mkdir(mode=0o700)
    (out / "elsewhere").symlink_to(tmp_path)
    edition(out, "new")
    assert (out / "mine").stat().st_mode & 0o777 == 0o700
    assert (out / "elsewhere").is_symlink()
    assert (out / "elsewhere").resolve() == tmp_path.resolve()


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_modes_follow_the_umask_and_those_of_an_earlier_folder_stay(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        edition(tmp_path / "run", "old")
        atomic_write(tmp_path / "page.html", "old")
    finally:
        os.umask(before)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o777 & ~mask
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o666 & ~mask
    (tmp_path / "run").chmod(0o750)
    (tmp_path / "page.html").chmod(0o640)
    edition(tmp_path / "run", "new")
    atomic_write(tmp_path / "page.html", "new")
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o640


def test_the_folder_that_a_person_is_in_keeps_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    edition(out, "old")
    monkeypatch.chdir(out)
    same = out.stat().st_ino
    edition(Path(), "new")
    assert out.stat().st_ino == same
    assert words(Path()) == {"new"}
    assert left(tmp_path) == []


def test_a_read_only_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition(tmp_path / "run", "old")
    monkeypatch.setattr(swap.os, "access", lambda path, _: Path(path) != (tmp_path / "run"))  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="found one that is read-only"), reserved_folder(tmp_path / "run"):
        pass
    monkeypatch.setattr(swap.os, "access", lambda path, _: Path(path) != tmp_path)  # type: ignore[attr-defined]
    edition(tmp_path / "run", "new")  # its parent alone is read-only: the folder keeps its place
    assert words(tmp_path / "run") == {"new"}
    with (
        pytest.raises(InputError, match="in a folder that is read-only"),
        reserved_folder(tmp_path / "other"),
    ):
        pass


@pytest.mark.parametrize("place", [".", "/dev/null"])
def test_a_page_is_written_to_a_file_only(place: str) -> None:
    with pytest.raises(OutputError, match=r"is a (folder|device); name a file"):
        atomic_write(Path(place), "page")


def test_a_long_name_and_odd_letters_are_no_matter(tmp_path: Path) -> None:
    for name in ("n" * 250, "ñ" * 120, os.fsdecode(b"caf\xe9 \n x")):
        for word in ("old", "new"):
            edition(tmp_path / name, word)
        assert words(tmp_path / name) == {"new"}
    assert left(tmp_path) == []


def test_without_locks_the_process_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock.fcntl, "flock", none)  # type: ignore[attr-defined]
    held = swap.beside(tmp_path / "run", swap.LOCK)
    held.write_text(json.dumps({"process": 1, "makes": "run", "since": "2026-11-27 12:00"}), encoding="utf-8")
    with (
        pytest.raises(InputError, match=r"process 1 \(run\).*since 2026-11-27 12:00"),
        reserved_folder(tmp_path / "run"),
    ):
        pass
    held.write_text(json.dumps({"process": 2**22 + 1}), encoding="utf-8")  # no system gives this number
    with reserved_folder(tmp_path / "run"):
        pass
    assert not held.exists()

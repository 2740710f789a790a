"""Kill a writer before each of its steps and see what is there: `python -m tests.outputs.files.killed WAY FOLDER`.

The process that is killed is a child, which ends itself without any cleaning up at the n-th call that changes the folder.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from pathlib import Path

from corridors.core.manifest import hashes, read_manifest, write_manifest
from corridors.outputs.files import atomic, swap
from corridors.outputs.files.atomic import atomic_folder, reserved_folder

STEPS = frozenset(
    {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "ctypes.dlsym"}
)
"""Calls that are announced before they are made (PEP 578)."""
NOTE = "data/notes.txt"


def cannot_exchange(*_: Path) -> bool:
    return False


def cannot_rename(_: Path) -> bool:
    return False


def no_wait(fd: object) -> None:
    """Do not wait for the disk: who is killed leaves to the system what was written."""


def busy(*_: Path) -> None:
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


KINDS = {
    "renamed": (swap, "_exchange", cannot_exchange),
    "inside": (atomic, "can_be_renamed", cannot_rename),
    "refused": (atomic, "put_in_place", busy),
}


def choose(way: str) -> None:
    """Make the file system appear as one of the kinds that there are."""
    os.fsync = no_wait
    if way in KINDS:
        module, name, instead = KINDS[way]
        setattr(module, name, instead)


def edition(out: Path, word: str, part: str) -> None:
    """Write an output whose every file says the same word, or a part of a run."""
    with atomic_folder(out / part) as folder:
        (folder / "data").mkdir()
        for name in ("map.html", "data/ports.csv", f"data/{word}.csv"):
            (folder / name).write_text(word, encoding="utf-8")
        write_manifest({"made": "briefs" if part else "run", "outputs": hashes(folder)}, folder)


def die_at(step: int, base: str) -> None:
    """End this process before its n-th step in a folder."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in STEPS and (event == "ctypes.dlsym" or str(arguments[0]).startswith(base)):
            count += 1
            if count == step:
                os._exit(9)

    sys.addaudithook(hook)


def said(out: Path) -> set[str]:
    """Return the words of the files of an output, "mixed" where its manifest does not list them, "absent" without one."""
    manifest = read_manifest(out)
    if not manifest:
        return {"absent"}
    found = {
        name: digest for name, digest in hashes(out).items() if name != NOTE and not name.startswith(swap.OWN)
    }
    if manifest["outputs"] != found:
        return {"mixed"}
    return {(out / name).read_text(encoding="utf-8") for name in found if not name.endswith("manifest.json")}


def own_files(base: Path) -> list[str]:
    """Return what the program has put beside or into an output and not removed."""
    names = sorted(path.relative_to(base).as_posix() for path in base.rglob("*"))
    return [name for name in names if swap.OWN in name]


def attempt(out: Path, step: int, part: str) -> bool:
    """Write a second edition in a child that dies at a step; return whether it did."""
    child = os.fork()
    if not child:
        die_at(step, str(out.parent))
        edition(out, "new", part)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def main(way: str, base: Path) -> None:
    """Print what was found after each kill: before and after the next command, and after the next whole one."""
    choose(way.removesuffix("-part"))
    part = "briefs" if way.endswith("-part") else ""
    out, rows, step, alive = base / "run", [], 0, True
    while alive:
        step += 1
        shutil.rmtree(base)
        out.mkdir(parents=True)
        edition(out, "old", "")
        if part:
            edition(out, "old", part)
        (out / NOTE).write_text("mine", encoding="utf-8")
        alive = attempt(out, step, part)
        at_once = said(out)
        with reserved_folder(out / part):
            pass
        later, left = said(out), own_files(base)
        edition(out, "new", part)
        note = (out / NOTE).read_text(encoding="utf-8")
        rows.append(
            {
                "at_once": sorted(at_once),
                "later": sorted(later),
                "end": sorted(said(out)),
                "left": left + own_files(base),
                "note": note,
            }
        )
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())

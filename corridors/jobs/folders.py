"""Where outputs go: a folder by kind of run, never one that holds another kind, and a list of every file in it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors import __version__
from corridors.core.errors import Fault, InputError
from corridors.core.files import sha256
from corridors.core.manifest import MANIFEST_NAME, hashes, is_run, read_manifest, write_manifest
from corridors.core.run_settings import RunSettings
from corridors.outputs.files import atomic_folder, reserved_folder
from corridors.outputs.web import SITE_PAGES, Site, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridors.config import Config

NAMED_BY_VALUE = ("mode", "lens", "demand")
"""Settings whose values say by themselves what they are of; another is named before its value."""
KIND = (*NAMED_BY_VALUE, "inspection", "gun_shows", "structure")
"""Settings under which a run is another run, and no newer one of the same."""

NEEDED: Mapping[str, int] = {"run": 150 << 20, "briefs": 40 << 20}
SMALL = 20 << 20
"""Free bytes that are asked for, by what is written: of a run, which takes 46 MB with its briefs, twice as much, and what it
keeps of its work until it is finished, 30 MB."""


def default_folder(config: Config, name: str = "", root: Path = Path("maps")) -> Path:
    """Return the folder of an output by default: its name, and each setting of its kind that is not the default.

    Parameters
    ----------
    config
        Settings of the run.
    name
        Name of the output, that of the run by default.
    root
        Folder of all outputs.

    Examples
    --------
    >>> from corridors.config import Config, with_changes
    >>> default_folder(with_changes(Config(), {"mode": "point", "demand": "homicides"})).as_posix()
    'maps/southwest-point-homicides'
    """
    usual, run = RunSettings(), config.run
    words = [
        getattr(run, one) if one in NAMED_BY_VALUE else f"{one}_{getattr(run, one)}"
        for one in KIND
        if getattr(run, one) != getattr(usual, one)
    ]
    return root / "-".join([name or run.name, *words])


def check_folder(out: Path, made: str, config: Config | None = None, *, replace: bool = False) -> None:
    """Raise an error where a folder holds the output of another command, or a run of another kind.

    Parameters
    ----------
    out
        Folder of the output.
    made
        What is to be written: "run", "whatif", "briefs", "calendar", "narrative", "validation" or "sensitivity".
    config
        Settings of the run, for an output of a run.
    replace
        Whether a run of another kind may be replaced; the output of another command never is.

    Raises
    ------
    InputError
        The folder is not free for this output.
    """
    if out.exists() and not out.is_dir():
        remedy = "Name another folder with --out."
        raise InputError([Fault(str(out), "a folder for the output", "a file", remedy)])
    before = read_manifest(out)
    if not before:
        if os.path.lexists(out / MANIFEST_NAME):
            expected, found = (
                f"a new folder, or one of an earlier {made}",
                "a manifest of another program",
            )
            remedy = "Name another folder with --out."
            raise InputError([Fault(str(out), expected, found, remedy)])
        return
    other = before.get("made") or _older(before)
    if other != made:
        remedy = "Name another folder with --out."
        raise InputError(
            [Fault(str(out), f"a new folder, or one of an earlier {made}", f"a {other}", remedy)]
        )
    run = before.get("config", {}).get("run", {})
    if config is None or replace:
        return
    differ = [name for name in KIND if name in run and run[name] != getattr(config.run, name)]
    if differ:
        expected = ", ".join(f"{name} {getattr(config.run, name)}" for name in differ)
        found = ", ".join(f"{name} {run[name]}" for name in differ)
        remedy = "Name another folder with --out, or add --replace to remove the run that is there."
        raise InputError([Fault(str(out), f"a run with {expected}", f"one with {found}", remedy)])


@contextmanager
def reserved(out: Path, made: str, config: Config | None = None, *, replace: bool = False) -> Iterator[None]:
    """Keep the folder of an output from the first minute on: what would stop the writing stops the command at once.

    Parameters and errors as of `check_folder`; also where another command is writing there, where the folder cannot be
    written to, something is in the way, or the disk is full.
    """
    check_folder(out, made, config, replace=replace)
    with reserved_folder(out, made, NEEDED.get(made, SMALL)):
        check_folder(out, made, config, replace=replace)  # it may have been another's until now
        yield


def site_beside(folder: Path) -> Site:
    """Return the site as a page in a folder sees it: the pages of the run in it or above it; none where there is no run.

    Parameters
    ----------
    folder
        Where the page is to be written; the page is `folder`/`index.html` for what follows.
    """
    for root, here in ((folder, "index.html"), (folder.parent, f"{folder.name}/index.html")):
        if is_run(root):
            there = (key for key, files in SITE_PAGES.items() if (root / files["es"]).is_file())
            return site_of(there).at(here)
    return Site()


@contextmanager
def listed_folder(out: Path, made: str, facts: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """Write a folder with its list of files, whole or not at all; parameters and errors as `check_folder` and `write_listing`."""
    check_folder(out, made)
    with atomic_folder(out) as folder:
        yield folder
        write_listing(folder, made, facts)


def write_listing(folder: Path, made: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write the manifest of a folder with the SHA-256 of every file in it, and return it.

    Parameters
    ----------
    folder
        A complete output.
    made
        What it is, as for `check_folder`.
    facts
        What it was made from.
    """
    program = {"name": "corridors", "version": __version__}
    manifest = {"program": program, "made": made, **(facts or {}), "outputs": hashes(folder)}
    write_manifest(manifest, folder)
    return manifest


def keep_earlier(out: Path, folder: Path, facts: Mapping[str, Any]) -> None:
    """Copy the pages of an earlier call into a new output that was made of the same runs and the same tables.

    Parameters
    ----------
    out
        Folder of the earlier output.
    folder
        The new one, complete but for its manifest.
    facts
        What the new one was made from.
    """
    before = read_manifest(out)
    if {name: before.get(name) for name in ("runs", "sources")} != {
        name: facts[name] for name in ("runs", "sources")
    }:
        return
    new, old = hashes(folder), before["outputs"]
    tables = [{name: one for name, one in each.items() if name.startswith("data/")} for each in (new, old)]
    if tables[0] != tables[1]:
        return
    for name, digest in old.items():
        path = out / name
        if name not in new and "/" not in name and path.is_file() and sha256(path) == digest:
            shutil.copy2(path, folder / name)


def _older(manifest: Mapping[str, Any]) -> str:
    """Return what a manifest of an earlier version is of."""
    if "scenarios" in manifest:
        return "whatif"
    return "briefs" if "runs" in manifest else "run"

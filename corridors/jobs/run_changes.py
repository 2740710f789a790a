"""What changed since the run that stood in the folder before: program, settings, sources, and the leading crossing cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.files import sha256
from corridors.core.manifest import read_manifest
from corridors.outputs.files import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "data/run_changes.csv"
CITIES = "data/crossings.csv"
LEADING = 8
"""Crossing cities of either run that are compared."""
SHARES = ("share_mean", "share_lo90", "share_hi90")
COLUMNS = [
    *("kind", "key", "name_es", "name_en", "before", "after", "rank_before", "rank"),
    *(name.replace("share", "before") for name in SHARES),
    *SHARES,
]
UNCOMPARED = frozenset({"run.jobs", "run.language", "run.name"})
"""Settings that change no result."""


def write_run_changes(before: Path, folder: Path) -> pd.DataFrame | None:
    """Write `run_changes.csv` into the new run's folder where there is an earlier run, and return it; as `run_changes`."""
    found = run_changes(before, folder)
    if found is not None:
        write_csv(found, folder / FILE)
    return found


def run_changes(before: Path, folder: Path) -> pd.DataFrame | None:
    """Return what changed from one run to the next, `COLUMNS`; None where there is no earlier run to compare with.

    Parameters
    ----------
    before, folder
        Folders of the earlier run, which may hold none, and of the new one, which holds its manifest and tables.

    Returns
    -------
    DataFrame or None
        A row each for the run itself, the version, a setting, a source, and a leading crossing city, as `kind` says. Shares are
        compared only between two runs of the posterior. Of a run that is made again just as it was, the record that it had.
    """
    old, new = read_manifest(before), read_manifest(folder)
    if old.get("made") != "run" or not old.get("run") or not new:
        return None
    if old["run"].get("digest") == new["run"].get("digest"):
        return pd.read_csv(before / FILE, keep_default_na=False) if _as_written(before, old, FILE) else None
    rows = [*_program(old, new), *_settings(old, new), *_sources(old, new)]
    if old["run"].get("mode") == new["run"]["mode"] == "posterior" and _as_written(before, old, CITIES):
        earlier = pd.read_csv(before / CITIES)
        needed = {"crossing_city", "name_es", "name_en", *SHARES}
        if needed <= set(earlier):  # another version may have had others
            rows += _cities(earlier, pd.read_csv(folder / CITIES))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).fillna("")


def _as_written(folder: Path, manifest: Mapping[str, Any], name: str) -> bool:
    """Return whether a file of an earlier run is there, and is the one that its manifest lists."""
    return (folder / name).is_file() and sha256(folder / name) == manifest["outputs"].get(name)


def _program(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a row for the run, and one for its version where that changed."""
    before, after = old["run"], new["run"]
    yield {
        "kind": "run",
        "key": "fingerprint",
        "before": before.get("fingerprint"),
        "after": after["fingerprint"],
    }
    if before.get("version") != after["version"]:
        yield {
            "kind": "version",
            "key": "version",
            "before": before.get("version"),
            "after": after["version"],
        }


def _settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a row for each setting with another value."""
    before, after = (dict(_flat(one.get("config", {}))) for one in (old, new))
    for name in sorted({*before, *after} - UNCOMPARED):
        if before.get(name) != after.get(name):
            yield {
                "kind": "setting",
                "key": name,
                "before": str(before.get(name, "")),
                "after": str(after.get(name, "")),
            }


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return the settings of a configuration by their names, "run.worlds"; files of the user's are sources, not settings."""
    for name, value in section.items():
        if not prefix and name == "data":
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _sources(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a row for each table that is new, gone or another, with the periods that they are of."""
    before, after = ({one["id"]: one for one in run.get("sources", [])} for run in (old, new))
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if (was or {}).get("sha256") != (now or {}).get("sha256"):
            yield {
                "kind": "source",
                "key": name,
                "before": was.get("period", "") if was else "",
                "after": now["period"] if now else "",
            }


def _cities(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Return a row for each crossing city that leads in either run, in the order of the new one."""
    ranked = [
        one.sort_values(["share_mean", "crossing_city"], ascending=[False, True]).set_index("crossing_city")
        for one in (old, new)
    ]
    leading = {key for one in ranked for key in one.index[:LEADING]}
    for key in [*ranked[1].index, *ranked[0].index.difference(ranked[1].index)]:
        if key not in leading:
            continue
        places = [list(one.index).index(key) + 1 if key in one.index else "" for one in ranked]
        was, now = (one.loc[key] if key in one.index else pd.Series(dtype="object") for one in ranked)
        name = now if len(now) else was
        yield {
            "kind": "crossing_city",
            "key": key,
            "name_es": name["name_es"],
            "name_en": name["name_en"],
            "rank_before": places[0],
            "rank": places[1],
            **{column.replace("share", "before"): was.get(column, "") for column in SHARES},
            **{column: now.get(column, "") for column in SHARES},
        }

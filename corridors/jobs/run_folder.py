"""A run's folder: the record of what was read, computed and written, and how a finished run is read back."""

from __future__ import annotations

import json
import platform
import resource
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors import __version__
from corridors.core.errors import Fault, InputError
from corridors.core.files import sha256
from corridors.core.manifest import MANIFEST_NAME, MAX_BYTES, hashes
from corridors.core.results import Districts, Results, Run
from corridors.core.types import Source
from corridors.core.unreadable import readable
from corridors.jobs.fingerprint import run_digest
from corridors.jobs.inputs import check_rasters
from corridors.jobs.part import part_of
from corridors.network import count_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs
    from corridors.sources import Report

PACKAGES = (
    "folium",
    "geopandas",
    "networkx",
    "numba",
    "numpy",
    "osmnx",
    "pandas",
    "rasterio",
    "scipy",
    "shapely",
)

TABLES = (
    *("ports", "crossings", "state_pairs", "zone_port", "port_municipality"),
    *("district_crossing", "district_port", "district_state"),
)
NEEDED = (*(f"data/{name}.csv" for name in TABLES), "data/edges.parquet", "data/corridors.gpkg")
ROADS = "data/district_road.parquet"
"""Flow of each district by road; a run whose draws were not kept in parts has none."""
PORT_SOURCES = (
    *("poe_id", "northbound_cars", "northbound_source", "southbound_factor", "factor_spread"),
    *("factor_months", "factor_sources", "southbound_cars", "hours_open", "toll_usd", "as_of"),
)
"""Columns of the network's ports that trace a port's volume, hours and toll; the manifest holds them."""
SHARES: Mapping[str, str] = {
    "share_mean": "mean of the draws; means add up over any grouping and are the same in every file and page",
    "share_median": "median of the draws, unscaled; medians do not add up",
    "share_lo50 share_hi50 share_lo90 share_hi90": "quantiles of the draws, unscaled; bounds do not add up",
}
"""What the columns of shares are, for whoever reads the tables with the manifest beside them."""
NOT_OF_FLOW = frozenset(
    {
        *("consular_totals", "consulate_ranks", "gun_show_policy"),
        *("freight_flows", "port_events", "gun_shows_announced", "route_checks", "driving_times"),
    }
)
"""Tables that no stage of a run reads: newer ones leave the flow as it is. Those that only tests or briefs read, and events
at ports, which maps show beside the flow. Dated seizures are not among them: the fit counts all but the newest."""
PRIVATE = frozenset({"--out", "--data", "--run", "--other", "--config", "--shows", "--page", "--scheduler"})
"""Options whose values are places on a machine, or of one."""
NAMED_FILES = frozenset({".csv", ".ics", ".toml", ".xlsx"})
"""Endings of files that a published command line names."""
HIDDEN = "..."
_CODES = dict.fromkeys(
    (
        *("poe_id", "zone_id", "us_state", "mx_state", "cvegeo", "crossing_city", "consulate", "grade"),
        *("name_us", "name_mx", "name_es", "name_en", "ports"),
    ),
    "str",
)


def about_run(
    config: Config, inputs: Inputs, posterior: FlowDraws, network: Network, evidence: Evidence
) -> Run:
    """Return the facts a reader must know about the run, with the fingerprint of settings, sources and version.

    Parameters
    ----------
    config, inputs, posterior
        Settings, what was read, and the draws.
    network, evidence
        What the roads reach of the tables.
    """
    digest = run_digest(config, inputs)
    return Run(
        name=config.run.name,
        mode=posterior.kind,
        lens=config.run.lens,
        demand=config.run.demand,
        worlds=config.run.worlds,
        seed=config.run.seed,
        fingerprint=digest[:8],
        digest=digest,
        sources=inputs.sources,
        version=__version__,
        part=part_of(inputs, network, evidence),
        language=config.run.language,
    )


def run_facts(about: Run) -> dict[str, Any]:
    """Return the facts of a run as manifests hold them, without its sources."""
    return {"run": {key: value for key, value in asdict(about).items() if key != "sources"}}


def make_manifest(
    config: Config,
    *,
    inputs: Inputs,
    about: Run,
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    folder: Path,
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """Return the manifest: settings, sources, rows kept and dropped, ports, fit, versions, and the SHA-256 of every file.

    Raises
    ------
    InputError
        A raster is no longer the one that was checked.
    """
    check_rasters(inputs)
    fitted = posterior.parameters
    return {
        "program": {"name": "corridors", "version": __version__},
        **run_facts(about),
        "config": _public(config),
        "shares": SHARES,
        "sources": [asdict(source) for source in inputs.sources],
        "rows": count_rows(inputs.tables, network, evidence, gun_shows=config.run.gun_shows),
        "ports": _port_sources(network.ports),
        "reports": [_without_tables(report) for report in inputs.reports],
        "fit": {
            **posterior.diagnostics,
            "draws": len(posterior.port_share),
            "parameters_median": {
                name: float(np.median(values)) for name, values in fitted.items() if values.ndim == 1
            },
        },
        "outputs": hashes(folder),
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in PACKAGES},
        "seconds": dict(seconds),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "command": public_command(sys.argv),
    }


def public_command(words: Sequence[str]) -> list[str]:
    """Return a command line as it may be published: no path, no address, and no options of another program.

    Parameters
    ----------
    words
        As `sys.argv` has them.

    Examples
    --------
    >>> public_command(["/opt/bin/corridors", "run", "--config", "/home/ana/own.toml", "--out=/media/ana"])
    ['corridors', 'run', '--config', 'own.toml', '--out=...']
    >>> public_command(["/home/ana/report.py", "--password", "secret"])
    ['report.py']
    """
    program = Path(words[0]).name if words else ""
    if program not in {"corridors", "__main__.py"}:
        return [program]
    shown, before = [program], ""
    for word in words[1:]:
        name, sign, value = word.partition("=") if word.startswith("-") else ("", "", word)
        option = name if sign else before
        private = option in PRIVATE or "\\" in value or "/" in value or value.startswith(("~", "."))
        file = PurePath(value.replace("\\", "/")).name
        known = PurePath(file).suffix.lower() in NAMED_FILES and option != "--scheduler"
        shown.append(
            f"{name}{sign}{(file if known else HIDDEN) if private else value}" if sign or not name else word
        )
        before = word if name and not sign else ""
    return shown


@dataclass(frozen=True, slots=True, eq=False)
class FinishedRun:
    """A run, read back from its folder.

    Parameters
    ----------
    folder, manifest
        The folder, and the record in it of what was read, computed and written.
    about
        The facts of the manifest that outputs show.
    results
        Its tables, as far as the folder holds them.
    """

    folder: Path
    manifest: Mapping[str, Any]
    about: Run
    results: Results


def read_run(folder: Path, inputs: Inputs | None = None) -> FinishedRun:
    """Read a finished run.

    Parameters
    ----------
    folder
        What `corridors run --out` wrote.
    inputs
        Tables to show beside it; those that the flow was computed from must be the run's own.

    Raises
    ------
    InputError
        With every file that is absent or not the one the manifest names, and every table that differs.
    """
    path = folder / MANIFEST_NAME
    remedy = f"Make it first: corridors run --out {folder}."
    if not path.is_file():
        raise InputError([Fault(str(folder), f"a finished run with {MANIFEST_NAME}", "none", remedy)])
    again = f"Run again: corridors run --out {folder}."
    with readable(path, InputError, again):
        return _read_whole(folder, path, inputs)


def _read_whole(folder: Path, path: Path, inputs: Inputs | None) -> FinishedRun:
    """Return a run whose folder has a manifest."""
    remedy = f"Make it first: corridors run --out {folder}."
    if path.stat().st_size > MAX_BYTES:
        expected, found = f"a manifest of at most {MAX_BYTES:,} bytes", f"{path.stat().st_size:,} bytes"
        raise InputError([Fault(str(path), expected, found, f"Run again: corridors run --out {folder}.")])
    manifest = json.loads(path.read_text(encoding="utf-8"))
    version = manifest.get("run", {}).get("version", "")
    if version != __version__:
        found, again = (
            f"one made by version {version or 'unknown'}",
            f"Run again: corridors run --out {folder}.",
        )
        raise InputError([Fault(str(folder), f"a run made by version {__version__}", found, again)])
    outputs = manifest.get("outputs", {})
    faults = [
        Fault(str(folder / name), "the file that the run wrote", found, remedy)
        for name in NEEDED
        if (found := _wrong(folder / name, outputs.get(name, "")))
    ]
    if ROADS in outputs and (found := _wrong(folder / ROADS, outputs[ROADS])):
        faults.append(Fault(str(folder / ROADS), "the file that the run wrote", found, remedy))
    if inputs is not None:
        faults += _other_tables(path, manifest, inputs)
    if faults:
        raise InputError(faults)
    tables = {name: _read_table(folder / f"data/{name}.csv") for name in TABLES}
    package = folder / "data/corridors.gpkg"
    results = Results(
        edges=gpd.read_parquet(folder / "data/edges.parquet"),
        zones=gpd.read_file(package, layer="zones"),
        municipalities=gpd.read_file(package, layer="municipalities"),
        ports=tables["ports"],
        crossings=tables["crossings"],
        state_pairs=tables["state_pairs"],
        zone_port=tables["zone_port"],
        port_municipality=tables["port_municipality"],
        districts=Districts(
            areas=gpd.read_file(package, layer="districts"),
            zone_fractions=pd.DataFrame(columns=["zone_id", "us_state", "consulate", "fraction", "split"]),
            crossings=tables["district_crossing"],
            ports=tables["district_port"],
            destinations=tables["district_state"],
            roads=pd.read_parquet(folder / ROADS) if ROADS in outputs else None,
        ),
    )
    about = Run(**manifest["run"], sources=tuple(Source(**row) for row in manifest["sources"]))
    return FinishedRun(folder, manifest, about, results)


def read_public_run(folder: Path, inputs: Inputs) -> FinishedRun:
    """Read a finished run that pages for public use may be made from; as `read_run`, and one of the posterior.

    Raises
    ------
    InputError
        As `read_run`, or a quick look (mode point) or a part to which nothing was fitted, which have neither bands nor grades.
    """
    finished = read_run(folder, inputs)
    if finished.about.mode != "posterior":
        expected, found = (
            "a run of the posterior, for public use",
            f"a quick look (mode {finished.about.mode})",
        )
        remedy = "Run without --point and give that folder with --run."
        raise InputError([Fault(str(folder), expected, found, remedy)])
    if finished.about.part and not finished.about.part["fitted"]:
        expected = "a run that published figures were fitted to, for public use"
        found = "one of a part of the region that no published figure is of, without bands or grades"
        remedy = "Give licenses and roads of a whole state or more, and run again; the map and the tables of this run stay."
        raise InputError([Fault(str(folder), expected, found, remedy)])
    return finished


def made_from(runs: Mapping[str, FinishedRun], inputs: Inputs) -> dict[str, Any]:
    """Return what pages of runs are made from: the runs with the hashes of their tables, and the sources.

    Raises
    ------
    InputError
        A raster is no longer the one that was checked.
    """
    check_rasters(inputs)
    return {
        "runs": {
            label: {
                **one.manifest["run"],
                "inputs": {name: one.manifest["outputs"][name] for name in NEEDED},
            }
            for label, one in runs.items()
        },
        "sources": {source.id: source.sha256 for source in inputs.sources},
    }


def _read_table(path: Path) -> pd.DataFrame:
    """Return a table of a run: texts as they are, "" where empty, and numbers, NaN where empty."""
    names = pd.read_csv(path, nrows=0).columns
    empty = {name: [] if name in _CODES else [""] for name in names}
    return pd.read_csv(path, dtype=_CODES, keep_default_na=False, na_values=empty)


def _port_sources(ports: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, port by port, what its southbound cars, hours and toll are made of; None where unknown."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in ports[[name for name in PORT_SOURCES if name in ports]].to_dict("records")
    ]


def _public(config: Config) -> dict[str, Any]:
    """Return the settings as they may be published: files by name, without their place on this machine."""
    settings = config.model_dump(mode="json")
    for given in settings["data"].values():
        given["file"] = Path(given["file"]).name
    return settings


def _wrong(path: Path, digest: str) -> str:
    """Return the fault of a file of the run, "" when it is as the run wrote it."""
    if not path.is_file():
        return "no such file"
    return "" if digest == sha256(path) else "a changed file of that name"


def _other_tables(path: Path, manifest: Mapping[str, Any], inputs: Inputs) -> list[Fault]:
    """Return a fault naming the tables that are not those the run read."""
    before = {row["id"]: (row["sha256"], row["rows"]) for row in manifest["sources"]}
    now = {source.id: (source.sha256, source.rows) for source in inputs.sources}
    differ = sorted(
        name for name in (before.keys() | now.keys()) - NOT_OF_FLOW if before.get(name) != now.get(name)
    )
    if not differ:
        return []
    remedy = "Run again, or give the --config and --data of the run."
    return [
        Fault(
            str(path),
            "a run made from the tables given now",
            f"different tables: {', '.join(differ)}",
            remedy,
        )
    ]


def _without_tables(report: Report) -> dict[str, Any]:
    """Return a report as the manifest holds it: previews of tables are for `check` alone."""
    return {key: value for key, value in asdict(report).items() if key != "tables"}

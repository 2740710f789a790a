"""The composer: the only module that knows every room. Calls each once, left to right; owns paths, seed, manifest."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors import __version__
from corridors.base.errors import Fault, InputError
from corridors.base.types import Run, Source
from corridors.inference.ensemble import Plan, infer
from corridors.inference.likelihood import Weights
from corridors.inference.spread import cluster
from corridors.inference.validate import Test, validate as held_out_tests
from corridors.inference.worlds import CostPrior
from corridors.network.account import account
from corridors.network.attach import attach
from corridors.network.build import build
from corridors.network.held_out import held_out
from corridors.network.ports import current_ports
from corridors.network.split import split_at
from corridors.show.export import write_tables
from corridors.show.html import BaseMap, render
from corridors.show.reduce import reduce
from corridors.show.write import LAST, whole_folder
from corridors.sources.catalog import CATALOG_NAME, read_catalog, sha256
from corridors.sources.formats import Context, Report
from corridors.sources.registry import FORMATS, guess, load_as
from corridors.sources.tables import load as load_table, load_all, load_raster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from corridors.base.types import Evidence, Network, Posterior
    from corridors.config import Config

logger = logging.getLogger(__name__)

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
RASTER, ELEVATION = "population", "elevation"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read from files.

    Parameters
    ----------
    tables
        Checked tables by id.
    population
        GeoTIFF of people per square kilometre.
    sources
        Catalogue rows of what was read; a user's own file stands in place of the tables it gives.
    reports
        What became of the rows of each file read in an agency's format.
    elevation
        The user's GeoTIFF of metres above the sea; None is shipped.
    """

    tables: Mapping[str, pd.DataFrame]
    population: Path
    sources: tuple[Source, ...]
    reports: tuple[Report, ...] = ()
    elevation: Path | None = None


@dataclass(slots=True)
class Clock:
    """Wall seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def default_data() -> Path:
    """Return the folder of the shipped tables: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    installed = here / "_data"
    return installed if installed.is_dir() else here.parent / "data"


def load(config: Config, data: Path) -> Inputs:
    """Return the shipped tables, or the user's own where the configuration names them.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    own = {key: given for key, given in config.data.items() if not given.format}
    population = load_raster(RASTER, own[RASTER].file if RASTER in own else None, data=data)
    height = load_raster(ELEVATION, own[ELEVATION].file, data=data) if ELEVATION in own else None
    rasters = (RASTER, ELEVATION)
    tables = load_all(data, {key: given.file for key, given in own.items() if key not in rasters})
    catalogue = dict(read_catalog(data / CATALOG_NAME))
    for key, given in own.items():
        catalogue[key] = _own_file(
            catalogue.get(key, _blank_source(key)), given.file, rows=len(tables.get(key, ()))
        )
    reports: list[Report] = []
    faults: list[Fault] = []
    for given in (given for given in config.data.values() if given.format):
        try:
            loaded = load_as(given.file, given.format, Context(tables, given.columns))
        except InputError as error:
            faults += error.faults
            continue
        reports.append(loaded.report)
        for table_id, table in loaded.tables.items():
            tables[table_id] = table.assign(source_id=given.file.name, source_row=range(1, len(table) + 1))
            shipped = catalogue.get(table_id, _blank_source(table_id))
            catalogue[table_id] = _own_file(shipped, given.file, rows=len(table), report=loaded.report)
    if faults:
        raise InputError(faults)
    return Inputs(tables, population, tuple(catalogue.values()), tuple(reports), height)


def check_file(path: Path, name: str, data: Path) -> Report:
    """Return what became of a file's rows as a format, or as a table in its own columns; "" guesses the format.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    tables = load_all(data)
    if name in tables:
        table = load_table(name, path, data=data, tables=tables)
        return Report(format=name, file=path.name, rows=len(table), kept=len(table))
    if name in {RASTER, ELEVATION}:
        load_raster(name, path, data=data)
        return Report(format=name, file=path.name, rows=1, kept=1, unit="rasters")
    context = Context(tables)
    return (load_as(path, name, context) if name else guess(path, context)[1]).report


def network_of(inputs: Inputs) -> Network:
    """Return the road network, with long edges cut beside municipal seats."""
    tables = inputs.tables
    seats = tables["municipalities"]
    nodes, edges = split_at(
        tables["road_nodes"],
        tables["road_edges"],
        seats["lon"].to_numpy(dtype=np.float64),
        seats["lat"].to_numpy(dtype=np.float64),
    )
    return build(nodes, edges, current_ports(tables))


def evidence_of(inputs: Inputs, network: Network, config: Config) -> Evidence:
    """Return the evidence laid on the network."""
    return attach(inputs.tables, inputs.population, network, demand=config.run.demand)


def plan_of(config: Config) -> Plan:
    """Return how the ensemble is drawn."""
    run = config.run
    return Plan(
        worlds=run.worlds,
        seed=run.seed,
        jobs=run.jobs,
        lens=run.lens,
        costs=CostPrior(**config.costs.model_dump()),
        weights=Weights(**config.weights.model_dump()),
    )


def infer_on(
    network: Network,
    evidence: Evidence,
    config: Config,
    *,
    scheduler: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Posterior:
    """Return the modelled flow in every cost world, reckoned on threads or on a Dask cluster."""
    plan = plan_of(config)
    if not scheduler:
        return infer(network.arcs, evidence, plan, progress=progress)
    with cluster(scheduler) as spread:
        return infer(network.arcs, evidence, plan, spread=spread, progress=progress)


def run(
    config: Config,
    out: Path,
    *,
    data: Path | None = None,
    scheduler: str = "",
    say: Callable[[str], None] = logger.info,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Do the main job: read, build, infer, write. Return the manifest.

    Parameters
    ----------
    config
        Settings.
    out
        Folder of the output; an earlier output there is replaced only when the new one is whole.
    data
        Folder of the shipped tables.
    scheduler
        Dask scheduler on which the cost worlds are reckoned; this process's threads by default.
    say, progress
        Told each step; told each cost world done.

    Raises
    ------
    InputError, NotEnoughDataError, OutputError
        As the rooms raise them; nothing is written then.
    """
    clock = Clock()
    folder = data or default_data()
    say("reading the tables")
    with clock.step("read"):
        inputs = load(config, folder)
    for report in inputs.reports:
        say(f"{report.file}: {report.kept} of {report.rows} {report.unit} kept; {'; '.join(report.notes)}")
    say("building the network")
    with clock.step("network"):
        network = network_of(inputs)
        evidence = evidence_of(inputs, network, config)
    say(f"inferring in {config.run.worlds} cost worlds")
    with clock.step("inference"):
        posterior = infer_on(network, evidence, config, scheduler=scheduler, progress=progress)
    say("writing the map and the tables")
    about = about_run(config, inputs, posterior)
    with whole_folder(out) as aside:
        with clock.step("tables"):
            results = reduce(network, evidence, posterior)
            write_tables(results, aside)
        with clock.step("map"):
            page = render(results, about, base_map(inputs), floor=config.run.floor)
            (aside / "map.html").write_text(page, encoding="utf-8")
        manifest = make_manifest(
            config,
            inputs=inputs,
            about=about,
            network=network,
            evidence=evidence,
            posterior=posterior,
            folder=aside,
            clock=clock,
        )
        text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
        (aside / LAST).write_text(text + "\n", encoding="utf-8")
    return manifest


def validate(
    config: Config,
    *,
    data: Path | None = None,
    scheduler: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> list[Test]:
    """Return the held-out tests of a fresh inference."""
    inputs = load(config, data or default_data())
    network = network_of(inputs)
    evidence = evidence_of(inputs, network, config)
    posterior = infer_on(network, evidence, config, scheduler=scheduler, progress=progress)
    held = held_out(inputs.tables, network, evidence)
    return held_out_tests(network.arcs, evidence, held, posterior, plan_of(config))


def about_run(config: Config, inputs: Inputs, posterior: Posterior) -> Run:
    """Return what a reader must know of the run."""
    facts = {
        "version": __version__,
        "config": config.model_dump(mode="json", exclude={"run": {"jobs"}, "data": True}),
        "sources": {source.id: source.sha256 for source in inputs.sources},
    }
    fingerprint = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]
    return Run(
        name=config.run.name,
        mode=posterior.mode,
        lens=config.run.lens,
        demand=config.run.demand,
        worlds=config.run.worlds,
        seed=config.run.seed,
        fingerprint=fingerprint,
        sources=inputs.sources,
        version=__version__,
    )


def base_map(inputs: Inputs) -> BaseMap:
    """Return the layers under the corridors."""
    tables = inputs.tables
    return BaseMap(
        land=tables["base_land"],
        us_states=tables["us_states"].rename(columns={"us_state": "code"}),
        mx_states=tables["mx_states"].rename(columns={"mx_state": "code"}),
        places=tables["places"],
        shows=tables["gun_shows"],
        routes=tables["published_route_stops"],
    )


def make_manifest(
    config: Config,
    *,
    inputs: Inputs,
    about: Run,
    network: Network,
    evidence: Evidence,
    posterior: Posterior,
    folder: Path,
    clock: Clock,
) -> dict[str, Any]:
    """Return what the output was made from, how, and what every file of it hashes to."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    fitted = posterior.parameters
    return {
        "program": {"name": "corridors", "version": __version__},
        "run": {key: value for key, value in asdict(about).items() if key != "sources"},
        "config": _public(config),
        "sources": [asdict(source) for source in inputs.sources],
        "rows": account(inputs.tables, network, evidence),
        "reports": [asdict(report) for report in inputs.reports],
        "fit": {
            "converged_worlds": int(fitted["converged"].sum()),
            "parameters_median": {
                name: float(np.median(values)) for name, values in fitted.items() if values.ndim == 1
            },
        },
        "outputs": {str(path.relative_to(folder)): sha256(path) for path in files},
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in PACKAGES},
        "seconds": clock.seconds,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
    }


def _public(config: Config) -> dict[str, Any]:
    """Return the settings as they may be published: files by name, not by where they lie on this machine."""
    settings = config.model_dump(mode="json")
    for given in settings["data"].values():
        given["file"] = Path(given["file"]).name
    return settings


def _own_file(source: Source, path: Path, *, rows: int, report: Report | None = None) -> Source:
    """Return the catalogue row of a user's own file in place of a shipped table."""
    publisher = FORMATS[report.format].publisher if report else ""
    return Source(
        id=source.id,
        file=path.name,
        title=source.title,
        publisher=publisher,
        url="",
        licence="",
        attribution=f"{publisher} ({path.name})" if publisher else path.name,
        period=report.period if report else "",
        retrieved="",
        sha256=sha256(path) if path.is_file() else "",
        rows=rows,
        not_what=source.not_what,
        derived_from=path.name,
        note="; ".join(report.notes) if report else "",
    )


def _blank_source(table_id: str) -> Source:
    """Return a catalogue row for a table that no shipped file holds."""
    return Source(table_id, "", table_id, "", "", "", "", "", "", "", 0, "", "")

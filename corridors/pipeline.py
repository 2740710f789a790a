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
from corridors.base.types import Run, Source
from corridors.inference.ensemble import Plan, infer
from corridors.inference.likelihood import Weights
from corridors.inference.validate import Test, validate as held_out_tests
from corridors.inference.worlds import CostPrior
from corridors.network.account import account
from corridors.network.attach import attach
from corridors.network.build import build
from corridors.network.held_out import held_out
from corridors.network.split import split_at
from corridors.show.export import write_tables
from corridors.show.html import BaseMap, render
from corridors.show.reduce import reduce
from corridors.show.write import LAST, whole_folder
from corridors.sources.catalog import read_catalog, sha256
from corridors.sources.tables import load_all, load_raster

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
RASTER = "population"


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
        Catalogue rows of what was read; a user's own file stands under its own name, hash and no licence.
    """

    tables: Mapping[str, pd.DataFrame]
    population: Path
    sources: tuple[Source, ...]


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
    given = {table: path for table, path in config.data.items() if table != RASTER}
    tables = load_all(data, given)
    population = load_raster(RASTER, config.data.get(RASTER), data=data)
    catalogue = read_catalog(data / "catalog.csv")
    sources = [
        _own_file(source, config.data[key]) if key in config.data else source
        for key, source in catalogue.items()
    ]
    return Inputs(tables, population, tuple(sources))


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
    return build(nodes, edges, tables["ports_of_entry"])


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
    progress: Callable[[int, int], None] | None = None,
) -> Posterior:
    """Return the modelled flow in every cost world."""
    return infer(network.arcs, evidence, plan_of(config), progress=progress)


def run(
    config: Config,
    out: Path,
    *,
    data: Path | None = None,
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
    say("building the network")
    with clock.step("network"):
        network = network_of(inputs)
        evidence = evidence_of(inputs, network, config)
    say(f"inferring in {config.run.worlds} cost worlds")
    with clock.step("inference"):
        posterior = infer_on(network, evidence, config, progress)
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
    progress: Callable[[int, int], None] | None = None,
) -> list[Test]:
    """Return the held-out tests of a fresh inference."""
    inputs = load(config, data or default_data())
    network = network_of(inputs)
    evidence = evidence_of(inputs, network, config)
    posterior = infer_on(network, evidence, config, progress)
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
        "config": config.model_dump(mode="json"),
        "sources": [asdict(source) for source in inputs.sources],
        "rows": account(inputs.tables, network, evidence),
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


def _own_file(source: Source, path: Path) -> Source:
    """Return the catalogue row of a user's own file in place of a shipped table."""
    return Source(
        id=source.id,
        file=path.name,
        title=source.title,
        publisher="",
        url="",
        licence="",
        attribution=path.name,
        period="",
        retrieved="",
        sha256=sha256(path),
        rows=0,
        not_what=source.not_what,
        derived_from=path.name,
        note="",
    )

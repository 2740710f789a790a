"""The main job: read the tables, infer the flow, summarise it, and write the map and the data behind it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace as changed
from typing import TYPE_CHECKING, Any

from corridors.core.manifest import write_manifest
from corridors.inference import build_closure_model, information_gain
from corridors.inference.fitting import infer_other, infer_prior, trip_paths
from corridors.jobs.alternatives import alternative_runs, other_structure
from corridors.jobs.districts import licenses_by_year, run_districts, shown_counts
from corridors.jobs.fingerprint import work_key
from corridors.jobs.folders import check_folder
from corridors.jobs.inputs import load_inputs
from corridors.jobs.part import is_fitted, shown_draws
from corridors.jobs.progress import Progress
from corridors.jobs.run_changes import write_run_changes
from corridors.jobs.run_folder import about_run, make_manifest
from corridors.jobs.site import planned, write_parts
from corridors.jobs.stages import (
    base_map,
    build_evidence,
    build_network,
    corridor_place_names,
    infer,
    prepare,
    state_names,
)
from corridors.outputs.files import atomic_folder, open_work, reserved_folder, write_tables
from corridors.outputs.layers import Tiles, map_layers
from corridors.outputs.pages import render_map, write_site_pages
from corridors.outputs.summary import Rivals, leading_journeys, summarise as summarise_draws
from corridors.outputs.text import layer_description

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.results import Results, Run
    from corridors.core.types import Evidence, Network
    from corridors.inference.fitting import Problem
    from corridors.jobs.inputs import Inputs
    from corridors.jobs.site import Extent
    from corridors.outputs.files import KeptWork
    from corridors.outputs.layers import BaseMap


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """Everything a run found. Nothing is written before `write`.

    Parameters
    ----------
    config
        Settings of the run.
    inputs, network, evidence, posterior, results
        What each stage made of the one before: `load_inputs`, `build_network`, `build_evidence`, `infer`, `summarise`.
    seconds
        Wall seconds of each step so far.
    """

    config: Config
    inputs: Inputs
    network: Network
    evidence: Evidence
    posterior: FlowDraws
    results: Results
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def about(self) -> Run:
        """Return the facts that every output states about the run: settings, sources, fingerprint."""
        return about_run(self.config, self.inputs, self.posterior, self.network, self.evidence)

    @property
    def base(self) -> BaseMap:
        """Return the layers under the corridors, in EPSG:4326."""
        tiles = self.config.tiles
        districts = run_districts(self.inputs, self.network, self.evidence)
        return changed(
            base_map(self.inputs),
            licences=licenses_by_year(
                self.inputs, self.evidence, districts.zone_fractions, districts.counties
            ),
            tiles=Tiles(tiles.url, tiles.credit) if tiles.url else None,
        )

    def write(
        self,
        out: Path,
        *,
        progress: Progress | None = None,
        replace: bool = False,
        site: Extent = "quick",
    ) -> dict[str, Any]:
        """Write the map, the tables, the other pages of the site, and the manifest. Return the manifest.

        Parameters
        ----------
        out
            Folder of the output; an earlier output there is replaced only when the new one is whole.
        progress
            Shows and times each step.
        replace
            Whether a run of another kind may be replaced: another mode, lens, measure of demand ...
        site
            Which pages are made: "quick", those that take less time than the run itself, or "full", every one.

        Raises
        ------
        InputError
            The folder holds a run of another kind, or the output of another command.
        OutputError
            A file cannot be written or would not be safe to publish; nothing is written then.
        """
        progress = progress or Progress()
        check_folder(out, "run", self.config, replace=replace)
        about, base, floor = self.about, self.base, self.config.run.floor
        progress.show("writing the map and the tables")
        with atomic_folder(out) as folder:
            with progress.step("tables"):
                write_tables(self.results, folder, layer_description(about))
            self._list(folder, progress)  # what the parts of the site are read from
            changes = write_run_changes(out, folder)
            pages = write_parts(self, folder, out, planned(self, site), progress)
            with progress.step("map"):
                specs = map_layers(self.results, base, floor)
                page = render_map(self.results, about, base, floor, specs, site=pages.at("map.html"))
                (folder / "map.html").write_text(page, encoding="utf-8")
            with progress.step("embed"):
                names = state_names(self.inputs)
                write_site_pages(
                    self.results, about, specs, folder, mx_states=names, site=pages, changes=changes
                )
            return self._list(folder, progress)

    def _list(self, folder: Path, progress: Progress) -> dict[str, Any]:
        """Write the manifest of a folder as it is, and return it."""
        manifest = make_manifest(
            self.config,
            inputs=self.inputs,
            about=self.about,
            network=self.network,
            evidence=self.evidence,
            posterior=self.posterior,
            folder=folder,
            seconds={**self.seconds, **progress.seconds},
        ) | {"made": "run"}
        write_manifest(manifest, folder)
        return manifest


def run(
    config: Config,
    *,
    data: Path | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
    resume: Path | None = None,
    fresh: bool = False,
) -> RunResult:
    """Read the tables, build network and evidence, infer the flow and summarise it. Nothing is written yet.

    With `resume` a run of the posterior keeps what it has sampled until the run is written, and goes on from what an earlier
    one has kept, if its settings, inputs, program and libraries were the same. The result is the same to the byte.

    Parameters
    ----------
    config
        Settings.
    data
        Folder of the default tables; those of the package by default.
    scheduler
        Address of a Dask scheduler for the cost worlds, or "local"; by default the threads of this process.
    progress
        Shows and times each step.
    resume
        Folder that the run will be written to: finished work is kept beside it. Nothing is kept by default.
    fresh
        Whether to remove what an earlier run has kept there.

    Raises
    ------
    InputError
        With every fault of every file; or another command is writing to `resume`.
    NotEnoughDataError
        The sampler has not converged, or the figures cannot carry a fit.
    """
    progress = progress or Progress()
    with progress.step("read", "reading the tables"):
        inputs = load_inputs(config, data)
    for report in inputs.reports:
        progress.show(f"{report.file}: {report.kept} of {report.rows} {report.unit} kept")
        for note in report.notes:
            progress.show(note)
    with progress.step("network", "building the network"):
        network = build_network(inputs)
        evidence = build_evidence(inputs, network, config)
    with _kept_work(config, inputs, resume, progress, fresh=fresh) as kept:
        with progress.step("inference", f"inferring in {config.run.worlds} cost worlds"):
            problem = changed(
                prepare(network, evidence, config),
                origins=run_districts(inputs, network, evidence).fractions,
            )
            posterior = infer(
                network,
                evidence,
                config,
                problem=problem,
                scheduler=scheduler,
                progress=progress,
                kept=kept,
            )
        results = summarise(
            inputs, network, evidence, posterior, config, problem=problem, progress=progress, kept=kept
        )
    return RunResult(config, inputs, network, evidence, posterior, results, dict(progress.seconds))


@contextmanager
def _kept_work(
    config: Config, inputs: Inputs, out: Path | None, progress: Progress, *, fresh: bool
) -> Iterator[KeptWork | None]:
    """Yield what is kept of a run, the folder of its output kept for it; None without a folder."""
    if out is None:
        yield None
        return
    with reserved_folder(out, "run"):
        yield open_work(out, work_key(config, inputs), fresh=fresh, tell=progress.resume)


def summarise(
    inputs: Inputs,
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    config: Config,
    *,
    problem: Problem | None = None,
    progress: Progress | None = None,
    kept: KeptWork | None = None,
) -> Results:
    """Return the tables of a run: shares with bands, named corridors, districts, and the run under other settings.

    Parameters
    ----------
    inputs, network, evidence, posterior
        What each stage made of the one before.
    config
        Settings the draws were made with. In mode "posterior" the priors and the other structure are drawn too, for grades.
    problem
        What the draws were inferred from, where it is at hand; prepared again otherwise.
    progress
        Shows and times each step.
    kept
        Where draws under the other structure are kept; nowhere by default.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry the fit under another setting.
    """
    progress = progress or Progress()
    problem = problem or prepare(network, evidence, config)
    prior, other, gain = None, None, None
    structure = other_structure(config.run.structure)
    districts = run_districts(inputs, network, evidence)
    if config.run.mode == "posterior" and is_fitted(evidence):
        with progress.step("identifiability", "measuring what the figures added to the priors"):
            prior = infer_prior(problem, posterior)
            gain = information_gain(problem)
        if config.run.grade_worlds:
            with progress.step("structure", "inferring under the other structure, for the grades"):
                other = infer_other(problem, structure, config.run.grade_worlds, kept=kept)
            if not other.diagnostics["converged"]:
                progress.show("the other structure's sampler has not converged: no result has a grade")
                other = None
    with progress.step("variants", "changing one setting at a time"):
        alternatives = alternative_runs(inputs, network, config, problem)
        closure_model = build_closure_model(problem, posterior)
    with progress.step("trips"):
        journeys = leading_journeys(evidence, posterior)
        ways = trip_paths(problem, journeys, network.edges["km"].to_numpy(dtype=float))
    with progress.step("summary"):
        results = summarise_draws(
            network,
            evidence,
            shown_draws(posterior, evidence),
            Rivals(prior, other, alternatives, structure),
            places=corridor_place_names(inputs),
            states=state_names(inputs),
            sides=(districts.origins, evidence.mx_states),
            information=gain,
            closure_model=closure_model,
            districts=(districts.counties, districts.zone_fractions),
            trips=(journeys, ways),
        )
        shown = shown_counts(inputs.tables, districts.zone_fractions, districts.counties, latest=True).zones
        counts = shown.iloc[:, -1].reindex(results.zones["zone_id"]).to_numpy()
        return changed(results, zones=results.zones.assign(dealers=counts))


def write_run(result: RunResult, out: Path, *, progress: Progress | None = None) -> dict[str, Any]:
    """Write a run into a folder and return its manifest; as `RunResult.write`.

    Parameters
    ----------
    result
        What a run found.
    out
        Folder of the output; an earlier output there is replaced only when the new one is whole.
    progress
        Shows and times each step.

    Raises
    ------
    OutputError
        A file cannot be written or would not be safe to publish; nothing is written then.
    """
    return result.write(out, progress=progress)

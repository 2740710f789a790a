"""The default posterior: one evaluation, samplers side by side, all worlds. `python benchmarks/sampling.py [worlds]`."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from arviz_stats.base.array import array_stats
from mici.adapters import DualAveragingStepSizeAdapter
from mici.integrators import LeapfrogIntegrator
from mici.samplers import DynamicMultinomialHMC
from mici.systems import EuclideanMetricSystem
from threadpoolctl import threadpool_limits

from corridors.bench.measure import Table, Task, installed, machine, table, write
from corridors.config import Config
from corridors.inference.fitting import hmc as sampling
from corridors.inference.fitting.coordinates import in_coordinates, theta_of
from corridors.inference.fitting.executors import process_executor
from corridors.inference.fitting.point import density
from corridors.inference.model import flow
from corridors.inference.model.likelihood import log_likelihood
from corridors.inference.model.parameters import columns, log_prior, unflatten
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray
    from corridors.inference.fitting.coordinates import Density
    from corridors.inference.fitting.problem import Problem

    Sampler = Callable[["Counted", FloatArray], tuple[FloatArray, int]]

CHAINS, TUNE, DRAWS, KEPT = 4, 150, 450, 8
FOUND = dict[str, float]


def cpu() -> float:
    """Return CPU seconds of this process and of those that have ended."""
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def one_world(setting: tuple[Problem, sampling.WarmUp], world: int) -> tuple[FloatArray, int]:
    """Return draws of one world, and divergences."""
    problem, warm_up = setting
    with threadpool_limits(1, user_api="blas"):
        target = problem.target_at(problem.world(world).legs)
        found = sampling.sample_world(warm_up, target, seed=1, world=world, draws=KEPT)
    return found.theta, found.divergences


class Counted:
    """A density that counts its evaluations."""

    def __init__(self, log_density: Density) -> None:
        """Keep the density."""
        self.log_density, self.calls = log_density, 0

    def __call__(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Return value and gradient."""
        self.calls += 1
        with np.errstate(all="ignore"):
            found: tuple[float, FloatArray] = self.log_density(x)
        return found


def ours(log_density: Counted, starts: FloatArray) -> tuple[FloatArray, int]:
    """Run `sampling.chain`."""
    found = [
        sampling.chain(log_density, one, np.random.default_rng([1, n]), tune=TUNE, draws=DRAWS)
        for n, one in enumerate(starts)
    ]
    return np.stack([one.positions for one in found]), sum(one.divergences for one in found)


def no_u_turn(log_density: Counted, starts: FloatArray) -> tuple[FloatArray, int]:
    """Run mici's no-U-turn sampler."""

    def slope(x: FloatArray) -> tuple[FloatArray, float]:
        value, gradient_ = log_density(x)
        return -gradient_, -value

    positions, divergences = [], 0
    for n, one in enumerate(starts):
        system = EuclideanMetricSystem(lambda x: slope(x)[1], grad_neg_log_dens=slope)
        sampler = DynamicMultinomialHMC(system, LeapfrogIntegrator(system), np.random.default_rng([1, n]))
        found = sampler.sample_chains(
            TUNE, DRAWS, [one], adapters=[DualAveragingStepSizeAdapter(0.8)], display_progress=False
        )
        positions.append(found.traces["pos"][0])
        divergences += int(found.statistics["diverging"][0].sum())
    return np.stack(positions), divergences


def nutpie_(log_density: Counted, starts: FloatArray, *, low_rank: bool) -> tuple[FloatArray, int]:
    """Run nutpie, which learns its own metric: a longer time to tune."""
    import nutpie  # noqa: PLC0415 - a peer
    from nutpie.compiled_pyfunc import from_pyfunc  # noqa: PLC0415

    size = starts.shape[1]
    model = from_pyfunc(
        size, lambda: log_density, lambda *_: lambda x: {"x": x}, [np.dtype("float64")], [(size,)], ["x"],
        make_initial_point_fn=lambda seed: np.random.default_rng(seed).standard_normal(size),
    )  # fmt: skip
    found = nutpie.sample(
        model, draws=DRAWS, tune=2 * TUNE, chains=CHAINS, cores=1, seed=1, progress_bar=False,
        low_rank_modified_mass_matrix=low_rank,
    )  # fmt: skip
    return found.posterior["x"].to_numpy(), int(found.sample_stats["diverging"].sum())


def judge(
    run: Sampler, log_density: Counted, starts: FloatArray, place: Callable[[FloatArray], FloatArray]
) -> FOUND:
    """Return effective draws, gradients and CPU of one sampler."""
    begun = cpu()
    positions, divergences = run(log_density, starts)
    spent = cpu() - begun
    theta = np.stack([place(one) for one in positions])
    over = {"chain_axis": 0, "draw_axis": 1}
    bulk = array_stats.ess(theta, **over)
    squares = array_stats.ess((theta - theta.mean(axis=(0, 1))) ** 2, **over)
    return {
        "gradients": log_density.calls,
        "gradients a transition": log_density.calls / (CHAINS * (TUNE + DRAWS)),
        "CPU s": spent,
        "ESS, least": float(bulk.min()),
        "ESS a CPU second, least": float(bulk.min()) / spent,
        "ESS a CPU second, median": float(np.median(bulk)) / spent,
        "ESS a CPU second, of squares, median": float(np.median(squares)) / spent,
        "divergences": divergences,
    }


if __name__ == "__main__":
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    config = Config()
    structure = config.run.structure
    inputs = load_inputs(config)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    problem = prepare(network, evidence, config)
    target, prior = problem.target, problem.prior

    whole = cpu(), time.perf_counter()
    adaptation = sampling.adapt(target, seed=1, executor=process_executor(2))
    adapted = cpu(), time.perf_counter()
    found = list(process_executor(2)(one_world, (problem, adaptation), worlds))
    ended = cpu(), time.perf_counter()

    with threadpool_limits(1, user_api="blas"):
        theta, x = adaptation.draws[0], adaptation.positions[0]
        log_posterior = density(target)
        bent = in_coordinates(log_posterior, adaptation.coordinates)
        legs = target.prepared_legs()
        model = flow(unflatten(theta, prior), evidence, legs)
        slopes = log_likelihood(model, evidence, target.options).slopes
        mean, sd, heavy = columns(prior)

        def often(run: Callable[[], object]) -> Task:
            """Time a call 200 times over, keeping nothing."""

            def runs() -> None:
                for _ in range(200):
                    run()

            return Task(runs, 200)

        evaluation = table(
            f"One evaluation of the posterior, structure {structure}, {len(theta)} parameters",
            "CPU ms",
            "",
            {
                "flow": often(lambda: flow(unflatten(theta, prior), evidence, legs)),
                "likelihood": often(lambda: log_likelihood(model, evidence, target.options)),
                "gradient": often(lambda: model.gradient(unflatten(theta, prior), slopes)),
                "prior": often(lambda: log_prior(theta, mean, sd, heavy)),
                "density and gradient": often(lambda: log_posterior(theta)),
                "the same in coordinates": often(lambda: bent(x)),
            },
            rounds=5,
            scale=1e3,
        )
        starts = np.random.default_rng(7).standard_normal((CHAINS, len(theta)))
        straight = replace(adaptation.coordinates, bend=np.zeros_like(adaptation.coordinates.bend))
        plain = replace(
            straight, centre=mean, basis=straight.basis[:, :0], stretch=straight.stretch[:0], scale=sd
        )
        runs = {
            "ours": (ours, adaptation.coordinates),
            "ours, no bend": (ours, straight),
            "mici no-U-turn, bend": (no_u_turn, adaptation.coordinates),
            "mici no-U-turn, no bend": (no_u_turn, straight),
        }
        if installed("nutpie"):
            runs |= {
                "nutpie, diagonal": (lambda *a: nutpie_(*a, low_rank=False), plain),
                "nutpie, low rank": (lambda *a: nutpie_(*a, low_rank=True), plain),
            }
        judged = {
            name: judge(
                run,
                Counted(in_coordinates(log_posterior, at)),
                starts,
                partial(theta_of, at),
            )
            for name, (run, at) in runs.items()
        }
    samplers = Table(
        title=f"Samplers on the posterior at median costs, structure {structure}, {CHAINS} chains of {DRAWS} after {TUNE}",
        unit="ESS a CPU second, least of all parameters",
        base="nutpie, diagonal" if installed("nutpie") else "mici no-U-turn, no bend",
        rows={name: one["ESS a CPU second, least"] for name, one in judged.items()},
        notes={
            name: ", ".join(f"{key} {value:.3g}" for key, value in one.items())
            for name, one in judged.items()
        },
        skipped={} if installed("nutpie") else {"nutpie": "not installed"},
        facts={"nutpie": f"tunes {2 * TUNE}, as it learns its metric; the time of learning ours is below"},
        machine=machine(),
    )
    everything = Table(
        title=f"The posterior, structure {structure}, {worlds} worlds of {KEPT} draws, two processes",
        unit="s",
        base="",
        rows={
            "adapt, CPU s": adapted[0] - whole[0],
            "adapt, wall s": adapted[1] - whole[1],
            "worlds, CPU s": ended[0] - adapted[0],
            "worlds, wall s": ended[1] - adapted[1],
            "all, CPU s": ended[0] - whole[0],
            "all, wall s": ended[1] - whole[1],
        },
        facts={
            **adaptation.diagnostics.summary(),
            "pooled draws": sum(len(one[0]) for one in found),
            "divergences in worlds": sum(one[1] for one in found),
        },
        machine=machine(),
    )
    tables = [evaluation, samplers, everything]
    write(Path(__file__).parent / "results", "sampling", tables)
    print("\n".join(one.markdown() for one in tables))

"""Where cost worlds are reckoned: threads of this process, or workers of a Dask cluster.

Either way a world is a function of (setting, number) and results come back in the order of their numbers, so where they
were reckoned cannot be told from them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from corridors.base.errors import ConfigError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client

S = TypeVar("S")
T = TypeVar("T")

WAIT = 20
"""Seconds to wait for a scheduler and its first worker."""
NO_DASHBOARD = "127.0.0.1:0"
"""Dask serves a page of figures in any case: on a free port, to this machine only."""
AHEAD = 3
"""Worlds in hand for each thread of the cluster: enough to keep it busy, few enough to hold their results."""


class Spread(Protocol):
    """Reckons `function(setting, n)` for n in 0..count-1 and yields the results in that order."""

    def __call__(self, function: Callable[[S, int], T], setting: S, count: int) -> Iterator[T]:
        """Yield the results."""


def on_threads(jobs: int) -> Spread:
    """Return a spread over threads of this process."""

    def spread(function: Callable[[S, int], T], setting: S, count: int) -> Iterator[T]:
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(lambda n: function(setting, n), range(count))

    return spread


def on_cluster(client: Client) -> Spread:
    """Return a spread over a Dask cluster. The setting goes to each worker once; a lost worker's worlds go to others."""

    def spread(function: Callable[[S, int], T], setting: S, count: int) -> Iterator[T]:
        shared = client.scatter(setting, broadcast=True)
        ahead = AHEAD * max(1, sum(client.nthreads().values()))
        waiting: list[Any] = []
        for n in range(count):
            waiting.append(client.submit(function, shared, n, pure=False))
            if len(waiting) > ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()

    return spread


@contextmanager
def cluster(scheduler: str) -> Iterator[Spread]:
    """Connect to a Dask cluster and return a spread over it.

    Parameters
    ----------
    scheduler
        Address of a scheduler, "tcp://host:8786", or "local" to start one with a worker process a core.

    Raises
    ------
    ConfigError
        Dask is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise _no_cluster(
            "Dask", "not installed", "Install the extra: pip install 'corridors[cluster]'."
        ) from None
    with ExitStack() as stack:
        address: object = scheduler
        if scheduler == "local":
            address = stack.enter_context(
                LocalCluster(threads_per_worker=1, host="127.0.0.1", dashboard_address=NO_DASHBOARD)
            )
        try:
            client = stack.enter_context(Client(address, timeout=WAIT))
            client.wait_for_workers(1, timeout=WAIT)
        except (OSError, ValueError, TimeoutError) as error:
            raise _no_cluster(
                "a Dask scheduler with workers", str(error), "Start them, or leave the option out."
            ) from error
        yield on_cluster(client)


def _no_cluster(expected: str, found: str, remedy: str) -> ConfigError:
    """Return the error of a cluster that is not there."""
    return ConfigError([Fault("--scheduler", expected, found, remedy)])

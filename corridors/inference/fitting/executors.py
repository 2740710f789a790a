"""Executors: ordered parallel maps over threads, processes of this machine, or workers of a Dask cluster.

A task is a function of (shared, number). Linear algebra runs on one thread, so that sums are added in one order, and results
come back in the order of their numbers: they do not depend on where they were computed.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import resource_tracker
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from loky import BrokenProcessPool, ProcessPoolExecutor
from loky.backend.resource_tracker import ensure_running
from threadpoolctl import threadpool_limits

from corridors.core.errors import ConfigError, CorridorsError, Fault

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
"""Tasks in flight for each thread of the cluster: enough to keep it busy, few enough to hold their results."""


class Executor(Protocol):
    """Ordered parallel map: yield `function(shared, n)` for n = 0 ... count - 1, in order."""

    def __call__(self, function: Callable[[S, int], T], shared: S, count: int) -> Iterator[T]:
        """Yield the results."""


def thread_executor(jobs: int) -> Executor:
    """Return an executor over threads of this process."""

    def executor(function: Callable[[S, int], T], shared: S, count: int) -> Iterator[T]:
        # around the threads, not in each: one that ends would lift the limit of the others
        with threadpool_limits(1, user_api="blas"):
            pool = ThreadPoolExecutor(jobs)
            try:
                yield from pool.map(lambda n: function(shared, n), range(count))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            pool.shutdown()

    return executor


def process_executor(jobs: int) -> Executor:
    """Return an executor over processes of this machine, for work that holds the interpreter's lock.

    loky's processes do not run the caller's script again, as the standard library's do when they are not forked.
    """

    def executor(function: Callable[[S, int], T], shared: S, count: int) -> Iterator[T]:
        held = (function, shared, os.getpid())
        with ExitStack() as stack:
            with _deaf_children():
                pool = ProcessPoolExecutor(min(jobs, count), initializer=_hold, initargs=held)
                waiting = deque(pool.submit(_run_held, n) for n in range(count))
                stack.push(partial(_shut, pool))
            try:
                while waiting:
                    yield waiting.popleft().result()
            except BrokenProcessPool as error:
                raise CorridorsError(WORKER_LOST) from error

    return executor if jobs > 1 else thread_executor(1)


def _shut(pool: ProcessPoolExecutor, error: type[BaseException] | None, *_: object) -> None:
    """End the workers, at once if what they work for has failed."""
    pool.shutdown(kill_workers=error is not None)


_HELD: list[Any] = []
_FOR_PARENT = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
LOOK = 0.5
"""Seconds after which a worker process looks whether the one that started it still runs."""
WORKER_LOST = (
    "a worker process was ended from outside, most often for want of memory; run again with --jobs 1"
)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Start processes that no signal of the terminal reaches: the one that started them ends them, and says so once.

    A signal that comes meanwhile is heeded at the end: a process half started would neither be known nor ended.
    """
    came: list[int] = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_PARENT)
    handlers = {one: signal.getsignal(one) for one in _FOR_PARENT if current_thread() is main_thread()}
    for one in handlers:  # another thread may take what this one does not
        signal.signal(one, lambda number, _: came.append(number))
    with _quiet():
        ensure_running()
    resource_tracker.ensure_running()  # the first worker would start it, and the starting lets signals through again
    signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_PARENT)
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def _quiet() -> Iterator[None]:
    """Start a process that tidies up after killed workers without a warning of each thing that it tidies up."""
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [before, "ignore:resource_tracker"]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before


def _hold(function: Callable[[S, int], T], shared: S, parent: int) -> None:
    """Keep what a worker process needs for all of its tasks, and end it when the process that started it is no more."""
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    threadpool_limits(1, user_api="blas")
    _HELD[:] = [function, shared]


def _end_with(parent: int) -> None:
    """End this process when its parent is no more."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


def _run_held(n: int) -> Any:
    """Run one task in a worker process."""
    function, shared = _HELD
    return function(shared, n)


def _run_in_cluster(function: Callable[[S, int], T], shared: S, n: int) -> T:
    """Run one task in a worker of a cluster."""
    threadpool_limits(1, user_api="blas")
    return function(shared, n)


def client_executor(client: Client) -> Executor:
    """Return an executor over a Dask cluster. `shared` goes to each worker once; a lost worker's tasks go to others."""

    def executor(function: Callable[[S, int], T], shared: S, count: int) -> Iterator[T]:
        [scattered] = client.scatter([shared], broadcast=True)  # a tuple would be sent in parts
        ahead = AHEAD * max(1, sum(client.nthreads().values()))
        waiting: list[Any] = []
        for n in range(count):
            waiting.append(client.submit(_run_in_cluster, function, scattered, n, pure=False))
            if len(waiting) > ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()

    return executor


@contextmanager
def cluster_executor(scheduler: str) -> Iterator[Executor]:
    """Connect to a Dask cluster and yield an executor over it.

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
        yield client_executor(client)


def _no_cluster(expected: str, found: str, remedy: str) -> ConfigError:
    """Return the error of a cluster that is not there."""
    return ConfigError([Fault("--scheduler", expected, found, remedy)])

"""Play many tasks: one after another, on the cores of this machine, or on the machines of a cluster.

What comes out is the same wherever it is played; only the order in which it comes differs. A worker that dies
is replaced, and what it had in hand is played again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.errors import InputError
from sim.load.engines import Engine
from sim.load.replication import Replication
from sim.load.task import Task, play_task

MOST_LOST_WORKERS = 5
"""So often all workers of this machine are started again before the rest is played without them."""

Numbered = tuple[int, Replication]
"""The place of a task in the list of tasks, and what it came to."""


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who plays: *jobs* workers of this machine, or the workers of the *cluster* at an address."""

    jobs: int = 1
    cluster: str | None = None


def require_workers(force: Workforce) -> None:
    """Raise InputError for a cluster that cannot be reached or has no workers, before anything is played."""
    for _ in play_tasks((), force):
        pass


def play_tasks(
    tasks: Sequence[Task], force: Workforce, warn: Callable[[str], None] | None = None
) -> Iterator[Numbered]:
    """Yield what each of *tasks* came to, as soon as it is known.

    *warn* hears of workers that died. Raises InputError for a cluster that cannot be reached or has no
    workers.
    """
    if force.cluster is not None:
        yield from _on_cluster(tasks, force.cluster)
    elif force.jobs == 1 or len(tasks) < 2:
        for number, task in enumerate(tasks):
            yield number, play_task(task)
    else:
        yield from _on_cores(tasks, force.jobs, warn)


def _on_cores(tasks: Sequence[Task], jobs: int, warn: Callable[[str], None] | None) -> Iterator[Numbered]:
    """Play on the cores of this machine: threads for the compiled loop, which holds no lock, or processes."""
    from joblib import Parallel, delayed  # noqa: PLC0415 - heavy
    from joblib.externals.loky.process_executor import TerminatedWorkerError  # noqa: PLC0415

    backend = "threading" if tasks[0].engine is Engine.COMPILED else "loky"
    left = dict(enumerate(tasks))
    for _ in range(MOST_LOST_WORKERS):
        parallel = Parallel(
            n_jobs=jobs, backend=backend, return_as="generator_unordered", pre_dispatch="2*n_jobs"
        )
        pieces = [delayed(_numbered)(number, task) for number, task in left.items()]
        try:
            with closing(parallel(pieces)) as arriving:
                for number, replication in arriving:
                    del left[number]
                    yield number, replication
        except TerminatedWorkerError:
            if warn is not None:
                warn(f"a worker process ended; {len(left)} replications are played again")
            continue
        return
    if warn is not None:
        warn(f"worker processes keep ending; the last {len(left)} replications are played without them")
    for number, task in left.items():
        yield number, play_task(task)


def _on_cluster(tasks: Sequence[Task], address: str) -> Iterator[Numbered]:
    """Play on the workers of a Dask cluster; each task goes to another worker if the first one dies."""
    distributed = _distributed()
    try:
        _need_port(address)
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError("--cluster", "", f"no scheduler at {address} ({error})", "tcp://HOST:PORT") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise InputError(
                "--cluster", "", f"no workers at {address}", "a scheduler with at least one worker"
            )
        sent = [
            client.submit(_numbered, number, task, pure=False, retries=MOST_LOST_WORKERS)
            for number, task in enumerate(tasks)
        ]
        for done in distributed.as_completed(sent, loop=client.loop):
            yield done.result()
            done.release()


def _need_port(address: str) -> None:
    """Refuse an address without a port; a client made for it takes 20 s to close, and fails in that."""
    if urlsplit(address if "://" in address else f"tcp://{address}").port is None:
        raise ValueError("no port")


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        found = "a Python without the package distributed"
        raise InputError(
            "--cluster", "", found, "the extra cluster: pip install 'reglament[cluster]'"
        ) from None
    return distributed


def _numbered(number: int, task: Task) -> Numbered:
    return number, play_task(task)

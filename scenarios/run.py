"""Run suites as a whole: every scenario, in one process or several, until the end or an interruption."""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from actors.signing import SignatureCounts, SignatureMode
from conformance.errors import InputError, nearest_name
from conformance.log import Row
from conformance.pack import Pack
from conformance.results import FaultResult, ScenarioResult
from scenarios.runner import EVERYTHING_REAL, Outcome, not_run, run_scenario
from scenarios.suite_checks import ReadyScenario
from scenarios.suite_reader import SUITES, ReadySuite, read_suite, read_suites
from sim.signatures import SignatureChoice


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left: the outcomes in the order of the suites; *complete* is False after an interruption."""

    pack: Pack
    seed: int
    mode: SignatureMode
    outcomes: tuple[Outcome, ...]
    not_run: tuple[ScenarioResult | FaultResult, ...]
    complete: bool

    @property
    def scenarios(self) -> tuple[ScenarioResult, ...]:
        """Return the results of the regular scenarios, those that did not run last."""
        return tuple(result for result in self._results if isinstance(result, ScenarioResult))

    @property
    def faults(self) -> tuple[FaultResult, ...]:
        """Return the results of the deliberate violations, those that did not run last."""
        return tuple(result for result in self._results if isinstance(result, FaultResult))

    @property
    def passed(self) -> bool:
        """Tell whether every scenario ran and went as expected."""
        return self.complete and all(outcome.passed for outcome in self.outcomes)

    @property
    def failed(self) -> bool:
        """Tell whether a scenario went otherwise than expected; one that did not run has not failed."""
        return any(
            outcome.result.status not in {"passed", "expected", "not_run"} for outcome in self.outcomes
        )

    @property
    def outcome(self) -> str:
        """Return the word for the whole run, as results have it."""
        if not self.complete:
            return "interrupted"
        return "conforms" if self.passed else "does_not_conform" if self.failed else "incomplete"

    @property
    def signatures(self) -> SignatureCounts:
        """Return how many signatures were made, verified and only computed, over all scenarios."""
        counts = [outcome.signatures for outcome in self.outcomes]
        return SignatureCounts(
            made=sum(count.made for count in counts),
            drawn=sum(count.drawn for count in counts),
            verified=sum(count.verified for count in counts),
            computed=sum(count.computed for count in counts),
        )

    @property
    def mismatches(self) -> int:
        """Return how many scenarios ended because a signature was not what was known of it."""
        return sum(outcome.mismatches for outcome in self.outcomes)

    @property
    def _results(self) -> tuple[ScenarioResult | FaultResult, ...]:
        return (*(outcome.result for outcome in self.outcomes), *self.not_run)

    def rows(self, *, violations: bool) -> tuple[Row, ...]:
        """Return the rows of the regular scenarios, or of the deliberate violations."""
        return tuple(row for o in self.outcomes_of(violations=violations) for row in o.rows)

    def outcomes_of(self, *, violations: bool) -> tuple[Outcome, ...]:
        """Return the outcomes of one of the two kinds."""
        return tuple(o for o in self.outcomes if isinstance(o.result, FaultResult) is violations)


@dataclass(frozen=True, slots=True)
class _Task:
    suite: Path
    ready: ReadyScenario
    seed: int
    replay_name: str
    signatures: SignatureChoice


def run_suites(  # noqa: PLR0913 - what a run can be told
    paths: Sequence[Path],
    *,
    seed: int,
    signatures: SignatureChoice = EVERYTHING_REAL,
    only: Sequence[str] = (),
    jobs: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> Run:
    """Play the suites in *paths*; *only* narrows them to scenarios with these identifiers.

    *progress* hears how many of how many are done and the last identifier. An interruption from the
    keyboard ends the run early: what was finished is kept. Raises InputError for bad suites.
    """
    suites = read_suites(paths)
    chosen = _chosen(suites, only)
    tasks = [
        _Task(path, ready, seed, replay_name(path), signatures)
        for path, suite in zip(paths, suites, strict=True)
        for ready in suite.scenarios
        if ready.id in chosen
    ]
    outcomes: list[Outcome] = []
    complete = True
    try:
        with closing(_outcomes(tasks, jobs)) as arriving:
            for outcome in arriving:
                outcomes.append(outcome)
                if progress is not None:
                    progress(len(outcomes), len(tasks), outcome.result.id)
    except KeyboardInterrupt:
        complete = False
    return Run(
        pack=suites[0].pack,
        seed=seed,
        mode=signatures.mode,
        outcomes=tuple(outcomes),
        not_run=tuple(not_run(t.ready, t.seed, t.replay_name) for t in tasks[len(outcomes) :]),
        complete=complete,
    )


def _outcomes(tasks: Sequence[_Task], jobs: int) -> Generator[Outcome, None, None]:
    if jobs == 1 or len(tasks) == 1:
        yield from map(_run_task, tasks)
        return
    context = get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_ignore_interrupts)
    try:
        with _interrupts_held_back():
            arriving = pool.map(_run_task, tasks)
        yield from arriving
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes that a Ctrl-C does not reach even while they load; the parent gets it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C and a closed terminal to the parent, which then ends the pool in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):  # Windows has none
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


@cache
def _suite(path: Path) -> ReadySuite:
    return read_suite(path)


def _run_task(task: _Task) -> Outcome:
    pack = _suite(task.suite).pack
    return run_scenario(task.ready, pack, task.seed, task.replay_name, task.signatures)


def replay_name(path: Path) -> str:
    """Return how the command line calls the suite in *path*."""
    return path.stem if path.parent == SUITES else str(path)


def _chosen(suites: Sequence[ReadySuite], only: Sequence[str]) -> set[str]:
    known: dict[str, ReadyScenario] = {s.id: s for suite in suites for s in suite.scenarios}
    for name in only:
        if name not in known:
            raise InputError("--only", "", repr(name), "a scenario of the suites", nearest_name(name, known))
    return set(only) or set(known)

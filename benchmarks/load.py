"""Print what a nation's day costs, phase by phase, and how that grows: ``python -m benchmarks.load``.

The shipped study of Kazakhstan's peak day is played with one replication at several sizes, offices and
servers in proportion, each in a process of its own: cases are drawn, simulated, measured, written to Parquet,
the log is judged against the pack and all of it reported. The promises: one million requests take at most 30
seconds of processor time and 1.2 GiB, and each no more than 1.5 times what one of the smallest size takes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, TypeVar

STUDY = "kazakhstan-peak-day"
REQUESTS = 1_000_000
SIZES = (10_000, 100_000, REQUESTS)
MOST_S = 30.0
MOST_MIB = 1.2 * 1024
MOST_TIMES = 1.5
OF_EACH_OFFICE = frozenset({"workstation", "registrar", "desk"})
PHASES = ("draw", "simulate", "measure", "write log", "judge", "report")

T = TypeVar("T")


class Phases:
    """Processor time by phase; what runs inside another phase is not counted twice."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PHASES, 0.0)
        self._running: list[str] = []
        self._since = time.process_time()

    def enter(self, phase: str) -> None:
        """Begin a phase, inside another one or not."""
        self._switch()
        self._running.append(phase)

    def leave(self) -> None:
        """End the phase that began last."""
        self._switch()
        self._running.pop()

    @contextmanager
    def of(self, phase: str) -> Iterator[None]:
        """Let the block be a phase."""
        self.enter(phase)
        try:
            yield
        finally:
            self.leave()

    def each(self, phase: str, values: Iterable[T]) -> Iterator[T]:
        """Yield *values*; making them is the phase."""
        coming = iter(values)
        while True:
            self.enter(phase)
            try:
                value = next(coming)
            except StopIteration:
                return
            finally:
                self.leave()
            yield value

    def _switch(self) -> None:
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


def measured(study: str, requests: int) -> dict[str, Any]:
    """Play the study at this size in this process, and return seconds, memory, requests and rows."""
    from conformance.log_file import read_manifest  # noqa: PLC0415 - the parent measures without it
    from scenarios.study_command import write_study_manifest  # noqa: PLC0415
    from scenarios.study_reader import find_study, read_study  # noqa: PLC0415
    from sim.load.engines import Engine, play_cases  # noqa: PLC0415
    from sim.load.log_writer import LogWriter  # noqa: PLC0415
    from sim.load.measures import Measures  # noqa: PLC0415
    from sim.load.plan import draw_cases  # noqa: PLC0415
    from sim.load.task import frame_of, plan_of  # noqa: PLC0415

    ready = read_study(find_study(study))
    source = ready.source(in_proportion(ready.study, requests))
    plan = plan_of(source)
    list(play_cases(plan.network, iter([]), Engine.COMPILED))  # the first call loads the machine code
    phases, rows, cases = Phases(), 0, 0
    frame = frame_of(plan, source, plan.starts_us)
    measures = Measures.begin(plan.network, frame)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with LogWriter.opened(plan, folder / "log.parquet") as writer:
            drawn = phases.each("draw", draw_cases(plan, 1, 0))
            for block in phases.each("simulate", play_cases(plan.network, drawn, Engine.COMPILED)):
                cases, rows = cases + len(block), rows + len(block.rows.case)
                with phases.of("measure"):
                    measures.add(block)
                with phases.of("write log"):
                    writer.add(block)
            with phases.of("write log"):
                writer.finish()
        with phases.of("measure"):
            replication = measures.result()
        with phases.of("write log"):
            write_study_manifest(plan, folder, 1, unfinished=bool(replication.standing))
        _judge_and_report(phases, plan, folder, read_manifest(folder))
    return {
        "requests": cases,
        "rows": rows,
        "seconds": phases.seconds,
        "mib": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
    }


def _judge_and_report(phases: Phases, plan: Any, folder: Path, manifest: Any) -> None:
    from conformance.checking import judge_simulated  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    with phases.of("judge"):
        judged = judge_simulated(plan.pack, folder, manifest, replay="benchmarks.load")
    with phases.of("report"):
        write_reports(judged.results, folder, "en")


def in_proportion(study: Any, requests: int) -> Any:
    """Return the study with so many requests, and with offices and common servers in proportion."""
    from msgspec.structs import replace  # noqa: PLC0415

    part = requests / REQUESTS
    offices = study.offices if isinstance(study.offices, int) else len(study.offices)
    stations = {
        name: station
        if station.per == "office" or station.servers is None or name in OF_EACH_OFFICE
        else replace(station, servers=max(2, round(station.servers * part)))
        for name, station in study.stations.items()
    }
    return replace(study, load=study.load * part, offices=max(1, round(offices * part)), stations=stations)


def apart(study: str, requests: int) -> dict[str, Any]:
    """Measure one size in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.load", "--study", study, "--one", str(requests)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own words
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure, print, and return 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default=STUDY)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.study, asked.one)))
        return 0
    head = "".join(f"{phase:>10}" for phase in PHASES)
    print(f"{'requests':>10} {'rows':>10} {head} {'CPU s':>8} {'us each':>8} {'MiB':>6}")
    costs = []
    for size in asked.sizes:
        found = apart(asked.study, size)
        whole = sum(found["seconds"].values())
        costs.append((found, whole, 1e6 * whole / found["requests"]))
        split = "".join(f"{found['seconds'][phase]:10.2f}" for phase in PHASES)
        each = f"{costs[-1][2]:8.1f} {found['mib']:6.0f}"
        print(f"{found['requests']:>10,} {found['rows']:>10,} {split} {whole:8.2f} {each}", flush=True)
    return _judged(costs)


def _judged(costs: list[tuple[dict[str, Any], float, float]]) -> int:
    """Print whether the promises are kept; they are about one million requests."""
    found, whole, _ = costs[-1]
    growth = costs[-1][2] / costs[0][2]
    kept = {
        f"{whole:.1f} s of processor time (at most {MOST_S:.0f})": whole <= MOST_S,
        f"{found['mib']:.0f} MiB (at most {MOST_MIB:.0f})": found["mib"] <= MOST_MIB,
        f"{growth:.2f} times the time of a request of the smallest size (at most {MOST_TIMES})": growth
        <= MOST_TIMES,
    }
    for promise, is_kept in kept.items():
        print(f"{'kept' if is_kept else 'NOT kept'}: {promise}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())

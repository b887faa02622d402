"""Print what one and the same work costs in engine after engine: ``python -m benchmarks.engines``.

The work is that of benchmarks/reference_work.py, at two sizes: the slow engines play the smaller one, with
plain SimPy and the C loop beside them. Each run has a process of its own; all engines run once, then all
again, and the best of the rounds counts. The clock is processor time round the run alone: modules are
imported, inputs drawn and engines compiled before, and rows compared after. Engines that take the drawn
inputs must write the rows of plain SimPy; those that draw for themselves must wait as long, in the mean, as
one of many C runs with other seeds.

The promises: our compiled engine is at least 80 times as fast as plain SimPy and takes at most 1.5 times as
long as the C loop; our SimPy engine is no slower than plain SimPy. Exit code 1 if one is not kept or could
not be shown, or if an engine did other work.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from pkgutil import resolve_name
from resource import RUSAGE_SELF, getrusage

REQUESTS = 100_000
SLOW_REQUESTS = 10_000
ROUNDS = 3
LEAST_TIMES_SIMPY = 80.0
MOST_TIMES_C = 1.5
OTHER_SEEDS = 200
"""How many C runs say which mean waits are plausible: one honest engine of a hundred falls outside."""
WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Engine:
    """A row of the table; *prepare* names the function that takes the work and returns a Prepared."""

    name: str
    prepare: str
    package: str | None = None
    draws: bool = False
    """It draws for itself."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost: processor time in seconds, highest memory in MiB; or why there was none (*absent*).

    *unlike* counts the rows that are not the oracle's, *wait_s* is the mean wait of a step.
    """

    cpu_s: float = 0.0
    compile_s: float = 0.0
    peak_mib: float = 0.0
    unlike: int = 0
    wait_s: float = 0.0
    absent: str = ""


PLAIN = Engine("plain SimPy", "benchmarks.peers.plain_simpy:prepare", "simpy")
C_LOOP = Engine("C loop", "benchmarks.c_loop:prepare")
OUR_SIMPY = Engine("ours, simpy engine (off)", "benchmarks.our_engines:prepare_simpy")
COMPILED = Engine("ours, compiled engine", "benchmarks.our_engines:prepare_compiled")
LOOP_ALONE = Engine("ours, compiled loop alone", "benchmarks.our_engines:prepare_loop")
UNCOMPILED = Engine("ours, its loop uncompiled", "benchmarks.our_engines:prepare_uncompiled")
CIW = Engine("Ciw", "benchmarks.peers.ciw_network:prepare", "ciw", draws=True)
SALABIM = Engine("salabim", "benchmarks.peers.salabim_model:prepare", "salabim", draws=True)
LEAN_SALABIM = Engine(
    "salabim, leanest form", "benchmarks.peers.salabim_model:prepare_lean", "salabim", draws=True
)
# Plain SimPy comes first: its rows are the oracle of the others.
FAST = (PLAIN, C_LOOP, LOOP_ALONE, COMPILED, OUR_SIMPY)
SLOW = (PLAIN, C_LOOP, UNCOMPILED, CIW, SALABIM, LEAN_SALABIM)
ENGINES = {engine.name: engine for engine in (*FAST, *SLOW)}

Costs = Mapping[tuple[Engine, int], Cost]


def measured(engine: Engine, requests: int, folder: Path) -> Cost:
    """Let *engine* play in this process; keep the oracle's rows in *folder*, and compare with them."""
    import numpy as np  # noqa: PLC0415 - the parent process measures without it

    from benchmarks.reference_work import AbsentError, count_unlike, draw, mean_wait_s  # noqa: PLC0415

    work = draw(requests)
    try:
        prepared = resolve_name(engine.prepare)(work)
    except ModuleNotFoundError as missing:
        return Cost(absent=f"{missing.name} is not installed")
    except AbsentError as absent:
        return Cost(absent=str(absent))
    begun_s = time.process_time()
    result = prepared.run()
    cpu_s = time.process_time() - begun_s if prepared.own_s is None else prepared.own_s()
    peak_mib = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    rows = prepared.read(result)
    oracle = folder / f"{requests}.npy"
    if engine == PLAIN and not oracle.exists():
        np.save(oracle, rows)
    unlike = 0 if engine.draws else count_unlike(rows, np.load(oracle))
    return Cost(cpu_s, prepared.compile_s, peak_mib, unlike, mean_wait_s(rows))


def plausible_waits(requests: int) -> list[float]:
    """Return the least and the greatest mean wait, in seconds, of C runs with other seeds; none without C."""
    from benchmarks.c_loop import bound, compiled  # noqa: PLC0415 - needs numpy
    from benchmarks.reference_work import SEED, AbsentError, draw, mean_wait_s  # noqa: PLC0415

    try:
        play, _ = compiled()
    except AbsentError:
        return []
    waits = []
    for seed in range(SEED + 1, SEED + 1 + OTHER_SEEDS):
        prepared = bound(play, draw(requests, seed))
        waits.append(mean_wait_s(prepared.read(prepared.run())))
    return [min(waits), max(waits)]


def apart(what: str, requests: int, folder: Path) -> str:
    """Do *what* in a process of its own, and return the line it printed."""
    words = ["-m", "benchmarks.engines", "--requests", str(requests), "--do", what, "--folder", str(folder)]
    done = subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own words
    return done.stdout.splitlines()[-1]


def best(costs: Sequence[Cost]) -> Cost:
    """Return the least times of several runs, and the most memory and wrong rows."""
    return Cost(
        cpu_s=min(cost.cpu_s for cost in costs),
        compile_s=min(cost.compile_s for cost in costs),
        peak_mib=max(cost.peak_mib for cost in costs),
        unlike=max(cost.unlike for cost in costs),
        wait_s=costs[0].wait_s,
        absent=costs[0].absent,
    )


def measure_all(sizes: Sequence[tuple[Engine, int]], rounds: int, folder: Path) -> Costs:
    """Measure every engine at its size, one after the other, *rounds* times; progress goes to stderr."""
    costs: dict[tuple[Engine, int], list[Cost]] = {size: [] for size in sizes}
    for number in range(1, rounds + 1):
        for engine, requests in sizes:
            earlier = costs[engine, requests]
            if earlier and earlier[0].absent:
                continue
            print(f"round {number} of {rounds}: {engine.name}, {requests:,} requests", file=sys.stderr)
            earlier.append(Cost(**json.loads(apart(engine.name, requests, folder))))
    return {size: best(several) for size, several in costs.items()}


def table(costs: Costs, waits: Sequence[float]) -> Iterator[str]:
    """Return the lines of the table."""
    yield (
        f"{'engine':30} {'requests':>8} {'CPU s':>8} {'us each':>8} {'speed':>7} {'time/C':>7} "
        f"{'compile':>7} {'MiB':>4}  rows"
    )
    for (engine, requests), cost in costs.items():
        name = f"{engine.name} {_version(engine)}".strip()
        if cost.absent:
            yield f"{name:30} {requests:8,} {cost.absent}"
            continue
        plain, c_loop = (costs[other, requests] for other in (PLAIN, C_LOOP))
        to_c = "-" if c_loop.absent else f"{cost.cpu_s / c_loop.cpu_s:.2f}"
        yield (
            f"{name:30} {requests:8,} {cost.cpu_s:8.3f} {cost.cpu_s / requests * 1e6:8.2f} "
            f"{plain.cpu_s / cost.cpu_s:7.2f} {to_c:>7} {cost.compile_s:7.2f} {cost.peak_mib:4.0f}  "
            f"{_same_work(engine, cost, waits)[1]}"
        )
    yield "us each: processor time of a request; speed: plain SimPy's is 1; time/C: the C loop's is 1;"
    yield "compile: CPU s, in no other column; MiB: the most memory held; rows: are they those of plain SimPy"


def _same_work(engine: Engine, cost: Cost, waits: Sequence[float]) -> tuple[bool, str]:
    """Return whether the engine did the work it was given, and the words for it."""
    if not engine.draws:
        return cost.unlike == 0, "yes" if cost.unlike == 0 else f"no: {cost.unlike:,} rows differ"
    told = f"own draws: mean wait {cost.wait_s:.2f} s"
    if not waits:
        return False, f"{told}, not compared without the C loop"
    within = waits[0] <= cost.wait_s <= waits[1]
    return within, f"{told}, {'in' if within else 'OUTSIDE'} {waits[0]:.2f} to {waits[1]:.2f}"


def _version(engine: Engine) -> str:
    try:
        return version(engine.package) if engine.package else ""
    except PackageNotFoundError:
        return ""


def promises(costs: Costs, requests: int) -> Iterator[tuple[bool, str]]:
    """Return for each promise whether it is kept, and a line that says so with the figures."""
    plain, c_loop, ours = (costs[engine, requests] for engine in (PLAIN, C_LOOP, COMPILED))
    yield _promise(
        f"compiled engine at least {LEAST_TIMES_SIMPY:.0f} times as fast as plain SimPy",
        plain,
        ours,
        LEAST_TIMES_SIMPY,
    )
    yield _promise(
        f"compiled engine at most {MOST_TIMES_C} times the time of the C loop", c_loop, ours, 1 / MOST_TIMES_C
    )
    yield _promise(
        "our SimPy engine (off) no slower than plain SimPy", plain, costs[OUR_SIMPY, requests], 1.0
    )


def _promise(said: str, other: Cost, ours: Cost, least_times: float) -> tuple[bool, str]:
    """Judge that *ours* is at least *least_times* as fast as *other*."""
    if other.absent or ours.absent:
        return False, f"not shown: {said}: {ours.absent or other.absent}"
    kept = other.cpu_s >= least_times * ours.cpu_s
    speed, length = other.cpu_s / ours.cpu_s, ours.cpu_s / other.cpu_s
    figures = f"{ours.cpu_s:.3f} s against {other.cpu_s:.3f} s, {speed:.2f} as fast, {length:.2f} as long"
    return kept, f"{'kept' if kept else 'NOT kept'}: {said}: {figures}"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument(
        "--slow-requests", type=int, default=SLOW_REQUESTS, help="the size of the slow engines' work"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--do", choices=(WAITS, *ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if asked.do == WAITS:
        print(json.dumps(plausible_waits(asked.requests)))
        return 0
    if asked.do:
        print(json.dumps(asdict(measured(ENGINES[asked.do], asked.requests, asked.folder))))
        return 0
    sizes = [
        *((engine, asked.requests) for engine in FAST),
        *((engine, asked.slow_requests) for engine in SLOW),
    ]
    with tempfile.TemporaryDirectory() as folder:
        costs = measure_all(list(dict.fromkeys(sizes)), asked.rounds, Path(folder))
        waits = json.loads(apart(WAITS, asked.slow_requests, Path(folder)))
    judged = list(promises(costs, asked.requests))
    print(*table(costs, waits), *(line for _, line in judged), sep="\n")
    did = [_same_work(engine, cost, waits)[0] for (engine, _), cost in costs.items() if not cost.absent]
    return 0 if all(did) and all(kept for kept, _ in judged) else 1


if __name__ == "__main__":
    raise SystemExit(main())

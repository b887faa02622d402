"""Print what a full report on a long log costs against bare SQL: ``python -m benchmarks.judge``.

A clean log is multiplied to ten million rows and a known number of violations of every norm is put in. Then,
each in a process of its own: bare SQL, written for this pack and no other, that counts the violations of its
timing, order and deadline norms; and `check`, from the file to the page. Both must count the same violations.
The promise: at most three times the processor time of the bare SQL, and at most 1 GiB of memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from conformance.norms import (
    CalendarCutoff,
    Count,
    NextStep,
    Norm,
    NormStatus,
    Precedence,
    SameLocalDay,
    StepDuration,
)
from conformance.pack import load_pack

PACK = "astana-106-1923"
ROWS = 10_000_000
VIOLATIONS_OF_A_NORM = 40
MOST_TIMES = 3.0
MOST_MIB = 1024
STARTS = ("P0", "P1", "V1")
COMPARED = (StepDuration, NextStep, Precedence, Count, SameLocalDay, CalendarCutoff)


def make_log(log: Path, rows: int) -> None:
    """Write a log of at least *rows* rows, with violations of every norm that needs no document."""
    from conformance.fragment_rows import clean_rows  # noqa: PLC0415 - the parent process measures without it
    from conformance.fragment_set import load_fragments  # noqa: PLC0415
    from conformance.injection import Injector  # noqa: PLC0415
    from conformance.multiplication import multiply  # noqa: PLC0415

    pack = load_pack(PACK)
    fragments = load_fragments(pack, PACK)
    if fragments is None:
        raise SystemExit(f"{PACK} ships no fragments")
    clean = log.with_name("clean.parquet")
    multiply(pack, clean_rows(pack, fragments.file), clean, rows)
    wanted = {
        name: max(1, min(VIOLATIONS_OF_A_NORM, rows // 5_000))
        for name, fragment in fragments.by_norm.items()
        if not fragment.needs_documents and not _is_lost(fragment.norm)
    }
    Injector(fragments).inject(clean, log, wanted)
    clean.unlink()


def bare_sql(log: Path) -> dict[str, int]:
    """Return how many cases break each compared norm, by SQL as written for this one log."""
    import duckdb  # noqa: PLC0415

    database = duckdb.connect(config={"threads": 2})
    database.execute("SET TimeZone = 'UTC'")
    pack = load_pack(PACK)
    codes = {service.id: service.code for service in pack.services}
    norms = [norm for norm in pack.norms if isinstance(norm, COMPARED) and norm.status is NormStatus.AGREED]
    marks = {norm.id: f"bool_or({condition})" for norm in norms for condition in _row_conditions(norm)}
    marks |= {norm.id: condition for norm in norms for condition in _case_conditions(norm)}
    flags = sorted({(norm.first, norm.step) for norm in norms if isinstance(norm, Precedence)})
    running = ", ".join(
        f"max(CASE WHEN step = '{first}' AND coalesce(outcome, 'ok') = 'ok' THEN 1 ELSE 0 END) OVER w "
        f"AS after_{first}"
        for first in sorted({first for first, _ in flags})
    )
    ordered = (
        "SELECT *, completed_us - enabled_us AS took, lead(step) OVER w AS following, "
        f"lag(step) OVER w AS before, {running}, "
        f"timezone('{pack.act.zone}', make_timestamptz(completed_us)) AS ended, "
        f"timezone('{pack.act.zone}', make_timestamptz(enabled_us)) AS begun FROM read_parquet('{log}') "
        "WINDOW w AS (PARTITION BY case_id ORDER BY completed_us, enabled_us, step)"
    )
    cases = ", ".join(f"{condition} AS n{n}" for n, condition in enumerate(marks.values()))
    by_case = f"SELECT service, path, {cases} FROM ({ordered}) GROUP BY case_id, service, path"
    places = {norm.id: ((norm.services[0], codes[norm.services[0]]), norm.path) for norm in norms}
    sums = ", ".join(
        f"count(*) FILTER (WHERE n{n} AND service IN {places[name][0]} AND path = '{places[name][1]}')"
        for n, name in enumerate(marks)
    )
    row = database.execute(f"SELECT {sums} FROM ({by_case})").fetchone()
    return dict(zip(marks, row or (), strict=True))


def _row_conditions(norm: Norm) -> Iterator[str]:
    match norm:
        case StepDuration(step=step, max_s=int(limit)):
            yield f"step = '{step}' AND took > {limit * 1_000_000}"
        case NextStep(step=step):
            allowed = sorted({s for s in (*norm.allowed, norm.on_ok, norm.otherwise) if s})
            listed = ", ".join(f"'{name}'" for name in allowed) or "''"
            wrong = f"following IS NOT NULL AND following NOT IN ({listed})"
            if norm.on_ok or norm.otherwise:
                ways = [f"'{way}'" if way else "following" for way in (norm.on_ok, norm.otherwise)]
                chosen = f"CASE WHEN outcome = 'ok' THEN {ways[0]} ELSE {ways[1]} END"
                wrong = f"following NOT IN ({listed}) OR (outcome IS NOT NULL AND following <> {chosen})"
            first = f"before IS NULL AND step NOT IN {STARTS}"
            yield f"step = '{step}' AND ({wrong} OR {first})"
        case Precedence(first=first, step=step):
            yield f"step = '{step}' AND after_{first} = 0"
        case CalendarCutoff(step=step):
            yield f"step = '{step}' AND outcome = 'ok' AND {_is_late('begun')}"


def _case_conditions(norm: Norm) -> Iterator[str]:
    match norm:
        case Count():
            listed = ", ".join(f"'{step}'" for step in norm.steps)
            yield f"count(*) FILTER (WHERE step IN ({listed})) NOT BETWEEN {norm.least} AND {norm.most}"
        case SameLocalDay(start=str(start)):
            listed = ", ".join(f"'{step}'" for step in norm.to)
            asked = f"max(CAST(ended AS DATE)) FILTER (WHERE step = '{start}' AND NOT ({_is_late('ended')}))"
            told = f"min(CAST(ended AS DATE)) FILTER (WHERE step IN ({listed}))"
            yield f"{asked} IS NOT NULL AND {asked} IS DISTINCT FROM {told}"


def _is_late(moment: str) -> str:
    """Return that a local moment is after the cut-off of the provider's hours, two hours before closing."""
    hours = "CASE isodow({m}) WHEN 7 THEN -1 WHEN 6 THEN 12 ELSE 18 END * INTERVAL 1 HOUR"
    return f"{moment} - date_trunc('day', {moment}) > {hours.replace('{m}', moment)}"


def _is_lost(norm: Norm) -> bool:
    return isinstance(norm, StepDuration) and (norm.max_s is None or norm.status is not NormStatus.AGREED)


def full_report(log: Path, out: Path) -> dict[str, int]:
    """Check *log* as the command line does, write every report, and return the cases that break each norm."""
    from conformance.checking import CheckRequest, check_log  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    checked = check_log(CheckRequest(log=log, pack=load_pack(PACK), replay="benchmarks.judge"), out)
    write_reports(checked.results, out, "en")
    return {norm.id: norm.counts.get("fail", 0) for norm in checked.results.norms}


def measured(what: str, log: Path, rows: int) -> None:
    """Do *what* in this process; print its answers, seconds of processor time and highest memory in MiB."""
    answers: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        if what == "make":
            make_log(log, rows)
        elif what == "bare":
            answers = bare_sql(log)
        else:
            answers = full_report(log, Path(folder))
        seconds = time.process_time() - begun
    print(json.dumps({"answers": answers, "s": seconds, "mib": getrusage(RUSAGE_SELF).ru_maxrss / 1024}))


def apart(what: str, log: Path, rows: int) -> dict[str, Any]:
    """Do *what* in a process of its own, and return what it measured."""
    words = [sys.executable, "-m", "benchmarks.judge", "--rows", str(rows), "--do", what, "--log", str(log)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own words
    return json.loads(done.stdout)


def main() -> int:
    """Measure, print, and return 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--log", type=Path, help="a log made before; none: it is made")
    parser.add_argument("--do", choices=("make", "bare", "full"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.do:
        measured(asked.do, asked.log, asked.rows)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        log = asked.log or Path(folder) / "log.parquet"
        if not log.is_file():
            made = apart("make", log, asked.rows)
            size = f"{log.stat().st_size:,} octets"
            print(_line("log made", made, size))
        bare, full = apart("bare", log, asked.rows), apart("full", log, asked.rows)
    return _judge(bare, full)


def _judge(bare: dict[str, Any], full: dict[str, Any]) -> int:
    said, told = bare["answers"], full["answers"]
    unlike = {name: (n, told[name]) for name, n in said.items() if told[name] != n}
    times = full["s"] / bare["s"]
    print(_line("bare SQL", bare, f"{sum(said.values()):,} violations of {len(said)} norms"))
    print(_line("full report", full, f"{sum(told.values()):,} violations of {len(told)} norms"))
    print(f"ratio {times:.2f} (at most {MOST_TIMES}), memory {full['mib']:.0f} MiB (at most {MOST_MIB})")
    for name, (one, other) in unlike.items():
        print(f"unlike: {name}: bare SQL {one}, report {other}")
    return 1 if unlike or times > MOST_TIMES or full["mib"] > MOST_MIB else 0


def _line(what: str, cost: dict[str, Any], told: str) -> str:
    return f"{what:12} {cost['s']:7.1f} s CPU   {cost['mib']:5.0f} MiB   {told}"


if __name__ == "__main__":
    raise SystemExit(main())

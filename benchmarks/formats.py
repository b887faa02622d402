"""Print what it takes to convert an XES log, at two sizes: ``python -m benchmarks.formats``.

Each conversion runs in a process of its own. The promise: the highest resident memory at a million events is
at most 1.3 times that at 200,000, for it does not depend on the length. Beside it the processor time of the
conversion, and of a bare loop over the same file that only counts events with the same parser, in one run.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from xml.parsers import expat

PROMISE = 1.3
SIZES = (200_000, 1_000_000)
EVENTS_OF_A_CASE = 5
STEPS = ("P1", "P3", "P5", "P6", "P8")
MAPPING = """
columns:
  case_id: "case:concept:name"
  activity: "concept:name"
  completed: "time:timestamp"
  resource: "org:resource"
constants: {service: doctor-home-call, path: portal, unit: portal}
time: {resolution: 1 ms}
activities: {P1: P1, P3: P3, P5: P5, P6: P6, P8: P8}
attributes: {channel: {column: "case:channel"}}
"""


def write_log(path: Path, events: int) -> None:
    """Write an XES log of *events* events; cases come in an order that is not sorted."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">\n')
        cases = events // EVENTS_OF_A_CASE
        for number in range(cases):
            case = number * 7919 % cases
            file.write(f'<trace><string key="concept:name" value="case-{case:08}"/>')
            file.write(f'<string key="channel" value="{("web", "desk")[case % 2]}"/>\n')
            for n, step in enumerate(STEPS):
                moment = f"2013-03-{1 + case % 28:02}T{8 + n:02}:{case % 60:02}:07.{case % 997:03}+06:00"
                file.write(
                    f'<event><string key="concept:name" value="{step}"/>'
                    f'<string key="org:resource" value="r{case % 90}"/>'
                    f'<date key="time:timestamp" value="{moment}"/>'
                    '<string key="lifecycle:transition" value="complete"/></event>\n'
                )
            file.write("</trace>\n")
        file.write("</log>\n")


def bare_loop(path: Path) -> float:
    """Return the seconds of processor time that a loop takes to count the events with the same parser."""
    count = 0

    def opened(name: str, _: dict[str, str]) -> None:
        nonlocal count
        count += name == "event"

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    begun = time.process_time()
    with path.open("rb") as file:
        parser.ParseFile(file)
    return time.process_time() - begun


def convert_here(log: Path, mapping: Path, to: Path) -> None:
    """Convert *log* in this process, and print rows, seconds of processor time, highest memory in MiB."""
    from conformance.logs.convert import convert  # noqa: PLC0415 - the parent process measures without it
    from conformance.logs.mapping import read_mapping  # noqa: PLC0415

    begun = time.process_time()
    rows = convert(log, to, read_mapping(mapping), None).rows
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": time.process_time() - begun, "peak_mib": peak}))


def main() -> int:
    """Convert both sizes; return 1 if memory grows beyond the promise or a row is missing."""
    peaks, whole = [], True
    print(f"{'events':>10} {'peak MiB':>9} {'CPU s':>7} {'bare loop s':>12} {'times':>6}")
    with tempfile.TemporaryDirectory() as folder:
        mapping = Path(folder) / "mapping.yaml"
        mapping.write_text(MAPPING, encoding="utf-8")
        for size in SIZES:
            log, to = Path(folder) / f"{size}.xes", Path(folder) / f"{size}.parquet"
            write_log(log, size)
            words = [sys.executable, "-m", "benchmarks.formats", str(log), str(mapping), str(to)]
            done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - own words
            found = json.loads(done.stdout)
            bare = bare_loop(log)
            shown = f"{size:10,} {found['peak_mib']:9.0f} {found['seconds']:7.1f} {bare:12.1f}"
            print(f"{shown} {found['seconds'] / bare:6.1f}", flush=True)
            peaks.append(found["peak_mib"])
            whole = whole and found["rows"] == size
            log.unlink()
    ratio = peaks[1] / peaks[0]
    print(f"memory at {SIZES[1]:,} events is {ratio:.2f} times that at {SIZES[0]:,}; promised: {PROMISE}")
    return 0 if whole and ratio <= PROMISE else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        convert_here(*map(Path, sys.argv[1:4]))
    else:
        sys.exit(main())

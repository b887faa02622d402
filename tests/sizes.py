"""Print the sizes that keep the code readable: a report, and a failure over the hard limits."""

import ast
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("actors", "conformance", "reports", "scenarios", "sim")
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60


def lengths(paths: Iterable[Path]) -> dict[Path, int]:
    """Return how many lines each file has."""
    return {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}


def main() -> int:
    """Measure every module of the five rooms and the face; of the tests only how long their files are."""
    paths = [ROOT / "reglament.py", *(p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")))]
    files = lengths(paths)
    functions = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": 1 + (node.end_lineno or 0) - node.lineno
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    longest_file = max(files, key=files.__getitem__)
    longest = max(functions, key=functions.__getitem__)
    out = sys.stdout.write
    out(f"files      {len(files):5}   median {statistics.median(files.values()):.0f} lines")
    out(f"   longest {files[longest_file]} ({longest_file.relative_to(ROOT)})\n")
    out(f"functions  {len(functions):5}   median {statistics.median(functions.values()):.0f} lines")
    out(f"   longest {functions[longest]} ({longest})\n")
    files |= lengths((ROOT / "tests").rglob("*.py"))
    too_long = [str(p.relative_to(ROOT)) for p, n in files.items() if n > MOST_LINES_OF_A_FILE]
    too_long += [name for name, n in functions.items() if n > MOST_LINES_OF_A_FUNCTION]
    for name in too_long:
        out(f"too long: {name}\n")
    return 1 if too_long else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The threat table as a promise: every scenario and every test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line.split(" | ") for line in TABLE.splitlines() if line.startswith("| ")]
THREATS = [row for row in ROWS if len(row) == 5 and row[0].strip("| ") not in ("who", "---")]
SCENARIO = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


def test_every_threat_is_shown_by_something_that_exists() -> None:
    suites = sorted((ROOT / "scenarios" / "suites").glob("*.yaml"))
    scenarios = {name for path in suites for name in SCENARIO.findall(path.read_text(encoding="utf-8"))}
    assert len(THREATS) >= 20
    for who, what, _, shown, _ in THREATS:
        names = re.findall(r"`([^`]+)`", shown)
        assert names, (who, what)
        missing = {name for name in names if name not in scenarios and not (ROOT / name).is_file()}
        assert not missing, (who, what)


def test_every_cell_of_the_table_says_something() -> None:
    assert all(len(cell.strip("| ")) > 4 for row in THREATS for cell in row)


def test_what_is_out_of_scope_is_said_plainly() -> None:
    scope = TABLE.partition("## Out of scope")[2]
    for word in ("GOST", "test seed", "HSM", "timing", "Floods"):
        assert word in scope

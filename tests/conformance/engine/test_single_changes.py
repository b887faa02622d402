"""Cases that differ from a clean one in a single value: no mark may take the two for alike."""

import json

import msgspec

from conformance.engine import attribute_values
from conformance.engine.judging import judge_log
from conformance.fragment_rows import clean_rows
from conformance.fragment_set import load_fragments
from conformance.judge import judge
from conformance.log_file import read_log, write_log
from tests.conformance.engine.agreement import PACK, require_the_same

HOUR = 3_600_000_000
COLUMNS = {
    "outcome": ("ok", "OTHER", " ", None),
    "request_number": ("1", " ", None),
    "resource": ("other", None),
    "enabled_us": (-HOUR, -12 * HOUR, 1, None),
    "started_us": (2 * HOUR, None),
    "completed_us": (HOUR, 12 * HOUR, -1, -HOUR, None),
    "resolution_us": (1_000_000,),
}
VALUES = (None, "", "other", " odd", "\\", True, False, 0, 7, 1.5, [], ["iin"], {"a": 1}, 10**17, 10**18)


def changes(row):
    """Yield *row* as it is and with one value changed."""
    yield row
    for name, values in COLUMNS.items():
        for value in values:
            before = getattr(row, name)
            moves = isinstance(value, int) and name.endswith("_us") and name != "resolution_us"
            if not moves or before is not None:
                yield msgspec.structs.replace(row, **{name: before + value if moves else value})
    yield msgspec.structs.replace(row, attributes=None)
    held = json.loads(row.attributes or "{}")
    for key in held:
        others = {name: value for name, value in held.items() if name != key}
        yield msgspec.structs.replace(row, attributes=json.dumps(others))
        for value in VALUES:
            yield msgspec.structs.replace(row, attributes=json.dumps(others | {key: value}))


def changed_cases():
    """Return the clean cases of the pack, and after each of them one for every single change."""
    clean = {}
    for row in clean_rows(PACK, load_fragments(PACK, "astana-106-1923").file):
        clean.setdefault(row.case_id, []).append(row)
    found = []
    for number, rows in enumerate(clean.values()):
        for place, row in enumerate(rows):
            for n, changed in enumerate(changes(row)):
                case = [*rows[:place], changed, *rows[place + 1 :]]
                name = f"c{number:02}-{place:02}-{n:03}"
                found += [msgspec.structs.replace(one, case_id=name) for one in case]
    return found


def test_no_single_change_is_overlooked(monkeypatch, tmp_path):
    rows, log = changed_cases(), tmp_path / "log.parquet"
    write_log(rows, log)
    plain = judge(PACK, read_log(log))
    for sample in (0, 100_000):
        monkeypatch.setattr(attribute_values, "SAMPLE_ROWS", sample)
        require_the_same(plain, judge_log(PACK, log), rows)

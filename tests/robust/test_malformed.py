"""Two thousand malformed files for the command line: a message and exit code 2, or rejects; nothing green.

Run by ``make test-robust``. The files are made anew each time and are the same each time.
"""

import io
import json
import shutil
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import reglament
from conformance.log_file import write_log
from conformance.logs.convert import convert
from conformance.logs.records import Reason
from conformance.pack import PACKS
from tests.conformance.fragments import route
from tests.robust.bad_files import OCEL_MAPPING, bad_ocel, bad_parquet, bad_sqlite, bad_yaml
from tests.robust.bad_logs import MAPPING, PERSON, XES_MAPPING, bad_csv, bad_jsonl, bad_xes
from tests.scenarios.small_suites import ACCEPTED, suite, write

SEEN: Counter[str] = Counter()
PLANNED = {"csv": 450, "jsonl": 400, "xes": 450, "parquet": 250, "ocel": 100, "sqlite": 50}
PLANNED |= {"mapping": 200, "pack": 100, "suite": 50, "bare": 60, "expected": 50}
PACK = "coselog-receipt"
EXPECTED = (
    'expected:\n  - {norm: "W1.same-day", verdict: fail, reason: known, until: "2013-06-01", issue: H-1}\n'
)
GOOD_CSV = "case,act,time,who,size\nc1,Send,2020-05-05T10:00:00,w,1\n"


def many(kind):
    """Return the settings for the planned number of examples: always the same ones, never shrunk."""
    return settings(
        max_examples=PLANNED[kind],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def call(*words):
    """Call the command line in this process; return its exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = reglament._exit_code(lambda: reglament.app(list(map(str, words)), standalone_mode=False))
    return code, out.getvalue(), err.getvalue()


def told(kind, code, out, err):
    """Hold one answer against the promise: a message in one line, or rejects; and count it."""
    SEEN[kind] += 1
    SEEN["refused" if code == 2 else "rejects"] += 1
    assert code in {2, 3}, (code, out, err)
    assert "Traceback" not in err
    assert "defect of the harness" not in err
    assert PERSON not in out + err
    if code == 2:
        assert err.startswith("reglament: "), err
        assert err.count("\n") == 1, err


def converted(kind, log, mapping):
    """Convert a malformed log; what is written holds no malformed row, and every reject has a reason."""
    to = log.with_name("out.parquet")
    rejects = log.with_name("out.parquet.rejects.jsonl")
    for old in (to, rejects):
        old.unlink(missing_ok=True)
    code, out, err = call("convert", log, to, "--mapping", mapping)
    told(kind, code, out, err)
    assert to.exists() == rejects.exists() == (code == 3)
    if code == 3:
        found = [json.loads(line) for line in rejects.read_text().splitlines()]
        assert found
        assert {one["reason"] for one in found} <= set(Reason)
        assert PERSON not in rejects.read_text()


def put(path, octets):
    path.write_bytes(octets)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("robust")
    for name, text in (("plain", MAPPING), ("xes", XES_MAPPING), ("ocel", OCEL_MAPPING)):
        (place / f"{name}.yaml").write_text(text)
    (place / "good.csv").write_text(GOOD_CSV)
    write_log(route("P1", "P3"), place / "log.parquet")
    convert(place / "log.parquet", place / "good.sqlite", None, None)
    shutil.copytree(PACKS / PACK, place / "pack")
    return place


def test_the_good_files_are_good(folder):
    code, out, _ = call(
        "convert", folder / "good.csv", folder / "good.parquet", "--mapping", folder / "plain.yaml"
    )
    assert code == 0
    assert out.startswith("1 records: 1 rows, 0 rejected, 0 ignored\n")
    assert call("pack", "validate", folder / "pack")[0] == 0


@many("csv")
@given(octets=bad_csv)
def test_csv(folder, octets):
    converted("csv", put(folder / "log.csv", octets), folder / "plain.yaml")


@many("jsonl")
@given(octets=bad_jsonl)
def test_jsonl(folder, octets):
    converted("jsonl", put(folder / "log.jsonl", octets), folder / "plain.yaml")


@many("xes")
@given(octets=bad_xes)
def test_xes(folder, octets):
    converted("xes", put(folder / "log.xes", octets), folder / "xes.yaml")


@many("parquet")
@given(data=st.data())
def test_parquet(folder, data):
    octets = data.draw(bad_parquet(folder / "made.parquet"))
    converted("parquet", put(folder / "bad.parquet", octets), folder / "plain.yaml")


@many("ocel")
@given(octets=bad_ocel())
def test_ocel_json(folder, octets):
    converted("ocel", put(folder / "log.json", octets), folder / "ocel.yaml")


@many("sqlite")
@given(data=st.data())
def test_ocel_sqlite(folder, data):
    data.draw(bad_sqlite(folder / "good.sqlite", folder / "bad.sqlite"))
    told("sqlite", *call("convert", folder / "bad.sqlite", folder / "out.csv"))


@many("mapping")
@given(octets=bad_yaml(MAPPING))
def test_mappings(folder, octets):
    mapping = put(folder / "bad.yaml", octets)
    code, out, err = call("convert", folder / "good.csv", folder / "out.csv", "--mapping", mapping)
    told("mapping", code, out, err)
    assert code == 2


@many("pack")
@given(data=st.data())
def test_packs(folder, data):
    names = sorted(path.name for path in (folder / "pack").glob("*.yaml"))
    path = folder / "pack" / data.draw(st.sampled_from(names))
    good = path.read_bytes()
    try:
        path.write_bytes(data.draw(bad_yaml(good.decode())))
        code, out, err = call("pack", "validate", folder / "pack")
        told("pack", code, out, err)
        assert code == 2
    finally:
        path.write_bytes(good)


@many("suite")
@given(data=st.data())
def test_suites(folder, data):
    text = write(folder, suite(ACCEPTED)).read_text()
    path = put(folder / "bad-suite.yaml", data.draw(bad_yaml(text)))
    code, out, err = call("run", path, "--out", folder / "run", "--jobs", "1")
    told("suite", code, out, err)
    assert code == 2


@many("expected")
@given(octets=bad_yaml(EXPECTED))
def test_expectations(folder, octets):
    path = put(folder / "bad-expected.yaml", octets)
    code, out, err = call("check", folder / "log.parquet", "--pack", PACK, "--expected", path)
    told("expected", code, out, err)
    assert code == 2


@many("bare")
@given(
    octets=st.binary(max_size=80),
    suffix=st.sampled_from(["csv", "jsonl", "xes", "xes.gz", "json", "sqlite", "parquet", "txt"]),
)
def test_any_octets_without_a_mapping(folder, octets, suffix):
    log = put(folder / f"any.{suffix}", octets)
    told("bare", *call("check", log, "--pack", PACK, "--out", folder / "checked"))
    code, _, err = call("map", log, "--pack", PACK)
    assert code == 2, err
    assert not (folder / "checked").exists()


def test_two_thousand_files_were_tried(capsys):
    total = sum(SEEN[kind] for kind in PLANNED)
    kinds = ", ".join(f"{SEEN[kind]} {kind}" for kind in PLANNED)
    with capsys.disabled():
        sys.stdout.write(f"\nmalformed files: {total} ({kinds})")
        sys.stdout.write(f"; refused {SEEN['refused']}, with rejects {SEEN['rejects']}\n")
    assert {kind: SEEN[kind] for kind in PLANNED} == PLANNED
    assert total >= 2_000

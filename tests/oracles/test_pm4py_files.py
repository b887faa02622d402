"""Agreement with PM4Py on files: it reads back what our writers write, and a real log reads the same."""

import json
import os
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from conformance.alignment import Process, explain_route
from conformance.cases import group_cases
from conformance.context import Graph
from conformance.log_file import read_log, write_log
from conformance.logs.convert import convert
from conformance.logs.intake import take_in
from conformance.logs.mapping import read_mapping
from conformance.logs.readers import read_records
from conformance.variants import variants_of
from tests.conformance.fragments import CONTEXT, TEN, row
from tests.oracles.process_logs import generated
from tests.oracles.test_pm4py import GRAPHS, ROOT, ask, graph_of

PORTAL = GRAPHS["S1", "portal"]
LIMIT_S = 24 * 3600
MAPPING = """
columns: {case_id: "case:concept:name", activity: "concept:name", completed: "time:timestamp"}
constants: {service: receipt, path: receipt, unit: municipality}
time: {resolution: 1ms}
"""


def own_rows():
    """Rows with every kind of letter, with microseconds, and one that has not ended."""
    rows = generated(PORTAL, "portal", 60, 7)
    rows += [row("P1", TEN, TEN + 1, case_id='<"ё&'), row("P3", TEN, TEN + 999_999, case_id='<"ё&')]
    return [msgspec.structs.replace(r, case_id=r.case_id.replace("portal", "қызмет")) for r in rows]


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.json", "log.sqlite"])
def test_what_we_write_reads_back_with_the_same_counts_and_times(name, tmp_path, record_property):
    rows = own_rows()
    write_log(rows, tmp_path / "log.parquet")
    convert(tmp_path / "log.parquet", tmp_path / name, None, None)
    answers = ask(tmp_path, {"logs": {"back": {"file": str(tmp_path / name)}}})
    prefix = "application:" if name.endswith((".json", ".sqlite")) else ""
    ours = sorted([prefix + r.case_id, r.completed_us, r.step] for r in rows)
    assert sorted([case, us, step] for case, step, us in answers["logs"]["back"]["events"]) == ours
    record_property("heard", f"{name}: {len(ours)} events read back (PM4Py {answers['version']})")


def receipt():
    """The place of the receipt log: beside the repository or where REGLAMENT_LOGS says."""
    named = os.environ.get("REGLAMENT_LOGS")
    folders = [Path(named)] if named else [parent / "shared" / "logs" for parent in ROOT.parents]
    found = [folder / "coselog_receipt.xes.gz" for folder in folders]
    return next((path for path in found if path.is_file()), None)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The receipt log as rows of ours."""
    path, folder = receipt(), tmp_path_factory.mktemp("receipt")
    if path is None:
        pytest.skip("no coselog_receipt.xes.gz: REGLAMENT_LOGS names no folder with it")
    names = sorted({str(one.values["concept:name"]) for one in read_records(path, "xes", None)})
    activities = json.dumps({name: name for name in names})
    (folder / "mapping.yaml").write_text(f"{MAPPING}activities: {activities}\n", encoding="utf-8")
    take_in(path, read_mapping(folder / "mapping.yaml"), None, folder / "log.parquet")
    return read_log(folder / "log.parquet")


@pytest.fixture(scope="module")
def routes(log):
    """Its routes with their numbers; ties stand in the order of their names, as PM4Py is given them."""
    found = variants_of(group_cases(log, frozenset()), replace(CONTEXT, first_day=date(2000, 1, 1)))
    assert found.outside == 0
    counts = Counter()
    for variant in found.variants:
        counts[tuple(step for group in variant.path.groups for step in group)] += variant.cases
    return counts


@pytest.fixture(scope="module")
def usual(routes):
    """A process made of what often follows what, so that many routes leave it."""
    follows, first, last = Counter(), Counter(), Counter()
    for route, n in routes.items():
        first[route[0]] += n
        last[route[-1]] += n
        for pair in pairwise(route):
            follows[pair] += n
    after = {}
    for (one, other), n in sorted(follows.items()):
        if n >= 20:
            after.setdefault(one, []).append(other)
    often = (frozenset(step for step, n in some.items() if n >= 20) for some in (first, last))
    return Graph({step: tuple(others) for step, others in after.items()}, *often)


@pytest.fixture(scope="module")
def heard(usual, tmp_path_factory):
    """What PM4Py says of the log, which it reads by itself."""
    question = {"file": str(receipt()), "graph": graph_of(usual), "limit_s": LIMIT_S}
    return ask(tmp_path_factory.mktemp("pm4py"), {"logs": {"receipt": question}})["logs"]["receipt"]


def test_the_receipt_log_reads_the_same(log, heard):
    assert len(log) == 8577
    assert sorted(heard["events"]) == sorted([r.case_id, r.step, r.completed_us] for r in log)


def test_the_receipt_log_has_the_same_routes(routes, heard, record_property):
    assert sorted([list(route), n] for route, n in routes.items()) == heard["variants"]
    record_property("heard", f"receipt log: {len(routes)} routes of {routes.total()} cases")


def test_every_route_of_the_receipt_log_has_the_same_cost(routes, usual, heard, record_property):
    process = Process(usual)
    unfit = 0
    for answer in heard["alignments"]:
        ours = explain_route(answer["route"], process)
        assert (ours.cost, ours.worst) == (answer["cost"], answer["worst"]), answer["route"]
        unfit += routes[tuple(answer["route"])] if ours.cost else 0
    record_property("heard", f"receipt log: {unfit} cases leave the usual process, the same for both")
    assert 0 < unfit < routes.total()


def test_the_gaps_over_a_day_are_the_same_pairs(log, heard, record_property):
    ours = []
    by_case = {}
    for r in log:
        by_case.setdefault(r.case_id, []).append(r)
    for case, rows in by_case.items():
        for i, one in enumerate(rows):
            late = (r for r in rows[i + 1 :] if r.completed_us - one.completed_us > LIMIT_S * 1_000_000)
            ours += [[case, one.step, r.step] for r in late]
    assert sorted(ours) == heard["deviations"]
    record_property("heard", f"receipt log: {len(ours)} pairs over a day apart")

"""Agreement with PM4Py on shared logs: routes, what follows what, costs, fitness, unfit cases, gaps."""

import json
import math
import os
import subprocess
from collections import Counter
from itertools import combinations, pairwise, permutations
from pathlib import Path

import pytest

from conformance.alignment import Process, explain_route, fits
from conformance.cases import group_cases
from conformance.context import context_of
from conformance.flow import flow_of_cases
from conformance.norm_checks import check_case
from conformance.norms import Follows, Lag
from conformance.pack import load_pack
from conformance.variants import variants_of
from tests.conformance.fragments import CONTEXT, ENDINGS, TITLE
from tests.oracles.process_logs import generated, random_graph, random_routes

ROOT = Path(__file__).parent.parent.parent
PYTHON = Path(os.environ.get("REGLAMENT_PM4PY", ROOT / ".venv-pm4py" / "bin" / "python"))
SCRIPT = Path(__file__).with_name("pm4py_process.py")
LIMIT_S = 40
WHOLE = context_of(load_pack("astana-106-1923"), (), None)
GRAPHS = WHOLE.graphs
RANDOM = {f"random-{seed}": random_graph(seed) for seed in range(30)}
LOGS = {
    "portal": (GRAPHS["S1", "portal"], generated(GRAPHS["S1", "portal"], "portal", 600, 1)),
    "provider": (GRAPHS["S1", "provider"], generated(GRAPHS["S1", "provider"], "provider", 400, 2)),
    **{
        name: (graph, random_routes(seed, 25))
        for seed, (name, graph) in enumerate(RANDOM.items())
        if Process(graph).shortest is not None
    },
}
CONTEXT_OF = {path: context_of(load_pack("astana-106-1923"), (), None) for path in ("portal", "provider")}
every_log = pytest.mark.parametrize("name", LOGS)


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """What PM4Py says, asked once."""
    questions = {
        name: {"events": events_of(rows), "graph": graph_of(graph), "limit_s": LIMIT_S}
        for name, (graph, rows) in LOGS.items()
    }
    return ask(tmp_path_factory.mktemp("pm4py"), {"logs": questions})


def ask(folder, questions):
    if not PYTHON.exists():
        pytest.skip("PM4Py is not here: `make test-pm4py` sets up an environment of its own for it")
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [PYTHON, "-I", SCRIPT, folder / "questions.json", folder / "answers.json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads((folder / "answers.json").read_text(encoding="utf-8"))


def events_of(rows):
    return [[r.case_id, r.step, r.completed_us] for r in rows]


def graph_of(graph):
    return {
        "successors": graph.successors,
        "starts": sorted(graph.starts),
        "endings": sorted(graph.endings),
    }


def routes_of(rows):
    """Our routes with their numbers; ties stand in the order of their names, as PM4Py is given them."""
    found = variants_of(group_cases(rows, ENDINGS), CONTEXT)
    assert found.outside == 0
    counts = Counter()
    for variant in found.variants:
        counts[tuple(step for group in variant.path.groups for step in group)] += variant.cases
    return counts


@every_log
def test_the_routes_and_their_numbers_are_the_same(heard, name, record_property):
    ours = routes_of(LOGS[name][1])
    assert sorted([list(route), n] for route, n in ours.items()) == heard["logs"][name]["variants"]
    record_property("heard", f"{name}: {len(ours)} routes of {ours.total()} cases (PM4Py {heard['version']})")


@every_log
def test_what_follows_what_is_the_same(heard, name):
    pairs = Counter()
    for route, n in routes_of(LOGS[name][1]).items():
        for pair in pairwise(route):
            pairs[pair] += n
    assert sorted([*pair, n] for pair, n in pairs.items()) == heard["logs"][name]["follows"]


@every_log
def test_every_route_has_the_same_cost_and_fitness(heard, name):
    process = Process(LOGS[name][0])
    theirs = heard["logs"][name]["alignments"]
    assert len(theirs) == len(routes_of(LOGS[name][1]))
    for answer in theirs:
        ours = explain_route(answer["route"], process)
        assert (ours.cost, ours.worst) == (answer["cost"], answer["worst"]), answer["route"]
        assert math.isclose(ours.fitness, answer["fitness"], abs_tol=1e-12), answer["route"]


@every_log
def test_the_same_routes_are_unfit_by_alignment_and_by_replay(heard, name):
    """Replay leaves out steps that its net does not know, and so calls such routes fit: alignments do not."""
    process = Process(LOGS[name][0])
    for answer in heard["logs"][name]["alignments"]:
        fit = fits(answer["route"], process)
        assert fit == (answer["cost"] == 0), answer["route"]
        known = [step for step in answer["route"] if step in process.states]
        assert fits(known, process) == answer["replay_fits"], answer["route"]


@pytest.mark.parametrize("name", ["portal", "provider"])
def test_the_fitness_of_a_log_of_ended_cases_is_the_same(name, tmp_path):
    graph, rows = LOGS[name]
    ended = {r.case_id for r in rows if r.step in graph.endings}
    rows = [r for r in rows if r.case_id in ended]
    asked = {"logs": {"ended": {"events": events_of(rows), "graph": graph_of(graph)}}}
    theirs = ask(tmp_path, asked)["logs"]["ended"]["log_fitness"]
    ours = flow_of_cases(group_cases(rows, ENDINGS), WHOLE)
    assert ours.order_not_certain == ours.unexplained == 0
    assert math.isclose(
        ours.fitness, theirs, abs_tol=1e-3
    )  # PM4Py counts its silent transitions, 1 in 10,000


@every_log
def test_the_gaps_over_a_limit_are_the_same_pairs(heard, name):
    ours = []
    for case in group_cases(LOGS[name][1], ENDINGS):
        for one, other in combinations(case.events, 2):
            if other.row.completed_us - one.row.completed_us > LIMIT_S * 1_000_000:
                ours.append([case.case_id, one.step, other.step])
    assert sorted(ours) == heard["logs"][name]["deviations"]


@pytest.mark.parametrize("name", ["portal", "provider"])
def test_the_norm_of_a_lag_fails_the_cases_whose_gap_is_over_the_limit(heard, name, record_property):
    """Where both steps happen once: PM4Py takes every pair, the norm the next step after each first."""
    theirs = {tuple(found) for found in heard["logs"][name]["deviations"]}
    graph, rows = LOGS[name]
    judged = 0
    for case in group_cases(rows, ENDINGS):
        known = [step for step in case.by_step if step in graph.successors]
        once = [step for step in known if len(case.by_step[step]) == 1]
        for first, step in permutations(once, 2):
            answer = check_case(lag(name, first, step), case, CONTEXT, None)
            late = (case.case_id, first, step) in theirs
            assert (answer.verdict == "fail") == late, (case.case_id, answer)
            judged += answer.verdict in {"pass", "fail"}
    assert judged > 1000
    record_property("heard", f"{name}: {judged} lags judged, as PM4Py's temporal profile has them")


def lag(path, first, step):
    return Lag(
        id="S1.lag",
        rule="R",
        clause="S1/1",
        title=TITLE,
        services=("S1",),
        path=path,
        first=first,
        step=step,
        follows=Follows.EVENTUALLY,
        max_s=LIMIT_S,
    )

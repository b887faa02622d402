"""Ask PM4Py, in a process of its own: a file of questions in, a file of answers out.

PM4Py is under the AGPL. So it is never a dependency and nothing imports it but this script, which the
interpreter of an environment of its own runs: ``python pm4py_process.py QUESTIONS.json ANSWERS.json``.

A log is a list of ``[case, step, end in microseconds]``. Whatever is asked, its rows are first sorted by
case, end and step: PM4Py once took the order of the file for the order of the events (its issue 546). A
column named ``start_timestamp`` is never there: with it, gaps would silently end where the second event
starts.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import pm4py
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

CASE, STEP, END = "case:concept:name", "concept:name", "time:timestamp"
MOVE = 10_000
"""What PM4Py charges for a move; a silent transition costs 1, and thousands of them would make one move."""


def frame_in(path):
    """Read a XES or OCEL 2.0 file by PM4Py's own reader; of the objects, applications are the cases."""
    if path.endswith((".xes", ".xes.gz")):
        frame = pm4py.read_xes(path)[[CASE, STEP, END]]
    else:
        read = pm4py.read_ocel2_sqlite if path.endswith(".sqlite") else pm4py.read_ocel2_json
        related = read(path).relations
        related = related[related["ocel:type"] == "application"]
        frame = related[["ocel:oid", "ocel:activity", "ocel:timestamp"]]
        frame = frame.set_axis([CASE, STEP, END], axis="columns")
    return frame.sort_values([CASE, END, STEP], kind="stable").reset_index(drop=True)


def events_of(frame):
    moments = (frame[END] - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(1, "us")
    return [list(event) for event in zip(frame[CASE], frame[STEP], map(int, moments), strict=True)]


def frame_of(events):
    frame = pd.DataFrame(events, columns=[CASE, STEP, END]).sort_values([CASE, END, STEP], kind="stable")
    frame[END] = pd.to_datetime(frame[END], unit="us", utc=True)
    return frame.reset_index(drop=True)


def net_of(graph):
    """Return the graph as a net: a step is a transition from its own place "in" to its own place "out"."""
    net = PetriNet("process")
    places = {}

    def place(name):
        if name not in places:
            places[name] = PetriNet.Place(name)
            net.places.add(places[name])
        return places[name]

    def transition(name, label, source, target):
        made = PetriNet.Transition(name, label)
        net.transitions.add(made)
        add_arc_from_to(source, made, net)
        add_arc_from_to(made, target, net)

    after = graph["successors"]
    steps = sorted(
        {*after, *graph["starts"], *graph["endings"], *(s for some in after.values() for s in some)}
    )
    for step in steps:
        transition(step, step, place(f"in {step}"), place(f"out {step}"))
        for other in after.get(step, ()):
            transition(f"{step} to {other}", None, place(f"out {step}"), place(f"in {other}"))
    for step in graph["starts"]:
        transition(f"begin {step}", None, place("begin"), place(f"in {step}"))
    for step in graph["endings"]:
        transition(f"end {step}", None, place(f"out {step}"), place("end"))
    return net, Marking({place("begin"): 1}), Marking({place("end"): 1})


def variants_of(frame):
    return [[list(route), n] for route, n in sorted(pm4py.get_variants(frame).items())]


def alignments_of(frame, graph):
    """Align every route once; return costs in moves, what replay finds unfit, and PM4Py's own summary."""
    net = net_of(graph)
    routes = sorted(pm4py.get_variants(frame))
    events = [
        [f"{n:06}", step, i * 1_000_000] for n, route in enumerate(routes) for i, step in enumerate(route)
    ]
    each = frame_of(events)
    aligned = pm4py.conformance_diagnostics_alignments(each, *net)
    replayed = pm4py.conformance_diagnostics_token_based_replay(each, *net)
    return [
        {
            "route": list(route),
            "cost": int(one["cost"]) // MOVE,
            "worst": int(one["bwc"]) // MOVE,
            "fitness": one["fitness"],
            "replay_fits": bool(two["trace_is_fit"]),
        }
        for route, one, two in zip(routes, aligned, replayed, strict=True)
    ]


def deviations_of(frame, limit_s):
    """Return the gaps over *limit_s* between all pairs, the second eventually after the first.

    PM4Py knows no limit, only a mean and a deviation: half the limit each, and one deviation allowed.
    """
    steps = sorted(frame[STEP].unique())
    profile = {(one, other): (limit_s / 2, limit_s / 2) for one in steps for other in steps}
    found = pm4py.conformance_temporal_profile(frame, profile, zeta=1)
    cases = list(frame[CASE].unique())
    return sorted(
        [case, one, other] for case, some in zip(cases, found, strict=True) for one, other, *_ in some
    )


def log_answers(question):
    frame = frame_in(question["file"]) if "file" in question else frame_of(question["events"])
    follows, _, _ = pm4py.discover_dfg(frame)
    answers = {
        "events": events_of(frame),
        "variants": variants_of(frame),
        "follows": sorted([one, other, int(n)] for (one, other), n in follows.items()),
    }
    if question.get("graph"):
        answers["alignments"] = alignments_of(frame, question["graph"])
        net = net_of(question["graph"])
        answers["log_fitness"] = pm4py.fitness_alignments(frame, *net)["log_fitness"]
    if question.get("limit_s"):
        answers["deviations"] = deviations_of(frame, question["limit_s"])
    return answers


def main(questions, answers):
    asked = json.loads(Path(questions).read_text(encoding="utf-8"))
    found = {
        "version": pm4py.__version__,
        "logs": {name: log_answers(question) for name, question in asked.get("logs", {}).items()},
    }
    Path(answers).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

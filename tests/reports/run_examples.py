"""Scenarios, faults, time lines and routes of a run, made by hand."""

from typing import Any

import msgspec

from conformance.flow_results import FlowMove, FlowResults, FlowVariant
from conformance.results import (
    FaultResult,
    ScenarioResult,
    TimelineStep,
)
from tests.reports.example_words import HOME, MARKUP, SEC


def scenario(id_: str, status: str, **changes: Any) -> ScenarioResult:
    route = ("P1", "P3", "P5", "P6", "P8")
    base = ScenarioResult(
        id=id_,
        suite="doctor-home-call",
        title=f"A citizen calls a doctor, {id_}",
        service=HOME,
        path="portal",
        status=status,
        expected_route=route,
        got_route=route,
        expected_outcome="ok",
        got_outcome="ok",
        clauses=("S1/12(5)", "S1/T1.c6"),
        failures=(),
        replay=f"reglament run doctor-home-call --seed 7 --only {id_}",
        cases=(f"case-{id_}",),
    )
    return msgspec.structs.replace(base, **changes)


SCENARIOS = (
    scenario("happy", "passed", cases=("c0001",)),
    scenario(
        "wrong-password",
        "failed",
        got_route=("P1", "P3"),
        got_outcome=None,
        failures=("expected the route P1 P2, got P1 P3", f"the title holds {MARKUP} and \x1b[31ma bell\x07"),
        title=f"{MARKUP} \u202eright to left\u202c " + "long" * 60,
    ),
    scenario("crashed", "error", suite="edge", failures=("the station stopped",)),
    scenario("late", "not_run", suite="edge", got_route=(), got_outcome=None),
)


def fault(id_: str, status: str, **changes: Any) -> FaultResult:
    base = FaultResult(
        id=id_,
        suite="faults",
        title=f"Something is broken on purpose, {id_}",
        fault="number_given_twice",
        norm="S1.P6.limit",
        clause="S1/T1.c6",
        caught=True,
        control_passed=True,
        status=status,
        failures=(),
        replay=f"reglament run faults --seed 7 --only {id_}",
    )
    return msgspec.structs.replace(base, **changes)


FAULTS = (
    fault("slow-register", "passed"),
    fault("number-twice", "failed", caught=False, failures=("the norm passed",)),
    fault("no-signature", "failed", control_passed=False),
    fault("claims-to-pass", "passed", caught=False),
)
NOON = 1_362_376_800 * SEC  # 4 March 2013, 06:00 UTC
TIMELINES = {
    "c9000": (
        TimelineStep(step="P1", unit="citizen", enabled_us=NOON, completed_us=NOON + 31 * SEC, outcome="ok"),
    ),
    "c0001": (
        TimelineStep(
            step="P1", unit="citizen", enabled_us=NOON, completed_us=NOON + 31_250_000, outcome="ok"
        ),
        TimelineStep(step="P5", unit="gateway", enabled_us=None, completed_us=NOON + 60 * SEC, outcome="ok"),
        TimelineStep(
            step="P6", unit="somebody else", enabled_us=NOON + 60 * SEC, completed_us=None, outcome=None
        ),
    ),
}


def variant(*moves: str, cases: int, status: str = "differs", **changes: Any) -> FlowVariant:
    """Make a variant of moves as texts, such as ``skipped P6``; what fits is a step alone."""
    told = [move.split() if " " in move else ["fits", move] for move in moves]
    steps = [step for kind, *of in told if kind != "skipped" for step in of]
    base = FlowVariant(
        service="S1",
        path="portal",
        route=tuple((step,) for step in steps),
        status=status,
        why=None,
        ended=True,
        cases=cases,
        examples=("c0001", "c0002"),
        cost=len(told) - sum(kind == "fits" for kind, *_ in told),
        worst=7,
        moves=tuple(FlowMove(kind=kind, steps=tuple(of)) for kind, *of in told)
        if status == "differs"
        else (),
    )
    return msgspec.structs.replace(base, **changes)


FLOW = FlowResults(
    cases=1220,
    fitting=1100,
    unfit=110,
    unexplained=1,
    order_not_certain=7,
    no_process=3,
    outside=14,
    cost=210,
    worst=8100,
    variants_total=70,
    variants_hidden=61,
    cases_hidden=72,
    variants=(
        variant("P1", "P3", "P5", "P6", "P8", cases=1100, status="fits", examples=("c0003",)),
        variant("P1", "P3", "swapped P6 P5", "P8", cases=30),
        variant("P1", "P3", "P5", "skipped P6", f"inserted {MARKUP.replace(' ', '_')}", "P8", cases=3),
        variant("P1", "repeated P1", "P3", "P5", "P6", "P8", "after_end P7", cases=2),
        variant("P1", "P5", "P6", "P7", cases=2),
        variant("P1", "inserted P4", "P3", cases=2, ended=False),
        variant(*["P1"] * 30, cases=1, status="too_long", cost=None, worst=None),
        variant(
            cases=7,
            status="order_not_certain",
            why="tie",
            route=(("P1",), ("P3", "P5")),
            cost=None,
            worst=None,
        ),
        variant(
            cases=3, status="order_not_certain", why="no_end", route=(("P1",), ("P3",)), cost=None, worst=None
        ),
    ),
)

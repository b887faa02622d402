"""Small logs for the judge's tests: rows with sensible defaults, cases, and a context without a pack."""

import json
from datetime import date

import msgspec

from conformance.calendar import WorkingCalendar, parse_local
from conformance.cases import group_cases
from conformance.context import Context, Graph, sharing, standing
from conformance.log import Row
from conformance.norm_checks import check_case
from conformance.regulation import Calendar, OpeningHours, Signer, Text

ZONE = "Asia/Almaty"
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TITLE = Text(en="a norm", ru="норма", kk="норма")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
ENDINGS = frozenset({"P2", "P4", "P7", "P8", "V4", "V7", "V8"})
PORTAL = {
    "P1": ("P2", "P3"),
    "P2": (),
    "P3": ("P4", "P5"),
    "P4": (),
    "P5": ("P6",),
    "P6": ("P7", "P8"),
    "P7": (),
    "P8": (),
}
STEPS = frozenset({"P0", *PORTAL, *(f"V{n}" for n in range(1, 9))})
HOURS = Calendar(
    id="provider-hours",
    hours=(
        OpeningHours(days=WEEK, opens="08:00", closes="20:00"),
        OpeningHours(days=("saturday",), opens="09:00", closes="14:00"),
    ),
)
CONTEXT = Context(
    first_day=date(2013, 2, 18),
    until=date(2014, 8, 29),
    zone=ZONE,
    steps=STEPS,
    graphs={("S1", "portal"): Graph(PORTAL, frozenset({"P0", "P1"}), frozenset({"P2", "P4", "P7", "P8"}))},
    calendars={"provider-hours": WorkingCalendar(HOURS, ZONE)},
    signers={"portal": Signer.CONSUMER, "provider": Signer.PROVIDER},
)


COMMON = {"id": "n", "rule": "R", "clause": "S1/1", "title": TITLE, "services": ("S1",), "path": "portal"}


def norm(kind, **values):
    """Return a norm of this kind with these parameters."""
    return kind(**(COMMON | values))


def changed(rows, step, **changes):
    """Return *rows* with these changes in every row of *step*."""
    return [msgspec.structs.replace(r, **changes) if r.step == step else r for r in rows]


def at(text):
    """Return the moment of a local time; a time alone is on Wednesday 15 May 2013."""
    return parse_local(text if "-" in text else f"2013-05-15T{text}", ZONE)


TEN = at("10:00")
WHOLE = ("P1", "P3", "P5", "P6", "P8")
"""The steps of a request through the portal that is granted."""


def row(step, enabled_us=TEN, completed_us=TEN + 10 * SECOND, *, attributes=(), **changes):
    """Return one row; *attributes* is a dictionary, or None for a source that delivers none."""
    values = {
        "case_id": "c1",
        "service": "S1",
        "path": "portal" if step[0] != "V" else "provider",
        "step": step,
        "unit": "portal",
        "resource": None,
        "enabled_us": enabled_us,
        "started_us": None,
        "completed_us": completed_us,
        "resolution_us": 1,
        "outcome": "ok",
        "request_number": None,
        "attributes": None if attributes is None else json.dumps(dict(attributes), ensure_ascii=False),
    }
    return Row(**(values | changes))


def route(*steps, start_us=TEN, each_us=10 * SECOND, outcomes=(), **changes):
    """Return one row a step, each enabled when the one before ended."""
    outcomes = dict(outcomes)
    rows = []
    for i, step in enumerate(steps):
        begin = start_us + i * each_us
        rows.append(row(step, begin, begin + each_us, outcome=outcomes.get(step, "ok"), **changes))
    return rows


def answer(norm, *rows, context=CONTEXT, case_id="c1"):
    """Return what the judge says of the case *case_id* by *norm*."""
    cases = group_cases(rows, ENDINGS)
    shared = sharing(context, [norm], cases)
    case = next(case for case in cases if case.case_id == case_id)
    return check_case(norm, case, shared, standing(case, shared))


def reason(norm, *rows, **options):
    """Return the reason in a word, ``pass`` for a pass."""
    given = answer(norm, *rows, **options)
    return given.reason.value if given.reason else given.verdict.value

"""Norms of every kind, with every kind of demand, drawn at random over the steps of one pack."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from conformance.norm_entry import Demand, Force, NormStatus, Reading
from conformance.norms import (
    Absence,
    ActorField,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Existence,
    Follows,
    Lag,
    Moment,
    MomentOrder,
    NextStep,
    Percentile,
    Precedence,
    Response,
    SameLocalDay,
    SameValue,
    SeparationOfActors,
    StepDuration,
    Unique,
)
from tests.conformance.fragments import TITLE

STEPS = {"portal": ("P0", "P1", "P3", "P5", "P6", "P7", "P8"), "provider": ("V1", "V3", "V5", "V6", "V8")}
FIELDS = st.sampled_from(
    ["attributes.slot", "attributes.reason", "request_number", "outcome", "resource", "attributes.provider"]
)
LIMITS = st.sampled_from([1, 15, 30, 60, 90, 3600, 86_400])
CONDITIONS = st.sampled_from(
    [
        None,
        None,
        "outcome = 'ok'",
        "attributes.slot is not null and not outcome in ('REFUSED', ' ')",
        "attributes.reason = 1 or request_number = '1'",
        "resolution_us >= 1000000",
    ]
)
MOMENTS = st.sampled_from(["journal_entry_us", "oral_answer_us"])


class _Draw(NamedTuple):
    """What every kind may draw from: common fields, those with readings of a limit, and steps of one path."""

    draw: Any
    c: dict[str, Any]
    t: dict[str, Any]
    limit: int
    one: st.SearchStrategy[str]
    many: st.SearchStrategy[tuple[str, ...]]

    def step(self):
        return self.draw(self.one)

    def steps(self):
        return self.draw(self.many)


@st.composite
def norms(draw, number):
    """Draw one norm; its clause and service are those of the pack, everything else is not."""
    service = draw(st.sampled_from(["S1", "S2"]))
    path = draw(st.sampled_from(["portal", "provider"]))
    step = st.sampled_from(STEPS[path])
    steps = st.lists(step, min_size=1, max_size=3, unique=True).map(tuple)
    status = draw(
        st.sampled_from([NormStatus.AGREED, NormStatus.AGREED, NormStatus.ASSUMED, NormStatus.DISPUTED])
    )
    rate = draw(st.booleans())
    common = {
        "id": f"n{number}",
        "rule": "R-00",
        "clause": f"{service}/12" if path == "portal" else f"{service}/13",
        "title": TITLE,
        "services": (service,),
        "path": path,
        "status": status,
        "demand": Demand.RATE if rate else Demand.ABSOLUTE,
        "target": draw(st.sampled_from([0.5, 0.95])) if rate else None,
        "applies_when": draw(CONDITIONS),
        "in_force": draw(st.sampled_from([None, None, Force(first="2013-05-16"), Force(until="2013-05-16")])),
    }
    limit, other = draw(LIMITS), draw(LIMITS)
    readings = tuple(
        Reading(id=name, note=TITLE, default=name == "one", changes={"max_s": value})
        for name, value in (("one", limit), ("two", other))
    )
    timed = common | ({"readings": readings} if draw(st.booleans()) else {})
    kind = draw(st.sampled_from(sorted(_KINDS)))
    return _KINDS[kind](_Draw(draw, common, timed, limit, step, steps))


_KINDS = {
    "absence": lambda d: Absence(**d.c, steps=d.steps()),
    "availability": lambda d: AvailabilityWindow(
        **(d.c | {"demand": Demand.RATE}),
        steps=d.steps(),
        unavailable=("REFUSED",),
        calendar=d.draw(st.sampled_from([None, "provider-hours"])),
    ),
    "case": lambda d: CaseDuration(
        **d.t, max_s=d.limit, begins=d.draw(st.sampled_from(Moment)), as_recorded=d.draw(st.booleans())
    ),
    "contains": lambda d: Contains(**d.c, steps=d.steps(), field="attributes.status_screen", items=("iin",)),
    "count": lambda d: Count(**d.c, steps=d.steps(), least=d.draw(st.integers(0, 1)), most=1),
    "cutoff": lambda d: CalendarCutoff(
        **d.c, step=d.step(), calendar="provider-hours", before_closing_s=7200
    ),
    "duration": lambda d: StepDuration(
        **d.t, step=d.step(), max_s=d.limit, min_s=1, min_binds=d.draw(st.booleans())
    ),
    "existence": lambda d: Existence(
        **d.c, steps=d.steps(), field=d.draw(FIELDS), equals=d.draw(st.sampled_from([None, "a", True, "ok"]))
    ),
    "lag": lambda d: Lag(
        **d.t,
        first=d.step(),
        step=d.step(),
        follows=d.draw(st.sampled_from(Follows)),
        max_s=d.limit,
        begins=d.draw(st.sampled_from(Moment)),
        ends=d.draw(st.sampled_from(Moment)),
    ),
    "moments": lambda d: MomentOrder(
        **d.c, first="journal_entry_us", then="oral_answer_us", step=d.draw(st.none() | d.one)
    ),
    "next": lambda d: NextStep(**d.c, step=d.step(), allowed=d.steps()),
    "percentile": lambda d: Percentile(
        **(d.t | {"demand": Demand.RATE, "target": None}),
        percentile=95,
        max_s=d.limit,
        step=d.draw(st.none() | d.one),
    ),
    "precedence": lambda d: Precedence(**d.c, first=d.step(), step=d.step()),
    "response": lambda d: Response(**d.c, first=d.step(), to=d.steps()),
    "same_day": lambda d: SameLocalDay(
        **d.c,
        start=d.draw(st.none() | d.one),
        to=d.draw(st.just(()) | d.many),
        calendar=d.draw(st.sampled_from([None, "provider-hours"])),
        before_closing_s=7200,
        as_recorded=d.draw(st.booleans()),
    ),
    "same_value": lambda d: SameValue(**d.c, first=d.step(), step=d.step(), field=d.draw(FIELDS)),
    "separation": lambda d: SeparationOfActors(
        **d.c, first=d.step(), step=d.step(), field=d.draw(st.sampled_from(ActorField))
    ),
    "unique": lambda d: Unique(
        **d.c,
        steps=d.steps(),
        field=d.draw(FIELDS),
        within=d.draw(st.sampled_from(["unit", "attributes.provider"])),
    ),
}
"""How to draw the own fields of each kind; of cases and documents only what a log alone can show."""


@st.composite
def norm_lists(draw):
    """Draw a few norms."""
    return tuple(draw(norms(number)) for number in range(draw(st.integers(3, 8))))

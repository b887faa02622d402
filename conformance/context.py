"""What a norm may look at besides its case: the act's life, its graph, calendars, documents, other cases."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from conformance.answers import Answer, because
from conformance.calendar import WorkingCalendar, local_time, parse_day
from conformance.cases import Case, Event
from conformance.log import STEP
from conformance.norms import Norm, Unique
from conformance.pack import Pack
from conformance.regulation import Flow, Signer
from conformance.saved_documents import DocumentStore
from conformance.verdicts import Reason

Route = tuple[str, str]
"""A service and a path."""
Shared = Mapping[tuple[str, str], "Holders"]
"""Who holds a value, by the place within which it is unique and the value."""
SharedKey = tuple[tuple[str, ...], str, str]
"""Services, field and place of a uniqueness norm."""

SurveyKey = tuple[str, str]
"""A service's id and a question's id."""

MAX_CASE_ROWS = 500
"""More rows than that are no request of one citizen but a wrong case id."""
_DOUBT = timedelta(days=1)
LOST_DOUBT = timedelta(days=31)
"""By how much earlier a case may have begun than its rows say, where its first row may be missing."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The cases that hold one value: how many, and the two smallest ids, enough to name another one."""

    count: int
    first: tuple[str, ...]

    def others(self, case_id: str) -> tuple[int, str]:
        """Return how many cases besides *case_id*, one of them, hold the value, and the first of those."""
        return self.count - 1, next((other for other in self.first if other != case_id), "")


@dataclass(frozen=True, slots=True)
class Graph:
    """The process of one service and path: its successors, where it may begin, where it ends."""

    successors: Mapping[str, tuple[str, ...]]
    starts: frozenset[str]
    endings: frozenset[str]

    @property
    def steps(self) -> frozenset[str]:
        """Return every step of the process."""
        return self.starts | self.endings | self.successors.keys()

    def without(self, hidden: frozenset[str]) -> "Graph":
        """Return the process as it looks to whoever never sees the *hidden* steps."""
        if self.steps.isdisjoint(hidden):
            return self
        seen = self.steps - hidden
        return Graph(
            successors={step: tuple(sorted(self._seen_after((step,), hidden))) for step in seen},
            starts=(self.starts & seen) | self._seen_after(self.starts & hidden, hidden),
            endings=frozenset(step for step in seen if self._may_end(step, hidden)),
        )

    def _seen_after(self, steps: Iterable[str], hidden: frozenset[str]) -> frozenset[str]:
        """Return the steps that can come next after *steps* with nothing but *hidden* ones between."""
        return frozenset(self._next_steps(steps, hidden)) - hidden

    def _may_end(self, step: str, hidden: frozenset[str]) -> bool:
        return not self.endings.isdisjoint({step, *(self._next_steps((step,), hidden) & hidden)})

    def _next_steps(self, steps: Iterable[str], through: frozenset[str]) -> set[str]:
        """Return what follows *steps* directly, and what follows those of *through* among that, and so on."""
        found: set[str] = set()
        waiting = [after for step in steps for after in self.successors.get(step, ())]
        while waiting:
            step = waiting.pop()
            if step not in found:
                found.add(step)
                waiting.extend(self.successors.get(step, ()) if step in through else ())
        return found

    def reachable(self, steps: Iterable[str]) -> frozenset[str]:
        """Return the steps that may still come after *steps*."""
        return frozenset(self._next_steps(steps, self.steps))


@dataclass(frozen=True, slots=True)
class SurveyCounts:
    """How often each grade of a question was given, the lowest grade first, and how many gave no answer."""

    grades: tuple[int, ...]
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of all cases of one log.

    *clock_error_us* is the stated error of one reading of the log's clocks, *extracted_us* the moment at
    which the log was taken from its system, if that is known; *surveys* holds the answers to the pack's
    questions, where a survey was given. *delivered* names the columns, and as ``attributes.NAME`` the
    attributes, that the log's source can say anything of; None if nobody said so: then all of them.
    *undelivered_steps* are steps of the pack that it never tells of, *damaged* the cases of which a record
    was rejected.
    """

    first_day: date
    until: date | None
    zone: str
    steps: frozenset[str]
    graphs: Mapping[Route, Graph]
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    documents: DocumentStore | None = None
    surveys: Mapping[SurveyKey, SurveyCounts] = field(default_factory=dict)
    clock_error_us: int = 0
    extracted_us: int | None = None
    delivered: frozenset[str] | None = None
    undelivered_steps: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    signers: Mapping[str, Signer | None] = field(default_factory=dict)
    folders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shared: Mapping[SharedKey, Shared] = field(default_factory=dict)

    def hides(self, graph: Graph) -> bool:
        """Tell whether the log's source never tells of some step of *graph*."""
        return not graph.steps.isdisjoint(self.undelivered_steps)


def context_of(  # noqa: PLR0913, PLR0917 - what may stand beside a log
    pack: Pack,
    cases: Iterable[Case],
    documents: DocumentStore | None,
    surveys: Mapping[SurveyKey, SurveyCounts] | None = None,
    clock_error_us: int = 0,
    extracted_us: int | None = None,
    delivered: frozenset[str] | None = None,
    damaged: frozenset[str] = frozenset(),
) -> Context:
    """Return the surroundings that *pack*, the log's *cases*, the saved *documents* and *surveys* make."""
    context = replace(
        surroundings(pack, documents, surveys, clock_error_us, extracted_us, delivered, damaged),
        folders=_folders_of(cases),
    )
    return sharing(context, pack.norms, cases)


def surroundings(  # noqa: PLR0913, PLR0917 - what may stand beside a log
    pack: Pack,
    documents: DocumentStore | None,
    surveys: Mapping[SurveyKey, SurveyCounts] | None = None,
    clock_error_us: int = 0,
    extracted_us: int | None = None,
    delivered: frozenset[str] | None = None,
    damaged: frozenset[str] = frozenset(),
) -> Context:
    """Return what stands beside a log, without what its cases share."""
    steps = frozenset(step.code for step in pack.steps)
    return Context(
        first_day=parse_day(pack.act.in_force.first),
        until=parse_day(pack.act.in_force.until) if pack.act.in_force.until else None,
        zone=pack.act.zone,
        steps=steps,
        graphs=graphs_of(pack),
        calendars={c.id: WorkingCalendar(c, pack.act.zone) for c in pack.calendars},
        documents=documents,
        surveys=surveys or {},
        clock_error_us=clock_error_us,
        extracted_us=extracted_us,
        delivered=delivered,
        undelivered_steps=undelivered_steps(steps, delivered),
        damaged=damaged,
        codes={service.id: service.code for service in pack.services},
        signers={path.id: path.signed_by for path in pack.paths},
    )


def sharing(context: Context, norms: Iterable[Norm], cases: Iterable[Case]) -> Context:
    """Return *context* with the values that norms of uniqueness compare across *cases*.

    Norms of one field within one place compare with one another: a slot given on one path is taken on both.
    """
    judged = [case for case in cases if _counts(standing(case, context))]
    steps: dict[SharedKey, set[str]] = {}
    for norm in norms:
        if isinstance(norm, Unique):
            steps.setdefault(shared_key(norm), set()).update(norm.steps)
    shared = {key: _shared_values(key, held, judged) for key, held in steps.items()}
    return replace(context, shared=shared)


def shared_key(norm: Unique) -> SharedKey:
    """Return what *norm* compares: the same for norms that compare with one another."""
    return norm.services, norm.field, norm.within


def standing(case: Case, context: Context) -> Answer | None:
    """Return why no norm can judge *case*, or None: the act in force on the case's first day judges it.

    A case without its first moment may have begun a day earlier, and one that may lack rows a month earlier;
    near the ends of the act's life that leaves it open which law applied.
    """
    if case.mixed:
        return because(Reason.BAD_INPUT, "the rows of this case name several services or paths")
    length = len(case.events) if case.length is None else case.length
    if length > MAX_CASE_ROWS:
        return because(Reason.BAD_INPUT, f"{length} rows in one case, at most {MAX_CASE_ROWS}")
    return in_force(case, context, context.first_day, context.until, "the act")


def in_force(case: Case, context: Context, first: date, until: date | None, what: str) -> Answer | None:
    """Return why *what*, binding from *first* until before *until*, does not judge *case*, or None.

    What was in force on the case's first local day judges it.
    """
    rows = [event.row for event in case.events]
    moments = [us for row in rows for us in (row.enabled_us, row.completed_us) if us is not None]
    if not moments:
        return because(Reason.NO_DATA, "no row of this case has a moment")
    day = local_time(min(moments), context.zone).date()
    borders = (first,) if until is None else (first, until)
    near = f"begun about {day}, when the force of {what} began or ended"
    if may_lack_rows(case, context) and any(b <= day <= b + LOST_DOUBT for b in borders):
        return because(Reason.NO_DATA, f"{near}, and its first row may be missing")
    if any(row.enabled_us is None for row in rows) and any(b <= day <= b + _DOUBT for b in borders):
        return because(Reason.MISSING_START, near)
    if day < first or (until is not None and day >= until):
        return because(Reason.NOT_IN_FORCE, f"begun on {day}, when {what} was not in force")
    return None


def may_lack_rows(case: Case, context: Context) -> bool:
    """Tell whether *case* may have rows that the log does not show."""
    return bool(context.undelivered_steps) or case.case_id in context.damaged


def absence(case: Case, steps: Iterable[str], context: Context) -> Answer:
    """Return what it means that *case* has none of *steps*: another branch, or not yet."""
    wanted = tuple(steps)
    if not case.ended and may_still_come(case, wanted, context):
        return because(Reason.OPEN, f"the case is open and {' or '.join(wanted)} may still come")
    return because(Reason.OTHER_BRANCH, f"the case took a way without {' or '.join(wanted)}")


def may_still_come(case: Case, steps: Iterable[str], context: Context) -> bool:
    """Tell whether one of *steps* can follow what *case* has done so far, or may have done unseen."""
    graph = context.graphs.get((case.service, case.path))
    if graph is None or not context.steps.issuperset(case.by_step):
        return True
    done = context.undelivered_steps.union(case.by_step)
    return not graph.reachable(done).isdisjoint(steps)


def undelivered(name: str, context: Context) -> Answer | None:
    """Return that the log's source cannot say anything of *name*, or None if it can, or nobody said so."""
    if context.delivered is None or name in context.delivered:
        return None
    return because(Reason.NO_DATA, f"the source does not deliver {name.removeprefix('attributes.')}")


def undelivered_steps(steps: frozenset[str], delivered: frozenset[str] | None) -> frozenset[str]:
    """Return which of *steps* the source never tells of; none if what is *delivered* names no step at all."""
    told = {name.removeprefix(STEP) for name in delivered or () if name.startswith(STEP)}
    return steps - told if told else frozenset()


def unfinished(case: Case) -> Reason:
    """Return what it means that a row of *case* has no end: the case is open, or its end was lost."""
    return Reason.MISSING_END if case.ended else Reason.OPEN


def value_key(value: Any) -> str:
    """Return a text that is equal for equal JSON values and for no others."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def value_of(event: Event, name: str) -> Any:
    """Return a column of *event*'s row, or with ``attributes.NAME`` an attribute; None if absent or blank."""
    if name.startswith("attributes."):
        value = (event.attributes or {}).get(name.removeprefix("attributes."))
    else:
        value = getattr(event.row, name)
    return usable(value)


def usable(value: Any) -> Any:
    """Return *value*, or None for one that says nothing: blank text, an empty list or object."""
    if isinstance(value, str):
        return value if value.strip() else None
    return None if value in ([], {}) else value


def _counts(answer: Answer | None) -> bool:
    return answer is None or answer.reason is not Reason.NOT_IN_FORCE


def graphs_of(pack: Pack) -> dict[Route, Graph]:
    """Return the process of every service and path whose order *pack* states."""
    graphs = {}
    for table in pack.tables:
        successors = {column.step: column.next.steps for column in table.columns}
        targets = {step for after in successors.values() for step in after}
        steps = [step for step in pack.steps if step.path == table.path]
        begins = tuple(c.step for c in table.columns if c.step not in targets)
        successors |= {step.code: begins for step in steps if step.code not in successors and not step.ends}
        graphs[table.service, table.path] = Graph(
            successors=successors,
            starts=frozenset(step.code for step in steps if step.code not in targets),
            endings=frozenset(step.code for step in steps if step.ends),
        )
    for flow in pack.flow:
        graph = _graph_of(pack, flow)
        graphs |= {(service, flow.path): graph for service in flow.services}
    return graphs


def _graph_of(pack: Pack, flow: Flow) -> Graph:
    steps = [step for step in pack.steps if step.path == flow.path]
    codes = tuple(step.code for step in steps)
    stated = {item.step: item.next for item in flow.steps}
    return Graph(
        successors={code: stated.get(code, codes) for code in codes},
        starts=frozenset(flow.starts),
        endings=frozenset(step.code for step in steps if step.ends),
    )


def _folders_of(cases: Iterable[Case]) -> Mapping[str, frozenset[str]]:
    """Return which cases name each folder of documents: a document speaks for one case only."""
    found: dict[str, set[str]] = {}
    for case in cases:
        for event in case.events:
            folder = value_of(event, "attributes.documents")
            if isinstance(folder, str):
                found.setdefault(folder, set()).add(case.case_id)
    return {folder: frozenset(holders) for folder, holders in found.items()}


def _shared_values(key: SharedKey, steps: set[str], cases: Iterable[Case]) -> Shared:
    services, field_name, within_name = key
    found: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        if case.service not in services:
            continue
        for event in case.of(sorted(steps)):
            within, value = value_of(event, within_name), value_of(event, field_name)
            if within is not None and value is not None:
                found.setdefault((value_key(within), value_key(value)), set()).add(case.case_id)
    return {values: Holders(len(ids), tuple(sorted(ids)[:2])) for values, ids in found.items()}

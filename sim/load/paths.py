"""The two paths of the act as programs: what a kind of citizen does, and what the moment can change in that.

The routes, outcomes and attributes come from a *Rehearsal*; here is only where the time goes. It is what
*sim.portal_path* and *sim.provider_path* do, and a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.log import OK
from sim.load.programs import NONE, Draft, Label, Op, Programs
from sim.load.rehearsal import RowTemplate, Turn
from sim.load.study_checks import APPOINTMENT
from sim.plan import CitizenPlan


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: who asks for what, on which path. *trait* is empty for the usual citizen."""

    service: str
    path: str
    trait: str = ""


@dataclass(frozen=True, slots=True)
class Queueing:
    """How people queue at a kind of station, and when they try again.

    *retry* is what callers do while it is down, NONE if they wait in its queue. *time_out* tells that those
    who wait leave after a drawn time, and then do as *after_time_out* says, NONE: they are gone.
    """

    retry: int = NONE
    time_out: bool = False
    after_time_out: int = NONE
    attempts: int = 1


@dataclass(slots=True)
class Writer:
    """Write the programs of the kinds of cases.

    *kinds* gives the number of each kind of station, *queueing* how people queue there, *rules* the rule of
    lateness of each service and path. *templates* collects the rows that can be left, *steps* the steps.
    """

    programs: Programs
    kinds: dict[str, int]
    queueing: dict[str, Queueing]
    rules: dict[tuple[str, str], int]
    steps: dict[str, int]
    registry_attempts: int
    registry_timeout: int
    route_of: Callable[[str, str, CitizenPlan, Turn], tuple[RowTemplate, ...]]
    templates: list[RowTemplate] = field(default_factory=list)

    def add(self, kind: CaseKind, citizen: CitizenPlan) -> int:
        """Write the program of *kind* and return where it begins."""
        routes = {turn: self.route_of(kind.service, kind.path, citizen, turn) for turn in Turn}
        one = _Program(self, kind, Draft(), routes)
        if kind.path == "portal":
            _write_portal(one)
        else:
            _write_provider(one)
        return self.programs.add(one.draft)

    def template(self, template: RowTemplate) -> int:
        """Return the number of a template."""
        if template not in self.templates:
            self.templates.append(template)
        return self.templates.index(template)


@dataclass(slots=True)
class _Program:
    """A program while it is written: *turn* is what the moment has brought so far."""

    writer: Writer
    kind: CaseKind
    draft: Draft
    routes: dict[Turn, tuple[RowTemplate, ...]]

    def begin(self, step: str) -> None:
        self.draft.put(Op.BEGIN, self.writer.steps[step])

    def record(self, step: str, turn: Turn) -> RowTemplate:
        """Write the row of a step, as somebody left it to whom this turn came."""
        template = self.row(step, turn)
        self.draft.put(Op.RECORD, self.writer.template(template))
        return template

    def row(self, step: str, turn: Turn) -> RowTemplate:
        return next(template for template in self.routes[turn] if template.step == step)

    def has(self, step: str, turn: Turn) -> bool:
        return any(template.step == step for template in self.routes[turn])

    def seize(self, station: str, *, counts: bool = True) -> None:
        """Wait for a server; a time-out is a drawn time of the step and station."""
        how, kind = self.writer.queueing[station], self.writer.kinds[station]
        patience = self.draft.time(f"time_out/{station}") if how.time_out else NONE
        self.draft.put(Op.SEIZE, kind, int(counts), patience, NONE, how.after_time_out, repeats=how.attempts)

    def spend(self, station: str, time: str) -> None:
        self.draft.put(Op.SPEND, self.writer.kinds[station], self.draft.time(time))

    def work(self, step: str, station: str) -> None:
        """Queue at a station and be served there; while it is down, call again and again."""
        self.call(station)
        self.seize(station)
        self.spend(station, f"{step}/{station}")
        self.draft.put(Op.RELEASE, self.writer.kinds[station])

    def call(self, station: str) -> None:
        retry = self.writer.queueing[station].retry
        if retry != NONE:
            again = Label()
            self.draft.place(again)
            self.draft.put(Op.TRY, self.writer.kinds[station], retry, again)

    def through_gateway(self, step: str) -> None:
        """Hand a message to the gateway, as soon as it takes it, and wait until it is delivered."""
        self.call("gateway")
        self.draft.put(Op.MESSAGE)
        self.seize("gateway")
        self.spend("gateway", f"{step}/gateway")
        self.draft.put(Op.RELEASE, self.writer.kinds["gateway"])

    def admit(self) -> int:
        """Wait until the office takes the request up; return the rule of lateness."""
        rule = self.writer.rules.get((self.kind.service, self.kind.path), NONE)
        self.draft.put(Op.ADMIT, rule)
        return rule

    @property
    def books(self) -> bool:
        """Tell whether a slot is chosen."""
        return self.kind.service == APPOINTMENT


def _write_portal(one: _Program) -> None:
    """Write the portal path, P0 to P8. Source: paragraph 12."""
    for step in ("P0", "P1"):
        if one.has(step, Turn.USUAL):
            one.begin(step)
            one.work(step, "citizen")
            one.work(step, "portal")
            one.record(step, Turn.USUAL)
    if one.has("P2", Turn.USUAL):
        _refuse_at_portal(one, "P2", Turn.USUAL)
        return
    no_slot = Label()
    one.begin("P3")
    if one.books:
        one.draft.put(Op.HOLD_SLOT, no_slot)
    _write_portal_request(one, Turn.USUAL)
    if one.books:
        one.draft.place(no_slot)
        _write_portal_request(one, Turn.NO_SLOT)


def _write_portal_request(one: _Program, turn: Turn) -> None:
    """Write what follows the choice of a slot, or the lack of one."""
    one.work("P3", "citizen")
    one.draft.put(Op.NOTE_NOW)
    one.work("P3", "portal")
    one.record("P3", turn)
    if one.has("P4", turn):
        _refuse_at_portal(one, "P4", turn)
        return
    one.begin("P5")
    one.work("P5", "citizen")
    one.work("P5", "portal")
    one.through_gateway("P5")
    one.record("P5", turn)
    rule, late = one.admit(), Label()
    if rule != NONE:
        one.draft.put(Op.LATE, rule, late)
    _register_at_portal(one, turn)
    if rule != NONE:
        one.draft.place(late)
        _register_at_portal(one, Turn.LATE)


def _refuse_at_portal(one: _Program, step: str, turn: Turn) -> None:
    one.begin(step)
    one.work(step, "portal")
    one.record(step, turn)
    one.draft.put(Op.END)


def _register_at_portal(one: _Program, turn: Turn) -> None:
    """Write registration, decision (C3) and answer."""
    draft = one.draft
    draft.put(Op.NUMBER)
    one.begin("P6")
    one.work("P6", "workstation")
    draft.put(Op.COMPLETE)
    draft.put(Op.MARK)
    one.seize("registrar", counts=False)
    draft.put(Op.SPEND, NONE, draft.time("decision/portal"))
    draft.put(Op.RELEASE, one.writer.kinds["registrar"])
    draft.put(Op.NOTE_SINCE)
    _answer(one, "P6", turn, _answer_at_portal)


def _answer(one: _Program, step: str, turn: Turn, answer: Callable[[_Program, Turn], None]) -> None:
    """Write the answer; a slot that is granted is taken first, and may have been lost meanwhile."""
    lost = Label()
    takes = one.books and one.row(step, turn).outcome == OK
    if takes:
        one.draft.put(Op.TAKE_SLOT, lost)
    answer(one, turn)
    if takes:
        one.draft.place(lost)
        answer(one, Turn.SLOT_LOST)


def _answer_at_portal(one: _Program, turn: Turn) -> None:
    refused = one.record("P6", turn).outcome != OK
    step = "P7" if refused else "P8"
    one.begin(step)
    one.work(step, "workstation")
    if refused and one.books:
        one.draft.put(Op.FREE_SLOT)
    one.through_gateway(step)
    one.work(step, "portal")
    one.record(step, turn)
    one.draft.put(Op.END)


def _write_provider(one: _Program) -> None:
    """Write the provider path, V1 to V8; the desk is held for the whole visit. Source: paragraph 13."""
    one.admit()
    one.begin("V1")
    one.call("desk")
    one.seize("desk")
    one.spend("desk", "V1/desk")
    one.record("V1", Turn.USUAL)
    one.begin("V2")
    one.spend("desk", "V2/desk")
    one.record("V2", Turn.USUAL)
    _query_registry(one)
    if one.has("V4", Turn.USUAL):
        _report_no_data(one, Turn.USUAL)
        return
    no_slot = Label()
    one.begin("V5")
    if one.books:
        one.draft.put(Op.HOLD_SLOT, no_slot)
    _write_provider_request(one, Turn.USUAL)
    if one.books:
        one.draft.place(no_slot)
        _write_provider_request(one, Turn.NO_SLOT)


def _query_registry(one: _Program) -> None:
    """Write V3 with its attempts, and V4 for when none of them is answered."""
    writer, draft = one.writer, one.draft
    found, no_gateway, no_registry = Label(), Label(), Label()
    one.begin("V3")
    for attempt in range(writer.registry_attempts):
        is_last = attempt + 1 == writer.registry_attempts
        following = Label()
        draft.put(
            Op.TRY, writer.kinds["gateway"], writer.registry_timeout, no_gateway if is_last else following
        )
        draft.put(Op.MESSAGE)
        one.seize("gateway")
        one.spend("gateway", "V3/gateway")
        draft.put(Op.RELEASE, writer.kinds["gateway"])
        draft.put(
            Op.TRY, writer.kinds["registry"], writer.registry_timeout, no_registry if is_last else following
        )
        one.seize("registry")
        one.spend("registry", "V3/registry")
        draft.put(Op.RELEASE, writer.kinds["registry"])
        draft.put(Op.JUMP, found)
        draft.place(following)
    for label, turn in ((no_gateway, Turn.GATEWAY_DOWN), (no_registry, Turn.REGISTRY_DOWN)):
        draft.place(label)
        one.record("V3", turn)
        _report_no_data(one, turn)
    draft.place(found)
    one.record("V3", Turn.USUAL)


def _report_no_data(one: _Program, turn: Turn) -> None:
    one.begin("V4")
    one.spend("desk", "V4/desk")
    one.record("V4", turn)
    _leave_desk(one)


def _write_provider_request(one: _Program, turn: Turn) -> None:
    """Write what follows the choice of a slot, or the lack of one."""
    draft, late = one.draft, Label()
    one.spend("desk", "V5/desk")
    one.record("V5", turn)
    rule = one.writer.rules.get((one.kind.service, one.kind.path), NONE)
    if rule != NONE:
        draft.put(Op.LATE, rule, late)
    _register_at_desk(one, turn)
    if rule != NONE:
        draft.place(late)
        _register_at_desk(one, Turn.LATE)


def _register_at_desk(one: _Program, turn: Turn) -> None:
    """Write registration, decision (K2) by whoever has the desk, and answer."""
    draft = one.draft
    one.begin("V6")
    draft.put(Op.NUMBER)
    one.work("V6", "workstation")
    draft.put(Op.COMPLETE)
    draft.put(Op.MARK)
    draft.put(Op.SPEND, NONE, draft.time("decision/provider"))
    draft.put(Op.NOTE_SINCE)
    _answer(one, "V6", turn, _answer_at_desk)


def _answer_at_desk(one: _Program, turn: Turn) -> None:
    refused = one.record("V6", turn).outcome != OK
    step = "V7" if refused else "V8"
    one.begin(step)
    one.spend("desk", f"{step}/desk")
    if refused and one.books:
        one.draft.put(Op.FREE_SLOT)
    one.record(step, turn)
    _leave_desk(one)


def _leave_desk(one: _Program) -> None:
    one.draft.put(Op.RELEASE, one.writer.kinds["desk"])
    one.draft.put(Op.END)

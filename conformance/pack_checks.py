"""What one file of a pack cannot know: dates, hours, names and references across the whole pack."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import available_timezones

from conformance.errors import InputError, nearest_name
from conformance.indicators.rule_checks import check_indicators
from conformance.pack_calendar_checks import check_calendars, check_day
from conformance.pack_clause_checks import check_clauses
from conformance.pack_draft import Draft, refer, refer_all, refuse_duplicates
from conformance.pack_flow_checks import check_flow
from conformance.pack_message_checks import check_messages
from conformance.pack_norm_checks import check_norm_services, check_norms
from conformance.pack_stated_flow_checks import check_flow_names
from conformance.pack_table_checks import check_tables

DEADLINE_KINDS = ("same_day", "cutoff", "slot_choice")
_WEIGHTS = ("H", "M", "L")
_KINDS = ("L", "F", "T", "N", "A", "S", "X")


def check_pack(draft: Draft) -> None:
    """Refuse a pack that is not whole.

    Raises InputError at the first fault: file, path inside it, what was found, what was expected, and the
    nearest valid name where a name is wrong.
    """
    for check in _CHECKS:
        check(draft)


def _check_act(draft: Draft) -> None:
    act, place = draft.files.act, draft.files.place("act.yaml")
    zones = available_timezones()
    if act.zone not in zones:
        nearest = nearest_name(act.zone, zones)
        raise InputError(place, "zone", f"the unknown zone {act.zone}", "an IANA time zone", nearest)
    check_day(place, "adopted", act.adopted)
    first = check_day(place, "in_force.first", act.in_force.first)
    if act.in_force.until is not None and check_day(place, "in_force.until", act.in_force.until) <= first:
        raise InputError(place, "in_force.until", act.in_force.until, f"a day after {act.in_force.first}")
    previous = ""
    for i, milestone in enumerate(act.timeline):
        inside = f"timeline[{i}].date"
        check_day(place, inside, milestone.date)
        if milestone.date < previous:
            raise InputError(place, inside, milestone.date, f"a day not before {previous}, the row above")
        previous = milestone.date


def _check_names(draft: Draft) -> None:
    """Refuse two things with one name."""
    process, at = draft.files.process, draft.files.place("process.yaml")
    lists: tuple[tuple[str, str, Iterable[Any], str, str], ...] = (
        (at, "services", process.services, "id", "service"),
        (at, "services", process.services, "code", "service code"),
        (at, "paths", process.paths, "id", "path"),
        (at, "units", process.units, "code", "unit"),
        (at, "steps", process.steps, "code", "step"),
        (at, "conditions", process.conditions, "id", "condition"),
        (at, "messages", process.messages, "id", "message"),
        (at, "participants", process.participants, "code", "participant"),
        (at, "deadlines", process.deadlines, "id", "deadline"),
        (at, "calendars", process.calendars, "id", "calendar"),
        (at, "survey", process.survey, "id", "survey question"),
        (draft.files.place("terms.yaml"), "terms", draft.files.terms, "code", "term"),
        (draft.files.place("defects.yaml"), "defects", draft.files.defects, "id", "defect"),
        (draft.files.place("assumptions.yaml"), "assumptions", draft.files.assumptions, "id", "assumption"),
    )
    for place, inside, items, key, what in lists:
        refuse_duplicates(_named(place, inside, items, key), what)
    if not process.services:
        raise InputError(at, "services", "no services", "at least one service")
    if not process.paths:
        raise InputError(at, "paths", "no paths", "at least one path")


def _named(place: str, inside: str, items: Iterable[Any], key: str) -> Iterator[tuple[str, str, str]]:
    for i, item in enumerate(items):
        yield place, f"{inside}[{i}].{key}", getattr(item, key)


def _check_paths(draft: Draft) -> None:
    """Refuse a path that ``process.yaml`` does not name, wherever one is named."""
    paths, at = draft.path_ids(), draft.files.place("process.yaml")
    for i, step in enumerate(draft.files.process.steps):
        refer(at, f"steps[{i}].path", step.path, paths, "path")
    for i, condition in enumerate(draft.files.process.conditions):
        refer(at, f"conditions[{i}].path", condition.path, paths, "path")
    for i, flow in enumerate(draft.files.process.flow):
        refer(at, f"flow[{i}].path", flow.path, paths, "path")
    for placed in draft.tables():
        refer(placed.place, f"{placed.inside}.path", placed.table.path, paths, "path")
    for i, norm in enumerate(draft.files.norms.norms):
        refer(draft.files.place("norms.yaml"), f"norms[{i}].path", norm.path, paths, "path")


def _check_steps(draft: Draft) -> None:
    place = draft.files.place("process.yaml")
    clauses = draft.clause_ids()
    for i, step in enumerate(draft.files.process.steps):
        refer(place, f"steps[{i}].unit", step.unit, draft.unit_codes(), "unit")
        for service in draft.service_ids() if step.paragraph is not None else ():
            refer(place, f"steps[{i}].paragraph", f"{service}/{step.paragraph}", clauses, "clause")
    for i, condition in enumerate(draft.files.process.conditions):
        inside = f"conditions[{i}]"
        codes = draft.step_codes(condition.path)
        for key in ("after", "yes", "no"):
            refer(place, f"{inside}.{key}", getattr(condition, key), codes, f"step of path {condition.path}")
        refer_all(place, f"{inside}.defects", condition.defects, draft.defect_ids(), "defect")
        for service in draft.service_ids():
            refer(place, f"{inside}.paragraph", f"{service}/{condition.paragraph}", clauses, "clause")


def _check_promises(draft: Draft) -> None:
    """Check participants, deadlines and the assumptions of calendars."""
    place, process = draft.files.place("process.yaml"), draft.files.process
    for i, participant in enumerate(process.participants):
        refer(place, f"participants[{i}].code", participant.code, draft.unit_codes(), "unit")
        refer_all(place, f"participants[{i}].services", participant.services, draft.service_ids(), "service")
        refer_all(place, f"participants[{i}].defects", participant.defects, draft.defect_ids(), "defect")
    for i, deadline in enumerate(process.deadlines):
        inside = f"deadlines[{i}]"
        refer(place, f"{inside}.kind", deadline.kind, DEADLINE_KINDS, "kind of deadline")
        refer_all(place, f"{inside}.services", deadline.services, draft.service_ids(), "service")
        for service in deadline.services:
            clause = f"{service}/{deadline.paragraph}"
            refer(place, f"{inside}.paragraph", clause, draft.clause_ids(), "clause")
        seconds = deadline.before_closing_s
        if (deadline.kind == "cutoff") != (seconds is not None) or (seconds or 0) < 0:
            expected = "seconds for a cutoff, and for nothing else"
            raise InputError(place, f"{inside}.before_closing_s", str(seconds), expected)
        _assumed(draft, f"{inside}.assumption", deadline.assumption)
    for i, calendar in enumerate(process.calendars):
        _assumed(draft, f"calendars[{i}].assumption", calendar.assumption)
    for i, question in enumerate(process.survey):
        if len(question.answers) < 2:
            raise InputError(place, f"survey[{i}].answers", f"{len(question.answers)} answers", "two or more")


def _assumed(draft: Draft, inside: str, assumption: str | None) -> None:
    if assumption is not None:
        refer(draft.files.place("process.yaml"), inside, assumption, draft.assumption_ids(), "assumption")


def _check_registers(draft: Draft) -> None:
    place = draft.files.place("defects.yaml")
    for i, defect in enumerate(draft.files.defects):
        refer_all(place, f"defects[{i}].services", defect.services, draft.service_ids(), "service")
        refer(place, f"defects[{i}].weight", defect.weight, _WEIGHTS, "weight")
        for letter in defect.kind.split("/"):
            refer(place, f"defects[{i}].kind", letter, _KINDS, "kind of defect")


_CHECKS: tuple[Callable[[Draft], None], ...] = (
    _check_act,
    _check_names,
    check_calendars,
    _check_paths,
    check_flow_names,
    check_tables,
    check_norm_services,
    check_clauses,
    _check_steps,
    check_messages,
    _check_promises,
    _check_registers,
    check_flow,
    check_norms,
    check_indicators,
)

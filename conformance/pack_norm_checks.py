"""Checks of the norms: names that exist, and no norm that every log would meet."""

from collections.abc import Iterator

from conformance.calendar import parse_hour
from conformance.errors import InputError, nearest_name
from conformance.log import COLUMNS
from conformance.norms import (
    CalendarCutoff,
    Count,
    Existence,
    MomentOrder,
    Norm,
    NormStatus,
    Precedence,
    RefusalGrounded,
    SameLocalDay,
    SameValue,
    SignatureValid,
    StepDuration,
    Unique,
)
from conformance.pack_draft import Draft, refer, refer_all, refuse_duplicates

DOCUMENTS = ("request", "result")
REFUSED_DOCUMENTS = ("request", "rejected-request")
UNBOUNDED = 1_000_000
_FIELDS = tuple(name for name, _ in COLUMNS)
_NEVER_NULL = ("case_id", "service", "path", "step", "unit", "resolution_us")
_STEP_KEYS = ("step", "first", "start", "on_ok", "otherwise", "received")
_STEP_LISTS = ("steps", "to", "allowed")

Fault = tuple[str, str, str]
"""Key of a norm, what was found there, what was expected."""


def check_norms(draft: Draft) -> None:
    """Refuse norms with wrong names, and norms that no log could violate."""
    place = draft.files.place("norms.yaml")
    if not draft.norms:
        raise InputError(place, "norms", "no norms", "at least one norm")
    for placed in draft.norms:
        norm, inside = placed.norm, placed.inside
        _check_basis(draft, place, inside, norm)
        _check_steps(draft, place, inside, norm)
        _check_fields(place, inside, norm)
        _check_calendar(draft, place, inside, norm)
        for key, found, expected in _vacuous(norm):
            raise InputError(place, f"{inside}.{key}", found, expected)
    refuse_duplicates(((place, f"{p.inside}.id", p.norm.id) for p in draft.norms), "norm")


def check_norm_services(draft: Draft) -> None:
    """Refuse a norm for no service or for an unknown one; its clauses would all look unknown."""
    place = draft.files.place("norms.yaml")
    for i, entry in enumerate(draft.files.norms.norms):
        refer_all(place, f"norms[{i}].services", entry.services, draft.service_ids(), "service")
        if not entry.services:
            raise InputError(place, f"norms[{i}].services", "no services", "at least one service")


def _check_basis(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    if norm.assumption is not None:
        refer(place, f"{inside}.assumption", norm.assumption, draft.assumption_ids(), "assumption")
    elif norm.status is NormStatus.ASSUMED:
        raise InputError(place, f"{inside}.assumption", "nothing", "an assumption, as the norm is assumed")


def _check_steps(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    what, valid = f"step of path {norm.path}", draft.step_codes(norm.path)
    if isinstance(norm, Unique):  # a value may be taken on either path
        what, valid = "step", draft.step_codes()
    for key in _STEP_KEYS:
        step = getattr(norm, key, None)
        # MomentOrder.first is a field, not a step.
        if step is not None and not (isinstance(norm, MomentOrder) and key == "first"):
            refer(place, f"{inside}.{key}", step, valid, what)
    for key in _STEP_LISTS:
        refer_all(place, f"{inside}.{key}", getattr(norm, key, ()), valid, what)
    if isinstance(norm, SignatureValid):
        refer(place, f"{inside}.document", norm.document, DOCUMENTS, "document")
    if isinstance(norm, RefusalGrounded):
        refer(place, f"{inside}.document", norm.document, REFUSED_DOCUMENTS, "document")


def _check_fields(place: str, inside: str, norm: Norm) -> None:
    for key in ("field", "within"):
        field = getattr(norm, key, None)
        if field is None or field in _FIELDS or field.removeprefix("attributes.") not in ("", field):
            continue
        expected, nearest = "a column of the log, or attributes.NAME", nearest_name(field, _FIELDS)
        raise InputError(place, f"{inside}.{key}", f"the unknown field {field}", expected, nearest)


def _check_calendar(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    if not isinstance(norm, SameLocalDay | CalendarCutoff):
        return
    refer(place, f"{inside}.calendar", norm.calendar, draft.calendar_ids(), "calendar")
    calendar = next(c for c in draft.files.process.calendars if c.id == norm.calendar)
    spans = [(hours.opens, hours.closes) for hours in calendar.hours]
    spans += [(day.opens, day.closes) for day in calendar.exceptions if day.opens and day.closes]
    shortest = min(parse_hour(closes) - parse_hour(opens) for opens, closes in spans) * 60
    if not 0 <= norm.before_closing_s < shortest:
        found, expected = f"{norm.before_closing_s} s", f"0 s to less than the shortest day, {shortest} s"
        raise InputError(place, f"{inside}.before_closing_s", found, expected)


def _vacuous(norm: Norm) -> Iterator[Fault]:
    """Yield key, found and expected for every way in which no log could violate *norm*."""
    for key in ("steps", "items", "to", "grounds"):
        if getattr(norm, key, None) == ():
            yield key, f"an empty list of {key}", "something that a log could lack"
    match norm:
        case Count():
            yield from _vacuous_count(norm)
        case StepDuration():
            yield from _vacuous_limit(norm)
        case Unique():
            yield from _vacuous_unique(norm)
        case Existence(equals=None, field=field) if field in _NEVER_NULL:
            yield "field", f"{field}, which every row has", "a field that a row could lack"
        case Precedence() | SameValue() if norm.first == norm.step:
            yield "first", f"{norm.first}, the same step", "another step"
        case MomentOrder(first=first, then=then) if first == then:
            yield "then", f"{then}, the same moment", "another moment"
        case RefusalGrounded():
            yield from _vacuous_refusal(norm)


def _vacuous_count(norm: Count) -> Iterator[Fault]:
    if norm.least < 0:
        yield "least", str(norm.least), "0 or more"
    if norm.most < norm.least:
        yield "most", str(norm.most), f"not less than least ({norm.least})"
    if norm.least == 0 and norm.most >= UNBOUNDED:
        yield "most", f"{norm.most} with least 0", f"a bound below {UNBOUNDED}, or a least above 0"


def _vacuous_limit(norm: StepDuration) -> Iterator[Fault]:
    if norm.max_s is None:
        if norm.status is not NormStatus.UNKNOWN:
            yield "max_s", "no maximum", "seconds, or the status unknown"
    elif norm.max_s <= 0 or (norm.min_s or 0) > norm.max_s:
        yield "max_s", f"{norm.max_s} s", "more than 0 s, and not less than min_s"


def _vacuous_unique(norm: Unique) -> Iterator[Fault]:
    if norm.field == "case_id":
        yield "field", "case_id, unique by its meaning", "a field that two cases could share"
    if norm.field == norm.within:
        yield "within", f"{norm.within}, the field itself", "another field"


def _vacuous_refusal(norm: RefusalGrounded) -> Iterator[Fault]:
    if norm.received == norm.step:
        yield "received", f"{norm.received}, the refusal itself", "the step in which the document came"
    for i, ground in enumerate(norm.grounds):
        if not ground.shown_by:
            yield f"grounds[{i}].shown_by", "nothing", "what bears the reason out"
    reasons = [ground.reason for ground in norm.grounds]
    for i, reason in enumerate(reasons):
        if reason in reasons[:i]:
            yield f"grounds[{i}].reason", f"{reason} a second time", "each reason once"

"""Checks of the norms: names that exist, readings and versions that fit, none that every log would meet."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from conformance.calendar import parse_day, parse_hour
from conformance.errors import InputError, UnfitValue, nearest_name
from conformance.expressions import parse
from conformance.log import COLUMNS
from conformance.norm_vacuity import vacuous
from conformance.norms import (
    STEP_KEYS,
    STEP_LISTS,
    AvailabilityWindow,
    CalendarCutoff,
    MomentOrder,
    Norm,
    NormStatus,
    RefusalGrounded,
    SameLocalDay,
    SignatureValid,
    Statement,
    SurveyIndicator,
    Unique,
    default_reading,
    is_field,
    kind_of,
    read_as,
)
from conformance.pack_draft import Draft, refer, refer_all, refuse_duplicates
from conformance.pack_norms import PlacedNorm

DOCUMENTS = ("request", "result")
REFUSED_DOCUMENTS = ("request", "rejected-request")
_FIELDS = tuple(name for name, _ in COLUMNS)


def check_norms(draft: Draft) -> None:
    """Refuse norms with wrong names, and norms that no log could violate."""
    place = draft.files.place("norms.yaml")
    if not draft.norms:
        raise InputError(place, "norms", "no norms", "at least one norm")
    for placed in draft.norms:
        _check_basis(draft, place, placed.inside, placed.norm)
        for norm, inside in _readings(place, placed):
            _check_parameters(draft, place, inside, norm)
    refuse_duplicates(((place, f"{p.inside}.id", p.norm.id) for p in draft.norms), "norm")
    by_id = {placed.norm.id: placed for placed in draft.norms}
    _check_parts(place, by_id)
    _check_versions(draft, place, by_id)


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
    if norm.readings and (len(norm.readings) < 2 or sum(r.default for r in norm.readings) != 1):
        raise InputError(
            place, f"{inside}.readings", "other readings", "two or more, exactly one of them the default"
        )
    refuse_duplicates(((place, f"{inside}.readings", r.id) for r in norm.readings), "reading")


def _readings(place: str, placed: PlacedNorm) -> Iterable[tuple[Norm, str]]:
    """Yield the norm as every reading has it; the default reading is the norm as it is written."""
    norm = placed.norm
    yield norm, placed.inside
    chosen = default_reading(norm)
    if chosen is not None and chosen.changes and read_as(norm, chosen) != norm:
        expected = "the values of the norm itself, as this reading is the default"
        raise InputError(place, f"{placed.inside}.readings", f"other values in {chosen.id}", expected)
    for i, reading in enumerate(norm.readings):
        if not reading.default:
            yield read_as(norm, reading), f"{placed.inside}.readings[{i}].set"


def _check_parameters(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    _check_steps(draft, place, inside, norm)
    _check_fields(place, inside, norm)
    _check_calendar(draft, place, inside, norm)
    _check_question(draft, place, inside, norm)
    if norm.applies_when is not None:
        try:
            parse(norm.applies_when)
        except UnfitValue as cause:
            raise InputError(
                place, f"{inside}.applies_when", cause.found, cause.expected, cause.nearest
            ) from None
    for key, found, expected in vacuous(norm, frozenset(draft.step_codes(norm.path))):
        raise InputError(place, f"{inside}.{key}", found, expected)


def _check_steps(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    what, valid = f"step of path {norm.path}", draft.step_codes(norm.path)
    if isinstance(norm, Unique):  # a value may be taken on either path
        what, valid = "step", draft.step_codes()
    for key in STEP_KEYS:
        step = getattr(norm, key, None)
        if step is not None and not is_field(norm, key):
            refer(place, f"{inside}.{key}", step, valid, what)
    for key in STEP_LISTS:
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
    if isinstance(norm, MomentOrder):
        _check_moments(place, inside, norm)


def _check_moments(place: str, inside: str, norm: MomentOrder) -> None:
    """Refuse names under which no log states a moment: no case could be decided by them."""
    for key, name in (("first", norm.first), ("then", norm.then)):
        if name.startswith("attributes.") or not name.endswith("_us"):
            expected = "the name of an attribute that ends in _us, without attributes."
            raise InputError(place, f"{inside}.{key}", name or "nothing", expected)


def _check_calendar(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    if not isinstance(norm, SameLocalDay | CalendarCutoff | AvailabilityWindow) or norm.calendar is None:
        return
    refer(place, f"{inside}.calendar", norm.calendar, draft.calendar_ids(), "calendar")
    if isinstance(norm, AvailabilityWindow):
        return
    calendar = next(c for c in draft.files.process.calendars if c.id == norm.calendar)
    spans = [(hours.opens, hours.closes) for hours in calendar.hours]
    spans += [(day.opens, day.closes) for day in calendar.exceptions if day.opens and day.closes]
    shortest = min(parse_hour(closes) - parse_hour(opens) for opens, closes in spans) * 60
    if norm.before_closing_s is not None and not 0 <= norm.before_closing_s < shortest:
        found, expected = f"{norm.before_closing_s} s", f"0 s to less than the shortest day, {shortest} s"
        raise InputError(place, f"{inside}.before_closing_s", found, expected)


def _check_question(draft: Draft, place: str, inside: str, norm: Norm) -> None:
    if not isinstance(norm, SurveyIndicator):
        return
    questions = {question.id: question for question in draft.files.process.survey}
    refer(place, f"{inside}.question", norm.question, tuple(questions), "survey question")
    grades = len(questions[norm.question].answers)
    if len(set(norm.satisfied)) >= grades or any(grade > grades for grade in norm.satisfied):
        expected = f"some, but not all, of the grades 1 to {grades}"
        raise InputError(place, f"{inside}.satisfied", str(list(norm.satisfied)), expected)


def _check_parts(place: str, by_id: Mapping[str, PlacedNorm]) -> None:
    """Refuse statements with unknown parts, and statements that lead back to themselves."""
    statements = {name: p for name, p in by_id.items() if isinstance(p.norm, Statement)}
    for name, placed in statements.items():
        parts = placed.norm.parts if isinstance(placed.norm, Statement) else ()
        refer_all(place, f"{placed.inside}.parts", parts, tuple(by_id), "norm")
        if len(set(parts)) < len(parts):
            raise InputError(place, f"{placed.inside}.parts", "a part named twice", "each part once")
        reached, waiting = set[str](), list(parts)
        while waiting:
            part = waiting.pop()
            inner = by_id[part].norm if part in by_id else None
            if part == name:
                raise InputError(place, f"{placed.inside}.parts", f"a way back to {name}", "no circle")
            if isinstance(inner, Statement) and part not in reached:
                reached.add(part)
                waiting.extend(inner.parts)


def _check_versions(draft: Draft, place: str, by_id: Mapping[str, PlacedNorm]) -> None:
    """Refuse days outside the act's life, and two versions of one norm that bind on the same day."""
    families: dict[str, list[PlacedNorm]] = {}
    for placed in by_id.values():
        norm, inside = placed.norm, placed.inside
        _days(draft, place, inside, norm)
        if norm.version_of is not None:
            refer(place, f"{inside}.version_of", norm.version_of, tuple(by_id), "norm")
            original = by_id[norm.version_of]
            if norm.version_of == norm.id or kind_of(original.norm) != kind_of(norm):
                raise InputError(place, f"{inside}.version_of", norm.version_of, "another norm of this kind")
            families.setdefault(norm.version_of, [original]).append(placed)
    for family in families.values():
        ordered = sorted(family, key=lambda placed: _days(draft, place, placed.inside, placed.norm))
        for earlier, later in pairwise(ordered):
            ends = _days(draft, place, earlier.inside, earlier.norm)[1]
            if ends > _days(draft, place, later.inside, later.norm)[0]:
                expected = f"days on which {earlier.norm.id}, another version, does not bind"
                raise InputError(place, f"{later.inside}.in_force", "days that overlap", expected)


def _days(draft: Draft, place: str, inside: str, norm: Norm) -> tuple[str, str]:
    """Return first and last day (exclusive) of *norm* as ISO texts, which sort as days do."""
    act = draft.files.act.in_force
    force = norm.in_force
    first = (force.first if force else None) or act.first
    until = (force.until if force else None) or act.until or "9999-12-31"
    for key, day in (("first", first), ("until", until)):
        try:
            parse_day(day)
        except ValueError:
            raise InputError(place, f"{inside}.in_force.{key}", repr(day), "a date YYYY-MM-DD") from None
    if not act.first <= first < until <= (act.until or "9999-12-31"):
        expected = f"days within the act's life, {act.first} to {act.until or 'no end'}, in order"
        raise InputError(place, f"{inside}.in_force", f"{first} to {until}", expected)
    return first, until

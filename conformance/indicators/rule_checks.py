"""What ``indicators.yaml`` alone cannot know: names across the whole pack, and grades that the survey has."""

from conformance.errors import InputError
from conformance.indicators.definitions import IndicatorRules, SameDay, SurveyRules
from conformance.log import COLUMNS
from conformance.pack_draft import Draft, refer, refer_all

_COLUMN_NAMES = tuple(name for name, _ in COLUMNS)
_ATTRIBUTE = "attributes."


def check_indicators(draft: Draft) -> None:
    """Refuse indicators that speak of what the pack does not have. Raises InputError."""
    rules, place = draft.files.indicators, draft.files.place("indicators.yaml")
    if rules is None:
        return
    _check_endings(draft, rules, place)
    _check_terms(draft, rules, place)
    paths = tuple(path.id for path in draft.files.process.paths)
    refer_all(place, "digital_paths", rules.digital_paths, paths, "path")
    for i, start in enumerate(rules.result_times):
        refer(place, f"result_times[{i}].path", start.path, paths, "path")
        refer(place, f"result_times[{i}].step", start.step, draft.step_codes(start.path), "step")
    for i, entry in enumerate(rules.availability):
        refer(place, f"availability[{i}].path", entry.path, paths, "path")
        refer_all(place, f"availability[{i}].steps", entry.steps, draft.step_codes(entry.path), "step")
    if rules.survey is not None:
        _check_survey(draft, rules.survey, place)
    for inside, name in _assumptions(rules):
        refer(place, inside, name, draft.assumption_ids(), "assumption")


def _check_endings(draft: Draft, rules: IndicatorRules, place: str) -> None:
    ending = tuple(step.code for step in draft.files.process.steps if step.ends)
    for i, entry in enumerate(rules.endings):
        refer_all(place, f"endings[{i}].steps", entry.steps, ending, "ending step")
    covered = {step for entry in rules.endings if not entry.codes for step in entry.steps}
    for step in ending:
        if step not in covered:
            raise InputError(
                place, "endings", f"nothing for {step}", "an entry without codes for every ending"
            )
    name = rules.reason_field
    if not name.startswith(_ATTRIBUTE):
        refer(place, "reason_field", name, _COLUMN_NAMES, "column")
    if rules.dropped_after_s < 1:
        raise InputError(place, "dropped_after_s", str(rules.dropped_after_s), "whole seconds from 1 on")


def _check_terms(draft: Draft, rules: IndicatorRules, place: str) -> None:
    paths = tuple(path.id for path in draft.files.process.paths)
    seen: set[tuple[str, str]] = set()
    for i, term in enumerate(rules.terms):
        inside = f"terms[{i}]"
        refer_all(place, f"{inside}.services", term.services, draft.service_ids(), "service")
        refer(place, f"{inside}.path", term.path, paths, "path")
        steps = draft.step_codes(term.path)
        refer(place, f"{inside}.start", term.start, steps, "step")
        refer_all(place, f"{inside}.answers", term.answers, steps, "step")
        if isinstance(term.due, SameDay):
            refer(place, f"{inside}.due.calendar", term.due.calendar, draft.calendar_ids(), "calendar")
        for service in term.services:
            clause = term.clause.replace("{service}", service)
            refer(place, f"{inside}.clause", clause, draft.clause_ids(), "clause")
            if (service, term.path) in seen:
                raise InputError(place, inside, f"a second term for {service} {term.path}", "one for each")
            seen.add((service, term.path))


def _check_survey(draft: Draft, survey: SurveyRules, place: str) -> None:
    questions = draft.files.process.survey
    if not questions:
        raise InputError(place, "survey", "rules", "questions in process.yaml to apply them to")
    grades = min(len(question.answers) for question in questions)
    for name in ("satisfied_strict", "satisfied_lenient"):
        for i, grade in enumerate(getattr(survey, name)):
            if not 1 <= grade <= grades:
                raise InputError(place, f"survey.{name}[{i}]", str(grade), f"a grade from 1 to {grades}")
    if not set(survey.satisfied_strict) <= set(survey.satisfied_lenient):
        raise InputError(
            place, "survey.satisfied_strict", "a grade that the lenient reading lacks", "a part of it"
        )
    if not survey.instrument.strip():
        raise InputError(place, "survey.instrument", "nothing", "the version of the wording")


def _assumptions(rules: IndicatorRules) -> list[tuple[str, str]]:
    found = [(f"terms[{i}].assumption", term.assumption) for i, term in enumerate(rules.terms)]
    found.append(("targets.assumption", rules.targets.assumption))
    found.append(("survey.assumption", rules.survey.assumption if rules.survey else None))
    return [(inside, name) for inside, name in found if name is not None]

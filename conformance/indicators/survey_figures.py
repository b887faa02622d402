"""The survey as figures: frame, response, distributions, both readings, bounds for non-response."""

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.indicators.definitions import SurveyRules, Targets
from conformance.indicators.indicator_results import Distribution, FrameRow, Intake, Question, Survey
from conformance.indicators.rates import rate
from conformance.indicators.suppression import SMALLEST_SHOWN
from conformance.indicators.survey_cells import (
    ALL,
    Shown,
    channel_cell,
    frame_cell,
    question_cell,
    service_cell,
    survey_net,
)
from conformance.indicators.survey_file import Rejects
from conformance.indicators.survey_table import SurveyCounts
from conformance.log import utc_text
from conformance.regulation import SurveyQuestion

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class SurveySource:
    """Where answers come from: *model* describes the simulated people, as far as it is known."""

    sha256: str
    model: str | None
    simulated: bool


def survey_figures(  # noqa: PLR0913 - counts, and all that says what they mean
    counts: SurveyCounts,
    rejects: Rejects,
    source: SurveySource,
    *,
    questions: Sequence[SurveyQuestion],
    rules: SurveyRules,
    targets: Targets,
) -> Survey:
    """Return what of a survey is shown."""
    services = sorted({service for service, _, _ in counts.invited})
    shown = survey_net(counts, questions, rules, services).shown()
    return Survey(
        simulated=source.simulated,
        sha256=source.sha256,
        instrument=rules.instrument,
        assumption=rules.assumption,
        model=source.model,
        questions=tuple(Question(id=q.id, question=q.question, answers=q.answers) for q in questions),
        intake=_intake(counts, rejects),
        frame=tuple(_frame(counts, shown)),
        distributions=tuple(
            _distribution(counts, shown, question, service, rules, targets.satisfaction)
            for question in questions
            for service in ((ALL, *services) if services else ())
        ),
    )


def _intake(counts: SurveyCounts, rejects: Rejects) -> Intake:
    return Intake(
        lines=rejects.lines,
        used=counts.lines_used,
        rejects=dict(sorted(rejects.counts.items())),
        unknown_cases=counts.unknown_cases,
        not_ended_cases=counts.not_ended_cases,
        early=counts.early,
        first_asked=None if counts.first_us is None else utc_text(counts.first_us),
        last_asked=None if counts.last_us is None else utc_text(counts.last_us),
    )


def _frame(counts: SurveyCounts, shown: Shown) -> list[FrameRow]:
    paths = sorted({path for _, path, _ in counts.eligible})
    outcomes = sorted({outcome for _, _, outcome in counts.eligible}, key=_ORDER.index)
    rows = [
        _frame_row(counts, shown, path, outcome) for path in (*paths, ALL) for outcome in (*outcomes, ALL)
    ]
    for channel, (invited, _) in counts.channels.items():
        if channel:
            answered = shown.get(channel_cell(channel))
            rows.append(
                FrameRow(
                    path=None,
                    outcome=None,
                    channel=channel,
                    eligible=None,
                    invited=invited,
                    answered=answered,
                    response=rate(answered, invited, None),
                )
            )
    return rows


_ORDER = ("accepted", "refused", "failed", "dropped")


def _frame_row(counts: SurveyCounts, shown: Shown, path: str, outcome: str) -> FrameRow:
    def total(of: dict[tuple[str, str, str], int]) -> int:
        return sum(n for (_, p, o), n in of.items() if path in (ALL, p) and outcome in (ALL, o))

    invited, answered = total(dict(counts.invited)), shown.get(frame_cell(path, outcome))
    return FrameRow(
        path=None if path == ALL else path,
        outcome=None if outcome == ALL else outcome,
        channel=None,
        eligible=total(dict(counts.eligible)),
        invited=invited,
        answered=answered,
        response=rate(answered, invited, None),
    )


def _distribution(  # noqa: PLR0913, PLR0917 - a table's row and what it is made from
    counts: SurveyCounts,
    shown: Shown,
    question: SurveyQuestion,
    service: str,
    rules: SurveyRules,
    target: int | None,
) -> Distribution:
    def cell(what: str) -> int | None:
        return shown.get(question_cell(what, service, question.id))

    invited = sum(n for (name, _, _), n in counts.invited.items() if service in (ALL, name))
    eligible = sum(n for (name, _, _), n in counts.eligible.items() if service in (ALL, name))
    given, strict, lenient = cell("given"), cell("strict"), cell("lenient")
    least, most = _all_bad_all_good(strict, given, invited)
    lenient_least, lenient_most = _all_bad_all_good(lenient, given, invited)
    weighted, effect = _weighted(counts, question, service, rules) if strict is not None else (None, None)
    return Distribution(
        question=question.id,
        service=None if service == ALL else service,
        invited=invited,
        answered=shown.get(frame_cell(ALL, ALL) if service == ALL else service_cell(service)),
        counts=tuple(cell(str(grade)) for grade in range(1, len(question.answers) + 1)),
        skipped=cell("skipped"),
        strict=rate(strict, given, target, population=eligible),
        lenient=rate(lenient, given, target, population=eligible),
        least=least,
        most=most,
        lenient_least=lenient_least,
        lenient_most=lenient_most,
        weighted=weighted,
        design_effect=effect,
    )


def _all_bad_all_good(good: int | None, given: int | None, invited: int) -> tuple[float | None, float | None]:
    """Return the share of all invited if whoever did not answer were dissatisfied, or satisfied."""
    if good is None or given is None or not invited:
        return None, None
    return round(good / invited, _DIGITS), round((good + invited - given) / invited, _DIGITS)


def _weighted(
    counts: SurveyCounts, question: SurveyQuestion, service: str, rules: SurveyRules
) -> tuple[float | None, float | None]:
    """Return the strict share weighted to all eligible cases by path and outcome, and Kish's design effect.

    None where a stratum that the log shows has too few answers to stand for it.
    """
    strata = sorted({(p, o) for name, p, o in counts.eligible if service in (ALL, name)})
    share, squares, weights, answers = 0.0, 0.0, 0.0, 0
    frame = sum(n for (name, _, _), n in counts.eligible.items() if service in (ALL, name))
    for path, outcome in strata:
        own = sum(
            n
            for (name, p, o), n in counts.eligible.items()
            if service in (ALL, name) and (p, o) == (path, outcome)
        )
        grades = {
            grade: sum(
                n
                for (name, p, o, q, g), n in counts.grades.items()
                if service in (ALL, name) and (p, o, q, g) == (path, outcome, question.id, grade)
            )
            for grade in range(1, len(question.answers) + 1)
        }
        given = sum(grades.values())
        if given < SMALLEST_SHOWN:
            return None, None
        good = sum(grades[grade] for grade in rules.satisfied_strict)
        weight = own / given
        share += own / frame * good / given
        squares, weights, answers = (
            squares + given * weight * weight,
            weights + given * weight,
            answers + given,
        )
    if not answers:
        return None, None
    return round(share, _DIGITS), round(answers * squares / (weights * weights), _DIGITS)

"""Norms of a survey: what share of the answers to a question is satisfied."""

from collections import Counter
from collections.abc import Mapping

from conformance.context import SurveyCounts, SurveyKey
from conformance.norm_verdicts import Tally
from conformance.norms import SurveyIndicator
from conformance.pack import Pack
from conformance.verdicts import Reason, Verdict


def survey_tally(norm: SurveyIndicator, surveys: Mapping[SurveyKey, SurveyCounts]) -> Tally:
    """Return the answers to the question of *norm* as a rate counts them; none without a survey.

    Whoever was asked and did not answer is not counted here: what their silence may hide is for the report on
    the survey, which has to bound it.
    """
    tally = Tally()
    counts = surveys.get((norm.services[0], norm.question))
    if counts is None:
        return tally
    tally.met = sum(n for grade, n in enumerate(counts.grades, 1) if grade in norm.satisfied)
    tally.broken = sum(counts.grades) - tally.met
    for verdict, n in ((Verdict.PASS, tally.met), (Verdict.FAIL, tally.broken)):
        if n:
            tally.counts[verdict] = n
    if tally.broken:
        tally.reasons[Reason.DISSATISFIED] = tally.broken
    return tally


def surveys_of(
    pack: Pack, grades: Mapping[tuple[str, str, str, str, int], int]
) -> dict[SurveyKey, SurveyCounts]:
    """Return the answers to every question of *pack* that somebody answered, as norms ask for them.

    *grades* counts answers by service (id or code), path, outcome, question and grade, as
    *conformance.indicators.survey_table* does: a norm asks for those of a service, however the case ended.
    """
    found: dict[SurveyKey, Counter[int]] = {}
    for (service, _path, _outcome, question, grade), n in grades.items():
        found.setdefault((pack.service(service).id, question), Counter())[grade] += n
    highest = {question.id: len(question.answers) for question in pack.survey}
    return {
        (service, question): SurveyCounts(tuple(given[grade] for grade in range(1, highest[question] + 1)))
        for (service, question), given in found.items()
    }

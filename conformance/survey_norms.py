"""Norms of a survey: what share of the answers to a question is satisfied."""

from collections.abc import Mapping

from conformance.context import SurveyCounts, SurveyKey
from conformance.norm_verdicts import Tally
from conformance.norms import SurveyIndicator
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

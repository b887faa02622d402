"""Norms of a survey: what share of the answers to a question is satisfied."""

from collections.abc import Mapping

from conformance.context import SurveyCounts, SurveyKey
from conformance.norm_verdicts import Tally
from conformance.norms import SurveyIndicator
from conformance.verdicts import Reason, Verdict


def survey_tally(norm: SurveyIndicator, surveys: Mapping[SurveyKey, SurveyCounts]) -> Tally:
    """Return the answers to the question of *norm* as a rate counts them; none without a survey.

    Whoever was asked and did not answer may have been of either mind: their silence is open, and bounds the
    rate both ways, unless the norm counts only those who answered.
    """
    tally = Tally()
    counts = surveys.get((norm.services[0], norm.question))
    if counts is None:
        return tally
    tally.met = sum(n for grade, n in enumerate(counts.grades, 1) if grade in norm.satisfied)
    tally.broken = sum(counts.grades) - tally.met
    tally.undecided = 0 if norm.answered_only else counts.unanswered
    found = {
        Verdict.PASS: tally.met,
        Verdict.FAIL: tally.broken,
        Verdict.INCONCLUSIVE: tally.undecided,
    }
    for verdict, n in found.items():
        if n:
            tally.counts[verdict] = n
    if tally.broken:
        tally.reasons[Reason.DISSATISFIED] = tally.broken
    if tally.undecided:
        tally.reasons[Reason.NO_DATA] = tally.undecided
    return tally

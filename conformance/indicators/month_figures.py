"""Timeliness and completion month by month: a change over time is seen, and held against chance."""

from collections.abc import Iterable

from conformance.indicators.case_counts import CaseCounts, Group
from conformance.indicators.definitions import COMPLETED, Outcome
from conformance.indicators.indicator_results import MonthFigure
from conformance.indicators.rates import rate

MOST_MONTHS = 36
"""How many months are shown; of a longer log the last ones."""


def month_figures(counts: CaseCounts) -> tuple[MonthFigure, ...]:
    """Return the share completed, per service, and the share in time, per service and path, of every month.

    A case belongs to the month in which it began, by the calendar of the pack's zone. A log of one month has
    nothing to compare: then there are no figures.
    """
    months = sorted({month for _, month in counts.outcome_by_month})[-MOST_MONTHS:]
    if len(months) < 2:
        return ()
    services = sorted({group.service for group, _ in counts.outcome_by_month})
    groups = sorted({group for group, _ in counts.timeliness_by_month})
    completion = [_completion(counts, service, month) for service in services for month in months]
    timeliness = [_timeliness(counts, group, month) for group in groups for month in months]
    return tuple(figure for figure in (*timeliness, *completion) if figure.rate.n)


def _completion(counts: CaseCounts, service: str, month: str) -> MonthFigure:
    words = [
        (outcome, n)
        for (group, begun), outcomes in counts.outcome_by_month.items()
        if group.service == service and begun == month
        for outcome, n in outcomes.items()
    ]
    completed = _number(words, frozenset(COMPLETED))
    closed = _number(words, frozenset(Outcome) - {Outcome.OPEN})
    return MonthFigure(
        measure="completion", service=service, path=None, month=month, rate=rate(completed, closed, None)
    )


def _timeliness(counts: CaseCounts, group: Group, month: str) -> MonthFigure:
    words = counts.timeliness_by_month.get((group, month), {})
    kept, missed = words.get("kept", 0), words.get("missed", 0)
    return MonthFigure(
        measure="timeliness",
        service=group.service,
        path=group.path,
        month=month,
        rate=rate(kept, kept + missed, None),
    )


def _number(words: Iterable[tuple[str, int]], wanted: frozenset[str]) -> int:
    return sum(n for word, n in words if word in wanted)

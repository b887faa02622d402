"""Choose the cases that a report tells step by step, and tell them."""

from collections.abc import Iterable, Mapping, Sequence

from conformance.log import Row
from conformance.results import NormResult, TimelineStep
from conformance.verdicts import Verdict

MOST_TIMELINES = 200
"""So many cases are told step by step in the results, each with what was found of its signatures."""
MOST_SHOWN = 20
"""So many of them stand on the page of the report."""


def timelines_of(
    norms: Sequence[NormResult], rows: Sequence[Row], ids: Mapping[str, str]
) -> dict[str, tuple[TimelineStep, ...]]:
    """Return the cases behind findings first, then others, up to a limit, each step by step.

    *ids* are those of services by their codes: a log may use either, steps and norms have the ids.
    """
    found = [f.case_id for norm in norms for f in norm.findings if f.verdict is not Verdict.PASS]
    chosen = list(dict.fromkeys([*found, *sorted({row.case_id for row in rows})]))[:MOST_TIMELINES]
    by_case: dict[str, list[Row]] = {case: [] for case in chosen}
    for row in rows:
        if row.case_id in by_case:
            by_case[row.case_id].append(row)
    return {
        case: tuple(_timeline_step(row, ids) for row in sorted(own, key=_moment))
        for case, own in by_case.items()
        if own
    }


def shown_first(norms: Iterable[NormResult], cases: Iterable[str]) -> list[str]:
    """Return *cases* in the order of a page: those with a shown violation first, then by their names."""
    bad = {
        finding.case_id
        for norm in norms
        for finding in norm.findings
        if finding.verdict in {Verdict.FAIL, Verdict.ERROR}
    }
    return sorted(cases, key=lambda case: (case not in bad, case))


def _moment(row: Row) -> tuple[bool, int, int, str]:
    return (row.completed_us is None, row.completed_us or 0, row.enabled_us or 0, row.step)


def _timeline_step(row: Row, ids: Mapping[str, str]) -> TimelineStep:
    return TimelineStep(
        step=row.step,
        unit=row.unit,
        enabled_us=row.enabled_us,
        started_us=row.started_us,
        completed_us=row.completed_us,
        outcome=row.outcome,
        service=ids.get(row.service, row.service),
        path=row.path,
    )

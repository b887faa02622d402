"""Steps and paths of a point: their times over all replications, and whether each limit is kept."""

from collections.abc import Sequence

from conformance.study_figures import CaseCounts, Estimate, PathFigures, StepFigures
from conformance.study_results import Targets
from sim.load.estimates import share_estimate
from sim.load.frame import Frame, Limit, Place
from sim.load.histogram import Tally, merged
from sim.load.replication import CasesOf, Replication, StepTally
from sim.load.spreads import spread_of

STATED = "agreed"
"""The only status of a limit that can be kept or not: others are measured, and nothing is claimed."""

_NO_TIMES = merged(())


def step_figures(
    replications: Sequence[Replication], frame: Frame, targets: Targets
) -> tuple[StepFigures, ...]:
    """Return every step that was executed, in the order of paths and steps."""
    by_place: dict[int, list[StepTally]] = {}
    for replication in replications:
        for step in replication.steps:
            by_place.setdefault(step.place, []).append(step)
    places = frame.places
    return tuple(
        _step(places[number], frame.limits.get(places[number]), by_place[number], len(replications), targets)
        for number in sorted(by_place)
    )


def path_figures(
    replications: Sequence[Replication], frame: Frame, confidence: float
) -> tuple[PathFigures, ...]:
    """Return the cases of each path."""
    return tuple(
        PathFigures(
            service=service,
            path=path,
            cases=counts_of([own.cases[number] for own in replications]),
            time_s=spread_of([own.cases[number].time for own in replications], confidence),
        )
        for number, (service, path) in enumerate(frame.paths)
    )


def counts_of(cases: Sequence[CasesOf]) -> CaseCounts:
    """Return cases of several paths or replications together."""
    return CaseCounts(
        arrived=sum(own.arrived for own in cases),
        ended=sum(own.ended for own in cases),
        abandoned=sum(own.abandoned for own in cases),
        unfinished=sum(own.unfinished for own in cases),
        measured=sum(own.measured for own in cases),
    )


def is_stated(limit: Limit | None) -> bool:
    """Tell whether there is a limit of which the pack is sure."""
    return limit is not None and limit.status == STATED


def standing_of(found: Estimate, target: float, status: str | None) -> tuple[str, str | None]:
    """Return whether a limit of this *status* is kept, and why that is not shown; *found* is the share."""
    why = _unknown(found, status)
    if why is not None or found.low is None or found.high is None:
        return "not_shown", why
    if found.low >= target:
        return "kept", None
    return ("not_kept", None) if found.high < target else ("not_shown", "interval")


def _unknown(found: Estimate, status: str | None) -> str | None:
    """Return why nothing can be said of a limit, None if something can."""
    if status is None:
        return "no_limit"
    if status != STATED:
        return "limit_not_stated"
    if found.value is None:
        return "no_executions"
    return "one_replication" if found.low is None else None


def kept_of_all(steps: Sequence[StepFigures]) -> str:
    """Return the worst standing of the stated limits; nothing is kept where there is none."""
    found = {step.kept for step in steps if step.limit_status == STATED}
    return next((kept for kept in ("not_kept", "not_shown", "kept") if kept in found), "not_shown")


def worst_step(steps: Sequence[StepFigures]) -> StepFigures | None:
    """Return the step with the smallest share within a stated limit, the first of equal ones."""
    shares = [
        (step.share_within.value, number)
        for number, step in enumerate(steps)
        if step.limit_status == STATED and step.share_within.value is not None
    ]
    return steps[min(shares)[1]] if shares else None


def _step(
    place: Place, limit: Limit | None, tallies: Sequence[StepTally], replications: int, targets: Targets
) -> StepFigures:
    service, path, step = place
    confidence = targets.confidence
    share = share_estimate(
        [own.within for own in tallies] if limit else [],
        [own.decided for own in tallies] if limit else [],
        confidence,
    )
    status = limit.status if limit else None
    kept, why = standing_of(share, targets.share, status)
    absent: list[Tally] = [_NO_TIMES] * (replications - len(tallies))
    return StepFigures(
        service=service,
        path=path,
        step=step,
        count=sum(own.sojourn.count for own in tallies),
        open=sum(own.open for own in tallies),
        wait_s=spread_of([own.wait for own in tallies] + absent, confidence),
        service_s=spread_of([own.service for own in tallies] + absent, confidence),
        sojourn_s=spread_of([own.sojourn for own in tallies] + absent, confidence),
        limit_s=limit.limit_us / 1e6 if limit else None,
        norm=limit.norm if limit else None,
        limit_status=status,
        late=sum(own.late + own.open_late for own in tallies),
        share_within=share,
        kept=kept,
        why=why,
    )

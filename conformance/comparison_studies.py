"""Compare two load studies, point by point: limits, times, those who left, and the use of stations.

Source: A. M. Law, Simulation Modeling and Analysis, 5th ed. (2015), 10.2: paired t where both systems
play the same random numbers, Welch's where they do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from conformance.comparison_gaps import (
    Sample,
    gap_of_counts,
    gap_of_pairs,
    gap_of_samples,
    sample_of,
    sample_of_interval,
)
from conformance.comparison_norms import row_of
from conformance.comparison_results import Gap, Row, Side
from conformance.regulation import Text
from conformance.study_figures import Estimate, PathFigures, PointResults, StationFigures, StepFigures
from conformance.study_results import StudyResults

_KEPT = {"kept": 1, "not_kept": 0}


@dataclass(frozen=True, slots=True)
class _Points:
    """The same point of two studies, whether it has a name, and what their intervals hold with."""

    name: str | None
    before: PointResults
    after: PointResults
    paired: bool
    confidences: tuple[float, float]


def matched_points(
    before: StudyResults, after: StudyResults
) -> list[tuple[str | None, PointResults | None, PointResults | None]]:
    """Return the points of two studies by label; of two studies of one point each, these two."""
    if len(before.points) == len(after.points) == 1:
        return [(None, before.points[0], after.points[0])]
    old = {point.label: point for point in before.points}
    new = {point.label: point for point in after.points}
    return [(label, old.get(label), new.get(label)) for label in dict.fromkeys([*old, *new])]


def rows_of_studies(before: StudyResults, after: StudyResults) -> Iterator[Row]:
    """Yield a row for each limit, path and station of the points that both studies have, not yet sorted."""
    actions = {(s.service, s.path, s.step): s.action for s in (*before.steps, *after.steps)}
    for label, old, new in matched_points(before, after):
        if old is None or new is None:
            continue
        confidences = (before.targets.confidence, after.targets.confidence)
        points = _Points(label, old, new, are_paired(before, after), confidences)
        yield from _steps(points, actions)
        yield from _paths(points)
        yield from _stations(points)


def are_paired(before: StudyResults, after: StudyResults) -> bool:
    """Tell whether replications of one number have played the same random numbers: the seed is the same."""
    return before.seed == after.seed and all(p.by_replication for p in (*before.points, *after.points))


def _steps(points: _Points, actions: dict[tuple[str, str, str], Text]) -> Iterator[Row]:
    old, new = ({(s.service, s.path, s.step): s for s in p.steps} for p in (points.before, points.after))
    for place in dict.fromkeys([*old, *new]):
        found = (old.get(place), new.get(place))
        if not any(step is not None and (step.count or step.open) for step in found):
            continue
        one = found[1] or found[0]
        sides = [None if step is None else _step_side(step) for step in found]
        row = row_of(
            "step",
            (one.norm if one is not None else None) or " ".join(place),
            actions.get(place),
            sides,
            service=place[0],
            path=place[1],
            step=place[2],
            point=points.name,
            ranks=_KEPT,
        )
        yield _with_gaps(row, found, points)


def _with_gaps(row: Row, found: tuple[StepFigures | None, StepFigures | None], points: _Points) -> Row:
    old, new = found
    if old is None or new is None:
        return row
    why = row.why if old.limit_s == new.limit_s else (*row.why, "other_limit")
    name = f"{old.service}/{old.path}/{old.step}"
    gaps = [
        _share(name, old, new, points),
        _of_means("p95_s", f"{name} p95_sojourn_s", old.sojourn_s.p95, new.sojourn_s.p95, points),
    ]
    kept = tuple(gap for gap in gaps if gap is not None)
    if not any((step.limit_status, step.why) == ("agreed", None) or step.count for step in (old, new)):
        return replace(row, standing="unclear", why=("no_data",))
    return replace(row, gaps=kept, why=why)


def _step_side(step: StepFigures) -> Side:
    share, p95 = step.share_within, step.sojourn_s.p95
    return Side(
        verdict=step.kept,
        n=step.count + step.open,
        share=share.value,
        share_low=share.low,
        share_high=share.high,
        limit_s=step.limit_s,
        median_s=step.sojourn_s.median_s,
        p95_s=p95.value if p95.value is not None else step.sojourn_s.p95_s,
        p95_low_s=p95.low,
        p95_high_s=p95.high,
        max_s=step.sojourn_s.max_s,
    )


def _share(name: str, old: StepFigures, new: StepFigures, points: _Points) -> Gap | None:
    """Return the difference of the shares within the limit.

    Where no replication differs from another there is no spread to learn from: then all executions are
    counted together, or a few faultless ones would pass for certainty. Pairs in which nobody fared otherwise
    are known to be equal.
    """
    gap = _of_means("share", f"{name} share_within", old.share_within, new.share_within, points)
    if gap is None or gap.low is None or gap.low != gap.high or (points.paired and gap.value == 0):
        return gap
    counts = [(round((step.share_within.value or 0.0) * step.count), step.count) for step in (old, new)]
    return gap_of_counts("share", *counts) if all(n for _, n in counts) else gap


def _paths(points: _Points) -> Iterator[Row]:
    old, new = ({(p.service, p.path): p for p in own.paths} for own in (points.before, points.after))
    for place in dict.fromkeys([*old, *new]):
        one, other = old.get(place), new.get(place)
        if one is None or other is None or not (one.cases.abandoned or other.cases.abandoned):
            continue
        sides = [_path_side(one), _path_side(other)]
        row = row_of("path", "/".join(place), None, sides, service=place[0], path=place[1], point=points.name)
        name = f"{'/'.join(place)} abandoned_share"
        old_share, new_share = (
            Estimate(value=side.share, low=None, high=None, replications=0) for side in sides
        )
        gap = _of_means("abandoned_share", name, old_share, new_share, points)
        yield replace(row, gaps=(gap,) if gap is not None else ())


def _path_side(path: PathFigures) -> Side:
    cases = path.cases
    share = cases.abandoned / cases.arrived if cases.arrived else None
    return Side(good=cases.abandoned, n=cases.arrived, share=share)


def _stations(points: _Points) -> Iterator[Row]:
    old, new = (
        {s.station: s for s in own.stations if s.office is None} for own in (points.before, points.after)
    )
    for name in dict.fromkeys([*old, *new]):
        found = (old.get(name), new.get(name))
        if not any(station is not None and station.asked for station in found):
            continue
        sides = [None if station is None else _station_side(station) for station in found]
        row = row_of("station", name, None, sides, point=points.name, ranks={})
        one, other = found
        if one is None or other is None:
            yield row
            continue
        gaps = [
            _of_means("mean_wait_s", f"{name} mean_wait_s", one.wait_s.mean, other.wait_s.mean, points),
            _of_means("utilisation", f"{name} utilisation", one.utilisation, other.utilisation, points),
        ]
        yield replace(row, gaps=tuple(gap for gap in gaps if gap is not None))


def _station_side(station: StationFigures) -> Side:
    used = station.utilisation
    return Side(
        n=station.asked,
        share=used.value,
        share_low=used.low,
        share_high=used.high,
        median_s=station.wait_s.median_s,
        p95_s=station.wait_s.p95_s,
        max_s=station.wait_s.max_s,
    )


def _of_means(what: str, name: str, old: Estimate, new: Estimate, points: _Points) -> Gap | None:
    """Return the difference of a figure, from its single replications where these were saved."""
    before, after = (own.by_replication.get(name, ()) for own in (points.before, points.after))
    if points.paired:
        both = [b - a for a, b in zip(before, after, strict=False) if a is not None and b is not None]
        return gap_of_pairs(what, both) if both else None
    samples = [
        _sample(values, found, confidence)
        for values, found, confidence in zip((before, after), (old, new), points.confidences, strict=True)
    ]
    if samples[0] is None or samples[1] is None:
        return None
    return gap_of_samples(what, samples[0], samples[1])


def _sample(values: tuple[float | None, ...], found: Estimate, confidence: float) -> Sample | None:
    """Return what replications say of a figure: their own values, or else what the interval tells of them."""
    known = [value for value in values if value is not None]
    if known:
        return sample_of(known)
    if found.value is None:
        return None
    if found.low is None or found.high is None or found.method != "t":
        n = 1 if found.low is None else found.replications
        return sample_of_interval(found.value, 0.0, n, confidence)
    # The other end may have been cut at 0 or 1.
    reach = max(found.value - found.low, found.high - found.value)
    return sample_of_interval(found.value, reach, found.replications, confidence)

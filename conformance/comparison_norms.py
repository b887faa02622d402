"""Compare two judged runs: clauses, norms with their shares and times, scenarios, faults, indicators."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from conformance.comparison_gaps import (
    Bounded,
    gap_of_bounds,
    gap_of_counts,
    gap_of_same_cases,
)
from conformance.comparison_results import Gap, Row, Side
from conformance.comparison_rows import by_verdict
from conformance.indicators.indicator_results import Rate
from conformance.regulation import Text
from conformance.results import ClauseResult, FaultResult, NormResult, Results, ScenarioResult
from conformance.verdicts import Verdict

_SECOND = 1_000_000
_VERDICTS = {"pass": 1, "fail": 0}
_PLAYED = {"passed": 2, "expected": 1, "failed": 0, "error": 0}
_LOCAL_TIME = frozenset({"same_local_day", "calendar_cutoff", "availability_window"})
"""Kinds of norms whose verdict depends on the time zone."""

_Figure = tuple[str, str | None, str | None]
"""A measure, a service and a path; None stands for all."""

Named = TypeVar("Named")
Key = TypeVar("Key")


def rows_of_runs(before: Results, after: Results) -> Iterator[Row]:
    """Yield a row for everything that either of two judged runs tells, not yet sorted."""
    same = before.provenance.log_sha256 == after.provenance.log_sha256
    zones = before.provenance.zone == after.provenance.zone
    yield from _scenarios(before, after)
    yield from _clauses(before.clauses, after.clauses)
    steps = {step.norm: step for step in (*before.steps, *after.steps)}
    for old, new in _matched({n.id: n for n in before.norms}, {n.id: n for n in after.norms}):
        row = _norm(old, new, same=same, zones=zones)
        if row is not None:
            of = steps.get(row.id)  # whose action says more than that it has a limit
            yield row if of is None else replace(row, title=of.action, step=of.step)
    yield from _indicators(before, after, same=same)


def _scenarios(before: Results, after: Results) -> Iterator[Row]:
    played = [{(s.suite, s.id): s for s in run.scenarios} for run in (before, after)]
    for old, new in _matched(*played):
        yield _played("scenario", old, new)
    faults = [{(f.suite, f.id): f for f in run.faults} for run in (before, after)]
    for old_fault, new_fault in _matched(*faults):
        yield _played("fault", old_fault, new_fault)


def _played(
    kind: str, old: ScenarioResult | FaultResult | None, new: ScenarioResult | FaultResult | None
) -> Row:
    one = new or old
    if one is None:
        raise ValueError("a row of nothing")
    sides = [None if side is None else Side(verdict=_status(side)) for side in (old, new)]
    title = one.title if isinstance(one.title, Text) else Text(en=one.title, ru=one.title, kk=one.title)
    return row_of(kind, f"{one.suite}/{one.id}", title, sides, ranks=_PLAYED)


def _status(played: ScenarioResult | FaultResult) -> str:
    if isinstance(played, FaultResult) and played.status == "passed":
        return "passed" if played.caught and played.control_passed else "failed"
    return played.status


def _clauses(before: Sequence[ClauseResult], after: Sequence[ClauseResult]) -> Iterator[Row]:
    for old, new in _matched({c.id: c for c in before}, {c.id: c for c in after}):
        one = new or old
        if one is None or all(side is None or side.verdict is None for side in (old, new)):
            continue
        sides = [
            None
            if side is None
            else Side(
                verdict=str(side.verdict) if side.verdict is not None else "not_checked",
                good=side.n_pass,
                n=side.n_applicable,
            )
            for side in (old, new)
        ]
        yield row_of("clause", one.id, one.gist, sides, service=one.service)


def _norm(old: NormResult | None, new: NormResult | None, *, same: bool, zones: bool) -> Row | None:
    """Return the row of a norm; None where neither run looked at it."""
    one = new or old
    shown = [side for side in (old, new) if side is not None and side.verdict is not Verdict.NOT_RUN]
    if one is None or not shown:
        return None
    sides = [None if side is None else _side(side) for side in (old, new)]
    row = row_of("norm", one.id, one.title, sides, service=one.service, path=one.path)
    if old is None or new is None:
        return row
    if not zones and one.kind in _LOCAL_TIME:
        return _with(row, "unclear", ("other_zone",), ())
    why = list(row.why)
    if old.limit_s != new.limit_s:
        why.append("other_limit")
    return _with(row, row.standing, tuple(why), tuple(_gaps(sides[0], sides[1], same=same)))


def _side(norm: NormResult) -> Side:
    good, n = kept_of(norm)
    measured = norm.measured if norm.measured is not None and norm.measured.n else None
    times: dict[str, float | None] = {}
    if measured is not None:
        names = ("median", "p95", "p95_low", "p95_high", "max")
        times = {f"{name}_s": _seconds(getattr(measured, f"{name}_us")) for name in names}
    return Side(
        verdict=str(norm.verdict),
        good=good if n else None,
        n=n or None,
        share=good / n if n else None,
        limit_s=norm.limit_s,
        **times,
    )


def kept_of(norm: NormResult) -> tuple[int, int]:
    """Return how many kept *norm*, of how many that were decided: cases, or what its rate counts."""
    if norm.rate is not None:
        return norm.rate.met, norm.rate.n
    good = norm.counts.get(Verdict.PASS, 0)
    return good, good + norm.counts.get(Verdict.FAIL, 0)


def _gaps(before: Side | None, after: Side | None, *, same: bool) -> Iterator[Gap]:
    if before is None or after is None:
        return
    if before.good is not None and before.n and after.good is not None and after.n:
        if same:
            yield gap_of_same_cases("share", before.good / before.n, after.good / after.n)
        else:
            yield gap_of_counts("share", (before.good, before.n), (after.good, after.n))
    if before.p95_s is not None and after.p95_s is not None:
        if same:
            yield gap_of_same_cases("p95_s", before.p95_s, after.p95_s)
        else:
            old = Bounded(before.p95_s, before.p95_low_s, before.p95_high_s)
            yield gap_of_bounds("p95_s", old, Bounded(after.p95_s, after.p95_low_s, after.p95_high_s))


def _indicators(before: Results, after: Results, *, same: bool) -> Iterator[Row]:
    for key, pair in _rates(before, after):
        _, service, path = key
        sides = [None if rate is None else _rate_side(rate) for rate in pair]
        name = " ".join(part for part in key if part)
        row = row_of("indicator", name, None, sides, service=service, path=path, ranks={})
        if None in sides:
            yield row
            continue
        gaps = tuple(_gaps(sides[0], sides[1], same=same))
        yield _with(row, "open", () if gaps else ("no_data",), gaps)


def _rates(before: Results, after: Results) -> Iterator[tuple[_Figure, tuple[Rate | None, Rate | None]]]:
    found: list[dict[_Figure, Rate]] = []
    for run in (before, after):
        own: dict[_Figure, Rate] = {}
        if run.indicators is not None:
            own |= {(f.measure, f.service, f.path): f.rate for f in run.indicators.rates}
            if run.indicators.survey is not None:
                answers = run.indicators.survey.distributions
                own |= {(f"satisfaction {d.question}", d.service, None): d.strict for d in answers}
        found.append({key: rate for key, rate in own.items() if rate.n})
    for key in sorted({*found[0], *found[1]}, key=str):
        yield key, (found[0].get(key), found[1].get(key))


def _rate_side(rate: Rate) -> Side:
    return Side(
        verdict=rate.standing,
        good=rate.good,
        n=rate.n,
        share=rate.share,
        share_low=rate.low,
        share_high=rate.high,
    )


def row_of(  # noqa: PLR0913 - what a row is of
    kind: str,
    id_: str,
    title: Text | None,
    sides: Sequence[Side | None],
    *,
    service: str | None = None,
    path: str | None = None,
    step: str | None = None,
    point: str | None = None,
    ranks: Mapping[str, int] = _VERDICTS,
) -> Row:
    """Return a row with what its two *sides* show by their words; one that a side lacks is new or gone."""
    before, after = sides
    if before is None or after is None:
        standing, why = ("new" if before is None else "vanished"), tuple[str, ...]()
    else:
        standing, why = by_verdict(before.verdict or "", after.verdict or "", ranks)
    return Row(
        kind=kind,
        id=id_,
        title=title,
        service=service,
        path=path,
        step=step,
        point=point,
        before=before,
        after=after,
        gaps=(),
        standing=standing,
        why=why,
    )


def _with(row: Row, standing: str, why: tuple[str, ...], gaps: tuple[Gap, ...]) -> Row:
    return replace(row, standing=standing, why=why, gaps=gaps)


def _matched(
    before: Mapping[Key, Named], after: Mapping[Key, Named]
) -> Iterator[tuple[Named | None, Named | None]]:
    """Yield what has the same key, in the order of the first run, then what only the second has."""
    for key in dict.fromkeys([*before, *after]):
        yield before.get(key), after.get(key)


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / _SECOND

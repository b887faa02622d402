"""Exact medians and percentiles in bounded memory: count by size first, look closer afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.engine.sketch import steps_in
from conformance.engine.span_marks import case_span
from conformance.log_store import quoted
from conformance.norms import CaseDuration, Moment, Norm, Percentile, StepDuration
from conformance.results import Measured

if TYPE_CHECKING:
    import duckdb

Place = tuple[str, str, str]
"""A service, a path and a step."""
BARRED = "barred_cases"
_SPANS = "measured_spans"
_SHARES = (50, 95)
_DURATION = "(completed_us - enabled_us)"
# 128 sizes an octave: the ends of a bucket differ by less than one per cent.
_OCTAVE = f"CAST(floor(log2({_DURATION})) AS BIGINT)"
_LARGE = f"({_OCTAVE} << 12) + ({_DURATION} >> ({_OCTAVE} - 7))"
_BUCKET = f"CASE WHEN {_DURATION} < 4096 THEN {_DURATION} ELSE {_LARGE} END"
_MEASURABLE = f"{_DURATION} >= 0"


@dataclass(slots=True)
class _Sizes:
    """How many durations of one step are of each size, and the longest, in microseconds."""

    buckets: Counter[int] = field(default_factory=Counter)
    longest: int = 0

    @property
    def n(self) -> int:
        return self.buckets.total()

    def bucket_of(self, rank: int) -> tuple[int, int]:
        """Return the bucket of the *rank*-th smallest duration, counted from 1, and its rank in there."""
        passed = 0
        for bucket, count in sorted(self.buckets.items()):
            if rank <= passed + count:
                return bucket, rank - passed
            passed += count
        raise ValueError(f"rank {rank} of {passed}")


class DurationCounts:
    """What the norms of a log measure, counted batch by batch: steps by size, whole cases one by one."""

    def __init__(self, log: "duckdb.DuckDBPyConnection", norms: Sequence[Norm]) -> None:
        self._log = log
        self._steps = [norm for norm in norms if isinstance(norm, StepDuration | Percentile) and norm.step]
        self._cases = [
            norm
            for norm in norms
            if isinstance(norm, CaseDuration) or (isinstance(norm, Percentile) and not norm.step)
        ]
        self._sizes: dict[Place, _Sizes] = {}
        self._fast: Counter[tuple[Place, int]] = Counter()
        log.execute(f"CREATE TEMP TABLE {BARRED} (case_id VARCHAR)")
        log.execute(f"CREATE TEMP TABLE {_SPANS} (norm VARCHAR, span BIGINT)")

    def count_batch(self, *, barred: bool) -> None:
        """Count the durations in the table ``batch``, without those of barred cases if there are any."""
        kept = f"case_id NOT IN (FROM {BARRED})" if barred else "true"
        steps = sorted({str(norm.step) for norm in self._steps})
        if steps:
            self._count_steps(f"{_MEASURABLE} AND {steps_in(steps)} AND {kept}")
        for norm in self._cases:
            span = case_span(norm.begins if isinstance(norm, CaseDuration) else Moment.ENABLED)
            self._log.execute(
                f"INSERT INTO {_SPANS} SELECT {quoted(norm.id)}, {span} FROM batch WHERE {kept} "
                f"AND service = {quoted(norm.services[0])} AND path = {quoted(norm.path)} "
                f"GROUP BY case_id HAVING {span} >= 0"
            )

    def add(self, norm_id: str, spans_us: Iterable[int]) -> None:
        """Count what the norm measured in a case that was judged by itself."""
        listed = list(spans_us)
        if listed:
            self._log.execute(f"INSERT INTO {_SPANS} SELECT $1, unnest($2)", [norm_id, listed])

    def measured(self, *, barred: bool) -> dict[str, Measured]:
        """Return what was measured for each norm, by its id: every figure is exact."""
        return self._measured_steps(barred=barred) | self._measured_spans()

    def _count_steps(self, where: str) -> None:
        for *place, bucket, count, longest in self._log.execute(
            f"SELECT service, path, step, {_BUCKET}, count(*), max({_DURATION}) FROM batch WHERE {where} "
            "GROUP BY ALL"
        ).fetchall():
            sizes = self._sizes.setdefault((place[0], place[1], place[2]), _Sizes())
            sizes.buckets[bucket] += count
            sizes.longest = max(sizes.longest, longest)
        by_minimum: dict[int, set[str]] = {}
        for norm in self._steps:
            if isinstance(norm, StepDuration) and norm.min_s is not None:
                by_minimum.setdefault(norm.min_s, set()).add(norm.step)
        for minimum, steps in by_minimum.items():
            for *place, count in self._log.execute(
                f"SELECT service, path, step, count(*) FROM batch WHERE {where} "
                f"AND {steps_in(sorted(steps))} AND {_DURATION} < {minimum * 1_000_000} GROUP BY ALL"
            ).fetchall():
                self._fast[(place[0], place[1], place[2]), minimum] += count

    def _measured_steps(self, *, barred: bool) -> dict[str, Measured]:
        exact = self._look_closer(barred=barred)
        found = {}
        for norm in self._steps:
            place = (norm.services[0], norm.path, str(norm.step))
            sizes = self._sizes.get(place)
            if sizes is None:
                continue
            minimum = norm.min_s if isinstance(norm, StepDuration) else None
            found[norm.id] = Measured(
                n=sizes.n,
                median_us=exact[place, 50],
                p95_us=exact[place, 95],
                max_us=sizes.longest,
                below_minimum=0 if minimum is None else self._fast[place, minimum],
            )
        return found

    def _look_closer(self, *, barred: bool) -> Mapping[tuple[Place, int], int]:
        """Return the durations at the ranks asked for, read from the log within their buckets alone."""
        wanted: dict[tuple[Place, int], list[tuple[int, int]]] = {}
        for place, sizes in self._sizes.items():
            for share in _SHARES:
                bucket, rank = sizes.bucket_of(-(-sizes.n * share // 100))
                wanted.setdefault((place, bucket), []).append((share, rank))
        if not wanted:
            return {}
        listed = ", ".join(f"({', '.join(map(quoted, place))}, {bucket})" for place, bucket in wanted)
        kept = f" AND case_id NOT IN (FROM {BARRED})" if barred else ""
        cursor = self._log.execute(
            f"SELECT service, path, step, {_BUCKET} AS bucket, {_DURATION} AS duration, count(*) FROM judged "
            f"WHERE {_MEASURABLE} AND (service, path, step, {_BUCKET}) IN ({listed}){kept} "
            "GROUP BY ALL ORDER BY duration"
        )
        found: dict[tuple[Place, int], int] = {}
        passed: Counter[tuple[Place, int]] = Counter()
        while rows := cursor.fetchmany(10_000):
            for service, path, step, bucket, duration, count in rows:
                place = (service, path, step)
                before = passed[place, bucket]
                passed[place, bucket] += count
                for share, rank in wanted[place, bucket]:
                    if before < rank <= before + count:
                        found[place, share] = duration
        return found

    def _measured_spans(self) -> dict[str, Measured]:
        totals = self._log.execute(
            f"SELECT norm, count(*), max(span) FROM {_SPANS} GROUP BY norm ORDER BY norm"
        ).fetchall()
        return {
            norm: Measured(
                n=n, median_us=self._span_at(norm, n, 50), p95_us=self._span_at(norm, n, 95), max_us=longest
            )
            for norm, n, longest in totals
        }

    def _span_at(self, norm: str, n: int, share: int) -> int:
        rank = -(-n * share // 100)
        found = self._log.execute(
            f"SELECT span FROM {_SPANS} WHERE norm = $1 ORDER BY span LIMIT 1 OFFSET {rank - 1}", [norm]
        ).fetchall()
        return int(found[0][0])

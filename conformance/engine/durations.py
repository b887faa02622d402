"""Exact medians and percentiles in bounded memory: count by size first, look closer afterwards."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.engine.facts import LogFacts
from conformance.engine.hour_counts import BARRED, HourCounts
from conformance.engine.sketch import steps_in
from conformance.engine.span_marks import case_span
from conformance.indicators.order_statistics import BOTH_SIDES, percentile_ranks
from conformance.log_store import quoted
from conformance.norms import CaseDuration, Moment, Norm, Percentile, StepDuration
from conformance.results import Measured

if TYPE_CHECKING:
    import duckdb

Place = tuple[str, str, str]
"""A service, a path and a step."""
_SPANS = "measured_spans"
MAX_KEPT = 8_000_000
"""How many durations are remembered, some 100 MiB; those of a longer log are read a second time."""
_DURATION = "(completed_us - enabled_us)"
_LEFT_OUT = 45
"""How many bits of a double its size leaves out: 128 sizes an octave, each less than 1 % wide."""
_Numbers = Any
"""An array of whole numbers."""
_ByPlace = dict[Place, _Numbers]
"""Durations, microseconds, by the place of their step."""


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

    def __init__(
        self, log: "duckdb.DuckDBPyConnection", norms: Sequence[Norm], facts: LogFacts, hours: HourCounts
    ) -> None:
        self._log = log
        self._hours = hours
        self._steps = [norm for norm in norms if isinstance(norm, StepDuration | Percentile) and norm.step]
        self._cases = [
            norm
            for norm in norms
            if isinstance(norm, CaseDuration) or (isinstance(norm, Percentile) and not norm.step)
        ]
        wanted = {norm.step for norm in self._steps}
        self._places = [place for place in facts.steps if place[2] in wanted]
        self._facts = facts
        self._minimums = self._minimums_of_steps()
        self._kept: list[_ByPlace] | None = []
        self._spans: list[str] = []
        self._sizes: dict[Place, _Sizes] = {}
        self._fast: Counter[tuple[Place, int]] = Counter()
        log.execute(f"CREATE OR REPLACE TEMP TABLE {BARRED} (case_id VARCHAR)")
        log.execute(f"CREATE OR REPLACE TEMP TABLE {_SPANS} (norm VARCHAR, span BIGINT)")

    def count_batch(self, span: str, *, barred: bool) -> None:
        """Count the durations in *span*, a condition on case ids, without those of *barred* cases."""
        kept = f"({span})" + (f" AND case_id NOT IN (FROM {BARRED})" if barred else "")
        self._spans.append(span)
        if self._places:
            self._count_steps(kept)
        for norm in self._cases:
            span_of_case = case_span(norm.begins if isinstance(norm, CaseDuration) else Moment.ENABLED)
            self._log.execute(
                f"INSERT INTO {_SPANS} SELECT {quoted(norm.id)}, {span_of_case} FROM judged WHERE {kept} "
                f"AND service = {quoted(norm.services[0])} AND path = {quoted(norm.path)} "
                f"GROUP BY case_id HAVING {span_of_case} >= 0"
            )

    def longest_us(self, place: Place) -> int:
        """Return the longest duration at *place*, which has some."""
        return self._sizes[place].longest

    def all_of(self, place: Place) -> _Numbers | None:
        """Return every duration at *place*; None if the log has too many to remember them."""
        import numpy as np  # noqa: PLC0415 - a tenth of the start-up time of whoever only reports

        if self._kept is None:
            return None
        return np.concatenate([durations[place] for durations in self._kept if place in durations])

    def add(self, norm_id: str, spans_us: Iterable[int]) -> None:
        """Count what the norm measured in a case that was judged by itself."""
        listed = list(spans_us)
        if listed:
            self._log.execute(f"INSERT INTO {_SPANS} SELECT $1, unnest($2)", [norm_id, listed])

    def measured(self, *, barred: bool) -> dict[str, Measured]:
        """Return what was measured for each norm, by its id: every figure is exact."""
        return self._measured_steps(barred=barred) | self._measured_spans()

    def _minimums_of_steps(self) -> dict[str, tuple[int, ...]]:
        """Return by step the least durations, seconds, that norms name for it."""
        named: dict[str, set[int]] = {}
        for norm in self._steps:
            if isinstance(norm, StepDuration) and norm.min_s is not None:
                named.setdefault(norm.step, set()).add(norm.min_s)
        return {step: tuple(sorted(minimums)) for step, minimums in named.items()}

    def _keep(self, durations: _ByPlace) -> None:
        """Remember the durations of a batch, as long as all together are not too many."""
        if self._kept is not None:
            self._kept.append(durations)
            if sum(len(own) for kept in self._kept for own in kept.values()) > MAX_KEPT:
                self._kept = None

    def _all_durations(self, *, barred: bool) -> Iterator[_ByPlace]:
        """Yield the durations of every batch by their places: remembered or read again."""
        if self._kept is not None:
            yield from self._kept
            return
        kept = f" AND case_id NOT IN (FROM {BARRED})" if barred else ""
        for span in self._spans:
            yield self._durations(f"({span}){kept}")[0]

    def _durations(self, where: str) -> tuple[_ByPlace, _ByPlace]:
        """Return by their places all durations not below zero, and the local hours of their begins."""
        import numpy as np  # noqa: PLC0415 - a tenth of the start-up time of whoever only reports

        steps = sorted({step for _, _, step in self._places})
        numbers = " ".join(f"WHEN {quoted(step)} THEN {number}" for number, step in enumerate(steps))
        found = self._log.execute(
            f"SELECT CAST(({self._facts.route_sql()}) * {len(steps)} + CASE step {numbers} END AS INTEGER) "
            f"AS place, {_DURATION} AS duration, {self._hours.hour_sql('enabled_us')} AS hour FROM judged "
            f"WHERE {where} AND {_DURATION} >= 0 AND {steps_in(steps)}"
        ).fetchnumpy()
        is_small = self._facts.routes * len(steps) <= np.iinfo(np.int16).max
        places = found["place"].astype(np.int16) if is_small else found["place"]
        order = places.argsort(kind="stable")  # small numbers are put in order by counting them
        rising, durations, hours = places[order], found["duration"][order], found["hour"][order]
        own, begun = {}, {}
        for place in self._places:
            first, last = (int(rising.searchsorted(self._number(place), side)) for side in ("left", "right"))
            if first < last:
                own[place], begun[place] = durations[first:last], hours[first:last]
        return own, begun

    def _number(self, place: Place) -> int:
        """Return the number by which a batch calls *place*."""
        service, path, step = place
        steps = sorted({step for _, _, step in self._places})
        return self._facts.number(service, path) * len(steps) + steps.index(step)

    def _count_steps(self, where: str) -> None:
        import numpy as np  # noqa: PLC0415 - a tenth of the start-up time of whoever only reports

        durations, hours = self._durations(where)
        self._keep(durations)
        for place, own in durations.items():
            self._hours.add(place, own, hours[place])
            sizes = self._sizes.setdefault(place, _Sizes())
            found, counts = np.unique(_sizes_of(own), return_counts=True)
            sizes.buckets.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))
            sizes.longest = max(sizes.longest, int(own.max()))
            for minimum in self._minimums.get(place[2], ()):
                self._fast[place, minimum] += int((own < minimum * 1_000_000).sum())

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
                max_us=sizes.longest,
                below_minimum=0 if minimum is None else self._fast[place, minimum],
                **exact[place],
            )
        return found

    def _look_closer(self, *, barred: bool) -> Mapping[Place, dict[str, int]]:
        """Return the durations at the ranks asked for, by name, read within their buckets alone."""
        wanted: dict[Place, dict[int, list[tuple[str, int]]]] = {}
        for place, sizes in self._sizes.items():
            buckets = wanted.setdefault(place, {})
            for name, rank in _ranks_of(sizes.n).items():
                bucket, inside = sizes.bucket_of(rank)
                buckets.setdefault(bucket, []).append((name, inside))
        within = self._values_of(wanted, barred=barred) if wanted else {}
        found: dict[Place, dict[str, int]] = {place: {} for place in wanted}
        for place, buckets in wanted.items():
            for bucket, asked in buckets.items():
                values, counts = within[place, bucket]
                ranks = counts.cumsum()
                found[place] |= {name: int(values[ranks.searchsorted(rank)]) for name, rank in asked}
        return found

    def _values_of(
        self, wanted: Mapping[Place, Iterable[int]], *, barred: bool
    ) -> dict[tuple[Place, int], tuple[_Numbers, _Numbers]]:
        """Return the durations in the *wanted* buckets, each once, rising, and how many there are of each."""
        import numpy as np  # noqa: PLC0415 - as above

        found: dict[tuple[Place, int], tuple[_Numbers, _Numbers]] = {}
        for durations in self._all_durations(barred=barred):
            for place, buckets in wanted.items():
                own = durations.get(place, np.empty(0, np.int64))
                sizes = _sizes_of(own)
                for bucket in buckets:
                    values, counts = np.unique(own[sizes == bucket], return_counts=True)
                    if (place, bucket) in found:
                        before, before_counts = found[place, bucket]
                        values, back = np.unique(np.concatenate([before, values]), return_inverse=True)
                        counts = np.bincount(back, np.concatenate([before_counts, counts])).astype(np.int64)
                    found[place, bucket] = values, counts
        return found

    def _measured_spans(self) -> dict[str, Measured]:
        totals = self._log.execute(
            f"SELECT norm, count(*), max(span) FROM {_SPANS} GROUP BY norm ORDER BY norm"
        ).fetchall()
        return {
            norm: Measured(
                n=n,
                max_us=longest,
                **{name: self._span_at(norm, rank) for name, rank in _ranks_of(n).items()},
            )
            for norm, n, longest in totals
        }

    def _span_at(self, norm: str, rank: int) -> int:
        found = self._log.execute(
            f"SELECT span FROM {_SPANS} WHERE norm = $1 ORDER BY span LIMIT 1 OFFSET {rank - 1}", [norm]
        ).fetchall()
        return int(found[0][0])


def _ranks_of(n: int) -> dict[str, int]:
    """Return the ranks of what is measured of *n* durations, by the names of the figures."""
    ranks = percentile_ranks(95, n, BOTH_SIDES)
    named = {"median_us": -(-n * 50 // 100), "p95_us": ranks.value}
    bounds = {"p95_low_us": ranks.low, "p95_high_us": ranks.high}
    return named | {name: rank for name, rank in bounds.items() if rank is not None}


def _sizes_of(durations: _Numbers) -> _Numbers:
    """Return the size of each duration, which grows with it: the first bits of the number as a double."""
    import numpy as np  # noqa: PLC0415 - as above

    return durations.astype(np.float64).view(np.int64) >> _LEFT_OUT

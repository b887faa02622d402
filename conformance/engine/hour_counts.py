"""Count what charts draw while the batches of a log pass by: steps by local hour, arrivals, who waits."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conformance.chart_figures import (
    MOST_POINTS,
    NOTHING,
    QUARTER_US,
    Place,
    Quarters,
    Waits,
    clock_of,
    day_figures,
    limits_of,
    place_of,
    step_times,
    times_of,
    worst_of,
)
from conformance.chart_results import HOURS, ChartFigures, StepHours, StepTimes
from conformance.engine.facts import LogFacts
from conformance.engine.zones import local_moment
from conformance.log_store import quoted
from conformance.pack import Pack

if TYPE_CHECKING:
    import duckdb

    from conformance.engine.durations import DurationCounts

BARRED = "barred_cases"
"""The table of cases that no norm can judge."""
_HOUR_US = 4 * QUARTER_US
_Numbers = Any
"""An array of whole numbers."""


class HourCounts:
    """Executions by place and local hour, those within their limit, and cases by the hour of their begin."""

    def __init__(self, log: "duckdb.DuckDBPyConnection", pack: Pack, facts: LogFacts) -> None:
        self._log = log
        self._limits = limits_of(pack.norms)
        self._clock = clock_of(pack.act.zone, facts.first_us, facts.last_us)
        self._n: dict[Place, _Numbers] = {}
        self._within: dict[Place, _Numbers] = {}
        self._arrivals: Counter[int] = Counter()

    def hour_sql(self, moment: str) -> str:
        """Return the SQL of the local hour, 0 to 23, of the SQL *moment*; a constant where none is asked."""
        if self._clock is None:
            return "CAST(0 AS TINYINT)"
        return f"CAST(({local_moment(moment, self._clock.offsets)} // {_HOUR_US}) % {HOURS} AS TINYINT)"

    def add(self, place: Place, durations: _Numbers, hours: _Numbers) -> None:
        """Count the *durations* of a place, each with the local hour in which it began."""
        import numpy as np  # noqa: PLC0415 - a tenth of the start-up time of whoever only reports

        limit_s = self._limits.get(place)
        if self._clock is None or limit_s is None:
            return
        kept = hours[durations <= limit_s * 1_000_000]
        for counts, chosen in ((self._n, hours), (self._within, kept)):
            found = np.bincount(chosen, minlength=HOURS)
            counts[place] = found + counts[place] if place in counts else found

    def add_cases(self) -> None:
        """Count the begins of the cases of the filled batch that norms can judge."""
        if self._clock is None:
            return
        found = self._log.execute(
            f"SELECT {self.hour_sql('begun')}, count(*) FROM profiles "
            f"WHERE begun IS NOT NULL AND case_id NOT IN (FROM {BARRED}) GROUP BY 1"
        ).fetchall()
        self._arrivals.update(dict(found))

    def figures(self, durations: "DurationCounts", *, barred: bool) -> ChartFigures:
        """Return what the charts draw, the worst step's times from *durations*."""
        if self._clock is None:
            return NOTHING
        hours = tuple(self._step_hours())
        worst = worst_of(hours, {place_of(one): durations.longest_us(place_of(one)) for one in hours})
        return ChartFigures(
            hours=hours,
            worst=None if worst is None else self._times(worst, durations, barred=barred),
            day=day_figures(self._clock, self._arrivals, self._waits()),
        )

    def _times(self, worst: StepHours, durations: "DurationCounts", *, barred: bool) -> StepTimes:
        """Return the times of a step: from what is remembered of the log, or else read again."""
        remembered = durations.all_of(place_of(worst))
        if remembered is not None:
            return step_times(worst, remembered)
        place = (("service", worst.service), ("path", worst.path), ("step", worst.step))
        kept = " AND ".join(f"{column} = {quoted(value)}" for column, value in place)
        kept += f" AND case_id NOT IN (FROM {BARRED})" if barred else ""
        total = sum(worst.n)
        points = self._log.execute(
            "SELECT max(us), max(upto) FROM (SELECT us, sum(n) OVER (ORDER BY us) AS upto FROM ("
            "SELECT completed_us - enabled_us AS us, count(*) AS n FROM judged "
            f"WHERE {kept} AND completed_us >= enabled_us GROUP BY 1)) "
            f"GROUP BY (upto - 1) * {MOST_POINTS} // {total} ORDER BY 1"
        ).fetchall()
        return times_of(worst, [(int(us), int(upto)) for us, upto in points])

    def _step_hours(self) -> Iterator[StepHours]:
        for place in sorted(self._n):
            service, path, step = place
            yield StepHours(
                service=service,
                path=path,
                step=step,
                limit_s=self._limits[place],
                n=tuple(self._n[place].tolist()),
                within=tuple(self._within[place].tolist()),
            )

    def _waits(self) -> Waits:
        came, went = (self._by_quarter(moment) for moment in ("enabled_us", "started_us"))
        return Waits(sum(n for n, _ in came.values()), came, went)

    def _by_quarter(self, moment: str) -> Quarters:
        found = self._log.execute(
            f"SELECT {moment} // {QUARTER_US}, count(*), "
            f"CAST(sum({QUARTER_US} - {moment} % {QUARTER_US}) AS BIGINT) "
            "FROM judged WHERE enabled_us <= started_us GROUP BY 1"
        ).fetchall()
        return {quarter: (n, rest_us) for quarter, n, rest_us in found}

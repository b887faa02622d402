"""Where the beginning ends: how much of a run that starts empty is cut off before anything is measured.

That is for runs that come to rest. A day that opens and closes never does: there the beginning belongs to it.
Source: K. P. White, Simulation 69 (1997), 323-334 (MSER); P. D. Welch, in Computer Performance Modeling
Handbook (1983), 268-328 (moving average).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.study_results import WarmUp
from sim.load.frame import Frame
from sim.load.packing import unpacked
from sim.load.replication import Replication

BATCH = 5
_CUTS_UNTIL = 0.5
_LOOKS_UNTIL = 0.75
_MUCH_LESS = 0.75
"""A series has not settled if a cut up to _LOOKS_UNTIL has so much less error than all up to _CUTS_UNTIL.

Of noise alone a later cut has more error, twice as much at three quarters as at half; of a steady rise, half.
"""

NEVER_SETTLES = (
    "The series does not come to rest in the first half of the run, so nothing was cut; run longer."
)
TOO_SHORT = "The series is too short to tell where its beginning ends."


@dataclass(frozen=True, slots=True)
class Cut:
    """How many values of a series to cut off, a multiple of BATCH; *settled* is false if none is right."""

    values: int
    settled: bool
    note: str | None = None


def mser5(series: Sequence[float]) -> Cut:
    """Return the cut after which the mean of the rest has the least standard error, in means of five values.

    It lies in the first half of the series. If one beyond were much better, the series has not settled.
    """
    count = len(series) // BATCH
    if count < 4:
        return Cut(0, settled=False, note=TOO_SHORT)
    means = np.asarray(series[: count * BATCH], float).reshape(count, BATCH).mean(axis=1)
    errors = [float(np.mean((rest - rest.mean()) ** 2) / len(rest)) for rest in _rests(means)]
    half = int(count * _CUTS_UNTIL) + 1
    best = int(np.argmin(errors[:half]))
    if min(errors[half:]) < _MUCH_LESS * errors[best]:
        return Cut(0, settled=False, note=NEVER_SETTLES)
    return Cut(best * BATCH, settled=True)


def moving_average(series: Sequence[float], window: int) -> tuple[float, ...]:
    """Return Welch's average over *window* values to each side, fewer where the series begins.

    It ends *window* values before the series does.
    """
    values = np.asarray(series, float)
    reach = [min(n, window) for n in range(max(len(values) - window, 0))]
    return tuple(float(values[n - r : n + r + 1].mean()) for n, r in enumerate(reach))


def series_of(replications: Sequence[Replication], frame: Frame, of: str) -> tuple[float, ...]:
    """Return the mean over replications at the moments up to the end of the window.

    *of* is ``under_way``, the number of cases, or ``time_s``, the mean time of the cases that arrived until
    the next moment; where none did it stays as it was. Raises ValueError for another one.
    """
    moments = int(np.count_nonzero(frame.moments_us() < frame.until_us))
    if of == "under_way":
        values = np.mean([unpacked(own.under_way) for own in replications], axis=0)
    elif of == "time_s":
        total = np.sum([unpacked(own.time_us) for own in replications], axis=0)
        ended = np.sum([unpacked(own.ended) for own in replications], axis=0)
        values = _carried(total / 1e6 / np.maximum(ended, 1), ended > 0)
    else:
        raise ValueError(f"{of!r} is no series")
    return tuple(float(f"{value:.6g}") for value in values[:moments])


def warm_up_of(
    replications: Sequence[Replication], frame: Frame, of: str = "under_way", window: int = BATCH
) -> WarmUp:
    """Return the cut by MSER-5 with its series; the moving average over *window* is for its picture."""
    series = series_of(replications, frame, of)
    cut = mser5(series)
    return WarmUp(
        method="mser5",
        cut_us=cut.values * frame.grid.step_us if cut.settled else None,
        settled=cut.settled,
        of=of,
        from_us=frame.grid.from_us,
        step_us=frame.grid.step_us,
        series=series,
        smoothed=moving_average(series, window),
        window=window,
        note=cut.note,
    )


def _rests(means: Any) -> list[Any]:
    return [means[cut:] for cut in range(int(len(means) * _LOOKS_UNTIL) + 1)]


def _carried(values: Any, known: Any) -> Any:
    """Return *values* with each unknown one as the last known before it, 0 at the beginning."""
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return np.where(last < 0, 0.0, values[last])

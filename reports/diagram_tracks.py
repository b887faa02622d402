"""Tracks in the channels of a diagram: lines that share a stretch of a channel run side by side.

Places are counted in a scale of their own: row or column n is at 4n + 2, the channel before it at 4n.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.diagram_grid import Grid
from reports.diagram_routes import Leg, Route, Side

_FINE = 1 / 1000
"""An offset of a port in pixels, in the scale of places."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """The track of each leg, by flow and number of the leg, and how many tracks each channel has."""

    of: Mapping[tuple[str, int], int]
    upright: Mapping[int, int]
    level: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The stretch of a channel that leg *number* of a flow takes.

    *left* and *right* are the heights at which its line comes from the column before or goes into the next.
    """

    flow: str
    number: int
    low: float
    high: float
    left: float | None
    right: float | None


def tracks_of(routes: Sequence[Route], grid: Grid) -> Tracks:
    """Return a track for each leg of *routes*; legs that meet in a channel have different ones."""
    by_channel: dict[Leg, list[_Stretch]] = defaultdict(list)
    for route in routes:
        for number, leg in enumerate(route.legs):
            by_channel[leg].append(_stretch(route, number, grid))
    found: dict[tuple[str, int], int] = {}
    counts: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for leg, stretches in by_channel.items():
        tracks = _assign(_ordered(stretches) if leg.upright else stretches)
        counts[leg.upright][leg.channel] = max(tracks.values()) + 1
        found |= tracks
    return Tracks(found, counts[True], counts[False])


def _stretch(route: Route, number: int, grid: Grid) -> _Stretch:
    leg, legs = route.legs[number], route.legs
    source, target = route.flow.source, route.flow.target
    out_y = 4 * grid.row[source] + 2 + route.out_offset * _FINE
    in_y = 4 * grid.row[target] + 2 + route.in_offset * _FINE
    first, last = number == 0, number == len(legs) - 1
    if not leg.upright:
        begin = 4 * grid.column[source] + 2 if first else 4 * legs[number - 1].channel
        ends = (begin, 4 * legs[number + 1].channel)
        return _Stretch(route.flow.id, number, min(ends), max(ends), None, None)
    begin_y = out_y if first else 4 * legs[number - 1].channel
    end_y = in_y if last else 4 * legs[number + 1].channel
    left = [out_y] if first else []
    left += [in_y] if last and route.enters is Side.RIGHT else []
    right = in_y if last and route.enters is Side.LEFT else None
    return _Stretch(
        route.flow.id, number, min(begin_y, end_y), max(begin_y, end_y), left[0] if left else None, right
    )


def _ordered(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Return *stretches* so that a line from the left comes before one that goes right at its height.

    Where that cannot be for all, the first of those left over comes next.
    """
    waiting = sorted(stretches, key=lambda s: (s.right is not None, s.left is None, s.high - s.low))
    ordered: list[_Stretch] = []
    while waiting:
        free = [s for s in waiting if s.right is None or not _blocked(s, waiting)]
        chosen = free[0] if free else waiting[0]
        ordered.append(chosen)
        waiting.remove(chosen)
    return ordered


def _blocked(stretch: _Stretch, waiting: Sequence[_Stretch]) -> bool:
    return any(other is not stretch and other.left == stretch.right for other in waiting)


def _assign(stretches: Sequence[_Stretch]) -> dict[tuple[str, int], int]:
    """Return the first track for each stretch that is right of all those before it that it meets."""
    placed: list[tuple[_Stretch, int]] = []
    for stretch in stretches:
        met = [track for other, track in placed if other.low <= stretch.high and stretch.low <= other.high]
        placed.append((stretch, max(met, default=-1) + 1))
    return {(stretch.flow, stretch.number): track for stretch, track in placed}

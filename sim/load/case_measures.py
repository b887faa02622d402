"""Cases, counted: how they ended and how long they took, how many are under way, and where others stand."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.load.blocks import Column, PlayedCases
from sim.load.frame import Frame
from sim.load.histogram import Histograms
from sim.load.known_cases import KnownCases
from sim.load.replication import SERVED, UNDER_WAY, WAITS, CasesOf, Standing, StandingCase

MOST_NAMED = 50
"""So many unfinished cases are kept by name: those that came first."""

_ARRIVED, _ENDED, _ABANDONED, _UNFINISHED, _MEASURED = range(5)


@dataclass(slots=True)
class CaseMeasures:
    """Figures by path, and by moment of the grid; the last entry of a grid is for what comes after it.

    *ends* counts the last step of ended cases with its outcome, *standing* where the unfinished ones stand.
    """

    frame: Frame
    kinds: Column
    counts: Any
    times: Histograms
    arrivals: Column
    under_way: Column
    ended: Column
    time_us: Column
    ends: Counter[tuple[int, ...]] = field(default_factory=Counter)
    standing: Counter[tuple[int, ...]] = field(default_factory=Counter)
    standing_cases: list[StandingCase] = field(default_factory=list)

    @classmethod
    def begin(cls, frame: Frame, kinds: Column) -> "CaseMeasures":
        """Return the figures of no case; *kinds* is the kind of each station, the last one for none."""
        paths, moments = len(frame.paths), frame.grid.count + 1
        arrivals, under_way, ended, time_us = (np.zeros(moments, np.int64) for _ in range(4))
        counts = np.zeros((paths, 5), np.int64)
        times = Histograms.empty(paths)
        return cls(frame, kinds, counts, times, arrivals, under_way, ended, time_us)

    def add(self, block: PlayedCases, known: KnownCases) -> None:
        """Count the cases of a block."""
        arrival_us, path = block.cases.arrival_us, known.path
        by_number = (
            (_ARRIVED, slice(None)),
            (_ENDED, known.ended),
            (_ABANDONED, known.finished & ~known.ended),
            (_UNFINISHED, ~known.finished),
            (_MEASURED, known.measured),
        )
        for number, which in by_number:
            self.counts[:, number] += np.bincount(path[which], minlength=len(self.counts))
        timed = known.measured & known.ended
        self.times.add(path[timed], (known.end_us - arrival_us)[timed])
        self._add_to_grid(arrival_us, known)
        self._add_ends(block, known)
        if not known.finished.all():
            self._add_standing(block, known)

    def _add_to_grid(self, arrival_us: Column, known: KnownCases) -> None:
        grid = self.frame.grid
        first = self.frame.ticks(arrival_us)
        behind = np.where(known.finished, self.frame.ticks(known.end_us), grid.count)
        np.add.at(self.under_way, first, 1)
        np.subtract.at(self.under_way, behind, 1)
        span = (arrival_us - grid.from_us) // grid.step_us
        span = np.where((span < 0) | (span > grid.count), grid.count, span)
        np.add.at(self.arrivals, span, 1)
        ended = known.ended
        np.add.at(self.ended, span[ended], 1)
        np.add.at(self.time_us, span[ended], (known.end_us - arrival_us)[ended])

    def _add_ends(self, block: PlayedCases, known: KnownCases) -> None:
        rows = block.rows
        last = np.flatnonzero(np.diff(known.of_row, append=-1))
        last = last[known.ended[known.of_row[last]]]
        columns = (known.path[known.of_row[last]], rows.step[last], rows.outcome[last])
        self.ends.update(_counted(columns))

    def _add_standing(self, block: PlayedCases, known: KnownCases) -> None:
        visits, cases = block.visits, block.cases
        visit = np.full(len(block), -1, np.int64)
        there = np.flatnonzero((visits.ended_us < 0) & (visits.asked_us >= 0))
        visit[known.of_visit[there]] = there  # of several the latest, which is the one it waits for
        which = np.flatnonzero(~known.finished)
        visit, path, step = visit[which], known.path[which], cases.step[which]
        kind, doing = np.full(len(which), -1, np.int64), np.full(len(which), UNDER_WAY, np.int64)
        since_us = cases.arrival_us[which].copy()
        held = visit >= 0
        kind[held] = self.kinds[visits.station[visit[held]]]
        doing[held] = np.where(visits.started_us[visit[held]] < 0, WAITS, SERVED)
        since_us[held] = visits.asked_us[visit[held]]
        self.standing.update(_counted((path, step, kind, doing)))
        named = [
            StandingCase(
                case=int(cases.number[which[n]]),
                office=int(cases.office[which[n]]),
                path=int(path[n]),
                step=int(step[n]),
                kind=int(kind[n]),
                doing=int(doing[n]),
                since_us=int(since_us[n]),
            )
            for n in range(min(MOST_NAMED, len(which)))
        ]
        kept = sorted([*self.standing_cases, *named], key=lambda standing: standing.case)
        self.standing_cases = kept[:MOST_NAMED]

    def by_path(self) -> tuple[CasesOf, ...]:
        """Return the cases of each path."""
        return tuple(
            CasesOf(arrived=a, ended=e, abandoned=left, unfinished=u, measured=m, time=time)
            for (a, e, left, u, m), time in zip(self.counts.tolist(), self.times.tallies(), strict=True)
        )

    def ends_in_order(self) -> tuple[tuple[int, int, int, int], ...]:
        """Return how often cases of a path ended with a step and an outcome, by their numbers."""
        return tuple((*key, count) for key, count in sorted(self.ends.items()))  # type: ignore[misc]

    def standing_in_order(self) -> tuple[Standing, ...]:
        """Return where the unfinished cases stand."""
        return tuple(
            Standing(path=path, step=step, kind=kind, doing=doing, count=count)
            for (path, step, kind, doing), count in sorted(self.standing.items())
        )


def _counted(columns: tuple[Column, ...]) -> dict[tuple[int, ...], int]:
    """Return how often each combination of the columns occurs."""
    if not len(columns[0]):
        return {}
    code, sizes = np.zeros_like(columns[0]), [int(column.max()) + 2 for column in columns]
    for column, size in zip(columns, sizes, strict=True):
        code = code * size + column + 1
    codes, counts = np.unique(code, return_counts=True)
    found: dict[tuple[int, ...], int] = {}
    for value, count in zip(codes.tolist(), counts.tolist(), strict=True):
        rest, numbers = value, list[int]()
        for size in reversed(sizes):
            rest, digit = divmod(rest, size)
            numbers.append(digit - 1)
        found[tuple(reversed(numbers))] = count
    return found

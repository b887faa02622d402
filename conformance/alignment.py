"""The cheapest explanation of a route against the graph of its process: what was skipped, added or swapped.

A route is read from its first step on. Each way of explaining it is a way through the states (how many of its
steps are read, where the process stands); a step read where the process expects it costs nothing:

=============  ===============================================  ====
kind           what it says                                     cost
=============  ===============================================  ====
``fits``       the process expects the step here                0
``skipped``    the process demands a step that the route lacks  1
``inserted``   the step has no place here                       1
``repeated``   it has no place: it was done already             1
``after_end``  it has no place: the process had ended           1
``swapped``    two neighbours stand in the wrong order          2
=============  ===============================================  ====

The costs are those of standard alignments (one for each move in the log or in the model alone; a swap is
one of each), so fitness agrees with other tools. Ties are broken by rule. Of the cheapest explanations
those with the fewest findings are taken (a swap is one finding), of these those that leave the fewest steps
of the route without a place, and of these the one that, from the first step on, prefers: what fits, a swap,
a step without a place, a skipped step in the order in which the graph names them. What a step without a
place is called is decided last: ``repeated`` if the row before is of the same step, else ``after_end`` if
the process has ended, else ``repeated`` if the step was done before, else ``inserted``.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from conformance.context import Graph

MOVE, FINDING, WITHOUT_PLACE = 1 << 50, 1 << 25, 1
"""What a move, a finding and a step without a place weigh in the search.

No route that is short enough to be explained has so many of the lesser ones that they weigh as much as one
of the greater."""
SKIP = MOVE + FINDING
INSERT = MOVE + FINDING + WITHOUT_PLACE
SWAP = 2 * MOVE + FINDING
MOST_WORK = 200_000
"""Edges looked at for one route; a route that would need more is refused. It is about a second of work."""

START = ""
"""The state before the first step; any other state is the last step that the process has done."""
Weights = dict[str, int]
"""What it costs to come to the end, by state."""


class MoveKind(StrEnum):
    """What an explanation says of one step."""

    FITS = "fits"
    SKIPPED = "skipped"
    INSERTED = "inserted"
    REPEATED = "repeated"
    AFTER_END = "after_end"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True)
class Move:
    """One part of an explanation: the steps it speaks of (two for a swap, in the order of the route)."""

    kind: MoveKind
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A route explained: its moves, their *cost*, and what the worst explanation of it would cost."""

    moves: tuple[Move, ...]
    cost: int
    worst: int

    @property
    def fitness(self) -> float:
        """Return the fitness, from 0 (nothing fits) to 1 (everything does)."""
        return 1 - self.cost / self.worst if self.worst else 1.0


@dataclass(frozen=True)
class Process:
    """A graph prepared for the search; *unfinished* routes may stop anywhere: what lacks may still come."""

    graph: Graph
    unfinished: bool = False

    def after(self, state: str) -> tuple[str, ...]:
        """Return the steps that may come in *state*, in the graph's order."""
        return self._after.get(state, ())

    def may_end(self, state: str) -> bool:
        """Tell whether a route may stop in *state*."""
        return self.unfinished or state in self.graph.endings

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Return every state."""
        return tuple(sorted({*self._after, *(step for after in self._after.values() for step in after)}))

    @cached_property
    def edges(self) -> int:
        """Return how many edges and states one step of a route makes the search look at."""
        return len(self.states) + sum(map(len, self._after.values()))

    @cached_property
    def before(self) -> dict[str, tuple[str, ...]]:
        """Return the states from which each state can be reached by one step."""
        found: dict[str, list[str]] = {}
        for state in self.states:
            for step in self.after(state):
                found.setdefault(step, []).append(state)
        return {state: tuple(sources) for state, sources in found.items()}

    @cached_property
    def shortest(self) -> int | None:
        """Return the number of steps of the shortest way from beginning to end, None if there is no way."""
        weight = relax(self, {state: 0 for state in self.states if self.may_end(state)}).get(START)
        return None if weight is None else weight // MOVE

    @cached_property
    def _after(self) -> dict[str, tuple[str, ...]]:
        known = (*self.graph.successors, *sorted(self.graph.starts))
        starts = tuple(step for step in dict.fromkeys(known) if step in self.graph.starts)
        return {START: starts, **self.graph.successors}


def work_of(length: int, process: Process) -> int:
    """Return how many edges it takes to explain a route of *length* steps."""
    return (length + 1) * process.edges


def fits(route: Sequence[str], process: Process) -> bool:
    """Tell whether *process* allows *route* as it stands."""
    state = START
    for step in route:
        if step not in process.after(state):
            return False
        state = step
    return process.may_end(state)


def explain_route(route: Sequence[str], process: Process) -> Explanation | None:
    """Return the cheapest explanation of *route*.

    None if the route is too long, or the process has no way from its beginning to an end.
    """
    if process.shortest is None or work_of(len(route), process) > MOST_WORK:
        return None
    weights = _weights_to_go(route, process)
    moves = tuple(_named(route, list(_cheapest(route, process, weights)), process))
    return Explanation(moves, weights[0][START] // MOVE, process.shortest + len(route))


def relax(process: Process, found: Weights) -> Weights:
    """Return what every state costs if it may skip steps to come to one of the states of *found*."""
    weights = dict(found)
    waiting = [(weight, state) for state, weight in found.items()]
    heapq.heapify(waiting)
    while waiting:
        weight, state = heapq.heappop(waiting)
        if weight > weights[state]:
            continue
        for source in process.before.get(state, ()):
            if source not in weights or weight + SKIP < weights[source]:
                weights[source] = weight + SKIP
                heapq.heappush(waiting, (weight + SKIP, source))
    return weights


@dataclass(frozen=True, slots=True)
class _Edge:
    """A move from one state of the search to another: *read* steps of the route are read then."""

    move: Move
    weight: int
    read: int
    state: str


def _edges(route: Sequence[str], read: int, state: str, process: Process) -> Iterator[_Edge]:
    """Yield the moves that are possible after *read* steps of *route*, the preferred ones first."""
    allowed = process.after(state)
    rest = route[read : read + 2]
    if rest and rest[0] in allowed:
        yield _Edge(Move(MoveKind.FITS, (rest[0],)), 0, read + 1, rest[0])
    if len(rest) == 2 and rest[0] != rest[1] and rest[1] in allowed and rest[0] in process.after(rest[1]):
        yield _Edge(Move(MoveKind.SWAPPED, tuple(rest)), SWAP, read + 2, rest[0])
    if rest:
        yield _Edge(Move(MoveKind.INSERTED, (rest[0],)), INSERT, read + 1, state)
    for step in allowed:
        yield _Edge(Move(MoveKind.SKIPPED, (step,)), SKIP, read, step)


def _weights_to_go(route: Sequence[str], process: Process) -> list[Weights]:
    """Return for every number of steps read what it costs from each state to the end of *route*."""
    layers: list[Weights] = [{} for _ in route]
    layers.append(relax(process, {state: 0 for state in process.states if process.may_end(state)}))
    for read in range(len(route) - 1, -1, -1):
        here: Weights = {}
        for state in process.states:
            options = [
                edge.weight + layers[edge.read][edge.state]
                for edge in _edges(route, read, state, process)
                if edge.read > read and edge.state in layers[edge.read]
            ]
            if options:
                here[state] = min(options)
        layers[read] = relax(process, here)
    return layers


def _cheapest(route: Sequence[str], process: Process, layers: Sequence[Weights]) -> Iterator[Move]:
    """Yield the moves of the cheapest way, by preference where several are as cheap."""
    read, state = 0, START
    while read < len(route) or layers[read][state]:
        to_go = layers[read][state]
        for edge in _edges(route, read, state, process):
            if edge.state in layers[edge.read] and edge.weight + layers[edge.read][edge.state] == to_go:
                yield edge.move
                read, state = edge.read, edge.state
                break


def _named(route: Sequence[str], moves: Sequence[Move], process: Process) -> Iterator[Move]:
    """Yield *moves* with the last word on what the steps without a place are called."""
    others = [i for i, move in enumerate(moves) if move.kind is not MoveKind.INSERTED]
    last = others[-1] if others else -1
    ended = last >= 0 and moves[last].steps[0] in process.graph.endings
    read = 0
    for i, move in enumerate(moves):
        if move.kind is MoveKind.INSERTED:
            yield Move(_kind_without_place(route, read, ended=ended and i > last), move.steps)
        else:
            yield move
        read += {MoveKind.SKIPPED: 0, MoveKind.SWAPPED: 2}.get(move.kind, 1)


def _kind_without_place(route: Sequence[str], read: int, *, ended: bool) -> MoveKind:
    if read and route[read - 1] == route[read]:
        return MoveKind.REPEATED
    if ended:
        return MoveKind.AFTER_END
    return MoveKind.REPEATED if route[read] in route[:read] else MoveKind.INSERTED

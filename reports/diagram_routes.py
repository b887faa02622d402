"""The way of every flow through the grid: along the channels between rows and columns, never through a node.

Upright channel 0 lies left of the first column, 1 between the first and the second; level channel 0 lies
above the first row. A line leaves a node to the right or downwards and enters one from the left or from
above; what is handed over within a column enters from the right.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.diagram_grid import Grid
from reports.diagram_model import Diagram, Flow, FlowKind, Node, NodeKind


class Side(StrEnum):
    """A side of a node."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a way in a channel: *upright* in a channel between columns, otherwise in one between rows."""

    upright: bool
    channel: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a flow: where it leaves and enters, how far from the middle of that side, and its legs."""

    flow: Flow
    leaves: Side
    enters: Side
    out_offset: float
    in_offset: float
    legs: tuple[Leg, ...]


_OUT, _IN, _STEP = 8.0, 12.0, 8.0
"""Lines that leave a step never lie at the height of lines that enter its neighbour."""


def routes_of(diagram: Diagram, grid: Grid) -> tuple[Route, ...]:
    """Return the way of every flow of *diagram*, in the order of its flows."""
    plan = _Plan(diagram, grid)
    sides = {flow.id: plan.sides(flow) for flow in diagram.flows}
    straight = frozenset(flow.id for flow in diagram.flows if plan.takes_straight(flow, sides[flow.id]))
    offsets = _offsets(diagram.flows, plan, sides, straight)
    found = []
    for flow in diagram.flows:
        leaves, enters = sides[flow.id]
        legs = () if flow.id in straight else plan.legs(flow, leaves, enters)
        out_offset, in_offset = offsets[flow.id]
        found.append(Route(flow, leaves, enters, out_offset, in_offset, legs))
    return tuple(found)


class _Plan:
    """The grid with what stands in it; remembers the empty cells through which a line already goes."""

    def __init__(self, diagram: Diagram, grid: Grid) -> None:
        self.nodes: Mapping[str, Node] = {node.id: node for node in diagram.nodes}
        self.grid = grid
        self._at = {(grid.row[node.id], grid.column[node.id]): node for node in diagram.nodes}
        self._passed: set[tuple[int, int]] = set()

    def sides(self, flow: Flow) -> tuple[Side, Side]:
        """Return where *flow* leaves its source and enters its target."""
        source, target = self.nodes[flow.source], self.nodes[flow.target]
        same = self.grid.column[source.id] == self.grid.column[target.id]
        if flow.kind is FlowKind.MESSAGE:
            return Side.RIGHT, Side.RIGHT if same else Side.LEFT
        if source.kind is NodeKind.STEP and same and target.kind is not NodeKind.STEP:
            return Side.BOTTOM, Side.TOP if self._rail_is_free(flow) else Side.LEFT
        return (Side.BOTTOM if flow.answer is False else Side.RIGHT), Side.LEFT

    def takes_straight(self, flow: Flow, sides: tuple[Side, Side]) -> bool:
        """Tell whether *flow* needs no channel; the empty cells that it passes are its own then."""
        if sides == (Side.BOTTOM, Side.TOP):
            return True
        row = self.grid.row[flow.source]
        if sides != (Side.RIGHT, Side.LEFT) or row != self.grid.row[flow.target]:
            return False
        return self._goes_right(flow) and self._pass(flow, row)

    def legs(self, flow: Flow, leaves: Side, enters: Side) -> tuple[Leg, ...]:
        """Return the channels of *flow*, which does not go straight."""
        grid = self.grid
        above, below = grid.row[flow.source], grid.row[flow.target]
        first, last = Leg(True, grid.column[flow.source] + 1), Leg(True, grid.column[flow.target])
        if leaves is Side.BOTTOM:
            return Leg(False, above + 1), last
        if enters is Side.RIGHT or first == last:
            return (first,)
        if self._goes_right(flow):
            for row, leg in ((below, first), (above, last)):
                if self._pass(flow, row):
                    return (leg,)
        return first, Leg(False, below if above < below else below + 1), last

    def _goes_right(self, flow: Flow) -> bool:
        return self.grid.column[flow.source] < self.grid.column[flow.target]

    def _pass(self, flow: Flow, row: int) -> bool:
        """Take the cells of *row* between the columns of *flow* if all are empty; tell whether they were."""
        columns = range(self.grid.column[flow.source] + 1, self.grid.column[flow.target])
        cells = {(row, column) for column in columns}
        if not cells.isdisjoint(self._passed | self._at.keys()):
            return False
        self._passed |= cells
        return True

    def _rail_is_free(self, flow: Flow) -> bool:
        """Tell whether a line can go straight down to the target: documents leave the rail free."""
        grid = self.grid
        column = grid.column[flow.source]
        between = range(grid.row[flow.source] + 1, grid.row[flow.target])
        nodes = [self._at.get((row, column)) for row in between]
        return all(node is None or node.kind is NodeKind.DOCUMENT for node in nodes)


def _offsets(
    flows: Sequence[Flow],
    plan: _Plan,
    sides: Mapping[str, tuple[Side, Side]],
    straight: frozenset[str],
) -> dict[str, tuple[float, float]]:
    """Return how far from the middle of its sides each flow leaves and enters; steps have room for that."""
    ends: dict[tuple[str, Side, bool, bool], list[tuple[str, bool]]] = defaultdict(list)
    for flow in flows:
        if flow.id in straight:
            continue
        leaves, enters = sides[flow.id]
        upwards = plan.grid.row[flow.target] < plan.grid.row[flow.source]
        for node, side, up, begins in (
            (flow.source, leaves, upwards, True),
            (flow.target, enters, not upwards, False),
        ):
            if plan.nodes[node].kind is NodeKind.STEP and side in {Side.LEFT, Side.RIGHT}:
                ends[node, side, up, side is Side.RIGHT].append((flow.id, begins))
    found = {flow.id: [0.0, 0.0] for flow in flows}
    for (_, _, up, right), group in ends.items():
        for number, (flow_id, begins) in enumerate(group):
            offset = (_OUT if right else _IN) + _STEP * number
            found[flow_id][0 if begins else 1] = -offset if up else offset
    return {flow_id: (offsets[0], offsets[1]) for flow_id, offsets in found.items()}


def most_ports(routes: Sequence[Route], node: str) -> int:
    """Return how many lines a side of *node* must have room for, counted both ways from its middle."""
    ends = [(r.out_offset, r.leaves) for r in routes if r.flow.source == node]
    ends += [(r.in_offset, r.enters) for r in routes if r.flow.target == node]
    return max((2 * round(abs(offset) / _STEP + 1) for offset, _ in ends if offset), default=1)

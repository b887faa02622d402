"""Where in the grid each node stands: its column by the longest way to it, its row within its lane.

A condition stands in the column of the step that it follows, if its lane is not higher up; so do the
documents of a step, and the end of a refusal.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.diagram_model import Diagram, Flow, FlowKind, Node, NodeKind

_UNORDERED = 6
"""Columns of a process whose order nobody states."""
_AFTER = {NodeKind.CONDITION: 1, NodeKind.CHOICE: 1, NodeKind.END: 2}
_REFUSED, _LAST = 3, 9


@dataclass(frozen=True, slots=True)
class Grid:
    """The *column* and the *row* of every node; *rows_of* says how many rows each lane has, in its order."""

    column: Mapping[str, int]
    row: Mapping[str, int]
    rows_of: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return max(self.column.values(), default=-1) + 1

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return sum(self.rows_of)


def grid_of(diagram: Diagram) -> Grid:
    """Return where the nodes of *diagram* stand; no two of them in one place."""
    lanes = {lane.id: number for number, lane in enumerate(diagram.lanes)}
    column = _columns(diagram, lanes)
    inner = _rows(diagram, column)
    rows_of = tuple(
        max((inner[node.id] + 1 for node in diagram.nodes if node.lane == lane.id), default=1)
        for lane in diagram.lanes
    )
    first = [sum(rows_of[:number]) for number in range(len(rows_of))]
    row = {node.id: first[lanes[node.lane]] + inner[node.id] for node in diagram.nodes}
    return Grid(column, row, rows_of)


def _columns(diagram: Diagram, lanes: Mapping[str, int]) -> dict[str, int]:
    nodes = {node.id: node for node in diagram.nodes}
    control = [flow for flow in diagram.flows if flow.kind is FlowKind.CONTROL]
    if not control:
        steps = [node.id for node in diagram.nodes if node.kind is not NodeKind.DOCUMENT]
        column = {step: number % _UNORDERED for number, step in enumerate(steps)}
    else:
        column = _longest_ways(diagram.nodes, _without_cycles(diagram.nodes, control), lanes)
    for flow in control:
        if nodes[flow.source].kind is NodeKind.START:
            column[flow.source] = column[flow.target] - 1
    for flow in (flow for flow in diagram.flows if flow.kind is FlowKind.MESSAGE):
        for node, other in ((flow.target, flow.source), (flow.source, flow.target)):
            if nodes[node].kind is NodeKind.DOCUMENT:
                column.setdefault(node, column.get(other, 0))
    return column


def _longest_ways(nodes: Sequence[Node], flows: Sequence[Flow], lanes: Mapping[str, int]) -> dict[str, int]:
    """Return how far each node is from the first column; *flows* have no cycle."""
    by_id = {node.id: node for node in nodes}
    incoming: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        incoming[flow.target].append(flow)
    found: dict[str, int] = {}
    waiting = [node.id for node in reversed(nodes) if node.kind is not NodeKind.DOCUMENT]
    while waiting:
        node = waiting[-1]
        missing = [flow.source for flow in incoming[node] if flow.source not in found]
        if node not in found and missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        ways = [found[f.source] + _distance(by_id[f.source], by_id[node], lanes) for f in incoming[node]]
        found[node] = max(ways, default=0 if by_id[node].kind is NodeKind.START else 1)
    return found


def _distance(source: Node, target: Node, lanes: Mapping[str, int]) -> int:
    """Return how many columns *target* is to the right of *source* at least."""
    below = lanes[target.lane] >= lanes[source.lane]
    if source.kind is NodeKind.STEP and target.kind in {NodeKind.CONDITION, NodeKind.CHOICE}:
        return 0 if below else 1
    refused = target.kind is NodeKind.END and target.refuses and source.kind is NodeKind.STEP
    return 0 if refused else 1


def _without_cycles(nodes: Sequence[Node], flows: Sequence[Flow]) -> list[Flow]:
    """Return *flows* without those that lead back to a node on the way to them, searched in order."""
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        outgoing[flow.source].append(flow)
    kept: list[Flow] = []
    state: dict[str, bool] = {}  # False: on the way, True: done
    for node in nodes:
        if node.id in state:
            continue
        state[node.id] = False
        stack = [(node.id, iter(outgoing[node.id]))]
        while stack:
            here, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[here] = True
                stack.pop()
            elif state.get(following.target, True):
                kept.append(following)
                if following.target not in state:
                    state[following.target] = False
                    stack.append((following.target, iter(outgoing[following.target])))
    return kept


def _rows(diagram: Diagram, column: Mapping[str, int]) -> dict[str, int]:
    """Return the row of every node within its lane: what the case usually meets first, refusals below it."""
    place = {node.id: number for number, node in enumerate(diagram.nodes)}
    nodes = {node.id: node for node in diagram.nodes}
    before: dict[str, list[str]] = defaultdict(list)
    for flow in diagram.flows:
        if flow.kind is FlowKind.CONTROL:
            before[flow.target].append(flow.source)
    rows: dict[str, int] = {}
    taken: set[tuple[str, int, int]] = set()
    ranks = {node.id: _rank(node, [nodes[name] for name in before[node.id]]) for node in diagram.nodes}
    order = sorted(diagram.nodes, key=lambda node: (column[node.id], ranks[node.id], place[node.id]))
    for node in order:
        row = 0
        for other in (
            nodes[name] for name in before[node.id] if name in rows and nodes[name].lane == node.lane
        ):
            same_column = column[other.id] == column[node.id]
            if same_column or (node.refuses and other.kind is NodeKind.CONDITION):
                row = max(row, rows[other.id] + same_column)
        while (node.lane, column[node.id], row) in taken:
            row += 1
        rows[node.id] = row
        taken.add((node.lane, column[node.id], row))
    return rows


def _rank(node: Node, before: Sequence[Node]) -> int:
    """Return when the row of *node* is chosen: refusals last, what follows a step after it."""
    if node.kind is NodeKind.DOCUMENT:
        return _LAST
    steps = [node] if node.kind is NodeKind.STEP else [one for one in before if one.kind is NodeKind.STEP]
    rank = _REFUSED if any(step.refuses for step in steps) else 0
    return rank + _AFTER.get(node.kind, 0)

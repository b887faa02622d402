"""Lay out a diagram: lanes, nodes and lines in pixels; the same diagram always comes to the same places.

Nodes stand in a grid (*diagram_grid*), lines go along the channels between (*diagram_routes*,
*diagram_tracks*). Text is measured by a table of widths (*diagram_text*), so every label fits its box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.diagram_grid import Grid, grid_of
from reports.diagram_model import Diagram, Lane, NodeKind
from reports.diagram_routes import Route, Side, most_ports, routes_of
from reports.diagram_shapes import RAIL, SIZE, SMALL, Box, Label, Shape, line_height, shape_of
from reports.diagram_text import text_width, wrap
from reports.diagram_tracks import Tracks, tracks_of

Point = tuple[float, float]

MARGIN = 8.0
_TRACK = 6.0
_UPRIGHT, _LEVEL = 14.0, 9.0
_POOL_GAP = 12.0
_LANE_HEAD, _WIDEST_HEAD = 72.0, 150.0
_TITLE = 14.0


@dataclass(frozen=True, slots=True)
class Style:
    """Who will draw: *small* is the size of all text but that of steps.

    *tool*: a BPMN tool draws. It writes the names of lanes upwards in heads of 30 pixels, and that of a pool
    without content in its middle.
    """

    small: float = SMALL
    tool: bool = False


OURS, TOOLS = Style(), Style(small=12.0, tool=True)
_TOOL_HEAD = 30.0


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane, or a participant outside, with the box of its name within its own."""

    lane: Lane
    box: Box
    label: Label


@dataclass(frozen=True, slots=True)
class Line:
    """A flow as a line through *points*; *label* is the answer of a condition."""

    route: Route
    points: tuple[Point, ...]
    label: Label | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A diagram with everything in its place; *pool* is the frame of all lanes that act."""

    diagram: Diagram
    width: float
    height: float
    title: Label
    legend: Label
    pool: Box
    pool_label: Label
    lanes: tuple[PlacedLane, ...]
    shapes: Mapping[str, Shape]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The left edge of every column, where every channel before them begins, and where the lanes end."""

    lefts: tuple[float, ...]
    channels: tuple[float, ...]
    right: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """The middle of every row, where every channel above them begins, and the edges of every lane."""

    middles: tuple[float, ...]
    channels: tuple[float, ...]
    edges: tuple[tuple[float, float], ...]


def lay_out(
    diagram: Diagram,
    legend: str = "",
    measured: Mapping[str, Sequence[str]] | None = None,
    style: Style = OURS,
) -> Layout:
    """Return *diagram* in its places with *legend* under it; *measured*: lines for steps by their nodes."""
    grid = grid_of(diagram)
    routes = routes_of(diagram, grid)
    tracks = tracks_of(routes, grid)
    shapes = _shapes(grid, routes, diagram, measured or {}, style.small)
    tight = _rows(diagram, grid, shapes, tracks, {}, 0.0)
    heads = _heads(diagram, tight, style)
    columns = _columns(grid, shapes, tracks, MARGIN + heads.pool + heads.lane)
    width = columns.right + MARGIN
    title = _label(MARGIN, MARGIN, width - 2 * MARGIN, diagram.title, _TITLE)
    room = _room(diagram, grid, shapes, columns, tight, heads, style)
    rows = _rows(diagram, grid, shapes, tracks, room, title.box.bottom + 6)
    placed = {
        name: shape.moved(columns.lefts[grid.column[name]], rows.middles[grid.row[name]])
        for name, shape in shapes.items()
    }
    lanes = tuple(
        _placed_lane(lane, edges, heads, columns.right)
        for lane, edges in zip(diagram.lanes, rows.edges, strict=True)
    )
    pool = _pool(lanes, heads.pool)
    legend_label = _label(MARGIN, lanes[-1].box.bottom + 8, width - 2 * MARGIN, legend, style.small)
    return Layout(
        diagram=diagram,
        width=width,
        height=legend_label.box.bottom + MARGIN,
        title=title,
        legend=legend_label,
        pool=pool,
        pool_label=Label(Box(pool.x, pool.y, heads.pool, pool.height), heads.pool_lines, SIZE),
        lanes=lanes,
        shapes=placed,
        lines=tuple(_line(route, placed, columns, rows, tracks) for route in routes),
    )


def _label(x: float, y: float, width: float, text: str, size: float) -> Label:
    lines = wrap(text, width, size)
    return Label(Box(x, y, width, line_height(size) * len(lines)), lines, size)


@dataclass(frozen=True, slots=True)
class _Heads:
    """How wide the heads of the pool and of its lanes are, and their names in lines."""

    pool: float
    lane: float
    pool_lines: tuple[str, ...]
    lane_lines: Mapping[str, tuple[str, ...]]


def _heads(diagram: Diagram, rows: _Rows, style: Style) -> _Heads:
    """Return the heads: those of lanes wide enough for every word, within reason."""
    inside = [edge for lane, edge in zip(diagram.lanes, rows.edges, strict=True) if not lane.outside]
    pool_lines = wrap(diagram.pool, inside[-1][1] - inside[0][0] - 8, SIZE)
    words = [text_width(word, SIZE) + 9 for lane in diagram.lanes for word in lane.name.split()]
    lane_width = _TOOL_HEAD if style.tool else min(max([*words, _LANE_HEAD]), _WIDEST_HEAD)
    return _Heads(
        pool=_TOOL_HEAD if style.tool else line_height(SIZE) * len(pool_lines) + 8,
        lane=lane_width,
        pool_lines=pool_lines,
        lane_lines={
            lane.id: () if style.tool else wrap(lane.name, lane_width - 8, SIZE) for lane in diagram.lanes
        },
    )


def _room(  # noqa: PLR0913, PLR0917 - everything that has been placed so far
    diagram: Diagram,
    grid: Grid,
    shapes: Mapping[str, Shape],
    columns: _Columns,
    tight: _Rows,
    heads: _Heads,
    style: Style,
) -> dict[str, float]:
    """Return how high each lane must be for its name."""
    if not style.tool:
        lines = heads.lane_lines.items()
        return {lane: line_height(SIZE) * len(names) + 8 for lane, names in lines}
    room: dict[str, float] = {}
    for lane, (top, bottom) in zip(diagram.lanes, tight.edges, strict=True):
        words = text_width(lane.name, style.small)
        room[lane.id] = words / 2 + 40
        if lane.outside:
            middle = (MARGIN + columns.right) / 2
            inside = [
                s.moved(columns.lefts[grid.column[n]], 0).box
                for n, s in shapes.items()
                if s.node.lane == lane.id
            ]
            met = any(box.x < middle + words / 2 and middle - words / 2 < box.right for box in inside)
            room[lane.id] = 2 * (bottom - top) + 2 * line_height(style.small) if met else 0.0
    return room


def _shapes(
    grid: Grid,
    routes: Sequence[Route],
    diagram: Diagram,
    measured: Mapping[str, Sequence[str]],
    small: float,
) -> dict[str, Shape]:
    """Return the shapes around the middle of their rows; all steps of a row are as high as the highest."""
    shapes = {
        node.id: shape_of(node, measured.get(node.id, ()), most_ports(routes, node.id), small)
        for node in diagram.nodes
    }
    tallest: dict[int, float] = {}
    steps = [name for name, shape in shapes.items() if shape.node.kind is NodeKind.STEP]
    for name in steps:
        row = grid.row[name]
        tallest[row] = max(tallest.get(row, 0.0), shapes[name].box.height)
    return shapes | {name: shapes[name].heightened(tallest[grid.row[name]]) for name in steps}


def _columns(grid: Grid, shapes: Mapping[str, Shape], tracks: Tracks, left: float) -> _Columns:
    lefts, channels, x = [], [], left
    for column in range(grid.columns + 1):
        channels.append(x)
        x += _UPRIGHT + _TRACK * tracks.upright.get(column, 0)
        if column < grid.columns:
            lefts.append(x)
            x += max((s.width for n, s in shapes.items() if grid.column[n] == column), default=0.0)
    return _Columns(tuple(lefts), tuple(channels), x)


def _rows(  # noqa: PLR0913, PLR0917 - everything that takes room between two rows
    diagram: Diagram,
    grid: Grid,
    shapes: Mapping[str, Shape],
    tracks: Tracks,
    room: Mapping[str, float],
    top: float,
) -> _Rows:
    middles: list[float] = []
    channels: list[float] = []
    edges: list[tuple[float, float]] = []
    y, row = top, 0
    for number, lane in enumerate(diagram.lanes):
        begin = y
        for _ in range(grid.rows_of[number]):
            channels.append(y)
            y += _LEVEL + _TRACK * tracks.level.get(row, 0)
            inside = [shape for name, shape in shapes.items() if grid.row[name] == row]
            middles.append(y + max((shape.ascent for shape in inside), default=0.0))
            y = middles[-1] + max((shape.descent for shape in inside), default=0.0)
            row += 1
        y = max(y + _LEVEL, begin + room.get(lane.id, 0.0))
        if row == grid.rows:
            channels.append(y)
            y += _TRACK * tracks.level.get(row, 0)
        edges.append((begin, y))
        following = diagram.lanes[number + 1 : number + 2]
        if following and (lane.outside or following[0].outside):
            y += _POOL_GAP
    return _Rows(tuple(middles), tuple(channels), tuple(edges))


def _placed_lane(lane: Lane, edges: tuple[float, float], heads: _Heads, right: float) -> PlacedLane:
    left = MARGIN + (0 if lane.outside else heads.pool)
    top, bottom = edges
    width = heads.lane + (heads.pool if lane.outside else 0)
    label = Label(Box(left, top, width, bottom - top), heads.lane_lines[lane.id], SIZE)
    return PlacedLane(lane, Box(left, top, right - left, bottom - top), label)


def _pool(lanes: Sequence[PlacedLane], head: float) -> Box:
    inside = [placed.box for placed in lanes if not placed.lane.outside]
    left, top = inside[0].x - head, inside[0].y
    return Box(left, top, inside[0].right - left, inside[-1].bottom - top)


def _line(route: Route, shapes: Mapping[str, Shape], columns: _Columns, rows: _Rows, tracks: Tracks) -> Line:
    source, target = shapes[route.flow.source], shapes[route.flow.target]
    x, y = _port(source, route.leaves, route.out_offset)
    end = _port(target, route.enters, route.in_offset)
    points = [(x, y)]
    for number, leg in enumerate(route.legs):
        track = tracks.of[route.flow.id, number]
        if leg.upright:
            x = columns.channels[leg.channel] + _UPRIGHT / 2 + _TRACK * (track + 0.5)
        else:
            y = rows.channels[leg.channel] + _LEVEL / 2 + _TRACK * (track + 0.5)
        points.append((x, y))
    if route.legs:
        points.append((x, end[1]))
    elif route.leaves is Side.RIGHT:  # sums of floats may differ in their last digit
        end = (end[0], y)
    else:
        end = (x, end[1])
    points.append(end)
    return Line(route, _without_doubles(points), _answer(route, source))


def _without_doubles(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return *points* without those at which nothing turns."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and any(kept[-2][i] == kept[-1][i] == point[i] for i in (0, 1)):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _port(shape: Shape, side: Side, offset: float) -> Point:
    box = shape.box
    x, y = box.middle
    if side in {Side.LEFT, Side.RIGHT}:
        return (box.x if side is Side.LEFT else box.right), y + offset
    rail = box.x + RAIL if shape.node.kind is NodeKind.STEP else x
    return rail, (box.y if side is Side.TOP else box.bottom)


def _answer(route: Route, source: Shape) -> Label | None:
    """Return the answer of a condition beside the corner at which its line begins."""
    if route.flow.answer is None:
        return None
    size = source.label.size
    width = text_width(route.flow.name, size)
    x, y = source.box.middle
    place = (x + 36, y + 2) if route.flow.answer else (x + 13, y + 12)
    return Label(Box(*place, width, line_height(size)), (route.flow.name,), size)

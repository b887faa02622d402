"""Draw a diagram as SVG: text as text, names for whoever cannot see it, black on white, words for signs."""

import re
from collections.abc import Iterator
from html import escape

from conformance.regulation import CellStatus
from reports.characters import legal
from reports.diagram_layout import Layout, Line, PlacedLane
from reports.diagram_model import FlowKind, NodeKind
from reports.diagram_shapes import Box, Label, Shape

FONTS = "'DejaVu Sans', 'Noto Sans', Arial, sans-serif"
_CSS = """
{at} text {{ font-family: {fonts}; fill: #1a1a1a; }}
{at} .outline, {at} .way {{ fill: none; stroke: #1a1a1a; stroke-width: 1.2; }}
{at} .outline {{ fill: #fff; }}
{at} .head {{ font-weight: bold; }}
{at} .title {{ font-weight: bold; }}
{at} .frame {{ fill: #fff; stroke: #1a1a1a; stroke-width: 1; }}
{at} .lane-head {{ fill: #f0f0f0; stroke: #1a1a1a; stroke-width: 1; }}
{at} .note .outline {{ stroke-width: 0.8; }}
{at} .measure .outline {{ stroke-width: 0.8; fill: #f0f0f0; }}
{at} .unsure > .outline {{ stroke-dasharray: 5 3; }}
{at} .way.unsure {{ stroke-dasharray: 9 3; }}
{at} .way.message {{ stroke-dasharray: 1.5 3; }}
{at} .end > .outline {{ stroke-width: 3; }}
{at} .broken > .outline {{ stroke-width: 2.6; }}
"""


def render_svg(layout: Layout, prefix: str, broken: frozenset[str] = frozenset()) -> str:
    """Return *layout* as one ``svg`` element whose ids begin with *prefix*; the same layout, the same text.

    Steps of the nodes *broken* get a thick border beside their words. Raises ValueError for a *prefix* of
    other signs than letters, digits, ``-`` and ``_``.
    """
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", prefix):
        raise ValueError(f"no prefix for ids: {prefix!r}")
    width, height = _number(layout.width), _number(layout.height)
    diagram = layout.diagram
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{prefix}" class="diagram" role="img"'
        f' lang="{diagram.language}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-labelledby="{prefix}-title {prefix}-desc">'
    )
    parts = [
        opening,
        f'<title id="{prefix}-title">{_text(diagram.title)}</title>',
        f'<desc id="{prefix}-desc">{_text(diagram.description)}</desc>',
        f"<style>{_CSS.format(at='#' + prefix, fonts=FONTS)}</style>",
        *_markers(prefix),
        *_words(layout.title, "title"),
        *(part for lane in layout.lanes for part in _lane(lane, prefix)),
        *_pool(layout),
        *(part for line in layout.lines for part in _line(line, prefix)),
        *(part for shape in layout.shapes.values() for part in _node(shape, prefix, broken)),
        *_words(layout.legend, "legend"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _markers(prefix: str) -> Iterator[str]:
    """Yield the ends of lines: a full arrow for control, an open arrow and a ring for messages."""
    shapes = {
        "arrow": (7, '<path d="M0 0 8 4 0 8Z" fill="#1a1a1a"/>'),
        "open": (7, '<path d="M1 1 7 4 1 7" fill="none" stroke="#1a1a1a"/>'),
        "ring": (4, '<circle cx="4" cy="4" r="3" fill="#fff" stroke="#1a1a1a"/>'),
    }
    yield "<defs>"
    for name, (at, shape) in shapes.items():
        yield (
            f'<marker id="{prefix}-{name}" viewBox="0 0 8 8" refX="{at}" refY="4" markerWidth="8"'
            f' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">{shape}</marker>'
        )
    yield "</defs>"


def _lane(placed: PlacedLane, prefix: str) -> Iterator[str]:
    box, head = placed.box, placed.label.box
    yield f'<g class="lane" id="{prefix}-{_quoted(placed.lane.id)}">'
    yield f"<title>{_text(placed.lane.name)}</title>"
    yield _rectangle(box, "frame")
    yield _rectangle(head, "lane-head")
    yield from _centred(placed.label)
    yield "</g>"


def _pool(layout: Layout) -> Iterator[str]:
    """Yield the frame around all lanes that act, with its name written upwards."""
    box, label = layout.pool_label.box, layout.pool_label
    yield f'<rect class="lane-head" {_place(box)}/>'
    x, y = box.middle
    first = x - label.leading * (len(label.lines) - 1) / 2
    for number, line in enumerate(label.lines):
        at = _number(first + number * label.leading + label.size * 0.35)
        yield (
            f'<text x="{at}" y="{_number(y)}" font-size="{_number(label.size)}" text-anchor="middle"'
            f' transform="rotate(-90 {at} {_number(y)})">{_text(line)}</text>'
        )


def _line(line: Line, prefix: str) -> Iterator[str]:
    flow = line.route.flow
    message = flow.kind is FlowKind.MESSAGE
    classes = f"way {flow.kind}" + ("" if flow.sure or message else " unsure")
    first, *rest = (f"{_number(x)} {_number(y)}" for x, y in line.points)
    start = f' marker-start="url(#{prefix}-ring)"' if message else ""
    end = "open" if message else "arrow"
    yield (
        f'<path class="{classes}" id="{prefix}-{_quoted(flow.id)}" d="M{first} L{" ".join(rest)}"'
        f'{start} marker-end="url(#{prefix}-{end})"/>'
    )
    if line.label is not None:
        yield from _words(line.label, "answer")


def _node(shape: Shape, prefix: str, broken: frozenset[str]) -> Iterator[str]:
    node = shape.node
    classes = f"node {node.kind}" + ("" if node.sure else " unsure")
    classes += " broken" if node.id in broken else ""
    yield f'<g class="{classes}" id="{prefix}-{_quoted(node.id)}">'
    yield f"<title>{_text(' '.join(word for word in (node.code, node.name) if word))}</title>"
    yield _outline(shape)
    yield from _words(shape.label, "words")
    for note, label in zip(node.notes, shape.notes, strict=True):
        sure = note.status in {None, CellStatus.PRINTED}
        yield f'<g class="note{"" if sure else " unsure"}">'
        yield _rectangle(label.box, "outline")
        yield from _padded(label)
        yield "</g>"
    if shape.measure is not None:
        yield '<g class="measure">'
        yield _rectangle(shape.measure.box, "outline")
        yield from _padded(shape.measure)
        yield "</g>"
    yield "</g>"


def _outline(shape: Shape) -> str:
    box = shape.box
    x, y = box.middle
    left, top, right, bottom = map(_number, (box.x, box.y, box.right, box.bottom))
    if shape.node.kind is NodeKind.STEP:
        return f'<rect class="outline" {_place(box)} rx="8"/>'
    if shape.node.kind in {NodeKind.START, NodeKind.END}:
        radius = box.width / 2
        return f'<circle class="outline" cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"/>'
    if shape.node.kind is NodeKind.DOCUMENT:
        fold, under = _number(box.right - 8), _number(box.y + 8)
        return (
            f'<path class="outline" d="M{left} {top} H{fold} L{right} {under} V{bottom} H{left} Z'
            f' M{fold} {top} V{under} H{right}"/>'
        )
    arm = box.width / 7
    cross = " ".join(
        f"M{_number(x - arm)} {_number(y - turn * arm)} L{_number(x + arm)} {_number(y + turn * arm)}"
        for turn in (1, -1)
    )
    middle_x, middle_y = _number(x), _number(y)
    return (
        f'<path class="outline" d="M{left} {middle_y} L{middle_x} {top} {right} {middle_y}'
        f' {middle_x} {bottom} Z {cross}"/>'
    )


def _padded(label: Label) -> Iterator[str]:
    box = label.box
    inner = Box(box.x + 5, box.y + 2, box.width - 10, box.height - 4)
    return _words(Label(inner, label.lines, label.size), "words")


def _words(label: Label, css_class: str) -> Iterator[str]:
    """Yield the lines of *label* from the top of its box, the bold head first."""
    lines = [(label.head, "head"), *((line, css_class) for line in label.lines)]
    y = label.box.y + label.size * 0.93
    for line, name in lines if label.head else lines[1:]:
        yield _written(line, name, label.box.x, y, label.size)
        y += label.leading


def _centred(label: Label) -> Iterator[str]:
    """Yield the lines of *label* in the middle of its height, a little from the left edge."""
    x, y = label.box.x + 4, label.box.middle[1]
    y += label.size * 0.35 - label.leading * (len(label.lines) - 1) / 2
    for number, line in enumerate(label.lines):
        yield _written(line, "words", x, y + number * label.leading, label.size)


def _written(text: str, css_class: str, x: float, y: float, size: float) -> str:
    return (
        f'<text class="{css_class}" x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}">'
        f"{_text(text)}</text>"
    )


def _rectangle(box: Box, css_class: str) -> str:
    return f'<rect class="{css_class}" {_place(box)}/>'


def _place(box: Box) -> str:
    x, y, width, height = map(_number, (box.x, box.y, box.width, box.height))
    return f'x="{x}" y="{y}" width="{width}" height="{height}"'


def _number(value: float) -> str:
    """Return *value* to a tenth of a pixel, without zeros at the end."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def _text(text: str) -> str:
    return escape(legal(text), quote=False)


def _quoted(text: str) -> str:
    return escape(legal(text))

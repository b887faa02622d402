"""The shapes of a diagram, sized for their texts: boxes, labels, and the cells of the grid that hold them.

Sizes are in pixels of the drawing, y downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.diagram_model import Node, NodeKind
from reports.diagram_text import text_width, wrap

SIZE, SMALL = 11.0, 9.5
_LINE = 1.2
STEP_WIDTH, PAD = 158.0, 5.0
DIAMOND, CHOICE, CIRCLE = 40.0, 26.0, 22.0
RAIL = 20.0
"""Where in a column straight lines go down: from the left edge of its cells."""
BESIDE = 44.0
"""Where, from the left edge of a cell, words and documents stand so that the rail stays free."""
_NOTE_GAP = 7.0
_ANSWERS = 24.0
"""How far below the middle of a condition its answers reach."""


def line_height(size: float) -> float:
    """Return the distance from line to line of text of *size*."""
    return size * _LINE


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Return the point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> "Box":
        """Return the box *x* further right and *y* further down."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box; *head* is a short bold line above them. Text starts at the left edge."""

    box: Box
    lines: tuple[str, ...]
    size: float
    head: str = ""

    @property
    def leading(self) -> float:
        """Return the distance from line to line."""
        return line_height(self.size)

    def moved(self, x: float, y: float) -> "Label":
        """Return the label *x* further right and *y* further down."""
        return replace(self, box=self.box.moved(x, y))


@dataclass(frozen=True, slots=True)
class Shape:
    """A node as it is drawn: its outline, its words, the notes beside it and what was measured of it.

    *ascent* and *descent* say how far everything reaches above and below the middle of the outline.
    """

    node: Node
    box: Box
    label: Label
    notes: tuple[Label, ...] = ()
    measure: Label | None = None

    @property
    def parts(self) -> tuple[Box, ...]:
        """Return the boxes that nothing else may touch."""
        inside = () if self.node.kind in {NodeKind.STEP, NodeKind.DOCUMENT} else (self.label,)
        measure = () if self.measure is None else (self.measure,)
        return (self.box, *(label.box for label in (*inside, *self.notes, *measure) if label.box.width))

    @property
    def ascent(self) -> float:
        """Return how far the shape reaches above its middle."""
        return self.box.middle[1] - min(box.y for box in self.parts)

    @property
    def descent(self) -> float:
        """Return how far the shape reaches below its middle."""
        lowest = max(box.bottom for box in self.parts) - self.box.middle[1]
        return max(lowest, _ANSWERS) if self.node.kind is NodeKind.CONDITION else lowest

    @property
    def width(self) -> float:
        """Return the width of the cell that the shape needs, from the left edge of its column."""
        return max(box.right for box in self.parts)

    def moved(self, x: float, y: float) -> "Shape":
        """Return the shape with everything of it *x* further right and *y* further down."""
        return replace(
            self,
            box=self.box.moved(x, y),
            label=self.label.moved(x, y),
            notes=tuple(note.moved(x, y) for note in self.notes),
            measure=None if self.measure is None else self.measure.moved(x, y),
        )

    def heightened(self, height: float) -> "Shape":
        """Return the shape of a step with an outline *height* high; what stands above moves with the edge."""
        up = (self.box.height - height) / 2
        box = Box(self.box.x, self.box.y + up, self.box.width, height)
        inner = Box(box.x + PAD, box.y + PAD, box.width - 2 * PAD, height - 2 * PAD)
        return replace(self.moved(0, up), box=box, label=replace(self.label, box=inner))


def shape_of(node: Node, measured: Sequence[str] = (), ports: int = 1, small: float = SMALL) -> Shape:
    """Return *node* as a shape around y = 0, the left edge of its column at x = 0.

    *measured* are the lines told of a step's measurement, *ports* the most lines that meet on one of its
    sides, *small* is the size of all text but that of steps.
    """
    if node.kind is NodeKind.STEP:
        return _step(node, measured, ports, small)
    if node.kind is NodeKind.CONDITION:
        return _condition(node, small)
    if node.kind is NodeKind.DOCUMENT:
        return _document(node, small)
    width = CHOICE if node.kind is NodeKind.CHOICE else CIRCLE
    box = Box(RAIL - width / 2, -width / 2, width, width)
    if node.kind is not NodeKind.END:
        return Shape(node, box, Label(Box(box.x, 0, 0, 0), (), small))
    lines = wrap(node.name, STEP_WIDTH - RAIL - width / 2 - 4, small)
    height = line_height(small) * len(lines)
    words = max(text_width(line, small) for line in lines)
    return Shape(node, box, Label(Box(box.right + 4, -height / 2, words, height), lines, small))


def _step(node: Node, measured: Sequence[str], ports: int, small: float) -> Shape:
    inner = STEP_WIDTH - 2 * PAD
    head = _head(node)
    lines = wrap(node.name, inner, SIZE)
    height = max(line_height(SIZE) * (len(lines) + 1) + 2 * PAD, 7.0 * ports + 2 * PAD)
    box = Box(0, -height / 2, STEP_WIDTH, height)
    label = Label(Box(PAD, box.y + PAD, inner, height - 2 * PAD), lines, SIZE, head)
    notes, top = _stacked([note.text for note in node.notes], box.y - _NOTE_GAP, small)
    measures, _ = _stacked(["\n".join(measured)] if measured else [], top, small)
    return Shape(node, box, label, notes, measures[0] if measures else None)


def _stacked(texts: Sequence[str], bottom: float, size: float) -> tuple[tuple[Label, ...], float]:
    """Return labels of *texts* one above the other down to *bottom*, and where the next would end."""
    found: list[Label] = []
    for text in reversed(texts):
        parts = text.split("\n")
        lines = tuple(line for part in parts for line in wrap(part, STEP_WIDTH - 2 * PAD, size))
        height = line_height(size) * len(lines) + 4
        box = Box(0, bottom - height, STEP_WIDTH, height)
        found.append(Label(box, lines, size))
        bottom = box.y - 2
    return tuple(reversed(found)), bottom


def _condition(node: Node, small: float) -> Shape:
    box = Box(RAIL - DIAMOND / 2, -DIAMOND / 2, DIAMOND, DIAMOND)
    lines = wrap(node.name, STEP_WIDTH - BESIDE, small)
    height = line_height(small) * (len(lines) + 1)
    label = Label(Box(BESIDE, -height - 3, STEP_WIDTH - BESIDE, height), lines, small, _head(node))
    return Shape(node, box, label)


def _document(node: Node, small: float) -> Shape:
    width = STEP_WIDTH - BESIDE
    lines = wrap(node.name, width - 2 * PAD - 8, small)
    height = line_height(small) * max(len(lines), 1) + 2 * PAD
    box = Box(BESIDE, -height / 2, width, height)
    return Shape(
        node, box, Label(Box(BESIDE + PAD, box.y + PAD, width - 2 * PAD, height - 2 * PAD), lines, small)
    )


def _head(node: Node) -> str:
    where = f" · {node.paragraph}" if node.paragraph else ""
    return f"{node.code}{where}"

"""Write the places of a diagram as BPMN diagram interchange: bounds of shapes, points of lines.

Source: OMG BPMN 2.0.2, 12.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from reports.diagram_layout import Layout, Line, Point
from reports.diagram_messages import is_message_flow, message_end
from reports.diagram_model import FlowKind, NodeKind
from reports.diagram_shapes import Box, Shape

_OF_NOTE = 12.0
"""Where on the upper edge of a step the line to its note begins."""
_LEAST_LABEL = 44.0
"""Room for a short word in the fonts of a tool."""


def add_places(root: Element, layout: Layout) -> None:
    """Add the diagram interchange of *layout* to *root*, the definitions."""
    diagram = SubElement(root, "bpmndi:BPMNDiagram", id="places")
    plane = SubElement(diagram, "bpmndi:BPMNPlane", id="plane", bpmnElement="collaboration")
    pool = _add_shape(plane, "participant", layout.pool)
    pool.set("isHorizontal", "true")
    for placed in layout.lanes:
        _add_shape(plane, placed.lane.id, placed.box).set("isHorizontal", "true")
    outside = {placed.lane.id for placed in layout.lanes if placed.lane.outside}
    for shape in layout.shapes.values():
        if shape.node.kind is not NodeKind.DOCUMENT or shape.node.lane not in outside:
            _add_node(plane, shape)
    for shape in (shape for shape in layout.shapes.values() if shape.notes):
        _add_shape(plane, f"note-{shape.node.id}", _union([note.box for note in shape.notes]))
        x = shape.box.x + _OF_NOTE
        _add_edge(plane, f"noted-{shape.node.id}", [(x, shape.box.y), (x, shape.notes[-1].box.bottom)])
    for line in layout.lines:
        _add_line(plane, line, layout)


def _add_node(plane: Element, shape: Shape) -> None:
    element = _add_shape(plane, shape.node.id, shape.box)
    if shape.node.kind is NodeKind.CONDITION:
        element.set("isMarkerVisible", "true")
    if shape.node.kind in {NodeKind.CONDITION, NodeKind.END, NodeKind.DOCUMENT}:
        _add_label(element, shape.label.box)


def _add_line(plane: Element, line: Line, layout: Layout) -> None:
    diagram, flow = layout.diagram, line.route.flow
    points: Sequence[Point] = line.points
    label = line.label.box if line.label is not None else None
    if flow.kind is FlowKind.MESSAGE and is_message_flow(diagram, flow):
        boxes = {placed.lane.id: placed.box for placed in layout.lanes} | {"participant": layout.pool}
        for end in (flow.source, flow.target):
            points = points[::-1]
            if (box := boxes.get(message_end(diagram, end))) is not None:
                points = _cut(points, box)
                label = layout.shapes[end].label.box if flow.name else None
    edge = _add_edge(plane, flow.id, points)
    if label is not None:
        _add_label(edge, label)


def _cut(points: Sequence[Point], box: Box) -> list[Point]:
    """Return *points* up to where they first come to the border of *box* for good; they end inside of it."""
    kept = list(points)
    while len(kept) > 1 and _inside(kept[-2], box):
        kept.pop()
    (x, y), (before_x, before_y) = kept[-1], kept[-2]
    if before_x == x:
        kept[-1] = (x, box.y if before_y < box.y else box.bottom)
    else:
        kept[-1] = (box.x if before_x < box.x else box.right, y)
    return kept


def _inside(point: Point, box: Box) -> bool:
    return box.x <= point[0] <= box.right and box.y <= point[1] <= box.bottom


def _union(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)


def _add_shape(plane: Element, element_id: str, box: Box) -> Element:
    shape = SubElement(plane, "bpmndi:BPMNShape", id=f"shape-{element_id}", bpmnElement=element_id)
    _add_bounds(shape, box)
    return shape


def _add_edge(plane: Element, element_id: str, points: Sequence[Point]) -> Element:
    edge = SubElement(plane, "bpmndi:BPMNEdge", id=f"edge-{element_id}", bpmnElement=element_id)
    for x, y in points:
        SubElement(edge, "di:waypoint", x=_number(x), y=_number(y))
    return edge


def _add_label(element: Element, box: Box) -> None:
    """Add the place of a label, with room for a tool that has other fonts."""
    wide = Box(box.x, box.y, max(box.width, _LEAST_LABEL), box.height)
    _add_bounds(SubElement(element, "bpmndi:BPMNLabel"), wide)


def _add_bounds(element: Element, box: Box) -> None:
    values = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    SubElement(element, "dc:Bounds", {name: _number(value) for name, value in values.items()})


def _number(value: float) -> str:
    shown = f"{value:.1f}"
    return "0.0" if shown == "-0.0" else shown

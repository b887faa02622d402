"""What every layout of a diagram must keep, whoever drew it."""

from itertools import combinations, pairwise

from reports.diagram_model import NodeKind
from reports.diagram_text import text_width

EPS = 0.01
BOLD = 1.25
"""How much wider bold letters are at most: codes and paragraphs, Latin capitals and digits."""


def overlap(a, b):
    return a.x < b.right - EPS and b.x < a.right - EPS and a.y < b.bottom - EPS and b.y < a.bottom - EPS


def within(inner, outer):
    return (
        inner.x >= outer.x - EPS
        and inner.y >= outer.y - EPS
        and inner.right <= outer.right + EPS
        and inner.bottom <= outer.bottom + EPS
    )


def labels_of(layout):
    yield layout.title
    yield layout.legend
    for shape in layout.shapes.values():
        yield shape.label
        yield from shape.notes
        if shape.measure is not None:
            yield shape.measure
    yield from (line.label for line in layout.lines if line.label is not None)


def check_no_overlap(layout):
    for one, other in combinations(layout.shapes.values(), 2):
        for a in one.parts:
            for b in other.parts:
                assert not overlap(a, b), (one.node.id, other.node.id)
    for shape in layout.shapes.values():
        for a, b in combinations(shape.parts, 2):
            assert not overlap(a, b), shape.node.id
    for one, other in combinations(layout.lanes, 2):
        assert not overlap(one.box, other.box)


def check_labels_fit(layout):
    for label in labels_of(layout):
        for line in label.lines:
            assert text_width(line, label.size) <= label.box.width + EPS, line
        lines = len(label.lines) + bool(label.head)
        assert lines * label.leading <= label.box.height + EPS, label
    for shape in layout.shapes.values():
        if shape.node.kind in {NodeKind.STEP, NodeKind.DOCUMENT}:
            assert within(shape.label.box, shape.box)
    for placed in layout.lanes:
        assert placed.label.leading * len(placed.label.lines) <= placed.box.height + EPS


def check_places(layout):
    boxes = {placed.lane.id: placed.box for placed in layout.lanes}
    heads = {placed.lane.id: placed.label.box for placed in layout.lanes}
    for shape in layout.shapes.values():
        for part in shape.parts:
            assert within(part, boxes[shape.node.lane]), shape.node.id
            assert not overlap(part, heads[shape.node.lane])
    for box in (*boxes.values(), layout.pool, layout.title.box, layout.legend.box):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= layout.width
        assert box.bottom <= layout.height


def on_border(point, box):
    x, y = point
    across = box.x - EPS <= x <= box.right + EPS
    along = box.y - EPS <= y <= box.bottom + EPS
    upright = min(abs(x - box.x), abs(x - box.right)) <= EPS
    level = min(abs(y - box.y), abs(y - box.bottom)) <= EPS
    return across and along and (upright or level)


def meets(low, high, begin, end):
    """Tell whether *low* to *high*, perhaps one point, goes into *begin* to *end*."""
    if low == high:
        return begin + EPS < low < end - EPS
    return low < end - EPS and begin + EPS < high


def crosses(a, b, box):
    return meets(*sorted((a[0], b[0])), box.x, box.right) and meets(*sorted((a[1], b[1])), box.y, box.bottom)


def check_lines(layout):
    for line in layout.lines:
        flow = line.route.flow
        assert on_border(line.points[0], layout.shapes[flow.source].box), flow.id
        assert on_border(line.points[-1], layout.shapes[flow.target].box), flow.id
        for a, b in pairwise(line.points):
            assert a != b, flow.id
            assert a[0] == b[0] or a[1] == b[1], (flow.id, a, b)
            assert 0 <= b[0] <= layout.width
            assert 0 <= b[1] <= layout.height
            for shape in layout.shapes.values():
                for part in shape.parts:
                    assert not crosses(a, b, part), (flow.id, shape.node.id, a, b, part)


def check(layout):
    check_no_overlap(layout)
    check_labels_fit(layout)
    check_places(layout)
    check_lines(layout)


def shared_stretches(layout):
    """Return pairs of flows without a common end whose lines lie on each other for a stretch."""
    found = []
    for one, other in combinations(layout.lines, 2):
        ends = {one.route.flow.source, one.route.flow.target}
        if ends & {other.route.flow.source, other.route.flow.target}:
            continue
        for a, b in pairwise(one.points):
            for c, d in pairwise(other.points):
                for i in (0, 1):
                    low, high = sorted((a[1 - i], b[1 - i])), sorted((c[1 - i], d[1 - i]))
                    together = a[i] == b[i] and c[i] == d[i] and abs(a[i] - c[i]) < 1
                    if together and max(low[0], high[0]) < min(low[1], high[1]) - EPS:
                        found.append((one.route.flow.id, other.route.flow.id))
    return found

"""Processes drawn at random, as diagrams: any lanes, any words, any flows, with cycles and without."""

from hypothesis import strategies as st

from conformance.regulation import CellStatus
from reports.diagram_model import Diagram, Flow, FlowKind, Lane, Node, NodeKind, Note

WORDS = st.text(alphabet="abcЖқғңёйЩ <&>\"'漢\u0301—" + "eіаоё " * 3, min_size=1, max_size=160).map(
    lambda text: " ".join(text.split()) or "x"
)
SHORT = st.text(alphabet="PVT-<&1җ", min_size=1, max_size=5)


class Sketch:
    """A diagram in the making; *draw* decides."""

    def __init__(self, draw):
        self.draw = draw
        self.inside = [Lane(f"lane-{n}", draw(WORDS)) for n in range(draw(st.integers(1, 4)))]
        self.above = [Lane(f"above-{n}", draw(WORDS), True, True) for n in range(draw(st.integers(0, 1)))]
        self.below = [Lane(f"below-{n}", draw(WORDS), True) for n in range(draw(st.integers(0, 2)))]
        self.nodes, self.flows = [], {}

    def flow(self, kind, source, target, **more):
        name, sure = f"flow-{source}--{target}", self.draw(st.booleans())
        self.flows.setdefault(name, Flow(name, kind, source, target, sure=sure, **more))

    def step(self, n, lane, steps, *, refuses):
        draw, step = self.draw, steps[n]
        statuses = draw(st.lists(st.sampled_from(CellStatus), max_size=3))
        notes = tuple(Note(draw(WORDS), status) for status in statuses)
        code, name = draw(SHORT), draw(WORDS)
        self.nodes.append(Node(step, NodeKind.STEP, lane, code, name, "1", notes, refuses=refuses))
        if n == 0 or draw(st.integers(0, 4)) == 0:
            self.nodes.append(Node(f"start-{n}", NodeKind.START, lane, name="start"))
            self.flow(FlowKind.CONTROL, f"start-{n}", step)
        self.after(n, lane, steps, refuses=refuses)

    def after(self, n, lane, steps, *, refuses):
        draw, step = self.draw, steps[n]
        after = draw(st.lists(st.sampled_from(steps), max_size=3, unique=True))
        way = draw(st.sampled_from(["end", "plain", "condition", "choice"]))
        if way == "end":
            self.nodes.append(Node(f"end-{n}", NodeKind.END, lane, name=draw(WORDS), refuses=refuses))
            self.flow(FlowKind.CONTROL, step, f"end-{n}")
        elif way == "condition" and len(after) > 1:
            asks = draw(st.sampled_from(self.inside)).id
            self.nodes.append(Node(f"condition-{n}", NodeKind.CONDITION, asks, draw(SHORT), draw(WORDS)))
            self.flow(FlowKind.CONTROL, step, f"condition-{n}")
            for answer, target in zip((True, False), after, strict=False):
                self.flow(FlowKind.CONTROL, f"condition-{n}", target, answer=answer, name="yes")
        elif way == "choice" and len(after) > 1:
            self.nodes.append(Node(f"choice-{n}", NodeKind.CHOICE, lane))
            self.flow(FlowKind.CONTROL, step, f"choice-{n}")
            for target in after:
                self.flow(FlowKind.CONTROL, f"choice-{n}", target)
        else:
            for target in after[:1]:
                self.flow(FlowKind.CONTROL, step, target)

    def document(self, name, lane, step):
        self.nodes.append(Node(name, NodeKind.DOCUMENT, lane, name=self.draw(WORDS)))
        ends = (step, name) if self.draw(st.booleans()) else (name, step)
        self.flow(FlowKind.MESSAGE, *ends, name=self.draw(WORDS))


@st.composite
def diagrams(draw):
    """A diagram with up to twelve steps in up to four lanes, and documents to units outside."""
    sketch = Sketch(draw)
    inside, outside = sketch.inside, sketch.above + sketch.below
    count = draw(st.integers(len(inside), 12))
    steps = [f"step-{n}" for n in range(count)]
    refused = draw(st.sets(st.sampled_from(steps), max_size=3))
    for n, step in enumerate(steps):
        lane = inside[n] if n < len(inside) else draw(st.sampled_from(inside))
        sketch.step(n, lane.id, steps, refuses=step in refused)
    for n in range(draw(st.integers(0, 5))):
        lane = draw(st.sampled_from(inside + outside))
        sketch.document(f"document-{n}", lane.id, draw(st.sampled_from(steps)))
    for lane in outside:
        sketch.document(f"document-{lane.id}", lane.id, draw(st.sampled_from(steps)))
    return Diagram(
        service="S",
        path="p",
        language="en",
        title=draw(WORDS),
        description=draw(WORDS),
        pool=draw(WORDS),
        lanes=(*sketch.above, *inside, *sketch.below),
        nodes=tuple(sketch.nodes),
        flows=tuple(sketch.flows.values()),
    )

"""Processes drawn at random, as diagrams: any lanes, any words, any flows, with cycles and without."""

from hypothesis import strategies as st

from conformance.regulation import CellStatus
from reports.diagram_model import Diagram, Flow, FlowKind, Lane, Node, NodeKind, Note

WORDS = st.text(alphabet="abcЖқғңёйЩ <&>\"'漢\u0301—" + "eіаоё " * 3, min_size=1, max_size=160).map(
    lambda text: " ".join(text.split()) or "x"
)
SHORT = st.text(alphabet="PVT-<&1җ", min_size=1, max_size=5)


@st.composite
def diagrams(draw):
    """A diagram with up to twelve steps in up to four lanes, and documents to units outside."""
    inside = [Lane(f"lane-{n}", draw(WORDS)) for n in range(draw(st.integers(1, 4)))]
    above = [Lane(f"above-{n}", draw(WORDS), True, True) for n in range(draw(st.integers(0, 1)))]
    below = [Lane(f"below-{n}", draw(WORDS), True) for n in range(draw(st.integers(0, 2)))]
    lanes = (*above, *inside, *below)
    count = draw(st.integers(len(inside), 12))
    of = [inside[n].id if n < len(inside) else draw(st.sampled_from(inside)).id for n in range(count)]
    steps = [f"step-{n}" for n in range(count)]
    nodes, flows = [], {}

    def flow(kind, source, target, **more):
        name = f"flow-{source}--{target}"
        flows.setdefault(name, Flow(name, kind, source, target, sure=draw(st.booleans()), **more))

    refused = draw(st.sets(st.sampled_from(steps), max_size=3))
    for n, step in enumerate(steps):
        statuses = draw(st.lists(st.sampled_from(CellStatus), max_size=3))
        notes = tuple(Note(draw(WORDS), status) for status in statuses)
        refuses = step in refused
        nodes.append(Node(step, NodeKind.STEP, of[n], draw(SHORT), draw(WORDS), "1", notes, refuses=refuses))
        after = draw(st.lists(st.sampled_from(steps), max_size=3, unique=True))
        way = draw(st.sampled_from(["end", "plain", "condition", "choice"]))
        if n == 0 or draw(st.integers(0, 4)) == 0:
            nodes.append(Node(f"start-{n}", NodeKind.START, of[n], name="start"))
            flow(FlowKind.CONTROL, f"start-{n}", step)
        if way == "end":
            nodes.append(Node(f"end-{n}", NodeKind.END, of[n], name=draw(WORDS), refuses=refuses))
            flow(FlowKind.CONTROL, step, f"end-{n}")
        elif way == "condition" and len(after) > 1:
            lane = draw(st.sampled_from(inside)).id
            nodes.append(Node(f"condition-{n}", NodeKind.CONDITION, lane, draw(SHORT), draw(WORDS)))
            flow(FlowKind.CONTROL, step, f"condition-{n}")
            for answer, target in zip((True, False), after, strict=False):
                flow(FlowKind.CONTROL, f"condition-{n}", target, answer=answer, name="yes")
        elif way == "choice" and len(after) > 1:
            nodes.append(Node(f"choice-{n}", NodeKind.CHOICE, of[n]))
            flow(FlowKind.CONTROL, step, f"choice-{n}")
            for target in after:
                flow(FlowKind.CONTROL, f"choice-{n}", target)
        else:
            for target in after[:1]:
                flow(FlowKind.CONTROL, step, target)
    for n in range(draw(st.integers(0, 5))):
        step = draw(st.sampled_from(steps))
        document = f"document-{n}"
        nodes.append(Node(document, NodeKind.DOCUMENT, draw(st.sampled_from(lanes)).id, name=draw(WORDS)))
        ends = (step, document) if draw(st.booleans()) else (document, step)
        flow(FlowKind.MESSAGE, *ends, name=draw(WORDS))
    for lane in above + below:
        nodes.append(Node(f"document-{lane.id}", NodeKind.DOCUMENT, lane.id, name=draw(WORDS)))
        flow(FlowKind.MESSAGE, draw(st.sampled_from(steps)), f"document-{lane.id}", name="x")
    return Diagram(
        service="S",
        path="p",
        language="en",
        title=draw(WORDS),
        description=draw(WORDS),
        pool=draw(WORDS),
        lanes=lanes,
        nodes=tuple(nodes),
        flows=tuple(flows.values()),
    )

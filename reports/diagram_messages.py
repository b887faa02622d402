"""Which documents of a diagram cross the border of the pool: as messages, and between whom."""

from reports.diagram_model import Diagram, Flow, FlowKind, NodeKind


def is_message_flow(diagram: Diagram, flow: Flow) -> bool:
    """Tell whether *flow* goes to or comes from a unit outside the pool."""
    outside = {lane.id for lane in diagram.lanes if lane.outside}
    lanes = {diagram.node(flow.source).lane, diagram.node(flow.target).lane}
    return flow.kind is FlowKind.MESSAGE and not lanes.isdisjoint(outside)


def message_end(diagram: Diagram, node_id: str) -> str:
    """Return what a message flow names at *node_id*: a task itself, for a document the pool it lies in."""
    node = diagram.node(node_id)
    if node.kind is not NodeKind.DOCUMENT:
        return node.id
    return (
        node.lane if any(lane.id == node.lane and lane.outside for lane in diagram.lanes) else "participant"
    )

"""Write a diagram as BPMN 2.0 with its places, so that a BPMN tool opens it as it is drawn here.

All units that act are lanes of one pool; a document handed over between them is a data object. Units that
only take part by a document are pools without content, and what goes to or from them is a message flow: BPMN
allows no message flow within a pool and no control flow out of one.

Source: OMG BPMN 2.0.2 (formal/2013-12-09), 7.6.2, 9.3, 10.4 and 12.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conformance import __version__
from reports.characters import legal
from reports.diagram_bpmn_places import add_places
from reports.diagram_layout import Layout
from reports.diagram_messages import is_message_flow, message_end
from reports.diagram_model import Diagram, Flow, FlowKind, Node, NodeKind

_SPACES = {
    "xmlns": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
}
_FLOW_NODES = {
    NodeKind.START: "startEvent",
    NodeKind.STEP: "task",
    NodeKind.CONDITION: "exclusiveGateway",
    NodeKind.CHOICE: "exclusiveGateway",
    NodeKind.END: "endEvent",
}


def render_bpmn(layout: Layout) -> str:
    """Return *layout* as the text of a BPMN file; the same layout, the same text."""
    diagram = layout.diagram
    root = Element(
        "definitions",
        {
            **_SPACES,
            "id": "definitions",
            "name": legal(diagram.title),
            "targetNamespace": "urn:reglament:diagram",
            "exporter": "reglament",
            "exporterVersion": __version__,
        },
    )
    _add_collaboration(root, diagram)
    _add_process(root, diagram)
    add_places(root, layout)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_collaboration(root: Element, diagram: Diagram) -> None:
    collaboration = SubElement(root, "collaboration", id="collaboration")
    pool = {"id": "participant", "name": legal(diagram.pool), "processRef": "process"}
    SubElement(collaboration, "participant", pool)
    for lane in diagram.lanes:
        if lane.outside:
            SubElement(collaboration, "participant", id=lane.id, name=legal(lane.name))
    for flow in diagram.flows:
        if is_message_flow(diagram, flow):
            ends = {
                "sourceRef": message_end(diagram, flow.source),
                "targetRef": message_end(diagram, flow.target),
            }
            names = {"name": legal(flow.name)} if flow.name else {}
            SubElement(collaboration, "messageFlow", {"id": flow.id, **names, **ends})


def _add_process(root: Element, diagram: Diagram) -> None:
    process = SubElement(root, "process", id="process", name=legal(diagram.title), isExecutable="false")
    inside = [lane for lane in diagram.lanes if not lane.outside]
    lanes = SubElement(process, "laneSet", id="lanes")
    for lane in inside:
        element = SubElement(lanes, "lane", id=lane.id, name=legal(lane.name))
        for node in diagram.nodes:
            if node.lane == lane.id and node.kind in _FLOW_NODES:
                SubElement(element, "flowNodeRef").text = node.id
    for node in diagram.nodes:
        if node.kind is not NodeKind.DOCUMENT:
            _add_node(process, diagram, node)
        elif node.lane in {lane.id for lane in inside}:
            SubElement(process, "dataObject", id=f"{node.id}-object")
            reference = {"id": node.id, "name": legal(node.name), "dataObjectRef": f"{node.id}-object"}
            SubElement(process, "dataObjectReference", reference)
    for flow in diagram.flows:
        if flow.kind is FlowKind.CONTROL:
            names = {"name": legal(flow.name)} if flow.name else {}
            ends = {"sourceRef": flow.source, "targetRef": flow.target}
            SubElement(process, "sequenceFlow", {"id": flow.id, **names, **ends})
    _add_notes(process, [node for node in diagram.nodes if node.notes])


def _add_notes(process: Element, nodes: Sequence[Node]) -> None:
    for node in nodes:
        note = SubElement(process, "textAnnotation", id=f"note-{node.id}")
        SubElement(note, "text").text = legal("\n".join(note.text for note in node.notes))
    for node in nodes:
        ends = {"sourceRef": node.id, "targetRef": f"note-{node.id}"}
        SubElement(process, "association", {"id": f"noted-{node.id}", **ends})


def _add_node(process: Element, diagram: Diagram, node: Node) -> None:
    name = f"{node.code} {node.name}" if node.code else node.name
    attributes = {"id": node.id, "name": legal(name)}
    if node.kind in {NodeKind.CONDITION, NodeKind.CHOICE}:
        attributes["gatewayDirection"] = "Diverging"
    element = SubElement(process, _FLOW_NODES[node.kind], attributes)
    if node.paragraph is not None:
        SubElement(element, "documentation").text = legal(node.paragraph)
    control = [flow for flow in diagram.flows if flow.kind is FlowKind.CONTROL]
    for flow in control:
        if flow.target == node.id:
            SubElement(element, "incoming").text = flow.id
    for flow in control:
        if flow.source == node.id:
            SubElement(element, "outgoing").text = flow.id
    if node.kind is NodeKind.STEP:
        _add_data(element, diagram, node)


def _add_data(element: Element, diagram: Diagram, node: Node) -> None:
    """Add the documents within the pool that *node* takes or makes, inputs first as the schema has them."""
    flows = list(_data_flows(diagram))
    taken = [flow for flow in flows if flow.target == node.id]
    if taken:
        SubElement(element, "property", id=f"input-{node.id}", name="__targetRef_placeholder")
    for flow in taken:
        association = SubElement(element, "dataInputAssociation", id=flow.id)
        SubElement(association, "sourceRef").text = flow.source
        SubElement(association, "targetRef").text = f"input-{node.id}"
    for flow in (flow for flow in flows if flow.source == node.id):
        association = SubElement(element, "dataOutputAssociation", id=flow.id)
        SubElement(association, "targetRef").text = flow.target


def _data_flows(diagram: Diagram) -> Iterator[Flow]:
    for flow in diagram.flows:
        if flow.kind is FlowKind.MESSAGE and not is_message_flow(diagram, flow):
            yield flow

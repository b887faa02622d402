"""Write a diagram as a Mermaid flowchart, a subgraph for each lane; what could mean something is escaped.

Source: https://mermaid.js.org/syntax/flowchart.html (entity codes, node shapes, linkStyle).
"""

from collections.abc import Iterator

from reports.characters import legal
from reports.diagram_model import Diagram, Flow, FlowKind, Node, NodeKind

_HARMLESS = frozenset(" .,:()·–—-/«»№")
_SHAPES = {
    NodeKind.START: ('(("', '"))'),
    NodeKind.STEP: ('["', '"]'),
    NodeKind.CONDITION: ('{"', '"}'),
    NodeKind.CHOICE: ('{"', '"}'),
    NodeKind.END: ('((("', '")))'),
    NodeKind.DOCUMENT: ('[/"', '"/]'),
}


def render_mermaid(diagram: Diagram) -> str:
    """Return *diagram* as the text of a Mermaid flowchart."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    names = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes)}
    yield "flowchart LR"
    yield f"  accTitle: {_plain(diagram.title)}"
    for number, lane in enumerate(diagram.lanes):
        yield f'  subgraph lane{number}["{_escaped(lane.name)}"]'
        for node in diagram.nodes:
            if node.lane == lane.id:
                yield f"    {names[node.id]}{_node(node)}"
        yield "  end"
    for flow in diagram.flows:
        yield f"  {names[flow.source]} {_arrow(flow)} {names[flow.target]}"
    unsure = [names[node.id] for node in diagram.nodes if not node.sure]
    if unsure:
        yield "  classDef unsure stroke-dasharray: 5 3"
        yield f"  class {','.join(unsure)} unsure"
    doubtful = [str(n) for n, f in enumerate(diagram.flows) if f.kind is FlowKind.CONTROL and not f.sure]
    if doubtful:
        yield f"  linkStyle {','.join(doubtful)} stroke-dasharray: 9 3"


def _node(node: Node) -> str:
    before, after = _SHAPES[node.kind]
    head = " · ".join(word for word in (node.code, node.paragraph) if word)
    if node.kind is NodeKind.DOCUMENT:
        head = ""
    words = [head, node.name, *(note.text for note in node.notes)]
    return before + "<br/>".join(_escaped(word) for word in words if word) + after


def _arrow(flow: Flow) -> str:
    if flow.kind is FlowKind.MESSAGE:
        return "-.->"
    return f'-->|"{_escaped(flow.name)}"|' if flow.name else "-->"


def _escaped(text: str) -> str:
    """Return *text* with every sign as an entity code but letters, digits and signs that mean nothing."""
    return "".join(c if c.isalnum() or c in _HARMLESS else f"#{ord(c)};" for c in legal(text))


def _plain(text: str) -> str:
    """Return *text* for a line that knows no entities: signs that could mean something become blanks."""
    return " ".join("".join(c if c.isalnum() or c in _HARMLESS else " " for c in legal(text)).split())

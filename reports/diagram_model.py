"""The process of one service and path as a picture has it: lanes, what follows what, what is handed over."""

from dataclasses import dataclass
from enum import StrEnum

from conformance.regulation import CellStatus


class NodeKind(StrEnum):
    """What a node is."""

    START = "start"
    STEP = "step"
    CONDITION = "condition"
    CHOICE = "choice"
    END = "end"
    DOCUMENT = "document"


class FlowKind(StrEnum):
    """What goes from node to node: the case itself, or a document."""

    CONTROL = "control"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit; *outside*: it performs no step, and only takes part by what is handed over."""

    id: str
    name: str
    outside: bool = False
    above: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What a cell of the table says of a step, with its *status* there, None where there is no cell."""

    text: str
    status: CellStatus | None


@dataclass(frozen=True, slots=True)
class Node:
    """One node; *code* is its name in the pack, *notes* what is written beside a step, the limit first.

    *sure*: what it shows is printed in the act. *refuses*: the case goes here after a no.
    """

    id: str
    kind: NodeKind
    lane: str
    code: str = ""
    name: str = ""
    paragraph: str | None = None
    notes: tuple[Note, ...] = ()
    sure: bool = True
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from *source* to *target*; *sure*: the act prints it. *answer* is that of a condition."""

    id: str
    kind: FlowKind
    source: str
    target: str
    name: str = ""
    answer: bool | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Diagram:
    """A process to be drawn; lanes stand in the order in which they are drawn, nodes in that of the pack."""

    service: str
    path: str
    language: str
    title: str
    description: str
    pool: str
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    def node(self, node_id: str) -> Node:
        """Return the node *node_id*; raise KeyError if there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

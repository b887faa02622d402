"""What goes from node to node of a diagram: the case, and the documents that are handed over."""

from collections.abc import Iterator

from conformance.regulation import CellStatus, Message
from reports.characters import anchor, one_line
from reports.diagram_model import Flow, FlowKind, Node, NodeKind
from reports.diagram_source import Source


def control_flows(source: Source) -> tuple[Flow, ...]:
    """Return which node the case goes to from which: starts first, then step by step."""
    return tuple(
        Flow(
            id=f"flow-{begin}--{end}",
            kind=FlowKind.CONTROL,
            source=begin,
            target=end,
            name="" if answer is None else source.say("yes" if answer else "no"),
            answer=answer,
            sure=sure,
        )
        for begin, end, answer, sure in _control(source)
    )


def messages_of(source: Source) -> tuple[tuple[Node, ...], tuple[Flow, ...]]:
    """Return the documents, each in the lane to which or from which it goes, and their ways."""
    documents: list[Node] = []
    flows: list[Flow] = []
    for message in source.messages():
        name = one_line(message.document.in_language(source.texts.language))
        chain = _chain(source, message)
        for i, (node, lane) in enumerate(chain):
            if lane is not None:
                documents.append(Node(node, NodeKind.DOCUMENT, lane, name=name, paragraph=message.paragraph))
            if i:
                begin = chain[i - 1][0]
                way = f"flow-{begin}--{node}"
                named = name if i == 1 else ""  # once is enough for what a carrier only hands on
                flows.append(Flow(way, FlowKind.MESSAGE, begin, node, named))
    return tuple(documents), tuple(flows)


def _control(source: Source) -> Iterator[tuple[str, str, bool | None, bool]]:
    """Yield begin, end, answer and whether the act prints it."""
    graph, conditions = source.graph, {condition.after: condition for condition in source.conditions}
    for step in source.steps:
        if graph is not None and step.code in graph.starts:
            yield anchor("start", step.code), anchor("step", step.code), None, True
    for step in source.steps:
        here, sure = anchor("step", step.code), _is_printed(source, step.code)
        targets = [anchor("step", code) for code in source.after(step.code)]
        if graph is not None and step.code in graph.endings:
            targets.append(anchor("end", step.code))
        if (condition := conditions.get(step.code)) is not None:
            decision, yes, no = (
                anchor("condition", condition.id),
                anchor("step", condition.yes),
                anchor("step", condition.no),
            )
            targets = [decision, *(target for target in targets if target not in {yes, no})]
            yield decision, yes, True, sure
            yield decision, no, False, sure
        if len(targets) > 1:
            choice = anchor("choice", step.code)
            yield here, choice, None, sure
            here = choice
        yield from ((here, target, None, sure) for target in targets)


def _is_printed(source: Source, step: str) -> bool:
    """Tell whether the act prints what follows *step*; of a stated flow, whether it is not assumed."""
    if (column := source.columns.get(step)) is not None:
        return column.next.origin.status is CellStatus.PRINTED
    path = source.pack.step(step).path
    flows = [f for f in source.pack.flow if source.service in f.services and f.path == path]
    return all(flow.assumption is None for flow in flows)


def _chain(source: Source, message: Message) -> list[tuple[str, str | None]]:
    """Return the nodes that a message passes, with the lane of those that are documents."""
    step = (anchor("step", message.step), None)
    sends = source.unit(message.step) == message.sender
    other = message.receiver if sends else message.sender
    carrier = message.through or other
    chain: list[tuple[str, str | None]] = [step, (anchor("document", message.id), anchor("lane", carrier))]
    if message.through is not None:
        next_steps = [code for code in source.after(message.step) if source.unit(code) == other]
        far = anchor("document", f"{message.id} {other}")
        takes = sends and bool(next_steps)
        chain.append((anchor("step", next_steps[0]), None) if takes else (far, anchor("lane", other)))
    return chain if sends else chain[::-1]

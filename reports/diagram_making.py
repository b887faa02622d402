"""Make the diagram of one service and path from a pack.

Everything comes from the pack: steps, conditions and messages from ``process.yaml``, order and limits from
the tables or the flow. Nothing is added but where cases start and end, and a choice without words where a
flow lets a step be followed by one of several. A condition stands in the lane of whoever says no: that unit
has checked.
"""

from collections.abc import Iterator, Sequence

from conformance.errors import InputError
from conformance.pack import Pack
from conformance.regulation import CellStatus, Column, Condition, Step
from reports.characters import anchor, one_line
from reports.diagram_flows import control_flows, messages_of
from reports.diagram_model import Diagram, Flow, Lane, Node, NodeKind, Note
from reports.diagram_source import Source, source_of
from reports.texts import Texts


def diagram_of(pack: Pack, service: str, path: str, texts: Texts) -> Diagram:
    """Return the diagram of *service* (id or code) on *path*, in the language of *texts*.

    Raises InputError for an unknown service or path, and for a path without steps.
    """
    found, way = pack.service(service), pack.path(path)
    language = texts.language
    source = source_of(pack, found.id, way.id, texts)
    if not source.steps:
        raise InputError(f"pack {pack.act.id}", found.id, f"no step of the path {path}", "a path with steps")
    lanes = _lanes(source)
    control = control_flows(source)
    documents, messages = messages_of(source)
    nodes = (*_nodes(source, control), *documents)
    return Diagram(
        service=found.id,
        path=way.id,
        language=language,
        title=one_line(f"{found.id}. {found.name.in_language(language)}: {way.title.in_language(language)}"),
        description=_description(lanes, nodes, source),
        pool=one_line(way.title.in_language(language)),
        lanes=lanes,
        nodes=nodes,
        flows=(*control, *messages),
    )


def _description(lanes: Sequence[Lane], nodes: Sequence[Node], source: Source) -> str:
    """Return the diagram in one sentence each for lanes and steps, for whoever cannot see it."""
    names = {lane.id: lane.name for lane in lanes}
    steps = [f"{n.code} {n.name} ({names[n.lane]})" for n in nodes if n.kind is NodeKind.STEP]
    return source.say("desc", lanes="; ".join(names.values()), steps="; ".join(steps))


def _lanes(source: Source) -> tuple[Lane, ...]:
    """Return the lanes: units that act in the order of their first step, and the others around them."""
    order = [unit.code for unit in source.pack.units]
    names = {unit.code: one_line(unit.name.in_language(source.texts.language)) for unit in source.pack.units}
    inside = list(dict.fromkeys(source.unit(step.code) for step in source.steps))
    parties = {
        unit for message in source.messages() for unit in (message.sender, message.receiver, message.through)
    }
    outside = [unit for unit in order if unit in parties and unit not in inside]
    first = min((order.index(unit) for unit in inside), default=0)
    lanes = {unit: Lane(anchor("lane", unit), names[unit]) for unit in inside}
    above = [unit for unit in outside if order.index(unit) < first]
    below = [unit for unit in outside if order.index(unit) >= first]
    for unit in outside:
        lanes[unit] = Lane(anchor("lane", unit), names[unit], outside=True, above=unit in above)
    return tuple(lanes[unit] for unit in (*above, *inside, *below))


def _nodes(source: Source, control: Sequence[Flow]) -> Iterator[Node]:
    used = {end for flow in control for end in (flow.source, flow.target)}
    refusing = {condition.no for condition in source.conditions}
    after = {condition.after: condition for condition in source.conditions}
    for step in source.steps:
        lane = anchor("lane", source.unit(step.code))
        if (start := anchor("start", step.code)) in used:
            yield Node(start, NodeKind.START, lane, name=source.say("start"))
        yield _step(source, step, lane, refuses=step.code in refusing)
        if step.code in after:
            yield _condition(source, after[step.code])
        if (choice := anchor("choice", step.code)) in used:
            yield Node(choice, NodeKind.CHOICE, lane, name=source.say("choice"))
        if (end := anchor("end", step.code)) in used:
            refuses = step.code in refusing
            name = source.say("end_refused" if refuses else "end")
            yield Node(end, NodeKind.END, lane, name=name, refuses=refuses)


def _step(source: Source, step: Step, lane: str, *, refuses: bool) -> Node:
    language, column = source.texts.language, source.columns.get(step.code)
    cells = (column.unit, column.action) if column is not None else ()
    return Node(
        id=anchor("step", step.code),
        kind=NodeKind.STEP,
        lane=lane,
        code=one_line(step.code),
        name=one_line((column.action.text if column is not None else step.gist).in_language(language)),
        paragraph=step.paragraph,
        notes=tuple(_notes(source, step, column)),
        sure=all(cell.origin.status is CellStatus.PRINTED for cell in cells),
        refuses=refuses,
    )


def _notes(source: Source, step: Step, column: Column | None) -> Iterator[Note]:
    """Yield the limit with its status, then which other cells are not as printed."""
    if column is not None:
        status = column.limit.origin.status
        yield Note(_limit(source, column), status)
        other = {"unit": column.unit.origin, "action": column.action.origin, "next": column.next.origin}
        by_status: dict[CellStatus, list[str]] = {}
        for name, origin in other.items():
            if origin.status is not CellStatus.PRINTED:
                by_status.setdefault(origin.status, []).append(source.say(f"cell_{name}"))
        for found, names in by_status.items():
            yield Note(f"{', '.join(names)}: {source.texts.word('diagram_status', found)}", found)
    if source.graph is not None and source.follows_any(step.code):
        yield Note(source.say("any_next"), None)


def _limit(source: Source, column: Column) -> str:
    limit, texts = column.limit, source.texts
    word = texts.word("diagram_status", limit.origin.status)
    if limit.max_s is None:
        return source.say("no_limit", status=word)
    if limit.min_s is not None:
        least = source.texts.number(limit.min_s)
        return source.say("limit_between", least=least, most=texts.seconds(limit.max_s), status=word)
    return source.say("limit_most", most=texts.seconds(limit.max_s), status=word)


def _condition(source: Source, condition: Condition) -> Node:
    return Node(
        id=anchor("condition", condition.id),
        kind=NodeKind.CONDITION,
        lane=anchor("lane", source.unit(condition.no)),
        code=one_line(condition.id),
        name=one_line(condition.question.in_language(source.texts.language)),
        paragraph=condition.paragraph,
    )

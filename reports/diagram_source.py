"""What a diagram is made of: a pack, seen from one service and path."""

from dataclasses import dataclass

from conformance.context import Graph, graphs_of
from conformance.pack import Pack
from conformance.regulation import Column, Condition, Message, Step
from reports.texts import Texts


@dataclass(frozen=True, slots=True)
class Source:
    """What a diagram is made of: the pack, seen from one service and path."""

    pack: Pack
    service: str
    texts: Texts
    steps: tuple[Step, ...]
    columns: dict[str, Column]
    conditions: tuple[Condition, ...]
    graph: Graph | None

    def unit(self, step: str) -> str:
        """Return who performs *step*: by the table, or by the pack where no column says it."""
        column = self.columns.get(step)
        return column.unit.unit if column is not None else self.pack.step(step).unit

    def after(self, step: str) -> tuple[str, ...]:
        """Return what may follow *step*, in the order of the pack; nothing where anything may."""
        if self.graph is None or self.follows_any(step):
            return ()
        allowed = self.graph.successors.get(step, ())
        return tuple(one.code for one in self.steps if one.code in allowed)

    def follows_any(self, step: str) -> bool:
        """Tell whether any step may follow *step*: its path has a flow that does not list it."""
        flows = [
            f for f in self.pack.flow if self.service in f.services and f.path == self.pack.step(step).path
        ]
        return bool(flows) and all(item.step != step for flow in flows for item in flow.steps)

    def messages(self) -> tuple[Message, ...]:
        """Return what is handed over on the way."""
        steps = {step.code for step in self.steps}
        return tuple(m for m in self.pack.messages if self.service in m.services and m.step in steps)

    def say(self, text_id: str, **values: str) -> str:
        """Return a text of the reports in one line."""
        return self.texts.say(f"diagram.{text_id}", **values)


def source_of(pack: Pack, service: str, path: str, texts: Texts) -> Source:
    """Return what the diagram of *service* (its id) on *path* is made of."""
    columns = {
        column.step: column
        for table in pack.tables
        if (table.service, table.path) == (service, path)
        for column in table.columns
    }
    steps = [step for step in pack.steps if step.path == path]
    return Source(
        pack=pack,
        service=service,
        texts=texts,
        steps=tuple(s for s in steps if s.code in columns or s.number is None),
        columns=columns,
        conditions=tuple(c for c in pack.conditions if c.path == path),
        graph=graphs_of(pack).get((service, path)),
    )

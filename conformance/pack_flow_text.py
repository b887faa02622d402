"""The flows of a pack as text: where cases begin, and what may follow each step."""

from collections.abc import Iterator

from conformance.pack import Pack
from conformance.regulation import Flow
from conformance.text_layout import Page


def flow_lines(pack: Pack, page: Page) -> Iterator[str]:
    """Yield the lines of every flow of *pack*, nothing for a pack without one."""
    if pack.flow:
        yield from page.heading(page.label("flow"))
    for flow in pack.flow:
        yield from _flow(pack, flow, page)


def _flow(pack: Pack, flow: Flow, page: Page) -> Iterator[str]:
    assumption = f"; {flow.assumption}" if flow.assumption else ""
    where = f"[{', '.join(flow.services)}; {flow.paragraph}{assumption}]"
    starts = f"{page.label('starts')} {', '.join(flow.starts)} {where}"
    yield from page.entry(page.text(pack.path(flow.path).title), starts)
    stated = {item.step: item.next for item in flow.steps}
    for step in pack.steps:
        if step.path == flow.path:
            after = ", ".join(stated.get(step.code, (page.label("any"),)))
            last = page.label("or_end") if after else page.label("ends")
            yield from page.entry(
                f"{step.code} ->", f"{after} {last}".strip() if step.ends else after, indent=2
            )

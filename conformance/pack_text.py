"""A pack as plain text, so that a person can lay it beside the source and compare cell by cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from conformance.errors import InputError, nearest_name
from conformance.norms import NormStatus
from conformance.pack import PACKS, Pack, available_packs
from conformance.pack_flow import Reading, unreachable_columns
from conformance.pack_flow_text import flow_lines
from conformance.pack_labels import LANGUAGES
from conformance.pack_registers import register_lines
from conformance.pack_table_text import table_lines
from conformance.regulation import Act, CellStatus, ClauseStatus, Service
from conformance.strict_yaml import read_yaml
from conformance.text_layout import Page

S = TypeVar("S", CellStatus, ClauseStatus, NormStatus)


def describe_packs() -> str:
    """Return one line per pack that comes with the tool: id, version, title, days in force."""
    lines = []
    for name in available_packs():
        act = read_yaml(PACKS / name / "act.yaml", Act)
        until = act.in_force.until or "..."
        lines.append(f"{act.id} {act.version}  {act.title.en} ({act.in_force.first} to {until})")
    return "\n".join(lines)


def show_pack(pack: Pack, language: str, width: int = 100) -> str:
    """Return the whole pack as text in *language* (en, ru or kk), *width* columns wide where words allow.

    Raises InputError for an unknown language.
    """
    if language not in LANGUAGES:
        expected = "one of " + ", ".join(LANGUAGES)
        raise InputError("--lang", "", repr(language), expected, nearest_name(language, LANGUAGES))
    page = Page(language, max(width, 60))
    lines = [*_act(pack, page), *_paths(pack, page)]
    for service in pack.services:
        lines += _service(pack, service, page)
    lines += flow_lines(pack, page)
    lines += _steps(pack, page)
    lines += _conditions(pack, page) if pack.conditions else ()
    lines += _messages(pack, page) if pack.messages else ()
    lines += register_lines(pack, page)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def validate_text(pack: Pack) -> str:
    """Return one paragraph that says what the checked pack holds, with the counts that are not zero."""
    cells = Counter(
        cell.origin.status
        for table in pack.tables
        for column in table.columns
        for cell in (column.unit, column.action, column.form, column.limit, column.next)
    )
    clauses = Counter(clause.status for clause in pack.clauses)
    norms = Counter(norm.status for norm in pack.norms)
    columns = sum(len(table.columns) for table in pack.tables)
    counted = (
        (len(pack.services), "services"),
        (len(pack.clauses), f"clauses ({_counted(clauses, ClauseStatus)})"),
        (len(pack.tables), f"tables with {columns} columns"),
        (len(pack.flow), "flows"),
        (sum(cells.values()), f"cells ({_counted(cells, CellStatus)})"),
        (len(pack.norms), f"norms ({_counted(norms, NormStatus)})"),
        (len(pack.terms), "terms"),
        (len(pack.defects), "defects"),
        (len(pack.assumptions), "assumptions"),
    )
    parts = "; ".join(f"{n} {what}" for n, what in counted if n)
    return f"Pack {pack.act.id} {pack.act.version} is valid: {parts}. SHA-256 {pack.sha256}."


def _counted(counts: Mapping[S, int], order: Iterable[S]) -> str:
    return ", ".join(f"{counts[name]} {str(name).replace('_', ' ')}" for name in order if counts[name])


def _act(pack: Pack, page: Page) -> Iterator[str]:
    act = pack.act
    force = act.in_force
    until = force.until or page.label("no_end")
    yield from page.heading(f"{act.id} {act.version}")
    yield from page.entry(page.label("act"), f"№ {act.number}. {page.text(act.title)}")
    yield from page.entry(page.label("issuer"), page.text(act.issuer))
    yield from page.entry(page.label("adopted"), act.adopted)
    days = f"{page.label('from')} {force.first}, {page.label('until')} {until}. {page.text(force.note)}"
    yield from page.entry(page.label("in_force"), days)
    yield from page.entry(page.label("zone"), act.zone)
    yield from page.entry("SHA-256", pack.sha256)
    if act.timeline:
        yield from page.heading(page.label("timeline"))
    for milestone in act.timeline:
        yield from page.entry(milestone.date, f"{page.text(milestone.event)} [{milestone.source}]")


def _paths(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("paths"))
    for path in pack.paths:
        signer = f"; {page.label('signed_by')}: {page.label(path.signed_by)}" if path.signed_by else ""
        yield from page.entry(path.id, f"{page.text(path.title)}{signer}")


def _service(pack: Pack, service: Service, page: Page) -> Iterator[str]:
    yield from page.heading(f"{page.label('service')} {service.id} {service.code}: {page.text(service.name)}")
    for table in pack.tables:
        if table.service != service.id:
            continue
        yield from table_lines(pack, table, page)
        lost = unreachable_columns(table, Reading.STRICT_TABLE)
        names = ", ".join(f"{column.number} ({column.step})" for column in lost) or page.label("none")
        yield from page.entry("", f"{page.label('unreachable')}: {names}", indent=2)


def _steps(pack: Pack, page: Page) -> Iterator[str]:
    if any(step.number is None for step in pack.steps):
        yield from page.heading(page.label("without_column"))
    for step in pack.steps:
        if step.number is None:
            where = f" [{step.paragraph}]" if step.paragraph else ""
            yield from page.entry(f"{step.code} {step.name}", f"{page.text(step.gist)}{where}")


def _conditions(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("conditions"))
    for condition in pack.conditions:
        branch = f"{page.label('yes')} {condition.yes}, {page.label('no')} {condition.no}"
        where = f"[{condition.paragraph}, {page.label('after')} {condition.after}: {branch}]"
        question = f"{page.text(condition.question)} {where}{page.defects(condition.defects)}"
        yield from page.entry(condition.id, question)


def _messages(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("messages"))
    for message in pack.messages:
        carrier = f", {page.label('through')} {message.through}" if message.through else ""
        parties = f"{message.sender} -> {message.receiver}{carrier}"
        where = f"[{message.paragraph}; {', '.join(message.services)}; {parties}]"
        yield from page.entry(message.id, f"{page.text(message.document)} {where}")

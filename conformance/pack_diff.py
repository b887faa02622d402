"""What changed between two versions of a regulation, entry by entry and field by field.

Clauses that stand for a table column follow from its cells and are told as cells; norms made from a cell or a
flow are told too, because they are what a log is judged by.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from conformance.pack import Pack
from conformance.pack_clauses import is_column
from conformance.pack_labels import LANGUAGES

SECTIONS = (
    "act",
    "norms",
    "cells",
    "clauses",
    "calendars",
    "services",
    "paths",
    "steps",
    "flow",
    "conditions",
    "messages",
    "deadlines",
    "participants",
    "units",
    "survey",
    "indicators",
    "terms",
    "defects",
    "assumptions",
)
LIMITS = ("max_s", "min_s", "before_closing_s", "dropped_after_s")
"""Fields that hold a limit in seconds; what changed in them is told first."""

_ABOUT = ("title", "gist", "name", "question", "caption", "document", "text")
_CELLS = ("unit", "action", "form", "limit", "next")

Fields = dict[str, str]


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field with both its values; None where one version does not have it."""

    field: str
    old: str | None
    new: str | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that was ``added``, ``removed`` or ``changed``, with its *fields*, limits first.

    *about* is what the entry says of itself, by language; empty where it says nothing.
    """

    section: str
    name: str
    what: str
    about: dict[str, str] = {}
    fields: tuple[FieldChange, ...] = ()


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """Which version of which regulation; *sha256* is that of its files."""

    id: str
    version: str
    sha256: str


class PackDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Both versions, and every change by section, changed limits first in each."""

    old: Edition
    new: Edition
    changes: tuple[Change, ...]

    @property
    def same_text(self) -> bool:
        """Tell whether even the files are the same."""
        return self.old.sha256 == self.new.sha256


def diff_packs(old: Pack, new: Pack) -> PackDiff:
    """Return what is different in *new*; moved entries and comments are no difference."""
    before, after = _entries(old), _entries(new)
    changes = [
        change
        for section in SECTIONS
        for change in sorted(_changes(section, before[section], after[section]), key=_limits_first)
    ]
    return PackDiff(old=_edition(old), new=_edition(new), changes=tuple(changes))


def _edition(pack: Pack) -> Edition:
    return Edition(id=pack.act.id, version=pack.act.version, sha256=pack.sha256)


def _changes(section: str, old: Mapping[str, Fields], new: Mapping[str, Fields]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        what = "removed" if name not in new else "changed" if name in old else "added"
        fields = _fields(old.get(name, {}), new.get(name, {}))
        if fields or what != "changed":
            about = _about(new.get(name, old.get(name, {})))
            yield Change(section=section, name=name, what=what, about=about, fields=fields)


def _about(fields: Fields) -> dict[str, str]:
    said = next((key for key in _ABOUT if f"{key}.en" in fields), None)
    return {} if said is None else {language: fields[f"{said}.{language}"] for language in LANGUAGES}


def _fields(old: Fields, new: Fields) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*old, *new])
    changed = [
        FieldChange(field=name, old=old.get(name), new=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]
    return tuple(sorted(changed, key=lambda change: not is_limit(change.field)))


def is_limit(field: str) -> bool:
    """Tell whether *field* (perhaps inside another) holds a limit in seconds."""
    return field.rpartition(".")[2] in LIMITS


def _limits_first(change: Change) -> bool:
    return not any(is_limit(field.field) for field in change.fields)


def _entries(pack: Pack) -> dict[str, dict[str, Fields]]:
    """Return every entry of *pack* as flat fields, by section and name."""
    named: dict[str, tuple[tuple[Any, ...], str]] = {
        "services": (pack.services, "id"),
        "paths": (pack.paths, "id"),
        "steps": (pack.steps, "code"),
        "conditions": (pack.conditions, "id"),
        "messages": (pack.messages, "id"),
        "deadlines": (pack.deadlines, "id"),
        "participants": (pack.participants, "code"),
        "units": (pack.units, "code"),
        "survey": (pack.survey, "id"),
        "terms": (pack.terms, "code"),
        "defects": (pack.defects, "id"),
        "assumptions": (pack.assumptions, "id"),
    }
    entries = {
        section: {getattr(item, key): _flat(item, key) for item in items}
        for section, (items, key) in named.items()
    }
    clauses = [clause for clause in pack.clauses if not is_column(clause.paragraph)]
    entries["act"] = _act(pack)
    entries["norms"] = {n.id: _flat(n, "id", "services") for n in pack.norms}
    entries["clauses"] = {c.id: _flat(c, "id", "service", "paragraph") for c in clauses}
    entries["cells"] = dict(_cells(pack))
    entries["calendars"] = dict(_calendars(pack))
    entries["flow"] = dict(_flows(pack))
    entries["indicators"] = {} if pack.indicators is None else {"rules": _flat(pack.indicators)}
    return entries


def _act(pack: Pack) -> dict[str, Fields]:
    timeline = {f"{m.date} {m.event.en}": _flat(m, "date") for m in pack.act.timeline}
    return {pack.act.id: _flat(pack.act, "id", "timeline"), **timeline}


def _cells(pack: Pack) -> Iterator[tuple[str, Fields]]:
    for table in pack.tables:
        head = f"{table.service} T{table.number}"
        yield head, _flat(table, "service", "number", "columns")
        for column in table.columns:
            name = f"{head}.c{column.number} {column.step}"
            yield from ((f"{name} {cell}", _flat(getattr(column, cell))) for cell in _CELLS)


def _calendars(pack: Pack) -> Iterator[tuple[str, Fields]]:
    for calendar in pack.calendars:
        yield calendar.id, _flat(calendar, "id", "exceptions", "holidays")
        for holiday in calendar.holidays:
            yield f"{calendar.id} {holiday}", {"closed": "true"}
        for day in calendar.exceptions:
            yield f"{calendar.id} {day.date}", _flat(day, "date")


def _flows(pack: Pack) -> Iterator[tuple[str, Fields]]:
    for flow in pack.flow:
        for service in flow.services:
            yield f"{service} {flow.path}", _flat(flow, "services", "path", "steps")
            for item in flow.steps:
                yield f"{service} {flow.path} {item.step}", _flat(item, "step")


def _flat(item: Any, *without: str) -> dict[str, str]:
    """Return the fields of *item* as texts, nested ones by a path; what is null or empty is left out."""
    plain = msgspec.to_builtins(item)
    return {name: text for name, text in _leaves("", plain) if name.split(".")[0] not in without}


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, list | tuple) and any(isinstance(inner, dict) for inner in value):
        for i, inner in enumerate(value, start=1):
            yield from _leaves(f"{name}.{i}", inner)
    elif isinstance(value, list | tuple):
        if value:
            yield name, ", ".join(str(inner) for inner in value)
    elif value is not None:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)

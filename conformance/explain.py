"""Explain a name: a norm, clause, defect, assumption, verdict, reason, reason of a reject, kind of norm."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.norms import Force, Norm, StepDuration, kind_of
from conformance.pack import Pack
from conformance.regulation import Assumption, Clause, Data, Defect, Text
from conformance.strict_yaml import read_yaml
from conformance.verdicts import ALLOWED_REASONS, Reason, verdict_of

LANGUAGES = ("en", "ru", "kk")
_FILE = Path(__file__).with_name("explanations.yaml")
_ENTRY_FIELDS = frozenset(
    {"id", "rule", "clause", "title", "services", "path", "status", "assumption", "readings"},
)


_FLAGS = frozenset({"min_binds", "as_recorded"})


class Explanations(Data, frozen=True, kw_only=True):
    """What ``explanations.yaml`` holds: labels, and the meaning of each word of the judge."""

    labels: dict[str, Text]
    verdicts: dict[str, Text]
    reasons: dict[str, Text]
    rejects: dict[str, Text]
    kinds: dict[str, Text]


class _Page:
    """Lines of one explanation, in one language."""

    def __init__(self, words: Explanations, language: str) -> None:
        self.words = words
        self.language = language
        self.lines: list[str] = []

    def head(self, name: str, what: str) -> None:
        self.lines.append(f"{name} ({self.label(what)})")

    def line(self, what: str, text: str | None) -> None:
        if text:
            self.lines.append(f"  {self.label(what)}: {text}")

    def label(self, what: str) -> str:
        return self.words.labels[what].in_language(self.language)

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def read_explanations() -> Explanations:
    """Return the meanings of verdicts, reasons and kinds."""
    return read_yaml(_FILE, Explanations)


def explain(pack: Pack, name: str, language: str = "en") -> str:
    """Return what *name* says and where it comes from, in *language* (en, ru or kk).

    Upper and lower case are one. Raises InputError with the nearest name for anything unknown.
    """
    if language not in LANGUAGES:
        expected = " or ".join(LANGUAGES)
        raise InputError("explain", "language", repr(language), expected, nearest_name(language, LANGUAGES))
    words = read_explanations()
    found = _names(pack, words)
    by_case = {known.casefold(): known for known in found}
    known = by_case.get(name.strip().casefold())
    if known is None:
        nearest = nearest_name(name.strip().casefold(), by_case)
        expected = "a norm, clause, defect, assumption, verdict, reason, reason of a reject or kind of norm"
        raise InputError("explain", "", repr(name), expected, by_case[nearest] if nearest else None)
    page = _Page(words, language)
    _write(page, pack, known, found[known])
    return str(page)


def _names(pack: Pack, words: Explanations) -> dict[str, Any]:
    """Return everything that can be explained, by name."""
    named: dict[str, Any] = {verdict: ("verdict", text) for verdict, text in words.verdicts.items()}
    named |= {reject: ("reject", text) for reject, text in words.rejects.items()}
    named |= {reason: ("reason", text) for reason, text in words.reasons.items()}
    named |= {kind: ("kind", text) for kind, text in words.kinds.items()}
    registers: tuple[Iterable[Any], ...] = (pack.assumptions, pack.defects, pack.clauses, pack.norms)
    for register in registers:
        named |= {entry.id: entry for entry in register}
    return named


def _write(page: _Page, pack: Pack, name: str, entry: Any) -> None:
    if isinstance(entry, Clause):
        _write_clause(page, pack, entry)
    elif isinstance(entry, Defect):
        _write_defect(page, pack, entry)
    elif isinstance(entry, Assumption):
        _write_assumption(page, pack, entry)
    elif isinstance(entry, tuple):
        _write_word(page, pack, name, *entry)
    else:
        _write_norm(page, pack, entry)


def _write_norm(page: _Page, pack: Pack, norm: Norm) -> None:
    page.head(norm.id, "norm")
    page.line("says", page.text(norm.title))
    page.line("kind", f"{kind_of(norm)}: {page.text(page.words.kinds[kind_of(norm)])}")
    page.line("demands", _demands(norm))
    page.line("rule", norm.rule)
    page.line("status", str(norm.status))
    for reading in norm.readings:
        page.line("reading", f"{reading.id}{' *' if reading.default else ''}: {page.text(reading.note)}")
    clause = pack.clause(norm.clause)
    page.line("clause", f"{clause.id}: {page.text(clause.gist)}")
    column = pack.column(norm.services[0], norm.step) if isinstance(norm, StepDuration) else None
    if column is not None:
        page.line("source", f"{column.limit.origin.source} ({column.limit.origin.status})")
        page.line("printed", column.limit.printed)
    page.line("assumption", _named(pack.assumptions, norm.assumption))
    for defect in clause.defects:
        page.line("defect", _named(pack.defects, defect))


def _write_clause(page: _Page, pack: Pack, clause: Clause) -> None:
    page.head(clause.id, "clause")
    page.line("says", page.text(clause.gist))
    page.line("status", str(clause.status))
    page.line("why", page.text(clause.reason) if clause.reason else None)
    for norm in pack.norms:
        if norm.clause == clause.id:
            page.line("norm", f"{norm.id}: {page.text(norm.title)}")
    for defect in clause.defects:
        page.line("defect", _named(pack.defects, defect))


def _write_defect(page: _Page, pack: Pack, defect: Defect) -> None:
    page.head(defect.id, "defect")
    page.line("where", defect.where)
    page.line("services", ", ".join(defect.services))
    page.line("finding", defect.finding)
    page.line("handling", defect.handling)
    page.line("used", ", ".join(clause.id for clause in pack.clauses if defect.id in clause.defects))


def _write_assumption(page: _Page, pack: Pack, assumption: Assumption) -> None:
    page.head(assumption.id, "assumption")
    page.line("topic", assumption.topic)
    page.line("choice", assumption.choice)
    page.line("grounds", assumption.grounds)
    page.line("used", ", ".join(norm.id for norm in pack.norms if norm.assumption == assumption.id))


def _write_word(page: _Page, pack: Pack, name: str, what: str, text: Text) -> None:
    page.head(name, what)
    page.line("says", page.text(text))
    if what == "reject":
        return
    if what == "reason":
        if name in page.words.rejects:  # one word, of a norm and of a record
            page.line("reject", page.text(page.words.rejects[name]))
        page.line("goes", str(verdict_of(Reason(name))))
    elif what == "verdict":
        page.line("reason", ", ".join(_reasons_of(name)))
    else:
        page.line("norms", str(sum(kind_of(norm) == name for norm in pack.norms)))


def _reasons_of(name: str) -> list[str]:
    return [
        str(reason) for verdict, reasons in ALLOWED_REASONS.items() if verdict == name for reason in reasons
    ]


def _demands(norm: Norm) -> str:
    """Return the norm's own parameters, as the pack has them."""
    values = msgspec.structs.asdict(norm)
    own = ((key, value) for key, value in values.items() if key not in _ENTRY_FIELDS)
    return ", ".join(f"{key} {_shown(value)}" for key, value in own if not _is_unset(key, value))


def _is_unset(key: str, value: Any) -> bool:
    return value is None or value == () or (value is False and key in _FLAGS)


def _shown(value: Any) -> str:
    if isinstance(value, Force):
        return f"{value.first or '...'} to {value.until or '...'}"
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _named(register: Iterable[Defect] | Iterable[Assumption], name: str | None) -> str | None:
    entry = next((entry for entry in register if entry.id == name), None)
    if entry is None:
        return name
    return f"{entry.id}: {entry.finding if isinstance(entry, Defect) else entry.choice}"

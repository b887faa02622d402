"""The differences of two packs as text for a lawyer, in the three languages of the reports."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import msgspec

from conformance.pack import load_pack
from conformance.pack_diff import Change, Edition, FieldChange, PackDiff, diff_packs, is_limit
from conformance.pack_field_names import field_name
from conformance.pack_labels import LANGUAGES, label

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_WORDS: dict[str, tuple[str, str, str]] = {
    "added": ("added", "добавлено", "қосылды"),
    "removed": ("removed", "удалено", "алынып тасталды"),
    "changed": ("changed", "изменено", "өзгертілді"),
    "act": ("The act", "Акт", "Акт"),
    "norms": ("Norms", "Нормы", "Нормалар"),
    "cells": ("Cells of the tables", "Ячейки таблиц", "Кестелердің ұяшықтары"),
    "clauses": ("Clauses", "Пункты", "Тармақтар"),
    "services": ("Services", "Услуги", "Қызметтер"),
    "steps": ("Steps", "Шаги", "Қадамдар"),
    "indicators": ("Indicators", "Показатели", "Көрсеткіштер"),
    "units": ("Units", "Единицы", "Бірліктер"),
    "max_s": ("at most", "не более", "ең көбі"),
    "min_s": ("at least (printed)", "не менее (напечатано)", "ең азы (басылған)"),
    "before_closing_s": ("before closing", "до закрытия", "жабылғанға дейін"),
    "in_force.first": ("in force from", "действует с", "күшіне енген күні"),
    "in_force.until": (
        "in force until (not included)",
        "действует до (не включая)",
        "соңы (қоспағанда)",
    ),
    "version": ("version", "версия", "нұсқа"),
    "same_files": (
        "No difference: the files are the same.",
        "Отличий нет: файлы одинаковы.",
        "Айырмашылық жоқ: файлдар бірдей.",
    ),
    "same_content": (
        "No difference: only the form of the files differs.",
        "Отличий нет: различается только оформление файлов.",
        "Айырмашылық жоқ: файлдардың пішімі ғана басқа.",
    ),
}
_SHARED = {"defects": "defect_register"}
"""Sections whose word a printed pack has under another name."""


def compare_packs(old: str, new: str, form: str, language: str) -> tuple[str, bool]:
    """Return the differences of two packs in the *form* text or json, and whether there are none.

    *old* and *new* are names of ours or folders. Raises InputError for what is no pack.
    """
    diff = diff_packs(load_pack(old), load_pack(new))
    return diff_json(diff) if form == "json" else diff_text(diff, language), not diff.changes


def diff_json(diff: PackDiff) -> str:
    """Return the differences as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(diff), indent=2).decode() + "\n"


def diff_text(diff: PackDiff, language: str) -> str:
    """Return the differences as text in *language* (en, ru or kk), changed limits first in each section."""
    lines = [f"{_edition(diff.old)} -> {_edition(diff.new)}"]
    if not diff.changes:
        lines.append(_word("same_files" if diff.same_text else "same_content", language))
    for section, changes in groupby(diff.changes, key=lambda change: change.section):
        lines += ["", *_section(section, list(changes), language)]
    return "\n".join(lines) + "\n"


def _edition(edition: Edition) -> str:
    return f"{edition.id} {edition.version} ({edition.sha256[:12]})"


def _section(section: str, changes: list[Change], language: str) -> Iterator[str]:
    counts = Counter(change.what for change in changes)
    counted = ", ".join(f"{n} {_word(what, language)}" for what, n in sorted(counts.items()))
    yield f"{_word(section, language)}: {counted}"
    for change in changes:
        about = f": {change.about[language]}" if change.about else ""
        yield f"  {_SIGNS[change.what]} {change.name}{about}"
        for field in change.fields:
            if change.what == "changed" or _is_told(change, field, language):
                yield f"      {_field(field, language)}: {_values(change, field, language)}"


def _is_told(change: Change, field: FieldChange, language: str) -> bool:
    """Of a new or removed entry its texts are told once, and in one language."""
    last = field.field.rpartition(".")[2]
    value = field.new if field.old is None else field.old
    return last not in LANGUAGES or (last == language and value != change.about.get(language))


def _field(field: FieldChange, language: str) -> str:
    last = field.field.rpartition(".")[2]
    for name in (field.field, last):
        if name in _WORDS:
            return _word(name, language)
    return field_name(field.field, language)


def _values(change: Change, field: FieldChange, language: str) -> str:
    old, new = (_value(field.field, value, language) for value in (field.old, field.new))
    if change.what == "changed":
        return f"{old} -> {new}"
    return new if change.what == "added" else old


def _value(field: str, value: str | None, language: str) -> str:
    if value is None:
        return label("none", language)
    return f"{value} {label('seconds', language)}" if is_limit(field) else value


def _word(name: str, language: str) -> str:
    if name in _WORDS:
        return _WORDS[name][LANGUAGES.index(language)]
    return label(_SHARED.get(name, name), language)

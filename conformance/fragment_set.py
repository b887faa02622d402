"""The fragments of a whole pack: read from its folder and spread over its norms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.fragment_changes import Surroundings, apply_changes
from conformance.fragment_names import check_changes, check_names
from conformance.fragment_rows import case_rows
from conformance.fragments import BaseCase, Change, FragmentEntry, FragmentsFile
from conformance.log import Row
from conformance.norms import Norm, RefusalGrounded, SignatureValid
from conformance.pack import Pack, pack_root
from conformance.pack_draft import refer
from conformance.pack_files import FRAGMENTS
from conformance.strict_yaml import read_yaml

JUDGED_BY_DOCUMENTS = (SignatureValid, RefusalGrounded)
"""Kinds of norms that a log alone can neither keep nor break."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One norm's two cases: *conforms* and *violates* change *base*; *also* breaks with the latter."""

    norm: Norm
    base: BaseCase
    conforms: tuple[Change, ...]
    violates: tuple[Change, ...]
    also: frozenset[str]
    other: BaseCase | None
    inside: str

    @property
    def limit_s(self) -> int | None:
        """Return the norm's limit in seconds, None if it has none or it is lost."""
        limit: int | None = getattr(self.norm, "max_s", None)
        return limit

    @property
    def needs_documents(self) -> bool:
        """Tell whether only saved documents can keep or break the norm."""
        return isinstance(self.norm, JUDGED_BY_DOCUMENTS)


@dataclass(frozen=True, slots=True)
class FragmentSet:
    """The fragments of every norm of *pack*, in the order of the norms; *place* is their file."""

    pack: Pack
    file: FragmentsFile
    by_norm: Mapping[str, Fragment]
    place: str

    def rows(self, fragment: Fragment, changes: Sequence[Change]) -> list[Row]:
        """Return the rows of *fragment* with *changes*, those of its other case behind them."""
        service = fragment.norm.services[0]
        rows = case_rows(self.pack, self.file, fragment.base, service)
        other: list[Row] = []
        if fragment.other is not None:
            other = case_rows(self.pack, self.file, fragment.other, service, f"{service}-another-case")
        return [*apply_changes(changes, rows, self.around(fragment, other)), *other]

    def around(self, fragment: Fragment, other: Sequence[Row]) -> Surroundings:
        """Return what the changes of *fragment* may look at."""
        return Surroundings(self.pack, self.file.content, fragment.norm.services[0], fragment.limit_s, other)


def load_fragments(pack: Pack, name_or_dir: str | Path) -> FragmentSet | None:
    """Return the fragments of *pack*, which lies in *name_or_dir*; None if it ships none.

    Raises InputError as expand_fragments.
    """
    path = pack_root(name_or_dir) / FRAGMENTS
    if not path.is_file():
        return None
    return expand_fragments(pack, read_yaml(path, FragmentsFile), str(path))


def expand_fragments(pack: Pack, file: FragmentsFile, place: str) -> FragmentSet:
    """Return the fragment of every norm of *pack*.

    Raises InputError for an entry that names no norm or a norm twice, for an unknown name, and for a norm
    without fragments.
    """
    check_names(pack, file, place)
    found: dict[str, Fragment] = {}
    for i, entry in enumerate(file.fragments):
        inside = f"fragments[{i}]"
        for fragment in _of_entry(pack, file, entry, (place, inside)):
            name = fragment.norm.id
            if name in found:
                raise InputError(
                    place, inside, f"fragments of {name} again", f"each norm once ({found[name].inside})"
                )
            found[name] = fragment
    for norm in pack.norms:
        if norm.id not in found:
            expected = f"one case that keeps {norm.id} and one that breaks it"
            raise InputError(place, "fragments", f"no fragments of {norm.id}", expected)
    return FragmentSet(pack, file, {norm.id: found[norm.id] for norm in pack.norms}, place)


def _of_entry(
    pack: Pack, file: FragmentsFile, entry: FragmentEntry, where: tuple[str, str]
) -> list[Fragment]:
    place, inside = where
    norms = {norm.id: norm for norm in pack.norms}
    bases = {base.id: base for base in file.cases}
    refer(place, f"{inside}.case", entry.case, bases, "case")
    if entry.other is not None:
        refer(place, f"{inside}.other", entry.other, bases, "case")
    made = []
    for step in entry.steps or ("",):
        ids = {service.id: _fill(entry.norm, service.id, step) for service in pack.services}
        if norms.keys().isdisjoint(ids.values()):
            near = nearest_name(next(iter(ids.values())), norms)
            raise InputError(
                place, f"{inside}.norm", f"the unknown norm {entry.norm}", "a norm of the pack", near
            )
        for service, norm_id in ids.items():
            if norm_id in norms:
                made.append(_fragment(entry, norms, (norm_id, service, step), bases, inside))
    for fragment in made:
        _check_fragment(pack, fragment, place)
    return made


def _check_fragment(pack: Pack, fragment: Fragment, place: str) -> None:
    norm, base, inside = fragment.norm, fragment.base, fragment.inside
    if base.path != norm.path:
        expected = f"one of the path {norm.path}, as {norm.id} is"
        raise InputError(place, f"{inside}.case", f"{base.id}, a case of the path {base.path}", expected)
    check_changes(pack, fragment.conforms, base, place, f"{inside}.conforms")
    check_changes(pack, fragment.violates, base, place, f"{inside}.violates")


def _fragment(
    entry: FragmentEntry,
    norms: Mapping[str, Norm],
    whose: tuple[str, str, str],
    bases: Mapping[str, BaseCase],
    inside: str,
) -> Fragment:
    norm_id, service, step = whose
    return Fragment(
        norm=norms[norm_id],
        base=bases[entry.case],
        conforms=_filled(entry.conforms, step),
        violates=_filled(entry.violates, step),
        also=frozenset(_fill(name, service, step) for name in entry.also) & norms.keys(),
        other=None if entry.other is None else bases[entry.other],
        inside=inside,
    )


def _fill(template: str, service: str, step: str) -> str:
    return template.replace("{service}", service).replace("{step}", step)


def _filled(changes: tuple[Change, ...], step: str) -> tuple[Change, ...]:
    """Return *changes* with the step of a family in place of ``{step}``."""
    plain = msgspec.to_builtins(changes)
    for change in plain:
        for name in {"step", "after", "before"} & change.keys():
            change[name] = change[name].replace("{step}", step)
        if "steps" in change:
            change["steps"] = [item.replace("{step}", step) for item in change["steps"]]
    return msgspec.convert(plain, tuple[Change, ...])

"""Prove that each norm of a pack can be kept and broken: judge its two fragments.

What the pack is not sure of is judged as if it were agreed; a norm whose limit is lost cannot be told apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from conformance.answers import Answer
from conformance.cases import group_cases
from conformance.context import context_of, standing
from conformance.errors import InputError
from conformance.fragment_set import Fragment, FragmentSet, load_fragments
from conformance.fragments import Change
from conformance.log import Row
from conformance.norm_checks import check_case, concerns
from conformance.norms import Norm, NormStatus
from conformance.pack import Pack
from conformance.saved_documents import DocumentStore
from conformance.verdicts import Reason, Verdict

Documents = Callable[[Sequence[Row]], DocumentStore]
"""Makes the documents that rows name, those of a tampered folder changed after they were signed."""


class Told(StrEnum):
    """How far a norm's two fragments are told apart."""

    APART = "told apart"
    NEEDS_DOCUMENTS = "judged by signed documents"
    LOST = "lost limit"


def agreed(norm: Norm) -> Norm:
    """Return *norm* as if the pack were sure of it."""
    return msgspec.structs.replace(norm, status=NormStatus.AGREED)


def check_fragments(fragments: FragmentSet, documents: Documents | None = None) -> dict[str, Told]:
    """Judge the two fragments of every norm; return how each is told apart.

    Raises InputError for a fragment that is not judged as it says.
    """
    return {
        name: _told(fragments, one, documents if one.needs_documents else None)
        for name, one in fragments.by_norm.items()
    }


def judged_fragment(
    fragments: FragmentSet, fragment: Fragment, changes: Sequence[Change], documents: Documents | None = None
) -> dict[str, Answer]:
    """Return what every norm, as if all were agreed, says of the case of *fragment* with *changes*."""
    rows = fragments.rows(fragment, changes)
    return _answers(fragments.pack, rows, None if documents is None else documents(rows))


def validate_fragments(pack: Pack, name_or_dir: str | Path) -> str:
    """Judge the fragments that come with *pack* in *name_or_dir*; return the outcome in one paragraph.

    Raises InputError for a fragment that is not judged as it says.
    """
    fragments = load_fragments(pack, name_or_dir)
    if fragments is None:
        return "No fragments: nothing shows here that its norms can be kept and broken."
    return fragments_text(check_fragments(fragments))


def fragments_text(told: Mapping[str, Told]) -> str:
    """Return in one paragraph how the fragments of a pack were told apart."""
    counts = Counter(told.values())
    words = f"Fragments: {2 * len(told)}, two a norm; {counts[Told.APART]} norms told apart"
    if counts[Told.NEEDS_DOCUMENTS]:
        words += f", {counts[Told.NEEDS_DOCUMENTS]} judged by signed documents (told apart in the tests)"
    if counts[Told.LOST]:
        names = ", ".join(name for name, how in told.items() if how is Told.LOST)
        words += f", {counts[Told.LOST]} cannot be: the limit is lost ({names})"
    return f"{words}."


def _told(fragments: FragmentSet, fragment: Fragment, documents: Documents | None) -> Told:
    name = fragment.norm.id
    kept = judged_fragment(fragments, fragment, fragment.conforms, documents)
    broken = judged_fragment(fragments, fragment, fragment.violates, documents)
    if kept[name].reason is broken[name].reason is Reason.NORM_UNKNOWN:
        return Told.LOST
    where = f"{fragment.inside} ({name})"
    if failed := _failed(kept):
        found = f"a case that breaks {_list(failed)}"
        raise InputError(fragments.place, f"{where}.conforms", found, "a case that breaks nothing")
    if fragment.needs_documents and documents is None:
        return Told.NEEDS_DOCUMENTS
    for side, answer, wanted in (("conforms", kept[name], "pass"), ("violates", broken[name], "fail")):
        if answer.verdict != wanted:
            found = f"{answer.verdict} ({answer.detail or 'nothing is wrong'})"
            raise InputError(fragments.place, f"{where}.{side}", found, wanted)
    also = _failed(broken) - {name}
    if also != fragment.also:
        found = f"a case that breaks {_list(also)} as well"
        raise InputError(fragments.place, f"{where}.also", found, f"what it names: {_list(fragment.also)}")
    return Told.APART


def _answers(pack: Pack, rows: Sequence[Row], documents: DocumentStore | None) -> dict[str, Answer]:
    cases = group_cases(rows, frozenset(step.code for step in pack.steps if step.ends))
    context = context_of(pack, cases, documents)
    case = next(case for case in cases if case.case_id == rows[0].case_id)
    barred = standing(case, context)
    return {
        norm.id: check_case(agreed(norm), case, context, barred)
        for norm in pack.norms
        if concerns(norm, case)
    }


def _failed(answers: Mapping[str, Answer]) -> frozenset[str]:
    return frozenset(name for name, answer in answers.items() if answer.verdict is Verdict.FAIL)


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"

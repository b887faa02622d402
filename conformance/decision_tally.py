"""Count decisions about signatures while the cases of a log pass by, in memory that few examples bound.

Beside the counts only the names of folders are kept, to tell which of those that lie there no case names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.cases import Case
from conformance.context import Context, Route, standing, value_of
from conformance.decisions import (
    ACCEPTED,
    REFUSED,
    Agreement,
    Decision,
    SignatureNorm,
    decisions_of,
    signature_norms,
)
from conformance.errors import printable
from conformance.evidence_results import DecisionCounts, DecisionExample, EvidenceResult, FolderCounts
from conformance.folder_contents import list_contents
from conformance.log_rows import without_numbers
from conformance.norms import RefusalGrounded
from conformance.pack import Pack
from conformance.saved_documents import BadName, DocumentStore, place_of

MAX_EXAMPLES = 20
MAX_NAMES = 5
_LONGEST_NAME = 200
_ORDER = tuple(Agreement)
_TOLD = (Agreement.ACCEPTED_INVALID, Agreement.REFUSED_VALID, Agreement.WRONG_GROUND, Agreement.UNDECIDED)


@dataclass(slots=True)
class _Counts:
    """What is counted of one norm."""

    agreements: Counter[Agreement] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    out_of_scope: Counter[str] = field(default_factory=Counter)
    verified: int = 0

    def add(self, decision: Decision, cases: int) -> None:
        agreement = decision.agreement
        self.agreements[agreement] += cases
        self.verified += cases * decision.examined
        if agreement is Agreement.UNDECIDED:
            self.undecided[str(decision.finding.sub)] += cases
        elif agreement is Agreement.OUT_OF_SCOPE:
            self.out_of_scope[decision.ground or ""] += cases


class _Folders:
    """Which folders the decisions of a log name, and what is to be said of each."""

    __slots__ = ("_incomplete", "_missing", "_named", "_store")

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._named: set[str] = set()
        self._missing: set[str] = set()
        self._incomplete: set[str] = set()

    def name(self, folder: Any, *, incomplete: bool = False) -> None:
        """Note that a decision names *folder*, in which something cannot be read if *incomplete*."""
        if not isinstance(folder, str):
            return
        if folder not in self._named:
            self._named.add(folder)
            if not _is_there(self._store, folder):
                self._missing.add(folder)
        if incomplete and folder not in self._missing:
            self._incomplete.add(folder)

    def result(self) -> FolderCounts:
        """Return the counts, with what lies there and is named by no decision."""
        contents = list_contents(self._store.folder)
        extra = sorted(set(contents.cases) - self._named)
        return FolderCounts(
            named=len(self._named),
            missing=len(self._missing),
            incomplete=len(self._incomplete),
            extra=len(extra),
            strange=contents.strange,
            missing_examples=_shown(sorted(self._missing)),
            extra_examples=_shown(extra),
        )


class DecisionTally:
    """Hold every decision of the cases it is shown against the *store* of documents."""

    __slots__ = ("_by_norm", "_by_route", "_context", "_examples", "_folders", "_not_judged", "_store")

    def __init__(self, pack: Pack, context: Context, store: DocumentStore) -> None:
        norms = signature_norms(pack.norms)
        self._by_norm = {norm.id: (norm, _Counts()) for norm in norms}
        self._by_route: dict[Route, tuple[SignatureNorm, ...]] = {}
        for norm in norms:
            for service in norm.services:
                route = (service, str(norm.path))
                self._by_route[route] = (*self._by_route.get(route, ()), norm)
        self._context, self._store = context, store
        self._examples: list[tuple[int, str, str, Decision]] = []
        self._folders = _Folders(store)
        self._not_judged = 0

    def observe(self, case: Case, cases: int = 1) -> None:
        """Count the decisions of *case*, which stands for so many *cases*."""
        norms = self._by_route.get((case.service, case.path), ())
        if standing(case, self._context) is not None:
            events = [event for norm in norms for event in case.by_step.get(norm.step, ())]
            self._not_judged += cases * len(events)
            for event in events:
                self._folders.name(value_of(event, "attributes.documents"))
            return
        for decision in decisions_of(norms, case, self._context):
            self._by_norm[decision.norm.id][1].add(decision, cases)
            self._folders.name(decision.folder, incomplete=decision.incomplete)
            if decision.agreement in _TOLD:
                self._examples.append((*_place(decision), decision))
        if len(self._examples) > 2 * MAX_EXAMPLES:
            self._examples = sorted(self._examples, key=lambda entry: entry[:3])[:MAX_EXAMPLES]

    def result(self) -> EvidenceResult:
        """Return what was counted, with the state of the folders."""
        counts = [_counts_of(norm, counted) for norm, counted in self._by_norm.values()]
        of = [count for count in counts if count.decisions]
        worst = sorted(self._examples, key=lambda entry: entry[:3])[:MAX_EXAMPLES]
        return EvidenceResult(
            anchor="saved" if self._store.anchor is None else "given",
            decisions=sum(count.decisions for count in of),
            verified=sum(count.verified for count in of),
            agreed=sum(count.agreed for count in of),
            accepted_invalid=sum(count.contradicted for count in of if count.decided == ACCEPTED),
            refused_valid=sum(count.contradicted for count in of if count.decided == REFUSED),
            wrong_ground=sum(count.wrong_ground for count in of),
            undecided=_united(count.undecided for count in of),
            out_of_scope=_united(count.out_of_scope for count in of),
            not_judged=self._not_judged,
            by_norm=tuple(of),
            examples=tuple(_example(decision) for *_, decision in worst),
            folders=self._folders.result(),
        )


def _is_there(store: DocumentStore, folder: str) -> bool:
    try:
        return place_of(store, folder).is_dir()
    except (BadName, OSError):
        return False


def _shown(names: Sequence[str]) -> tuple[str, ...]:
    """Return the first names; a person's number in one is made unreadable."""
    return tuple(without_numbers(printable(name))[:_LONGEST_NAME] for name in names[:MAX_NAMES])


def _place(decision: Decision) -> tuple[int, str, str]:
    return _ORDER.index(decision.agreement), decision.case_id, decision.norm.id


def _united(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _counts_of(norm: SignatureNorm, counted: _Counts) -> DecisionCounts:
    found = counted.agreements
    refused = isinstance(norm, RefusalGrounded)
    return DecisionCounts(
        norm=norm.id,
        clause=norm.clause,
        service=norm.services[0],
        path=str(norm.path),
        step=norm.step,
        document=norm.document,
        decided=REFUSED if refused else ACCEPTED,
        decisions=found.total(),
        verified=counted.verified,
        agreed=found[Agreement.AGREED],
        contradicted=found[Agreement.ACCEPTED_INVALID] + found[Agreement.REFUSED_VALID],
        wrong_ground=found[Agreement.WRONG_GROUND],
        undecided=dict(sorted(counted.undecided.items())),
        out_of_scope=dict(sorted(counted.out_of_scope.items())),
    )


def _example(decision: Decision) -> DecisionExample:
    finding = decision.finding
    return DecisionExample(
        case_id=decision.case_id,
        norm=decision.norm.id,
        agreement=decision.agreement,
        ground=decision.ground,
        indication=finding.indication,
        sub_indication=finding.sub,
        detail=finding.answer.detail,
    )

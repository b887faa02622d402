"""Decisions about signatures, each held against what the judge itself finds of the document.

What a case shows of them is what the norms of signatures speak of: a document that was handed on was
accepted, a refusal because of a signature refused one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from conformance.answers import Answer
from conformance.cases import Case, Event, with_clock_error
from conformance.context import Context, value_of
from conformance.indications import Finding, Sub, finding_from
from conformance.norm_scope import not_in_force, scope_of
from conformance.norms import Norm, RefusalGrounded, SignatureValid
from conformance.signature_norms import judge_handed_over, judge_refused, stated_ground
from conformance.verdicts import Reason, Verdict

ACCEPTED, REFUSED = "accepted", "refused"
SignatureNorm = SignatureValid | RefusalGrounded


class Agreement(StrEnum):
    """How a decision and the judge's verification stand to one another, the worst first."""

    ACCEPTED_INVALID = "ACCEPTED_INVALID"
    REFUSED_VALID = "REFUSED_VALID"
    WRONG_GROUND = "WRONG_GROUND"
    UNDECIDED = "UNDECIDED"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    AGREED = "AGREED"


_NOT_EXAMINED = frozenset({Sub.SIGNED_DATA_NOT_FOUND, Sub.NOT_COMPUTED})
_INCOMPLETE = frozenset({Sub.SIGNED_DATA_NOT_FOUND, Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE})
_SHARED = Reason.NOT_UNIQUE


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the *norm* that speaks of it, what was decided, and what the judge found.

    *ground* is the reason that a refusal states, *folder* where the log says that the documents lie.
    """

    norm: SignatureNorm
    case_id: str
    decided: str
    ground: str | None
    folder: str | None
    finding: Finding

    @property
    def agreement(self) -> Agreement:
        """Return how decision and verification stand to one another."""
        answer = self.finding.answer
        if answer.verdict is Verdict.PASS:
            return Agreement.AGREED
        if answer.verdict is Verdict.NOT_APPLICABLE:
            return Agreement.OUT_OF_SCOPE
        if answer.reason is Reason.WRONG_GROUND:
            return Agreement.WRONG_GROUND
        if answer.verdict is not Verdict.FAIL or answer.reason is _SHARED:
            return Agreement.UNDECIDED
        return Agreement.ACCEPTED_INVALID if self.decided == ACCEPTED else Agreement.REFUSED_VALID

    @property
    def examined(self) -> bool:
        """Tell whether there was a signature that the judge could verify."""
        told = self.finding.answer
        known = told.verdict is not Verdict.NOT_APPLICABLE and told.reason not in (_SHARED, Reason.BAD_INPUT)
        return known and self.finding.sub not in _NOT_EXAMINED

    @property
    def incomplete(self) -> bool:
        """Tell whether something in the folder that the log names could not be read."""
        told = self.finding.answer
        lost = self.finding.sub in _INCOMPLETE and told.verdict is not Verdict.NOT_APPLICABLE
        return self.folder is not None and lost and told.reason is not _SHARED


def signature_norms(norms: Iterable[Norm]) -> tuple[SignatureNorm, ...]:
    """Return those of *norms* that speak of decisions about signatures."""
    return tuple(norm for norm in norms if isinstance(norm, SignatureValid | RefusalGrounded))


def decisions_of(norms: Iterable[SignatureNorm], case: Case, context: Context) -> Iterator[Decision]:
    """Return the decisions of *case* that the *norms*, all of its route, speak of."""
    case = with_clock_error(case, context.clock_error_us)
    for norm in norms:
        scope = not_in_force(norm, case, context) or scope_of(norm, case, context)
        if not isinstance(scope, Answer):
            for event in scope.known.by_step.get(norm.step, ()):
                yield _decision(norm, event, scope.known, context)


def _decision(norm: SignatureNorm, event: Event, case: Case, context: Context) -> Decision:
    folder = value_of(event, "attributes.documents")
    refused = isinstance(norm, RefusalGrounded)
    return Decision(
        norm=norm,
        case_id=case.case_id,
        decided=REFUSED if refused else ACCEPTED,
        ground=stated_ground(event) if refused else None,
        folder=folder if isinstance(folder, str) else None,
        finding=judge_refused(norm, event, case, context)
        if isinstance(norm, RefusalGrounded)
        else _handed_over(norm, event, case, context),
    )


def _handed_over(norm: SignatureValid, event: Event, case: Case, context: Context) -> Finding:
    answer = judge_handed_over(norm, event, case, context)
    if answer.reason in (Reason.NO_DATA, Reason.OPEN, Reason.MISSING_END, Reason.NOT_UNIQUE):
        return Finding(finding_from(answer, norm.document).indication, Sub.SIGNED_DATA_NOT_FOUND, answer)
    return finding_from(answer, norm.document)

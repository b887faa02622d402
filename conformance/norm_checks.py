"""The table of norm kinds: for each of the closed list one plain function, and what every kind shares.

This evaluator is the reference: obvious before fast.
"""

from collections.abc import Callable, Mapping
from typing import Any

from conformance.answers import Answer, because
from conformance.calendar_norms import judge_calendar_cutoff, judge_same_local_day
from conformance.cases import Case
from conformance.content_norms import (
    judge_contains,
    judge_existence,
    judge_moment_order,
    judge_same_value,
    judge_unique,
)
from conformance.context import Context
from conformance.duration_norms import judge_step_duration
from conformance.norms import (
    CalendarCutoff,
    Contains,
    Count,
    Existence,
    MomentOrder,
    NextStep,
    Norm,
    NormStatus,
    Precedence,
    RefusalGrounded,
    SameLocalDay,
    SameValue,
    SignatureValid,
    StepDuration,
    Unique,
)
from conformance.order_norms import judge_count, judge_next_step, judge_precedence
from conformance.results import CaseFinding
from conformance.signature_norms import judge_refusal_grounded, judge_signature_valid
from conformance.verdicts import Reason, Verdict

Check = Callable[[Any, Case, Context], Answer]

CHECKS: Mapping[type, Check] = {
    StepDuration: judge_step_duration,
    NextStep: judge_next_step,
    Precedence: judge_precedence,
    Count: judge_count,
    Existence: judge_existence,
    Contains: judge_contains,
    Unique: judge_unique,
    SameValue: judge_same_value,
    MomentOrder: judge_moment_order,
    SameLocalDay: judge_same_local_day,
    CalendarCutoff: judge_calendar_cutoff,
    SignatureValid: judge_signature_valid,
    RefusalGrounded: judge_refusal_grounded,
}
"""Every kind of conformance.norms with its function; a missing one fails a test."""

_WEAK = {
    NormStatus.ASSUMED: (Reason.NORM_UNKNOWN, "the norm is assumed"),
    NormStatus.UNKNOWN: (Reason.NORM_UNKNOWN, "the norm is not known"),
    NormStatus.DISPUTED: (Reason.NORM_DISPUTED, "the norm is disputed"),
}


def concerns(norm: Norm, case: Case) -> bool:
    """Tell whether *norm* is about the service and path of *case*."""
    return case.path == norm.path and case.service in norm.services


def check_case(norm: Norm, case: Case, context: Context, barred: Answer | None) -> Answer:
    """Judge one case by one norm.

    *barred* is why no norm can judge the case, if so (conformance.context.standing). What the pack is not
    sure of can neither be met nor broken: it is measured, and inconclusive.
    """
    if barred is not None:
        return barred
    answer = CHECKS[type(norm)](norm, case, context)
    if norm.status is NormStatus.AGREED or answer.verdict not in (Verdict.PASS, Verdict.FAIL):
        return answer
    reason, words = _WEAK[norm.status]
    told = answer.detail or "otherwise met"
    return because(reason, f"{words}: {told}", answer.measured_us, answer.limit_us)


def finding_of(case: Case, answer: Answer) -> CaseFinding:
    """Return *answer* as it is saved for *case*."""
    return CaseFinding(
        case_id=case.case_id,
        verdict=answer.verdict,
        reason=answer.reason,
        detail=answer.detail,
        measured_us=answer.measured_us,
        limit_us=answer.limit_us,
    )

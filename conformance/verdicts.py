"""The algebra of verdicts: what one piece of evidence says, and how many pieces add up.

Source: design, section 6; the guard band follows JCGM 106:2012, 8.3.
"""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What is known about a norm, for one case or for a whole log."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"
    NOT_RUN = "not_run"


class Reason(StrEnum):
    """Why a verdict is not a pass: a closed list."""

    OVER_LIMIT = "OVER_LIMIT"
    BAD_ORDER = "BAD_ORDER"
    AFTER_MOMENT = "AFTER_MOMENT"
    AFTER_CUTOFF = "AFTER_CUTOFF"
    NOT_SAME_DAY = "NOT_SAME_DAY"
    MISSING_STEP = "MISSING_STEP"
    MISSING_CONTENT = "MISSING_CONTENT"
    REPEATED = "REPEATED"
    NOT_UNIQUE = "NOT_UNIQUE"
    MISMATCH = "MISMATCH"
    INVALID_SIGNATURE = "INVALID_SIGNATURE"
    REFUSED_VALID = "REFUSED_VALID"
    UNDER_MINIMUM = "UNDER_MINIMUM"
    FORBIDDEN_STEP = "FORBIDDEN_STEP"
    SAME_ACTOR = "SAME_ACTOR"
    UNAVAILABLE = "UNAVAILABLE"
    DISSATISFIED = "DISSATISFIED"
    NORM_UNKNOWN = "NORM_UNKNOWN"
    NORM_DISPUTED = "NORM_DISPUTED"
    NO_DATA = "NO_DATA"
    MISSING_START = "MISSING_START"
    MISSING_END = "MISSING_END"
    OPEN = "OPEN"
    RESOLUTION = "RESOLUTION"
    CLOCK = "CLOCK"
    TIE = "TIE"
    UNMAPPED_ACTIVITY = "UNMAPPED_ACTIVITY"
    SAMPLE_TOO_SMALL = "SAMPLE_TOO_SMALL"
    INDETERMINATE_SIGNATURE = "INDETERMINATE_SIGNATURE"
    WRONG_GROUND = "WRONG_GROUND"
    SIGNATURE_NOT_COMPUTED = "SIGNATURE_NOT_COMPUTED"
    OTHER_BRANCH = "OTHER_BRANCH"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    EXCLUDED_BY_PROFILE = "EXCLUDED_BY_PROFILE"
    INTERRUPTED = "INTERRUPTED"
    BAD_INPUT = "BAD_INPUT"


ALLOWED_REASONS: dict[Verdict, tuple[Reason, ...]] = {
    Verdict.PASS: (),
    Verdict.FAIL: (
        Reason.OVER_LIMIT,
        Reason.BAD_ORDER,
        Reason.AFTER_MOMENT,
        Reason.AFTER_CUTOFF,
        Reason.NOT_SAME_DAY,
        Reason.MISSING_STEP,
        Reason.MISSING_CONTENT,
        Reason.REPEATED,
        Reason.NOT_UNIQUE,
        Reason.MISMATCH,
        Reason.INVALID_SIGNATURE,
        Reason.REFUSED_VALID,
        Reason.UNDER_MINIMUM,
        Reason.FORBIDDEN_STEP,
        Reason.SAME_ACTOR,
        Reason.UNAVAILABLE,
        Reason.DISSATISFIED,
    ),
    Verdict.INCONCLUSIVE: (
        Reason.NORM_UNKNOWN,
        Reason.NORM_DISPUTED,
        Reason.NO_DATA,
        Reason.MISSING_START,
        Reason.MISSING_END,
        Reason.OPEN,
        Reason.RESOLUTION,
        Reason.CLOCK,
        Reason.TIE,
        Reason.UNMAPPED_ACTIVITY,
        Reason.SAMPLE_TOO_SMALL,
        Reason.INDETERMINATE_SIGNATURE,
        Reason.WRONG_GROUND,
        Reason.SIGNATURE_NOT_COMPUTED,
    ),
    Verdict.NOT_APPLICABLE: (Reason.OTHER_BRANCH, Reason.OUT_OF_SCOPE, Reason.NOT_IN_FORCE),
    Verdict.NOT_RUN: (Reason.EXCLUDED_BY_PROFILE, Reason.INTERRUPTED),
    Verdict.ERROR: (Reason.BAD_INPUT,),
}
"""Which reasons may stand beside which verdict; every reason has exactly one verdict."""

_SEVERITY = (Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)


def verdict_of(reason: Reason) -> Verdict:
    """Return the one verdict that *reason* explains."""
    return next(verdict for verdict, reasons in ALLOWED_REASONS.items() if reason in reasons)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict: error > fail > inconclusive > pass.

    Not-applicable is neutral. What did not run counts as inconclusive, and so does nothing at
    all: absence of evidence is never a pass.
    """
    present = {Verdict.INCONCLUSIVE if v is Verdict.NOT_RUN else v for v in verdicts}
    return next((v for v in _SEVERITY if v in present), Verdict.INCONCLUSIVE)


def within_limit(duration_us: int, limit_us: int, uncertainty_us: int) -> Verdict:
    """Judge a duration against a limit under clock uncertainty, all in microseconds.

    Pass if even the longest true duration keeps the limit, fail if even the shortest breaks
    it, otherwise inconclusive.
    """
    if duration_us + uncertainty_us <= limit_us:
        return Verdict.PASS
    if duration_us - uncertainty_us > limit_us:
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def severity(verdict: Verdict) -> int:
    """Return 0 for the worst verdict and more for better ones, for sorting worst first."""
    order = (*_SEVERITY[:3], Verdict.NOT_RUN, Verdict.PASS, Verdict.NOT_APPLICABLE)
    return order.index(verdict)

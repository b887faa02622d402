"""One answer of one check: a verdict with its reason, its words and what was measured."""

from collections.abc import Iterable
from typing import NamedTuple

from conformance.verdicts import Reason, Verdict, severity, verdict_of

_VERDICTS = {reason: verdict_of(reason) for reason in Reason}


class Units(NamedTuple):
    """How many executions, or cases, kept a norm, broke it, or leave it open."""

    met: int = 0
    broken: int = 0
    undecided: int = 0


class Answer(NamedTuple):
    """What a check says of one execution, or of one case; moments and durations in microseconds.

    *units* are what a rate counts of this case (None: the case itself), *readings* the verdict of each
    reading of the norm.
    """

    verdict: Verdict
    reason: Reason | None
    detail: str
    measured_us: int | None = None
    limit_us: int | None = None
    units: Units | None = None
    readings: tuple[tuple[str, Verdict], ...] = ()


# What only the pack leaves open comes last: it excuses, and nothing else may hide behind it.
_EXCUSING = (Reason.NORM_UNKNOWN, Reason.NORM_DISPUTED)
_RANKS = {reason: n + len(Reason) * (reason in _EXCUSING) for n, reason in enumerate(Reason)}

PASSED = Answer(Verdict.PASS, None, "")


def because(
    reason: Reason, detail: str, measured_us: int | None = None, limit_us: int | None = None
) -> Answer:
    """Return the answer that *reason* stands for; the verdict follows from the reason."""
    return Answer(_VERDICTS[reason], reason, detail, measured_us, limit_us)


def settle(answers: Iterable[Answer]) -> Answer:
    """Return the worst of *answers*; among equals by the order of reasons, then the larger measure first.

    So verdict and reason never depend on what was measured. Not-applicable is neutral: it is returned only if
    nothing else was said. Raises ValueError for no answers.
    """
    listed = list(answers)
    if len(listed) == 1:
        return listed[0]
    if not listed:
        raise ValueError("no answers to settle")
    return min(
        listed, key=lambda answer: (severity(answer.verdict), _rank(answer), -(answer.measured_us or 0))
    )


def counted(answers: Iterable[Answer]) -> Units:
    """Return how many of *answers* say that the norm was kept, broken, or left open."""
    verdicts = [answer.verdict for answer in answers]
    met, broken = verdicts.count(Verdict.PASS), verdicts.count(Verdict.FAIL)
    return Units(met, broken, len(verdicts) - met - broken - verdicts.count(Verdict.NOT_APPLICABLE))


def _rank(answer: Answer) -> int:
    return -1 if answer.reason is None else _RANKS[answer.reason]


def seconds(duration_us: int) -> str:
    """Return a duration in microseconds as seconds in words, without rounding anything away."""
    sign = "-" if duration_us < 0 else ""
    whole, rest = divmod(abs(duration_us), 1_000_000)
    fraction = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{whole}{fraction} s"


def span(duration_us: int) -> str:
    """Return a duration in microseconds in days, hours, minutes and seconds, without rounding."""
    minutes, rest = divmod(duration_us, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return " ".join([*parts, seconds(rest)] if rest or not parts else parts)

"""The indicators as they are saved and shown. A count of None is hidden: it, or its neighbour, is small."""

import msgspec

from conformance.regulation import Text


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what is saved here."""


class Rate(Shown, frozen=True, kw_only=True):
    """A share with its 95 % bounds.

    *method* is ``wilson``, ``clopper_pearson``, for a sample of most of a population ``wilson_finite``,
    ``hypergeometric`` or ``census``. *target* is in per cent. *standing* is ``met`` if the lower bound is
    above the target, ``not_met`` if the upper one is below, otherwise ``not_shown``; ``no_target``,
    ``hidden``, ``no_data``.
    """

    good: int | None
    n: int | None
    share: float | None
    low: float | None
    high: float | None
    method: str | None
    target: int | None
    standing: str


class RateFigure(Shown, frozen=True, kw_only=True):
    """An indicator of one service or path (None: all).

    *rate* counts what is decided. *least* and *most* are the shares if all *unsure* cases were bad, or
    good; where there are any, the standing holds for both. *open* cases are in none of them.
    """

    measure: str
    service: str | None
    path: str | None
    rate: Rate
    unsure: int = 0
    open: int = 0
    least: float | None = None
    most: float | None = None


class TermText(Shown, frozen=True, kw_only=True):
    """What "in time" means for a service and path."""

    service: str
    path: str
    clause: str
    assumption: str | None
    gist: Text


class PercentileFigure(Shown, frozen=True, kw_only=True):
    """A percentile in microseconds; each bound holds with 95 % by itself. None: too few cases."""

    percent: int
    value_us: int | None
    low_us: int | None
    high_us: int | None


class TimeFigure(Shown, frozen=True, kw_only=True):
    """Time to the result: *n* ended, *open* censored, *unusable* with an end before the start.

    *method* is ``order`` (ranks of the ended cases) or ``survival`` (Kaplan-Meier with the open ones).
    *within* is the share answered within the act's term, None where it sets none.
    """

    service: str
    path: str
    n: int
    open: int
    unusable: int
    method: str
    percentiles: tuple[PercentileFigure, ...]
    within: Rate | None


class OutcomeCount(Shown, frozen=True, kw_only=True):
    """How many cases of a service and path are accepted, refused, failed, dropped, or still open."""

    service: str
    path: str
    counts: dict[str, int]


class ReasonCount(Shown, frozen=True, kw_only=True):
    """How many refusals of a service (None: all) have this reason."""

    service: str | None
    code: str
    n: int | None


class FrameRow(Shown, frozen=True, kw_only=True):
    """Who could be asked, was asked and answered, of one path, outcome, or channel of asking (None: all)."""

    path: str | None
    outcome: str | None
    channel: str | None
    eligible: int | None
    invited: int | None
    answered: int | None
    response: Rate


class Question(Shown, frozen=True, kw_only=True):
    """A question as it was put, lowest grade first."""

    id: str
    question: Text
    answers: tuple[Text, ...]


class Distribution(Shown, frozen=True, kw_only=True):
    """The answers to a question by grade, of one service or all (None); *skipped*: respondents without.

    *strict* counts the highest grade as satisfied, *lenient* the two highest, of those who answered the
    question. *least* and *most* are the strict share among all invited if everybody without an answer were
    dissatisfied, or satisfied; *lenient_least*, *lenient_most* likewise. *weighted* is the strict share
    weighted to the frame by path and outcome, *design_effect* what the weights cost; None where a stratum
    is too small.
    """

    question: str
    service: str | None
    invited: int | None
    answered: int | None
    counts: tuple[int | None, ...]
    skipped: int | None
    strict: Rate
    lenient: Rate
    least: float | None
    most: float | None
    lenient_least: float | None
    lenient_most: float | None
    weighted: float | None
    design_effect: float | None


class Intake(Shown, frozen=True, kw_only=True):
    """What became of the lines of a survey file: *rejects* by reason, *unknown_cases* are not in the log.

    *not_ended* answers are of cases without an ending, *early* ones were given before it; they count all
    the same.
    """

    lines: int
    used: int
    rejects: dict[str, int]
    unknown_cases: int
    not_ended_cases: int
    early: int
    first_asked: str | None
    last_asked: str | None


class Survey(Shown, frozen=True, kw_only=True):
    """The survey: *simulated* if the people were. *hidden_all*: too few answers to show any table."""

    simulated: bool
    sha256: str
    instrument: str
    assumption: str | None
    model: str | None
    questions: tuple[Question, ...]
    intake: Intake
    frame: tuple[FrameRow, ...]
    distributions: tuple[Distribution, ...]


class MonthFigure(Shown, frozen=True, kw_only=True):
    """The share of one *month* (``2013-05``), by when the cases began; a *path* None stands for all."""

    measure: str
    service: str
    path: str | None
    month: str
    rate: Rate


class Comparison(Shown, frozen=True, kw_only=True):
    """The difference of two shares with its 95 % interval (Newcombe); p corrected by Holm for all pairs.

    *first* and *second* are services; or, where a *service* is named, a month of it and the month before.
    """

    measure: str
    service: str | None = None
    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float
    corrected_p: float
    shown: bool


class FunnelPoint(Shown, frozen=True, kw_only=True):
    """A unit in the funnel around the target: its share and the limits of chance at 95 % and 99.8 %."""

    unit: str
    good: int
    n: int
    low_95: int
    high_95: int
    low_998: int
    high_998: int
    place: str


class Funnel(Shown, frozen=True, kw_only=True):
    """The units of one measure around *centre*: the target, or the share of all where there is none."""

    measure: str
    centre: float
    points: tuple[FunnelPoint, ...]


class AccessibilityFinding(Shown, frozen=True, kw_only=True):
    """How often a rule of the tool is broken on a page, with its success criteria of WCAG.

    *impact* is ``minor``, ``moderate``, ``serious`` or ``critical``, the worst of what was said; None if
    nothing was.
    """

    page: str
    rule: str
    count: int
    impact: str | None
    criteria: tuple[str, ...]


class Accessibility(Shown, frozen=True, kw_only=True):
    """What one automated tool found on *pages* checked pages: a part of the barriers, without a verdict.

    *entries* are results or lines of the file. *pages_without_rules*: no rule applied, they are in no other
    figure. *needs_review* is what only a person can decide, never a finding; None if the file has no word
    for it.
    """

    tool: str | None
    tool_version: str | None
    sha256: str
    entries: int
    pages: int
    pages_without_rules: int
    first_checked: str | None
    last_checked: str | None
    findings: tuple[AccessibilityFinding, ...]
    needs_review: tuple[AccessibilityFinding, ...] | None


class Indicators(Shown, frozen=True, kw_only=True):
    """All indicators of one log, its survey and findings on its pages. *excluded* cases are in no figure."""

    origin: str
    cases: int
    excluded: int
    taken: str | None
    taken_known: bool
    targets_assumption: str | None
    outcomes: tuple[OutcomeCount, ...]
    terms: tuple[TermText, ...]
    rates: tuple[RateFigure, ...]
    reasons: tuple[ReasonCount, ...]
    reasons_shown: bool
    times: tuple[TimeFigure, ...]
    months: tuple[MonthFigure, ...]
    comparisons: tuple[Comparison, ...]
    funnels: tuple[Funnel, ...]
    survey: Survey | None
    accessibility: Accessibility | None = None

"""What a comparison of saved runs found, as it is saved and shown: the published shape of ``compare.json``.

A difference is always *after* minus *before*. Shares lie between 0 and 1; names ending in ``_s`` are seconds.
What could not be told is None, never a number that stands for it.
"""

import msgspec

from conformance.regulation import Text

COMPARISON_SCHEMA_VERSION = 1


class Compared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what a comparison saves."""


class RunShown(Compared, frozen=True, kw_only=True):
    """One saved run: where it lies, what it is of, and all that decides whether it can be compared.

    *kind* is ``run`` for a judged log or run of suites, ``study`` for a load study. *outcome* is that of its
    summary, or of a study the worst of its limits. *rows* and *log_sha256* are None where there is no log.
    """

    label: str
    place: str
    kind: str
    command: str
    name: str
    outcome: str
    complete: bool
    origin: str
    pack: str
    pack_version: str
    pack_sha256: str
    log_sha256: str | None
    zone: str
    period_start: str | None
    period_end: str | None
    seed: int | None
    cases: int
    rows: int | None
    replications: int | None = None
    confidence: float | None = None
    target: float | None = None


class Side(Compared, frozen=True, kw_only=True):
    """What one run says of one thing: a verdict in a word, *good* of *n*, a share, times.

    *p95_low_s* and *p95_high_s* bound the 95th percentile with 95 %, without supposing how times are spread;
    of a study they are the t interval over replications.
    """

    verdict: str | None = None
    good: int | None = None
    n: int | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    limit_s: float | None = None
    median_s: float | None = None
    p95_s: float | None = None
    p95_low_s: float | None = None
    p95_high_s: float | None = None
    max_s: float | None = None


class Gap(Compared, frozen=True, kw_only=True):
    """How much larger one figure is after than before, with its interval at 95 %.

    *what* is ``share``, ``p95_s``, ``mean_wait_s``, ``abandoned_share`` or ``utilisation``. *method*:
    ``newcombe`` (two shares), ``order`` (two percentiles, each bounded by ranks), ``paired`` (replications
    with the same random numbers), ``welch`` (independent ones), ``same_log`` (the same cases: no chance in
    it), ``none`` (too little for an interval). *p* is two-sided, *corrected_p* after Holm for all that was
    tested in this comparison of two runs. *standing*: ``worse``, ``better`` or ``changed`` if *corrected_p*
    is below 0.05 and the interval leaves 0 out, ``same`` if there is no difference at all, otherwise
    ``not_shown``; ``untested`` without an interval.
    """

    what: str
    value: float
    low: float | None
    high: float | None
    p: float | None
    corrected_p: float | None
    method: str
    pairs: int | None
    standing: str


class Row(Compared, frozen=True, kw_only=True):
    """One thing that was compared.

    *kind* is ``scenario``, ``fault``, ``clause``, ``norm``, ``indicator``, or of studies ``step``, ``path``
    or ``station`` at a *point*. *standing*: ``worse`` if anything of it is shown to be, else ``better`` if
    anything is; ``same``: no difference is shown; ``unclear``: it cannot be compared; ``open``: shown in
    neither; ``new`` and ``vanished``: only one of the two has it. *why* names what decided, worst first.
    """

    kind: str
    id: str
    title: Text | None
    service: str | None
    path: str | None
    step: str | None
    point: str | None
    before: Side | None
    after: Side | None
    gaps: tuple[Gap, ...]
    standing: str
    why: tuple[str, ...]


class Caveat(Compared, frozen=True, kw_only=True):
    """Something to know before the figures: a *code*, and what it says of either run."""

    code: str
    before: str = ""
    after: str = ""


class Pair(Compared, frozen=True, kw_only=True):
    """Two runs held against each other, by their places among the runs; *rows* are sorted worst first.

    *tested* differences have a p. *standing*: ``worse``, ``nothing_worse`` or ``cannot_tell``.
    """

    before: int
    after: int
    standing: str
    caveats: tuple[Caveat, ...]
    tested: int
    rows: tuple[Row, ...]


class Comparison(Compared, frozen=True, kw_only=True):
    """The first run against each of the others; *standing* is the worst of the pairs."""

    schema_version: int
    tool_version: str
    replay: str
    standing: str
    runs: tuple[RunShown, ...]
    pairs: tuple[Pair, ...]
    services: dict[str, Text] = {}
    paths: dict[str, Text] = {}
    stations: dict[str, Text] = {}

"""What a row of a comparison shows, from the words and the differences of both sides."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from msgspec.structs import replace

from conformance.comparison_gaps import settled
from conformance.comparison_results import Gap, Pair, Row, Side

DECIDED_BAD = frozenset({"fail", "failed", "error", "not_kept"})
_ORDER = ("worse", "unclear", "new", "vanished", "better", "same", "open")
_KINDS = ("scenario", "fault", "clause", "norm", "step", "indicator", "path", "station")
ONLY_AFTER = "only_after"


def settled_rows(rows: Iterable[Row]) -> tuple[int, tuple[Row, ...]]:
    """Return how many differences were tested, and *rows*, each with what it shows, the worst first."""
    rows = list(rows)
    gaps = iter(settled(list(chain.from_iterable(row.gaps for row in rows))))
    found = []
    tested = 0
    for row in rows:
        own = tuple(next(gaps) for _ in row.gaps)
        tested += sum(gap.p is not None for gap in own)
        found.append(_shown(replace(row, gaps=own)))
    return tested, tuple(sorted(found, key=_worst_first))


def by_verdict(before: str, after: str, ranks: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
    """Return what two words show by themselves; *ranks* says which are decided, the higher the better."""
    if before not in ranks and after not in ranks:
        return "open", ()
    if after not in ranks:
        return "unclear", ("only_before",)
    if before not in ranks:
        return "unclear", (ONLY_AFTER,)
    if ranks[after] == ranks[before]:
        return "same", ()
    return ("worse" if ranks[after] < ranks[before] else "better"), ("verdict",)


def standing_of(rows: Sequence[Row], *, complete: bool) -> str:
    """Return whether anything is shown to be worse, nothing is, or it cannot be told.

    It cannot be told if a run is not whole, if nothing could be held against each other, if what was decided
    before no longer is, or if what is broken now was not decided, or not there, before.
    """
    if any(row.standing == "worse" for row in rows):
        return "worse"
    compared = any(row.standing in {"same", "better"} for row in rows)
    if not complete or not compared or any(_blocks(row) for row in rows):
        return "cannot_tell"
    return "nothing_worse"


def widest_fall(pair: Pair) -> tuple[Row, Gap] | None:
    """Return the share that may have fallen most although no fall is shown, None if none was tested."""
    found = [
        (row, gap)
        for row in pair.rows
        for gap in row.gaps
        if gap.what == "share" and gap.low is not None and gap.low < 0 and gap.standing != "worse"
    ]
    return min(found, key=lambda one: one[1].low or 0.0, default=None)


def _blocks(row: Row) -> bool:
    bad = row.after is not None and row.after.verdict in DECIDED_BAD
    if row.standing == "new":
        return bad
    return row.standing == "unclear" and (ONLY_AFTER not in row.why or bad)


def _shown(row: Row) -> Row:
    """Return *row* with the standing that verdict and differences add up to."""
    words = {gap.standing for gap in row.gaps}
    why = list(row.why)
    for sign in ("worse", "better"):
        why += [gap.what for gap in row.gaps if gap.standing == sign]
    if row.standing in {"new", "vanished"}:
        return row
    if row.standing == "worse" or "worse" in words:
        return replace(row, standing="worse", why=tuple(why))
    if row.standing == "unclear":
        return replace(row, why=tuple(why))
    if row.standing == "better" or "better" in words:
        return replace(row, standing="better", why=tuple(why))
    if row.standing == "open" and words:
        return replace(row, standing=_of_words(row.kind, words))
    return row


def _of_words(kind: str, words: set[str]) -> str:
    """Return the standing of a row that no verdict decides. A norm without a limit may lack an interval."""
    if words == {"untested"}:
        return "open" if kind == "norm" else "unclear"
    return "same"


def _worst_first(row: Row) -> tuple[object, ...]:
    verdict = 0 if "verdict" in row.why else 1
    falls = [gap.value for gap in row.gaps if gap.what == "share"]
    return (
        _ORDER.index(row.standing),
        verdict,
        min(falls, default=0.0),
        -max((_slowed(gap, row.before) for gap in row.gaps), default=0.0),
        _KINDS.index(row.kind),
        row.point or "",
        row.id,
    )


def _slowed(gap: Gap, before: Side | None) -> float:
    """Return how much longer a time is, in parts of its limit or of itself."""
    if not gap.what.endswith("_s") or before is None:
        return 0.0
    return gap.value / (before.limit_s or before.p95_s or 1.0)

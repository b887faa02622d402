"""What simulated people answer to a survey about the service: a model that is data, and may be replaced.

Nobody has measured how satisfied people are; every figure of a model is editorial. Whoever is asked answers
with a probability that depends on how the case ended; the grade depends on the ending, and falls where a
limit of the act was broken or the case took longer than people wait. Every case draws from its own stream,
``case/survey``, so a survey changes nothing else, and one case nothing of another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from numpy.random import Generator

from conformance.errors import UnfitValue
from conformance.log import Row
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.streams import Streams

OUTCOMES = ("accepted", "refused", "failed")
_SECOND_US = 1_000_000


class Given(NamedTuple):
    """What a case answered to a question: a grade from 1, or nothing."""

    case_id: str
    question: str
    grade: int | None
    asked_us: int


class ResponseModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How simulated people answer; all shares in whole per cent.

    *responds* is by outcome; *grades* by question and outcome, from the lowest grade, adding up to 100.
    *late_down* of those whose case broke a limit, and *impatient_down* of those whose case took longer than
    *patience*, give one grade less. *late_responds_more* is added to *responds* where a limit was broken.
    *skips* is the share of questions that a respondent leaves out.
    """

    name: str
    channel: str
    responds: dict[str, int]
    late_responds_more: int
    grades: dict[str, dict[str, tuple[int, ...]]]
    late_down: int
    patience: str
    impatient_down: int
    skips: int

    def __post_init__(self) -> None:
        """Refuse what is no share, and outcomes that are missing."""
        parse_duration_us(self.patience)
        for share in (self.late_down, self.impatient_down, self.skips, *self.responds.values()):
            if not 0 <= share <= 100:
                raise UnfitValue(f"the share {share}", "whole per cent, 0 to 100")
        for named in (list(self.responds), *map(list, self.grades.values())):
            if set(named) != set(OUTCOMES):
                raise UnfitValue(", ".join(sorted(named)) or "no outcome", ", ".join(OUTCOMES))
        for shares in (s for by_outcome in self.grades.values() for s in by_outcome.values()):
            if sum(shares) != 100 or min(shares) < 0:
                raise UnfitValue(f"the shares {list(shares)}", "shares that add up to 100")


class _Experience(NamedTuple):
    """What somebody went through: how it ended, when, whether a limit was broken, and how long it took."""

    outcome: str
    ended_us: int
    late: bool
    took_us: int


def ask_people(rows: Iterable[Row], pack: Pack, model: ResponseModel, seed: int) -> Iterator[Given]:
    """Yield the answers of the people behind *rows*, for every case that ended, in the order of cases.

    Whoever does not respond is yielded without any grade: invited, but silent.
    """
    streams = Streams(seed)
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row.case_id, []).append(row)
    for case_id, own in sorted(cases.items()):
        experience = _experience(own, pack)
        if experience is not None:
            yield from _answers(case_id, experience, model, streams.stream(f"{case_id}/survey"))


def _answers(
    case_id: str, experience: _Experience, model: ResponseModel, stream: Generator
) -> Iterator[Given]:
    willing = model.responds[experience.outcome] + model.late_responds_more * experience.late
    responds = _happens(stream, willing)
    for question, by_outcome in model.grades.items():
        # Every number is drawn whether it is needed or not, so a changed share changes only what it is about.
        skips = _happens(stream, model.skips)
        grade = _drawn(stream, by_outcome[experience.outcome])
        grade -= _happens(stream, model.late_down) and experience.late
        impatient = experience.took_us > parse_duration_us(model.patience)
        grade -= _happens(stream, model.impatient_down) and impatient
        given = max(1, grade) if responds and not skips else None
        yield Given(case_id, question, given, experience.ended_us)


def _happens(stream: Generator, percent: int) -> bool:
    return bool(stream.random() * 100 < percent)


def _drawn(stream: Generator, shares: Sequence[int]) -> int:
    at = stream.random() * 100
    for grade, share in enumerate(shares, 1):
        at -= share
        if at < 0:
            return grade
    return len(shares)


def _experience(rows: Sequence[Row], pack: Pack) -> _Experience | None:
    endings = {step.code for step in pack.steps if step.ends}
    ended: list[tuple[int, str, str]] = [
        (row.completed_us, row.step, row.outcome or "")
        for row in rows
        if row.step in endings and row.completed_us is not None
    ]
    ended.sort()
    outcome = _outcome_of(ended[0][1], ended[0][2], pack) if ended else None
    if outcome is None:
        return None
    starts = [row.enabled_us for row in rows if row.enabled_us is not None]
    return _Experience(
        outcome=outcome,
        ended_us=ended[0][0],
        late=any(_is_late(row, pack) for row in rows),
        took_us=ended[0][0] - min(starts, default=ended[0][0]),
    )


def _outcome_of(step: str, code: str, pack: Pack) -> str | None:
    """Return how the pack calls an ending; None if it calls it nothing."""
    entries = pack.indicators.endings if pack.indicators else ()
    fits = (str(e.outcome) for e in entries if step in e.steps and (not e.codes or code in e.codes))
    return next(fits, None)


def _is_late(row: Row, pack: Pack) -> bool:
    column = pack.column(row.service, row.step)
    if column is None or column.limit.max_s is None or row.enabled_us is None or row.completed_us is None:
        return False
    return row.completed_us - row.enabled_us > column.limit.max_s * _SECOND_US

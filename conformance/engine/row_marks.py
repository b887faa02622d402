"""What SQL says of one row as a text, and where it can as a small number: numbers cost a fraction of texts.

The text always tells apart whatever a check can. The number does so as well wherever it is not null; a row
with a mark that has no number is told by the texts of all its marks.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

NO_NUMBER = "CAST(NULL AS INTEGER)"
_SMALL, _MOST = 2**31, 2**62
"""Numbers are of four octets where that is enough, or of eight; more combinations are told by texts."""


@dataclass(frozen=True, slots=True)
class RowMark:
    """A mark of one row: the SQL of its *text*, and of its *number*, of 0 to *size* - 1 or null."""

    text: str
    number: str = NO_NUMBER
    size: int = 1


def joined(marks: Iterable[RowMark]) -> RowMark:
    """Return the marks as one, in which each keeps its place: an empty text is told from none."""
    listed = tuple(marks)
    texts = ", '|', ".join(mark.text for mark in listed)
    text = f"concat({texts})" if listed else "''"
    return mixed(text, listed)


def mixed(text: str, marks: Iterable[RowMark]) -> RowMark:
    """Return the mark of this *text* that tells by its number what all *marks* tell by theirs."""
    listed = tuple(marks)
    size = math.prod(mark.size for mark in listed)
    if size > _MOST:
        return RowMark(text)
    wide = "::BIGINT" if size > _SMALL else ""
    terms, times = [], 1
    for mark in listed:
        if mark.number != "0":
            terms.append(f"({mark.number}) * {times}{wide}" if times > 1 else f"({mark.number})")
        times *= mark.size
    return RowMark(text, " + ".join(terms) or "0", size)


def chosen(condition: str, then: RowMark, otherwise: RowMark) -> RowMark:
    """Return *then* where *condition* holds, else *otherwise*, whose texts are unlike those of *then*."""
    number = f"CASE WHEN {condition} THEN {then.number} ELSE {then.size} + ({otherwise.number}) END"
    text = f"CASE WHEN {condition} THEN {then.text} ELSE {otherwise.text} END"
    return RowMark(text, number, then.size + otherwise.size)


def of_cases(branches: Iterable[tuple[str, str]], otherwise: str | None) -> RowMark:
    """Return the mark of the text of the first of *branches*, (condition, text), that holds.

    If none does it is *otherwise*, or null.
    """
    listed = tuple(branches)
    texts = " ".join(f"WHEN {condition} THEN '{text}'" for condition, text in listed)
    numbers = " ".join(f"WHEN {condition} THEN {number}" for number, (condition, _) in enumerate(listed))
    size = len(listed)
    if otherwise is None:
        return RowMark(f"CASE {texts} END", f"CASE {numbers} END", size)
    return RowMark(f"CASE {texts} ELSE '{otherwise}' END", f"CASE {numbers} ELSE {size} END", size + 1)


def by_step(marks: dict[str, RowMark], text_of_others: str) -> RowMark:
    """Return the mark of the row's step; a step without one has *text_of_others* and no number.

    The numbers tell the steps apart as well.
    """
    if not marks:
        return RowMark(text_of_others)
    texts, numbers, size = [], [], 0
    for step, mark in marks.items():
        texts.append(f"WHEN {step} THEN {mark.text}")
        numbers.append(f"WHEN {step} THEN {size} + ({mark.number})")
        size += mark.size
    text = f"CASE step {' '.join(texts)} ELSE {text_of_others} END"
    if size > _MOST:
        return RowMark(text)
    return RowMark(text, f"CASE step {' '.join(numbers)} END", size)

"""A survey as a CSV file: one line per case and question, the same for simulated and for real people.

Columns: *case_id*, *question*, *answer* (a grade from 1; empty: asked, but not answered), *asked_at* (ISO
8601 with an offset or Z) or *asked_at_us* (microseconds since the epoch, UTC), *instrument* (version of the
wording), and, if wanted, *channel* (how people were asked). A case all of whose answers are empty was
invited and did not respond.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.log_rows import EARLIEST_US, LATEST_US, without_numbers

SURVEY_FILE = "survey.csv"
REJECTS_FILE = "survey-rejects.csv"
REQUIRED = ("case_id", "question", "answer", "instrument")
MOMENTS = ("asked_at_us", "asked_at")
OPTIONAL = ("channel",)
WRITTEN = ("case_id", "question", "answer", "asked_at", "channel", "instrument")
MAX_LINE = 4096
MAX_LINES = 100_000_000
MAX_NAME = 200
MOST_KEPT = 10_000
"""How many rejects are written down one by one; all of them are counted."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BOM = b"\xef\xbb\xbf"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what a case answered to a question, None if nothing."""

    line: int
    case_id: str
    question: str
    grade: int | None
    asked_us: int
    channel: str | None
    instrument: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line is held against: the grades of every question, and the version of the wording."""

    grades: Mapping[str, int]
    instrument: str


@dataclass(slots=True)
class Rejects:
    """The lines, of all *lines*, that could not be used: how many by reason, the first of them by number.

    Reasons: ``LINE_TOO_LONG``, ``NOT_UTF8``, ``BROKEN_CSV``, ``FIELD_COUNT``, ``NO_CASE``,
    ``PERSONAL_NUMBER``, ``UNKNOWN_QUESTION``, ``BAD_ANSWER``, ``BAD_TIME``, ``NAIVE_TIME``,
    ``OTHER_INSTRUMENT``, ``DUPLICATE``. What stood in the line is never kept: it may be personal.
    """

    lines: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, line: int, reason: str, column: str = "") -> None:
        """Count a reject."""
        self.counts[reason] += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append((line, reason, column))


class _Unfit(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, reason: str, column: str = "") -> None:
        self.reason, self.column = reason, column


def read_survey(path: Path, rules: Rules, rejects: Rejects) -> Iterator[Answer]:
    """Yield the usable lines of the survey *path*, one at a time; the others go to *rejects*.

    Raises InputError for a file that cannot be read or whose first line is not the columns.
    """
    try:
        with path.open("rb") as file:
            columns = _columns(file, path)
            yield from _answers(file, path, columns, rules, rejects)
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(path), "", found, "a readable survey (CSV)") from None


def survey_text(answers: Iterable[Answer]) -> str:
    """Return *answers* as the text of a survey file, in the order of cases and questions."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(WRITTEN)
    for answer in sorted(answers, key=lambda a: (a.case_id, a.question)):
        moment = _EPOCH + timedelta(microseconds=answer.asked_us)
        asked_at = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        grade = "" if answer.grade is None else str(answer.grade)
        writer.writerow(
            (answer.case_id, answer.question, grade, asked_at, answer.channel or "", answer.instrument)
        )
    return out.getvalue()


def rejects_text(rejects: Rejects) -> str:
    """Return the rejects kept, as CSV: the number of the line, the reason, the column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("line", "reason", "column"))
    writer.writerows(sorted(rejects.kept))
    return out.getvalue()


def _columns(file: BinaryIO, path: Path) -> tuple[str, ...]:
    try:
        line = file.readline(MAX_LINE + 1).removeprefix(_BOM).decode()
        (names,) = csv.reader([line], strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        raise InputError(str(path), "line 1", "no line of column names", ", ".join(WRITTEN)) from None
    known = (*REQUIRED, *MOMENTS, *OPTIONAL)
    for name in names:
        if name not in known:
            shown = repr(without_numbers(name[:60]))
            nearest = nearest_name(name, known)
            raise InputError(str(path), "line 1", f"the unknown column {shown}", ", ".join(known), nearest)
        if names.count(name) > 1:
            raise InputError(str(path), "line 1", f"the column {name} twice", "each column once")
    for name in REQUIRED:
        if name not in names:
            raise InputError(str(path), "line 1", f"no column {name}", ", ".join(WRITTEN))
    if sum(name in names for name in MOMENTS) != 1:
        raise InputError(str(path), "line 1", "none or both of them", f"one column of {' or '.join(MOMENTS)}")
    return tuple(names)


def _answers(
    file: BinaryIO, path: Path, columns: tuple[str, ...], rules: Rules, rejects: Rejects
) -> Iterator[Answer]:
    number = 1
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if number > MAX_LINES:
            raise InputError(str(path), f"line {number}", "more lines", f"at most {MAX_LINES}")
        if len(line) > MAX_LINE:
            _skip_rest(file)
            rejects.lines += 1
            rejects.add(number, "LINE_TOO_LONG")
            continue
        if not line.strip():
            continue
        rejects.lines += 1
        try:
            yield _answer(line, number, columns, rules)
        except _Unfit as unfit:
            rejects.add(number, unfit.reason, unfit.column)


def _skip_rest(file: BinaryIO) -> None:
    """Read on to the end of a line that is too long, without keeping it."""
    while (part := file.readline(MAX_LINE)) and not part.endswith(b"\n"):
        continue


def _answer(line: bytes, number: int, columns: tuple[str, ...], rules: Rules) -> Answer:
    values = _values(line, columns)
    case_id = values["case_id"]
    if not case_id or len(case_id) > MAX_NAME:
        raise _Unfit("NO_CASE", "case_id")
    if any(without_numbers(value) != value for value in values.values()):
        raise _Unfit("PERSONAL_NUMBER")
    question = values["question"]
    if question not in rules.grades:
        raise _Unfit("UNKNOWN_QUESTION", "question")
    if values["instrument"] != rules.instrument:
        raise _Unfit("OTHER_INSTRUMENT", "instrument")
    return Answer(
        line=number,
        case_id=case_id,
        question=question,
        grade=_grade(values["answer"], rules.grades[question]),
        asked_us=_moment_us(values),
        channel=values.get("channel", "")[:MAX_NAME] or None,
        instrument=rules.instrument,
    )


def _values(line: bytes, columns: tuple[str, ...]) -> dict[str, str]:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise _Unfit("NOT_UTF8") from None
    try:
        (fields,) = csv.reader([text.rstrip("\r\n")], strict=True)
    except (csv.Error, ValueError):
        raise _Unfit("BROKEN_CSV") from None
    if len(fields) != len(columns):
        raise _Unfit("FIELD_COUNT")
    if any("\0" in value for value in fields):
        raise _Unfit("BROKEN_CSV")
    return dict(zip(columns, fields, strict=True))


def _grade(text: str, most: int) -> int | None:
    if not text:
        return None
    if not (len(text) <= 2 and text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise _Unfit("BAD_ANSWER", "answer")
    return int(text)


def _moment_us(values: Mapping[str, str]) -> int:
    name = MOMENTS[0] if MOMENTS[0] in values else MOMENTS[1]
    text = values[name]
    if name == "asked_at_us":
        if not (len(text) <= 17 and text.isascii() and text.isdigit()):
            raise _Unfit("BAD_TIME", name)
        us = int(text)
    else:
        us = _iso_us(text, name)
    if not EARLIEST_US <= us <= LATEST_US:
        raise _Unfit("BAD_TIME", name)
    return us


def _iso_us(text: str, name: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Unfit("BAD_TIME", name) from None
    if moment.tzinfo is None:
        raise _Unfit("NAIVE_TIME", name)
    try:
        return (moment - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        raise _Unfit("BAD_TIME", name) from None

"""What the checks of a pack can see of a case, gathered as SQL: marks of its rows and of the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conformance.context import SharedKey
from conformance.engine.facts import LogFacts
from conformance.engine.row_marks import RowMark
from conformance.engine.sql_fields import direct_value, raw
from conformance.engine.zones import DAY_US, local_day, transitions
from conformance.log_store import COLUMN_NAMES, one_of, quoted
from conformance.pack import Pack

UNKNOWN_DAY = -1
MOST_KNOWN = 30
"""How many of the most usual whole values are told apart by numbers."""
_MARGIN_US = 400 * 86_400_000_000
"""A moment read from a clock of a year's resolution may stand for one a year away."""


@dataclass(slots=True)
class Sketch:
    """Marks as they are gathered, one norm after the other; the same mark twice is one mark.

    *row_marks* are marks of one row, by step; *case_marks* are text aggregates over the rows of a case;
    *loners* are boolean aggregates: a case for which one is true is judged by itself. *attributes* are those
    that marks look at, *attribute_steps* the steps at which they do, None for all. *columns* are further
    columns of the rows that aggregates need, *held* the conditions that a row holds a shared value, *hashes*
    the columns of hashes of values that may be shared, *raws* the values that marks repeat whole. *damaged*
    tells whether any case lacks a rejected record.
    """

    pack: Pack
    facts: LogFacts
    documents: bool
    clock_error_us: int = 0
    extracted_us: int | None = None
    damaged: bool = False
    shared: Mapping[SharedKey, int] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    shorthands: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    held: dict[SharedKey, str] = field(default_factory=dict)
    hashes: list[str] = field(default_factory=list)
    raws: dict[str, str] = field(default_factory=dict)
    attribute_steps: set[str] | None = field(default_factory=set)
    row_marks: dict[str, dict[RowMark, None]] = field(default_factory=dict)
    first_row_marks: dict[RowMark, None] = field(default_factory=dict)
    case_marks: dict[str, None] = field(default_factory=dict)
    loners: dict[str, None] = field(default_factory=dict)
    cutoffs: dict[tuple[str, int], str] = field(default_factory=dict)

    def mark_rows(self, steps: Iterable[str], mark: RowMark) -> None:
        """Let rows of *steps* be told apart by *mark*."""
        for step in steps:
            self.row_marks.setdefault(step, {})[mark] = None

    def mark_first_row(self, mark: RowMark) -> None:
        """Let the first row of a case be told apart by *mark*."""
        self.first_row_marks[mark] = None

    def mark_case(self, mark: str) -> None:
        """Let cases be told apart by the text aggregate *mark*."""
        self.case_marks[mark] = None

    def alone(self, condition: str) -> None:
        """Judge a case by itself for which the boolean aggregate *condition* holds."""
        self.loners[condition] = None

    def value(self, name: str, steps: Iterable[str] | None = None) -> str:
        """Return the SQL of a column as text, or of the attribute ``attributes.NAME`` as JSON text.

        The value of an attribute is there at rows of *steps*, by default of all; at others it may be null.
        """
        if name in COLUMN_NAMES:
            return direct_value(name)
        if "*" in name:  # a wildcard to the database, a letter to the checks
            self.alone("true")
            return "CAST(NULL AS VARCHAR)"
        if steps is None or self.attribute_steps is None:
            self.attribute_steps = None
        else:
            self.attribute_steps.update(steps)
        key = name.removeprefix("attributes.")
        return self.attributes.setdefault(key, f"a{len(self.attributes) + 1}")

    def whole(self, value: str) -> RowMark:
        """Return the mark of the SQL text *value* itself; the values most usual in the log have numbers."""
        known = self.raws.setdefault(value, f"known{len(self.raws) + 1}")
        text = f"CASE WHEN {value} IS NULL THEN 'a' ELSE {raw(value)} END"
        return RowMark(text, f"CASE WHEN {value} IS NULL THEN 0 ELSE {known}({value}) END", MOST_KNOWN + 1)

    def shorthand(self, expression: str) -> str:
        """Return the name by which marks of a row call the value of *expression* over columns of the log."""
        return self.shorthands.setdefault(expression, f"y{len(self.shorthands) + 1}")

    def column(self, expression: str) -> str:
        """Return the name of a further column of the rows that holds *expression*."""
        return self.columns.setdefault(expression, f"x{len(self.columns) + 1}")

    def held_value(self, key: SharedKey, condition: str) -> str:
        """Return the name of the rows' column that tells whether *condition* holds, one for each *key*."""
        self.held.setdefault(key, condition)
        return f"s{list(self.held).index(key) + 1}"

    def uncertainty(self, error: int | None = None) -> str:
        """Return the SQL of how far a difference of two readings may be off, as the checks have it.

        *error* stands for the stated error of the clocks, by default that of the log.
        """
        return self._doubt("resolution_us", 2 * (self.clock_error_us if error is None else error))

    def case_uncertainty(self, error: int | None = None) -> str:
        """Return the same as an aggregate over a case, all of whose clocks are alike."""
        return self._doubt("min(resolution_us)", 2 * (self.clock_error_us if error is None else error))

    def reading_doubts(self) -> tuple[str, ...]:
        """Return the SQL of how far one reading may be off: with the clocks' stated error, and without."""
        return tuple(dict.fromkeys(self._doubt("resolution_us", error) for error in (self.clock_error_us, 0)))

    def _doubt(self, resolution: str, error_us: int) -> str:
        if self.facts.exact:
            return str(error_us)
        return f"({resolution} - 1)" if not error_us else f"({resolution} + {error_us - 1})"

    def ended(self) -> str:
        """Return the SQL of an end, or of the moment at which the log was taken for what was open by then."""
        return "completed_us" if self.extracted_us is None else f"coalesce(completed_us, {self.extracted_us})"

    def day(self, moment: str) -> str:
        """Return the SQL of the local day of the SQL *moment* in the pack's zone."""
        return local_day(moment, transitions(self.pack.act.zone, *self.period()))

    def period(self) -> tuple[int, int]:
        """Return a first and a last moment, microseconds, that every reading of the log lies well within."""
        first, last = self.facts.first_us or 0, self.facts.last_us or 0
        if self.extracted_us is not None:
            first, last = min(first, self.extracted_us), max(last, self.extracted_us)
        return first - _MARGIN_US, last + _MARGIN_US

    def first_day(self) -> int:
        """Return the first day of the tables of cut-offs: days since 1970-01-01."""
        return self.period()[0] // DAY_US - 1

    def cutoff_table(self, calendar: str, before_closing_s: int) -> str:
        """Return the SQL of the list of cut-offs of *calendar*, one a day from the first day on.

        A day without one is null, a day that the calendar does not know is *UNKNOWN_DAY*.
        """
        name = self.cutoffs.setdefault((calendar, before_closing_s), f"cutoffs{len(self.cutoffs) + 1}")
        return f"getvariable('{name}')"


def steps_in(steps: Iterable[str]) -> str:
    """Return the SQL condition that a row is of one of *steps*."""
    return one_of("step", map(quoted, steps))

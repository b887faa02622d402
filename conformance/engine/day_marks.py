"""What norms of the calendar can see of a case: on which side of a cut-off, and whether on one local day."""

from collections.abc import Iterable

from conformance.calendar_norms import HALF_A_DAY_US
from conformance.engine.row_marks import RowMark, mixed, of_cases
from conformance.engine.sketch import UNKNOWN_DAY, Sketch, steps_in
from conformance.norms import CalendarCutoff, SameLocalDay


def mark_calendar_cutoff(norm: CalendarCutoff, sketch: Sketch) -> None:
    """Tell rows of the step apart by where their starts lie to the cut-off."""
    _mark_cutoff([norm.step], "enabled_us", norm.calendar, norm.before_closing_s, sketch)


def mark_same_local_day(norm: SameLocalDay, sketch: Sketch) -> None:
    """Tell starts apart by the cut-off, and cases by whether the answer came on the day of the start.

    Where there is more than one start or one answer the case is judged by itself.
    """
    if norm.calendar is not None and norm.start is not None:
        cutoff = norm.before_closing_s or 0
        _mark_cutoff([norm.start], "completed_us", norm.calendar, cutoff, sketch)
    elif norm.calendar is not None:
        sketch.alone("true")
    for doubt in sketch.reading_doubts():
        asked = [_asked(norm, f"(completed_us {sign} {doubt})", sketch) for sign in _signs(doubt)]
        told = [_told(norm, f"(completed_us {sign} {doubt})", sketch) for sign in _signs(doubt)]
        sketch.mark_case(_relation(asked[0], asked[-1], told[0], told[-1]))
        if sketch.extracted_us is not None:
            taken = f"min({_day_at(_asking(norm), f'({sketch.extracted_us} - {doubt})', sketch)})"
            sketch.mark_case(f"CASE WHEN {taken} > {asked[-1]} THEN 'p' ELSE '' END")
    if norm.start is not None:
        sketch.alone(f"count(*) FILTER (WHERE {steps_in([norm.start])}) > 1")
    if norm.to:
        sketch.alone(f"count(*) FILTER (WHERE {steps_in(norm.to)}) > 1")


def _signs(doubt: str) -> tuple[str, ...]:
    return ("-",) if doubt == "0" else ("-", "+")


def _relation(asked_first: str, asked_last: str, told_first: str, told_last: str) -> str:
    return (
        f"CASE WHEN {asked_first} IS NULL OR {told_first} IS NULL THEN 'n' "
        f"WHEN {asked_first} = {asked_last} AND {told_first} = {told_last} AND {asked_first} = {told_first} "
        "THEN 's' "
        f"WHEN {asked_last} < {told_first} OR {told_last} < {asked_first} THEN 'd' ELSE 'm' END"
    )


def _asked(norm: SameLocalDay, moment: str, sketch: Sketch) -> str:
    """Return the aggregate of the day of the start: of the first row where no step is named."""
    return f"max({_day_at(_asking(norm), moment, sketch)})"


def _asking(norm: SameLocalDay) -> str:
    return "place = 0" if norm.start is None else steps_in([norm.start])


def _told(norm: SameLocalDay, moment: str, sketch: Sketch) -> str:
    """Return the aggregate of the day of the answer: of the last ended row where no step is named."""
    if norm.to:
        return f"max({_day_at(steps_in(norm.to), moment, sketch)})"
    return f"arg_max({_day_at('true', moment, sketch)}, place)"


def _day_at(condition: str, moment: str, sketch: Sketch) -> str:
    """Return the column of the local day of *moment* at rows for which *condition* holds, else null."""
    return sketch.column(f"CASE WHEN {condition} THEN {sketch.day(moment)} END")


def _mark_cutoff(
    steps: Iterable[str], moment: str, calendar: str, before_closing_s: int, sketch: Sketch
) -> None:
    for doubt in sketch.reading_doubts():
        sketch.mark_rows(steps, _cutoff_mark(moment, doubt, calendar, before_closing_s, sketch))


def _cutoff_mark(moment: str, doubt: str, calendar: str, before_closing_s: int, sketch: Sketch) -> RowMark:
    """Return a mark of how the reading *moment*, off by *doubt*, lies to the cut-offs of *calendar*."""
    table = sketch.cutoff_table(calendar, before_closing_s)
    if doubt == "0":
        return _side(moment, table, sketch)
    early, late = f"({moment} - {doubt})", f"({moment} + {doubt})"
    wide, same = f"{doubt} >= {HALF_A_DAY_US}", f"{sketch.day(early)} = {sketch.day(late)}"
    marks = [_side(reading, table, sketch) for reading in (moment, early, late)]
    marks.append(of_cases([(wide, "h"), (same, "s")], "o"))
    return mixed(f"concat({', '.join(mark.text for mark in marks)})", marks)


def _side(moment: str, table: str, sketch: Sketch) -> RowMark:
    cutoff = f"{table}[{sketch.day(moment)} - {sketch.first_day() - 1}]"
    branches = [(f"{moment} IS NULL", ""), (f"{cutoff} IS NULL", "c"), (f"{cutoff} = {UNKNOWN_DAY}", "?")]
    return of_cases([*branches, (f"{moment} <= {cutoff}", "k")], "l")

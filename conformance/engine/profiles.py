"""The profile of a case: a text, equal for two cases only if no norm of the pack can tell them apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from conformance.calendar import WorkingCalendar, local_time, parse_day
from conformance.context import LOST_DOUBT, MAX_CASE_ROWS
from conformance.engine.facts import LogFacts
from conformance.engine.sketch import UNKNOWN_DAY, Sketch
from conformance.engine.sql_fields import SEPARATOR, escaped, is_unblank, raw
from conformance.engine.zones import DAY_US
from conformance.log_store import quoted
from conformance.pack import Pack

_DAY_OF_DOUBT = 1
_EPOCH_ORDINAL = 719_163
"""The ordinal of 1970-01-01, from which days are counted."""
_OUTCOME = (
    f"CASE WHEN outcome = 'ok' THEN 'o' WHEN outcome IS NULL THEN 'n' WHEN {is_unblank('outcome')} THEN 'x' "
    f"ELSE {raw('outcome')} END"
)
_TIMING = (
    "CASE WHEN completed_us IS NULL THEN CASE WHEN enabled_us IS NULL THEN '-' ELSE '+' END "
    "WHEN enabled_us IS NULL THEN '?' WHEN completed_us < enabled_us THEN '!' ELSE 'v' END"
)
_LATER = (("enabled_us", "started_us"), ("started_us", "completed_us"), ("enabled_us", "completed_us"))
_KIND_OF_TIE = "CASE WHEN {enabled} IS NULL THEN 'u' WHEN {enabled} < {completed} THEN 's' ELSE 'i' END"
_PLACE = f"chr(CAST(33 + least(place, {MAX_CASE_ROWS}) AS INTEGER))"
_FIRST_MOMENT = "min(least(enabled_us, completed_us))"
_BEFORE = {"case_id": "case_before", "completed_us": "end_before", "enabled_us": "start_before"}
_UNSORTED = (
    "(case_before > case_id OR (case_before = case_id AND "
    "(end_before > completed_us OR (end_before IS NULL AND completed_us IS NOT NULL))))"
)
ROW_COLUMNS = (
    "case_id",
    "service",
    "path",
    "step",
    "enabled_us",
    "started_us",
    "completed_us",
    "resolution_us",
    "place",
)


@dataclass(frozen=True, slots=True)
class ProfileQueries:
    """The two queries that make profiles: rows with their tokens, and cases with their profiles.

    *rows* holds ``{span}``, the condition on case ids. *cases* reads the table ``batch`` that *rows* filled.
    """

    rows: str
    cases: str


def profile_queries(sketch: Sketch) -> ProfileQueries:
    """Return the queries that give each case the profile of everything that was sketched."""
    return ProfileQueries(_rows_query(sketch), _cases_query(sketch))


def cutoff_lists(
    sketch: Sketch, calendars: Mapping[str, WorkingCalendar]
) -> Iterable[tuple[str, list[int | None]]]:
    """Return by variable name the cut-offs of every day of the log's period, as the sketch refers to them."""
    last = sketch.period()[1] // DAY_US + 1
    days = range(sketch.first_day(), last + 1)
    for (calendar, before_closing_s), name in sketch.cutoffs.items():
        known = calendars[calendar]
        yield name, [_cutoff(known, _date(day), before_closing_s) for day in days]


def _cutoff(calendar: WorkingCalendar, day: date, before_closing_s: int) -> int | None:
    return calendar.cutoff_us(day, before_closing_s) if calendar.knows(day) else UNKNOWN_DAY


def outside_query(pack: Pack, sketch: Sketch, *, hides_steps: bool = False) -> str | None:
    """Return the query of the ids of cases begun when the act was not in force, None if no case can be.

    As *conformance.context.standing* has it: a case of several routes, of too many rows or of a doubtful
    first day is not one of them. With *hides_steps* every case may lack its first row, else damaged ones.
    """
    first, until = _force(pack)
    days = _days_begun(pack, sketch.facts)
    if days is None or (first <= days[0] and (until is None or days[1] < until)):
        return None
    day = sketch.day(_FIRST_MOMENT)
    within = f"{day} >= {first}" + (f" AND {day} < {until}" if until is not None else "")
    borders = [border for border in (first, until) if border is not None]

    def near(days_of_doubt: int) -> str:
        return " OR ".join(f"{day} BETWEEN {border} AND {border + days_of_doubt}" for border in borders)

    lacking = "true" if hides_steps else "case_id IN (FROM damaged)"
    doubtful = (
        f"(bool_or(enabled_us IS NULL) AND ({near(_DAY_OF_DOUBT)})) "
        f"OR ({lacking} AND ({near(LOST_DOUBT.days)}))"
    )
    plain = f"count(*) <= {MAX_CASE_ROWS} AND min((service, path)) = max((service, path))"
    return (
        "SELECT case_id FROM judged GROUP BY case_id "
        f"HAVING {plain} AND {_FIRST_MOMENT} IS NOT NULL AND NOT ({doubtful}) AND NOT ({within})"
    )


def _force(pack: Pack) -> tuple[int, int | None]:
    """Return the first day of the act's life and the first day after it, as days since 1970-01-01."""
    life = pack.act.in_force
    until = _day_number(parse_day(life.until)) if life.until else None
    return _day_number(parse_day(life.first)), until


def _days_of_versions(pack: Pack) -> set[int]:
    """Return the days on which one version of a norm gives way to another, as days since 1970-01-01."""
    lives = [norm.in_force for norm in pack.norms if norm.in_force is not None]
    return {
        _day_number(parse_day(text))
        for life in lives
        for text in (life.first, life.until)
        if text is not None
    }


def _days_begun(pack: Pack, facts: LogFacts) -> tuple[int, int] | None:
    """Return the first and the last local day on which a case may have begun; None without any moment."""
    if facts.begun_us is None or facts.last_begun_us is None:
        return None
    zone = pack.act.zone
    days = [_day_number(local_time(us, zone).date()) for us in (facts.begun_us, facts.last_begun_us)]
    return days[0], days[1]


def _standing_mark(sketch: Sketch) -> str | None:
    """Return a mark of where the first day of a case lies to the days on which the law may change."""
    days = _days_begun(sketch.pack, sketch.facts)
    changes = {day for day in _force(sketch.pack) if day is not None} | _days_of_versions(sketch.pack)
    doubts = (0, _DAY_OF_DOUBT + 1, LOST_DOUBT.days + 1)
    borders = sorted({day + shift for day in changes for shift in doubts})
    met = [day for day in borders if days is not None and days[0] <= day <= days[1]]
    if not met:
        return None
    day = sketch.day(_FIRST_MOMENT)
    branches = " ".join(f"WHEN {day} < {border} THEN '{number}:'" for number, border in enumerate(met))
    return f"CASE {branches} ELSE 'z' END"


def _rows_query(sketch: Sketch) -> str:
    paths = [quoted(path) for path in sketch.attributes]
    values = f", json_extract(attributes, [{', '.join(paths)}]) AS found" if paths else ""
    named = "".join(
        f", CAST(found[{n}] AS VARCHAR) AS {name}" for n, name in enumerate(sketch.attributes.values(), 1)
    )
    more = "".join(f", {expression} AS {name}" for expression, name in sketch.columns.items())
    before = ", ".join(f"lag({column}) OVER () AS {name}" for column, name in _BEFORE.items())
    begins = "CASE WHEN case_before IS DISTINCT FROM case_id THEN number END"
    place = f"number - max({begins}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS place"
    close = f"case_before = case_id AND completed_us - end_before <= {sketch.uncertainty()}"
    inner = f"SELECT *, {before}, row_number() OVER () AS number{values} FROM judged WHERE {{span}}"
    told = f"SELECT *, {place}{named} FROM ({inner})"
    held = "".join(f", {condition} AS s{n}" for n, condition in enumerate(sketch.held.values(), 1))
    return (
        f"SELECT {', '.join(ROW_COLUMNS)}{more}, {_UNSORTED} AS unsorted, {close} AS close, "
        f"{_token(sketch)} AS token FROM (SELECT *{held} FROM ({told}))"
    )


def _token(sketch: Sketch) -> str:
    """Return the text of one row: place in the case, outcome, ends, ties, marks of its step, and the step.

    Because each token tells its place, their order in the profile says nothing and need not be asked for.
    """
    branches = " ".join(
        f"WHEN {quoted(step)} THEN {_joined(marks)}" for step, marks in sorted(sketch.row_marks.items())
    )
    marks = f"CASE step {branches} ELSE '' END" if branches else "''"
    first = sketch.first_row_marks
    begun = f"CASE WHEN place = 0 THEN {_joined(first)} ELSE '' END, '|', " if first else ""
    ends = f"{_TIMING}, {_turned(sketch)}, {_tie()}"
    return f"concat({_PLACE}, {_OUTCOME}, {ends}, '|', {begun}{marks}, '/', {escaped('step')})"


def _joined(marks: Iterable[str]) -> str:
    """Return the marks as one text in which each keeps its place, so that an empty one is told from none."""
    listed = ", '|', ".join(marks)
    return f"concat({listed})"


def _turned(sketch: Sketch) -> str:
    """Return a mark of a row whose moments contradict one another: which do, beyond the clock's doubt."""
    doubts = dict.fromkeys((sketch.uncertainty(), sketch.uncertainty(error=0)))
    marks = [
        f"CASE WHEN {one} - {two} > {doubt} THEN '1' ELSE '0' END" for doubt in doubts for one, two in _LATER
    ]
    turned = " OR ".join(f"{one} > {two}" for one, two in _LATER)
    return f"CASE WHEN {turned} THEN concat('c', {', '.join(marks)}) ELSE '' END"


def _tie() -> str:
    """Return a mark of a row that ends with the one before it: whether one may have enabled the other."""
    kinds = (
        _KIND_OF_TIE.format(enabled="start_before", completed="end_before"),
        _KIND_OF_TIE.format(enabled="enabled_us", completed="completed_us"),
    )
    tied = "case_before = case_id AND end_before = completed_us"
    return f"CASE WHEN {tied} THEN concat('t', {', '.join(kinds)}) ELSE '' END"


def _cases_query(sketch: Sketch) -> str:
    standing = _standing_mark(sketch)
    marks = [*([standing] if standing else []), *sketch.case_marks]
    if not sketch.facts.exact and sketch.facts.finest_us == 1:
        marks.append("CASE WHEN min(resolution_us) = 1 THEN 'x' ELSE 'c' END")  # exact clocks order some ties
    lonely = [*sketch.loners, *_unlike_clocks(sketch)]
    own = (
        f"CASE WHEN {' OR '.join(f'({c})' for c in lonely)} THEN concat({SEPARATOR}, case_id) END"
        if lonely
        else "CAST(NULL AS VARCHAR)"
    )
    tokens = f"CASE WHEN count(*) <= {MAX_CASE_ROWS} THEN string_agg(token, {SEPARATOR}) END"
    # What is not shown of a damaged case may be shown of others: they share no class.
    if sketch.damaged:
        marks.insert(0, "CASE WHEN case_id IN (FROM damaged) THEN 'd' ELSE 'w' END")
    return (
        f"SELECT case_id, service, path, {_joined([*marks, tokens])} AS profile, {own} AS own, "
        "count(*) AS n FROM batch GROUP BY case_id, service, path"
    )


def _unlike_clocks(sketch: Sketch) -> list[str]:
    """Return when the clocks of a case make its order more than a sequence: they differ, or err."""
    found = []
    if sketch.facts.finest_us != sketch.facts.coarsest_us:
        found.append("min(resolution_us) <> max(resolution_us)")
    if sketch.clock_error_us:
        found.append("bool_or(close)")
    return found


def _day_number(day: date) -> int:
    return day.toordinal() - _EPOCH_ORDINAL


def _date(number: int) -> date:
    return date.fromordinal(number + _EPOCH_ORDINAL)

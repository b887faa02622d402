"""The profile of a case: a text, equal for two cases only if no norm of the pack can tell them apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from conformance.calendar import WorkingCalendar, local_time, parse_day
from conformance.context import LOST_DOUBT, MAX_CASE_ROWS
from conformance.engine.attribute_values import attributes_read
from conformance.engine.facts import LogFacts
from conformance.engine.row_marks import RowMark, by_step, chosen, joined, mixed, of_cases
from conformance.engine.sketch import UNKNOWN_DAY, Sketch
from conformance.engine.sql_fields import SEPARATOR, escaped, is_unblank, raw
from conformance.engine.zones import DAY_US
from conformance.log_store import quoted
from conformance.pack import Pack

_DAY_OF_DOUBT = 1
_EPOCH_ORDINAL = 719_163
"""The ordinal of 1970-01-01, from which days are counted."""
_OUTCOME = RowMark(
    f"CASE WHEN outcome = 'ok' THEN 'o' WHEN outcome IS NULL THEN 'n' WHEN {is_unblank('outcome')} THEN 'x' "
    f"ELSE {raw('outcome')} END",
    f"CASE WHEN outcome = 'ok' THEN 0 WHEN outcome IS NULL THEN 1 WHEN {is_unblank('outcome')} THEN 2 END",
    3,
)
_TIMING = of_cases(
    [
        ("completed_us >= enabled_us", "v"),
        ("completed_us < enabled_us", "!"),
        ("completed_us IS NOT NULL", "?"),
        ("enabled_us IS NOT NULL", "+"),
    ],
    "-",
)
_LATER = (("enabled_us", "started_us"), ("started_us", "completed_us"), ("enabled_us", "completed_us"))
_PLACE = f"chr(CAST(33 + least(place, {MAX_CASE_ROWS}) AS INTEGER))"
_MOST_STEPS = 200
_FIRST_MOMENT = "min(least(enabled_us, completed_us))"
_BEFORE = {
    "case_id": "case_before",
    "completed_us": "end_before",
    "enabled_us": "start_before",
    "step": "step_before",
}
_NEVER = 2**63 - 1
"""What comes after every moment: open rows stand last."""
_EARLY = (
    f"coalesce(start_before, {_NEVER}) > coalesce(enabled_us, {_NEVER}) OR "
    "(start_before IS NOT DISTINCT FROM enabled_us AND step_before > step)"
)
_UNSORTED = (
    "(case_before > case_id OR (case_before = case_id AND "
    "(end_before > completed_us OR (end_before IS NULL AND completed_us IS NOT NULL) OR "
    f"(end_before IS NOT DISTINCT FROM completed_us AND ({_EARLY})))))"
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
"""The columns that aggregates over a case may name."""


@dataclass(frozen=True, slots=True)
class ProfileQueries:
    """Two queries that give each case its profile: one by numbers, one by texts, which can tell everything.

    Both hold ``{span}``, the condition on case ids. *route* numbers service and path as the facts do, *n* is
    the number of rows, *begins* tells whether the first row of the case is among them, *own* is a text of
    the case's own where it is to be judged by itself. *odd* tells that a number was missing: then the profile
    says nothing. *hashes* name the columns of hashes that the profiles hold too, *several* tells that a case
    has several values for one of them.
    """

    by_numbers: str
    by_texts: str
    hashes: tuple[str, ...] = ()


def profile_queries(sketch: Sketch) -> ProfileQueries:
    """Return the queries that give each case the profile of everything that was sketched."""
    token = _token(sketch)
    number, text = token.number, f"'T' || {token.text}"
    return ProfileQueries(
        _cases_query(sketch, number, "BIGINT"), _cases_query(sketch, text, "VARCHAR"), tuple(sketch.hashes)
    )


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


def _rows_query(sketch: Sketch, token: str, kind: str) -> str:
    read, named = attributes_read(sketch)
    more = "".join(f", {expression} AS {name}" for expression, name in sketch.columns.items())
    before = ", ".join(f"lag({column}) OVER () AS {name}" for column, name in _BEFORE.items())
    short = "".join(f", {expression} AS {name}" for expression, name in sketch.shorthands.items())
    begins = "CASE WHEN case_before IS DISTINCT FROM case_id THEN number END"
    first = f"max({begins}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS case_start"
    close = f"case_before = case_id AND completed_us - end_before <= {sketch.uncertainty()}"
    inner = f"SELECT *, {before}, row_number() OVER () AS number{read}{short} FROM judged WHERE {{span}}"
    told = f"SELECT *, number - case_start AS place FROM (SELECT *, {first}{named} FROM ({inner}))"
    held = "".join(f", {condition} AS s{n}" for n, condition in enumerate(sketch.held.values(), 1))
    facts = sketch.facts
    return (
        f"SELECT {', '.join(ROW_COLUMNS)}, case_start * {facts.routes} + {facts.route_sql()} AS key{more}, "
        f"{_UNSORTED} AS unsorted, {close} AS close, "
        f"CAST({token} AS {kind}) AS token FROM (SELECT *{held} FROM ({told}))"
    )


def _token(sketch: Sketch) -> RowMark:
    """Return the mark of one row: place in the case, outcome, ends, ties, marks of its step, and the step.

    Because each token tells its place, their order in the profile says nothing and need not be asked for.
    """
    marks = {quoted(step): joined(sketch.row_marks.get(step, ())) for step in _steps_told(sketch)}
    own = by_step(marks, "''")
    first = joined(sketch.first_row_marks)
    begun = chosen("place = 0", first, RowMark("''", "0")) if sketch.first_row_marks else RowMark("''", "0")
    place = RowMark(_PLACE, f"CASE WHEN place < {MAX_CASE_ROWS} THEN place END", MAX_CASE_ROWS)
    ends = (_TIMING, _turned(sketch), _tie())
    text = (
        f"concat({_PLACE}, {_OUTCOME.text}, {', '.join(mark.text for mark in ends)}, '|', "
        f"{begun.text}, '|', {own.text}, '/', {escaped('step')})"
    )
    return mixed(text, (place, _OUTCOME, *ends, begun, own))


def _steps_told(sketch: Sketch) -> list[str]:
    """Return the steps that numbers tell apart: those of the log, if they are not many, and of marks."""
    found = {step for _, _, step in sketch.facts.steps}
    return sorted({*sketch.row_marks, *(found if len(found) <= _MOST_STEPS else ())})


def _turned(sketch: Sketch) -> RowMark:
    """Return a mark of a row whose moments contradict one another: which do, beyond the clock's doubt."""
    doubts = dict.fromkeys((sketch.uncertainty(), sketch.uncertainty(error=0)))
    marks = [
        f"CASE WHEN {one} - {two} > {doubt} THEN '1' ELSE '0' END" for doubt in doubts for one, two in _LATER
    ]
    turned = " OR ".join(f"{one} > {two}" for one, two in _LATER)
    text = f"CASE WHEN {turned} THEN concat('c', {', '.join(marks)}) ELSE '' END"
    return RowMark(text, f"CASE WHEN {turned} THEN NULL ELSE 0 END")


def _tie() -> RowMark:
    """Return a mark of a row that ends with the one before it: whether one may have enabled the other."""
    kinds = (
        _kind_of_tie("start_before", "end_before"),
        _kind_of_tie("enabled_us", "completed_us"),
    )
    tied = "case_before = case_id AND end_before = completed_us"
    both = mixed(f"concat('t', {', '.join(kind.text for kind in kinds)})", kinds)
    return chosen(tied, both, RowMark("''", "0"))


def _kind_of_tie(enabled: str, completed: str) -> RowMark:
    return of_cases([(f"{enabled} IS NULL", "u"), (f"{enabled} < {completed}", "s")], "i")


def _cases_query(sketch: Sketch, token: str, kind: str) -> str:
    standing = _standing_mark(sketch)
    marks = [*([standing] if standing else []), *sketch.case_marks]
    if not sketch.facts.exact and sketch.facts.finest_us == 1:
        marks.append("CASE WHEN min(resolution_us) = 1 THEN 'x' ELSE 'c' END")  # exact clocks order some ties
    lonely = [*sketch.loners, *_unlike_clocks(sketch)]
    own = (
        f"CASE WHEN {' OR '.join(f'({c})' for c in lonely)} THEN concat({SEPARATOR}, min(case_id)) END"
        if lonely
        else "CAST(NULL AS VARCHAR)"
    )
    tokens = f"CASE WHEN count(*) <= {MAX_CASE_ROWS} THEN string_agg(CAST(token AS VARCHAR), {SEPARATOR}) END"
    # What is not shown of a damaged case may be shown of others: they share no class.
    if sketch.damaged:
        marks.insert(0, "CASE WHEN min(case_id) IN (FROM damaged) THEN 'd' ELSE 'w' END")
    listed = ", '|', ".join([*marks, tokens])
    # Of the several values of one case the last is kept: then *several* says so.
    hashes = "".join(f", max({name}) AS {name}" for name in sketch.hashes)
    hashes += f", {' OR '.join(f'min({h}) <> max({h})' for h in sketch.hashes) or 'false'} AS several"
    return (
        f"SELECT min(case_id) AS case_id, key % {sketch.facts.routes} AS route, concat({listed}) AS profile, "
        f"{own} AS own, count(*) AS n, min(place) = 0 AS begins, bool_or(unsorted) AS unsorted, "
        f"bool_or(token IS NULL) AS odd, {_FIRST_MOMENT} AS begun{hashes} "
        f"FROM ({_rows_query(sketch, token, kind)}) GROUP BY key"
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

"""What norms of durations and moments can see of a case: on which side of a limit, and how surely."""

from conformance.engine.row_marks import RowMark, chosen, joined, mixed, of_cases
from conformance.engine.sketch import Sketch, steps_in
from conformance.engine.sql_fields import is_plain, presence, raw, same_text
from conformance.log_rows import EARLIEST_US, LATEST_US
from conformance.log_store import quoted
from conformance.norms import (
    AvailabilityWindow,
    CaseDuration,
    Lag,
    Moment,
    MomentOrder,
    Percentile,
    StepDuration,
)

_WHOLE = "'-?[0-9]{1,18}'"


def mark_step_duration(norm: StepDuration, sketch: Sketch) -> None:
    """Tell rows of the step apart by the limit, and by the least duration where it binds."""
    if norm.max_s is not None:
        sketch.mark_rows([norm.step], _row_limit(_open_duration(sketch), norm.max_s * 1_000_000, sketch))
    if norm.min_binds and norm.min_s is not None:
        sketch.mark_rows(
            [norm.step],
            _row_limit(sketch.shorthand("(enabled_us - completed_us)"), -norm.min_s * 1_000_000, sketch),
        )


def mark_percentile(norm: Percentile, sketch: Sketch) -> None:
    """Tell rows of the step, or cases, apart by the limit."""
    if norm.step is None:
        _mark_case_span(Moment.ENABLED, norm.max_s, sketch)
    else:
        sketch.mark_rows([norm.step], _row_limit(_open_duration(sketch), norm.max_s * 1_000_000, sketch))


def mark_case_duration(norm: CaseDuration, sketch: Sketch) -> None:
    """Tell cases apart by the limit of their length."""
    _mark_case_span(norm.begins, norm.max_s, sketch)


def mark_lag(norm: Lag, sketch: Sketch) -> None:
    """Judge every case with both steps by itself: which rows a lag joins is not for a sum to say."""
    sketch.alone(f"bool_or({steps_in([norm.first])}) AND bool_or({steps_in([norm.step])})")


def mark_moment_order(norm: MomentOrder, sketch: Sketch) -> None:
    """Tell rows of the step, or cases, apart by which of two stated moments is the earlier one."""
    if norm.step is None:
        _mark_case_moments(norm, sketch)
        return
    fields = [f"attributes.{name}" for name in (norm.first, norm.then)]
    texts = [sketch.value(field, [norm.step]) for field in fields]
    present = [presence(field, text) for field, text in zip(fields, texts, strict=True)]
    ranges = [of_cases([(_is_in_range(text), "m")], "o") for text in texts]
    limit = _row_limit(_difference(*texts), 0, sketch)
    known = mixed(f"concat('w', {limit.text}, {', '.join(mark.text for mark in ranges)})", [limit, *ranges])
    other = mixed(f"concat({', '.join(mark.text for mark in present)})", present)
    whole = " AND ".join(f"regexp_full_match({text}, {_WHOLE})" for text in texts)
    # Cheaper, and enough for numbers: what reads as it was written. No other whole number has a presence.
    surely = " AND ".join(
        f"length({text}) <= 18 AND {text} = CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR)" for text in texts
    )
    by_number = chosen(surely, known, other)
    mark = RowMark(chosen(whole, known, other).text, by_number.number, by_number.size)
    sketch.mark_rows([norm.step], mark)


def mark_availability(norm: AvailabilityWindow, sketch: Sketch) -> None:
    """Tell rows of the steps apart by their outcome; where hours count, judge their cases by themselves."""
    if norm.calendar is not None:
        sketch.alone(f"bool_or({steps_in(norm.steps)})")
        return
    down = ", ".join(quoted(outcome) for outcome in norm.unavailable)
    sketch.mark_rows(norm.steps, of_cases([(f"outcome IN ({down})", "d")], ""))


def limit_mark(duration: str, limit_us: int, doubt: str) -> str:
    """Return a text of the guard band's answer for the SQL *duration* of a case, off by *doubt* at most."""
    return _limit(duration, limit_us, doubt).text


def _row_limit(duration: str, limit_us: int, sketch: Sketch) -> RowMark:
    """Return a mark of the guard band's answer for the SQL *duration*, with and without the clocks' error."""
    doubts = (sketch.uncertainty(), sketch.uncertainty(error=0))
    return joined(_limit(duration, limit_us, doubt) for doubt in dict.fromkeys(doubts))


def _limit(duration: str, limit_us: int, doubt: str) -> RowMark:
    if doubt == "0":
        return of_cases([(f"{duration} <= {limit_us}", "p"), (f"{duration} > {limit_us}", "f")], "")
    short, long = f"{duration} + {doubt} <= {limit_us}", f"{duration} - {doubt} > {limit_us}"
    return of_cases([(short, "p"), (long, "f"), (f"{duration} IS NULL", "")], "u")


def case_span(begins: Moment) -> str:
    """Return the SQL of the length of a case: from its earliest *begins* to its last end."""
    return f"(max(completed_us) - min({begins}_us))"


def _open_duration(sketch: Sketch) -> str:
    return sketch.shorthand(f"({sketch.ended()} - enabled_us)")


def _mark_case_span(begins: Moment, limit_s: int, sketch: Sketch) -> None:
    span = case_span(begins)
    for doubt in dict.fromkeys((sketch.case_uncertainty(), sketch.case_uncertainty(error=0))):
        sketch.mark_case(limit_mark(span, limit_s * 1_000_000, doubt))
        if sketch.extracted_us is not None:
            waited = f"({sketch.extracted_us} - min({begins}_us))"
            sketch.mark_case(limit_mark(waited, limit_s * 1_000_000, doubt))
    sketch.mark_case(
        f"CASE WHEN {span} < 0 THEN '-' WHEN count({begins}_us) < count(*) THEN 'l' ELSE '+' END"
    )


def _mark_case_moments(norm: MomentOrder, sketch: Sketch) -> None:
    found = []
    for name in (norm.first, norm.then):
        field = f"attributes.{name}"
        held = sketch.column(same_text(field, sketch.value(field)))
        found.append(f"arg_min({held}, place)")
    whole = " AND ".join(f"regexp_full_match({text}, {_WHOLE})" for text in found)
    for doubt in dict.fromkeys((sketch.case_uncertainty(), sketch.case_uncertainty(error=0))):
        known = f"{limit_mark(_difference(*found), 0, doubt)}, {', '.join(map(_in_range, found))}"
        sketch.mark_case(f"CASE WHEN {whole} THEN concat('w', {known}) ELSE '' END")
    for text in found:
        odd = f"WHEN {is_plain(text)} THEN 's' WHEN NOT ({whole}) THEN {raw(text)}"
        sketch.mark_case(f"CASE WHEN {text} IS NULL THEN 'a' {odd} ELSE '' END")


def _in_range(moment: str) -> str:
    return f"CASE WHEN {_is_in_range(moment)} THEN 'm' ELSE 'o' END"


def _is_in_range(moment: str) -> str:
    return f"TRY_CAST({moment} AS BIGINT) BETWEEN {EARLIEST_US} AND {LATEST_US}"


def _difference(first: str, then: str) -> str:
    return f"(TRY_CAST({first} AS BIGINT) - TRY_CAST({then} AS BIGINT))"

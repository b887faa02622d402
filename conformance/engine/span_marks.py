"""What norms of durations and moments can see of a case: on which side of a limit, and how surely."""

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
        sketch.mark_rows([norm.step], limit_mark(_open_duration(sketch), norm.max_s * 1_000_000, sketch))
    if norm.min_binds and norm.min_s is not None:
        sketch.mark_rows(
            [norm.step], limit_mark("(enabled_us - completed_us)", -norm.min_s * 1_000_000, sketch)
        )


def mark_percentile(norm: Percentile, sketch: Sketch) -> None:
    """Tell rows of the step, or cases, apart by the limit."""
    if norm.step is None:
        _mark_case_span(Moment.ENABLED, norm.max_s, sketch)
    else:
        sketch.mark_rows([norm.step], limit_mark(_open_duration(sketch), norm.max_s * 1_000_000, sketch))


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
    texts = [sketch.value(field) for field in fields]
    whole = " AND ".join(f"regexp_full_match({text}, {_WHOLE})" for text in texts)
    present = ", ".join(presence(field, text) for field, text in zip(fields, texts, strict=True))
    known = f"{limit_mark(_difference(*texts), 0, sketch)}, {', '.join(map(_in_range, texts))}"
    sketch.mark_rows([norm.step], f"CASE WHEN {whole} THEN concat('w', {known}) ELSE concat({present}) END")


def mark_availability(norm: AvailabilityWindow, sketch: Sketch) -> None:
    """Tell rows of the steps apart by their outcome; where hours count, judge their cases by themselves."""
    if norm.calendar is not None:
        sketch.alone(f"bool_or({steps_in(norm.steps)})")
        return
    down = ", ".join(quoted(outcome) for outcome in norm.unavailable)
    sketch.mark_rows(norm.steps, f"CASE WHEN outcome IN ({down}) THEN 'd' ELSE '' END")


def limit_mark(duration: str, limit_us: int, sketch: Sketch, doubt: str | None = None) -> str:
    """Return a mark of the guard band's answer for the SQL *duration*, with and without the clocks' error.

    *doubt* is the SQL of the uncertainty, of one row where it is not given.
    """
    marks = []
    for grain in (sketch.uncertainty(), sketch.uncertainty(error=0)) if doubt is None else (doubt,):
        if grain == "0":
            marks.append(
                f"CASE WHEN {duration} <= {limit_us} THEN 'p' "
                f"WHEN {duration} > {limit_us} THEN 'f' ELSE '' END"
            )
        else:
            marks.append(
                f"CASE WHEN {duration} + {grain} <= {limit_us} THEN 'p' "
                f"WHEN {duration} - {grain} > {limit_us} THEN 'f' "
                f"WHEN {duration} IS NULL THEN '' ELSE 'u' END"
            )
    unlike = list(dict.fromkeys(marks))
    return unlike[0] if len(unlike) == 1 else f"concat({', '.join(unlike)})"


def case_span(begins: Moment) -> str:
    """Return the SQL of the length of a case: from its earliest *begins* to its last end."""
    return f"(max(completed_us) - min({begins}_us))"


def _open_duration(sketch: Sketch) -> str:
    return f"({sketch.ended()} - enabled_us)"


def _mark_case_span(begins: Moment, limit_s: int, sketch: Sketch) -> None:
    span = case_span(begins)
    for doubt in dict.fromkeys((sketch.case_uncertainty(), sketch.case_uncertainty(error=0))):
        sketch.mark_case(limit_mark(span, limit_s * 1_000_000, sketch, doubt))
        if sketch.extracted_us is not None:
            waited = f"({sketch.extracted_us} - min({begins}_us))"
            sketch.mark_case(limit_mark(waited, limit_s * 1_000_000, sketch, doubt))
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
        known = f"{limit_mark(_difference(*found), 0, sketch, doubt)}, {', '.join(map(_in_range, found))}"
        sketch.mark_case(f"CASE WHEN {whole} THEN concat('w', {known}) ELSE '' END")
    for text in found:
        odd = f"WHEN {is_plain(text)} THEN 's' WHEN NOT ({whole}) THEN {raw(text)}"
        sketch.mark_case(f"CASE WHEN {text} IS NULL THEN 'a' {odd} ELSE '' END")


def _in_range(moment: str) -> str:
    return (
        f"CASE WHEN TRY_CAST({moment} AS BIGINT) BETWEEN {EARLIEST_US} AND {LATEST_US} THEN 'm' ELSE 'o' END"
    )


def _difference(first: str, then: str) -> str:
    return f"(TRY_CAST({first} AS BIGINT) - TRY_CAST({then} AS BIGINT))"

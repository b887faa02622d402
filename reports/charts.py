"""Draw the limit of every step against what was measured, as one SVG with text as text."""

from collections.abc import Iterator

from conformance.results import Measured, Results, StepResult
from conformance.verdicts import Verdict
from reports.canvas import ROW, Frame, drawn, name_row, number_ticks, rows_frame, run_caption
from reports.characters import one_line, shorten
from reports.colours import BLACK, BLUE, ORANGE, VERMILLION
from reports.overview import path_name
from reports.panel import Panel, Where
from reports.texts import Texts

_SECOND = 1_000_000
_MARKS = {Verdict.FAIL: VERMILLION, Verdict.ERROR: VERMILLION, Verdict.PASS: BLUE}


def step_headline(results: Results, texts: Texts) -> str:
    """Return what the measured steps show against their limits, as a sentence computed from them."""
    measured = [step for step, _ in _measured(results)]
    limited = [step for step in measured if step.limit_s]
    if not measured:
        return texts.say("chart.nothing")
    if not limited:
        return texts.say("chart.no_limits", n=len(measured))
    worst = max(limited, key=_share_of_limit)
    late = sum(step.verdict is Verdict.FAIL for step in limited)
    text = (
        texts.say("chart.late", late=late, n=len(limited))
        if late
        else texts.say("chart.kept", n=len(limited))
    )
    if undecided := sum(step.verdict is Verdict.INCONCLUSIVE for step in limited):
        text += " " + texts.say("chart.undecided", n=undecided)
    closest = {"step": f"{worst.service} {worst.step}", **_max_and_limit(worst, texts)}
    return f"{text} {texts.say('chart.worst' if late else 'chart.closest', **closest)}"


def step_chart(results: Results, texts: Texts) -> str:
    """Return an SVG: per step the median as a ring, p95 as a bar, the maximum, and the limit as a black line.

    Returns an empty string if no step was measured. The same results give the same bytes.
    """
    rows = _rows(results, texts)
    if not rows:
        return ""
    end = _axis_end([step for step in rows if isinstance(step, StepResult)])

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(rows), end)
        axes.x.label = texts.say("chart.axis")
        number_ticks(axes.x, texts)
        for y, row in enumerate(rows):
            if isinstance(row, StepResult):
                _draw_step(axes, y, row, end, texts)
            else:
                axes.text(-0.012, y, row, ha="right", va="center", bold=True, where=Where.BESIDE)

    cases = texts.say("header.cases", n=results.summary.cases)
    caption = run_caption(texts.say("chart.legend"), cases, results, texts)
    frame = Frame("steps", 1, ROW * len(rows), left=3.5, right=3.1)
    return drawn(frame, draw, caption)


def _measured(results: Results) -> Iterator[tuple[StepResult, Measured]]:
    for step in results.steps:
        if step.measured is not None and step.measured.n:
            yield step, step.measured


def _rows(results: Results, texts: Texts) -> list[str | StepResult]:
    """Return the measured steps, with the name of service and path above each group."""
    rows: list[str | StepResult] = []
    groups: dict[tuple[str, str], list[StepResult]] = {}
    for step, _ in _measured(results):
        groups.setdefault((step.service, step.path), []).append(step)
    for (service, path), steps in groups.items():
        rows.append(shorten(one_line(f"{service} · {path_name(results, path, texts)}"), 44))
        rows += steps
    return rows


def _axis_end(steps: list[StepResult]) -> float:
    """Return the end of the axis in seconds: what lies far beyond the limits must not flatten the rest."""
    longest = max(step.measured.max_us for step in steps if step.measured) / _SECOND
    limits = [step.limit_s for step in steps if step.limit_s]
    bound = 2.0 * max(limits) if limits else longest
    return max(min(longest, bound), max(limits, default=0), 0.001) * 1.06


def _draw_step(axes: Panel, y: int, step: StepResult, end: float, texts: Texts) -> None:
    measured = step.measured
    if measured is None:
        return
    colour = _MARKS.get(step.verdict, ORANGE)
    median, p95, longest = (us / _SECOND for us in (measured.median_us, measured.p95_us, measured.max_us))
    axes.barh(y, min(p95, end), height=0.34, color=colour, alpha=0.45, linewidth=0)
    axes.plot([min(p95, end), min(longest, end)], [y, y], color=colour, linewidth=1.2)
    axes.plot(
        [min(longest, end)],
        [y],
        marker=">" if longest > end else "|",
        markersize=7,
        color=colour,
        clip_on=False,
    )
    axes.plot([min(median, end)], [y], marker="o", markersize=5.5, markerfacecolor="white", color=colour)
    if step.limit_s:
        axes.plot([step.limit_s] * 2, [y - 0.42, y + 0.42], color=BLACK, linewidth=1.8, zorder=2.4)
    action = f"{step.step}  {step.action.in_language(texts.language)}"
    words = texts.say("chart.row", **_max_and_limit(step, texts)) if step.limit_s else _longest(step, texts)
    name_row(axes, y, action, f"{texts.word('verdict', step.verdict.value)}: {words}", 46)


def _share_of_limit(step: StepResult) -> float:
    return step.measured.max_us / step.limit_s if step.measured and step.limit_s else 0.0


def _max_and_limit(step: StepResult, texts: Texts) -> dict[str, str]:
    limit_us = (step.limit_s or 0) * _SECOND
    longest = step.measured.max_us if step.measured else 0
    return {"max": texts.duration(longest, limit_us), "limit": texts.duration(limit_us)}


def _longest(step: StepResult, texts: Texts) -> str:
    return texts.duration(step.measured.max_us if step.measured else 0)

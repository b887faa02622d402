"""Draw the limits, the stations and the loads of a study as SVG, each headed by what it shows."""

from collections.abc import Callable

from conformance.study_figures import Estimate, PointResults, StationFigures, StepFigures
from conformance.study_results import StudyResults
from reports import study_words as words
from reports.canvas import Chart, Frame, name_row, number_ticks, rows_frame
from reports.characters import one_line, shorten
from reports.colours import BLACK, BLUE, FIELD, ORANGE, VERMILLION
from reports.panel import Panel, Where
from reports.study_canvas import chart
from reports.study_overview import first_to_break, limits_of, worst_of
from reports.texts import Texts

_COLOURS = {"kept": BLUE, "not_kept": VERMILLION, "not_shown": ORANGE}
_ROW = 0.3
MOST_ROWS = 50
_MOST_OVER = 4.0
"""So many times the limit is the end of an axis at most: what lies beyond must not flatten the rest."""
_MUCH = 40
"""An axis becomes logarithmic where the largest value is so many times the smallest one."""
_LABEL, _FEW_LABEL, _FEW = 18, 22, 4
"""Columns of a label below an axis: of many, and of few; how many are few."""


def steps_chart(results: StudyResults, point: PointResults, texts: Texts) -> Chart:
    """Draw per step, in parts of its limit: the median as a ring, the 95th percentile as the end of a bar."""
    timed = [step for step in limits_of(point) if step.sojourn_s.count and step.limit_s]
    rows = timed[:MOST_ROWS]
    name = texts.say("study.chart.steps")
    if not rows:
        return Chart(name, texts.say("study.sentence.no_limits"), "")
    late = [step for step in timed if _over(step) > 1]
    worst = max(timed, key=_over)
    headline = texts.say("study.chart.steps_head", n=len(timed), late=len(late))
    said = texts.say(
        "study.chart.steps_worst" if late else "study.chart.steps_closest",
        limit=words.limit_id(worst),
        p95=words.seconds(words.p95_of(worst).value, texts, worst.limit_s),
        value=words.seconds(worst.limit_s, texts),
    )
    end = 100 * max(min(_over(worst), _MOST_OVER), 1.0) * 1.04

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(rows), end)
        axes.x.label = texts.say("study.chart.steps_axis")
        number_ticks(axes.x, texts)
        axes.axvline(100, color=BLACK, linewidth=1.8)
        for y, step in enumerate(rows):
            _step(axes, y, step, results, texts)

    frame = Frame("steps", 1, _ROW * len(rows), left=4.0, right=2.9)
    svg = chart(frame, draw, texts.say("study.chart.steps_legend"), results, texts)
    return Chart(name, f"{headline} {said}", svg)


def use_chart(results: StudyResults, point: PointResults, texts: Texts) -> Chart:
    """Draw the utilisation of the stations with their intervals."""
    rows = [row for row in point.stations if row.utilisation.value is not None and row.asked][:MOST_ROWS]
    name = texts.say("study.chart.use")
    if not rows:
        return Chart(name, texts.say("study.chart.use_none"), "")
    rows.sort(key=_use, reverse=True)
    station = words.station_name(results, rows[0], texts)
    headline = texts.say(
        "study.chart.use_head", station=station, value=words.percent(rows[0].utilisation.value, texts)
    )
    highest = max([1.0, *(row.utilisation.high or 0.0 for row in rows), _use(rows[0])])

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(rows), 100 * highest * 1.03)
        axes.x.label = texts.say("study.chart.use_axis")
        number_ticks(axes.x, texts)
        axes.axvline(100, color=BLACK, linewidth=1.6)
        for y, row in enumerate(rows):
            _station(axes, y, row, results, texts)

    confidence = words.level(results.targets.confidence, texts)
    legend = texts.say("study.chart.use_legend", confidence=confidence)
    frame = Frame("use", 1, _ROW * len(rows), left=4.0, right=2.2)
    svg = chart(frame, draw, legend, results, texts)
    return Chart(name, headline, svg)


def sweep_chart(results: StudyResults, texts: Texts) -> Chart:
    """Draw the 95th percentile of the limit that breaks first against the swept value."""
    name = texts.say("study.chart.sweep")
    followed = _followed(results)
    found = [
        (i, point, step) for i, point in enumerate(results.points) if (step := followed(point)) is not None
    ]
    found = [(i, point, step) for i, point, step in found if words.p95_of(step).value is not None]
    if len(found) < 2:
        return Chart(name, "", "")
    limit = found[0][2].limit_s
    numeric = all(isinstance(point.value, int | float) for point in results.points)
    if numeric:
        found.sort(key=lambda item: float(item[1].value or 0))
    headline = _sweep_headline([(point, step) for _, point, step in found], texts)
    xs = [float(point.value or 0) if numeric else float(i) for i, point, _ in found]
    estimates = [words.p95_of(step) for _, _, step in found]

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        _breaking_field(axes, results, numeric, texts)
        _curve(axes, xs, estimates)
        if limit:
            axes.axhline(limit, color=BLACK, linewidth=1.8)
            said = texts.say("study.chart.limit", value=words.seconds(limit, texts))
            axes.text(xs[-1], limit, said, shift=(0, 4), ha="right", size=8)
        _upright(axes, estimates, limit, texts)
        widest = _FEW_LABEL if len(found) <= _FEW else _LABEL
        axes.x.set_ticks(xs, [shorten(words.label_of(point, texts), widest) for _, point, _ in found])
        axes.x.label = shorten(one_line(results.points[0].parameter or ""), 90)
        axes.y.label = texts.say("study.chart.sweep_axis")

    legend = texts.say("study.chart.sweep_legend", confidence=words.level(results.targets.confidence, texts))
    if numeric and _breaking(results) is not None:
        legend += " · " + texts.say("study.chart.sweep_field")
    svg = chart(Frame("sweep", 1, 3.6, left=0.95), draw, legend, results, texts)
    return Chart(name, headline, svg)


def _followed(results: StudyResults) -> Callable[[PointResults], StepFigures | None]:
    """Return what finds, at a point, the limit that the chart follows."""
    first = first_to_break(results)
    chosen = first or next((worst for p in reversed(results.points) if (worst := worst_of(p))), None)
    place = None if chosen is None else (chosen.service, chosen.path, chosen.step)

    def find(point: PointResults) -> StepFigures | None:
        return next((s for s in point.steps if (s.service, s.path, s.step) == place), None)

    return find


def _sweep_headline(found: list[tuple[PointResults, StepFigures]], texts: Texts) -> str:
    """Return at which values of *found*, in their order, the limit is exceeded, and at which it is not."""
    step = found[0][1]
    values = {"limit": words.limit_id(step), "value": words.seconds(step.limit_s, texts)}
    over, within = (
        ", ".join(
            texts.say("study.chart.sweep_value", label=words.label_of(point, texts))
            for point, own in found
            if (_over(own) > 1) is exceeds
        )
        for exceeds in (True, False)
    )
    if not over:
        return texts.say("study.chart.sweep_under", **values)
    if not within:
        return texts.say("study.chart.sweep_over", **values)
    return texts.say("study.chart.sweep_head", over=over, within=within, **values)


def _breaking(results: StudyResults) -> tuple[float, float] | None:
    """Return between which values the first limit breaks, if that was looked for and found."""
    found = results.breaking_load
    if found is None or found.holds_at is None or found.breaks_at is None:
        return None
    return found.holds_at, found.breaks_at


def _breaking_field(axes: Panel, results: StudyResults, numeric: bool, texts: Texts) -> None:
    bounds = _breaking(results) if numeric else None
    if bounds is None:
        return
    axes.axvspan(*bounds, color=FIELD, linewidth=0)
    middle = sum(bounds) / 2
    axes.text(
        middle,
        0.98,
        texts.say("study.chart.breaks"),
        ha="center",
        va="top",
        size=8,
        where=Where.ABOVE,
    )


def _curve(axes: Panel, xs: list[float], estimates: list[Estimate]) -> None:
    values = [found.value for found in estimates]
    if all(found.low is not None and found.high is not None for found in estimates):
        lows, highs = [found.low for found in estimates], [found.high for found in estimates]
        axes.fill_between(xs, lows, highs, color=BLUE, alpha=0.22, linewidth=0)
    axes.plot(xs, values, color=BLUE, linewidth=1.6, marker="o", markersize=5, markerfacecolor="white")


def _upright(axes: Panel, estimates: list[Estimate], limit: float | None, texts: Texts) -> None:
    """Set the upright axis, logarithmic where the values lie far apart."""
    values = [found.value or 0.0 for found in estimates] + ([limit] if limit else [])
    highest = max([found.high or 0.0 for found in estimates] + values)
    if min(values) > 0 and highest / min(values) > _MUCH:
        axes.log = True
        axes.y.limits = (min(values) / 1.5, highest * 1.5)
        steps = [m * 10.0**n for n in range(-7, 9) for m in (1, 3)]
        axes.y.set_ticks([s for s in steps if min(values) / 1.5 <= s <= highest * 1.5])
    else:
        axes.y.limits = (0, highest * 1.12 or 1.0)
    axes.grid = "y"
    number_ticks(axes.y, texts)


def _step(axes: Panel, y: int, step: StepFigures, results: StudyResults, texts: Texts) -> None:
    end = axes.x.end
    colour = _COLOURS.get(step.kept, ORANGE)
    p95, median = 100 * _over(step), 100 * (step.sojourn_s.median_s or 0.0) / (step.limit_s or 1.0)
    axes.barh(y, min(p95, end), height=0.36, color=colour, alpha=0.5, linewidth=0)
    if p95 > end:
        axes.plot([end], [y], marker=">", markersize=7, color=colour, clip_on=False)
    if median <= end:  # one beyond the edge is not drawn at it, as if it were there
        axes.plot([median], [y], marker="o", markersize=5.5, markerfacecolor="white", color=colour)
    label = f"{words.limit_id(step)}  {words.action(results, step, texts)}"
    said = texts.say(
        "study.chart.row",
        standing=texts.word("study.kept", step.kept),
        p95=words.seconds(words.p95_of(step).value, texts, step.limit_s),
        limit=words.seconds(step.limit_s, texts),
    )
    name_row(axes, y, label, said)


def _station(axes: Panel, y: int, row: StationFigures, results: StudyResults, texts: Texts) -> None:
    found = row.utilisation
    axes.barh(y, 100 * _use(row), height=0.36, color=BLUE, alpha=0.5, linewidth=0)
    if found.low is not None and found.high is not None:
        axes.plot([100 * found.low, 100 * found.high], [y, y], color=BLUE, linewidth=2.4)
    said = words.share_with_range(found, texts)
    name_row(axes, y, words.station_name(results, row, texts), said)


def _use(row: StationFigures) -> float:
    return row.utilisation.value or 0.0


def _over(step: StepFigures) -> float:
    return (words.p95_of(step).value or 0.0) / step.limit_s if step.limit_s else 0.0

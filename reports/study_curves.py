"""Draw what changes over the run as SVG: queues, arrivals and cases under way, and the warm-up."""

from conformance.study_figures import Curve, PointResults, StationFigures, TimeGrid
from conformance.study_results import StudyResults
from reports import study_words as words
from reports.canvas import Chart, Frame, number_ticks
from reports.characters import shorten
from reports.colours import BLACK, BLUE, GREEN, GREY, VERMILLION
from reports.panel import Panel
from reports.study_canvas import band, chart, hour_ticks, hours, local_time
from reports.texts import Texts

MOST_STATIONS = 3
_DAY_US = 86_400_000_000
_SEEN = 0.05
"""A queue that is never longer on average is not drawn beside a longer one."""


def queue_chart(results: StudyResults, point: PointResults, texts: Texts) -> Chart:
    """Draw the queues of the stations with the longest ones, each with its band."""
    name = texts.say("study.chart.queue")
    rows = _longest_queues(point)
    if not rows:
        return Chart(name, texts.say("study.chart.queue_none"), "")
    first, curve = rows[0]
    peak = max(range(len(curve.mean)), key=lambda i: curve.mean[i])
    headline = texts.say(
        "study.chart.queue_head",
        station=words.station_name(results, first, texts),
        n=words.mean(curve.mean[peak], texts),
        time=_time(results, point, peak, texts),
    )

    def draw(boxes: list[Panel]) -> None:
        for axes, (row, own) in zip(boxes, rows, strict=True):
            _panel(axes, own, point.grid, BLUE, texts)
            axes.y.label = texts.say("study.chart.queue_axis")
            axes.title = shorten(words.station_name(results, row, texts), 90)
        _clock(boxes, point.grid, results, texts)

    legend = texts.say("study.chart.queue_legend", confidence=words.level(results.targets.confidence, texts))
    frame = Frame("queue", len(rows), 1.5)
    return Chart(name, headline, chart(frame, draw, legend, results, texts))


def flow_chart(results: StudyResults, point: PointResults, texts: Texts) -> Chart:
    """Draw the arrivals between the moments of the grid, and the cases under way at them."""
    name = texts.say("study.chart.flow")
    if not point.cases.arrived or not point.under_way.mean:
        return Chart(name, texts.say("study.sentence.nobody"), "")
    under_way = point.under_way.mean
    peak = max(range(len(under_way)), key=lambda i: under_way[i])
    headline = texts.say(
        "study.chart.flow_head",
        time=_time(results, point, peak, texts),
        n=words.mean(under_way[peak], texts),
    )
    each = texts.duration(point.grid.step_us)
    arrivals = texts.say("study.chart.flow_arrivals", step=each)

    def draw(boxes: list[Panel]) -> None:
        _panel(boxes[0], point.arrivals, point.grid, GREEN, texts)
        boxes[0].title = arrivals
        _panel(boxes[1], point.under_way, point.grid, BLUE, texts)
        boxes[1].title = texts.say("study.chart.flow_under_way")
        _clock(boxes, point.grid, results, texts)

    legend = texts.say("study.chart.queue_legend", confidence=words.level(results.targets.confidence, texts))
    frame = Frame("flow", 2, 1.6)
    return Chart(name, headline, chart(frame, draw, legend, results, texts))


def warm_up_chart(results: StudyResults, texts: Texts) -> Chart:
    """Draw the series by which the beginning was cut off, its moving average and the cut."""
    found = results.warm_up
    name = texts.say("study.chart.warm_up")
    method = texts.word("study.warm_up", found.method)
    if found.cut_us:
        headline = texts.say("study.chart.warm_up_cut", value=texts.duration(found.cut_us), method=method)
    else:
        headline = texts.say("study.chart.warm_up_none", method=method)
    if not found.settled:
        headline = f"{headline} {texts.say('study.warm_up_unsettled')}"
    if len(found.series) < 2:
        return Chart(name, headline, "")

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        xs = hours(found.step_us, len(found.series))
        axes.plot(xs, found.series, color=GREY, linewidth=0.9)
        if found.smoothed:
            axes.plot(xs[: len(found.smoothed)], found.smoothed, color=VERMILLION, linewidth=1.8)
        axes.y.limits = (min(0.0, *found.series), None)
        axes.grid = "y"
        if found.cut_us:
            axes.axvline(found.cut_us / 3.6e9, color=BLACK, linewidth=1.8)
        axes.y.label = texts.word("study.series", found.of)
        hour_ticks(axes, found.from_us, len(found.series) * found.step_us / 3.6e9, results, texts)
        number_ticks(axes.y, texts)

    legend = texts.say("study.chart.warm_up_legend")
    frame = Frame("warm-up", 1, 2.2, left=0.95)
    return Chart(name, headline, chart(frame, draw, legend, results, texts))


def _longest_queues(point: PointResults) -> list[tuple[StationFigures, Curve]]:
    """Return the stations with the longest queues; of one in many offices the busiest office."""
    rows = [(row, row.queue) for row in point.stations if row.queue is not None and any(row.queue.mean)]
    by_office = {row.station for row, _ in rows if row.office is not None}
    rows = [(row, own) for row, own in rows if row.office is not None or row.station not in by_office]
    rows.sort(key=lambda pair: (-max(pair[1].mean), pair[0].station))
    return [pair for i, pair in enumerate(rows[:MOST_STATIONS]) if not i or max(pair[1].mean) >= _SEEN]


def _panel(axes: Panel, curve: Curve, grid: TimeGrid, colour: str, texts: Texts) -> None:
    band(axes, hours(grid.step_us, len(curve.mean)), curve, colour)
    axes.y.limits = (0, max([*curve.mean, *curve.high, 0.0]) * 1.1 or 1.0)
    axes.grid = "y"
    number_ticks(axes.y, texts)


def _clock(boxes: list[Panel], grid: TimeGrid, results: StudyResults, texts: Texts) -> None:
    """Name the hours below the last of the axes."""
    for axes in boxes:
        hour_ticks(axes, grid.from_us, grid.step_us * grid.count / 3.6e9, results, texts)
    for axes in boxes[:-1]:
        axes.x.names = []


def _time(results: StudyResults, point: PointResults, index: int, texts: Texts) -> str:
    grid = point.grid
    with_day = grid.step_us * grid.count > 1.5 * _DAY_US
    return local_time(grid.from_us + index * grid.step_us, results, texts, with_day=with_day)

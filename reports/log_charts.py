"""Draw what a judged log shows over its day: the worst step's times, arrivals and queues, hours by steps."""

from typing import Any

from conformance.chart_figures import place_of
from conformance.chart_results import HOURS, DayFigures, StepHours, StepTimes
from conformance.results import Results
from reports import study_words
from reports.canvas import ROW, Chart, Frame, drawn, number_ticks, run_caption
from reports.characters import one_line, shorten
from reports.colours import BLACK, BLUE, GREEN, GREY, LIGHT
from reports.overview import path_name, step_at
from reports.panel import Panel, Where
from reports.texts import Texts

SMALL = 20
"""A share of fewer executions is hatched: it may be chance."""
FEWEST = 3
"""Fewer executions, or cases, are told in a sentence: there is no shape to see."""
MOST_ROWS = 60
_CELL = 17.5
"""Points of a cell's side."""
ASSUMED = " *"
"""The sign of a limit that the act does not give."""
_SECOND = 1_000_000
_SHADES = ((1.0, "#ffffff"), (0.99, "#d6e6f2"), (0.95, "#f7dfb0"), (0.8, "#efa98a"), (0.0, "#d9743f"))
"""Least share within the limit and its shade: words on each have a contrast of 7 to 1 and more."""


def log_charts(results: Results, texts: Texts) -> list[Chart]:
    """Return the charts of a judged log, or of each that cannot be drawn a sentence that says why."""
    return [ecdf_chart(results, texts), heat_chart(results, texts), day_chart(results, texts)]


def chart_tables(results: Results, texts: Texts) -> dict[str, list[tuple[str, ...]]]:
    """Return the numbers of the charts as rows of tables: of steps, and of the hours of the day."""
    found = results.charts
    if found is None:
        return {"hours": [], "day": []}
    steps: list[tuple[str, ...]] = [
        (
            f"{one.service} {one.step} · {path_name(results, one.path, texts)}",
            texts.say("of", part=sum(one.within), n=sum(one.n)),
            _worst_hour(one, texts),
        )
        for one in found.hours
    ]
    day = found.day
    drawn_day = day is not None and any(day.arrivals)
    return {"hours": steps, "day": _day_rows(day, texts) if day is not None and drawn_day else []}


def _day_rows(day: DayFigures, texts: Texts) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for hour in range(HOURS):
        quarters = day.waiting[4 * hour : 4 * hour + 4]
        waiting = study_words.mean(sum(quarters) / 4, texts) if quarters else study_words.NONE
        counts = (texts.number(n) for n in (day.arrivals[hour], day.arrival_days[hour]))
        rows.append((_hour(hour), *counts, waiting))
    return rows


def _worst_hour(one: StepHours, texts: Texts) -> str:
    hours = [hour for hour in range(HOURS) if one.n[hour]]
    worst = min(hours, key=lambda hour: (one.within[hour] / one.n[hour], -one.n[hour]))
    return f"{_hour(worst)}: {texts.say('of', part=one.within[worst], n=one.n[worst])}"


def ecdf_chart(results: Results, texts: Texts) -> Chart:
    """Draw how many executions of the worst step had ended after how long, and its limit."""
    worst = results.charts.worst if results.charts is not None else None
    if worst is None:
        return Chart(texts.say("chart.ecdf.name_nothing"), texts.say("chart.ecdf.nothing"), "")
    name = texts.say("chart.ecdf.name" if worst.within < worst.n else "chart.ecdf.name_kept")
    limit_us = worst.limit_s * _SECOND
    head, assumed = _ecdf_headline(results, worst, texts), _is_assumed(results, worst)
    if worst.n < FEWEST:
        return Chart(name, head, "")

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        times = [us / _SECOND for us, _ in worst.points]
        shares = [100 * upto / worst.n for _, upto in worst.points]
        end = _end(times, worst)
        beyond = sum(t > end for t in times)
        xs = [0.0, *(t for t in times if t <= end), end]
        ys = [0.0, *shares[: len(times) - beyond]]
        axes.step(xs, [*ys, ys[-1]], color=BLUE, linewidth=1.8)
        axes.axvline(worst.limit_s, color=BLACK, linewidth=1.8, linestyle="--" if assumed else "-")
        kept = 100 * worst.within / worst.n
        axes.plot([worst.limit_s], [kept], marker="o", markersize=6, color=BLUE, markerfacecolor="white")
        axes.x.limits = (0, end)
        axes.y.limits = (0, 104)
        said = texts.say(
            "chart.ecdf.at_limit",
            limit=texts.duration(limit_us),
            share=_percent(worst.within, worst.n, texts),
        )
        left = worst.limit_s > end / 2
        axes.text(
            worst.limit_s,
            6 if left else min(kept, 90) / 2,  # below the line, which rises to the limit
            said,
            shift=(-6 if left else 6, 0),
            ha="right" if left else "left",
            size=8.5,
            backed=True,
        )
        if beyond:
            axes.plot([end], [ys[-1]], marker=">", markersize=8, color=BLUE, clip_on=False)
        axes.grid = "x y"
        axes.x.label = texts.say("chart.axis")
        axes.y.label = texts.say("chart.ecdf.axis")
        for axis in (axes.x, axes.y):
            number_ticks(axis, texts)

    legend = texts.say("chart.ecdf.legend_beyond" if _cut(worst) else "chart.ecdf.legend")
    caption = run_caption(legend, texts.say("chart.executions", n=worst.n), results, texts)
    return Chart(name, head, drawn(Frame("ecdf", 1, 2.8, left=0.95), draw, caption))


def _ecdf_headline(results: Results, worst: StepTimes, texts: Texts) -> str:
    """Return how many kept the limit, and if the act does not give it, that nothing is shown by it."""
    limit_us = worst.limit_s * _SECOND
    head = texts.say(
        "chart.ecdf.late" if worst.within < worst.n else "chart.ecdf.kept",
        n=worst.n,
        late=worst.n - worst.within,
        step=_step_name(results, worst, texts),
        limit=texts.duration(limit_us),
        share=_percent(worst.within, worst.n, texts),
        max=texts.duration(worst.points[-1][0], limit_us),
    )
    return head + (" " + texts.say("chart.ecdf.assumed") if _is_assumed(results, worst) else "")


def heat_chart(results: Results, texts: Texts) -> Chart:
    """Draw the share within the limit of every step in every hour, with a sign where it rests on few."""
    name = texts.say("chart.heat.name")
    found = results.charts
    if found is None or not found.hours or found.day is None:
        return Chart(name, texts.say("chart.heat.nothing"), "")
    rows = sorted(
        found.hours, key=lambda one: (sum(one.within) / sum(one.n), one.service, one.path, one.step)
    )
    shown = sorted(rows[:MOST_ROWS], key=place_of)
    head = _heat_headline(results, rows, texts)
    if all(n < SMALL for one in rows for n in one.n):
        return Chart(name, head, "")

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        axes.x.limits = (0, HOURS)
        axes.y.limits = (len(shown), 0)
        axes.y.set_ticks([])
        axes.frame = ""
        axes.x.set_ticks([hour + 0.5 for hour in range(HOURS)], [f"{hour:02d}" for hour in range(HOURS)])
        axes.x.label = texts.say("chart.heat.axis", zone=found.day.zone if found.day is not None else "")
        for y, one in enumerate(shown):
            _heat_name(axes, y, one, results, texts)
        _heat_cells(axes, shown, texts)

    legend = texts.say("chart.heat.legend", small=SMALL)
    if any(_is_assumed(results, one) for one in shown):
        legend += " · " + texts.say("chart.heat.legend_assumed", sign=ASSUMED.strip())
    caption = run_caption(
        legend,
        texts.say("chart.executions", n=sum(sum(one.n) for one in rows)),
        results,
        texts,
    )
    if len(rows) > MOST_ROWS:
        caption = (*caption, texts.say("more", n=len(rows) - MOST_ROWS))
    frame = Frame("heat", 1, ROW * len(shown), left=3.5, right=1.2)
    return Chart(name, head, drawn(frame, draw, caption))


def day_chart(results: Results, texts: Texts) -> Chart:
    """Draw when cases arrive, and how many steps wait to be begun, over the hours of the day."""
    name = texts.say("chart.day.name")
    day = results.charts.day if results.charts is not None else None
    if day is None or not any(day.arrivals):
        return Chart(name, texts.say("chart.day.nothing"), "")
    rates = [n / days if days else 0.0 for n, days in zip(day.arrivals, day.arrival_days, strict=True)]
    peak = max(range(HOURS), key=lambda hour: rates[hour])
    head = texts.say("chart.day.arrivals_head", time=_hour(peak), n=study_words.mean(rates[peak], texts))
    head += " " + _queue_headline(day, texts)
    if sum(day.arrivals) < FEWEST:
        return Chart(name, head, "")
    panels = 2 if any(day.waiting) else 1

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        axes.bar(range(HOURS), rates, width=1.0, color=GREEN, alpha=0.5, edgecolor="white")
        axes.title = texts.say("chart.day.arrivals")
        if panels == 2:
            xs = [quarter / 4 for quarter in range(len(day.waiting) + 1)]
            ys = [*day.waiting, day.waiting[-1]]
            boxes[1].fill_steps(xs, ys, color=BLUE, alpha=0.22, linewidth=0)
            boxes[1].step(xs, ys, color=BLUE, linewidth=1.5)
            boxes[1].title = texts.say("chart.day.waiting")
        for box in boxes:
            for hour, days in enumerate(day.arrival_days):
                if not days:
                    box.axvspan(hour, hour + 1, facecolor="none", edgecolor=LIGHT, hatch="///", linewidth=0)
            box.x.pad = 7
            box.x.limits = (0, HOURS)
            box.y.limits = (0, None)
            box.x.set_ticks(range(0, HOURS + 1, 3), [_hour(hour) for hour in range(0, HOURS + 1, 3)])
            box.grid = "y"
            number_ticks(box.y, texts)

    legend = texts.say("chart.day.legend", zone=day.zone)
    days = texts.say("chart.day.days", n=day.days)
    caption = run_caption(legend, days, results, texts)
    return Chart(name, head, drawn(Frame("day", panels, 1.6, gap=0.55), draw, caption))


def _heat_headline(results: Results, rows: list[StepHours], texts: Texts) -> str:
    """Return which cell is worst; of those with few executions none speaks."""
    cells = [(one, hour) for one in rows for hour in range(HOURS) if one.n[hour] >= SMALL]
    late = [(one, hour) for one, hour in cells if one.within[hour] < one.n[hour]]
    if not cells:
        return texts.say("chart.heat.few", small=SMALL)
    if not late:
        return texts.say("chart.heat.kept", n=len(cells), small=SMALL)
    worst, hour = min(late, key=lambda cell: cell[0].within[cell[1]] / cell[0].n[cell[1]])
    share = _percent(worst.within[hour], worst.n[hour], texts)
    place = f"{worst.service} {worst.step}, {path_name(results, worst.path, texts)}"
    said = texts.say(
        "chart.heat.worst", place=one_line(place), time=_hour(hour), share=share, n=worst.n[hour]
    )
    return said + (" " + texts.say("chart.ecdf.assumed") if _is_assumed(results, worst) else "")


def _heat_cells(axes: Panel, rows: list[StepHours], texts: Texts) -> None:
    """Draw the cells, each kind at once: shaded by share, hatched where few, a dot for none."""
    shaded: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    empty = []
    for y, one in enumerate(rows):
        for hour, (n, within) in enumerate(zip(one.n, one.within, strict=True)):
            place = (hour + 0.5, y + 0.5)
            if not n:
                empty.append(place)
                continue
            shade = next(colour for least, colour in _SHADES if within / n >= least)
            shaded.setdefault((shade, n < SMALL), []).append(place)
            if n < SMALL or within < n:  # a white cell without a number: all of many
                said = texts.number(n) if n < SMALL else str(100 * within // n)
                axes.text(*place, said, ha="center", va="center", size=7)
    for (shade, few), places in sorted(shaded.items()):
        box: Any = {"s": _CELL**2, "marker": "s", "color": shade, "linewidth": 0.5}
        axes.scatter(*zip(*places, strict=True), **box, edgecolor=GREY)
        if few:
            hatched: Any = {
                "s": _CELL**2,
                "marker": "s",
                "facecolor": "none",
                "hatch": "////",
                "linewidth": 0,
            }
            axes.scatter(*zip(*places, strict=True), **hatched, edgecolor="#b5b5b5")
    if empty:
        axes.plot(*zip(*empty, strict=True), marker=".", markersize=1.6, linestyle="none", color=GREY)


def _heat_name(axes: Panel, y: int, one: StepHours, results: Results, texts: Texts) -> None:
    name = f"{one.service} {one.step}  {_action(results, one, texts)}"
    beside: Any = {"va": "center", "size": 8, "where": Where.BESIDE}
    axes.text(-0.008, y + 0.5, shorten(one_line(name), 44), ha="right", **beside)
    whole = _percent(sum(one.within), sum(one.n), texts) + (ASSUMED if _is_assumed(results, one) else "")
    axes.text(1.01, y + 0.5, whole, **beside)


def _queue_headline(day: DayFigures, texts: Texts) -> str:
    if not day.waiting_rows:
        return texts.say("chart.day.waiting_unknown")
    if not any(day.waiting):
        return texts.say("chart.day.waiting_none")
    peak = max(range(len(day.waiting)), key=lambda quarter: day.waiting[quarter])
    time = f"{peak // 4:02d}:{peak % 4 * 15:02d}"
    return texts.say("chart.day.waiting_head", time=time, n=study_words.mean(day.waiting[peak], texts))


def _step_name(results: Results, one: StepHours | StepTimes, texts: Texts) -> str:
    action = shorten(_action(results, one, texts), 300)
    return (
        one_line(f"{one.service} {one.step} ({action})") if action else one_line(f"{one.service} {one.step}")
    )


def _action(results: Results, one: StepHours | StepTimes, texts: Texts) -> str:
    found = step_at(results, (one.service, one.path, one.step))
    return one_line(found.action.in_language(texts.language)) if found is not None else ""


def _is_assumed(results: Results, one: StepHours | StepTimes) -> bool:
    """Tell whether the act gives the limit of a step: one that it does not give is never shown to be kept."""
    found = step_at(results, (one.service, one.path, one.step))
    own = next((n for n in results.norms if found is not None and n.id == found.norm), None)
    return own is not None and own.status in {"assumed", "unknown"}


def _end(times: list[float], worst: StepTimes) -> float:
    """Return the end of the axis: what lies far beyond the limit must not flatten the rest."""
    return max(min(times[-1], 3.0 * worst.limit_s or times[-1]), worst.limit_s, 0.001) * 1.06


def _cut(worst: StepTimes) -> bool:
    times = [us / _SECOND for us, _ in worst.points]
    return times[-1] > _end(times, worst)


def _percent(part: int, n: int, texts: Texts) -> str:
    """Return a share in per cent; one that is not all never reads as all."""
    return study_words.percent(part / n, texts)


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"

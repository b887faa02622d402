"""Draw rates with their intervals against the target, and funnels instead of rankings, as SVG."""

from conformance.indicators.funnel import funnel_limits
from conformance.indicators.indicator_results import Funnel, Indicators, Rate
from conformance.results import Results
from reports import indicator_words as words
from reports.canvas import ROW, Frame, drawn, name_row, number_ticks, rows_frame, run_caption
from reports.characters import one_line, shorten
from reports.colours import BLACK, BLUE, GREY, ORANGE, VERMILLION
from reports.overview import path_name
from reports.panel import Panel
from reports.texts import Texts

_COLOURS = {"met": BLUE, "not_met": VERMILLION, "not_shown": ORANGE}
_SHAPES = {"met": "o", "not_met": "X", "not_shown": "D"}
_CURVE = 60
"""How many sizes the limits of a funnel are drawn at."""
MOST_ROWS = 40


def rates_chart(results: Results, texts: Texts) -> str:
    """Return an SVG of every rate that has an interval; an empty string if none has."""
    found = results.indicators
    rows = _rows(results, found, texts) if found else []
    if found is None or not rows:
        return ""

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(rows), 100)
        axes.x.label = texts.say("ind.chart.axis")
        number_ticks(axes.x, texts)
        for y, (label, rate) in enumerate(rows):
            _draw_rate(axes, y, label, rate, texts)

    caption = _caption(texts.say("ind.chart.legend"), results, texts)
    return drawn(Frame("indicators", 1, ROW * len(rows), left=3.9, right=2.6), draw, caption)


def funnel_headline(funnel: Funnel, texts: Texts) -> str:
    """Return what the funnel shows, as a sentence computed from it."""
    outside = sum(point.place != "inside" for point in funnel.points)
    centre = words.percent(funnel.centre, texts)
    if outside:
        return texts.say("ind.funnel.outside", outside=outside, n=len(funnel.points), centre=centre)
    return texts.say("ind.funnel.inside", n=len(funnel.points), centre=centre)


def funnel_chart(results: Results, funnel: Funnel, texts: Texts) -> str:
    """Return an SVG: units by size and share, the centre, and the limits of chance."""
    most = max(point.n for point in funnel.points)

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        _draw_limits(axes, most, funnel.centre)
        for point in funnel.points:
            colour = BLUE if point.place == "inside" else VERMILLION
            shape = "o" if point.place == "inside" else "X"
            axes.plot([point.n], [100 * point.good / point.n], marker=shape, color=colour, linestyle="none")
        _name_points(axes, results, funnel, texts)
        axes.x.limits = (0, most * 1.08)
        lowest = min(
            [100 * p.good / p.n for p in funnel.points] + [100 * p.low_998 / p.n for p in funnel.points]
        )
        axes.y.limits = (max(0.0, lowest - 6), 104)
        axes.x.label = texts.say("ind.funnel.axis_n")
        axes.y.label = texts.say("ind.chart.axis")
        for axis in (axes.x, axes.y):
            number_ticks(axis, texts)

    caption = _caption(texts.say("ind.funnel.legend"), results, texts)
    return drawn(Frame(f"funnel-{funnel.measure}", 1, 2.9, right=0.95), draw, caption)


def _rows(results: Results, found: Indicators, texts: Texts) -> list[tuple[str, Rate]]:
    rows = []
    for figure in found.rates:
        if figure.rate.low is not None:
            place = [figure.service, figure.path and path_name(results, figure.path, texts)]
            where = " · ".join(part for part in place if part) or texts.say("ind.all")
            rows.append((f"{texts.word('ind.measure', figure.measure)} · {where}", figure.rate))
    for d in found.survey.distributions if found.survey else ():
        if d.strict.low is not None:
            who = d.service or texts.say("ind.all")
            rows.append((f"{texts.word('ind.measure', 'satisfaction')} · {d.question} · {who}", d.strict))
    return rows[:MOST_ROWS]


def _draw_rate(axes: Panel, y: int, label: str, rate: Rate, texts: Texts) -> None:
    low, share, high = (100 * (value or 0.0) for value in (rate.low, rate.share, rate.high))
    colour = _COLOURS.get(rate.standing, GREY)
    axes.plot([low, high], [y, y], color=colour, linewidth=2.2, solid_capstyle="butt")
    shape = _SHAPES.get(rate.standing, "s")
    axes.plot([share], [y], marker=shape, markersize=6, color=colour, clip_on=False, zorder=3)
    if rate.target is not None:
        axes.plot([rate.target] * 2, [y - 0.42, y + 0.42], color=BLACK, linewidth=1.8)
    said = f"{words.share_of(rate, texts)}: {texts.word('ind.standing', rate.standing)}"
    name_row(axes, y, label, said, 58)


def _draw_limits(axes: Panel, most: int, centre: float) -> None:
    sizes = sorted({max(1, round(most * 1.08 * i / _CURVE)) for i in range(1, _CURVE + 1)})
    limits = [funnel_limits(n, centre) for n in sizes]
    for low, high, style in (("low_95", "high_95", "--"), ("low_998", "high_998", "-")):
        for name in (low, high):
            shares = [100 * getattr(limit, name) / limit.n for limit in limits]
            axes.plot(sizes, shares, color=GREY, linewidth=0.9, linestyle=style)
    axes.axhline(100 * centre, color=BLACK, linewidth=1.4)


def _name_points(axes: Panel, results: Results, funnel: Funnel, texts: Texts) -> None:
    """Name the points, above and below in turn; those that stand in one place share a label."""
    places: dict[tuple[int, int], dict[str, list[str]]] = {}
    for point in funnel.points:
        service, _, path = point.unit.partition(" ")
        places.setdefault((point.n, point.good), {}).setdefault(path, []).append(service)
    most = max(n for n, _ in places)
    ordered = sorted(places)
    for i, (n, good) in enumerate(ordered):
        by_path = places[n, good]
        near = [g / m for m, g in ordered if m != n and abs(m - n) < most / 4]
        below = i % 2 == 1 if not near or good / n in near else good / n < max(near)
        named = (f"{', '.join(ids)} · {path_name(results, path, texts)}" for path, ids in by_path.items())
        axes.text(
            n,
            100 * good / n,
            shorten(one_line("; ".join(named)), 60),
            shift=(0, -14 if below else 7),
            ha="left" if n < most / 2 else "right",
            size=7.5,
        )


def _caption(legend: str, results: Results, texts: Texts) -> tuple[str, ...]:
    cases = texts.say("header.cases", n=results.summary.cases)
    return run_caption(legend, cases, results, texts)

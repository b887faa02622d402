"""Draw two runs beside each other as SVG: per step its 95th percentile before and after, and its limit."""

from conformance.comparison_results import Comparison, Gap, Pair, Row, Side
from reports import compare_words as words
from reports import study_words
from reports.canvas import ROW, Chart, Frame, drawn, name_row, number_ticks, rows_frame
from reports.colours import BLACK, BLUE, GREY, VERMILLION
from reports.panel import Panel
from reports.texts import Texts

MOST_ROWS = 40
_MOST_OVER = 4.0
"""So many times the limit is the end of the axis at most: what lies beyond must not flatten the rest."""
_COLOURS = {"worse": VERMILLION, "better": BLUE}
_SHAPES = {"worse": "D", "better": "s"}


def steps_chart(comparison: Comparison, pair: Pair, texts: Texts) -> Chart:
    """Draw the steps that have a limit and times in both runs; a sentence alone where there is none."""
    name = texts.say("compare.chart.name")
    rows = [row for row in pair.rows if _times(row) is not None]
    if not rows:
        return Chart(name, texts.say("compare.chart.nothing"), "")
    headline = _headline(comparison, pair, rows, texts)
    shown = rows[:MOST_ROWS]
    highest = max(max(_over(side, side.p95_s), _over(side, side.p95_high_s)) for side in _sides(shown))
    end = 100 * min(max(highest, 1.0), _MOST_OVER) * 1.04

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(shown), end)
        axes.x.label = texts.say("study.chart.steps_axis")
        number_ticks(axes.x, texts)
        axes.axvline(100, color=BLACK, linewidth=1.8)
        for y, row in enumerate(shown):
            _draw(axes, y, row, texts)

    runs = [comparison.runs[i] for i in (pair.before, pair.after)]
    seeds = dict.fromkeys(str(run.seed) for run in runs if run.seed is not None)
    caption = [
        texts.say("compare.chart.legend", before=runs[0].label, after=runs[1].label),
        texts.say(
            "compare.change",
            before=texts.say("header.cases", n=runs[0].cases),
            after=texts.say("header.cases", n=runs[1].cases),
        ),
        texts.say("header.seed", seed=", ".join(seeds)) if seeds else "",
        " / ".join(dict.fromkeys(texts.word("origin", run.origin) for run in runs)),
    ]
    if len(rows) > MOST_ROWS:
        caption.append(texts.say("more", n=len(rows) - MOST_ROWS))
    frame = Frame(f"compare-{pair.before}-{pair.after}", 1, ROW * len(shown), left=4.0, right=3.2)
    return Chart(name, headline, drawn(frame, draw, tuple(caption)))


def _headline(comparison: Comparison, pair: Pair, rows: list[Row], texts: Texts) -> str:
    slower = [row for row in rows if _standing(row) == "worse"]
    faster = [row for row in rows if _standing(row) == "better"]
    label = comparison.runs[pair.after].label
    said = texts.say("compare.chart.head", n=len(rows), slower=len(slower), faster=len(faster), after=label)
    if not slower:
        return said
    worst = max(slower, key=_moved)
    gap = _times(worst)
    change = words.gap_text(worst, gap, texts) if gap is not None else ""
    return f"{said} {texts.say('compare.chart.worst', name=worst.id, change=change)}"


def _draw(axes: Panel, y: int, row: Row, texts: Texts) -> None:
    before, after = row.before, row.after
    if before is None or after is None:
        return
    end = axes.x.end
    standing = _standing(row)
    colour = _COLOURS.get(standing, GREY)
    xs = [min(100 * _over(side, side.p95_s), end) for side in (before, after)]
    axes.plot(xs, [y, y], color=colour, linewidth=2.4, alpha=0.55, solid_capstyle="butt")
    for side, x, dy in ((before, xs[0], -0.17), (after, xs[1], 0.17)):
        if side.p95_low_s is not None and side.p95_high_s is not None:
            ends = [min(100 * _over(side, bound), end) for bound in (side.p95_low_s, side.p95_high_s)]
            axes.plot(ends, [y + dy, y + dy], color=GREY if dy < 0 else colour, linewidth=1.2)
        if 100 * _over(side, side.p95_s) > end:
            axes.plot([x], [y], marker=">", markersize=8, color=colour, clip_on=False, zorder=4)
    axes.plot([xs[0]], [y], marker="o", markersize=5.5, markerfacecolor="white", color=GREY, zorder=3)
    axes.plot([xs[1]], [y], marker=_SHAPES.get(standing, "o"), markersize=5.5, color=colour, zorder=3)
    gap = _times(row)
    said = words.both_figures(row, gap, texts) if gap is not None else ""
    word = texts.word("compare.time", standing)
    limit = study_words.seconds(after.limit_s, texts)
    title = row.title.in_language(texts.language) if row.title is not None else ""
    point = f" ({row.point})" if row.point is not None else ""
    name_row(axes, y, f"{row.id}{point}  {title}", f"{word}: {texts.say('chart.row', max=said, limit=limit)}")


def _times(row: Row) -> Gap | None:
    """Return the difference of the percentiles of a row with a limit in both runs."""
    if row.kind not in {"norm", "step"} or any(
        side is None or not side.limit_s for side in (row.before, row.after)
    ):
        return None
    return next((gap for gap in row.gaps if gap.what == "p95_s"), None)


def _standing(row: Row) -> str:
    gap = _times(row)
    return gap.standing if gap is not None else "untested"


def _moved(row: Row) -> float:
    gap = _times(row)
    limit = row.after.limit_s if row.after is not None else None
    return gap.value / limit if gap is not None and limit else 0.0


def _sides(rows: list[Row]) -> list[Side]:
    return [side for row in rows for side in (row.before, row.after) if side is not None]


def _over(side: Side, value_s: float | None) -> float:
    return (value_s or 0.0) / side.limit_s if side.limit_s else 0.0

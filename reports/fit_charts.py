"""Draw how good a fit is: the quantiles of each law against the measured ones, and the arrivals of a day."""

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from conformance.fit_results import ArrivalFit, FitResults, TimeFit
from reports.characters import one_line, shorten
from reports.colours import BLACK, BLUE, GREY, LIGHT, ORANGE
from reports.fit_text import figure
from reports.texts import Texts

ARRIVALS_CHART, QUANTILES_CHART = "fit-arrivals.svg", "fit-quantiles.svg"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reglament-fit",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 9.0,
    "text.parse_math": False,
    "text.color": BLACK,
    "axes.unicode_minus": True,
}
ACROSS = 4
MOST_STREAMS = 16

_PANEL_WIDTH, _PANEL_HEIGHT, _TOP = 2.85, 2.6, 0.5


def fit_charts(results: FitResults, texts: Texts) -> dict[str, bytes]:
    """Return the charts of a fit by file name; none where there is nothing to draw."""
    charts = {QUANTILES_CHART: quantile_chart(results, texts), ARRIVALS_CHART: arrivals_chart(results, texts)}
    return {name: chart.encode() for name, chart in charts.items() if chart}


def quantile_chart(results: FitResults, texts: Texts) -> str:
    """Return an SVG: for each fitted time, and the gaps between arrivals, measured against fitted quantiles.

    Points on the line are as the law has them. An empty string if nothing was fitted. The same results give
    the same bytes.
    """
    panels: list[TimeFit | ArrivalFit] = [one for one in results.times if one.quantiles]
    panels += [one for one in results.arrivals[:MOST_STREAMS] if one.quantiles]
    if not panels:
        return ""

    def draw(axes: Any, panel: TimeFit | ArrivalFit) -> None:
        if isinstance(panel, TimeFit):
            title = " ".join(filter(None, [panel.name, texts.word("fit_family", panel.family or "")]))
            ks, p = panel.ks, panel.p
            names = (texts.say("fit.chart_x"), texts.say("fit.chart_y"))
        else:
            title, ks, p = panel.id, panel.gaps_ks, panel.gaps_p
            names = (texts.say("fit.chart_gaps"), "")
        _draw_quantiles(axes, panel.quantiles, good=p is None or p >= 0.05)
        _title(axes, title, "" if ks is None or p is None else _distance(ks, p, texts))
        axes.set_xlabel(_in_two_lines(names[0]), size=7)
        axes.set_ylabel(names[1], size=7)

    return _panels(panels, draw, (texts.say("fit.chart"), texts.say("fit.chart_legend")), texts)


def arrivals_chart(results: FitResults, texts: Texts) -> str:
    """Return an SVG: for each stream the arrivals counted in each half hour, and the profile as a line."""
    panels = list(results.arrivals[:MOST_STREAMS])

    def draw(axes: Any, one: ArrivalFit) -> None:
        hours = [at / 2 for at in range(len(one.counted))]
        per_day = [n / one.days for n in one.counted]
        axes.bar(hours, per_day, width=0.5, align="edge", color=BLUE, alpha=0.4, linewidth=0)
        axes.stairs(_fitted_by_cell(one), [*hours, 24.0], color=BLACK, linewidth=1.4, baseline=None)
        axes.set_xlim(0, 24)
        axes.set_xticks([0, 6, 12, 18, 24])
        axes.set_ylim(0)
        rate = texts.say(
            "fit.per_day",
            rate=figure(one.per_day, texts),
            low=figure(one.low, texts),
            high=figure(one.high, texts),
        )
        _title(axes, one.id, rate)
        axes.set_xlabel(texts.say("fit.chart_hour"), size=7)
        axes.set_ylabel(texts.say("fit.chart_count"), size=7)

    return _panels(panels, draw, (texts.say("fit.chart_day"), ""), texts) if panels else ""


def _fitted_by_cell(one: ArrivalFit) -> list[float]:
    """Return the arrivals that the profile expects in each half hour of a mean day of the log."""
    starts = [2 * int(text[:2]) + int(text[3:]) // 30 for text, _ in one.profile]
    ends = [*starts[1:], len(one.counted)]
    weights = [
        weight
        for (_, weight), start, end in zip(one.profile, starts, ends, strict=True)
        for _ in range(end - start)
    ]
    mean = one.cases / one.days / max(sum(weights), 1e-9)
    return [weight * mean for weight in weights]


def _draw_quantiles(axes: Any, pairs: tuple[tuple[float, float], ...], *, good: bool) -> None:
    fitted, measured = ([pair[side] for pair in pairs] for side in (0, 1))
    low, high = min(*fitted, *measured), max(*fitted, *measured)
    reach = 0.05 * (high - low) or max(abs(high), 1e-3) * 0.05
    ends = (low - reach, high + reach)
    axes.plot(ends, ends, color=GREY, linewidth=0.9)
    axes.plot(
        fitted,
        measured,
        linestyle="none",
        marker="o" if good else "D",
        markersize=3.2,
        color=BLUE if good else ORANGE,
        alpha=0.8,
    )
    axes.set_xlim(ends)
    axes.set_ylim(ends)
    axes.locator_params(nbins=5)


def _distance(ks: float, p: float, texts: Texts) -> str:
    return texts.say("fit.ks", ks=figure(ks, texts), p=figure(p, texts))


def _title(axes: Any, title: str, below: str) -> None:
    axes.set_title(f"{shorten(one_line(title), 34)}\n{one_line(below)}", size=8, loc="left", linespacing=1.35)


def _in_two_lines(text: str) -> str:
    at = text.rfind(" ", 0, 44)
    return text if len(text) <= 44 or at < 0 else f"{text[:at]}\n{text[at + 1 :]}"


def _panels(panels: list[Any], draw: Any, words: tuple[str, str], texts: Texts) -> str:
    """Return an SVG of small charts in rows, each drawn by *draw*, under two lines of *words*."""
    from matplotlib import rc_context  # noqa: PLC0415 - half a second, only where a chart is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - same
    from matplotlib.figure import Figure  # noqa: PLC0415 - same
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - same

    def written(value: float, place: int) -> str:
        del place
        return f"{value:g}".replace(".", texts.decimal_sign)

    rows = math.ceil(len(panels) / ACROSS)
    width, height = ACROSS * _PANEL_WIDTH, rows * _PANEL_HEIGHT + _TOP
    with rc_context(_STYLE), _missing_glyphs_allowed():
        whole = Figure(figsize=(width, height))
        for number, panel in enumerate(panels):
            row, column = divmod(number, ACROSS)
            bottom = height - _TOP - (row + 1) * _PANEL_HEIGHT + 0.55
            box = (
                (column * _PANEL_WIDTH + 0.62) / width,
                bottom / height,
                (_PANEL_WIDTH - 0.82) / width,
                (_PANEL_HEIGHT - 1.0) / height,
            )
            axes = whole.add_axes(box)
            axes.spines[["top", "right"]].set_visible(False)
            axes.spines[["left", "bottom"]].set_color(GREY)
            axes.grid(color=LIGHT, linewidth=0.6)
            axes.set_axisbelow(True)
            axes.tick_params(length=0, labelsize=7, labelcolor=BLACK)
            draw(axes, panel)
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(FuncFormatter(written))
        whole.text(0.012, 1 - 0.12 / height, words[0], va="top", size=10.5, weight="bold")
        whole.text(0.012, 1 - 0.34 / height, words[1], va="top", size=8)
        out = io.StringIO()
        canvas: Any = FigureCanvasSVG(whole)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


@contextmanager
def _missing_glyphs_allowed() -> Iterator[None]:
    """Keep quiet about letters that the measuring font lacks: they stay text for the reader's font."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield

"""What the charts of a load study share: a figure with headline and caption, axes of hours, bands."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from conformance.study_figures import Curve
from conformance.study_results import StudyResults
from reports import study_words as words
from reports.characters import flow, one_line, shorten
from reports.charts import STYLE, missing_glyphs_allowed
from reports.texts import Texts

BLACK, GREY, LIGHT, FIELD = "#1a1a1a", "#767676", "#e4e4e4", "#ececec"
BLUE, ORANGE, VERMILLION, GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"  # Okabe-Ito
WIDTH = 11.4
_TOP, _BOTTOM = 0.7, 0.75
_HOUR = 3600.0
_TICKS_H = (1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 720)
_MOST_TICKS = 13


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart has room: *count* axes above one another, each so many inches high, and its margins.

    *name* tells charts of one page apart.
    """

    name: str
    count: int
    each: float
    left: float = 0.75
    right: float = 0.4


@dataclass(frozen=True, slots=True)
class Words:
    """What stands above and below a chart."""

    headline: str
    legend: str


def chart(
    frame: Frame, draw: Callable[[list[Any]], None], said: Words, results: StudyResults, texts: Texts
) -> str:
    """Return an SVG whose axes are filled by *draw*; the same arguments give the same bytes."""
    from matplotlib import rc_context  # noqa: PLC0415 - half a second, only where a chart is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - same
    from matplotlib.figure import Figure  # noqa: PLC0415 - same

    gap = 0.35
    height = _TOP + _BOTTOM + frame.count * frame.each + (frame.count - 1) * gap
    out = io.StringIO()
    with rc_context({**STYLE, "svg.hashsalt": f"reglament-study-{frame.name}"}), missing_glyphs_allowed():
        figure = Figure(figsize=(WIDTH, height))
        all_axes = []
        for index in range(frame.count):
            bottom = _BOTTOM + (frame.count - 1 - index) * (frame.each + gap)
            wide = (WIDTH - frame.left - frame.right) / WIDTH
            box = (frame.left / WIDTH, bottom / height, wide, frame.each / height)
            all_axes.append(figure.add_axes(box))
        for axes in all_axes:
            axes.spines[["top", "right"]].set_visible(False)
            axes.spines[["left", "bottom"]].set_color(GREY)
            axes.tick_params(length=0, labelcolor=BLACK)
            axes.set_axisbelow(True)
        draw(all_axes)
        _words(figure, said, results, texts)
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def band(axes: Any, xs: Sequence[float], curve: Curve, colour: str) -> None:
    """Draw a curve with its interval as a band."""
    if curve.low and curve.high:
        axes.fill_between(xs, curve.low, curve.high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(xs, curve.mean, color=colour, linewidth=1.5)


def hours(step_us: int, count: int) -> list[float]:
    """Return the moments of a grid in hours since its beginning."""
    return [i * step_us / 1e6 / _HOUR for i in range(count)]


def hour_ticks(axes: Any, from_us: int, span_h: float, results: StudyResults, texts: Texts) -> None:
    """Name whole local hours, or days in a longer run, along the lower edge; *span_h* is the length."""
    zone, _ = words.zone_of(results)
    first = datetime.fromtimestamp(from_us / 1e6, UTC).astimezone(zone)
    fit = (n for n in _TICKS_H if span_h / n < _MOST_TICKS and (n % 24 == 0 or span_h <= 48))
    each = next(fit, _TICKS_H[-1])
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = (first - midnight).total_seconds() / _HOUR
    at = -(-offset // each) * each
    places, names = [], []
    while at - offset <= span_h + 1e-9:
        moment_us = from_us + round((at - offset) * _HOUR) * 1_000_000
        places.append(at - offset)
        local = datetime.fromtimestamp(moment_us / 1e6, UTC).astimezone(zone)
        long = span_h > 48
        names.append(
            f"{local:%m-%d}" if long and texts.language == "en" else f"{local:{'%d.%m' if long else '%H:%M'}}"
        )
        at += each
    axes.set_xticks(places, names)
    axes.set_xlim(0, max(span_h, 1e-9))


def number_ticks(axes: Any, texts: Texts, *, upright: bool) -> None:
    """Write the numbers of an axis as the language does."""
    low, high = axes.get_ylim() if upright else axes.get_xlim()
    ticks = axes.get_yticks() if upright else axes.get_xticks()
    kept = [float(tick) for tick in ticks if low <= tick <= high]
    named = [words.plain(round(tick, 9), texts) for tick in kept]
    if upright:
        axes.set_yticks(kept, named)
    else:
        axes.set_xticks(kept, named)


def local_time(us: int, results: StudyResults, texts: Texts, *, with_day: bool) -> str:
    """Return a moment of the run as its clock shows it."""
    zone, _ = words.zone_of(results)
    return words.moment(us, zone, with_day=with_day, language=texts.language)


def _words(figure: Any, said: Words, results: StudyResults, texts: Texts) -> None:
    height = figure.get_figheight()
    lines = flow([one_line(said.headline)], 112)
    above = "\n".join(lines if len(lines) < 3 else [lines[0], shorten(" ".join(lines[1:]), 112)])
    figure.text(0.012, 1 - 0.12 / height, above, va="top", size=10.5, weight="bold", linespacing=1.3)
    parts = [
        said.legend,
        texts.say("study.replications", n=results.replications),
        texts.say("header.seed", seed=str(results.seed)),
        texts.say("study.simulated"),
    ]
    caption = flow([one_line(part) for part in parts if part], 165, gap="  ·  ")
    figure.text(0.012, 0.1 / height, "\n".join(caption), size=7.5, color="#4d4d4d", linespacing=1.3)

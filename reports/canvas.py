"""What all charts share: a figure with its sample below, colours, words beside marks.

The finding stands above the picture as text of the page, where it wraps in a narrow window and is read aloud.
Text stays text, the same arguments give the same bytes, colours are those of Okabe and Ito for marks alone:
words are near-black, and beside each colour stands a second sign.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from conformance.results import Results
from reports.characters import flow, one_line, shorten
from reports.texts import Texts

BLACK, GREY, LIGHT, FIELD = "#1a1a1a", "#767676", "#e4e4e4", "#ececec"
BLUE, ORANGE, VERMILLION, GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"  # Okabe-Ito
WIDTH = 11.4
ROW = 0.30
"""Inches of one row of a chart that has a row for each thing."""
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reglament",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 9.0,
    "text.parse_math": False,
    "text.color": BLACK,
    "axes.unicode_minus": True,
}
_TOP, _BOTTOM = 0.3, 0.75
_LINE = 0.165
"""Inches of one more line of the caption."""
_CAPTION_INK = "#4d4d4d"


class Chart(NamedTuple):
    """A chart: its name, what it shows as a sentence, and the SVG; no SVG if there is nothing to draw."""

    name: str
    headline: str
    svg: str


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
    gap: float = 0.35


def run_caption(legend: str, sample: str, results: Results, texts: Texts) -> tuple[str, ...]:
    """Return what stands below a chart of a judged run: signs, sample, seed and origin."""
    run = results.provenance
    seed = texts.say("header.seed", seed=str(run.seed)) if run.seed is not None else ""
    return (legend, sample, seed, texts.word("origin", run.origin))


def drawn(frame: Frame, draw: Callable[[list[Any]], None], caption: tuple[str, ...]) -> str:
    """Return an SVG: axes filled by *draw*, *caption* below; the same arguments give the same bytes."""
    from matplotlib import rc_context  # noqa: PLC0415 - half a second, only where a chart is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - same
    from matplotlib.figure import Figure  # noqa: PLC0415 - same

    below_all = flow([one_line(part) for part in caption if part], 165, gap="  ·  ")
    bottom = _BOTTOM + _LINE * (len(below_all) - 1)
    height = _TOP + bottom + frame.count * frame.each + (frame.count - 1) * frame.gap
    out = io.StringIO()
    with rc_context({**STYLE, "svg.hashsalt": f"reglament-{frame.name}"}), missing_glyphs_allowed():
        figure = Figure(figsize=(WIDTH, height))
        all_axes = []
        for index in range(frame.count):
            below = bottom + (frame.count - 1 - index) * (frame.each + frame.gap)
            wide = (WIDTH - frame.left - frame.right) / WIDTH
            box = (frame.left / WIDTH, below / height, wide, frame.each / height)
            all_axes.append(figure.add_axes(box))
        for axes in all_axes:
            axes.spines[["top", "right"]].set_visible(False)
            axes.spines[["left", "bottom"]].set_color(GREY)
            axes.tick_params(length=0, labelcolor=BLACK)
            axes.set_axisbelow(True)
        draw(all_axes)
        figure.text(0.012, 0.1 / height, "\n".join(below_all), size=7.5, color=_CAPTION_INK, linespacing=1.3)
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def rows_frame(axes: Any, rows: int, end: float, start: float = 0.0) -> None:
    """Make room for *rows* rows from above to below, along an axis from *start* to *end*."""
    axes.set_xlim(start, end)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=LIGHT, linewidth=0.6)


def name_row(axes: Any, y: float, name: str, said: str, widest: int = 54) -> None:
    """Write what a row is of to its left, and what it says to its right."""
    beside = axes.get_yaxis_transform()
    axes.text(-0.012, y, shorten(one_line(name), widest), ha="right", va="center", size=8, transform=beside)
    axes.text(1.03, y, said, va="center", size=8, transform=beside)


def number_ticks(axes: Any, texts: Texts, *, upright: bool) -> None:
    """Write the numbers of an axis as the language does."""
    low, high = axes.get_ylim() if upright else axes.get_xlim()
    ticks = axes.get_yticks() if upright else axes.get_xticks()
    kept = [float(tick) for tick in ticks if low <= tick <= high]
    named = [_number(round(tick, 9), texts) for tick in kept]
    if upright:
        axes.set_yticks(kept, named)
    else:
        axes.set_xticks(kept, named)


def _number(value: float, texts: Texts) -> str:
    short = f"{value:.6g}"
    if "e" in short:
        return short.replace(".", texts.decimal_sign)
    whole, _, part = short.lstrip("-").partition(".")
    digits = texts.number(int(whole)) + (texts.decimal_sign + part if part else "")
    return "−" + digits if short.startswith("-") else digits


@contextmanager
def missing_glyphs_allowed() -> Iterator[None]:
    """Keep quiet about letters that the measuring font lacks: they stay text for the reader's font."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield

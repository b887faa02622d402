"""What all charts share: a figure with its sample below, colours, words beside marks.

The finding stands above the picture as text of the page, where it wraps in a narrow window and is read aloud.
Text stays text, the same arguments give the same bytes, colours are those of Okabe and Ito for marks alone:
words are near-black, and beside each colour stands a second sign.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from conformance.results import Results
from reports.characters import flow, one_line, shorten
from reports.chart_words import caption_words, open_svg, panel_words
from reports.marks import draw_marks
from reports.panel import Axis, Panel, Where
from reports.texts import Texts

WIDTH = 11.4
ROW = 0.30
"""Inches of one row of a chart that has a row for each thing."""
_TOP, _BOTTOM = 0.3, 0.75
_LINE = 0.165
"""Inches of one more line of the caption."""
_MARGIN, _UNDER = 0.012, 0.1
"""Where the caption begins, in parts of the width; inches from its last line to the lower edge."""
POINTS = 72.0
"""Points of an inch."""


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


def drawn(frame: Frame, draw: Callable[[list[Panel]], None], caption: tuple[str, ...]) -> str:
    """Return an SVG: panels filled by *draw*, *caption* below; the same arguments give the same bytes."""
    lines = flow([one_line(part) for part in caption if part], 165, gap="  ·  ")
    panels = [Panel() for _ in range(frame.count)]
    draw(panels)
    wide = WIDTH - frame.left - frame.right
    tops = [_TOP + index * (frame.each + frame.gap) for index in range(frame.count)]
    boxes = tuple((frame.left, top, wide, frame.each) for top in tops)
    height = tops[-1] + frame.each + _BOTTOM
    inside, scales = draw_marks(frame.name, (WIDTH, height), boxes, tuple(panel.marks() for panel in panels))
    whole = (height + _LINE * (len(lines) - 1)) * POINTS
    parts = [open_svg(WIDTH * POINTS, whole), inside]
    for panel, scale in zip(panels, scales, strict=True):
        parts += panel_words(panel, scale)
    parts += caption_words(lines, _MARGIN * WIDTH * POINTS, whole - _UNDER * POINTS)
    return "\n".join([*parts, "</svg>"])


def rows_frame(axes: Panel, rows: int, end: float, start: float = 0.0) -> None:
    """Make room for *rows* rows from above to below, along an axis from *start* to *end*."""
    axes.x.limits = (start, end)
    axes.y.limits = (rows - 0.4, -0.6)
    axes.y.set_ticks([])
    axes.frame = "bottom"
    axes.grid = "x"


def name_row(axes: Panel, y: float, name: str, said: str, widest: int = 54) -> None:
    """Write what a row is of to its left, and what it says to its right."""
    beside: Any = {"va": "center", "size": 8, "where": Where.BESIDE}
    axes.text(-0.012, y, shorten(one_line(name), widest), ha="right", **beside)
    axes.text(1.03, y, said, **beside)


def number_ticks(axis: Axis, texts: Texts) -> None:
    """Write the numbers of an axis as the language does."""
    axis.number = lambda tick: _number(round(tick, 9), texts)


def _number(value: float, texts: Texts) -> str:
    short = f"{value:.6g}"
    if "e" in short:
        return short.replace(".", texts.decimal_sign)
    whole, _, part = short.lstrip("-").partition(".")
    digits = texts.number(int(whole)) + (texts.decimal_sign + part if part else "")
    return "−" + digits if short.startswith("-") else digits

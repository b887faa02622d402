"""Draw the marks of charts by matplotlib: the one place that knows it, called once for all languages."""

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reports.colours import GREY, LIGHT
from reports.panel import SIZE, Kind, Limits, Mark, Marks, Where

_INCH = 72.0
_GRID, _FRAME = 0.6, 0.8
_MOST_KEPT = 32
"""The charts of one page and more: its other languages come next and want the same."""

Box = tuple[float, float, float, float]
"""Left edge, upper edge, width and height."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where in points, from the upper left corner of the chart, the values of a panel are."""

    box: Box
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xticks: tuple[float, ...]
    yticks: tuple[float, ...]
    log: bool

    def place(self, x: float, y: float, where: Where = Where.DATA) -> tuple[float, float]:
        """Return the point of a place of the panel."""
        left, top, width, height = self.box
        across = x if where is Where.BESIDE else _part(x, self.xlim, log=False)
        upwards = y if where is Where.ABOVE else _part(y, self.ylim, log=self.log)
        return left + width * across, top + height * (1 - upwards)


def _part(value: float, limits: tuple[float, float], *, log: bool) -> float:
    low, high = limits
    if log:
        value, low, high = math.log10(value), math.log10(low), math.log10(high)
    return (value - low) / (high - low)


@lru_cache(maxsize=_MOST_KEPT)
def draw_marks(
    name: str, size: tuple[float, float], boxes: tuple[Box, ...], panels: tuple[Marks, ...]
) -> tuple[str, tuple[Scale, ...]]:
    """Return what stands inside an SVG of *size*, and the scales of its *panels*, each in its box; inches.

    The same arguments give the same octets; *name* tells the ids of charts apart.
    """
    from matplotlib import rc_context  # noqa: PLC0415 - half a second, only where a chart is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - same
    from matplotlib.figure import Figure  # noqa: PLC0415 - same

    width, height = size
    out = io.StringIO()
    # how many ticks an axis has room for depends on the size of letters
    with rc_context({"svg.hashsalt": f"reglament-{name}", "font.size": SIZE}):
        figure = Figure(figsize=size)
        figure.patch.set_visible(False)
        scales = []
        for (left, top, wide, high), marks in zip(boxes, panels, strict=True):
            place = (left / width, 1 - (top + high) / height, wide / width, high / height)
            axes = figure.add_axes(place)
            scales.append(_draw_panel(axes, marks, (left * _INCH, top * _INCH, wide * _INCH, high * _INCH)))
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    whole = out.getvalue()
    return whole[whole.index("<defs>") : whole.rindex("</svg>")], tuple(scales)


def _draw_panel(axes: Any, panel: Marks, box: Box) -> Scale:
    from matplotlib.collections import LineCollection  # noqa: PLC0415 - as above

    if panel.log:
        axes.set_yscale("log")
    for mark in _together(panel.marks):
        _draw(axes, mark)
    axes.autoscale_view()
    axes.set_xlim(*panel.xlim)
    axes.set_ylim(*panel.ylim)
    axes.set_axis_off()
    xlim, ylim = axes.get_xlim(), axes.get_ylim()
    xticks = _inside(axes.get_xticks() if panel.xticks is None else panel.xticks, xlim)
    yticks = _inside(axes.get_yticks() if panel.yticks is None else panel.yticks, ylim)
    lines = [[(x, 0.0), (x, 1.0)] for x in xticks] if "x" in panel.grid else []
    if lines:
        of_x = LineCollection(lines, colors=LIGHT, linewidths=_GRID, zorder=0.5)
        of_x.set_transform(axes.get_xaxis_transform())
        axes.add_collection(of_x, autolim=False)
    lines = [[(0.0, y), (1.0, y)] for y in yticks] if "y" in panel.grid else []
    if lines:
        of_y = LineCollection(lines, colors=LIGHT, linewidths=_GRID, zorder=0.5)
        of_y.set_transform(axes.get_yaxis_transform())
        axes.add_collection(of_y, autolim=False)
    sides = {"left": [(0, 0), (0, 1)], "bottom": [(0, 0), (1, 0)]}
    frame = [line for side, line in sides.items() if side in panel.frame]
    if frame:
        outline = LineCollection(
            frame, colors=GREY, linewidths=_FRAME, zorder=2.5, clip_on=False, capstyle="projecting"
        )
        outline.set_transform(axes.transAxes)
        axes.add_collection(outline, autolim=False)
    return Scale(box, xlim, ylim, xticks, yticks, panel.log)


def _inside(ticks: Any, limits: Limits) -> tuple[float, ...]:
    low, high = sorted(limit or 0.0 for limit in limits)
    slack = 1e-10 * (high - low)
    return tuple(float(tick) for tick in ticks if low - slack <= tick <= high + slack)


def _together(marks: tuple[Mark, ...]) -> list[Mark]:
    """Return *marks* with the lines, and the bars, of one style made one: each costs as many points do."""
    joined: list[list[Mark]] = []
    places: dict[tuple[Kind, tuple[Any, ...]], int] = {}
    for mark in marks:
        place = places.setdefault((mark.kind, mark.style), len(joined))
        if place == len(joined) or mark.kind not in {Kind.LINE, Kind.BOX}:
            joined.append([mark])
        else:
            joined[place].append(mark)
    return [Mark(alike[0].kind, _data_of(alike), alike[0].style) for alike in joined]


def _data_of(alike: list[Mark]) -> tuple[tuple[float, ...], ...]:
    """Return the data of marks of one kind; between two lines is a point that is nowhere."""
    if alike[0].kind is not Kind.LINE:
        return tuple(box for mark in alike for box in mark.data)
    columns = zip(*(mark.data for mark in alike), strict=True)
    return tuple(tuple(value for line in column for value in (*line, math.nan))[:-1] for column in columns)


def _draw(axes: Any, mark: Mark) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - as above
    from matplotlib.patches import PathPatch, Polygon  # noqa: PLC0415 - as above
    from matplotlib.path import Path  # noqa: PLC0415 - as above

    style: dict[str, Any] = dict(mark.style)
    if mark.kind is Kind.LINE:
        axes.add_line(Line2D(*mark.data, **style))
    elif mark.kind is Kind.BOX:
        corners = [
            corner
            for x, y, wide, high in mark.data
            for corner in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y))
        ]
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(mark.data)
        axes.add_patch(PathPatch(Path(corners, codes), **_filled(style)))
    elif mark.kind is Kind.AREA:
        axes.add_patch(Polygon(list(zip(*mark.data, strict=True)), closed=True, **_filled(style)))
    elif mark.kind is Kind.SCATTER:
        axes.scatter(*mark.data, **style)
    elif mark.kind is Kind.SPAN:
        axes.axvspan(*mark.data[0], **style)
    elif mark.kind is Kind.ACROSS:
        axes.axhline(*mark.data[0], **style)
    else:
        axes.axvline(*mark.data[0], **style)


def _filled(style: dict[str, Any]) -> dict[str, Any]:
    """Return the *style* of a patch whose colour fills it, and whose edge may have another."""
    colour = style.pop("color")
    return {"facecolor": colour, "edgecolor": colour, **style}

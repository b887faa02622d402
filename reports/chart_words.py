"""Write the words of a chart over its marks: as text, measured only where something stands beside it."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from reports.characters import legal
from reports.diagram_text import text_width
from reports.marks import Scale
from reports.panel import SIZE, Axis, Panel, Where, Word

INK, CAPTION_INK = "#1a1a1a", "#4d4d4d"
_FONTS = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, sans-serif"
_ASCENT, _DESCENT = 0.76, 0.208
"""How far a line of DejaVu Sans reaches above and below its base, in parts of its size."""
_LABEL_PAD, _TITLE_PAD = 4.0, 3.0
_TITLE_SIZE, _CAPTION_SIZE = 8.5, 7.5
_LEADING = 1.196
"""From line to line of a caption, in parts of its size."""
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def panel_words(panel: Panel, scale: Scale) -> Iterator[str]:
    """Yield the words of *panel*: along its axes, above it and in it."""
    left, top, width, height = scale.box
    bottom = top + height
    below = bottom
    for tick, name in _named(panel.x, scale.xticks):
        x, _ = scale.place(tick, 0, Where.ABOVE)
        yield _text(name, x, bottom + panel.x.pad + _ASCENT * SIZE, ha="center")
        below = bottom + panel.x.pad + (_ASCENT + _DESCENT) * SIZE
    if panel.x.label:
        at = below + _LABEL_PAD + _ASCENT * SIZE
        yield _text(panel.x.label, left + width / 2, at, ha="center")
    beside = left
    for tick, name in _named(panel.y, scale.yticks):
        _, y = scale.place(0, tick, Where.BESIDE)
        yield _text(name, left - panel.y.pad, y + (_ASCENT - _DESCENT) / 2 * SIZE, ha="right")
        beside = min(beside, left - panel.y.pad - text_width(name, SIZE))
    if panel.y.label:
        x = beside - _LABEL_PAD - _DESCENT * SIZE
        yield _text(panel.y.label, x, top + height / 2, ha="center", upright=True)
    if panel.title:
        yield _text(panel.title, left, top - _TITLE_PAD, size=_TITLE_SIZE)
    for word in panel.words:
        yield from _word(word, scale)


def caption_words(lines: Sequence[str], x: float, y: float) -> Iterator[str]:
    """Yield the *lines* of a caption that end above *y*."""
    for number, line in enumerate(reversed(lines)):
        at = y - number * _LEADING * _CAPTION_SIZE
        yield _text(line, x, at, size=_CAPTION_SIZE, ink=CAPTION_INK)


def open_svg(width: float, height: float) -> str:
    """Return the beginning of a chart of so many points: white, and the font of all its words."""
    w, h = _number(width), _number(height)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
        f' width="{w}pt" height="{h}pt" viewBox="0 0 {w} {h}" font-family="{_FONTS}" fill="{INK}">\n'
        f'<rect width="{w}" height="{h}" fill="#fff"/>\n'
    )


def _named(axis: Axis, ticks: Sequence[float]) -> Iterator[tuple[float, str]]:
    if axis.names is None:
        yield from ((tick, axis.number(tick)) for tick in ticks)
        return
    names = dict(zip(axis.ticks or (), axis.names, strict=True)) if axis.names else {}
    yield from ((tick, names[tick]) for tick in ticks if names.get(tick))


def _word(word: Word, scale: Scale) -> Iterator[str]:
    x, y = scale.place(word.x, word.y, word.where)
    if not (math.isfinite(x) and math.isfinite(y)):
        return
    x, y = x + word.shift[0], y - word.shift[1]
    if word.va == "center":
        y += (_ASCENT - _DESCENT) / 2 * word.size
    elif word.va == "top":
        y += _ASCENT * word.size
    if word.backed:
        wide = text_width(word.text, word.size) + 2
        begin = x - 1 if word.ha == "left" else x + 1 - wide
        high = (_ASCENT + _DESCENT) * word.size + 2
        yield (
            f'<rect x="{_number(begin)}" y="{_number(y - _ASCENT * word.size - 1)}" width="{_number(wide)}"'
            f' height="{_number(high)}" fill="#fff"/>'
        )
    yield _text(word.text, x, y, size=word.size, ha=word.ha, bold=word.bold)


def _text(  # noqa: PLR0913 - a place and how it looks
    text: str,
    x: float,
    y: float,
    *,
    size: float = SIZE,
    ha: str = "left",
    bold: bool = False,
    upright: bool = False,
    ink: str = INK,
) -> str:
    at = f' text-anchor="{_ANCHORS[ha]}"' if ha != "left" else ""
    at += ' font-weight="bold"' if bold else ""
    at += f' fill="{ink}"' if ink != INK else ""
    at += f' transform="rotate(-90 {_number(x)} {_number(y)})"' if upright else ""
    place = f'x="{_number(x)}" y="{_number(y)}" font-size="{size:g}"{at}'
    return f"<text {place}>{escape(legal(text), quote=False)}</text>"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

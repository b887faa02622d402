"""Draw the sequence of one case as SVG: lanes of the units, time downwards, documents as arrows between them.

Every step and every document has a band of its own from left to right, so that no words can meet; how high a
band is follows the logarithm of its time, since a case holds milliseconds beside hours.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from html import escape

from reports.characters import legal, one_line
from reports.diagram_text import text_width, wrap
from reports.sequence import Act, CaseSequence, Handover
from reports.texts import Texts

_FONT = "'DejaVu Sans', 'Noto Sans', Arial, sans-serif"
_SIZE, _LINE, _HEAD_SIZE = 11, 15, 11
_MOMENTS, _WORDS, _GAP = 176, 330, 14
_LEAST_LANE, _MOST_LANE = 132, 200
_BAR, _LEAST_BAR, _MOST_BAR = 12, 14, 60
_SECOND = 1_000_000
_CSS = """
{at} text {{ font: {size}px {fonts}; fill: #1a1a1a; }}
{at} .head, {at} .title {{ font-weight: bold; }}
{at} .life {{ stroke: #8c8c8c; stroke-width: 1; stroke-dasharray: 2 4; }}
{at} .wait {{ fill: #fff; stroke: #1a1a1a; stroke-dasharray: 3 2; }}
{at} .work {{ fill: #56b4e9; stroke: #1a1a1a; }}
{at} .broken {{ fill: #fff; stroke: #d55e00; stroke-width: 3; }}
{at} .way {{ stroke: #1a1a1a; stroke-width: 1.4; fill: none; }}
{at} .way.bad {{ stroke: #d55e00; stroke-width: 2.4; }}
{at} .pause {{ fill: #4d4d4d; font-style: italic; }}
"""

Moment = Callable[[int], str]


def sequence_svg(found: CaseSequence, texts: Texts, prefix: str, moment: Moment) -> str:
    """Return *found* as one ``svg`` element whose ids begin with *prefix*; *moment* writes a moment down."""
    drawing = _Drawing(found, texts, moment, prefix)
    parts = list(drawing.parts())
    width, height = drawing.width, drawing.y + _GAP
    title = legal(texts.say("sequence.title", case=one_line(found.case)))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{prefix}" class="sequence" role="img"'
        f' lang="{texts.language}"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-labelledby="{prefix}-title">'
    )
    style = _CSS.format(at="#" + prefix, fonts=_FONT, size=_SIZE)
    marker = (
        f'<defs><marker id="{prefix}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        ' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path d="M0 0 8 4 0 8Z" fill="#1a1a1a"/></marker></defs>'
    )
    lines = list(drawing.lifelines(height))
    whole = [
        opening,
        f'<title id="{prefix}-title">{escape(title)}</title>',
        f"<style>{style}</style>",
        marker,
    ]
    return "\n".join([*whole, *lines, *parts, "</svg>"]) + "\n"


class _Drawing:
    """A picture that grows downwards; *y* is how far it has come."""

    def __init__(self, found: CaseSequence, texts: Texts, moment: Moment, prefix: str) -> None:
        self._found, self._texts, self._moment, self._prefix = found, texts, moment, prefix
        lane_width = _lane_width(found.lanes.values())
        self._x = {lane: _MOMENTS + lane_width * n + lane_width // 2 for n, lane in enumerate(found.lanes)}
        self._words_x = _MOMENTS + lane_width * len(found.lanes) + _GAP
        self.width = self._words_x + _WORDS
        self._heads = {
            lane: wrap(one_line(name), lane_width - 8, _HEAD_SIZE) for lane, name in found.lanes.items()
        }
        self._top = _LINE * max((len(lines) for lines in self._heads.values()), default=0) + 6
        self.y = self._top

    def lifelines(self, bottom: int) -> Iterator[str]:
        """Yield the heads of the lanes and the lines under them."""
        for lane, lines in self._heads.items():
            x = self._x[lane]
            for n, line in enumerate(lines):
                yield _text(x, _LINE * (n + 1) - 3, line, "head", "middle")
            yield f'<line class="life" x1="{x}" y1="{self._top}" x2="{x}" y2="{bottom}"/>'

    def parts(self) -> Iterator[str]:
        """Yield every act with what it hands over, and what lay between two of them."""
        before: int | None = None
        for act in self._found.acts:
            yield from self._pause(before, act.enabled_us)
            yield from self._act(act)
            for handed in act.handovers:
                yield from self._handover(handed)
            before = act.completed_us if act.completed_us is not None else before

    def _pause(self, before_us: int | None, enabled_us: int | None) -> Iterator[str]:
        if before_us is None or enabled_us is None or enabled_us - before_us < _SECOND:
            return
        said = self._texts.say("sequence.pause", time=self._texts.duration(enabled_us - before_us))
        self.y += _LINE + 6
        yield _backed(_GAP, self.y - 6, f"⋮ {said}", "pause")

    def _act(self, act: Act) -> Iterator[str]:
        lines = [(line, "title") for line in wrap(one_line(act.title), _WORDS - 8, _SIZE * 1.1)]
        lines += [(line, "") for word in act.words for line in wrap(one_line(word), _WORDS - 8, _SIZE)]
        bar = _height(act.enabled_us, act.completed_us)
        top, band = self.y + 4, max(bar, _LINE * max(len(lines), 2)) + 8
        x = self._x[act.lane] - _BAR // 2
        waited = _waiting(act, bar)
        if waited:
            yield f'<rect class="wait" x="{x}" y="{top}" width="{_BAR}" height="{waited}"/>'
        shape = "work broken" if act.broken else "work"
        yield f'<rect class="{shape}" x="{x}" y="{top + waited}" width="{_BAR}" height="{bar - waited}"/>'
        for n, us in enumerate(us for us in (act.enabled_us, act.completed_us) if us is not None):
            yield _text(_GAP, top + 11 + n * _LINE, self._moment(us))
        for n, (line, kind) in enumerate(lines):
            yield _text(self._words_x, top + 11 + n * _LINE, line, kind)
        self.y += band

    def _handover(self, handed: Handover) -> Iterator[str]:
        start, end = self._x[handed.sender], self._x[handed.receiver]
        left = min(start, end) + 8
        room = self.width - left - _GAP
        lines = [line for word in handed.words for line in wrap(one_line(word), room, _SIZE)]
        for n, line in enumerate(lines):
            y = self.y + _LINE * (n + 1) - 2
            yield _backed(left, y, line)
        self.y += _LINE * len(lines) + 6
        way = "way bad" if handed.broken else "way"
        yield f'<path class="{way}" d="M{start} {self.y}H{end}" marker-end="url(#{self._prefix}-arrow)"/>'
        if handed.through is not None:
            yield f'<circle cx="{self._x[handed.through]}" cy="{self.y}" r="4" fill="#fff" stroke="#1a1a1a"/>'
        self.y += 10


def _height(enabled_us: int | None, completed_us: int | None) -> int:
    if enabled_us is None or completed_us is None or completed_us <= enabled_us:
        return _LEAST_BAR
    grown = 12 * math.log10(1 + (completed_us - enabled_us) / _SECOND)
    return min(_MOST_BAR, _LEAST_BAR + int(grown))


def _waiting(act: Act, bar: int) -> int:
    """Return how much of the *bar* is waiting: its true share, but never all of it."""
    if act.enabled_us is None or act.started_us is None or act.completed_us is None:
        return 0
    whole, waited = act.completed_us - act.enabled_us, act.started_us - act.enabled_us
    return min(bar - 2, bar * waited // whole) if 0 < waited <= whole else 0


def _lane_width(names: Iterable[str]) -> int:
    """Return a width in which the longest word of *names* stays whole, within reason."""
    words = [word for name in names for word in one_line(name).split()]
    longest = max((text_width(word, _HEAD_SIZE * 1.1) for word in words), default=0)
    return min(_MOST_LANE, max(_LEAST_LANE, math.ceil(longest) + 10))


def _backed(x: int, y: int, text: str, kind: str = "") -> str:
    """Return *text* on white, so that no lifeline goes through it."""
    wide = math.ceil(text_width(text, _SIZE)) + 4
    white = f'<rect x="{x - 2}" y="{y - 11}" width="{wide}" height="{_LINE - 1}" fill="#fff"/>'
    return white + _text(x, y, text, kind)


def _text(x: int, y: int, text: str, kind: str = "", anchor: str = "start") -> str:
    shown = f' class="{kind}"' if kind else ""
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{shown} x="{x}" y="{y}"{at}>{escape(legal(text))}</text>'

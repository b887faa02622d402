"""The axes of a chart as data: marks to be drawn, and words that stand beside them in one language.

Marks hold no word, so that the pages of all languages share one drawing of them (*reports.marks*); words are
written over it (*reports.chart_words*). Kinds and styles of marks are named as matplotlib names them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SIZE = 9.0
"""Points of the letters of a chart, where nothing else is said."""
Style = str | float | bool
Limits = tuple[float | None, float | None]
"""Where an axis begins and ends; None where the data decide."""


class Where(StrEnum):
    """What the place of words is counted in: data, or in one direction parts of the panel."""

    DATA = "data"
    BESIDE = "beside"
    ABOVE = "above"


class Kind(StrEnum):
    """The kinds of marks."""

    LINE = "line"
    BOX = "box"
    AREA = "area"
    ACROSS = "across"
    UPRIGHT = "upright"
    SPAN = "span"
    SCATTER = "scatter"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: the columns of its data, and its style."""

    kind: Kind
    data: tuple[tuple[float, ...], ...]
    style: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is drawn of a panel; ticks are None where the data decide."""

    marks: tuple[Mark, ...]
    xlim: Limits
    ylim: Limits
    xticks: tuple[float, ...] | None
    yticks: tuple[float, ...] | None
    grid: str
    frame: str
    log: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Words at a place, as ``Panel.text`` takes them."""

    text: str
    x: float
    y: float
    where: Where
    ha: str
    va: str
    size: float
    bold: bool
    shift: tuple[float, float]
    backed: bool


@dataclass(slots=True)
class Axis:
    """One axis: its limits and ticks, what is written along it; *pad* is in points from axis to names."""

    limits: Limits = (None, None)
    ticks: tuple[float, ...] | None = None
    names: Sequence[str] | None = None
    number: Callable[[float], str] = "{:g}".format
    label: str = ""
    pad: float = 3.5

    @property
    def end(self) -> float:
        """Return where the axis ends, if that is said."""
        return self.limits[1] or 0.0

    def set_ticks(self, places: Iterable[float], names: Sequence[str] | None = None) -> None:
        """Set where the ticks are and what is written at them; without *names* their numbers are."""
        self.ticks, self.names = tuple(places), names


@dataclass(slots=True)
class Panel:
    """One pair of axes; charts fill it. *grid* names axes whose ticks are lines, *frame* sides with one.

    Lines, and bars, of one style are drawn together, at the place of the first unless ``zorder`` says more.
    """

    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    title: str = ""
    grid: str = ""
    frame: str = "left bottom"
    log: bool = False
    words: list[Word] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)

    def marks(self) -> Marks:
        """Return what is drawn, without a word."""
        return Marks(
            marks=tuple(self._marks),
            xlim=self.x.limits,
            ylim=self.y.limits,
            xticks=self.x.ticks,
            yticks=self.y.ticks,
            grid=self.grid,
            frame=self.frame,
            log=self.log,
        )

    def plot(self, xs: Iterable[float | None], ys: Iterable[float | None], **style: Style) -> None:
        """Draw a line through points, a sign at each, or both."""
        self._add(Kind.LINE, (xs, ys), style)

    def step(self, xs: Sequence[float], ys: Sequence[float], **style: Style) -> None:
        """Draw a line that keeps each value until the next x."""
        self._add(Kind.LINE, _steps(xs, ys), style)

    def bar(self, xs: Iterable[float], heights: Iterable[float], width: float, **style: Style) -> None:
        """Draw bars upwards from 0, each to the right of its x."""
        for x, height in zip(xs, heights, strict=True):
            self._add(Kind.BOX, ((x, 0.0, width, height),), style)

    def barh(self, y: float, width: float, height: float, **style: Style) -> None:
        """Draw a bar to the right from 0, around *y*."""
        self._add(Kind.BOX, ((0.0, y - height / 2, width, height),), style)

    def fill_between(
        self,
        xs: Sequence[float],
        lows: Sequence[float | None],
        highs: Sequence[float | None],
        **style: Style,
    ) -> None:
        """Fill what lies between two lines."""
        self._add(Kind.AREA, ((*xs, *reversed(xs)), (*lows, *reversed(highs))), style)

    def fill_steps(self, xs: Sequence[float], ys: Sequence[float], **style: Style) -> None:
        """Fill what lies below a line that keeps each value until the next x."""
        places, heights = _steps(xs, ys)
        self.fill_between(places, [0.0] * len(places), heights, **style)

    def axhline(self, y: float, **style: Style) -> None:
        """Draw a line across the panel."""
        self._add(Kind.ACROSS, ((y,),), style)

    def axvline(self, x: float, **style: Style) -> None:
        """Draw a line up the panel."""
        self._add(Kind.UPRIGHT, ((x,),), style)

    def axvspan(self, begin: float, end: float, **style: Style) -> None:
        """Draw a field between two x, as high as the panel."""
        self._add(Kind.SPAN, ((begin, end),), style)

    def scatter(self, xs: Iterable[float], ys: Iterable[float], **style: Style) -> None:
        """Draw signs; their size *s* is an area in square points."""
        self._add(Kind.SCATTER, (xs, ys), style)

    def text(  # noqa: PLR0913 - a place and how the words stand to it
        self,
        x: float,
        y: float,
        text: str,
        *,
        where: Where = Where.DATA,
        ha: str = "left",
        va: str = "baseline",
        size: float = SIZE,
        bold: bool = False,
        shift: tuple[float, float] = (0.0, 0.0),
        backed: bool = False,
    ) -> None:
        """Write words at a place; *shift* is in points, right and up, *backed* puts white behind them."""
        word = Word(
            text=text, x=x, y=y, where=where, ha=ha, va=va, size=size, bold=bold, shift=shift, backed=backed
        )
        self.words.append(word)

    def _add(self, kind: Kind, data: Iterable[Iterable[float | None]], style: dict[str, Style]) -> None:
        columns = tuple(tuple(float(value or 0) for value in column) for column in data)
        self._marks.append(Mark(kind, columns, tuple(sorted(style.items()))))


def _steps(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the corners of a line that keeps each of *ys* until the next of *xs*."""
    places = [x for x in xs for _ in (0, 1)][1:]
    return places, [y for y in ys for _ in (0, 1)][: len(places)]

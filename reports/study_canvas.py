"""What the charts of a load study share: a figure with its caption, axes of hours, bands."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from conformance.study_figures import Curve
from conformance.study_results import StudyResults
from reports import study_words as words
from reports.canvas import Frame, drawn
from reports.panel import Panel
from reports.texts import Texts, zone_of

_HOUR = 3600.0
_TICKS_H = (1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 720)
_MOST_TICKS = 13


def chart(
    frame: Frame, draw: Callable[[list[Panel]], None], legend: str, results: StudyResults, texts: Texts
) -> str:
    """Return an SVG whose axes are filled by *draw*; the same arguments give the same bytes."""
    caption = (
        legend,
        texts.say("study.replications", n=results.replications),
        texts.say("header.seed", seed=str(results.seed)),
        texts.say("study.simulated"),
    )
    return drawn(replace(frame, name=f"study-{frame.name}"), draw, caption)


def band(axes: Panel, xs: Sequence[float], curve: Curve, colour: str) -> None:
    """Draw a curve with its interval as a band."""
    if curve.low and curve.high:
        axes.fill_between(xs, curve.low, curve.high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(xs, curve.mean, color=colour, linewidth=1.5)


def hours(step_us: int, count: int) -> list[float]:
    """Return the moments of a grid in hours since its beginning."""
    return [i * step_us / 1e6 / _HOUR for i in range(count)]


def hour_ticks(axes: Panel, from_us: int, span_h: float, results: StudyResults, texts: Texts) -> None:
    """Name whole local hours, or days in a longer run, along the lower edge; *span_h* is the length."""
    zone, _ = zone_of(results.zone)
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
    axes.x.set_ticks(places, names)
    axes.x.limits = (0, max(span_h, 1e-9))


def local_time(us: int, results: StudyResults, texts: Texts, *, with_day: bool) -> str:
    """Return a moment of the run as its clock shows it."""
    zone, _ = zone_of(results.zone)
    return words.moment(us, zone, with_day=with_day, language=texts.language)

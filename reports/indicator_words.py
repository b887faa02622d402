"""Words and numbers of the indicators as people read them; what is rounded never meets a target by it."""

import math

from conformance.indicators.indicator_results import Indicators, Intake, PercentileFigure, Rate
from reports.texts import Texts

_POINT = 10
"""Percentages have one decimal."""


def percent(share: float, texts: Texts) -> str:
    """Return *share* in per cent with one decimal."""
    return _written(round(share * 100 * _POINT), texts)


def bounds(low: float, high: float, texts: Texts) -> str:
    """Return an interval in per cent; its ends are rounded outwards, so rounding never meets a target."""
    tiny = 1e-9
    low_text = _written(math.floor(low * 100 * _POINT + tiny), texts)
    high_text = _written(math.ceil(high * 100 * _POINT - tiny), texts)
    return texts.say("ind.to", low=low_text, high=high_text)


def points(low: float, high: float, texts: Texts) -> str:
    """Return the interval of a difference in percentage points."""
    ends = [_decimal(round(value * 100 * _POINT), texts) for value in (low, high)]
    return texts.say("ind.to", low=ends[0], high=texts.say("ind.points", value=ends[1]))


def difference(value: float, texts: Texts) -> str:
    """Return a difference in percentage points with its sign."""
    sign = "+" if value > 0 else ""
    return texts.say("ind.points", value=sign + _decimal(round(value * 100 * _POINT), texts))


def probability(value: float, texts: Texts) -> str:
    """Return a p with three decimals, ``< 0.001`` for less."""
    if value < 0.001:
        return "< " + "0.001".replace(".", texts.decimal_sign)
    return f"{value:.3f}".replace(".", texts.decimal_sign)


def ratio(value: float, texts: Texts) -> str:
    """Return a number with two decimals."""
    return f"{value:.2f}".replace(".", texts.decimal_sign)


def count(n: int | None, texts: Texts) -> str:
    """Return a count, or the word for a hidden one."""
    return texts.say("ind.hidden") if n is None else texts.number(n)


def share_of(rate: Rate, texts: Texts) -> str:
    """Return how many of how many."""
    if rate.good is None or rate.n is None:
        return texts.say("ind.hidden")
    return texts.say("of", part=rate.good, n=rate.n)


def percent_of(rate: Rate, texts: Texts) -> str | None:
    """Return the share in per cent; None where it is hidden or nothing was counted."""
    return None if rate.share is None else percent(rate.share, texts)


def bounds_of(rate: Rate, texts: Texts) -> str | None:
    """Return the interval; None where there is none."""
    return None if rate.low is None or rate.high is None else bounds(rate.low, rate.high, texts)


def reject_reasons(intake: Intake, texts: Texts) -> str:
    """Return how many lines of a survey were rejected for which reason; nothing if none was."""
    return ", ".join(
        texts.say("log.reason", n=n, reason=texts.word("survey_reject", code), code=code)
        for code, n in intake.rejects.items()
    )


def percentile(figure: PercentileFigure, texts: Texts) -> tuple[str, str]:
    """Return a percentile, and its bounds."""
    value = texts.say("ind.beyond") if figure.value_us is None else texts.duration(figure.value_us)
    ends = [
        texts.say("ind.no_bound") if end is None else texts.duration(end)
        for end in (figure.low_us, figure.high_us)
    ]
    return value, texts.say("ind.to", low=ends[0], high=ends[1])


def standings(indicators: Indicators) -> dict[str, int]:
    """Return how many figures with a target show it met, not met, or neither."""
    rates = [figure.rate for figure in indicators.rates]
    if indicators.survey is not None:
        rates += [r for d in indicators.survey.distributions for r in (d.strict, d.lenient)]
    held = [rate.standing for rate in rates if rate.target is not None]
    return {
        "met": held.count("met"),
        "not_met": held.count("not_met"),
        "not_shown": len(held) - held.count("met") - held.count("not_met"),
    }


def headline(indicators: Indicators, texts: Texts) -> str:
    """Return what the figures show against their targets, as a sentence computed from them."""
    held = standings(indicators)
    if not sum(held.values()):
        return texts.say("ind.headline_none")
    return texts.say("ind.headline", n=sum(held.values()), **held)


def _written(tenths: int, texts: Texts) -> str:
    return texts.say("ind.percent", value=_decimal(tenths, texts))


def _decimal(tenths: int, texts: Texts) -> str:
    sign = "\N{MINUS SIGN}" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), _POINT)
    return f"{sign}{whole}{texts.decimal_sign}{rest}"

"""Tell what a norm demands beyond single cases: a rate with counts and interval, its readings, its parts.

A percentage never stands without the counts it comes from.
"""

import math

from conformance.results import NormResult, RateResult, ReadingResult
from conformance.verdicts import Verdict, severity
from reports.texts import Texts


def norm_notes(norm: NormResult, texts: Texts) -> list[str]:
    """Return the lines on rate, readings and parts of *norm*; none for a plain norm."""
    notes = rate_notes(norm, texts)
    notes += [_reading(reading, texts) for reading in norm.readings]
    if norm.parts:
        notes.append(texts.say("norm.parts", norms=", ".join(norm.parts)))
    return notes


def rate_notes(norm: NormResult, texts: Texts) -> list[str]:
    """Return what was asked for and what was found; nothing for an absolute norm."""
    if norm.rate is None:
        return []
    asked = texts.say("norm.no_target")
    if norm.target is not None:
        asked = texts.say("norm.target", target=percent(norm.target, texts, 3))
    notes = [*_found(norm.rate, texts), asked]
    if norm.rate.n < norm.rate.min_n and norm.rate.min_n > 1:
        notes.append(texts.say("norm.min_n", n=norm.rate.min_n))
    return notes


def percent(share: float, texts: Texts, decimals: int = 1) -> str:
    """Return *share* (0 to 1) in per cent; only the whole reads as 100, and only nothing as 0."""
    scale = 10**decimals
    steps = math.floor(share * 100 * scale + 0.5)
    if 0 < share < 1:
        steps = min(max(steps, 1), 100 * scale - 1)
    whole, part = divmod(steps, scale)
    digits = f"{part:0{decimals}d}".rstrip("0")
    return texts.number(whole) + (texts.decimal_sign + digits if digits else "")


def _found(rate: RateResult, texts: Texts) -> list[str]:
    notes = []
    if rate.n:
        notes.append(
            texts.say(
                "norm.rate",
                met=rate.met,
                n=rate.n,
                share=percent(rate.met / rate.n, texts),
                confidence=percent(rate.confidence, texts),
                low=percent(rate.low, texts),
                high=percent(rate.high, texts),
                method=texts.word("method", rate.method),
            )
        )
    if rate.undecided:
        least, most = percent(rate.least, texts), percent(rate.most, texts)
        notes.append(texts.say("norm.undecided", n=rate.undecided, least=least, most=most))
    return notes


def _reading(reading: ReadingResult, texts: Texts) -> str:
    # The worst first, whatever order a file brought them in.
    found = sorted(reading.counts.items(), key=lambda counted: severity(Verdict(counted[0])))
    told = [f"{texts.word('verdict', verdict)} {texts.number(n)}" for verdict, n in found]
    counts = ", ".join(told) or texts.say("norm.reading_none")
    default = texts.say("norm.reading_default") if reading.default else ""
    note = reading.note.in_language(texts.language)
    return f"{texts.say('norm.reading', id=reading.id, default=default, counts=counts)} – {note}"

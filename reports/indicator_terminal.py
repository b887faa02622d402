"""The indicators in lines of the terminal: how figures stand to targets, what people said, a tool found."""

from collections.abc import Iterable

from conformance.indicators.indicator_results import Indicators, RateFigure, Survey
from conformance.results import Results
from reports import indicator_words as words
from reports.accessibility_view import accessibility_sentences
from reports.texts import Texts

_MEASURES = ("timeliness", "completion")


def indicator_lines(results: Results, texts: Texts) -> dict[str, list[str]]:
    """Return the chunks of each line by the name of its label; nothing where there are no indicators."""
    found = results.indicators
    if found is None:
        return {}
    lines = {"indicators": _indicators(found, texts)} if found.rates else {}
    if found.survey is not None:
        lines["survey"] = _survey(found.survey, texts)
    if found.accessibility is not None:
        lines["accessibility"] = accessibility_sentences(found.accessibility, texts)
    return lines


def _indicators(found: Indicators, texts: Texts) -> list[str]:
    chunks = [texts.say("ind.short.standing", **words.standings(found))]
    for measure in _MEASURES:
        # Completion is there once by service and once by path: the paths add up to all.
        own = [f for f in found.rates if f.measure == measure and f.service and f.path]
        good, n = _total(own)
        if n:
            said = texts.word("ind.measure", measure)
            chunks.append(texts.say("ind.short.measure", measure=said, good=good, n=n))
    return chunks


def _total(figures: Iterable[RateFigure]) -> tuple[int, int]:
    rates = [figure.rate for figure in figures]
    return sum(rate.good or 0 for rate in rates), sum(rate.n or 0 for rate in rates)


def _survey(survey: Survey, texts: Texts) -> list[str]:
    whole = next((r for r in survey.frame if (r.path, r.outcome, r.channel) == (None, None, None)), None)
    chunks = [texts.say("ind.simulated")] if survey.simulated else []
    if whole is not None:
        answered, invited = words.count(whole.answered, texts), words.count(whole.invited, texts)
        chunks.append(texts.say("ind.short.survey", answered=answered, invited=invited))
    if survey.intake.rejects:
        rejected, lines = sum(survey.intake.rejects.values()), survey.intake.lines
        reasons = words.reject_reasons(survey.intake, texts)
        chunks.append(texts.say("ind.short.rejected", n=rejected, lines=lines, reasons=reasons))
    for d in survey.distributions:
        if d.service is None and d.strict.share is None and d.lenient.share is None:
            chunks.append(texts.say("ind.short.few", question=d.question))
        elif d.service is None:
            strict, lenient = (
                words.percent_of(rate, texts) or texts.say("ind.hidden") for rate in (d.strict, d.lenient)
            )
            chunks.append(
                texts.say("ind.short.question", question=d.question, strict=strict, lenient=lenient)
            )
    return chunks

"""What the page shows of the indicators: rows of words, made from the saved figures alone."""

from typing import Any

from conformance.indicators.definitions import Outcome
from conformance.indicators.indicator_results import Distribution, Indicators, RateFigure, Survey
from conformance.results import Results
from reports import indicator_words as words
from reports.accessibility_view import accessibility_view
from reports.indicator_charts import funnel_chart, funnel_headline, rates_chart
from reports.overview import path_name, service_name
from reports.survey_chart import survey_chart
from reports.texts import Texts


def indicators_view(results: Results, texts: Texts) -> dict[str, Any] | None:
    """Return the rows of the section; None if the results hold no indicators."""
    found = results.indicators
    if found is None:
        return None
    page = _Page(results, found, texts)
    funnels = [(funnel_chart(results, f, texts), funnel_headline(f, texts), f) for f in found.funnels]
    return {
        "simulated": found.origin == "simulated",
        "headline": words.headline(found, texts),
        "chart": rates_chart(results, texts),
        "answers_chart": survey_chart(results, texts),
        "population": page.population(),
        "terms": page.terms(),
        "rates": [page.rate(figure) for figure in found.rates],
        "times": page.times(),
        "reasons": [(r.code, words.count(r.n, texts)) for r in found.reasons if r.service is None],
        "survey": page.survey(found.survey) if found.survey else None,
        "accessibility": accessibility_view(found.accessibility, texts) if found.accessibility else None,
        "months": page.months(),
        "comparisons": page.comparisons(),
        "different": sum(c.shown for c in found.comparisons),
        "funnels": funnels,
    }


class _Page:
    """The saved figures and the language to say them in."""

    __slots__ = ("_found", "_results", "_texts")

    def __init__(self, results: Results, found: Indicators, texts: Texts) -> None:
        self._results, self._found, self._texts = results, found, texts

    def service(self, service: str | None) -> str:
        """Return the name of a service, or the word for all."""
        if service is None:
            return self._texts.say("ind.all")
        return service_name(self._results, service, self._texts.language)

    def path(self, path: str | None) -> str:
        """Return the name of a path, or the word for all."""
        return self._texts.say("ind.all") if path is None else path_name(self._results, path, self._texts)

    def population(self) -> list[tuple[str, ...]]:
        """Return service, path and the count of every outcome."""
        return [
            (
                self.service(row.service),
                self.path(row.path),
                *(self._texts.number(row.counts[outcome]) for outcome in Outcome),
            )
            for row in self._found.outcomes
        ]

    def terms(self) -> list[str]:
        """Return what "in time" means, a sentence for every service and path."""
        return [
            self._texts.say(
                "ind.term",
                service=term.service,
                path=self.path(term.path),
                clause=term.clause,
                assumption=f", {term.assumption}" if term.assumption else "",
                gist=term.gist.in_language(self._texts.language),
            )
            for term in self._found.terms
        ]

    def rate(self, figure: RateFigure) -> dict[str, Any]:
        """Return a row of the table of rates."""
        texts, rate = self._texts, figure.rate
        notes = []
        if figure.unsure and figure.least is not None and figure.most is not None:
            least, most = words.percent(figure.least, texts), words.percent(figure.most, texts)
            notes.append(texts.say("ind.unsure", n=figure.unsure, least=least, most=most))
        if figure.open:
            notes.append(texts.say("ind.open_n", n=figure.open))
        return {
            "measure": texts.word("ind.measure", figure.measure),
            "service": self.service(figure.service),
            "path": self.path(figure.path),
            "count": words.share_of(rate, texts),
            "percent": words.percent_of(rate, texts),
            "interval": words.bounds_of(rate, texts),
            "method": texts.word("ind.method", rate.method) if rate.method else "",
            "target": None if rate.target is None else words.percent(rate.target / 100, texts),
            "standing": rate.standing,
            "notes": notes,
        }

    def times(self) -> list[dict[str, Any]]:
        """Return the rows of the times to the result."""
        texts = self._texts
        return [
            {
                "service": self.service(row.service),
                "path": self.path(row.path),
                "n": texts.number(row.n),
                "open": texts.number(row.open),
                "percentiles": [words.percentile(p, texts) for p in row.percentiles] or [(None, None)] * 3,
                "within": None if row.within is None else words.share_of(row.within, texts),
                "within_bounds": None if row.within is None else words.bounds_of(row.within, texts),
                "method": texts.word("ind.by", row.method),
                "unusable": texts.say("ind.unusable", n=row.unusable) if row.unusable else "",
            }
            for row in self._found.times
        ]

    def survey(self, survey: Survey) -> dict[str, Any]:
        """Return the tables of the survey."""
        texts = self._texts
        return {
            "intake": self._intake(survey),
            "frame": [
                {
                    "who": (self.path(row.path), self._outcome(row.outcome))
                    if row.channel is None
                    else (texts.say("ind.channel", channel=row.channel), ""),
                    "eligible": None if row.eligible is None else texts.number(row.eligible),
                    "invited": words.count(row.invited, texts),
                    "answered": words.count(row.answered, texts),
                    "percent": words.percent_of(row.response, texts),
                    "interval": words.bounds_of(row.response, texts),
                }
                for row in survey.frame
            ],
            "questions": [
                (question, [self._distribution(d) for d in survey.distributions if d.question == question.id])
                for question in survey.questions
            ],
        }

    def comparisons(self) -> list[dict[str, Any]]:
        """Return the rows of the comparisons, those that are shown first."""
        texts = self._texts
        return [
            {
                "measure": self._measure(c.measure),
                "pair": f"{c.service}: {pair}" if c.service else pair,
                "difference": words.difference(c.difference, texts),
                "interval": words.points(c.low, c.high, texts),
                "p": words.probability(c.corrected_p, texts),
                "standing": "shown" if c.shown else "not_shown",
            }
            for c in sorted(self._found.comparisons, key=lambda c: (c.corrected_p, c.measure))
            for pair in [f"{c.first} \N{MINUS SIGN} {c.second}"]
        ]

    def months(self) -> list[dict[str, Any]]:
        """Return the rows of the figures month by month."""
        texts = self._texts
        return [
            {
                "measure": texts.word("ind.measure", figure.measure),
                "service": figure.service,
                "path": self.path(figure.path),
                "month": figure.month,
                "count": words.share_of(figure.rate, texts),
                "percent": words.percent_of(figure.rate, texts),
                "interval": words.bounds_of(figure.rate, texts),
            }
            for figure in self._found.months
        ]

    def _measure(self, name: str) -> str:
        measure, _, rest = name.partition(" ")
        said = self._texts.word("ind.measure", measure)
        if not rest:
            return said
        return f"{said}, {self.path(rest) if measure == 'timeliness' else rest}"

    def _outcome(self, outcome: str | None) -> str:
        return self._texts.say("ind.all") if outcome is None else self._texts.word("ind.outcome", outcome)

    def _intake(self, survey: Survey) -> str:
        texts, intake = self._texts, survey.intake
        return texts.say(
            "ind.intake",
            used=intake.used,
            lines=intake.lines,
            rejects=sum(intake.rejects.values()),
            reasons=words.reject_reasons(intake, texts) or texts.say("ind.no_rejects"),
            unknown=intake.unknown_cases,
            not_ended=intake.not_ended_cases,
            early=intake.early,
        )

    def _distribution(self, d: Distribution) -> dict[str, Any]:
        texts = self._texts
        readings = (
            ("strict", d.strict, d.least, d.most),
            ("lenient", d.lenient, d.lenient_least, d.lenient_most),
        )
        weighted = ""
        if d.weighted is not None and d.design_effect is not None:
            effect = words.ratio(d.design_effect, texts)
            weighted = texts.say("ind.weighted", share=words.percent(d.weighted, texts), effect=effect)
        return {
            "service": self.service(d.service),
            "short": d.service or texts.say("ind.all"),
            "invited": words.count(d.invited, texts),
            "answered": words.count(d.answered, texts),
            "counts": [words.count(n, texts) for n in d.counts],
            "skipped": words.count(d.skipped, texts),
            "weighted": weighted,
            "readings": [
                {
                    "reading": texts.word("ind.reading", name),
                    "count": words.share_of(rate, texts),
                    "percent": words.percent_of(rate, texts),
                    "interval": words.bounds_of(rate, texts),
                    "method": texts.word("ind.method", rate.method) if rate.method else "",
                    "target": None if rate.target is None else words.percent(rate.target / 100, texts),
                    "standing": rate.standing,
                    "least": None if least is None else words.percent(least, texts),
                    "most": None if most is None else words.percent(most, texts),
                }
                for name, rate, least, most in readings
            ],
        }

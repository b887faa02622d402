"""The tables of the indicators as one CSV: a row for every figure, to compute with again."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from conformance.indicators.definitions import Outcome
from conformance.indicators.indicator_results import (
    Accessibility,
    AccessibilityFinding,
    Distribution,
    Indicators,
    Rate,
    Survey,
)
from reports.spreadsheets import harmless

INDICATORS_FILE = "indicators.csv"
COLUMNS = (
    "simulated",
    "table",
    "measure",
    "service",
    "path",
    "category",
    "count",
    "n",
    "share",
    "low",
    "high",
    "method",
    "target_percent",
    "standing",
)
Line = dict[str, Any]


def indicators_csv(indicators: Indicators) -> str:
    """Return every figure of *indicators*; an empty cell is a count that is hidden, or that does not exist.

    Shares are from 0 to 1, times in microseconds. The same figures give the same bytes.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    simulated = indicators.origin == "simulated"
    for line in _lines(indicators):
        marked = {"simulated": _word(simulated), **{name: harmless(value) for name, value in line.items()}}
        writer.writerow(marked)
    for line in _survey(indicators.survey) if indicators.survey else ():
        marked = {
            "simulated": _word(indicators.survey.simulated if indicators.survey else False),
            **{name: harmless(value) for name, value in line.items()},
        }
        writer.writerow(marked)
    for line in _accessibility(indicators.accessibility) if indicators.accessibility else ():
        # A tool looks at real pages, whoever made the log up.
        marked = {"simulated": _word(False), **{name: harmless(value) for name, value in line.items()}}
        writer.writerow(marked)
    return out.getvalue()


def _word(simulated: bool) -> str:
    return "yes" if simulated else "no"


def _lines(indicators: Indicators) -> Iterator[Line]:
    for row in indicators.outcomes:
        for outcome in Outcome:
            yield {
                "table": "population",
                "measure": "cases",
                "service": row.service,
                "path": row.path,
                "category": str(outcome),
                "count": row.counts[outcome],
            }
    for figure in indicators.rates:
        place = {"measure": figure.measure, "service": figure.service, "path": figure.path}
        yield {"table": "rates", **place, **_rate(figure.rate)}
        for name, n in (("unsure", figure.unsure), ("open", figure.open)):
            if n:
                yield {"table": "rates", **place, "category": name, "count": n}
    for reason in indicators.reasons:
        yield {
            "table": "reasons",
            "measure": "refusals",
            "service": reason.service,
            "category": reason.code,
            "count": reason.n,
        }
    yield from _times(indicators)
    for month in indicators.months:
        place = {"measure": month.measure, "service": month.service, "path": month.path}
        yield {"table": "months", **place, "category": month.month, **_rate(month.rate)}
    yield from _comparisons(indicators)


def _times(indicators: Indicators) -> Iterator[Line]:
    for row in indicators.times:
        place = {"table": "times", "service": row.service, "path": row.path, "n": row.n}
        for p in row.percentiles:
            yield {
                **place,
                "measure": f"time_to_result_p{p.percent}_us",
                "count": p.value_us,
                "low": p.low_us,
                "high": p.high_us,
                "method": row.method,
            }
        yield {**place, "measure": "open", "count": row.open}
        yield {**place, "measure": "unusable", "count": row.unusable}


def _comparisons(indicators: Indicators) -> Iterator[Line]:
    for c in indicators.comparisons:
        yield {
            "table": "comparisons",
            "measure": c.measure,
            "service": c.service,
            "category": f"{c.first} minus {c.second}",
            "share": c.difference,
            "low": c.low,
            "high": c.high,
            "method": f"newcombe; p {c.p}; holm {c.corrected_p}",
            "standing": "shown" if c.shown else "not_shown",
        }


def _survey(survey: Survey) -> Iterator[Line]:
    for row in survey.frame:
        where = row.outcome if row.channel is None else f"channel {row.channel}"
        place = {"table": "frame", "path": row.path, "category": where or "all"}
        yield {**place, "measure": "eligible", "count": row.eligible}
        yield {**place, "measure": "invited", "count": row.invited}
        yield {**place, "measure": "answered", **_rate(row.response)}
    for d in survey.distributions:
        yield from _distribution(d)


def _distribution(d: Distribution) -> Iterator[Line]:
    place = {"table": "answers", "measure": d.question, "service": d.service}
    for grade, n in enumerate(d.counts, 1):
        yield {**place, "category": f"grade {grade}", "count": n}
    yield {**place, "category": "no answer", "count": d.skipped}
    readings = (
        ("strict", d.strict, d.least, d.most),
        ("lenient", d.lenient, d.lenient_least, d.lenient_most),
    )
    for name, rate, least, most in readings:
        yield {**place, "category": name, **_rate(rate)}
        yield {**place, "category": f"{name}, non-response bounds", "low": least, "high": most}
    if d.weighted is not None:
        effect = f"weighted by path and outcome; design effect {d.design_effect}"
        yield {**place, "category": "strict, weighted", "share": d.weighted, "method": effect}


def _accessibility(found: Accessibility) -> Iterator[Line]:
    tool = " ".join(name for name in (found.tool, found.tool_version) if name) or "tool not named"
    place = {"table": "accessibility", "method": f"{tool}; automated checks find only a part of the barriers"}
    yield {**place, "measure": "pages checked", "count": found.pages}
    yield {**place, "measure": "pages without rules", "count": found.pages_without_rules}
    yield {**place, "measure": "findings", "count": sum(f.count for f in found.findings)}
    for finding in found.findings:
        yield {"table": "accessibility", **_finding(finding)}
    if found.needs_review is not None:
        count = sum(f.count for f in found.needs_review)
        yield {**place, "table": "needs review", "measure": "all", "count": count}
    for finding in found.needs_review or ():
        yield {"table": "needs review", **_finding(finding)}


def _finding(finding: AccessibilityFinding) -> Line:
    wcag = f"WCAG {' '.join(finding.criteria)}" if finding.criteria else "no criterion named"
    return {
        "measure": finding.rule,
        "category": finding.page,
        "count": finding.count,
        "method": f"{finding.impact or 'impact not named'}; {wcag}",
    }


def _rate(rate: Rate) -> Line:
    return {
        "count": rate.good,
        "n": rate.n,
        "share": rate.share,
        "low": rate.low,
        "high": rate.high,
        "method": rate.method,
        "target_percent": rate.target,
        "standing": rate.standing,
    }

"""Indicators with every kind of figure, for the tests of what reports say of them."""

import msgspec

from conformance.indicators.indicator_results import (
    Accessibility,
    AccessibilityFinding,
    Comparison,
    Distribution,
    FrameRow,
    Funnel,
    FunnelPoint,
    Indicators,
    Intake,
    MonthFigure,
    OutcomeCount,
    PercentileFigure,
    Question,
    RateFigure,
    ReasonCount,
    Survey,
    TermText,
    TimeFigure,
)
from conformance.indicators.rates import rate
from conformance.results import Results
from tests.reports.examples import MARKUP, RICH, SEC, text

HIDDEN = rate(None, 40, 90)


def distribution(service, hidden=False):
    strict = HIDDEN if hidden else rate(30, 40, 90, population=60)
    return Distribution(
        question="Q1",
        service=service,
        invited=60,
        answered=42,
        counts=(None, None, 30) if hidden else (5, 5, 30),
        skipped=2,
        strict=strict,
        lenient=HIDDEN if hidden else rate(35, 40, 90),
        least=None if hidden else 0.5,
        most=None if hidden else 0.833333,
        lenient_least=None,
        lenient_most=None,
        weighted=None if hidden else 0.7,
        design_effect=None if hidden else 1.25,
    )


def indicators(origin="simulated", survey=True):
    frame = FrameRow(
        path="portal",
        outcome="refused",
        channel=None,
        eligible=60,
        invited=60,
        answered=42,
        response=rate(42, 60, None),
    )
    asked = Survey(
        simulated=origin == "simulated",
        sha256="ab" * 32,
        instrument="annex-3",
        assumption="ASSUME-23",
        model="default" if origin == "simulated" else None,
        questions=(
            Question(id="Q1", question=text("Content?"), answers=(text("no"), text("so"), text("yes"))),
        ),
        intake=Intake(
            lines=90,
            used=84,
            rejects={"BAD_ANSWER": 6},
            unknown_cases=1,
            not_ended_cases=0,
            early=0,
            first_asked="2013-05-15T04:00:00.000000Z",
            last_asked=None,
        ),
        frame=(
            frame,
            msgspec.structs.replace(frame, path=None, outcome=None),
            msgspec.structs.replace(frame, path=None, outcome=None, channel=MARKUP, eligible=None),
        ),
        distributions=(distribution(None), distribution("S1", hidden=True)),
    )
    percentiles = tuple(
        PercentileFigure(percent=p, value_us=v, low_us=SEC, high_us=None)
        for p, v in ((50, 9 * SEC), (90, None))
    )
    return Indicators(
        origin=origin,
        cases=61,
        excluded=1,
        taken="2013-05-20T02:07:39.493844Z",
        taken_known=False,
        targets_assumption="ASSUME-22",
        outcomes=(
            OutcomeCount(
                service="S1",
                path="portal",
                counts={"accepted": 40, "refused": 20, "failed": 0, "dropped": 0, "open": 0},
            ),
        ),
        terms=(
            TermText(service="S1", path="portal", clause="S1/9", assumption=None, gist=text("the same day")),
        ),
        rates=(
            RateFigure(
                measure="timeliness",
                service="S1",
                path="portal",
                rate=rate(58, 59, 95),
                unsure=1,
                open=2,
                least=0.966,
                most=0.983,
            ),
            RateFigure(measure="completion", service="S1", path="portal", rate=rate(60, 60, None)),
            RateFigure(measure="availability", service=None, path="portal", rate=rate(0, 0, None)),
        ),
        reasons=(
            ReasonCount(service=None, code="NOT_ATTACHED", n=None),
            ReasonCount(service=None, code=MARKUP, n=9),
        ),
        reasons_shown=True,
        times=(
            TimeFigure(
                service="S1",
                path="portal",
                n=40,
                open=3,
                unusable=1,
                method="survival",
                percentiles=(*percentiles, percentiles[0]),
                within=rate(58, 59, 95),
            ),
            TimeFigure(
                service="S1",
                path="desk",
                n=0,
                open=3,
                unusable=0,
                method="survival",
                percentiles=(),
                within=None,
            ),
        ),
        months=(
            MonthFigure(
                measure="timeliness", service="S1", path="portal", month="2013-05", rate=rate(20, 20, None)
            ),
            MonthFigure(
                measure="completion", service="S1", path=None, month="2013-06", rate=rate(3, 4, None)
            ),
        ),
        comparisons=(
            Comparison(
                measure="completion",
                service="S1",
                first="2013-06",
                second="2013-05",
                difference=0.02,
                low=-0.1,
                high=0.14,
                p=0.5,
                corrected_p=1.0,
                shown=False,
            ),
            Comparison(
                measure="timeliness portal",
                first="S1",
                second="S2",
                difference=-0.12,
                low=-0.2,
                high=-0.04,
                p=0.0001,
                corrected_p=0.0003,
                shown=True,
            ),
        ),
        funnels=(
            Funnel(
                measure="timeliness",
                centre=0.95,
                points=tuple(
                    FunnelPoint(
                        unit=unit,
                        good=good,
                        n=60,
                        low_95=54,
                        high_95=60,
                        low_998=51,
                        high_998=60,
                        place=place,
                    )
                    for unit, good, place in (("S1 portal", 58, "inside"), ("S2 portal", 40, "far_below"))
                ),
            ),
        ),
        survey=asked if survey else None,
    )


FINDING = AccessibilityFinding(
    page=f"clinic.example/{MARKUP}",
    rule="image-alt",
    count=7,
    impact="critical",
    criteria=("1.1.1", "1.4.12"),
)
REVIEW = AccessibilityFinding(page="=cmd", rule="color-contrast", count=2, impact="serious", criteria=())


def checked(*findings, review=()):
    """Return the indicators with what a tool found on three pages."""
    found = Accessibility(
        tool="axe-core",
        tool_version="4.10.2",
        sha256="ef" * 32,
        entries=4,
        pages=3,
        pages_without_rules=1,
        first_checked="2024-05-15T04:00:00Z",
        last_checked="2024-05-15T04:00:00Z",
        findings=findings,
        needs_review=review,
    )
    return msgspec.structs.replace(indicators(), accessibility=found)


def with_indicators(found) -> Results:
    return msgspec.structs.replace(RICH, indicators=found)

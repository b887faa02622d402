"""The computed indicators as figures: rates, refusal reasons, times, comparisons, funnels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from conformance.indicators.case_counts import CaseCounts, Group
from conformance.indicators.comparisons import Difference, Share, compare_pairs, holm
from conformance.indicators.definitions import COMPLETED, IndicatorRules, Outcome, Targets
from conformance.indicators.duration_figures import Durations
from conformance.indicators.funnel import funnel_limits, place_in_funnel
from conformance.indicators.indicator_results import (
    Comparison,
    Funnel,
    FunnelPoint,
    MonthFigure,
    OutcomeCount,
    PercentileFigure,
    Rate,
    RateFigure,
    ReasonCount,
    TimeFigure,
)
from conformance.indicators.rates import HIDDEN, MET, NO_DATA, NOT_MET, NOT_SHOWN, bounds, rate
from conformance.indicators.suppression import Sum, hide_small

MOST_UNITS = 200
"""How many units a funnel shows; the smallest are left out."""
_DIGITS = 6

_Pair = tuple[str, str | None, Difference]
"""A measure, the service whose months are compared (None: services are), and the difference."""


def outcome_counts(counts: CaseCounts) -> tuple[OutcomeCount, ...]:
    """Return how the cases of every group stand; every outcome is named, also those that nobody had."""
    return tuple(
        OutcomeCount(
            service=group.service,
            path=group.path,
            counts={str(o): counts.by_outcome.get((group, o), 0) for o in Outcome},
        )
        for group in groups_of(counts)
    )


def groups_of(counts: CaseCounts) -> list[Group]:
    """Return the services and paths that the log shows."""
    return sorted({group for group, _ in counts.by_outcome})


def timeliness_figures(counts: CaseCounts, targets: Targets) -> list[RateFigure]:
    """Return the share answered in time, for every group that has a term."""
    found = []
    for group in sorted({group for group, _ in counts.timeliness}):
        kept, missed, unsure, open_ = (
            counts.timeliness.get((group, word), 0) for word in ("kept", "missed", "unsure", "open")
        )
        figure = RateFigure(
            measure="timeliness",
            service=group.service,
            path=group.path,
            rate=rate(kept, kept + missed, targets.timeliness),
            open=open_,
        )
        found.append(_with_unsure(figure, unsure + counts.lost))
    return found


def _with_unsure(figure: RateFigure, unsure: int) -> RateFigure:
    """Call the target met only if it is with every *unsure* case bad, not met only with every one good."""
    good, n, target = figure.rate.good or 0, figure.rate.n or 0, figure.rate.target
    if not unsure:
        return figure
    everything, shown = n + unsure, figure.rate
    if target is not None:
        worst_low, _, _ = bounds(good, everything)
        _, best_high, _ = bounds(good + unsure, everything)
        share = target / 100
        standing = MET if worst_low > share else NOT_MET if best_high < share else NOT_SHOWN
        shown = msgspec.structs.replace(shown, standing=standing)
    return msgspec.structs.replace(
        figure,
        rate=shown,
        unsure=unsure,
        least=round(good / everything, _DIGITS),
        most=round((good + unsure) / everything, _DIGITS),
    )


def completion_figures(counts: CaseCounts, targets: Targets) -> list[RateFigure]:
    """Return the share of closed cases that ended in a result or in a refusal with its reason."""
    services = sorted({group.service for group in groups_of(counts)})
    found = [_completion(counts, targets, group.service, group.path) for group in groups_of(counts)]
    return [*(_completion(counts, targets, service, None) for service in services), *found]


def _completion(counts: CaseCounts, targets: Targets, service: str, path: str | None) -> RateFigure:
    def number(outcomes: Iterable[str]) -> int:
        wanted = frozenset(outcomes)
        return sum(
            n
            for (group, outcome), n in counts.by_outcome.items()
            if outcome in wanted and group.service == service and path in (None, group.path)
        )

    closed = number(set(Outcome) - {Outcome.OPEN})
    figure = RateFigure(
        measure="completion",
        service=service,
        path=path,
        rate=rate(number(COMPLETED), closed, targets.completion),
        open=number({Outcome.OPEN}),
    )
    return _with_unsure(figure, counts.lost)


def digital_figures(counts: CaseCounts, rules: IndicatorRules) -> list[RateFigure]:
    """Return the share of cases that came by a digital path, per service and over all."""
    found = []
    for service in (None, *sorted({group.service for group in groups_of(counts)})):
        own = [(g, n) for (g, _), n in counts.by_outcome.items() if service in (None, g.service)]
        digital = sum(n for group, n in own if group.path in rules.digital_paths)
        figure = rate(digital, sum(n for _, n in own), None)
        found.append(RateFigure(measure="digital", service=service, path=None, rate=figure))
    return found


def availability_figures(counts: CaseCounts, rules: IndicatorRules) -> list[RateFigure]:
    """Return, per path with a rule, the share of cases that tried the system and never met it unavailable."""
    found = []
    for entry in rules.availability:
        tried, met = counts.attempts.get(entry.path, (0, 0))
        shown = rate(tried - met, tried, rules.targets.availability)
        figure = RateFigure(measure="availability", service=None, path=entry.path, rate=shown)
        found.append(_with_unsure(figure, counts.lost))
    return found


def reason_counts(counts: CaseCounts) -> tuple[tuple[ReasonCount, ...], bool]:
    """Return the refusals by reason, per service and over all, and whether they may be shown at all.

    How many refusals a service has is public; small counts of a reason are hidden.
    """
    services = sorted({service for service, _ in counts.reasons})
    codes = sorted({code for _, code in counts.reasons})
    cells = {_reason(s, c): counts.reasons.get((s, c), 0) for s in services for c in codes}
    sums = []
    for service in services:
        cells[f"total {service}"] = sum(cells[_reason(service, code)] for code in codes)
        sums.append(Sum(f"total {service}", tuple(_reason(service, code) for code in codes)))
    for code in codes:
        cells[_reason(None, code)] = sum(cells[_reason(service, code)] for service in services)
        sums.append(Sum(_reason(None, code), tuple(_reason(service, code) for service in services)))
    hidden = hide_small(cells, sums, public=[f"total {service}" for service in services])
    if hidden is None:
        return (), False
    return tuple(
        ReasonCount(service=s, code=code, n=None if _reason(s, code) in hidden else cells[_reason(s, code)])
        for s in (None, *services)
        for code in codes
        if s is None or _reason(s, code) in hidden or cells[_reason(s, code)]
    ), True


def _reason(service: str | None, code: str) -> str:
    return f"{service or '*'} {code}"


def time_figures(
    durations: Mapping[Group, Durations], timeliness: Sequence[RateFigure]
) -> tuple[TimeFigure, ...]:
    """Return the times to the result with the share within the act's term beside them."""
    within = {(figure.service, figure.path): figure.rate for figure in timeliness}
    return tuple(
        TimeFigure(
            service=group.service,
            path=group.path,
            n=found.n,
            open=found.open,
            unusable=found.unusable,
            method=found.method,
            percentiles=tuple(
                PercentileFigure(percent=p.percent, value_us=p.value_us, low_us=p.low_us, high_us=p.high_us)
                for p in found.percentiles
            ),
            within=within.get((group.service, group.path)),
        )
        for group, found in durations.items()
    )


def compare_figures(
    figures: Sequence[tuple[str, str, Rate]], months: Sequence[MonthFigure]
) -> tuple[Comparison, ...]:
    """Return every pair of services, and every month with the calendar month before it, for every measure.

    *figures* are measure, service and rate; hidden and empty ones are in no pair. p is corrected for how many
    pairs there are in all.
    """
    pairs = [*_pairs_of_services(figures), *_pairs_of_months(months)]
    corrected = holm([difference.p for _, _, difference in pairs])
    return tuple(
        Comparison(
            measure=measure,
            service=service,
            first=d.first,
            second=d.second,
            difference=round(d.difference, _DIGITS),
            low=round(d.low, _DIGITS),
            high=round(d.high, _DIGITS),
            p=round(d.p, _DIGITS),
            corrected_p=round(p, _DIGITS),
            shown=p < 0.05,
        )
        for (measure, service, d), p in zip(pairs, corrected, strict=True)
    )


def _pairs_of_services(figures: Sequence[tuple[str, str, Rate]]) -> Iterator[_Pair]:
    for measure in dict.fromkeys(measure for measure, _, _ in figures):
        shares = [
            Share(service, r.good or 0, r.n or 0)
            for name, service, r in figures
            if name == measure and r.standing not in (HIDDEN, NO_DATA)
        ]
        for difference in compare_pairs(shares):
            yield measure, None, difference


def _pairs_of_months(months: Sequence[MonthFigure]) -> Iterator[_Pair]:
    for before, after in pairwise(months):
        if (before.measure, before.service, before.path) != (after.measure, after.service, after.path):
            continue
        if _number_of(after.month) - _number_of(before.month) != 1:  # no figures stand between them
            continue
        shares = [
            Share(figure.month, figure.rate.good or 0, figure.rate.n or 0) for figure in (after, before)
        ]
        measure = after.measure if after.path is None else f"{after.measure} {after.path}"
        for difference in compare_pairs(shares):
            yield measure, after.service, difference


def _number_of(month: str) -> int:
    """Return which month ``YYYY-MM`` is, counted from the year 0."""
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def funnel_of(measure: str, figures: Sequence[RateFigure], target: int | None) -> Funnel | None:
    """Return the units (service and path) around the target, or the share of all; None for fewer than two."""
    units = [
        (f"{figure.service} {figure.path}", figure.rate.good or 0, figure.rate.n or 0)
        for figure in figures
        if figure.path is not None and figure.service is not None and figure.rate.n
    ]
    if len(units) < 2:
        return None
    centre = target / 100 if target is not None else sum(g for _, g, _ in units) / sum(n for _, _, n in units)
    points = []
    for unit, good, n in sorted(units, key=lambda u: (-u[2], u[0]))[:MOST_UNITS]:
        limits = funnel_limits(n, centre)
        points.append(
            FunnelPoint(
                unit=unit,
                good=good,
                n=n,
                low_95=limits.low_95,
                high_95=limits.high_95,
                low_998=limits.low_998,
                high_998=limits.high_998,
                place=place_in_funnel(good, limits),
            )
        )
    return Funnel(measure=measure, centre=round(centre, _DIGITS), points=tuple(points))

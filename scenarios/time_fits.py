"""Fit the times of steps and decisions, each by the law that its station is to be given.

A log shows one time for a step that several stations serve in a row (P5: citizen, portal, gateway). Then the
world's laws are kept for all of them but one, the *carrier*: the one that takes longest in the world. Its
law is fitted to what is left of the measured time when the moments of the others are taken away, and it is
held against the measured times together with them. So the step as a whole takes as long as it was measured,
and no short station is given the time of a long one. Where the others alone take longer than was measured,
all are stretched alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace

from conformance.fit_results import Candidate, Gap, TimeFit
from scenarios.arrival_fits import shown_shares
from scenarios.fit_rows import Sample
from scenarios.law_fits import (
    CLOSE,
    LEAST_P,
    Cumulants,
    Distance,
    constant_law,
    cumulants_of,
    distance,
    fitted_laws,
    law_text,
    laws_of_moments,
    measured_law,
    sample_cdf,
    scaled_law,
    spread_evenly,
)
from sim.laws import Law, draw_many_us
from sim.streams import Streams

LEAST_ROWS = 30
"""With fewer times no law is fitted; the world's is kept."""
LEAST_LEFT = 0.05
"""The carrier must keep this share of the measured mean."""
DRAWN = 100_000
SEED = 0


@dataclass(frozen=True, slots=True)
class FittedTime:
    """What was found of one time, with the laws to play by station; none are the world's."""

    fit: TimeFit
    laws: Mapping[str, Law]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measured time, in order; *others_us* is what the stations beside the carrier take in the world."""

    name: str
    x: Any
    sample: Sample
    world: Mapping[str, Law]
    carrier: str
    others_us: Any

    @property
    def stations(self) -> tuple[str, ...]:
        return tuple(self.world)

    @property
    def left(self) -> Cumulants:
        """Return what the carrier has to add so that the sum is as measured: cumulants of a sum add up."""
        return cumulants_of(self.x).less(cumulants_of(self.others_us))

    def played_us(self, law: Law) -> Any:
        """Return times of the step as they come if the carrier has *law*."""
        return _drawn(f"{self.name}/carrier", law) + self.others_us


def fit_time(name: str, sample: Sample, world: Mapping[str, Law], resolution_us: int) -> FittedTime:
    """Fit the time *name*, measured as *sample*, that the stations of *world* serve in this order."""
    gaps = _gaps(name, sample)
    if sample.used < LEAST_ROWS:
        gaps.append(Gap(code="few_times", place=name, n=sample.used, total=LEAST_ROWS))
        return FittedTime(_kept(name, world, sample), {}, tuple(gaps))
    if resolution_us > 1_000 and resolution_us > float(np.mean(sample.times_us)):
        gaps.append(Gap(code="clock_too_coarse", place=name, n=resolution_us))
        return FittedTime(_kept(name, world, sample), {}, tuple(gaps))
    if resolution_us >= 1_000:
        gaps.append(Gap(code="coarse_clock", place=name, n=resolution_us))
    measured = _measured(name, spread_evenly(sample.times_us, resolution_us), sample, world)
    if len(world) == 1:
        found = _fitted_alone(measured, constant_us=2 * resolution_us)
    else:
        gaps.append(Gap(code="several_stations", place=name, detail=", ".join(world)))
        enough = measured.left.mean >= LEAST_LEFT * float(np.mean(measured.x))
        found = _fitted_in_sum(measured) if enough else _stretched(measured)
    return FittedTime(found.fit, found.laws, (*gaps, *found.gaps))


def _gaps(name: str, sample: Sample) -> list[Gap]:
    """Return what is said of executions that gave no time."""
    counted = (
        ("open_rows", sample.open),
        ("no_start", sample.unstarted),
        ("negative_times", sample.negative),
        ("huge_times", sample.huge),
    )
    gaps = [Gap(code=code, place=name, n=n, total=sample.rows) for code, n in counted if n]
    if len(sample.times_us) < sample.used:
        gaps.append(Gap(code="sampled", place=name, n=len(sample.times_us), total=sample.used))
    return gaps


def _kept(name: str, world: Mapping[str, Law], sample: Sample) -> TimeFit:
    x = sample.times_us / 1e6
    known = len(x) > 0
    return TimeFit(
        name=name,
        stations=tuple(world),
        carrier=None,
        status="kept",
        family=None,
        law=None,
        rows=sample.rows,
        used=sample.used,
        sampled=len(x),
        mean_s=_rounded(np.mean(x)) if known else None,
        deviation_s=_rounded(np.std(x)) if known else None,
        median_s=_rounded(np.median(x)) if known else None,
        p95_s=_rounded(np.quantile(x, 0.95)) if known else None,
    )


def _measured(name: str, x: Any, sample: Sample, world: Mapping[str, Law]) -> _Measured:
    """Return the time with who carries it, and what the others take."""
    drawn = {station: _drawn(f"{name}/{station}", law) for station, law in world.items()}
    carrier = max(drawn, key=lambda station: float(np.mean(drawn[station])))
    rest = [times for station, times in drawn.items() if station != carrier]
    return _Measured(name, x, sample, world, carrier, np.sum(rest, axis=0) if rest else np.zeros(1))


def _drawn(purpose: str, law: Law) -> Any:
    return draw_many_us(law, Streams(SEED).stream(f"fit/{purpose}"), DRAWN).astype(float)


def _fitted_alone(one: _Measured, constant_us: int) -> FittedTime:
    """Return the law of the family with the least AICc, or the measured quantiles if it is not acceptable."""
    if float(one.x[-1] - one.x[0]) <= constant_us:
        return _found(one, "constant", constant_law(float(np.mean(one.x))), ())
    laws = fitted_laws(one.x[one.x > 0])
    candidates = tuple(
        Candidate(family=law.family, aicc=_rounded(law.aicc), ks=_rounded(distance(one.x, law.cdf).ks))
        for law in laws
    )
    for best in laws[:1]:
        if _is_acceptable(distance(one.x, best.cdf)):
            return _found(one, best.family, best.law, candidates)
    return _found(one, "quantiles", measured_law(one.x), candidates)


def _fitted_in_sum(one: _Measured) -> FittedTime:
    """Return the law of the carrier with which the sum is closest to the measured times.

    Where no family is acceptable it is the measured quantiles, moved and narrowed to the carrier's mean and
    variance.
    """
    left = one.left
    known = [
        (distance(one.x, sample_cdf(one.played_us(law))), family, law)
        for family, law in laws_of_moments(left)
    ]
    known.sort(key=lambda entry: entry[0].ks)
    candidates = tuple(Candidate(family=family, ks=_rounded(far.ks)) for far, family, _ in known)
    for far, family, law in known[:1]:
        if _is_acceptable(far):
            return _found(one, family, law, candidates)
    narrower = math.sqrt(max(left.variance, 0) / float(np.var(one.x)))
    moved = left.mean + (one.x - float(np.mean(one.x))) * narrower
    return _found(one, "quantiles", measured_law(np.maximum(moved, 0)), candidates)


def _is_acceptable(far: Distance) -> bool:
    return far.p >= LEAST_P or far.ks <= CLOSE


def _found(one: _Measured, family: str, law: Law, candidates: tuple[Candidate, ...]) -> FittedTime:
    steady = family == "constant" and len(one.world) == 1
    fit = _told(_kept(one.name, one.world, one.sample), one.x, one.played_us(law), steady=steady)
    status = "good" if fit.p is None or fit.p >= LEAST_P else "close"
    fit = replace(
        fit,
        carrier=one.carrier,
        status="measured" if family == "quantiles" else status,
        family=family,
        law=law_text(law),
        candidates=candidates,
    )
    poor = family == "quantiles" and fit.ks is not None and fit.ks > CLOSE
    gaps = (Gap(code="poor_sum", place=one.name, detail=f"{fit.ks:.3f}"),) if poor else ()
    return FittedTime(fit, {one.carrier: law}, gaps)


def _stretched(one: _Measured) -> FittedTime:
    """Return the world's laws, all as many times as long as the step was measured longer."""
    total = np.sum([_drawn(f"{one.name}/{station}", law) for station, law in one.world.items()], axis=0)
    factor = float(np.mean(one.x)) / float(np.mean(total))
    laws = {station: scaled_law(law, factor) for station, law in one.world.items()}
    fit = _told(_kept(one.name, one.world, one.sample), one.x, total * factor, steady=False)
    return FittedTime(replace(fit, status="scaled", factor=_rounded(factor)), laws, ())


def _told(fit: TimeFit, x: Any, played: Any, *, steady: bool) -> TimeFit:
    """Return *fit* with the distance of the times as they will be *played* from the measured ones."""
    shares = shown_shares(len(x))
    pairs = zip(np.quantile(played, shares) / 1e6, np.quantile(x, shares) / 1e6, strict=True)
    far = None if steady else distance(x, sample_cdf(played))
    return replace(
        fit,
        ks=None if far is None else _rounded(far.ks),
        p=None if far is None else _rounded(far.p),
        quantiles=tuple((_rounded(a), _rounded(b)) for a, b in pairs),
    )


def _rounded(value: Any) -> float:
    return float(f"{float(value):.6g}")

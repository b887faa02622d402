"""Fit laws of times to measured ones: families by maximum likelihood, compared by AICc, held by KS distance.

Source: H. Akaike, IEEE Trans. Automatic Control 19 (1974), 716-723, corrected for small samples by N.
Sugiura, Communications in Statistics A7 (1978), 13-26. The p-value of a KS distance is too high where the
parameters come from the same data (H. W. Lilliefors, JASA 62 (1967), 399-402), so a law is accepted a little
too easily.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import msgspec
import numpy as np

from sim.durations import MAX_DURATION_US, parse_duration_us
from sim.laws import Constant, Exponential, Gamma, Law, LogNormal, Quantiles, Triangular, Uniform

CRITERION = "AICc"
LEAST_P = 0.05
CLOSE = 0.03
"""A law is close enough to plan with if no share of the times differs by more, even where it is rejected."""

_Z95 = NormalDist().inv_cdf(0.95)
_MOST_QUANTILES = 51
_FEW_QUANTILES = 21
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class FittedLaw:
    """A law of a family with its AICc (the least is the best) and its distribution function."""

    family: str
    law: Law
    aicc: float
    cdf: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Distance:
    """The greatest difference of two distribution functions, and how probable one so large is by chance."""

    ks: float
    p: float


def fitted_laws(times_us: Any) -> list[FittedLaw]:
    """Return the laws of all families that can be fitted to *times_us* (positive, two different at least).

    They come with the best first.
    """
    x = np.sort(np.asarray(times_us, float))
    found = [
        law
        for fit in (_uniform, _triangular, _exponential, _gamma, _lognormal)
        if (law := fit(x)) is not None and math.isfinite(law.aicc)
    ]
    return sorted(found, key=lambda one: one.aicc)


def measured_law(times_us: Any) -> Law:
    """Return the quantiles of *times_us* as a law."""
    count = _MOST_QUANTILES if len(times_us) >= 2 * _MOST_QUANTILES else _FEW_QUANTILES
    values = np.quantile(np.asarray(times_us, float), np.linspace(0, 1, count))
    return Quantiles(values=tuple(duration_text(value) for value in values))


def constant_law(time_us: float) -> Law:
    """Return the law of a time that is always the same."""
    return Constant(value=duration_text(time_us))


def scaled_law(law: Law, factor: float) -> Law:
    """Return *law* with all its times *factor* times as long."""

    def scaled(value: Any) -> Any:
        if isinstance(value, str):
            return duration_text(parse_duration_us(value) * factor)
        return tuple(scaled(part) for part in value) if isinstance(value, tuple) else value

    fields = msgspec.to_builtins(law)
    changed = {name: value if name == "law" else scaled(value) for name, value in fields.items()}
    found: Law = msgspec.convert(changed, Law)
    return found


@dataclass(frozen=True, slots=True)
class Cumulants:
    """Mean, variance and third cumulant of a time; those of a sum of independent times are the sums."""

    mean: float
    variance: float
    third: float

    def less(self, other: "Cumulants") -> "Cumulants":
        """Return what is left of a sum when a part of it is taken away."""
        return Cumulants(self.mean - other.mean, self.variance - other.variance, self.third - other.third)


def cumulants_of(times_us: Any) -> Cumulants:
    """Return the cumulants of measured or drawn times."""
    x = np.asarray(times_us, float)
    mean = float(np.mean(x))
    return Cumulants(mean, float(np.var(x)), float(np.mean((x - mean) ** 3)))


def laws_of_moments(wanted: Cumulants) -> list[tuple[str, Law]]:
    """Return the laws that have the *wanted* mean, and variance where the family has a choice.

    A law that would take negative times is left out; without a variance there is only the constant one.
    """
    mean, variance = wanted.mean, wanted.variance
    laws: list[tuple[str, Law]] = [
        ("constant", constant_law(mean)),
        ("exponential", Exponential(mean=duration_text(mean))),
    ]
    if variance <= 0:
        return laws[:1]
    reach = math.sqrt(3 * variance)
    if reach <= mean:
        laws.append(("uniform", Uniform(low=duration_text(mean - reach), high=duration_text(mean + reach))))
    bounds = _triangle(wanted)
    if bounds[0] >= 0:
        low, mode, high = map(duration_text, bounds)
        laws.append(("triangular", Triangular(low=low, mode=mode, high=high)))
    cv = math.sqrt(variance) / mean
    if 0.01 <= cv <= 10:
        laws.append(("gamma", Gamma(mean=duration_text(mean), cv=round(cv, 4))))
    spread = math.sqrt(math.log1p(cv**2))
    median = mean / math.sqrt(1 + cv**2)
    p95 = median * math.exp(min(_Z95 * spread, 40))
    if p95 < MAX_DURATION_US:
        laws.append(("lognormal", LogNormal(p50=duration_text(median), p95=duration_text(p95))))
    return laws


def _triangle(wanted: Cumulants) -> tuple[float, float, float]:
    """Return the triangle with these moments, or the one most askew if none is as askew as that."""
    skew = wanted.third / wanted.variance**1.5

    def skew_at(place: float) -> float:
        shape = (1 - 2 * place) * (1 + place) * (2 - place)
        return float(math.sqrt(2) * shape / (5 * (1 - place + place**2) ** 1.5))

    first, last = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (first + last) / 2
        first, last = (middle, last) if skew_at(middle) > skew else (first, middle)
    width = math.sqrt(18 * wanted.variance / (1 - first + first**2))
    low = wanted.mean - width * (1 + first) / 3
    return low, low + first * width, low + width


def distance(times_us: Any, cdf: Callable[[Any], Any]) -> Distance:
    """Return the Kolmogorov-Smirnov distance of *times_us* from a distribution, with the usual p-value."""
    from scipy.stats import kstwo  # noqa: PLC0415 - slow to load, needed by a fit alone

    x = np.sort(np.asarray(times_us, float))
    n = len(x)
    expected = np.clip(cdf(x), 0, 1)
    steps = np.arange(n + 1) / n
    ks = float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))
    return Distance(ks, float(kstwo.sf(ks, n)))


def sample_cdf(sample: Any) -> Callable[[Any], Any]:
    """Return the distribution function of a large *sample*."""
    known = np.sort(np.asarray(sample, float))
    return lambda x: np.searchsorted(known, x, side="right") / len(known)


def spread_evenly(times_us: Any, resolution_us: int) -> Any:
    """Return times of a coarse clock, sorted, equal ones spread evenly over one tick of it.

    A time of n ticks stands for anything half a tick around; no time becomes negative.
    """
    x = np.sort(np.asarray(times_us, float))
    if resolution_us < 1_000 or len(x) < 2:
        return x
    _, first, counts = np.unique(x, return_index=True, return_counts=True)
    rank = np.arange(len(x)) - np.repeat(first, counts)
    shift = ((rank + 0.5) / np.repeat(counts, counts) - 0.5) * resolution_us
    return np.sort(np.where(x + shift < 0, (x + shift + 0.5 * resolution_us) / 2, x + shift))


def duration_text(time_us: float) -> str:
    """Return a time as a study writes it: to the millisecond from one second on, below to the microsecond."""
    whole = round(min(max(0.0, time_us), MAX_DURATION_US))
    decimals = 3 if whole >= 1_000_000 else 6
    text = f"{min(whole, MAX_DURATION_US) / 1_000_000:.{decimals}f}".rstrip("0").rstrip(".")
    return f"{text or '0'} s"


def law_text(law: Law) -> str:
    """Return *law* as a study writes it, in one line."""
    texts = []
    for name, value in msgspec.to_builtins(law).items():
        if isinstance(value, tuple):
            texts.append(f"{name}: [{', '.join(map(json.dumps, value))}]")
        else:
            texts.append(f"{name}: {value if name == 'law' else json.dumps(value)}")
    return f"{{{', '.join(texts)}}}"


def _aicc(log_likelihood: float, parameters: int, n: int) -> float:
    if n <= parameters + 1:
        return math.inf
    correction = 2 * parameters * (parameters + 1) / (n - parameters - 1)
    return 2 * parameters - 2 * log_likelihood + correction


def _uniform(x: Any) -> FittedLaw | None:
    """Fit bounds a little outside of the least and the greatest time, as their expected places are."""
    n = len(x)
    reach = (x[-1] - x[0]) / (n - 1)
    low, high = max(0.0, x[0] - reach), x[-1] + reach
    likelihood = -n * math.log(high - low)
    law = Uniform(low=duration_text(low), high=duration_text(high))
    return FittedLaw("uniform", law, _aicc(likelihood, 2, n), lambda v: (v - low) / (high - low))


def _triangular(x: Any) -> FittedLaw | None:
    from scipy.optimize import minimize  # noqa: PLC0415 - as above

    spread = float(x[-1] - x[0])
    third = 3 * float(np.mean(x)) - float(x[0]) - float(x[-1])

    def shape(point: Any) -> tuple[float, float, float]:
        low = max(0.0, float(x[0]) - spread * math.exp(min(point[0], 3)))
        high = float(x[-1]) + spread * math.exp(min(point[1], 3))
        return low, low + (high - low) / (1 + math.exp(-max(min(point[2], 30), -30))), high

    def loss(point: Any) -> float:
        low, mode, high = shape(point)
        height = 2 / (high - low)
        left = (x - low) / max(mode - low, 1e-9)
        right = (high - x) / max(high - mode, 1e-9)
        density = height * np.where(x <= mode, left, right)
        return -float(np.sum(np.log(np.maximum(density, 1e-300))))

    at = min(max((third - x[0]) / spread, 0.05), 0.95)
    start = [math.log(0.03), math.log(0.03), math.log(at / (1 - at))]
    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 400, "xatol": 1e-3, "fatol": 1e-3})
    low, mode, high = shape(best.x)
    law = Triangular(low=duration_text(low), mode=duration_text(mode), high=duration_text(high))

    def cdf(v: Any) -> Any:
        v = np.clip(v, low, high)
        left = (v - low) ** 2 / ((high - low) * max(mode - low, 1e-9))
        return np.where(v <= mode, left, 1 - (high - v) ** 2 / ((high - low) * max(high - mode, 1e-9)))

    return FittedLaw("triangular", law, _aicc(-float(best.fun), 3, len(x)), cdf)


def _exponential(x: Any) -> FittedLaw | None:
    mean = float(np.mean(x))
    likelihood = -len(x) * (math.log(mean) + 1)
    law = Exponential(mean=duration_text(mean))
    return FittedLaw("exponential", law, _aicc(likelihood, 1, len(x)), lambda v: -np.expm1(-v / mean))


def _gamma(x: Any) -> FittedLaw | None:
    """Fit by maximum likelihood: the shape solves log k - digamma(k) = log of mean - mean of logs."""
    from scipy.special import digamma, gammainc, gammaln  # noqa: PLC0415 - as above

    mean, logs = float(np.mean(x)), float(np.mean(np.log(x)))
    wanted = math.log(mean) - logs
    low, high = 0.01, 10_000.0
    if not math.log(high) - float(digamma(high)) < wanted < math.log(low) - float(digamma(low)):
        return None
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if math.log(middle) - float(digamma(middle)) > wanted else (low, middle)
    k = low
    likelihood = len(x) * ((k - 1) * logs - k - k * math.log(mean / k) - float(gammaln(k)))
    law = Gamma(mean=duration_text(mean), cv=round(1 / math.sqrt(k), 4))
    return FittedLaw("gamma", law, _aicc(likelihood, 2, len(x)), lambda v: gammainc(k, k * v / mean))


def _lognormal(x: Any) -> FittedLaw | None:
    from scipy.special import ndtr  # noqa: PLC0415 - as above

    logs = np.log(x)
    centre, spread = float(np.mean(logs)), float(np.std(logs))
    p95 = math.exp(min(centre + _Z95 * spread, 40.0))
    if not spread > 0 or p95 >= MAX_DURATION_US:
        return None
    likelihood = -len(x) * (math.log(spread) + 0.5 * math.log(2 * math.pi) + 0.5 + centre)
    law = LogNormal(p50=duration_text(math.exp(centre)), p95=duration_text(p95))
    return FittedLaw(
        "lognormal", law, _aicc(likelihood, 2, len(x)), lambda v: ndtr((np.log(v) - centre) / spread)
    )

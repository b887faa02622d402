"""Who comes, and when: as many as the study says, spread as it says, the same people whatever the load.

Seeds are fixed; the tolerances are five standard deviations of what is counted, unless said otherwise.
"""

import math
from datetime import date

import numpy as np
import pytest

from conformance.calendar import local_time, parse_local
from sim.durations import UNITS_US
from sim.load.arrivals import (
    FixedSource,
    PoissonSource,
    flash_moments_us,
    poisson_intensity,
    scaled_moments_us,
)
from sim.load.study import Factor, Flash, Poisson, Profile
from sim.load.timeline import Span

ZONE = "Asia/Almaty"
DAY, HOUR = UNITS_US["d"], UNITS_US["h"]
MONDAY = parse_local("2013-05-13T00:00", ZONE)
WEEK = Span(MONDAY, MONDAY + 7 * DAY, ZONE)
WHO = {"id": "who", "service": "doctor-home-call", "path": "portal"}


def poisson(**changes):
    return Poisson(**WHO, **{"per_day": 1000.0} | changes)


def arrivals(stream, span=WEEK, load=1.0, seed=5):
    source = PoissonSource(poisson_intensity(stream, span, load), np.random.default_rng(seed))
    return source.until(span.horizon_us)


def near(count, expected):
    return abs(count - expected) <= 5 * math.sqrt(expected)


def test_as_many_come_as_the_study_says_each_day():
    counts = np.bincount((arrivals(poisson()) - MONDAY) // DAY, minlength=7)
    assert all(near(count, 1000) for count in counts)


def test_counts_scatter_as_those_of_people_who_do_not_know_each_other():
    moments = arrivals(poisson(per_day=24_000))
    counts = np.bincount((moments - MONDAY) // (HOUR // 6), minlength=7 * 144)
    dispersion = counts.var(ddof=1) / counts.mean()
    assert abs(dispersion - 1) <= 5 * math.sqrt(2 / (len(counts) - 1))
    gaps = np.diff(moments)
    assert abs(gaps.std() / gaps.mean() - 1) < 5 / math.sqrt(len(gaps))


def test_a_profile_spreads_them_over_the_day_and_the_week_and_leaves_their_number():
    profile = Profile(
        day={"00:00": 0.0, "08:00": 3.0, "12:00": 1.0, "20:00": 0.0}, week={"saturday": 0.5, "sunday": 0.0}
    )
    moments = arrivals(poisson(per_day=5000, profile=profile))
    assert near(len(moments), 35_000)
    local = [local_time(int(moment), ZONE) for moment in moments]
    hours = np.bincount([moment.hour for moment in local], minlength=24)
    assert hours[:8].sum() == hours[20:].sum() == 0
    assert near(hours[8:12].sum(), 35_000 * 12 / 20)
    assert near(hours[12:20].sum(), 35_000 * 8 / 20)
    days = np.bincount([moment.weekday() for moment in local], minlength=7)
    assert days[6] == 0
    assert near(days[5], 35_000 * 0.5 / 5.5)
    assert all(near(count, 35_000 / 5.5) for count in days[:5])


def test_factors_multiply_in_their_time_alone():
    factors = (
        Factor(start="2013-05-14T06:00", end="2013-05-14T18:00", times=4),
        Factor(start="2013-05-14T12:00", end="2013-05-15T00:00", times=0),
    )
    moments = arrivals(poisson(per_day=24_000, factors=factors))
    begins = parse_local("2013-05-14T06:00", ZONE)
    quarter = np.bincount((moments[moments >= begins] - begins) // (6 * HOUR))
    assert near(quarter[0], 24_000)
    assert quarter[1] == quarter[2] == 0
    assert near(quarter[3], 6_000)


def test_twice_the_load_is_the_same_people_who_come_in_half_the_time():
    once, twice = arrivals(poisson()), arrivals(poisson(), load=2.0)
    scaled = arrivals(poisson(scale=2.0))
    assert np.array_equal(twice, scaled)
    count = len(once)
    assert np.abs(2 * (twice[:count] - MONDAY) - (once - MONDAY)).max() <= 2


def test_in_how_many_pieces_they_are_asked_for_changes_nothing():
    stream = poisson(per_day=20_000)
    whole = arrivals(stream)
    for pieces in (2, 7, 1000):
        source = PoissonSource(poisson_intensity(stream, WEEK, 1.0), np.random.default_rng(5))
        bounds = np.linspace(MONDAY, WEEK.horizon_us, pieces + 1).astype(np.int64)[1:]
        assert np.array_equal(np.concatenate([source.until(int(bound)) for bound in bounds]), whole)


def test_half_of_a_crowd_has_come_after_its_half_life():
    flash = Flash(**WHO, start="2013-05-14T09:00", count=40_000, half_life="10 min")
    begins = parse_local("2013-05-14T09:00", ZONE)
    moments = flash_moments_us(flash, WEEK, 1.0, np.random.default_rng(7))
    assert len(moments) == 40_000
    assert moments[0] >= begins
    for half_lives, share in ((1, 1 / 2), (2, 3 / 4), (3, 7 / 8)):
        come = int((moments < begins + half_lives * 10 * UNITS_US["min"]).sum())
        assert abs(come - 40_000 * share) <= 5 * math.sqrt(40_000 * share * (1 - share))


def test_a_daily_crowd_comes_on_each_day_and_nobody_after_the_end():
    flash = Flash(**WHO, start="23:00", count=1000, half_life="1 h", daily=True)
    moments = flash_moments_us(flash, WEEK, 0.5, np.random.default_rng(7))
    hours = np.bincount((moments - MONDAY) // HOUR, minlength=7 * 24)
    assert moments.max() < WEEK.horizon_us
    assert [hour % 24 for hour in np.flatnonzero(hours > 200)] == [23] * 7
    assert hours[: 7 * 24 - 1][22::24].max() < 20


def test_known_moments_are_multiplied_whole_and_by_chance():
    known = np.arange(10_000, dtype=np.int64)
    assert np.array_equal(scaled_moments_us(known, 1.0, np.random.default_rng(1)), known)
    assert np.array_equal(scaled_moments_us(known, 3.0, np.random.default_rng(1)), np.repeat(known, 3))
    assert near(len(scaled_moments_us(known, 1.25, np.random.default_rng(1))) - 10_000, 2_500)
    assert len(scaled_moments_us(known, 0.0, np.random.default_rng(1))) == 0
    source = FixedSource(known)
    assert [len(source.until(at)) for at in (0, 10, 10, 20_000)] == [0, 10, 0, 9_990]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2013-03-31", 23),
        ("Europe/Berlin", "2013-10-27", 25),
        ("America/Sao_Paulo", "2013-10-20", 23),  # the midnight of this day does not exist
        (ZONE, "2013-03-31", 24),
    ],
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(zone, day, hours):
    span = Span(
        parse_local(f"{day}T12:00", zone) - 36 * HOUR, parse_local(f"{day}T12:00", zone) + 36 * HOUR, zone
    )
    begins, ends = (span.local_us(date.fromisoformat(day), text) for text in ("00:00", "24:00"))
    assert ends - begins == hours * HOUR
    assert begins in set(span.days_us())
    moments = arrivals(poisson(per_day=24_000), span)
    assert near(int(((moments >= begins) & (moments < ends)).sum()), hours * 1000)
    night = arrivals(
        poisson(per_day=24_000, profile=Profile(day={"00:00": 0.0, "02:30": 1.0, "05:00": 0.0})), span
    )
    local = {local_time(int(moment), zone).hour for moment in night}
    assert local <= {2, 3, 4}

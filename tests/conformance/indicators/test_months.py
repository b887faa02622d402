"""A month is compared with the one before it; p is corrected for all comparisons of the report together."""

import pytest

from conformance.indicators.case_counts import count_cases
from conformance.indicators.case_figures import compare_figures
from conformance.indicators.case_table import make_case_table
from conformance.indicators.month_figures import MOST_MONTHS, month_figures
from conformance.indicators.rates import rate
from conformance.log_file import write_log
from conformance.log_store import opened_log
from conformance.pack import load_pack
from tests.conformance.fragments import HOUR, at, row
from tests.conformance.indicators.plain_indicators import manifest_of

PACK = load_pack("astana-106-1923")


def cases(month, kept, missed):
    """Return so many cases of S1 that were answered on the day, and so many a week late."""
    rows = []
    for number in range(kept + missed):
        name, asked = f"{month}-{number:03}", at(f"{month}-14T10:00")
        answered = asked + (HOUR if number < kept else 7 * 24 * HOUR)
        rows += [row("P5", asked, asked, case_id=name), row("P8", answered, answered, case_id=name)]
    return rows


@pytest.fixture
def figures(tmp_path):
    def of(*rows):
        write_log([each for month in rows for each in month], tmp_path / "log.parquet")
        with opened_log(tmp_path / "log.parquet") as database:
            return month_figures(
                count_cases(make_case_table(database, PACK, PACK.indicators, manifest_of(PACK)))
            )

    return of


def test_every_month_has_its_share(figures):
    found = figures(cases("2013-05", 8, 2), cases("2013-06", 3, 7), cases("2013-08", 1, 0))
    told = [(f.measure, f.path, f.month, f.rate.good, f.rate.n) for f in found]
    assert told == [
        ("timeliness", "portal", "2013-05", 8, 10),
        ("timeliness", "portal", "2013-06", 3, 10),
        ("timeliness", "portal", "2013-08", 1, 1),
        ("completion", None, "2013-05", 10, 10),
        ("completion", None, "2013-06", 10, 10),
        ("completion", None, "2013-08", 1, 1),
    ]


def test_a_case_belongs_to_the_local_month_in_which_it_began(figures):
    begun, ended = at("2013-05-31T23:59"), at("2013-06-01T00:01")
    last = [row("P5", begun, ended, case_id="c"), row("P8", ended, ended, case_id="c")]
    assert {f.month for f in figures(last, cases("2013-06", 1, 0))} == {"2013-05", "2013-06"}


def test_a_log_of_one_month_has_nothing_to_compare(figures):
    assert figures(cases("2013-05", 2, 2)) == ()


def test_of_a_long_log_the_last_months_are_shown(figures):
    months = [f"{year}-{month:02}" for year in range(2009, 2014) for month in range(1, 13)]
    found = figures(*(cases(month, 1, 0) for month in months))
    assert [f.month for f in found if f.measure == "completion"] == months[-MOST_MONTHS:]


def test_a_month_is_held_against_the_one_before_it(figures):
    months = figures(cases("2013-05", 40, 0), cases("2013-06", 10, 30), cases("2013-07", 12, 28))
    services = [("completion", "S1", rate(9, 10, None)), ("completion", "S2", rate(8, 10, None))]
    found = compare_figures(services, months)
    told = [(c.measure, c.service, c.first, c.second, c.shown) for c in found]
    assert told == [
        ("completion", None, "S1", "S2", False),
        ("timeliness portal", "S1", "2013-06", "2013-05", True),
        ("timeliness portal", "S1", "2013-07", "2013-06", False),
        ("completion", "S1", "2013-06", "2013-05", False),
        ("completion", "S1", "2013-07", "2013-06", False),
    ]
    fall = found[1]
    assert (fall.difference, fall.low < -0.5 < fall.high) == (-0.75, False)
    assert fall.corrected_p == pytest.approx(5 * fall.p, abs=1e-6)  # the smallest of five


def test_months_with_one_without_figures_between_them_are_not_compared(figures):
    apart = figures(cases("2013-05", 40, 0), cases("2013-07", 10, 30))
    assert compare_figures([], apart) == ()
    over_a_year = figures(cases("2012-12", 40, 0), cases("2013-01", 10, 30), cases("2014-01", 10, 30))
    assert {(c.first, c.second) for c in compare_figures([], over_a_year)} == {("2013-01", "2012-12")}

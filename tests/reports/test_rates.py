"""A rate is told with counts and interval, never rounded to all or nothing; readings and parts are named."""

import msgspec
import pytest

from conformance.regulation import Text
from conformance.results import RateResult, ReadingResult
from conformance.verdicts import Verdict
from reports.html import render_page
from reports.junit import junit_xml
from reports.rates import norm_notes, percent
from reports.terminal import render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import RICH, norm

EN = Texts("en")
RATE = RateResult(
    n=1434,
    met=815,
    undecided=0,
    low=0.54252,
    high=0.59381,
    least=0.54252,
    most=0.59381,
    method="wilson",
    confidence=0.95,
    min_n=1,
)
NOTE = Text(en="the table alone", ru="только таблица", kk="тек кесте")
READ = ReadingResult(id="strict_table", note=NOTE, default=False, counts={"fail": 3, "pass": 1200})


def rated(rate=RATE, **changes):
    return norm("S1.rate", Verdict.FAIL, demand="rate", target=0.9, rate=rate, **changes)


def test_a_rate_is_told_with_its_counts():
    assert norm_notes(rated(), EN) == [
        "815 of 1,434 kept (56.8 %), 95 % interval 54.3 to 59.4 % (Wilson)",
        "asked for: at least 90 %",
    ]


def test_what_is_open_stands_beside_the_rate():
    rate = msgspec.structs.replace(RATE, undecided=105, least=0.263, most=0.3361, min_n=2000)
    assert norm_notes(rated(rate), EN)[1:] == [
        "105 more left open; with them between 26.3 and 33.6 %",
        "asked for: at least 90 %",
        "a claim needs at least 2,000",
    ]


def test_no_percentage_is_made_of_nothing():
    rate = msgspec.structs.replace(RATE, n=0, met=0, low=0.0, high=1.0)
    assert norm_notes(rated(rate), EN) == ["asked for: at least 90 %"]


def test_a_plain_norm_has_no_notes():
    assert norm_notes(norm("S1.P1.limit", Verdict.PASS), EN) == []


def test_readings_and_parts_are_named():
    told = norm_notes(norm("S1.x", Verdict.PASS, readings=(READ,), parts=("S1.a", "S1.b")), EN)
    assert told == ["read as strict_table: not met 3, met 1,200 – the table alone", "parts: S1.a, S1.b"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1.0, "100"),
        (0.99999, "99.9"),
        (0.57, "57"),
        (0.0, "0"),
        (0.00001, "0.1"),
        (0.29, "29"),
        (1250 / 1434, "87.2"),
    ],
)
def test_only_the_whole_is_a_hundred_per_cent(share, shown):
    assert percent(share, EN) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_report_tells_rate_and_readings(language):
    texts = Texts(language)
    shown = rated(readings=(READ,))
    results = msgspec.structs.replace(RICH, norms=(shown, *RICH.norms))
    summary = render_summary(results, texts, width=300)
    for report in (render_page(results, texts), summary, junit_xml(results, texts)):
        for note in norm_notes(shown, texts):
            assert note in report

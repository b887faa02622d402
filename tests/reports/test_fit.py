"""A fit is told in three languages at any width, and drawn, the same each time."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from conformance.fit_results import Gap
from reports.catalogues import LANGUAGES, read_catalogue
from reports.characters import display_width
from reports.fit_charts import ARRIVALS_CHART, QUANTILES_CHART, arrivals_chart, fit_charts, quantile_chart
from reports.fit_text import figure, render_fit
from reports.texts import Texts
from tests.reports.fit_examples import arrival_fit, fit_results, time_fit

ENGLISH = Texts("en")
SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal(language, width):
    text = render_fit(fit_results(), Texts(language), width)
    assert max(map(display_width, text.splitlines())) <= width


def test_every_figure_is_told_with_its_bounds_and_its_test():
    text = " ".join(render_fit(fit_results(), ENGLISH, 400).split())
    for said in (
        "100.0 a day (94.8 to 105.4)",
        "index of dispersion 1.07, p 0.310 Poisson",
        "index of dispersion 3.20, p <0.001 too uneven for Poisson",
        "P5 citizen uniform mean 35.7 s, p95 41.4 s, n 1,390 KS 0.015, p 0.995 not rejected",
        "V1 gamma mean 35.7 s, p95 41.4 s, n 1,390 KS 0.020, p 0.001 close, though rejected",
        "the world's laws, kept",
        "desk at least 3 at work at once 3 people waited",
        "clinic-0 7.1 %",
        "2 more in fit.json",
        "5 % (4 to 6), 70 of 1,400",
        "V6 CUTOFF_MISSED: 15 not a trait: the moment can bring it",
        "P6, P7 not ended and left out: 3 of 1,400",
        "Lilliefors",
    ):
        assert said in text


def test_a_log_that_nobody_plays_is_said_to_have_no_study():
    text = render_fit(fit_results(playable=False), ENGLISH, 80)
    assert "No study was written" in text
    assert "study.yaml" not in text


def test_nothing_of_a_log_reaches_the_terminal_as_a_command():
    text = render_fit(fit_results(arrivals=(arrival_fit(id="\x1b[31mred\n\u202e"),)), ENGLISH, 80)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_every_word_that_a_fit_can_say_is_in_the_catalogues():
    source = "\n".join(path.read_text(encoding="utf-8") for path in SCENARIOS.glob("*fit*.py"))
    codes = set(re.findall(r'code="(\w+)"', source)) | set(re.findall(r'\.say\(\s*"(\w+)"', source))
    codes |= set(re.findall(r'^ +\("(\w+)", (?:intake|self\.rows|sample)\.', source, re.MULTILINE))
    assert len(codes) >= 30
    catalogue = set(read_catalogue("en"))
    assert {f"fit_gap.{code}" for code in codes} <= catalogue
    worded = {name.removeprefix("fit_gap.") for name in catalogue if name.startswith("fit_gap.")}
    assert worded <= codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_drawn_the_same_each_time_with_a_panel_for_each(language):
    results, texts = fit_results(), Texts(language)
    charts = fit_charts(results, texts)
    assert set(charts) == {ARRIVALS_CHART, QUANTILES_CHART}
    assert charts == fit_charts(results, texts)
    shown = "".join(ET.fromstring(charts[QUANTILES_CHART]).itertext())  # noqa: S314 - made here
    assert all(name in shown for name in ("P5", "V1", "doctor-home-call-portal"))
    assert "V7" not in shown


def test_what_was_not_fitted_has_no_chart():
    assert quantile_chart(fit_results(times=(time_fit(quantiles=()),), arrivals=()), ENGLISH) == ""
    assert arrivals_chart(fit_results(arrivals=()), ENGLISH) == ""


def test_a_name_of_a_log_is_no_markup_in_a_chart():
    svg = arrivals_chart(fit_results(arrivals=(arrival_fit(id="<script>$x$"),)), ENGLISH)
    assert "<script>" not in svg
    assert "<script>$x$" in "".join(ET.fromstring(svg).itertext())  # noqa: S314 - made here


def test_many_gaps_are_cut_and_counted():
    gaps = tuple(Gap(code="few_arrivals", place=f"stream-{n}", n=n) for n in range(29))
    assert "9 more in fit.json" in render_fit(fit_results(gaps=gaps), ENGLISH, 80)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.000"), (0.0004, "<0.001"), (0.5, "0.500"), (5.25, "5.25"), (1234.56, "1,234.6")],
)
def test_a_figure_has_the_digits_that_matter(value, text):
    assert figure(value, ENGLISH) == text

"""The chart is drawn from the data, the same each time, with text as text."""

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest

from conformance.verdicts import Verdict
from reports.chart_words import panel_words
from reports.charts import step_chart, step_headline
from reports.marks import draw_marks
from reports.panel import Panel, Where
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import ALL_MET, EMPTY, RICH, SEC, STEPS, measured, step, text

ENGLISH = Texts("en")
CHART = step_chart(RICH, ENGLISH)


def words(svg):
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    return ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]


def with_steps(*steps):
    return msgspec.structs.replace(RICH, steps=steps)


def test_the_same_results_give_the_same_bytes():
    assert step_chart(RICH, ENGLISH) == CHART


def test_the_headline_is_the_finding():
    assert step_headline(RICH, ENGLISH) == (
        "2 of 4 measured steps with a limit went over it. "
        "The worst: doctor-appointment V3, at most 1 h 6 min 40 s against 1 min 30 s."
    )
    assert step_headline(ALL_MET, ENGLISH) == (
        "The one measured step with a limit did not show a violation. "
        "The closest: doctor-home-call P1, at most 59 s against 1 min."
    )
    undecided = with_steps(STEPS[0], msgspec.structs.replace(STEPS[0], verdict=Verdict.INCONCLUSIVE))
    assert " 1 of them stays undecided. The closest" in step_headline(undecided, ENGLISH)
    assert step_headline(with_steps(STEPS[2]), ENGLISH) == "1 step was measured; it has no known limit."


def test_the_words_of_the_chart_are_text():
    shown = words(CHART)
    assert "".join(shown).replace(" ", "").startswith("doctor-home-call") or shown
    joined = " ".join(" ".join(shown).split())
    assert "doctor-home-call · through the portal" in joined
    assert "not met: 1 min 0.04 s of 1 min" in joined
    assert "simulated" in joined.lower()


def test_a_step_that_was_not_measured_is_not_drawn():
    assert not [w for w in words(CHART) if w.startswith("P8")]
    assert [w for w in words(CHART) if w.startswith("P7")]


def test_nothing_measured_gives_a_sentence_and_no_chart():
    assert step_chart(EMPTY, ENGLISH) == ""
    assert step_headline(EMPTY, ENGLISH) == "No step was measured."
    nothing = with_steps(step("P1", "n", Verdict.PASS, limit_s=60, measured=measured(0, 0, 0, 0)))
    assert step_chart(nothing, ENGLISH) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_draws(language):
    assert words(step_chart(RICH, Texts(language)))


@pytest.mark.parametrize(
    "us", [(0, 0, 0), (1, 1, 1), (10**12, 10**13, 10**14), (SEC, 2 * SEC, 3 * SEC)], ids=str
)
@pytest.mark.parametrize("limit_s", [None, 0, 1, 10**6])
def test_any_size_of_figures_draws(us, limit_s):
    one = step("P1", "n", Verdict.FAIL, limit_s=limit_s, measured=measured(1, *us))
    assert words(step_chart(with_steps(one), ENGLISH))


def test_one_drawing_serves_all_languages():
    draw_marks.cache_clear()
    charts = {language: step_chart(RICH, Texts(language)) for language in LANGUAGES}
    assert draw_marks.cache_info().misses == 1
    drawings = {svg[svg.index("<defs>") : svg.index("<text")] for svg in charts.values()}
    assert len(drawings) == 1
    assert len(set(charts.values())) == len(LANGUAGES)
    assert "<text" not in draw_marks("none", (1.0, 1.0), ((0.1, 0.1, 0.8, 0.8),), (Panel().marks(),))[0]


def test_words_stand_at_the_values_of_linear_and_logarithmic_axes():
    panel = Panel(log=True)
    panel.x.limits, panel.y.limits = (0, 10), (0.1, 1000)
    panel.x.set_ticks([0, 5, 20], ["none", "<half>", "beyond"])
    panel.y.set_ticks([1, 100])
    panel.text(5, 10, "middle", va="center", ha="center")
    panel.text(1, 0.5, "over it", where=Where.BESIDE, shift=(3, 2), backed=True)
    _, (scale,) = draw_marks("words", (2.0, 2.0), ((0.5, 0.5, 1.0, 1.0),), (panel.marks(),))
    assert scale.place(5, 10) == pytest.approx((72, 72))
    assert scale.place(0, 0.1) == pytest.approx((36, 108))
    assert (scale.xticks, scale.yticks) == ((0, 5), (1, 100))
    written = "".join(panel_words(panel, scale))
    assert words(f'<g xmlns="http://www.w3.org/2000/svg">{written}</g>') == [
        *("none", "<half>"),
        *("1", "100", "middle", "over it"),
    ]
    assert '<text x="72" y="74.48"' in written
    assert '<text x="111"' in written
    assert written.count("<rect") == 1


def test_hostile_and_foreign_names_are_plain_text():
    action = text("<b>$x^2$</b> & \x00 日本 \U0001f600 שלום " + "long " * 90)
    one = step("P1", "n", Verdict.PASS, action=action, service="$\\frac{1}$", measured=measured(1, 1, 2, 3))
    joined = " ".join(words(step_chart(with_steps(one), ENGLISH)))
    assert "<b>$x^2$</b> &" in joined
    assert "$\\frac{1}$" in joined


def test_nothing_in_the_chart_points_elsewhere():
    links = re.findall(r'(?:href|src)="([^"]*)"', CHART)
    assert all(link.startswith("#") for link in links)
    assert "<script" not in CHART
    assert "<dc:date>" not in CHART

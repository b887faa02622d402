"""The charts of a judged log say what results.json holds, in three languages; a sentence where nothing is."""

import msgspec
import pytest

from conformance.chart_results import ChartFigures, DayFigures, StepHours, StepTimes
from reports.html import render_page
from reports.log_charts import chart_tables, day_chart, ecdf_chart, heat_chart, log_charts
from reports.results_json import decode_results, encode_results
from reports.survey_chart import survey_chart
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EMPTY, MARKUP, RICH, SEC
from tests.reports.indicator_examples import distribution, indicators
from tests.reports.test_charts import words
from tests.reports.test_html import Page

ENGLISH = Texts("en")


def hours(**cells):
    return tuple(cells.get(f"h{hour}", 0) for hour in range(24))


REGISTERED = StepHours(
    service="doctor-home-call",
    path="portal",
    step="P6",
    limit_s=60,
    n=hours(h8=100, h9=7),
    within=hours(h8=93, h9=7),
)
SIGNED = StepHours(
    service="S1", path="portal", step="P5", limit_s=60, n=hours(h8=100, h9=19), within=hours(h8=100, h9=1)
)
TIMES = StepTimes(
    service="doctor-home-call",
    path="portal",
    step="P6",
    limit_s=60,
    n=107,
    within=100,
    points=((30 * SEC, 50), (59 * SEC, 100), (61 * SEC, 105), (4000 * SEC, 107)),
)
DAY = DayFigures(
    zone="Asia/Almaty",
    days=2,
    arrivals=hours(h8=101, h9=6),
    arrival_days=hours(h8=2, h9=1),
    waiting=(0.0,) * 34 + (2.25,) + (0.0,) * 61,
    waiting_rows=400,
)
DRAWN = msgspec.structs.replace(RICH, charts=ChartFigures(hours=(REGISTERED, SIGNED), worst=TIMES, day=DAY))


def having(**changes):
    return msgspec.structs.replace(DRAWN, charts=msgspec.structs.replace(DRAWN.charts, **changes))


def test_the_headlines_are_the_findings():
    ecdf, heat, day = (chart.headline for chart in log_charts(DRAWN, ENGLISH))
    assert ecdf.startswith("doctor-home-call P6 (Register the documents")
    assert ecdf.endswith(": 7 of 107 executions took longer than 1 min; 93.5 % kept it.")
    # P5 at nine has 1 of 19: too few to be called the worst.
    assert heat.startswith(
        "The worst hour: doctor-home-call P6, through the portal from 08:00, 93.0 % within"
    )
    assert heat.endswith(" within the limit, of 100 executions.")
    assert day == (
        "Most cases arrive from 08:00 on: 50.5 in that hour on an average day. "
        "Most steps wait at 08:30: 2.25 on average."
    ).replace("2.25", "2.2")


def test_each_chart_is_text_and_the_same_each_time():
    above = Page(render_page(DRAWN, ENGLISH)).inside("figcaption")
    for first, again in zip(log_charts(DRAWN, ENGLISH), log_charts(DRAWN, ENGLISH), strict=True):
        assert first.svg == again.svg
        assert "<dc:date>" not in first.svg
        assert first.headline.replace(" %", "\u00a0%") in above
        joined = " ".join(" ".join(words(first.svg)).split()).replace("\u00a0", " ")
        assert "seed 7" in joined
        assert "Simulated" in joined
    assert "107 executions" in " ".join(words(ecdf_chart(DRAWN, ENGLISH).svg))
    assert "limit 1 min: 93.5 %" in words(ecdf_chart(DRAWN, ENGLISH).svg)


def test_few_executions_are_told_by_their_number_and_all_of_many_by_none():
    shown = words(heat_chart(DRAWN, ENGLISH).svg)
    assert {"93", "7", "19"} <= set(shown)
    assert "100" not in shown, "a white cell says it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_numbers_of_the_results(language):
    texts = Texts(language)
    results = decode_results(encode_results(DRAWN), "results.json")
    shown = " ".join(" ".join(Page(render_page(results, texts)).words).split())
    rows = chart_tables(results, texts)
    assert rows["hours"][0][1] == texts.say("of", part=100, n=107)
    assert rows["day"][8][:3] == ("08:00", "101", "2")
    for row in (*rows["hours"], *rows["day"]):
        assert " ".join(" ".join(row).split()) in shown
    for chart in log_charts(results, texts):
        assert chart.svg


def test_nothing_to_draw_is_a_sentence():
    for results in (EMPTY, RICH, having(hours=(), worst=None, day=None)):
        for chart in log_charts(results, ENGLISH):
            assert (chart.svg, chart.headline[-1]) == ("", ".")
    assert "data:image" not in "".join(Page(render_page(EMPTY, ENGLISH)).values("src"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_says_of_the_drawn_step_only_what_is_so(language):
    texts = Texts(language)
    kept = having(worst=msgspec.structs.replace(TIMES, within=TIMES.n, limit_s=4001))
    names = [ecdf_chart(results, texts).name for results in (DRAWN, kept, having(worst=None))]
    assert names == [texts.say(f"chart.ecdf.name{which}") for which in ("", "_kept", "_nothing")]
    assert len(set(names)) == 3
    for results, name in zip((DRAWN, kept), names, strict=False):
        assert name in Page(render_page(results, texts)).inside("h3")


def test_odd_days_and_single_cases_are_drawn():
    one = having(worst=msgspec.structs.replace(TIMES, n=1, within=1, points=((0, 1),)))
    assert "the one execution kept 1 min" in ecdf_chart(one, ENGLISH).headline
    assert ecdf_chart(one, ENGLISH).svg == ""
    few = having(hours=(msgspec.structs.replace(SIGNED, n=hours(h0=1), within=hours()),))
    assert "No step was done 20 times" in heat_chart(few, ENGLISH).headline
    assert heat_chart(few, ENGLISH).svg == ""
    quiet = having(day=msgspec.structs.replace(DAY, arrivals=hours(h8=1)))
    assert "from 08:00 on: 0.5 in that hour" in day_chart(quiet, ENGLISH).headline
    assert day_chart(quiet, ENGLISH).svg == ""
    unsaid = having(day=msgspec.structs.replace(DAY, waiting=(), waiting_rows=0))
    assert "When work began the log does not say" in day_chart(unsaid, ENGLISH).headline
    calm = having(day=msgspec.structs.replace(DAY, waiting=(0.0,) * 96))
    assert "No step waits to be begun." in day_chart(calm, ENGLISH).headline
    odd = having(worst=msgspec.structs.replace(TIMES, service=MARKUP, limit_s=0))
    assert MARKUP in ecdf_chart(odd, ENGLISH).headline
    assert words(ecdf_chart(odd, ENGLISH).svg)
    many = having(hours=tuple(msgspec.structs.replace(SIGNED, step=f"P{n}") for n in range(90)))
    assert "... 30 more" in " ".join(words(heat_chart(many, ENGLISH).svg))


def test_answers_are_drawn_with_their_intervals_and_hidden_ones_are_not():
    asked = msgspec.structs.replace(RICH, indicators=indicators())
    chart = survey_chart(asked, ENGLISH)
    shown = words(chart.svg)
    assert "30 of 40" in shown
    assert "75.0 % (" in chart.headline
    survey = asked.indicators.survey
    hidden = msgspec.structs.replace(distribution(None, hidden=True), counts=(None, None, None))
    changed = msgspec.structs.replace(
        asked.indicators, survey=msgspec.structs.replace(survey, distributions=(hidden,))
    )
    chart = survey_chart(msgspec.structs.replace(asked, indicators=changed), ENGLISH)
    assert "is hidden for every question" in chart.headline
    assert words(chart.svg).count("hidden") == 3
    assert survey_chart(EMPTY, ENGLISH) == (chart.name, "", "")


def test_a_limit_that_the_act_does_not_give_is_never_said_to_be_kept():
    place = ("doctor-home-call", "portal", "P6")
    own = {s.norm for s in DRAWN.steps if (s.service, s.path, s.step) == place}
    norms = tuple(msgspec.structs.replace(n, status="assumed") if n.id in own else n for n in DRAWN.norms)
    for language in LANGUAGES:
        texts = Texts(language)
        said = texts.say("chart.ecdf.assumed")
        assumed = ecdf_chart(msgspec.structs.replace(DRAWN, norms=norms), texts)
        assert assumed.headline.endswith(said)
        assert said not in ecdf_chart(DRAWN, texts).headline

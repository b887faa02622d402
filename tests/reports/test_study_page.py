"""The page of a study is whole, closed to the network, safe for any name, and says what results.json says."""

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from conformance.regulation import Text
from conformance.study_figures import Curve
from reports.catalogues import LANGUAGES, read_catalogue
from reports.study_charts import steps_chart, sweep_chart, use_chart
from reports.study_curves import flow_chart, queue_chart, warm_up_chart
from reports.study_differences import difference_rows
from reports.study_json import decode_study, encode_study
from reports.study_overview import focus_of, verdict_sentences
from reports.study_page import render_study_page
from reports.texts import Texts
from tests.reports.study_examples import (
    EMPTY,
    INTERRUPTED,
    MARKUP,
    ORDINARY,
    STRANGE,
    STUDIES,
    SWEEP,
    UNSHOWN,
)
from tests.reports.test_html import Page

pytestmark = pytest.mark.xdist_group("study-pages")  # one worker renders them, once

ROOT = Path(__file__).parents[2]
TEXTS = {language: Texts(language) for language in LANGUAGES}
CATALOGUES = {language: read_catalogue(language) for language in LANGUAGES}
ENGLISH, KAZAKH = TEXTS["en"], TEXTS["kk"]
MOST_OCTETS = 3_000_000
SVG = "{http://www.w3.org/2000/svg}"


class Pages(dict):
    """The pages by name and language, each rendered when a test first asks for it."""

    def __missing__(self, key):
        name, language = key
        self[key] = render_study_page(STUDIES[name], TEXTS[language])
        return self[key]


PAGES = Pages()


@cache
def parsed(name, language):
    """Return the page as its elements, attributes and words, read once for all tests."""
    return Page(PAGES[name, language])


SHOWN = [
    *product(("sweep", "ordinary"), LANGUAGES),
    *(
        ("sizing", "ru"),
        ("sizing", "kk"),
        ("unshown", "en"),
        ("unshown", "ru"),
        ("unshown", "kk"),
        ("interrupted", "en"),
        ("interrupted", "kk"),
        ("no_staffing", "ru"),
        ("empty", "en"),
        ("empty", "kk"),
        ("no_point", "ru"),
        ("strange", "en"),
        ("strange", "kk"),
    ),
]
every_page = pytest.mark.parametrize(("name", "language"), SHOWN)


def words(name, language="en"):
    return " ".join("".join(parsed(name, language).words).split())


@cache
def charts_of_example(name, language):
    return charts_of(STUDIES[name], TEXTS[language])


def charts_of(results, texts):
    point = focus_of(results)
    found = {"warm_up": warm_up_chart(results, texts)}
    if len(results.points) > 1:
        found["sweep"] = sweep_chart(results, texts)
    if point is not None:
        for draw in (steps_chart, use_chart, queue_chart, flow_chart):
            found[draw.__name__] = draw(results, point, texts)
    return found


def text_of(svg):
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    return " ".join(" ".join("".join(e.itertext()).split()) for e in root.iter(f"{SVG}text"))


@every_page
def test_tags_balance_ids_are_unique_and_links_lead_somewhere(name, language):
    page = parsed(name, language)
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert {link.removeprefix("#") for link in page.values("href") if link.startswith("#")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert len(PAGES[name, language].encode()) < MOST_OCTETS


@every_page
def test_nothing_is_loaded_and_nothing_runs_but_what_the_policy_names(name, language):
    source = PAGES[name, language]
    page = parsed(name, language)
    for _, attributes in page.elements:
        assert not [key for key in attributes if key.startswith("on")]
    assert all(link.startswith(("#", "data:")) for link in page.values("href"))
    assert all(link.startswith("data:image/svg+xml;base64,") for link in page.values("src"))
    (policy,) = (said for said in page.values("content") if said.startswith("default-src"))
    assert policy.startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
    )
    assert "@media print" in source


@every_page
def test_the_page_names_its_language_and_opens_with_the_verdict(name, language):
    page = parsed(name, language)
    assert dict(page.elements)["html"] == {"lang": language}
    said, texts = words(name, language), TEXTS[language]
    for sentence in verdict_sentences(STUDIES[name], texts):
        shown = " ".join(re.sub("[\x1b]", "", sentence).split())
        assert shown in said
        assert said.index(shown) < said.index(texts.say("study.page.assumptions"))
    assert texts.say("study.origin") in said


def own_words(language):
    """Return the whole texts of a catalogue that no other language has."""
    others = {str(CATALOGUES[other]) for other in LANGUAGES if other != language}
    plain = (
        entry
        for text_id, entry in CATALOGUES[language].items()
        if text_id.startswith("study.") and isinstance(entry, str) and "{" not in entry and len(entry) > 12
    )
    return [entry for entry in plain if not any(entry in other for other in others)]


@every_page
def test_no_page_is_mixed(name, language):
    said = PAGES[name, language]
    for other in set(LANGUAGES) - {language}:
        assert [entry for entry in own_words(other) if f">{entry}<" in said or f" {entry} " in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_the_act_are_in_the_language_of_the_page(language):
    said = words("ordinary", language)
    worst = next(step for step in ORDINARY.steps if (step.service, step.step) == ("doctor-appointment", "V5"))
    assert worst.action.in_language(language) in said
    for other in set(LANGUAGES) - {language}:
        assert worst.action.in_language(other) not in said


def test_the_numbers_of_the_page_are_those_of_the_results():
    saved = decode_study(encode_study(SWEEP), "results.json")
    said = words("sweep")
    for step in focus_of(saved).steps:
        assert f"{step.late:,} of {step.count + step.open:,}" in said
        assert f"{100 * step.share_within.value:.1f} % (" in said
        low, high = step.sojourn_s.p95.low, step.sojourn_s.p95.high
        ends = [f"{v:.0f}" if v >= 100 else f"{v:.1f}" for v in (low, high)]
        assert f"({ends[0]} to {ends[1]})" in said
    for tried in saved.breaking_load.path:
        assert f"{100 * tried.share:.1f} % (" in said
    assert render_study_page(saved, ENGLISH) == PAGES["sweep", "en"]


def test_what_is_not_kept_at_another_value_and_who_never_ended_is_there():
    said = words("sweep")
    assert "Limits that are not kept at “3”" in said
    assert "31 in the queue: Appointment with a doctor, through the provider" in said
    assert "31 of them by name" in said
    assert "4030" in said
    assert said.count("4019") == 2
    assert said.count("4020") == 1  # of another value fewer are named
    assert "11 more are in results.json" in said
    assert "+16.5 s (+14.2 s to +18.8 s)" in said


def test_every_limit_that_is_not_shown_says_why():
    said = words("unshown")
    for why in ("one_replication", "limit_not_stated", "interval"):
        assert ENGLISH.word("study.why", why) in said
    assert "does not play balking" in said
    assert ENGLISH.say("study.warm_up_unsettled") in said


def test_an_empty_or_interrupted_study_says_so():
    assert words("empty").count(ENGLISH.say("study.sentence.nobody")) >= 2
    assert ENGLISH.say("study.page.none_named") in words("empty")
    assert "<img" not in PAGES["empty", "en"]
    assert "UTC" in words("empty")  # the zone of the example does not exist
    assert words("interrupted").index("The study was broken off") < words("interrupted").index(
        "What was simulated"
    )
    assert "broken off before the half-width of" in words("interrupted")
    assert INTERRUPTED.complete is False
    assert not EMPTY.sources


def test_markup_in_names_is_text():
    for language in ("en", "kk"):
        source = PAGES["strange", language]
        assert MARKUP not in source
        assert "\x1b" not in source
        assert MARKUP in "".join(Page(source).words)
    for chart in charts_of(STRANGE, ENGLISH).values():
        assert "<img" not in chart.svg


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["sweep", "unshown"])
def test_charts_are_drawn_from_the_data_and_say_what_they_show(name, language):
    texts = TEXTS[language]
    above = parsed(name, language).inside("figcaption")
    charts = charts_of_example(name, language)
    for chart in charts.values():
        assert chart.svg, chart.name
        shown = text_of(chart.svg).replace("\u00a0", " ")
        assert chart.headline not in shown, "it stands above the picture, where it wraps"
        assert texts.say("study.simulated") in shown
        assert chart.headline.replace(" %", "\u00a0%") in above


def test_charts_are_drawn_the_same_again():
    assert charts_of_example("sweep", "en") == charts_of(SWEEP, ENGLISH)


def test_differences_are_told_in_words_and_only_where_there_is_one():
    rows = difference_rows(SWEEP, ENGLISH)
    assert [row.difference for row in rows] == [
        "+16.5 s (+14.2 s to +18.8 s)",
        "−2.5 points (−3.5 to −1.5)",
        "+5.50 s (+5 s to +6 s)",
    ]
    assert [row.place for row in rows] == ["S2.V5.limit", "S2.V5.limit", "provider's workplace"]
    page = " ".join("".join(Page(PAGES["sweep", "kk"]).words).split())
    assert "S2.V5.limit: 95-процентиль" in page
    assert "share_within" not in page
    assert TEXTS["kk"].say("more_in_results", n=1) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_question_are_told_in_the_language_of_the_page(language):
    text = Text(en="A day", ru="День", kk="Күн")
    asked = Text(en="Who?", ru="Кто?", kk="Кім?")
    told = msgspec.structs.replace(ORDINARY, title=text, question=asked)
    saved = decode_study(encode_study(told), "results.json")
    page = render_study_page(saved, TEXTS[language])
    for own in (text, asked):
        assert [other for other in LANGUAGES if own.in_language(other) in page] == [language]


def test_the_labels_of_few_values_are_told_whole():
    named = [
        msgspec.structs.replace(p, value=None, label="the smallest staffings") for p in SWEEP.points[-2:]
    ]
    shown = text_of(sweep_chart(msgspec.structs.replace(SWEEP, points=tuple(named)), ENGLISH).svg)
    assert shown.count("the smallest staffings") == 2


def test_headlines_are_computed():
    charts = charts_of_example("sweep", "en")
    over = "S2.V5.limit: the 95th percentile is over 60 s at “1.5”, “2”, “3”, within it at “0.5”, “1”."
    assert charts["sweep"].headline == over
    few = msgspec.structs.replace(SWEEP, points=SWEEP.points[:2], breaking_load=None)
    assert sweep_chart(few, ENGLISH).headline.endswith("stays within 60 s at every value played.")
    assert "grey field" in text_of(charts["sweep"].svg)
    assert "grey field" not in text_of(sweep_chart(few, ENGLISH).svg)
    many = msgspec.structs.replace(SWEEP, points=SWEEP.points[-2:])
    assert sweep_chart(many, ENGLISH).headline.endswith("is over 60 s at every value played.")
    assert charts["steps_chart"].headline.endswith("Furthest: S2.V5.limit, 231 s against 60 s.")
    assert charts["queue_chart"].headline.startswith(
        "provider's workplace, clinic-07: on average 21.3 wait at 09:00"
    )
    assert charts["flow_chart"].headline == "Most cases are under way at 09:30: 120 on average."
    assert charts["warm_up"].headline == "1 h from the beginning are cut off (MSER-5)."


def test_a_sweep_over_names_is_drawn_by_place():
    points = tuple(msgspec.structs.replace(p, value=p.label) for p in SWEEP.points)
    chart = sweep_chart(msgspec.structs.replace(SWEEP, points=points), ENGLISH)
    assert "x0.5" in text_of(chart.svg)
    assert "is over 60 s at “x1.5”, “x2”, “x3”, within it at “x0.5”, “x1”." in chart.headline


def test_a_run_of_several_days_names_each_day_once():
    point = focus_of(ORDINARY)
    week = msgspec.structs.replace(
        point,
        grid=msgspec.structs.replace(point.grid, count=6 * 288),
        arrivals=Curve(mean=point.arrivals.mean * 6),
        under_way=Curve(mean=point.under_way.mean * 6),
    )
    names = re.findall(r">(05-\d\d)<", flow_chart(ORDINARY, week, ENGLISH).svg)
    assert names == [f"05-{day}" for day in range(15, 22)]


def test_values_far_apart_are_drawn_on_a_logarithmic_axis():
    far = msgspec.structs.replace(SWEEP.points[-1].steps[-1].sojourn_s.p95, value=50_000.0, low=4e4, high=6e4)
    step = SWEEP.points[-1].steps[-1]
    step = msgspec.structs.replace(step, sojourn_s=msgspec.structs.replace(step.sojourn_s, p95=far))
    last = msgspec.structs.replace(SWEEP.points[-1], steps=(*SWEEP.points[-1].steps[:-1], step))
    chart = sweep_chart(msgspec.structs.replace(SWEEP, points=(*SWEEP.points[:-1], last)), ENGLISH)
    assert "10,000" in text_of(chart.svg)


PRINT_HASHES = """
import hashlib, sys
from reports.study_json import decode_study
from reports.study_page import render_study_page
from reports.texts import Texts
results = decode_study(sys.stdin.buffer.read(), "stdin")
print(hashlib.sha256(render_study_page(results, Texts("kk")).encode()).hexdigest())
"""


def test_another_process_gives_the_same_bytes():
    environment = dict(os.environ, PYTHONHASHSEED="4242", TZ="Pacific/Apia", LC_ALL="C")
    told = subprocess.run(
        [sys.executable, "-c", PRINT_HASHES],
        input=encode_study(SWEEP).decode(),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == hashlib.sha256(PAGES["sweep", "kk"].encode()).hexdigest()


def test_the_page_shows_the_unshown_without_a_verdict():
    assert "0 kept, 0 not kept, 3 not shown" in words("unshown")
    assert UNSHOWN.points[0].kept == "not_shown"
    assert KAZAKH.say("study.sentence.interrupted") in words("interrupted", "kk")

"""The section on indicators: tables, charts, the CSV, the terminal, in three languages."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import msgspec
import pytest

from conformance.indicators.indicator_results import (
    ReasonCount,
)
from conformance.indicators.survey_file import Rejects
from reports import indicator_words as words
from reports.catalogues import LANGUAGES, read_catalogue
from reports.html import render_page
from reports.indicator_charts import funnel_chart, funnel_headline, rates_chart
from reports.indicators_csv import COLUMNS, indicators_csv
from reports.results_json import decode_results, encode_results
from reports.terminal import render_summary
from reports.texts import Texts
from tests.reports.examples import MARKUP
from tests.reports.indicator_examples import (
    FINDING,
    REVIEW,
    checked,
    indicators,
    with_indicators,
)
from tests.reports.test_html import Page

ENGLISH = Texts("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_everything_and_what_is_simulated(language):
    texts = Texts(language)
    page = render_page(with_indicators(indicators()), texts)
    section = page[page.index('aria-labelledby="indicators"') : page.index('aria-labelledby="scenarios"')]
    assert (
        section.count('class="simulated"') == 11
    )  # the headline, seven tables or headings, three of the survey
    assert "Content? (по-русски)" in section
    assert "Content? (қазақша)" in section
    assert texts.say("ind.hidden") in section
    assert words.headline(indicators(), texts) in section
    assert MARKUP not in page
    assert "ind." not in section.replace("indicators.", "").replace("ind.csv", "")


def test_figures_of_a_real_system_are_not_called_simulated():
    page = render_page(with_indicators(indicators(origin="production")), ENGLISH)
    section = page[page.index('aria-labelledby="indicators"') : page.index('aria-labelledby="scenarios"')]
    assert 'class="simulated"' not in section
    assert {row["simulated"] for row in rows(indicators(origin="production"))} == {"no"}


@pytest.mark.parametrize("found", [None, indicators(survey=False)])
def test_what_is_missing_is_said(found):
    page = render_page(with_indicators(found), ENGLISH)
    missing = "ind.none" if found is None else "ind.no_survey"
    assert ENGLISH.say(missing) in page


def test_the_headline_counts_the_figures_with_a_target():
    said = words.headline(indicators(), ENGLISH)
    assert said.startswith("0 of 5 figures")
    assert words.headline(
        msgspec.structs.replace(indicators(), rates=(), survey=None), ENGLISH
    ) == ENGLISH.say("ind.headline_none")


def test_rounding_never_meets_a_target():
    assert words.bounds(0.94999, 0.95001, ENGLISH) == "94.9 % to 95.1 %"
    assert words.bounds(0.95, 1.0, ENGLISH) == "95.0 % to 100.0 %"
    assert words.percent(0.5, Texts("ru")) == "50,0 %"
    assert words.difference(-0.12, ENGLISH) == "\N{MINUS SIGN}12.0 points"
    assert words.probability(0.0004, ENGLISH) == "< 0.001"


def rows(found):
    return list(csv.DictReader(io.StringIO(indicators_csv(found))))


def test_the_csv_holds_every_table_and_leaves_hidden_cells_empty():
    found = rows(indicators())
    assert {row["table"] for row in found} == {
        "population",
        "rates",
        "reasons",
        "times",
        "comparisons",
        "months",
        "frame",
        "answers",
    }
    assert {row["simulated"] for row in found} == {"yes"}
    hidden = [row for row in found if row["standing"] == "hidden"]
    assert hidden
    assert all(row["count"] == row["share"] == row["low"] == row["high"] == "" for row in hidden)
    assert indicators_csv(indicators()).splitlines()[0] == ",".join(COLUMNS)


def test_a_text_of_a_foreign_log_is_no_formula():
    bad = (ReasonCount(service=None, code="=HYPERLINK(1)", n=9),)
    found = rows(msgspec.structs.replace(indicators(), reasons=bad))
    assert [row["category"] for row in found if row["table"] == "reasons"] == ["'=HYPERLINK(1)"]


def test_saved_and_read_again_the_figures_are_told_alike():
    results = with_indicators(indicators())
    again = decode_results(encode_results(results), "results.json")
    assert again.indicators == results.indicators
    assert indicators_csv(again.indicators) == indicators_csv(results.indicators)
    assert render_page(again, ENGLISH) == render_page(results, ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_charts_are_text_of_their_language_and_the_same_every_time(language):
    results, texts = with_indicators(indicators()), Texts(language)
    funnel = results.indicators.funnels[0]
    for draw in (lambda: rates_chart(results, texts), lambda: funnel_chart(results, funnel, texts)):
        svg = draw()
        assert svg == draw()
        root = ET.fromstring(svg)  # noqa: S314 - our own picture
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        assert "<text" in svg
        assert texts.word("origin", "simulated") in svg
    above = Page(render_page(results, texts)).inside("figcaption")
    assert words.headline(results.indicators, texts) in above
    finding = funnel_headline(funnel, texts).replace(" %", "\u00a0%")  # a number stays by its sign
    assert any(said.endswith(finding) for said in above)


def test_no_chart_is_drawn_of_nothing():
    nothing = msgspec.structs.replace(indicators(survey=False), rates=())
    assert rates_chart(with_indicators(nothing), ENGLISH) == rates_chart(with_indicators(None), ENGLISH) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_tells_it_in_two_lines(language):
    texts = Texts(language)
    told = render_summary(with_indicators(indicators()), texts, 200)
    assert texts.say("counts.indicators") in told
    assert (
        texts.say("ind.short.measure", measure=texts.word("ind.measure", "timeliness"), good=58, n=59) in told
    )
    assert texts.say("ind.short.survey", answered="42", invited="60") in told
    assert texts.say("counts.survey") not in render_summary(with_indicators(None), texts, 200)


def test_rejected_answers_are_told_in_terminal_and_page_with_their_reasons():
    found = with_indicators(indicators())
    told = " ".join(render_summary(found, ENGLISH, 200).split())
    reason = "6 a grade that the question does not have (BAD_ANSWER)"
    assert f"rejected: 6 of 90 lines: {reason}; survey-rejects.csv names them" in told
    assert reason in render_page(found, ENGLISH)
    bare = msgspec.structs.replace(indicators(), rates=())
    assert "rejected: 6 of 90 lines" in render_summary(with_indicators(bare), ENGLISH, 200)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_reject_has_words(language):
    entries = read_catalogue(language)
    codes = set(re.findall(r"``([A-Z][A-Z0-9_]+)``", Rejects.__doc__ or ""))
    assert codes == {key.partition(".")[2] for key in entries if key.startswith("survey_reject.")}


def test_no_findings_were_given_is_said_and_what_they_would_not_show():
    page = render_page(with_indicators(indicators()), ENGLISH)
    assert ENGLISH.say("ind.accessibility_none") in page
    assert "Automated checks find only a part of the barriers" in page
    assert ENGLISH.say("counts.accessibility") not in render_summary(
        with_indicators(indicators()), ENGLISH, 200
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_on_pages_are_a_block_of_their_own_without_a_verdict(language):
    texts, found = Texts(language), with_indicators(checked(FINDING, review=(REVIEW,)))
    page, told = render_page(found, texts), " ".join(render_summary(found, texts, 200).split())
    section = page[
        page.index(texts.say("ind.accessibility_source", tool="axe-core 4.10.2", pages=3, entries=4)) :
    ]
    block = section[: section.index("<h3>")]
    assert MARKUP not in page
    assert "clinic.example/&lt;img" in block
    assert "1.1.1, 1.4.12" in block
    assert texts.word("ind.impact", "critical") in block
    assert "status-" not in block
    assert "ind." not in block.replace("indicators.", "")
    for said in (
        texts.say("ind.accessibility_found", count=7, rules=1, bad=1, pages=3),
        texts.say("ind.accessibility_review_n", count=2),
        texts.say("ind.accessibility_part"),
        texts.say("counts.accessibility"),
    ):
        assert said in told
    assert "color-contrast" in block[block.index(texts.say("ind.accessibility_review")) :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_findings_is_never_called_accessible(language):
    texts, found = Texts(language), with_indicators(checked())
    for told in (render_page(found, texts), " ".join(render_summary(found, texts, 400).split())):
        assert texts.say("ind.accessibility_clean", n=3) in told
        assert texts.say("ind.accessibility_part").replace('"', "&#34;") in told.replace('"', "&#34;")
    assert ENGLISH.say("ind.accessibility_clean", n=3).lower() == (
        "no findings by this tool on 3 pages; that is not the same as accessible."
    )


def test_a_page_shows_the_worst_findings_and_says_how_many_there_are():
    many = [msgspec.structs.replace(FINDING, rule=f"r{n:03}", impact=None, count=1) for n in range(120)]
    page = render_page(with_indicators(checked(*many, FINDING)), ENGLISH)
    assert "Shown: 100 of 121" in page
    assert page.index("image-alt") < page.index("r000")
    assert "r118" not in page


def test_the_csv_holds_all_findings_and_those_to_review_apart():
    found = [
        row
        for row in rows(checked(FINDING, review=(REVIEW,)))
        if row["table"] in {"accessibility", "needs review"}
    ]
    told = [(row["table"], row["measure"], row["category"], row["count"]) for row in found]
    assert told == [
        ("accessibility", "pages checked", "", "3"),
        ("accessibility", "pages without rules", "", "1"),
        ("accessibility", "findings", "", "7"),
        ("accessibility", "image-alt", f"clinic.example/{MARKUP}", "7"),
        ("needs review", "all", "", "2"),
        ("needs review", "color-contrast", "'=cmd", "2"),
    ]
    assert {row["simulated"] for row in found} == {"no"}
    assert {row["standing"] for row in found} == {""}
    assert found[0]["method"] == "axe-core 4.10.2; automated checks find only a part of the barriers"
    assert found[3]["method"] == "critical; WCAG 1.1.1 1.4.12"


def test_findings_are_saved_and_older_results_without_them_are_read():
    results = with_indicators(checked(FINDING, review=(REVIEW,)))
    assert decode_results(encode_results(results), "results.json") == results
    older = json.loads(encode_results(with_indicators(indicators())))
    assert older["indicators"].pop("accessibility", None) is None
    assert decode_results(json.dumps(older).encode(), "results.json") == with_indicators(indicators())


def test_tags_balance_and_names_are_unique():
    page = render_page(with_indicators(checked(FINDING, review=(REVIEW,))), ENGLISH)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    for tag in ("table", "tbody", "tr", "td", "th", "details", "figure", "section", "ul", "p", "strong"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag


def test_months_stand_in_the_page_and_in_the_csv():
    page = render_page(with_indicators(indicators()), ENGLISH)
    assert "Month by month" in page
    assert "S1: 2013-06 \N{MINUS SIGN} 2013-05" in page
    found = [row for row in rows(indicators()) if row["table"] == "months"]
    assert [(row["category"], row["count"], row["n"]) for row in found] == [
        ("2013-05", "20", "20"),
        ("2013-06", "3", "4"),
    ]
    assert "Month by month" not in render_page(
        with_indicators(msgspec.structs.replace(indicators(), months=())), ENGLISH
    )

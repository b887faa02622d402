"""The numbers of a page are those of results.json: each is read here from both, by readers of their own."""

import json
import re

import msgspec
import pytest

from reports.catalogues import read_catalogue
from reports.html import render_page
from reports.results_json import decode_results, encode_results
from reports.texts import LANGUAGES, Texts
from tests.reports.indicator_examples import indicators
from tests.reports.page_tables import PageTables
from tests.reports.test_log_charts import DRAWN

SAVED = encode_results(msgspec.structs.replace(DRAWN, indicators=indicators()))
JSON = json.loads(SAVED)
UNITS_US = {"µs": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
pytestmark = pytest.mark.xdist_group("numbers of pages")


@pytest.fixture(scope="module")
def pages():
    """The tables of the page by language."""
    results = decode_results(SAVED, "results.json")
    return {language: PageTables(render_page(results, Texts(language))) for language in LANGUAGES}


def whole(text):
    """Return the first whole number of a text: thousands stand apart by a comma, or by a blank."""
    return int(re.sub(r"\D", "", re.match(r"\d{1,3}(?:[ ,\u202f]\d{3})*(?!\d)", text)[0]))


def numbers(text):
    return [whole(found) for found in re.findall(r"\d{1,3}(?:[ ,\u202f]\d{3})*(?!\d)", text)]


def microseconds(text):
    """Return an English duration in microseconds."""
    parts = re.findall(r"([\d.,]+) (µs|ms|s|min|h|d)\b", text)
    assert parts, text
    return sum(float(number.replace(",", "")) * UNITS_US[unit] for number, unit in parts)


def said(language, identifier):
    return read_catalogue(language)[identifier]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_at_the_head(pages, language):
    summary = JSON["summary"]
    named = ("clauses_met", "clauses_not_met", "clauses_not_shown", "clauses_not_checked")
    assert [whole(count.text) for count in pages[language].counts] == [summary[name] for name in named]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clauses_in_their_order(pages, language):
    rows = pages[language].of("clauses")
    assert [row.cells[0].text for row in rows] == [clause["id"] for clause in JSON["clauses"]]
    decided = 0
    for row, clause in zip(rows, JSON["clauses"], strict=True):
        word = said(language, f"verdict.{clause['verdict'] or 'not_checked'}")
        assert word in row.cells[2].text
        if clause["verdict"] in {"pass", "fail"}:
            found = numbers(row.at(said(language, "column.share")).text)
            assert sorted(found) == sorted([clause["n_pass"], clause["n_applicable"]])
            decided += 1
    assert decided


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_with_all_their_digits(pages, language):
    rows = pages[language].of("steps")
    steps = {(step["step"], step["norm"]): step for step in JSON["steps"]}
    assert len(rows) == len(steps) == len(JSON["steps"])
    for row in rows:
        step = next(own for (name, norm), own in steps.items() if [name, norm] == named(row))
        measured = step["measured"] or {"n": 0}
        values = {
            "limit": step["limit_s"],
            "n": measured["n"],
            "median": measured.get("median_us") if measured["n"] else None,
            "p95": measured.get("p95_us") if measured["n"] else None,
            "longest": measured.get("max_us") if measured["n"] else None,
        }
        for column, value in values.items():
            cell = row.at(said(language, f"column.{column}"))
            assert cell.value == (None if value is None else str(value))
            if language == "en" and value is not None and column not in {"limit", "n"}:
                assert microseconds(cell.text) == pytest.approx(value, rel=0.01)


def named(row):
    norm = re.search(r"\S+\.\S+", row.cells[8].text)[0]
    return [row.cells[0].text, norm]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_norms_with_limit_and_longest(pages, language):
    rows = {row.id: row for row in pages[language].of("norms") if row.id}
    found = 0
    for norm in JSON["norms"]:
        row = next((row for row in rows.values() if row.cells[1].text.split()[0] == norm["id"]), None)
        assert row is not None, norm["id"]
        assert said(language, f"verdict.{norm['verdict']}") in row.cells[0].text
        limit, longest = (row.at(said(language, f"column.{name}")).value for name in ("limit", "longest"))
        assert limit == (None if norm["limit_s"] is None else str(norm["limit_s"] * 1_000_000))
        measured = norm["measured"]
        if measured and measured["n"]:
            assert longest == str(measured["max_us"])
            found += 1
    assert found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rates_and_who_they_are_of(pages, language):
    shown = pages[language].of("indicators", said(language, "ind.rates"))
    rates = JSON["indicators"]["rates"]
    assert len(shown) == len(rates)
    for row, figure in zip(shown, rates, strict=True):
        rate = figure["rate"]
        assert row.cells[0].text == said(language, f"ind.measure.{figure['measure']}")
        if rate["good"] is not None and rate["n"]:
            assert sorted(numbers(row.cells[3].text)) == sorted([rate["good"], rate["n"]])
        if rate["share"] is not None and language == "en":
            percent = float(row.cells[4].text.split()[0])
            assert percent == pytest.approx(100 * rate["share"], abs=0.051)
            low, high = (float(end) for end in re.findall(r"\d+\.\d+", row.cells[5].text))
            assert (low, high) == pytest.approx((100 * rate["low"], 100 * rate["high"]), abs=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_population_by_outcome(pages, language):
    shown = pages[language].of("indicators", said(language, "ind.population"))
    outcomes = JSON["indicators"]["outcomes"]
    assert len(shown) == len(outcomes) > 0
    for row, own in zip(shown, outcomes, strict=True):
        found = [whole(cell.text) for cell in row.cells[2:]]
        order = ("accepted", "refused", "failed", "dropped", "open")
        assert found == [own["counts"][name] for name in order]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_of_the_charts(pages, language):
    charts = JSON["charts"]
    steps = pages[language].of("charts", said(language, "chart.heat.name"))
    assert len(steps) == len(charts["hours"]) > 0
    for row, own in zip(steps, charts["hours"], strict=True):
        assert row.cells[0].text.startswith(f"{own['service']} {own['step']}")
        assert sorted(numbers(row.cells[1].text)) == sorted([sum(own["within"]), sum(own["n"])])
    day, hours = charts["day"], pages[language].of("charts", said(language, "chart.day.name"))
    assert [whole(row.cells[1].text) for row in hours] == day["arrivals"]
    assert [whole(row.cells[2].text) for row in hours] == day["arrival_days"]
    waiting = [sum(day["waiting"][4 * hour : 4 * hour + 4]) / 4 for hour in range(24)]
    shown = [float(row.cells[3].text.replace(",", ".")) for row in hours]
    assert shown == pytest.approx(waiting, abs=0.051)

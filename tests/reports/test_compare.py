"""A comparison for people: terminal, page, chart and file say the same, in three languages."""

import json
import re
from itertools import product
from pathlib import Path

import jsonschema
import msgspec
import pytest
from msgspec.structs import replace

from conformance.comparison import compare
from conformance.comparison_results import Comparison
from conformance.verdicts import Verdict
from reports.characters import display_width
from reports.compare_chart import steps_chart
from reports.compare_reports import comparison_schema_text, render_compared
from reports.compare_words import difference
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EMPTY, MARKUP, PROVENANCE, RICH, STEPS, text
from tests.reports.study_examples import EMPTY as EMPTY_STUDY
from tests.reports.study_examples import ORDINARY, STRANGE, SWEEP, at_load
from tests.reports.test_charts import words
from tests.reports.test_html import Page

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "compare.schema.json"
ENGLISH = Texts("en")


def bounded(norm, p95_s):
    known = replace(
        norm.measured, p95_us=p95_s * 10**6, p95_low_us=(p95_s - 2) * 10**6, p95_high_us=(p95_s + 2) * 10**6
    )
    return replace(norm, measured=known)


WORSE = replace(
    RICH,
    norms=(
        bounded(replace(RICH.norms[0], verdict=Verdict.FAIL, counts={"pass": 80, "fail": 40}), 57),
        *RICH.norms[1:],
    ),
    scenarios=(replace(RICH.scenarios[0], status="failed"), *RICH.scenarios[1:]),
    provenance=replace(PROVENANCE, log_sha256="ef" * 32, origin="test", seed=None),
)
BEFORE = replace(RICH, norms=(bounded(RICH.norms[0], 40), *RICH.norms[1:]))
LOADED = at_load(2.0, 0.7123)
COMPARED = {
    "worse": compare([("out/run-a", BEFORE), ("out/run-b", WORSE)], "reglament compare out/run-a out/run-b"),
    "three": compare([("a", BEFORE), ("b", WORSE), ("c", BEFORE)], "reglament compare a b c"),
    "empty": compare([("a", EMPTY), ("b", EMPTY)], "reglament compare a b"),
    "study": compare([("a", ORDINARY), ("b", replace(ORDINARY, points=(LOADED,), seed=9))], "r"),
    "sweep": compare([("a", SWEEP), ("b", SWEEP)], "r"),
    "nobody": compare([("a", EMPTY_STUDY), ("b", EMPTY_STUDY)], "r"),
    "strange": compare([(f"{MARKUP}\x1b[31m", STRANGE), ("b", replace(STRANGE, seed=3))], "r"),
}


@pytest.mark.parametrize(("name", "language"), list(product(COMPARED, LANGUAGES)))
def test_every_comparison_makes_every_form(name, language):
    told = render_compared(COMPARED[name], "text", language)
    assert all(display_width(line) <= 80 for line in told.splitlines() if not line.startswith(told[-30:]))
    page = Page(render_compared(COMPARED[name], "html", language))
    assert page.elements[0] == ("html", {"lang": language})
    assert "\x1b" not in told + "".join(page.words)
    assert not [value for value in page.values("src") if not value.startswith("data:")]
    assert "onerror" not in "".join(f"{attributes}" for _, attributes in page.elements)


@pytest.mark.parametrize("name", COMPARED)
def test_the_file_is_of_the_published_schema_and_comes_back_the_same(name):
    data = render_compared(COMPARED[name], "json", "en")
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(data), schema, jsonschema.Draft202012Validator)
    assert msgspec.json.decode(data, type=Comparison) == COMPARED[name]


def test_the_published_schema_is_the_generated_one():
    code = "from reports.compare_reports import comparison_schema_text as t; print(t(), end='')"
    assert SCHEMA_FILE.read_text(encoding="utf-8") == comparison_schema_text(), f'python -c "{code}"'


def test_the_worst_comes_first_in_words():
    told = render_compared(COMPARED["worse"], "text", "en")
    assert "B is worse than A: " in told
    flat = " ".join(told.split())
    assert "WORSE norm S1.P1.limit met → not met limit 1 min" in flat or "limit 60 s" in flat
    assert "kept 100.0 % (120 of 120) → 66.7 % (80 of 120), −33.3 points (" in flat
    assert "95th percentile 40 s → 57 s, +17 s (" in flat
    assert "scenario doctor-home-call/happy passed → failed" in flat
    assert "A is a simulation, B is a log of a test system" in flat
    assert told.index("WORSE") < told.index("no difference shown")


def test_the_page_shows_the_figures_of_the_file():
    comparison = COMPARED["worse"]
    shown = " ".join(" ".join(Page(render_compared(comparison, "html", "en")).words).split())
    rows = [row for row in comparison.pairs[0].rows if row.gaps]
    assert rows
    for row in rows:
        for gap in row.gaps:
            assert difference(gap, ENGLISH) in shown, row.id
    for standing, count in re.findall(r"([a-z ]+): (\d+)", shown):
        if standing.strip() == "worse":
            assert int(count) == sum(row.standing == "worse" for row in comparison.pairs[0].rows)


def test_the_chart_draws_both_runs_and_is_the_same_each_time():
    comparison = COMPARED["worse"]
    chart = steps_chart(comparison, comparison.pairs[0], ENGLISH)
    assert chart.svg == steps_chart(comparison, comparison.pairs[0], ENGLISH).svg
    assert "slower in B: 1, faster: 0" in chart.headline
    assert "S1.P1.limit, 95th percentile 40 s → 57 s" in chart.headline
    said = " ".join(words(chart.svg))
    assert "slower: 40 s → 57 s of 1 min" in said or "slower: 40 s → 57 s of 60 s" in said
    assert "1,234 cases → 1,234 cases" in said
    assert "dc:date" not in chart.svg


def test_nothing_to_draw_is_a_sentence():
    for name in ("empty", "nobody"):
        pair = COMPARED[name].pairs[0]
        chart = steps_chart(COMPARED[name], pair, ENGLISH)
        assert (chart.svg, chart.headline.startswith("No step has times")) == ("", True)


def test_the_title_of_a_limit_is_what_the_step_does():
    steps = (replace(STEPS[0], action=text("Enter the number")),)
    found = compare([("a", replace(BEFORE, steps=steps)), ("b", replace(WORSE, steps=steps))], "r")
    assert "Enter the number" in render_compared(found, "text", "en")

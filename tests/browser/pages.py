"""The pages that the browser is shown: of every kind one that is rich, and the odd ones."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from msgspec.structs import replace

import reglament
from reports.cases import case_files
from reports.compare_reports import render_compared
from reports.compare_words import sentence
from reports.html import render_page
from reports.overview import verdict_sentence
from reports.saved_run import read_run
from reports.study_overview import verdict_sentences
from reports.study_page import render_study_page
from reports.texts import LANGUAGES, Texts
from tests.browser import odd_log
from tests.reports import examples, study_examples
from tests.reports.test_compare import COMPARED
from tests.scenarios import small_suites

ODD_NAMES = replace(
    examples.RICH,
    services=tuple(replace(own, name=examples.text(odd_log.LONG)) for own in examples.RICH.services),
    timelines={name: next(iter(examples.TIMELINES.values())) for name in odd_log.NAMES},
    scenarios=tuple(
        replace(examples.SCENARIOS[0], id=f"s{number}", title=name, suite=name)
        for number, name in enumerate(odd_log.NAMES)
    ),
)
RUNS = {**examples.EXAMPLES, "odd": ODD_NAMES}
STUDIES = ("sweep", "sizing", "empty", "unshown", "interrupted", "strange")


@cache
def checked():
    """Return the results of the odd log, and the folder that they were written into."""
    return odd_log.check(Path(mkdtemp(prefix="reglament-browser-")))


@cache
def played():
    """Return the results of a small run with documents, and its folder."""
    folder = Path(mkdtemp(prefix="reglament-browser-"))
    suite = small_suites.suite(
        small_suites.ACCEPTED,
        small_suites.REFUSED,
        small_suites.AT_THE_DESK,
        small_suites.REVOKED_LATER,
        small_suites.CHANGED_ON_THE_WAY,
    )
    words = ["run", str(small_suites.write(folder, suite)), "--out", str(folder / "out"), "--jobs", "1"]
    reglament._exit_code(lambda: reglament.app(words, standalone_mode=False))
    return read_run(folder / "out"), folder / "out"


CASES = {"odd": checked, "run": played}


@cache
def cases_page(name, language):
    """Return the page of cases of a folder, written into it."""
    results, folder = CASES[name]()
    page = folder / f"cases-{language}.html"
    page.write_bytes(case_files(results, folder, language)["cases.html"])
    return page


def results_of(name):
    """Return what a page is made of."""
    kind, _, own = name.partition("-")
    if kind == "cases":
        return CASES[own]()[0]
    if kind == "check":
        return checked()[0]
    if kind == "compare":
        return COMPARED[own]
    return study_examples.STUDIES[own] if kind == "study" else RUNS[own]


@cache
def source_of(name, language):
    """Return a page, made once by each worker."""
    if name.startswith("cases-"):
        return cases_page(name.removeprefix("cases-"), language).read_text(encoding="utf-8")
    if name.startswith("compare-"):
        return render_compared(results_of(name), "html", language)
    render = render_study_page if name.startswith("study-") else render_page
    return render(results_of(name), Texts(language))


def verdict_of(name, language):
    """Return what a page says first."""
    results, texts = results_of(name), Texts(language)
    if name.startswith("compare-"):
        return sentence(results, results.pairs[0], texts)
    if name.startswith("cases-"):
        return texts.say("cases.shown_all", n=results.summary.cases)
    if name.startswith("study-"):
        return verdict_sentences(results, texts)[0]
    return verdict_sentence(results, texts)


NAMES = (
    *(f"run-{name}" for name in RUNS),
    "check-odd",
    *(f"study-{name}" for name in STUDIES),
    *(f"cases-{name}" for name in CASES),
    "compare-worse",
    "compare-strange",
)
RICHEST = ("run-rich", "run-odd", "check-odd", "study-sweep", "study-strange", "cases-odd")
ONCE = tuple((name, LANGUAGES[n % len(LANGUAGES)]) for n, name in enumerate(NAMES))
"""Every page in one language, and all languages by turns."""


def group_of(name):
    """Return the group of a page's tests: what is read from one saved folder stays with one worker."""
    return "saved" if name.startswith(("cases-", "check-")) else name


def shown_by(pages):
    """Parametrize a test by pages, each a name and a language; one worker has all tests of a page."""
    marked = [pytest.param(*page, marks=pytest.mark.xdist_group(group_of(page[0]))) for page in pages]
    return pytest.mark.parametrize(("name", "language"), marked)

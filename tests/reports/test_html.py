"""The page is complete, whole, closed to the network, and safe for any text."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.regulation import Text
from conformance.verdicts import Verdict
from reports.catalogues import read_catalogue
from reports.html import anchor, render_page
from reports.overview import verdict_sentence
from reports.results_json import decode_results, encode_results
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import ALL_MET, EMPTY, EXAMPLES, INTERRUPTED, MARKUP, RICH, TIMELINES, text

pytestmark = pytest.mark.xdist_group("pages")  # one worker renders them, once

ENGLISH = Texts("en")
VOID = {"meta", "link", "img", "br", "hr", "input"}
FLOW = "html head title style body header main nav section figcaption figure div p span b strong bdi code pre"
PARTS = "h1 h2 h3 ul ol li table caption thead tbody tr th td details summary a"
DRAWN = "svg desc defs marker path rect circle line text g script"
ALLOWED = {*VOID, *FLOW.split(), *PARTS.split(), *DRAWN.split()}


class Page(HTMLParser):
    """The page as a list of elements; fails where tags do not balance."""

    def __init__(self, source):
        super().__init__()
        self.open, self.elements, self.words, self.told, self.telling = [], [], [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.telling.append([])
            self.told.append((tag, self.telling[-1]))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.telling.pop()

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)
            for words in self.telling:
                words.append(data)

    def inside(self, tag):
        """Return the text of each *tag* of the page."""
        return ["".join(words) for name, words in self.told if name == tag]

    def values(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]


class Pages(dict):
    """The pages by name and language, each rendered when a test first asks for it."""

    def __missing__(self, key):
        name, language = key
        self[key] = render_page(EXAMPLES[name], Texts(language))
        return self[key]


PAGES = Pages()
every_page = pytest.mark.parametrize(("name", "language"), list(product(EXAMPLES, LANGUAGES)))


@every_page
def test_tags_balance_and_ids_are_unique_and_links_lead_somewhere(name, language):
    page = Page(PAGES[name, language])
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert {link.removeprefix("#") for link in page.values("href") if link.startswith("#")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


@every_page
def test_nothing_is_loaded_and_nothing_runs_but_the_script_that_the_policy_names(name, language):
    source = PAGES[name, language]
    page = Page(source)
    for _, attributes in page.elements:
        assert not [key for key in attributes if key.startswith("on")]
    assert all(link.startswith(("#", "data:")) for link in page.values("href"))
    assert all(link.startswith("data:image/svg+xml;base64,") for link in page.values("src"))
    style = source[source.index("<style>") : source.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    (script,) = re.findall(r"<script[^>]*>(.*?)</script>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
    assert allowed in page.values("content")


@every_page
def test_the_page_names_its_language_and_opens_with_the_verdict(name, language):
    page = Page(PAGES[name, language])
    assert dict(page.elements)["html"] == {"lang": language}
    words = "".join(page.words)
    sentence = verdict_sentence(EXAMPLES[name], Texts(language))
    assert sentence in words
    origin = Texts(language).word("origin_means", EXAMPLES[name].provenance.origin)
    assert words.index(sentence) < words.index(origin) < words.index(Texts(language).say("page.clauses"))


@every_page
def test_every_clause_norm_scenario_and_fault_has_its_row(name, language):
    results, source = EXAMPLES[name], PAGES[name, language]
    words = "".join(Page(source).words)
    for clause in results.clauses:
        assert f'id="{anchor("clause", clause.id)}"' in source
        assert clause.gist.in_language(language) in words
    for norm in results.norms:
        assert f'id="{anchor("norm", norm.id)}"' in source
    for scenario in (*results.scenarios, *results.faults):
        assert scenario.id in words
        assert scenario.replay in words


@every_page
def test_no_page_holds_twelve_digits(name, language):
    assert not re.search(r"(?<![0-9])[0-9]{12}(?![0-9])", PAGES[name, language])


def test_every_clause_that_is_not_checked_says_why():
    words = "".join(Page(PAGES["rich", "en"]).words)
    for clause in RICH.clauses:
        if clause.why is not None:
            assert clause.why.en in words


def test_markup_in_texts_is_text():
    source = PAGES["rich", "en"]
    assert MARKUP not in source
    assert "&lt;img src=x" in source
    assert "\x1b" not in source
    assert MARKUP in "".join(Page(source).words)


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=12)
def test_any_text_stays_text(hostile):
    gist = text("x" + hostile, "x" + hostile, "x" + hostile)
    clauses = tuple(msgspec.structs.replace(c, gist=gist, why=gist) for c in RICH.clauses)
    scenarios = tuple(msgspec.structs.replace(s, title=hostile, suite=hostile) for s in RICH.scenarios)
    steps = tuple(msgspec.structs.replace(s, service=hostile, limit_printed=hostile) for s in RICH.steps)
    results = msgspec.structs.replace(RICH, clauses=clauses, scenarios=scenarios, steps=steps)
    Page(render_page(results, ENGLISH)).values("id")


@given(st.lists(st.text(max_size=8), min_size=2, max_size=6, unique=True))
def test_different_names_have_different_anchors(names):
    anchors = [anchor("norm", name) for name in names]
    assert len(set(anchors)) == len(names)
    assert all(re.fullmatch(r"norm-[A-Za-z0-9_.]*", a) for a in anchors)


def test_a_saved_run_gives_the_same_page():
    again = decode_results(encode_results(RICH), "results.json")
    assert render_page(again, ENGLISH) == PAGES["rich", "en"]


def test_the_step_table_has_the_limit_as_printed_in_seconds_and_the_measures():
    words = " ".join("".join(Page(PAGES["rich", "ru"]).words).split())
    assert "30 сек. - 1 мин. 60 с 120 31 с 48 с 59 с" in words
    assert "1 мин 0,04 с" in words
    assert "1 234" in words.replace("\u00a0", " ")


def test_a_minimum_that_is_not_printed_is_called_assumed():
    quick = msgspec.structs.replace(RICH.steps[0].measured, below_minimum=7)
    for printed in ("30 сек. - 1 мин.", None):
        steps = (msgspec.structs.replace(RICH.steps[0], measured=quick, limit_printed=printed),)
        page = render_page(msgspec.structs.replace(RICH, steps=steps), ENGLISH)
        assert ("7 faster than the printed minimum" in page) == bool(printed)
        assert ("7 faster than the assumed minimum" in page) == (not printed)


def test_findings_are_cut_and_the_rest_is_counted():
    words = "".join(Page(PAGES["rich", "en"]).words)
    assert "30 findings" in words
    assert "10 more are in results.json" in words
    assert "c0019" in words
    assert "c0025" not in words


def test_timelines_begin_with_the_violations_and_are_cut():
    words = "".join(Page(PAGES["rich", "en"]).words)
    timelines = words[words.index("Some cases, step by step", words.index("Faults never")) :]
    assert timelines.index("c0001") < timelines.index("c9000")
    assert "2013-03-04 12:00:00.000" in timelines
    assert "still open" in timelines
    many = {f"c{n:05d}": TIMELINES["c9000"] for n in range(1500)}
    page = "".join(Page(render_page(msgspec.structs.replace(RICH, timelines=many), ENGLISH)).words)
    assert "1,480 more are in results.json" in page


def test_an_empty_run_says_so_everywhere():
    words = "".join(Page(PAGES["empty", "en"]).words)
    for part in ("clauses", "norms", "timelines"):
        assert ENGLISH.say(f"page.no_{part}") in words
    assert "The log holds no case." in words
    assert "<img" not in PAGES["empty", "en"]
    assert "– (UTC)" in words  # the zone of the example does not exist
    assert EMPTY.provenance.seed is None


def test_an_interrupted_run_says_so_first():
    words = "".join(Page(PAGES["interrupted", "en"]).words)
    assert words.index("The run was interrupted") < words.index("Every clause")
    assert INTERRUPTED.summary.complete is False


def test_a_full_conformance_has_no_gaps():
    words = "".join(Page(PAGES["all_met", "en"]).words)
    assert ENGLISH.say("page.no_gaps") in words
    assert ALL_MET.summary.outcome == "conforms"


def test_every_status_is_a_word_with_a_sign():
    source = PAGES["rich", "en"]
    chips = re.findall(
        r'<span class="status status-[a-z_]+"><span class="sign"[^>]*>(.)</span> ([^<]+)</span>', source
    )
    assert len(chips) == source.count('class="status ')
    assert {word for _, word in chips} >= {"met", "not met", "not shown", "not checked", "error", "failed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_titles_of_scenarios_and_faults_are_told_in_the_language_of_the_page(language):
    played, broken = (
        Text(en="Played", ru="Сыграно", kk="Ойналды"),
        Text(en="Spoilt", ru="Испорчено", kk="Бүлінді"),
    )
    results = msgspec.structs.replace(
        RICH,
        scenarios=(msgspec.structs.replace(RICH.scenarios[0], title=played),),
        faults=(msgspec.structs.replace(RICH.faults[0], title=broken),),
    )
    saved = decode_results(encode_results(results), "results.json")
    page = render_page(saved, Texts(language))
    for own in (played, broken):
        assert [other for other in LANGUAGES if own.in_language(other) in page] == [language]


def own_words(language):
    """Return the whole texts of a catalogue that no other language has."""
    others = " ".join(str(dict(read_catalogue(other))) for other in LANGUAGES if other != language)
    plain = (
        entry
        for entry in read_catalogue(language).values()
        if isinstance(entry, str) and "{" not in entry and len(entry) > 12
    )
    return [entry for entry in plain if entry not in others]


OWN_WORDS = {language: own_words(language) for language in LANGUAGES}


@every_page
def test_no_page_is_mixed(name, language):
    said = PAGES[name, language]
    assert len(OWN_WORDS[language]) > 200
    for other in set(LANGUAGES) - {language}:
        assert [entry for entry in OWN_WORDS[other] if f">{entry}<" in said or f" {entry} " in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_leads_to_what_failed(language):
    head = PAGES["rich", language].partition("<nav")[0]
    failed = [f"{s.suite}/{s.id}" for s in RICH.scenarios if s.status in {"failed", "error"}]
    broken = [n.id for n in RICH.norms if n.verdict in {Verdict.FAIL, Verdict.ERROR}]
    assert failed
    assert broken
    for kind, name in [*(("scenario", name) for name in failed), *(("norm", name) for name in broken)]:
        assert f'href="#{anchor(kind, name)}"' in head
        assert f'id="{anchor(kind, name)}"' in PAGES[("rich", language)]
    assert 'class="jumps"' not in PAGES["empty", language]

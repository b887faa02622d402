"""The page of cases in a browser: choosing, sorting, one case, languages, keyboard alone, many cases."""

import random
import re
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from conformance.log import Row
from conformance.log_file import read_manifest, sha256_file, write_log
from reports.cases import case_files
from reports.sequence import sequence_of
from reports.texts import LANGUAGES, Texts
from tests.browser.conftest import NARROW
from tests.browser.odd_log import CLOSING, LONG, MARKUP, NAMES, RIGHT_TO_LEFT
from tests.browser.pages import cases_page, checked, played
from tests.browser.test_pages import plain, printed

pytestmark = pytest.mark.xdist_group("saved")
ENGLISH = Texts("en")


def opened(show, name="odd", language="en", **how):
    shown = show(cases_page(name, language), **how)
    shown.page.wait_for_selector("#tool:not([hidden])")
    return shown


def count(shown):
    return shown.page.inner_text("#count")


def listed(shown):
    return shown.page.locator("#rows th button").all_text_contents()


def test_cases_are_chosen_by_what_they_are(show):
    shown = opened(show)
    page = shown.page
    assert sorted(listed(shown)) == sorted(NAMES)
    page.fill("#by-text", "script")
    assert listed(shown) == [CLOSING]
    page.click("#filters [type=reset]")
    page.wait_for_function("() => document.querySelectorAll('#rows th button').length === 6")
    page.select_option("#by-late", "none")
    assert count(shown) == ENGLISH.say("cases.nothing")
    page.select_option("#by-late", label=ENGLISH.say("cases.late_step", step="P6"))
    assert count(shown) == ENGLISH.say("cases.count", shown=6, total=6)
    assert page.locator("#by-verdict option").count() == 2
    assert page.locator("#by-path").is_hidden(), "one path is nothing to choose from"


def test_cases_are_sorted_both_ways(show):
    shown = opened(show, "run")
    page, button = shown.page, "#heads .column-begins button"
    before = listed(shown)
    page.click("#heads .column-case button")
    assert listed(shown) == sorted(before)
    page.click("#heads .column-case button")
    assert listed(shown) == sorted(before, reverse=True)
    assert page.get_attribute("#heads .column-case", "aria-sort") == "descending"
    page.click(button)
    assert page.get_attribute("#heads .column-begins", "aria-sort") == "ascending"
    assert page.locator("#heads [aria-sort]").count() == 1


@pytest.mark.parametrize("name", [MARKUP, RIGHT_TO_LEFT, LONG, CLOSING])
def test_a_case_of_any_name_opens_and_says_what_was_late(show, name):
    shown = opened(show, viewport=NARROW)
    shown.page.get_by_role("button", name=plain(name)).first.click()
    told = plain(shown.page.inner_text("#case"))
    assert plain(name) in told
    assert ENGLISH.say("cases.over", time="15 s") in told
    assert "P6 · 1 min 15 s" in shown.page.text_content("#case svg")
    assert shown.overflow() == [0, []]


def test_the_keyboard_alone_finds_a_case_and_comes_back(show):
    shown = opened(show)
    page = shown.page
    page.focus("#by-text")
    page.keyboard.type("ordinary")
    assert count(shown) == ENGLISH.say("cases.count", shown=1, total=6)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.focus("#list")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = shown.ask("document.activeElement.textContent")
    assert focused == listed(shown)[1]
    page.keyboard.press("Enter")
    assert shown.ask("document.activeElement.id") == "case"
    assert page.text_content("#case h2") == focused
    page.keyboard.press("Escape")
    assert shown.ask("document.activeElement.textContent") == focused
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    assert page.text_content("#case h2") == listed(shown)[0]


def test_another_address_opens_another_case(show):
    shown = opened(show, "run")
    page = shown.page
    first, second = listed(shown)[:2]
    for case in (first, second):
        page.evaluate("(name) => { location.hash = encodeURIComponent(name); }", case)
        page.wait_for_function("(name) => document.querySelector('#case h2')?.textContent === name", arg=case)


def test_the_language_changes_without_a_new_page(show):
    shown = opened(show)
    page = shown.page
    page.locator("#rows th button").first.click()
    shown.ask("window.kept = 1")
    for language in (*LANGUAGES, "en"):
        page.click(f"[data-language={language}]")
        texts, said = Texts(language), plain(page.inner_text("body"))
        assert shown.ask("[document.documentElement.lang, window.kept]") == [language, 1]
        for text in ("cases.title", "cases.hint", "cases.late", "cases.scale", "cases.norms", "cases.reset"):
            assert plain(texts.say(text)) in said
        others = [Texts(other) for other in LANGUAGES if other != language]
        assert not any(plain(other.say("cases.hint")) in said for other in others)
        assert page.title().startswith(texts.say("cases.title"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_writes_times_as_the_reports_do(show, language):
    shown, texts = opened(show, language=language), Texts(language)
    drawn = random.Random(7)
    times = [0, 999, 1000, 999_499, 999_500, 59_949_999, 59_950_000, 3_599_950_000, 86_400_000_000]
    times += [drawn.randrange(10 ** drawn.randrange(1, 14)) for _ in range(200)]
    assert shown.ask("(all) => all.map(duration)", times) == [texts.duration(us) for us in times]
    moments = [drawn.randrange(10**15, 2 * 10**15) for _ in range(100)]
    zone = ZoneInfo(read_manifest(checked()[1]).zone)
    assert shown.ask("(all) => all.map(moment)", moments) == [texts.moment(us, zone) for us in moments]


def test_a_report_leads_to_the_cases_in_its_own_language(show):
    shown = show(cases_page("odd", "en"), address="?kk")
    shown.page.wait_for_selector("#tool:not([hidden])")
    assert shown.ask("document.documentElement.lang") == "kk"
    assert shown.page.title().startswith(Texts("kk").say("cases.title"))


def test_documents_are_listed_with_what_their_signatures_are_worth(show):
    _, folder = played()
    shown = opened(show, "run")
    page = shown.page
    page.locator("#rows th button", has_text="accepted").first.click()
    links = page.locator("#case a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert {link.split("/")[-1] for link in links} >= {"request.json", "request.p7s", "result.p7s"}
    assert all((folder / link).is_file() for link in links)
    told = plain(page.inner_text("#case"))
    assert told.count(ENGLISH.say("cases.verifies")) == 2
    assert re.search("gateway → ", told, re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "refused", "ground"),
    [("revoked-later", "request", "REVOKED"), ("changed-on-the-way", "arrived-request", "HASH_FAILURE")],
)
def test_a_refused_signature_is_called_what_the_report_calls_it(show, name, refused, ground):
    results, folder = played()
    shown = opened(show, "run")
    page = shown.page
    page.locator("#rows th button", has_text=name).click()
    case = page.text_content("#case h2")
    sequence = sequence_of(case, results.timelines[case], results, None, ENGLISH)
    said = [word for act in sequence.acts for word in act.words if word.startswith("EDS")]
    picture = " ".join(page.locator("#case svg text.found").all_text_contents())
    assert len(said) == 2
    assert all(word in picture for word in said)
    rows = [plain(row) for row in page.locator("#case .signatures tbody tr").all_inner_texts()]
    (last,) = [row for row in rows if "P7" in row]
    assert last.startswith(f"{refused} ")
    assert f"invalid ({ground})" in last
    signed = {path.stem for path in (folder / "documents" / case).glob("*.p7s")}
    assert {row.split(" ")[0] for row in rows} == signed


def test_the_list_has_the_whole_width_until_a_case_is_chosen(show):
    shown = opened(show, "run")
    list_, case = shown.page.locator("#list"), shown.page.locator("#case")
    assert shown.ask(
        "document.getElementById('list').scrollWidth <= document.getElementById('list').clientWidth"
    )
    shown.page.locator("#rows th button").first.click()
    assert list_.bounding_box()["width"] < 720 < case.bounding_box()["x"] + 10


def test_in_a_narrow_window_two_lanes_stand_side_by_side(show):
    shown = opened(show, "run", viewport=NARROW)
    shown.page.locator("#rows th button", has_text="accepted").first.click()
    lanes = shown.page.locator("#case svg .lane").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().x)"
    )
    assert len([x for x in lanes if x < NARROW["width"] - 40]) >= 2
    assert shown.overflow() == [0, []]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_worst_cases_stand_in_a_table(show, language):
    shown, texts = show(cases_page("odd", language), scripts=False), Texts(language)
    said = plain(shown.page.inner_text("body"))
    assert plain(texts.say("cases.no_scripts", n=50)) in said
    assert texts.say("cases.over", time=texts.duration(15_000_000)) in said
    assert shown.page.locator("#plain tbody tr:visible").count() == len(NAMES)
    assert shown.page.locator("button:visible, select:visible").count() == 0
    for own in map(Texts, LANGUAGES):
        assert plain(own.say("cases.script_needed")) in said


def test_a_browser_that_cannot_unpack_says_so(show):
    shown = show(cases_page("odd", "ru"))
    shown.page.add_init_script("delete window.DecompressionStream")
    shown.page.reload()
    shown.page.wait_for_selector(".cannot-unpack[lang], .told[lang=ru] .cannot-unpack:visible")
    assert "DecompressionStream" in shown.page.inner_text("#plain")
    assert shown.page.locator("#plain tbody tr:visible").count() == len(NAMES)


def test_paper_has_the_open_case(show, tmp_path):
    shown = opened(show, language="kk")
    shown.page.get_by_role("button", name="ordinary-1").click()
    told = plain(printed(shown, tmp_path))
    assert Texts("kk").say("cases.sequence") in told
    assert "ordinary-1" in told


def test_of_many_cases_only_those_in_sight_exist(show, tmp_path):
    results, _ = checked()
    rows = [row(n) for n in range(4000)]
    write_log(rows, tmp_path / "log.parquet")
    digest = sha256_file(tmp_path / "log.parquet")
    many = replace(results, provenance=replace(results.provenance, log_sha256=digest))
    place = tmp_path / "cases.html"
    place.write_bytes(case_files(many, tmp_path, "en")["cases.html"])
    shown = show(place)
    shown.page.wait_for_selector("#tool:not([hidden])")
    shown.page.click("#heads .column-case button")
    shown.page.focus("#list")
    for key, case in (("Home", "c0000"), ("End", "c3999"), ("PageUp", "c3989"), ("ArrowDown", "c3990")):
        shown.page.keyboard.press(key)
        if key == "Home":
            shown.page.keyboard.press(key)
        assert shown.ask("document.activeElement.textContent") == case
        assert shown.page.locator("#rows tr").count() < 60
    shown.ask("document.getElementById('list').scrollTop = 2000 * rowHeight")
    shown.page.wait_for_selector("#rows th:has-text('c2003')")


def row(n):
    values = {"case_id": f"c{n:04d}", "service": "doctor-home-call", "path": "portal", "step": "P1"}
    start = 1_368_590_400_000_000 + n * 1_000_000
    values |= {"enabled_us": start, "started_us": start, "completed_us": start + n, "resolution_us": 1}
    values |= dict.fromkeys(("resource", "request_number", "attributes"))
    return Row(**values, unit="citizen", outcome="ok")

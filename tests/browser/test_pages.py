"""Every page in a browser: three languages, no scripts, a narrow window, on paper, by keyboard, by axe."""

import shutil
import subprocess
from importlib.resources import files
from itertools import product

import pytest

from reports.texts import LANGUAGES
from tests.browser.conftest import NARROW
from tests.browser.odd_log import CLOSING, LONG, MARKUP, RIGHT_TO_LEFT
from tests.browser.pages import ONCE, RICHEST, shown_by, source_of, verdict_of

every_page = shown_by(sorted({*product(RICHEST, LANGUAGES), *ONCE}))
one_language = shown_by(ONCE)
rich_pages = shown_by([page for page in ONCE if page[0] in RICHEST])
SERIOUS = ("serious", "critical")
STRANGE = 'img:not([src^="data:"]), body script:not([type]):not([data-filter]):not([data-cases])'


HEADLINES = """[...document.querySelectorAll('figure')].filter((figure) => {
  const said = figure.querySelector(':scope > figcaption');
  return !said || !said.innerText.trim() || said.scrollWidth > said.clientWidth
    || said.getBoundingClientRect().right > innerWidth;
}).map((figure) => figure.innerText)"""
"""Pictures without a finding above them that is read without scrolling sideways."""


def plain(text):
    return " ".join(text.replace("\u00ad", "").split())


@every_page
def test_a_narrow_window_without_scripts_shows_all(show, name, language):
    shown = show(source_of(name, language), viewport=NARROW, scripts=False)
    assert shown.ask("document.documentElement.lang") == language
    assert plain(verdict_of(name, language)) in plain(shown.ask("document.body.innerText"))
    assert shown.overflow() == [0, []]
    assert shown.ask(HEADLINES) == []
    ids = shown.ask("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(set(ids)) == len(ids)


@rich_pages
def test_names_stay_text(show, name, language):
    shown = show(source_of(name, language))
    assert shown.ask(f"document.querySelectorAll('{STRANGE}').length") == 0
    assert "reglament" in shown.ask("document.title")


@pytest.mark.xdist_group("run-odd")
def test_odd_names_are_shown_whole(show):
    words = plain(show(source_of("run-odd", "kk")).ask("document.body.textContent"))
    for odd in (MARKUP, RIGHT_TO_LEFT, LONG, CLOSING):
        assert plain(odd) in words


BEHIND = """(name) => [...document.querySelectorAll('summary')]
.filter((e) => e.innerText.startsWith(name)).map((e) => {
  const [code, after] = [e.firstElementChild.getBoundingClientRect(), document.createRange()];
  after.setStart(e.lastChild, 0);
  after.setEnd(e.lastChild, e.lastChild.length);
  return [...after.getClientRects()].every((part) => part.left >= code.right - 1 || part.top > code.top + 4);
})"""
"""Whether what follows a name stands behind it: from right to left it would stand before it."""


@pytest.mark.xdist_group("run-odd")
def test_what_follows_a_name_from_right_to_left_stands_behind_it(show):
    found = show(source_of("run-odd", "kk")).ask(BEHIND, RIGHT_TO_LEFT)
    assert found == [True]


@one_language
def test_axe_finds_nothing_serious(show, name, language):
    shown = show(source_of(name, language))
    found = axe(shown)
    assert [one for one in found if one["impact"] in SERIOUS] == []


AXE = "axe.min.js"
FIRST_ROWS = """document.querySelectorAll('tbody').forEach(
  (body) => [...body.rows].slice(6).forEach((row) => row.remove()))"""
VIOLATIONS = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  const places = (nodes) => nodes.slice(0, 3).map((n) => n.html.slice(0, 200));
  return found.violations.map((v) => ({id: v.id, impact: v.impact, at: places(v.nodes)}));
}"""


def axe(shown):
    """Return what axe finds wrong; of long tables it is shown the first rows, which the others are like."""
    shown.ask(FIRST_ROWS)
    shown.ask(files("axe_playwright_python").joinpath(AXE).read_text(encoding="utf-8"))
    return shown.ask(VIOLATIONS)


@one_language
def test_paper_has_the_verdict_on_its_first_page(show, tmp_path, name, language):
    first, *_ = printed(show(source_of(name, language)), tmp_path).split("\f")
    assert plain(verdict_of(name, language))[:40] in plain(first)


# A4 less the margins of the pages' own style is 703 pixels wide; what reaches beyond is cut off.
BEYOND_PAPER = """() => {
  document.body.style.cssText = 'width: 703px; margin: 0';
  return [...document.querySelectorAll('table, img, svg, pre')]
    .filter((e) => e.getBoundingClientRect().right > 704).map((e) => e.textContent.trim().slice(0, 200));
}"""


@every_page
def test_nothing_reaches_beyond_the_paper(show, name, language):
    shown = show(source_of(name, language), viewport={"width": 794, "height": 1123})
    shown.page.emulate_media(media="print")
    assert shown.ask(BEYOND_PAPER) == []


def printed(shown, folder):
    """Return the text of the page on paper, pages apart by form feeds."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext (apt install poppler-utils)")
    shown.page.pdf(path=folder / "page.pdf", format="A4")
    done = subprocess.run(
        ["pdftotext", "-layout", folder / "page.pdf", "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


@rich_pages
def test_the_keyboard_reaches_everything_and_shows_where_it_is(show, name, language):
    shown = show(source_of(name, language))
    seen = []
    for _ in range(12):
        shown.page.keyboard.press("Tab")
        seen.append(shown.ask(FOCUSED))
    assert all(one["visible"] for one in seen), seen
    assert len({one["path"] for one in seen}) == len(seen), "the focus goes on"
    folded = shown.page.locator("summary").first
    if folded.count():
        folded.focus()
        before = folded.evaluate("(e) => e.parentElement.open")
        shown.page.keyboard.press("Enter")
        assert folded.evaluate("(e) => e.parentElement.open") is not before
        shown.page.keyboard.press("Space")
        assert folded.evaluate("(e) => e.parentElement.open") is before


FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const all = [...document.querySelectorAll('*')];
  return {path: e.tagName + all.indexOf(e), visible: e !== document.body && box.width > 0
    && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1};
}"""

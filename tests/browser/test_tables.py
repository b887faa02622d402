"""Tables are sorted by any column and filtered by words, with the mouse or the keyboard."""

import pytest

from reports.texts import LANGUAGES, Texts
from tests.browser.pages import source_of

pytestmark = pytest.mark.xdist_group("run-rich")

PAGE = """<!DOCTYPE html><html lang="{lang}"><title>t</title>{csp}
<table><thead><tr><th>name</th><th>took</th></tr></thead><tbody>{rows}</tbody></table>{script}</html>"""
ROWS = [("б10", 90_000_000, "1 min 30 s"), ("б9", 5_000_000, "5 s"), ("ә1", None, "–"), ("в", 700, "700 µs")]


def page(language="kk", rows=ROWS):
    """A small page with the script of a real one."""
    whole = source_of("run-rich", language)
    script = whole[whole.index("<script data-filter") : whole.index("</script>") + len("</script>")]
    start = whole.index("<meta http-equiv=")
    made = "".join(
        f"<tr><td>{name}</td><td{'' if us is None else f' data-value={us}'}>{said}</td></tr>"
        for name, us, said in rows
    )
    csp = whole[start : whole.index(">", start) + 1]
    return PAGE.format(lang=language, csp=csp, rows=made, script=script)


def names(shown):
    return shown.ask(
        "[...document.querySelectorAll('tbody tr:not([hidden]) td:first-child')].map((e) => e.textContent)"
    )


def test_numbers_sort_by_value_and_what_is_missing_stays_last(show):
    shown = show(page())
    head = shown.page.get_by_role("button", name="took")
    head.click()
    assert names(shown) == ["в", "б9", "б10", "ә1"]
    assert shown.ask("document.querySelectorAll('th')[1].getAttribute('aria-sort')") == "ascending"
    head.click()
    assert names(shown) == ["б10", "б9", "в", "ә1"]
    shown.page.get_by_role("button", name="name").click()
    assert names(shown) == ["ә1", "б9", "б10", "в"]
    assert shown.ask("document.querySelectorAll('[aria-sort]').length") == 1


def test_the_keyboard_sorts_too(show):
    shown = show(page())
    shown.page.keyboard.press("Tab")
    shown.page.keyboard.press("Enter")
    assert names(shown)[0] == "ә1"
    shown.page.keyboard.press("Space")
    assert names(shown)[0] == "в"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_choose_the_rows(show, language):
    rows = [(f"case {n} {'ҚАЛА' if n % 2 else 'ауыл'}", n, str(n)) for n in range(12)]
    shown = show(page(language, rows))
    texts = Texts(language)
    field = shown.page.get_by_label(texts.say("page.filter"))
    field.fill("қала 1")
    assert names(shown) == ["case 1 ҚАЛА", "case 11 ҚАЛА"]
    told = shown.ask("document.querySelector('output').textContent")
    assert told == texts.say("page.filter_shown", shown=2, n=12)
    field.fill("<b>")
    assert names(shown) == []
    field.fill("")
    assert len(names(shown)) == 12


def test_a_script_that_is_not_the_pages_own_does_not_run(show):
    shown = show(page().replace('"use strict";', '"use strict"; document.title = "other";'))
    assert shown.ask("document.title") == "t"
    assert "script-src" in " ".join(shown.said)
    shown.said.clear()


def test_the_tables_of_a_real_page_sort(show):
    shown = show(source_of("run-rich", "ru"))
    assert shown.page.locator("section[aria-labelledby=norms] .sort").count() > 3
    column = shown.page.locator("section[aria-labelledby=steps] table").first
    column.locator(".sort").first.click()
    codes = column.locator("tbody th").all_inner_texts()
    assert codes == sorted(codes)

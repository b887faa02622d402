"""The routes are told in words, with counts and shares; colours and signs only repeat them."""

import msgspec
import pytest

from reports.flow import Part, flow_lines, parts, share, statements, told
from reports.html import render_page
from reports.terminal import render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EMPTY, RICH
from tests.reports.run_examples import FLOW, variant

ENGLISH = Texts("en")
KINDS = ("skipped", "inserted", "repeated", "after_end", "swapped", "any_order", "no_end")
STATUSES = ("fits", "differs", "order_not_certain", "no_process", "too_long")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_and_status_has_a_word_of_its_own(language):
    texts = Texts(language)
    for group, codes in (("flow_move", KINDS), ("flow_status", STATUSES)):
        words = [texts.say(f"{group}.{code}") for code in codes]
        assert len(set(words)) == len(codes)


def test_a_route_is_told_with_what_is_wrong_in_brackets():
    assert told(FLOW.variants[1], ENGLISH) == "P1 P3 [swapped: P6 P5] P8"
    assert told(variant("P1", "skipped P3", "P5", cases=1), ENGLISH) == "P1 [skipped: P3] P5"
    assert told(FLOW.variants[-2], ENGLISH) == "P1 [in some order: P3 P5]"
    assert told(FLOW.variants[-1], ENGLISH) == "P1 [without an end: P3]"
    assert parts(FLOW.variants[0])[0] == Part("fits", ("P1",))


def test_a_share_has_its_interval_and_never_rounds_to_all_or_none():
    assert share(90, 101, ENGLISH) == "90 of 101, 89.1 % (95 %: 81.5 to 93.8 %)"
    assert share(9999, 10000, ENGLISH).startswith("9,999 of 10,000, 99.99 %")
    assert share(10, 10, Texts("ru")) == "10 из 10, 100,0 % (95 %: от 69,2 до 100,0 %)"


def test_what_is_not_known_is_counted_and_nothing_is_said_of_what_is_not_there():
    said = " / ".join(statements(FLOW, ENGLISH))
    for part in (
        "1,100 of 1,210",
        "fitness 0.9740",
        "70 distinct",
        "not certain: 7",
        "compare with: 3",
        "here: 14",
    ):
        assert part in said
    nothing = {name: 0 for name in FLOW.__struct_fields__ if name not in ("variants", "undelivered")}
    assert statements(msgspec.structs.replace(FLOW, **nothing, variants=()), ENGLISH) == ["0 distinct routes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_listed_route_and_says_what_is_hidden(language):
    texts = Texts(language)
    page = render_page(RICH, texts)
    part = page[page.index('<h2 id="flow">') : page.index('<h2 id="scenarios">')]
    assert part.count("<tr>") == len(FLOW.variants) + 1
    assert texts.say("flow.hidden", variants=61, cases=72) in part
    for kind in KINDS:
        assert f"<b>{texts.word('flow_move', kind)}</b>" in part
    assert 'href="#case-c0001"' in part
    assert "<img" not in part
    assert texts.say("flow.none") in render_page(EMPTY, texts)


def test_a_move_says_what_its_step_does_where_the_results_know_it():
    known = {(s.service, s.path, s.step): s.action for s in RICH.steps}
    (service, path, step), action = next(iter(known.items()))
    moved = variant(f"skipped {step}", cases=1, service=service, path=path)
    found = msgspec.structs.replace(FLOW, variants=(moved,))
    page = render_page(msgspec.structs.replace(RICH, flow=found), ENGLISH)
    assert f"skipped <code>{step}</code>: <bdi>{action.en}</bdi>" in page


def test_a_terminal_is_told_the_three_most_frequent_routes_that_do_not_fit():
    lines = flow_lines(RICH, ENGLISH, 100)
    assert lines[0] == "routes  1,100 of 1,210 follow the process   fitness 0.9740"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["30 cases", "3 cases", "2 cases"]
    assert "routes  1,100" in render_summary(RICH, ENGLISH)


def test_a_terminal_is_told_nothing_where_all_fits():
    assert flow_lines(EMPTY, ENGLISH, 80) == []
    fitting = msgspec.structs.replace(FLOW, unfit=0, variants=FLOW.variants[:1])
    assert flow_lines(msgspec.structs.replace(RICH, flow=fitting), ENGLISH, 80) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_of_which_the_routes_say_nothing_are_named_even_where_all_fits(language):
    texts = Texts(language)
    said = texts.say("flow.undelivered", steps="P3, P7")
    fitting = msgspec.structs.replace(FLOW, unfit=0, variants=FLOW.variants[:1], undelivered=("P3", "P7"))
    results = msgspec.structs.replace(RICH, flow=fitting)
    lines = flow_lines(results, texts, 60)
    assert said in " ".join(line.strip() for line in lines)
    assert all(len(line) <= 60 for line in lines)
    assert f"<li>{said}</li>" in render_page(results, texts)
    assert said not in render_page(RICH, texts)
    unknown = msgspec.structs.replace(fitting, fitting=0, cost=0, worst=0)
    assert said in " ".join(
        line.strip() for line in flow_lines(msgspec.structs.replace(RICH, flow=unknown), texts, 200)
    )

"""The summary of a study says first what is kept, tells limit and measured together, and fits its width."""

import re

import pytest
from msgspec.structs import replace

from conformance.study_results import StopRule
from reports import study_words as words
from reports.characters import display_width
from reports.study_overview import verdict_sentence
from reports.study_text import render_study_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.study_examples import (
    EMPTY,
    INTERRUPTED,
    MARKUP,
    NO_POINT,
    NO_STAFFING,
    ORDINARY,
    SIZING,
    STUDIES,
    SWEEP,
    UNSHOWN,
)

TEXTS = {language: Texts(language) for language in LANGUAGES}
ENGLISH, RUSSIAN = TEXTS["en"], TEXTS["ru"]
REPORT = "out/study-astana/report.html"


def told(results, texts=ENGLISH, width=80, colour=False):
    return render_study_summary(results, texts, width, colour, REPORT)


def flat(results, texts=ENGLISH):
    return " ".join(told(results, texts, 400).split())


@pytest.mark.parametrize("width", [1, 40, 61, 80, 120])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_lines_fit_the_width(name, language, width):
    for line in told(STUDIES[name], TEXTS[language], width).splitlines():
        assert REPORT in line or display_width(line) <= max(40, width), line
        assert line == line.rstrip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_the_verdict_comes_first_and_the_report_last(name, language):
    texts = TEXTS[language]
    summary = told(STUDIES[name], texts)
    sentence = " ".join(summary.split("\n\n")[1].split())
    assert sentence == " ".join(re.sub("[\u202a-\u202e]", "", verdict_sentence(STUDIES[name], texts)).split())
    assert summary.splitlines()[-1] == texts.say("terminal.report", place=REPORT)
    assert texts.say("study.simulated") in summary
    assert summary == told(STUDIES[name], texts)


def test_the_sentence_is_computed_from_the_figures():
    assert verdict_sentence(ORDINARY, ENGLISH) == (
        "At this load, of 10 limits of the regulation: 4 kept, 2 not kept, 4 not shown. "
        "The worst is S2.V5.limit: 71.2 % in time."
    )
    assert verdict_sentence(SWEEP, ENGLISH).startswith(
        "The first limit breaks between 1.25 and 1.5 (arrivals.*.factor). First: S2.V5.limit. "
        "All stated limits are kept at “0.5”, “1”. Not all stated limits are kept at “2”, “3”."
    )
    assert "At “2”, of 4 limits of the regulation: 3 kept, 1 not kept" in verdict_sentence(SWEEP, ENGLISH)
    assert verdict_sentence(SWEEP, ENGLISH).endswith("At “2” the worst is S2.V5.limit: 71.2 % in time.")
    assert verdict_sentence(SIZING, ENGLISH).startswith(
        "The smallest staffing found that keeps every limit: provider's workplace 13, registrar 2."
    )
    assert verdict_sentence(NO_STAFFING, ENGLISH).startswith("No staffing tried keeps every limit.")
    assert verdict_sentence(EMPTY, ENGLISH) == "Nobody came: no limit of the regulation was put to the test."
    assert verdict_sentence(INTERRUPTED, ENGLISH).startswith("The study was broken off")
    assert "No load was played to its end" in verdict_sentence(NO_POINT, ENGLISH)
    assert "0 kept, 0 not kept, 3 not shown" in verdict_sentence(UNSHOWN, ENGLISH)


@pytest.mark.parametrize(
    ("holds", "breaks", "said"),
    [
        (1.0, None, "All limits are kept up to 1 (arrivals.*.factor); none is shown to break"),
        (None, 2.5, "A limit breaks from 2.5 on (arrivals.*.factor), and at no load tried are all"),
        (None, None, "Where the first limit breaks was not found."),
    ],
)
def test_a_breaking_load_that_was_not_enclosed_is_said_as_such(holds, breaks, said):
    found = replace(SWEEP.breaking_load, holds_at=holds, breaks_at=breaks, first=None)
    results = replace(SWEEP, breaking_load=found)
    assert verdict_sentence(results, ENGLISH).startswith(said)
    assert "None" not in told(results)


def test_between_the_bounds_of_a_breaking_load_nothing_is_claimed():
    said = " ".join(told(SWEEP).split())
    assert "kept up to 1.25" in said
    assert "not kept from 1.5 on" in said
    found = replace(SWEEP.breaking_load, breaks_at=None, first=None)
    said = " ".join(told(replace(SWEEP, breaking_load=found)).split())
    assert "not shown to break at any load tried" in said
    assert "kept at the greatest load tried" not in said


def test_a_limit_that_is_not_kept_has_limit_and_measured_together():
    lines = told(ORDINARY).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("NOT KEPT"))
    assert " ".join(lines[at].split()) == "NOT KEPT S2.V5.limit limit 60 s p95 231 s (217 to 245)"
    assert lines[at + 1].strip() == "in time 71.2 % (69.1 to 73.4)   late 17,763 of 61,740"
    wide = told(ORDINARY, width=140).splitlines()
    assert any(line.startswith("NOT KEPT") and line.endswith("late 17,763 of 61,740") for line in wide)


def test_the_worst_comes_first_and_kept_limits_are_only_counted():
    summary = told(ORDINARY)
    places = [
        summary.index(name)
        for name in ("NOT KEPT   S2.V5", "S2.V6", "S1.P6", "S1.V5.limit", "kept       ...")
    ]
    assert places == sorted(places)
    assert "S2.P5.limit" not in summary
    assert "... 4 more" in summary
    assert flat(ORDINARY).count("the source does not state this limit for certain") == 1


def test_cases_without_an_end_are_never_hidden():
    assert "abandoned 412 of 46,015 unfinished 37 of 46,015" in flat(ORDINARY)
    assert "31 in the queue: Appointment with a doctor, through the provider · V5" in flat(ORDINARY)
    assert "2 under way: Attachment" in flat(ORDINARY)
    both = flat(SWEEP)
    assert both.count("abandoned 412 of") == 2
    assert "Cases without an end" not in told(UNSHOWN)


def test_the_tables_hold_the_figures():
    assert re.search(
        r"provider's workplace, clinic-07 +97\.5 % +91\.3 % +S2\.V5\.limit 71\.2 %", told(ORDINARY)
    )
    sweep = told(SWEEP)
    assert re.search(r"\n +2  not kept +S2\.V5\.limit +71\.2 \(70\.0 to 72\.5\) +231 s +100\.0 % prov", sweep)
    assert "kept up to 1.25: 97.1 % (95.9 to 98.3)" in sweep
    sizing = told(SIZING)
    assert re.search(r"\n  chosen\n    13 · 2 +15 +96\.3 \(95\.3 to 97\.4\) +kept", sizing)
    assert re.search(r"\n  next cheapest: registrar \+1\n    13 · 3 +16 ", sizing)
    assert "... 4 earlier moves in the report" in sizing
    assert "With the staffing as given: not shown to be kept at the least load tried; not kept" in flat(
        SIZING
    )


def test_the_moves_and_notes_of_a_sizing_are_told_in_each_language():
    assert "registrar −1, provider's workplace +1,000 3 · 2 " in flat(NO_STAFFING)
    assert "The search ended after 401 staffings." in flat(NO_STAFFING)
    assert "Поиск закончен после 401 проверенной численности." in flat(NO_STAFFING, RUSSIAN)
    assert "Іздеу 401 құрамнан кейін тоқтады." in flat(NO_STAFFING, TEXTS["kk"])
    notes = flat(SIZING)
    assert "S2.V5.limit (doctor-appointment/provider/V5) 98.5 %" in notes
    assert "S2.V5.limit (doctor-appointment/provider/V5) 71.2 % of 1,234" in notes
    assert "3.1 % of the cases were abandoned, 0.0 % with servers for everybody." in notes


def test_an_office_has_the_name_that_the_log_has_unless_there_is_one_alone():
    assert "provider's workplace, clinic-07" in flat(ORDINARY)
    alone = replace(ORDINARY, offices=("clinic-01",))
    assert "clinic-" not in flat(alone)


def test_how_sure_it_is_stands_at_the_end():
    end = " ".join(told(ORDINARY).split("\n\n")[-2].split())
    assert end == "10 replications confidence 95 % warm-up cut 1 h (MSER-5) engine compiled seed 7 simulated"
    assert "does not play balking" in told(UNSHOWN)
    assert "Ряд не успокаивается" in flat(UNSHOWN, RUSSIAN)


def test_why_a_stop_rule_ended_is_told_and_nothing_is_said_where_there_is_none():
    measure = "doctor-appointment/provider/V5 p95_sojourn_s"
    rule = StopRule(measure=measure, half_width=1.0, least=5, most=9, reached=True, last_half_width=0.5)
    assert f"stopped once the half-width of {measure} was at most 1 (last: 0.5)" in flat(
        replace(ORDINARY, stop=rule)
    )
    missed = replace(rule, reached=False, last_half_width=3.25)
    assert f"at the most allowed, 9: the half-width of {measure} did not" in flat(
        replace(ORDINARY, stop=missed)
    )
    assert "stopped" not in flat(INTERRUPTED)
    assert f"broken off before the half-width of {measure} came down to 1" in flat(INTERRUPTED)
    assert "half-width" not in flat(ORDINARY)


def test_colour_only_repeats_the_words_and_only_if_asked():
    plain, coloured = (told(ORDINARY, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31mNOT KEPT\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_cannot_steer_the_terminal(language):
    summary = told(STUDIES["strange"], TEXTS[language], 200)
    assert not set(summary) & {"\x1b", "\x07", "\u202e"}
    assert MARKUP in summary


def test_a_share_just_under_everything_or_its_target_does_not_read_like_it():
    assert words.percent(0.9996, ENGLISH) == "99.96 %"
    assert words.percent(1.0, ENGLISH) == "100.0 %"
    assert words.percent(0.94996, ENGLISH, 0.95) == "94.996 %"
    assert words.share_range(0.9496, 0.9501, ENGLISH) == "94.9 to 95.1"
    assert words.seconds(60.0004, ENGLISH, 60.0) == "60.0004 s"
    assert words.seconds(1800.25, ENGLISH, 1800.0) == "30 min 0.3 s"
    assert words.seconds(None, ENGLISH) == "–"

"""The summary fits its width, tells the worst first, and shows colour only when asked."""

import re

import msgspec
import pytest

from conformance.verdicts import Verdict
from reports.characters import display_width
from reports.terminal import MOST_SHOWN, render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import ALL_MET, EXAMPLES, MARKUP, RICH, measured, norm

ENGLISH = Texts("en")


@pytest.mark.parametrize("width", [1, 40, 61, 80, 120])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_lines_fit_the_width_except_commands_to_copy(name, language, width):
    texts = Texts(language)
    command = texts.say("terminal.replay", command="")
    for line in render_summary(EXAMPLES[name], texts, width).splitlines():
        assert line.lstrip().startswith(command) or display_width(line) <= max(40, width)
        assert line == line.rstrip()


def test_a_failing_norm_has_limit_measured_clause_and_count_on_one_line():
    lines = render_summary(RICH, ENGLISH, 100).splitlines()
    wanted = r"NOT MET +S1\.P6\.limit +limit 1 min +max 1 min 0\.04 s +clause S1/T1\.c6 +3 of 120 broken"
    assert sum(bool(re.fullmatch(wanted, line)) for line in lines) == 1


def test_a_failing_scenario_shows_expected_got_clause_and_replay():
    text = render_summary(RICH, ENGLISH)
    part = text[text.index("doctor-home-call/wrong-password") : text.index("not run")]
    assert "expected: P1 P3 P5 P6 P8 (ok)" in part
    assert "got: P1 P3 (no outcome)" in part
    assert "- expected the route P1 P2, got P1 P3" in part
    assert "clause S1/12(5), S1/T1.c6" in part
    assert "replay: reglament run doctor-home-call --seed 7 --only wrong-password\n" in part


def test_the_worst_comes_first_and_the_met_limits_last():
    text = render_summary(RICH, ENGLISH)
    order = ("ERROR", "edge/late", "NOT MET", "S1.deadline", "S1.P7.limit", "S1.P1.limit")
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_of_the_met_limits_the_three_closest_are_told():
    met = [norm for norm in RICH.norms if norm.id == "S1.P1.limit"]
    slower = [
        msgspec.structs.replace(met[0], id=f"S1.X{i}.limit", measured=measured(5, 1, 1, i * 1_000_000))
        for i in (1, 5, 3, 4, 2)
    ]
    text = render_summary(msgspec.structs.replace(RICH, norms=(*slower,)), ENGLISH)
    told = [line.split()[1] for line in text.splitlines() if line.startswith("met ")]
    assert told == ["S1.X5.limit", "S1.X4.limit", "S1.X3.limit"]


def test_what_passed_among_the_faults_is_only_counted():
    text = render_summary(RICH, ENGLISH)
    assert "slow-register" not in text


def test_the_header_says_what_was_played_and_that_it_is_simulated():
    header = " ".join(render_summary(RICH, ENGLISH).split("\n\n")[0].split())
    assert header == (
        "doctor-home-call, edge, faults astana-106-1923 2012-12-29 seed 7 1,234 cases 8,765 rows Simulated"
    )


def test_the_end_has_the_sentence_the_report_and_the_replay():
    lines = render_summary(RICH, ENGLISH, report="out/report.html").splitlines()
    assert lines[-2] == "report: out/report.html"
    assert lines[-1] == "replay: reglament run doctor-home-call --seed 7 --only crashed"
    assert "The only scenario went as expected" in render_summary(ALL_MET, ENGLISH)


def test_colour_only_repeats_the_words_and_only_if_asked():
    plain, coloured = (render_summary(RICH, ENGLISH, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31mNOT MET\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_titles_cannot_steer_the_terminal():
    text = render_summary(RICH, ENGLISH)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert MARKUP in text


def test_long_lists_are_cut_and_the_rest_is_counted():
    norms = tuple(norm(f"S1.n{i:03d}", Verdict.FAIL) for i in range(MOST_SHOWN + 1205))
    text = render_summary(msgspec.structs.replace(RICH, norms=norms), ENGLISH)
    assert "... 1,205 more" in text
    assert f"S1.n{MOST_SHOWN:03d}" not in text

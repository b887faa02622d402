"""Simulated people: the same seed gives the same answers, one case never moves another, the model shows."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from conformance.errors import InputError
from conformance.log import Row
from conformance.pack import load_pack
from scenarios.run_survey import DEFAULT_MODEL, read_model
from sim.respondents import ResponseModel, ask_people

PACK = load_pack("astana-106-1923")
MODEL = read_model(DEFAULT_MODEL, PACK)
MONDAY = 1_368_417_600_000_000
SECOND = 1_000_000


def ended(case, step="P8", outcome="ok", took_s=10, waited_s=0):
    """Sent and answered: the answer took *took_s*, *waited_s* after the request."""
    sent = MONDAY
    answered = sent + waited_s * SECOND
    service, path = "doctor-home-call", "portal" if step.startswith("P") else "provider"
    steps = [("P5", sent, sent, "ok"), (step, answered, answered + took_s * SECOND, outcome)]
    return [
        Row(
            case_id=case,
            service=service,
            path=path,
            step=name,
            unit="portal",
            resource=None,
            enabled_us=start,
            started_us=start,
            completed_us=end,
            resolution_us=1,
            outcome=code,
            request_number=None,
            attributes=None,
        )
        for name, start, end, code in (steps if path == "portal" else steps[1:])
    ]


def grades(rows, model=MODEL, seed=1):
    return [(g.case_id, g.question, g.grade) for g in ask_people(rows, PACK, model, seed)]


def test_every_ending_is_asked_both_questions_and_an_open_case_is_not():
    rows = [*ended("a"), *ended("b", "P7", "NOT_ATTACHED"), *ended("c", "V4", "REGISTRY_TIMEOUT")]
    rows.append(ended("open")[0])
    assert Counter(case for case, _, _ in grades(rows)) == {"a": 2, "b": 2, "c": 2}


def test_the_same_seed_gives_the_same_answers_and_another_one_others():
    rows = [row for i in range(40) for row in ended(f"c{i}")]
    assert grades(rows) == grades(rows)
    assert grades(rows) != grades(rows, seed=2)


def test_a_case_more_moves_no_other_case():
    rows = [row for i in range(20) for row in ended(f"c{i}")]
    alone = [g for g in grades(rows) if g[0] == "c7"]
    assert [g for g in grades([*ended("a new one"), *rows]) if g[0] == "c7"] == alone


def test_people_are_asked_when_their_case_ends():
    assert {given.asked_us for given in ask_people(ended("a"), PACK, MODEL, 1)} == {MONDAY + 10 * SECOND}


def share_of(grade, rows, model):
    answers = [given for _, question, given in grades(rows, model) if question == "Q1" and given]
    return answers.count(grade) / len(answers)


def test_the_shares_are_those_of_the_model():
    rows = [row for i in range(1500) for row in ended(f"c{i}")]
    given = [grade for _, question, grade in grades(rows) if question == "Q1"]
    assert sum(g is not None for g in given) / len(given) == pytest.approx(0.40 * 0.96, abs=0.04)
    assert share_of(3, rows, MODEL) == pytest.approx(0.82, abs=0.05)


@pytest.mark.parametrize(
    ("step", "outcome", "took_s", "waited_s"),
    [
        ("P7", "NOT_ATTACHED", 10, 0),
        ("V4", "REGISTRY_TIMEOUT", 5, 0),
        ("P7", "X", 500, 0),
        ("P8", "ok", 10, 50_000),
    ],
    ids=["refused", "failed", "a limit broken", "a long wait"],
)
def test_worse_experiences_give_worse_grades(step, outcome, took_s, waited_s):
    good = [row for i in range(600) for row in ended(f"c{i}")]
    bad = [row for i in range(600) for row in ended(f"c{i}", step, outcome, took_s, waited_s)]
    assert share_of(3, bad, MODEL) < share_of(3, good, MODEL) - 0.05


def test_a_broken_limit_alone_costs_grades():
    kept = [row for i in range(600) for row in ended(f"c{i}", "P7", "X", 10)]
    broken = [row for i in range(600) for row in ended(f"c{i}", "P7", "X", 500)]
    assert share_of(1, broken, MODEL) > share_of(1, kept, MODEL) + 0.05


def changed(**changes):
    plain = msgspec.to_builtins(MODEL)
    return plain | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"skips": 101},
        {"late_down": -1},
        {"responds": {"accepted": 40}},
        {"grades": {"Q1": {"accepted": [50, 40], "refused": [50, 50], "failed": [50, 50]}}},
        {"patience": "long"},
        {"unknown": 1},
    ],
)
def test_a_model_that_is_none_is_refused(changes):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(changed(**changes), ResponseModel)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("  Q2:", "  Q3:", "unknown question Q3"),
        ("accepted: [4, 14, 82]", "accepted: [4, 96]", "2 shares"),
        ("skips: 4", "skips: 400", "share 400"),
    ],
)
def test_a_model_that_does_not_fit_the_pack_is_refused(tmp_path: Path, old: str, new: str, found: str):
    place = tmp_path / "model.yaml"
    place.write_text(DEFAULT_MODEL.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=found):
        read_model(place, PACK)

"""A wrong suite is refused with file, path inside it, what was found, what was expected, the nearest name."""

import re
from functools import cache
from pathlib import Path

import pytest

from actors.decision import DECISIONS
from conformance.errors import InputError
from scenarios import suite_reader
from scenarios.endings import FINDINGS, OUTCOMES, check_finding, finding
from scenarios.run import run_suites
from scenarios.suite_reader import WORLDS, find_suite, read_suite, read_suites, shipped_suites
from tests.scenarios.small_suites import ACCEPTED, BYPASS, SLOW, ready, scenario, suite, write
from tests.scenarios.wrong_suites import WRONG_SUITES, one
from tests.scenarios.wrong_worlds import WRONG_TEXTS, WRONG_WORLDS

pytestmark = pytest.mark.xdist_group("wrong suites")  # one worker reads the pack, once


@pytest.fixture(autouse=True, scope="module")
def _one_pack():
    """Load the pack once: the checks of packs have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suite_reader, "load_pack", cache(suite_reader.load_pack))
        yield


def refusal(folder, plain):
    path = write(folder, plain)
    with pytest.raises(InputError) as caught:
        read_suite(path)
    assert caught.value.place == str(path)
    return caught.value


WRONG = WRONG_SUITES | WRONG_WORLDS | WRONG_TEXTS


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_suite_is_refused(name, tmp_path):
    plain, inside, found, expected, nearest = WRONG[name]
    error = refusal(tmp_path, plain)
    assert error.inside.startswith(inside)
    assert found in error.found
    assert expected in error.expected
    assert error.nearest == nearest
    for word in ("msgspec", "Object", "Invalid", "ValidationError", "found found", "None:", "Traceback"):
        assert word not in str(error)


def test_an_iin_in_quotes_is_not_repeated_in_the_message(tmp_path):
    error = refusal(tmp_path, one(citizen={"in_registry": "850704200017"}))
    assert not re.search("[0-9]{12}", str(error))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.write_bytes("suite: қате".encode("cp1251", "replace") + b"\xff"), "not UTF-8"),
        (lambda path: path.write_bytes(b"# " + b"x" * 3_000_000), "3000002 octets"),
        (lambda path: path.symlink_to("nowhere"), "no such file"),
        (Path.absolute, "no such file"),
    ],
    ids=["a folder", "another encoding", "three megabytes", "a broken link", "nothing"],
)
def test_what_is_no_suite_file_is_refused(tmp_path, make, found):
    path = tmp_path / "small.yaml"
    make(path)
    with pytest.raises(InputError) as caught:
        read_suite(path)
    assert caught.value.place == str(path)
    assert found in caught.value.found


def test_a_good_suite_is_ready(tmp_path):
    suite_ = ready(tmp_path, ACCEPTED, BYPASS, SLOW)
    assert [s.id for s in suite_.scenarios] == ["accepted", "bypass", "slow"]
    assert [s.is_violation for s in suite_.scenarios] == [False, True, True]
    first = suite_.scenarios[0].play
    assert [case.id for case in first.cases] == ["accepted-1"]
    assert first.starts_us == 1_368_590_400_000_000  # 04:00 UTC is 10:00 in Astana
    assert first.world == suite_.scenarios[0].suite_world


def test_a_scenario_changes_only_what_it_names_of_the_world(tmp_path):
    changes = SLOW["world"] | {"stations": {"desk": {"servers": 3}}, "gateway_retry": "7 s"}
    (slow,) = ready(tmp_path, scenario(SLOW, world=changes)).scenarios
    world, usual = slow.play.world, slow.suite_world
    assert world.stations["desk"].servers == 3
    assert world.gateway_retry == "7 s"
    assert world.steps["P6"] != usual.steps["P6"]
    assert {k: v for k, v in world.steps.items() if k != "P6"} == {
        k: v for k, v in usual.steps.items() if k != "P6"
    }
    assert (world.decision, world.slot_hold) == (usual.decision, usual.slot_hold)
    assert usual.gateway_retry != "7 s"


def test_another_world_stands_beside_the_suite(tmp_path):
    text = (WORLDS / "astana-2013.yaml").read_text(encoding="utf-8")
    write(tmp_path, text.replace("workstation: {servers: 2}", "workstation: {servers: 5}"), "own.yaml")
    (accepted,) = ready(tmp_path, world="own.yaml").scenarios
    assert accepted.play.world.stations["workstation"].servers == 5


@pytest.mark.parametrize(
    ("cut", "inside", "expected"),
    [
        ("  workstation: {servers: 2}\n", "stations", "the station workstation"),
        ('  P6:\n    workstation: {law: uniform, low: "10 s", high: "40 s"}\n', "steps.P6", "the time of P6"),
        ('  provider: {law: uniform, low: "20 s", high: "60 s"}\n', "decision", "on the provider path"),
    ],
)
def test_a_world_that_lacks_something_is_refused(tmp_path, cut, inside, expected):
    text = (WORLDS / "astana-2013.yaml").read_text(encoding="utf-8")
    assert cut in text
    own = write(tmp_path, text.replace(cut, ""), "own.yaml")
    with pytest.raises(InputError) as caught:
        ready(tmp_path, world="own.yaml")
    assert (caught.value.place, caught.value.inside) == (str(own), inside)
    assert expected in caught.value.expected


def test_an_identifier_stands_once_in_a_run(tmp_path):
    first, second = write(tmp_path, suite(), "a.yaml"), write(tmp_path, suite(), "b.yaml")
    with pytest.raises(
        InputError, match=r"b\.yaml: scenarios: found the id accepted, which .*a\.yaml has too"
    ):
        read_suites([first, second])


def test_a_suite_given_twice_is_refused(tmp_path):
    path = write(tmp_path, suite())
    with pytest.raises(InputError, match="each id once in a run"):
        read_suites([path, path])


def test_the_titles_of_the_shipped_scenarios_are_told_in_three_languages():
    titles = {ready.scenario.title for path in shipped_suites() for ready in read_suite(path).scenarios}
    for language in ("ru", "kk"):
        told = {title.in_language(language) for title in titles}
        assert len(told) == len(titles), "two titles are one in a translation"
        assert all(re.search("[а-яё]", text, re.IGNORECASE) for text in told)
    assert len({title.en for title in titles}) == len(titles), "one title has two translations"


def test_suites_are_found_by_name_and_by_path():
    assert find_suite("violations") in shipped_suites()
    assert str(find_suite("own/suite.yaml")) == "own/suite.yaml"
    with pytest.raises(InputError, match=r"found 'violation', .*; did you mean violations\?"):
        find_suite("violation")


EVERYWHERE = ("doctor-home-call", "doctor-appointment", "clinic-attachment")
BOTH = scenario(services=list(EVERYWHERE), clauses=["*/12(2)", "*/12(12)"])


def test_a_scenario_for_several_services_is_one_for_each(tmp_path):
    ready_ = ready(tmp_path, BOTH, scenario(BYPASS)).scenarios
    assert [s.id for s in ready_] == ["accepted-s1", "accepted-s2", "accepted-s3", "bypass"]
    assert [s.play.cases[0].service for s in ready_[:3]] == list(EVERYWHERE)
    assert [s.scenario.clauses for s in ready_[:3]] == [
        (f"{name}/12(2)", f"{name}/12(12)") for name in ("S1", "S2", "S3")
    ]
    assert [s.play.cases[0].id for s in ready_[:3]] == ["accepted-s1-1", "accepted-s2-1", "accepted-s3-1"]


def test_services_of_the_suite_are_for_scenarios_without_any(tmp_path):
    plain = suite(
        scenario(clauses=["*/12(2)"]),
        scenario(BYPASS, service="doctor-home-call"),
        scenario(
            BYPASS, id="norm", services=["clinic-attachment"], breaks=["*.P5.gateway"], clauses=["*/12(8)"]
        ),
        services=list(EVERYWHERE[:2]),
    )
    del plain["service"]
    found = read_suite(write(tmp_path, plain)).scenarios
    assert [s.id for s in found] == ["accepted-s1", "accepted-s2", "bypass", "norm-s3"]
    assert found[-1].scenario.breaks == ("S3.P5.gateway",)


def test_a_mistake_in_one_of_several_services_points_into_the_file(tmp_path):
    no_slots = {"do": "take_slot", "step": "P5"}
    plain = suite(ACCEPTED, scenario(BOTH, id="both", happenings=[no_slots]))
    error = refusal(tmp_path, plain)
    assert error.inside == "scenarios[1].happenings[0].do"
    assert "take_slot in doctor-home-call" in error.found


def test_one_of_several_is_played_alone_by_the_id_that_its_replay_names(tmp_path):
    path = write(tmp_path, suite(BOTH))
    whole = run_suites([path], seed=3)
    third = whole.outcomes[2]
    assert (third.passed, third.result.service) == (True, "clinic-attachment")
    assert "--only accepted-s3 " in third.result.replay
    assert run_suites([path], seed=3, only=["accepted-s3"]).outcomes == (third,)
    with pytest.raises(InputError, match=r"did you mean accepted-s[123]\?"):
        run_suites([path], seed=3, only=["accepted"])


def test_every_decision_can_be_expected_and_nothing_else():
    assert {finding(decision) for decision in DECISIONS} == set(FINDINGS)
    assert {one.reason for one in DECISIONS} - set(OUTCOMES) == {"CHECK_UNAVAILABLE"}
    for text in FINDINGS:
        check_finding(text)

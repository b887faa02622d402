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
from tests.scenarios.small_suites import ACCEPTED, BYPASS, SLOW, as_yaml, ready, scenario, suite, write

pytestmark = pytest.mark.xdist_group("wrong suites")  # one worker reads the pack, once

GOOD = as_yaml(suite())


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


def one(**changes):
    return suite(scenario(**changes))


def slow_world(**changes):
    return suite(scenario(SLOW, world=changes))


def expecting(validation):
    return one(expect=ACCEPTED["expect"] | {"validation": validation})


HAPPENING = {"do": "gateway_down", "step": "P5", "lasting": "20 s"}
CONSTANT = {"law": "constant", "value": "61 s"}

WRONG = {
    # name: (suite, path inside, found, expected, nearest)
    "unknown key": (
        one(clause=["S1/9"]),
        "scenarios[0].clause",
        "the unknown key clause",
        "known key",
        "clauses",
    ),
    "unknown key of a citizen": (
        one(citizen={"pasword": "wrong"}),
        "scenarios[0].citizen.pasword",
        "unknown key",
        "known",
        "password",
    ),
    "unknown password": (
        one(citizen={"password": "rong"}),
        "scenarios[0].citizen.password",
        "'rong'",
        "listed",
        "wrong",
    ),
    "unknown service": (
        suite(service="doctor-homecall"),
        "scenarios[0].service",
        "doctor-homecall",
        "service of the pack",
        "doctor-home-call",
    ),
    "no service": (
        {k: v for k, v in suite().items() if k != "service"},
        "scenarios[0].service",
        "nothing",
        "doctor-home-call",
        None,
    ),
    "unknown path": (one(path="portl"), "scenarios[0].path", "portl", "a path", "portal"),
    "no path": (one(path=None), "scenarios[0].path", "nothing", "portal, provider", None),
    "unknown step": (
        one(expect={"route": ["P1", "P33"], "outcome": "ok"}),
        "scenarios[0].expect.route[1]",
        "P33",
        "a step of the portal path",
        "P3",
    ),
    "step of the other path": (
        one(expect={"route": ["V1"], "outcome": "ok"}),
        "scenarios[0].expect.route[0]",
        "V1",
        "a step of the portal path",
        None,
    ),
    "empty route": (
        one(expect={"route": [], "outcome": "ok"}),
        "scenarios[0].expect.route",
        "empty",
        "one step",
        None,
    ),
    "outcome that nothing gives": (
        one(expect={"route": ["P1", "P3", "P4"], "outcome": "CERT_EXPIERD"}),
        "scenarios[0].expect.outcome",
        "CERT_EXPIERD",
        "an outcome that a case can end with",
        "CERT_EXPIRED",
    ),
    "outcome that ends no case": (
        one(expect={"route": ["P1", "P3", "P4"], "outcome": "CHECK_UNAVAILABLE"}),
        "scenarios[0].expect.outcome",
        "CHECK_UNAVAILABLE",
        "an outcome that a case can end with",
        "GATEWAY_UNAVAILABLE",
    ),
    "outcome of another citizen": (
        one(others=[{"arrives": "0 s", "expect": ACCEPTED["expect"] | {"outcome": "okay"}}]),
        "scenarios[0].others[0].expect.outcome",
        "okay",
        "an outcome that a case can end with",
        "ok",
    ),
    "validation of two words": (
        expecting("TOTAL_FAILED/EXPIRED"),
        "scenarios[0].expect.validation",
        "'TOTAL_FAILED/EXPIRED'",
        "indication/sub-indication/message",
        None,
    ),
    "validation that nobody comes to": (
        expecting("TOTAL_FAILED/EXPIRD/CERT_PERIOD"),
        "scenarios[0].expect.validation",
        "TOTAL_FAILED/EXPIRD/CERT_PERIOD",
        "a finding of a verification",
        "TOTAL_FAILED/EXPIRED/CERT_PERIOD",
    ),
    "validation whose words do not belong together": (
        expecting("TOTAL_PASSED/EXPIRED/CERT_PERIOD"),
        "scenarios[0].expect.validation",
        "TOTAL_PASSED/EXPIRED/CERT_PERIOD",
        "a finding of a verification",
        "TOTAL_FAILED/EXPIRED/CERT_PERIOD",
    ),
    "validation in a list": (
        expecting(["TOTAL_PASSED/-/ACCEPTED", "nonsense"]),
        "scenarios[0].expect.validation[1]",
        "'nonsense'",
        "indication/sub-indication/message",
        None,
    ),
    "validations none": (
        expecting([]),
        "scenarios[0].expect.validation",
        "an empty list",
        "at least one finding",
        None,
    ),
    "validation said again": (
        expecting(["TOTAL_PASSED/-/ACCEPTED", "TOTAL_PASSED/-/ACCEPTED"]),
        "scenarios[0].expect.validation[1]",
        "once more",
        "another finding than the one before",
        None,
    ),
    "validation that is a number": (
        expecting(7),
        "scenarios[0].expect.validation",
        "",
        "",
        None,
    ),
    "unknown policy": (
        slow_world(signature_policy="astana-2031"),
        "scenarios[0].world.signature_policy",
        "astana-2031",
        "a file beside the suite",
        "astana-2013",
    ),
    "one service and several": (
        suite(services=["clinic-attachment"]),
        "services",
        "service as well",
        "either service or services",
        None,
    ),
    "one service and several of a scenario": (
        one(service="doctor-home-call", services=["clinic-attachment"]),
        "scenarios[0].services",
        "service as well",
        "either service or services",
        None,
    ),
    "unknown one of several services": (
        one(services=["clinic-attachment", "clinic-atachment"]),
        "scenarios[0].services[1]",
        "clinic-atachment",
        "a service of the pack",
        "clinic-attachment",
    ),
    "service twice": (
        one(services=["clinic-attachment", "clinic-attachment"]),
        "scenarios[0].services[1]",
        "clinic-attachment twice",
        "each service once",
        None,
    ),
    "clause of one service only": (
        one(services=["doctor-home-call", "clinic-attachment"], clauses=["*/14(9)"]),
        "scenarios[0].clauses[0]",
        "S1/14(9)",
        "a clause of the pack",
        "S1/14(8)",
    ),
    "id that an expansion gives": (
        suite(scenario(id="accepted-s1"), scenario(services=["doctor-home-call"])),
        "scenarios[0].id",
        "the id accepted-s1 twice",
        "each id once",
        None,
    ),
    "star without a service to stand for": (
        one(clauses=["*/12(2)"]),
        "scenarios[0].clauses[0]",
        "*/12(2)",
        "a clause of the pack",
        "S3/12(2)",
    ),
    "unknown clause": (
        one(clauses=["S1/12(66)"]),
        "scenarios[0].clauses[0]",
        "S1/12(66)",
        "a clause of the pack",
        "S1/12(6)",
    ),
    "clause twice": (
        one(clauses=["S1/12", "S1/12"]),
        "scenarios[0].clauses[1]",
        "S1/12 twice",
        "each clause once",
        None,
    ),
    "clause that no norm checks": (
        one(clauses=["S1/1"]),
        "scenarios[0].clauses",
        "no norm checks",
        "at least one",
        None,
    ),
    "no clause": (one(clauses=None), "scenarios[0]", "nothing", "the key clauses", None),
    "empty clauses": (one(clauses=[]), "scenarios[0].clauses", "no clause", "clauses that the", None),
    "unknown norm": (
        suite(scenario(BYPASS, breaks=["S1.P5.gatway"])),
        "scenarios[0].breaks[0]",
        "S1.P5.gatway",
        "a norm of the pack",
        "S1.P5.gateway",
    ),
    "unknown fault": (
        suite(scenario(BYPASS, fault="portal-bypass-gateway")),
        "scenarios[0].fault",
        "portal-bypass-gateway",
        "a fault of an actor",
        "portal-bypasses-gateway",
    ),
    "fault without a norm": (
        suite(scenario(BYPASS, breaks=None)),
        "scenarios[0].breaks",
        "no norm",
        "must catch the fault",
        None,
    ),
    "norm without a fault": (
        suite(scenario(BYPASS, fault=None)),
        "scenarios[0].breaks",
        "nothing to catch",
        "a fault, a world",
        None,
    ),
    "unknown world": (
        suite(world="astana-2031"),
        "world",
        "the unknown world astana-2031",
        "file ending",
        "astana-2013",
    ),
    "unknown pack": (
        suite(pack="astana-106-1932"),
        "pack",
        "astana-106-1932",
        "the folder of a pack",
        "astana-106-1923",
    ),
    "duplicate id": (
        suite(ACCEPTED, SLOW, ACCEPTED),
        "scenarios[0].id",
        "the id accepted twice",
        "each id once",
        None,
    ),
    "bad letters": (one(id="Two Words"), "scenarios[0].id", "'Two Words'", "lower-case letters", None),
    "path as id": (one(id="../../etc"), "scenarios[0].id", "'../../etc'", "lower-case letters", None),
    "empty id": (one(id=""), "scenarios[0].id", "''", "lower-case letters", None),
    "endless id": (one(id="a" * 81), "scenarios[0].id", "81 letters", "at most 80", None),
    "bad local time": (
        one(at="2013-05-15T25:00"),
        "scenarios[0].at",
        "'2013-05-15T25:00'",
        "like 2013-05-15T10:00",
        None,
    ),
    "time with an offset": (
        one(at="2013-05-15T10:00+06:00"),
        "scenarios[0].at",
        "carries an offset",
        "a local time",
        None,
    ),
    "date without a time": (one(at="2013-05-15 "), "scenarios[0].at", "'2013-05-15 '", "a local time", None),
    "time that no calendar has": (one(at="9999-12-31T23:59"), "scenarios[0]", "", "", None),
    "no scenarios": (
        suite() | {"scenarios": []},
        "scenarios",
        "an empty list",
        "at least one scenario",
        None,
    ),
    "take_slot without slots": (
        one(happenings=[{"do": "take_slot", "step": "P5"}]),
        "scenarios[0].happenings[0].do",
        "take_slot in doctor-home-call",
        "a service with slots",
        None,
    ),
    "happening off the route": (
        one(happenings=[HAPPENING | {"step": "P4"}]),
        "scenarios[0].happenings[0].step",
        "P4",
        "a step of the expected route P1 P3",
        None,
    ),
    "happening at an unknown step": (
        one(happenings=[HAPPENING | {"step": "P55"}]),
        "scenarios[0].happenings[0].step",
        "P55",
        "a step",
        "P5",
    ),
    "outage without a length": (
        one(happenings=[{"do": "gateway_down", "step": "P5"}]),
        "scenarios[0].happenings[0]",
        "lasting: None",
        "a length",
        None,
    ),
    "unknown deed": (
        one(happenings=[HAPPENING | {"do": "gatewaydown"}]),
        "scenarios[0].happenings[0].do",
        "'gatewaydown'",
        "listed",
        "gateway_down",
    ),
    "wrong unit": (
        one(happenings=[HAPPENING | {"lasting": "20 sec"}]),
        "scenarios[0].happenings[0]",
        "the unit sec",
        "one of us, ms, s",
        "s",
    ),
    "no unit": (
        slow_world(steps={"P6": {"workstation": CONSTANT | {"value": "61"}}}),
        "scenarios[0].world.steps",
        "'61'",
        "a number and a unit",
        None,
    ),
    "wrong unit of an arrival": (
        one(others=[{"arrives": "5 minutes", "expect": ACCEPTED["expect"]}]),
        "scenarios[0].others[0].arrives",
        "the unit minutes",
        "one of us",
        "min",
    ),
    "unknown service of another citizen": (
        one(others=[{"arrives": "0 s", "service": "dentist", "expect": ACCEPTED["expect"]}]),
        "scenarios[0].others[0].service",
        "dentist",
        "a service of the pack",
        None,
    ),
    "negative servers": (
        slow_world(stations={"workstation": {"servers": -1}}),
        "scenarios[0].world.stations.workstation",
        "-1 servers",
        "1 to 100000",
        None,
    ),
    "huge servers": (
        slow_world(stations={"workstation": {"servers": 10**9}}),
        "scenarios[0].world.stations.workstation",
        "1000000000 servers",
        "1 to 100000",
        None,
    ),
    "servers as text": (
        slow_world(stations={"workstation": {"servers": "two"}}),
        "scenarios[0].world.stations.workstation.servers",
        "the text 'two'",
        "int",
        None,
    ),
    "bounds that fall": (
        slow_world(steps={"P6": {"workstation": {"law": "uniform", "low": "5 s", "high": "1 s"}}}),
        "scenarios[0].world.steps",
        "5 s > 1 s",
        "rising order",
        None,
    ),
    "unknown law": (
        slow_world(steps={"P6": {"workstation": {"law": "constnt", "value": "1 s"}}}),
        "scenarios[0].world.steps",
        "'constnt'",
        "listed",
        "constant",
    ),
    "unknown station": (
        slow_world(stations={"workstaton": {"servers": 1}}),
        "scenarios[0].world.stations.workstaton",
        "workstaton",
        "a station",
        "workstation",
    ),
    "unknown step of a world": (
        slow_world(steps={"P66": {"workstation": CONSTANT}}),
        "scenarios[0].world.steps.P66",
        "P66",
        "a step",
        "P6",
    ),
    "station that the step does not visit": (
        slow_world(steps={"P6": {"portal": CONSTANT}}),
        "scenarios[0].world.steps.P6.portal",
        "portal",
        "a station of P6",
        None,
    ),
    "unknown path of a decision": (
        slow_world(decision={"portl": CONSTANT}),
        "scenarios[0].world.decision.portl",
        "portl",
        "a path",
        "portal",
    ),
    "retry without a pause": (slow_world(gateway_retry="0 s"), "scenarios[0].world", "'0 s'", "100 ms", None),
    "registry never asked": (
        slow_world(registry_attempts=0),
        "scenarios[0].world",
        "0 registry attempts",
        "1 to 10",
        None,
    ),
    "not a mapping": ("- a\n- b\n", "", "array", "object", None),
    "a word": ("suite\n", "", "the text 'suite'", "object", None),
    "empty file": ("", "", "an empty file", "a YAML document", None),
    "only a comment": ("# nothing\n", "", "an empty file", "a YAML document", None),
    "broken YAML": ("suite: [1, 2\n", "line 2, column 1", "", "YAML", None),
    "an alias": (
        GOOD.replace("suite: small", "suite: &a small").replace("title: A small suite", "title: *a"),
        "line 2",
        "a YAML alias",
        "written out",
        None,
    ),
    "a tag": (
        GOOD.replace("suite: small", "suite: !!python/name:os.system small"),
        "line 1",
        "tag",
        "plain",
        None,
    ),
    "a duplicate key": (GOOD + "suite: again\n", "suite", "a duplicate key", "each key once", None),
    "an IIN without quotes": (
        GOOD.replace("title: A small suite", "title: 850704200017"),
        "title",
        "twelve digits without quotes",
        "in quotes",
        None,
    ),
}


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

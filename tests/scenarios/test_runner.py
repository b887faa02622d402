"""A scenario passes only if route, outcome, clauses and norms are as it says; a violation only if caught."""

import msgspec
import pytest

from actors.decision import DECISIONS
from actors.forgery import SignatureFlaw
from scenarios.endings import FINDINGS, finding
from scenarios.runner import DEFAULT_SEED, not_run, run_scenario, without_violation
from scenarios.suite_reader import read_suites, shipped_suites
from sim.plan import AttachedFiles, Certificate, Deed, RequestFlaw, Retry
from tests.scenarios.small_suites import ACCEPTED, AT_THE_DESK, BYPASS, PORTAL, REFUSED, SLOW, ready, scenario

pytestmark = pytest.mark.xdist_group("shipped suites")  # one worker reads them, once

CAUSES_OF_12_6 = {
    "CERT_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REVOKED", "CERT_UNTRUSTED", "CERT_WRONG_TYPE", "IIN_MISMATCH",
    "SIGNATURE_INVALID", "TOO_LARGE", "IIN_INVALID", "REQUEST_INVALID", "PROVIDER_MISMATCH",
    "ATTACHMENT_REFUSED", "STALE_REQUEST", "REPLAY",
}  # fmt: skip
"""Those of the act, and those of practice."""
SERVICES = ("doctor-home-call", "doctor-appointment", "clinic-attachment")


EXPIRED = scenario(
    REFUSED,
    id="expired",
    citizen={"certificate": "expired"},
    expect={
        "route": ["P1", "P3", "P4"],
        "outcome": "CERT_EXPIRED",
        "validation": "TOTAL_FAILED/EXPIRED/CERT_PERIOD",
    },
    clauses=["S1/12(7)"],
)


def played(folder, changed, seed=DEFAULT_SEED):
    suite = ready(folder, changed)
    return run_scenario(suite.scenarios[0], suite.pack, seed, "small.yaml")


def test_a_scenario_as_expected_passes(tmp_path):
    outcome = played(tmp_path, ACCEPTED)
    assert outcome.passed
    result = outcome.result
    assert (result.status, result.failures) == ("passed", ())
    assert (result.got_route, result.got_outcome) == (tuple(PORTAL), "ok")
    assert {row.case_id for row in outcome.rows} == {"accepted-1"} == set(outcome.documents) - {"messages"}


def test_another_route_fails_and_says_what_was_expected_and_what_came(tmp_path):
    wrong = scenario(REFUSED, expect={"route": PORTAL, "outcome": "ok"}, clauses=["S1/12(4)"])
    result = played(tmp_path, wrong).result
    assert result.status == "failed"
    assert result.failures == (
        "wrong-password-1: expected the route P1 P3 P5 P6 P8, got P1 P2",
        "wrong-password-1: expected the outcome ok, got AUTH_FAIL",
    )
    assert result.replay == f"reglament run small.yaml --only wrong-password --seed {DEFAULT_SEED}"
    assert result.clauses == ("S1/12(4)",)


def test_another_outcome_alone_fails(tmp_path):
    wrong = scenario(REFUSED, expect={"route": ["P1", "P2"], "outcome": "ok"})
    assert played(tmp_path, wrong).result.failures == (
        "wrong-password-1: expected the outcome ok, got AUTH_FAIL",
    )


def test_a_further_citizen_is_held_against_an_expectation_of_their_own(tmp_path):
    other = {"arrives": "5 min", "citizen": {"password": "wrong"}, "expect": ACCEPTED["expect"]}
    result = played(tmp_path, scenario(others=[other])).result
    assert [failure.split(":")[0] for failure in result.failures] == ["accepted-2", "accepted-2"]


@pytest.mark.parametrize("clause", ["S1/12(4)", "S2/12(2)", "S1/13(10)"])
def test_a_clause_that_is_named_but_not_exercised_fails(tmp_path, clause):
    result = played(tmp_path, scenario(clauses=["S1/12(12)", clause])).result
    assert result.failures == (f"{clause}: the scenario names it but does not exercise it",)


def test_a_broken_norm_fails_a_regular_scenario_and_names_the_clause(tmp_path):
    result = played(tmp_path, scenario(SLOW, breaks=None)).result
    assert result.status == "failed"
    (failure,) = result.failures
    assert failure.startswith("S1/T1.c6: S1.P6.limit failed (OVER_LIMIT)")


def test_a_violation_passes_when_its_norm_catches_it(tmp_path):
    outcome = played(tmp_path, BYPASS)
    result = outcome.result
    assert (result.status, result.caught, result.control_passed) == ("passed", True, True)
    assert (result.norm, result.clause, result.fault) == (
        "S1.P5.gateway", "S1/12(8)", "portal-bypasses-gateway",
    )  # fmt: skip


def test_a_slow_world_is_a_violation_without_a_fault(tmp_path):
    result = played(tmp_path, SLOW).result
    assert (result.status, result.fault) == ("passed", "world")


def test_a_violation_that_its_norm_does_not_catch_fails(tmp_path):
    result = played(tmp_path, scenario(BYPASS, breaks=["S1.P6.number-once"])).result
    assert (result.status, result.caught, result.control_passed) == ("failed", False, True)
    assert result.failures == ("the norm S1.P6.number-once did not catch it",)


def test_every_norm_that_is_named_must_catch_it(tmp_path):
    result = played(tmp_path, scenario(BYPASS, breaks=["S1.P5.gateway", "S1.P6.limit"])).result
    assert (result.status, result.caught) == ("failed", False)
    assert result.failures == ("the norm S1.P6.limit did not catch it",)


def test_a_violation_that_fails_without_its_fault_as_well_fails(tmp_path):
    both = scenario(BYPASS, world=SLOW["world"])
    result = played(tmp_path, both).result
    assert (result.status, result.caught, result.control_passed) == ("failed", True, False)
    assert result.failures == ("without the violation S1.P6.limit fails as well",)


def test_a_violation_on_another_route_fails(tmp_path):
    result = played(tmp_path, scenario(BYPASS, expect={"route": ["P1", "P2"], "outcome": "ok"})).result
    assert (result.status, result.caught) == ("failed", True)
    assert result.failures == ("bypass-1: expected the route P1 P2, got P1 P3 P5 P6 P8",)


def test_the_control_lacks_the_violation_and_nothing_else(tmp_path):
    happening = {"do": "gateway_down", "step": "P5", "lasting": "1 s"}
    bypass, slow = ready(
        tmp_path, scenario(BYPASS, world=SLOW["world"]), scenario(SLOW, happenings=[happening])
    ).scenarios
    assert without_violation(bypass) == msgspec.structs.replace(bypass.play, fault=None)
    assert without_violation(bypass) != bypass.play
    usual = msgspec.structs.replace(slow.play, world=slow.suite_world, happenings=())
    assert without_violation(slow) == usual
    assert slow.play.world != slow.suite_world


@pytest.mark.parametrize(("base", "kind"), [(ACCEPTED, "ScenarioResult"), (BYPASS, "FaultResult")])
def test_what_was_not_run_is_no_pass(tmp_path, base, kind):
    (one,) = ready(tmp_path, base).scenarios
    result = not_run(one, 7, "small.yaml")
    assert (type(result).__name__, result.status, result.id) == (kind, "not_run", base["id"])
    assert result.replay.endswith("--seed 7")


def test_the_replay_command_can_be_pasted(tmp_path):
    (one,) = ready(tmp_path, ACCEPTED).scenarios
    assert not_run(one, 7, "my suites/a b.yaml").replay.startswith(
        "reglament run 'my suites/a b.yaml' --only"
    )


@pytest.fixture(scope="module")
def shipped():
    return [s for suite in read_suites(shipped_suites()) for s in suite.scenarios]


def test_the_shipped_suites_hold_sixty_regular_scenarios(shipped):
    assert len([s for s in shipped if not s.is_violation]) >= 60


def test_the_shipped_violations_hold_twelve_distinct_faults(shipped):
    assert len({s.play.fault for s in shipped if s.play.fault}) >= 12


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_shown_with_every_ending_every_cause_and_a_sign_up(shipped, service):
    expected = [
        s.expected[case.id]
        for s in shipped
        if not s.is_violation
        for case in s.play.cases
        if case.service == service
    ]
    assert {e.route[-1] for e in expected} == {"P2", "P4", "P7", "P8", "V4", "V7", "V8"}
    assert {e.outcome for e in expected if e.route[-1] == "P4"} == CAUSES_OF_12_6
    assert any(e.route[0] == "P0" for e in expected)
    assert {"GBDFL_NOT_FOUND", "REGISTRY_TIMEOUT"} <= {e.outcome for e in expected}


def test_the_shipped_suites_show_what_can_happen_in_the_world(shipped):
    assert {happening.do for s in shipped for happening in s.play.happenings} == set(Deed)
    assert any(case.citizen.asks_1414 for s in shipped for case in s.play.cases)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("knob", "values"),
    [
        ("certificate", Certificate), ("signature", SignatureFlaw), ("request", RequestFlaw),
        ("files", AttachedFiles), ("retry", Retry),
    ],
)  # fmt: skip
def test_each_service_is_shown_with_every_value_of_a_citizen(shipped, service, knob, values):
    cases = [case for s in shipped if not s.is_violation for case in s.play.cases if case.service == service]
    assert {getattr(case.citizen, knob) for case in cases} - {None} == set(values)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_shown_with_every_finding_that_can_be_come_to(shipped, service):
    found = {
        text
        for s in shipped
        for case in s.play.cases
        if case.service == service
        for text in s.expected[case.id].findings
    }
    # An employee of another organisation has no account at this provider's desk.
    of_nobody = {finding(one) for one in DECISIONS if one.reason == "BIN_MISMATCH"} - {
        finding(one) for one in DECISIONS if one.reason != "BIN_MISMATCH"
    }
    assert found == set(FINDINGS) - of_nobody


def test_the_last_finding_is_held_against_the_expectation(tmp_path):
    wrong = scenario(EXPIRED, expect=EXPIRED["expect"] | {"validation": "TOTAL_FAILED/REVOKED/CERT_REVOKED"})
    assert played(tmp_path, EXPIRED).passed
    (failure,) = played(tmp_path, wrong).result.failures
    assert failure == (
        "expired-1: expected the validation TOTAL_FAILED/REVOKED/CERT_REVOKED, "
        "got TOTAL_FAILED/EXPIRED/CERT_PERIOD"
    )


def test_findings_in_a_list_are_all_of_them_in_order(tmp_path):
    passed, doubt = "TOTAL_PASSED/-/ACCEPTED", "INDETERMINATE/TRY_LATER/CHECK_UNAVAILABLE"
    down = [{"do": deed, "step": "P6", "lasting": "20 min"} for deed in ("lists_down", "ocsp_down")]
    expect = ACCEPTED["expect"] | {"validation": [passed, doubt, passed]}
    assert played(tmp_path, scenario(happenings=down, expect=expect)).passed
    expect = ACCEPTED["expect"] | {"validation": [doubt, passed]}
    assert played(tmp_path, scenario(happenings=down, expect=expect)).result.failures == (
        f"accepted-1: expected the validation {doubt}, {passed}, got {passed}, {doubt}, {passed}",
    )


def test_a_case_without_a_verification_has_no_finding(tmp_path):
    wrong = scenario(REFUSED, expect=REFUSED["expect"] | {"validation": "TOTAL_PASSED/-/ACCEPTED"})
    assert played(tmp_path, wrong).result.failures == (
        "wrong-password-1: expected the validation TOTAL_PASSED/-/ACCEPTED, got none",
    )


def test_what_happens_later_happens_later(tmp_path):
    later = [{"do": "revoke_provider", "step": "P8", "after": "1 h"}]
    expect = ACCEPTED["expect"] | {"validation": "INDETERMINATE/REVOKED_NO_POE/RESULT_OLD"}
    citizen = {"looks_again": "2 h"}
    assert played(tmp_path, scenario(happenings=later, citizen=citizen, expect=expect)).passed
    expect = ACCEPTED["expect"] | {"validation": "TOTAL_PASSED/-/ACCEPTED"}
    citizen = {"looks_again": "30 min"}
    assert played(tmp_path, scenario(happenings=later, citizen=citizen, expect=expect)).passed


def test_a_new_key_of_the_authority_serves_newcomers_and_leaves_older_certificates_as_they_are(tmp_path):
    happenings = [{"do": "roll_over", "step": "P5"}]
    expired = {"arrives": "20 min", "citizen": {"certificate": "expired"}, "expect": EXPIRED["expect"]}
    newcomer = {"arrives": "20 min", "expect": ACCEPTED["expect"]}
    one = scenario(happenings=happenings, others=[expired, newcomer])
    assert played(tmp_path, one).passed


def test_what_the_desk_verifies_is_a_finding_too(tmp_path):
    expect = AT_THE_DESK["expect"] | {"validation": "TOTAL_PASSED/-/ACCEPTED"}
    assert played(tmp_path, scenario(AT_THE_DESK, expect=expect)).passed
    expect = AT_THE_DESK["expect"] | {"validation": "TOTAL_FAILED/EXPIRED/CERT_PERIOD"}
    assert not played(tmp_path, scenario(AT_THE_DESK, expect=expect)).passed

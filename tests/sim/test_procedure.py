"""What the conduct of the procedure leaves in the log, against the same play in which it does its duty."""

import pytest

from tests.sim.small_plays import attributes, case, route, row, rows_of, run


@pytest.mark.parametrize(
    ("fault", "path", "steps"),
    [
        ("portal-authorises-twice", "portal", "P1 P1 P3 P5 P6 P8"),
        ("portal-delivers-twice", "portal", "P1 P3 P5 P6 P8 P8"),
        ("workstation-skips-registration", "portal", "P1 P3 P5 P8"),
        ("workstation-skips-registration", "provider", "V1 V2 V3 V5 V8"),
        ("employee-skips-choice", "provider", "V1 V3 V5 V6 V8"),
        ("employee-registers-twice", "provider", "V1 V2 V3 V5 V6 V6 V8"),
    ],
)
def test_steps_are_skipped_or_repeated_and_all_else_stays_as_it_was(fault, path, steps):
    plain, broken = run(case(path=path)), run(case(path=path), fault=fault)

    assert route(broken) == steps
    shared = [one for one in rows_of(broken) if one in rows_of(plain)]
    assert len(shared) == min(len(plain.rows), len(broken.rows))


@pytest.mark.parametrize(
    ("fault", "path", "step"),
    [
        ("portal-ignores-failed-sending", "portal", "P5"),
        ("portal-ignores-failed-delivery", "portal", "P8"),
        ("workstation-ignores-failed-login", "provider", "V1"),
        ("employee-ignores-failed-certifying", "provider", "V5"),
        ("employee-ignores-failed-answer", "provider", "V8"),
    ],
)
def test_a_failure_that_nobody_heeds_changes_one_outcome(fault, path, step):
    plain, broken = run(case(path=path)), run(case(path=path), fault=fault)

    assert [one.step for one in rows_of(broken) if one not in rows_of(plain)] == [step]
    assert row(broken, step).outcome == "FAILED"


def test_what_rows_leave_out_is_null_or_absent():
    number, outcome, document = (
        run(fault=f"workstation-omits-{name}") for name in ("number", "decision", "document")
    )

    assert row(number, "P6").request_number is None
    assert row(number, "P8").request_number is not None
    assert row(outcome, "P6").outcome is None
    assert "documents" not in attributes(row(document, "P8"))


def test_a_refusal_that_stops_nobody_is_given_all_the_same():
    fault = "portal-goes-on-after-refusal"

    assert route(run(case(password="wrong"), fault=fault)) == "P1 P2 P3 P5 P6 P8"  # noqa: S106
    assert route(run(case(certificate="expired"), fault=fault)) == "P1 P3 P4 P5 P6 P7"


def test_missing_data_may_be_passed_over_or_told_and_passed_over():
    told, silent = (
        run(case(path="provider", in_registry=False), fault=f"employee-{name}")
        for name in ("goes-on-without-data", "ignores-missing-data")
    )

    assert route(told) == "V1 V2 V3 V4 V5 V6 V8"
    assert route(silent) == "V1 V2 V3 V5 V6 V8"
    assert row(silent, "V3").outcome == "GBDFL_NOT_FOUND"

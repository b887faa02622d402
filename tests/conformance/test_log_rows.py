"""Rows on which no judgement may rest are refused, with their place, never repeating a person's number."""

from dataclasses import replace

import msgspec
import pytest

from conformance.cases import group_cases
from conformance.content_norms import judge_existence
from conformance.errors import InputError
from conformance.evidence import require_documents
from conformance.log_rows import check_row
from conformance.norms import Existence, SignatureValid
from conformance.saved_documents import open_documents
from conformance.verdicts import Reason
from tests.conformance.fragments import CONTEXT, norm, reason, row
from tests.conformance.signed_world import NOW_US, NUMBER, SERVICE, World

IIN = "850101300005"


@pytest.mark.parametrize("column", ["case_id", "unit", "resource", "outcome", "request_number"])
def test_the_number_of_a_person_is_refused_and_not_repeated(column):
    with pytest.raises(InputError, match=f"row 1, {column}: found the number of a person") as caught:
        group_cases([row("P1", **{column: f"x {IIN}"})], frozenset())
    assert IIN not in str(caught.value)


def test_the_number_of_a_person_is_refused_in_attributes():
    with pytest.raises(InputError, match="row 1, attributes"):
        group_cases([row("P1", attributes={"who": IIN})], frozenset())


@pytest.mark.parametrize("number", ["850101300006", "851301300005", "11305150000001", "x850101300005"])
def test_other_digits_are_nobodys(number):
    assert len(group_cases([row("P1", case_id=number)], frozenset())) == 1


@pytest.mark.parametrize("column", ["enabled_us", "started_us", "completed_us"])
def test_a_zero_moment_is_refused(column):
    with pytest.raises(InputError, match=f"{column}: found the moment 0"):
        group_cases([row("P1", **{column: 0})], frozenset())


@pytest.mark.parametrize("value", [False, 0, "", [], {}])
def test_an_empty_value_is_no_content(value):
    wanted = norm(Existence, steps=("P5",), field="attributes.gateway_message")
    (case,) = group_cases([row("P5", attributes={"gateway_message": value})], frozenset())
    assert judge_existence(wanted, case, CONTEXT).reason is Reason.MISSING_CONTENT


def test_documents_speak_for_one_case_only(tmp_path):
    world = World(tmp_path / "documents")
    world.save("c1")
    signed = norm(SignatureValid, step="P5", document="request")
    own = row("P5", NOW_US - 9, NOW_US, attributes={"documents": "c1"}, request_number=NUMBER)
    context = {"documents": open_documents(world.folder), "codes": {"S1": SERVICE}}
    alone = replace(CONTEXT, **context, folders={"c1": frozenset({own.case_id})})
    shared = replace(CONTEXT, **context, folders={"c1": frozenset({own.case_id, "another"})})
    assert reason(signed, own, context=alone) == "pass"
    assert reason(signed, own, context=shared) == "NOT_UNIQUE"


def test_a_folder_without_an_anchor_of_trust_is_the_wrong_one(tmp_path):
    with pytest.raises(InputError, match=r"no trust/root\.pem"):
        require_documents(tmp_path)
    require_documents(None)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('{"a":"\\ud800"}', "half of a surrogate pair"),
        ('{"\\udfff":1}', "half of a surrogate pair"),
        ('{"a":' + "[" * 64 + "]" * 64 + "}", "too many nested levels"),
    ],
)
def test_attributes_that_nobody_can_write_down_are_refused(attributes, words):
    with pytest.raises(InputError, match=words):
        check_row(msgspec.structs.replace(row("P1"), attributes=attributes), "log", 1)


def test_a_whole_surrogate_pair_is_text():
    check_row(msgspec.structs.replace(row("P1"), attributes='{"a":"\\ud83d\\ude00"}'), "log", 1)


def test_a_registration_number_is_no_number_of_a_person():
    check_row(msgspec.structs.replace(row("P6"), request_number="11305150000001"), "log", 1)

"""Input made to keep a verifier busy is refused, and what it costs is counted; its time: tests/oracles."""

import pytest

from actors import path_rules, trust
from tests.actors.conftest import Pki
from tests.oracles import hostile


@pytest.fixture(scope="module")
def pki():
    return Pki()


def test_no_kind_is_accepted(pki):
    assert [name for name, judge in hostile.kinds(pki).items() if judge()] == []


@pytest.mark.parametrize(
    ("make", "walks", "asked"),
    [
        (hostile.hundred_intermediates, 0, 0),
        (hostile.as_many_intermediates_as_fit, 0, 0),
        (hostile.signed_by_a_namesake, 1, 1),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_certificates_of_a_message_are_never_tried_as_issuers(pki, monkeypatch, make, walks, asked):
    signed = hostile.SignedRequest.of(pki, pki.person())
    message = hostile.Message(signed, make(pki, signed.p7s))
    walked, questions = [], []
    monkeypatch.setattr(trust, "is_sound", counting(walked, path_rules.is_sound))
    monkeypatch.setattr(trust, "is_issued_by", counting(questions, path_rules.is_issued_by))
    assert not message.judge()
    assert (len(walked), len(questions)) == (walks, asked)


def counting(calls, function):
    def counted(*arguments):
        calls.append(arguments)
        return function(*arguments)

    return counted

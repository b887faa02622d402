"""The whole sweep: every bit of a signed request and its signature, one after the other; none is accepted."""

import pytest

from actors.keys import KeyKind
from tests.actors.conftest import Pki
from tests.actors.damage import cut, flipped
from tests.actors.signed_requests import REQUEST, SignedRequest


@pytest.fixture(scope="module", params=["elliptic curve", "RSA"])
def signed(request):
    pki = Pki()
    kind = KeyKind.RSA_2048 if request.param == "RSA" else KeyKind.P256
    return SignedRequest.of(pki, pki.person(key_kind=kind))


def test_the_undamaged_request_is_accepted(signed):
    assert signed.accepted()


def test_every_bit_of_the_signature(signed, record_property):
    tried = list(flipped(signed.p7s))
    assert len(tried) == 8 * len(signed.p7s)
    accepted = [bit for bit, damaged in tried if signed.accepted(p7s=damaged)]
    record_property("heard", f"{len(tried)} bits of a signature flipped: {len(accepted)} accepted")
    assert accepted == []


def test_every_bit_of_the_request(signed, record_property):
    tried = list(flipped(REQUEST))
    accepted = [bit for bit, damaged in tried if signed.accepted(octets=damaged)]
    record_property("heard", f"{len(tried)} bits of a request flipped: {len(accepted)} accepted")
    assert accepted == []


def test_every_octet_replaced_by_every_other_at_the_ends(signed):
    """Lengths and tags stand at the beginning, the signature value at the end: there every value is tried."""
    p7s = signed.p7s
    places = (*range(64), *range(len(p7s) - 16, len(p7s)))
    changed = (
        p7s[:place] + bytes((value,)) + p7s[place + 1 :]
        for place in places
        for value in range(256)
        if value != p7s[place]
    )
    assert not any(signed.accepted(p7s=damaged) for damaged in changed)


def test_every_part_of_the_request(signed):
    assert not any(signed.accepted(octets=part) for part in cut(REQUEST))

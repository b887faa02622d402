"""Whatever is done to a signed request, it is not accepted any more.

Here every seventh bit; the oracle suite flips them all.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.cades import sign_detached
from tests.actors.conftest import Pki
from tests.actors.damage import cut, extended, flipped, other_encodings, other_orders, tree
from tests.actors.signed_requests import REQUEST, SignedRequest

STRIDE = 7  # no divisor of 8, so that every bit of an octet comes up


@pytest.fixture(scope="module")
def signed():
    pki = Pki()
    return SignedRequest.of(pki, pki.person())


def test_the_undamaged_request_is_accepted(signed):
    """The control of all the others."""
    assert signed.accepted()
    assert is_readable(signed, signed.p7s)


def test_no_flipped_bit_of_the_signature_is_accepted(signed):
    assert [bit for bit, damaged in flipped(signed.p7s, STRIDE) if signed.accepted(p7s=damaged)] == []


def test_no_flipped_bit_of_the_request_is_accepted(signed):
    assert [bit for bit, damaged in flipped(REQUEST, 5 * STRIDE) if signed.accepted(octets=damaged)] == []


def test_no_part_of_the_signature_is_accepted(signed):
    assert not any(signed.accepted(p7s=part) for part in cut(signed.p7s))


def test_no_part_of_the_request_is_accepted(signed):
    assert not any(signed.accepted(octets=part) for part in list(cut(REQUEST))[::STRIDE])


def test_nothing_can_be_added(signed):
    assert not any(signed.accepted(p7s=more) for more in extended(signed.p7s))
    assert not any(signed.accepted(octets=more) for more in extended(REQUEST))


def test_no_other_encoding_of_the_same_values_is_accepted(signed):
    forms = list(other_encodings(signed.p7s))
    assert len(forms) > 200
    assert not any(is_readable(signed, form) for form in forms)


def test_no_other_order_in_a_set_is_accepted(signed):
    forms = list(other_orders(signed.p7s))
    assert len(forms) >= 23  # of four signed attributes
    assert not any(is_readable(signed, form) for form in forms)


def is_readable(signed, p7s):
    """Say whether the form is accepted: it has to fail by itself, even if a signature were made over it.

    Names are not read but compared with the certificate's, octet for octet.
    """
    facts = signed.facts(p7s=p7s)
    return facts.format_ok and facts.certificate is not None and facts.certificate_bound


def test_a_signature_over_another_document_in_its_place(signed):
    p7s = sign_detached(REQUEST + b" ", signed.pki.person(), signed.pki.now_us)
    assert not signed.accepted(p7s=p7s)
    assert signed.accepted(p7s=p7s, octets=REQUEST + b" ")


def test_the_damage_is_what_it_says():
    """Else the sweeps above would show nothing."""
    octets = bytes.fromhex("3006020101040161")
    assert tree(octets).octets() == octets
    assert dict(flipped(b"\x00\x00", 7)) == {0: b"\x01\x00", 7: b"\x80\x00", 14: b"\x00\x40"}
    assert bytes.fromhex("308106020101040161") in set(other_encodings(octets))
    assert bytes.fromhex("30800201010401610000") in set(other_encodings(octets))
    assert bytes.fromhex("30080201012403040161") in set(other_encodings(octets))
    assert list(other_orders(bytes.fromhex("3106020101020102"))) == [bytes.fromhex("3106020102020101")]


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_random_change_is_accepted(signed, data):
    start = data.draw(st.integers(0, len(signed.p7s)))
    end = data.draw(st.integers(start, min(start + 40, len(signed.p7s))))
    put = data.draw(st.binary(max_size=40) | st.just(signed.p7s[start:end] * 2))
    damaged = signed.p7s[:start] + put + signed.p7s[end:]
    assert signed.accepted(p7s=damaged) == (damaged == signed.p7s)


@given(p7s=st.binary(max_size=200), octets=st.binary(max_size=40))
@settings(max_examples=60, deadline=None)
def test_noise_is_no_signature(signed, p7s, octets):
    assert not signed.accepted(p7s=p7s, octets=octets)

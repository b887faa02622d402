"""Of a saved signature only one form is accepted, and hostile ones never raise."""

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.signed_data import (
    HOSTILE,
    Unacceptable,
    _signing_time_us,
    read_signature,
    verify_signature,
)
from conformance.verdicts import Reason, Verdict, verdict_of
from tests.conformance.judged_documents import REQUEST, assert_invalid, verdict
from tests.conformance.signed_world import (
    IIN,
    NOW,
    NOW_US,
    World,
    issue,
    key_of,
    name_of,
    sign,
)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


def test_a_changed_document_is_refused(world):
    world.save("c1")
    (world.folder / "c1" / "request.json").write_bytes(REQUEST.replace(b"c1", b"c2"))
    assert_invalid(world, "digest: ")


def test_a_substituted_certificate_is_refused(world):
    twin = world.citizen(serial=101)
    world.save("c1", signer=world.person, reference=twin)
    assert_invalid(world, "certificate: substituted")


def test_a_foreign_signature_value_is_refused(world):
    thief = type(world.person)(key_of(66), world.person.certificate)
    world.save("c1", signer=thief)
    assert_invalid(world, "signature: ")


@pytest.mark.parametrize(
    ("odd", "cause"),
    [
        ({"without": ["signing_certificate_v2"]}, "format: a mandatory attribute"),
        ({"without": ["message_digest"]}, "format: a mandatory attribute"),
        ({"content_type": "signed_data"}, "format: signed content type"),
        ({"signers": 2}, "format: one signer"),
        ({"serial": 5}, "certificate: not the signer's"),
        ({"inside": REQUEST}, "format: the document is inside"),
        ({"digest": b"short"}, "digest: "),
    ],
)
def test_odd_signatures_are_refused(world, odd, cause):
    world.save("c1", **odd)
    assert_invalid(world, cause)


def test_several_certificates_are_refused(world):
    more = asn1_x509.Certificate.load(world.issuing.certificate.public_bytes(Encoding.DER))
    world.save("c1", more=[more])
    assert_invalid(world, "format: one certificate")


def test_a_second_way_to_write_the_same_signature_is_refused(world):
    file = world.folder / "c1" / "request.p7s"
    octets = file.read_bytes()
    assert octets[1] == 0x82
    file.write_bytes(octets[:1] + b"\x83\x00" + octets[2:])
    assert_invalid(world, "format: not DER")


@pytest.mark.parametrize("tail", [b"\x00", b"\x05\x00"])
def test_trailing_octets_are_refused(world, tail):
    file = world.folder / "c1" / "request.p7s"
    file.write_bytes(file.read_bytes() + tail)
    assert_invalid(world, "format: ")


def test_no_flipped_bit_is_accepted_and_none_raises(world):
    file = world.folder / "c1" / "request.p7s"
    octets = file.read_bytes()
    for place in range(len(octets)):
        file.write_bytes(octets[:place] + bytes([octets[place] ^ 1 << place % 8]) + octets[place + 1 :])
        assert verdict(world) != "pass", f"octet {place}"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_garbage_is_unacceptable(octets):
    with pytest.raises(Unacceptable):
        read_signature(octets)


TORN = sign(REQUEST, issue(name_of("TEST citizen", serial=f"IIN{IIN}"), key_of(50)))


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(TORN) - 1), st.binary(max_size=3))
def test_a_torn_signature_is_unacceptable(cut, tail):
    if TORN[cut : cut + len(tail)] == tail and cut + len(tail) == len(TORN):
        return
    with pytest.raises(Unacceptable):
        verify_signature(read_signature(TORN[:cut] + tail), REQUEST)


@pytest.mark.parametrize(
    ("value", "moment_us"),
    [(b"\x17\x0d130515040000Z", NOW_US), (b"\x18\x0f20500101000000Z", 2_524_608_000_000_000)],
)
def test_a_signing_time_is_read(value, moment_us):
    assert _signing_time_us(cms.Time.load(value)) == moment_us


@pytest.mark.parametrize(
    "value",
    [
        b"\x18\x0f20130515040000Z",
        b"\x18\x0f20491231235959Z",
        b"\x17\x0b1305150400Z",
        b"\x17\x11130515040000+0600",
        b"\x18\x1120130515040000.5Z",
        b"\x18\x0e20130515040000",
        b"\x17\x0d131315040000Z",
    ],
)
def test_a_signing_time_has_no_other_form(value):
    with pytest.raises((Unacceptable, *HOSTILE)):
        _signing_time_us(cms.Time.load(value))


def test_the_signing_time_is_that_of_the_signature():
    person = issue(name_of("TEST citizen"), key_of(50))
    assert read_signature(sign(REQUEST, person, at_us=NOW_US)).signing_time_us == NOW_US
    assert read_signature(sign(REQUEST, person)).signing_time_us is None


def test_attributes_that_nobody_signed_are_refused(world):
    extra = cms.CMSAttributes([cms.CMSAttribute({"type": "signing_time", "values": [_TIME]})])
    world.save("c1", unsigned=extra)
    assert_invalid(world, "format: attributes that nobody signed")


_TIME = cms.Time({"utc_time": NOW})


def test_a_signature_that_nobody_computed_is_neither_good_nor_bad(world):
    (world.folder / "c1" / "request.p7s").unlink()
    marker = world.folder / "c1" / "request.computed"
    marker.touch()
    assert verdict(world) == "SIGNATURE_NOT_COMPUTED: request: no signature was computed"
    assert verdict_of(Reason.SIGNATURE_NOT_COMPUTED) is Verdict.INCONCLUSIVE
    marker.write_bytes(b"not empty")
    assert verdict(world) == "MISSING_CONTENT: request.p7s is not among the saved documents"
    marker.write_bytes(b"")
    (world.folder / "c1" / "request.json").unlink()
    assert verdict(world) == "MISSING_CONTENT: request.json is not among the saved documents"

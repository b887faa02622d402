"""Frames save time and decide nothing: with them and without, a signature is read alike."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import cades, der
from actors.errors import FormatError
from actors.keys import KeyKind
from actors.signature_frame import SignatureFrame, SignatureFrames
from tests.actors.damage import with_algorithms

DOCUMENT = b'{"typ":"egov.request.v1"}'
SECOND = 1_000_000
YEAR_2050_US = 2_524_608_000 * SECOND


@pytest.fixture(scope="module", params=[KeyKind.P256, KeyKind.RSA_2048])
def credential(request, shared_pki):
    return shared_pki.person(key_kind=request.param)


@pytest.fixture(scope="module")
def frames(credential):
    known = SignatureFrames()
    known.of(credential.certificate)
    return known


def read(p7s, frames=None):
    try:
        return cades.read_detached(p7s, frames=frames)
    except FormatError:
        return None


@settings(max_examples=40, deadline=None)
@given(document=st.binary(max_size=40), seconds=st.integers(0, 4_000_000_000))
def test_what_a_frame_takes_apart_the_strict_reader_reads_alike(credential, frames, document, seconds):
    p7s = cades.sign_detached(document, credential, seconds * SECOND)

    assert (frames.take_apart(p7s) is not None) == (seconds * SECOND < YEAR_2050_US)
    assert read(p7s, frames) == read(p7s) is not None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_octet_is_read_alike(credential, frames, data):
    p7s = bytearray(cades.sign_detached(DOCUMENT, credential, 0))
    at = data.draw(st.integers(0, len(p7s) - 1))
    p7s[at] ^= data.draw(st.integers(1, 255))

    assert read(bytes(p7s), frames) == read(bytes(p7s))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_cut_or_longer_signature_is_read_alike(credential, frames, data):
    p7s = cades.sign_detached(DOCUMENT, credential, 0)
    changed = p7s[: data.draw(st.integers(0, len(p7s)))] + data.draw(st.binary(max_size=20))

    assert read(changed, frames) == read(changed)


@given(octets=st.binary(max_size=80))
def test_any_octets_are_read_alike(frames, octets):
    assert read(octets, frames) == read(octets)


@pytest.mark.parametrize("length", [*range(140), 256, 4_000])
def test_a_value_of_any_length_comes_out_as_it_was_put_in(credential, frames, length):
    frame = SignatureFrame.of(credential.certificate)
    attributes = frame.attributes(hashlib.sha256(DOCUMENT).digest(), 0)
    p7s = frame.put_together(attributes, bytes(length))

    _, found = frames.take_apart(p7s)
    assert (found.value, found.attributes) == (bytes(length), attributes)
    assert read(p7s, frames) == read(p7s) is not None


def test_other_algorithms_are_left_to_the_strict_reader(credential, frames):
    p7s = cades.sign_detached(DOCUMENT, credential, 0)
    sha384 = der.write(der.SEQUENCE, der.write_oid("2.16.840.1.101.3.4.2.2"))
    odd = with_algorithms(p7s, digest=sha384)

    assert frames.take_apart(odd) is None
    assert read(odd, frames) == read(odd) is not None


def test_an_unknown_certificate_is_left_to_the_strict_reader(credential, shared_pki):
    p7s = cades.sign_detached(DOCUMENT, credential, 0)
    others = SignatureFrames()
    others.of(shared_pki.organisation().certificate)

    assert others.take_apart(p7s) is None
    assert read(p7s, others) == read(p7s)


def test_the_certificate_not_used_for_longest_is_forgotten(shared_pki):
    first, second, third = (shared_pki.person(label=name).certificate for name in "abc")
    frames = SignatureFrames(capacity=2)
    for certificate in (first, second, first, third):
        frames.of(certificate)

    assert len(frames) == 2
    assert frames.of(first) is frames.of(first)
    assert set(frames._known) == {first.der, third.der}


def test_signing_with_frames_gives_the_same_octets(credential, frames):
    assert cades.sign_detached(DOCUMENT, credential, 7, frames) == cades.sign_detached(
        DOCUMENT, credential, 7
    )

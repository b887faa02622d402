import hmac
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.certificate import Purpose, Role
from actors.confidentiality import (
    MAX_OCTETS,
    OVERHEAD,
    SealBroken,
    open_document,
    open_sealed,
    seal,
    seal_document,
)
from actors.envelopes import SignedDocument
from actors.errors import FormatError
from actors.keys import derive_p256
from actors.message_log import Channel, RoutingHeader

KEY = derive_p256(b"a seed for tests only", "receiver")
OTHER_KEY = derive_p256(b"a seed for tests only", "another receiver")
INFO = sha256(b"a header").digest()
DOCUMENT = SignedDocument(b'{"typ":"egov.request.v1"}', b"a signature")


def header(document=DOCUMENT, **changes):
    fields = {
        "channel": Channel.ASYNC,
        "sender": "portal",
        "receiver": "workstation",
        "service": "doctor-home-call",
        "content_sha256": document.sha256,
    }
    return RoutingHeader(**(fields | changes))


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=500), st.binary(max_size=80))
def test_what_is_sealed_opens_again(octets, info):
    sealed = seal(octets, KEY.public_key(), info=info)

    assert open_sealed(sealed, KEY, info=info) == octets
    assert len(sealed) == len(octets) + OVERHEAD


@settings(deadline=None, max_examples=30)
@given(
    st.binary(max_size=500), st.none() | st.binary(max_size=80)
)  # a signature that is empty is not the same as none
def test_a_document_opens_with_its_signature(octets, signature):
    document = SignedDocument(octets, signature)
    route = header(document)

    assert open_document(seal_document(document, KEY.public_key(), route), KEY, route) == document


def test_what_is_sealed_twice_never_looks_the_same_and_shows_nothing():
    first, second = (seal_document(DOCUMENT, KEY.public_key(), header()) for _ in range(2))

    assert first[:65] != second[:65]
    assert first != second
    assert DOCUMENT.octets not in first
    assert DOCUMENT.signature not in first


def test_another_receiver_cannot_open_it():
    sealed = seal_document(DOCUMENT, KEY.public_key(), header())
    for key in (OTHER_KEY, ec.derive_private_key(5, ec.SECP384R1())):
        with pytest.raises(SealBroken):
            open_document(sealed, key, header())


@pytest.mark.parametrize(
    "change",
    [
        {"channel": Channel.SYNC},
        {"sender": "workstation"},
        {"receiver": "registry"},
        {"service": "doctor-appointment"},
        {"content_sha256": "0" * 64},
    ],
    ids=str,
)
def test_it_does_not_open_under_another_header(change):
    sealed = seal_document(DOCUMENT, KEY.public_key(), header())
    with pytest.raises(SealBroken):
        open_document(sealed, KEY, header(**change))


def test_no_bit_of_it_can_be_changed():
    sealed = seal(b"octets", KEY.public_key(), info=INFO)
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(SealBroken):
                open_sealed(bytes(changed), KEY, info=INFO)


def test_no_octet_can_be_added_or_taken_away():
    sealed = seal(b"octets", KEY.public_key(), info=INFO)
    for changed in (b"", *(sealed[:length] for length in range(len(sealed))), sealed + b"\0", b"\0" + sealed):
        with pytest.raises(SealBroken):
            open_sealed(changed, KEY, info=INFO)


def test_all_that_can_go_wrong_looks_alike():
    sealed = seal_document(DOCUMENT, KEY.public_key(), header())
    texts = set()
    for octets, key, route in (
        (sealed, OTHER_KEY, header()),
        (sealed, KEY, header(sender="x")),
        (sealed[:-1], KEY, header()),
        (b"", KEY, header()),
        (b"\0" * (MAX_OCTETS + OVERHEAD + 1), KEY, header()),
        (seal(b"no parcel", KEY.public_key(), info=header().digest()), KEY, header()),
    ):
        with pytest.raises(SealBroken) as caught:
            open_document(octets, key, route)
        texts.add(str(caught.value))
    assert texts == {SealBroken.sentence}


@pytest.mark.parametrize(
    "parcel",
    [
        b"",
        b"egov.parcel.v1\0\0\0" + b"\0" * 7,
        b"egov.parcel.v2\0\0\1" + (2).to_bytes(4, "big") + (0).to_bytes(4, "big") + b"{}",
        b"egov.parcel.v1\0\0\1" + (3).to_bytes(4, "big") + (0).to_bytes(4, "big") + b"{}",
        b"egov.parcel.v1\0\0\1" + (2).to_bytes(4, "big") + (0).to_bytes(4, "big") + b"{}x",
        b"egov.parcel.v1\0\0\1" + (2**32 - 1).to_bytes(4, "big") + (2**32 - 1).to_bytes(4, "big") + b"{}",
        b"egov.parcel.v1\0\0\0" + (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + b"{}x",
        b"egov.parcel.v1\0\0\1" + (2).to_bytes(4, "big") + (0).to_bytes(4, "big") + b"[]",
    ],
    ids=range(8),
)
def test_a_sealed_parcel_in_another_form_is_refused(parcel):
    route = header(SignedDocument(b"{}", None))
    with pytest.raises(SealBroken):
        open_document(seal(parcel, KEY.public_key(), info=route.digest()), KEY, route)


def test_the_header_has_to_be_that_of_the_document():
    with pytest.raises(FormatError):
        seal_document(replace(DOCUMENT, octets=b"{}"), KEY.public_key(), header())


def test_a_document_is_sealed_for_the_holder_of_a_certificate(shared_pki):
    holder = shared_pki.organisation(Role.SYSTEM, purpose=Purpose.ENCRYPT, label="encryption")

    sealed = seal_document(DOCUMENT, holder.certificate, header())

    assert open_document(sealed, holder.key, header()) == DOCUMENT


@pytest.mark.parametrize("purpose", [Purpose.SIGN, Purpose.AUTH])
def test_only_a_key_for_encryption_is_sealed_for(shared_pki, purpose):
    with pytest.raises(FormatError):
        seal(b"octets", shared_pki.person(purpose).certificate, info=INFO)


def test_only_a_public_key_on_the_one_curve_is_sealed_for():
    for key in (ec.derive_private_key(5, ec.SECP384R1()).public_key(), KEY):
        with pytest.raises(FormatError):
            seal(b"octets", key, info=INFO)


def test_the_size_is_bounded():
    sealed = seal(b"x" * MAX_OCTETS, KEY.public_key(), info=INFO)
    assert len(open_sealed(sealed, KEY, info=INFO)) == MAX_OCTETS
    with pytest.raises(FormatError):
        seal(b"x" * (MAX_OCTETS + 1), KEY.public_key(), info=INFO)


def test_a_second_reading_of_the_standard_opens_it():
    """RFC 9180, 4.1 and 5.1, written down once more from the primitives alone."""
    sealed = seal(b"what was sealed", KEY.public_key(), info=INFO)

    assert opened_by_the_book(sealed, KEY, INFO) == b"what was sealed"


def opened_by_the_book(sealed, key, info):
    kem, suite = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x01"
    enc, text = sealed[:65], sealed[65:]
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc))
    own = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = expand(extract(b"", kem, b"eae_prk", shared), kem, b"shared_secret", enc + own, 32)
    context = b"\0" + extract(b"", suite, b"psk_id_hash", b"") + extract(b"", suite, b"info_hash", info)
    root = extract(secret, suite, b"secret", b"")
    nonce = expand(root, suite, b"base_nonce", context, 12)
    return AESGCM(expand(root, suite, b"key", context, 16)).decrypt(nonce, text, b"")


def extract(salt, suite, label, octets):
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + octets, "sha256")


def expand(secret, suite, label, octets, length):
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + octets
    return hmac.digest(secret, labelled + b"\1", "sha256")[:length]

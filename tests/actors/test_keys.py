"""Keys from a seed."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.certificate import key_facts
from actors.keys import (
    KIND_FACTS,
    P256_ORDER,
    KeyKind,
    _is_probable_prime,
    derive_key,
    derive_p256,
    derive_rsa,
    serial_number,
)
from actors.public_keys import OTHER_KEY, KeyFacts

PINNED_KEY = "e4e9a667a94630f313f56a4db297f97eeab797ac7be0f39b2b375ca4ee2699e6"
CARMICHAEL = (6 * 100_291 + 1) * (12 * 100_291 + 1) * (18 * 100_291 + 1)
PINNED_MODULUS = "7b7af95705f9af2469b260db97b11a8efaa715a57194930a54898aeda4c4fa89"
PINNED_SERIAL = 85413601665310281904064489987759427116


def public_hash(seed, label):
    key = derive_p256(seed, label).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)).hexdigest()


def test_a_key_never_changes():
    assert public_hash(b"test seed", "citizen/1") == PINNED_KEY
    assert serial_number(b"test seed", "citizen/1") == PINNED_SERIAL


def test_seed_and_label_both_count():
    keys = {public_hash(seed, label) for seed in (b"one", b"two") for label in ("a", "b", "ab")}
    assert len(keys) == 6


@settings(deadline=None)
@given(st.binary(max_size=40), st.text(max_size=40))
def test_every_label_gives_a_key_and_a_serial_number(seed, label):
    assert 0 < derive_p256(seed, label).private_numbers().private_value < P256_ORDER
    assert serial_number(seed, label).bit_length() == 127


@pytest.mark.parametrize(
    ("message", "r", "s"),
    [
        (
            b"sample",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            b"test",
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
            "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
        ),
    ],
)
def test_the_nonce_of_rfc_6979(message, r, s):
    """Source: RFC 6979, A.2.5."""
    private = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    key = ec.derive_private_key(private, ec.SECP256R1())
    signature = key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    assert decode_dss_signature(signature) == (int(r, 16), int(s, 16))


@pytest.mark.parametrize("kind", [kind for kind in KeyKind if kind is not KeyKind.RSA_2048])
def test_kinds_of_keys(kind):
    key, again, other = (derive_key(b"test seed", label, kind).public_key() for label in ("a", "a", "b"))
    assert key_facts(key) == KIND_FACTS[kind]
    assert key == again
    assert key != other
    assert key != derive_key(b"another seed", "a", kind).public_key()


def test_no_key_is_of_another_kind():
    assert key_facts(None) == OTHER_KEY == KeyFacts("other", 0, None, None)


def test_an_rsa_key_never_changes():
    key = derive_key(b"test seed", "citizen/1", KeyKind.RSA_2048).public_key()
    assert key_facts(key) == KIND_FACTS[KeyKind.RSA_2048]
    modulus = key.public_numbers().n
    assert hashlib.sha256(modulus.to_bytes(256, "big")).hexdigest() == PINNED_MODULUS


@given(st.text(max_size=10))
@settings(deadline=None, max_examples=10)
def test_rsa_keys_are_in_order(label):
    """OpenSSL checks the numbers while it loads them: primes, exponents, remainders."""
    key = derive_rsa(b"test seed", label, 1024)
    numbers = key.private_numbers()
    assert key.key_size == 1024
    assert numbers.p > numbers.q
    assert numbers.p * numbers.q == numbers.public_numbers.n
    assert numbers.p.bit_length() == numbers.q.bit_length() == 512
    assert abs(numbers.p - numbers.q) > 1 << 412
    key.public_key().verify(
        key.sign(b"x", padding.PKCS1v15(), hashes.SHA256()), b"x", padding.PKCS1v15(), hashes.SHA256()
    )


@settings(deadline=None)
@given(st.integers(1, 1 << 12))
def test_primes_are_told_from_products(number):
    """2^255-19 and 2^127-1 are primes; their products and a Carmichael number are not."""
    assert _is_probable_prime(2**255 - 19)
    assert _is_probable_prime(2**127 - 1)
    assert not _is_probable_prime((2**127 - 1) * (2 * number + 1))
    assert not _is_probable_prime((2**127 - 1) * (2**255 - 19))
    assert not _is_probable_prime(CARMICHAEL)


@settings(deadline=None)
@given(st.integers(0, 0x7F), st.text(max_size=10))
def test_the_first_octet_of_a_serial_number(first, label):
    number, usual = serial_number(b"test seed", label, first), serial_number(b"test seed", label)
    assert (number >> 120, usual >> 120) == (first, 0x40)
    assert (number - usual) % (1 << 120) == 0

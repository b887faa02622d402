"""Keys from a seed."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from actors.keys import P256_ORDER, derive_p256, serial_number

PINNED_KEY = "e4e9a667a94630f313f56a4db297f97eeab797ac7be0f39b2b375ca4ee2699e6"
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

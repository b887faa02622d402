"""Detached signatures."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import cades, der
from actors.certificate import read_certificate
from actors.errors import FormatError
from tests.actors.damage import with_algorithms

DOCUMENT = b'{"typ":"egov.request.v1"}'


@pytest.fixture(scope="module")
def credential(shared_pki):
    return shared_pki.person()


@pytest.fixture(scope="module")
def p7s(credential, shared_pki):
    return cades.sign_detached(DOCUMENT, credential, shared_pki.now_us)


def accepted(octets, p7s):
    """Do what a verifier does with the signature alone."""
    try:
        signed = cades.read_detached(p7s)
        certificate = read_certificate(signed.certificate_der or b"")
    except FormatError:
        return False
    return (
        cades.is_signer(signed, certificate)
        and cades.digest_equals(signed, octets)
        and cades.binds_certificate(signed, certificate)
        and cades.signature_matches(signed, certificate)
    )


def test_a_signature_says_who_when_and_what(p7s, credential, shared_pki):
    signed = cades.read_detached(p7s)
    assert signed.certificate_der == credential.der
    assert signed.signing_time_us == shared_pki.now_us
    assert signed.signer_serial == credential.certificate.serial
    assert (signed.digest_algorithm, signed.signature_algorithm) == (cades.SHA256, cades.ECDSA_SHA256)
    assert accepted(DOCUMENT, p7s)


def test_the_same_document_gives_the_same_octets(p7s, credential, shared_pki):
    assert cades.sign_detached(DOCUMENT, credential, shared_pki.now_us + 999_999) == p7s
    assert cades.sign_detached(DOCUMENT, credential, shared_pki.now_us + 1_000_000) != p7s


@pytest.mark.parametrize("document", [b"", b"\x00", b"x" * 100_000, DOCUMENT + b" "])
def test_only_the_document_itself_is_signed(document, p7s, credential, shared_pki):
    assert not accepted(document, p7s)
    assert accepted(document, cades.sign_detached(document, credential, shared_pki.now_us))


def test_a_signing_time_after_2049(credential):
    late_us = 2_600_000_000_000_000
    assert cades.read_detached(cades.sign_detached(b"", credential, late_us)).signing_time_us == late_us


def test_no_flipped_bit_is_accepted(p7s):
    for at in range(len(p7s)):
        odd = bytearray(p7s)
        odd[at] ^= 1 << at % 8
        assert not accepted(DOCUMENT, bytes(odd)), at


@given(data=st.data())
def test_nothing_cut_added_or_overwritten_is_accepted(p7s, data):
    start = data.draw(st.integers(0, len(p7s)))
    end = data.draw(st.integers(start, min(start + 40, len(p7s))))
    odd = p7s[:start] + data.draw(st.binary(max_size=40)) + p7s[end:]
    assert accepted(DOCUMENT, odd) is (odd == p7s)


@given(st.binary(max_size=300))
def test_any_octets_are_refused_with_the_one_error(octets):
    with pytest.raises(FormatError):
        cades.read_detached(octets)


def test_a_signature_of_another_key_does_not_match(p7s, shared_pki):
    signed = cades.read_detached(p7s)
    assert not cades.signature_matches(signed, shared_pki.person(label="another").certificate)


def test_large_ones_are_not_read(p7s):
    with pytest.raises(FormatError):
        cades.read_detached(p7s, max_octets=len(p7s) - 1)
    assert cades.read_detached(p7s, max_octets=len(p7s))


def test_nothing_personal_in_its_text(p7s, shared_pki):
    assert shared_pki.iin not in repr(cades.read_detached(p7s))


@dataclasses.dataclass
class Parts:
    """The parts of a signature, to be put together in other ways."""

    version: bytes
    digests: bytes
    content: bytes
    certificates: bytes
    signers: bytes

    @classmethod
    def of(cls, p7s):
        outer = der.read_all(der.read(p7s, der.SEQUENCE).content)
        inner = der.read(outer[1].content, der.SEQUENCE)
        return cls(*(part.octets for part in der.read_all(inner.content)))

    def p7s(self):
        inner = der.write(der.SEQUENCE, *dataclasses.astuple(self))
        return der.write(der.SEQUENCE, der.write_oid(cades.SIGNED_DATA), der.write(der.context(0), inner))


def test_parts_are_put_together_as_they_were(p7s):
    assert Parts.of(p7s).p7s() == p7s


@pytest.mark.parametrize(("parameters", "read"), [(b"", True), (b"\x05\x00", True), (b"\x02\x01\x00", False)])
def test_the_parameters_of_a_hash_are_absent_or_null(p7s, parameters, read):
    """Source: RFC 5754, 2."""
    algorithm = der.write(der.SEQUENCE, der.write_oid(cades.SHA256), parameters)
    assert accepted(DOCUMENT, with_algorithms(p7s, digest=algorithm)) is read


def doubled(collection):
    return der.write(collection[0], der.read_all(collection)[0].content * 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": der.write_integer(3)},
        {"version": b""},
        {"digests": der.write(der.SET)},
        {"digests": der.write(der.SET, der.write(der.SEQUENCE, der.write_oid("1.3.14.3.2.26")))},
        {"content": der.write(der.SEQUENCE, der.write_oid(cades.SIGNED_DATA))},
        {
            "content": der.write(
                der.SEQUENCE,
                der.write_oid(cades.DATA),
                der.write(der.context(0), der.write(der.OCTET_STRING, DOCUMENT)),
            )
        },
        {"certificates": der.write(der.context(0))},
        {"signers": der.write(der.SET)},
    ],
)
def test_other_parts_are_refused(p7s, changes):
    with pytest.raises(FormatError):
        cades.read_detached(dataclasses.replace(Parts.of(p7s), **changes).p7s())


def test_one_signer_and_one_certificate_at_most(p7s):
    parts = Parts.of(p7s)
    for changes in (
        {"signers": doubled(parts.signers)},
        {"certificates": doubled(parts.certificates)},
        {"signers": der.write(der.SET, der.write_integer(1))},
        {"certificates": parts.certificates + der.write(der.context(1))},
    ):
        with pytest.raises(FormatError):
            cades.read_detached(dataclasses.replace(parts, **changes).p7s())


def test_without_a_certificate_it_is_read_but_names_nobody(p7s):
    signed = cades.read_detached(dataclasses.replace(Parts.of(p7s), certificates=b"").p7s())
    assert signed.certificate_der is None


def test_another_certificate_in_its_place_is_noticed(p7s, shared_pki):
    """The same holder, key, issuer and serial number cannot be had, but everything short of it."""
    other = shared_pki.person(given_name="БАСҚА").certificate
    odd = dataclasses.replace(Parts.of(p7s), certificates=der.write(der.context(0), other.der)).p7s()
    signed = cades.read_detached(odd)
    assert cades.signature_matches(signed, other)  # the key is the same
    assert not cades.is_signer(signed, other)
    assert not cades.binds_certificate(signed, other)


def signer_with(p7s, attributes):
    """Return *p7s* with other signed attributes (and so with a signature that matches nothing)."""
    parts = Parts.of(p7s)
    (signer,) = der.read_all(der.read(parts.signers, der.SET).content)
    fields = [field.octets for field in der.read_all(signer.content)]
    fields[3] = der.write(der.context(0), *attributes)
    signers = der.write(der.SET, der.write(der.SEQUENCE, *fields))
    return dataclasses.replace(parts, signers=signers).p7s()


def attributes_of(p7s):
    signed = cades.read_detached(p7s).signed_attributes
    return {
        der.read_oid(der.read_all(attribute.content)[0]): attribute.octets
        for attribute in der.read_all(der.read(signed, der.SET).content)
    }


def attribute(oid, *values):
    return der.write(der.SEQUENCE, der.write_oid(oid), der.write(der.SET, *values))


@pytest.mark.parametrize("oid", [cades.CONTENT_TYPE, cades.MESSAGE_DIGEST, cades.SIGNING_TIME])
def test_attributes_of_the_profile_are_there_once(p7s, oid):
    attributes = attributes_of(p7s)
    without = sorted(octets for name, octets in attributes.items() if name != oid)
    twice = sorted([*attributes.values(), attribute(oid, der.write_integer(1))])
    two_values = sorted([*without, attribute(oid, der.write_integer(1), der.write_integer(2))])
    for odd in (without, twice, two_values):
        with pytest.raises(FormatError):
            cades.read_detached(signer_with(p7s, odd))


def test_attributes_are_sorted(p7s):
    attributes = sorted(attributes_of(p7s).values())
    assert cades.read_detached(signer_with(p7s, attributes))
    with pytest.raises(FormatError):
        cades.read_detached(signer_with(p7s, reversed(attributes)))


def test_an_attribute_nobody_knows_is_covered_and_harmless(p7s):
    more = sorted([*attributes_of(p7s).values(), attribute("1.2.3.4", der.write(der.NULL))])
    assert cades.read_detached(signer_with(p7s, more))


@pytest.mark.parametrize("oid", [cades.CONTENT_TYPE, cades.MESSAGE_DIGEST, cades.SIGNING_TIME])
def test_attributes_have_their_own_type(p7s, oid):
    attributes = attributes_of(p7s) | {oid: attribute(oid, der.write(der.NULL))}
    with pytest.raises(FormatError):
        cades.read_detached(signer_with(p7s, sorted(attributes.values())))


def test_a_content_type_that_is_not_data(p7s):
    other = attribute(cades.CONTENT_TYPE, der.write_oid(cades.SIGNED_DATA))
    with pytest.raises(FormatError):
        cades.read_detached(
            signer_with(p7s, sorted((attributes_of(p7s) | {cades.CONTENT_TYPE: other}).values()))
        )


def signing_certificate(*fields):
    identifiers = der.write(der.SEQUENCE, der.write(der.SEQUENCE, *fields))
    return attribute(cades.SIGNING_CERTIFICATE_V2, der.write(der.SEQUENCE, identifiers))


def bound_with(p7s, value):
    attributes = attributes_of(p7s)
    attributes.pop(cades.SIGNING_CERTIFICATE_V2)
    odd = signer_with(p7s, sorted([*attributes.values(), *value]))
    signed = cades.read_detached(odd)
    return cades.binds_certificate(signed, read_certificate(signed.certificate_der))


def test_the_certificate_is_bound_by_its_hash(p7s, credential):
    digest = der.write(der.OCTET_STRING, credential.certificate.sha256)
    other = der.write(der.OCTET_STRING, b"x" * 32)
    sha512 = der.write(der.SEQUENCE, der.write_oid("2.16.840.1.101.3.4.2.3"))
    assert bound_with(p7s, [signing_certificate(digest)])
    assert not bound_with(p7s, [signing_certificate(other)])
    assert not bound_with(p7s, [signing_certificate(sha512, digest)])
    assert not bound_with(p7s, [])


def test_the_certificate_is_bound_by_its_issuer_and_number_if_they_are_given(p7s, credential):
    certificate = credential.certificate
    digest = der.write(der.OCTET_STRING, certificate.sha256)
    for serial, bound in ((certificate.serial, True), (certificate.serial + 1, False)):
        names = der.write(der.SEQUENCE, der.write(der.context(4), certificate.issuer))
        number = der.write(der.SEQUENCE, names, der.write_integer(serial))
        assert bound_with(p7s, [signing_certificate(digest, number)]) is bound


@pytest.mark.parametrize(
    "value",
    [
        attribute(cades.SIGNING_CERTIFICATE_V2, der.write(der.SEQUENCE, der.write(der.SEQUENCE))),
        attribute(cades.SIGNING_CERTIFICATE_V2, der.write(der.NULL)),
        signing_certificate(der.write(der.NULL)),
        signing_certificate(
            der.write(der.SEQUENCE, der.write_oid(cades.SHA256)), der.write(der.OCTET_STRING, b"x" * 32)
        ),
    ],
    ids=["empty", "of another type", "without a hash", "default written out"],
)
def test_other_forms_of_the_binding_are_refused(p7s, value):
    with pytest.raises(FormatError):
        bound_with(p7s, [value])

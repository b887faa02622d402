"""Input made to keep a verifier busy: each kind as large as the limits let it be."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from actors import cades, der
from actors.attachments import AttachedFile, AttachmentLimits, check_attachments, describe_file
from actors.cades import sign_detached
from actors.certificate import Credential
from actors.envelopes import read_request
from actors.errors import FormatError
from actors.keys import derive_p256
from actors.ocsp import MAX_OCTETS as MAX_ANSWER
from actors.ocsp import read_answer
from tests.actors.conftest import SEED, odd_certificate, person_name
from tests.actors.damage import Node, tree
from tests.actors.signed_requests import REQUEST, SignedRequest

LIMIT = cades.MAX_OCTETS
HUNDRED = 100


def kinds(pki: Any) -> dict[str, Callable[[], bool]]:
    """Return, by name, a function that judges one hostile input and says whether it was accepted."""
    signed = SignedRequest.of(pki, pki.person())
    messages = {name: make(pki, signed.p7s) for name, make in MESSAGES.items()}
    found = {name: Message(signed, p7s).judge for name, p7s in messages.items()}
    found |= {f"request: {name}": Text(octets).judge for name, octets in texts().items()}
    found |= {f"OCSP: {name}": Answer(pki, octets).judge for name, octets in answers().items()}
    found |= {f"attachments: {name}": files.judge for name, files in attachments().items()}
    return found


@dataclass(frozen=True)
class Message:
    signed: SignedRequest
    p7s: bytes

    def judge(self):
        return self.signed.accepted(p7s=self.p7s)


@dataclass(frozen=True)
class Text:
    octets: bytes

    def judge(self):
        try:
            read_request(self.octets)
        except FormatError:
            return False
        return True


@dataclass(frozen=True)
class Answer:
    pki: object
    octets: bytes

    def judge(self):
        try:
            read_answer(self.octets, self.pki.trust, moment_us=self.pki.now_us)
        except FormatError:
            return False
        return True


@dataclass(frozen=True)
class Files:
    listed: list[AttachedFile]
    contents: dict[str, bytes]

    @classmethod
    def of(cls, count, content):
        """List *count* files of one content; of the last one the hash is wrong, which is found at the end."""
        one = describe_file("0.pdf", content)
        listed = [replace(one, name=f"{n}.pdf") for n in range(count)]
        listed[-1] = replace(listed[-1], sha256="0" * 64)
        return cls(listed, {each.name: content for each in listed})

    def judge(self):
        return check_attachments(self.listed, self.contents, AttachmentLimits()) is None


def hundred_intermediates(pki, p7s):
    return with_certificates(p7s, [namesake(pki, n) for n in range(HUNDRED)])


def as_many_intermediates_as_fit(pki, p7s):
    one = namesake(pki, 0)
    room = (LIMIT - len(p7s) - 100) // len(one)
    return with_certificates(p7s, [namesake(pki, n) for n in range(room)])


def namesake(pki, number):
    """Return a certificate with the name of the pinned issuer and a key of the attacker's."""
    name = pki.authority.issuing.parsed.subject
    constraints = (x509.BasicConstraints(ca=True, path_length=None), True)
    return odd_certificate(
        pki,
        key=derive_p256(SEED, "attacker"),
        issuer_key=derive_p256(SEED, "attacker"),
        issuer=name,
        subject=name,
        serial=number + 1,
        usages=("key_cert_sign", "crl_sign"),
        extended=(),
        extensions=[constraints],
    ).der


def signed_by_a_namesake(pki, _p7s):
    child = odd_certificate(pki, issuer_key=derive_p256(SEED, "attacker"))
    return sign_detached(REQUEST, child, pki.now_us)


def nested(depth_octets):
    def make(_pki, _p7s):
        octets = b""
        while len(octets) < depth_octets:
            octets = der.write(der.SEQUENCE, octets)
        return octets[:LIMIT]

    return make


def nested_in_the_attributes(_pki, p7s):
    octets = b""
    while len(octets) < LIMIT - len(p7s) - 200:
        octets = der.write(der.SET, octets)
    return with_signer(p7s, attributes=[octets])


def many_attributes(_pki, p7s):
    one = der.write(der.SEQUENCE, der.write_oid("1.2.3"), der.write(der.SET, der.write(der.NULL)))
    return with_signer(p7s, attributes=[one] * ((LIMIT - len(p7s)) // len(one) - 10))


def many_signers(_pki, p7s):
    whole = tree(p7s)
    signers = _signers(whole)
    one = signers.children[0]
    room = (LIMIT - len(p7s)) // len(one.octets())
    return _with_signers(whole, replace(signers, children=(one,) * room)).octets()


def long_object_identifier(_pki, p7s):
    oid = bytes((der.OBJECT_IDENTIFIER,)) + _length(LIMIT - len(p7s) - 100)
    oid += b"\x2a" + b"\xff" * (LIMIT - len(p7s) - 102) + b"\x01"
    return with_signer(p7s, attributes=[der.write(der.SEQUENCE, oid, der.write(der.SET))])


def long_serial_number(_pki, p7s):
    serial = der.write(der.INTEGER, b"\x7f" * (LIMIT - len(p7s) - 100))
    named = der.write(der.SEQUENCE, der.write(der.SEQUENCE), serial)
    return with_signer(p7s, {1: named})


def long_signature_value(_pki, p7s):
    return with_signer(p7s, {5: der.write(der.OCTET_STRING, b"\x30" * (LIMIT - len(p7s) - 100))})


def rsa_key(bits, exponent_bits):
    """Make a signature with a certificate whose RSA key has a huge modulus or exponent."""

    def make(pki, _p7s):
        modulus = int.from_bytes(hashlib.shake_256(b"modulus").digest(bits // 8), "big") | 1 | 1 << (bits - 1)
        exponent = (1 << exponent_bits) - 1
        credential = of_public_key(pki, rsa.RSAPublicNumbers(exponent, modulus).public_key())
        p7s = sign_detached(REQUEST, credential, pki.now_us)
        algorithm = der.write(der.SEQUENCE, der.write_oid(cades.RSA_SHA256), der.write(der.NULL))
        return with_signer(p7s, {4: algorithm, 5: der.write(der.OCTET_STRING, b"\x01" * (bits // 8))})

    return make


def of_public_key(pki, public_key, **changes):
    """Return a certificate for *public_key* with a private key that is not its own."""

    class Half:
        def public_key(self):
            return public_key

    certificate = odd_certificate(
        pki, key=Half(), issuer_key=derive_p256(SEED, "attacker"), **changes
    ).certificate
    return Credential.of(derive_p256(SEED, "attacker"), certificate)


def large_curve(pki, _p7s):
    key = ec.derive_private_key(7, ec.SECP521R1())
    credential = of_public_key(pki, key.public_key())
    return sign_detached(REQUEST, replace_key(credential, key), pki.now_us)


def replace_key(credential, key):
    return Credential.of(key, credential.certificate)


def crowded_certificate(kind):
    """Make a signature with a certificate as large as is read: many extensions, names, usages."""

    def make(pki, _p7s):
        low, high = 1, 4_096
        while low < high:  # the largest number that fits
            middle = (low + high + 1) // 2
            low, high = (middle, high) if is_small_enough(kind, pki, middle) else (low, middle - 1)
        return sign_detached(REQUEST, kind(pki, low), pki.now_us)

    return make


def is_small_enough(kind, pki, count):
    try:
        kind(pki, count)
    except FormatError:
        return False
    return True


# Issued by the right authority, so that everything is checked; refused because no number is in the subject.


def many_extensions(pki, count):
    found = [
        (x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.2.3.{n}"), b"\x05\x00"), False)
        for n in range(count)
    ]
    return odd_certificate(pki, subject=person_name(), extensions=found)


def many_names(pki, count):
    names = x509.SubjectAlternativeName([x509.DNSName(f"a{n}.test") for n in range(count)])
    return odd_certificate(pki, subject=person_name(), extensions=[(names, False)])


def many_numbers(pki, count):
    return odd_certificate(pki, subject=person_name(["IIN" + pki.iin] * count))


def many_constraints(pki, count):
    excluded = [x509.DNSName(f"a{n}.test") for n in range(count)]
    names = x509.NameConstraints(permitted_subtrees=None, excluded_subtrees=excluded)
    return odd_certificate(pki, subject=person_name(), extensions=[(names, True)])


MESSAGES = {
    "hundred intermediates of the issuer's name": hundred_intermediates,
    "as many intermediates as fit": as_many_intermediates_as_fit,
    "signer below a namesake of the issuer": signed_by_a_namesake,
    "nested as deep as fits": nested(LIMIT - 4),
    "nested in the signed attributes": nested_in_the_attributes,
    "thousands of attributes": many_attributes,
    "many signers": many_signers,
    "long object identifier": long_object_identifier,
    "long serial number": long_serial_number,
    "long signature value": long_signature_value,
    "RSA modulus of 16384 bits": rsa_key(16_384, 33),
    "RSA modulus of 40000 bits": rsa_key(40_000, 33),
    "RSA exponent of 3000 bits": rsa_key(3_072, 3_000),
    "curve of 521 bits": large_curve,
    "certificate with many extensions": crowded_certificate(many_extensions),
    "certificate with many names": crowded_certificate(many_names),
    "certificate with many numbers": crowded_certificate(many_numbers),
    "certificate with many constraints": crowded_certificate(many_constraints),
    "ten megabytes": lambda _pki, _p7s: b"\x30" * 10_000_000,
    "zeros up to the limit": lambda _pki, _p7s: bytes(LIMIT),
    "open lengths up to the limit": lambda _pki, _p7s: b"\x30\x80" * (LIMIT // 2),
}


def texts():
    """Return requests, JSON, that a careless reader would choke on."""
    most = 65_536
    return {
        "nested arrays": b"[" * most,
        "nested objects": (b'{"a":' * most)[:most],
        "long integer": b'{"a":' + b"9" * (most - 6) + b"}",
        "long fraction": b'{"a":0.' + b"3" * (most - 8) + b"}",
        "many keys": json.dumps({f"k{n:05d}": n % 10 for n in range(4_600)}, separators=(",", ":")).encode(),
        "one key again and again": b"{" + b",".join([b'"a":1'] * (most // 6 - 2)) + b"}",
        "escapes": b'{"a":"' + b"\\u0000" * (most // 6 - 2) + b'"}',
        "empty objects": b'{"a":[' + b"{}," * 21_000 + b"{}]}",
        "objects of a name": b'{"a":[' + b'{"":0},' * 9_300 + b"{}]}",
        "objects and brackets in text": b'{"a":[' + b"{}," * 4_000 + b'"[",' * 12_900 + b"1]}",
        "no UTF-8": b"\xff" * most,
        "ten megabytes": b" " * 10_000_000,
    }


def answers():
    """Return OCSP answers of the same kinds."""
    octets = b""
    while len(octets) < MAX_ANSWER - 4:
        octets = der.write(der.SEQUENCE, octets)
    return {"nested": octets[:MAX_ANSWER], "zeros": bytes(MAX_ANSWER), "megabytes": b"\x30" * 10_000_000}


def attachments():
    """Return files that cost the most to check, under the limits of the shipped policy."""
    scan = b"%PDF-1.4".ljust(10_000_000, b"\0")
    ends = b"%PDF-1.4" + b"PK\x05\x06" * 499_998
    return {
        "a hundred megabytes": Files.of(10, scan),
        "twenty megabytes in two files": Files.of(2, scan),
        "twenty megabytes in ten files": Files.of(10, scan[:2_000_000]),
        "ends of archives": Files.of(10, ends),
        "halves of ends of archives": Files.of(10, ends.replace(b"\x06", b"\0")),
        "more files than are permitted": Files.of(500, b"%PDF-1.4"),
    }


def with_certificates(p7s, certificates):
    """Put more certificates into the set of a signature."""
    whole = tree(p7s)
    body = whole.children[1].children[0]
    old = body.children[3]
    more = Node(old.tag, b"", (*old.children, *map(tree, certificates)))
    return _with_body(whole, (*body.children[:3], more, body.children[4])).octets()


def with_signer(p7s, fields=None, attributes=()):
    """Replace *fields* of the only signer, by number, and put more attributes into the signed ones."""
    whole = tree(p7s)
    signers = _signers(whole)
    signer = signers.children[0]
    children = list(signer.children)
    for number, octets in (fields or {}).items():
        children[number] = tree(octets)
    if attributes:
        own = [one.octets() for one in children[3].children]
        children[3] = Node(children[3].tag, b"".join(sorted([*own, *attributes])))
    return _with_signers(
        whole, replace(signers, children=(replace(signer, children=tuple(children)),))
    ).octets()


def _signers(whole):
    return whole.children[1].children[0].children[-1]


def _with_signers(whole, signers):
    return _with_body(whole, (*whole.children[1].children[0].children[:-1], signers))


def _with_body(whole, children):
    content = whole.children[1]
    body = replace(content.children[0], children=children)
    return replace(whole, children=(whole.children[0], replace(content, children=(body,))))


def _length(length):
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((length,)) if length < 0x80 else bytes((0x80 | len(octets),)) + octets

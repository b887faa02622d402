"""Saved documents for the judge's tests, built without the actors: keys, certificates, lists, signatures."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2013, 5, 15, 4, 0, tzinfo=UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000
DAY = timedelta(days=1)
DAY_US = 86_400_000_000
IIN = "850704200017"
OTHER_IIN = "751231100011"
BIN = "121240000013"
SIGNING = ExtendedKeyUsageOID.EMAIL_PROTECTION


def key_of(number):
    """Return a fixed test key."""
    return ec.derive_private_key(number, ec.SECP256R1())


def name_of(common_name, serial=None, unit=None):
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if serial:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial))
    if unit:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(attributes)


def usage(**on):
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})


@dataclass(frozen=True)
class Signer:
    """A key with its certificate."""

    key: object
    certificate: x509.Certificate

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)


def issue(
    subject,
    key,
    issuer=None,
    *,
    serial=1000,
    start=NOW - 30 * DAY,
    end=NOW + 300 * DAY,
    ca=False,
    key_usage=None,
    extended=None,
    critical=None,
    digest=None,
):
    """Return a signer certified by *issuer*, by itself without one."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    default = (
        usage(key_cert_sign=True, crl_sign=True)
        if ca
        else usage(digital_signature=True, content_commitment=True)
    )
    builder = builder.add_extension(key_usage or default, critical=True)
    extended = ([] if ca else [SIGNING]) if extended is None else extended
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if critical:
        builder = builder.add_extension(critical, critical=True)
    signing_key = issuer.key if issuer else key
    return Signer(
        key,
        builder.sign(signing_key, digest or hashes.SHA256(), ecdsa_deterministic=_deterministic(signing_key)),
    )


def _deterministic(key):
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None


def list_of(
    issuer,
    revoked=(),
    *,
    start=NOW + 2 * DAY,
    end=NOW + 7 * DAY,
    critical=None,
    number=1,
    base=None,
    lifted=(),
    digest=None,
):
    """Return the PEM of *issuer*'s revocation list; *revoked* pairs serial numbers with moments.

    With *base* it is a delta; *lifted* are the serial numbers of suspensions that it ends.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(min(start, end - DAY))
        .next_update(end)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    if critical:
        builder = builder.add_extension(critical, critical=True)
    entries = [x509.RevokedCertificateBuilder().serial_number(s).revocation_date(m) for s, m in revoked]
    for serial in lifted:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW)
        reason = x509.CRLReason(x509.ReasonFlags.remove_from_crl)
        entries.append(entry.add_extension(reason, critical=False))
    for entry in entries:
        builder = builder.add_revoked_certificate(entry.build())
    signed = builder.sign(issuer.key, digest or hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(Encoding.PEM)


def sign(octets, signer, **odd):
    """Return a detached CAdES B-B signature; *odd* replaces single parts, for what must be refused."""
    certificate = asn1_x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    reference = odd.get("reference", signer).certificate.public_bytes(Encoding.DER)
    attributes = {
        "content_type": odd.get("content_type", "data"),
        "message_digest": odd.get("digest", hashlib.sha256(octets).digest()),
        "signing_certificate_v2": tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(reference).digest()}]}
        ),
    }
    if "at_us" in odd:
        moment = datetime.fromtimestamp(odd["at_us"] // 1_000_000, tz=UTC)
        attributes["signing_time"] = cms.Time({"utc_time": moment})
    for name in odd.get("without", ()):
        del attributes[name]
    listed = [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in attributes.items()]
    signed = cms.CMSAttributes(listed)
    value = _sign_value(signer.key, signed.dump())
    return _signed_data(certificate, signed, value, signer.key, odd)


def _sign_value(key, octets):
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(octets, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _signed_data(certificate, signed, value, key, odd):
    algorithm = "rsassa_pkcs1v15" if isinstance(key, rsa.RSAPrivateKey) else "sha256_ecdsa"
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {
                            "issuer": certificate.issuer,
                            "serial_number": odd.get("serial", certificate.serial_number),
                        }
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": signed,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
            "signature": value,
        }
    )
    content = {"content_type": "data"}
    if "unsigned" in odd:
        info["unsigned_attrs"] = odd["unsigned"]
    if "inside" in odd:
        content["content"] = odd["inside"]
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": content,
            "certificates": [certificate, *odd.get("more", ())],
            "signer_infos": [info] * odd.get("signers", 1),
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def canonical(content):
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


SERVICE = "doctor-home-call"
NUMBER = "11305150000001"


def request_for(case, **changes):
    """Return what a request of this case says."""
    return {"iin": IIN, "prov": BIN, "req": case, "svc": SERVICE, "typ": "egov.request.v1"} | changes


def result_for(digest, **changes):
    """Return what a result says that grants the request with this hash."""
    good = {
        "outcome": "issued",
        "prov": BIN,
        "reg_no": NUMBER,
        "req_sha256": digest,
        "svc": SERVICE,
        "typ": "egov.result.v1",
    }
    return good | changes


SYSTEM = x509.ObjectIdentifier("1.2.398.3.3.4.1.2.6")
GATEWAY_BIN = "130240900004"


def line_of(entry, signer=None, **odd):
    """Return one line of a message log; *signer* signs the entry."""
    signature = None
    if signer is not None:
        again = sign if odd else sign_again
        octets = again(canonical(entry), signer, **{"at_us": min(entry["at"], NOW_US + DAY_US)} | odd)
        signature = base64.b64encode(octets).decode()
    return canonical({"entry": entry, "signature": signature}) + b"\n"


def log_of(events, signer, *, closed=True, signed=True):
    """Return the lines of a message log; *events* are ``(at_us, {...})`` of acceptances and deliveries."""
    lines, previous = [], "0" * 64
    events = [*events, (events[-1][0] + 1 if events else NOW_US, {"kind": "closed"})] if closed else events
    for seq, (at_us, values) in enumerate(events, 1):
        entry = {"typ": "egov.message.v1", "seq": seq, "at": at_us, "prev": previous, **values}
        lines.append(line_of(entry, signer if signed and values["kind"] != "delivered" else None))
        previous = hashlib.sha256(canonical(entry)).hexdigest()
    return lines


def accepted(message, octets, sender="portal", receiver="workstation", **changes):
    """Return what an entry says of an accepted message."""
    return {
        "kind": "accepted",
        "msg": message,
        "channel": "async",
        "from": sender,
        "to": receiver,
        "svc": SERVICE,
        "sha256": hashlib.sha256(octets).hexdigest(),
    } | changes


def delivered(message):
    """Return what an entry says of a delivered message."""
    return {"kind": "delivered", "msg": message}


# Every world signs the same things with the same keys, and gets the same octets: they are computed once.
list_again, sign_again = cache(list_of), cache(sign)


def citizen_of(issuer, iin=IIN, key=13, serial=100, **changes):
    signing_key = key_of(key) if isinstance(key, int) else key
    return issue(name_of("TEST citizen", serial=f"IIN{iin}"), signing_key, issuer, serial=serial, **changes)


@cache
def usual_signers():
    """Return two authorities, a consumer, a provider and the gateway."""
    long = {"start": NOW - 900 * DAY, "end": NOW + 900 * DAY, "ca": True}
    root = issue(name_of("TEST root"), key_of(11), serial=1, **long)
    issuing = issue(name_of("TEST issuing"), key_of(12), root, serial=2, **long)
    unit = name_of("TEST employee", unit=f"BIN{BIN}")
    system = name_of("TEST gateway", unit=f"BIN{GATEWAY_BIN}")
    return (
        root,
        issuing,
        citizen_of(issuing),
        issue(unit, key_of(14), issuing, serial=200),
        issue(system, key_of(16), issuing, serial=300, extended=[SIGNING, SYSTEM]),
    )


@dataclass
class World:
    """Two authorities, a consumer, a provider, and a folder of documents that verify."""

    folder: object
    root: Signer = field(init=False)
    issuing: Signer = field(init=False)
    person: Signer = field(init=False)
    organisation: Signer = field(init=False)
    gateway: Signer = field(init=False)

    def __post_init__(self):
        self.root, self.issuing, self.person, self.organisation, self.gateway = usual_signers()
        (self.folder / "trust").mkdir(parents=True)
        (self.folder / "trust" / "root.pem").write_bytes(self.root.pem)
        self.save("c1")

    def citizen(self, iin=IIN, key=13, serial=100, **changes):
        return citizen_of(changes.pop("issuer", self.issuing), iin, key, serial, **changes)

    def bundle(self, revoked=(), *, issuing_revoked=(), extra=b"", **dates):
        authorities = ((self.root, tuple(issuing_revoked)), (self.issuing, tuple(revoked)))
        lists = b"".join(list_again(issuer, listed, **dates) for issuer, listed in authorities)
        return self.root.pem + self.issuing.pem + lists + extra

    def save(self, case, *, request=None, result=None, signer=None, result_signer=None, bundle=None, **odd):
        """Save one case's documents; what is not given is in order."""
        folder = self.folder / case
        folder.mkdir(exist_ok=True)
        request = request or canonical(request_for(case))
        digest = hashlib.sha256(request).hexdigest()
        result = result or canonical(result_for(digest))
        (folder / "request.json").write_bytes(request)
        again = sign if odd else sign_again
        signed = again(request, signer or self.person, **{"at_us": NOW_US} | odd)
        (folder / "request.p7s").write_bytes(signed)
        (folder / "result.json").write_bytes(result)
        signed = sign_again(result, result_signer or self.organisation, at_us=NOW_US)
        (folder / "result.p7s").write_bytes(signed)
        (folder / "trust.pem").write_bytes(bundle or self.bundle())
        return folder

    def events(self, *cases):
        """Return what the gateway notes when it carries the request and the result of each case."""
        events = []
        for case in cases:
            for name, route in (
                ("request", ("portal", "workstation")),
                ("result", ("workstation", "portal")),
            ):
                octets = (self.folder / case / f"{name}.json").read_bytes()
                at_us = NOW_US + 1_000_000 * (len(events) + 1)
                message = f"gw-{case.replace('/', '.')}-{name}"
                events.append((at_us, accepted(message, octets, *route)))
                events.append((at_us + 5, delivered(message)))
        return events

    def carry(self, *cases, name="play", **options):
        """Save a message log of the gateway that carried these cases; without cases, of none."""
        return self.save_log(log_of(self.events(*cases), self.gateway, **options), name)

    def save_log(self, lines, name="play"):
        """Save *lines* as a message log with what is needed to verify it."""
        messages = self.folder / "messages"
        messages.mkdir(exist_ok=True)
        (messages / f"{name}.jsonl").write_bytes(b"".join(lines))
        (messages / f"{name}.pem").write_bytes(self.bundle())
        (messages / "gateway.json").write_bytes(canonical({"bin": GATEWAY_BIN}))
        return messages

"""The golden artefacts: one of everything the product can make, always the same octets.

Their digests are in golden.yaml. After a wanted change of a profile, write them anew and look at the
difference: ``python -m tests.oracles.golden``.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from actors.authority import Authority
from actors.cades import sign_detached
from actors.certificate import Credential, Purpose, Role
from actors.keys import KeyKind
from actors.revocation import Publication

SECOND = 1_000_000
DAY = 86_400 * SECOND
SEED = b"golden artefacts, for tests only"
NOW_US = 1_358_229_600 * SECOND  # 2013-01-15, 12:00 in Astana
DIGESTS = Path(__file__).with_name("golden.yaml")
DOCUMENT = '{"iin":"850704200017","note":"Құжат","typ":"egov.request.v1"}'.encode()


@dataclass(frozen=True)
class Golden:
    """An authority with two generations, holders of every kind, and what they signed.

    One holder is revoked before the full lists, another between them and the deltas. What is by name is by
    the name of its file. *publication* holds the full lists of the morning, those with their deltas, and the
    full lists of noon.
    """

    authority: Authority = field(default_factory=lambda: Authority(SEED, NOW_US - 400 * DAY))
    certificates: dict[str, Credential] = field(default_factory=dict)
    signatures: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    lists: dict[str, bytes] = field(default_factory=dict)
    publication: list[Publication] = field(default_factory=list)

    def octets(self):
        """Return every artefact by the name of its file."""
        own = {"root.cer": self.authority.root.der}
        own |= {f"issuing-{n}.cer": one.der for n, one in enumerate(self.authority.issuers, 1)}
        holders = {name: one.der for name, one in self.certificates.items()}
        return own | holders | self.lists | self.answers | self.signatures


def make():
    """Make all artefacts."""
    golden = Golden()
    authority = golden.authority
    certificates = golden.certificates
    certificates["person-sign.cer"] = person()(authority)
    certificates["person-auth.cer"] = person(purpose=Purpose.AUTH)(authority)
    certificates["person-rsa.cer"] = person(key_kind=KeyKind.RSA_2048)(authority)
    certificates["person-revoked.cer"] = person(label="revoked")(authority)
    certificates["person-revoked-later.cer"] = person(label="revoked later")(authority)
    for role in (Role.HEAD, Role.SIGNATORY, Role.EMPLOYEE):
        certificates[f"clinic-{role}.cer"] = organisation(role)(authority)
    certificates["clinic-encrypt.cer"] = organisation(Role.SYSTEM, purpose=Purpose.ENCRYPT)(authority)
    certificates["gateway.cer"] = organisation(Role.SYSTEM, label="gateway")(authority)
    authority.roll_over(NOW_US - 10 * DAY)
    certificates["person-new-generation.cer"] = person(label="new generation", start_us=NOW_US - 5 * DAY)(
        authority
    )
    certificates["responder.cer"] = authority.responder(authority.issuers[0], NOW_US)
    _publish(golden)
    _answer(golden)
    signers = (
        "person-sign", "person-auth", "person-rsa", "person-revoked", "person-new-generation", "clinic-head",
        "clinic-signatory", "clinic-employee", "gateway",
    )  # fmt: skip
    for name in signers:
        golden.signatures[f"{name}.p7s"] = sign_detached(DOCUMENT, certificates[f"{name}.cer"], NOW_US)
    return golden


def person(*, start_us=NOW_US - 30 * DAY, label="citizen", **changes):
    fields = {
        "iin": "850704200017",
        "surname": "ТЕСТОВА",
        "given_name": "ҰЛЖАН",
        "purpose": Purpose.SIGN,
        "not_before_us": start_us,
        "not_after_us": NOW_US + 300 * DAY,
    } | changes
    return lambda authority: authority.issue_person(label=f"{label}/{fields['purpose']}", **fields)


def organisation(role, *, label="clinic", **changes):
    fields = {
        "bin": "121240000013",
        "organisation": "Synthetic clinic",
        "role": role,
        "not_before_us": NOW_US - 30 * DAY,
        "not_after_us": NOW_US + 300 * DAY,
    } | changes
    return lambda authority: authority.issue_organisation(label=f"{label}/{role}", **fields)


def _publish(golden):
    authority = golden.authority
    authority.revoke(golden.certificates["person-revoked.cer"].certificate.serial, NOW_US - DAY)
    full = authority.publish(NOW_US - 6 * 3600 * SECOND)
    authority.revoke(
        golden.certificates["person-revoked-later.cer"].certificate.serial, NOW_US - 3600 * SECOND
    )
    delta = authority.publish_delta(full, NOW_US)
    golden.publication.extend((full, delta, authority.publish(NOW_US)))
    named = {"root.crl": full.root_crl}
    named |= {f"issuing-{n}.crl": one for n, one in enumerate(full.issuing_crls, 1)}
    root_delta, *issuing_deltas = delta.deltas
    named |= {"root-delta.crl": root_delta}
    named |= {f"issuing-{n}-delta.crl": one for n, one in enumerate(issuing_deltas, 1)}
    golden.lists.update(named)


def _answer(golden):
    authority = golden.authority
    issuer = authority.issuers[0]
    for name in ("person-sign", "person-revoked"):
        serial = golden.certificates[f"{name}.cer"].certificate.serial
        golden.answers[f"{name}.ors"] = authority.answer_ocsp(serial, issuer, NOW_US)
    golden.answers["issuing-1.ors"] = authority.answer_ocsp(issuer.serial, authority.root, NOW_US)


def digests(golden):
    return {name: hashlib.sha256(octets).hexdigest() for name, octets in sorted(golden.octets().items())}


def saved():
    return yaml.safe_load(DIGESTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    head = "# SHA-256 of every golden artefact; written by python -m tests.oracles.golden\n"
    DIGESTS.write_text(head + yaml.safe_dump(digests(make())), encoding="utf-8")

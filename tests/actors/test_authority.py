"""The certification authority."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from cryptography import x509

from actors.authority import LIST_LIFETIME_US, Authority
from actors.certificate import Purpose, Role, read_pem_certificates
from actors.errors import FormatError, ValidityError
from actors.revocation import RevocationList
from actors.trust import TrustAnchors, find_chain

SECOND = 1_000_000
PINNED = {
    "root": "a9b8a9f65949c325",
    "issuing": "e65d6026a68ad30a",
    "person": "0f0bd7f01f11ed58",
    "organisation": "3d84c167ff3c1b56",
    "list": "274706753ccf6ba5",
    "answer": "47a216b46e3f11d3",
}


def test_two_levels_above_every_holder(shared_pki):
    authority = shared_pki.authority
    chain = find_chain(shared_pki.person().certificate, shared_pki.trust)
    assert chain.issuer == authority.issuing
    assert chain.sound
    assert (chain.start_us, chain.end_us) == (authority.issuing.not_before_us, authority.issuing.not_after_us)
    assert authority.root.issuer == authority.root.subject == authority.issuing.issuer


def test_every_common_name_says_test(shared_pki):
    authority = shared_pki.authority
    system = authority.issue_information_system(
        bin=shared_pki.bin,
        name="Gateway",
        not_before_us=shared_pki.start_us,
        not_after_us=shared_pki.end_us,
        label="gateway",
    )
    holders = (shared_pki.person(), shared_pki.organisation(), system)
    for certificate in (authority.root, authority.issuing, *(holder.certificate for holder in holders)):
        assert certificate.common_name.startswith("TEST ")
    assert system.certificate.roles == {Role.SYSTEM}


def test_the_same_application_gives_the_same_octets(pki):
    assert pki.person().der == pki.person().der
    assert pki.person().key.private_numbers() == pki.person().key.private_numbers()


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": Purpose.AUTH},
        {"iin": "850704200801"},
        {"surname": "ДРУГАЯ"},
        {"label": "other"},
        {"not_before_us": 1_358_000_000 * SECOND},
        {"not_after_us": 1_370_000_000 * SECOND},
    ],
)
def test_another_application_gives_another_serial_number(shared_pki, changes):
    assert shared_pki.person(**changes).certificate.serial != shared_pki.person().certificate.serial


def test_renewal_keeps_the_key_of_the_label(shared_pki):
    first, second = shared_pki.person(), shared_pki.person(not_after_us=shared_pki.end_us + SECOND)
    assert first.key.private_numbers() == second.key.private_numbers()


def test_another_seed_gives_the_same_names_and_other_keys(shared_pki):
    ours, theirs = shared_pki.authority, shared_pki.stranger
    assert ours.issuing.subject == theirs.issuing.subject
    assert ours.issuing.serial != theirs.issuing.serial
    assert ours.issuing.public_key.public_numbers() != theirs.issuing.public_key.public_numbers()


def test_parts_of_a_second_are_cut_off(shared_pki):
    odd = shared_pki.person(not_before_us=shared_pki.start_us + 999_999, not_after_us=shared_pki.end_us + 1)
    assert odd.der == shared_pki.person().der


@pytest.mark.parametrize(
    "period",
    [
        {"not_before_us": 1_262_304_000 * SECOND},
        {"not_after_us": 2_524_608_000 * SECOND},
        {"not_before_us": 1_370_000_001 * SECOND, "not_after_us": 1_370_000_000 * SECOND},
    ],
)
def test_it_vouches_for_its_own_time_only(shared_pki, period):
    with pytest.raises(ValidityError):
        shared_pki.person(**period)


@pytest.mark.parametrize("surname", ["X" * 60, "", "\ud800"])
def test_names_that_no_certificate_can_hold(shared_pki, surname):
    with pytest.raises(FormatError):
        shared_pki.person(surname=surname)


def test_a_short_seed_is_refused():
    with pytest.raises(FormatError):
        Authority(b"1234567", 0)


def test_revoked_ones_are_published_from_their_moment_on(pki):
    serial = pki.person().certificate.serial
    issuer = pki.authority.issuing.subject
    pki.authority.revoke(serial, pki.now_us + 5 * SECOND + 700_000)
    assert pki.revocation(pki.now_us + 4 * SECOND).revoked_at_us(issuer, serial) is None
    assert pki.revocation(pki.now_us + 5 * SECOND).revoked_at_us(issuer, serial) == pki.now_us + 5 * SECOND
    pki.authority.revoke(serial, pki.now_us + 9 * SECOND)
    assert pki.revocation(pki.now_us + 9 * SECOND).revoked_at_us(issuer, serial) == pki.now_us + 5 * SECOND


def test_a_revoked_issuing_authority_stands_in_the_list_of_the_root(pki):
    authority = pki.authority
    authority.revoke(authority.issuing.serial, pki.now_us)
    known = pki.revocation()
    assert known.revoked_at_us(authority.root.subject, authority.issuing.serial) == pki.now_us
    assert known.revoked_at_us(authority.issuing.subject, authority.issuing.serial) is None


def test_entries_are_sorted_and_the_order_of_revoking_makes_no_difference(pki):
    serials = [5, 2**90, 17, 2**126]
    for serial in serials:
        pki.authority.revoke(serial, pki.now_us - SECOND)
    again = Authority(pki.seed, pki.now_us - 400 * 86_400 * SECOND)
    for serial in reversed(serials):
        again.revoke(serial, pki.now_us - SECOND)
    one = pki.authority.publish(pki.now_us)
    assert tuple(again.publish(pki.now_us)) == tuple(one)
    crl = x509.load_der_x509_crl(one.issuing_crl)
    assert [entry.serial_number for entry in crl] == sorted(serials)


def test_a_list_says_when_the_next_one_is_due(pki):
    publication = pki.authority.publish(pki.now_us + 123_456)
    assert (publication.this_update_us, publication.next_update_us) == (
        pki.now_us,
        pki.now_us + LIST_LIFETIME_US,
    )
    crl = x509.load_der_x509_crl(publication.root_crl)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == pki.now_us // SECOND


def test_it_publishes_in_its_own_time_only(shared_pki):
    authority = shared_pki.authority
    for moment_us in (authority.root.not_before_us - SECOND, authority.issuing.not_after_us):
        with pytest.raises(ValidityError):
            authority.publish(moment_us)


def test_the_bundle_holds_authorities_and_lists(shared_pki):
    authority = shared_pki.authority
    publication = authority.publish(shared_pki.now_us)
    bundle = authority.trust_bundle_pem(publication)
    assert read_pem_certificates(bundle) == (authority.root, authority.issuing)
    assert bundle.count(b"BEGIN X509 CRL") == 2
    assert b"PRIVATE" not in bundle
    assert read_pem_certificates(authority.root_pem()) == (authority.root,)


def test_several_authorities_can_be_trusted(shared_pki):
    both = TrustAnchors.of(shared_pki.stranger, shared_pki.authority)
    for issuer in (shared_pki.authority, shared_pki.stranger):
        assert find_chain(shared_pki.person(issuer=issuer).certificate, both).issuer == issuer.issuing
    known = RevocationList.read(shared_pki.authority.publish(shared_pki.now_us), both)
    assert known.is_fresh(shared_pki.authority.issuing.subject, shared_pki.now_us)


_SCRIPT = """
import hashlib, json
from actors import odd_certificates as odd
from actors.authority import Authority
from actors.cades import sign_detached
from actors.certificate import Purpose, Role
from actors.keys import KeyKind
US = 10**6
NOW = 1_358_000_000 * US
authority = Authority(b"a seed for tests only", 1_330_000_000 * US)
first, second = authority.issuing, authority.roll_over(1_340_000_000 * US)
period = {"not_before_us": 1_350_000_000 * US, "not_after_us": 1_380_000_000 * US}
octets = {}
def person(n, **changes):
    return authority.issue_person(iin="850704200017", surname="T", given_name=str(n),
        purpose=Purpose.SIGN, label=f"person/{n}", **(period | changes))
def signing(n):
    credential = person(n)
    octets[f"person/{n}"] = credential.der
    octets[f"signature/{n}"] = sign_detached(b"{}", credential, NOW)
    authority.revoke(credential.draft.serial, 1_357_000_000 * US)
    octets[f"answer/{n}"] = authority.answer_ocsp(credential.draft.serial, second, NOW)
def old(n):
    octets["old"] = person(n, issuer=first).der
    octets["rsa"] = person(n, issuer=first, key_kind=KeyKind.RSA_2048).der
def strange(n):
    forger, model = authority.signing_credential(), person(n)
    for kind in odd.WEAK_KINDS:
        octets[kind] = odd.with_weak_key(forger, model, kind).der
    octets["citizen"] = odd.by_citizen(person(99), model).der
def clinic(n):
    for purpose in Purpose:
        octets[f"clinic/{purpose}"] = authority.issue_organisation(bin="121240000013", organisation="C",
            role=Role.HEAD, label=f"clinic/{purpose}", purpose=purpose, **period).der
STEPS = (clinic, signing, signing, signing, old, strange)
for step in ORDER:
    STEPS[step](step)
publication = authority.publish(NOW)
octets["bundle"] = authority.trust_bundle_pem(publication)
authority.revoke(7, NOW)
for at, crl in enumerate(authority.publish_delta(publication, NOW + 60 * US)):
    octets[f"list/{at}"] = crl
for issuer in (authority.root, first, second):
    octets[f"responder/{issuer.serial}"] = authority.responder(issuer, NOW).der
print(json.dumps({name: hashlib.sha256(value).hexdigest() for name, value in sorted(octets.items())}))
"""


def digests(hash_seed, order):
    script = _SCRIPT.replace("ORDER", repr(order))
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    output = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output)


def test_two_processes_give_the_same_octets_in_any_order_of_issue():
    one = digests("1", [0, 1, 2, 3, 4, 5])
    assert len(one) == 28
    assert len(set(one.values())) == 28
    assert digests("2", [5, 3, 4, 2, 0, 1]) == one


def test_what_is_issued_has_not_changed(shared_pki):
    """Pinned, so that a change of the profile or of a derivation is a decision and not an accident."""
    authority = shared_pki.authority
    publication = authority.publish(shared_pki.now_us)
    octets = {
        "root": authority.root.der,
        "issuing": authority.issuing.der,
        "person": shared_pki.person().der,
        "organisation": shared_pki.organisation().der,
        "list": publication.issuing_crl,
        "answer": authority.answer_ocsp(7, authority.issuing, shared_pki.now_us),
    }
    assert {what: hashlib.sha256(der).hexdigest()[:16] for what, der in octets.items()} == PINNED

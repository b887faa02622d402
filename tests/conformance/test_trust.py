"""Whom the judge believes: generations of authorities, full and delta lists, nothing that is half right."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ObjectIdentifier

from actors.authority import Authority
from actors.certificate import Purpose
from conformance.signed_data import Unacceptable
from conformance.trust import Unsettled, read_trust, require_chain, require_right_to_sign
from tests.conformance.signed_world import (
    DAY,
    DAY_US,
    IIN,
    NOW,
    NOW_US,
    SIGNING,
    SYSTEM,
    World,
    issue,
    key_of,
    list_of,
    name_of,
    usage,
)

LONG = {"start": NOW - 900 * DAY, "end": NOW + 900 * DAY, "ca": True}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world") / "documents")


def judged(world, bundle, *, certificate=None, at_us=NOW_US, root=None):
    """Return ``pass``, or why the citizen's certificate is not believed under this bundle."""
    try:
        trust = read_trust((root or world.root).pem, bundle)
        require_chain(certificate or world.person.certificate, trust, at_us)
    except Unacceptable as cause:
        return f"refused: {cause}"
    except Unsettled as cause:
        return f"unsettled: {cause}"
    return "pass"


def base(world, **issuing):
    return world.issuing.pem + list_of(world.root) + list_of(world.issuing, **issuing)


# --- delta lists


def test_a_delta_adds_to_its_full_list(world):
    delta = list_of(world.issuing, [(100, NOW - DAY)], number=4, base=3)
    assert judged(world, base(world, number=3)) == "pass"
    assert judged(world, base(world, number=3) + delta) == "refused: revoked"
    assert judged(world, delta + base(world, number=3), at_us=NOW_US - 2 * DAY_US) == "pass"


def test_a_delta_extends_a_full_list_that_is_out_of_date(world):
    old = base(world, number=3, end=NOW - DAY)
    assert judged(world, old) == "unsettled: no revocation list that reaches the moment"
    assert judged(world, old + list_of(world.issuing, number=4, base=3)) == "pass"
    assert judged(world, old + list_of(world.issuing, number=5, base=2)) == "pass"


@pytest.mark.parametrize(
    ("number", "base_number", "why"),
    [(5, 4, "the full list is older than the base"), (3, 3, "no newer than the full list"), (2, 1, "older")],
)
def test_a_delta_with_a_wrong_base_reaches_no_moment(world, number, base_number, why):
    old = base(world, number=3, end=NOW - DAY)
    delta = list_of(world.issuing, number=number, base=base_number)
    assert judged(world, old + delta).startswith("unsettled"), why


def test_a_delta_alone_reaches_no_moment_but_still_revokes(world):
    alone = world.issuing.pem + list_of(world.root)
    assert judged(world, alone + list_of(world.issuing, number=4, base=3)).startswith("unsettled")
    delta = list_of(world.issuing, [(100, NOW - DAY)], number=4, base=3)
    assert judged(world, alone + delta) == "refused: revoked"


def test_a_delta_of_another_issuer_extends_nothing(world):
    stranger = issue(name_of("TEST issuing"), key_of(77), serial=2, **LONG)
    old = base(world, number=3, end=NOW - DAY)
    assert judged(world, old + list_of(stranger, number=4, base=3)).startswith("unsettled")
    assert judged(world, old + list_of(world.root, number=4, base=3)).startswith("unsettled")


def test_a_lifted_suspension_stays_a_revocation(world):
    full = base(world, number=3, revoked=[(100, NOW - DAY)])
    assert judged(world, full + list_of(world.issuing, number=4, base=3, lifted=[100])) == "refused: revoked"


def test_of_two_moments_of_revocation_the_earlier_counts(world):
    delta = list_of(world.issuing, [(100, NOW + DAY)], number=4, base=3)
    assert judged(world, base(world, number=3, revoked=[(100, NOW)]) + delta) == "refused: revoked"


# --- generations


def second(world, key=21, serial=5, **changes):
    return issue(name_of("TEST issuing 2"), key_of(key), world.root, serial=serial, **{**LONG, **changes})


def test_each_generation_has_its_own_lists(world):
    newer = second(world)
    person = world.citizen(key=33, serial=100, issuer=newer)
    bundle = base(world) + newer.pem
    assert judged(world, bundle, certificate=person.certificate).startswith("unsettled")
    bundle += list_of(newer)
    assert judged(world, bundle, certificate=person.certificate) == "pass"
    assert judged(world, bundle) == "pass"
    # The same serial number of another generation is another certificate.
    revoked = base(world, revoked=[(100, NOW - DAY)]) + newer.pem + list_of(newer)
    assert judged(world, revoked, certificate=person.certificate) == "pass"
    assert judged(world, revoked) == "refused: revoked"


def test_a_revoked_generation_takes_its_certificates_along(world):
    newer = second(world)
    person = world.citizen(key=33, serial=101, issuer=newer)
    lists = list_of(world.root, [(5, NOW - DAY)]) + list_of(world.issuing) + list_of(newer)
    bundle = world.issuing.pem + newer.pem + lists
    assert judged(world, bundle, certificate=person.certificate) == "refused: issuer: revoked"
    assert judged(world, bundle) == "pass"


def test_a_renewed_certificate_of_one_key_keeps_its_lists(world):
    renewed = issue(name_of("TEST issuing"), key_of(12), world.root, serial=6, **LONG)
    assert judged(world, renewed.pem + list_of(world.root) + list_of(world.issuing)) == "pass"


def test_a_namesake_has_none_of_the_others_lists(world):
    namesake = issue(name_of("TEST issuing"), key_of(22), world.root, serial=7, **LONG)
    person = world.citizen(key=34, serial=102, issuer=namesake)
    bundle = base(world) + namesake.pem
    assert judged(world, bundle, certificate=person.certificate).startswith("unsettled")


def test_what_an_authority_of_the_actors_publishes_is_understood():
    start = NOW_US - 30 * DAY_US
    authority = Authority(b"a seed for tests only", start - DAY_US)
    period = {"not_before_us": start, "not_after_us": NOW_US + 300 * DAY_US}
    names = {"surname": "ТЕСТОВА", "given_name": "ҰЛЖАН", "purpose": Purpose.SIGN}
    person = authority.issue_person(iin=IIN, label="citizen", **names, **period)
    bundle = authority.trust_bundle_pem(authority.publish(NOW_US))
    trust = read_trust(authority.root_pem(), bundle)
    require_chain(person.certificate.parsed, trust, NOW_US)


# --- authorities and lists that are not strong enough


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": hashes.SHA224()},
        {"critical": x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00")},
        {"key_usage": usage(crl_sign=True)},
        {"ca": False, "key_usage": usage(key_cert_sign=True, crl_sign=True), "extended": []},
    ],
)
def test_a_half_right_authority_is_none(world, changes):
    odd = second(world, key=23, serial=8, **changes)
    person = world.citizen(key=35, serial=103, issuer=odd)
    bundle = base(world) + odd.pem + list_of(odd)
    assert judged(world, bundle, certificate=person.certificate) == "refused: issuer: not trusted"


WEAK_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what must be refused


@pytest.mark.parametrize("key", [ec.derive_private_key(7, ec.SECP256K1()), WEAK_RSA])
def test_an_authority_with_a_weak_key_is_none(world, key):
    weak = issue(name_of("TEST weak"), key, world.root, serial=9, **LONG)
    person = world.citizen(key=36, serial=104, issuer=weak)
    bundle = base(world) + weak.pem
    assert judged(world, bundle, certificate=person.certificate) == "refused: issuer: not trusted"
    self_signed = issue(name_of("TEST weak"), key, serial=9, **LONG)
    assert judged(world, bundle, root=self_signed).startswith("unsettled: the pinned root")


def test_a_list_with_a_weak_hash_counts_for_nothing(world):
    assert judged(world, base(world, digest=hashes.SHA224())).startswith("unsettled")


def test_only_so_many_certificates_of_a_bundle_are_looked_at(world):
    noise = b"".join(second(world, key=60 + n, serial=60 + n).pem for n in range(45))
    assert judged(world, base(world) + noise) == "pass"
    assert judged(world, noise + base(world)) == "refused: issuer: not trusted"


# --- terms


@pytest.mark.parametrize(
    ("late_us", "found"), [(-1, "pass"), (0, "pass"), (999_999, "pass"), (1_000_000, "refused: expired")]
)
def test_the_last_second_of_a_certificate_belongs_to_its_term(world, late_us, found):
    person = world.citizen(key=36, serial=104, start=NOW - DAY, end=NOW)
    assert judged(world, base(world), certificate=person.certificate, at_us=NOW_US + late_us) == found


@pytest.mark.parametrize(("early_us", "found"), [(0, "pass"), (1, "refused: not yet valid")])
def test_the_first_second_of_a_certificate_belongs_to_its_term(world, early_us, found):
    person = world.citizen(key=37, serial=105, start=NOW, end=NOW + DAY)
    assert judged(world, base(world), certificate=person.certificate, at_us=NOW_US - early_us) == found


# --- lists of another time


@pytest.mark.parametrize(
    ("late_us", "found"), [(0, "pass"), (1_000_000, "unsettled: no revocation list that reaches the moment")]
)
@pytest.mark.parametrize("old", ["root", "issuing"])
def test_a_list_more_than_a_day_old_says_nothing_of_the_moment(world, old, late_us, found):
    starts = {"root": NOW, "issuing": NOW} | {old: NOW - DAY}
    lists = list_of(world.root, start=starts["root"]) + list_of(world.issuing, start=starts["issuing"])
    assert judged(world, world.issuing.pem + lists, at_us=NOW_US + late_us) == found


def test_an_old_list_still_revokes(world):
    old = base(world, revoked=[(100, NOW - 9 * DAY)], start=NOW - 5 * DAY)
    assert judged(world, old) == "refused: revoked"


# --- who may sign for an organisation


def role(last):
    return ObjectIdentifier(f"1.2.398.3.3.4.1.2.{last}")


@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ([], True),
        ([ObjectIdentifier("1.2.398.3.3.4.1.2")], True),
        ([ObjectIdentifier("1.2.398.3.3.4.1.20.5")], True),
        ([role(1)], True),
        ([role(2)], True),
        ([role(5), role(2)], True),
        ([role(3)], False),
        ([role(5)], False),
        ([SYSTEM], False),
        ([role(11)], False),
        ([role("1.9")], False),
    ],
)
def test_a_stated_role_must_be_one_that_signs(world, roles, may):
    unit = name_of("TEST", unit="BIN121240000013")
    certificate = issue(unit, key_of(40), world.issuing, extended=[SIGNING, *roles]).certificate
    if may:
        require_right_to_sign(certificate)
        return
    with pytest.raises(Unacceptable, match="no right to sign for the organisation"):
        require_right_to_sign(certificate)

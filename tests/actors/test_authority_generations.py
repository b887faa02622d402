"""Issuing generations of the authority: roll-over, revocation, and what each of them publishes."""

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.authority import DELTA_LIFETIME_US, LIST_LIFETIME_US, Authority, ProductionError
from actors.certificate import Credential, Purpose, Role, read_pem_certificates
from actors.certificate_profile import holder_usage
from actors.errors import ActorError, FormatError, ValidityError
from actors.generations import MAX_GENERATIONS
from actors.keys import RSA_POOL, KeyKind, pool_label
from actors.revocation import RevocationList
from actors.trust import TrustAnchors, find_chain
from tests.actors.conftest import Pki

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
NOW = Pki.now_us


def rolled_over(pki, at_us=NOW):
    """Return an old citizen, the new generation's certificate, and a new citizen."""
    old = pki.person()
    new = pki.authority.roll_over(at_us)
    return old, new, pki.person(not_before_us=at_us, label="new")


def trusted(pki):
    return TrustAnchors.of(pki.authority)


def read(publication, pki):
    return RevocationList.read(publication, trusted(pki))


def test_it_refuses_to_serve_in_production():
    with pytest.raises(ProductionError, match="must not be used in production"):
        Authority(b"a seed for tests only", NOW, production=True)
    assert issubclass(ProductionError, ActorError)


def test_what_was_issued_before_stays_good(pki):
    first = pki.authority.issuing
    old, second, new = rolled_over(pki)
    assert pki.authority.issuers == (first, second)
    assert pki.authority.issuing == second
    trust = trusted(pki)
    for credential, issuer in ((old, first), (new, second)):
        chain = find_chain(credential.certificate, trust)
        assert (chain.issuer, chain.sound) == (issuer, True)
        assert credential.draft.issuer == issuer
    assert find_chain(new.certificate, TrustAnchors((pki.authority.root,), (first,))).issuer is None


def test_each_generation_has_its_own_name_key_and_numbers(pki):
    first = pki.authority.issuing
    old, second, new = rolled_over(pki)
    assert second.common_name == f"{first.common_name} 2"
    assert second.subject != first.subject
    assert second.public_key.public_numbers() != first.public_key.public_numbers()
    assert (old.draft.serial >> 120, new.draft.serial >> 120) == (0x40, 0x41)
    assert second.not_before_us == NOW
    assert second.not_after_us <= pki.authority.root.not_after_us


def test_an_old_generation_can_still_be_told_to_issue(pki):
    first = pki.authority.issuing
    rolled_over(pki)
    late = pki.authority.issue_person(
        iin=pki.iin,
        surname="ТЕСТОВА",
        given_name="ҰЛЖАН",
        purpose=Purpose.SIGN,
        not_before_us=pki.start_us,
        not_after_us=pki.end_us,
        label="citizen/SIGN",
        issuer=first,
    )
    assert late.der == Pki().person().der
    with pytest.raises(FormatError):
        pki.authority.signing_credential(pki.stranger.issuing)


def test_a_generation_vouches_for_its_own_time_only(pki):
    rolled_over(pki)
    with pytest.raises(ValidityError):
        pki.person(not_before_us=NOW - SECOND)


def test_roll_overs_go_forward_in_the_time_of_the_root(pki):
    rolled_over(pki)
    for at_us in (NOW - SECOND, pki.authority.root.not_after_us + SECOND):
        with pytest.raises(ValidityError):
            pki.authority.roll_over(at_us)
    assert len(pki.authority.issuers) == 2
    assert pki.authority.roll_over(NOW).not_before_us == NOW


def test_the_root_outlives_every_generation(pki):
    last = pki.authority.roll_over(pki.authority.root.not_after_us - 365 * DAY)
    assert last.not_after_us == pki.authority.root.not_after_us
    for number in range(3, MAX_GENERATIONS + 1):
        assert pki.authority.roll_over(last.not_before_us + number * SECOND).serial != last.serial
    with pytest.raises(ValidityError):
        pki.authority.roll_over(last.not_after_us)


def test_each_publishes_its_own_list(pki):
    first = pki.authority.issuing
    old, second, new = rolled_over(pki)
    for credential in (old, new):
        pki.authority.revoke(credential.draft.serial, NOW)
    publication = pki.authority.publish(NOW + SECOND)
    assert len(publication.issuing_crls) == 2
    known = read(publication, pki)
    assert known == pki.authority.ledger(NOW + SECOND)
    assert known.revoked_at_us(first.subject, old.draft.serial) == NOW
    assert known.revoked_at_us(second.subject, new.draft.serial) == NOW
    assert known.revoked_at_us(first.subject, new.draft.serial) is None
    bundle = read_pem_certificates(pki.authority.trust_bundle_pem(publication))
    assert bundle == (pki.authority.root, first, second)


def test_an_old_one_publishes_to_its_end(pki):
    first = pki.authority.issuing
    rolled_over(pki)
    last = pki.authority.publish(first.not_after_us - HOUR)
    assert last.next_update_us == first.not_after_us - HOUR + LIST_LIFETIME_US
    assert read(last, pki).is_fresh(first.subject, first.not_after_us)
    assert not read(last, pki).is_fresh(first.subject, first.not_after_us + SECOND)
    after = pki.authority.publish(first.not_after_us + SECOND)
    assert len(after.issuing_crls) == 1
    assert read(after, pki) == pki.authority.ledger(first.not_after_us + SECOND)


def test_a_generation_publishes_nothing_before_it_begins(pki):
    rolled_over(pki, NOW + DAY)
    assert len(pki.authority.publish(NOW).issuing_crls) == 1
    assert len(pki.authority.publish(NOW + DAY).issuing_crls) == 2


def test_one_generation_revoked_leaves_the_other(pki):
    first = pki.authority.issuing
    _, second, _ = rolled_over(pki)
    pki.authority.revoke_issuing(first, NOW + HOUR)
    known = read(pki.authority.publish(NOW + HOUR), pki)
    root = pki.authority.root.subject
    assert known.revoked_at_us(root, first.serial) == NOW + HOUR
    assert known.revoked_at_us(root, second.serial) is None
    with pytest.raises(FormatError):
        pki.authority.revoke_issuing(pki.stranger.issuing, NOW)


def test_an_issuer_can_be_named_when_revoking(pki):
    first = pki.authority.issuing
    rolled_over(pki)
    pki.authority.revoke(7, NOW, first)
    pki.authority.revoke(8, NOW)
    known = pki.authority.ledger(NOW)
    assert known.revoked_at_us(first.subject, 7) == NOW
    assert known.revoked_at_us(pki.authority.issuing.subject, 8) == NOW


def test_a_delta_says_what_the_full_list_does_not(pki):
    issuer = pki.authority.issuing.subject
    pki.authority.revoke(1, NOW - SECOND)
    pki.authority.revoke(2, NOW + HOUR)
    base = pki.authority.publish(NOW)
    pki.authority.revoke(3, NOW - DAY)  # entered after the full list, from an earlier moment on
    pki.authority.revoke(1, NOW - DAY)
    pki.authority.revoke(4, NOW + DAY)
    delta = pki.authority.publish_delta(base, NOW + HOUR)
    assert (delta.root_crl, delta.issuing_crls) == (base.root_crl, base.issuing_crls)
    assert (delta.this_update_us, delta.next_update_us) == (NOW + HOUR, NOW + HOUR + DELTA_LIFETIME_US)
    crl = x509.load_der_x509_crl(delta.deltas[1])
    assert [entry.serial_number for entry in crl] == [1, 2, 3]
    indicator = crl.extensions.get_extension_for_class(x509.DeltaCRLIndicator)
    assert (indicator.critical, indicator.value.crl_number) == (True, NOW // SECOND)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == (NOW + HOUR) // SECOND
    known = read(delta, pki)
    assert [known.revoked_at_us(issuer, n) for n in (1, 2, 3, 4)] == [NOW - DAY, NOW + HOUR, NOW - DAY, None]
    assert known == pki.authority.ledger(NOW + HOUR, base=base)
    assert read(base, pki).revoked_at_us(issuer, 3) is None


def test_a_delta_tells_of_a_revoked_generation_and_a_new_one_gets_a_full_list(pki):
    first = pki.authority.issuing
    base = pki.authority.publish(NOW)
    _, second, new = rolled_over(pki, NOW + HOUR)
    pki.authority.revoke_issuing(first, NOW + HOUR)
    pki.authority.revoke(new.draft.serial, NOW + HOUR)
    delta = pki.authority.publish_delta(base, NOW + 2 * HOUR)
    assert (len(delta.issuing_crls), len(delta.deltas)) == (2, 2)
    known = read(delta, pki)
    assert known.revoked_at_us(pki.authority.root.subject, first.serial) == NOW + HOUR
    assert known.revoked_at_us(second.subject, new.draft.serial) == NOW + HOUR
    assert known == pki.authority.ledger(NOW + 2 * HOUR, base=base)


def test_a_delta_builds_on_the_full_list_of_another_delta(pki):
    base = pki.authority.publish(NOW)
    pki.authority.revoke(1, NOW + HOUR)
    once = pki.authority.publish_delta(base, NOW + HOUR)
    twice = pki.authority.publish_delta(once, NOW + 2 * HOUR)
    known = read(twice, pki)
    assert known.revoked_at_us(pki.authority.issuing.subject, 1) == NOW + HOUR
    assert known.coverage_us(pki.authority.issuing.subject, 1, NOW + 3 * HOUR) is not None


def test_a_delta_is_later_than_its_base(pki):
    base = pki.authority.publish(NOW)
    for publish in (pki.authority.publish_delta, lambda base, at: pki.authority.ledger(at, base=base)):
        with pytest.raises(ValidityError):
            publish(base, NOW + 999_999)


MOMENTS = st.integers(-3 * 86_400, 3 * 86_400).map(lambda seconds: NOW + seconds * SECOND)
NUMBERS = st.one_of(st.integers(1, 5), st.integers(0x40 << 120, (0x40 << 120) + 3))


@settings(deadline=None, max_examples=40)
@given(
    before=st.lists(st.tuples(NUMBERS, MOMENTS)),
    after=st.lists(st.tuples(NUMBERS, MOMENTS)),
    roll_over=st.booleans(),
)
def test_the_books_say_what_the_lists_say(shared_pki, before, after, roll_over):
    authority = Authority(shared_pki.seed, shared_pki.authority.root.not_before_us)
    if roll_over:
        authority.roll_over(NOW - DAY)
    for serial, when_us in before:
        authority.revoke(serial, when_us)
    trust = TrustAnchors.of(authority)
    base = authority.publish(NOW)
    assert RevocationList.read(base, trust) == authority.ledger(NOW)
    for serial, when_us in after:
        authority.revoke(serial, when_us)
    delta = authority.publish_delta(base, NOW + HOUR)
    assert RevocationList.read(delta, trust) == authority.ledger(NOW + HOUR, base=base)
    full = RevocationList.read(authority.publish(NOW + HOUR), trust)
    merged = authority.ledger(NOW + HOUR, base=base)
    for issuer, one in full.lists.items():
        assert merged.lists[issuer].revoked_at_us == one.revoked_at_us


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.RSA_2048])
def test_a_draft_says_what_the_certificate_will_say(shared_pki, monkeypatch, purpose, role, kind):
    if (purpose, kind) == (Purpose.ENCRYPT, KeyKind.RSA_2048):
        return  # refused: see below
    monkeypatch.setattr("actors.authority.pool_label", lambda *_: "pool/0")  # one key of many bits for all
    if role is None:
        credential = shared_pki.person(purpose, key_kind=kind)
    else:
        credential = shared_pki.organisation(role, iin=shared_pki.iin, purpose=purpose, key_kind=kind)
    issuing = shared_pki.authority.issuing
    assert Credential.of(credential.key, credential.certificate, issuing).draft == credential.draft
    assert find_chain(credential.certificate, shared_pki.trust).sound
    assert credential.certificate.purposes == {purpose}
    assert credential.key.public_key() == credential.certificate.public_key


def test_nothing_is_made_before_it_is_asked_for(shared_pki, monkeypatch):
    def forbid(*_):
        raise AssertionError

    for name in ("derive_key", "derive_rsa", "sign_certificate"):
        monkeypatch.setattr(f"actors.authority.{name}", forbid)
    credential = shared_pki.person(label="lazy")
    assert credential.draft.iin == shared_pki.iin
    assert str(credential.draft.serial) in repr(credential)
    with pytest.raises(AssertionError):
        credential.der  # noqa: B018 - asks for it
    monkeypatch.undo()
    assert credential.certificate is credential.certificate
    assert credential.certificate.serial == credential.draft.serial


def test_keys_of_many_bits_come_from_a_pool(shared_pki):
    def public(label):
        return shared_pki.person(label=label, key_kind=KeyKind.RSA_2048).key.public_key().public_numbers()

    labels = [pool_label(b"a seed for tests only", f"{number}/SIGN") for number in range(500)]
    assert len(set(labels)) == RSA_POOL
    other = next(n for n in range(1, 500) if labels[n] == labels[0])
    assert public("0") == public(str(other))
    certificates = [shared_pki.person(label=label, key_kind=KeyKind.RSA_2048) for label in ("0", str(other))]
    assert len({one.draft.serial for one in certificates}) == 2


def test_rsa_changes_the_serial_number(shared_pki):
    assert shared_pki.person(key_kind=KeyKind.RSA_2048).draft.serial != shared_pki.person().draft.serial


@pytest.mark.parametrize("kind", [KeyKind.RSA_1024, KeyKind.SECP256K1, KeyKind.ED25519])
def test_weak_keys_are_not_certified(shared_pki, kind):
    with pytest.raises(FormatError):
        shared_pki.person(key_kind=kind)
    with pytest.raises(FormatError):
        shared_pki.organisation(key_kind=kind)


def test_rsa_keys_are_not_agreed_on(shared_pki):
    for issue in (shared_pki.person, shared_pki.organisation):
        with pytest.raises(FormatError):
            issue(purpose=Purpose.ENCRYPT, key_kind=KeyKind.RSA_2048)


def test_the_national_usage_of_keys_for_authentication():
    """RFC 8813, 3: keyEncipherment is for RSA only."""
    assert holder_usage(Purpose.AUTH, "RSA").key_encipherment
    assert not holder_usage(Purpose.AUTH, "EC").key_encipherment


def test_keys_to_seal_documents_for_an_organisation(shared_pki):
    certificate = shared_pki.organisation(purpose=Purpose.ENCRYPT, label="seal").certificate
    assert certificate.permits == {Purpose.ENCRYPT}
    assert certificate.key_usage.key_agreement
    assert not certificate.key_usage.digital_signature
    assert certificate.bin == shared_pki.bin
    usages = certificate.parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert "2.999.398.1" in [oid.dotted_string for oid in usages]

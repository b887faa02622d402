"""Real, sampled, off: the log of a play is the same to the octet, and the decisions are."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import certificate, signing
from actors.forgery import SignatureFlaw
from actors.signing import SignatureMode
from conformance.errors import InputError
from sim.plan import Deed, Happening, RequestFlaw
from sim.play import play
from sim.signatures import SignatureChoice
from tests.sim.drawn_plays import crowds, settings_of_plays
from tests.sim.small_plays import BRISK_STEPS, CHEAP, SERVICES, a_play, case, pack, world

REAL, SAMPLED, OFF = (
    SignatureChoice(mode=mode, share=0.3)
    for mode in (SignatureMode.REAL, SignatureMode.SAMPLED, SignatureMode.OFF)
)


def run(*cases, signatures=REAL, seed=1, **setting):
    return play(a_play(*cases, **setting), pack(), seed, password_cost=CHEAP, signatures=signatures)


def log(played):
    """Return everything of a play that may not depend on the mode, as octets."""
    return msgspec.json.encode([[msgspec.structs.astuple(row) for row in played.rows], played.decisions])


def signed(played):
    """Return the names of documents with a signature, and with the mark of a computed one."""
    names = [f"{folder}/{name}" for folder, files in played.documents.items() for name in files]
    real = {name.removesuffix(".p7s") for name in names if name.endswith(".p7s")}
    return real, {name.removesuffix(".computed") for name in names if name.endswith(".computed")}


@settings(deadline=None, max_examples=12)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_the_log_is_the_same_in_all_modes(cases, setting, seed):
    real, sampled, off = (
        run(*cases, signatures=choice, seed=seed, **setting) for choice in (REAL, SAMPLED, OFF)
    )

    assert log(real) == log(sampled) == log(off)
    assert real.answered_by_1414 == sampled.answered_by_1414 == off.answered_by_1414
    made = [one.signatures.verified + one.signatures.computed for one in (real, sampled, off)]
    assert made[0] == made[1] == made[2]
    assert signed(off)[0] == set()
    for folder, documents in real.documents.items():
        contents = {name: octets for name, octets in documents.items() if name.endswith(".json")}
        for others in (sampled.documents[folder], off.documents[folder]):
            assert contents == {name: octets for name, octets in others.items() if name.endswith(".json")}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", ["portal", "provider"])
def test_in_real_everything_is_signed_and_verified(service, path):
    played = run(case(service=service, path=path))

    real, computed = signed(played)
    assert {"case-1/request", "case-1/result"} <= real
    assert computed == set()
    assert played.signatures.made > 0
    assert played.signatures.verified > 0
    assert played.signatures.computed == 0


def test_in_off_no_key_is_derived_and_no_signature_made(monkeypatch):
    def refuse(*_arguments, **_named):
        raise AssertionError("computed")

    monkeypatch.setattr(signing, "sign_detached", refuse)
    monkeypatch.setattr(signing, "gather_facts", refuse)
    monkeypatch.setattr(certificate.Credential, "_ready", refuse)

    played = run(case(1), case(2, path="provider"), signatures=OFF)

    assert signed(played) == (set(), {f"case-{n}/{name}" for n in (1, 2) for name in ("request", "result")})
    assert (played.signatures.made, played.signatures.verified) == (0, 0)
    assert played.signatures.computed > 0


def test_in_sampled_the_first_use_of_every_certificate_is_real():
    """The citizen's and the provider's first documents are; with a share of nothing the others are not."""
    nothing = SignatureChoice(mode=SignatureMode.SAMPLED, share=0.0)
    cases = [case(n, person="the same", arrives=f"{n} h") for n in (1, 2, 3)]

    real, computed = signed(run(*cases, signatures=nothing))

    assert {"case-1/request", "case-1/result"} <= real
    assert {f"case-{n}/{name}" for n in (2, 3) for name in ("request", "result")} <= computed
    assert not real & computed


@pytest.mark.parametrize(
    "spoiled",
    [
        *({"signature": flaw} for flaw in SignatureFlaw),
        *({"request": flaw} for flaw in RequestFlaw),
        {"certificate": "revoked"},
        {"certificate": "other_person"},
    ],
    ids=lambda change: "-".join(change.values()),
)
def test_in_sampled_what_is_spoiled_is_real(spoiled):
    nothing = SignatureChoice(mode=SignatureMode.SAMPLED, share=0.0)
    good = [case(n, person="the same", arrives=f"{n} h") for n in (1, 2)]

    bad = case(3, person="the same", arrives="4 h", **spoiled)

    real, computed = signed(run(*good, bad, signatures=nothing))

    assert {"case-2/request", "case-2/result"} <= computed
    assert "case-3/rejected-request" in real


def test_in_sampled_what_is_changed_on_its_way_is_real():
    nothing = SignatureChoice(mode=SignatureMode.SAMPLED, share=0.0)
    tampering = Happening(do=Deed.TAMPER_IN_TRANSIT, step="P1")

    played = run(case(), happenings=[tampering], signatures=nothing)

    assert "case-1/request" in signed(played)[0]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_in_sampled_the_share_is_about_right(share):
    """Three documents each by one citizen; five standard deviations of a binomial count."""
    many = 40
    cases = [case(n, person="the same", arrives=f"{10 * n} min") for n in range(1, many + 1)]
    choice = SignatureChoice(mode=SignatureMode.SAMPLED, share=share)

    real, computed = signed(run(*cases, signatures=choice, world=world(steps=BRISK_STEPS)))

    requests = sum(name.endswith("/request") for name in real) - 1  # the first use
    assert len([name for name in real | computed if name.endswith("/request")]) == many
    assert abs(requests - share * (many - 1)) <= 5 * (share * (1 - share) * (many - 1)) ** 0.5


def test_the_sample_does_not_follow_from_the_order_of_the_cases():
    cases = [case(n, arrives=f"{n} min") for n in range(1, 9)]

    one, other = (signed(run(*order, signatures=SAMPLED)) for order in (cases, cases[::-1]))

    assert one == other


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(InputError, match="0 to 1"):
        SignatureChoice(mode=SignatureMode.SAMPLED, share=share)

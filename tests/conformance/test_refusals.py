"""A refusal because of a signature is held against what the judge finds: every row of the decision table."""

from dataclasses import replace

import pytest

from conformance.indications import Sub
from conformance.norms import Ground, RefusalGrounded
from conformance.saved_documents import open_documents
from tests.conformance.fragments import CONTEXT, SECOND, TITLE, answer, row
from tests.conformance.signed_world import (
    DAY,
    NOW,
    NOW_US,
    OTHER_IIN,
    SERVICE,
    World,
    canonical,
    issue,
    key_of,
    name_of,
    request_for,
    sign,
)

GROUNDS = (
    Ground(
        reason="SIGNATURE_INVALID", shown_by=(Sub.FORMAT_FAILURE, Sub.HASH_FAILURE, Sub.SIG_CRYPTO_FAILURE)
    ),
    Ground(reason="CERT_EXPIRED", shown_by=(Sub.EXPIRED,)),
    Ground(reason="CERT_REVOKED", shown_by=(Sub.REVOKED,)),
    Ground(reason="CERT_UNTRUSTED", shown_by=(Sub.NO_CERTIFICATE_CHAIN_FOUND, Sub.REVOKED_CA_NO_POE)),
    Ground(reason="IIN_MISMATCH", shown_by=(Sub.IDENTITY,)),
    Ground(reason="CHECK_UNAVAILABLE", shown_by=(Sub.TRY_LATER,)),
)
ENTRY = {
    "rule": "R",
    "clause": "S1/12(7)",
    "title": TITLE,
    "services": ("S1",),
    "path": "portal",
    "grounds": GROUNDS,
}
AT_PORTAL = RefusalGrounded(id="n", step="P4", document="rejected-request", received="P3", **ENTRY)
AT_PROVIDER = RefusalGrounded(id="n", step="P7", document="request", received="P5", **ENTRY)
REQUEST = canonical(request_for("c1"))
BEGAN, RECEIVED, DECIDED = NOW_US - 60 * SECOND, NOW_US - 5 * SECOND, NOW_US
NOW_AND_THEN = NOW.replace(microsecond=0)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


def reject(world, *, signer=None, document="rejected-request", octets=REQUEST, signature=None, bundle=None):
    """Save what was refused; by default it is in order."""
    folder = world.folder / "c1"
    (folder / f"{document}.json").write_bytes(octets)
    (folder / f"{document}.p7s").write_bytes(signature or sign(octets, signer or world.person, at_us=NOW_US))
    if bundle is not None:
        (folder / "trust.pem").write_bytes(bundle)


def refused(world, ground, *, came=(), stated=True, documents="c1", without=(), norm=AT_PORTAL, case=()):
    attributes = {"reason": ground} if stated else {}
    attributes |= {"documents": documents} if documents else {}
    rows = [
        row(
            "P3" if norm is AT_PORTAL else "P5", BEGAN, DECIDED, attributes=came or {"received_us": RECEIVED}
        ),
        row(norm.step, DECIDED, DECIDED + SECOND, outcome=ground, attributes=attributes),
        *case,
    ]
    rows = [r for r in rows if r.step not in without]
    store = None if world is None else open_documents(world.folder)
    given = answer(norm, *rows, context=replace(CONTEXT, documents=store, codes={"S1": SERVICE}))
    return given.reason.value if given.reason else given.verdict.value


# --- both directions


def test_a_valid_signature_that_was_refused(world):
    reject(world)
    for ground in ("SIGNATURE_INVALID", "CERT_EXPIRED", "CERT_REVOKED", "IIN_MISMATCH", "CHECK_UNAVAILABLE"):
        assert refused(world, ground) == "REFUSED_VALID", ground


def test_a_signature_refused_for_what_is_wrong_with_it(world):
    reject(world, octets=REQUEST + b" ", signature=sign(REQUEST, world.person, at_us=NOW_US))
    assert refused(world, "SIGNATURE_INVALID") == "pass"
    reject(world, signature=b"garbage")
    assert refused(world, "SIGNATURE_INVALID") == "pass"
    stranger = issue(name_of("TEST", serial="IIN850704200017"), key_of(40), serial=9)
    reject(world, signer=stranger)
    assert refused(world, "CERT_UNTRUSTED") == "pass"
    reject(world, signer=world.citizen(iin=OTHER_IIN))
    assert refused(world, "IIN_MISMATCH") == "pass"


def test_rightly_refused_for_another_reason_than_the_one_found(world):
    reject(world, signature=b"garbage")
    assert refused(world, "CERT_EXPIRED") == "WRONG_GROUND"
    reject(world, signer=world.citizen(end=NOW - DAY))
    assert refused(world, "SIGNATURE_INVALID") == "WRONG_GROUND"


# --- at which moment


def test_the_term_counts_at_the_receipt_and_not_at_the_decision(world):
    ends = NOW_AND_THEN.timestamp() - 3  # between the receipt and the decision
    reject(world, signer=world.citizen(end=NOW_AND_THEN.fromtimestamp(ends, NOW.tzinfo)))
    assert refused(world, "CERT_EXPIRED") == "REFUSED_VALID"
    assert refused(world, "CERT_EXPIRED", came={"received_us": NOW_US - SECOND}) == "pass"
    # Whether it was revoked by the decision, nobody looks up of what has ended.
    assert refused(world, "CERT_REVOKED") == "INDETERMINATE_SIGNATURE"


def test_what_is_revoked_by_the_decision_may_be_refused(world):
    reject(world, bundle=world.bundle([(100, NOW - DAY / 86_400)]))  # one second before
    assert refused(world, "CERT_REVOKED") == "pass"
    assert refused(world, "CERT_EXPIRED") == "WRONG_GROUND"
    reject(world, bundle=world.bundle([(100, NOW + DAY / 86_400)]))
    assert refused(world, "CERT_REVOKED") == "REFUSED_VALID"


def test_without_the_moment_of_receipt_the_whole_step_counts(world):
    ends = NOW_AND_THEN.fromtimestamp(NOW.timestamp() - 30, NOW.tzinfo)
    reject(world, signer=world.citizen(end=ends))
    assert refused(world, "CERT_EXPIRED", came={"x": 1}) == "RESOLUTION"
    assert refused(world, "CERT_EXPIRED") == "pass"
    # A moment outside the step is not believed.
    assert refused(world, "CERT_EXPIRED", came={"received_us": DECIDED + 9 * SECOND}) == "RESOLUTION"
    assert refused(world, "CERT_EXPIRED", came={"received_us": True}) == "RESOLUTION"
    reject(world)
    assert refused(world, "CERT_EXPIRED", came={"x": 1}) == "REFUSED_VALID"


# --- what nobody can tell is never held against anybody


def test_what_is_not_settled_stays_open(world):
    old = world.bundle(end=world.person.certificate.not_valid_before_utc)
    reject(world, bundle=old)
    assert refused(world, "SIGNATURE_INVALID") == "INDETERMINATE_SIGNATURE"
    assert refused(world, "CHECK_UNAVAILABLE") == "INDETERMINATE_SIGNATURE"
    (world.folder / "c1" / "rejected-request.p7s").unlink()
    assert refused(world, "SIGNATURE_INVALID") == "NO_DATA"
    (world.folder / "c1" / "rejected-request.computed").write_bytes(b"")
    assert refused(world, "SIGNATURE_INVALID") == "SIGNATURE_NOT_COMPUTED"


def test_what_the_log_does_not_tell_stays_open(world):
    reject(world)
    assert refused(None, "SIGNATURE_INVALID") == "NO_DATA"
    assert refused(world, "SIGNATURE_INVALID", stated=False) == "NO_DATA"
    assert refused(world, "SIGNATURE_INVALID", documents=None) == "NO_DATA"
    assert refused(world, "SIGNATURE_INVALID", without=("P3",)) == "MISSING_START"
    assert refused(world, "SIGNATURE_INVALID", case=[row("P3", BEGAN, DECIDED)]) == "MISSING_START"
    assert refused(world, "SIGNATURE_INVALID", documents="../c1") == "BAD_INPUT"
    assert refused(world, "SIGNATURE_INVALID", without=("P4",)) == "OPEN"


def test_other_reasons_are_no_matter_of_the_signature(world):
    reject(world, signature=b"garbage")
    assert refused(world, "REPLAY") == "OUT_OF_SCOPE"
    assert refused(None, "TOO_LARGE") == "OUT_OF_SCOPE"


# --- at the provider


def test_the_provider_is_judged_by_what_arrived(world):
    options = {"norm": AT_PROVIDER, "came": {"gateway_message": "m"}}
    assert refused(world, "SIGNATURE_INVALID", **options) == "REFUSED_VALID"
    changed = canonical(request_for("c1", form={"address": "elsewhere"}))
    sent = (world.folder / "c1" / "request.p7s").read_bytes()
    reject(world, document="arrived-request", octets=changed, signature=sent)
    assert refused(world, "SIGNATURE_INVALID", **options) == "pass"
    assert refused(world, "CERT_REVOKED", **options) == "WRONG_GROUND"

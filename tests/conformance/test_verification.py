"""A third party's view of a whole folder: documents, message logs, and how they tie together."""

import hashlib
import shutil

import pytest

from conformance.errors import InputError
from conformance.saved_documents import open_documents
from conformance.verdicts import Verdict
from conformance.verification_results import exit_code_of
from tests.conformance.signed_world import (
    BIN,
    DAY_US,
    GATEWAY_BIN,
    IIN,
    NOW,
    NOW_US,
    OTHER_IIN,
    World,
    accepted,
    canonical,
    delivered,
    issue,
    key_of,
    log_of,
    name_of,
    request_for,
    result_for,
    sign,
)
from tests.conformance.verified_folders import carry_refusal, code, refuse, told, verified


@pytest.fixture
def world(tmp_path):
    """A folder that verifies: one case of the portal, whose two documents passed the gateway."""
    world = World(tmp_path / "documents")
    world.carry("c1")
    return world


# --- in order


def test_a_folder_in_order_verifies(world):
    found = verified(world)
    assert told(world) == {}
    assert (exit_code_of(found), found.verdict, found.cases) == (0, Verdict.PASS, 1)
    assert (found.anchor, found.gateway) == ("saved", GATEWAY_BIN)
    assert {(d.document, d.moment_from, d.moment_us) for d in found.documents} == {
        ("request", "receipt", NOW_US + 1_000_000),
        ("result", "receipt", NOW_US + 3_000_000),
    }
    assert [(log.name, log.entries, log.messages, log.delivered) for log in found.logs] == [("play", 5, 2, 2)]


def test_two_readings_are_equal(world):
    assert verified(world) == verified(world)


def test_a_refusal_verifies_too(world):
    refuse(world)
    assert told(world) == {}


def test_from_the_desk_nothing_passes_the_gateway(world):
    world.save("desk", signer=world.organisation)
    assert told(world) == {}
    moments = {d.moment_from for d in verified(world).documents if d.folder == "desk"}
    assert moments == {"signer"}


def query(world, case="c1", name="query-1", **changes):
    """Save a query to the registry, and a message log that carried it with the case's documents."""
    octets = canonical({"typ": "egov.query.v1", "iin": IIN, "nonce": "ab" * 16} | changes)
    (world.folder / case / f"{name}.json").write_bytes(octets)
    sent = accepted("gw-q", octets, "workstation", "registry", channel="sync")
    world.save_log(log_of([*world.events("c1"), (NOW_US + DAY_US, sent)], world.gateway))
    return octets


def test_a_query_to_the_registry_is_vouched_for_by_its_receipt(world):
    query(world)
    assert told(world) == {}
    assert {d.document for d in verified(world).documents} == {"query-1", "request", "result"}
    (world.folder / "c1" / "query-1.json").write_bytes(canonical({"typ": "egov.query.v1", "iin": IIN}))
    assert told(world) == {
        "c1/query-1": "MISSING_CONTENT: its message is in no log of the gateway",
        "log play": "MISMATCH: messages that carry what is not among the saved documents: 1",
    }


def test_a_query_of_another_type_or_in_two_cases_is_found(world):
    query(world, typ="egov.request.v1")
    assert told(world) == {"c1/query-1": "INVALID_SIGNATURE: content: the document is no query"}
    octets = query(world)
    (world.folder / "c2").mkdir()
    (world.folder / "c2" / "query-1.json").write_bytes(octets)
    assert told(world) == {"c2/query-1": "NOT_UNIQUE: the same query lies in another case"}


def test_a_query_without_a_proved_receipt_is_not_shown(world):
    query(world)
    shutil.rmtree(world.folder / "messages")
    assert told(world)["c1/query-1"] == "NO_DATA: no message log of the gateway is saved"
    octets = (world.folder / "c1" / "query-1.json").read_bytes()
    sent = [(NOW_US, accepted("gw-q", octets, "workstation", "registry", channel="sync"))]
    world.save_log(log_of(sent, world.gateway, signed=False))
    assert told(world)["c1/query-1"] == (
        "INDETERMINATE_SIGNATURE: the gateway's receipt for it is not proved"
    )


def test_a_message_on_another_way_is_not_tied(world):
    answer = accepted("gw-a", b"answer", "registry", "workstation")
    events = [*world.events("c1"), (NOW_US + DAY_US, answer), (NOW_US + DAY_US, delivered("gw-a"))]
    world.save_log(log_of(events, world.gateway))
    assert told(world) == {}


def test_cases_may_lie_deeper(world):
    for case in ("S1", "S1/deep", "S1/deep/c2"):
        world.save(case)
    world.carry("c1", "S1", "S1/deep", "S1/deep/c2")
    assert told(world) == {}
    assert verified(world).cases == 4


# --- the anchor


def test_a_given_root_replaces_the_one_of_the_folder(world, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.pem)
    found = verified(world, root)
    assert (found.anchor, exit_code_of(found)) == ("given", 0)
    stranger = issue(name_of("TEST root"), key_of(91), serial=1, ca=True)
    root.write_bytes(stranger.pem)
    found = verified(world, root)
    assert exit_code_of(found) == 1
    assert {d.detail for d in found.documents} == {"issuer: not trusted"}
    assert "issuer: not trusted" in found.logs[0].detail
    (world.folder / "trust" / "root.pem").write_bytes(stranger.pem)
    root.write_bytes(world.root.pem)
    assert exit_code_of(verified(world, root)) == 0


@pytest.mark.parametrize("octets", [b"", b"garbage", b"x" * 100_000])
def test_a_root_that_is_none_is_told(world, tmp_path, octets):
    root = tmp_path / "root.pem"
    root.write_bytes(octets)
    with pytest.raises(InputError, match="expected one self-signed certificate"):
        open_documents(world.folder, root)
    with pytest.raises(InputError, match="no such file"):
        open_documents(world.folder, tmp_path / "absent.pem")


# --- documents


def test_one_changed_octet_of_a_document_is_found(world):
    file = world.folder / "c1" / "request.json"
    file.write_bytes(file.read_bytes().replace(b"c1", b"c2"))
    found = told(world)
    assert found["c1/request"] == "INVALID_SIGNATURE: digest: the document was changed after signing"
    assert found["c1/result"] == "INVALID_SIGNATURE: identity: the result answers another request"
    assert found["log play"] == "MISMATCH: messages that carry what is not among the saved documents: 1"
    assert code(world) == 1


def test_a_document_is_judged_at_the_moment_of_its_receipt(world):
    """Who signs after the revocation and puts an earlier moment in, is found by the gateway's receipt."""
    messages = world.folder / "messages"
    (world.folder / "c1" / "trust.pem").write_bytes(world.bundle([(100, NOW)]))
    assert told(world)["c1/request"] == "INVALID_SIGNATURE: revoked"
    shutil.rmtree(messages)
    backdated = sign((world.folder / "c1" / "request.json").read_bytes(), world.person, at_us=NOW_US - DAY_US)
    (world.folder / "c1" / "request.p7s").write_bytes(backdated)
    assert told(world)["c1/request"] == "NO_DATA: no message log of the gateway is saved"
    assert code(world) == 3


def test_a_signature_later_than_its_receipt_is_refused(world):
    octets = (world.folder / "c1" / "request.json").read_bytes()
    for late_us, verdict in ((60_000_000, {}), (62_000_000, {"c1/request"})):
        late = sign(octets, world.person, at_us=NOW_US + 1_000_000 + late_us)
        (world.folder / "c1" / "request.p7s").write_bytes(late)
        assert told(world).keys() == set(verdict), late_us
    assert "time: signed after the gateway had it" in told(world)["c1/request"]


def test_without_any_moment_nothing_is_decided(world):
    world.save("desk", signer=world.organisation)
    octets = (world.folder / "desk" / "request.json").read_bytes()
    (world.folder / "desk" / "request.p7s").write_bytes(sign(octets, world.organisation))
    assert told(world) == {
        "desk/request": "INDETERMINATE_SIGNATURE: nothing says when it was signed",
    }


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("request.p7s", {"c1/request": "MISSING_CONTENT: request.p7s is not among the saved documents"}),
        ("result.p7s", {"c1/result": "MISSING_CONTENT: result.p7s is not among the saved documents"}),
        ("trust.pem", {"c1/request": "INDETERMINATE_SIGNATURE: no readable trust: trust.pem"}),
    ],
)
def test_a_missing_file_is_found(world, name, found):
    (world.folder / "c1" / name).unlink()
    assert told(world).items() >= found.items()
    assert code(world) == (3 if name == "trust.pem" else 1)


def test_a_request_without_an_answer_is_not_shown(world):
    for name in ("result.json", "result.p7s"):
        (world.folder / "c1" / name).unlink()
    assert told(world)["c1/answer"] == "NO_DATA: neither a result nor a refusal is saved"


def test_an_answer_without_a_request_is_found(world):
    for name in ("request.json", "request.p7s"):
        (world.folder / "c1" / name).unlink()
    assert told(world)["c1/result"].startswith("MISSING_CONTENT: request.json")
    assert code(world) == 1


def test_granted_and_refused_is_found(world):
    result = {name: (world.folder / "c1" / name).read_bytes() for name in ("result.json", "result.p7s")}
    refuse(world)
    for name, octets in result.items():
        (world.folder / "c1" / name).write_bytes(octets)
    assert told(world)["c1/answer"] == "REPEATED: granted and refused as well"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"outcome": "issued"}, "INVALID_SIGNATURE: content: the document is no refusal"),
        ({"reason": None}, "INVALID_SIGNATURE: content: a refusal without a reason"),
        ({"typ": "egov.request.v1"}, "INVALID_SIGNATURE: content: the document is no refusal"),
        ({"svc": "clinic-attachment"}, "INVALID_SIGNATURE: identity: another service was asked for"),
        (
            {"req_sha256": "ab" * 32},
            "NO_DATA: refuses other octets than were sent; what arrived is not saved",
        ),
        ({"req_sha256": "ab" * 32, "req": "c9"}, "INVALID_SIGNATURE: identity: the result answers another"),
    ],
)
def test_refusals_that_are_not_the_cases_own(world, changes, found):
    refuse(world, **changes)
    assert told(world)["c1/refusal"].startswith(found)


def test_a_refusal_may_be_of_what_arrived_changed(world):
    folder = world.folder / "c1"
    sent, signature = ((folder / f"request.{suffix}").read_bytes() for suffix in ("json", "p7s"))
    arrived = sent.replace(BIN.encode(), OTHER_IIN.encode())
    refuse(world, req_sha256=hashlib.sha256(arrived).hexdigest(), reason="SIGNATURE_INVALID")
    (folder / "arrived-request.json").write_bytes(arrived)
    (folder / "arrived-request.p7s").write_bytes(signature)
    assert told(world) == {}
    assert [(d.document, d.verdict) for d in verified(world).uncounted] == [("arrived-request", Verdict.FAIL)]
    # Who refuses a request that verifies has refused another one than was sent, not a damaged one.
    (folder / "arrived-request.p7s").write_bytes(sign(arrived, world.person, at_us=NOW_US))
    assert told(world)["c1/refusal"].startswith("INVALID_SIGNATURE: identity: the result answers another")
    (folder / "arrived-request.json").write_bytes(sent + b" ")
    assert "neither what was sent nor what arrived" in told(world)["c1/refusal"]


def test_a_provider_that_was_not_asked_may_say_just_that(world):
    asked = canonical(request_for("c1", prov="130151000029"))
    world.save("c1", request=asked)
    refuse(world, reason="PROVIDER_MISMATCH")
    assert told(world) == {}
    refuse_again = result_for(hashlib.sha256(asked).hexdigest(), outcome="refused", reason="NO_SLOT")
    octets = canonical(refuse_again)
    (world.folder / "c1" / "refusal.json").write_bytes(octets)
    (world.folder / "c1" / "refusal.p7s").write_bytes(sign(octets, world.organisation, at_us=NOW_US))
    carry_refusal(world, "c1")
    assert told(world) == {"c1/refusal": "INVALID_SIGNATURE: identity: another provider was asked"}


def test_a_refusal_put_in_as_a_result_is_found(world):
    refuse(world)
    folder = world.folder / "c1"
    for suffix in ("json", "p7s"):
        (folder / f"refusal.{suffix}").rename(folder / f"result.{suffix}")
    assert told(world)["c1/result"] == "INVALID_SIGNATURE: content: the document is no result"


def test_a_result_of_another_provider_is_found(world):
    other = issue(name_of("TEST employee", unit="BIN130151000029"), key_of(15), world.issuing, serial=201)
    world.save("c1", result_signer=other)
    assert told(world)["c1/result"].startswith("INVALID_SIGNATURE: identity: the BIN")


def test_another_persons_request_is_found(world):
    world.save("c1", signer=world.citizen(OTHER_IIN))
    assert told(world)["c1/request"].startswith("INVALID_SIGNATURE: identity: the IIN")


def test_one_document_speaks_for_one_case(world):
    shutil.copytree(world.folder / "c1", world.folder / "c2")
    assert told(world) == {
        "c2/request": "NOT_UNIQUE: the same document lies in c1",
        "c2/result": "NOT_UNIQUE: the same document lies in c1",
    }
    assert code(world) == 1


# --- requests that the portal turned away


def test_a_rejected_request_counts_for_nothing(world):
    folder = world.folder / "turned-away"
    folder.mkdir()
    octets = canonical(request_for("turned-away"))
    (folder / "rejected-request.json").write_bytes(octets)
    (folder / "trust.pem").write_bytes(world.bundle())
    for signer in (world.person, world.citizen(OTHER_IIN)):
        (folder / "rejected-request.p7s").write_bytes(sign(octets, signer, at_us=NOW_US))
        found = verified(world)
        assert [d.verdict is Verdict.PASS for d in found.uncounted] == [signer is world.person]
        assert exit_code_of(found) == 0
    events = [*world.events("c1"), (NOW_US + DAY_US, accepted("gw-x", octets))]
    world.save_log(log_of([*events, (NOW_US + DAY_US, delivered("gw-x"))], world.gateway))
    assert told(world) == {
        "log play": "MISMATCH: messages that carry what is not among the saved documents: 1"
    }


# --- signatures that nobody computed


def test_a_signature_that_was_not_computed_is_not_shown(world):
    (world.folder / "c1" / "request.p7s").unlink()
    (world.folder / "c1" / "request.computed").touch()
    assert told(world) == {"c1/request": "SIGNATURE_NOT_COMPUTED: no signature was computed"}
    assert code(world) == 3
    (world.folder / "c1" / "request.computed").write_bytes(b"x")
    assert told(world)["c1/request"].startswith("MISSING_CONTENT")


def test_a_marker_beside_a_signature_changes_nothing(world):
    (world.folder / "c1" / "request.computed").touch()
    assert told(world) == {}
    octets = (world.folder / "c1" / "request.p7s").read_bytes()
    (world.folder / "c1" / "request.p7s").write_bytes(octets[:-1])
    assert told(world)["c1/request"].startswith("INVALID_SIGNATURE")


def test_whether_an_answer_had_to_pass_the_gateway_may_be_unknown(world):
    (world.folder / "c1" / "request.p7s").unlink()
    (world.folder / "c1" / "request.computed").touch()
    world.carry()
    found = told(world)
    assert found["c1/result"] == "NO_DATA: nobody can tell whether it had to pass the gateway"

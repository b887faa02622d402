"""What the message logs of a folder say of its documents, and who may have written them."""

import pytest
from cryptography.x509.oid import ObjectIdentifier

from tests.conformance.signed_world import (
    BIN,
    DAY_US,
    IIN,
    NOW_US,
    SIGNING,
    SYSTEM,
    World,
    accepted,
    canonical,
    delivered,
    issue,
    key_of,
    log_of,
    name_of,
    request_for,
)
from tests.conformance.verified_folders import code, refuse, told, verified


@pytest.fixture
def world(tmp_path):
    """A folder that verifies: one case of the portal, whose two documents passed the gateway."""
    world = World(tmp_path / "documents")
    world.carry("c1")
    return world


def test_a_document_that_never_passed_the_gateway_is_found(world):
    world.save("c2")
    assert told(world) == {
        "c2/request": "MISSING_CONTENT: its message is in no log of the gateway",
        "c2/result": "MISSING_CONTENT: its message is in no log of the gateway",
    }
    world.save_log(log_of(world.events("c1"), world.gateway, closed=False))
    assert told(world)["c2/request"] == "NO_DATA: its message is not in the logs, as far as they can be read"


def test_several_logs_are_read_together(world):
    world.save("c2")
    world.carry("c2", name="second")
    assert told(world) == {}
    assert [log.name for log in verified(world).logs] == ["play", "second"]


def test_a_message_the_wrong_way_carries_nothing_saved(world):
    request = (world.folder / "c1" / "request.json").read_bytes()
    events = [
        (NOW_US, accepted("gw-1", request, "workstation", "portal")),
        (NOW_US + 1, delivered("gw-1")),
    ]
    world.save_log(log_of(events, world.gateway))
    assert told(world)["log play"] == "MISMATCH: messages that carry what is not among the saved documents: 1"
    assert told(world)["c1/request"].startswith("MISSING_CONTENT")


def test_unsigned_receipts_prove_nothing(world):
    world.carry("c1", signed=False)
    found = told(world)
    assert found["log play"].startswith("SIGNATURE_NOT_COMPUTED: line 1")
    assert found["c1/request"] == "INDETERMINATE_SIGNATURE: the gateway's receipt for it is not proved"
    assert {d.moment_from for d in verified(world).documents} == {"signer"}
    assert code(world) == 3


def test_of_several_receipts_the_earliest_proved_one_counts(world):
    octets = (world.folder / "c1" / "request.json").read_bytes()
    again = [(NOW_US + DAY_US, accepted("gw-again", octets)), (NOW_US + DAY_US, delivered("gw-again"))]
    world.save_log(log_of([*world.events("c1"), *again], world.gateway))
    assert told(world) == {}
    assert {d.moment_us for d in verified(world).documents if d.document == "request"} == {NOW_US + 1_000_000}


@pytest.mark.parametrize("octets", [None, b"", b"{}", b'{"bin":1}', b'{"bin":"12"}', b"[]"])
def test_a_gateway_that_nobody_names_proves_nothing(world, octets):
    file = world.folder / "messages" / "gateway.json"
    file.unlink() if octets is None else file.write_bytes(octets)
    assert verified(world).gateway is None
    assert code(world) != 0


def test_another_gateway_than_the_named_one_is_found(world):
    (world.folder / "messages" / "gateway.json").write_bytes(canonical({"bin": BIN}))
    assert told(world)["log play"].startswith("INVALID_SIGNATURE: line 1: identity: the BIN")


def test_without_a_bundle_the_receipts_are_not_proved(world):
    (world.folder / "messages" / "play.pem").unlink()
    assert told(world)["log play"] == "INDETERMINATE_SIGNATURE: line 1: no readable trust: play.pem"
    assert code(world) == 3


@pytest.mark.parametrize("names", [("copy", "play"), ("play", "copy")])
def test_a_copied_log_is_found(world, names):
    messages = world.folder / "messages"
    for suffix in ("jsonl", "pem"):
        octets = (messages / f"play.{suffix}").read_bytes()
        (messages / f"play.{suffix}").unlink()
        for name in names:
            (messages / f"{name}.{suffix}").write_bytes(octets)
    assert told(world) == {"log play": "NOT_UNIQUE: line 1: a message that another log holds"}
    assert code(world) == 1


def test_the_same_number_for_another_message_is_no_copy(world):
    octets = canonical(request_for("c2"))
    world.save("c2", request=octets)
    first, second = ((world.folder / "c2" / f"{n}.json").read_bytes() for n in ("request", "result"))
    events = [
        (NOW_US, accepted("gw-c1-request", first)),
        (NOW_US, delivered("gw-c1-request")),
        (NOW_US, accepted("gw-c1-result", second, "workstation", "portal")),
        (NOW_US, delivered("gw-c1-result")),
    ]
    world.save_log(log_of(events, world.gateway), "second")
    assert told(world) == {}


@pytest.mark.parametrize(
    "bin_", [IIN, "131340000013", "130040000013", "120230000013", "121270000013", "12124000001x"]
)
def test_a_gateway_with_a_number_that_is_no_bin_is_bad(world, bin_):
    (world.folder / "messages" / "gateway.json").write_bytes(canonical({"bin": bin_}))
    assert (
        told(world)["log play"] == "INVALID_SIGNATURE: gateway.json: format: not the BIN of an organisation"
    )
    assert verified(world).gateway is None
    assert bin_ not in repr(verified(world))
    assert code(world) == 1


@pytest.mark.parametrize("role", [SYSTEM, ObjectIdentifier("1.2.398.3.3.4.1.2.5")])
def test_answers_of_those_who_may_not_sign_are_found(world, role):
    unit = name_of("TEST employee", unit=f"BIN{BIN}")
    employee = issue(unit, key_of(15), world.issuing, serial=201, extended=[SIGNING, role])
    world.save("c1", result_signer=employee)
    words = "INVALID_SIGNATURE: usage: the signer has no right to sign for the organisation"
    assert told(world) == {"c1/result": words}
    refuse(world, signer=employee)
    assert told(world) == {"c1/refusal": words}

"""The whole sweep through the judge: every bit of a signed document and of a message log; none passes."""

import io

import pytest

from conformance.evidence import Saved, verify_document
from conformance.message_log import Gateway, read_message_log
from conformance.regulation import Signer
from conformance.saved_documents import open_documents
from conformance.saved_trust import trust_of
from conformance.signed_data import Unacceptable, read_signature, verify_signature
from tests.conformance.signed_world import (
    GATEWAY_BIN,
    NOW_US,
    SERVICE,
    World,
    accepted,
    delivered,
    log_of,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world") / "documents")
    world.carry("c1")
    return world


def flipped(octets):
    """Yield each place with the octets in which one bit there is turned over."""
    for place in range(8 * len(octets)):
        changed = bytearray(octets)
        changed[place // 8] ^= 1 << place % 8
        yield place, bytes(changed)


def verifies(signature, document):
    try:
        verify_signature(read_signature(signature), document)
    except Unacceptable:
        return False
    return True


@pytest.mark.parametrize("name", ["request", "result"])
def test_every_bit_of_a_signature_and_of_its_document(world, record_property, name):
    document = (world.folder / "c1" / f"{name}.json").read_bytes()
    signature = (world.folder / "c1" / f"{name}.p7s").read_bytes()
    assert verifies(signature, document)
    found = [place for place, changed in flipped(signature) if verifies(changed, document)]
    found += [place for place, changed in flipped(document) if verifies(signature, changed)]
    tried = 8 * (len(signature) + len(document))
    record_property("heard", f"{tried} bits of a saved {name} flipped: {len(found)} accepted by the judge")
    assert found == []


def test_every_octet_of_a_saved_signature_through_the_store(world):
    file = world.folder / "c1" / "request.p7s"
    whole = file.read_bytes()
    saved = Saved("c1", "request", Signer.CONSUMER, SERVICE)
    try:
        for place in range(len(whole)):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :])
            assert verify_document(open_documents(world.folder), saved, [NOW_US]).verdict != "pass", place
    finally:
        file.write_bytes(whole)
    assert verify_document(open_documents(world.folder), saved, [NOW_US]).verdict == "pass"


def test_every_bit_of_a_message_log(world, record_property):
    gateway = Gateway(GATEWAY_BIN, trust_of(open_documents(world.folder), "messages", "play.pem"))
    octets = b"".join(
        log_of([(NOW_US, accepted("gw-a", b"one")), (NOW_US + 5, delivered("gw-a"))], world.gateway)
    )

    def passes(log):
        return read_message_log(io.BytesIO(log), gateway, lambda _: None).answer.verdict == "pass"

    assert passes(octets)
    found = [place for place, changed in flipped(octets) if passes(changed)]
    record_property(
        "heard", f"{8 * len(octets)} bits of a message log flipped: {len(found)} accepted by the judge"
    )
    assert found == []

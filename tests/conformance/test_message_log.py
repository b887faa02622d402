"""The judge reads a gateway's message log by its own way: what was changed, cut or put in never passes."""

import base64
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.authority import Authority
from actors.cades import sign_detached
from actors.message_log import Channel, MessageLog, RoutingHeader
from conformance.message_log import MAX_LINE, Gateway, read_message_log
from conformance.saved_documents import open_documents
from conformance.saved_trust import trust_of
from tests.conformance.signed_world import (
    BIN,
    DAY_US,
    GATEWAY_BIN,
    NOW,
    NOW_US,
    SERVICE,
    World,
    accepted,
    canonical,
    delivered,
    issue,
    key_of,
    line_of,
    log_of,
    name_of,
)

EVENTS = (
    (NOW_US, accepted("gw-a", b"one")),
    (NOW_US + 5, accepted("gw-b", b"two", "workstation", "portal")),
    (NOW_US + 5, delivered("gw-b")),
    (NOW_US + 9, delivered("gw-a")),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world") / "documents")
    world.carry("c1")
    return world


@pytest.fixture(scope="module")
def gateway(world):
    return Gateway(GATEWAY_BIN, trust_of(open_documents(world.folder), "messages", "play.pem"))


@pytest.fixture(scope="module")
def lines(world):
    return log_of(EVENTS, world.gateway)


def read(octets, gateway):
    heard = []
    reading = read_message_log(io.BytesIO(octets), gateway, heard.append)
    return reading, heard


def found(lines, gateway):
    answer = read(b"".join(lines), gateway)[0].answer
    return f"{answer.reason}: {answer.detail}" if answer.reason else "pass"


def test_a_log_in_order_passes_and_is_counted(lines, gateway):
    reading, heard = read(b"".join(lines), gateway)
    assert reading.answer.verdict == "pass"
    assert (reading.entries, reading.messages, reading.delivered, reading.computed) == (5, 2, 2, 0)
    assert [(r.sender, r.receiver, r.accepted_us, r.proved) for r in heard] == [
        ("portal", "workstation", NOW_US, True),
        ("workstation", "portal", NOW_US + 5, True),
    ]


def test_a_closed_log_without_messages_passes(world, gateway):
    assert found(log_of((), world.gateway), gateway) == "pass"


@pytest.mark.parametrize("kept", range(5))
def test_a_log_that_was_cut_off_is_not_shown(lines, gateway, kept):
    assert found(lines[:kept], gateway).startswith("MISSING_END: no closing entry")


def test_a_line_that_was_cut_off_is_not_shown(lines, gateway):
    assert found([*lines[:2], lines[2][:-1]], gateway) == "MISSING_END: line 3: cut off"


@pytest.mark.parametrize("gone", range(4))
def test_a_line_that_was_left_out_breaks_the_chain(lines, gateway, gone):
    assert found(lines[:gone] + lines[gone + 1 :], gateway).startswith(f"BAD_ORDER: line {gone + 1}: ")


def test_a_line_twice_or_swapped_or_after_the_end_breaks_the_chain(lines, gateway):
    assert "BAD_ORDER" in found([lines[0], *lines], gateway)
    assert "BAD_ORDER" in found([lines[1], lines[0], *lines[2:]], gateway)
    assert "an entry after the closing one" in found([*lines, lines[0]], gateway)


def test_a_rewritten_entry_breaks_the_chain(lines, gateway):
    entry = json.loads(lines[2])["entry"] | {"msg": "gw-a"}
    told = found([*lines[:2], line_of(entry), *lines[3:]], gateway)
    assert told == "MISMATCH: line 4: the entry before this one is not the one that was there"
    entry = json.loads(lines[0])["entry"] | {"at": NOW_US - 1}
    assert "digest: " in found([swapped(lines[0], entry=entry), *lines[1:]], gateway)


def swapped(line, **changes):
    return canonical(json.loads(line) | changes) + b"\n"


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([EVENTS[0], EVENTS[0]], "NOT_UNIQUE: line 2: an identifier that another message has"),
        ([EVENTS[2]], "REPEATED: line 1: a delivery of what is not under way"),
        ([*EVENTS, (NOW_US + 10, delivered("gw-a"))], "REPEATED: line 5"),
        ([EVENTS[1], EVENTS[0]], "BAD_ORDER: line 2: earlier than the entry before it"),
        ([EVENTS[0]], "MISSING_STEP: 1 sent but never delivered, the first in line 1"),
        ([(NOW_US, EVENTS[0][1] | {"sha256": "AB" * 32})], "format: sha256"),
        ([(NOW_US, EVENTS[0][1] | {"channel": "post"})], "format: channel"),
        ([(NOW_US, EVENTS[0][1] | {"from": "порта́л"})], "format: from"),
        ([(NOW_US, EVENTS[0][1] | {"msg": "x" * 129})], "format: msg"),
        ([(NOW_US, EVENTS[0][1] | {"extra": 1})], "format: not an entry"),
        ([(NOW_US, EVENTS[0][1] | {"typ": "egov.request.v1"})], "format: not an entry"),
        ([(0, EVENTS[0][1])], "format: at"),
        ([(2**53, EVENTS[0][1])], "format: at"),
    ],
)
def test_entries_that_cannot_stand_there(world, gateway, events, told):
    assert told in found(log_of(events, world.gateway, closed=told.startswith("MISSING_STEP")), gateway)


def test_a_call_may_stay_unanswered(world, gateway):
    call = accepted("gw-q", b"query", "workstation", "registry", channel="sync")
    assert found(log_of([(NOW_US, call)], world.gateway), gateway) == "pass"
    assert found(log_of([(NOW_US, call), EVENTS[1]], world.gateway), gateway) == (
        "MISSING_STEP: 1 sent but never delivered, the first in line 2"
    )


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"\n",
        b"[]\n",
        b"[" * 5000 + b"\n",
        b'{"entry":{},"signature":null}\n',
        b'{"entry":{"kind":[]},"signature":null}\n',
        b'{"entry":null,"signature":null}\n',
        b'{"entry":{"at":' + b"9" * 5000 + b'},"signature":null}\n',
        b'{"entry":{"kind":"\\ud800"},"signature":null}\n',
        b"\xff\n",
        b"x" * (MAX_LINE + 9) + b"\n",
        b"x" * (MAX_LINE + 9),
    ],
)
def test_what_is_no_line_is_refused(gateway, line):
    assert found([line], gateway).startswith("INVALID_SIGNATURE: line 1: format: ")


def test_another_way_to_write_a_line_is_refused(lines, gateway):
    spaced = json.dumps(json.loads(lines[0])).encode() + b"\n"
    assert "not the one form" in found([spaced, *lines[1:]], gateway)
    assert "not the one form" in found([lines[0][:-1] + b"\r\n", *lines[1:]], gateway)
    assert found([b"\xef\xbb\xbf" + lines[0], *lines[1:]], gateway) != "pass"


# --- the gateway's signature


def test_a_receipt_that_nobody_signed_is_not_shown(world, gateway):
    reading, heard = read(b"".join(log_of(EVENTS, world.gateway, signed=False)), gateway)
    assert str(reading.answer.reason) == "SIGNATURE_NOT_COMPUTED"
    assert reading.computed == 3
    assert not any(receipt.proved for receipt in heard)


def test_a_delivery_bears_no_signature(world, lines, gateway):
    entry = json.loads(lines[2])["entry"]
    assert "a signature where none belongs" in found([*lines[:2], line_of(entry, world.gateway)], gateway)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": f"BIN{BIN}"}, "identity: the BIN"),
        ({"extended": False}, "usage: not a certificate of an information system"),
        ({"self_signed": True}, "issuer: not trusted"),
    ],
)
def test_only_the_gateway_signs_receipts(world, gateway, changes, told):
    subject = name_of("TEST gateway", unit=changes.get("unit", f"BIN{GATEWAY_BIN}"))
    usual = world.gateway.certificate.extensions.get_extension_for_oid(
        world.gateway.certificate.extensions[2].oid
    )
    extended = list(usual.value)[:1] if "extended" in changes else list(usual.value)
    issuer = None if "self_signed" in changes else world.issuing
    other = issue(subject, key_of(17), issuer, serial=301, extended=extended)
    assert told in found(log_of(EVENTS, other), gateway)


def test_a_receipt_signed_long_after_its_moment_is_refused(world, gateway):
    entry = json.loads(log_of(EVENTS, world.gateway)[0])["entry"]
    late = line_of(entry, world.gateway, at_us=NOW_US + 61_000_000)
    assert "time: signed after" in found([late], gateway)


def test_without_trust_the_receipts_are_not_shown(lines):
    told = found(lines, Gateway(GATEWAY_BIN, None, "no readable trust: play.pem"))
    assert told == "INDETERMINATE_SIGNATURE: line 1: no readable trust: play.pem"


def test_a_revoked_gateway_is_refused(tmp_path):
    world = World(tmp_path / "documents")
    messages = world.carry("c1")
    (messages / "play.pem").write_bytes(world.bundle([(300, NOW)]))
    gateway = Gateway(GATEWAY_BIN, trust_of(open_documents(world.folder), "messages", "play.pem"))
    told = found([(messages / "play.jsonl").read_bytes()], gateway)
    assert told == "INVALID_SIGNATURE: line 1: revoked"


# --- nothing changed passes


def test_spare_bits_of_base64_are_refused(lines, gateway):
    line = next(line for line in (lines[0], lines[1], lines[-1]) if b'="' in line)
    place = line.index(b'="') - 1 - line.count(b'=="')
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = alphabet[alphabet.index(line[place]) ^ 1]
    changed = line[:place] + bytes([twin]) + line[place + 1 :]
    signature, other = (base64.b64decode(json.loads(one)["signature"]) for one in (line, changed))
    assert signature == other
    at = lines.index(line)
    assert "base64 in its one form" in found([*lines[:at], changed, *lines[at + 1 :]], gateway)


def test_no_flipped_bit_of_a_log_passes(lines, gateway):
    octets = b"".join(lines)
    for place in range(0, len(octets), 13):
        changed = octets[:place] + bytes([octets[place] ^ 1 << place % 8]) + octets[place + 1 :]
        assert read(changed, gateway)[0].answer.verdict != "pass", f"octet {place}"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300))
def test_garbage_never_passes_and_never_raises(octets):
    assert read(octets, Gateway(GATEWAY_BIN, None))[0].answer.verdict != "pass"


def test_what_the_gateway_writes_verifies_by_the_judges_own_way(tmp_path):
    start, end = NOW_US - 30 * DAY_US, NOW_US + 300 * DAY_US
    authority = Authority(b"a seed for tests only", start - DAY_US)
    system = authority.issue_information_system(
        bin=GATEWAY_BIN, name="GATEWAY", not_before_us=start, not_after_us=end, label="gateway"
    )
    written = []
    log = MessageLog(written.append)

    def certified(octets, at_us):
        return sign_detached(octets, system, at_us)

    header = RoutingHeader(
        channel=Channel.ASYNC,
        sender="portal",
        receiver="workstation",
        service=SERVICE,
        content_sha256="ab" * 32,
    )
    log.accept("gw-a", header, NOW_US, certified)
    log.deliver("gw-a", NOW_US + 7)
    log.close(NOW_US + 9, certified)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.pem").write_bytes(authority.root_pem())
    (tmp_path / "trust" / "play.pem").write_bytes(authority.trust_bundle_pem(authority.publish(NOW_US)))
    gateway = Gateway(GATEWAY_BIN, trust_of(open_documents(tmp_path), "trust", "play.pem"))
    assert found(written, gateway) == "pass"
    assert found(written, Gateway(BIN, gateway.trust)).startswith("INVALID_SIGNATURE: line 1: identity")

"""The gateway's own reader and the judge's know nothing of each other, and believe the same logs."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import canonical_json
from actors.message_log import ChainBroken, Channel, MessageLog, RoutingHeader, verify_chain
from conformance.message_log import Gateway, read_message_log
from conformance.verdicts import Reason

HEADER = RoutingHeader(
    channel=Channel.ASYNC,
    sender="portal",
    receiver="workstation",
    service="doctor-home-call",
    content_sha256="c" * 64,
)
OPEN = {None, Reason.SIGNATURE_NOT_COMPUTED, Reason.MISSING_STEP, Reason.MISSING_END}
"""What a log can leave open though nothing in it is wrong."""


def unsigned(octets, now_us):
    del octets, now_us


def written():
    lines = []
    log = MessageLog(lines.append)
    log.accept("gw-a", HEADER, 10, unsigned)
    log.accept("gw-b", replace(HEADER, channel=Channel.SYNC), 10, unsigned)
    log.deliver("gw-a", 20)
    log.deliver("gw-b", 20)
    log.close(30, unsigned)
    return lines


LINES = written()


def gateway_believes(lines):
    try:
        summary = verify_chain(lines)
    except ChainBroken:
        return None
    return summary.entries, summary.accepted, summary.delivered


def judge_believes(octets):
    heard = []
    reading = read_message_log(io.BytesIO(octets), Gateway("121240000013", None), heard.append)
    if reading.answer.reason not in OPEN:
        return None
    return reading.entries, len(heard), reading.delivered


def both(octets):
    return gateway_believes(octets.splitlines(keepends=True)), judge_believes(octets)


def test_both_believe_a_sound_log():
    assert both(b"".join(LINES)) == ((5, 2, 2), (5, 2, 2))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_both_answer_alike_to_a_changed_octet(data):
    octets = bytearray(b"".join(LINES))
    octets[data.draw(st.integers(0, len(octets) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    first, second = both(bytes(octets))
    assert first == second


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(LINES), max_size=7))
def test_both_answer_alike_to_lines_in_any_order(lines):
    first, second = both(b"".join(lines))
    assert first == second


KEYS = sorted(json.loads(LINES[0])["entry"])
ODD = (
    None,
    True,
    0,
    1,
    -1,
    2**53,
    "",
    "x",
    "ж",
    "a b",
    "../a",
    "x" * 129,
    "C" * 64,
    "d" * 64,
    [],
    {},
    "closed",
)


@pytest.mark.parametrize("key", [*KEYS, "more"])
@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_both_answer_alike_to_an_odd_value(key, value):
    line = json.loads(LINES[0])
    line["entry"][key] = value
    octets = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    first, second = both(octets)
    assert first == second


@pytest.mark.parametrize("signature", ["", "AA==", "AB==", "AA", "!!!!", 1, [], {}])
def test_both_refuse_an_odd_signature_over_a_delivery(signature):
    line = json.loads(LINES[2]) | {"signature": signature}
    octets = b"".join([*LINES[:2], canonical_json.encode(line) + b"\n", *LINES[3:]])
    assert both(octets) == (None, None)

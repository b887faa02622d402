import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import canonical_json
from actors.errors import FormatError
from actors.message_log import (
    START,
    ChainBroken,
    Channel,
    Kind,
    LogClosed,
    MessageLog,
    RoutingHeader,
    read_entry,
    verify_chain,
)

HEADER = RoutingHeader(
    channel=Channel.ASYNC,
    sender="portal",
    receiver="workstation",
    service="doctor-home-call",
    content_sha256="c" * 64,
)


def sign(octets, now_us):
    """Sign as a test does: a signature nobody could mistake for one, but that covers octets and moment."""
    return b"signed: " + sha256(octets + str(now_us).encode()).digest()


def is_signed(octets, signature):
    return signature == sign(octets, json.loads(octets)["at"])


def unsigned(octets, now_us):
    del octets, now_us


def written(signer=sign, *, closed=True):
    """Return the lines of a log of two messages, the second of which never arrives."""
    lines = []
    log = MessageLog(lines.append)
    log.accept("gw-a", HEADER, 10, signer)
    log.accept("gw-b", replace(HEADER, channel=Channel.SYNC), 10, signer)
    log.deliver("gw-a", 20)
    if closed:
        log.close(30, signer)
    return lines


def test_the_form_of_a_line():
    line = written()[0]
    entry = {
        "typ": "egov.message.v1", "seq": 1, "kind": "accepted", "msg": "gw-a", "channel": "async",
        "from": "portal", "to": "workstation", "svc": "doctor-home-call", "sha256": "c" * 64, "at": 10,
        "prev": "0" * 64,
    }  # fmt: skip
    octets = canonical_json.encode(entry)
    signature = b64encode(sign(octets, 10)).decode()

    assert line == canonical_json.encode({"entry": entry, "signature": signature}) + b"\n"


def test_each_kind_has_its_keys_and_only_the_first_and_the_last_are_signed():
    lines = [json.loads(line) for line in written()]

    assert [line["entry"]["kind"] for line in lines] == ["accepted", "accepted", "delivered", "closed"]
    assert lines[2]["entry"].keys() == {"typ", "kind", "seq", "msg", "at", "prev"}
    assert lines[3]["entry"].keys() == {"typ", "kind", "seq", "at", "prev"}
    assert [line["signature"] is None for line in lines] == [False, False, True, False]


def test_every_entry_names_the_hash_of_the_one_before():
    lines = written()
    octets = [canonical_json.encode(json.loads(line)["entry"]) for line in lines]

    assert [json.loads(line)["entry"]["prev"] for line in lines] == [
        START,
        *(sha256(one).hexdigest() for one in octets[:-1]),
    ]
    assert verify_chain(lines).head == sha256(octets[-1]).hexdigest()


def test_a_log_that_holds_together_is_summed_up():
    summary = verify_chain(written(), is_signed)

    assert (summary.entries, summary.accepted, summary.delivered) == (4, 2, 1)
    assert (summary.closed, summary.unsigned, summary.under_way) == (True, 0, ("gw-b",))


def test_a_log_that_was_cut_off_says_so():
    summary = verify_chain(written()[:-1], is_signed)

    assert not summary.closed
    assert verify_chain([]).closed is False


def test_signatures_that_were_not_computed_are_counted():
    assert verify_chain(written(unsigned), is_signed).unsigned == 3


def test_a_receipt_is_the_entry_of_the_log():
    lines = []
    log = MessageLog(lines.append)

    receipt = log.accept("gw-a", HEADER, 10, sign)
    end = log.close(11, sign)

    assert lines[0] == canonical_json.encode(
        {"entry": json.loads(receipt.octets), "signature": b64encode(receipt.signature).decode()}
    ) + b"\n"  # fmt: skip
    entry = read_entry(receipt.octets)
    assert (entry.kind, entry.number, entry.message, entry.header) == (Kind.ACCEPTED, 1, "gw-a", HEADER)
    assert read_entry(end.octets).previous == sha256(receipt.octets).hexdigest() != log.head


def test_nothing_follows_the_end():
    log = MessageLog(len)
    log.close(1, sign)

    with pytest.raises(LogClosed):
        log.accept("gw-a", HEADER, 2, sign)
    with pytest.raises(LogClosed):
        log.deliver("gw-a", 2)
    with pytest.raises(LogClosed):
        log.close(2, sign)
    assert log.closed
    assert len(log) == 1


def test_time_does_not_go_back():
    lines = []
    log = MessageLog(lines.append)
    log.accept("gw-a", HEADER, 10, sign)

    with pytest.raises(FormatError):
        log.deliver("gw-a", 9)
    log.deliver("gw-a", 10)

    assert verify_chain(lines).entries == 2
    with pytest.raises(FormatError):
        MessageLog(lines.append).accept("gw-a", HEADER, 0, sign)


class Broken(Exception):  # noqa: N818
    pass


def fail(octets, now_us=None):
    del octets, now_us
    raise Broken


def forge(octets, now_us):
    del octets, now_us
    return b"forged"


def test_what_could_not_be_signed_or_written_is_not_in_the_log():
    lines = []
    log = MessageLog(fail)
    with pytest.raises(Broken):
        log.accept("gw-a", HEADER, 10, sign)
    with pytest.raises(Broken):
        log.close(10, sign)
    assert (len(log), log.head, log.closed) == (0, START, False)

    log.sink = lines.append
    with pytest.raises(Broken):
        log.accept("gw-a", HEADER, 10, fail)
    log.accept("gw-b", HEADER, 5, sign)
    log.close(6, sign)
    assert verify_chain(lines, is_signed).entries == 2


@pytest.mark.parametrize("name", ["sender", "receiver", "service", "content_sha256"])
def test_a_header_that_could_not_be_read_again_is_refused(name):
    for value in ("", "two words", "a\nb", "C" * 64):
        if name != "content_sha256" and value == "C" * 64:
            continue
        with pytest.raises(FormatError):
            replace(HEADER, **{name: value})


def test_every_part_of_a_header_changes_its_digest():
    changes = {"channel": Channel.SYNC, "sender": "x", "receiver": "x", "service": "x",
               "content_sha256": "d" * 64}  # fmt: skip
    assert len({HEADER.digest(), *(replace(HEADER, **{k: v}).digest() for k, v in changes.items())}) == 6


def changed(lines, number, **values):
    line = json.loads(lines[number])
    line["entry"] |= values
    return [*lines[:number], canonical_json.encode(line) + b"\n", *lines[number + 1 :]]


def rechained(entries, signer=sign):
    """Write entries as a forger does who knows how the chain is made."""
    lines, head = [], START
    for number, entry in enumerate(entries, start=1):
        octets = canonical_json.encode(entry | {"seq": number, "prev": head})
        signature = None if entry["kind"] == "delivered" else b64encode(signer(octets, entry["at"])).decode()
        lines.append(canonical_json.encode({"entry": json.loads(octets), "signature": signature}) + b"\n")
        head = sha256(octets).hexdigest()
    return lines


def entries():
    return [json.loads(line)["entry"] for line in written()]


LINES = written()
FORGERIES = {
    "a line left out": [LINES[0], *LINES[2:]],
    "the first line left out": LINES[1:],
    "two lines swapped": [LINES[1], LINES[0], *LINES[2:]],
    "a line twice": [LINES[0], *LINES],
    "another moment": changed(LINES, 0, at=11),
    "another number": changed(LINES, 1, seq=3),
    "another predecessor": changed(LINES, 2, prev="1" * 64),
    "another hash of the content": changed(LINES, 1, sha256="d" * 64),
    "a line after the end": [*LINES, LINES[-1]],
    "no line feed": [*LINES[:-1], LINES[-1][:-1]],
    "another line feed": [LINES[0][:-1] + b"\r\n", *LINES[1:]],
    "an empty line": [b"\n", *LINES],
    "a space": [b" " + LINES[0], *LINES[1:]],
    "another key in a line": [LINES[0].replace(b'{"entry"', b'{"a":1,"entry"'), *LINES[1:]],
    "no entry": [b'{"entry":1,"signature":null}\n'],
    "base64 with spare bits": [LINES[0].replace(b'g=="', b'h=="'), *LINES[1:]],
    "base64 without its end": [LINES[0].replace(b'=="', b'"'), *LINES[1:]],
    "a signature that is not base64": [LINES[0].replace(b'=="', b'=!"'), *LINES[1:]],
    "a signature that is no text": [b'{"entry":' + LINES[2][9:].replace(b"null}", b"1}")],
}


@pytest.mark.parametrize("lines", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_log_that_was_touched_is_found_out(lines):
    with pytest.raises(ChainBroken, match=r"\(line [1-5]: "):
        verify_chain(lines, is_signed)


def test_a_forger_who_chains_anew_lacks_the_signature():
    assert verify_chain(rechained(entries()), is_signed).entries == 4
    forged = entries()
    forged[1] |= {"sha256": "d" * 64}

    forged_lines = [LINES[0], *rechained(forged, forge)[1:]]
    assert verify_chain(forged_lines).entries == 4
    with pytest.raises(ChainBroken, match="line 2: signature"):
        verify_chain(forged_lines, is_signed)


@pytest.mark.parametrize(
    "change",
    [
        lambda log: [log[0], log[0]],
        lambda log: [log[0], log[2], log[0]],
        lambda log: [log[2]],
        lambda log: [log[0], log[2], log[2]],
        lambda log: [log[0], log[2] | {"at": 9}],
        lambda log: [log[0] | {"at": 0}],
        lambda log: [log[0] | {"kind": "lost"}],
        lambda log: [log[0] | {"kind": 1}],
        lambda log: [log[0] | {"channel": "post"}],
        lambda log: [log[0] | {"channel": None}],
        lambda log: [log[0] | {"typ": "egov.message.v2"}],
        lambda log: [log[0] | {"from": "two words"}],
        lambda log: [log[0] | {"more": 1}],
        lambda log: [{k: v for k, v in log[0].items() if k != "svc"}],
        lambda log: [log[3] | {"msg": "gw-a"}],
        lambda log: [*log, log[2] | {"msg": "gw-b", "at": 30}],
        lambda log: [*log, log[3]],
    ],
    ids=range(17),
)
def test_a_log_that_says_what_cannot_be_is_found_out(change):
    with pytest.raises(ChainBroken):
        verify_chain(rechained(change(entries())), is_signed)


def test_a_log_that_counts_wrongly_is_found_out_though_it_is_chained_and_not_signed():
    lines, head = [], START
    for entry, number in zip(entries(), (1, 2, 4, 5), strict=True):
        octets = canonical_json.encode(entry | {"seq": number, "prev": head})
        lines.append(b'{"entry":' + octets + b',"signature":null}\n')
        head = sha256(octets).hexdigest()

    assert verify_chain(lines[:2]).entries == 2
    with pytest.raises(ChainBroken, match="line 3: number"):
        verify_chain(lines)


def test_a_delivery_is_not_signed():
    line = json.loads(LINES[2]) | {"signature": "AAAA"}
    with pytest.raises(ChainBroken, match="line 3: signature of a delivery"):
        verify_chain([*LINES[:2], canonical_json.encode(line) + b"\n"])


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_bit_of_a_log_can_be_changed(data):
    number = data.draw(st.integers(0, 3))
    octets = bytearray(LINES[number])
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ChainBroken):
        verify_chain([*LINES[:number], bytes(octets), *LINES[number + 1 :]], is_signed)


messages = st.lists(st.sampled_from("abcdefgh"), unique=True)


@settings(deadline=None, max_examples=60)
@given(messages, st.lists(st.integers(0, 5), min_size=20, max_size=20), st.booleans())
def test_what_the_gateway_writes_holds_together(accepted, steps, signs):
    lines, now_us, waiting = [], 1, []
    log, signer = MessageLog(lines.append), sign if signs else unsigned
    for name, step in zip(accepted, steps, strict=False):
        now_us += step
        log.accept(name, HEADER, now_us, signer)
        waiting.append(name)
        if step % 2:
            log.deliver(waiting.pop(), now_us)
    log.close(now_us, signer)

    summary = verify_chain(lines, is_signed)
    assert (summary.entries, summary.head, summary.closed) == (len(lines), log.head, True)
    assert (summary.accepted, summary.under_way) == (len(accepted), tuple(waiting))
    assert summary.unsigned == (0 if signs else len(accepted) + 1)


def test_the_log_keeps_no_lines():
    log = MessageLog(len)
    for number in range(1_000):
        log.accept(f"gw-{number}", HEADER, number + 1, unsigned)

    assert len(log) == 1_000
    assert len(repr(log)) < 300

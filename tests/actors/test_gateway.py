import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.errors import FormatError
from actors.gateway import Channel, Gateway, GatewayUnavailable, RoutingHeader, UnknownMessage
from actors.message_log import LogClosed, MessageLog, read_entry, verify_chain

CONTENT = b"what was said"
KEY = b"a key for identifiers"


def header(**changes):
    fields = {
        "channel": Channel.ASYNC,
        "sender": "portal",
        "receiver": "workstation",
        "service": "doctor-home-call",
        "content_sha256": sha256(CONTENT).hexdigest(),
    }
    return RoutingHeader(**(fields | changes))


def sign(octets, now_us):
    return b"signed at %d " % now_us + sha256(octets).digest()


def gateway(lines=None, **changes):
    log = MessageLog(([] if lines is None else lines).append)
    return Gateway(**({"log": log, "sign": sign, "id_key": KEY} | changes))


def accept(one, now_us=5, **changes):
    return one.accept(header(**changes), CONTENT, now_us)


def test_a_message_comes_with_a_signed_receipt_of_what_it_carries():
    lines = []
    message = accept(gateway(lines))

    entry = read_entry(message.receipt.octets)
    assert (entry.message, entry.header, entry.at_us) == (message.id, header(), 5)
    assert message.receipt.signature == sign(message.receipt.octets, 5)
    assert json.loads(lines[0])["entry"] == json.loads(message.receipt.octets)
    assert message.content == CONTENT


def test_the_content_stands_in_no_log_and_no_text():
    lines = []
    one = gateway(lines)
    message = accept(one)

    for text in (repr(one).encode(), repr(message).encode(), *lines):
        assert CONTENT not in text
        assert KEY not in text


def test_equal_messages_get_identifiers_of_their_own():
    one = gateway()
    assert len({accept(one).id for _ in range(100)}) == 100


def test_an_identifier_holds_no_digit_and_nothing_of_the_content():
    first, second = gateway(), gateway()
    ids = [accept(first, now_us=n + 1).id for n in range(50)]

    assert ids == [accept(second, now_us=7, content_sha256="f" * 64, service="other").id for _ in range(50)]
    assert not any(character.isdigit() for message_id in ids for character in message_id)
    assert all(message_id.startswith("gw-") and len(message_id) == 23 for message_id in ids)


def test_another_gateway_gives_other_identifiers():
    assert accept(gateway()).id != accept(gateway(id_key=b"another key")).id


def test_messages_under_way_keep_the_order_of_acceptance():
    one = gateway()
    accepted = [accept(one).id for _ in range(3)]
    assert one.under_way == tuple(accepted)

    one.confirm_delivery(accepted[1], 20)

    assert one.under_way == (accepted[0], accepted[2])
    assert one.message(accepted[0]).id == accepted[0]


def test_a_delivered_message_is_forgotten_so_a_second_confirmation_is_unknown():
    lines = []
    one = gateway(lines)
    message = accept(one)

    one.confirm_delivery(message.id, 7)

    with pytest.raises(UnknownMessage):
        one.confirm_delivery(message.id, 9)
    with pytest.raises(UnknownMessage):
        one.message(message.id)
    assert len(lines) == 2
    assert json.loads(lines[1])["entry"]["at"] == 7


def test_a_gateway_that_is_down_keeps_nothing():
    lines = []
    one = gateway(lines, up=False)

    with pytest.raises(GatewayUnavailable):
        accept(one)

    assert (lines, one.under_way) == ([], ())
    one.up = True
    assert accept(one).id == accept(gateway()).id


def test_an_outage_does_not_lose_what_was_accepted():
    one = gateway()
    message = accept(one)
    one.up = False

    one.confirm_delivery(message.id, 8)

    assert one.under_way == ()


def test_an_identifier_that_was_never_given_out_is_unknown():
    for ask in (gateway().message, lambda message_id: gateway().confirm_delivery(message_id, 1)):
        with pytest.raises(UnknownMessage):
            ask("gw-a")


def test_a_confirmation_that_cannot_be_logged_leaves_the_message_under_way():
    one = gateway()
    message = accept(one, now_us=10)

    with pytest.raises(FormatError):
        one.confirm_delivery(message.id, 9)

    assert one.under_way == (message.id,)


def test_nothing_is_taken_after_the_end():
    lines = []
    one = gateway(lines)
    message = accept(one)

    end = one.close(6)

    assert end.signature == sign(end.octets, 6)
    with pytest.raises(LogClosed):
        accept(one)
    with pytest.raises(LogClosed):
        one.confirm_delivery(message.id, 7)
    assert one.under_way == (message.id,)
    assert verify_chain(lines).closed


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["accept", "confirm first", "confirm last", "down", "up"]), max_size=40))
def test_the_log_and_the_gateway_agree_on_what_is_under_way(deeds):
    lines = []
    one = gateway(lines)
    for now_us, deed in enumerate(deeds, start=1):
        if deed in ("down", "up"):
            one.up = deed == "up"
        elif deed == "accept" and one.up:
            accept(one, now_us)
        elif deed.startswith("confirm") and one.under_way:
            one.confirm_delivery(one.under_way[0 if deed == "confirm first" else -1], now_us)

    assert verify_chain(lines).under_way == one.under_way

from hashlib import sha256

import pytest

from actors.gateway import Channel, Gateway, GatewayUnavailable, UnknownMessage


def accept(gateway, **changes):
    fields = {
        "channel": Channel.ASYNC,
        "sender": "portal",
        "receiver": "workstation",
        "service": "doctor-home-call",
        "content": b"what was said",
        "now_us": 5,
    }
    return gateway.accept(**(fields | changes))


def test_a_message_is_journalled_by_the_hash_of_its_content():
    gateway = Gateway()

    entry = gateway.entry(accept(gateway))

    assert (entry.sender, entry.receiver, entry.service) == ("portal", "workstation", "doctor-home-call")
    assert (entry.channel, entry.accepted_at_us, entry.delivered_at_us) == (Channel.ASYNC, 5, None)
    assert entry.content_sha256 == sha256(b"what was said").hexdigest()
    assert b"what was said" not in repr(gateway).encode()


def test_equal_messages_get_identifiers_of_their_own():
    gateway = Gateway()

    assert len({accept(gateway) for _ in range(100)}) == 100
    assert len(gateway.journal) == 100


def test_the_journal_keeps_the_order_of_acceptance():
    gateway = Gateway()
    accepted = [accept(gateway, now_us=10 - n) for n in range(3)]

    gateway.confirm_delivery(accepted[0], 20)

    assert [entry.message_id for entry in gateway.journal] == accepted


def test_the_first_confirmation_of_a_delivery_counts():
    gateway = Gateway()
    message = accept(gateway)

    gateway.confirm_delivery(message, 7)
    gateway.confirm_delivery(message, 9)

    assert gateway.entry(message).delivered_at_us == 7


def test_a_delivery_at_the_epoch_is_a_delivery():
    gateway = Gateway()
    message = accept(gateway, now_us=0)

    gateway.confirm_delivery(message, 0)
    gateway.confirm_delivery(message, 9)

    assert gateway.entry(message).delivered_at_us == 0


def test_a_gateway_that_is_down_keeps_nothing():
    gateway = Gateway(up=False)

    with pytest.raises(GatewayUnavailable):
        accept(gateway)

    assert gateway.journal == ()
    gateway.up = True
    assert accept(gateway)


def test_an_outage_does_not_lose_what_was_accepted():
    gateway = Gateway()
    message = accept(gateway)
    gateway.up = False

    gateway.confirm_delivery(message, 8)

    assert gateway.entry(message).delivered_at_us == 8


def test_an_identifier_that_was_never_given_out_is_unknown():
    gateway = Gateway()
    with pytest.raises(UnknownMessage):
        gateway.entry("gw-0")
    with pytest.raises(UnknownMessage):
        gateway.confirm_delivery("gw-0", 1)


def test_the_same_messages_get_the_same_identifiers_in_another_gateway():
    assert [accept(g) for g in (Gateway(), Gateway())] == [accept(Gateway())] * 2

"""What the portal keeps, and what it puts away."""

from dataclasses import replace

import pytest

from actors.accounts import AccountBook
from actors.envelopes import SignedDocument
from actors.portal_store import PortalStore, Record, Status, UnknownRequest
from tests.actors.small_clinic import CHEAP, SmallClinic

ANSWER = SignedDocument(b"{}", None)


@pytest.fixture(scope="module")
def request_of_somebody():
    return SmallClinic().request()


@pytest.fixture
def store(request_of_somebody):
    """Hold five requests received at the moments 0 to 4."""
    store = PortalStore(AccountBook(CHEAP))
    for n in range(5):
        request = replace(request_of_somebody, id=f"R-{n}", nonce=f"{n:032}")
        document = SignedDocument(request.octets(), None)
        store.records[request.id] = Record(request, document, Status.SENT, "", received_us=n)
        store.seen.accept(request, document.sha256, n + 10)
    return store


def answer(store, *numbers):
    for n in numbers:
        store.records[f"R-{n}"] = replace(store.records[f"R-{n}"], result=ANSWER)


def test_what_was_never_sent_is_unknown(store):
    assert store.record("R-0").received_us == 0
    with pytest.raises(UnknownRequest):
        store.record("R-404")


@pytest.mark.parametrize(
    ("answered", "before_us", "left"),
    [
        ((0, 1), 0, "01234"),
        ((0, 1), 10, "01234"),  # as long as its nonce is remembered
        ((0, 1), 11, "1234"),
        ((0, 1), 19, "234"),
        ((1, 2), 19, "01234"),  # only the oldest ones are looked at
        ((), 19, "01234"),
        ((0, 1, 2, 3, 4), 19, ""),
    ],
)
def test_answered_requests_are_put_away_from_the_oldest_on(store, answered, before_us, left):
    answer(store, *answered)

    store.archive(before_us)

    assert "".join(name.removeprefix("R-") for name in store.records) == left


@pytest.mark.parametrize(("before_us", "left"), [(10, 5), (11, 4), (14, 1), (15, 0)])
def test_nonces_that_could_not_be_fresh_are_forgotten(store, before_us, left):
    store.archive(before_us)

    assert len(store.seen) == 2 * left


def test_no_number_shows_in_the_text_of_what_is_kept(store):
    assert store.record("R-0").request.iin not in repr((store, store.record("R-0")))

"""Accepted requests: what is taken, for how long, and what a restart finds again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import seen_requests
from actors.durable import FileJournal, MemoryJournal
from actors.envelopes import Request
from actors.seen_requests import SeenRequests

FIRST = Request(
    id="R-1",
    service="doctor-home-call",
    iin="850704200017",
    provider="121240000013",
    issued_at_us=0,
    expires_at_us=600,
    nonce="0" * 32,
)
DOCUMENT, ANOTHER = "a" * 64, "b" * 64
UNTIL = 720


@pytest.fixture
def seen():
    seen = SeenRequests()
    seen.accept(FIRST, DOCUMENT, UNTIL)
    return seen


def test_the_same_document_is_not_another_one(seen):
    assert not seen.is_taken(FIRST, DOCUMENT)
    assert not SeenRequests().is_taken(FIRST, ANOTHER)


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, True),
        ({"id": "R-2"}, True),
        ({"nonce": "1" * 32}, True),
        ({"iin": "900115100010"}, True),  # the identifier is taken, whoever uses it
        ({"id": "R-2", "nonce": "1" * 32}, False),
        ({"id": "R-2", "iin": "900115100010"}, False),
        ({"id": "R-2", "service": "clinic-attachment"}, False),
        ({"id": "R-2", "provider": "130151000029"}, True),
        ({"id": "R-2", "issued_at_us": 7}, True),
    ],
)
def test_another_document_needs_a_nonce_and_an_identifier_of_its_own(seen, changes, taken):
    assert seen.is_taken(replace(FIRST, **changes), ANOTHER) is taken


def test_parts_of_a_key_cannot_be_shifted_into_each_other():
    seen = SeenRequests()
    seen.accept(replace(FIRST, id="R-1", service="ab", nonce="c"), DOCUMENT, UNTIL)

    assert not seen.is_taken(replace(FIRST, id="R-2", service="a", nonce="bc"), ANOTHER)


@pytest.mark.parametrize(("before_us", "taken"), [(UNTIL - 1, True), (UNTIL, True), (UNTIL + 1, False)])
def test_a_nonce_is_taken_to_the_last_microsecond_and_not_longer(seen, before_us, taken):
    seen.forget(before_us)

    assert seen.is_taken(FIRST, ANOTHER) is taken
    assert len(seen) == (2 if taken else 0)


def test_accepting_again_writes_nothing_and_prolongs_nothing(seen):
    seen.accept(FIRST, DOCUMENT, 10 * UNTIL)

    assert len(list(seen.journal.lines())) == 1
    seen.forget(UNTIL + 1)
    assert len(seen) == 0


class BrokenJournal(MemoryJournal):
    def append(self, line):
        raise OSError(f"the disk is full: {len(line)} octets more")


class WatchedJournal(MemoryJournal):
    def append(self, line):
        super().append(line)
        self.watch()


def test_what_could_not_be_written_down_is_not_remembered():
    seen = SeenRequests(BrokenJournal())

    with pytest.raises(OSError, match="full"):
        seen.accept(FIRST, DOCUMENT, UNTIL)

    assert len(seen) == 0
    assert not seen.is_taken(FIRST, ANOTHER)


def test_it_is_written_down_before_it_is_remembered():
    journal, known = WatchedJournal(), []
    seen = SeenRequests(journal)
    journal.watch = lambda: known.append(len(seen))

    seen.accept(FIRST, DOCUMENT, UNTIL)

    assert known == [0]


def test_neither_a_number_nor_a_nonce_stands_in_the_journal(seen):
    written = b"".join(seen.journal.lines())

    for secret in (FIRST.iin, FIRST.nonce, FIRST.id, FIRST.provider):
        assert secret.encode() not in written


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"null",
        b"[1]",
        b"\xff",
        b'{"doc":"x","keys":["n1"]}',
        b'{"doc":"x","keys":["n1"],"until":"7"}',
        b'{"doc":7,"keys":["n1"],"until":7}',
        b'{"doc":"x","keys":"n1","until":7}',
        b'{"doc":"x","keys":{"n1":1},"until":7}',
        b"[" * 3_000,
    ],
)
def test_a_line_that_cannot_be_read_is_passed_over(tmp_path, line):
    journal = FileJournal(tmp_path / "seen")
    journal.append(line)
    SeenRequests(journal).accept(FIRST, DOCUMENT, UNTIL)

    again = SeenRequests(journal)

    assert again.is_taken(FIRST, ANOTHER)
    again.forget(UNTIL + 1)
    assert len(again) == 0


def test_a_long_journal_is_shortened_to_what_is_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(seen_requests, "_COMPACT_AFTER", 6)
    seen = SeenRequests(FileJournal(tmp_path / "seen"))
    for n in range(10):
        seen.accept(replace(FIRST, id=f"R-{n}", nonce=f"{n:032}"), DOCUMENT, n)

    seen.forget(2)
    assert len(list(seen.journal.lines())) == 10
    seen.forget(3)

    assert len(list(seen.journal.lines())) == len(seen) == 14
    again = SeenRequests(seen.journal)
    for n in range(10):
        request = replace(FIRST, id=f"R-{n}", nonce=f"{n:032}")
        assert again.is_taken(request, ANOTHER) is seen.is_taken(request, ANOTHER) is (n >= 3)


accepted = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from("ab")), max_size=8, unique=True
)


def request_of(identifier, nonce):
    return replace(FIRST, id=f"R-{identifier}", nonce=f"{nonce:032}")


@settings(deadline=None, max_examples=40)
@given(accepted=accepted, cut=st.integers(0, 400), before_us=st.integers(0, 12))
def test_a_restart_remembers_all_that_was_acknowledged(tmp_path_factory, accepted, cut, before_us):
    """As the portal does: nothing is accepted that is taken. A torn last line was never acknowledged."""
    journal = FileJournal(tmp_path_factory.mktemp("journal") / "seen")
    seen, kept = SeenRequests(journal), []
    for moment_us, (identifier, nonce, variant) in enumerate(accepted):
        request, document = request_of(identifier, nonce), f"{identifier}/{nonce}/{variant}"
        if not seen.is_taken(request, document):
            seen.accept(request, document, moment_us)
            kept.append((request, document, moment_us))
    if kept:
        with journal.path.open("ab") as file:
            file.write(b'{"doc":"' + b"c" * cut)

    again = SeenRequests(journal)

    assert len(again) == len(seen)
    seen.forget(before_us)
    again.forget(before_us)
    for request, document, until_us in kept:
        for one in (seen, again):
            assert not one.is_taken(request, document)
            assert one.is_taken(request, "c" * 64) or until_us < before_us

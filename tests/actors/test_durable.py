"""Journals: what was kept is there again, in its order, whatever interrupted the writing."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.durable import FileJournal, MemoryJournal

lines = st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=6)


def journals(tmp_path_factory):
    return MemoryJournal(), FileJournal(tmp_path_factory.mktemp("journal") / "seen")


@settings(deadline=None, max_examples=15)
@given(kept=lines, instead=lines, more=lines)
def test_what_was_kept_is_there_in_its_order(tmp_path_factory, kept, instead, more):
    for journal in journals(tmp_path_factory):
        assert list(journal.lines()) == []
        for line in kept:
            journal.append(line)
        assert list(journal.lines()) == kept

        journal.replace(iter(instead))
        for line in more:
            journal.append(line)

        assert list(journal.lines()) == instead + more
        assert list(journal.lines()) == instead + more


def test_another_journal_of_the_same_file_reads_what_the_first_wrote(tmp_path):
    FileJournal(tmp_path / "seen").append(b"one")

    assert list(FileJournal(tmp_path / "seen").lines()) == [b"one"]


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_line_cut_off_by_a_crash_does_not_count_and_spoils_no_other(tmp_path, cut):
    journal = FileJournal(tmp_path / "seen")
    for line in (b"one", b"two"):
        journal.append(line)
    journal.path.write_bytes(journal.path.read_bytes()[:-cut])

    assert list(journal.lines()) == [b"one"]
    journal.append(b"three")

    whole = list(journal.lines())
    assert (whole[0], whole[-1]) == (b"one", b"three")
    assert len(whole) == (2 if cut == len(b"two\n") else 3)  # the rest of the torn one stays a line


def test_a_line_is_on_the_disk_before_it_counts_as_kept(tmp_path, monkeypatch):
    journal, seen = FileJournal(tmp_path / "seen"), []
    monkeypatch.setattr(os, "fsync", lambda _file: seen.append(journal.path.read_bytes()))

    journal.append(b"one")
    journal.append(b"two")

    assert seen == [b"one\n", b"one\ntwo\n"]


def test_what_replaces_the_lines_is_on_the_disk_before_it_takes_their_place(tmp_path, monkeypatch):
    journal, seen = FileJournal(tmp_path / "seen"), []
    journal.append(b"one")
    monkeypatch.setattr(os, "fsync", lambda _file: seen.append(journal.path.read_bytes()))

    with journal.path.open("rb") as reader:
        journal.replace([b"two"])

        assert seen == [b"one\n"]
        assert reader.read() == b"one\n"  # nobody sees a file half replaced
    assert journal.path.read_bytes() == b"two\n"


def test_a_replacement_that_fails_half_way_changes_nothing(tmp_path):
    journal = FileJournal(tmp_path / "seen")
    journal.append(b"one")

    def failing():
        yield b"two"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        journal.replace(failing())

    assert list(journal.lines()) == [b"one"]
    journal.replace([b"three"])
    assert list(journal.lines()) == [b"three"]


def test_a_journal_can_be_replaced_by_what_is_in_it(tmp_path):
    journal = FileJournal(tmp_path / "seen")
    for line in (b"one", b"two", b"three"):
        journal.append(line)

    journal.replace(line for line in journal.lines() if line != b"two")

    assert list(journal.lines()) == [b"one", b"three"]


def test_a_disk_that_takes_nothing_is_told(tmp_path):
    with pytest.raises(OSError, match="missing"):
        FileJournal(tmp_path / "missing" / "seen").append(b"one")


@pytest.mark.parametrize("octets", [b"x" * 100_000, b"\n" * 50, b"\x00\xff\n" * 3])
def test_a_file_of_something_else_is_read_in_bounded_pieces(tmp_path, octets):
    (tmp_path / "seen").write_bytes(octets)

    found = list(FileJournal(tmp_path / "seen").lines())

    assert all(len(line) <= 4_096 for line in found)
    assert b"".join(line + b"\n" for line in found) in (octets, b"")

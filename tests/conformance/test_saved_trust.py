"""A folder cannot choose which of its lists count: what one says is revoked, is revoked."""

import os
import shutil

import pytest

from conformance.errors import InputError
from conformance.evidence import Saved, verify_document
from conformance.regulation import Signer
from conformance.saved_documents import MAX_TRUST, open_documents
from conformance.saved_trust import MAX_CACHED, trust_of, unite_lists
from conformance.trust import Unsettled
from conformance.verification import verify_folder
from tests.conformance.signed_world import (
    DAY,
    NOW,
    NOW_US,
    NUMBER,
    SERVICE,
    World,
    issue,
    key_of,
    list_of,
    name_of,
)

pytestmark = pytest.mark.xdist_group("saved trust")  # one worker signs the documents, once

REVOKED = [(100, NOW - DAY)]


@pytest.fixture
def world(tmp_path):
    """A case ``play-1`` that the gateway carried in the log ``play``; its bundle revokes nobody."""
    world = World(tmp_path / "documents")
    shutil.rmtree(world.folder / "c1")
    world.save("play-1")
    world.carry("play-1")
    return world


def checked(world, case="play-1", root=None):
    """Return what a judge of an event log finds in the case's request."""
    store = open_documents(world.folder, root)
    answer = verify_document(store, Saved(case, "request", Signer.CONSUMER, SERVICE, NUMBER), [NOW_US])
    return f"{answer.reason}: {answer.detail}" if answer.reason else "pass"


def verified(world, case="play-1", root=None):
    """Return what a third party finds in the case's request."""
    found = verify_folder(open_documents(world.folder, root)).documents
    return next(d.detail for d in found if d.folder == case and d.document == "request") or "pass"


BAD = "INVALID_SIGNATURE: request: revoked"


def test_what_the_bundle_of_the_log_revokes_is_revoked_in_the_case(world):
    assert (checked(world), verified(world)) == ("pass", "pass")
    (world.folder / "messages" / "play.pem").write_bytes(world.bundle(REVOKED))
    assert (checked(world), verified(world)) == (BAD, "revoked")


def test_what_the_bundle_of_another_case_revokes_is_revoked(world):
    (world.folder / "play-12").mkdir()
    (world.folder / "play-12" / "trust.pem").write_bytes(world.bundle(REVOKED))
    assert (checked(world), verified(world)) == (BAD, "revoked")


def test_the_lists_of_the_log_that_carried_a_case_count_whatever_its_name(world):
    world.save("other-7")
    world.carry("play-1", "other-7")
    (world.folder / "messages" / "play.pem").write_bytes(world.bundle(REVOKED))
    assert checked(world, "other-7") == "pass"
    assert verified(world, "other-7") == "revoked"


def test_another_play_is_another_history(world):
    (world.folder / "messages" / "next.pem").write_bytes(world.bundle(REVOKED))
    (world.folder / "next-1").mkdir()
    (world.folder / "next-1" / "trust.pem").write_bytes(world.bundle(REVOKED))
    assert (checked(world), verified(world)) == ("pass", "pass")


@pytest.mark.parametrize(
    "place", ["trust/lists.pem", "lists.pem", "messages/deep/x.pem", "next-1/more.pem", "a b/x.pem"]
)
def test_a_list_that_belongs_to_no_case_counts_for_all(world, place):
    file = world.folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(world.issuing.pem + list_of(world.issuing, REVOKED))
    assert (checked(world), verified(world)) == (BAD, "revoked")


def test_a_list_of_a_stranger_revokes_nobody(world):
    stranger = issue(name_of("TEST issuing"), key_of(77), serial=2, ca=True)
    (world.folder / "trust" / "lists.pem").write_bytes(stranger.pem + list_of(stranger, REVOKED))
    assert (checked(world), verified(world)) == ("pass", "pass")


def test_lists_beside_the_given_root_revoke_and_speak_for_the_moment(world, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.pem + list_of(world.issuing, REVOKED))
    assert (checked(world, root=root), verified(world, root=root)) == (BAD, "revoked")
    (world.folder / "play-1" / "trust.pem").write_bytes(world.issuing.pem)
    root.write_bytes(world.root.pem)
    assert "no revocation list" in checked(world, root=root)
    root.write_bytes(list_of(world.root) + world.root.pem + list_of(world.issuing))
    assert checked(world, root=root) == "pass"


def test_a_delta_beside_the_given_root_extends_the_full_list_of_the_folder(world, tmp_path):
    (world.folder / "play-1" / "trust.pem").write_bytes(
        world.issuing.pem + list_of(world.root) + list_of(world.issuing, number=3, start=NOW - 9 * DAY)
    )
    assert "no revocation list" in checked(world)
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.pem + list_of(world.issuing, number=4, base=3))
    assert checked(world, root=root) == "pass"


def test_lists_are_counted_by_where_they_came_from(world, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.pem + list_of(world.issuing, number=9))
    found = verify_folder(open_documents(world.folder, root))
    assert (found.saved_lists, found.given_lists) == (2, 1)
    found = verify_folder(open_documents(world.folder))
    assert (found.saved_lists, found.given_lists) == (2, 0)


def test_too_large_a_root_is_refused(world, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.pem + b" " * MAX_TRUST)
    with pytest.raises(InputError, match="over 16777216 octets"):
        open_documents(world.folder, root)


def test_what_is_no_plain_file_is_passed_over(world, tmp_path):
    (tmp_path / "outside.pem").write_bytes(world.issuing.pem + list_of(world.issuing, REVOKED))
    os.mkfifo(world.folder / "trust" / "a.pem")
    (world.folder / "trust" / "b.pem").mkdir()
    (world.folder / "trust" / "c.pem").symlink_to(tmp_path / "outside.pem")
    (world.folder / "trust" / "d.pem").write_bytes(b"garbage")
    assert (checked(world), verified(world)) == ("pass", "pass")


def test_more_bundles_than_are_remembered_change_nothing(world):
    bundle = world.bundle(REVOKED)
    for number in range(MAX_CACHED + 2):
        (world.folder / "trust" / f"{number}.pem").write_bytes(b"%d" % number)
    (world.folder / "play-1" / "trust.pem").write_bytes(bundle)
    assert checked(world) == BAD


def test_without_an_anchor_nothing_is_united(world):
    (world.folder / "trust" / "root.pem").unlink()
    store = open_documents(world.folder)
    for _ in range(2):
        with pytest.raises(Unsettled):
            unite_lists(store)
        with pytest.raises(Unsettled):
            trust_of(store, "play-1")

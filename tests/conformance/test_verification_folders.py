"""Odd folders under a third party's view: names, links, nothing at all."""

import json
import os
import shutil

import pytest

from conformance.log_rows import without_numbers
from conformance.verdicts import Verdict
from tests.conformance.signed_world import (
    BIN,
    DAY,
    DAY_US,
    IIN,
    NOW,
    NUMBER,
    World,
    log_of,
)
from tests.conformance.verified_folders import code, told, verified


@pytest.fixture
def world(tmp_path):
    """A folder that verifies: one case of the portal, whose two documents passed the gateway."""
    world = World(tmp_path / "documents")
    world.carry("c1")
    return world


def test_names_that_are_not_utf_8_are_told_and_escaped(world):
    from reports.verification_text import encode_verification  # noqa: PLC0415 - the report under test

    (world.folder / "messages" / os.fsdecode(b"a\xff.jsonl")).touch()
    (world.folder / os.fsdecode(b"b\xff")).mkdir()
    found = verified(world)
    assert [log.name for log in found.logs] == ["a\\udcff", "play"]
    assert json.loads(encode_verification(found))["logs"][0]["name"] == "a\\udcff"


def test_a_linked_folder_of_logs_is_not_followed(world, tmp_path):
    (world.folder / "messages").rename(tmp_path / "elsewhere")
    (world.folder / "messages").symlink_to(tmp_path / "elsewhere")
    found = verified(world)
    assert (found.logs, found.gateway) == ((), None)
    assert told(world)["?/folder"].startswith("BAD_INPUT: folders not looked into")


def test_an_empty_folder_shows_nothing(world):
    shutil.rmtree(world.folder / "c1")
    shutil.rmtree(world.folder / "messages")
    assert (code(world), verified(world).verdict) == (3, Verdict.INCONCLUSIVE)


def test_a_folder_without_documents_shows_nothing(world):
    (world.folder / "empty").mkdir()
    assert code(world) == 0
    (world.folder / "empty" / "notes.txt").touch()
    assert told(world) == {"empty/answer": "NO_DATA: the folder holds no document"}
    assert verified(world).other_files == 1


def test_names_that_are_not_plain_are_not_looked_into(world):
    (world.folder / "a b").mkdir()
    (world.folder / "a b" / "request.json").write_bytes(b"{}")
    assert told(world)["?/folder"].startswith("BAD_INPUT: folders not looked into")
    assert code(world) == 3


def test_the_number_of_a_person_in_a_name_is_not_repeated(world):
    world.save(f"case-{IIN}")
    world.carry("c1", f"case-{IIN}")
    (world.folder / f"case-{IIN}" / "result.p7s").unlink()
    assert told(world).keys() == {"case-************/result"}
    assert without_numbers(f"1{IIN} {BIN}") == f"************ {BIN}"


def test_no_link_leads_out(world, tmp_path):
    outside = tmp_path / "outside"
    (world.folder / "c1").rename(outside)
    (world.folder / "c1").symlink_to(outside)
    assert verified(world).cases == 0
    assert told(world)["?/folder"].startswith("BAD_INPUT: folders not looked into")
    (world.folder / "c1").unlink()
    outside.rename(world.folder / "c1")
    log = world.folder / "messages" / "play.jsonl"
    log.rename(tmp_path / "elsewhere")
    log.symlink_to(tmp_path / "elsewhere")
    assert told(world)["log play"] == "BAD_INPUT: not a readable file with a plain name"


def test_the_json_form_holds_every_check(world):
    (world.folder / "c1" / "result.p7s").unlink()
    from reports.verification_text import encode_verification  # noqa: PLC0415 - the report under test

    saved = json.loads(encode_verification(verified(world)))
    assert {d["document"]: d["verdict"] for d in saved["documents"]} == {"request": "pass", "result": "fail"}
    assert saved["logs"][0]["name"] == "play"
    assert NUMBER not in json.dumps(saved)


def test_a_document_expires_with_its_certificate_unless_it_was_there_before(world):
    short = world.citizen(start=NOW - DAY, end=NOW + DAY)
    world.save("c1", signer=short, bundle=world.bundle(end=NOW + 9 * DAY))
    assert told(world) == {}
    events = [(at_us + 2 * DAY_US, values) for at_us, values in world.events("c1")]
    world.save_log(log_of(events, world.gateway))
    assert told(world)["c1/request"] == "INVALID_SIGNATURE: expired"

"""The signatures of the cases that a page shows are told, the worst cases first, by both judges alike."""

import pytest

from conformance import seen_signatures
from conformance.engine.judging import judge_log
from conformance.judge import judge
from conformance.log_file import sort_rows, write_log
from conformance.pack import load_pack
from conformance.timelines import MOST_TIMELINES
from conformance.verdicts import Verdict
from tests.conformance.signed_world import World
from tests.conformance.test_decisions import accepted, reject, served, turned_away

PACK = load_pack("astana-106-1923")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


def told(seen):
    return [(each.case_id, each.step, each.document, each.decided, each.verdict) for each in seen]


def test_a_page_is_told_of_each_signature_with_what_was_decided(world):
    world.save("c1")
    reject(world, "c2")
    rows = [accepted(), served(), *turned_away("CERT_EXPIRED")]
    evidence = judge(PACK, rows, world.folder).evidence
    assert told(evidence.seen) == [
        ("c1", "P8", "result", "accepted", Verdict.PASS),
        ("c1", "P5", "request", "accepted", Verdict.PASS),
        ("c2", "P4", "rejected-request", "refused", Verdict.FAIL),
    ]


def test_both_judges_show_the_same_cases_and_no_more_than_are_told(world, tmp_path, monkeypatch):
    assert seen_signatures.MOST_TIMELINES == MOST_TIMELINES, "as many as the results tell step by step"
    monkeypatch.setattr(seen_signatures, "MOST_TIMELINES", 5)
    names = [f"c{n:02}" for n in range(8)]
    for name in names[1:]:
        world.save(name)
    rows = [row for name in names for row in (accepted(name, name), served(name, name))]
    seen = judge(PACK, rows, world.folder).evidence.seen
    assert len({each.case_id for each in seen}) == 5
    log = tmp_path / "log.parquet"
    write_log(sort_rows(rows), log)
    judged = judge_log(PACK, log, world.folder, first_cases=MOST_TIMELINES)
    assert judged.judgement.evidence.seen == seen


def test_without_documents_there_is_nothing_to_show():
    assert judge(PACK, [accepted()]).evidence is None

"""Decisions are counted in both directions, and folders that are missing, extra or damaged are told."""

import msgspec
import pytest

from conformance.cases import group_cases
from conformance.context import context_of
from conformance.decision_tally import MAX_EXAMPLES, DecisionTally
from conformance.decisions import Agreement
from conformance.judge import judge
from conformance.pack import load_pack
from conformance.saved_documents import open_documents
from tests.conformance.fragments import SECOND, row
from tests.conformance.signed_world import IIN, NOW, NOW_US, NUMBER, World

PACK = load_pack("astana-106-1923")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


def accepted(case="c1", folder="c1", **changes):
    return row("P5", NOW_US - SECOND, NOW_US, case_id=case, attributes={"documents": folder}, **changes)


def turned_away(ground, case="c2", folder="c2"):
    came = {"received_us": NOW_US - SECOND}
    return [
        row("P3", NOW_US - 9 * SECOND, NOW_US, case_id=case, outcome=ground, attributes=came),
        row(
            "P4",
            NOW_US,
            NOW_US + SECOND,
            case_id=case,
            outcome=ground,
            attributes={"reason": ground, "documents": folder},
        ),
    ]


def served(case="c1", folder="c1"):
    return row(
        "P8",
        NOW_US,
        NOW_US + SECOND,
        case_id=case,
        request_number=NUMBER,
        attributes={"documents": folder},
    )


def reject(world, case="c2", *, broken=False):
    """Save a request that was turned away; the case's own request is taken away."""
    folder = world.save(case)
    for end in ("json", "p7s"):
        (folder / f"request.{end}").rename(folder / f"rejected-request.{end}")
        (folder / f"result.{end}").unlink()
    if broken:
        (folder / "rejected-request.p7s").write_bytes(b"no signature")


def evidence_of(world, *rows):
    return judge(PACK, rows, world.folder).evidence


def counts(evidence):
    told = {
        "agreed": evidence.agreed,
        "accepted": evidence.accepted_invalid,
        "refused": evidence.refused_valid,
    }
    told |= {"ground": evidence.wrong_ground, **evidence.undecided, **evidence.out_of_scope}
    return {name: n for name, n in told.items() if n}


def test_without_documents_nothing_is_said():
    assert judge(PACK, [accepted()]).evidence is None


def test_both_directions_that_agree(world):
    reject(world, broken=True)
    found = evidence_of(world, accepted(), served(), *turned_away("SIGNATURE_INVALID"))
    assert counts(found) == {"agreed": 3}
    assert (found.decisions, found.verified, found.examples) == (3, 3, ())
    assert {n.norm: (n.decided, n.decisions) for n in found.by_norm} == {
        "S1.P5.request-signature": ("accepted", 1),
        "S1.P8.result-signature": ("accepted", 1),
        "S1.P4.refusal-grounded": ("refused", 1),
    }


def test_both_directions_that_do_not(world):
    reject(world)
    world.save("c1", bundle=world.bundle([(100, NOW)]))
    found = evidence_of(world, accepted(), *turned_away("CERT_EXPIRED"))
    assert counts(found) == {"accepted": 1, "refused": 1}
    assert found.verified == 2
    first, second = found.examples
    assert (first.agreement, first.case_id, first.sub_indication) == ("ACCEPTED_INVALID", "c1", "REVOKED")
    assert (second.agreement, second.ground, second.indication) == (
        "REFUSED_VALID",
        "CERT_EXPIRED",
        "TOTAL_PASSED",
    )


def test_what_is_neither(world):
    reject(world, broken=True)
    found = evidence_of(world, *turned_away("CERT_EXPIRED"))
    assert counts(found) == {"ground": 1}
    found = evidence_of(world, *turned_away("REPLAY"))
    assert counts(found) == {"REPLAY": 1}
    assert found.verified == 0
    world.save("c1", bundle=world.bundle(end=world.person.certificate.not_valid_before_utc))
    found = evidence_of(world, accepted())
    assert counts(found) == {"TRY_LATER": 1}
    assert found.examples[0].agreement == "UNDECIDED"


def test_a_signature_that_was_never_made_is_undecided(world):
    (world.folder / "c1" / "request.p7s").unlink()
    (world.folder / "c1" / "request.computed").write_bytes(b"")
    found = evidence_of(world, accepted())
    assert counts(found) == {"NOT_COMPUTED": 1}
    assert found.verified == 0


def test_one_folder_of_two_cases_speaks_for_neither(world):
    found = evidence_of(world, accepted(), accepted("c9"))
    assert counts(found) == {"SIGNED_DATA_NOT_FOUND": 2}
    assert (found.verified, found.folders.named) == (0, 1)


def test_cases_that_no_norm_can_judge_are_counted_apart(world):
    old = accepted()
    old = msgspec.structs.replace(
        old, enabled_us=old.enabled_us - 10**14, completed_us=old.completed_us - 10**14
    )
    found = evidence_of(world, old)
    assert (found.decisions, found.not_judged, found.folders.named, found.folders.extra) == (0, 1, 1, 0)


def test_missing_extra_and_damaged_folders_are_told_and_harm_nothing(world):
    world.save("c3")
    world.save("c4")
    (world.folder / "c3" / "trust.pem").write_bytes(b"\xff garbage")
    (world.folder / "c3" / "request.json").unlink()
    (world.folder / "odd name").mkdir()
    found = evidence_of(world, accepted(), accepted("c2", "c2"), accepted("c3", "c3"), accepted("c5", "../x"))
    told = found.folders
    assert (told.named, told.missing, told.incomplete, told.extra, told.strange) == (4, 2, 1, 1, 1)
    assert told.missing_examples == ("../x", "c2")
    assert told.extra_examples == ("c4",)
    assert found.agreed == 1
    assert found.accepted_invalid == 2  # nothing signed lies there


def test_numbers_of_people_in_names_are_made_unreadable(world):
    world.save(f"case-{IIN}")
    assert evidence_of(world, accepted()).folders.extra_examples == ("case-************",)


def test_examples_are_few_and_the_worst_in_the_order_of_cases(world):
    cases = [accepted(f"n{number:03}", f"none{number}") for number in range(3 * MAX_EXAMPLES)]
    found = evidence_of(world, *reversed(cases))
    assert found.accepted_invalid == 3 * MAX_EXAMPLES
    assert [example.case_id for example in found.examples] == [f"n{n:03}" for n in range(MAX_EXAMPLES)]


def test_a_case_that_stands_for_others_counts_as_often(world):
    tally = DecisionTally(PACK, context_of(PACK, (), None), open_documents(world.folder))
    assert tally.result().decisions == 0
    (case,) = group_cases([accepted()], frozenset({"P8"}))
    tally.observe(case, 7)
    assert tally.result().decisions == 7


def test_the_worst_agreement_comes_first():
    assert tuple(Agreement)[:2] == (Agreement.ACCEPTED_INVALID, Agreement.REFUSED_VALID)

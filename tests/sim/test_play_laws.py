"""Laws of every play: no generated case makes an actor raise, and each ends once."""

import re
from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.envelopes import ISSUED, read_request, read_result
from actors.iin import is_valid
from sim.plan import RequestFlaw, StationPlan
from tests.sim.drawn_plays import crowds, settings_of_plays
from tests.sim.small_plays import ENDINGS, attributes, route, rows_of, run, world

ENDS_AGAIN = {
    "employee-goes-on-without-data",
    "portal-goes-on-after-refusal",
    "workstation-answers-twice",
}
"""Faults by which a case goes on, or is answered, after its end."""


@settings(deadline=None, max_examples=15)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_whatever_happens_every_case_has_one_ending(cases, setting, seed):
    played = run(*cases, seed=seed, **setting)

    for number, plan in enumerate(cases, start=1):
        steps = route(played, number).split()
        endings = [step for step in steps if step in ENDINGS[plan.path]]
        assert len(endings) == 1 or (endings and setting["fault"] in ENDS_AGAIN), steps
        assert steps[-1] == endings[-1]
        assert {step[0] for step in steps} == {"P" if plan.path == "portal" else "V"}
    check_rows(played)
    assert played.answered_by_1414 == sum(plan.citizen.asks_1414 for plan in cases)


def check_rows(played):
    """Check what holds for every row of every play."""
    for row in played.rows:
        assert row.enabled_us <= row.started_us <= row.completed_us
        own = attributes(row)
        assert 0 <= own["waited_us"] <= row.completed_us - row.enabled_us
        assert (row.request_number is not None) == (row.step in {"P6", "P7", "P8", "V6", "V7", "V8"})
        assert not any(is_valid(number) for number in re.findall(r"\b[0-9]{12}\b", repr(row)))


@settings(deadline=None, max_examples=15)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_without_a_fault_nothing_is_given_twice(cases, setting, seed):
    played = run(*cases, seed=seed, **setting | {"fault": None})

    answers = [row for row in played.rows if row.step in {"P7", "P8", "V7", "V8"}]
    slots = [slot for row in answers if (slot := attributes(row).get("slot")) and row.outcome == "ok"]
    registered = Counter(row.request_number for row in played.rows if row.step in {"P6", "V6"})
    assert len(slots) == len(set(slots))
    assert set(registered.values()) <= {1}
    assert [row.request_number for row in answers if row.request_number not in registered] == []
    for folder, documents in played.documents.items():
        if folder != "messages":
            check_documents(documents)


QUERIES = [f"query-{attempt}.json" for attempt in (1, 2, 3)]


def check_documents(documents):
    """Check that an answer speaks of the request beside it."""
    assert "trust.pem" in documents
    if "request.json" not in documents:
        assert "rejected-request.json" in documents or set(documents) <= {"trust.pem", *QUERIES}
        return
    request = read_request(documents["request.json"])
    answers = [read_result(documents[name]) for name in ("result.json", "refusal.json") if name in documents]
    (answer,) = answers
    assert (answer.request_id, answer.service) == (request.id, request.service)
    assert (answer.outcome == ISSUED) == ("result.json" in documents) == (answer.reason is None)


@settings(deadline=None, max_examples=8)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_the_same_seed_plays_the_same(cases, setting, seed):
    assert run(*cases, seed=seed, **setting) == run(*cases, seed=seed, **setting)


def with_a_name_of_its_own(citizen):
    """Let a request not be made under the identifier or nonce of the first one."""
    taken = citizen.request in {RequestFlaw.REPLAYED, RequestFlaw.REUSED_ID}
    return msgspec.structs.replace(citizen, request=None) if taken else citizen


@settings(deadline=None, max_examples=15)
@given(crowds(), st.randoms(use_true_random=False))
def test_a_citizens_route_does_not_depend_on_who_stands_where_in_the_list(cases, random):
    """With nobody queueing and no slots or identifiers to compete for, each case is a play of its own."""
    cases = [
        msgspec.structs.replace(
            plan, service="doctor-home-call", citizen=with_a_name_of_its_own(plan.citizen)
        )
        for plan in cases
    ]
    wide = world(stations={name: StationPlan(servers=None) for name in world().stations})
    together = run(*cases, world=wide)
    shuffled = run(*random.sample(cases, len(cases)), world=wide)

    for number in range(1, len(cases) + 1):
        assert [row.step for row in rows_of(together, number)] == [
            row.step for row in rows_of(shuffled, number)
        ]

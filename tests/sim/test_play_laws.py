"""Laws of every play: no generated case makes an actor raise, and each ends once."""

import re
from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.envelopes import ISSUED, read_request, read_result
from actors.faults import FAULTS
from actors.iin import is_valid
from sim.laws import Constant
from sim.plan import (
    Account,
    Attachment,
    Certificate,
    CitizenPlan,
    Deed,
    Form,
    Happening,
    LateRequests,
    Moment,
    Password,
    StationPlan,
)
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS
from tests.sim.small_plays import ENDINGS, SERVICES, attributes, case, route, rows_of, run, world

lengths = st.sampled_from(["0 s", "1 us", "1 s", "20 s", "90 s", "11 min", "31 min", "5 h", "30 h"])
flags = st.booleans()
usually = st.sampled_from([True, True, True, False])

citizens = st.builds(
    CitizenPlan,
    account=st.sampled_from(Account),
    password=st.sampled_from([Password.RIGHT, Password.RIGHT, Password.WRONG]),
    certificate=st.sampled_from([Certificate.VALID] * 6 + list(Certificate)),
    tampered=usually.map(lambda rarely: not rarely),
    in_registry=usually,
    attached=st.sampled_from([Attachment.USUAL] * 3 + list(Attachment)),
    form=st.sampled_from([Form.COMPLETE] * 5 + list(Form)),
    asks_1414=flags,
    submits_twice=flags,
)


@st.composite
def crowds(draw):
    count = draw(st.integers(1, 3))
    return [
        msgspec.structs.replace(
            case(
                number,
                draw(st.sampled_from(SERVICES)),
                draw(st.sampled_from(sorted(ENDINGS))),
                draw(st.sampled_from(["0 s", "0 s", "7 s", "40 min", "30 h"])),
            ),
            citizen=draw(citizens),
        )
        for number in range(1, count + 1)
    ]


steps = st.sampled_from(sorted(STATIONS_OF_STEPS))
happenings = st.builds(
    lambda deed, step, when, length: Happening(
        do=deed,
        step=step,
        when=when,
        lasting=length if deed in {Deed.GATEWAY_DOWN, Deed.REGISTRY_DOWN} else None,
    ),
    st.sampled_from(Deed),
    steps,
    st.sampled_from(Moment),
    lengths,
)
servers = st.sampled_from([1, 1, 2, 5, None]).map(lambda count: StationPlan(servers=count))


@st.composite
def worlds(draw):
    stations = sorted({s for names in STATIONS_OF_STEPS.values() for s in names} | {"registrar"})
    slowed = draw(st.lists(steps, max_size=3, unique=True))
    return world(
        stations={name: draw(servers) for name in draw(st.lists(st.sampled_from(stations), max_size=3))},
        steps={
            step: {station: Constant(value=draw(lengths)) for station in STATIONS_OF_STEPS[step]}
            for step in slowed
        },
        decision={path: Constant(value=draw(lengths)) for path in DECISION_STATIONS if draw(flags)},
        gateway_retry=draw(st.sampled_from(["5 s", "10 min"])),
        registry_timeout=draw(st.sampled_from(["100 ms", "40 s", "2 h"])),
        registry_attempts=draw(st.integers(1, 3)),
        slot_hold=draw(st.sampled_from(["100 ms", "20 s", "15 min"])),
        late_requests={path: draw(st.sampled_from(LateRequests)) for path in ENDINGS},
    )


starts = st.sampled_from(
    [
        "2013-05-15T10:00",
        "2013-05-15T17:55",
        "2013-05-15T19:59",
        "2013-05-17T23:59",
        "2013-05-18T13:59",
        "2013-05-19T12:00",
        "2013-12-31T23:59",
        "2012-02-29T07:59",
    ]
)
settings_of_plays = st.fixed_dictionaries(
    {
        "start": starts,
        "world": worlds(),
        "happenings": st.lists(happenings, max_size=3),
        "fault": st.none() | st.sampled_from(sorted(FAULTS)),
    }
)


@settings(deadline=None, max_examples=70)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_whatever_happens_every_case_has_one_ending(cases, setting, seed):
    played = run(*cases, seed=seed, **setting)

    for number, plan in enumerate(cases, start=1):
        steps = route(played, number).split()
        endings = [step for step in steps if step in ENDINGS[plan.path]]
        twice = setting["fault"] == "workstation-answers-twice" and len(endings) == 2
        assert len(endings) == 1 or twice, steps
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


@settings(deadline=None, max_examples=40)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_without_a_fault_nothing_is_given_twice(cases, setting, seed):
    played = run(*cases, seed=seed, **setting | {"fault": None})

    answers = [row for row in played.rows if row.step in {"P7", "P8", "V7", "V8"}]
    slots = [slot for row in answers if (slot := attributes(row).get("slot")) and row.outcome == "ok"]
    registered = Counter(row.request_number for row in played.rows if row.step in {"P6", "V6"})
    assert len(slots) == len(set(slots))
    assert set(registered.values()) <= {1}
    assert [row.request_number for row in answers if row.request_number not in registered] == []
    for documents in played.documents.values():
        check_documents(documents)


def check_documents(documents):
    """Check that an answer speaks of the request beside it."""
    assert "trust.pem" in documents
    if "request.json" not in documents:
        assert "rejected-request.json" in documents
        return
    request = read_request(documents["request.json"])
    answers = [read_result(documents[name]) for name in ("result.json", "refusal.json") if name in documents]
    (answer,) = answers
    assert (answer.request_id, answer.service) == (request.id, request.service)
    assert (answer.outcome == ISSUED) == ("result.json" in documents) == (answer.reason is None)


@settings(deadline=None, max_examples=25)
@given(crowds(), settings_of_plays, st.integers(0, 2**32))
def test_the_same_seed_plays_the_same(cases, setting, seed):
    assert run(*cases, seed=seed, **setting) == run(*cases, seed=seed, **setting)


@settings(deadline=None, max_examples=25)
@given(crowds(), st.randoms(use_true_random=False))
def test_a_citizens_route_does_not_depend_on_who_stands_where_in_the_list(cases, random):
    """With nobody queueing and no slots to compete for, each case is a play of its own."""
    cases = [msgspec.structs.replace(plan, service="doctor-home-call") for plan in cases]
    wide = world(stations={name: StationPlan(servers=None) for name in world().stations})
    together = run(*cases, world=wide)
    shuffled = run(*random.sample(cases, len(cases)), world=wide)

    for number in range(1, len(cases) + 1):
        assert [row.step for row in rows_of(together, number)] == [
            row.step for row in rows_of(shuffled, number)
        ]

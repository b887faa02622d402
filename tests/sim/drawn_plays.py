"""Random plays: citizens with every knob, worlds of every speed, everything that can happen."""

import msgspec
from hypothesis import strategies as st

from actors.faults import FAULTS
from actors.forgery import SignatureFlaw
from sim.laws import Constant
from sim.plan import (
    OUTAGES,
    Account,
    AttachedFiles,
    Attachment,
    Certificate,
    CitizenPlan,
    Deed,
    Form,
    Happening,
    LateRequests,
    Moment,
    Password,
    RequestFlaw,
    Retry,
    StationPlan,
)
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS
from tests.sim.small_plays import ENDINGS, SERVICES, case, world

ORDERLY_FAULTS = sorted(name for name, fault in FAULTS.items() if fault.switch[0] != "procedure")
"""Faults that leave the order of steps and what they carry alone: for the others those are the violation."""

lengths = st.sampled_from(["0 s", "1 us", "1 s", "20 s", "90 s", "11 min", "31 min", "5 h", "30 h"])
flags = st.booleans()
usually = st.sampled_from([True, True, True, False])

citizens = st.builds(
    CitizenPlan,
    account=st.sampled_from(Account),
    password=st.sampled_from([Password.RIGHT, Password.RIGHT, Password.WRONG]),
    certificate=st.sampled_from([Certificate.VALID] * 6 + list(Certificate)),
    signature=st.sampled_from([None] * 6 + list(SignatureFlaw)),
    request=st.sampled_from([None] * 6 + list(RequestFlaw)),
    files=st.sampled_from(AttachedFiles),
    in_registry=usually,
    attached=st.sampled_from([Attachment.USUAL] * 3 + list(Attachment)),
    form=st.sampled_from([Form.COMPLETE] * 5 + list(Form)),
    asks_1414=flags,
    retry=st.sampled_from(Retry),
    clock=st.sampled_from(["0 s"] * 5 + ["30 s", "-9 min", "61 s", "-11 min", "-31 d"]),
    person=st.sampled_from([None, None, None, "somebody"]),
    looks_again=st.sampled_from([None] * 4 + ["1 s", "2 d", "300 d"]),
)


@st.composite
def crowds(draw):
    return [draw_case(draw, number) for number in range(1, draw(st.integers(1, 3)) + 1)]


def draw_case(draw, number):
    path = draw(st.sampled_from(sorted(ENDINGS)))
    arrives = draw(st.sampled_from(["0 s", "0 s", "7 s", "40 min", "30 h"]))
    plan = case(number, draw(st.sampled_from(SERVICES)), path, arrives)
    return msgspec.structs.replace(plan, citizen=playable(draw(citizens), path))


def playable(citizen, path):
    """Leave out what cannot be played together."""
    if path == "provider":  # there the employee writes the request and signs it
        return msgspec.structs.replace(citizen, request=None, signature=None)
    if citizen.signature is SignatureFlaw.DOCUMENT_CHANGED:  # what cannot be read cannot be changed either
        return msgspec.structs.replace(citizen, request=None)
    if citizen.signature is SignatureFlaw.SUBSTITUTED_CERTIFICATE:  # there is one more for an ordinary key
        return msgspec.structs.replace(citizen, certificate=Certificate.VALID)
    return citizen


steps = st.sampled_from(sorted(STATIONS_OF_STEPS))
happenings = st.builds(
    lambda deed, step, when, length: Happening(
        do=deed,
        step=step,
        when=when,
        lasting=length if deed in OUTAGES else None,
    ),
    # Not the revocation of the authority: it takes the gateway's key with it, and the play ends there.
    st.sampled_from([deed for deed in Deed if deed is not Deed.REVOKE_AUTHORITY]),
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
        check_retry=draw(st.sampled_from(["1 min", "10 min"])),
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
        "fault": st.none() | st.sampled_from(ORDERLY_FAULTS),
    }
)

"""A play of any length: the same as a small one, in memory that does not grow with it."""

import gc
from collections import Counter

import msgspec
import pytest

from actors.citizen import compose
from actors.envelopes import SignedDocument
from actors.health_is import RenderedService
from actors.message_log import verify_chain
from actors.workstation import Registration
from conformance.errors import InputError
from conformance.log import Row
from sim.people import MAX_PEOPLE
from sim.plan import CasePlan, Certificate, CitizenPlan
from sim.recorder import FolderSink, Recorder, Sink
from sim.timetable import Timetable
from sim.volume import KEPT_CASES, play_stream
from sim.world import build_world
from tests.sim.small_plays import CHEAP, SERVICES, a_play, at, pack, shipped_world
from tests.sim.small_plays import world as changed_world

PEOPLE = 40


class Tally(Sink):
    """Count what comes and keep none of it; look at the world's memory now and then."""

    def __init__(self):
        self.rows, self.messages, self.outcomes, self.held = 0, 0, Counter(), []

    def keep_row(self, row):
        self.rows += 1
        if row.step in {"P8", "V8", "P4", "P7", "V7", "V4"}:
            self.outcomes[row.outcome] += 1
            if self.outcomes.total() % 100 == 0:
                gc.collect()
                self.held.append(sum(type(one) is Registration for one in gc.get_objects()))

    def keep(self, folder, name, octets): ...

    def has_documents(self, _folder):
        return False

    def keep_message(self, _line):
        self.messages += 1

    def end_messages(self, play_id): ...

    def keep_decision(self, case_id, decision): ...


def crowd(number, every="90 s", services=SERVICES, paths=("portal",)):
    seconds = int(every.removesuffix(" s"))
    for n in range(number):
        yield CasePlan(
            id=f"case-{n}",
            service=services[n % len(services)],
            path=paths[n % len(paths)],
            citizen=CitizenPlan(person=f"person-{n % PEOPLE}", asks_1414=n % 10 == 0),
            arrives=f"{n * seconds} s",
        )


def empty_play(**changes):
    return msgspec.structs.replace(a_play(**changes), cases=())


def test_a_stream_leaves_what_a_play_leaves(tmp_path):
    cases = tuple(crowd(80, every="300 s", paths=("portal", "portal", "provider")))
    whole, streamed = Recorder(), Recorder()
    play_stream(a_play(*cases), cases, pack(), 1, whole, password_cost=CHEAP)

    totals = play_stream(empty_play(), iter(cases), pack(), 1, streamed, password_cost=CHEAP, kept_cases=10)
    with FolderSink.opened(tmp_path) as sink:
        play_stream(empty_play(), iter(cases), pack(), 1, sink, password_cost=CHEAP, kept_cases=10)

    assert streamed.rows == whole.rows
    assert streamed.documents == whole.documents
    assert streamed.decisions == whole.decisions
    assert (totals.cases, totals.answered_by_1414) == (80, 8)
    written = {path.name: contents(path) for path in (tmp_path / "documents").iterdir()}
    assert written == {folder: dict(files) for folder, files in whole.documents.items()}
    lines = (tmp_path / "rows.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(line, type=Row) for line in lines] == whole.rows
    assert len((tmp_path / "decisions.jsonl").read_bytes().splitlines()) == sum(
        map(len, whole.decisions.values())
    )


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_streamed_message_log_holds_together(tmp_path):
    with FolderSink.opened(tmp_path) as sink:
        play_stream(empty_play(), crowd(12), pack(), 1, sink, password_cost=CHEAP)

    with (tmp_path / "documents" / "messages" / "a-play.jsonl").open("rb") as lines:
        summary = verify_chain(lines)
    assert summary.closed
    assert (summary.accepted, summary.under_way) == (24, ())


def test_what_is_held_does_not_grow_with_the_number_of_cases():
    tally = Tally()

    totals = play_stream(
        empty_play(world=quick_world()),
        crowd(450, every="600 s", services=("doctor-home-call",)),
        pack(),
        1,
        tally,
        password_cost=CHEAP,
        kept_cases=25,
    )

    assert totals.cases == sum(tally.outcomes.values()) == 450
    assert set(tally.outcomes) == {"ok"}
    # A night's requests wait for the morning: about 90 are there at once, whatever the number of days.
    assert max(tally.held) < 150


def quick_world():
    unlimited = {
        name: msgspec.structs.replace(plan, servers=None) for name, plan in shipped_world().stations.items()
    }
    return changed_world(stations=unlimited)


def test_actors_put_away_what_ended_and_nothing_younger():
    cast = build_world(empty_play(), pack(), 1, CHEAP).cast
    for moment_us in (10, 20):
        cast.provider.write("call-journal", "1", "visit", moment_us)
        cast.call_centre.inform("doctor-home-call", moment_us)
        cast.health_is.report(RenderedService("doctor-home-call", "clinic", "1", "issued", moment_us))
        register(cast, moment_us)

    cast.put_away(20)

    assert [line.written_us for line in cast.provider.journal] == [20]
    assert [enquiry.at_us for enquiry in cast.call_centre.enquiries] == [20]
    assert cast.call_centre.answered == 2
    assert [entry.at_us for entry in cast.health_is.rendered] == [20]
    assert register(cast, 20).repeated
    assert not register(cast, 10).repeated


def register(cast, moment_us):
    request = compose(
        request_id=f"R-{moment_us}",
        service="doctor-home-call",
        iin="760805393806",
        provider=cast.clinic.bin,
        form={},
        nonce="0" * 32,
        now_us=moment_us,
    )
    return cast.workstation.register(SignedDocument(request.octets(), None), "130515", moment_us)


def test_a_small_play_puts_nothing_away():
    """What a scenario can still ask for, days later, is there: the nonce of its first case."""
    plans = [
        CasePlan(
            id=f"case-{n}",
            service="doctor-home-call",
            path="portal",
            citizen=msgspec.convert(
                {"person": "somebody"} | ({"request": "reused_id"} if n else {}), CitizenPlan
            ),
            arrives=f"{n * 2} d",
        )
        for n in range(2)
    ]
    kept = Recorder()
    play_stream(empty_play(), plans, pack(), 1, kept, password_cost=CHEAP)

    assert [row.outcome for row in kept.rows if row.case_id == "case-1"][-1] == "REPLAY"
    assert KEPT_CASES >= MAX_PEOPLE


def test_certificates_are_renewed_in_a_long_play():
    plans = [
        CasePlan(
            id=f"{kind}-{n}",
            service="doctor-home-call",
            path="portal",
            citizen=CitizenPlan(person=f"person-{kind}", certificate=kind),
            arrives=f"{n * 5} d",
        )
        for n in range(2)
        for kind in (Certificate.VALID, Certificate.EXPIRED, Certificate.NOT_YET_VALID)
    ]
    recorder = Recorder()
    play_stream(empty_play(), plans, pack(), 1, recorder, password_cost=CHEAP)

    last = {row.case_id: row.outcome for row in recorder.rows}
    for n in range(2):
        assert last[f"valid-{n}"] == "ok"
        assert last[f"expired-{n}"] == "CERT_EXPIRED"
        assert last[f"not_yet_valid-{n}"] == "CERT_NOT_YET_VALID"


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([("a", "10 s", "p"), ("b", "9 s", "p")], "arrivals in the order of time"),
        ([("a", "0 s", "p"), ("a", "9 s", "p")], "the id a twice"),
        ([("a b", "0 s", "p")], "it names a folder"),
        ([(f"a{n}", "0 s", f"p{n}") for n in range(901)], "901 people"),
    ],
)
def test_what_cannot_be_played_is_refused_when_it_comes(cases, message):
    plans = [
        CasePlan(
            id=name,
            service="doctor-home-call",
            path="portal",
            citizen=CitizenPlan(person=person),
            arrives=arrives,
        )
        for name, arrives, person in cases
    ]
    with pytest.raises(InputError, match=message):
        play_stream(empty_play(), plans, pack(), 1, Recorder(), password_cost=CHEAP)


def test_no_cases_are_a_play_too():
    recorder = Recorder()

    totals = play_stream(empty_play(), (), pack(), 1, recorder)

    assert (totals.cases, totals.ended_us) == (0, at("2013-05-15T10:00"))
    assert recorder.rows == []


def test_the_timetable_goes_on_with_the_days():
    world = build_world(empty_play(), pack(), 1, CHEAP)
    timetable = world.cast.timetable
    assert isinstance(timetable, Timetable)
    first = timetable.schedule.slots
    late_us = at("2013-06-17T10:00")

    timetable.reach(late_us)
    timetable.schedule.archive(late_us)

    days = {slot.starts[:10] for slot in timetable.schedule.slots}
    assert len({slot.starts[:10] for slot in first}) == 3
    assert days == {"2013-06-18", "2013-06-19", "2013-06-20"} | days & {"2013-06-17"}
    assert not set(first) & set(timetable.schedule.slots)

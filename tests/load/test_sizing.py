"""The smallest staffing: what theory says, what trying all of them says, and what cannot be kept at all."""

from itertools import product

import msgspec
import pytest

from conformance.study_results import SizingNote
from scenarios.sizing import Search
from scenarios.staffing import staffed_stations, with_staffing
from scenarios.study_journal import Journal
from sim.load.task import plan_of
from tests.scenarios.queue_studies import DESK, QUEUE, Heard, ready, trials, within

pytestmark = pytest.mark.xdist_group("the compiled loop")


def search(known, *, some=None, **how):
    """Return a search in a study that has not begun; *some* stations only."""
    stations = staffed_stations(known, plan_of(known.source()))
    if some is not None:
        stations = tuple(station for station in stations if station.name in some)
    return Search(trials(known, **how), known.study, stations)


def least_by_theory(offered, limit, share):
    return next(
        servers for servers in range(int(offered) + 1, 100) if within(servers, offered, limit) >= share
    )


def test_the_share_in_time_of_one_server_is_exponential():
    """In M/M/1 the sojourn is exponential, with the spare rate."""
    assert within(1, 0.5, 3.0) == pytest.approx(1 - 2.718281828459045 ** (-3.0 * 0.5))


@pytest.mark.parametrize("given", [2, 8])
def test_the_least_number_of_servers_is_that_of_theory(tmp_path, given):
    least = least_by_theory(4.0, 75 / 20, 0.95)
    assert within(least, 4.0, 75 / 20) > 0.96
    assert within(least - 1, 4.0, 75 / 20) < 0.94
    stations = {**QUEUE["stations"], "workstation": {"servers": given, "per": "all"}}

    found = search(ready(tmp_path, QUEUE, stations=stations)).find()

    assert found.complete
    assert found.sizing.chosen.servers == {
        "desk": 1, "gateway": 1, "portal": 1, "registrar": 1, "registry": 1, "workstation": least,
    }  # fmt: skip
    assert found.sizing.chosen.kept == "kept"
    assert found.sizing.chosen.low <= within(least, 4.0, 75 / 20) <= found.sizing.chosen.high
    assert SizingNote(kind="idle", stations=("desk", "registry")) in found.sizing.notes


def test_one_server_less_was_tried_everywhere_and_nothing_twice(tmp_path):
    heard = Heard()
    known = ready(tmp_path, DESK)
    own = search(known, some=("desk", "registry"), heard=heard)

    found = own.find()

    path, chosen = found.sizing.path, found.sizing.chosen
    tried = {tuple(one.servers.values()): one for one in path}
    for name, number in chosen.servers.items():
        if number > 1:
            assert tried[tuple((chosen.servers | {name: number - 1}).values())].kept != "kept"
    assert len({(*one.servers.values(), one.replications) for one in path}) == len(path)
    assert heard.replications == len(own.trials.player.journal.known)
    assert len(heard.tried) == len(tried)
    assert all(one.cost == sum(one.servers.values()) for one in path)


def test_it_is_the_cheapest_of_all_staffings_that_keep_the_limits(tmp_path):
    """The desk is held while the registry is waited for, so more servers at the desk alone help little."""
    known = ready(tmp_path, DESK, costs={"servers": {"desk": 3}})
    own = search(known, some=("desk", "registry"))

    found = own.find()

    other = trials(known)
    other.aside |= own.trials.aside
    keeping = {
        numbers: 3 * numbers[desk] + numbers[1 - desk]
        for numbers in product(range(1, 8), repeat=2)
        if other.look(with_staffing(known.study, own.stations, numbers)).kept == "kept"
        for desk in [next(at for at, station in enumerate(own.stations) if station.name == "desk")]
    }
    cheapest = min(keeping.values())
    assert found.sizing.chosen.cost == cheapest
    assert keeping[found.numbers] == cheapest
    alternatives = found.sizing.alternatives
    assert len(alternatives) >= 2
    for one in alternatives:
        assert keeping[tuple(one.servers[station.name] for station in own.stations)] == one.cost >= cheapest


def test_few_replications_are_enough_where_they_are_clear_but_not_for_the_chosen_one(tmp_path):
    found = search(ready(tmp_path, QUEUE, lasts="30 min", warm_up="none"), replications=24).find()

    assert found.sizing.chosen.servers["workstation"] == least_by_theory(4.0, 75 / 20, 0.95)
    assert found.sizing.chosen.replications == 24
    assert {one.replications for one in found.sizing.alternatives} == {24}
    few = [one for one in found.sizing.path if one.replications < 24]
    assert {one.kept for one in few if one.replications == 16} <= {"kept", "not_kept"}
    assert len(few) > len(found.sizing.path) / 2


def places(note):
    return [(limit.norm, limit.service, limit.path, limit.step) for limit in note.limits]


def test_a_limit_that_the_service_alone_breaks_is_named(tmp_path):
    found = search(ready(tmp_path, QUEUE, targets={"limits": {"P6": "5 s"}})).find()

    assert found.numbers is None
    assert found.sizing.chosen is None
    (note,) = found.sizing.notes
    assert (note.kind, places(note)) == ("too_slow", [("target", "clinic-attachment", "portal", "P6")])
    assert found.sizing.path[-1].kept == "not_kept"


def test_limits_that_the_pack_is_not_sure_of_do_not_count(tmp_path):
    arrivals = [{**DESK["arrivals"][0], "service": "doctor-home-call"}]

    found = search(ready(tmp_path, DESK, arrivals=arrivals, targets={})).find()

    assert found.sizing.chosen is None
    assert found.sizing.notes == (SizingNote(kind="nothing_to_keep"),)


def test_where_one_server_is_enough_everywhere_nothing_is_added(tmp_path):
    arrivals = [{**QUEUE["arrivals"][0], "per_day": 300}]
    stations = {
        name: {"servers": 1, "per": "all"} for name in ("portal", "gateway", "workstation", "registrar")
    }

    targets = {"limits": {"P6": "5 min"}}

    found = search(ready(tmp_path, QUEUE, arrivals=arrivals, stations=stations, targets=targets)).find()

    assert set(found.sizing.chosen.servers.values()) == {1}
    assert len(found.sizing.alternatives) == 2


def test_limits_of_which_too_little_was_seen_are_set_aside_and_named(tmp_path):
    traits = [{"id": "wrong-password", "share": 0.002, "citizen": {"password": "wrong"}}]

    found = search(ready(tmp_path, QUEUE, traits=traits)).find()

    assert found.sizing.chosen.kept == "kept"
    (few,) = [note for note in found.sizing.notes if note.kind == "few_executions"]
    assert ("S3.P2.limit", "clinic-attachment", "portal", "P2") in places(few)
    assert all(limit.executions for limit in few.limits)


@pytest.mark.parametrize("most", [1, 40])
def test_an_interrupted_search_goes_on_to_the_same_end(tmp_path, most):
    known = ready(tmp_path, DESK)
    whole = search(known, some=("desk", "registry")).find()
    path = tmp_path / "journal"

    with Journal.begin(path, resume=False) as journal:
        broken = search(known, some=("desk", "registry"), journal=journal, heard=Heard(most)).find()
    heard = Heard()
    with Journal.begin(path, resume=True) as journal:
        again = search(known, some=("desk", "registry"), journal=journal, heard=heard).find()

    assert not broken.complete
    assert broken.sizing.notes[0] == SizingNote(kind="interrupted")
    assert broken.sizing.path == whole.sizing.path[: len(broken.sizing.path)]
    assert msgspec.json.encode(again.sizing) == msgspec.json.encode(whole.sizing)
    assert heard.replications + most == len(journal.known)


def test_a_search_ends_after_as_many_staffings_as_allowed(tmp_path):
    own = search(ready(tmp_path, QUEUE))
    own.most = 9

    found = own.find()

    assert found.complete
    assert len(found.sizing.path) <= 10
    assert found.sizing.notes[0] == SizingNote(kind="out_of_trials", n=9)

"""A wrong study is refused with file, place inside it, found, expected, and the nearest name."""

from functools import cache

import pytest

from conformance.errors import InputError
from scenarios import suite_reader
from scenarios.study_journal import Journal
from scenarios.study_play import StudyPlayer
from scenarios.study_reader import STUDIES, find_study, read_study, shipped_studies
from sim.load.engines import Engine
from sim.load.task import plan_of
from sim.load.workers import Workforce
from tests.scenarios import wrong_arrivals, wrong_frames, wrong_stations
from tests.scenarios.small_studies import plan, plans, ready, study

pytestmark = pytest.mark.xdist_group("wrong studies")  # one worker reads the pack, once


@pytest.fixture(autouse=True, scope="module")
def _one_pack():
    """Load the pack once: the checks of packs have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suite_reader, "load_pack", cache(suite_reader.load_pack))
        yield


WRONG = wrong_arrivals.WRONG | wrong_frames.WRONG | wrong_stations.WRONG


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_study_is_refused(tmp_path, name):
    plain, inside, found, nearest = WRONG[name]
    with pytest.raises(InputError) as caught:
        plans(tmp_path, plain)
    error = caught.value
    place, _, inside_place = error.place.partition("study.yaml")
    where = (inside_place + ": " + error.inside).removeprefix(": ").removesuffix(": ")
    assert place == f"{tmp_path}/"
    assert (where, error.found, error.nearest) == (inside, found, nearest)
    assert error.expected
    assert len(str(error)) < 700


def test_every_shipped_study_can_be_played():
    assert shipped_studies()
    for path in shipped_studies():
        known = read_study(path)
        assert known.study.study == path.stem
        plan_of(known.source())


def test_a_shipped_study_is_found_by_its_name_and_a_wrong_name_says_the_nearest():
    assert find_study("astana-day-2013") == STUDIES / "astana-day-2013.yaml"
    with pytest.raises(InputError, match="did you mean astana-day-2013"):
        find_study("astana-day-2031")


def test_a_study_without_a_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: found no such file"):
        read_study(tmp_path / "none.yaml")


def test_a_world_without_a_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: found no such file"):
        ready(tmp_path, study(world="none.yaml"))


def test_a_rule_to_stop_over_an_unknown_measure_is_refused(tmp_path):
    known = ready(tmp_path, study(stop={"measure": "desk mean_wait", "half_width": 1}))
    player = StudyPlayer(known, 1, Engine.UNCOMPILED, Workforce(), Journal(tmp_path / "j"), None)
    with pytest.raises(InputError, match=r"stop\.measure.*did you mean desk mean_wait_s"):
        player.play()


def test_a_load_of_zero_in_a_sweep_is_refused_before_anything_is_played(tmp_path):
    with pytest.raises(InputError, match="found nobody who comes"):
        plans(tmp_path, study(sweep={"parameter": "load", "values": [1, 0]}))


def test_the_points_of_a_sweep_differ_in_that_parameter_alone(tmp_path):
    one, two = plans(tmp_path, study(sweep={"parameter": "stations.desk.servers", "values": [1, 2]}))
    assert [point.study.stations["desk"].servers for point in (one, two)] == [1, 2]
    assert one.network.programs == two.network.programs
    assert one.streams == two.streams


def test_an_office_is_named_in_every_station_of_its_own(tmp_path):
    offices = [{"name": "north", "servers": {"desk": 1}}, {"name": "south", "share": 3}]
    known = plan(tmp_path, study(offices=offices))
    names = known.station_names
    desks = [most for name, most in zip(names, known.network.most_servers, strict=True) if "desk" in name]
    assert {"north/desk", "south/desk", "portal"} <= set(names)
    assert desks == [1, 3]
    assert known.office_shares == (0.25, 1.0)

"""What the command `size` leaves: both staffings as points, the loads that break them, what it was told."""

import pytest

from conformance.errors import InputError
from reports.study_json import decode_study, encode_study
from reports.study_reports import exit_code_of_study
from scenarios.size_command import CHOSEN, GIVEN, do_size
from scenarios.study_command import StudyRequest
from scenarios.study_journal import Journal
from sim.load.engines import Engine
from sim.load.workers import Workforce
from tests.scenarios.queue_studies import QUEUE, Heard, ready

pytestmark = pytest.mark.xdist_group("the compiled loop")


def sized(folder, *, replications=4, heard=None, tolerance=0.2, **changes):
    request = StudyRequest(
        ready=ready(folder, QUEUE, **changes),
        seed=1,
        engine=Engine.COMPILED,
        force=Workforce(1),
        replay="reglament size queue",
        replications=replications,
    )
    return do_size(request, Journal(folder / "journal"), heard or Heard(), tolerance)


def test_both_staffings_are_shown_with_the_loads_that_break_them(tmp_path):
    found = sized(tmp_path)

    assert (found.command, found.complete) == ("size", True)
    assert [point.label for point in found.points] == [GIVEN, CHOSEN]
    servers = {
        station.station: station.servers for station in found.points[-1].stations if station.office is None
    }
    assert servers["workstation"] == found.sizing.chosen.servers["workstation"] < 8
    assert found.breaking_load.holds_at < found.given_breaking_load.holds_at
    assert {move.kind for one in found.sizing.path if (move := one.move)} > {"given", "changed", "scarce"}
    assert exit_code_of_study(found) == 0
    assert decode_study(encode_study(found), "results.json") == found


def test_the_given_staffing_is_one_point_where_it_is_the_smallest(tmp_path):
    least = sized(tmp_path, tolerance=None).sizing.chosen.servers
    stations = {name: {"servers": number, "per": "all"} for name, number in least.items()}

    found = sized(tmp_path, stations=stations)

    assert len(found.points) == 1
    assert found.sizing.chosen.servers == least
    assert found.breaking_load.holds_at is not None
    assert found.given_breaking_load is None


def test_without_a_staffing_there_is_no_breaking_load(tmp_path):
    found = sized(tmp_path, targets={"limits": {"P6": "5 s"}})

    assert found.sizing.chosen is None
    assert (found.breaking_load, found.given_breaking_load) == (None, None)
    assert exit_code_of_study(found) == 1


@pytest.mark.parametrize("most", [3, 30])
def test_an_interruption_leaves_what_was_finished(tmp_path, most):
    found = sized(tmp_path, heard=Heard(most))

    assert not found.complete
    assert found.points[0].replications in {3, 4}
    assert (found.sizing is None) == (most == 3)


def test_one_replication_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least 2"):
        sized(tmp_path, replications=1)

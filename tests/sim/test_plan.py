"""What a plan refuses by itself, and what a whole play must have before it begins."""

import msgspec
import pytest

from conformance.errors import InputError, UnfitValue
from conformance.strict_yaml import read_yaml
from sim.plan import CasePlan, CitizenPlan, Deed, Happening, StationPlan, WorldPlan
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS, check_play
from tests.sim.small_plays import a_play, case, pack, shipped_world, world


def check(play):
    check_play(play, pack())


def without(names, name):
    return {key: value for key, value in names.items() if key != name}


class TestShapes:
    @pytest.mark.parametrize("servers", [0, -1, 100_001])
    def test_a_station_without_servers_is_refused(self, servers):
        with pytest.raises(UnfitValue, match="1 to 100000"):
            StationPlan(servers=servers)

    @pytest.mark.parametrize("servers", [None, 1, 100_000])
    def test_a_station_has_servers_or_no_limit(self, servers):
        assert StationPlan(servers=servers).servers == servers

    @pytest.mark.parametrize("field", ["gateway_retry", "registry_timeout", "slot_hold"])
    @pytest.mark.parametrize("text", ["0 s", "99 ms", "1 sek", ""])
    def test_a_pause_that_is_none_is_refused(self, field, text):
        with pytest.raises(UnfitValue):
            msgspec.structs.replace(shipped_world(), **{field: text}).__post_init__()

    @pytest.mark.parametrize("attempts", [0, 11])
    def test_a_registry_is_asked_once_to_ten_times(self, attempts):
        with pytest.raises(UnfitValue, match="1 to 10"):
            msgspec.structs.replace(shipped_world(), registry_attempts=attempts).__post_init__()

    @pytest.mark.parametrize("do", [Deed.GATEWAY_DOWN, Deed.REGISTRY_DOWN])
    def test_an_outage_lasts(self, do):
        with pytest.raises(UnfitValue, match="a length"):
            Happening(do=do, step="P5")
        with pytest.raises(UnfitValue, match="did you mean s"):
            Happening(do=do, step="P5", lasting="5 sec")
        assert Happening(do=do, step="P5", lasting="0 s")

    @pytest.mark.parametrize("do", [Deed.TAKE_SLOT, Deed.TAMPER_IN_TRANSIT, Deed.REVOKE_CERTIFICATE])
    def test_nothing_else_lasts(self, do):
        with pytest.raises(UnfitValue, match="no length"):
            Happening(do=do, step="P5", lasting="5 s")

    @pytest.mark.parametrize("text", ["soon", "5", "5 sec", "-1 s", "400 d"])
    def test_an_arrival_is_a_duration(self, text):
        with pytest.raises(UnfitValue):
            CasePlan(id="a", service="s", path="portal", citizen=CitizenPlan(), arrives=text)

    @pytest.mark.parametrize(
        ("found", "place"),
        [
            ("stations: {portal: {servers: 0}}\nsteps: {}\ndecision: {}\n", "stations.portal"),
            (
                "stations: {}\nsteps: {P1: {portal: {law: constant, value: '1 sek'}}}\ndecision: {}\n",
                "steps.P1.portal",
            ),
            ("stations: {}\nsteps: {}\ndecision: {}\nslot_holt: '1 s'\n", "slot_holt"),
            ("stations: {}\nsteps: {}\n", "decision"),
        ],
    )
    def test_a_world_file_is_refused_with_the_place_in_it(self, found, place, tmp_path):
        file = tmp_path / "world.yaml"
        file.write_text(found, encoding="utf-8")

        with pytest.raises(InputError) as caught:
            read_yaml(file, WorldPlan)

        assert str(file) in str(caught.value)
        assert place.rpartition(".")[2] in str(caught.value)


class TestPlays:
    def test_the_shipped_world_can_be_played(self):
        check(a_play())

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            ({"service": "doctor-home-cal"}, "did you mean doctor-home-call"),
            ({"path": "portals"}, "did you mean portal"),
            ({"path": ""}, "a path"),
        ],
    )
    def test_a_case_with_an_unknown_name_is_refused(self, change, found):
        with pytest.raises(InputError, match=found) as caught:
            check(a_play(msgspec.structs.replace(case(), **change)))

        assert "the play a-play: cases[0]" in str(caught.value)

    @pytest.mark.parametrize("name", ["", "../other", "a/b", ".hidden", "a b", "x" * 101, "a\n", "қ"])
    def test_a_case_is_named_as_a_folder_can_be(self, name):
        with pytest.raises(InputError, match="it names a folder"):
            check(a_play(msgspec.structs.replace(case(), id=name)))

    def test_no_two_cases_have_one_name(self):
        with pytest.raises(InputError, match="case-1 twice"):
            check(a_play(case(1), case(2), case(1)))

    def test_more_people_than_can_be_numbered_are_refused(self):
        check(a_play(*(case(n) for n in range(900))))
        with pytest.raises(InputError, match="901 people"):
            check(a_play(*(case(n) for n in range(901))))

    def test_an_unknown_fault_is_refused_with_the_nearest_one(self):
        with pytest.raises(InputError, match="did you mean portal-skips-period"):
            check(a_play(fault="portal-skip-period"))

    @pytest.mark.parametrize("start", ["1991-12-31T23:59", "2100-01-01T00:00", "0002-01-01T00:00"])
    def test_a_time_in_which_nothing_of_this_existed_is_refused(self, start):
        with pytest.raises(InputError, match="1992 to 2099"):
            check(a_play(start=start))

    @pytest.mark.parametrize("station", [*dict.fromkeys(s for n in STATIONS_OF_STEPS.values() for s in n)])
    def test_a_missing_station_is_refused(self, station):
        lacking = msgspec.structs.replace(
            shipped_world(), stations=without(shipped_world().stations, station)
        )
        with pytest.raises(InputError, match=f"the station {station}"):
            check(a_play(world=lacking))

    @pytest.mark.parametrize("step", STATIONS_OF_STEPS)
    def test_a_step_without_its_times_is_refused(self, step):
        lacking = msgspec.structs.replace(shipped_world(), steps=without(shipped_world().steps, step))
        with pytest.raises(InputError, match=rf"steps\.{step}: found nothing"):
            check(a_play(world=lacking))

    @pytest.mark.parametrize("path", DECISION_STATIONS)
    def test_a_path_without_its_decision_is_refused(self, path):
        lacking = msgspec.structs.replace(shipped_world(), decision=without(shipped_world().decision, path))
        with pytest.raises(InputError, match=f"a time for the {path} path"):
            check(a_play(world=lacking))

    @pytest.mark.parametrize(
        ("field", "names", "nearest"),
        [
            ("steps", {"P9": {}}, ""),
            ("decision", {"portals": next(iter(shipped_world().decision.values()))}, "portal"),
        ],
    )
    def test_a_name_that_no_play_would_look_at_is_refused(self, field, names, nearest):
        more = msgspec.structs.replace(shipped_world(), **{field: getattr(shipped_world(), field) | names})
        with pytest.raises(InputError, match=f"unknown name.*{nearest}"):
            check(a_play(world=more))

    def test_a_station_where_a_step_is_never_worked_on_is_refused(self):
        law = shipped_world().steps["P1"]["portal"]
        with pytest.raises(InputError, match="did you mean portal"):
            check(a_play(world=world(steps={"P1": {"portall": law}})))

"""The programs of load studies do what the actors do: the same cases leave the same rows, to the microsecond.

Larger studies are played by tests/load.
"""

import pytest

from actors.signature_mode import SignatureMode
from conformance.errors import InputError
from sim.load.engines import Engine
from sim.load.task import plan_of
from sim.recorder import FolderSink
from sim.signatures import SignatureChoice
from tests.scenarios.compared import actors_rows, differences, log_rows
from tests.scenarios.enacted_studies import everybody, outage, studies
from tests.scenarios.small_studies import plan, ready, study

SMALL = studies(0.3)


@pytest.mark.parametrize("name", SMALL)
def test_the_actors_leave_the_rows_of_the_log(tmp_path, name):
    known = ready(tmp_path, SMALL[name])
    found, rows = differences(known, plan_of(known.source()), tmp_path, seed=3)
    assert found == []
    assert rows > 60


def test_the_simpy_engine_leaves_the_rows_of_the_actors_too(tmp_path):
    known = ready(tmp_path, SMALL["outages"])
    assert differences(known, plan_of(known.source()), tmp_path, seed=4, engine=Engine.SIMPY)[0] == []


def test_a_time_that_the_plan_spends_elsewhere_is_noticed(tmp_path):
    known = ready(tmp_path, study(arrivals=everybody(20)))
    mine = plan_of(known.source())
    assert differences(known, mine, tmp_path)[0] == []
    layouts = mine.network.programs.layouts
    begins = next(at for at, kind in mine.kinds.items() if kind.path == "portal")
    names = layouts[begins]
    swap = {"P1/citizen": "P3/citizen", "P3/citizen": "P1/citizen"}
    layouts[begins] = tuple(swap.get(name, name) for name in names)
    log_alone = log_rows(mine, tmp_path / "swapped.parquet")
    layouts[begins] = names
    assert log_alone != log_rows(mine, tmp_path / "log.parquet")
    enacted = actors_rows(known, mine).rows
    moments = {key: (row.started_us, row.completed_us) for key, row in enacted.items()}
    assert moments != {key: (row.started_us, row.completed_us) for key, row in log_alone.items()}


def test_documents_are_kept_and_the_rows_are_the_same_with_and_without_signatures(tmp_path):
    known = ready(tmp_path, study(arrivals=everybody(12)))
    mine = plan_of(known.source())
    off = actors_rows(known, mine)
    for mode in (SignatureMode.REAL, SignatureMode.SAMPLED):
        with FolderSink.opened(tmp_path / mode) as sink:
            real = actors_rows(known, mine, signatures=SignatureChoice(mode=mode, share=0.5), sink=sink)
        assert real.rows == off.rows
        documents = tmp_path / mode / "documents"
        sent = {case for case, step in real.rows if step == "P8"}
        assert sent
        assert all((documents / case / "result.json").is_file() for case in sent)
        signed = {case for case in sent if (documents / case / "result.p7s").is_file()}
        assert signed == sent if mode is SignatureMode.REAL else signed < sent


@pytest.mark.parametrize(
    ("changes", "inside"),
    [
        ({"offices": 2}, "offices"),
        ({"arrivals": [everybody(20)[0] | {"priority": 1}]}, "arrivals"),
        (
            {"stations": {"desk": {"time_out": {"after": {"law": "constant", "value": "9 min"}}}}},
            "stations.desk",
        ),
        (
            {
                "stations": {
                    "desk": {
                        "shifts": [{"days": ["monday"], "start": "08:00", "end": "12:00", "servers": 2}],
                    }
                }
            },
            "stations.desk",
        ),
        ({"stations": {"gateway": {"retry": {"first": "1 s", "factor": 2}}}}, "stations.gateway"),
        (
            {
                "stations": {
                    "desk": {
                        "servers": 2,
                        "outages": [{"start": "2013-05-15T09:00", "lasting": "1 h", "servers": 1}],
                    }
                }
            },
            "stations.desk",
        ),
        ({"stations": {"desk": outage("15T09:00", "1 h", servers=2, when_down="retry")}}, "stations.desk"),
        ({"arrivals": everybody(2000)}, "arrivals"),
    ],
)
def test_what_the_actors_do_not_know_is_refused_by_its_name(tmp_path, changes, inside):
    known = ready(tmp_path, study(**changes))
    with pytest.raises(InputError, match="with signatures real or sampled") as caught:
        actors_rows(known, plan(tmp_path, study(**changes)))
    assert caught.value.inside.startswith(inside)

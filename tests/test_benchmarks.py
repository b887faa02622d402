"""The benchmarks run and count what they should; how fast is for those who run them in earnest."""

import pytest

from benchmarks import engines, our_engines, signatures
from benchmarks.bare_calls import record
from benchmarks.engines import C_LOOP, CIW, COMPILED, OUR_SIMPY, PLAIN, Cost
from benchmarks.peers import plain_simpy
from benchmarks.reference_work import count_unlike, draw
from benchmarks.request_flow import prepare
from benchmarks.volume import play_many
from conformance.pack import load_pack
from sim.signatures import SignatureChoice


def test_a_request_holds_four_signatures_and_five_verifications():
    flow = prepare(load_pack("astana-106-1923"), SignatureChoice(), people=2)
    before = flow.counts.made, flow.counts.verified

    calls = record(lambda: flow.serve(3))

    assert (len(calls.signed), len(calls.verified)) == (12, 15)
    assert (flow.counts.made - before[0], flow.counts.verified - before[1]) == (12, 15)
    assert calls.in_place_s >= 0
    assert calls.repeat_s() >= 0


def test_many_requests_are_counted_and_served():
    totals, tally = play_many(12, load_pack("astana-106-1923"), SignatureChoice(), frozenset((5, 12)))

    assert tally.outcomes == {"ok": 12}
    assert [mark.requests for mark in tally.marks] == [5, 12]
    assert (totals.signatures.made, totals.signatures.verified) == (12 * 4 + 1, 12 * 5)
    assert set(tally.decisions) == {"TOTAL_PASSED"}


def test_the_command_prints_a_table(capsys):
    signatures.main(["--requests", "3", "--batches", "1", "--batch", "2"])

    printed = capsys.readouterr().out
    assert "real" in printed
    assert "outcomes {'ok': 3}" in printed


KEPT = {PLAIN: 80.0, C_LOOP: 1.0, COMPILED: 1.0, OUR_SIMPY: 80.0}


@pytest.mark.parametrize(
    ("cpu_s", "kept"),
    [
        (KEPT, [True, True, True]),
        (KEPT | {COMPILED: 1.01}, [False, True, True]),
        (KEPT | {C_LOOP: 0.66}, [True, False, True]),
        (KEPT | {OUR_SIMPY: 80.1}, [True, True, False]),
        (KEPT | {C_LOOP: None}, [True, False, True]),
        (KEPT | {COMPILED: None}, [False, False, True]),
    ],
)
def test_the_promises_about_engines_are_kept_at_their_limits_and_by_what_ran(cpu_s, kept):
    costs = {
        (engine, 100): Cost(absent="not here") if seconds is None else Cost(cpu_s=seconds)
        for engine, seconds in cpu_s.items()
    }

    assert [was for was, _ in engines.promises(costs, 100)] == kept


def test_the_table_of_engines_says_who_did_other_work_and_who_is_absent():
    costs = {
        (PLAIN, 100): Cost(cpu_s=2.0, peak_mib=50),
        (C_LOOP, 100): Cost(absent="no C compiler"),
        (OUR_SIMPY, 100): Cost(cpu_s=1.0, unlike=7),
        (CIW, 100): Cost(cpu_s=4.0, wait_s=9.0),
    }

    lines = list(engines.table(costs, [7.0, 8.0]))

    assert lines[1].endswith("  yes")
    assert lines[2].endswith("no C compiler")
    assert "2.00" in lines[3]
    assert "no: 7 rows differ" in lines[3]
    assert "OUTSIDE 7.00 to 8.00" in lines[4]


@pytest.mark.parametrize("prepare_ours", [our_engines.prepare_simpy, our_engines.prepare_uncompiled])
def test_our_engines_write_the_rows_of_plain_simpy(prepare_ours):
    work = draw(300)

    rows, oracle = (ready.read(ready.run()) for ready in (prepare_ours(work), plain_simpy.prepare(work)))

    assert count_unlike(rows, oracle) == 0

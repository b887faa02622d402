"""The benchmarks run and count what they should; how fast is for those who run them in earnest."""

from benchmarks import signatures
from benchmarks.bare_calls import record
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

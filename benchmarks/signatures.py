"""What a signed request costs, against the bare signatures in it; and many of them in one run.

    python benchmarks/signatures.py                      # cost per request: a minute
    python benchmarks/signatures.py --requests 100000    # and that many in one run: some minutes

All figures are CPU time of this process, so that other work on the machine matters little; ratios compare
batches that took turns.

*flow* is everything that a request needs from the filled form to the verified answer: compose, sign, check
(C2), submit, seal, hand to the gateway, verify its receipt, open, register, verify again, check the grounds,
issue, hand to the gateway, verify its receipt, deliver, open the result, verify it. It has no password hash
and no simulated time. Its people have been there before, so that keys and chains are known. *bare* are the
calls of ``key.sign`` and ``key.verify`` in it, counted and timed in place while it runs; *alone* are the same
calls made again on the same octets, one after the other: faster, as nothing else needs the caches between
them. *sealing* is HPKE, which is neither. *simulated* is the whole play of such a request with queues, draws
and log, first visits with their keys and certificates among them.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time

from actors.signing import SignatureMode
from benchmarks.bare_calls import record
from benchmarks.request_flow import prepare
from benchmarks.volume import peak_mib, play_many
from conformance.pack import Pack, load_pack
from sim.signatures import SignatureChoice

LIMIT = 2.5
_PEOPLE = 100
_MARKS = (10_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one request costs, in microseconds of CPU time, and the bare calls in it."""

    flow_us: float
    in_place_us: float
    sealing_us: float
    alone_us: float
    signed: float
    verified: float


def measure_flow(pack: Pack, choice: SignatureChoice, batches: int, batch: int) -> Cost:
    """Measure the flow: the medians of *batches* of *batch* requests each."""
    flow = prepare(pack, choice, _PEOPLE)
    whole, in_place, sealing, alone, signed, verified = [], [], [], [], 0, 0
    for _ in range(batches):
        started = process_time()
        flow.serve(batch)
        whole.append((process_time() - started) / batch)
        calls = record(lambda: flow.serve(batch))
        in_place.append(calls.in_place_s / batch)
        sealing.append(calls.sealing_s / batch)
        alone.append(calls.repeat_s() / batch)
        signed, verified = signed + len(calls.signed), verified + len(calls.verified)
    served = batches * batch
    return Cost(
        flow_us=median(whole) * 1e6,
        in_place_us=median(in_place) * 1e6,
        sealing_us=median(sealing) * 1e6,
        alone_us=median(alone) * 1e6,
        signed=signed / served,
        verified=verified / served,
    )


def report_flow(pack: Pack, batches: int, batch: int) -> Cost:
    """Print what a request costs in the three modes; return the cost in the mode real."""
    heads = f"{'bare us':>9}{'alone us':>10}{'sealing us':>12}{'signed':>8}{'verified':>10}"
    print(f"{'mode':<10}{'flow us':>9}{heads}")
    costs = {}
    for mode in SignatureMode:
        cost = costs[mode] = measure_flow(pack, SignatureChoice(mode=mode), batches, batch)
        print(
            f"{mode:<10}{cost.flow_us:>9.0f}{cost.in_place_us:>9.0f}{cost.alone_us:>10.0f}{cost.sealing_us:>12.0f}"
            f"{cost.signed:>8.2f}{cost.verified:>10.2f}"
        )
    return costs[SignatureMode.REAL]


def report_plays(pack: Pack, requests: int) -> None:
    """Print what a whole play costs per request in the three modes."""
    for mode in SignatureMode:
        started = process_time()
        play_many(requests, pack, SignatureChoice(mode=mode), frozenset())
        print(f"simulated, {mode:<8}{(process_time() - started) / requests * 1e6:>9.0f} us per request")


def report_volume(pack: Pack, requests: int) -> bool:
    """Play many requests in one run and print rate and memory; return whether every one was served."""
    started = process_time()
    marks = frozenset((*_MARKS, requests))
    totals, tally = play_many(requests, pack, SignatureChoice(), marks)
    for mark in tally.marks:
        rate = mark.requests / (mark.cpu_s - started)
        print(f"{mark.requests:>9} requests{rate:>8.0f} per s of CPU{mark.peak_mib:>9.0f} MiB at most")
    counts = totals.signatures
    print(f"signatures made {counts.made}, verified {counts.verified}, computed {counts.computed}")
    print(f"rows {tally.rows}, messages {tally.messages}, outcomes {dict(tally.outcomes)}")
    return tally.outcomes == {"ok": requests}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if a request was refused, or if the flow costs more than it may."""
    parser = argparse.ArgumentParser(description="What a signed request costs.")
    parser.add_argument("--requests", type=int, default=0, help="play so many requests in one run as well")
    parser.add_argument("--batches", type=int, default=20, help="batches of the flow that are measured")
    parser.add_argument("--batch", type=int, default=100, help="requests of one batch")
    chosen = parser.parse_args(arguments)
    pack = load_pack("astana-106-1923")
    cost = report_flow(pack, chosen.batches, chosen.batch)
    in_place, alone = cost.flow_us / cost.in_place_us, cost.flow_us / cost.alone_us
    keys = cost.flow_us / (cost.in_place_us + cost.sealing_us)
    print(f"flow : bare calls = {in_place:.2f} in place, {alone:.2f} alone; at most {LIMIT} in place")
    print(f"flow : bare calls and sealing = {keys:.2f}")
    report_plays(pack, min(chosen.batches * chosen.batch, 500))
    print(f"memory so far {peak_mib():.0f} MiB")
    served = not chosen.requests or report_volume(pack, chosen.requests)
    return 0 if served and in_place <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

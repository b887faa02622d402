"""Print what the worst input of every kind costs a verifier: ``python -m benchmarks.hostile_input``.

The first line is a good request, for comparison. Times are the process's own, in milliseconds: the best and
the worst of several tries in one run. The promise is 50 ms for the best.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from tests.actors.conftest import Pki
from tests.actors.signed_requests import SignedRequest
from tests.oracles import hostile

PROMISE_MS = 50.0
TRIES = 20


def measure(judge: Callable[[], bool]) -> tuple[float, float, bool]:
    """Return the best and the worst of several tries, in milliseconds, and whether the input was accepted."""
    times = []
    accepted = False
    for _ in range(TRIES):
        start = time.process_time()
        accepted = judge() or accepted
        times.append(1_000 * (time.process_time() - start))
    return min(times), max(times), accepted


def main() -> int:
    """Measure every kind; return 1 if one is accepted or breaks the promise."""
    pki: Any = Pki()
    good = measure(SignedRequest.of(pki, pki.person()).accepted)
    print(f"{'input':45} {'best':>9} {'worst':>9} {'times a good one':>17}")
    print(f"{'a good request':45} {good[0]:9.3f} {good[1]:9.3f} {1:17.1f}")
    rows = [(name, *measure(judge)) for name, judge in hostile.kinds(pki).items()]
    for name, best, worst, accepted in sorted(rows, key=lambda row: -row[1]):
        note = "  ACCEPTED" if accepted else ""
        print(f"{name:45} {best:9.3f} {worst:9.3f} {best / good[0]:17.1f}{note}")
    broken = [name for name, best, _, accepted in rows if accepted or best >= PROMISE_MS]
    print(f"{len(rows)} kinds, {TRIES} tries each; over {PROMISE_MS:.0f} ms or accepted: {len(broken)}")
    return 1 if broken or not good[2] else 0


if __name__ == "__main__":
    sys.exit(main())

"""Tell a person at a terminal how far a run has come, on one line of stderr."""

import sys
import time
from collections.abc import Callable


def progress_line(*, quiet: bool = False) -> Callable[[int, int, str], None] | None:
    """Return what rewrites the line, silent in the first second; None if *quiet* or stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def tell(done: int, total: int, name: str) -> None:
        elapsed = time.monotonic() - started
        if elapsed < 1:
            return
        left = elapsed / done * (total - done)
        line = f"{done} of {total} scenarios, {left:.0f} s left: {name}"[:79]
        sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if done == total else ""))
        sys.stderr.flush()

    return tell

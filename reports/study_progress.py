"""Tell a person at a terminal how far a study has come, on one line of stderr."""

import sys
import time
from dataclasses import dataclass, field
from typing import Any, Self, TextIO

_SECOND_US = 1_000_000


@dataclass(slots=True)
class StudyProgress:
    """One line that is written again and again, at most ten times a second and not in the first second.

    *stream* None: nobody looks.
    """

    stream: TextIO | None
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    shown: bool = False
    arrived: int = 0

    @classmethod
    def here(cls, *, quiet: bool = False) -> Self:
        """Return the progress of this process; silent if *quiet* or stderr is no terminal."""
        return cls(sys.stderr if sys.stderr.isatty() and not quiet else None)

    def cases(self, plan: Any, block: Any) -> None:
        """Tell how far simulated time has come in the first replication, and how fast."""
        self.arrived += len(block)
        if not len(block):
            return
        passed = int(block.cases.arrival_us[-1]) - plan.starts_us
        length = max(1, plan.ends_us - plan.starts_us)
        elapsed = time.monotonic() - self.began
        part = max(passed / length, 1e-9)
        rate = self.arrived / max(elapsed, 1e-9)
        left = elapsed / part - elapsed
        hours = passed / _SECOND_US / 3600
        self._tell(
            f"{hours:.1f} h simulated, {self.arrived:,} requests, {rate:,.0f} a second, {left:.0f} s left"
        )

    def replication(self, done: int, total: int) -> None:
        """Tell how many replications are done."""
        elapsed = time.monotonic() - self.began
        left = elapsed / done * (total - done)
        self._tell(f"{done} of {total} replications, {left:.0f} s left", last=done == total)

    def trying(self, text: str) -> None:
        """Tell which staffing or load is tried."""
        self._tell(text)

    def warn(self, text: str) -> None:
        """Say on a line of its own what went wrong and was mended; that is said to nobody's terminal too."""
        self._clear()
        sys.stderr.write(f"note: {text}\n")

    def _tell(self, text: str, *, last: bool = False) -> None:
        now = time.monotonic()
        if self.stream is None or now - self.began < 1 or (now - self.told < 0.1 and not last):
            return
        self.told, self.shown = now, True
        self.stream.write(f"\r\x1b[K{text[:79]}")
        self.stream.flush()
        if last:
            self._clear()

    def _clear(self) -> None:
        if self.shown and self.stream is not None:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.shown = False

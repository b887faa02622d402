"""Signals that ask to stop: each ends the work in order, and none leaves a thing half written."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interruption:
    """What the signals of this process have asked so far; a handler of signals.

    *came* until somebody heeds it: what a library makes of a ``KeyboardInterrupt`` is not always one.
    *written* is the last thing that was put in its place whole, *kept* what is not lost although nothing was.
    """

    def __init__(self) -> None:
        self.came = False
        self.written: Path | None = None
        self.kept: str | None = None
        self._held = 0
        self._waiting = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt, or remember that it has to be raised later."""
        del number, frame
        self.came = True
        if self._held:
            self._waiting = True
        else:
            raise KeyboardInterrupt

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let the block finish first; raise KeyboardInterrupt after it if a signal came meanwhile."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if self._waiting and not self._held:
                self._waiting = False
                raise KeyboardInterrupt

    @contextmanager
    def writing(self, place: Path) -> Iterator[None]:
        """Let the block put *place* where it belongs, whole; not begun if an interruption has come."""
        with self.held_back():
            self.require_none()
            yield
            self.written = place

    def require_none(self) -> None:
        """Raise KeyboardInterrupt if one came and something swallowed it: a part may be missing."""
        if self.came:
            raise KeyboardInterrupt

    def heed(self) -> None:
        """Say that what follows is what the interruption asked for: the end of a part of the work."""
        self.came = False

    def end(self) -> None:
        """Hear no more signals: only the last words are left to say."""
        self._held += 1


def hear_interruptions() -> Interruption:
    """Return the interruption that hears the signals from now on; an ignored signal stays ignored."""
    heard = Interruption()
    for number in _signals():
        if signal.getsignal(number) not in {signal.SIG_IGN, None}:
            signal.signal(number, heard)
    sys.unraisablehook = _unraisable
    return heard


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    """Keep silent about an interruption that came while something was cleaned up: it is remembered."""
    if not isinstance(found.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(found)


def current_interruption() -> Interruption:
    """Return the one that hears the signals of this process, or one that never hears any."""
    handlers = (signal.getsignal(number) for number in _signals())
    return next((one for one in handlers if isinstance(one, Interruption)), Interruption())


def _signals() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]  # Windows has no SIGHUP

"""Stations: servers with one queue. Waiting is the time until a server is free, never a drawn number.

Who comes first is served first; equal moments break by the written key (moment, case, step), not by
the accident of event order. So a request that asks at a moment waits for the end of that moment before
servers are given out.
"""

import heapq
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

_AFTER_EVERYTHING = 2  # SimPy's priorities are 0 and 1: a later one sees all requests of the moment

Key = tuple[int, str, str]


@dataclass(slots=True)
class Station:
    """A named place with *servers* servers; None: as many as are asked for.

    While *closed* nobody else is served; whoever is served stays so.
    """

    env: simpy.Environment
    name: str
    servers: int | None
    closed: bool = False
    _free: list[int] = field(default_factory=list)
    _waiting: list[tuple[Key, int, simpy.Event]] = field(default_factory=list)
    _asked: int = 0

    def __post_init__(self) -> None:
        """Put all servers out as free."""
        self._free = list(range(1, (self.servers or 0) + 1))

    def acquire(self, case_id: str, step: str) -> Generator[simpy.Event, Any, str]:
        """Wait for a server and return its name."""
        if self.servers is None:
            return self.name
        granted = self.env.event()
        self._asked += 1
        heapq.heappush(self._waiting, ((self._now, case_id, step), self._asked, granted))
        self._dispatch_at_the_end_of_the_moment()
        server: int = yield granted
        return f"{self.name}-{server}"

    def release(self, server: str) -> None:
        """Give a server back."""
        if self.servers is None:
            return
        heapq.heappush(self._free, int(server.rpartition("-")[2]))
        self._dispatch_at_the_end_of_the_moment()

    def close(self) -> None:
        """Let nobody else be served from now on."""
        self.closed = True

    def open(self) -> None:
        """Serve again whoever waits, from the end of this moment on."""
        self.closed = False
        self._dispatch_at_the_end_of_the_moment()

    @property
    def waiting(self) -> int:
        """Return how many wait now."""
        return len(self._waiting)

    @property
    def _now(self) -> int:
        return int(self.env.now)

    def _dispatch_at_the_end_of_the_moment(self) -> None:
        event = self.env.event()
        event.callbacks = [self._dispatch]
        event._ok = True  # noqa: SLF001 - SimPy has no public way to schedule with a priority of one's own
        event._value = None  # noqa: SLF001
        self.env.schedule(event, priority=_AFTER_EVERYTHING)  # type: ignore[arg-type]

    def _dispatch(self, event: simpy.Event) -> None:
        del event
        while self._free and self._waiting and not self.closed:
            _, _, granted = heapq.heappop(self._waiting)
            granted.succeed(heapq.heappop(self._free))

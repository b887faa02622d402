"""Time, queues and cases of the reference engine, in SimPy; nothing of it is shared with the event loop."""

import heapq
from dataclasses import dataclass, field

import simpy

from sim.load.network import Change
from sim.load.programs import NONE
from sim.load.state import RUNS


class Moments(simpy.Environment):
    """SimPy's time with the tie rule: events of a moment by their rank, then the stations."""

    def __init__(self, starts_us: int) -> None:
        super().__init__(initial_time=starts_us)
        self.now_us = starts_us
        self.touched: list[int] = []
        self.stations: list[Station] = []

    def plan(self, event: simpy.Event, at_us: int, rank: int) -> simpy.Event:
        """Let *event* happen at *at_us*, among those of the moment by its *rank*."""
        event._ok = True  # noqa: SLF001 - SimPy has no public way to schedule at a moment with a rank
        event._value = None  # noqa: SLF001
        heapq.heappush(self._queue, (at_us, rank, next(self._eid), event))  # type: ignore[misc]
        return event

    def is_last_of_moment(self) -> bool:
        """Tell whether no other event comes now."""
        return not self._queue or self._queue[0][0] > self.now_us

    def touch(self, station: "Station") -> None:
        """Note that a station has something to give out at the end of the moment, unless its duty is over."""
        if not station.touched and station.waiting and station.free:
            station.touched = True
            heapq.heappush(self.touched, station.number)

    def steps(self, count: int, until_us: int) -> bool:
        """Process up to *count* events that come not after *until_us*; tell whether there may be more.

        At the end of a moment the first touched station serves instead.
        """
        queue, touched, step = self._queue, self.touched, self.step
        for _ in range(count):
            if touched and not (queue and queue[0][0] <= self.now_us):
                station = self.stations[heapq.heappop(touched)]
                station.touched = False
                station.serve()
            elif queue and queue[0][0] <= until_us:
                self.now_us = int(queue[0][0])
                step()
            else:
                return False
        return True


class Turn(simpy.Event):
    """The wait of a case for a server: it ends with a server, or with None when patience ends."""

    def __init__(self, env: Moments, case: "PlayedCase", visit: "Visit") -> None:
        super().__init__(env)
        self.case = case
        self.visit = visit
        self.over = False
        self.server: int | None = None

    def happen(self) -> None:
        """Let the case go on now, before anything else: what SimPy does with an event that is its next."""
        self._ok = True
        self._value = None
        waiting, self.callbacks = self.callbacks, None  # type: ignore[assignment]
        for callback in waiting:
            callback(self)


@dataclass(slots=True)
class Station:
    """A station: servers on duty, those who wait, and whether it takes callers."""

    env: Moments
    number: int
    unlimited: bool
    servers: int = 0
    refuses: bool = False
    touched: bool = False
    free: list[int] = field(default_factory=list)
    present: set[int] = field(default_factory=set)
    waiting: list[tuple[int, int, int, int, Turn]] = field(default_factory=list)

    def ask(self, turn: Turn) -> None:
        """Queue up, by priority, moment and number of the case."""
        case = turn.case
        heapq.heappush(self.waiting, (case.priority, self.env.now_us, case.number, len(case.visits), turn))
        self.env.touch(self)

    def serves_at_once(self) -> bool:
        """Tell whether who asks now is the next to be served, and nothing else happens before that."""
        return bool(
            self.free
            and self.free[0] <= self.servers
            and not self.waiting
            and not self.env.touched
            and self.env.is_last_of_moment()
        )

    def serve(self) -> None:
        """Give a free server to the first who waits; the next one is given after what follows."""
        while self.waiting and self.waiting[0][-1].over:
            heapq.heappop(self.waiting)
        if not (self.waiting and self.free and self.free[0] <= self.servers):
            return
        turn = heapq.heappop(self.waiting)[-1]
        turn.over = True
        turn.server = heapq.heappop(self.free)
        turn.visit.started_us = self.env.now_us
        self.env.touch(self)
        turn.happen()

    def give_back(self, server: int) -> None:
        """Take a server back; one whose duty is over goes away."""
        if server > self.servers:
            self.present.discard(server)
            return
        heapq.heappush(self.free, server)
        self.env.touch(self)

    def change(self, change: Change) -> None:
        """Let servers come or go; whoever is served stays served."""
        for server in range(self.servers + 1, change.servers + 1):
            if server not in self.present:
                self.present.add(server)
                heapq.heappush(self.free, server)
        self.servers, self.refuses = change.servers, change.refuses
        self.env.touch(self)


@dataclass(slots=True)
class Visit:
    """A visit to a station with servers."""

    station: int
    asked_us: int
    started_us: int = -1
    ended_us: int = -1


@dataclass(slots=True)
class PlayedCase:
    """A case under way, and what it has left so far."""

    number: int
    arrival_us: int
    program: int
    office: int
    priority: int
    times_us: list[int]
    stations: list["Station"] = field(default_factory=list)
    phase: int = RUNS
    rows: list[tuple[int, ...]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    held: dict[int, tuple[int, Visit]] = field(default_factory=dict)
    step: int = -1
    enabled_us: int = -1
    started_us: int = -1
    waited_us: int = 0
    completed_us: int = -1
    station: int = -1
    server: int = 0
    request: int = -1
    message: int = -1
    slot: int = -1
    mark_us: int = -1
    note: int = -1
    tries: int = 0
    pause_us: int = -1

    def begin(self, step: int, now_us: int) -> None:
        """Let a step begin that can start now."""
        self.step, self.enabled_us = step, now_us
        self.started_us = self.completed_us = self.station = -1
        self.waited_us = self.server = self.tries = 0

    def record(self, outcome: int, now_us: int) -> None:
        """Write the row of the step; NONE as *outcome* leaves it open, unless it was completed before."""
        is_open = outcome == NONE
        completed_us = now_us if self.completed_us == NONE and not is_open else self.completed_us
        started_us = self.enabled_us if self.started_us == NONE and not is_open else self.started_us
        self.rows.append(
            (
                self.number,
                self.step,
                outcome,
                self.enabled_us,
                started_us,
                completed_us,
                self.waited_us,
                self.station,
                self.server,
                self.request,
                self.message,
                self.slot,
                self.note,
            )
        )
        self.step = NONE

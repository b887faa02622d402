"""The reference engine: the same plan in SimPy, a process for each case, to be read and to be believed.

It shares the programs and the drawn times with the event loop (*sim.load.loop*, which has the tie rule), and
nothing of what happens.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import simpy

from sim.load.blocks import CaseColumns, DrawnCases, PlayedCases, RowColumns, VisitColumns, columns_of
from sim.load.network import Network
from sim.load.programs import NONE, WIDTH, Op
from sim.load.reference_hours import Calendar, Schedule
from sim.load.reference_stations import Moments, PlayedCase, Station, Turn, Visit
from sim.load.state import ABANDONED, ENDED, NEVER, RUNS, WAITS

Process = Generator[simpy.Event, Any, Any]
Operands = tuple[int, ...]

_CHANGES_FIRST = -2
_CASES_OF_A_BLOCK = 20_000
_UNDER_WAY = (RUNS, WAITS)


@dataclass(slots=True)
class Reference:
    """A network with the cases in it, in SimPy."""

    network: Network
    env: Moments
    calendar: Calendar
    schedules: list[Schedule]
    first: dict[int, int]
    lines: list[tuple[Op, Operands]]
    cases: deque[PlayedCase] = field(default_factory=deque)
    requests: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    arrived: int = 0
    under_way: int = 0
    closed: bool = False

    @classmethod
    def prepare(cls, network: Network) -> "Reference":
        """Return the network before the first case."""
        env = Moments(-NEVER)
        stations = network.stations
        first: dict[int, int] = {}
        for number, (kind, _) in enumerate(stations):
            first.setdefault(kind, number)
            env.stations.append(Station(env, number, network.kinds[kind].changes is None))
        codes = [
            network.programs.codes[at : at + WIDTH] for at in range(0, len(network.programs.codes), WIDTH)
        ]
        reference = cls(
            network=network,
            env=env,
            calendar=Calendar(network),
            schedules=[Schedule(network, office) for office in range(network.offices)],
            first=first,
            lines=[(Op(op), tuple(operands)) for op, *operands in codes],
            requests=[0] * network.offices,
            messages=[0] * network.offices,
        )
        reference._plan_changes()
        return reference

    def play(self, blocks: Iterable[DrawnCases]) -> Iterator[PlayedCases]:
        """Play the cases of *blocks*; hand out those that have ended, in the order of their numbers.

        The last of what is handed out has all the rest: cases that have not ended by the horizon too.
        """
        env, horizon_us = self.env, self.network.horizon_us
        env.process(self._let_in(blocks))
        while not (self.closed and self.under_way == 0) and (env.touched or env.peek() <= horizon_us):
            env.step()
            if len(self.cases) >= _CASES_OF_A_BLOCK and self.cases[0].phase not in _UNDER_WAY:
                yield self._hand_out(only_ended=True)
        for case in self.cases:
            if case.phase in _UNDER_WAY and case.step != NONE:
                step = case.step
                case.record(NONE, self._now_us)
                case.step = step
        yield self._hand_out(only_ended=False)

    def _plan_changes(self) -> None:
        """Plan all changes of the stations: those of one moment in the order of the stations."""
        network, env = self.network, self.env
        changes = [
            (change.at_us, self.first[number] + index, change)
            for number, kind in enumerate(network.kinds)
            for index, own in enumerate(kind.changes or ())
            for change in own
        ]
        for at_us, number, change in sorted(changes, key=lambda entry: (entry[0], entry[1])):
            event = env.plan(simpy.Event(env), at_us, _CHANGES_FIRST)
            event.callbacks = [lambda _, number=number, change=change: env.stations[number].change(change)]  # type: ignore[misc]

    def _let_in(self, blocks: Iterable[DrawnCases]) -> Process:
        for block in blocks:
            columns = (block.arrival_us, block.program, block.office, block.priority)
            for entry in zip(*(column.tolist() for column in columns), block.times_us.tolist(), strict=True):
                case = PlayedCase(self.arrived, *entry)
                yield self.env.plan(simpy.Event(self.env), case.arrival_us, case.number)
                self.arrived += 1
                self.under_way += 1
                self.cases.append(case)
                self.env.process(self._run(case))
        self.closed = True

    def _hand_out(self, *, only_ended: bool) -> PlayedCases:
        ended: list[PlayedCase] = []
        while self.cases and not (only_ended and self.cases[0].phase in _UNDER_WAY):
            ended.append(self.cases.popleft())
        return _columns(ended)

    def _run(self, case: PlayedCase) -> Process:
        """Follow the program of a case to its end."""
        at = case.program
        while case.phase == RUNS:
            op, operands = self.lines[at]
            if op is Op.SPEND:
                yield from self._spend(case, *operands[:2])
                at += 1
            elif op is Op.SEIZE:
                at = yield from self._seize(case, at, operands)
            elif op is Op.TRY:
                at = yield from self._call(case, at, operands)
            elif op is Op.ADMIT:
                admitted_us = self.calendar.admission_us(operands[0], self._now_us)
                yield self._until(case, admitted_us)
                at += 1
            else:
                at = self._do(case, at, op, operands)

    def _do(self, case: PlayedCase, at: int, op: Op, operands: Operands) -> int:
        """Execute an instruction that takes no time; return where to go on."""
        a, b, now_us = operands[0], operands[1], self._now_us
        match op:
            case Op.RELEASE:
                self._release(case, a)
            case Op.BEGIN:
                case.begin(a, now_us)
            case Op.RECORD:
                case.record(a, now_us)
            case Op.COMPLETE:
                case.completed_us = now_us
            case Op.MARK:
                case.mark_us = now_us
            case Op.NOTE_NOW:
                case.note = now_us
            case Op.NOTE_SINCE:
                case.note = now_us - case.mark_us
            case Op.NUMBER:
                self.requests[case.office] += 1
                case.request = self.requests[case.office]
            case Op.MESSAGE:
                self.messages[case.office] += 1
                case.message = self.messages[case.office]
            case Op.LATE:
                return b if self.calendar.is_late(a, now_us) else at + 1
            case Op.HOLD_SLOT:
                held = self.schedules[case.office].hold(case.number, now_us)
                case.slot = case.slot if held == NONE else held
                return a if held == NONE else at + 1
            case Op.TAKE_SLOT:
                taken = self.schedules[case.office].take(case.slot, case.number, now_us)
                return at + 1 if taken else a
            case Op.FREE_SLOT:
                self.schedules[case.office].free(case.slot, case.number)
            case Op.JUMP:
                return a
            case Op.END:
                self._end(case, ENDED)
        return at + 1

    def _spend(self, case: PlayedCase, kind: int, time: int) -> Process:
        """Be served; a time at no station is no work on the step."""
        if kind != NONE:
            if case.started_us == NONE:
                case.started_us = self._now_us
            case.station = self._station(case, kind).number
            case.server = case.held[kind][0] if kind in case.held else 0
        yield self._until(case, self._now_us + case.times_us[time])

    def _seize(self, case: PlayedCase, at: int, operands: Operands) -> Process:
        """Wait for a server; return where to go on."""
        kind, counts, patience, otherwise, retry = operands
        station = self._station(case, kind)
        if station.unlimited:
            return at + 1
        asked_us = self._now_us
        visit = Visit(station.number, asked_us)
        case.visits.append(visit)
        turn = Turn(self.env, case, visit)
        station.ask(turn)
        if patience != NONE:
            self._limit(turn, asked_us + case.times_us[patience])
        case.phase = WAITS
        yield turn
        case.phase = RUNS
        if counts:
            case.waited_us += self._now_us - asked_us
        if turn.server is not None:
            case.held[kind] = (turn.server, visit)
            case.tries = 0
            return at + 1
        visit.ended_us = self._now_us
        case.tries += 1
        if retry != NONE and case.tries < self.network.retries[retry].attempts:
            yield self._until(case, self._now_us + self._pause_us(retry, case.tries))
            return at
        case.tries = 0
        if otherwise == NONE:
            self._abandon(case)
        return otherwise

    def _limit(self, turn: Turn, until_us: int) -> None:
        """Let the patience of whoever waits end at *until_us*."""

        def end(_: simpy.Event) -> None:
            if not turn.over:
                turn.over = True
                self.env.plan(turn, until_us, turn.case.number)

        event = self.env.plan(simpy.Event(self.env), until_us, turn.case.number)
        event.callbacks = [end]

    def _call(self, case: PlayedCase, at: int, operands: Operands) -> Process:
        """Call a station: go on if it takes callers, otherwise wait before the next try or give up."""
        kind, retry, again, otherwise, _ = operands
        if not self._station(case, kind).refuses:
            case.tries = 0
            return at + 1
        case.tries += 1
        attempts = self.network.retries[retry].attempts
        yield self._until(case, self._now_us + self._pause_us(retry, case.tries))
        return otherwise if 0 < attempts <= case.tries else again

    def _pause_us(self, retry: int, tries: int) -> int:
        rule = self.network.retries[retry]
        pause_us = rule.pause_us
        for _ in range(tries - 1):
            if pause_us < rule.longest_us:
                pause_us = pause_us * rule.factor_percent // 100
        return min(pause_us, rule.longest_us)

    def _release(self, case: PlayedCase, kind: int) -> None:
        station = self._station(case, kind)
        if not station.unlimited:
            server, visit = case.held.pop(kind)
            visit.ended_us = self._now_us
            station.give_back(server)

    def _abandon(self, case: PlayedCase) -> None:
        """End a case whose citizen has gone: its step stays open, the servers it had are free again."""
        case.note = self._now_us
        if case.step != NONE:
            case.record(NONE, self._now_us)
        for kind in sorted(case.held):
            self._release(case, kind)
        self._end(case, ABANDONED)

    def _end(self, case: PlayedCase, phase: int) -> None:
        case.phase = phase
        self.under_way -= 1

    def _until(self, case: PlayedCase, at_us: int) -> simpy.Event:
        return self.env.plan(simpy.Event(self.env), at_us, case.number)

    def _station(self, case: PlayedCase, kind: int) -> Station:
        own = case.office if self.network.kinds[kind].per_office else 0
        return self.env.stations[self.first[kind] + own]

    @property
    def _now_us(self) -> int:
        return int(self.env.now)


def _columns(cases: list[PlayedCase]) -> PlayedCases:
    entries = {
        name: [getattr(case, name) for case in cases]
        for name in ("number", "arrival_us", "program", "office", "phase", "step")
    }
    rows = [row for case in cases for row in case.rows]
    visits = [(case.number, visit) for case in cases for visit in case.visits]
    by_column = zip(*rows, strict=True) if rows else [()] * len(RowColumns.__slots__)
    return PlayedCases(
        columns_of(CaseColumns, entries),
        columns_of(RowColumns, dict(zip(RowColumns.__slots__, by_column, strict=True))),
        columns_of(
            VisitColumns,
            {
                "case": [number for number, _ in visits],
                **{
                    name: [getattr(visit, name) for _, visit in visits]
                    for name in ("station", "asked_us", "started_us", "ended_us")
                },
            },
        ),
    )

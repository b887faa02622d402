"""The reference engine: the same plan in SimPy, a process for each case, to be read and to be believed.

It shares the programs and the drawn times with the event loop (*sim.load.loop*, which has the tie rule), and
nothing of what happens.
"""

import heapq
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from simpy import Event

from sim.load.blocks import CaseColumns, DrawnCases, PlayedCases, RowColumns, VisitColumns, columns_of
from sim.load.network import Network
from sim.load.programs import NONE, WIDTH, Op
from sim.load.reference_hours import Calendar, Schedule
from sim.load.reference_stations import Moments, PlayedCase, Station, Turn, Visit
from sim.load.state import ABANDONED, ENDED, NEVER, RUNS, WAITS

Process = Generator[Event, Any, Any]
Operands = tuple[int, ...]
Instruction = Callable[[PlayedCase, int, Operands], int]
"""What takes no time: from the case, where it is and the operands to where it goes on."""

_CHANGES_FIRST = -2
_CASES_OF_A_BLOCK = 1_000
_UNDER_WAY = (RUNS, WAITS)
_STEPS = 1_000
"""Events after which the engine looks whether there is anything to hand out."""


@dataclass(slots=True)
class Reference:
    """A network with the cases in it, in SimPy."""

    network: Network
    env: Moments
    calendar: Calendar
    schedules: list[Schedule]
    by_office: list[list[Station]]
    lines: list[tuple[Op, Instruction | None, Operands]] = field(default_factory=list)
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
        env.stations += [
            Station(env, number, network.kinds[kind].changes is None)
            for number, (kind, _) in enumerate(stations)
        ]
        by_office = [
            [
                env.stations[stations.index((kind, office if one.per_office else NONE))]
                for kind, one in enumerate(network.kinds)
            ]
            for office in range(network.offices)
        ]
        codes = [
            network.programs.codes[at : at + WIDTH] for at in range(0, len(network.programs.codes), WIDTH)
        ]
        reference = cls(
            network=network,
            env=env,
            calendar=Calendar(network),
            schedules=[Schedule(network, office) for office in range(network.offices)],
            by_office=by_office,
            requests=[0] * network.offices,
            messages=[0] * network.offices,
        )
        reference._plan_changes()
        at_once = reference._instructions()
        reference.lines = [(Op(op), at_once.get(Op(op)), tuple(operands)) for op, *operands in codes]
        return reference

    def play(self, blocks: Iterable[DrawnCases]) -> Iterator[PlayedCases]:
        """Play the cases of *blocks*; hand out those that have ended, in the order of their numbers.

        The last of what is handed out has all the rest: cases that have not ended by the horizon too.
        """
        self.env.process(self._let_in(blocks))
        while self.env.steps(_STEPS, self.network.horizon_us) and not (self.closed and self.under_way == 0):
            if len(self.cases) >= _CASES_OF_A_BLOCK and self.cases[0].phase not in _UNDER_WAY:
                yield self._hand_out(only_ended=True)
        for case in self.cases:
            if case.phase in _UNDER_WAY and case.step != NONE:
                step = case.step
                case.record(NONE, self.env.now_us)
                case.step = step
        yield self._hand_out(only_ended=False)

    def _plan_changes(self) -> None:
        """Plan all changes of the stations: those of one moment in the order of the stations."""
        network, env = self.network, self.env
        changes = [
            (change.at_us, self.by_office[office][number].number, change)
            for number, kind in enumerate(network.kinds)
            for office, own in enumerate(kind.changes or ())
            for change in own
        ]
        for at_us, number, change in sorted(changes, key=lambda entry: (entry[0], entry[1])):
            event = env.plan(Event(env), at_us, _CHANGES_FIRST)
            event.callbacks = [lambda _, number=number, change=change: env.stations[number].change(change)]  # type: ignore[misc]

    def _let_in(self, blocks: Iterable[DrawnCases]) -> Process:
        for block in blocks:
            columns = (block.arrival_us, block.program, block.office, block.priority)
            for entry in zip(*(column.tolist() for column in columns), block.times_us.tolist(), strict=True):
                case = PlayedCase(self.arrived, *entry)
                case.stations = self.by_office[case.office]
                yield self.env.plan(Event(self.env), case.arrival_us, case.number)
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
        env, at, lines, spend, seize = self.env, case.program, self.lines, Op.SPEND, Op.SEIZE
        while case.phase == RUNS:
            op, at_once, operands = lines[at]
            if at_once is not None:
                at = at_once(case, at, operands)
            elif op is spend:
                self._begin_service(case, operands[0])
                yield env.plan(Event(env), env.now_us + case.times_us[operands[1]], case.number)
                at += 1
            elif op is seize:
                turn = self._ask(case, operands)
                if turn is not None:
                    case.phase = WAITS
                    yield turn
                    at = self._answered(case, turn, at, operands)
                    if case.pause_us != NONE:
                        yield self._until(case, env.now_us + case.pause_us)
                        case.pause_us = NONE
                else:
                    at += 1
            elif op is Op.TRY:
                at = yield from self._call(case, at, operands)
            else:
                yield self._until(case, self.calendar.admission_us(operands[0], env.now_us))
                at += 1

    def _instructions(self) -> dict[Op, Instruction]:
        """Return what the instructions do that take no time."""

        def note(name: str, value: Callable[[PlayedCase], int]) -> Instruction:
            def instruction(case: PlayedCase, at: int, _: Operands) -> int:
                setattr(case, name, value(case))
                return at + 1

            return instruction

        return {
            Op.RELEASE: self._release,
            Op.BEGIN: self._begin,
            Op.RECORD: self._record,
            Op.COMPLETE: note("completed_us", lambda _: self.env.now_us),
            Op.MARK: note("mark_us", lambda _: self.env.now_us),
            Op.NOTE_NOW: note("note", lambda _: self.env.now_us),
            Op.NOTE_SINCE: note("note", lambda case: self.env.now_us - case.mark_us),
            Op.NUMBER: note("request", lambda case: _count_up(self.requests, case.office)),
            Op.MESSAGE: note("message", lambda case: _count_up(self.messages, case.office)),
            Op.LATE: self._late,
            Op.HOLD_SLOT: self._hold_slot,
            Op.TAKE_SLOT: self._take_slot,
            Op.FREE_SLOT: self._free_slot,
            Op.JUMP: lambda _case, _at, operands: operands[0],
            Op.END: self._end,
        }

    def _begin(self, case: PlayedCase, at: int, operands: Operands) -> int:
        case.begin(operands[0], self.env.now_us)
        return at + 1

    def _record(self, case: PlayedCase, at: int, operands: Operands) -> int:
        case.record(operands[0], self.env.now_us)
        return at + 1

    def _release(self, case: PlayedCase, at: int, operands: Operands) -> int:
        kind = operands[0]
        station = case.stations[kind]
        if not station.unlimited:
            server, visit = case.held.pop(kind)
            visit.ended_us = self.env.now_us
            station.give_back(server)
        return at + 1

    def _late(self, case: PlayedCase, at: int, operands: Operands) -> int:
        del case
        return operands[1] if self.calendar.is_late(operands[0], self.env.now_us) else at + 1

    def _hold_slot(self, case: PlayedCase, at: int, operands: Operands) -> int:
        held = self.schedules[case.office].hold(case.number, self.env.now_us)
        if held == NONE:
            return operands[0]
        case.slot = held
        return at + 1

    def _take_slot(self, case: PlayedCase, at: int, operands: Operands) -> int:
        taken = self.schedules[case.office].take(case.slot, case.number, self.env.now_us)
        return at + 1 if taken else operands[0]

    def _free_slot(self, case: PlayedCase, at: int, _: Operands) -> int:
        self.schedules[case.office].free(case.slot, case.number)
        return at + 1

    def _end(self, case: PlayedCase, at: int, _: Operands) -> int:
        self._leave(case, ENDED)
        return at

    def _begin_service(self, case: PlayedCase, kind: int) -> None:
        """Be served from now on; a time at no station is no work on the step."""
        if kind != NONE:
            if case.started_us == NONE:
                case.started_us = self.env.now_us
            case.station = case.stations[kind].number
            case.server = case.held[kind][0] if kind in case.held else 0

    def _ask(self, case: PlayedCase, operands: Operands) -> Turn | None:
        """Ask for a server; return what to wait for, None if there is nothing to wait for."""
        station, now_us = case.stations[operands[0]], self.env.now_us
        if station.unlimited:
            return None
        visit = Visit(station.number, now_us)
        case.visits.append(visit)
        has_patience = operands[2] == NONE or case.times_us[operands[2]] > 0
        if has_patience and station.serves_at_once():
            visit.started_us = now_us
            case.held[operands[0]] = (heapq.heappop(station.free), visit)
            case.tries = 0
            return None
        turn = Turn(self.env, case, visit)
        station.ask(turn)
        if operands[2] != NONE:
            self._limit(turn, now_us + case.times_us[operands[2]])
        return turn

    def _answered(self, case: PlayedCase, turn: Turn, at: int, operands: Operands) -> int:
        """Take the server or leave; return where to go on, after a pause if the case has one."""
        kind, counts, _, otherwise, retry = operands
        case.phase = RUNS
        if counts:
            case.waited_us += self.env.now_us - turn.visit.asked_us
        if turn.server is not None:
            case.held[kind] = (turn.server, turn.visit)
            case.tries = 0
            return at + 1
        turn.visit.ended_us = self.env.now_us
        case.tries += 1
        if retry != NONE and case.tries < self.network.retries[retry].attempts:
            case.pause_us = self._pause_us(retry, case.tries)
            return at
        case.tries = 0
        if otherwise == NONE:
            self._abandon(case)
        return otherwise

    def _limit(self, turn: Turn, until_us: int) -> None:
        """Let the patience of whoever waits end at *until_us*."""

        def end(_: Event) -> None:
            if not turn.over:
                turn.over = True
                self.env.plan(turn, until_us, turn.case.number)

        event = self.env.plan(Event(self.env), until_us, turn.case.number)
        event.callbacks = [end]

    def _call(self, case: PlayedCase, at: int, operands: Operands) -> Process:
        """Call a station: go on if it takes callers, otherwise wait before the next try or give up."""
        kind, retry, again, otherwise, _ = operands
        if not case.stations[kind].refuses:
            case.tries = 0
            return at + 1
        case.tries += 1
        attempts = self.network.retries[retry].attempts
        yield self._until(case, self.env.now_us + self._pause_us(retry, case.tries))
        return otherwise if 0 < attempts <= case.tries else again

    def _pause_us(self, retry: int, tries: int) -> int:
        rule = self.network.retries[retry]
        pause_us = rule.pause_us
        for _ in range(tries - 1):
            if pause_us < rule.longest_us:
                pause_us = pause_us * rule.factor_percent // 100
        return min(pause_us, rule.longest_us)

    def _abandon(self, case: PlayedCase) -> None:
        """End a case whose citizen has gone: its step stays open, the servers it had are free again."""
        case.note = self.env.now_us
        if case.step != NONE:
            case.record(NONE, self.env.now_us)
        for kind in sorted(case.held):
            self._release(case, NONE, (kind,))
        self._leave(case, ABANDONED)

    def _leave(self, case: PlayedCase, phase: int) -> None:
        case.phase = phase
        self.under_way -= 1

    def _until(self, case: PlayedCase, at_us: int) -> Event:
        return self.env.plan(Event(self.env), at_us, case.number)


def _count_up(numbers: list[int], office: int) -> int:
    numbers[office] += 1
    return numbers[office]


def _columns(cases: list[PlayedCase]) -> PlayedCases:
    entries = {
        name: [getattr(case, name) for case in cases]
        for name in ("number", "arrival_us", "program", "office", "phase", "step")
    }
    rows = [row for case in cases for row in case.rows]
    visits = [
        (case.number, visit.station, visit.asked_us, visit.started_us, visit.ended_us)
        for case in cases
        for visit in case.visits
    ]
    return PlayedCases(
        columns_of(CaseColumns, entries), _transposed(RowColumns, rows), _transposed(VisitColumns, visits)
    )


def _transposed(table: type[Any], entries: Sequence[tuple[int, ...]]) -> Any:
    """Return *entries* as the columns of *table*."""
    shape = len(entries), len(table.__slots__)
    columns = np.fromiter(chain.from_iterable(entries), np.int64, shape[0] * shape[1]).reshape(shape).T
    return table(*(np.ascontiguousarray(column) for column in columns))

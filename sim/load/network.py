"""Where cases go: stations with their servers over time, hours, cut-offs, retries and slots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.load.programs import NONE, Programs
from sim.load.state import (
    CASE,
    CASE_WIDTH,
    CHANGE_COUNT,
    CHANGES_AT,
    CODES,
    DAYS_AT,
    DAYS_COUNT,
    DOCTORS_AT,
    HELD,
    HORIZON_US,
    HOURS_AT,
    HOURS_COUNT,
    KINDS,
    KINDS_AT,
    NEVER,
    PRIORITIES,
    RETRIES_AT,
    ROWS,
    RULES_AT,
    SLOT_COUNT,
    SLOT_HOLD_US,
    SLOTS_AT,
    TIMES,
    TIMES_FROM,
    VISIT_OF,
    VISITS,
)

ROUND_THE_CLOCK = ((-NEVER, NEVER),)
"""Hours of a provider that never closes."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """From *at_us* on a station has *servers* servers on duty, and *refuses* whoever calls, or not."""

    at_us: int
    servers: int
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of station: one for all offices, or with *per_office* one in each.

    *changes* are those of each of its stations, in the order of time; None: no end of servers, never a queue.
    """

    name: str
    changes: tuple[tuple[Change, ...], ...] | None
    per_office: bool = False


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How long to wait before the next try: *pause_us*, each time *factor_percent* of the time before.

    *attempts* is how many tries there are in all, 0: no end.
    """

    pause_us: int
    factor_percent: int = 100
    longest_us: int = NEVER
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class CutoffRule:
    """How long before closing a request is late (NONE: never), and whether it then waits for the next day."""

    cutoff_us: int = NONE
    late_waits: bool = True


@dataclass(frozen=True, slots=True)
class HoursTable:
    """Hours from before the first arrival up to an opening after the horizon, as intervals and as local days.

    *days* are the beginning of each local day with its last closing, NONE if closed.
    """

    open_us: tuple[tuple[int, int], ...] = ROUND_THE_CLOCK
    days: tuple[tuple[int, int], ...] = ((-NEVER, NEVER),)


@dataclass(frozen=True, slots=True)
class SlotTime:
    """A slot of a doctor: when it begins and since when it can be chosen; doctors count from 0."""

    begins_us: int
    known_us: int
    doctor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Everything that a plan fixes besides its cases."""

    programs: Programs
    kinds: tuple[Kind, ...]
    offices: int
    horizon_us: int
    retries: tuple[RetryRule, ...] = ()
    rules: tuple[CutoffRule, ...] = ()
    hours: HoursTable = HoursTable()
    slots: tuple[SlotTime, ...] = ()
    doctors: tuple[int, ...] = ()
    slot_hold_us: int = 0
    priorities: int = 1

    @property
    def stations(self) -> tuple[tuple[int, int], ...]:
        """Return each station as its kind and its office; the common ones have the office NONE."""
        return tuple(
            (number, office)
            for number, kind in enumerate(self.kinds)
            for office in (range(self.offices) if kind.per_office else (NONE,))
        )

    @property
    def most_servers(self) -> tuple[int, ...]:
        """Return the highest number of servers that each station ever has."""
        return tuple(
            max((change.servers for change in changes), default=0) for changes in self._changes_by_station()
        )

    def tables(self) -> dict[int, list[int]]:
        """Return the tables of the plan, flat, by where *m* says they begin (*sim.load.state*)."""
        stations = self.stations
        changes = sorted(
            (
                (change.at_us, station, change.servers, int(change.refuses))
                for station, own in enumerate(self._changes_by_station())
                for change in own
            ),
            key=lambda change: change[:2],
        )
        firsts = {kind: number for number, (kind, _) in reversed(list(enumerate(stations)))}
        return {
            CODES: self.programs.codes,
            KINDS_AT: _flat((firsts[number], int(kind.per_office)) for number, kind in enumerate(self.kinds)),
            RETRIES_AT: _flat((r.pause_us, r.factor_percent, r.longest_us, r.attempts) for r in self.retries),
            RULES_AT: _flat((rule.cutoff_us, int(rule.late_waits)) for rule in self.rules),
            HOURS_AT: _flat(self.hours.open_us),
            DAYS_AT: _flat(self.hours.days),
            CHANGES_AT: _flat(changes),
            SLOTS_AT: _flat((slot.begins_us, slot.known_us, slot.doctor) for slot in self.slots_in_order),
            DOCTORS_AT: list(self.doctors or (0,) * self.offices),
        }

    def sizes(self) -> dict[int, int]:
        """Return the single numbers of the plan by their place in *m* (*sim.load.state*)."""
        times = max((len(layout) for layout in self.programs.layouts.values()), default=0)
        return {
            HORIZON_US: self.horizon_us,
            SLOT_HOLD_US: self.slot_hold_us,
            KINDS: len(self.kinds),
            TIMES: times,
            ROWS: self.programs.rows,
            VISITS: self.programs.visits,
            PRIORITIES: self.priorities,
            CASE_WIDTH: CASE + 2 * len(self.kinds) + times,
            HELD: CASE,
            VISIT_OF: CASE + len(self.kinds),
            TIMES_FROM: CASE + 2 * len(self.kinds),
            HOURS_COUNT: len(self.hours.open_us),
            DAYS_COUNT: len(self.hours.days),
            CHANGE_COUNT: sum(map(len, self._changes_by_station())),
            SLOT_COUNT: len(self.slots),
        }

    @property
    def slots_in_order(self) -> tuple[SlotTime, ...]:
        """Return the slots by their beginning; a case's slot is its place in this list."""
        return tuple(sorted(self.slots, key=lambda slot: (slot.begins_us, slot.doctor)))

    def _changes_by_station(self) -> list[tuple[Change, ...]]:
        return [changes for kind in self.kinds for changes in _changes_of(kind, self.offices)]


def always(servers: int, stations: int = 1) -> tuple[tuple[Change, ...], ...]:
    """Return the changes of *stations* stations that have *servers* servers from the beginning of time on."""
    return ((Change(-NEVER, servers),),) * stations


def _changes_of(kind: Kind, offices: int) -> Sequence[tuple[Change, ...]]:
    if kind.changes is None:
        return ((),) * (offices if kind.per_office else 1)
    return kind.changes


def _flat(records: Iterable[Sequence[int]]) -> list[int]:
    return [number for record in records for number in record]

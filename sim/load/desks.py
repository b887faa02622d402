"""The desks at which the event loop keeps its cases: given to who is drawn, free again when a case has ended.

So its memory is that of the cases under way, however many come, and as far as it goes that of the caches of a
processor. What a case leaves lies at its desk: its record, its rows and its visits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.errors import InputError
from sim.load import state as s
from sim.load.blocks import CaseColumns, Column, DrawnCases, PlayedCases, RowColumns, VisitColumns
from sim.load.network import Network
from sim.load.records import copy_records
from sim.load.state import Ints

SMALLEST = 1024
"""Desks at the beginning; more are set up when need be."""

PIECE = 1024
"""Cases whose records are written at a time: few enough to stay in the cache of a processor."""

EVENTS_OF_A_CASE = 4
"""Events that the agenda has room for at first, for each desk; it is lengthened when need be."""

_CASE_FIELDS = {
    "number": s.NUMBER,
    "arrival_us": s.ARRIVAL_US,
    "program": s.PROGRAM,
    "office": s.OFFICE,
    "phase": s.PHASE,
    "step": s.STEP,
}
_ROW_FIELDS = {
    "step": s.ROW_STEP,
    "outcome": s.ROW_OUTCOME,
    "enabled_us": s.ROW_ENABLED_US,
    "started_us": s.ROW_STARTED_US,
    "completed_us": s.ROW_COMPLETED_US,
    "waited_us": s.ROW_WAITED_US,
    "station": s.ROW_STATION,
    "server": s.ROW_SERVER,
    "request": s.ROW_REQUEST,
    "message": s.ROW_MESSAGE,
    "slot": s.ROW_SLOT,
    "note": s.ROW_NOTE,
}
_OPEN_ROW_FIELDS = {
    s.STEP: s.ROW_STEP,
    s.ENABLED_US: s.ROW_ENABLED_US,
    s.STARTED_US: s.ROW_STARTED_US,
    s.COMPLETED_US: s.ROW_COMPLETED_US,
    s.WAITED_US: s.ROW_WAITED_US,
    s.STATION: s.ROW_STATION,
    s.SERVER: s.ROW_SERVER,
    s.REQUEST: s.ROW_REQUEST,
    s.MESSAGE: s.ROW_MESSAGE,
    s.SLOT_HELD: s.ROW_SLOT,
    s.NOTE: s.ROW_NOTE,
}
_VISIT_FIELDS = {
    "station": s.VISIT_STATION,
    "asked_us": s.VISIT_ASKED_US,
    "started_us": s.VISIT_STARTED_US,
    "ended_us": s.VISIT_ENDED_US,
}


@dataclass(slots=True)
class Desks:
    """The memory *m* of a loop with its desks: an array, or a list where the loop runs uncompiled.

    *free* are the desks at which nobody is, the one to be given next last.
    """

    m: Ints
    as_list: bool
    free: Column

    @classmethod
    def prepare(cls, network: Network, *, as_list: bool) -> "Desks":
        """Return desks before the first case."""
        m = _first_memory(network)
        return cls(m.tolist() if as_list else m, as_list, np.arange(SMALLEST)[::-1].copy())

    def load(self, drawn: DrawnCases) -> None:
        """Give each of *drawn*, who come after all others, a desk; there will be more if they are too few."""
        first, count = int(self.m[s.DRAWN]), len(drawn)
        if not count:
            return
        self._make_room(count)
        desks, self.free = self.free[len(self.free) - count :], self.free[: len(self.free) - count]
        numbers = np.arange(first, first + count)
        for begins in range(0, count, PIECE):
            self._seat(drawn, slice(begins, begins + PIECE), numbers, desks)
        self._write(s.ARRIVALS_AT, numbers % self.m[s.CAPACITY], desks[:, None])
        if self.m[s.ARRIVED] == first:
            self.m[s.NEXT_ARRIVAL_US] = int(drawn.arrival_us[0])
        self.m[s.DRAWN] = first + count

    def _seat(self, drawn: DrawnCases, own: slice, numbers: Column, desks: Column) -> None:
        """Write the records of some of the cases *drawn*, which have these numbers and desks."""
        numbers, desks = numbers[own], desks[own]
        records = np.zeros((len(desks), self.m[s.CASE_WIDTH]), np.int64)
        records[:, s.NUMBER] = numbers
        records[:, s.DESK] = desks
        records[:, s.KEY] = (numbers << s.DESK_BITS) + desks
        records[:, s.ARRIVAL_US] = drawn.arrival_us[own]
        records[:, s.PROGRAM] = drawn.program[own]
        records[:, s.OFFICE] = drawn.office[own]
        records[:, s.PRIORITY] = drawn.priority[own]
        times = self.m[s.TIMES_FROM]
        records[:, times : times + drawn.times_us.shape[1]] = drawn.times_us[own]
        self._write(s.CASES_AT, desks, records)

    def close(self) -> None:
        """Say that no further case will come."""
        self.m[s.COMPLETE] = 1

    def lengthen_agenda(self) -> None:
        """Make room for more events: patience that was not needed stays there until its time."""
        self._lay_out(self.m[s.CAPACITY], 2 * self.m[s.ROOM])

    def take_ended(self) -> PlayedCases:
        """Hand out the cases that have ended; their desks are free."""
        count = int(self.m[s.ENDED_COUNT])
        self.m[s.ENDED_COUNT] = 0
        return self._hand_out(self._read(s.ENDED_AT, np.arange(count), 1)[:, 0])

    def take_all(self) -> PlayedCases:
        """Hand out all cases that have arrived; the step that one is in has a row too, which is open."""
        self._write_open_rows()
        phases = self._read(s.CASES_AT, np.arange(self.m[s.CAPACITY]), self.m[s.CASE_WIDTH])[:, s.PHASE]
        self.m[s.ENDED_COUNT] = 0
        return self._hand_out(np.flatnonzero(phases != s.ABSENT))

    def _write_open_rows(self) -> None:
        """Write a row for each step that is under way."""
        records = self._read(s.CASES_AT, np.arange(self.m[s.CAPACITY]), self.m[s.CASE_WIDTH])
        is_open = (records[:, s.STEP] >= 0) & np.isin(records[:, s.PHASE], (s.RUNS, s.WAITS))
        records = records[is_open]
        rows = np.full((len(records), s.ROW), -1, np.int64)
        for field, place in _OPEN_ROW_FIELDS.items():
            rows[:, place] = records[:, field]
        self._write(s.ROWS_AT, records[:, s.DESK] * self.m[s.ROWS] + records[:, s.ROW_COUNT], rows)
        records[:, s.ROW_COUNT] += 1
        self._write(s.CASES_AT, records[:, s.DESK], records)

    def _hand_out(self, desks: Column) -> PlayedCases:
        """Return what the cases at *desks* have left, by their numbers, and let them leave."""
        places = self._places(desks)
        order = np.argsort(self._numbers(places + s.NUMBER))
        desks, places = desks[order], places[order]
        row_counts, visit_counts = (self._numbers(places + count) for count in (s.ROW_COUNT, s.VISIT_COUNT))
        rows = self._filled(s.ROWS_AT, desks, row_counts, s.ROW, int(self.m[s.ROWS]))
        visits = self._filled(s.VISITS_AT, desks, visit_counts, s.VISIT, int(self.m[s.VISITS]))
        cases = CaseColumns(**{name: self._numbers(places + field) for name, field in _CASE_FIELDS.items()})
        self.free = np.concatenate([self.free, desks])
        if self.as_list:
            for place in (places + s.PHASE).tolist():
                self.m[place] = s.ABSENT
        else:
            self.m[places + s.PHASE] = s.ABSENT
        of_row, of_visit = (np.repeat(cases.number, counts) for counts in (row_counts, visit_counts))
        return PlayedCases(
            cases,
            RowColumns(of_row, **{name: rows[place] for name, place in _ROW_FIELDS.items()}),
            VisitColumns(of_visit, **{name: visits[place] for name, place in _VISIT_FIELDS.items()}),
        )

    def _filled(self, table: int, desks: Column, counts: Column, width: int, most: int) -> Any:
        """Return as columns what cases have filled of a *table* in which each has *most* records."""
        begins = self.m[table] + desks * (most * width)
        found = np.empty((width, int(counts.sum())), np.int64)
        shape = np.array([len(desks), *found.shape], np.int64)
        if self.as_list:
            columns = found.reshape(-1).tolist()
            copy_records(self.m, begins.tolist(), counts.tolist(), shape.tolist(), columns)
            return np.array(columns, np.int64).reshape(found.shape)
        from sim.load.compiled import compiled_copy  # noqa: PLC0415 - Numba may be absent

        compiled_copy()(self.m, begins, counts, shape, found)
        return found

    def _places(self, desks: Column) -> Column:
        """Return where the records of the cases at *desks* begin."""
        return np.asarray(self.m[s.CASES_AT] + desks * self.m[s.CASE_WIDTH], np.int64)

    def _numbers(self, places: Column) -> Column:
        """Return the numbers at *places* of the memory."""
        if self.as_list:
            return np.array([self.m[place] for place in places.tolist()], np.int64)
        return np.asarray(self.m[places], np.int64)

    def _read(self, table: int, numbers: Any, width: int) -> Any:
        """Return records of a *table* by their *numbers*."""
        begins, m = self.m[table], self.m
        if self.as_list:
            places = (begins + numbers * width).tolist()
            records = [m[place : place + width] for place in places]
            return np.array(records, np.int64).reshape(len(places), width)
        return m[begins : begins + (len(m) - begins) // width * width].reshape(-1, width)[numbers]

    def _write(self, table: int, numbers: Any, records: Any) -> None:
        """Put *records* into a table in the places of *numbers*."""
        begins, width, m = self.m[table], records.shape[1], self.m
        if self.as_list:
            for place, record in zip((begins + numbers * width).tolist(), records.tolist(), strict=True):
                m[place : place + width] = record
        else:
            m[begins : begins + (len(m) - begins) // width * width].reshape(-1, width)[numbers] = records

    def _make_room(self, count: int) -> None:
        """Set up more desks until *count* of them are free: as many again, and as many as are needed."""
        capacity = int(self.m[s.CAPACITY])
        missing = count - len(self.free)
        if missing > 0:
            larger = capacity + max(missing, capacity)
            if larger > s.DESK_MASK:
                raise InputError(
                    "the study", "", f"{larger} cases under way at once", f"at most {s.DESK_MASK}"
                )
            self._lay_out(larger, max(self.m[s.ROOM], EVENTS_OF_A_CASE * larger))
            self.free = np.concatenate([np.arange(capacity, larger)[::-1], self.free])

    def _lay_out(self, capacity: int, room: int) -> None:
        """Lay out the memory anew for *capacity* desks and *room* for events; nothing else changes.

        Whoever waits in a queue is found again at the new place.
        """
        old = np.asarray(self.m, np.int64)
        was = Desks(old, as_list=False, free=self.free)
        now = Desks(_laid_out(old[: old[s.ARRIVALS_AT]], capacity, room), as_list=False, free=self.free)
        m, width, desks = now.m, int(old[s.CASE_WIDTH]), np.arange(old[s.CAPACITY])
        coming = np.arange(old[s.ARRIVED], old[s.DRAWN])
        now._write(s.ARRIVALS_AT, coming % capacity, was._read(s.ARRIVALS_AT, coming % len(desks), 1))
        for table, count in ((s.ENDED_AT, old[s.ENDED_COUNT]), (s.AGENDA_AT, 2 * old[s.EVENTS])):
            m[m[table] :][:count] = old[old[table] :][:count]
        for table, size in ((s.ROWS_AT, s.ROW * old[s.ROWS]), (s.VISITS_AT, s.VISIT * old[s.VISITS])):
            m[m[table] :][: size * len(desks)] = old[old[table] :][: size * len(desks)]
        cases = m[m[s.CASES_AT] :][: width * len(desks)].reshape(-1, width)
        cases[:] = old[old[s.CASES_AT] :][: width * len(desks)].reshape(-1, width)
        shift = m[s.CASES_AT] - old[s.CASES_AT]
        for links in (cases[:, s.BEFORE], cases[:, s.AFTER], m[m[s.QUEUES_AT] : m[s.FREE_AT]]):
            links[links >= 0] += shift
        cases[:, old[s.VISIT_OF] : old[s.VISIT_OF] + old[s.KINDS]] += m[s.VISITS_AT] - old[s.VISITS_AT]
        self.m = m.tolist() if self.as_list else m


def _first_memory(network: Network) -> Any:
    """Return the memory before the first change: nobody is on duty yet."""
    most, sizes = network.most_servers, network.sizes()
    servers = sum(most) + 1
    tables: dict[int, Any] = {
        **network.tables(),
        s.STATIONS_AT: [0] * (len(most) * s.STATION_WIDTH),
        s.QUEUES_AT: [-1] * (len(most) * sizes[s.PRIORITIES] * s.QUEUE),
        s.FREE_AT: [0] * servers,
        s.SERVERS_AT: [s.AWAY] * servers,
        s.OFFICES_AT: [0] * (network.offices * s.OFFICE_WIDTH),
        s.USES_AT: np.tile(_unused(len(network.slots)), network.offices),
        s.TOUCHED_AT: [0] * (len(most) + 1),
    }
    header = np.zeros(s.HEADER, np.int64)
    header[s.NOW_US] = -s.NEVER
    header[s.NEXT_ARRIVAL_US] = s.NEVER
    for place, size in sizes.items():
        header[place] = size
    begins = s.HEADER
    for place, table in tables.items():
        header[place] = begins
        begins += len(table)
    header[s.ARRIVALS_AT] = begins
    fixed = np.concatenate([header, *(np.asarray(table, np.int64) for table in tables.values())])
    stations = fixed[header[s.STATIONS_AT] :][: len(tables[s.STATIONS_AT])].reshape(-1, s.STATION_WIDTH)
    ends = np.cumsum([0, *most])[:-1]
    stations[:, s.FREE_FROM] = header[s.FREE_AT] + ends
    stations[:, s.SERVERS_FROM] = header[s.SERVERS_AT] + ends
    stations[:, s.STATION_NUMBER] = np.arange(len(most))
    stations[:, s.UNLIMITED] = [int(network.kinds[kind].changes is None) for kind, _ in network.stations]
    return _laid_out(fixed, SMALLEST, EVENTS_OF_A_CASE * SMALLEST)


def _unused(slots: int) -> Column:
    """Return the uses of an office's *slots* before the first: each is followed by the next one."""
    uses = np.zeros((slots, s.USE), np.int64)
    uses[:, s.HOLDER], uses[:, s.NEXT_SLOT] = -1, np.arange(1, slots + 1)
    return uses.reshape(-1)


def _laid_out(fixed: Any, capacity: int, room: int) -> Any:
    """Return memory that begins with *fixed*, with an agenda and desks that are empty."""
    header = fixed[: s.HEADER]
    sizes = {
        s.ARRIVALS_AT: capacity,
        s.ENDED_AT: capacity,
        s.AGENDA_AT: 2 * room,
        s.CASES_AT: capacity * header[s.CASE_WIDTH],
        s.ROWS_AT: capacity * header[s.ROWS] * s.ROW,
        s.VISITS_AT: capacity * header[s.VISITS] * s.VISIT,
    }
    m = np.zeros(len(fixed) + int(sum(sizes.values())), np.int64)
    m[: len(fixed)] = fixed
    m[s.CAPACITY], m[s.ROOM] = capacity, room
    begins = len(fixed)
    for place, size in sizes.items():
        m[place] = begins
        begins += int(size)
    return m

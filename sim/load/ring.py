"""The ring of cases that the event loop works on: filled from what was drawn, emptied of what has ended.

Its memory is that of the cases between the oldest that has not ended and the newest drawn, however many come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.load import state as s
from sim.load.blocks import CaseColumns, Column, DrawnCases, PlayedCases, RowColumns, VisitColumns
from sim.load.network import Network
from sim.load.state import Ints

SMALLEST = 1024
"""Cases that a new ring has places for; it doubles when need be."""

PIECE = 512
"""Cases that are handed out at a time: few enough to stay in the cache of a processor."""

EVENTS_OF_A_CASE = 4
"""Events that the agenda has room for at first, for each place of the ring; it is lengthened when need be."""

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
class Ring:
    """The memory *m* of a loop with its ring of cases: an array, or a list where the loop runs uncompiled.

    Cases before the one with the number *emptied* have been handed out.
    """

    m: Ints
    as_list: bool
    emptied: int = 0

    @classmethod
    def prepare(cls, network: Network, *, as_list: bool) -> "Ring":
        """Return a ring before the first case."""
        m = _first_memory(network)
        return cls(m.tolist() if as_list else m, as_list)

    def load(self, drawn: DrawnCases) -> None:
        """Put cases into the ring that come after all in it; it grows if it is too small."""
        first = int(self.m[s.DRAWN])
        self._make_room(first + len(drawn))
        fields = {
            s.ARRIVAL_US: drawn.arrival_us,
            s.PROGRAM: drawn.program,
            s.OFFICE: drawn.office,
            s.PRIORITY: drawn.priority,
        }
        times = self.m[s.TIMES_FROM]
        for number, place, count in self._pieces(first, first + len(drawn)):
            own = slice(number - first, number - first + count)
            records = np.zeros((count, self.m[s.CASE_WIDTH]), np.int64)
            records[:, s.NUMBER] = np.arange(number, number + count)
            records[:, s.PLACE] = np.arange(place, place + count)
            for field, column in fields.items():
                records[:, field] = column[own]
            records[:, times : times + drawn.times_us.shape[1]] = drawn.times_us[own]
            begins = self.m[s.CASES_AT] + place * records.shape[1]
            flat = records.reshape(-1)
            self.m[begins : begins + len(flat)] = flat.tolist() if self.as_list else flat
        self.m[s.DRAWN] = first + len(drawn)

    def close(self) -> None:
        """Say that no further case will come."""
        self.m[s.COMPLETE] = 1

    def lengthen_agenda(self) -> None:
        """Make room for more events: patience that was not needed stays there until its time."""
        self._lay_out(self.m[s.CAPACITY], 2 * self.m[s.ROOM])

    def take_ended(self) -> PlayedCases:
        """Hand out the cases that have ended, up to the first that has not."""
        arrived = int(self.m[s.ARRIVED])
        phases = self._column(self.emptied, arrived, s.PHASE)
        under_way = np.flatnonzero((phases == s.RUNS) | (phases == s.WAITS))
        return self._hand_out(self.emptied + int(under_way[0]) if len(under_way) else arrived)

    def take_all(self) -> PlayedCases:
        """Hand out all cases that have arrived; the step that one is in has a row too, which is open."""
        self._write_open_rows()
        return self._hand_out(int(self.m[s.ARRIVED]))

    def _write_open_rows(self) -> None:
        """Write a row for each step that is under way."""
        numbers = np.arange(self.emptied, int(self.m[s.ARRIVED]))
        records = self._records(numbers)
        is_open = (records[:, s.STEP] >= 0) & np.isin(records[:, s.PHASE], (s.RUNS, s.WAITS))
        records = records[is_open]
        rows = np.full((len(records), s.ROW), -1, np.int64)
        for field, place in _OPEN_ROW_FIELDS.items():
            rows[:, place] = records[:, field]
        self._write(s.ROWS_AT, records[:, s.PLACE] * self.m[s.ROWS] + records[:, s.ROW_COUNT], rows)
        records[:, s.ROW_COUNT] += 1
        self._write(s.CASES_AT, records[:, s.PLACE], records)

    def _hand_out(self, until: int) -> PlayedCases:
        first, self.emptied = self.emptied, until
        cases = {name: self._column(first, until, place) for name, place in _CASE_FIELDS.items()}
        rows = self._copied(first, until, (s.ROWS_AT, s.ROW_COUNT, s.ROW, int(self.m[s.ROWS])))
        visits = self._copied(first, until, (s.VISITS_AT, s.VISIT_COUNT, s.VISIT, int(self.m[s.VISITS])))
        return PlayedCases(
            CaseColumns(**cases),
            RowColumns(rows[0], **{name: rows[1 + place] for name, place in _ROW_FIELDS.items()}),
            VisitColumns(visits[0], **{name: visits[1 + place] for name, place in _VISIT_FIELDS.items()}),
        )

    def _column(self, first: int, until: int, field: int) -> Column:
        """Return a field of the cases from *first* to *until*."""
        found, width = np.empty(until - first, np.int64), self.m[s.CASE_WIDTH]
        for number, place, count in self._pieces(first, until):
            begins = self.m[s.CASES_AT] + place * width
            found[number - first :][:count] = self.m[begins + field : begins + count * width : width]
        return found

    def _copied(self, first: int, until: int, table: tuple[int, int, int, int]) -> Any:
        """Return what the cases have filled of a table, as columns behind the number of the case.

        *table* is where its beginning stands, the field of a case with its count, its width, and the most
        that a case has.
        """
        begins, filled, width, most = table
        counts = self._column(first, until, filled)
        ends = np.concatenate(([0], np.cumsum(counts)))
        found = np.empty((1 + width, ends[-1]), np.int64)
        found[0] = np.repeat(np.arange(first, until), counts)
        for number, place, count in self._pieces(first, until):
            own = slice(number - first, number - first + count)
            at = self.m[begins] + place * most * width
            records = np.asarray(self.m[at : at + count * most * width], np.int64).reshape(-1, width)
            is_used = (np.arange(most) < counts[own, None]).reshape(-1)
            found[1:, ends[own.start] : ends[own.stop]] = records.take(np.flatnonzero(is_used), axis=0).T
        return found

    def _pieces(self, first: int, until: int) -> Iterator[tuple[int, int, int]]:
        """Yield the cases from *first* to *until* in pieces that lie together: number, place, count."""
        capacity = int(self.m[s.CAPACITY])
        while first < until:
            place = first % capacity
            count = min(until - first, capacity - place, PIECE)
            yield first, place, count
            first += count

    def _records(self, numbers: Column) -> Any:
        """Return the records of cases as a table."""
        return self._read(s.CASES_AT, numbers % self.m[s.CAPACITY], self.m[s.CASE_WIDTH])

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

    def _make_room(self, until: int) -> None:
        """Double the ring until it has places for all cases up to *until* that have not been handed out."""
        capacity, room = self.m[s.CAPACITY], self.m[s.ROOM]
        while until - self.emptied > capacity:
            capacity *= 2
        if capacity > self.m[s.CAPACITY]:
            self._lay_out(capacity, max(room, EVENTS_OF_A_CASE * capacity))

    def _lay_out(self, capacity: int, room: int) -> None:
        """Lay out the memory anew with *capacity* cases and *room* for events; nothing else changes.

        Whoever waits in a queue is found again at the new place.
        """
        old = np.array(self.m, np.int64)
        numbers = np.arange(self.emptied, int(old[s.DRAWN]))
        before = Ring(old, as_list=False, emptied=self.emptied)
        records, width = before._records(numbers), int(old[s.CASE_WIDTH])
        was, now = numbers % old[s.CAPACITY], numbers % capacity
        m = _laid_out(old[: old[s.AGENDA_AT]], capacity, room)
        m[m[s.AGENDA_AT] :][: 2 * old[s.EVENTS]] = old[old[s.AGENDA_AT] :][: 2 * old[s.EVENTS]]
        moved = np.full(old[s.CAPACITY] + 1, -1, np.int64)  # the last one is for "nobody", -1
        moved[was] = m[s.CASES_AT] + now * width
        waiting = records[:, s.PHASE] == s.WAITS  # the others have no neighbours, or none that is left
        for link in (s.BEFORE, s.AFTER):
            records[waiting, link] = moved[_numbers_of(records[waiting, link], old[s.CASES_AT], width)]
        visits = slice(old[s.VISIT_OF], old[s.VISIT_OF] + old[s.KINDS])
        shift = (now - was) * (old[s.VISITS] * s.VISIT) + m[s.VISITS_AT] - old[s.VISITS_AT]
        records[:, visits] += shift[:, None]
        records[:, s.PLACE] = now
        queues = slice(old[s.QUEUES_AT], old[s.FREE_AT])
        m[queues] = moved[_numbers_of(old[queues], old[s.CASES_AT], width)]
        after = Ring(m, as_list=False)
        after._write(s.CASES_AT, now, records)
        for table, size in ((s.ROWS_AT, s.ROW * old[s.ROWS]), (s.VISITS_AT, s.VISIT * old[s.VISITS])):
            if size:
                after._write(table, now, before._read(table, was, int(size)))
        self.m = m.tolist() if self.as_list else m


def _first_memory(network: Network) -> Any:
    """Return the memory before the first change: nobody is on duty yet."""
    most, sizes = network.most_servers, network.sizes()
    servers = sum(most) + 1
    tables = {
        **network.tables(),
        s.STATIONS_AT: [0] * (len(most) * s.STATION_WIDTH),
        s.QUEUES_AT: [-1] * (len(most) * sizes[s.PRIORITIES] * s.QUEUE),
        s.FREE_AT: [0] * servers,
        s.SERVERS_AT: [s.AWAY] * servers,
        s.OFFICES_AT: [0] * (network.offices * s.OFFICE_WIDTH),
        s.USES_AT: [-1, 0] * (network.offices * len(network.slots)),
        s.TOUCHED_AT: [0] * (len(most) + 1),
    }
    header = np.zeros(s.HEADER, np.int64)
    header[s.NOW_US] = -s.NEVER
    for place, size in sizes.items():
        header[place] = size
    begins = s.HEADER
    for place, table in tables.items():
        header[place] = begins
        begins += len(table)
    header[s.AGENDA_AT] = begins
    fixed = np.concatenate([header, *(np.array(table, np.int64) for table in tables.values())])
    stations = fixed[header[s.STATIONS_AT] :][: len(tables[s.STATIONS_AT])].reshape(-1, s.STATION_WIDTH)
    ends = np.cumsum([0, *most])[:-1]
    stations[:, s.FREE_FROM] = header[s.FREE_AT] + ends
    stations[:, s.SERVERS_FROM] = header[s.SERVERS_AT] + ends
    stations[:, s.STATION_NUMBER] = np.arange(len(most))
    stations[:, s.UNLIMITED] = [int(network.kinds[kind].changes is None) for kind, _ in network.stations]
    return _laid_out(fixed, SMALLEST, EVENTS_OF_A_CASE * SMALLEST)


def _laid_out(fixed: Any, capacity: int, room: int) -> Any:
    """Return memory that begins with *fixed*, with an agenda and a ring that are empty."""
    header = fixed[: s.HEADER]
    sizes = {
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
    m[m[s.CASES_AT] :][: sizes[s.CASES_AT]].reshape(capacity, -1)[:, s.NUMBER] = -1
    return m


def _numbers_of(places: Any, begins: int, width: int) -> Any:
    """Return which record of the ring each place is, -1 for none."""
    return np.where(places < 0, -1, (places - begins) // width)

"""Search the smallest staffing that keeps every limit, all staffings on the same random numbers.

The way: servers enough that nobody waits for one; of each station alone the least number while the others
have enough; all these together; up where that helps most, until every limit is kept; down again until no
station can lose a server; exchanges of servers between stations. That more servers never hurt is taken for
granted of exchanges only; that no station can lose a server has been tried. Source: going up is marginal
allocation, B. Fox, Management Science 13 (1966), 210-216.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from conformance.study_results import Move, Sizing, SizingNote, Staffing
from scenarios.sizing_notes import notes_of, why_none
from scenarios.staffing import Numbers, given_numbers
from scenarios.trials import Look
from scenarios.tried_staffings import EnoughTriedError, TriedStaffings

MOST_ALTERNATIVES = 3
LEAST_ALTERNATIVES = 2
_EVERYBODY = Move(kind="everybody")


@dataclass(frozen=True, slots=True)
class Sized:
    """What a search found; *numbers* are the chosen staffing, *complete* is False after an interruption."""

    sizing: Sizing
    numbers: Numbers | None
    complete: bool


@dataclass(slots=True)
class Search(TriedStaffings):
    """A search while it goes on; *ample* are servers enough for everybody."""

    ample: Numbers = ()

    def find(self) -> Sized:
        """Search, and return what was found; a KeyboardInterrupt ends the search early."""
        ended: SizingNote | None = None
        complete = True
        alternatives: tuple[Staffing, ...] = ()
        try:
            if self._can_be_kept():
                floors = tuple(self._floor(at) for at in range(len(self.stations)))
                self.best = self._smallest(floors)
                alternatives = self._alternatives()
        except EnoughTriedError:
            ended = SizingNote(kind="out_of_trials", n=self.most)
        except KeyboardInterrupt:
            ended, complete = SizingNote(kind="interrupted"), False
        return self._sized(ended, complete, alternatives)

    def _smallest(self, numbers: Numbers) -> Numbers:
        """Return the smallest staffing that is found from *numbers* on, and that all replications confirm."""
        while True:
            numbers = self._improve(self._down(self._up(numbers)))
            if self.is_confirmed(numbers):
                return numbers

    def _can_be_kept(self) -> bool:
        """Find servers enough for everybody, and tell whether every limit is kept with them.

        Limits that are not shown to be kept with them are set aside: no staffing could show it.
        """
        self.ample = self._enough_for_all()
        found = self.trials.look(self.variant(self.ample))
        self.trials.aside |= {
            limit.place: limit.share.value for limit in found.not_shown if limit.share.value is not None
        }
        return self.keeps(self.ample, _EVERYBODY)

    def _enough_for_all(self) -> Numbers:
        """Return a staffing that no further servers make any faster.

        Where somebody waited the number is doubled, until nobody waits or twice as many change nothing: then
        people wait for an opening.
        """
        numbers = given_numbers(self.stations)
        found = self.first_look(numbers, Move(kind="given"))
        while True:
            doubled = tuple(
                min(station.most, 2 * number) if found.kinds[station.name].queue_us else number
                for station, number in zip(self.stations, numbers, strict=True)
            )
            if doubled == numbers:
                return numbers
            again = self.first_look(doubled, Move(kind="doubled"))
            if _outcome(again) == _outcome(found):
                return numbers
            numbers, found = doubled, again

    def _floor(self, at: int) -> int:
        """Return the least number of a station that few replications do not rule out, the others with enough.

        It begins with the work that comes to its busiest office: fewer servers than that would never end it.
        """
        station = self.stations[at]
        offered = self.first_look(self.ample, _EVERYBODY).kinds[station.name].load * self.ample[at]

        def is_ruled_out(number: int) -> bool:
            numbers = _with(self.ample, at, number)
            return self.first_look(numbers, Move(kind="scarce", station=station.name)).kept == "not_kept"

        low, high = 0, min(self.ample[at], int(offered) + 1)
        while high < self.ample[at] and is_ruled_out(high):
            low, high = high, min(self.ample[at], 2 * high)
        if low == 0 and high > 1 and is_ruled_out(high - 1):
            low = high - 1
        return _bisected(low, high, is_ruled_out)

    def _up(self, numbers: Numbers) -> Numbers:
        """Add servers where they help most until every limit is kept; the servers for everybody do keep it.

        A station that helps most again and again gets twice as many each time.
        """
        jumps = [1] * len(self.stations)
        move = Move(kind="least_each")
        while not self.keeps(numbers, move):
            raised = {
                at: _with(numbers, at, min(self.ample[at], numbers[at] + jumps[at]))
                for at in range(len(self.stations))
                if numbers[at] < self.ample[at]
            }
            if not raised:
                return self.ample
            at = next(iter(raised)) if len(raised) == 1 else self._most_helpful(numbers, raised)
            if at is None:  # one server more helps nowhere: several may
                jumps = [2 * jump for jump in jumps]
                if all(to[at] == self.ample[at] for at, to in raised.items()):
                    numbers, move = self.ample, _EVERYBODY
                continue
            move = self._change("changed", numbers, raised[at])
            numbers = raised[at]
            jumps = [2 * jump if place == at else 1 for place, jump in enumerate(jumps)]
        return numbers

    def _most_helpful(self, numbers: Numbers, raised: Mapping[int, Numbers]) -> int | None:
        """Return the station whose raise helps the limits that are not kept most for its price, if any."""
        wanting = self.looks[numbers].wanting
        before = self.first_looks[numbers]
        gains: dict[int, float] = {}
        for at, to in raised.items():
            if not before.kinds[self.stations[at].name].queue_us:
                continue  # nobody waits there
            after = self.first_look(to, self._change("probe", numbers, to))
            gain = sum(after.share(place) - before.share(place) for place in wanting)
            gains[at] = gain / max(self.cost(to) - self.cost(numbers), 1e-9)
        best = max(gains, key=gains.__getitem__, default=None)
        return best if best is not None and gains[best] > 0 else None

    def _down(self, numbers: Numbers) -> Numbers:
        """Take servers away, the dearest first, until no station can lose one."""
        before = None
        while before != numbers:
            before = numbers
            for at in self._dearest_first():
                numbers = self._least(numbers, at)
        return numbers

    def _least(self, numbers: Numbers, at: int) -> Numbers:
        """Return the staffing with the least number at one station; one server less has been tried."""

        def is_too_few(number: int) -> bool:
            fewer = _with(numbers, at, number)
            return not self.keeps(fewer, self._change("changed", numbers, fewer))

        high, step = numbers[at], 1
        while high > 1:
            low = max(1, high - step)
            if is_too_few(low):
                return _with(numbers, at, _bisected(low, high, is_too_few))
            high, step = low, 2 * step
        return _with(numbers, at, high)

    def _improve(self, numbers: Numbers) -> Numbers:
        """Exchange servers between stations as long as that is cheaper and keeps every limit."""
        while True:
            cost = self.cost(numbers)
            better = next((other for other in self._exchanges(numbers) if self.cost(other) < cost), None)
            if better is None:
                return numbers
            numbers = self._down(better)

    def _exchanges(self, numbers: Numbers) -> Iterator[Numbers]:
        """Yield staffings that keep every limit with one server less at a station, and more at another one.

        Each costs at most one server of the dearest station more. A station that cannot lose a server even
        where the others have enough has nothing to exchange; nor has a pair where the most that may be
        added is not enough. So here it is taken for granted that more servers do not hurt.
        """
        most = self.cost(numbers) + max(
            station.cost(number + 1) - station.cost(number)
            for station, number in zip(self.stations, numbers, strict=True)
        )
        for less in self._dearest_first():
            alone = _with(self.ample, less, numbers[less] - 1)
            scarce = Move(kind="scarce", station=self.stations[less].name)
            if numbers[less] == 1 or not self.keeps(alone, scarce):
                continue
            fewer = _with(numbers, less, numbers[less] - 1)
            for more in range(len(self.stations)):
                extra = 0 if more == less else self._affordable(fewer, more, most)
                found = self._exchange(numbers, fewer, more, extra) if extra else None
                if found is not None:
                    yield found

    def _affordable(self, numbers: Numbers, at: int, most: float) -> int:
        """Return how many servers more of a station cost no more than *most* together, and can be of use."""
        extra = max(0, self.ample[at] - numbers[at])
        while extra and self.cost(_with(numbers, at, numbers[at] + extra)) > most:
            extra -= 1
        return extra

    def _exchange(self, numbers: Numbers, fewer: Numbers, more: int, most: int) -> Numbers | None:
        """Return *fewer* with the least addition at one station that keeps every limit, if *most* does.

        *numbers* are what it was before.
        """

        def added(extra: int) -> Numbers:
            return _with(fewer, more, fewer[more] + extra)

        def is_too_few(extra: int) -> bool:
            return not self.keeps(added(extra), self._change("changed", numbers, added(extra)))

        return None if is_too_few(most) else added(_bisected(0, most, is_too_few))

    def _change(self, kind: str, before: Numbers, after: Numbers) -> Move:
        changes = {
            station.name: new - old
            for station, old, new in zip(self.stations, before, after, strict=True)
            if new != old
        }
        return Move(kind=kind, changes=changes)

    def _dearest_first(self) -> list[int]:
        """Return the stations by what one server more costs in all offices."""
        return sorted(
            range(len(self.stations)),
            key=lambda at: (
                -self.stations[at].price * len(self.stations[at].differences),
                self.stations[at].name,
            ),
        )

    def _alternatives(self) -> tuple[Staffing, ...]:
        """Return the next cheapest staffings that keep every limit.

        Those with fewer servers somewhere come first; if they are few, some with one server more follow.
        """
        if self.best is None:
            return ()
        best = self.best
        for _ in self._exchanges(best):
            pass
        others = self._confirmed(MOST_ALTERNATIVES, lambda numbers: _is_less_somewhere(numbers, best))
        if len(others) < LEAST_ALTERNATIVES:
            larger = [_with(best, at, best[at] + 1) for at in range(len(self.stations))]
            for numbers in sorted(larger, key=self.cost)[: LEAST_ALTERNATIVES - len(others)]:
                self.look(numbers, Move(kind="one_more"))
            missing = LEAST_ALTERNATIVES - len(others)
            others += self._confirmed(missing, lambda numbers: numbers not in others and numbers != best)
        return tuple(
            self.staffing(numbers, self.looks[numbers], self._change("changed", best, numbers))
            for numbers in others
        )

    def _confirmed(self, most: int, fits: Callable[[Numbers], bool]) -> list[Numbers]:
        """Return the cheapest staffings that keep every limit by all replications, at *most* so many."""
        found: list[Numbers] = []
        for numbers in self.keeping(fits):
            if len(found) < most and self.is_confirmed(numbers):
                found.append(numbers)
        return found

    def _sized(self, ended: SizingNote | None, complete: bool, alternatives: tuple[Staffing, ...]) -> Sized:
        """Return what was found up to now; *ended* says why no longer search was made."""
        best, ample = self.best, self.looks.get(self.ample)
        if best is None:
            chosen, notes = None, why_none(ended, ample)
        else:
            chosen = self.staffing(best, self.looks[best], None)
            notes = notes_of(ended, self.looks[best], ample, self.stations)
        sizing = Sizing(path=tuple(self.path), chosen=chosen, alternatives=alternatives, notes=notes)
        return Sized(sizing, best, complete)


def _with(numbers: Numbers, at: int, number: int) -> Numbers:
    return (*numbers[:at], number, *numbers[at + 1 :])


def _bisected(low: int, high: int, is_too_few: Callable[[int], bool]) -> int:
    """Return a number above *low*, which is too few, up to *high*, which is not: one less is too few."""
    while high - low > 1:
        middle = (low + high) // 2
        if is_too_few(middle):
            low = middle
        else:
            high = middle
    return high


def _outcome(look: Look) -> object:
    """Return all that can change with further servers."""
    return (
        [(limit.place, limit.share, limit.executions) for limit in look.limits],
        look.abandoned,
        look.queues,
    )


def _is_less_somewhere(numbers: Numbers, than: Numbers) -> bool:
    return any(own < other for own, other in zip(numbers, than, strict=True))

"""Cases of a log: the rows of one request, with what is certain of their order.

A row with a known end has a place in its case; a row without one may have ended at any time. Of two ends
read from clocks of the same resolution the smaller reading came first; equal readings are a tie. So every
null only ever removes certainty: no verdict can turn to pass by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from conformance.log import OK, Row
from conformance.log_rows import check_row


@dataclass(frozen=True, eq=False)
class Event:
    """One row with its attributes read once; *attributes* None means that the source delivered none.

    Two equal rows are still two events. *clock_error_us* is the stated error of one reading of the clocks.
    """

    row: Row
    attributes: dict[str, Any] | None
    clock_error_us: int = 0

    @property
    def step(self) -> str:
        """Return the step's code."""
        return self.row.step

    @property
    def uncertainty_us(self) -> int:
        """Return how far the difference of two readings of this row's clock may be from the truth.

        Readings cut (or rounded) to *r* microseconds are each off by less than r in the same direction of
        rounding, so a difference of two is off by at most r - 1; the stated error of the clock enters twice.
        """
        return self.row.resolution_us - 1 + 2 * self.clock_error_us

    @property
    def reading_doubt_us(self) -> int:
        """Return how far one reading of this row's clock may be from the moment that it stands for."""
        return self.row.resolution_us - 1 + self.clock_error_us


@dataclass(frozen=True)
class Case:
    """The rows of one request, in the order of their ends; *ended* if one ending step is completed.

    *left_out* are executions that the norm at hand does not look at; they keep their place in the order.
    *length* is the number of rows where there are too many for one request and they were not read.
    """

    case_id: str
    service: str
    path: str
    events: tuple[Event, ...]
    ended: bool
    mixed: bool = False
    clock_error_us: int = 0
    left_out: frozenset[Event] = frozenset()
    length: int | None = None

    @cached_property
    def by_step(self) -> dict[str, tuple[Event, ...]]:
        """Return the executions of each step."""
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.row.step, []).append(event)
        return {step: tuple(events) for step, events in found.items()}

    def of(self, steps: Iterable[str]) -> tuple[Event, ...]:
        """Return the executions of *steps*."""
        by_step = self.by_step
        return tuple(event for step in steps for event in by_step.get(step, ()))

    def judged(self, *steps: str) -> tuple[Event, ...]:
        """Return the executions of *steps* that the norm at hand looks at: all but those *left_out*."""
        found = self.of(steps)
        return tuple(e for e in found if e not in self.left_out) if self.left_out else found


def surely_before(first: Event, second: Event) -> bool:
    """Tell whether *first* ended before *second* whatever the clocks hide.

    With exact clocks an instantaneous step that became possible when the other ended came after it.
    """
    one, two = first.row.completed_us, second.row.completed_us
    if one is None or two is None:
        return False
    if first.row.resolution_us == second.row.resolution_us and not _errs(first, second):
        return one < two or (one == two and _caused(first.row, second.row))
    return two - one > difference_doubt_us(first, second)


def difference_doubt_us(one: Event, two: Event) -> int:
    """Return how far the difference of a reading of each of two rows may be from the truth."""
    if one.row.resolution_us == two.row.resolution_us:
        grain = one.row.resolution_us - 1
    else:
        grain = one.row.resolution_us + two.row.resolution_us - 2
    return grain + one.clock_error_us + two.clock_error_us


def with_clock_error(case: Case, clock_error_us: int) -> Case:
    """Return *case* as read from clocks whose readings are wrong by at most *clock_error_us*."""
    if case.clock_error_us == clock_error_us:
        return case
    events = tuple(replace(event, clock_error_us=clock_error_us) for event in case.events)
    return replace(case, events=events, left_out=frozenset(), clock_error_us=clock_error_us)


def _errs(first: Event, second: Event) -> bool:
    return first.clock_error_us > 0 or second.clock_error_us > 0


def _caused(first: Row, second: Row) -> bool:
    """Tell whether *second*, ending at the same exact instant, was only enabled by the end of *first*."""
    if first.resolution_us != 1 or first.completed_us is None:
        return False
    if first.enabled_us is None or second.enabled_us is None:
        return False
    return first.enabled_us < first.completed_us <= second.enabled_us


def succeeded(event: Event) -> bool:
    """Tell whether the step ended with outcome ok."""
    return event.row.outcome == OK


def group_cases(rows: Sequence[Row], endings: frozenset[str], place: str = "the log") -> tuple[Case, ...]:
    """Return the cases of *rows*, by service, path and case id.

    A case whose rows name several services or paths is returned once for each of them, marked *mixed*.
    Raises InputError for a row that cannot be judged.
    """
    groups: dict[tuple[str, str, str], list[Event]] = {}
    routes: dict[str, set[tuple[str, str]]] = {}
    for number, row in enumerate(rows, 1):
        event = Event(row, check_row(row, place, number))
        groups.setdefault((row.service, row.path, row.case_id), []).append(event)
        routes.setdefault(row.case_id, set()).add((row.service, row.path))
    return tuple(
        Case(
            case_id=case_id,
            service=service,
            path=path,
            events=tuple(sorted(events, key=_by_end)),
            ended=any(e.row.step in endings and e.row.completed_us is not None for e in events),
            mixed=len(routes[case_id]) > 1,
        )
        for (service, path, case_id), events in sorted(groups.items())
    )


def _by_end(event: Event) -> tuple[bool, int, bool, int, str]:
    row = event.row
    return (
        row.completed_us is None,
        row.completed_us or 0,
        row.enabled_us is None,
        row.enabled_us or 0,
        row.step,
    )

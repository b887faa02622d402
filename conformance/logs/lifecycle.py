"""Several records of one step into one row: what was enabled or begun waits here for its end."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from conformance.errors import InputError
from conformance.logs.mapping import Lifecycle, Target
from conformance.logs.moments import Moment
from conformance.logs.records import Record

MAX_WAITING = 1_000_000

Key = tuple[str, str, str | None]
"""Case, step, and what tells two executions of one step apart where the source says so."""


class Stage(Enum):
    """What a record says of its step."""

    ENABLED = "enabled"
    START = "start"
    COMPLETE = "complete"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Began:
    """A record that says a step was enabled or begun."""

    record: Record
    target: Target
    moment: Moment


class Stages:
    """Remember what began, in order, until its end comes. An end without a beginning has none."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.column = lifecycle.column
        self.pair_by = lifecycle.pair_by
        self._stages = {value: stage for stage in Stage for value in getattr(lifecycle, stage.value)}
        self._waiting: dict[Stage, dict[Key, deque[Began]]] = {Stage.ENABLED: {}, Stage.START: {}}
        self._count = 0

    def stage_of(self, value: str) -> Stage | None:
        """Return what *value* says, None if the mapping does not know it."""
        return self._stages.get(value)

    def remember(self, stage: Stage, key: Key, began: Began) -> None:
        """Keep what began. Raises InputError when more wait than memory should hold."""
        self._count += 1
        if self._count > MAX_WAITING:
            found = f"more than {MAX_WAITING} beginnings without an end"
            raise InputError("lifecycle", f"event {began.record.ordinal}", found, "ends for most beginnings")
        self._waiting[stage].setdefault(key, deque()).append(began)

    def taken(self, key: Key) -> tuple[Began | None, Began | None]:
        """Take the oldest enabling and the oldest start of *key* out, None for each that is not there."""
        return self._take(Stage.ENABLED, key), self._take(Stage.START, key)

    def left(self) -> Iterator[tuple[Key, Began | None, Began | None]]:
        """Yield what never ended, case by case."""
        waiting = self._waiting
        for key in sorted({*waiting[Stage.ENABLED], *waiting[Stage.START]}, key=str):
            while key in waiting[Stage.ENABLED] or key in waiting[Stage.START]:
                yield (key, *self.taken(key))

    def _take(self, stage: Stage, key: Key) -> Began | None:
        queue = self._waiting[stage].get(key)
        if queue is None:
            return None
        began = queue.popleft()
        self._count -= 1
        if not queue:
            del self._waiting[stage][key]
        return began

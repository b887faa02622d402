"""The doctors' schedule: slots that are free, held for a while, or taken for good.

Source: paragraph 9 of the appointment service promises the choice; holding a slot from the choice to the
sending is an assumption of the pack (ASSUME-31).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class SlotState(StrEnum):
    """What can be said of a slot at a moment."""

    FREE = "free"
    HELD = "held"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time with a doctor; *starts* is the local time as the schedule prints it."""

    doctor: str
    starts: str

    @property
    def id(self) -> str:
        """Return the name of the slot."""
        return f"{self.doctor}@{self.starts}"


@dataclass(slots=True)
class _Use:
    holder: str
    until_us: int | None  # None: taken for good


@dataclass(slots=True)
class Schedule:
    """Know each slot and who has it; *hold_us* is how long a choice is kept."""

    slots: tuple[Slot, ...]
    hold_us: int
    _uses: dict[str, _Use] = field(default_factory=dict)

    def state(self, slot_id: str, now_us: int) -> SlotState:
        """Return the state of a slot at *now_us*."""
        use = self._uses.get(slot_id)
        if use is None or (use.until_us is not None and use.until_us <= now_us):
            return SlotState.FREE
        return SlotState.TAKEN if use.until_us is None else SlotState.HELD

    def knows(self, slot_id: str) -> bool:
        """Tell whether the schedule has such a slot."""
        return any(slot.id == slot_id for slot in self.slots)

    def free_slots(self, now_us: int) -> tuple[Slot, ...]:
        """Return the free slots, earliest first."""
        free = (slot for slot in self.slots if self.state(slot.id, now_us) is SlotState.FREE)
        return tuple(sorted(free, key=lambda slot: (slot.starts, slot.doctor)))

    def hold(self, slot_id: str, holder: str, now_us: int) -> bool:
        """Hold a free slot for *holder*; tell whether that worked."""
        if not self.knows(slot_id) or not self._open_to(slot_id, holder, now_us):
            return False
        self._uses[slot_id] = _Use(holder, now_us + self.hold_us)
        return True

    def take(self, slot_id: str, holder: str, now_us: int) -> bool:
        """Give a slot for good to *holder*; tell whether it was free or held for the same holder."""
        if not self.knows(slot_id) or not self._open_to(slot_id, holder, now_us):
            return False
        self._uses[slot_id] = _Use(holder, None)
        return True

    def seize(self, slot_id: str, holder: str) -> None:
        """Give a slot to *holder* whoever has it, as a registrar with a telephone can."""
        self._uses[slot_id] = _Use(holder, None)

    def holder(self, slot_id: str) -> str | None:
        """Return who holds or has a slot, None if nobody ever did."""
        use = self._uses.get(slot_id)
        return None if use is None else use.holder

    def release(self, holder: str) -> None:
        """Give back what is only held for *holder*."""
        self._uses = {
            slot: use
            for slot, use in self._uses.items()
            if not (use.holder == holder and use.until_us is not None)
        }

    def _open_to(self, slot_id: str, holder: str, now_us: int) -> bool:
        if self.state(slot_id, now_us) is SlotState.FREE:
            return True
        return self._uses[slot_id].holder == holder


def working_slots(doctors: Iterable[str], days: Iterable[str], times: Iterable[str]) -> tuple[Slot, ...]:
    """Return a slot for each doctor, local day ``YYYY-MM-DD`` and time ``HH:MM``."""
    times = tuple(times)
    days = tuple(days)
    return tuple(Slot(doctor, f"{day}T{time}") for doctor in doctors for day in days for time in times)

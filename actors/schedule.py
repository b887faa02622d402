"""The doctors' schedule: slots that are free, held for a while, or taken for good.

Source: paragraph 9 of the appointment service promises the choice; holding a slot from the choice to the
sending is an assumption of the pack (ASSUME-31).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class SlotState(StrEnum):
    """What can be said of a slot at a moment."""

    FREE = "free"
    HELD = "held"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time with a doctor: *starts* as the schedule prints it, local, and *begins_us* as a moment."""

    doctor: str
    starts: str
    begins_us: int

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

    def add(self, slots: Iterable[Slot]) -> None:
        """Add slots that can be booked from now on."""
        self.slots = (*self.slots, *slots)

    def archive(self, before_us: int) -> None:
        """Put away the slots that began before *before_us*, and who had them."""
        past = {slot.id for slot in self.slots if slot.begins_us < before_us}
        if past:
            self.slots = tuple(slot for slot in self.slots if slot.id not in past)
            self._uses = {slot: use for slot, use in self._uses.items() if slot not in past}

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
        """Return the free slots that have not begun, earliest first."""
        free = (
            slot
            for slot in self.slots
            if now_us < slot.begins_us and self.state(slot.id, now_us) is SlotState.FREE
        )
        return tuple(sorted(free, key=lambda slot: (slot.begins_us, slot.doctor)))

    def is_open_to(self, slot_id: str, holder: str, now_us: int) -> bool:
        """Tell whether *holder* can have a slot: it is free, or theirs already."""
        if not self.knows(slot_id):
            return False
        return self.state(slot_id, now_us) is SlotState.FREE or self._uses[slot_id].holder == holder

    def hold(self, slot_id: str, holder: str, now_us: int) -> bool:
        """Hold a slot for *holder* and give back what was held for them; tell whether that worked.

        A slot that *holder* has for good stays theirs for good.
        """
        if not self.is_open_to(slot_id, holder, now_us):
            return False
        if self.state(slot_id, now_us) is not SlotState.TAKEN:
            self.release(holder)
            self._uses[slot_id] = _Use(holder, now_us + self.hold_us)
        return True

    def take(self, slot_id: str, holder: str, now_us: int) -> bool:
        """Give a slot for good to *holder*; tell whether it was free or theirs already."""
        if not self.is_open_to(slot_id, holder, now_us):
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


def working_slots(doctors: Iterable[str], times: Mapping[str, int]) -> tuple[Slot, ...]:
    """Return a slot for each doctor and time; *times* maps the local text to the moment."""
    return tuple(Slot(doctor, starts, begins_us) for doctor in doctors for starts, begins_us in times.items())

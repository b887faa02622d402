"""Hours and slots of the reference engine, looked up anew each time they are asked for."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.load.network import Network, SlotTime
from sim.load.programs import NONE
from sim.load.state import NEVER


class Calendar:
    """The hours of a network: next openings, and whether a cut-off has passed."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def admission_us(self, rule: int, now_us: int) -> int:
        """Return when a request that arrives now is taken up."""
        open_us = self.next_open_us(now_us)
        if open_us == NEVER or rule == NONE:
            return open_us
        if not (self.network.rules[rule].late_waits and self.is_late(rule, open_us)):
            return open_us
        return self.next_open_us(max(self._closing_us(open_us), open_us))

    def next_open_us(self, now_us: int) -> int:
        """Return the first open moment not before *now_us*, NEVER if there is none."""
        return next(
            (max(opens, now_us) for opens, closes in self.network.hours.open_us if now_us < closes), NEVER
        )

    def is_late(self, rule: int, now_us: int) -> bool:
        """Tell whether the cut-off has passed on this local day; a closed day has none left."""
        if rule == NONE or self.network.rules[rule].cutoff_us == NONE:
            return False
        closes_us = self._closing_us(now_us)
        return closes_us == NONE or now_us > closes_us - self.network.rules[rule].cutoff_us

    def _closing_us(self, now_us: int) -> int:
        return [closes for begins, closes in self.network.hours.days if begins <= now_us][-1]


class SlotUse(NamedTuple):
    """Who has a slot, and until when."""

    case: int
    until_us: int


@dataclass(slots=True)
class Schedule:
    """The slots of one office; those that nobody has ever had are in no book."""

    network: Network
    office: int
    uses: dict[int, SlotUse] = field(default_factory=dict)
    in_order: tuple[SlotTime, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put the slots in their order once: there are thousands, and every booking asks for them."""
        self.in_order = self.network.slots_in_order

    def hold(self, case: int, now_us: int) -> int:
        """Hold the earliest slot that is known, free and yet to begin; return it, NONE if there is none."""
        begun = bisect_right(self.in_order, now_us, key=lambda slot: slot.begins_us)
        for number in range(begun, len(self.in_order)):
            slot = self.in_order[number]
            is_here = slot.doctor < self.network.doctors[self.office]
            if is_here and slot.known_us <= now_us and self._is_free(number, now_us):
                self.uses[number] = SlotUse(case, now_us + self.network.slot_hold_us)
                return number
        return NONE

    def take(self, slot: int, case: int, now_us: int) -> bool:
        """Give *slot* to *case* for good, unless somebody else has it; tell whether that worked."""
        if slot == NONE or not (self._is_free(slot, now_us) or self.uses[slot].case == case):
            return False
        self.uses[slot] = SlotUse(case, NEVER)
        return True

    def free(self, slot: int, case: int) -> None:
        """Give *slot* back that is only held for *case*."""
        if slot in self.uses and self.uses[slot].case == case and self.uses[slot].until_us != NEVER:
            del self.uses[slot]

    def _is_free(self, slot: int, now_us: int) -> bool:
        return slot not in self.uses or self.uses[slot].until_us <= now_us

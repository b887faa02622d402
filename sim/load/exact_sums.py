"""Sums that stay exact however long the run: int64 while that is safe, whole numbers of any size beyond."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.load.blocks import Column

_SAFE = 2**62
_PART = 31
"""Bits of the lower part of a number that is too large to be added as it is."""


@dataclass(slots=True)
class ExactSums:
    """One sum for each key: *recent*, which is at most *bound*, plus *settled*, what was moved out of it."""

    recent: Column
    settled: list[int]
    bound: int = 0

    @classmethod
    def zero(cls, keys: int) -> "ExactSums":
        """Return *keys* sums of nothing."""
        return cls(np.zeros(keys, np.int64), [0] * keys)

    def add(self, keys: Any, values: Column) -> None:
        """Add values of at least 0, each to the sum of its key."""
        if not len(values):
            return
        most = int(values.max()) * len(values)
        if most >= _SAFE:
            self._add_in_parts(keys, values)
            return
        if self.bound + most >= _SAFE:
            self._settle()
        self.bound += most
        np.add.at(self.recent, keys, values)

    def totals(self) -> list[int]:
        """Return the sums by key."""
        return [old + int(new) for old, new in zip(self.settled, self.recent, strict=True)]

    def _settle(self) -> None:
        self.settled = self.totals()
        self.recent[:] = 0
        self.bound = 0

    def _add_in_parts(self, keys: Any, values: Column) -> None:
        for shift, part in ((_PART, values >> _PART), (0, values & ((1 << _PART) - 1))):
            sums = np.zeros_like(self.recent)
            np.add.at(sums, keys, part)
            self.settled = [old + (int(new) << shift) for old, new in zip(self.settled, sums, strict=True)]

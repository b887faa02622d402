"""Hide small counts, and as many others as it takes that nobody can work the small ones out.

Published counts hang together by sums. A hidden count is safe if there are other counts that agree with all
that is shown and differ in it; whoever reads is taken to know that counts are whole, from 0 on.
For every small count the cheapest such other counts are looked for, and whatever differs in them is hidden.

Source: Hundepool et al., Statistical Disclosure Control (2012), 4.3 (complementary suppression).
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5
MOST_TRIED = 50_000
"""How many ways to other counts are tried before it is said that there are none."""
_PART, _TOTAL = 1_000, 4_000
"""What hiding a count costs; more for every sum that it is the total of, a little more for a larger one."""

Changes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """*total* is the sum of *parts*."""

    total: str
    parts: tuple[str, ...]


def hide_small(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    *,
    public: Iterable[str] = (),
    unpublished: Iterable[str] = (),
) -> frozenset[str] | None:
    """Return the names of the counts to hide: those of 1 to 4, and others that would give them away.

    *public* counts are shown in any case: they are no secret, however small. *unpublished* ones are not shown
    anyway and need no care. None: it cannot be done, and only the public counts may be shown.
    """
    known, unseen = frozenset(public), frozenset(unpublished)
    hidden = {name for name, n in counts.items() if 0 < n < SMALLEST_SHOWN} - known - unseen
    totals = [sum_.total for sum_ in sums]
    prices = {name: _PART + _TOTAL * totals.count(name) + min(n, _PART - 1) for name, n in counts.items()}
    net = _Net(counts, sums)
    for name in sorted(hidden):
        found = net.other_counts(
            name,
            lambda cell: None if cell in known else 0 if cell in hidden or cell in unseen else prices[cell],
        )
        if found is None:
            return None
        hidden.update(cell for cell, _ in found if cell not in unseen)
    return frozenset(hidden)


def is_safe(counts: Mapping[str, int], sums: Sequence[Sum], unknown: Collection[str], name: str) -> bool:
    """Tell whether other counts agree with all that is not *unknown*, and differ in *name*."""
    free = frozenset(unknown)
    return _Net(counts, sums).other_counts(name, lambda cell: 0 if cell in free else None) is not None


class _Net:
    """Counts tied together by sums."""

    __slots__ = ("_counts", "_ties", "_uses")

    def __init__(self, counts: Mapping[str, int], sums: Sequence[Sum]) -> None:
        self._counts = counts
        self._ties = [((sum_.total, -1), *((part, 1) for part in sum_.parts)) for sum_ in sums]
        self._uses: dict[str, list[tuple[int, int]]] = {}
        for i, tie in enumerate(self._ties):
            for member, sign in tie:
                self._uses.setdefault(member, []).append((i, sign))

    def other_counts(self, name: str, price: Callable[[str], int | None]) -> Changes | None:
        """Return the cheapest changes by one, with *name* among them, after which every sum is right again.

        *price* is what a change costs, None for a count that may not change. None: no changes were found.
        """
        if price(name) is None:
            return None
        steps = [by for by in (1, -1) if self._counts[name] + by >= 0]
        waiting: list[tuple[int, int, int, Changes]] = [
            (0, 1, i, ((name, by),)) for i, by in enumerate(steps)
        ]
        order = len(waiting)
        seen: set[frozenset[tuple[str, int]]] = set()
        while waiting and order < MOST_TRIED:
            cost, _, _, changes = heapq.heappop(waiting)
            wrong = self._wrong(changes)
            if not wrong:
                return changes
            for member, by in self._mending(wrong, dict(changes), price):
                more = (*changes, (member, by))
                if (key := frozenset(more)) not in seen:
                    seen.add(key)
                    order += 1
                    heapq.heappush(waiting, (cost + (price(member) or 0), len(more), order, more))
        return None

    def _wrong(self, changes: Changes) -> dict[int, int]:
        """Return by how much each sum is wrong after *changes*."""
        wrong: dict[int, int] = {}
        for name, by in changes:
            for tie, sign in self._uses.get(name, ()):
                wrong[tie] = wrong.get(tie, 0) + sign * by
        return {tie: error for tie, error in wrong.items() if error}

    def _mending(
        self, wrong: Mapping[int, int], changed: Mapping[str, int], price: Callable[[str], int | None]
    ) -> list[tuple[str, int]]:
        """Return the changes that mend the wrong sum with the fewest of them."""
        choices = []
        for tie, error in sorted(wrong.items()):
            step = -1 if error > 0 else 1
            choices.append(
                [
                    (member, sign * step)
                    for member, sign in self._ties[tie]
                    if member not in changed
                    and price(member) is not None
                    and self._counts[member] + sign * step >= 0
                ]
            )
        return min(choices, key=len)

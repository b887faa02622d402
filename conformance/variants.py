"""The routes that the cases of a log took, each once, and how many took it: the plain way, case by case.

A route is a list of groups: rows that surely came one after the other stand in groups of their own, rows
whose order the evidence leaves open share one. A route is certain if each of its groups holds one step only;
any other is counted and shown, but nothing is said about its order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conformance.cases import Case, Event, surely_before, with_clock_error
from conformance.context import Context, Route, standing

MOST_EXAMPLES = 3

Groups = tuple[tuple[str, ...], ...]
"""Steps in groups, each sorted: the groups came one after the other, within a group the order is open."""


class Order(StrEnum):
    """How certain the order of a route is."""

    CERTAIN = "certain"
    TIE = "tie"
    NO_END = "no_end"


@dataclass(frozen=True, slots=True)
class Path:
    """What tells variants apart: service and path, groups of steps, and what leaves their order open."""

    route: Route
    groups: Groups
    order: Order


@dataclass(frozen=True, slots=True)
class Variant:
    """A path that cases of the log took: how many, and the first of their ids."""

    path: Path
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of a log, the most frequent first; *outside* counts cases without a route.

    No norm can judge those, or a record of them was rejected.
    """

    variants: tuple[Variant, ...]
    outside: int


def variants_of(cases: Iterable[Case], context: Context) -> Variants:
    """Return the variants of *cases*; equally frequent ones by service, path and steps."""
    counts: dict[Path, int] = {}
    examples: dict[Path, list[str]] = {}
    outside: set[str] = set()
    for case in cases:
        if standing(case, context) is not None or case.case_id in context.damaged:
            outside.add(case.case_id)
            continue
        path = path_of(with_clock_error(case, context.clock_error_us))
        counts[path] = counts.get(path, 0) + 1
        examples[path] = sorted([*examples.get(path, ()), case.case_id])[:MOST_EXAMPLES]
    found = [Variant(path, n, tuple(examples[path])) for path, n in counts.items()]
    return Variants(tuple(sorted(found, key=by_frequency)), len(outside))


def path_of(case: Case) -> Path:
    """Return the path that *case* took.

    Rows without an end may have ended at any time: they share the last group, and leave the order open.
    """
    ended = [event for event in case.events if event.row.completed_us is not None]
    unended = [event for event in case.events if event.row.completed_us is None]
    blocks = [*_blocks(ended), *([unended] if unended else [])]
    groups = tuple(tuple(sorted(event.step for event in block)) for block in blocks)
    open_order = any(len(set(group)) > 1 for group in groups)
    order = Order.NO_END if unended else Order.TIE if open_order else Order.CERTAIN
    return Path((case.service, case.path), groups, order)


def by_frequency(variant: Variant) -> tuple[int, Route, Groups, Order]:
    """Return the key that sorts variants: the most frequent first."""
    return -variant.cases, variant.path.route, variant.path.groups, variant.path.order


def _blocks(events: Sequence[Event]) -> list[list[Event]]:
    """Divide *events*, sorted by their ends, as finely as is certain.

    If every row is surely before the next one, it is before all later ones too. Where clocks of different
    resolution leave the order open anywhere, nothing is divided.
    """
    if all(map(surely_before, events, events[1:])):
        return [[event] for event in events]
    if len({event.row.resolution_us for event in events}) > 1:
        return [list(events)]
    blocks: list[list[Event]] = []
    together = -1
    for i, event in enumerate(events):
        if i > together:
            blocks.append([])
        blocks[-1].append(event)
        unsure = (k for k in range(len(events) - 1, i, -1) if not surely_before(event, events[k]))
        together = max(together, next(unsure, i))
    return blocks

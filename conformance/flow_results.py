"""What is saved of the routes of a log: each variant with its explanation, the most frequent first."""

import msgspec


class SavedFlow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what is saved here."""


class FlowMove(SavedFlow, frozen=True, kw_only=True):
    """One part of an explanation.

    *kind* is ``fits``, ``skipped``, ``inserted``, ``repeated``, ``after_end`` or ``swapped``; *steps* are
    those it speaks of, two for a swap, in the order of the log.
    """

    kind: str
    steps: tuple[str, ...]


class FlowVariant(SavedFlow, frozen=True, kw_only=True):
    """A route that *cases* took, with the first of their ids.

    *route* holds groups of steps; more than one step in a group: their order is not certain, and *why* says
    what leaves it open, ``tie`` or ``no_end``. *status* is ``fits``, ``differs``, ``order_not_certain``,
    ``no_process`` (the pack holds no process to compare with) or ``too_long``. *ended* is false where no
    ending step is in the route: what lacks at its end may still come. *cost* and *worst* are there where
    there is an explanation, *moves* where it finds a fault.
    """

    service: str
    path: str
    route: tuple[tuple[str, ...], ...]
    status: str
    why: str | None
    ended: bool
    cases: int
    examples: tuple[str, ...]
    cost: int | None
    worst: int | None
    moves: tuple[FlowMove, ...]


class FlowResults(SavedFlow, frozen=True, kw_only=True):
    """The routes of a log: cases by what was found, and the most frequent variants.

    *cases* counts those that norms can judge, *outside* the others. Cases that differ are *unfit*;
    *unexplained* of them have a route too long, or too rare among too many, to be explained. *cost* and
    *worst* are sums over all explained cases. *variants_total* counts distinct variants; *variants_hidden*
    and *cases_hidden* say what of them is not listed. *undelivered* are steps of these routes' processes that
    the log's source never tells of: they were passed over.
    """

    cases: int
    fitting: int
    unfit: int
    unexplained: int
    order_not_certain: int
    no_process: int
    outside: int
    cost: int
    worst: int
    variants_total: int
    variants_hidden: int
    cases_hidden: int
    variants: tuple[FlowVariant, ...]
    undelivered: tuple[str, ...] = ()

    @property
    def fitness(self) -> float | None:
        """Return the fitness of all explained cases together, None if there are none."""
        return 1 - self.cost / self.worst if self.worst else None

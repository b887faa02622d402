"""Control flow with a diagnosis: each route of a log once, with the cheapest explanation of its faults.

The diagnosis explains and decides nothing: whether a clause is met is for the norms to say.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from conformance.alignment import Explanation, Process, explain_route, fits, work_of
from conformance.cases import Case
from conformance.context import Context
from conformance.flow_results import FlowMove, FlowResults, FlowVariant
from conformance.log_store import opened_log
from conformance.variant_store import gather_variants, read_variants
from conformance.variants import Order, Variant, variants_of

MOST_DIFFERING = 50
MOST_FITTING = 20
MOST_WORK_OF_A_LOG = 2_000_000
"""Edges that all explanations of a log may look at, the most frequent routes first: some ten seconds."""

FITS, DIFFERS, UNCERTAIN, NO_PROCESS, TOO_LONG = (
    "fits",
    "differs",
    "order_not_certain",
    "no_process",
    "too_long",
)


@dataclass(slots=True)
class _Tally:
    """What is counted while the variants pass by."""

    cases: Counter[str] = field(default_factory=Counter)
    cost: int = 0
    worst: int = 0
    undelivered: set[str] = field(default_factory=set)
    total: int = 0
    work: int = 0
    fitting: list[FlowVariant] = field(default_factory=list)
    differing: list[FlowVariant] = field(default_factory=list)


def flow_of_cases(cases: Iterable[Case], context: Context) -> FlowResults:
    """Return what the routes of *cases* say."""
    found = variants_of(cases, context)
    return flow_of(found.variants, found.outside, context)


def flow_of_log(log: FilePath, context: Context) -> FlowResults:
    """Return what the routes of the canonical *log* say, whatever its length."""
    with opened_log(log) as database:
        outside = gather_variants(database, context)
        return flow_of(read_variants(database), outside, context)


def flow_of(variants: Iterable[Variant], outside: int, context: Context) -> FlowResults:
    """Explain each of *variants*, which come the most frequent first.

    A step that the log's source never tells of is passed over: it is neither expected nor skipped.
    """
    endings = frozenset(step for graph in context.graphs.values() for step in graph.endings)
    processes = {
        (route, unfinished): Process(graph.without(context.undelivered_steps), unfinished)
        for route, graph in context.graphs.items()
        for unfinished in (False, True)
    }
    tally = _Tally()
    for variant in variants:
        if (graph := context.graphs.get(variant.path.route)) is not None:
            tally.undelivered |= context.undelivered_steps & graph.steps
        ended = any(step in endings for group in variant.path.groups for step in group)
        _count(tally, variant, processes.get((variant.path.route, not ended)), ended=ended)
    shown = sorted([*tally.fitting, *tally.differing], key=lambda v: (-v.cases, v.service, v.path, v.route))
    return FlowResults(
        cases=tally.cases.total(),
        fitting=tally.cases[FITS],
        unfit=tally.cases[DIFFERS] + tally.cases[TOO_LONG],
        unexplained=tally.cases[TOO_LONG],
        order_not_certain=tally.cases[UNCERTAIN],
        no_process=tally.cases[NO_PROCESS],
        outside=outside,
        cost=tally.cost,
        worst=tally.worst,
        variants_total=tally.total,
        variants_hidden=tally.total - len(shown),
        cases_hidden=tally.cases.total() - sum(variant.cases for variant in shown),
        variants=tuple(shown),
        undelivered=tuple(sorted(tally.undelivered)),
    )


def _count(tally: _Tally, variant: Variant, process: Process | None, *, ended: bool) -> None:
    status, explanation = _told(tally, variant, process)
    tally.total += 1
    tally.cases[status] += variant.cases
    if explanation is not None:
        tally.cost += explanation.cost * variant.cases
        tally.worst += explanation.worst * variant.cases
    kept, most = (tally.fitting, MOST_FITTING) if status == FITS else (tally.differing, MOST_DIFFERING)
    if len(kept) < most:
        kept.append(_saved(variant, status, explanation, ended=ended))


def _told(tally: _Tally, variant: Variant, process: Process | None) -> tuple[str, Explanation | None]:
    """Return the status of *variant* and its explanation; when the work of a log is used up, none is made."""
    if process is None or process.shortest is None:
        return NO_PROCESS, None
    if variant.path.order is not Order.CERTAIN:
        return UNCERTAIN, None
    route = _flat(variant)
    if fits(route, process):
        return FITS, Explanation((), 0, process.shortest + len(route))
    work = work_of(len(route), process)
    if tally.work + work > MOST_WORK_OF_A_LOG:
        return TOO_LONG, None
    explanation = explain_route(route, process)
    tally.work += work if explanation is not None else 0
    return (DIFFERS, explanation) if explanation is not None else (TOO_LONG, None)


def _saved(variant: Variant, status: str, explanation: Explanation | None, *, ended: bool) -> FlowVariant:
    service, path = variant.path.route
    moves = () if explanation is None or status == FITS else explanation.moves
    return FlowVariant(
        service=service,
        path=path,
        route=variant.path.groups,
        status=status,
        why=None if variant.path.order is Order.CERTAIN else str(variant.path.order),
        ended=ended,
        cases=variant.cases,
        examples=variant.examples,
        cost=None if explanation is None else explanation.cost,
        worst=None if explanation is None else explanation.worst,
        moves=tuple(FlowMove(kind=str(move.kind), steps=move.steps) for move in moves),
    )


def _flat(variant: Variant) -> tuple[str, ...]:
    """Return the steps of a certain route: each group holds one step, as often as it was done at once."""
    return tuple(step for group in variant.path.groups for step in group)

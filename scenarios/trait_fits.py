"""Find the shares of citizens with a trait: from the endings that only such citizens can have.

Which ending a trait brings is not written down here: every kind of citizen that can be named by one word is
played once with the actors, and leaves its rows. An ending is a trait's if all kinds that end so leave the
very same rows, and if the moment (a cut-off, a slot that is gone, a system that is down) brings no such
ending.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from actors.forgery import SignatureFlaw
from conformance.errors import InputError
from conformance.fit_results import TraitFit, UnfittedOutcome
from conformance.intervals import interval
from sim.load.rehearsal import Rehearsal, Route, Turn
from sim.plan import (
    AttachedFiles,
    Attachment,
    Certificate,
    CitizenPlan,
    Form,
    Password,
    RequestFlaw,
)

OF_TWO_CASES = frozenset({RequestFlaw.REPLAYED, RequestFlaw.REUSED_ID})
"""Flaws that make sense only for somebody who comes twice."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of citizen: the field and the value that differ from the usual one."""

    name: str
    value: str
    citizen: CitizenPlan


@dataclass(slots=True)
class _Endings:
    """The kinds of citizens with their rows, by how they end, and the endings that the moment brings."""

    kinds: dict[str, list[tuple[_Kind, Route]]] = field(default_factory=lambda: defaultdict(list))
    of_the_moment: set[str] = field(default_factory=set)


def fit_traits(
    counted: Iterable[tuple[str, str, str, int]], rehearsal: Rehearsal
) -> tuple[list[TraitFit], list[UnfittedOutcome]]:
    """Return the traits behind the endings *counted* by service and path, and the endings that are none.

    An empty ending is that of a case in which all went well.
    """
    endings = list(counted)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for service, path, _, cases in endings:
        totals[service, path] += cases
    known = {key: _endings(rehearsal, *key) for key in sorted({e[:2] for e in endings if e[2]})}
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    told: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {}
    unfitted = []
    for service, path, ending, cases in endings:
        if not ending:
            continue
        why, kinds = _kind_of(known[service, path], ending)
        if why is not None:
            unfitted.append(UnfittedOutcome(service=service, path=path, outcome=ending, cases=cases, why=why))
            continue
        key = (path, kinds[0].name, kinds[0].value)
        found[key][service] = cases
        told[key] = (ending, tuple(f"{kind.name}: {kind.value}" for kind in kinds[1:]))
    traits = [_trait(*key, by_service, totals, *told[key]) for key, by_service in sorted(found.items())]
    return traits, sorted(unfitted, key=lambda one: (-one.cases, one.service, one.path, one.outcome))


def _trait(  # noqa: PLR0913, PLR0917 - what a trait is made of
    path: str,
    name: str,
    value: str,
    by_service: Mapping[str, int],
    totals: Mapping[tuple[str, str], int],
    ending: str,
    others: tuple[str, ...],
) -> TraitFit:
    n = sum(by_service.values())
    cases = sum(totals[service, path] for service in by_service)
    bounds = interval(n, cases)
    return TraitFit(
        id=f"{name}-{value}-{path}".replace("_", "-"),
        path=path,
        services=tuple(sorted(by_service)),
        outcome=ending,
        citizen=(name, value),
        others=others,
        n=n,
        cases=cases,
        share=n / cases,
        low=bounds.low,
        high=bounds.high,
    )


def _kind_of(endings: _Endings, ending: str) -> tuple[str | None, list[_Kind]]:
    """Return the kinds of citizens behind *ending*, or why there are none."""
    if ending in endings.of_the_moment:
        return "moment", []
    kinds = endings.kinds.get(ending, [])
    if not kinds:
        return "unknown", []
    if len({route for _, route in kinds}) > 1:
        return "several", []
    return None, [kind for kind, _ in kinds]


def _endings(rehearsal: Rehearsal, service: str, path: str) -> _Endings:
    """Return how each kind of citizen ends, and how a usual one can; what cannot be played is left out."""
    found = _Endings()
    for turn in Turn:
        route = _route(partial(rehearsal.route, service, path, CitizenPlan(), turn))
        if route is not None:
            found.of_the_moment.add(ending_of(route))
    for kind in _kinds():
        route = _route(partial(rehearsal.route, service, path, kind.citizen))
        if route is not None:
            found.kinds[ending_of(route)].append((kind, route))
    return found


def _route(played: "partial[Route]") -> Route | None:
    try:
        return played()
    except InputError:  # the other path has no such citizens
        return None


def ending_of(route: Route) -> str:
    """Return the ending of a route: what went otherwise than ok, as a fit's rows have it."""
    parts = set()
    for template in route:
        reason = dict(template.fixed).get("reason")
        if template.outcome != "ok":
            text = "" if reason is None else f" ({reason.strip(chr(34))})"
            parts.add(f"{template.step} {template.outcome}{text}")
    return ", ".join(sorted(parts))


def _kinds() -> list[_Kind]:
    """Return the kinds of citizens that differ from the usual one in one thing."""
    usual = CitizenPlan()
    values = {
        "password": [*Password],
        "certificate": [*Certificate],
        "files": [*AttachedFiles],
        "attached": [*Attachment],
        "form": [*Form],
        "request": [flaw for flaw in RequestFlaw if flaw not in OF_TWO_CASES],
        "signature": [*SignatureFlaw],
    }
    kinds = [
        _Kind(name, value.value, CitizenPlan(**{name: value}))
        for name, possible in values.items()
        for value in possible
        if value != getattr(usual, name)
    ]
    return [*kinds, _Kind("in_registry", "false", CitizenPlan(in_registry=False))]

"""Find how many servers and offices a log shows: at least so many as were at work at once, or are named."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.fit_results import OfficeFit, ServerFit
from scenarios.fit_rows import Busy, FitRows
from sim.load.study_checks import OF_EACH_OFFICE
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS

HELD_FOR_THE_VISIT = frozenset({"desk"})
"""Stations whose server is held from the first of their steps to the last, whatever is done in between."""


def fit_servers(
    rows: FitRows, steps: frozenset[str], world: Mapping[str, int | None], *, waiting_in_decisions: bool
) -> list[ServerFit]:
    """Return what is seen of the servers of each station of *world* that has an end of them.

    Of steps that several stations serve in a row the log names who served last, and not since when: these
    give names, and no spans. With *waiting_in_decisions* the law of a portal decision has the waiting in it:
    then as many registrars are taken as there were requests undecided at once, so that waiting does not come
    a second time.
    """
    found = []
    for station, servers in world.items():
        if servers is None:
            continue
        alone = [s for s, served in STATIONS_OF_STEPS.items() if served == (station,) and s in steps]
        last = [s for s, served in STATIONS_OF_STEPS.items() if served[-1] == station and s in steps]
        spans = rows.busy(alone, whole_visit=station in HELD_FOR_THE_VISIT) if alone else None
        if station == DECISION_STATIONS["portal"] and waiting_in_decisions:
            spans = rows.deciding("portal", "P6", ("P7", "P8"))
        busy = most_at_once(spans) if spans is not None else None
        names = max(_names(rows, station, last).values(), default=0) if last else 0
        if max(busy or 0, names):
            found.append(
                ServerFit(
                    station=station,
                    servers=max(busy or 0, names),
                    busy=busy,
                    names=names or None,
                    waited=bool(alone) and rows.waits(alone) > 0,
                    world=servers,
                    per_office=station in OF_EACH_OFFICE,
                )
            )
    return found


def fit_offices(rows: FitRows, steps: frozenset[str], servers: list[ServerFit]) -> list[OfficeFit]:
    """Return the offices that the rows name, with their shares; none if no row names one."""
    counted = [(name, cases) for name, cases in rows.offices() if name is not None]
    total = sum(cases for _, cases in counted)
    own = [one.station for one in servers if one.per_office]
    names = {
        station: _names(
            rows, station, [s for s, at in STATIONS_OF_STEPS.items() if at[-1] == station and s in steps]
        )
        for station in own
    }
    return [
        OfficeFit(
            name=name,
            cases=cases,
            share=cases / total,
            servers={station: n for station in own if (n := names[station].get(name, 0)) > 0},
        )
        for name, cases in counted
    ]


def most_at_once(busy: Busy) -> int:
    """Return how many spans of one office at most overlap; one that ends as another begins does not."""
    moments = np.concatenate([busy.ends_us, busy.begins_us])
    changes = np.concatenate([np.full(len(busy.ends_us), -1), np.full(len(busy.begins_us), 1)])
    offices = np.concatenate([busy.office, busy.office])
    positive = np.concatenate([busy.ends_us > busy.begins_us] * 2)
    order = np.lexsort((changes[positive], moments[positive], offices[positive]))
    return int(
        np.max(np.cumsum(changes[positive][order]), initial=0)
    )  # nobody is at work between two offices


def _names(rows: FitRows, station: str, steps: list[str]) -> dict[Any, int]:
    """Return how many servers are named: by office for stations that each has of its own, else together."""
    by_office: dict[Any, int] = dict(rows.named_servers(steps))
    if station in OF_EACH_OFFICE:
        return by_office
    return {None: rows.named_in_all(steps)}

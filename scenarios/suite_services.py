"""Write out scenarios that are played for several services: one text, one scenario for each of them."""

from collections.abc import Iterator

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from scenarios.suite import Scenario, Suite

ANY_SERVICE = "*"
"""What stands for the service's identifier, ``S1`` and so on, in the names of clauses and norms."""


def expand(suite: Suite, pack: Pack, place: str) -> Iterator[tuple[str, Scenario]]:
    """Yield each scenario of *suite* with its path in the file *place*.

    One that is played for several services comes once for each: the service's identifier ends its own, and
    replaces the first ``*`` in the names of clauses and norms. Raises InputError for an unknown service, for
    one that is named twice, and where both one service and several are given.
    """
    _check(suite, pack, place, "")
    for index, scenario in enumerate(suite.scenarios):
        inside = f"scenarios[{index}]"
        _check(scenario, pack, place, f"{inside}.")
        services = scenario.services or (() if scenario.service else suite.services)
        if not services:
            yield inside, scenario
        for service in services:
            yield inside, _for_service(scenario, service, pack.service(service).id)


def _for_service(scenario: Scenario, service: str, name: str) -> Scenario:
    return msgspec.structs.replace(
        scenario,
        id=f"{scenario.id}-{name.lower()}",
        service=service,
        services=(),
        clauses=tuple(clause.replace(ANY_SERVICE, name, 1) for clause in scenario.clauses),
        breaks=tuple(norm.replace(ANY_SERVICE, name, 1) for norm in scenario.breaks),
    )


def _check(given: Suite | Scenario, pack: Pack, place: str, prefix: str) -> None:
    if given.service is not None and given.services:
        raise InputError(place, f"{prefix}services", "service as well", "either service or services")
    codes = [service.code for service in pack.services]
    for i, service in enumerate(given.services):
        inside = f"{prefix}services[{i}]"
        if service not in codes:
            found, nearest = f"the unknown name {service}", nearest_name(service, codes)
            raise InputError(place, inside, found, "a service of the pack", nearest)
        if service in given.services[:i]:
            raise InputError(place, inside, f"{service} twice", "each service once")

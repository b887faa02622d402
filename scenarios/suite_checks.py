"""Check what YAML alone cannot know: every name that a suite uses must exist, and mean something there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from actors.faults import FAULTS
from conformance.calendar import parse_local
from conformance.errors import InputError, UnfitValue, nearest_name
from conformance.pack import Pack
from conformance.regulation import ClauseStatus
from scenarios.endings import OUTCOMES, check_finding
from scenarios.policy_file import read_policy
from scenarios.suite import Expectation, FurtherCase, Scenario, Suite, WorldChanges, changed_world
from scenarios.suite_services import expand
from sim.durations import parse_duration_us
from sim.plan import CasePlan, Deed, Play, WorldPlan
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS, check_play

MOST_LETTERS = 80
"""The longest identifier: it becomes the name of a folder, with the number of a case behind it."""

_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class ReadyScenario:
    """A scenario that has been checked: what to play and what to expect of each case."""

    suite: str
    scenario: Scenario
    play: Play
    expected: dict[str, Expectation]
    suite_world: WorldPlan

    @property
    def id(self) -> str:
        """Return the scenario's identifier."""
        return self.scenario.id

    @property
    def is_violation(self) -> bool:
        """Tell whether the scenario breaks the act on purpose."""
        return bool(self.scenario.breaks)


def check_world(world: WorldPlan, pack: Pack, place: str) -> None:
    """Refuse a world with an unknown name or without a station or a time that a step needs."""
    _check_names(world, pack, place, "")
    _check_policy(world.signature_policy, place, "")
    for step, stations in STATIONS_OF_STEPS.items():
        for station in stations:
            if station not in world.stations:
                raise InputError(place, "stations", "nothing", f"the station {station}")
            if station not in world.steps.get(step, {}):
                raise InputError(
                    place, f"steps.{step}", "nothing", f"the time of {step} at the station {station}"
                )
    for path, station in DECISION_STATIONS.items():
        if station not in world.stations:
            raise InputError(place, "stations", "nothing", f"the station {station}")
        if path not in world.decision:
            raise InputError(place, "decision", "nothing", f"the time of the decision on the {path} path")


def _check_names(world: WorldPlan | WorldChanges, pack: Pack, place: str, prefix: str) -> None:
    """Refuse stations, steps and paths that no play would ever look at."""
    stations = {*DECISION_STATIONS.values(), *(s for names in STATIONS_OF_STEPS.values() for s in names)}
    named: list[tuple[str, Iterable[str], Iterable[str], str]] = [
        ("stations", world.stations, stations, "a station"),
        ("steps", world.steps, [step.code for step in pack.steps], "a step"),
        ("decision", world.decision, DECISION_STATIONS, "a path"),
        ("late_requests", world.late_requests, DECISION_STATIONS, "a path"),
    ]
    for step, laws in world.steps.items():
        named.append((f"steps.{step}", laws, STATIONS_OF_STEPS.get(step, ()), f"a station of {step}"))
    for field, names, valid, what in named:
        for name in names:
            if name not in valid:
                raise _unknown(place, f"{prefix}{field}.{name}", name, valid, what)


def _check_policy(name: str, place: str, prefix: str) -> None:
    """Refuse the name of a policy that there is not; a file of one's own is read with the suite."""
    if name.endswith(".yaml"):
        return
    try:
        read_policy(name)
    except InputError as error:
        if error.place != "signature_policy":  # the file has its own places
            raise
        inside = f"{prefix}signature_policy"
        raise InputError(place, inside, error.found, error.expected, error.nearest) from None


def _unknown(place: str, inside: str, name: str, valid: Iterable[str], what: str) -> InputError:
    return InputError(place, inside, f"the unknown name {name}", what, nearest_name(name, valid))


@dataclass(frozen=True, slots=True)
class SuiteCheck:
    """Check one suite's scenarios against its pack; *place* is its file."""

    place: str
    suite: Suite
    pack: Pack
    world: WorldPlan

    def scenarios(self) -> tuple[ReadyScenario, ...]:
        """Return every scenario ready to be played; raise InputError at the first thing that is wrong."""
        expanded = list(expand(self.suite, self.pack, self.place))
        counts = Counter(scenario.id for _, scenario in expanded)
        for inside, scenario in expanded:
            if counts[scenario.id] > 1:
                self._refuse(f"{inside}.id", f"the id {scenario.id} twice", "each id once")
        return tuple(self._scenario(inside, scenario) for inside, scenario in expanded)

    def _scenario(self, inside: str, scenario: Scenario) -> ReadyScenario:
        self._id(f"{inside}.id", scenario.id)
        starts_us = self._moment(f"{inside}.at", scenario.at)
        cases = self._cases(inside, scenario)
        plans = tuple(case for case, _ in cases)
        self._clauses(f"{inside}.clauses", scenario.clauses)
        self._violation(inside, scenario)
        self._happenings(f"{inside}.happenings", scenario, plans[0])
        world = self._world(f"{inside}.world", scenario)
        play = Play(
            id=scenario.id,
            starts_us=starts_us,
            cases=plans,
            world=world,
            happenings=scenario.happenings,
            fault=scenario.fault,
            rules=read_policy(world.signature_policy, Path(self.place).parent),
        )
        self._playable(inside, play)
        return ReadyScenario(
            suite=self.suite.suite,
            scenario=scenario,
            play=play,
            expected={case.id: expected for case, expected in cases},
            suite_world=self.world,
        )

    def _playable(self, inside: str, play: Play) -> None:
        """Refuse here, with the place in the suite, what the simulation would refuse later."""
        try:
            check_play(play, self.pack)
        except InputError as error:
            self._refuse(f"{inside}.{error.inside}", error.found, error.expected, error.nearest)

    def _refuse(self, inside: str, found: str, expected: str, nearest: str | None = None) -> NoReturn:
        raise InputError(self.place, inside, found, expected, nearest)

    def _name(self, inside: str, name: str | None, valid: Iterable[str], what: str) -> str:
        """Return *name* if it is one of *valid*."""
        valid = tuple(valid)
        if name is None:
            self._refuse(inside, "nothing", f"{what}: {', '.join(valid)}")
        if name not in valid:
            raise _unknown(self.place, inside, name, valid, what)
        return name

    def _id(self, inside: str, name: str) -> None:
        if not name or not set(name) <= _ID_LETTERS:
            self._refuse(inside, repr(name), "lower-case letters, digits and hyphens")
        if len(name) > MOST_LETTERS:
            self._refuse(inside, f"{len(name)} letters", f"at most {MOST_LETTERS}")

    def _cases(self, inside: str, scenario: Scenario) -> list[tuple[CasePlan, Expectation]]:
        cases = [self._case(inside, scenario, 1, scenario)]
        for i, other in enumerate(scenario.others):
            cases.append(self._case(f"{inside}.others[{i}]", scenario, i + 2, other))
        return cases

    def _case(
        self, inside: str, scenario: Scenario, number: int, case: Scenario | FurtherCase
    ) -> tuple[CasePlan, Expectation]:
        services = [s.code for s in self.pack.services]
        service = case.service or scenario.service or self.suite.service
        path = case.path or scenario.path or self.suite.path
        service = self._name(f"{inside}.service", service, services, "a service of the pack")
        path = self._name(f"{inside}.path", path, [known.id for known in self.pack.paths], "a path")
        self._route(f"{inside}.expect.route", case.expect, path)
        self._ending(f"{inside}.expect", case.expect)
        plan = CasePlan(
            id=f"{scenario.id}-{number}",
            service=service,
            path=path,
            citizen=case.citizen,
            arrives=self._arrival(inside, case),
        )
        return plan, case.expect

    def _arrival(self, inside: str, case: Scenario | FurtherCase) -> str:
        if isinstance(case, Scenario):
            return "0 s"
        try:
            parse_duration_us(case.arrives)
        except UnfitValue as error:
            self._refuse(f"{inside}.arrives", error.found, error.expected, error.nearest)
        return case.arrives

    def _route(self, inside: str, expect: Expectation, path: str) -> None:
        codes = [step.code for step in self.pack.steps if step.path == path]
        if not expect.route:
            self._refuse(inside, "an empty route", "at least one step")
        for i, code in enumerate(expect.route):
            self._name(f"{inside}[{i}]", code, codes, f"a step of the {path} path")

    def _ending(self, inside: str, expect: Expectation) -> None:
        """Refuse an outcome that ends no case, and a validation that nobody can come to."""
        self._name(f"{inside}.outcome", expect.outcome, OUTCOMES, "an outcome that a case can end with")
        is_list = not isinstance(expect.validation, str)
        if is_list and expect.validation == ():
            self._refuse(f"{inside}.validation", "an empty list", "at least one finding")
        for i, text in enumerate(expect.findings):
            where = f"{inside}.validation[{i}]" if is_list else f"{inside}.validation"
            try:
                check_finding(text)
            except UnfitValue as error:
                self._refuse(where, error.found, error.expected, error.nearest)
            if is_list and expect.findings[i - 1 : i] == (text,):
                self._refuse(where, f"{text} once more", "another finding than the one before")

    def _clauses(self, inside: str, clauses: tuple[str, ...]) -> None:
        if not clauses:
            self._refuse(inside, "no clause", "the clauses that the scenario exercises")
        known = {clause.id: clause for clause in self.pack.clauses}
        for i, clause in enumerate(clauses):
            self._name(f"{inside}[{i}]", clause, known, "a clause of the pack")
            if clause in clauses[:i]:
                self._refuse(f"{inside}[{i}]", f"{clause} twice", "each clause once")
        if all(known[clause].status is not ClauseStatus.CHECKED for clause in clauses):
            self._refuse(inside, "only clauses that no norm checks", "at least one clause that is checked")

    def _violation(self, inside: str, scenario: Scenario) -> None:
        """Demand that a fault names its norm, and that a named norm has something to catch."""
        if scenario.fault is not None:
            self._name(f"{inside}.fault", scenario.fault, FAULTS, "a fault of an actor")
        norms = [norm.id for norm in self.pack.norms]
        for i, norm in enumerate(scenario.breaks):
            self._name(f"{inside}.breaks[{i}]", norm, norms, "a norm of the pack")
        if scenario.fault is not None and not scenario.breaks:
            self._refuse(f"{inside}.breaks", "no norm", "the norm that must catch the fault")
        changed = scenario.fault or scenario.happenings or scenario.world != WorldChanges()
        if scenario.breaks and not changed:
            expected = "a fault, a world or a happening that breaks the norm"
            self._refuse(f"{inside}.breaks", "nothing to catch", expected)

    def _happenings(self, inside: str, scenario: Scenario, first: CasePlan) -> None:
        """Demand that each happening has its moment: happenings follow the first citizen's case."""
        slots = {s for d in self.pack.deadlines if d.kind == "slot_choice" for s in d.services}
        codes = [step.code for step in self.pack.steps]
        for i, happening in enumerate(scenario.happenings):
            self._name(f"{inside}[{i}].step", happening.step, codes, "a step")
            if happening.step not in scenario.expect.route:
                expected = f"a step of the expected route {' '.join(scenario.expect.route)}"
                self._refuse(f"{inside}[{i}].step", happening.step, expected)
            if happening.do is Deed.TAKE_SLOT and self.pack.service(first.service).id not in slots:
                found = f"take_slot in {first.service}, which has no slots"
                self._refuse(f"{inside}[{i}].do", found, "a service with slots")

    def _moment(self, inside: str, text: str) -> int:
        try:
            return parse_local(text, self.pack.act.zone)
        except (ValueError, OverflowError) as error:
            # Python's own words for a text of another form say no more than the text itself.
            why = "" if "isoformat" in str(error) else f" ({error})"
            expected = "a local time like 2013-05-15T10:00"
            raise InputError(self.place, inside, f"{text[:40]!r}{why}", expected) from None

    def _world(self, inside: str, scenario: Scenario) -> WorldPlan:
        _check_names(scenario.world, self.pack, self.place, f"{inside}.")
        if scenario.world.signature_policy is not None:
            _check_policy(scenario.world.signature_policy, self.place, f"{inside}.")
        try:
            return changed_world(self.world, scenario.world)
        except UnfitValue as error:
            self._refuse(inside, error.found, error.expected, error.nearest)

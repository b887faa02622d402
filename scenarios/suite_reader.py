"""Read suites and check what YAML alone cannot know: every name a scenario uses must exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from actors.faults import FAULTS
from conformance.calendar import parse_local
from conformance.errors import InputError, UnfitValue, nearest_name
from conformance.pack import Pack, load_pack
from conformance.regulation import ClauseStatus
from conformance.regulation import Path as ServicePath
from conformance.strict_yaml import read_yaml
from scenarios.suite import Expectation, Scenario, Suite, merged
from sim.durations import parse_duration_us
from sim.plan import CasePlan, Deed, Play, WorldPlan

SUITES = Path(__file__).parent / "suites"
WORLDS = Path(__file__).parent / "worlds"

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


@dataclass(frozen=True, slots=True)
class ReadySuite:
    """A checked suite with its pack."""

    name: str
    title: str
    pack: Pack
    scenarios: tuple[ReadyScenario, ...]


def shipped_suites() -> tuple[Path, ...]:
    """Return the files of the shipped suites in the order of their names."""
    return tuple(sorted(SUITES.glob("*.yaml")))


def find_suite(name: str) -> Path:
    """Return the file of a suite: a path, or the name of a shipped suite.

    Raises InputError with the nearest name if there is none.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        return path
    shipped = {p.stem: p for p in shipped_suites()}
    if name not in shipped:
        expected = f"a file ending in .yaml, or one of {', '.join(shipped)}"
        raise InputError("suite", "", repr(name), expected, nearest_name(name, shipped))
    return shipped[name]


def read_suite(path: Path) -> ReadySuite:
    """Read and check the suite in *path*; raise InputError at the first thing that is wrong."""
    suite = read_yaml(path, Suite)
    pack = load_pack(suite.pack)
    world = read_yaml(_world_file(path, suite.world), WorldPlan)
    check = _Check(str(path), suite, pack, world)
    ready = tuple(check.scenario(i, s) for i, s in enumerate(suite.scenarios))
    if not ready:
        raise InputError(str(path), "scenarios", "an empty list", "at least one scenario")
    check.unique((s.id for s in ready), "scenarios")
    return ReadySuite(suite.suite, suite.title, pack, ready)


def read_suites(paths: Iterable[Path]) -> tuple[ReadySuite, ...]:
    """Read several suites; identifiers must be unique across them, and so must the pack."""
    suites = tuple(read_suite(path) for path in paths)
    seen: dict[str, str] = {}
    for suite in suites:
        for scenario in suite.scenarios:
            if scenario.id in seen:
                place = f"suite {suite.name}"
                expected = f"an id that {seen[scenario.id]} does not use"
                raise InputError(place, scenario.id, "a duplicate id", expected)
            seen[scenario.id] = suite.name
    packs = {suite.pack.act.id for suite in suites}
    if len(packs) > 1:
        raise InputError("suites", "pack", ", ".join(sorted(packs)), "one pack in one run")
    return suites


def _world_file(suite: Path, name: str) -> Path:
    beside = suite.parent / name
    return beside if name.endswith(".yaml") else WORLDS / f"{name}.yaml"


@dataclass(frozen=True, slots=True)
class _Check:
    """Check one suite's scenarios against its pack."""

    place: str
    suite: Suite
    pack: Pack
    world: WorldPlan

    def scenario(self, index: int, scenario: Scenario) -> ReadyScenario:
        """Return *scenario* ready to be played."""
        inside = f"scenarios[{index}]"
        if not scenario.id or not set(scenario.id) <= _ID_LETTERS:
            self.refuse(f"{inside}.id", repr(scenario.id), "lower-case letters, digits and hyphens")
        cases = self._cases(inside, scenario)
        self._clauses(f"{inside}.clauses", scenario.clauses)
        self._breaks(f"{inside}.breaks", scenario)
        self._happenings(f"{inside}.happenings", scenario)
        plays = tuple(case for case, _ in cases)
        return ReadyScenario(
            suite=self.suite.suite,
            scenario=scenario,
            play=Play(
                id=scenario.id,
                starts_us=self._moment(f"{inside}.at", scenario.at),
                cases=plays,
                world=self._world(f"{inside}.world", scenario),
                happenings=scenario.happenings,
                fault=self._fault(f"{inside}.fault", scenario.fault),
            ),
            expected={case.id: expected for case, expected in cases},
            suite_world=self.world,
        )

    def refuse(self, inside: str, found: str, expected: str, nearest: str | None = None) -> None:
        """Raise the InputError for one place of the suite."""
        raise InputError(self.place, inside, found, expected, nearest)

    def name(self, inside: str, name: str | None, valid: Iterable[str], what: str) -> str:
        """Return *name* if it is one of *valid*."""
        valid = tuple(valid)
        if name is None:
            self.refuse(inside, "nothing", f"{what}: {', '.join(valid)}")
        elif name not in valid:
            self.refuse(inside, f"the unknown name {name}", what, nearest_name(name, valid))
        return str(name)

    def unique(self, names: Iterable[str], inside: str) -> None:
        """Refuse a name that stands twice."""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.refuse(inside, f"the id {name} twice", "each id once")
            seen.add(name)

    def _cases(self, inside: str, scenario: Scenario) -> list[tuple[CasePlan, Expectation]]:
        first = self._case(inside, scenario, 1, scenario, "0 s")
        others = [
            self._case(f"{inside}.others[{i}]", scenario, i + 2, other, other.arrives)
            for i, other in enumerate(scenario.others)
        ]
        return [first, *others]

    def _case(
        self, inside: str, scenario: Scenario, number: int, case: "Scenario | object", arrives: str
    ) -> tuple[CasePlan, Expectation]:
        service = getattr(case, "service", None) or scenario.service or self.suite.service
        path = getattr(case, "path", None) or scenario.path or self.suite.path
        services = [s.code for s in self.pack.services]
        service = self.name(f"{inside}.service", service, services, "a service of the pack")
        path = self.name(f"{inside}.path", path, list(ServicePath), "a path")
        try:
            parse_duration_us(arrives)
        except UnfitValue as error:
            self.refuse(f"{inside}.arrives", str(error), "a duration")
        expect: Expectation = case.expect  # type: ignore[attr-defined]
        self._route(f"{inside}.expect.route", expect, path)
        citizen = case.citizen  # type: ignore[attr-defined]
        plan = CasePlan(
            id=f"{scenario.id}-{number}", service=service, path=path, citizen=citizen, arrives=arrives
        )
        return plan, expect

    def _route(self, inside: str, expect: Expectation, path: str) -> None:
        codes = [step.code for step in self.pack.steps if step.path == path]
        if not expect.route:
            self.refuse(inside, "an empty route", "at least one step")
        for code in expect.route:
            self.name(inside, code, codes, f"a step of the {path} path")

    def _clauses(self, inside: str, clauses: tuple[str, ...]) -> None:
        if not clauses:
            self.refuse(inside, "no clause", "the clauses that the scenario exercises")
        known = {clause.id: clause for clause in self.pack.clauses}
        for clause in clauses:
            self.name(inside, clause, known, "a clause of the pack")
        if all(known[clause].status is not ClauseStatus.CHECKED for clause in clauses):
            self.refuse(inside, "only clauses that no norm checks", "at least one clause that is checked")

    def _breaks(self, inside: str, scenario: Scenario) -> None:
        norms = [norm.id for norm in self.pack.norms]
        for norm in scenario.breaks:
            self.name(inside, norm, norms, "a norm of the pack")
        if scenario.fault is not None and not scenario.breaks:
            self.refuse(inside, "no norm", "the norm that must catch the fault")

    def _happenings(self, inside: str, scenario: Scenario) -> None:
        codes = [step.code for step in self.pack.steps]
        for index, happening in enumerate(scenario.happenings):
            self.name(f"{inside}[{index}].step", happening.step, codes, "a step")
            if happening.do is Deed.TAKE_SLOT and "appointment" not in str(scenario.service or self.suite.service):
                self.refuse(f"{inside}[{index}].do", "take_slot", "a service with slots")

    def _moment(self, inside: str, text: str) -> int:
        try:
            return parse_local(text, self.pack.act.zone)
        except ValueError as error:
            raise InputError(self.place, inside, f"{text!r} ({error})", "a local time like 2013-05-15T10:00") from None

    def _fault(self, inside: str, fault: str | None) -> str | None:
        return None if fault is None else self.name(inside, fault, FAULTS, "a fault of an actor")

    def _world(self, inside: str, scenario: Scenario) -> WorldPlan:
        try:
            return msgspec.convert(merged(self.world, scenario.world), WorldPlan)
        except msgspec.ValidationError as error:
            raise InputError(self.place, inside, str(error), "a world that can be played") from None

"""Read suites: the file, the pack and the world it names, and every scenario checked against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import InputError, nearest_name, printable
from conformance.pack import Pack, available_packs, load_pack
from conformance.strict_yaml import read_yaml
from scenarios.suite import Suite
from scenarios.suite_checks import ReadyScenario, SuiteCheck, check_world
from sim.plan import WorldPlan

SUITES = Path(__file__).parent / "suites"
WORLDS = Path(__file__).parent / "worlds"


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


def find_suites(names: Sequence[str] | None) -> list[Path]:
    """Return the files of the suites called *names*, shipped or one's own; without names all shipped ones.

    Raises InputError for a name that is nobody's, or that cannot be written into a report.
    """
    paths = [find_suite(name) for name in names] if names else list(shipped_suites())
    for odd in (path for path in paths if printable(path.name) != path.name):
        raise InputError(str(odd), "", "a name that is not UTF-8", "a suite whose name can be written down")
    return paths


def find_suite(name: str) -> Path:
    """Return the file of a suite: a path, or the name of a shipped suite.

    Raises InputError with the nearest name if there is none.
    """
    return find_shipped("suite", name, shipped_suites())


def find_shipped(kind: str, name: str, shipped: Iterable[Path]) -> Path:
    """Return a file by its path, or one of the *shipped* ones by its name; *kind* says what it is in errors.

    Raises InputError with the nearest name if there is none.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        return path
    by_name = {path.stem: path for path in shipped}
    if name not in by_name:
        expected = f"a file ending in .yaml, or one of {', '.join(by_name)}"
        raise InputError(kind, "", repr(name), expected, nearest_name(name, by_name))
    return by_name[name]


def read_suite(path: Path) -> ReadySuite:
    """Read and check the suite in *path*; raise InputError at the first thing that is wrong."""
    suite = read_yaml(path, Suite)
    pack, _ = load_named_pack(path, suite.pack)
    world = load_world(path, suite.world, pack)
    if not suite.scenarios:
        raise InputError(str(path), "scenarios", "an empty list", "at least one scenario")
    check = SuiteCheck(str(path), suite, pack, world)
    return ReadySuite(suite.suite, suite.title, pack, check.scenarios())


def read_suites(paths: Iterable[Path]) -> tuple[ReadySuite, ...]:
    """Read several suites; identifiers must be unique across them, and so must the pack."""
    suites: list[ReadySuite] = []
    owners: dict[str, Path] = {}
    for path in paths:
        suite = read_suite(path)
        for scenario in suite.scenarios:
            if scenario.id in owners:
                found = f"the id {scenario.id}, which {owners[scenario.id]} has too"
                raise InputError(str(path), "scenarios", found, "each id once in a run")
            owners[scenario.id] = path
        suites.append(suite)
    packs = {suite.pack.sha256: suite.pack.act.id for suite in suites}
    if len(packs) > 1:
        found = f"several packs ({', '.join(sorted(packs.values()))})"
        raise InputError("suites", "pack", found, "one pack in one run")
    return tuple(suites)


def load_named_pack(suite: Path, name: str) -> tuple[Pack, str]:
    """Return a shipped pack, or a folder's, first looked for beside the *suite*; and where it was found.

    Raises InputError if there is none.
    """
    shipped = available_packs()
    if name in shipped:
        return load_pack(name), name
    folder = next((f for f in (suite.parent / name, Path(name)) if f.is_dir()), None)
    if folder is None:
        expected = f"the folder of a pack, or one of {', '.join(shipped)}"
        raise InputError(
            str(suite), "pack", f"the unknown pack {name}", expected, nearest_name(name, shipped)
        )
    return load_pack(folder), str(folder.resolve())


def load_world(suite: Path, name: str, pack: Pack) -> WorldPlan:
    """Return a shipped world, or one from a file beside the *suite*; raise InputError if there is none."""
    shipped = {path.stem: path for path in sorted(WORLDS.glob("*.yaml"))}
    path = suite.parent / name if name.endswith(".yaml") else shipped.get(name)
    if path is None:
        expected = f"a file ending in .yaml, or one of {', '.join(shipped)}"
        raise InputError(
            str(suite), "world", f"the unknown world {name}", expected, nearest_name(name, shipped)
        )
    world = read_yaml(path, WorldPlan)
    check_world(world, pack, str(path))
    return world

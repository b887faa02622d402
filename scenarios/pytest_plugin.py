"""Collect scenarios as pytest items: ``pytest scenarios/`` runs every suite, one item per scenario.

A file is a suite if it ends in ``.yaml`` and lies in a folder called ``suites``. Everything heavy is
imported when such a file is met, because this plugin is loaded into every pytest run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.pack import Pack
    from scenarios.suite_checks import ReadyScenario


class ScenarioFailure(Exception):  # noqa: N818 - a failed check, not an error
    """A scenario did not go as expected; carries the lines to print."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the seed of the simulation."""
    group = parser.getgroup("reglament")
    group.addoption("--reglament-seed", type=int, default=None, help="seed of the scenarios' random streams")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect suites."""
    if file_path.suffix == ".yaml" and file_path.parent.name == "suites":
        collector: pytest.Collector = SuiteFile.from_parent(parent, path=file_path)
        return collector
    return None


class SuiteFile(pytest.File):
    """One suite; its items are its scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each scenario of the suite."""
        from conformance.errors import ReglamentError  # noqa: PLC0415
        from scenarios.suite_reader import read_suite  # noqa: PLC0415

        try:
            suite = read_suite(self.path)
        except ReglamentError as error:
            raise self.CollectError(str(error)) from None
        for ready in suite.scenarios:
            yield ScenarioItem.from_parent(self, name=ready.id, ready=ready, pack=suite.pack)


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, ready: ReadyScenario, pack: Pack, **rest: Any) -> None:
        super().__init__(**rest)
        self.ready = ready
        self.pack = pack

    def runtest(self) -> None:
        """Play the scenario; raise ScenarioFailure if it did not go as expected."""
        from conformance.regulation import Text  # noqa: PLC0415 - as the next
        from scenarios.run import replay_name  # noqa: PLC0415
        from scenarios.runner import DEFAULT_SEED, run_scenario  # noqa: PLC0415

        seed = self.config.getoption("--reglament-seed")
        seed = DEFAULT_SEED if seed is None else seed
        outcome = run_scenario(self.ready, self.pack, seed, replay_name(self.path))
        if not outcome.passed:
            clauses = ", ".join(self.ready.scenario.clauses)
            title = self.ready.scenario.title
            lines = [title.en if isinstance(title, Text) else title, *outcome.result.failures]
            raise ScenarioFailure(
                "\n".join([*lines, f"clauses: {clauses}", f"replay: {outcome.result.replay}"])
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the lines of a failed scenario, and a traceback only for a defect of the harness."""
        if isinstance(excinfo.value, ScenarioFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item by its suite and scenario."""
        return self.path, None, f"scenario {self.name}"

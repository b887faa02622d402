"""The architecture as a test: who may import whom, and what must not be loaded at start-up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "actors": set[str](),
    "conformance": set[str](),
    "sim": {"actors", "conformance"},
    "scenarios": {"sim", "actors", "conformance"},
    "reports": {"conformance"},
}
SIM_MAY_KNOW = {
    "conformance.calendar",
    "conformance.errors",
    "conformance.intervals",
    "conformance.log",
    "conformance.pack",
    "conformance.regulation",
    "conformance.study_figures",
    "conformance.study_results",
}
"""Of the judge's room the simulator knows the log schema, the packs with their calendar, and the errors.

Load studies also know the shape of what they find, and the exact interval of a share.
"""

NO_CLOCK = {"time", "datetime.datetime.now", "random", "secrets", "simpy", "socket"}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def violations(package: str, folder: Path) -> list[str]:
    allowed = MAY_IMPORT[package] | {package}
    rooms = set(MAY_IMPORT) | {"reglament"}
    return [
        f"{path.relative_to(folder.parent)} imports {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in sorted(imports_of(path))
        if name.split(".")[0] in rooms and name.split(".")[0] not in allowed
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(package: str) -> None:
    assert violations(package, ROOT / package) == []


def test_a_planted_import_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "actors"
    folder.mkdir()
    (folder / "signing.py").write_text("import sim.world\nfrom conformance import pack\n", encoding="utf-8")
    assert violations("actors", folder) == [
        "actors/signing.py imports conformance",
        "actors/signing.py imports sim.world",
    ]


def test_the_simulator_knows_only_packs_and_the_log_of_the_judge() -> None:
    known = {
        name
        for path in sorted((ROOT / "sim").rglob("*.py"))
        for name in imports_of(path)
        if name.startswith("conformance")
    }
    assert known <= SIM_MAY_KNOW


def test_actors_own_no_clock_and_no_chance() -> None:
    for path in sorted((ROOT / "actors").glob("*.py")):
        assert not imports_of(path) & NO_CLOCK, path.name
        assert ".now(" not in path.read_text(encoding="utf-8"), path.name


def test_help_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, reglament\n"
        "reglament.app(['--help'], standalone_mode=False)\n"
        "heavy = {'matplotlib', 'jinja2', 'simpy', 'duckdb', 'numpy', 'cryptography', 'asn1crypto'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "loaded: []" in done.stdout
    assert "run" in done.stdout


def test_no_path_of_a_machine_and_no_private_key_in_the_tree() -> None:
    names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False, cwd=ROOT)
    if names.returncode != 0:
        pytest.skip("not a git checkout: the list of files is unknown")
    needles = ("BEGIN " + "PRIVATE KEY", "BEGIN EC " + "PRIVATE KEY", "/ho" + "me/", "/ro" + "ot/")
    for name in names.stdout.splitlines():
        text = (ROOT / name).read_bytes().decode("utf-8", "replace") if (ROOT / name).is_file() else ""
        assert not [needle for needle in needles if needle in text], name

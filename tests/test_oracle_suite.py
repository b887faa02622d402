"""The oracle suite is apart from the ordinary one, and does not pass by hearing nobody."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.oracles import conftest as suite

ROOT = Path(__file__).parent.parent
ORACLES = ROOT / "tests" / "oracles"


def play(*arguments):
    environment = {name: value for name, value in os.environ.items() if name != "REGLAMENT_VECTORS"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_run_in_which_every_oracle_was_skipped_fails():
    done = play("tests/oracles/test_limbo.py", "tests/oracles/test_wycheproof.py")
    assert "Every oracle was skipped" in done.stdout
    assert done.returncode == 1


def test_a_run_without_a_required_oracle_fails():
    done = play("tests/oracles/test_limbo.py", "--require-oracle", "x509-limbo", "--require-oracle", "pkits")
    assert "The oracle x509-limbo was required and did not run." in done.stdout
    assert "The oracle pkits was required and did not run." in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("ran", "skipped", "required", "complaints"),
    [
        ({"openssl": 1}, {"pkits": 9}, [], 0),
        ({}, {"pkits": 9}, [], 1),
        ({"sweep": 5}, {"pkits": 9}, [], 1),
        ({"sweep": 5}, {}, [], 0),
        ({"openssl": 1}, {"pkits": 9}, ["pkits"], 1),
        ({"openssl": 1}, {}, ["openssl"], 0),
        ({}, {}, ["openssl"], 1),
    ],
)
def test_what_makes_a_run_worthless(ran, skipped, required, complaints):
    assert len(suite.complaints(Counter(ran), Counter(skipped), required)) == complaints


def test_the_vectors_are_those_of_the_locked_library():
    pinned = {}
    for name in ("requirements.lock", "requirements-oracles.lock", "requirements-browser.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned |= dict(re.findall(r"^([a-z0-9-]+)==([0-9.]+)", text, re.MULTILINE))
        assert "://" not in text
    assert pinned["cryptography-vectors"] == pinned["cryptography"]


def test_every_module_of_the_suite_belongs_to_an_oracle():
    assert {path.stem for path in ORACLES.glob("test_*.py")} == set(suite.ORACLES)


def test_the_ordinary_run_collects_every_folder_but_those_with_a_target_of_their_own():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    collected = {Path(path) for pattern in options["ini_options"]["testpaths"] for path in ROOT.glob(pattern)}
    tests = set((ROOT / "tests").rglob("test_*.py"))
    left_out = {path for path in tests if not any(path.is_relative_to(one) for one in collected)}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {folder for folder in (ROOT / "tests").iterdir() if f" tests/{folder.name}" in makefile}
    assert {path.parent for path in left_out} == {
        ORACLES,
        ROOT / "tests" / "browser",
        ROOT / "tests" / "docs",
        ROOT / "tests" / "robust",
        ROOT / "tests" / "load",
        ROOT / "tests" / "large",
        ROOT / "tests" / "runs",
    }
    assert {path.parent for path in left_out} <= targets


def test_ci_calls_every_target_that_tests():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = [name for name in re.findall(r"^make (\S+)(?: &)?$", script, re.MULTILINE) if name[0] != "."]
    assert set(re.findall(r"^((?:test|check)[\w-]*):", makefile, re.MULTILINE)) == {*called} - {"run"}
    assert called.index("run") < called.index("test-docs"), "the README shows what `make run` left in out/"


def test_ci_waits_for_whatever_it_runs_beside_something_else():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    names = re.findall(r"^(?:make \S+|install_browser) &\n(\w+)=\$!$", script, re.MULTILINE)
    assert len(names) == len(re.findall(r"&$", script, re.MULTILINE)) > 0
    assert sorted(re.findall(r'^wait "\$(\w+)"$', script, re.MULTILINE)) == sorted(names)


def imported_by(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_oracle_under_the_agpl_is_no_dependency_and_nothing_imports_it():
    """Only a script that runs in a process of its own, by an interpreter of its own, knows it."""
    own = [path for path in ROOT.rglob("*.py") if not path.relative_to(ROOT).parts[0].startswith(".")]
    importing = {path for path in own if "pm4py" in imported_by(path)}
    assert importing == {ORACLES / "pm4py_process.py"}
    for name in (
        "pyproject.toml",
        "requirements.lock",
        "requirements-oracles.lock",
        "requirements-browser.lock",
    ):
        assert "pm4py" not in (ROOT / name).read_text(encoding="utf-8"), name
    locked = (ROOT / "requirements-pm4py.lock").read_text(encoding="utf-8")
    assert re.search(r"^pm4py==.*\n +--hash=sha256:", locked, re.MULTILINE)
    assert "://" not in locked

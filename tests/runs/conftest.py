"""The command line in this process, and a run that it saved."""

import pytest

import reglament
from tests.scenarios.small_suites import REFUSED, suite, write


@pytest.fixture
def call(capfd, monkeypatch, tmp_path):
    """Call the command line in this process, in an empty folder; return exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = reglament._exit_code(lambda: reglament.app(list(words), standalone_mode=False))
        told = capfd.readouterr()
        assert "Traceback" not in told.out + told.err
        assert "\x1b" not in told.out + told.err, "not a terminal: no colours"
        return code, told.out, told.err

    return run


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """A run saved once, of one scenario that passes."""
    folder = tmp_path_factory.mktemp("saved")
    path = write(folder, suite(REFUSED))
    words = ["run", str(path), "--out", str(folder / "out"), "--jobs", "1"]
    assert reglament._exit_code(lambda: reglament.app(words, standalone_mode=False)) == 0
    return folder / "out"

"""A signal ends a command in order: exit code 2, one true line, nothing half written, no traceback."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from conformance.log_file import write_log
from tests.conformance.fragments import route
from tests.scenarios.small_suites import PACK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX's")

NOTHING = "reglament: interrupted, nothing was written\n"
WHOLE = "reglament: interrupted, but out is written and whole\n"
COMMAND = """
import pathlib, time, reglament, reports.run_folder as folders
from conformance.interruption import current_interruption

def wait():
    pathlib.Path("here").touch()
    for _ in range(6000):
        time.sleep(0.01)

def wait_held():
    pathlib.Path("here").touch()
    while not current_interruption().came:
        time.sleep(0.01)

def put(staged, target, real=folders._put):
    if MOMENT == "putting": wait_held()
    real(staged, target)

folders._put = put

class Cleaned:
    def __del__(self): wait()

@reglament.app.command("wait")
def command():
    with folders.replaced_folder(pathlib.Path("out")) as staged:
        (staged / "results.json").touch()
        if MOMENT == "working": wait()
        if MOMENT == "compiled": exec("wait()")  # as libraries make classes of text
        if MOMENT == "cleaning": Cleaned()  # as what goes away tidies up: nothing can be raised there
        try:
            if MOMENT in ("translated", "swallowed"): wait()
        except KeyboardInterrupt:
            if MOMENT == "translated": raise RuntimeError("Query interrupted")
    if MOMENT == "telling": wait()

reglament.main()
"""
CHECK = """
import pathlib, reglament, conformance.checking as checking
def telling(real):
    def call(*arguments):
        pathlib.Path("here").touch()
        return real(*arguments)
    return call
checking.check_log = telling(checking.check_log)
reglament.main()
"""


def interrupted(folder, code, number, *words, after_s=0.0):
    """Run *code*, send it the signal *number* when it says that it is there, and return how it ends."""
    (folder / "program.py").write_text(code, encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, "-m", "program", *words],  # not a script: CPython ends modules in another way
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (folder / "here").exists() and started.poll() is None:
        time.sleep(0.01)
    time.sleep(after_s)
    started.send_signal(number)
    _, err = started.communicate(timeout=120)
    (folder / "here").unlink()
    (folder / "program.py").unlink()
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    return started.returncode, err


@pytest.mark.parametrize(
    ("moment", "number", "told", "left"),
    [
        ("working", signal.SIGINT, NOTHING, []),
        ("working", signal.SIGTERM, NOTHING, []),
        ("working", signal.SIGHUP, NOTHING, []),
        ("compiled", signal.SIGINT, NOTHING, []),
        ("translated", signal.SIGINT, NOTHING, []),
        ("swallowed", signal.SIGINT, NOTHING, []),
        ("cleaning", signal.SIGINT, NOTHING, []),
        ("putting", signal.SIGTERM, WHOLE, ["out"]),
        ("telling", signal.SIGINT, WHOLE, ["out"]),
    ],
)
def test_a_signal_ends_a_command_in_order(tmp_path, moment, number, told, left):
    assert interrupted(tmp_path, f"MOMENT = {moment!r}\n{COMMAND}", number, "wait") == (2, told)
    assert [path.name for path in tmp_path.iterdir()] == left


@pytest.mark.parametrize("after_s", [0.0, 0.3])
def test_a_check_is_interrupted_or_done(tmp_path, after_s):
    write_log(route("P1", "P3"), tmp_path / "log.parquet")
    words = ("check", "log.parquet", "--pack", PACK, "--out", "out")
    code, err = interrupted(tmp_path, CHECK, signal.SIGINT, *words, after_s=after_s)
    left = sorted(path.name for path in tmp_path.iterdir())
    if left == ["log.parquet"]:
        assert (code, err) == (2, NOTHING)
    else:
        assert left == ["log.parquet", "out"]
        assert (code, err) in {(2, WHOLE), (3, ""), (1, "")}
        assert (tmp_path / "out" / "report.html").is_file()

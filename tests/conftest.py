"""What every run of the tests shares: no test is timed, pages are written in the one language asked for.

The texts of packs are read once by each process: most tests load the same pack, and few change a file of it.
"""

import os

from hypothesis import settings

from conformance import pack_files
from conformance.strict_yaml import read_yaml

# Three languages take three times as long; tests of the languages ask for them.
os.environ["REGLAMENT_LANGUAGES"] = ""

settings.register_profile("untimed", deadline=None)  # how long a test takes says what else the machine does
settings.load_profile("untimed")


_READ = {}


def _read_once(path, type_):
    try:
        key = (path.read_bytes(), type_)
    except OSError:
        return read_yaml(path, type_)  # which says what is wrong
    if key not in _READ:
        _READ[key] = read_yaml(path, type_)
    return _READ[key]


pack_files.read_yaml = _read_once


def pytest_terminal_summary(terminalreporter):
    """Print for each pack how many norms it has, and how many of them their fragments told apart."""
    lines = sorted(
        value
        for report in terminalreporter.stats.get("passed", ())
        for name, value in report.user_properties
        if name == "fragments"
    )
    if lines:
        terminalreporter.section("fragments of logs: each norm kept by one, broken by the other")
        for line in lines:
            terminalreporter.line(line)

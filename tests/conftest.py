"""What every run of the tests shares: no test is timed, pages are written in the one language asked for."""

import os

from hypothesis import settings

# Three languages take three times as long; tests of the languages ask for them.
os.environ["REGLAMENT_LANGUAGES"] = ""

settings.register_profile("untimed", deadline=None)  # how long a test takes says what else the machine does
settings.load_profile("untimed")


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

"""Say which oracles were heard, and fail where none was.

An oracle is somebody else's tool or somebody else's vectors. A skipped one is no agreement: a run in which
every one was skipped ends with exit code 1, and so does one that lacks an oracle named by
``--require-oracle``.
"""

from collections import Counter

import pytest

ORACLES = {
    "test_bit_flips": "sweep",
    "test_bpmn_schema": "bpmn",
    "test_ciw": "ciw",
    "test_event_loop": "simpy",
    "test_golden_artefacts": "openssl",
    "test_hostile_input": "sweep",
    "test_identity_numbers": "idnumbers",
    "test_judge_bit_flips": "sweep",
    "test_limbo": "x509-limbo",
    "test_matrix_openssl": "openssl",
    "test_pkits": "pkits",
    "test_pm4py": "pm4py",
    "test_pm4py_files": "pm4py",
    "test_wycheproof": "wycheproof",
}
"""Test module -> oracle; a sweep is our own, and does not count as one."""
OWN = "sweep"


def pytest_addoption(parser):
    parser.addoption(
        "--require-oracle", action="append", default=[], choices=sorted(set(ORACLES.values())),
        help="fail unless at least one test of this oracle ran (can be given several times)",
    )  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "oracles":
            item.add_marker("oracle")
            item.user_properties.append(("oracle", ORACLES[item.path.stem]))


def pytest_terminal_summary(terminalreporter, config):
    ran, skipped = heard(terminalreporter.stats)
    terminalreporter.section("oracles")
    for name in sorted({*ran, *skipped}):
        terminalreporter.write_line(f"{name:12} {ran[name]:5} ran {skipped[name]:5} skipped")
    for line in told(terminalreporter.stats):
        terminalreporter.write_line(line)
    for sentence in complaints(ran, skipped, config.getoption("require_oracle", default=[])):
        terminalreporter.write_line(sentence, red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return  # a worker of a parallel run: the one who gathers the reports decides
    ran, skipped = heard(reporter.stats)
    if exitstatus == pytest.ExitCode.OK and complaints(
        ran, skipped, session.config.getoption("require_oracle", default=[])
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def heard(stats):
    """Count per oracle the tests that ran and those that were skipped."""
    ran, skipped = Counter(), Counter()
    for outcome, counter in (("passed", ran), ("failed", ran), ("skipped", skipped)):
        for report in stats.get(outcome, ()):
            names = [value for key, value in getattr(report, "user_properties", ()) if key == "oracle"]
            counter.update(names)
    return ran, skipped


def told(stats):
    """Return what the tests themselves say they have heard, in order."""
    reports = (*stats.get("passed", ()), *stats.get("failed", ()))
    return sorted(value for one in reports for key, value in one.user_properties if key == "heard")


def complaints(ran, skipped, required):
    """Return a sentence for everything that makes the run worthless."""
    outside = {name for name in {*ran, *skipped} if name != OWN}
    found = []
    if outside and not any(ran[name] for name in outside):
        found.append("Every oracle was skipped: this run shows no agreement with anybody.")
    found += [f"The oracle {name} was required and did not run." for name in required if not ran[name]]
    return found

"""Progress is one short line on a terminal, not before a second has passed, and nothing anywhere else."""

import io
from types import SimpleNamespace

import numpy as np
import pytest

from reports import study_progress
from reports.study_progress import StudyProgress

PLAN = SimpleNamespace(starts_us=0, ends_us=24 * 3600 * 1_000_000)


class Block(SimpleNamespace):
    def __len__(self):
        return len(self.cases.arrival_us)


def block(*hours):
    arrivals = np.array([hour * 3600 * 1_000_000 for hour in hours], np.int64)
    return Block(cases=SimpleNamespace(arrival_us=arrivals))


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(s=1000.0)
    monkeypatch.setattr(study_progress.time, "monotonic", lambda: now.s)
    return now


def test_nothing_is_told_in_the_first_second(clock):
    told = StudyProgress(io.StringIO(), began=clock.s)
    clock.s += 0.99
    told.cases(PLAN, block(1, 2))
    told.replication(10, 10)
    assert told.stream.getvalue() == ""


def test_a_line_tells_time_requests_rate_and_what_is_left(clock):
    told = StudyProgress(io.StringIO(), began=clock.s)
    clock.s += 2
    told.cases(PLAN, block(3, 6))
    assert told.stream.getvalue() == "\r\x1b[K6.0 h simulated, 2 requests, 1 a second, 6 s left"
    told.cases(PLAN, block(7))
    assert told.stream.getvalue().count("\r") == 1, "at most ten times a second"
    told.cases(PLAN, block())


def test_no_line_is_longer_than_a_terminal_and_the_last_one_is_taken_away(clock):
    told = StudyProgress(io.StringIO(), began=clock.s)
    clock.s += 86_400_000
    told.arrived = 10**15
    told.cases(PLAN, block(10**6))
    clock.s += 1
    told.replication(999_999_999, 10**12)
    clock.s += 1
    told.replication(10**12, 10**12)
    lines = told.stream.getvalue().split("\r\x1b[K")
    assert len(lines) == 5
    assert max(map(len, lines)) <= 79
    assert lines[-1] == ""


def test_whoever_is_no_terminal_hears_only_warnings(clock, capsys):
    told = StudyProgress.here()
    clock.s += 60
    told.cases(PLAN, block(1))
    told.replication(1, 2)
    assert capsys.readouterr().err == ""
    told.warn("a worker process ended; 3 replications are played again")
    assert capsys.readouterr().err == "note: a worker process ended; 3 replications are played again\n"

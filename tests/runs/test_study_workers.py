"""Whoever plays a replication finds the same: threads, processes, a cluster; also after a death."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from sim.load.engines import Engine
from sim.load.task import Task, plan_of
from sim.load.workers import Workforce, play_tasks
from tests.scenarios.small_studies import ready, study

pytestmark = pytest.mark.xdist_group("workers of studies")


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    known = ready(tmp_path_factory.mktemp("study"), study())
    source = known.source()
    from_us = plan_of(source).starts_us
    return [Task(source, 7, number, Engine.SIMPY, from_us) for number in range(8)]


@pytest.fixture(scope="module")
def alone(tasks):
    return dict(play_tasks(tasks, Workforce()))


def test_processes_find_what_one_finds_alone(tasks, alone):
    for jobs in (2, 3):
        assert dict(play_tasks(tasks, Workforce(jobs))) == alone


def test_threads_of_the_compiled_loop_find_the_same(tasks, alone):
    compiled = [Task(t.source, t.seed, t.replication, Engine.COMPILED, t.from_us) for t in tasks]
    assert dict(play_tasks(compiled, Workforce(2))) == alone


def children():
    """Return the processes that this one has started."""
    lists = [task / "children" for task in Path("/proc/self/task").iterdir()]
    return [int(pid) for listed in lists for pid in listed.read_text(encoding="ascii").split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for its children in /proc")
def test_a_worker_that_is_killed_loses_nothing(tasks, alone):
    many = [Task(t.source, 7, n, t.engine, t.from_us) for n in range(40) for t in tasks[:1]]
    told, found = [], {}
    for number, replication in play_tasks(many, Workforce(2), told.append):
        found[number] = replication
        if len(found) == 2:
            workers = [one for one in children() if _is_worker(one)]
            os.kill(workers[0], signal.SIGKILL)
    assert {number: found[number] for number in range(8)} == alone
    assert sorted(found) == list(range(40))
    assert len(told) == 1
    assert "a worker process ended" in told[0]


def _is_worker(pid):
    line = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"loky" in line and b"tracker" not in line


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    # Without an address of its own a scheduler takes port 8787 of every interface: two would collide.
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
    ) as found:
        yield found


def test_a_cluster_finds_what_one_finds_alone(cluster, tasks, alone):
    assert dict(play_tasks(tasks, Workforce(cluster=cluster.scheduler_address))) == alone


def test_a_worker_of_a_cluster_that_is_killed_loses_nothing(cluster, tasks, alone):
    pids = [worker.pid for worker in cluster.workers.values()]

    def kill():
        time.sleep(0.3)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert dict(play_tasks(tasks, Workforce(cluster=cluster.scheduler_address))) == alone
    killer.join()

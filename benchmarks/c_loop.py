"""The reference work in C: event_loop.c, compiled when it is wanted by this machine's own compiler."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import numpy as np

from benchmarks.reference_work import SERVERS, STEPS, AbsentError, Numbers, Prepared, Work, rows_of_work

SOURCE = Path(__file__).with_name("event_loop.c")
COMPILER = "cc"
FLAGS = ("-O2", "-shared", "-fPIC")
WRITTEN = 4
"""Arrays that the loop writes, one number a step: when it came, started and ended, and its server."""


def prepare(work: Work) -> Prepared:
    """Compile the loop and bind it to *work*; raise AbsentError where there is no compiler."""
    play, compile_s = compiled()
    return bound(play, work, compile_s)


def bound(play: Any, work: Work, compile_s: float = 0.0) -> Prepared:
    """Return the compiled loop *play*, ready to play *work*."""
    servers = np.array(SERVERS, dtype=np.int64)
    inputs = [np.ascontiguousarray(each) for each in (work.arrive_us, work.station, work.service_us)]

    def run() -> list[Numbers]:
        written = [np.empty(work.requests * STEPS, dtype=np.int64) for _ in range(WRITTEN)]
        arrays = [_pointer(each) for each in (servers, *inputs, *written)]
        if play(work.requests, STEPS, len(SERVERS), *arrays) < 0:
            raise MemoryError
        return written

    def read(written: list[Numbers]) -> Numbers:
        came_us, start_us, end_us, _server = written
        return rows_of_work(work, came_us, start_us, end_us)

    return Prepared(run, read, compile_s)


def compiled() -> tuple[Any, float]:
    """Return the C function `play`, and the processor time that compiling it took, in seconds."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise AbsentError(f"no C compiler ({COMPILER}) on this machine")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "event_loop.so"
        begun_s = _children_s()
        subprocess.run([compiler, *FLAGS, "-o", str(library), str(SOURCE)], check=True)  # noqa: S603 - our own words
        compile_s = _children_s() - begun_s
        play = ctypes.CDLL(str(library)).play
    play.restype = ctypes.c_int64
    play.argtypes = [ctypes.c_int64] * 3 + [ctypes.POINTER(ctypes.c_int64)] * (4 + WRITTEN)
    return play, compile_s


def _pointer(array: Numbers) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_int64))


def _children_s() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

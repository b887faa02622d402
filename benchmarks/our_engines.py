"""Where our own engines take their places in benchmarks/engines.py.

Each of the three takes the drawn inputs of the reference work and returns a Prepared. Whatever the engine
needs before it starts (its network, its machine code, told as *compile_s*) is made in `prepare_*`; *run*
plays all requests from the first arrival to the last departure; *read* returns its rows in microseconds,
in order of case and step, with the columns of benchmarks.reference_work.COLUMNS.
"""

from benchmarks.reference_work import AbsentError, Prepared, Work

NOT_YET = "not built yet"


def prepare_simpy(work: Work) -> Prepared:
    """Prepare our SimPy engine: timing alone, no documents."""
    del work
    raise AbsentError(NOT_YET)


def prepare_compiled(work: Work) -> Prepared:
    """Prepare our compiled engine; raise AbsentError without numba."""
    del work
    raise AbsentError(NOT_YET)


def prepare_uncompiled(work: Work) -> Prepared:
    """Prepare the loop of our compiled engine as plain Python, as it runs where numba is not installed."""
    del work
    raise AbsentError(NOT_YET)

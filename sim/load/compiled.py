"""The event loop as machine code, compiled by Numba from the very functions that run without it."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from sim.load import event_heap, hours_table, instructions, loop, programs, queues, slots, state
from sim.load.state import Ints

_MODULES: tuple[ModuleType, ...] = (event_heap, hours_table, slots, queues, instructions, loop)

Loop = Callable[[Ints], int]


def can_compile() -> bool:
    """Tell whether Numba is installed."""
    return find_spec("numba") is not None


@cache
def compiled_loop() -> Loop:
    """Return the loop of *sim.load.loop* as machine code. Raises ImportError without Numba.

    The first call on a machine takes some seconds; afterwards the code is kept beside this file, as long as
    none of the sources changes.
    """
    import numba  # noqa: PLC0415 - heavy, and it may be absent

    names: dict[str, Any] = {"__name__": loop.__name__}
    functions: list[FunctionType] = []
    for module in _MODULES:
        for name, value in vars(module).items():
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                functions.append(value)
            elif isinstance(value, int):
                names[name] = value
    for function in functions:
        twin = FunctionType(function.__code__, names, function.__name__)
        names[function.__name__] = numba.njit(nogil=True)(twin)
    # Numba keeps machine code by the name and the source of this one function alone; so its name has to change
    # whenever any of the sources does.
    entry = FunctionType(loop.run_events.__code__, names, loop.run_events.__name__)
    entry.__qualname__ = f"run_events_{_fingerprint()}"
    try:
        compiled: Loop = numba.njit(nogil=True, cache=True)(entry)
    except RuntimeError:  # no folder of this user can be written
        compiled = numba.njit(nogil=True)(entry)
    return compiled


def _fingerprint() -> str:
    sources = (state, programs, *_MODULES)
    return sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in sources)).hexdigest()[:16]

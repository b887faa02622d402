"""The event loop as machine code, compiled by Numba from the very functions that run without it."""

from collections.abc import Callable
from ctypes import POINTER, c_int64
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from sim.load import event_heap, hours_table, instructions, loop, programs, queues, records, slots, state
from sim.load.state import Ints

_MODULES: tuple[ModuleType, ...] = (event_heap, hours_table, slots, queues, instructions, loop)

_SELDOM = frozenset({"abandon", "admission_us", "call", "change_station", "give_up", "run_rare"})
"""Functions that are called, not made part of their callers: code would be longer, not faster."""

Loop = Callable[[Ints], int]
Copy = Callable[[Ints, Ints, Ints, Ints, Ints], None]


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
    options: dict[str, Any] = {"no_cpython_wrapper": True, "error_model": "numpy"}
    for function in functions:
        twin = FunctionType(function.__code__, names, function.__name__)
        options["forceinline"] = function.__name__ not in _SELDOM
        names[function.__name__] = numba.njit(**options)(twin)
    types: Any = numba.types
    numbers = types.CPointer(types.int64)
    call = _machine_code(loop.run_events, names, types.int64(numbers))

    def run(m: Ints) -> int:
        return int(call(_address(m)))

    return run


@cache
def compiled_copy() -> Copy:
    """Return *copy_records* as machine code, which takes arrays. Raises ImportError without Numba."""
    import numba  # noqa: PLC0415 - as above

    types: Any = numba.types
    numbers = types.CPointer(types.int64)
    names: dict[str, Any] = {"__name__": records.__name__}
    call = _machine_code(records.copy_records, names, types.void(*[numbers] * 5))

    def copy(m: Ints, places: Ints, counts: Ints, shape: Ints, columns: Ints) -> None:
        call(*map(_address, (m, places, counts, shape, columns)))

    return copy


def _machine_code(function: Callable[..., Any], names: dict[str, Any], signature: Any) -> Any:
    """Return *function* as machine code that is called with bare addresses, which go by these *names*.

    Nothing counts references or wraps negative indices; ctypes lets other threads run meanwhile.
    """
    import numba  # noqa: PLC0415 - as above

    # Numba keeps machine code by the name and the source of this one function alone; so its name has to
    # change whenever any of the sources does.
    entry = FunctionType(function.__code__, names, function.__name__)
    entry.__qualname__ = f"{function.__name__}_{_fingerprint()}"
    try:
        return numba.cfunc(signature, cache=True)(entry).ctypes
    except RuntimeError:  # no folder of this user can be written
        return numba.cfunc(signature)(entry).ctypes


def _address(numbers: Ints) -> Any:
    return numbers.ctypes.data_as(POINTER(c_int64))


def _fingerprint() -> str:
    sources = (__file__, *(str(module.__file__) for module in (state, programs, records, *_MODULES)))
    return sha256(b"".join(Path(source).read_bytes() for source in sources)).hexdigest()[:16]

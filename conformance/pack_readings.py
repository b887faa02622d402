"""The readings of a norm as written in a pack: each value of a key and a type that the norm's kind has."""

from typing import Any

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.norms import Norm, Reading

_NOT_READABLE = frozenset(
    {"id", "rule", "clause", "title", "services", "path", "status", "assumption", "readings", "version_of"}
)
"""What a norm is, whatever it demands."""


def typed_readings(norm: Norm, place: str, inside: str) -> tuple[Reading, ...]:
    """Return the readings of *norm* with values of the types that its kind has.

    Raises InputError for a key that the kind does not have, or a value that does not fit it.
    """
    return tuple(
        msgspec.structs.replace(reading, changes=_typed(norm, reading, place, f"{inside}.readings[{i}].set"))
        for i, reading in enumerate(norm.readings)
    )


def _typed(norm: Norm, reading: Reading, place: str, inside: str) -> dict[str, Any]:
    known = [name for name in norm.__struct_fields__ if name not in _NOT_READABLE]
    for key in reading.changes:
        if key not in known:
            nearest = nearest_name(key, known)
            expected = "a parameter of this kind of norm"
            raise InputError(place, f"{inside}.{key}", f"the unknown key {key}", expected, nearest)
    plain = msgspec.to_builtins(msgspec.structs.replace(norm, readings=()))
    typed = {}
    for key, value in reading.changes.items():
        try:
            typed[key] = getattr(msgspec.convert(plain | {key: value}, type(norm), strict=True), key)
        except msgspec.ValidationError as error:
            message = str(error).partition(" - at ")[0]
            raise InputError(place, f"{inside}.{key}", repr(value), message.lower()) from None
    return typed

"""Write and read ``results.json``, and publish its JSON Schema (draft 2020-12)."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from conformance.errors import InputError
from conformance.results import RESULTS_SCHEMA_VERSION, Results
from reports.files import write_together

T = TypeVar("T")

_WRONG_TYPE = re.compile(r"Expected (?P<expected>.+), got (?P<found>.+)")
_AT = re.compile(r" - at `\$\.?(?P<path>.*)`\Z")


class _Versioned(msgspec.Struct):
    schema_version: int


def encode_results(results: Results) -> bytes:
    """Return *results* as indented UTF-8 JSON with sorted keys, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(results, order="sorted"), indent=2) + b"\n"


def decode_results(data: bytes, place: str) -> Results:
    """Return the results in *data*; *place* names the source in errors.

    Raises InputError on damage, on unknown, missing or doubled entries, and on another schema version.
    """
    version = _decode(data, _Versioned, place).schema_version
    if version != RESULTS_SCHEMA_VERSION:
        raise InputError(place, "schema_version", str(version), str(RESULTS_SCHEMA_VERSION))
    results = _decode(data, Results, place)
    _refuse_doubles(place, "norms", (norm.id for norm in results.norms))
    _refuse_doubles(place, "clauses", (clause.id for clause in results.clauses))
    _refuse_doubles(place, "scenarios", (f"{s.suite} {s.id}" for s in results.scenarios))
    _refuse_doubles(place, "faults", (f"{f.suite} {f.id}" for f in results.faults))
    return results


def write_results(results: Results, path: Path) -> None:
    """Write *results* to *path*, whole or not at all; raise InputError if that is impossible."""
    write_together(path.parent, {path.name: encode_results(results)})


def read_results(path: Path) -> Results:
    """Read the results saved at *path*; raise InputError if they cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(path), "", found, "a readable results.json") from None
    return decode_results(data, str(path))


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``results.json``."""
    (reference,), definitions = msgspec.json.schema_components([Results], ref_template="#/$defs/{name}")
    root = definitions.pop("Results")
    if reference != {"$ref": "#/$defs/Results"}:  # pragma: no cover - guards against another msgspec
        raise TypeError(f"unexpected reference {reference}")
    root["properties"]["schema_version"] = {"const": RESULTS_SCHEMA_VERSION}
    for definition in (root, *definitions.values()):
        if "description" in definition:
            definition["description"] = " ".join(definition["description"].split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:reglament:results:{RESULTS_SCHEMA_VERSION}",
        **root,
        "title": "reglament results",
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as it stands in ``docs/results.schema.json``."""
    encoded = msgspec.json.encode(results_schema(), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _decode(data: bytes, type_: type[T], place: str) -> T:
    try:
        return msgspec.json.decode(data, type=type_)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.search(message)
        inside, found = (at.group("path"), message[: at.start()]) if at else ("", message)
        if wrong := _WRONG_TYPE.match(found):
            raise InputError(place, inside, wrong.group("found"), wrong.group("expected")) from None
        raise InputError(place, inside, _lower(found), "the published shape of results.json") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(place, "", f"damaged JSON ({_lower(str(error))})", "a whole results.json") from None
    except RecursionError:
        raise InputError(place, "", "too many nested levels", "a whole results.json") from None


def _refuse_doubles(place: str, inside: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            raise InputError(place, f"{inside}[{index}]", f"{name} a second time", "each id once")
        seen.add(name)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]

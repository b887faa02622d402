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
    return encode_published(results)


def encode_published(value: Any) -> bytes:
    """Return *value* as everything is published: indented UTF-8 JSON, keys sorted, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def decode_results(data: bytes, place: str) -> Results:
    """Return the results in *data*; *place* names the source in errors.

    Raises InputError on damage, on unknown, missing or doubled entries, and on another schema version.
    """
    version = decode_strictly(data, _Versioned, place).schema_version
    if version != RESULTS_SCHEMA_VERSION:
        raise InputError(place, "schema_version", str(version), str(RESULTS_SCHEMA_VERSION))
    results = decode_strictly(data, Results, place)
    refuse_doubles(place, "norms", (norm.id for norm in results.norms))
    refuse_doubles(place, "clauses", (clause.id for clause in results.clauses))
    refuse_doubles(place, "scenarios", (f"{s.suite} {s.id}" for s in results.scenarios))
    refuse_doubles(place, "faults", (f"{f.suite} {f.id}" for f in results.faults))
    return results


def write_results(results: Results, path: Path) -> None:
    """Write *results* to *path*, whole or not at all; raise InputError if that is impossible."""
    write_together(path.parent, {path.name: encode_results(results)})


def read_results(path: Path) -> Results:
    """Read the results saved at *path*; raise InputError if they cannot be read."""
    return decode_results(octets_of(path), str(path))


def octets_of(path: Path) -> bytes:
    """Return what stands in the results at *path*; raise InputError if they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(path), "", found, "a readable results.json") from None


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``results.json``."""
    return schema_of(Results, RESULTS_SCHEMA_VERSION, "results")


def schema_of(type_: type[msgspec.Struct], version: int, name: str) -> dict[str, Any]:
    """Return the JSON Schema of *type_*, published as *name* in its *version*."""
    (reference,), definitions = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    root = definitions.pop(type_.__name__)
    if reference != {
        "$ref": f"#/$defs/{type_.__name__}"
    }:  # pragma: no cover - guards against another msgspec
        raise TypeError(f"unexpected reference {reference}")
    root["properties"]["schema_version"] = {"const": version}
    for definition in (root, *definitions.values()):
        if "description" in definition:
            definition["description"] = " ".join(definition["description"].split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:reglament:{name}:{version}",
        **root,
        "title": f"reglament {name.replace('-', ' ')}",
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as it stands in ``docs/results.schema.json``."""
    return encode_published(results_schema()).decode()


def decode_strictly(data: bytes, type_: type[T], place: str) -> T:
    """Return *data* as a *type_*; raise InputError, which names *place*, on damage and on another shape."""
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


def refuse_doubles(place: str, inside: str, ids: Iterable[str]) -> None:
    """Raise InputError if one of the *ids* comes twice."""
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            raise InputError(place, f"{inside}[{index}]", f"{name} a second time", "each id once")
        seen.add(name)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]

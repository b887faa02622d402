"""Read YAML written by people, strictly: no aliases, no duplicate keys, no silent types.

Source: YAML 1.1 resolves an unquoted ``010203500012`` to an octal number and ``no`` to False; a safe
loader still expands alias bombs and keeps the last of duplicate keys. All of that is refused here.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from conformance.errors import InputError, nearest_name

MAX_OCTETS = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_DIGITS = 18

T = TypeVar("T")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The compiled parser where the wheel has it: ten times faster, the same language."""

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z")
_BOOLEANS = {"true": True, "false": False}
_TWELVE_DIGITS = re.compile(r"[0-9]{12}\Z")


def read_yaml(path: Path, type_: type[T]) -> T:
    """Read the YAML file *path* as *type_* (a msgspec type).

    Raises InputError with the file, the path inside it, what was found and what was expected.
    """
    return decode_yaml(_read_text(path), type_, str(path))


def decode_yaml(text: str, type_: type[T], place: str) -> T:
    """Decode YAML *text* as *type_*; *place* names the source in errors."""
    try:
        _refuse_traps(text, place)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _syntax_error(place, error) from None
    if node is None:
        raise InputError(place, "", "an empty file", "a YAML document")
    return convert_plain(_plain(node, place, ""), type_, place)


def convert_plain(plain: Any, type_: type[T], place: str) -> T:
    """Return plain data as *type_*; *place* names their source in the InputError for data that do not fit."""
    try:
        return msgspec.convert(plain, type_, strict=True)
    except msgspec.ValidationError as error:
        raise _shape_error(place, str(error), type_, plain) from None


def _refuse_traps(text: str, place: str) -> None:
    """Refuse aliases, tags and deep nesting while all is still a flat stream, before anything can expand."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise InputError(place, _line(event), "a YAML alias", "the value itself, written out")
        if tag := getattr(event, "tag", None):
            raise InputError(place, _line(event), f"the tag {tag}", "plain data without tags")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputError(place, _line(event), "too many nested levels", f"at most {MAX_DEPTH}")


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark else ""


def _read_text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError(str(path), "", "no regular file", "a YAML file")
        if path.stat().st_size > MAX_OCTETS:
            raise InputError(str(path), "", f"{path.stat().st_size} octets", f"at most {MAX_OCTETS}")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "", f"octet {error.start} that is not UTF-8", "UTF-8 text") from None
    except OSError as error:
        raise InputError(
            str(path), "", str(error.strerror or error).lower(), "a readable YAML file"
        ) from None


def _plain(node: Any, place: str, inside: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, inside)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, place, f"{inside}[{i}]") for i, item in enumerate(node.value)]
    return _scalar(node, place, inside)


def _mapping(node: yaml.MappingNode, place: str, inside: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise InputError(place, inside, "a key that is not text", "a plain key")
        key = key_node.value
        path = f"{inside}.{key}" if inside else key
        if key in result:
            line = key_node.start_mark.line + 1
            raise InputError(place, path, f"a duplicate key in line {line}", "each key once")
        result[key] = _plain(value_node, place, path)
    return result


def _scalar(node: yaml.ScalarNode, place: str, inside: str) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:  # quoted or block: text as it stands
        return text
    if _TWELVE_DIGITS.match(text):
        raise InputError(place, inside, "twelve digits without quotes", "an IIN or BIN in quotes")
    if text in {"", "~", "null"}:
        return None
    if _INTEGER.match(text) or _DECIMAL.match(text):
        if len(text) > MAX_DIGITS:
            raise InputError(place, inside, f"a number of {len(text)} digits", f"at most {MAX_DIGITS}")
        return float(text) if "." in text else int(text)
    return _BOOLEANS.get(text, text)


def _syntax_error(place: str, error: yaml.YAMLError) -> InputError:
    mark = getattr(error, "problem_mark", None)
    inside = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = str(getattr(error, "problem", None) or error).splitlines()[0].removeprefix("found ")
    return InputError(place, inside, problem, "YAML without aliases and with balanced structure")


_MANY_DIGITS = re.compile(r"[0-9]{6}")
_ANY_KEY = "[...]"
_PARTS = re.compile(r"[^.\[\]]+")
_AT = re.compile(r" - at `\$(?P<path>.*)`\Z")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(?P<name>.+)`")
_MISSING_FIELD = re.compile(r"Object missing required field `(?P<name>.+)`")
_BAD_ENUM = re.compile(r"Invalid enum value '(?P<name>.*)'")
_BAD_TAG = re.compile(r"Invalid value '(?P<name>.*)'")
_UNFIT = re.compile(
    r"found (?P<found>.+), expected (?P<expected>.+?)(; did you mean (?P<nearest>.+)\?)?\Z", re.DOTALL
)
_EXPECTED = re.compile(r"Expected `(?P<expected>.+)`, got `(?P<found>.+)`")


def _shape_error(place: str, message: str, type_: Any, plain: Any) -> InputError:
    at = _AT.search(message)
    inside = at.group("path").lstrip(".") if at else ""
    text = message[: at.start()] if at else message
    inside = _with_keys(inside, message, type_, plain)
    names = _names_in(type_)
    if unknown := _UNKNOWN_FIELD.match(text):
        name = unknown.group("name")
        path = f"{inside}.{name}" if inside else name
        return InputError(place, path, f"the unknown key {name}", "a known key", nearest_name(name, names))
    if missing := _MISSING_FIELD.match(text):
        found = "nothing" if _value_at(plain, inside) != {} else "an empty mapping"
        return InputError(place, inside, found, f"the key {missing.group('name')}")
    if bad := _BAD_ENUM.match(text) or _BAD_TAG.match(text):
        name = bad.group("name")
        return InputError(place, inside, f"{name!r}", "one of the listed names", nearest_name(name, names))
    if wrong := _EXPECTED.match(text):
        return _type_error(place, inside, wrong["found"], wrong["expected"], _value_at(plain, inside))
    if unfit := _UNFIT.match(text):
        return InputError(place, inside, unfit["found"], unfit["expected"], unfit["nearest"])
    return InputError(place, inside, text, "a valid value")


def _type_error(place: str, inside: str, found: str, expected: str, value: Any) -> InputError:
    # The text itself helps ("2h" for seconds), but a long or numeric one may be a secret.
    if found == "str" and isinstance(value, str) and len(value) <= 40 and not _MANY_DIGITS.search(value):
        found = f"the text {value!r}"
    if inside.endswith("_s") and "int" in expected:
        expected = "whole seconds, a number without a unit"
    return InputError(place, inside, found, expected)


def _with_keys(inside: str, message: str, type_: Any, plain: Any) -> str:
    """Put names for the ``[...]`` that msgspec writes for the keys of a mapping.

    The key is the one that alone gives the same message.
    """
    while _ANY_KEY in inside:
        head, _, tail = inside.partition(_ANY_KEY)
        mapping = _value_at(plain, head)
        key = next((k for k in mapping or () if _fails_alike(plain, head, k, message, type_)), None)
        if key is None:
            return inside
        inside = f"{head}.{key}{tail}"
    return inside


def _fails_alike(plain: Any, head: str, key: str, message: str, type_: Any) -> bool:
    try:
        msgspec.convert(_narrowed(plain, _PARTS.findall(head), key), type_, strict=True)
    except msgspec.ValidationError as error:
        return str(error) == message
    return False


def _narrowed(plain: Any, parts: list[str], key: str) -> Any:
    """Return *plain* with only *key* left in the mapping that *parts* lead to."""
    if not parts:
        return {key: plain[key]}
    if isinstance(plain, list):
        i = int(parts[0])
        return [*plain[:i], _narrowed(plain[i], parts[1:], key), *plain[i + 1 :]]
    return plain | {parts[0]: _narrowed(plain[parts[0]], parts[1:], key)}


def _value_at(plain: Any, inside: str) -> Any:
    for part in _PARTS.findall(inside):
        if isinstance(plain, list) and part.isdigit() and int(part) < len(plain):
            plain = plain[int(part)]
        elif isinstance(plain, dict) and part in plain:
            plain = plain[part]
        else:
            return None
    return plain


def _names_in(type_: Any) -> set[str]:
    """Collect every key and enum value that *type_* knows, for the nearest valid name."""
    schema, definitions = msgspec.json.schema_components([type_])
    names: set[str] = set()
    stack: list[Any] = [schema, definitions]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            names.update(item.get("properties", {}))
            names.update(v for v in item.get("enum", ()) if isinstance(v, str))
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            stack.extend(item)
    return names

"""Read event logs in XES, plain or compressed, event by event, without any trust in the file.

Source: IEEE 1849-2016, clause 4 and the schema of annex B: a trace's attributes stand before its events.
Document types, and with them entities of every kind, are refused outright; the depth, the length of one value
and of one token, the number of attributes and what a compressed file may grow to are limited.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from conformance.errors import InputError
from conformance.logs.octets import octets_of
from conformance.logs.records import CASE, Reason, Record, Reject, Value

MAX_DEPTH = 40
MAX_VALUE = 64 * 1024
MAX_TOKEN = 1024 * 1024
MAX_ATTRIBUTES = 1_000
_PLAIN = frozenset({"string", "date", "int", "float", "boolean", "id"})
_KINDS = _PLAIN | {"list", "container"}


def read_xes(path: Path) -> Iterator[Record | Reject]:
    """Yield the events of the XES file *path* (``.gz``: compressed), in file order.

    The attributes of an event keep their keys, those of its trace get the prefix ``case:``, nested ones are
    named ``outer/inner``. Raises InputError for a file that is not well-formed, not XES, or hostile.
    """
    walk = _Walk(str(path))
    for chunk in octets_of(path):
        walk.feed(chunk)
        yield from walk.taken()
    walk.feed(b"", last=True)
    yield from walk.taken()
    if not walk.seen_log:
        raise InputError(str(path), "", "no element log", "an event log in XES")


class _Walk:
    """The state of one reading: where in the tree the parser stands, and what it has collected."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.seen_log = False
        self._fed = 0
        self._ready: list[Record | Reject] = []
        self._path: list[str] = []
        self._keys: list[str] = []
        self._trace: dict[str, Value] = {}
        self._values: dict[str, Value] = {}
        self._fault: Reason | None = None
        self._trace_fault: Reason | None = None
        self._started = False
        self._within = ""
        self._ordinal = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, octets: bytes, *, last: bool = False) -> None:
        """Take *octets* in. Raises InputError for what is not well-formed or beyond a limit."""
        self._fed += len(octets)
        try:
            self._parser.Parse(octets, last)
        except expat.ExpatError as error:
            where = f"line {error.lineno}"
            raise InputError(self.place, where, expat.ErrorString(error.code), "well-formed XML") from None
        except (ValueError, LookupError):
            raise InputError(self.place, "", "an unknown encoding", "UTF-8") from None
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN and not last:
            self._refuse(f"a piece of more than {MAX_TOKEN} octets", "shorter values")

    def taken(self) -> list[Record | Reject]:
        """Return the events that were completed since the last time."""
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, found: str, expected: str) -> None:
        raise InputError(self.place, f"line {self._parser.CurrentLineNumber}", found, expected)

    def _doctype(self, *_: object) -> None:
        self._refuse("a document type declaration", "XML without document type and entities")

    def _open(self, name: str, given: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        path = self._path
        if not path:
            if name != "log":
                self._refuse(f"the element {name[:40]}", "the element log")
            self.seen_log = True
        if len(path) >= MAX_DEPTH:
            self._refuse("too many nested levels", f"at most {MAX_DEPTH}")
        if name in _KINDS:
            self._attribute(name, given)
        elif name == "trace":
            self._trace, self._trace_fault, self._started = {}, None, False
            self._within = name
        elif name == "event":
            self._values, self._fault, self._started = {}, None, True
            self._within = name
        path.append(name)

    def _attribute(self, kind: str, given: dict[str, str]) -> None:
        key = given.get("key", "")
        self._keys.append(key)
        if len(self._keys) > 1:
            key = "/".join(self._keys)
        if self._within == "event":
            self._fault = _store(self._values, key, kind, given.get("value")) or self._fault
        elif self._within == "trace":
            if self._started:
                self._refuse("an attribute of a trace after its events", "all of them before")
            fault = _store(self._trace, CASE + key, kind, given.get("value"))
            self._trace_fault = fault or self._trace_fault

    def _close(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        self._path.pop()
        if name in _KINDS:
            self._keys.pop()
        elif name == "event":
            self._ordinal += 1
            self._within = "trace" if "trace" in self._path else ""
            fault = self._fault or self._trace_fault
            if fault is not None:
                self._ready.append(Reject(self._ordinal, "", fault))
            else:
                self._ready.append(Record(self._ordinal, {**self._trace, **self._values}))
        elif name == "trace":
            self._trace, self._trace_fault = {}, None
            self._within = ""


def _store(values: dict[str, Value], key: str, kind: str, text: str | None) -> Reason | None:
    """Put one attribute into *values*, or say why it cannot be."""
    if kind not in _PLAIN:
        return None  # a list: what is in it follows, with names of its own
    if key in values:
        return Reason.DUPLICATE_NAME
    if text is None:
        return Reason.BAD_RECORD
    if len(text) > MAX_VALUE or len(values) >= MAX_ATTRIBUTES:
        return Reason.TOO_LONG
    value = _typed(kind, text)
    if value is None:
        return Reason.BAD_VALUE
    values[key] = value
    return None


def _typed(kind: str, text: str) -> Value:
    if kind == "int":
        digits = text.strip()
        return int(digits) if digits.lstrip("+-").isdecimal() and len(digits) <= 20 else None
    if kind == "float":
        return _number(text)
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    return text


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None  # neither infinite nor NaN

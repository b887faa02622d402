"""A mapping file: which columns of a foreign log mean what, with nothing left to a guess.

``docs/log-formats.md`` explains every key by example.
"""

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from conformance.errors import InputError, UnfitValue, nearest_name
from conformance.log import STEP, moment_us_of
from conformance.log_rows import COARSEST_US, EARLIEST_US, LATEST_US
from conformance.logs.durations import span_us
from conformance.pack import Pack
from conformance.regulation import Data
from conformance.strict_yaml import read_yaml

FORMS = ("iso", "epoch_s", "epoch_ms", "epoch_us")
FORMATS = ("csv", "jsonl", "parquet", "xes", "ocel-json", "ocel-sqlite")
UNCONFIRMED = ("columns", "constants", "time.format", "time.zone", "time.resolution")
"""What a proposal may leave open beside activities."""
_ALWAYS = ("case_id", "service", "path", "step", "unit", "resolution_us")
_OUTCOME = re.compile(r"[^\W\d_][\w.:-]{0,79}")
_PSEUDONYMOUS = ("case_id", "resource", "request_number")


class Columns(Data, frozen=True, kw_only=True):
    """The source's names for the columns of the log; what is absent is unknown."""

    case_id: str
    activity: str
    service: str | None = None
    path: str | None = None
    unit: str | None = None
    resource: str | None = None
    enabled: str | None = None
    started: str | None = None
    completed: str | None = None
    outcome: str | None = None
    request_number: str | None = None


class Constants(Data, frozen=True, kw_only=True):
    """What is the same in every row."""

    service: str | None = None
    path: str | None = None
    unit: str | None = None


class Target(Data, frozen=True, kw_only=True):
    """The step that an activity is, and what goes with that step."""

    step: str
    service: str | None = None
    path: str | None = None
    unit: str | None = None


class Resolution(Data, frozen=True, kw_only=True):
    """The resolution of an event's clock by what the clock shows: whole days are written as midnight."""

    midnight: str
    otherwise: str


class Times(Data, frozen=True, kw_only=True):
    """How moments are written: *format* is one of FORMS or a pattern such as ``%d.%m.%Y %H:%M``.

    *extracted_at* is when the log was taken from its system, ISO 8601 with an offset: what is open then is
    late if its limit has passed.
    """

    resolution: str | Resolution
    format: str = "iso"
    zone: str | None = None
    clock_error: str | None = None
    extracted_at: str | None = None


class Lifecycle(Data, frozen=True, kw_only=True):
    """How several records make one row: the values of *column* that say a step was enabled, began or ended.

    Records are paired within a case and step, and within the value of the column *pair_by* if one is given,
    first begun, first ended.
    """

    column: str
    complete: tuple[str, ...]
    start: tuple[str, ...] = ()
    enabled: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pair_by: str | None = None


class Attribute(Data, frozen=True, kw_only=True):
    """One attribute of the rows: its column in the source, and its type."""

    column: str
    type: Literal["string", "number", "bool", "moment"] = "string"


class Pseudonymise(Data, frozen=True, kw_only=True):
    """Columns to replace by a keyed digest, and where the key is: it is never in the mapping itself."""

    columns: tuple[str, ...]
    key_variable: str | None = None
    key_file: str | None = None


class Csv(Data, frozen=True, kw_only=True):
    """How a CSV file is written, where it is not the usual way."""

    delimiter: str = ","
    encoding: str = "utf-8"


class Ocel(Data, frozen=True, kw_only=True):
    """The type of the objects that are the cases of an object-centric log."""

    case: str


class Mapping(Data, frozen=True, kw_only=True):
    """A whole mapping file."""

    columns: Columns
    time: Times
    activities: dict[str, str | Target]
    format: Literal["csv", "jsonl", "parquet", "xes", "ocel-json", "ocel-sqlite"] | None = None
    constants: Constants = Constants()
    ignore: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None
    attributes: dict[str, Attribute] = msgspec.field(default_factory=dict)
    outcomes: dict[str, str] = msgspec.field(default_factory=dict)
    missing: tuple[str, ...] = ()
    pseudonymise: Pseudonymise | None = None
    origin: Literal["simulated", "test", "production", "unknown"] = "unknown"
    csv: Csv = Csv()
    ocel: Ocel | None = None
    unconfirmed: tuple[str, ...] = ()

    def targets(self) -> dict[str, Target]:
        """Return the step of each activity."""
        named = self.activities.items()
        return {name: Target(step=to) if isinstance(to, str) else to for name, to in named}

    def sources(self) -> tuple[str, ...]:
        """Return every column of the source that is asked, each once, attributes last."""
        columns = (getattr(self.columns, name) for name in Columns.__struct_fields__)
        stages = (self.lifecycle.column, self.lifecycle.pair_by) if self.lifecycle else ()
        attributes = (attribute.column for attribute in self.attributes.values())
        return tuple(dict.fromkeys(name for name in (*columns, *stages, *attributes) if name is not None))

    def delivered(self) -> tuple[str, ...]:
        """Return what the source tells of, by name: columns, ``attributes.NAME`` and ``steps.CODE``."""
        columns, stages = self.columns, self.lifecycle
        filled = {
            "resource": columns.resource,
            "outcome": columns.outcome,
            "request_number": columns.request_number,
            "enabled_us": columns.enabled or (stages and stages.enabled),
            "started_us": columns.started or (stages and stages.start),
            "completed_us": columns.completed,
            "attributes": self.attributes,
        }
        attributes = (f"attributes.{name}" for name in self.attributes)
        columns_told = (name for name, source in filled.items() if source)
        steps = (f"{STEP}{target.step}" for target in self.targets().values())
        return tuple(sorted({*_ALWAYS, *columns_told, *attributes, *steps}))


def read_mapping(path: Path) -> Mapping:
    """Read the mapping file *path*. Raises InputError with the key for everything that cannot be meant."""
    mapping = read_yaml(path, Mapping)
    place = str(path)
    _check_times(mapping.time, place)
    _check_sources(mapping, place)
    _check_activities(mapping, place)
    _check_attributes(mapping, place)
    _check_pseudonyms(mapping.pseudonymise, place)
    if len(mapping.csv.delimiter) != 1 or mapping.csv.delimiter in '"\r\n\0':
        raise InputError(place, "csv.delimiter", repr(mapping.csv.delimiter), "one sign, such as a comma")
    if mapping.csv.encoding not in {"utf-8", "utf-16", "cp1251", "cp1252", "latin-1"}:
        expected = "utf-8, utf-16, cp1251, cp1252 or latin-1"
        raise InputError(place, "csv.encoding", repr(mapping.csv.encoding), expected)
    return mapping


def check_against(mapping: Mapping, pack: Pack, place: str) -> None:
    """Refuse steps, services and units that *pack* does not know. Raises InputError with the nearest name."""
    steps = {step.code for step in pack.steps}
    services = {name for service in pack.services for name in (service.id, service.code)}
    units = {unit.code for unit in pack.units}
    for name, target in mapping.targets().items():
        inside = f"activities.{name}"
        _require_known(target.step, steps, "step", place, inside)
        _require_known(target.service, services, "service", place, inside)
        _require_known(target.unit, units, "unit", place, inside)
    _require_known(mapping.constants.service, services, "service", place, "constants.service")
    _require_known(mapping.constants.unit, units, "unit", place, "constants.unit")


def zone_of(times: Times) -> ZoneInfo | None:
    """Return the declared zone, None if there is none. Raises InputError for an unknown one."""
    return ZoneInfo(times.zone) if times.zone else None


def resolutions(times: Times) -> tuple[int, int]:
    """Return the resolution of a moment at midnight and of any other, in microseconds."""
    given = times.resolution
    if isinstance(given, str):
        return span_us(given), span_us(given)
    return span_us(given.midnight), span_us(given.otherwise)


def _require_known(name: str | None, known: set[str], what: str, place: str, inside: str) -> None:
    if name is not None and name not in known:
        found, expected = f"the unknown {what} {name}", f"a {what} of the pack"
        raise InputError(place, inside, found, expected, nearest_name(name, known))


def _check_times(times: Times, place: str) -> None:
    spans = [times.resolution] if isinstance(times.resolution, str) else []
    if isinstance(times.resolution, Resolution):
        spans = [times.resolution.midnight, times.resolution.otherwise]
    for text in spans:
        if not 1 <= _span(text, place, "time.resolution") <= COARSEST_US:
            raise InputError(place, "time.resolution", repr(text), "1 us to 366 days")
    if times.clock_error is not None:
        _span(times.clock_error, place, "time.clock_error")
    if times.extracted_at is not None and not _is_moment(times.extracted_at):
        expected = "a moment with an offset, such as 2013-06-01T00:00:00+06:00"
        raise InputError(place, "time.extracted_at", repr(times.extracted_at[:40]), expected)
    if times.zone is not None:
        try:
            ZoneInfo(times.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            expected = "a zone of the IANA database, such as Asia/Almaty"
            raise InputError(place, "time.zone", repr(times.zone[:40]), expected) from None
    _check_form(times, place)


def _is_moment(text: str) -> bool:
    moment = moment_us_of(text)
    return moment is not None and EARLIEST_US <= moment <= LATEST_US


def _check_form(times: Times, place: str) -> None:
    form = times.format
    if form in FORMS:
        return
    if "%" not in form or len(form) > 100:
        expected = f"{', '.join(FORMS)}, or a pattern such as %d.%m.%Y %H:%M:%S"
        raise InputError(place, "time.format", repr(form[:40]), expected, nearest_name(form, FORMS))
    directives = {form[i + 1 : i + 2] for i in range(len(form) - 1) if form[i] == "%"}
    if odd := directives - set("YmdHMSfzyIpjbBT%"):
        found = f"the directive %{min(odd)}"
        raise InputError(place, "time.format", found, "directives of %Y %m %d %H %M %S %f %z %y %I %p %j")
    if not {"d", "j"} & directives or not {"Y", "y"} & directives:
        raise InputError(place, "time.format", repr(form), "a pattern with year and day")
    if "z" not in directives and times.zone is None:
        expected = "the zone of these clocks: no time without an offset is taken without it"
        raise InputError(place, "time.zone", "nothing", expected)


def _span(text: str, place: str, inside: str) -> int:
    try:
        return span_us(text)
    except UnfitValue as error:
        raise InputError(place, inside, error.found, error.expected) from None


def _check_sources(mapping: Mapping, place: str) -> None:
    """Refuse a column that is both a column and a constant, a required one that is neither, or no moment."""
    columns, constants = mapping.columns, mapping.constants
    targets = mapping.targets().values()
    for name in ("service", "path", "unit"):
        column, constant = getattr(columns, name), getattr(constants, name)
        if column is not None and constant is not None:
            raise InputError(place, f"constants.{name}", "a column and a constant", "one of the two")
        if column is None and constant is None and not all(getattr(to, name) for to in targets):
            expected = f"a column, a constant, or a {name} beside each step of activities"
            raise InputError(place, f"columns.{name}", "nothing", expected)
    if columns.completed is None and columns.enabled is None and columns.started is None:
        raise InputError(place, "columns.completed", "nothing", "the column of at least one moment")
    if mapping.lifecycle is not None:
        _check_lifecycle(mapping, mapping.lifecycle, place)


def _check_lifecycle(mapping: Mapping, lifecycle: Lifecycle, place: str) -> None:
    if mapping.columns.completed is None:
        expected = "the column of the moment of every record"
        raise InputError(place, "columns.completed", "nothing", expected)
    if mapping.columns.started or mapping.columns.enabled:
        found = "both a lifecycle and columns for start or enabling"
        raise InputError(place, "lifecycle", found, "one of the two")
    seen: set[str] = set()
    for name in ("complete", "start", "enabled", "ignore"):
        for value in getattr(lifecycle, name):
            if value in seen:
                raise InputError(place, f"lifecycle.{name}", f"{value!r} twice", "each value once")
            seen.add(value)
    if not lifecycle.complete:
        raise InputError(place, "lifecycle.complete", "nothing", "at least one value")


def _check_activities(mapping: Mapping, place: str) -> None:
    for name in mapping.ignore:
        if name in mapping.activities:
            raise InputError(place, "ignore", f"{name!r}, which activities maps", "one of the two")
    for value, outcome in mapping.outcomes.items():
        if not _OUTCOME.fullmatch(outcome):
            expected = "ok, or a code of letters, digits and the signs _ . : -"
            raise InputError(place, f"outcomes.{value[:80]}", repr(outcome[:80]), expected)
    for name in mapping.unconfirmed:
        if name not in mapping.activities and name not in UNCONFIRMED:
            nearest = nearest_name(name, (*mapping.activities, *UNCONFIRMED))
            expected = f"a name of activities, or {', '.join(UNCONFIRMED)}"
            raise InputError(place, "unconfirmed", repr(name[:80]), expected, nearest)


def _check_attributes(mapping: Mapping, place: str) -> None:
    for name, attribute in mapping.attributes.items():
        inside = f"attributes.{name}"
        if not name or len(name) > 100:
            raise InputError(place, inside, "a name of this length", "1 to 100 signs")
        if attribute.type == "moment" and not name.endswith("_us"):
            raise InputError(place, inside, "a moment", "a name that ends in _us: it is in microseconds")


def _check_pseudonyms(pseudonymise: Pseudonymise | None, place: str) -> None:
    if pseudonymise is None:
        return
    for name in pseudonymise.columns:
        if name not in _PSEUDONYMOUS:
            nearest = nearest_name(name, _PSEUDONYMOUS)
            expected = " or ".join(_PSEUDONYMOUS)
            raise InputError(place, "pseudonymise.columns", repr(name[:40]), expected, nearest)
    if (pseudonymise.key_variable is None) == (pseudonymise.key_file is None):
        expected = "key_variable or key_file, and only one of them"
        raise InputError(place, "pseudonymise", "no single place of the key", expected)

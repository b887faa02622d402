"""Records of a foreign log onto rows, by a mapping: a row, a reject with its reason, or knowingly ignored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.log import Row
from conformance.log_rows import MAX_ATTRIBUTES, RowFault, check_values, names_a_person
from conformance.logs.lifecycle import Began, Stage, Stages
from conformance.logs.mapping import Mapping, Target, resolutions, zone_of
from conformance.logs.moments import Moment, Parse, parser_of
from conformance.logs.pseudonyms import pseudonym_maker
from conformance.logs.records import Reason, Record, Reject, Value

_LIFECYCLE = "lifecycle:transition"
_ENDS = "complete"
_MOMENTS = ("enabled", "started", "completed")


@dataclass(slots=True)
class Tally:
    """What became of the records so far; *unmapped* counts activities without a step, up to a limit."""

    read: int = 0
    ignored: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)


MAX_UNMAPPED = 1_000


class Mapper:
    """Apply one mapping, record by record. Raises InputError for a key that is not where it should be."""

    def __init__(self, mapping: Mapping, place: str) -> None:
        self.tally = Tally()
        self._place = place
        self._unseen = {name: getattr(mapping.columns, name) for name in _MOMENTS}
        self._names: tuple[str, ...] = ()
        self._columns = mapping.columns
        self._constants = mapping.constants
        self._targets = mapping.targets()
        self._ignore = frozenset(mapping.ignore)
        self._missing = frozenset(mapping.missing) | {""}
        self._outcomes = mapping.outcomes
        self._attributes = tuple((name, a.column, a.type) for name, a in mapping.attributes.items())
        self._midnight_us, self._otherwise_us = resolutions(mapping.time)
        self._parse: Parse = parser_of(mapping.time.format, zone_of(mapping.time))
        self._stages = Stages(mapping.lifecycle) if mapping.lifecycle else None
        wanted = mapping.pseudonymise
        self._hidden = frozenset(wanted.columns) if wanted else frozenset[str]()
        self._pseudonym = pseudonym_maker(wanted, place) if wanted else None

    def rows(self, records: Iterable[Record | Reject]) -> Iterator[Row | Reject]:
        """Yield a row or a reject for each record that is not ignored."""
        for record in records:
            self.tally.read += 1
            if isinstance(record, Reject):
                yield record
                continue
            if self._unseen:
                self._look_for_columns(record)
            try:
                row = self._row(record)
            except _Unfit as unfit:
                yield Reject(record.ordinal, unfit.column, unfit.reason, self._case_of(record))
                continue
            if row is not None:
                yield row
        if self._stages is not None:
            yield from self._open_rows(self._stages)
        for name, column in self._unseen.items():
            if column is not None and self._names:  # a misspelt name must not look like open steps
                nearest = nearest_name(column, self._names)
                expected = "a name that occurs in the log"
                raise InputError(
                    self._place, f"columns.{name}", f"{column!r}, which no record has", expected, nearest
                )

    def _look_for_columns(self, record: Record) -> None:
        self._names = self._names or tuple(record.values)
        found = [name for name, column in self._unseen.items() if column is None or column in record.values]
        for name in found:
            del self._unseen[name]

    def _row(self, record: Record) -> Row | None:
        activity = self._required(record, self._columns.activity)
        target = self._targets.get(activity)
        if target is None:
            if activity in self._ignore:
                self.tally.ignored += 1
                return None
            self._count_unmapped(activity)
            raise _Unfit(self._columns.activity, Reason.UNMAPPED_ACTIVITY)
        case = self._required(record, self._columns.case_id)
        if self._stages is not None:
            return self._staged_row(record, case, target, self._stages)
        transition = record.values.get(_LIFECYCLE)
        if isinstance(transition, str) and transition.lower() != _ENDS:
            raise _Unfit(_LIFECYCLE, Reason.BAD_LIFECYCLE)  # the mapping does not say what it means
        named = (self._columns.enabled, self._columns.started, self._columns.completed)
        return self._build(record, case, target, *(self._moment(record, name) for name in named))

    def _staged_row(self, record: Record, case: str, target: Target, stages: Stages) -> Row | None:
        column = stages.column
        stage = stages.stage_of(self._required(record, column))
        if stage is None:
            raise _Unfit(column, Reason.BAD_LIFECYCLE)
        if stage is Stage.IGNORE:
            self.tally.ignored += 1
            return None
        moment = self._moment(record, self._columns.completed)
        if moment is None:
            raise _Unfit(self._columns.completed or "", Reason.MISSING_VALUE)
        key = (case, target.step, self._text(record, stages.pair_by))
        if stage is not Stage.COMPLETE:
            stages.remember(stage, key, Began(record, target, moment))
            return None
        enabled, started = stages.taken(key)
        at = tuple(began.moment if began else None for began in (enabled, started))
        return self._build(record, case, target, at[0], at[1], moment)

    def _open_rows(self, stages: Stages) -> Iterator[Row | Reject]:
        """Yield the rows of what began and never ended."""
        for key, enabled, started in stages.left():
            began = started or enabled
            if began is None:
                continue
            at = tuple(one.moment if one else None for one in (enabled, started))
            try:
                yield self._build(began.record, key[0], began.target, at[0], at[1], None)
            except _Unfit as unfit:
                damaged = self._case_of(began.record)
                yield Reject(began.record.ordinal, unfit.column, unfit.reason, damaged)

    def _build(  # noqa: PLR0913, PLR0917 - a row is made of these
        self,
        record: Record,
        case: str,
        target: Target,
        enabled: Moment | None,
        started: Moment | None,
        completed: Moment | None,
    ) -> Row:
        moments = [moment for moment in (enabled, started, completed) if moment is not None]
        coarse = any(moment.midnight for moment in moments)
        resource = self._text(record, self._columns.resource)
        number = self._text(record, self._columns.request_number)
        row = Row(
            case_id=self._shown("case_id", case),
            service=self._named(record, "service", target),
            path=self._named(record, "path", target),
            step=target.step,
            unit=self._named(record, "unit", target),
            resource=resource and self._shown("resource", resource),
            enabled_us=enabled.us if enabled else None,
            started_us=started.us if started else None,
            completed_us=completed.us if completed else None,
            resolution_us=self._midnight_us if coarse else self._otherwise_us,
            outcome=self._outcome(record),
            request_number=number and self._shown("request_number", number),
            attributes=self._described(record),
        )
        try:
            check_values(row, ("", record.ordinal))
        except RowFault as fault:
            raise _Unfit(fault.column, Reason(fault.kind)) from None
        return row

    def _case_of(self, record: Record) -> str | None:
        """Return the case of a record that is no row, if it has a name that a case of the log may have."""
        case = self._text(record, self._columns.case_id)
        shown = case and self._shown("case_id", case)
        return None if not shown or names_a_person(shown) else shown

    def _text(self, record: Record, column: str | None) -> str | None:
        if column is None:
            return None
        value = record.values.get(column)
        if value is None:
            return None
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        return None if text in self._missing else text

    def _required(self, record: Record, column: str) -> str:
        text = self._text(record, column)
        if text is None:
            raise _Unfit(column, Reason.MISSING_VALUE)
        return text

    def _named(self, record: Record, name: str, target: Target) -> str:
        text = self._text(record, getattr(self._columns, name))
        text = text or getattr(target, name) or getattr(self._constants, name)
        if not text:
            raise _Unfit(name, Reason.MISSING_VALUE)
        return str(text)

    def _moment(self, record: Record, column: str | None) -> Moment | None:
        if column is None:
            return None
        value = record.values.get(column)
        if value is None or value in self._missing:
            return None
        moment = self._parse(value)
        if isinstance(moment, Reason):
            raise _Unfit(column, moment)
        return moment

    def _outcome(self, record: Record) -> str | None:
        text = self._text(record, self._columns.outcome)
        if text is None or not self._outcomes:
            return text
        if text not in self._outcomes:
            raise _Unfit(self._columns.outcome or "", Reason.BAD_VALUE)
        return self._outcomes[text]

    def _described(self, record: Record) -> str | None:
        values: dict[str, Value] = {}
        for name, column, type_ in self._attributes:
            value = record.values.get(column)
            if value is None or value in self._missing:
                continue
            values[name] = self._attribute(record, column, type_)
        text = msgspec.json.encode(values).decode() if values else None
        if text is not None and len(text) > MAX_ATTRIBUTES:
            raise _Unfit("attributes", Reason.BAD_ATTRIBUTES)
        return text

    def _attribute(self, record: Record, column: str, type_: str) -> Value:
        value = record.values[column]
        if type_ == "moment":
            moment = self._moment(record, column)
            return moment.us if moment else None
        if type_ == "string":
            return self._text(record, column)
        typed = _as_bool(value) if type_ == "bool" else _as_number(value)
        if typed is None:
            raise _Unfit(column, Reason.BAD_VALUE)
        return typed

    def _shown(self, column: str, name: str) -> str:
        if self._pseudonym is None or column not in self._hidden:
            return name
        return self._pseudonym(column, name)

    def _count_unmapped(self, activity: str) -> None:
        unmapped = self.tally.unmapped
        if activity in unmapped or len(unmapped) < MAX_UNMAPPED:
            unmapped[activity] = unmapped.get(activity, 0) + 1


class _Unfit(Exception):  # noqa: N818 - it becomes a reject and never leaves this module
    def __init__(self, column: str, reason: Reason) -> None:
        self.column = column
        self.reason = reason
        super().__init__(reason)


def _as_bool(value: Value) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())


def _as_number(value: Value) -> int | float | None:
    if isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        if text.lstrip("+-").isdecimal() and len(text) <= 18:
            return int(text)
        number = float(text)
    except ValueError:
        return None
    return number if number - number == 0 else None

"""The event log: one row per step execution, the same for simulated and real systems.

Durations are ``completed_us - enabled_us``: waiting counts, because the citizen waits. All moments are
microseconds since the epoch, UTC.

Attributes with a meaning for norms (all optional, in the JSON of *attributes*):

======================  ======================  ====================================================
name                    at                      meaning
======================  ======================  ====================================================
``provider``            all                     code of the clinic (never a BIN)
``reason``              refusals                reason code stated in the notice to the citizen
``applicant``           P5, V5                  ``natural_person``, or what the request said
``slot``                P3, P8, V5, V8          slot of the doctor's schedule
``slot_free``           P3, V5                  the schedule showed the slot as free when it was chosen
``gateway_message``     P5, V3                  identifier the gateway gave the message
``journal_entry_us``    V8                      moment of the entry in the journal
``oral_answer_us``      V8                      moment of the oral answer
``talon``               V8                      number of the paper talon
``status_screen``       P7, P8                  list of the fields the status screen showed
``waited_us``           all                     time spent in queues, part of the duration
``documents``           P4, P5, V5, P7, P8      folder of the case's signed documents
``received_us``         P3                      moment when the portal received the signed request
======================  ======================  ====================================================
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

SCHEMA_VERSION = 1
OK = "ok"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One execution of one step."""

    case_id: str
    service: str
    path: str
    step: str
    unit: str
    resource: str | None
    enabled_us: int | None
    started_us: int | None
    completed_us: int | None
    resolution_us: int
    outcome: str | None
    request_number: str | None
    attributes: str | None

    def attribute(self, name: str) -> Any:
        """Return the attribute *name*, or None if it is absent."""
        if self.attributes is None:
            return None
        values = json.loads(self.attributes)
        return values.get(name) if isinstance(values, dict) else None

    def field(self, name: str) -> Any:
        """Return a column, or with ``attributes.NAME`` an attribute."""
        if name.startswith("attributes."):
            return self.attribute(name.removeprefix("attributes."))
        return getattr(self, name)


STEP = "steps."
"""What a step is named by among the things that a source delivers: ``steps.P5``."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a log: where it comes from and how to know it again.

    *origin* is ``simulated``, ``test``, ``production`` or ``unknown``. Moments are ISO 8601 in UTC.
    *clock_error_us* is by how much one reading of the clocks may be wrong, as whoever runs them states it.
    *delivered* names the columns, and as ``attributes.NAME`` and ``steps.CODE`` the attributes and the steps,
    that the source delivers; None: nothing is known of that. *damaged* are cases of which a record was
    rejected, *unplaced* counts rejected records of which nobody knows the case.
    """

    schema_version: int
    pack: str
    pack_sha256: str
    seed: int | None
    origin: str
    period_start: str | None
    period_end: str | None
    zone: str
    extracted_at: str | None
    log_sha256: str
    complete: bool = True
    clock_error_us: int = 0
    delivered: tuple[str, ...] | None = None
    damaged: tuple[str, ...] = ()
    unplaced: int = 0


COLUMNS: tuple[tuple[str, str], ...] = (
    ("case_id", "VARCHAR"),
    ("service", "VARCHAR"),
    ("path", "VARCHAR"),
    ("step", "VARCHAR"),
    ("unit", "VARCHAR"),
    ("resource", "VARCHAR"),
    ("enabled_us", "BIGINT"),
    ("started_us", "BIGINT"),
    ("completed_us", "BIGINT"),
    ("resolution_us", "BIGINT"),
    ("outcome", "VARCHAR"),
    ("request_number", "VARCHAR"),
    ("attributes", "VARCHAR"),
)
"""Column names and DuckDB types, in file order."""


def utc_text(moment_us: int) -> str:
    """Return a moment as ISO 8601 text in UTC, to the microsecond."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment_us)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_us_of(text: str | None) -> int | None:
    """Return the moment of an ISO 8601 *text*, microseconds UTC; None for none, or one without a zone."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

"""Checks of the messages: what is handed over, in which step, from whom to whom."""

from conformance.errors import InputError
from conformance.pack_draft import Draft, refer, refer_all
from conformance.regulation import Message, Table


def check_messages(draft: Draft) -> None:
    """Refuse a message with an unknown name, or in a step that neither sender nor receiver performs."""
    place, process = draft.files.place("process.yaml"), draft.files.process
    for i, message in enumerate(process.messages):
        inside = f"messages[{i}]"
        refer(place, f"{inside}.path", message.path, draft.path_ids(), "path")
        codes = draft.step_codes(message.path)
        refer(place, f"{inside}.step", message.step, codes, f"step of path {message.path}")
        refer_all(place, f"{inside}.services", message.services, draft.service_ids(), "service")
        for service in message.services:
            clause = f"{service}/{message.paragraph}"
            refer(place, f"{inside}.paragraph", clause, draft.clause_ids(), "clause")
        named = {"sender": message.sender, "receiver": message.receiver, "through": message.through}
        for key, unit in named.items():
            if unit is not None:
                refer(place, f"{inside}.{key}", unit, draft.unit_codes(), "unit")
        if len(set(named.values())) < len(named):
            expected = "a sender, a receiver and, if any, a carrier that differ"
            raise InputError(place, inside, "one unit in two parts", expected)
        for service in message.services:
            _check_performer(draft, place, inside, message, service)


def _check_performer(draft: Draft, place: str, inside: str, message: Message, service: str) -> None:
    tables = [item.table for item in draft.tables()]
    units = {step.code: step.unit for step in draft.files.process.steps} | _units_of(tables, service)
    performer = units[message.step]
    if performer not in (message.sender, message.receiver):
        found = f"{message.sender} to {message.receiver}"
        expected = f"{performer} as one of them, who performs {message.step}"
        raise InputError(place, f"{inside}.sender", found, expected)


def _units_of(tables: list[Table], service: str) -> dict[str, str]:
    """Return who performs each step by the tables of *service*."""
    return {
        column.step: column.unit.unit
        for table in tables
        if table.service == service
        for column in table.columns
    }

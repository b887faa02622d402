"""Check what a file of fragments names: cases, paths, services and steps, each against its pack."""

from collections.abc import Iterable

from conformance.errors import InputError
from conformance.fragment_rows import case_rows
from conformance.fragments import BaseCase, Change, FragmentsFile, Insert, Set, Wait
from conformance.pack import Pack
from conformance.pack_draft import refer, refer_all, refuse_duplicates


def check_names(pack: Pack, file: FragmentsFile, place: str) -> None:
    """Refuse a name that *pack* does not know, a case written twice, and a time its zone never showed."""
    services = [service.id for service in pack.services]
    steps = [step.code for step in pack.steps]
    for i, content in enumerate(file.content):
        refer_all(place, f"content[{i}].steps", content.steps, steps, "step")
        refer_all(place, f"content[{i}].services", content.services, services, "service")
    refuse_duplicates([(place, f"cases[{i}].id", base.id) for i, base in enumerate(file.cases)], "case")
    for i, base in enumerate(file.cases):
        inside = f"cases[{i}]"
        own = [step.code for step in pack.steps if step.path == base.path]
        refer(place, f"{inside}.path", base.path, [path.id for path in pack.paths], "path")
        for j, row in enumerate(base.rows):
            refer(place, f"{inside}.rows[{j}].step", row.step, own, "step")
        _check_times(pack, file, base, place, inside)


def check_changes(pack: Pack, changes: Iterable[Change], base: BaseCase, place: str, inside: str) -> None:
    """Refuse a change of a step that *base* does not have by then."""
    there = [row.step for row in base.rows]
    for j, change in enumerate(changes):
        where = f"{inside}[{j}]"
        for step in _changed_steps(change):
            if step not in there:
                expected = f"a step of the case {base.id}: {', '.join(there)}"
                raise InputError(place, where, f"the step {step}", expected)
        if isinstance(change, Insert):
            refer(place, f"{where}.step", change.step, [step.code for step in pack.steps], "step")
            there.append(change.step)


def _changed_steps(change: Change) -> tuple[str, ...]:
    if isinstance(change, Set):
        return change.steps
    if isinstance(change, Insert):
        return (change.after,)
    return (change.before if isinstance(change, Wait) else change.step,)


def _check_times(pack: Pack, file: FragmentsFile, base: BaseCase, place: str, inside: str) -> None:
    try:
        case_rows(pack, file, base, pack.services[0].id)
    except ValueError as error:
        raise InputError(place, inside, str(error), f"a local time of {pack.act.zone}") from None

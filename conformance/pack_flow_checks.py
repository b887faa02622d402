"""Checks of the flow: every step is reached, goes somewhere, can end, and branches by a condition."""

from conformance.errors import InputError
from conformance.pack_draft import Draft, PlacedTable
from conformance.pack_flow import Reading, flow_of, reachable
from conformance.pack_stated_flow_checks import check_stated_flows
from conformance.regulation import NextCell


def check_flow(draft: Draft) -> None:
    """Refuse a flow in which a step leads nowhere, under the reading ``text_resolved``."""
    ending = {step.code for step in draft.files.process.steps if step.ends}
    for item in draft.tables():
        _check_ends(item, ending)
        _check_reach(item, ending)
        _check_branches(draft, item)
    _check_numbers(draft)
    check_stated_flows(draft)


def _check_ends(item: PlacedTable, ending: set[str]) -> None:
    for column, inside in item.columns():
        at, step = f"{inside}.next.steps", column.step
        if step in ending and column.next.steps:
            found = f"{step} goes on to {', '.join(column.next.steps)}"
            raise InputError(item.place, at, found, "no next step, as the step ends the case")
        if step not in ending and not column.next.steps:
            found = f"{step} leads nowhere"
            raise InputError(item.place, at, found, "a next step, as the step does not end the case")


def _check_reach(item: PlacedTable, ending: set[str]) -> None:
    flow = flow_of(item.table, Reading.TEXT_RESOLVED)
    start = item.table.columns[0].step
    found = reachable(flow, start)
    for column, inside in item.columns():
        if column.step not in found:
            expected = f"a way to it from {start}"
            raise InputError(item.place, f"{inside}.step", f"{column.step}, which no step reaches", expected)
        if not reachable(flow, column.step) & ending:
            found_steps = f"{column.step} never comes to an end"
            raise InputError(item.place, f"{inside}.next.steps", found_steps, "a way to an ending step")


def _check_branches(draft: Draft, item: PlacedTable) -> None:
    """Check that a step branches exactly where a condition stands, and as it says."""
    after = {condition.after: i for i, condition in enumerate(draft.files.process.conditions)}
    for column, inside in item.columns():
        cell, at = column.next, f"{inside}.next.steps"
        if column.step in after:
            _check_condition(draft, item.place, inside, cell, after[column.step])
        elif len(cell.steps) > 1:
            expected = f"a condition after {column.step} that decides it"
            raise InputError(item.place, at, f"a branch to {', '.join(cell.steps)}", expected)


def _check_condition(draft: Draft, place: str, inside: str, cell: NextCell, number: int) -> None:
    condition = draft.files.process.conditions[number]
    if (cell.on_ok, cell.otherwise) != (condition.yes, condition.no):
        found = f"yes {condition.yes}, no {condition.no}"
        expected = f"yes {cell.on_ok}, no {cell.otherwise}, as {place}: {inside}.next has them"
        raise InputError(draft.files.place("process.yaml"), f"conditions[{number}]", found, expected)
    if set(cell.steps) != {condition.yes, condition.no}:
        found = "the next steps " + ", ".join(cell.steps)
        expected = f"{condition.yes} and {condition.no}, as condition {condition.id} has them"
        raise InputError(place, f"{inside}.next.steps", found, expected)


def _check_numbers(draft: Draft) -> None:
    """Check that every numbered step is a column; one without a number may only come before the first."""
    used = {column.step for item in draft.tables() for column in item.table.columns}
    tabled = {item.table.path for item in draft.tables()}
    for i, step in enumerate(draft.files.process.steps):
        place = draft.files.place("process.yaml")
        if step.number is not None and step.code not in used:
            found = f"{step.code} with the number {step.number}"
            raise InputError(place, f"steps[{i}].number", found, "a step that a table has as a column")
        if step.number is None and step.ends and step.path in tabled:
            found = f"{step.code}, which has no column"
            raise InputError(
                place, f"steps[{i}].ends", found, "a step before the first column, not an ending"
            )

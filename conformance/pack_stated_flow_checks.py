"""Checks of the flows that no table states: one a route, every step reached, each with an end."""

from conformance.errors import InputError
from conformance.pack_draft import Draft, refer, refer_all
from conformance.pack_flow import reachable
from conformance.regulation import Flow


def check_flow_names(draft: Draft) -> None:
    """Refuse a flow with names that the pack does not know."""
    for i, flow in enumerate(draft.files.process.flow):
        _check_names(draft, draft.files.place("process.yaml"), f"flow[{i}]", flow)


def check_stated_flows(draft: Draft) -> None:
    """Refuse a flow beside a table, or one in which a step leads nowhere."""
    place = draft.files.place("process.yaml")
    held = {(item.table.service, item.table.path): f"{item.place}: {item.inside}" for item in draft.tables()}
    for i, flow in enumerate(draft.files.process.flow):
        inside = f"flow[{i}]"
        for service in flow.services:
            route = (service, flow.path)
            if route in held:
                found = f"a second order of {service} for the path {flow.path}"
                raise InputError(place, inside, found, f"one order each ({held[route]})")
            held[route] = f"{place}: {inside}"
        _check_reach(draft, place, inside, flow)


def _check_names(draft: Draft, place: str, inside: str, flow: Flow) -> None:
    steps, what = draft.step_codes(flow.path), f"step of path {flow.path}"
    refer_all(place, f"{inside}.services", flow.services, draft.service_ids(), "service")
    if not flow.services:
        raise InputError(place, f"{inside}.services", "no services", "at least one service")
    for service in flow.services:
        refer(place, f"{inside}.paragraph", f"{service}/{flow.paragraph}", draft.clause_ids(), "clause")
    refer_all(place, f"{inside}.starts", flow.starts, steps, what)
    if not flow.starts:
        raise InputError(place, f"{inside}.starts", "no steps", "at least one step that begins a case")
    for j, item in enumerate(flow.steps):
        refer(place, f"{inside}.steps[{j}].step", item.step, steps, what)
        refer_all(place, f"{inside}.steps[{j}].next", item.next, steps, what)
        if item.step in {other.step for other in flow.steps[:j]}:
            found = f"the duplicate step {item.step}"
            raise InputError(place, f"{inside}.steps[{j}].step", found, "each step once")
        if set(item.next) == set(steps):
            found = f"every step of the path {flow.path}"
            expected = "a step that may not follow; leave the step out if any may"
            raise InputError(place, f"{inside}.steps[{j}].next", found, expected)
    if flow.assumption is not None:
        refer(place, f"{inside}.assumption", flow.assumption, draft.assumption_ids(), "assumption")


def _check_reach(draft: Draft, place: str, inside: str, flow: Flow) -> None:
    steps = draft.step_codes(flow.path)
    successors = dict.fromkeys(steps, steps) | {item.step: item.next for item in flow.steps}
    ending = {step.code for step in draft.files.process.steps if step.ends and step.path == flow.path}
    found = frozenset[str]().union(*(reachable(successors, start) for start in flow.starts))
    for j, item in enumerate(flow.steps):
        at = f"{inside}.steps[{j}]"
        if item.step not in found:
            lost = f"{item.step}, which no step reaches"
            raise InputError(place, f"{at}.step", lost, f"a way to it from {' or '.join(flow.starts)}")
        if not reachable(successors, item.step) & ending:
            lost = f"{item.step} never comes to an end"
            raise InputError(place, f"{at}.next", lost, "a way to a step that ends a case")

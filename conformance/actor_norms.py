"""Norms of actors: two steps that no one may perform both."""

from conformance.answers import PASSED, Answer, because, settle
from conformance.cases import Case, Event
from conformance.context import Context, absence, undelivered, value_of
from conformance.norms import SeparationOfActors
from conformance.verdicts import Reason


def judge_separation_of_actors(norm: SeparationOfActors, case: Case, context: Context) -> Answer:
    """Judge that no execution of one step has the actor of an execution of the other."""
    for step in (norm.first, norm.step):
        if step not in case.by_step:
            return absence(case, (step,), context)
    firsts, seconds = case.by_step[norm.first], case.by_step[norm.step]
    return settle(_separate(norm, first, second, context) for first in firsts for second in seconds)


def _separate(norm: SeparationOfActors, first: Event, second: Event, context: Context) -> Answer:
    actors = [value_of(event, norm.field) for event in (first, second)]
    for event, actor in zip((first, second), actors, strict=True):
        if actor is None:
            untold = because(Reason.NO_DATA, f"{event.step} does not say who performed it")
            return undelivered(norm.field, context) or untold
    if actors[0] == actors[1]:
        return because(Reason.SAME_ACTOR, f"{norm.first} and {norm.step} have the same {norm.field}")
    return PASSED

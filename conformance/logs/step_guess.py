"""Which step of a pack an activity may be: the nearest names, never more than a proposal."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from conformance.pack import Pack
from conformance.regulation import Step

_NEAR = 0.5
_CODE_WITHIN = 0.95
_WORDS_WITHIN = 0.7
MOST_ACTIVITIES = 300


@dataclass(frozen=True, slots=True)
class StepGuess:
    """The step that an activity may be; *exact* if the activity is the step's very code."""

    step: Step
    likeness: float
    exact: bool


def guess_step(activity: str, pack: Pack) -> StepGuess | None:
    """Return the step of *pack* whose code, name or gist is nearest to *activity*, None if none is near."""
    for step in pack.steps:
        if step.code == activity:
            return StepGuess(step, 1.0, exact=True)
    best, likeness = None, 0.0
    for step in pack.steps:
        found = max(_likeness(activity, name) for name in _names(step))
        if step.code.lower() in activity.lower().split():
            found = max(found, _CODE_WITHIN)
        if found > likeness:
            best, likeness = step, found
    return StepGuess(best, likeness, exact=False) if best is not None and likeness >= _NEAR else None


def _names(step: Step) -> tuple[str, ...]:
    return (step.code, step.name, step.gist.en, step.gist.ru, step.gist.kk)


def _likeness(activity: str, name: str) -> float:
    """Return how alike two names are: by letters, and by the words they share."""
    one, two = _plain(activity), _plain(name)
    if not one or not two:
        return 0.0
    words, others = set(one.split()), set(two.split())
    letters = SequenceMatcher(None, one, two).ratio()
    within = _WORDS_WITHIN if len(words) > 1 and words <= others else 0.0
    return max(letters, within, 2 * len(words & others) / (len(words) + len(others)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))

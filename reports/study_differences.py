"""Say by how much two values of a study differ, in words: what, from where to where, and the interval."""

from typing import NamedTuple

from conformance.study_figures import Estimate
from conformance.study_results import Difference, StudyResults
from reports import study_words as words
from reports.characters import one_line
from reports.compare_words import signed
from reports.texts import Texts

_COMPARED = {
    "share_within": "share",
    "p95_sojourn_s": "p95_s",
    "mean_wait_s": "mean_wait_s",
    "utilisation": "utilisation",
    "abandoned_share": "abandoned_share",
}
"""The figures that have a word, by the name under which runs are compared by them."""


class Row(NamedTuple):
    """A difference: of which figure at which place, between which values, and how large."""

    place: str
    figure: str
    ends: tuple[str, str]
    difference: str


def difference_rows(results: StudyResults, texts: Texts) -> list[Row]:
    """Return the differences that there are; of what nobody did there is none."""
    return [_row(results, one, texts) for one in results.differences if one.difference.value is not None]


def _row(results: StudyResults, one: Difference, texts: Texts) -> Row:
    place, _, figure = one.measure.rpartition(" ")
    what = _COMPARED.get(figure)
    return Row(
        place=_place(results, place, texts),
        figure=texts.word("compare.what", what) if what is not None else one_line(figure),
        ends=(words.label_text(one.from_label, texts), words.label_text(one.to_label, texts)),
        difference=words.with_range(one.difference, texts)
        if what is None
        else _with_range(what, one.difference, texts),
    )


def _place(results: StudyResults, place: str, texts: Texts) -> str:
    steps = (step for point in results.points for step in point.steps)
    limit = next((step for step in steps if f"{step.service}/{step.path}/{step.step}" == place), None)
    return words.limit_id(limit) if limit is not None else words.name_of(results.stations, place, texts)


def _with_range(what: str, found: Estimate, texts: Texts) -> str:
    said = signed(what, found.value or 0.0, texts)
    if found.low is None or found.high is None:
        return said
    low, high = (signed(what, end, texts, plain=True) for end in (found.low, found.high))
    return texts.say("study.with_range", value=said, range=texts.say("study.range", low=low, high=high))

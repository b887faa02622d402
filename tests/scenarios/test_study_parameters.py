"""A parameter of a sweep is a place in the study; a pattern is several."""

import pytest

from conformance.errors import InputError
from scenarios.study_reader import find_study, read_study, with_parameter


@pytest.fixture(scope="module")
def study():
    return read_study(find_study("arvi-week")).study


def scales(study):
    return {arrivals.id: arrivals.scale for arrivals in study.arrivals}


def test_a_pattern_changes_all_that_fit_it_and_nothing_else(study):
    changed = with_parameter(study, "arrivals.home-calls-*.scale", 4.6, "the study")
    assert scales(changed) == {
        "home-calls-portal": 4.6,
        "home-calls-desk": 4.6,
        "appointments-portal": 1.0,
        "appointments-desk": 1.0,
    }


def test_a_name_without_a_pattern_changes_one(study):
    changed = with_parameter(study, "arrivals.home-calls-desk.scale", 2, "the study")
    assert [name for name, scale in scales(changed).items() if scale == 2] == ["home-calls-desk"]


@pytest.mark.parametrize(
    "name",
    [
        "arrivals.nobody-*.scale",
        "arrivals.home-calls-*.nothing",
        "title.*.scale",
        "replications.x.y",
        "arrivals.*",
    ],
)
def test_what_leads_nowhere_is_refused(study, name):
    with pytest.raises(InputError, match=r"sweep\.parameter"):
        with_parameter(study, name, 2, "the study")

from dataclasses import fields, is_dataclass

import pytest

from actors.conduct import Conduct
from actors.faults import FAULTS
from actors.policy import ValidationPolicy


def switches(value, path=()):
    """Return every switch of a conduct by its path."""
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
    elif isinstance(value, ValidationPolicy):
        names = value.__struct_fields__
    else:
        return {path: value}
    return {
        inner: position
        for name in names
        for inner, position in switches(getattr(value, name), (*path, name)).items()
    }


def changed(one, other):
    after = switches(other)
    return {path for path, position in switches(one).items() if after[path] != position}


def test_there_are_at_least_twelve_faults_and_each_speaks_for_itself():
    assert len(FAULTS) >= 12
    assert all(name == fault.name for name, fault in FAULTS.items())
    assert len({fault.summary for fault in FAULTS.values()}) == len(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_changes_its_one_switch_and_nothing_else(name):
    fault = FAULTS[name]

    assert changed(Conduct(), fault.applied_to(Conduct())) == {fault.switch}
    assert switches(fault.applied_to(Conduct()))[fault.switch] == fault.position


@pytest.mark.parametrize("name", FAULTS)
def test_applying_a_fault_leaves_the_given_conduct_as_it_was(name):
    conduct = Conduct()

    FAULTS[name].applied_to(conduct)

    assert conduct == Conduct()


def test_no_two_faults_are_the_same():
    conducts = [fault.applied_to(Conduct()) for fault in FAULTS.values()]

    assert all(one != other for i, one in enumerate(conducts) for other in conducts[:i])


def test_two_faults_can_be_applied_one_after_the_other():
    first, second = FAULTS["portal-skips-period"], FAULTS["workstation-omits-signature"]

    both = second.applied_to(first.applied_to(Conduct()))

    assert changed(Conduct(), both) == {first.switch, second.switch}


def test_every_duty_of_everybody_can_be_left_undone():
    outside = {  # what the act does not ask for, and what is no duty
        ("portal", "validation", "check_strength"),
        ("portal", "validation", "check_usage"),
        ("portal", "validation", "check_role"),
        ("portal", "validation", "check_freshness"),
        ("portal", "validation", "check_replay"),
        ("portal", "validation", "proof"),
        ("portal", "validation", "rules"),
        ("portal", "validation", "purpose"),
        ("portal", "validation", "roles"),
    }
    of_workstation = {path for path in switches(Conduct()) if path[:2] == ("workstation", "validation")}

    named = {fault.switch for fault in FAULTS.values()}

    assert set(switches(Conduct())) - named == outside | of_workstation

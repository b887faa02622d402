import pytest

from conformance.cases import group_cases
from conformance.fragment_changes import EXCHANGED, TAMPERED, apply_changes
from conformance.fragment_rows import case_rows, moments_in
from conformance.fragments import Exchange, Insert, Last, Remove, Repeat, Set, Tamper, Wait
from tests.conformance.fragments import SECOND
from tests.conformance.shipped_fragments import shipped

FRAGMENTS = shipped()
PACK = FRAGMENTS.pack
BASES = {base.id: base for base in FRAGMENTS.file.cases}
AROUND = FRAGMENTS.around(FRAGMENTS.by_norm["S2.P6.limit"], ())


def rows(base="portal-served", service="S2"):
    return case_rows(PACK, FRAGMENTS.file, BASES[base], service)


def changed(*changes, base="portal-served", around=AROUND):
    return apply_changes(changes, rows(base, around.service), around)


def steps(found):
    (case,) = group_cases(found, frozenset())
    return " ".join(event.step for event in case.events)


def spans(found):
    start = min(row.enabled_us for row in found)
    return {
        row.step: ((row.enabled_us - start) // SECOND, (row.completed_us - start) // SECOND) for row in found
    }


def test_nothing_changed_is_the_base_case():
    assert changed() == rows()


def test_a_step_lasts_as_long_as_said_and_what_follows_shifts():
    before, after = spans(rows()), spans(changed(Last(step="P3", time="90 s")))
    assert after["P1"] == before["P1"]
    assert after["P3"] == (40, 130)
    assert after["P8"] == tuple(moment + 30 for moment in before["P8"])


def test_the_limit_is_that_of_the_norm():
    assert spans(changed(Last(step="P6", time="limit + 1 s")))["P6"] == (130, 191)


def test_a_lost_limit_changes_nothing():
    around = FRAGMENTS.around(FRAGMENTS.by_norm["S2.P8.limit"], ())
    assert changed(Last(step="P8", time="limit + 1 s"), around=around) == rows()


def test_waiting_moves_a_step_and_all_after_it_with_the_moments_they_carry():
    around = FRAGMENTS.around(FRAGMENTS.by_norm["S1.V8.journal-first"], ())
    before = rows("desk-served", "S1")
    after = changed(Wait(before="V6", time="1 h"), base="desk-served", around=around)
    assert after[:4] == before[:4]
    for old, new in zip(before[4:], after[4:], strict=True):
        assert new.enabled_us - old.enabled_us == new.completed_us - old.completed_us == 3600 * SECOND
        assert moments_in(new) == {name: us + 3600 * SECOND for name, us in moments_in(old).items()}


@pytest.mark.parametrize(
    ("change", "route"),
    [
        (Remove(step="P3"), "P1 P5 P6 P8"),
        (Repeat(step="P6"), "P1 P3 P5 P6 P6 P8"),
        (Repeat(step="P8"), "P1 P3 P5 P6 P8 P8"),
        (Insert(step="P7", after="P6"), "P1 P3 P5 P6 P7 P8"),
        (Insert(step="P7", after="P8"), "P1 P3 P5 P6 P8 P7"),
    ],
)
def test_steps_are_removed_repeated_and_inserted_where_said(change, route):
    assert steps(changed(change)) == route


def test_an_inserted_row_says_what_its_case_says():
    inserted = changed(Insert(step="P8", after="P7"), base="portal-refused")[-1]
    chosen, refused = rows("portal-refused")[1], rows("portal-refused")[-1]
    assert inserted.attribute("slot") == chosen.attribute("slot")
    assert inserted.request_number == refused.request_number
    assert inserted.enabled_us == refused.completed_us
    assert (inserted.outcome, inserted.unit) == ("ok", PACK.step("P8").unit)


def test_values_are_set_taken_away_and_made_of_the_old_ones():
    def value(new):
        change = Set(steps=("P8",), field="attributes.slot", value=new)
        return changed(change)[-1].attribute("slot")

    old = rows()[-1].attribute("slot")
    assert (value("other"), value(None), value("{value} or later")) == ("other", None, f"{old} or later")
    assert "slot" not in changed(Set(steps=("P8",), field="attributes.slot", value=None))[-1].attributes


def test_what_the_other_case_carries_can_be_taken_over():
    other = case_rows(PACK, FRAGMENTS.file, BASES["portal-served"], "S2", "another")
    around = FRAGMENTS.around(FRAGMENTS.by_norm["S2.P6.limit"], other)
    found = changed(Set(steps=("P6", "P8"), field="request_number", value="@other"), around=around)
    assert {row.request_number for row in found if row.step in ("P6", "P8")} == {"number-another"}


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        (Tamper(step="P8", document="result"), TAMPERED),
        (Exchange(step="P8", document="result"), EXCHANGED),
    ],
)
def test_changed_documents_lie_in_a_folder_of_their_own(change, ending):
    before, after = rows(), changed(change)
    assert after[:-1] == before[:-1]
    assert after[-1].attribute("documents") == before[-1].attribute("documents") + ending

"""The law of the judge for the later kinds: a field taken away never makes a verdict, or a rate, better."""

import json

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.norm_verdicts import Tally, rate_of, rate_verdict
from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CaseDuration,
    Count,
    Demand,
    Follows,
    Lag,
    Moment,
    MomentOrder,
    NormStatus,
    Percentile,
    Reading,
    Response,
    SameLocalDay,
    SeparationOfActors,
    StepDuration,
)
from conformance.verdicts import Verdict
from tests.conformance.fragments import MINUTE, SECOND, TEN, TITLE, answer, norm, row

WHEN = "outcome <> 'TEST' and attributes.size in ('s', 'm')"
NORMS = {
    "directly": norm(Lag, first="P1", step="P3", follows=Follows.DIRECTLY, max_s=60),
    "eventually": norm(Lag, first="P1", step="P6", follows=Follows.EVENTUALLY, max_s=60),
    "started": norm(
        Lag,
        first="P1",
        step="P3",
        follows=Follows.EVENTUALLY,
        max_s=60,
        begins=Moment.ENABLED,
        ends=Moment.STARTED,
    ),
    "case": norm(CaseDuration, max_s=120),
    "recorded": norm(CaseDuration, max_s=120, as_recorded=True, begins=Moment.COMPLETED),
    "percentile": norm(Percentile, step="P3", percentile=90, max_s=60),
    "response": norm(Response, first="P1", to=("P6", "P8")),
    "absence": norm(Absence, steps=("P2",)),
    "actors": norm(SeparationOfActors, first="P1", step="P3"),
    "window": norm(
        AvailabilityWindow, steps=("P1", "P3"), unavailable=("DOWN",), calendar="provider-hours", target=0.9
    ),
    "one-day": norm(SameLocalDay, as_recorded=True),
    "moments": norm(MomentOrder, first="end", then="due"),
    "both": norm(StepDuration, step="P3", min_s=30, max_s=60, min_binds=True),
    "condition": norm(StepDuration, step="P3", max_s=60, applies_when=WHEN),
    "counted": norm(Count, steps=("P3",), least=1, most=1, applies_when=WHEN),
    "first-row": norm(CaseDuration, max_s=120, as_recorded=True, applies_when="outcome = 'ok'"),
    "disputed": norm(
        StepDuration,
        step="P3",
        max_s=60,
        status=NormStatus.DISPUTED,
        readings=(
            Reading(id="a", note=TITLE, default=True),
            Reading(id="b", note=TITLE, changes={"max_s": 30}),
        ),
    ),
}
COLUMNS = ("enabled_us", "started_us", "completed_us", "outcome", "resource", "attributes")


@st.composite
def cases(draw):
    now, rows = TEN, []
    stated = {"end": draw(st.sampled_from((TEN, TEN + 1))), "due": TEN}  # of a case: the same on every row
    for step in draw(
        st.lists(st.sampled_from(("P1", "P1", "P3", "P3", "P6", "P2", "P8")), min_size=1, max_size=5)
    ):
        taken = draw(st.sampled_from((0, 20 * SECOND, 40 * SECOND, 90 * SECOND, 14 * 60 * MINUTE)))
        attributes = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "size": st.sampled_from(("s", "l")),
                    "end": st.just(stated["end"]),
                    "due": st.just(stated["due"]),
                },
            )
        )
        rows.append(
            row(
                step,
                now,
                now + taken,
                started_us=now,
                resource=draw(st.sampled_from(("a", "b"))),
                outcome=draw(st.sampled_from(("ok", "ok", "TEST", "DOWN"))),
                resolution_us=draw(st.sampled_from((1, 1, SECOND))),
                attributes=attributes,
            )
        )
        now += draw(st.sampled_from((0, taken)))
    return rows


def poorer(data, chosen):
    """Return the row *chosen* with one thing less."""
    values = json.loads(chosen.attributes) if chosen.attributes else {}
    if values and data.draw(st.booleans()):
        del values[data.draw(st.sampled_from(sorted(values)))]
        return msgspec.structs.replace(chosen, attributes=json.dumps(values))
    return msgspec.structs.replace(chosen, **{data.draw(st.sampled_from(COLUMNS)): None})


@settings(deadline=None, max_examples=250)
@given(st.data(), st.sampled_from(sorted(NORMS)), cases())
def test_what_is_taken_away_never_helps(data, name, rows):
    place = data.draw(st.integers(0, len(rows) - 1))
    taken = [poorer(data, r) if i == place else r for i, r in enumerate(rows)]
    before, after = (answer(NORMS[name], *r).verdict for r in (rows, taken))
    # Without its starts, or with another first row, a case may be about something else, but it never passes.
    assert after is not Verdict.PASS or before is Verdict.PASS, (name, before)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 80), st.integers(0, 20), st.integers(0, 20), st.data())
def test_a_rate_never_rises_by_what_is_taken_away(met, broken, undecided, data):
    """Whatever is not shown any more moves from kept or broken to undecided."""
    share = norm(StepDuration, step="P3", max_s=60, demand=Demand.RATE, target=0.9)
    before = Tally(met=met, broken=broken, undecided=undecided)
    lost, hidden = data.draw(st.integers(0, met)), data.draw(st.integers(0, broken))
    after = Tally(met=met - lost, broken=broken - hidden, undecided=undecided + lost + hidden)
    was, now = (rate_verdict(rate_of(share, tally), 0.9)[0] for tally in (before, after))
    order = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
    assert now is not Verdict.PASS or was is Verdict.PASS
    assert now is not Verdict.FAIL or was is Verdict.FAIL
    assert now in order

"""The law of the judge: taking evidence away never makes a verdict better.

Fields, attributes and documents may be taken from any log, however odd. Rows may be taken from a case whose
route the act allows and whose order is certain: a row that should not be there, or that ties with another, is
itself the only evidence of what is wrong.
"""

import json
from hashlib import sha256

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from conformance.cases import group_cases
from conformance.context import context_of, standing
from conformance.judge import judge, overall
from conformance.norm_checks import check_case, concerns
from conformance.pack import load_pack
from conformance.saved_documents import open_documents
from conformance.verdicts import Verdict
from tests.conformance.fragments import HOUR, MINUTE, SECOND, at, row
from tests.conformance.signed_world import NOW_US, World, canonical, request_for, result_for

pytestmark = pytest.mark.xdist_group("evidence removed")  # one worker signs the documents, once

CODES = {"S1": "doctor-home-call", "S2": "doctor-appointment", "S3": "clinic-attachment"}

PACK = load_pack("astana-106-1923")
ENDINGS = frozenset(step.code for step in PACK.steps if step.ends)
COLUMNS = ("enabled_us", "started_us", "completed_us", "outcome", "request_number", "attributes", "resource")
ALLOWED = {
    "portal": (
        ("P1", "P2"),
        ("P1", "P3", "P4"),
        ("P1", "P3", "P5", "P6", "P7"),
        ("P1", "P3", "P5", "P6", "P8"),
    ),
    "provider": (
        ("V1", "V2", "V3", "V4"),
        ("V1", "V2", "V3", "V5", "V6", "V7"),
        ("V1", "V2", "V3", "V5", "V6", "V8"),
    ),
}
BEFORE_REFUSAL = {"P1": "P2", "P3": "P4", "P6": "P7", "V3": "V4", "V6": "V7"}
BORDERS = (at("2013-02-17T23:00"), at("2014-08-28T23:00"))
QUIET = settings(deadline=None, max_examples=40)


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("documents") / "saved")
    world.save("v1", signer=world.organisation)
    for end in ("json", "p7s"):  # a good signature that may have been refused
        (world.folder / "c1" / f"rejected-request.{end}").write_bytes(
            (world.folder / "c1" / f"request.{end}").read_bytes()
        )
    for number, (service, path, _) in enumerate(whole_routes(), 1):
        request = canonical(request_for(str(number), svc=CODES[service]))
        granted = result_for(sha256(request).hexdigest(), svc=CODES[service], reg_no=str(number))
        signer = world.organisation if path == "provider" else world.person
        folder = world.save(f"w{number:02}", request=request, result=canonical(granted), signer=signer)
        for refused in ("rejected-request", "arrived-request"):
            (folder / f"{refused}.json").write_bytes(request)
            (folder / f"{refused}.p7s").write_bytes(b"no signature")
    world.save("old", bundle=world.bundle(end=world.person.certificate.not_valid_before_utc))
    return world.folder


def attributes(step):
    """Draw attributes, most of them in order."""
    moment = st.sampled_from((NOW_US, NOW_US + 1))
    return st.fixed_dictionaries(
        {},
        optional={
            "provider": st.sampled_from(("A", "A", "B")),
            "reason": st.sampled_from(("NOT_ATTACHED", "CERT_REVOKED", "SIGNATURE_INVALID", "")),
            "applicant": st.sampled_from(("natural_person", "natural_person", "legal_person")),
            "slot": st.sampled_from(("10:00", "10:00", "10:20")),
            "slot_free": st.sampled_from((True, True, False)),
            "gateway_message": st.just("m-1"),
            "journal_entry_us": moment,
            "oral_answer_us": moment,
            "received_us": moment,
            "talon": st.just("7"),
            "status_screen": st.sampled_from((["iin", "number", "service", "status", "term"], ["iin"])),
            "documents": st.sampled_from(("v1", "c1") if step[0] == "V" else ("c1", "c1", "old", "none")),
        },
    )


GOOD = {
    "provider": "A",
    "reason": "NOT_ATTACHED",
    "applicant": "natural_person",
    "slot": "10:00",
    "slot_free": True,
    "gateway_message": "m-1",
    "journal_entry_us": NOW_US,
    "oral_answer_us": NOW_US + 1,
    "talon": "7",
    "status_screen": ["iin", "number", "service", "status", "term"],
}


@st.composite
def cases(draw, number, odd):
    """Draw the rows of one case: a route of the act in good order, or with *odd* anything."""
    service, path = draw(st.sampled_from(("S1", "S2", "S3"))), draw(st.sampled_from(("portal", "provider")))
    steps = draw(st.sampled_from(ALLOWED[path]))
    if odd:
        steps = draw(
            st.one_of(st.just(steps), st.lists(st.sampled_from([*steps, "P8", "X9"]), min_size=1, max_size=7))
        )
    now = draw(st.sampled_from((NOW_US, NOW_US, *BORDERS))) if odd else NOW_US
    rows = []
    for i, step in enumerate(steps):
        refused = BEFORE_REFUSAL.get(step) in steps
        taken = draw(st.sampled_from((0 if odd else 1, 9 * SECOND, 9 * SECOND, 2 * MINUTE, 8 * HOUR)))
        begun = now + (draw(st.sampled_from((0, 0, SECOND, -5 * SECOND))) if odd else 0)
        good = {**GOOD, "documents": "v1" if path == "provider" else "c1"}
        given_ = draw(attributes(step)) | {"provider": "A"} if odd and draw(st.booleans()) else good
        rows.append(
            row(
                step,
                begun,
                begun + taken,
                case_id=f"c{number}",
                service=service,
                path=path,
                resolution_us=draw(st.sampled_from((1, 1, 1, SECOND, HOUR))) if odd else 1,
                outcome=draw(st.sampled_from(("ok", "OTHER")))
                if odd and i == 1
                else "OTHER"
                if refused
                else "ok",
                request_number=str(draw(st.integers(1, 2)) if odd else number),
                attributes=given_,
            )
        )
        now = begun + taken
    return rows


@st.composite
def logs(draw, odd):
    return [r for n in range(draw(st.integers(1, 3))) for r in draw(cases(n, odd))]


def poorer(data, chosen):
    """Return the row *chosen* with one thing less."""
    kind = data.draw(st.sampled_from(("column", "key")))
    values = json.loads(chosen.attributes) if chosen.attributes else {}
    if kind == "key" and values:
        del values[data.draw(st.sampled_from(sorted(values)))]
        return msgspec.structs.replace(chosen, attributes=json.dumps(values))
    return msgspec.structs.replace(chosen, **{data.draw(st.sampled_from(COLUMNS)): None})


def verdicts(rows, store):
    """Return the verdict of every norm on every case that it concerns."""
    grouped = group_cases(rows, ENDINGS)
    context = context_of(PACK, grouped, store)
    found = {}
    for case in grouped:
        barred = standing(case, context)
        for norm in PACK.norms:
            if concerns(norm, case):
                found[case.case_id, norm.id] = check_case(norm, case, context, barred).verdict
    return found


def assert_never_better(before, after, case_ids):
    for (case_id, norm_id), verdict in after.items():
        if case_id in case_ids and verdict is Verdict.PASS:
            assert before[case_id, norm_id] is Verdict.PASS, f"{norm_id} on {case_id}"


def assert_outcome_never_better(before, after, folder_before, folder_after):
    was = overall(judge(PACK, before, folder_before))
    now = overall(judge(PACK, after, folder_after))
    assert now[0] != "conforms" or was[0] == "conforms"


@settings(deadline=None, max_examples=150)  # most of what is taken away was looked at by no norm
@given(st.data(), logs(odd=True))
def test_fields_and_attributes_taken_away_never_help(documents, data, rows):
    store = open_documents(documents)
    before = verdicts(rows, store)
    taken = list(rows)
    victim = data.draw(st.sampled_from(sorted({r.case_id for r in rows})))
    mine = [place for place, r in enumerate(rows) if r.case_id == victim]
    for place in data.draw(st.lists(st.sampled_from(mine), min_size=1, max_size=4)):
        taken[place] = poorer(data, taken[place])
    assert_never_better(before, verdicts(taken, store), {victim})


@QUIET
@given(logs(odd=True))
def test_documents_taken_away_never_help(documents, rows):
    before = verdicts(rows, open_documents(documents))
    assert_never_better(before, verdicts(rows, None), {r.case_id for r in rows})


@QUIET
@given(st.data(), logs(odd=False))
def test_rows_taken_away_never_help_where_the_route_is_allowed(documents, data, rows):
    store = open_documents(documents)
    before = verdicts(rows, store)
    victim = data.draw(st.sampled_from(sorted({r.case_id for r in rows})))
    mine = [r for r in rows if r.case_id == victim]
    kept = data.draw(st.sets(st.sampled_from(range(len(mine))), min_size=1, max_size=len(mine) - 1))
    after = [r for r in rows if r.case_id != victim] + [r for i, r in enumerate(mine) if i in kept]
    event(f"{len(mine)} rows, {len(kept)} kept")
    assert_never_better(before, verdicts(after, store), {victim})
    assert_outcome_never_better(rows, after, documents, documents)


@settings(deadline=None, max_examples=30)
@given(st.data(), logs(odd=True))
def test_no_poorer_log_has_a_better_outcome(documents, data, rows):
    place = data.draw(st.integers(0, len(rows) - 1))
    taken = [poorer(data, r) if i == place else r for i, r in enumerate(rows)]
    folder = data.draw(st.sampled_from((documents, None)))
    assert_outcome_never_better(rows, taken, documents, folder)


def whole_routes():
    """Return every allowed route of every service and path."""
    return [(s, path, steps) for s in CODES for path, routes in ALLOWED.items() for steps in routes]


def whole_log():
    """Return a log that shows every step of every service, all in good order."""
    rows = []
    for number, (service, path, steps) in enumerate(whole_routes(), 1):
        now = NOW_US
        values = {**GOOD, "documents": f"w{number:02}", "slot": f"slot {number}"}
        for step in steps:
            refused = BEFORE_REFUSAL.get(step) in steps
            ground = {"reason": "SIGNATURE_INVALID"} if step in {"P4", "P7"} else {}
            rows.append(
                row(
                    step,
                    now,
                    now + 9 * SECOND,
                    case_id=f"c{number:02}",
                    service=service,
                    path=path,
                    outcome="OTHER" if refused else "ok",
                    request_number=str(number),
                    attributes=values | ground,
                )
            )
            now += 9 * SECOND
    return rows


def test_a_whole_log_in_good_order_conforms(documents):
    judgement = judge(PACK, whole_log(), documents)
    assert overall(judgement) == ("conforms", 0)
    assert {n.verdict for n in judgement.norms} == {Verdict.PASS, Verdict.INCONCLUSIVE}
    assert all(n.excused for n in judgement.norms if n.verdict is Verdict.INCONCLUSIVE)


WHOLE = whole_log()


@pytest.fixture(scope="module")
def judged_whole(documents):
    return judge(PACK, WHOLE, documents)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_a_whole_log_never_conforms_better_with_less(documents, judged_whole, data):
    spoiled = data.draw(st.sampled_from(("enabled_us", "completed_us", "attributes", "row", "documents")))
    place = data.draw(st.integers(0, len(WHOLE) - 1))
    rows, folder = list(WHOLE), documents
    if spoiled == "row":
        del rows[place]
    elif spoiled == "documents":
        folder = None
    else:
        rows[place] = msgspec.structs.replace(rows[place], **{spoiled: None})
    after = judge(PACK, rows, folder)
    results = {n.id: n for n in judged_whole.norms}
    assert all(n.verdict is not Verdict.PASS or results[n.id].verdict is Verdict.PASS for n in after.norms)
    if spoiled in ("row", "documents", "completed_us"):
        assert overall(after)[0] != "conforms"


def test_the_law_is_not_vacuous(documents):
    """A judge that ignored missing starts would break the law; the law's own test must see that."""
    slow = row("P6", NOW_US, NOW_US + HOUR)
    before = verdicts([slow], open_documents(documents))
    with pytest.raises(AssertionError):
        assert_never_better(before, {("c1", "S1.P6.limit"): Verdict.PASS}, {"c1"})

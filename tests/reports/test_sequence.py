"""The sequence of a case: no words lie on others, every signature has its verdict, any text is only text."""

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence_results import SeenSignature
from conformance.pack import load_pack
from conformance.results import CaseFinding, TimelineStep
from conformance.verdicts import Reason, Verdict
from reports.diagram_text import text_width
from reports.sequence import sequence_of
from reports.sequence_svg import sequence_svg
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import RICH
from tests.reports.test_evidence import EVIDENCE

SEC = 1_000_000
PACK = load_pack("astana-106-1923")
SVG = "{http://www.w3.org/2000/svg}"
CODES = [(step.code, step.path, step.unit) for step in PACK.steps]


def step(code, start_s, end_s, unit="citizen", path="portal", **changes):
    fields = {"service": "S1", "path": path, "outcome": "ok", "started_us": None}
    fields |= {"enabled_us": None if start_s is None else start_s * SEC}
    fields |= {"completed_us": None if end_s is None else end_s * SEC}
    return TimelineStep(step=code, unit=unit, **{**fields, **changes})


WHOLE = (
    step("P1", 0, 50),
    step("P3", 50, 100),
    step("P5", 100, 140, "portal", started_us=110 * SEC),
    step("P6", 140, 150, "workstation"),
    step("P8", 450, 470),
)


def seen(code, document, verdict=Verdict.PASS, **changes):
    fields = {"reason": None, "indication": "TOTAL_PASSED", "sub_indication": None, "detail": ""}
    fields |= {"case_id": "c", "decided": "accepted"}
    return SeenSignature(step=code, document=document, verdict=verdict, **{**fields, **changes})


def with_signatures(*signatures, norms=RICH.norms):
    evidence = msgspec.structs.replace(EVIDENCE, seen=signatures)
    return msgspec.structs.replace(RICH, evidence=evidence, norms=norms)


def drawn(steps, results=RICH, pack=PACK, language="en", case="c"):
    texts = Texts(language)
    found = sequence_of(case, steps, results, pack, texts)
    return sequence_svg(found, texts, "sequence-1", lambda us: f"{us // SEC} s")


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def words(svg):
    return " ".join(text.text for text in parsed(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hop_has_the_verdict_of_its_signature(language):
    results = with_signatures(
        seen("P5", "request"),
        seen(
            "P8",
            "result",
            Verdict.FAIL,
            reason=Reason.INVALID_SIGNATURE,
            indication="TOTAL_FAILED",
            sub_indication="REVOKED",
        ),
    )
    svg = drawn(WHOLE, results, language=language)
    texts, told = Texts(language), words(svg)
    for code, indication, verdict in (
        ("request", "TOTAL_PASSED", "pass"),
        ("result", "TOTAL_FAILED", "fail"),
    ):
        said = texts.say(
            "sequence.signature",
            document=texts.word("evidence_document", code),
            found=texts.word("indication", indication),
        )
        assert said in told
        assert texts.word("verdict", verdict) in told
    assert "(REVOKED)" in told
    assert svg.count('class="way bad"') == 1


def test_the_documents_go_between_whom_the_pack_names():
    found = sequence_of("c", WHOLE, RICH, PACK, Texts("en"))
    handed = [(h.sender, h.through, h.receiver) for act in found.acts for h in act.handovers]
    assert handed == [("portal", "gateway", "workstation"), ("workstation", None, "citizen")]
    assert list(found.lanes) == [unit.code for unit in PACK.units if unit.code in found.lanes]


def test_without_a_pack_the_signature_stands_at_the_step():
    found = sequence_of("c", WHOLE, with_signatures(seen("P5", "request")), None, Texts("en"))
    assert all(act.handovers == () for act in found.acts)
    assert [act.title.split()[0] for act in found.acts if any("valid" in w for w in act.words)] == ["P5"]


def test_two_executions_of_a_step_have_each_their_own_signature():
    twice = (step("P5", 0, 10, "portal"), step("P5", 20, 30, "portal"))
    bad = seen("P5", "request", Verdict.FAIL, indication="TOTAL_FAILED")
    found = sequence_of("c", twice, with_signatures(seen("P5", "request"), bad), PACK, Texts("en"))
    assert [act.handovers[0].broken for act in found.acts] == [False, True]


def test_a_late_step_says_so_and_an_open_one_too():
    (norm,) = [n for n in RICH.norms if n.id == RICH.steps[0].norm]
    known = RICH.steps[0]
    late = CaseFinding(
        case_id="c",
        verdict=Verdict.FAIL,
        reason=Reason.OVER_LIMIT,
        detail="",
        measured_us=None,
        limit_us=None,
    )
    results = with_signatures(norms=(msgspec.structs.replace(norm, findings=(late,)),))
    steps = (
        step(known.step, 0, 500, path=known.path, service=known.service),
        step("P6", 500, None, "workstation", outcome=None),
        step("P8", None, 600, outcome="refused"),
    )
    found = sequence_of("c", steps, results, PACK, Texts("en"))
    assert found.acts[0].broken
    assert "✗ not met" in found.acts[0].words
    assert found.acts[1].words == (Texts("en").say("page.open"),)
    assert "outcome: refused" in found.acts[2].words


def test_waiting_and_work_are_two_bars_and_a_pause_is_told():
    svg = drawn(WHOLE)
    assert svg.count('class="wait"') == 1
    assert "5 min until the next step" in words(svg)


def test_markup_is_text():
    hostile = '<img src=x onerror="alert(1)">\u202e'
    svg = drawn((step(hostile, 0, 1, unit=hostile, outcome=hostile),), case=hostile)
    assert "<img" not in svg
    assert "\u202e" not in svg
    parsed(svg)


moments = st.integers(0, 10**7)
acts = st.builds(
    lambda known, start, wait, work, outcome: step(
        known[0],
        start,
        None if work is None else start + wait + work,
        known[2],
        known[1],
        started_us=(start + wait) * SEC,
        outcome=outcome,
    ),
    st.sampled_from(CODES),
    moments,
    st.integers(0, 10**6),
    st.one_of(st.none(), st.integers(0, 10**6)),
    st.sampled_from(["ok", None, "refused", "ж" * 300]),
)


@given(st.lists(acts, max_size=8), st.sampled_from(LANGUAGES))
@settings(deadline=None, max_examples=60)
def test_no_words_lie_on_others_and_nothing_is_cut(steps, language):
    results = with_signatures(*(seen(own.step, "request") for own in steps))
    root = parsed(drawn(steps, results, language=language))
    width, height = (float(value) for value in root.get("viewBox").split()[2:])
    boxes = []
    for text in root.iter(f"{SVG}text"):
        size = 11 * (1.1 if text.get("class") in {"head", "title"} else 1)
        wide = text_width(text.text, size)
        left = float(text.get("x")) - (wide / 2 if text.get("text-anchor") == "middle" else 0)
        bottom = float(text.get("y"))
        boxes.append((left, bottom - 9, left + wide, bottom + 2, text.text))
    for n, (left, top, right, bottom, said) in enumerate(boxes):
        assert left >= 0, said
        assert right <= width, said
        assert bottom <= height, said
        for other in boxes[:n]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (said, other[4])


def test_ids_begin_with_the_prefix():
    ids = re.findall(r' id="([^"]+)"', drawn(WHOLE))
    assert ids
    assert all(each.startswith("sequence-1") for each in ids)

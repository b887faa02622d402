"""The sentence, the order and the gaps are what the results say."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.regulation import Text
from conformance.results import Named, SignatureUse
from conformance.verdicts import Verdict, severity
from reports.html import render_page
from reports.junit import junit_xml
from reports.overview import (
    MARKS,
    fault_status,
    faults_worst_first,
    gaps,
    main_reason,
    norms_worst_first,
    path_name,
    scenarios_worst_first,
    signature_statement,
    unit_name,
    verdict_sentence,
    worst_replay,
)
from reports.terminal import render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import (
    ALL_MET,
    EMPTY,
    EXAMPLES,
    FAULTS,
    INCONCLUSIVE,
    INTERRUPTED,
    NORMS,
    RICH,
    norm,
)

ENGLISH = Texts("en")


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        (
            RICH,
            (
                "1 of 4 scenarios went as expected; 1 of 4 faults were caught; "
                "1 of 6 checked clauses met, 2 not met, 3 not shown; 3 clauses are not checked."
            ),
        ),
        (
            EMPTY,
            (
                "Nothing failed, but the log does not show enough to say that it conforms; "
                "no clause was checked."
            ),
        ),
        (
            INCONCLUSIVE,
            (
                "Nothing failed, but the log does not show enough to say that it conforms; "
                "0 of 2 checked clauses met, 2 not shown."
            ),
        ),
        (
            INTERRUPTED,
            (
                "The run was interrupted, so this covers only what was finished; "
                "1 of 4 scenarios went as expected; 1 of 4 faults were caught; "
                "1 of 6 checked clauses met, 2 not met, 3 not shown; 3 clauses are not checked."
            ),
        ),
        (
            ALL_MET,
            "The only scenario went as expected; 1 of 1 fault was caught; 1 of 1 checked clause met.",
        ),
    ],
)
def test_the_sentence_says_it_all(results, sentence):
    assert verdict_sentence(results, ENGLISH) == sentence


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "Единственный сценарий прошёл так, как ожидалось"),
        (21, "Все сценарии (21) прошли так, как ожидалось"),
    ],
)
def test_the_form_of_one_in_russian_is_not_taken_for_the_only_one(count, said):
    summary = msgspec.structs.replace(ALL_MET.summary, scenarios_passed=count)
    results = msgspec.structs.replace(ALL_MET, summary=summary)
    assert verdict_sentence(results, Texts("ru")).startswith(said)


def test_a_judged_log_is_told_to_conform_or_not():
    summary = msgspec.structs.replace(ALL_MET.summary, command="check")
    judged = msgspec.structs.replace(ALL_MET, summary=summary)
    assert verdict_sentence(judged, ENGLISH).startswith("What the log shows conforms to the regulation; ")
    broken = msgspec.structs.replace(
        judged, summary=msgspec.structs.replace(summary, outcome="does_not_conform")
    )
    assert verdict_sentence(broken, ENGLISH).startswith("The log does not conform to the regulation; ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_language_has_a_sentence(language, name):
    sentence = verdict_sentence(EXAMPLES[name], Texts(language))
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")


def test_norms_come_worst_first_and_the_excused_after_the_open():
    ids = [norm.id for norm in norms_worst_first(RICH)]
    assert ids[:2] == ["S1.P3.next", "S1.P6.limit"]
    assert ids.index("S1.deadline") < ids.index("S1.P7.limit") < ids.index("S1.P1.limit")


@given(st.permutations(NORMS))
def test_the_order_never_puts_a_better_norm_first(norms):
    ordered = norms_worst_first(msgspec.structs.replace(RICH, norms=tuple(norms)))
    ranks = [severity(norm.verdict) for norm in ordered]
    assert ranks == sorted(ranks)


def test_scenarios_and_faults_come_worst_first():
    assert [s.id for s in scenarios_worst_first(RICH)] == ["crashed", "wrong-password", "late", "happy"]
    assert [f.id for f in faults_worst_first(RICH)][-1] == "slow-register"


def test_a_fault_that_was_not_caught_never_passes():
    assert [fault_status(fault) for fault in FAULTS] == ["passed", "failed", "failed", "failed"]


def test_the_main_reason_explains_the_verdict_and_nothing_else():
    assert main_reason(NORMS[1]) == "OVER_LIMIT"  # though OTHER_BRANCH is more frequent
    assert main_reason(NORMS[0]) is None
    assert main_reason(norm("x", Verdict.INCONCLUSIVE)) == "NO_DATA"
    assert main_reason(norm("x", Verdict.FAIL)) is None


def test_the_worst_is_replayed():
    assert worst_replay(RICH) == "reglament run doctor-home-call --seed 7 --only crashed"
    assert worst_replay(ALL_MET) == "reglament run --seed 7"
    only_faults = msgspec.structs.replace(RICH, scenarios=())
    assert worst_replay(only_faults).endswith("--only number-twice")
    by_case = msgspec.structs.replace(RICH, scenarios=RICH.scenarios[:1], faults=())
    assert worst_replay(by_case) == "reglament run doctor-home-call --seed 7 --only happy"


def test_gaps_name_what_was_not_checked():
    told = "\n".join(gaps(RICH, ENGLISH))
    for part in ("1 scenario did not run", "NO_DATA", "NORM_UNKNOWN", "INTERRUPTED", "definition of a term"):
        assert part in told
    assert "Only a sample of the documents" in told
    assert gaps(ALL_MET, ENGLISH) == []
    assert "The log holds no case." in gaps(EMPTY, ENGLISH)
    assert gaps(INTERRUPTED, ENGLISH)[0].startswith("The run was interrupted")


def test_every_verdict_has_its_own_sign():
    signs = [MARKS[verdict] for verdict in Verdict]
    assert len(set(signs)) == len(signs)


SAMPLED = "sampled: 1,500 verified by cryptography, 98,500 computed from facts only"

BOUND = "with 95 % confidence at most 0.2 % (3/n) of the computed ones could disagree"


def said(language="en", **changes):
    values = {"mode": "sampled", "verified": 1_500, "computed": 98_500, "mismatches": 0, "bound": 0.002}
    return "; ".join(signature_statement(SignatureUse(**values | changes), Texts(language)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            f"{SAMPLED}; none disagrees with the facts; {BOUND}",
        ),
        ({"mismatches": 2, "bound": None}, f"{SAMPLED}; 2 disagree with the facts"),
        (
            {"mode": "off", "verified": 0, "bound": None},
            "off: signatures not computed, 98,500 decided from facts only; no evidence of security",
        ),
        ({"mode": "real", "computed": 0, "bound": None}, "real: 1,500 verified by cryptography"),
        (
            {"mode": "given", "computed": 0, "bound": None},
            "given with the log: 1,500 verified by the judge, 0 never computed",
        ),
        ({"mode": "none", "bound": None}, "not judged: no documents were given with the log"),
    ],
)
def test_the_statement_on_signatures(changes, sentence):
    assert said(**changes) == sentence


@pytest.mark.parametrize(("bound", "share"), [(3 / 7, "42.8572"), (3 / 3_000_000, "0.0001"), (1.0, "100")])
def test_the_bound_is_rounded_to_the_safe_side(bound, share):
    assert f"at most {share} % (3/n)" in said(bound=bound)
    assert f"не более {share.replace('.', ',')} % (3/n)" in said("ru", bound=bound)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_page_says_what_no_signature_shows(language):
    off = SignatureUse(mode="off", verified=0, computed=5, mismatches=0, bound=None)
    broken = SignatureUse(mode="real", verified=5, computed=0, mismatches=2, bound=None)
    texts = Texts(language)
    for use, gap in (
        (off, texts.say("gap.signatures_off")),
        (broken, texts.say("gap.signatures_mismatch", n=2)),
    ):
        provenance = msgspec.structs.replace(RICH.provenance, signatures=use)
        results = msgspec.structs.replace(RICH, provenance=provenance)
        statement = signature_statement(use, texts)[0]
        assert gap in gaps(results, texts)
        assert statement in " ".join(render_summary(results, texts, 200).split())
        assert statement in junit_xml(results, texts)
        page = render_page(results, texts)
        assert statement in page
        assert gap in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_paths_and_units_have_the_names_of_their_pack(language):
    texts = Texts(language)
    desk = Text(en="at the desk", ru="у стойки", kk="үстелде")
    named = msgspec.structs.replace(
        RICH, paths=(Named(id="portal", name=desk),), units=(Named(id="clerk", name=desk),)
    )
    assert path_name(named, "portal", texts) == unit_name(named, "clerk", texts) == desk.in_language(language)
    assert desk.in_language(language) in render_page(named, texts)
    assert path_name(named, "elsewhere", texts) == "elsewhere"
    assert path_name(EMPTY, "portal", texts) == texts.word("path", "portal"), "a run saved without names"

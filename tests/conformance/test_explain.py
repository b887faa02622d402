"""Every name of the judge is explained in three languages, and an unknown one finds its neighbour."""

import typing

import pytest

from conformance.errors import InputError
from conformance.explain import LANGUAGES, explain, read_explanations
from conformance.logs.records import Reason as Reject
from conformance.norms import Norm
from conformance.pack import load_pack
from conformance.verdicts import Reason, Verdict

PACK = load_pack("astana-106-1923")
NAMES = [
    *(
        entry.id
        for register in (PACK.norms, PACK.clauses, PACK.defects, PACK.assumptions)
        for entry in register
    ),
    *Verdict,
    *Reason,
    *Reject,
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_explained(language, monkeypatch):
    words = read_explanations()  # read once, not for each of so many names
    monkeypatch.setattr("conformance.explain.read_explanations", lambda: words)
    for name in NAMES:
        told = explain(PACK, name, language)
        assert told.startswith(f"{name} (")
        assert len(told.splitlines()) >= 2


def test_the_words_are_those_of_the_judge():
    words = read_explanations()
    assert set(words.verdicts) == {v.value for v in Verdict}
    assert set(words.reasons) == {r.value for r in Reason}
    assert set(words.rejects) == {r.value for r in Reject}
    assert set(words.kinds) == {kind.__struct_config__.tag for kind in typing.get_args(Norm)}


def test_a_norm_says_what_it_demands_and_where_it_comes_from():
    told = explain(PACK, "S1.P6.limit")
    for words in (
        "step P6, max_s 60",
        "R-06",
        "S1/T1.c6",
        "column 6",
        "reconstructed",
        "printed: 1 м",
        "D-16",
    ):
        assert words in told


def test_a_norm_names_its_assumption():
    assert "ASSUME-31: Chosen at P3" in explain(PACK, "S2.P8.slot-kept")


def test_a_clause_names_its_norms_or_why_it_has_none():
    assert "S1.P5.request-signature" in explain(PACK, "S1/12(6)")
    assert "why: " in explain(PACK, "R/2")


def test_a_register_says_where_its_entry_is_used():
    assert "S1/T1.c6" in explain(PACK, "D-16")
    assert "S2.P8.slot-kept" in explain(PACK, "ASSUME-31")


def test_a_reason_names_its_verdict_and_a_verdict_its_reasons():
    assert "belongs to: fail" in explain(PACK, "OVER_LIMIT")
    assert "OVER_LIMIT" in explain(PACK, "fail")


def test_a_reason_of_a_reject_is_explained_beside_the_verdicts():
    assert explain(PACK, "BAD_TIME").splitlines() == [
        "BAD_TIME (why a record of a log is rejected)",
        "  says: A time that is written in another form than the mapping declares.",
    ]
    told = explain(PACK, "UNMAPPED_ACTIVITY")
    assert "belongs to: inconclusive" in told
    assert "why a record of a log is rejected: An activity that the mapping gives no step." in told


def test_languages_differ():
    assert len({explain(PACK, "S1.P6.limit", language) for language in LANGUAGES}) == 3


def test_case_does_not_matter():
    assert explain(PACK, " s1.p6.LIMIT ") == explain(PACK, "S1.P6.limit")
    assert explain(PACK, "over_limit") == explain(PACK, "OVER_LIMIT")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("S1.P6.limits", "S1.P6.limit"), ("OVERLIMIT", "OVER_LIMIT"), ("D-1", "D-"), ("ASUME-31", "ASSUME-31")],
)
def test_an_unknown_name_finds_its_neighbour(name, nearest):
    with pytest.raises(InputError, match=f"did you mean {nearest}"):
        explain(PACK, name)


def test_nonsense_is_refused_without_a_guess():
    with pytest.raises(InputError) as caught:
        explain(PACK, "%%%%")
    assert "did you mean" not in str(caught.value)


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match="en or ru or kk"):
        explain(PACK, "fail", "de")

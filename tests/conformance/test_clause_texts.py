"""The texts of the Astana pack: complete, in three languages, in our own words."""

import re
from collections import Counter
from pathlib import Path

import pytest

from conformance.pack_files import AssumptionsFile, ClausesFile, DefectsFile, TermsFile
from conformance.regulation import ClauseStatus
from conformance.strict_yaml import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "conformance" / "packs" / "astana-106-1923"
SOURCE = ROOT.parent / "shared" / "source" / "astana-106-1923.kk.txt"

SERVICES = ("S1", "S2", "S3")
KAZAKH_LETTERS = set("әіңғүұқөһӘІҢҒҮҰҚӨҺ")
SUB_ITEMS = {8: 2, 11: 13, 12: 12, 13: 10, 14: 8, 21: 3, 22: 4}
ANNEXES = ("A1", "A2", "A3", "A3.Q1", "A3.Q2")
CHECKED = (
    {"7", "8(1)", "8(2)", "9", "12", "13", "14(8)"}
    | {f"12({item})" for item in range(2, 13)}
    | {f"13({item})" for item in range(1, 11)}
)
LONGEST_SHARED_RUN = 5


FILES = {
    path.name: read_yaml(path, ClausesFile).clauses for path in sorted((PACK / "clauses").glob("*.yaml"))
}
ENTRIES = tuple(entry for name in FILES for entry in FILES[name])
TERMS = read_yaml(PACK / "terms.yaml", TermsFile).terms
DEFECTS = read_yaml(PACK / "defects.yaml", DefectsFile).defects
ASSUMPTIONS = read_yaml(PACK / "assumptions.yaml", AssumptionsFile).assumptions


def every_paragraph() -> list[str]:
    numbers = [str(paragraph) for paragraph in range(1, 23)]
    items = [f"{paragraph}({i})" for paragraph, last in SUB_ITEMS.items() for i in range(1, last + 1)]
    return [*numbers, *items, *ANNEXES]


def texts(language: str) -> list[tuple[str, str]]:
    """List (place, text) of every gist and reason in *language*."""
    found = []
    for entry in ENTRIES:
        place = f"{'+'.join(entry.services) or 'R'}/{entry.paragraph}"
        found.append((f"{place} gist", entry.gist.in_language(language)))
        if entry.reason is not None:
            found.append((f"{place} reason", entry.reason.in_language(language)))
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    tokens = words(text)
    return {tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)}


def unspaced(text: str) -> str:
    """Join letters that were printed one by one, so that such lines are compared too."""
    return re.sub(r"(?<!\w)(?:\w ){2,}\w(?!\w)", lambda match: match.group().replace(" ", ""), text)


@pytest.mark.parametrize("service", SERVICES)
def test_every_paragraph_is_there_once_for_each_service(service: str) -> None:
    found = Counter(entry.paragraph for entry in ENTRIES if service in entry.services)
    assert found == Counter(every_paragraph())


def test_the_resolution_has_its_preamble_and_four_paragraphs() -> None:
    assert [entry.paragraph for entry in ENTRIES if not entry.services] == ["0", "1", "2", "3", "4"]
    assert all(not entry.services for entry in FILES["resolution.yaml"])


def test_each_file_holds_its_own_paragraphs_in_order() -> None:
    bounds = {"section-1.yaml": (1, 11), "section-2.yaml": (12, 16), "section-3.yaml": (17, 22)}
    for name, (first, last) in bounds.items():
        numbers = [int(entry.paragraph.partition("(")[0]) for entry in FILES[name]]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(first, last + 1))
    assert {entry.paragraph for entry in FILES["annexes.yaml"]} == set(ANNEXES)


def test_exactly_the_paragraphs_that_norms_cite_are_checked() -> None:
    for service in SERVICES:
        status = {entry.paragraph: entry.status for entry in ENTRIES if service in entry.services}
        assert {p for p, s in status.items() if s is ClauseStatus.CHECKED} == CHECKED
        glossary = {p for p, s in status.items() if s is ClauseStatus.DEFINITION}
        assert glossary == {"11", *(f"11({item})" for item in range(1, 14))}


def test_a_reason_stands_where_a_clause_is_not_checked_and_only_there() -> None:
    for entry in ENTRIES:
        assert (entry.reason is None) == (entry.status is ClauseStatus.CHECKED), entry.paragraph


def test_gists_are_short() -> None:
    for language in ("en", "ru", "kk"):
        for place, text in texts(language):
            assert len(text) <= 420, place
            assert text.endswith("."), place
            assert text == " ".join(text.split()), place


def test_kazakh_texts_are_kazakh() -> None:
    found = texts("kk")
    assert all(re.search("[а-яё]", text, re.IGNORECASE) for _, text in found)
    kazakh = [place for place, text in found if KAZAKH_LETTERS & set(text)]
    assert len(kazakh) > 0.95 * len(found)
    assert not [place for place, text in found if re.search("[ёЁ]", text)]


def test_russian_texts_hold_no_kazakh_letters_outside_quoted_names() -> None:
    for place, text in texts("ru"):
        assert re.search("[а-яё]", text), place
        assert not KAZAKH_LETTERS & set(re.sub("«[^»]*»", "", text)), place
    for term in TERMS:
        assert not KAZAKH_LETTERS & set(re.sub("«[^»]*»", "", term.ru)), term.code


def test_english_texts_hold_no_cyrillic_sentences() -> None:
    for place, text in texts("en"):
        assert len(re.findall("[а-яёәіңғүұқөһ]{2,}", text, re.IGNORECASE)) <= 1, place


def test_languages_differ() -> None:
    for entry in ENTRIES:
        for text in filter(None, (entry.gist, entry.reason)):
            assert len({text.en, text.ru, text.kk}) == 3, entry.paragraph


def test_the_same_process_numbers_and_clauses_are_named_in_every_language() -> None:
    for entry in ENTRIES:
        for text in filter(None, (entry.gist, entry.reason)):
            named = [
                Counter(re.findall(r"\b\d+\(\d+\)|D-\d\d", text.in_language(x))) for x in ("en", "ru", "kk")
            ]
            assert named[0].keys() == named[1].keys() == named[2].keys(), entry.paragraph


def test_kazakh_texts_repeat_no_sentence_of_the_source() -> None:
    if not SOURCE.is_file():
        pytest.skip("the Kazakh source text is not beside this checkout, so overlap cannot be measured")
    printed = runs(unspaced(SOURCE.read_text(encoding="utf-8")), LONGEST_SHARED_RUN + 1)
    shared = {
        place: run
        for place, text in texts("kk")
        for run in sorted(runs(text, LONGEST_SHARED_RUN + 1) & printed)
    }
    assert shared == {}


def test_the_overlap_measure_sees_a_copied_sentence_even_when_letter_spaced() -> None:
    source = "сұрау салу жұмысы аяқталғанға дейін 2 сағат бұрын қ а б ы л д а н а д ы ."
    copied = "Сұрау салу жұмысы аяқталғанға дейін 2 сағат бұрын қабылданады."
    assert runs(copied, 9) <= runs(unspaced(source), 9)
    assert not runs("Сұраныс екі сағат бұрын түседі.", 3) & runs(source, 3)


def test_the_register_of_defects_is_complete() -> None:
    assert [defect.id for defect in DEFECTS] == [f"D-{number:02d}" for number in range(1, 86)]
    for defect in DEFECTS:
        assert set(defect.kind.split("/")) <= set("LFTNASX"), defect.id
        assert defect.weight in {"H", "M", "L"}, defect.id
        assert defect.services, defect.id
        assert set(defect.services) <= set(SERVICES), defect.id
        assert all((defect.where.strip(), defect.finding.strip(), defect.handling.strip())), defect.id


def test_the_register_of_assumptions_is_complete() -> None:
    assert [one.id for one in ASSUMPTIONS] == [f"ASSUME-{number:02d}" for number in range(1, 39)]
    assert all(one.topic.strip() and one.choice.strip() and one.grounds.strip() for one in ASSUMPTIONS)


def test_clauses_cite_defects_of_their_own_services() -> None:
    services = {defect.id: set(defect.services) for defect in DEFECTS}
    for entry in ENTRIES:
        assert list(entry.defects) == sorted(set(entry.defects)), entry.paragraph
        for defect in entry.defects:
            assert set(entry.services) <= services[defect], f"{entry.paragraph} {defect}"


def test_every_defect_of_the_text_is_cited_by_a_clause_for_each_of_its_services() -> None:
    cited = {(service, defect) for entry in ENTRIES for service in entry.services for defect in entry.defects}
    for defect in DEFECTS:
        if re.match(r"T[12]\.|Table|all durations|resolution", defect.where):
            continue  # cited by cells of the tables and by the resolution
        missing = [service for service in defect.services if (service, defect.id) not in cited]
        assert not missing, defect.id


def test_ids_named_in_prose_exist() -> None:
    known = {defect.id for defect in DEFECTS} | {one.id for one in ASSUMPTIONS}
    prose = [text for language in ("en", "ru", "kk") for _, text in texts(language)]
    prose += [f"{defect.finding} {defect.handling}" for defect in DEFECTS]
    prose += [f"{one.choice} {one.grounds}" for one in ASSUMPTIONS]
    prose += [term.note for term in TERMS if term.note]
    for text in prose:
        assert set(re.findall(r"\bD-\d+|ASSUME-\d+", text)) <= known, text


def test_terms_are_whole() -> None:
    codes = [term.code for term in TERMS]
    assert len(codes) == len(set(codes))
    for term in TERMS:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", term.code), term.code
        assert term.kk, term.code
        assert len(term.kk) == len(set(term.kk)), term.code
        assert all(re.search("[а-яәіңғүұқөһ]", kk, re.IGNORECASE) for kk in term.kk), term.code
        assert term.ru.strip(), term.code
        assert term.en.strip(), term.code


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("workstation", {"АЖО", "АРМ"}),
        ("gateway", {"ЭҮШ", "ШЭП"}),
        ("registry", {"ЖТ МДҚ", "ЖТ МДГ", "ЖТ МДБ"}),
        ("signature", {"ЭСҚ", "ЭСК"}),
        ("unit", {"ҚҚБ", "ҚФБ"}),
        ("provider", {"қызмет көрсетуші", "қызмет ұсынушы", "ЭМҚ ұсынушы", "қызмет беруші"}),
        ("doctor_home_call", {"Дәрігерді үйге шақыру", "Дәрігерді үйге шақырту"}),
        ("attach", {"тіркеу", "бекіту"}),
    ],
)
def test_a_term_has_every_printed_spelling(code: str, spellings: set[str]) -> None:
    (term,) = (term for term in TERMS if term.code == code)
    assert spellings <= set(term.kk)


def test_registration_has_its_separate_words() -> None:
    codes = {term.code for term in TERMS if "тіркеу" in term.kk}
    assert codes == {"sign_up", "register", "attach"}


def test_no_text_holds_twelve_digits() -> None:
    names = [*(f"clauses/{name}" for name in FILES), "terms.yaml", "defects.yaml", "assumptions.yaml"]
    for name in names:
        assert not re.search(r"\d{12}", (PACK / name).read_text(encoding="utf-8")), name

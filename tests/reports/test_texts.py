"""The catalogues say everything, in three languages, with the same placeholders."""

import gettext
import re
import string
import typing
from datetime import UTC
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.norms import Norm, NormStatus
from conformance.regulation import CellStatus, ClauseStatus
from conformance.verdicts import Reason, Verdict
from reports.catalogues import LANGUAGES, catalogue_file, read_catalogue
from reports.texts import Texts

SEC = 1_000_000
NBSP = "\u00a0"
CATALOGUES = {language: read_catalogue(language) for language in LANGUAGES}
ENGLISH, RUSSIAN, KAZAKH = (Texts(language) for language in LANGUAGES)


def forms(entry):
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_languages_have_the_same_ids(language):
    assert list(CATALOGUES[language]) == list(CATALOGUES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_every_text_has_the_same_placeholders(language):
    for text_id, entry in CATALOGUES[language].items():
        wanted = {name for form in forms(CATALOGUES["en"][text_id]) for name in placeholders(form)}
        for form in forms(entry):
            assert form.strip(), text_id
            missing = wanted - placeholders(form) - ({"n"} if isinstance(entry, dict) else set())
            assert not missing, text_id
            assert placeholders(form) <= wanted, text_id


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ("one", "other")), ("ru", ("one", "few", "many")), ("kk", ("one", "other"))],
)
def test_plurals_have_the_forms_of_their_language_and_texts_agree_on_being_plurals(language, expected):
    for text_id, entry in CATALOGUES[language].items():
        assert isinstance(entry, dict) == isinstance(CATALOGUES["en"][text_id], dict), text_id
        if isinstance(entry, dict):
            assert tuple(entry) == expected, text_id


@given(st.integers(0, 10**7))
@settings(deadline=None)
def test_gettext_and_cldr_choose_the_same_form_for_every_number(n):
    for language, texts in zip(LANGUAGES, (ENGLISH, RUSSIAN, KAZAKH), strict=True):
        choose = gettext.c2py(catalogue(language).plural_expr)
        forms = list(CATALOGUES[language]["findings"].values())
        assert texts.say("findings", n=n) == forms[choose(n)].format(n=texts.number(n))


@cache
def catalogue(language):
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_translation_is_of_the_english_that_is_said_now(language):
    found = catalogue(language)
    assert not found.obsolete
    assert [m.context for m in found if m.fuzzy and m.context] == []
    english = {m.context: m.id for m in catalogue("en") if m.context}
    assert {m.context: m.id for m in found if m.context} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_given_twice(language):
    contexts = re.findall(r'^msgctxt "(.*)"$', catalogue_file(language).read_text("utf-8"), re.MULTILINE)
    assert len(contexts) == len(set(contexts)) == len(CATALOGUES[language])


def codes():
    for group, words in (
        ("verdict", Verdict),
        ("reason", Reason),
        ("clause_status", ClauseStatus),
        ("norm_status", NormStatus),
        ("cell_status", CellStatus),
    ):
        yield from ((group, word.value) for word in words)
    for kind in typing.get_args(Norm):
        yield "kind", kind.__struct_config__.tag
    yield from (("path", word) for word in ("portal", "provider"))
    yield from (("played", word) for word in ("passed", "failed", "error", "not_run"))
    for group in ("outcome", "sentence"):
        yield from ((group, word) for word in ("conforms", "does_not_conform", "incomplete", "interrupted"))
    for group in ("origin", "origin_means"):
        yield from ((group, word) for word in ("simulated", "test", "production"))
    yield from (("signatures", word) for word in ("real", "sampled", "off", "given", "none"))
    units = "citizen portal gateway registry provider workstation employee health_is authority"
    yield from (("unit", word) for word in units.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_worded(language):
    unworded = [
        f"{group}.{code}"
        for group, code in codes()
        if not isinstance(CATALOGUES[language].get(f"{group}.{code}"), str)
    ]
    assert unworded == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_verdicts_never_share_a_word(language):
    words = [CATALOGUES[language][f"verdict.{verdict}"] for verdict in Verdict]
    assert len(set(words)) == len(words)


def test_no_catalogue_holds_letters_of_another_alphabet():
    allowed = {"en": set(), "ru": set(range(0x410, 0x450)) | {0x401, 0x451}}
    for language, letters in allowed.items():
        for text_id, entry in CATALOGUES[language].items():
            cyrillic = {c for form in forms(entry) for c in form if 0x400 <= ord(c) < 0x530}
            assert {ord(c) for c in cyrillic} <= letters, text_id


def test_the_law_has_its_own_terms():
    assert KAZAKH.word("unit", "citizen") == "тұтынушы"
    assert RUSSIAN.word("unit", "citizen") == "потребитель"
    assert "ЭСҚ" in KAZAKH.word("reason", "INVALID_SIGNATURE")
    assert "ЭЦП" in RUSSIAN.word("reason", "INVALID_SIGNATURE")
    assert "ЭҮП" in KAZAKH.word("path", "portal")


def test_an_unknown_language_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"found rus, expected one of en, ru, kk; did you mean ru\?"):
        Texts("rus")


def test_a_code_that_nobody_worded_stays_as_it_is():
    assert ENGLISH.word("kind", "something_new") == "something_new"
    assert ENGLISH.word("more", "") == ""


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "0 обращений"),
        (1, "1 обращение"),
        (2, "2 обращения"),
        (5, "5 обращений"),
        (11, "11 обращений"),
        (14, "14 обращений"),
        (21, "21 обращение"),
        (22, "22 обращения"),
        (111, "111 обращений"),
        (1001, f"1{NBSP}001 обращение"),
    ],
)
def test_russian_has_three_forms(n, expected):
    assert RUSSIAN.say("header.cases", n=n) == expected


def test_english_has_two_forms_and_kazakh_one():
    assert [ENGLISH.say("header.cases", n=n) for n in (0, 1, 2, 21)] == [
        "0 cases",
        "1 case",
        "2 cases",
        "21 cases",
    ]
    assert [KAZAKH.say("header.cases", n=n) for n in (1, 5)] == ["1 өтініш", "5 өтініш"]


def test_values_are_not_read_as_patterns():
    assert ENGLISH.say("terminal.clause", clause="{n} {x!r}") == "clause {n} {x!r}"


@pytest.mark.parametrize(
    ("us", "en", "ru"),
    [
        (0, "0 µs", "0 мкс"),
        (999, "999 µs", "999 мкс"),
        (12_345, "12 ms", "12 мс"),
        (999_499, "999 ms", "999 мс"),
        (999_500, "1 s", "1 с"),
        (37_200_000, "37.2 s", "37,2 с"),
        (59_949_999, "59.9 s", "59,9 с"),
        (59_950_000, "1 min", "1 мин"),
        (90_000_000, "1 min 30 s", "1 мин 30 с"),
        (3_599_949_999, "59 min 59.9 s", "59 мин 59,9 с"),
        (3_661_000_000, "1 h 1 min 1 s", "1 ч 1 мин 1 с"),
        (90_060_000_000, "1 d 1 h 1 min", "1 сут 1 ч 1 мин"),
        (-1_500_000, "−1.5 s", "−1,5 с"),
    ],
)
def test_durations_are_for_people(us, en, ru):
    assert ENGLISH.duration(us) == en
    assert RUSSIAN.duration(us) == ru


def test_a_duration_just_over_its_limit_does_not_look_like_the_limit():
    assert ENGLISH.duration(60_040_000, 60 * SEC) == "1 min 0.04 s"
    assert ENGLISH.duration(60_000_001, 60 * SEC) == "1 min 0.000001 s"
    assert ENGLISH.duration(60 * SEC, 60 * SEC) == "1 min"


@given(us=st.integers(0, 10**13), limit=st.integers(0, 10**7))
@settings(deadline=None)
def test_different_durations_read_differently_beside_each_other(us, limit):
    limit_us = limit * SEC
    shown, shown_limit = ENGLISH.duration(us, limit_us), ENGLISH.duration(limit_us)
    assert (shown == shown_limit) == (us == limit_us)


@given(n=st.integers(0, 10**12))
def test_thousands_are_set_apart_and_can_be_read_back(n):
    for texts, mark in ((ENGLISH, ","), (RUSSIAN, NBSP), (KAZAKH, NBSP)):
        shown = texts.number(n)
        assert int(shown.replace(mark, "")) == n
        assert all(len(group) == 3 for group in shown.split(mark)[1:])


def test_moments_are_local_and_written_as_the_language_writes_them():
    almaty = ZoneInfo("Asia/Almaty")
    us = 1_362_376_800 * SEC + 250_999
    assert ENGLISH.moment(us, almaty) == "2013-03-04 12:00:00.250"
    assert RUSSIAN.moment(us, almaty) == "04.03.2013 12:00:00,250"
    assert KAZAKH.moment_of("2013-03-04T03:00:00Z", almaty) == "04.03.2013 09:00:00"
    assert ENGLISH.moment_of("2013-03-04T03:00:00", UTC) == "2013-03-04 03:00:00"


def test_a_moment_outside_the_calendar_is_still_shown():
    assert ENGLISH.moment(10**18, UTC) == "1,000,000,000,000,000,000 µs"
    assert ENGLISH.moment_of("some day", UTC) == "some day"

"""What citizens are told."""

import re

import pytest

from actors.messages import TEXTS, tell
from actors.outcomes import MessageId

LANGUAGES = ("kk", "ru", "en")
CYRILLIC = re.compile("[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
KAZAKH_ONLY = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
RUSSIAN_WORDS = {"и", "не", "ваш", "ваша", "запрос", "ещё", "или"}
OF_THE_WORKSHOP = re.compile(
    r"error|exception|traceback|invalid|openssl|x\.?509|asn|\bder\b|\bcms\b|cades|ocsp|\bcrl\b|sha|hash|"
    r"nonce|digest|chain|null|none|code|json|indetermin|total_|try_later|ошибка|исключение",
    re.IGNORECASE,
)
FORMATS = {"PDF", "JPEG", "PNG", "TIFF"}
ABBREVIATIONS = {"IIN", "BIN", "ЭСҚ", "ЭЦП", "ЖСН", "БСН", "ИИН", "БИН", "ҰКО", "НУЦ", "РК"} | FORMATS

every_text = pytest.mark.parametrize(
    ("message_id", "language"), [(one, language) for one in TEXTS for language in LANGUAGES], ids=str
)


def test_every_message_has_its_texts_and_no_text_is_spare():
    assert list(TEXTS) == list(MessageId)
    assert len(TEXTS) == 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_messages_read_the_same(language):
    assert len({tell(one, language) for one in MessageId}) == len(MessageId)


@every_text
def test_a_text_is_two_short_sentences_what_happened_and_what_to_do(message_id, language):
    text = tell(message_id, language)
    assert 40 <= len(text) <= 180
    assert text == " ".join(text.split())
    assert text.endswith(".")
    assert "!" not in text
    assert len(re.findall(r"\.(?= |$)", text)) == 2
    asks = {"kk": r"ңыз\b|ңіз\b", "ru": r"(ите|йте|ьте)\b", "en": "please|can"}[language]
    assert re.search(asks, text.split(". ", 1)[1] + text.partition(":")[2], re.IGNORECASE)


@every_text
def test_a_text_is_in_its_language(message_id, language):
    text = tell(message_id, language)
    words = {word.lower() for word in re.findall(r"\w+", text)}
    assert bool(KAZAKH_ONLY.search(text)) is (language == "kk")
    assert bool(CYRILLIC.search(text)) is (language != "en")
    assert bool(words & RUSSIAN_WORDS) is (language == "ru")
    latin = set(re.findall(r"[A-Za-z]+", text))
    assert language == "en" or latin <= FORMATS


@every_text
def test_a_text_says_nothing_of_how_it_was_found_out(message_id, language):
    text = tell(message_id, language)
    assert not OF_THE_WORKSHOP.search(text)
    assert set(re.findall(r"[0-9]+", text)) <= {"12", "1414"}
    assert set(re.findall(r"\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]{2,}\b", text)) <= ABBREVIATIONS


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", r"тіркелмеген|табылмады|басқа адам|тұлға"),
        ("ru", r"не найден|не зарегистрирован|друг(ой|ого) (человек|лиц)|существует|принадлежит"),
        ("en", r"not found|unknown|registered|somebody|another person|belongs|exist"),
    ],
)
def test_no_text_tells_whether_a_number_is_somebodys(language, words):
    assert not [one for one in MessageId if re.search(words, tell(one, language), re.IGNORECASE)]


@pytest.mark.parametrize(
    ("message_id", "kk", "ru"),
    [
        (MessageId.SIGN_INVALID, "ЭСҚ", "ЭЦП"),
        (MessageId.CERT_REVOKED, "кері қайтарылған", "отозвано"),
        (MessageId.CERT_PERIOD, "тіркеу куәлігі", "регистрационного свидетельства"),
        (MessageId.CERT_UNTRUSTED, "ҰКО", "НУЦ РК"),
        (MessageId.ID_MISMATCH, "ЖСН", "ИИН"),
        (MessageId.IIN_INVALID, "ЖСН", "ИИН"),
    ],
)
def test_terms_are_the_acts(message_id, kk, ru):
    assert kk.lower() in tell(message_id, "kk").lower()
    assert ru.lower() in tell(message_id, "ru").lower()


def test_what_cannot_be_checked_is_no_refusal():
    assert "бас тарту емес" in tell(MessageId.CHECK_UNAVAILABLE, "kk")
    assert "не отказ" in tell(MessageId.CHECK_UNAVAILABLE, "ru")
    assert "not refused" in tell(MessageId.CHECK_UNAVAILABLE, "en")


def test_another_language_is_an_error():
    for language in ("de", "count", ""):
        with pytest.raises(KeyError):
            tell(MessageId.ACCEPTED, language)

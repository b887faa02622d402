import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.canonical_json import MAX_INTEGER, MAX_OCTETS, encode
from actors.document_fields import MAX_FIELDS, MAX_LINE, MAX_NUMBER, MAX_TEXT
from actors.envelopes import (
    ISSUED,
    MAX_LISTED_FILES,
    REFUSED,
    AttachedFile,
    PersonAnswer,
    PersonQuery,
    Request,
    Result,
    SignedDocument,
    read_answer,
    read_query,
    read_request,
    read_result,
)
from actors.errors import FormatError

FILE = AttachedFile(name="talon.pdf", media="application/pdf", size=1_000, sha256="a" * 64)
REQUEST = Request(
    id="R-1",
    service="doctor-home-call",
    iin="850704200017",
    provider="121240000013",
    issued_at_us=1,
    expires_at_us=2,
    nonce="0" * 32,
    form={"surname": "Тестова"},
    docs=(FILE,),
)
RESULT = Result(
    request_id="R-1",
    request_sha256="0" * 64,
    service="doctor-home-call",
    provider="121240000013",
    registration_number="11301150000001",
    outcome=REFUSED,
    reason="NOT_ATTACHED",
    issued_at_us=3,
    content={"document": "home-call-certificate"},
)
QUERY = PersonQuery(
    id="Q-1",
    iin="850704200017",
    asker="121240000013",
    purpose="doctor-home-call",
    issued_at_us=4,
    nonce="1" * 32,
)
ANSWER = PersonAnswer(
    query_sha256="b" * 64,
    found=True,
    surname="Тестова",
    given_name="Ұлжан",
    birth_date="1885-07-04",
    issued_at_us=5,
    nonce="2" * 32,
)
READERS = {Request: read_request, Result: read_result, PersonQuery: read_query, PersonAnswer: read_answer}
DOCUMENTS = (REQUEST, RESULT, QUERY, ANSWER)

plain = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", fullmatch=True)
nonces = st.text("0123456789abcdef", min_size=32, max_size=32)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
moments = st.integers(1, MAX_INTEGER)
harmless = st.characters(
    exclude_categories=["Cs", "Cc"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
texts = st.text(harmless | st.just("\n"), max_size=30)
lines = st.text(harmless, max_size=30)
numbers = st.text(harmless, max_size=MAX_NUMBER)
forms = st.dictionaries(plain, texts, max_size=4)
files = st.builds(AttachedFile, name=lines, media=lines, size=st.integers(0, MAX_INTEGER), sha256=hashes)
requests = st.builds(
    Request,
    id=plain,
    service=plain,
    iin=numbers,
    provider=numbers,
    issued_at_us=moments,
    expires_at_us=moments,
    nonce=nonces,
    form=forms,
    docs=st.lists(files, max_size=3).map(tuple),
)
results = st.builds(
    Result,
    request_id=plain,
    request_sha256=hashes,
    service=plain,
    provider=numbers,
    registration_number=plain,
    outcome=st.just(REFUSED),
    reason=st.none() | texts,
    issued_at_us=moments,
    content=forms,
)
queries = st.builds(
    PersonQuery, id=plain, iin=numbers, asker=numbers, purpose=plain, issued_at_us=moments, nonce=nonces
)
answers = st.builds(
    PersonAnswer,
    query_sha256=hashes,
    found=st.just(True),
    surname=lines,
    given_name=lines,
    birth_date=lines,
    issued_at_us=moments,
    nonce=nonces,
)


@settings(deadline=None, max_examples=100)
@given(requests | results | queries | answers)
def test_a_document_is_read_as_it_was_written(document):
    assert READERS[type(document)](document.octets()) == document


def test_an_issued_result_and_an_answer_without_data_are_read_too():
    issued = replace(RESULT, outcome=ISSUED, reason=None)
    empty = replace(ANSWER, found=False, surname=None, given_name=None, birth_date=None)

    assert read_result(issued.octets()) == issued
    assert read_answer(empty.octets()) == empty


CHANGES = {
    Request: {"id": "2", "service": "2", "iin": "2", "provider": "2", "issued_at_us": 9, "expires_at_us": 9,
              "nonce": "2" * 32, "form": {}, "docs": ()},
    Result: {"request_id": "2", "request_sha256": "2" * 64, "service": "2", "provider": "2", "content": {},
             "registration_number": "2", "outcome": ISSUED, "reason": None, "issued_at_us": 9},
    PersonQuery: {"id": "2", "iin": "2", "asker": "2", "purpose": "2", "issued_at_us": 9, "nonce": "2"},
    PersonAnswer: {"query_sha256": "2", "found": False, "surname": "2", "given_name": "2",
                   "birth_date": "2", "issued_at_us": 9, "nonce": "3"},
}  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_field_is_under_the_hash(document):
    changes = CHANGES[type(document)]
    changed = [replace(document, **{name: value}) for name, value in changes.items()]

    assert changes.keys() == {one.name for one in fields(document)}
    hashed = {SignedDocument(one.octets(), None).sha256 for one in (document, *changed)}
    assert len(hashed) == len(changes) + 1


@pytest.mark.parametrize("name", ["name", "media", "size", "sha256"])
def test_every_part_of_an_attached_file_is_under_the_hash(name):
    changed = replace(FILE, **{name: 7 if name == "size" else "7" * 64})
    assert replace(REQUEST, docs=(changed,)).octets() != REQUEST.octets()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_of_one_type_only(document):
    for kind, read in READERS.items():
        if kind is not type(document):
            with pytest.raises(FormatError):
                read(document.octets())


def whole(document):
    return json.loads(document.octets())


VALUES = (None, True, False, 1, "text", [], {"a": 1}, {"a": None}, {"a": {}}, {"a": []}, [1], [None], [{}])
WRONG = [
    (document, key, value)
    for document in DOCUMENTS
    for key, right in whole(document).items()
    for value in VALUES
    if key == "typ"
    or isinstance(value, dict)
    or value in ([1], [None], [{}])
    or type(value) is not type(right)
    if (key, value) != ("reason", None)
]


@pytest.mark.parametrize(("document", "key", "value"), WRONG, ids=range(len(WRONG)))
def test_a_value_of_another_type_is_refused(document, key, value):
    with pytest.raises(FormatError):
        READERS[type(document)](encode(whole(document) | {key: value}))


@pytest.mark.parametrize(("document", "key"), [(one, key) for one in DOCUMENTS for key in whole(one)])
def test_a_missing_key_is_refused(document, key):
    rest = {name: value for name, value in whole(document).items() if name != key}
    with pytest.raises(FormatError):
        READERS[type(document)](encode(rest))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_additional_key_is_refused(document):
    with pytest.raises(FormatError):
        READERS[type(document)](encode(whole(document) | {"admin": True}))


BAD_IDENTIFIERS = ("", " ", "a b", "-a", "a/b", "a\n", "ж", "a" * 129, "٣", "a\x00", "../a")
BAD_NUMBERS = ("1" * (MAX_NUMBER + 1), "1\n2", "1\x00", "\u202e1")
BAD_HEX = ("", "0" * 31, "0" * 33, "0" * 31 + "A", "0" * 31 + "g", "0" * 31 + "٣", "0" * 32 + "\n")
BAD_TEXTS = (
    "x" * (MAX_TEXT + 1), "\x00", "a\rb", "a\tb", "\x1b[31m", "\x7f", "\x85", "\u202e", "\u2066",
)  # fmt: skip
BAD_FORMS = (
    {"": "x"}, {"a b": "x"}, {"ж": "x"}, {"a" * 129: "x"}, *({"a": text} for text in BAD_TEXTS),
    {f"f{n}": "" for n in range(MAX_FIELDS + 1)},
)  # fmt: skip
BAD_FILES = (
    *({"name": line} for line in ("x" * (MAX_LINE + 1), "a\nb", "\u202egpj.exe", 1, None)),
    *({"media": line} for line in ("x" * (MAX_LINE + 1), "a\nb", 1, None)),
    *({"size": size} for size in (-1, "1", None, True)),
    *({"sha256": value} for value in ("a" * 63, "a" * 65, "A" * 64, None)),
    {"more": 1},
)
HOSTILE = [
    *((REQUEST, "req", value) for value in BAD_IDENTIFIERS),
    *((REQUEST, "svc", value) for value in BAD_IDENTIFIERS),
    *((REQUEST, "iin", value) for value in BAD_NUMBERS),
    *((REQUEST, "prov", value) for value in BAD_NUMBERS),
    *((REQUEST, "nonce", value) for value in BAD_HEX),
    *((REQUEST, "form", value) for value in BAD_FORMS),
    *((REQUEST, key, value) for key in ("ts", "exp") for value in (0, -1)),
    *((REQUEST, "docs", [whole(REQUEST)["docs"][0] | change]) for change in BAD_FILES),
    (REQUEST, "docs", [{"name": "a", "media": "b", "size": 1}]),
    (REQUEST, "docs", whole(REQUEST)["docs"] * (MAX_LISTED_FILES + 1)),
    *((RESULT, "req", value) for value in BAD_IDENTIFIERS),
    *((RESULT, "svc", value) for value in BAD_IDENTIFIERS),
    *((RESULT, "reg_no", value) for value in BAD_IDENTIFIERS),
    *((RESULT, "req_sha256", value) for value in ("0" * 63, "0" * 65, "F" * 64)),
    *((RESULT, "reason", value) for value in BAD_TEXTS),
    *((RESULT, "content", value) for value in BAD_FORMS),
    *((RESULT, "outcome", value) for value in ("", "Issued", "accepted", ISSUED)),
    (RESULT, "issued_at", 0),
    *((QUERY, key, value) for key in ("query", "purpose") for value in BAD_IDENTIFIERS),
    *((QUERY, key, value) for key in ("iin", "asker") for value in BAD_NUMBERS),
    *((QUERY, "nonce", value) for value in BAD_HEX),
    (QUERY, "ts", 0),
    *((ANSWER, "nonce", value) for value in BAD_HEX),
    *((ANSWER, "surname", value) for value in (None, "a\nb", "x" * (MAX_LINE + 1))),
    *((ANSWER, "birth_date", value) for value in (None, "\x00")),
    (ANSWER, "found", False),
    (ANSWER, "found", 1),
]  # fmt: skip


@pytest.mark.parametrize(("document", "key", "value"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_value_beyond_its_bounds_is_refused(document, key, value):
    with pytest.raises(FormatError):
        READERS[type(document)](encode(whole(document) | {key: value}))


def test_the_bounds_are_inclusive():
    at_most = replace(
        REQUEST,
        id="a" * 128,
        iin="9" * MAX_NUMBER,
        form={"a": "x" * MAX_TEXT} | {f"f{n}": "line\nline" for n in range(MAX_FIELDS - 1)},
        docs=(replace(FILE, name="x" * MAX_LINE, size=MAX_INTEGER),) * MAX_LISTED_FILES,
    )
    assert read_request(at_most.octets()) == at_most


@pytest.mark.parametrize(
    "iin", ["", "76080O393806", "7608053938060", "76080539380", "901301300007", "٧٦٠٨٠٥٣٩٣٨٠٦"]
)
def test_a_malformed_number_is_read_for_others_to_judge(iin):
    assert read_request(replace(REQUEST, iin=iin).octets()).iin == iin


def test_a_refusal_without_a_reason_is_read_for_others_to_judge():
    silent = replace(RESULT, reason=None)
    assert read_result(silent.octets()) == silent


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b" " + REQUEST.octets(),
        REQUEST.octets() + b"\n",
        REQUEST.octets()[:-1],
        REQUEST.octets().replace(b'"ts":1', b'"ts":1.0'),
        REQUEST.octets().replace(b'"ts":1', b'"ts":1,"ts":1'),
        REQUEST.octets().replace(b'"ts":1', b'"ts":NaN'),
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"0" * (MAX_OCTETS + 1),
        replace(REQUEST, form={f"f{n}": "ж" * 1_000 for n in range(40)}).octets(),
    ],
    ids=range(14),
)
def test_anything_else_than_the_one_form_is_refused(octets):
    for read in READERS.values():
        with pytest.raises(FormatError):
            read(octets)


@pytest.mark.parametrize("document", [REQUEST, QUERY])
def test_an_error_repeats_nothing_of_the_document(document):
    with pytest.raises(FormatError) as caught:
        READERS[type(document)](encode(whole(document) | {"iin": 850704200017}))

    assert "8507" not in str(caught.value)
    assert "8507" not in repr(document)


def test_the_same_question_or_answer_never_has_the_same_hash():
    assert replace(QUERY, nonce="3" * 32).octets() != QUERY.octets()
    assert replace(ANSWER, nonce="3" * 32).octets() != ANSWER.octets()

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.canonical_json import MAX_INTEGER, MAX_OCTETS, encode
from actors.envelopes import ISSUED, REFUSED, Request, Result, SignedDocument, read_request, read_result
from actors.errors import FormatError

REQUEST = Request(
    id="R-1",
    service="doctor-home-call",
    iin="850704200017",
    provider="121240000013",
    issued_at_us=1,
    expires_at_us=2,
    nonce="0" * 32,
    form={"surname": "Тестова"},
)
RESULT = Result(
    request_id="R-1",
    request_sha256="0" * 64,
    service="doctor-home-call",
    provider="121240000013",
    registration_number="11301150000001",
    outcome=ISSUED,
    reason=None,
    issued_at_us=3,
    content={"document": "home-call-certificate"},
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.integers(-MAX_INTEGER, MAX_INTEGER)
forms = st.dictionaries(texts, texts, max_size=4)


def plain(octets):
    return json.loads(octets)


@settings(deadline=None, max_examples=60)
@given(
    st.builds(
        Request,
        id=texts,
        service=texts,
        iin=texts,
        provider=texts,
        issued_at_us=moments,
        expires_at_us=moments,
        nonce=texts,
        form=forms,
    )
)
def test_a_request_is_read_as_it_was_written(request):
    assert read_request(request.octets()) == request


@settings(deadline=None, max_examples=60)
@given(
    st.builds(
        Result,
        request_id=texts,
        request_sha256=texts,
        service=texts,
        provider=texts,
        registration_number=texts,
        outcome=st.sampled_from([ISSUED, REFUSED]),
        reason=st.none() | texts,
        issued_at_us=moments,
        content=forms,
    )
)
def test_a_result_is_read_as_it_was_written(result):
    assert read_result(result.octets()) == result


def test_every_field_is_under_the_hash():
    fields = {"id": "2", "service": "2", "iin": "2", "provider": "2", "issued_at_us": 9, "expires_at_us": 9,
              "nonce": "2", "form": {}}  # fmt: skip
    changed = [replace(REQUEST, **{name: value}) for name, value in fields.items()]

    assert len({SignedDocument(one.octets(), None).sha256 for one in (REQUEST, *changed)}) == 9


def test_a_request_is_no_result_and_a_result_no_request():
    with pytest.raises(FormatError):
        read_result(REQUEST.octets())
    with pytest.raises(FormatError):
        read_request(RESULT.octets())


WHOLE = plain(REQUEST.octets())
VALUES = (None, True, False, 1, "text", [], {"a": 1}, {"a": None}, {"a": {}}, {"a": []})
WRONG = [
    (key, value)
    for key in WHOLE
    for value in VALUES
    if key == "typ" or isinstance(value, dict) or type(value) is not type(WHOLE[key])
]


@pytest.mark.parametrize(("key", "value"), WRONG, ids=range(len(WRONG)))
def test_a_value_of_another_type_is_refused(key, value):
    with pytest.raises(FormatError):
        read_request(encode(WHOLE | {key: value}))


@pytest.mark.parametrize("key", WHOLE)
def test_a_missing_key_is_refused(key):
    rest = {name: value for name, value in WHOLE.items() if name != key}
    with pytest.raises(FormatError):
        read_request(encode(rest))


def test_an_additional_key_is_refused():
    with pytest.raises(FormatError):
        read_request(encode(WHOLE | {"admin": True}))


@pytest.mark.parametrize("outcome", ["", "Issued", "accepted"])
def test_a_result_is_issued_or_refused(outcome):
    with pytest.raises(FormatError):
        read_result(replace(RESULT, outcome=outcome).octets())


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
        replace(REQUEST, form={"a": "x" * MAX_OCTETS}).octets(),
    ],
    ids=range(14),
)
def test_anything_else_than_the_one_form_is_refused(octets):
    with pytest.raises(FormatError):
        read_request(octets)
    with pytest.raises(FormatError):
        read_result(octets)


def test_an_error_repeats_nothing_of_the_document():
    whole = WHOLE | {"iin": 850704200017}
    with pytest.raises(FormatError) as caught:
        read_request(encode(whole))

    assert "8507" not in str(caught.value)

"""The strict reader and writer of DER."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actors import der
from actors.errors import FormatError
from actors.moments import SECOND_US

FIRST_SECOND = -62_135_596_800  # year 1
LAST_SECOND = 253_402_300_799  # year 9999


@given(st.integers(-(2**200), 2**200))
def test_integers(number):
    assert der.read_integer(der.read(der.write_integer(number), der.INTEGER)) == number


@pytest.mark.parametrize(
    ("number", "octets"),
    [
        (0, "020100"),
        (127, "02017f"),
        (128, "02020080"),
        (256, "02020100"),
        (-1, "0201ff"),
        (-128, "020180"),
        (-129, "0202ff7f"),
    ],
)
def test_integers_have_their_shortest_form(number, octets):
    assert der.write_integer(number).hex() == octets


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=8))
def test_object_identifiers(first, second, rest):
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.read_oid(der.read(der.write_oid(dotted), der.OBJECT_IDENTIFIER)) == dotted


def test_an_object_identifier_with_a_long_second_arc():
    assert der.write_oid("2.999.3").hex() == "0603883703"
    assert der.read_oid(der.read(bytes.fromhex("0603883703"), der.OBJECT_IDENTIFIER)) == "2.999.3"


@given(st.integers(FIRST_SECOND, LAST_SECOND), st.integers(0, SECOND_US - 1))
def test_times_keep_whole_seconds(second, rest_us):
    octets = der.write_time(second * SECOND_US + rest_us)
    (element,) = der.read_all(octets)
    assert der.read_time(element) == second * SECOND_US


@pytest.mark.parametrize(
    ("second", "text"),
    [
        (0, b"\x17\x0d700101000000Z"),
        (-631_152_001, b"\x18\x0f19491231235959Z"),
        (-631_152_000, b"\x17\x0d500101000000Z"),
        (2_524_607_999, b"\x17\x0d491231235959Z"),
        (2_524_608_000, b"\x18\x0f20500101000000Z"),
    ],
)
def test_two_digits_of_the_year_from_1950_to_2049(second, text):
    assert der.write_time(second * SECOND_US) == text
    (element,) = der.read_all(text)
    assert der.read_time(element) == second * SECOND_US


@pytest.mark.parametrize("moment_us", [10**30, -(10**30), (LAST_SECOND + 1) * SECOND_US])
def test_there_is_no_time_outside_the_calendar(moment_us):
    with pytest.raises(FormatError):
        der.write_time(moment_us)


@given(st.lists(st.binary(max_size=300), unique=True, max_size=6))
def test_sets_are_sorted(contents):
    elements = [der.write(der.OCTET_STRING, content) for content in contents]
    written = der.read(der.write_set_of(der.SET, *elements), der.SET)
    read = der.read_set_of(written.content)
    assert sorted(elements) == [element.octets for element in read]


@given(st.integers(0, 70_000))
def test_lengths(length):
    octets = der.write(der.OCTET_STRING, b"x" * length)
    assert len(der.read(octets, der.OCTET_STRING).content) == length


@given(st.binary(max_size=40))
def test_whatever_is_read_is_written_again_as_it_was(octets):
    try:
        elements = der.read_all(octets)
    except FormatError:
        return
    assert b"".join(der.write(element.tag, element.content) for element in elements) == octets


@given(
    st.binary(max_size=12),
    st.sampled_from([der.INTEGER, der.OBJECT_IDENTIFIER, der.UTC_TIME, der.GENERALIZED_TIME]),
)
def test_whatever_value_is_read_is_written_again_as_it_was(content, tag):
    read, write = {
        der.INTEGER: (der.read_integer, der.write_integer),
        der.OBJECT_IDENTIFIER: (der.read_oid, der.write_oid),
    }.get(tag, (der.read_time, der.write_time))
    octets = der.write(tag, content)
    try:
        value = read(der.read(octets, tag))
    except FormatError:
        assume(False)
    assert write(value) == octets


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "02",
        "0201",
        "020200",
        "02010000",
        "028101ff",
        "0280010000",
        "02820001ff",
        "0285000000000100",
        "02ff",
        "1f8100",
    ],
)
def test_other_forms_are_refused(octets):
    with pytest.raises(FormatError):
        der.read(bytes.fromhex(octets), der.INTEGER)


@pytest.mark.parametrize("octets", ["1f0100", "9f1f00", "bf0100"])
def test_long_tags_are_refused(octets):
    with pytest.raises(FormatError):
        der.read_all(bytes.fromhex(octets))


@pytest.mark.parametrize("content", ["", "0001", "ff80"])
def test_other_integers_are_refused(content):
    with pytest.raises(FormatError):
        der.read_integer(der.Element(der.INTEGER, bytes.fromhex(content), b""))


@pytest.mark.parametrize("content", ["", "80", "2a80", "2a8001", "2a" * 65])
def test_other_object_identifiers_are_refused(content):
    with pytest.raises(FormatError):
        der.read_oid(der.Element(der.OBJECT_IDENTIFIER, bytes.fromhex(content), b""))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (der.UTC_TIME, "130115060000"),
        (der.UTC_TIME, "1301150600Z"),
        (der.UTC_TIME, "130115060000+0600"),
        (der.UTC_TIME, "130229060000Z"),
        (der.UTC_TIME, "130115240000Z"),
        (der.UTC_TIME, "130115060060Z"),
        (der.UTC_TIME, "13011506000²Z"),
        (der.UTC_TIME, "+30115060000Z"),
        (der.GENERALIZED_TIME, "20130115060000Z"),
        (der.GENERALIZED_TIME, "20510115060000.5Z"),
        (der.GENERALIZED_TIME, "00000115060000Z"),
        (der.OCTET_STRING, "130115060000Z"),
    ],
)
def test_other_times_are_refused(tag, text):
    with pytest.raises(FormatError):
        der.read_time(der.Element(tag, text.encode("latin-1"), b""))


@pytest.mark.parametrize("content", ["020102020101", "020101020101"])
def test_other_sets_are_refused(content):
    with pytest.raises(FormatError):
        der.read_set_of(bytes.fromhex(content))


def test_a_cursor_gives_each_element_once():
    cursor = der.Cursor(der.write_integer(1) + der.write(der.NULL))
    assert cursor.take_optional(der.NULL) is None
    assert der.read_integer(cursor.take(der.INTEGER)) == 1
    with pytest.raises(FormatError):
        cursor.end()
    with pytest.raises(FormatError):
        cursor.take(der.INTEGER)
    assert cursor.take_optional(der.NULL) is not None
    cursor.end()
    with pytest.raises(FormatError):
        cursor.take()


@settings(deadline=None)
@given(st.integers(FIRST_SECOND, LAST_SECOND), st.integers(0, SECOND_US - 1))
def test_generalized_times_of_any_year(second, rest_us):
    octets = der.write_generalized_time(second * SECOND_US + rest_us)
    assert len(octets) == 17
    assert der.read_generalized_time(der.read(octets, der.GENERALIZED_TIME)) == second * SECOND_US


@pytest.mark.parametrize(
    "content",
    [b"", b"20130115060000", b"201301150600Z", b"20130115060000.0Z", b"2013011506000aZ", b"20130230060000Z",
     b"20130115060000+0000", b"20130115060060Z", "２0130115060000Z".encode()],
)  # fmt: skip
def test_other_generalized_times_are_refused(content):
    with pytest.raises(FormatError):
        der.read_generalized_time(der.read(der.write(der.GENERALIZED_TIME, content), der.GENERALIZED_TIME))


def test_a_utc_time_is_no_generalized_time():
    with pytest.raises(FormatError):
        der.read_generalized_time(der.read(der.write_time(0), der.UTC_TIME))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bit_strings_of_whole_octets(octets):
    assert der.read_bit_string(der.read(der.write_bit_string(octets), der.BIT_STRING)) == octets


@pytest.mark.parametrize("octets", ["0300", "03020180", "030201ff", "03020880"])
def test_other_bit_strings_are_refused(octets):
    with pytest.raises(FormatError):
        der.read_bit_string(der.read(bytes.fromhex(octets), der.BIT_STRING))


def test_context_tags():
    assert (der.context(2), der.context(2, primitive=True)) == (0xA2, 0x82)

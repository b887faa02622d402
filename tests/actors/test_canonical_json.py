"""Canonical JSON."""

import json
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import canonical_json
from actors.errors import FormatError

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-canonical_json.MAX_INTEGER, canonical_json.MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)
objects = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), values, max_size=5)


def test_the_form():
    value = {"ұ": "Ұлт\n\u2028", "b": [1, True, None, -7], "a": {}}
    assert canonical_json.encode(value) == '{"a":{},"b":[1,true,null,-7],"ұ":"Ұлт\\n\u2028"}'.encode()


@given(objects)
def test_what_is_encoded_is_decoded_again(value):
    octets = canonical_json.encode(value)
    assert canonical_json.decode(octets, max_octets=10**6) == value
    assert json.loads(octets) == value


@given(objects)
def test_the_order_of_keys_makes_no_difference(value):
    assert canonical_json.encode(dict(reversed(value.items()))) == canonical_json.encode(value)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,0123abe.-\\u ', max_size=60).map(str.encode))
def test_any_octets_are_canonical_or_refused(octets):
    try:
        value = canonical_json.decode(octets)
    except FormatError:
        return
    assert canonical_json.encode(value) == octets


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b'{"a": 1}',
        b'{"a":1} ',
        b'\xef\xbb\xbf{"a":1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":-Infinity}',
        b'{"a":1E400}',
        b'{"a":-9007199254740992}',
        b'{"a":1}\x00',
        b'{"a":1}{"a":1}',
        b"\xff\xfe{\x00}\x00",
        b'{"a":"\\/"}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\udc00\\ud800"}',
        b'{"a":"\x7f\\u007f"}',
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\x01"}',
        b"{" + b'"a":{' * 16 + b"}" * 17,
        b'{"a":' + b"[" * 16 + b"]" * 16 + b"}",
        b'{"a":' * 30_000,
        b'{"a":' + b"[" * 60_000,
        b'{"a":"' + b"x" * 65_536 + b'"}',
    ],
)
def test_other_forms_are_refused(octets):
    with pytest.raises(FormatError):
        canonical_json.decode(octets)


class Shouting(str):
    __slots__ = ()


class Listed(list):
    pass


class Mapped(dict):
    pass


class Channel(IntEnum):
    UP = 1


@pytest.mark.parametrize(
    "value",
    [
        [],
        None,
        {"a": 1.5},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": -(2**53)},
        {1: "a"},
        {"a": (1, 2)},
        {"a": b"octets"},
        {"a": Shouting("x")},
        {"a": Channel.UP},
        {"a": Listed([1])},
        {"a": Mapped(b=1)},
        {"a": "\ud800"},
        {"\udfff": 1},
        {"a": {2}},
    ],
)
def test_other_values_are_refused(value):
    with pytest.raises(FormatError):
        canonical_json.encode(value)


def nested(levels):
    value = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def test_sixteen_levels_are_the_limit():
    deep = canonical_json.encode(nested(16))
    assert canonical_json.decode(deep) == nested(16)
    with pytest.raises(FormatError):
        canonical_json.encode(nested(17))


def test_a_loop_is_refused():
    loop = {}
    loop["a"] = loop
    with pytest.raises(FormatError):
        canonical_json.encode(loop)


def test_the_limit_of_octets_is_inclusive():
    octets = canonical_json.encode({"a": "x"})
    assert canonical_json.decode(octets, max_octets=len(octets)) == {"a": "x"}
    with pytest.raises(FormatError):
        canonical_json.decode(octets, max_octets=len(octets) - 1)


SHELLS = (b"[", b'{"a":', b'{"\\"]}":', b'[1,"]",')


@given(st.lists(st.sampled_from(SHELLS), min_size=17, max_size=40), st.booleans())
def test_what_is_too_deep_is_refused_before_it_is_parsed(shells, closed):
    octets = b'{"a":' + b"".join(shells)
    octets += b"1" + b"".join(b"]" if one[:1] == b"[" else b"}" for one in reversed(shells)) * closed
    with pytest.raises(FormatError, match="too deep"):
        canonical_json.decode(octets)


@pytest.mark.parametrize("one", [{}, [], {"": 0}], ids=str)
def test_the_number_of_objects_and_lists_is_limited_inclusively(one):
    most = {"a": [one] * (canonical_json.MAX_CONTAINERS - 2)}
    octets = canonical_json.encode(most)
    assert canonical_json.decode(octets) == most
    with pytest.raises(FormatError, match="too many values"):
        canonical_json.decode(octets[:-2] + b",[]]}")
    with pytest.raises(FormatError, match="too many values"):
        canonical_json.encode({"a": [*most["a"], []]})


def test_brackets_inside_text_are_not_counted():
    value = {"a": "[{" * 5_000, "b": ["]", "["] * 5_000}
    assert canonical_json.decode(canonical_json.encode(value)) == value


@pytest.mark.parametrize("levels", [15, 16])
def test_siblings_that_are_closed_give_no_depth_back(levels):
    octets = b'{"a":[' + b"[]," * 30 + b"[" * (levels - 1) + b"]" * levels + b"}"
    if levels == 15:
        assert canonical_json.encode(canonical_json.decode(octets)) == octets
        return
    with pytest.raises(FormatError, match="too deep"):
        canonical_json.decode(octets)


@given(objects)
def test_brackets_inside_text_are_not_depth(value):
    wide = {"text": "[{" * 20, "many": [value, *([] for _ in range(20))], "[" * 20 + '\\"': "]"}
    assert canonical_json.decode(canonical_json.encode(wide), max_octets=10**6) == wide


@given(objects, st.data())
def test_a_changed_octet_is_another_value_or_none(value, data):
    octets = bytearray(canonical_json.encode(value))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        changed = canonical_json.decode(bytes(octets), max_octets=10**6)
    except FormatError:
        return
    assert canonical_json.encode(changed) == octets != canonical_json.encode(value)


@given(objects, st.sampled_from([b" ", b"\n", b"\x00", b"}", b",", b"\xef\xbb\xbf"]))
def test_nothing_stands_before_or_after_the_object(value, more):
    octets = canonical_json.encode(value)
    for changed in (octets + more, more + octets):
        with pytest.raises(FormatError):
            canonical_json.decode(changed, max_octets=10**6)


@pytest.mark.parametrize(
    "octets",
    [
        b'{"a":' * 13_000,
        b'{"a":' + b"[" * 65_000,
        b"[]" * 9 + b'"' + b'\\"' * 32_000,
        b"[]" * 9 + b'["' * 32_000,
        b"[]" * 9 + b'\\"' * 32_000,
        b"{" + b"[]" * 9 + b'"' + b"\\" * 65_000,
        b'{"a":' + b"9" * 65_000 + b"}",
        b'{"a":0.' + b"9" * 65_000 + b"}",
        b'{"a":"' + b"\\ud800" * 10_000 + b'"}',
    ],
    ids=range(9),
)
def test_hostile_octets_are_refused_like_any_other(octets):
    with pytest.raises(FormatError):
        canonical_json.decode(octets)


def test_a_reader_with_little_stack_left_answers_the_same():
    def sunk(levels):
        return (
            canonical_json.decode(b'{"a":' + b"[" * 15 + b"]" * 15 + b"}")
            if levels == 0
            else sunk(levels - 1)
        )

    assert sunk(0) == sunk(400)

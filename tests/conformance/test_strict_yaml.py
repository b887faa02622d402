"""YAML by people is read strictly: what YAML would guess, expand or drop is refused with its place."""

import contextlib
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import strict_yaml
from conformance.errors import InputError
from conformance.regulation import CellStatus, Data
from conformance.strict_yaml import MAX_DEPTH, MAX_DIGITS, MAX_OCTETS, decode_yaml, read_yaml


class Inner(Data, frozen=True, kw_only=True):
    status: CellStatus = CellStatus.PRINTED
    wait_s: int | None = None


class Outer(Data, frozen=True, kw_only=True):
    name: str = ""
    number: int = 0
    flag: bool = False
    inner: tuple[Inner, ...] = ()


@pytest.fixture(params=["compiled", "python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers must refuse the same: a wheel without the compiled one falls back."""
    if request.param == "python":
        monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
    return str(request.param)


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        decode_yaml(text, Outer, "file.yaml")
    return caught.value


@pytest.mark.usefixtures("loader")
def test_plain_data_is_read() -> None:
    text = 'name: "a"\nnumber: 7\nflag: true\ninner:\n  - {status: assumed, wait_s: null}\n'
    inner = (Inner(status=CellStatus.ASSUMED),)
    assert decode_yaml(text, Outer, "f") == Outer(name="a", number=7, flag=True, inner=inner)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: &a x\nnumber: *a\n", "line 2: found a YAML alias, expected the value itself"),
        ("name: !!str x\n", "line 1: found the tag tag:yaml.org,2002:str, expected plain data"),
        ("name: !own x\n", "line 1: found the tag !own, expected"),
        ("!!python/object:os.system {name: x}\n", "found the tag tag:yaml.org,2002:python/object:os.system"),
        ("name: a\nname: b\n", "name: found a duplicate key in line 2, expected each key once"),
        ("inner: [{wait_s: 1, wait_s: 2}]\n", "inner[0].wait_s: found a duplicate key in line 1"),
        ("? [a]\n: b\n", "found a key that is not text, expected a plain key"),
        (
            "name: 010203500012\n",
            "name: found twelve digits without quotes, expected an IIN or BIN in quotes",
        ),
        ("name:\n\tnumber: 1\n", "line 2, column 1: found character "),
        ("", "file.yaml: found an empty file, expected a YAML document"),
        ("# only a comment\n", "file.yaml: found an empty file"),
        ("name: [a\n", "expected YAML without aliases and with balanced structure"),
        ("--- {name: a}\n--- {name: b}\n", "expected YAML without aliases"),
        ("name: \x00\n", "expected YAML without aliases"),
    ],
)
def test_what_yaml_would_guess_is_refused(text: str, says: str) -> None:
    error = refused(text)
    assert str(error).startswith("file.yaml: ")
    assert says in str(error)


@pytest.mark.usefixtures("loader")
def test_an_alias_bomb_does_not_expand() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    assert refused("\n".join(rows)).found == "a YAML alias"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    error = refused("[" * depth + "]" * depth)
    assert (error.inside, error.found) == ("line 1", "too many nested levels")


@pytest.mark.usefixtures("loader")
def test_allowed_nesting_reaches_the_types() -> None:
    assert "too many" not in str(refused("[" * MAX_DEPTH + "]" * MAX_DEPTH))


def test_an_unquoted_iin_is_never_repeated() -> None:
    assert "010203500012" not in str(refused("name: 010203500012\n"))
    assert "010203500012" not in str(refused('number: "010203500012"\n'))


def test_quotes_keep_text_as_it_stands() -> None:
    assert decode_yaml('name: "010203500012"\n', Outer, "f").name == "010203500012"
    assert decode_yaml("name: 'no'\n", Outer, "f").name == "no"
    assert decode_yaml("name: no\n", Outer, "f").name == "no"
    assert decode_yaml("name: |\n  12\n", Outer, "f").name == "12\n"


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "Null", "0o17", "017", "1_000", "0x1f", "1:30"])
def test_words_that_yaml_would_convert_stay_words(text: str) -> None:
    assert decode_yaml(f"name: {text}\n", Outer, "f").name == text


def test_an_endless_number_is_refused() -> None:
    assert decode_yaml(f"number: {'9' * MAX_DIGITS}\n", Outer, "f").number == int("9" * MAX_DIGITS)
    assert refused(f"number: {'9' * 5000}\n").found == "a number of 5000 digits"


@pytest.mark.parametrize(
    ("text", "inside", "found", "expected", "nearest"),
    [
        ("nmae: a\n", "nmae", "the unknown key nmae", "a known key", "name"),
        ("inner: [{stat: printed}]\n", "inner[0].stat", "the unknown key stat", "a known key", "status"),
        ("inner: [{status: assume}]\n", "inner[0].status", "'assume'", "one of the listed names", "assumed"),
        ("number: many\n", "number", "the text 'many'", "int", None),
        ("name: 5\n", "name", "int", "str", None),
        (
            "inner: [{wait_s: 2h}]\n",
            "inner[0].wait_s",
            "the text '2h'",
            "whole seconds, a number without a unit",
            None,
        ),
        ("- a\n", "", "array", "object", None),
    ],
)
def test_a_wrong_shape_is_named(
    text: str, inside: str, found: str, expected: str, nearest: str | None
) -> None:
    error = refused(text)
    assert (error.place, error.inside) == ("file.yaml", inside)
    assert (error.found, error.expected, error.nearest) == (found, expected, nearest)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for content, found in (
        (b"name: \xff\n", "octet 6 that is not UTF-8"),
        (b"#" * (MAX_OCTETS + 1), "octets"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=found):
            read_yaml(path, Outer)
    for missing in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(InputError, match="a readable YAML file"):
            read_yaml(missing, Outer)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(decode_yaml(text, Outer, "f"), Outer)

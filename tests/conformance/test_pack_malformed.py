"""Malformed packs end in a message with a place, whatever was cut, doubled, swapped or put in."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.pack import load_pack
from conformance.pack_diff import diff_packs
from conformance.pack_text import show_pack
from tests.conformance.small_packs import write_pack

FILES = ("act.yaml", "process.yaml", "norms.yaml", "clauses/all.yaml")
CALENDARS = """\
calendars:
  - id: desk-hours
    valid: {first: "2020-01-01", until: "2022-01-01"}
    hours: [{days: [monday, tuesday], opens: "09:00", closes: "17:00"}]
    exceptions: [{date: "2020-05-04", opens: "10:00", closes: "12:00", note: "short"}]
"""
PIECES = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "null",
        "[]",
        "{}",
        "0",
        "-1",
        "true",
        '""',
        ": ",
        "- ",
        "&a",
        "*a",
        "\t",
        "\x00",
        "é",
        "[[[",
    ]
)
Changes = list[tuple[str, str, int, str]]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(FILES), st.sampled_from(["cut", "double", "swap", "put"]), st.integers(0, 400), PIECES
    ),
    min_size=1,
    max_size=3,
)


def change(text: str, how: str, at: int, piece: str) -> str:
    words = text.split(" ")
    i = at % len(words)
    if how == "cut":
        return " ".join(words[:i] + words[i + 1 :])
    if how == "double":
        return " ".join([*words[: i + 1], *words[i:]])
    if how == "swap":
        j = (at * 7 + 3) % len(words)
        words[i], words[j] = words[j], words[i]
        return " ".join(words)
    return " ".join([*words[:i], piece, *words[i + 1 :]])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small pack, whole."""
    return write_pack(tmp_path_factory.mktemp("malformed") / "pack", flow=True, process=CALENDARS)


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_a_malformed_pack_is_a_pack_or_a_message(root: Path, changes: Changes) -> None:
    whole = load_pack(root)
    originals = {name: (root / name).read_text(encoding="utf-8") for name in FILES}
    try:
        for name, how, at, piece in changes:
            text = (root / name).read_text(encoding="utf-8")
            (root / name).write_text(change(text, how, at, piece), encoding="utf-8")
        try:
            pack = load_pack(root)
        except InputError as error:
            told = (error.place, error.found, error.expected)
        else:  # what still loads can be shown and compared
            told = (show_pack(pack, "en"), str(diff_packs(whole, pack)))
        assert all(told)
    finally:
        for name, text in originals.items():
            (root / name).write_text(text, encoding="utf-8")

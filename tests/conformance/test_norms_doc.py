"""The page on norms names every kind with every field of its own, and what all norms carry."""

import re
import typing
from pathlib import Path

import pytest

from conformance.norms import Norm, NormEntry

PAGE = (Path(__file__).parents[2] / "docs" / "norms.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", PAGE, re.MULTILINE))
KINDS = {kind.__struct_config__.tag: kind for kind in typing.get_args(Norm)}


def test_every_kind_has_its_row():
    assert set(ROWS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_row_names_the_fields_of_its_kind(kind):
    own = set(KINDS[kind].__struct_fields__) - set(NormEntry.__struct_fields__)
    assert own <= set(re.findall(r"`(\w+)`", ROWS[kind]))


def test_what_every_norm_carries_is_told():
    named = set(re.findall(r"\w+", PAGE))
    assert set(NormEntry.__struct_fields__) <= named

"""docs/studies.md names every field of a study, and no other."""

import re
from typing import Any, get_args

import msgspec
import pytest

from sim.laws import Law
from sim.load.study import Study
from tests.docs.test_docs import ROOT

TEXT = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^##+ (\w+)\n(.*?)(?=^##+ |\Z)", TEXT, re.MULTILINE | re.DOTALL))
LAWS = set(get_args(Law))


def structs_of(found: Any, known: dict[type[Any], dict[str, Any]]) -> dict[type[Any], dict[str, Any]]:
    """Return all structs that a type leads to, each with its fields."""
    if isinstance(found, msgspec.inspect.StructType) and found.cls not in known:
        known[found.cls] = {field.encode_name: field.type for field in found.fields}
        for field in found.fields:
            structs_of(field.type, known)
    for name in ("types", "item_types"):
        for inner in getattr(found, name, ()):
            structs_of(inner, known)
    for name in ("item_type", "key_type", "value_type"):
        if hasattr(found, name):
            structs_of(getattr(found, name), known)
    return known


STRUCTS = structs_of(msgspec.inspect.type_info(Study), {})


def named_in_first_column(section: str) -> set[str]:
    rows = re.findall(r"^\| (`[^|]*?) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("struct", sorted(STRUCTS.keys() - LAWS, key=lambda s: s.__name__), ids=str)
def test_a_section_names_the_fields_of_a_struct_and_no_other(struct: type[Any]) -> None:
    assert named_in_first_column(SECTIONS[struct.__name__]) == set(STRUCTS[struct])


@pytest.mark.parametrize("struct", sorted(STRUCTS.keys() & LAWS, key=lambda s: s.__name__), ids=str)
def test_a_row_names_the_fields_of_a_law_and_no_other(struct: type[Any]) -> None:
    rows = dict(re.findall(r"^\| `law: (\w+)` \| (.*) \|$", SECTIONS["Laws"], re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", rows[struct.__struct_config__.tag])) == set(STRUCTS[struct])


def test_every_kind_of_arrivals_is_named() -> None:
    kinds = [
        struct.__struct_config__.tag for struct in STRUCTS if struct.__struct_config__.tag_field == "kind"
    ]
    assert len(kinds) == 4
    assert [kind for kind in kinds if f"`kind: {kind}`" not in TEXT] == []


def test_every_struct_was_found() -> None:
    assert {"Study", "Poisson", "Profile", "RetryPlan", "Costs", "CitizenPlan"} <= {
        struct.__name__ for struct in STRUCTS
    }
    assert set(STRUCTS) >= LAWS

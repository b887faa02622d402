"""Saved results come back the same, damage is told, and the published schema is the real one."""

import json
from pathlib import Path

import jsonschema
import pytest

from conformance.errors import InputError
from reports.results_json import (
    decode_results,
    encode_results,
    read_results,
    results_schema,
    schema_text,
    write_results,
)
from tests.reports.examples import EXAMPLES, RICH

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "results.schema.json"
REGENERATE = "python -c \"from reports.results_json import schema_text; print(schema_text(), end='')\""


@pytest.mark.parametrize("name", EXAMPLES)
def test_results_come_back_the_same(name, tmp_path):
    place = tmp_path / "results.json"
    write_results(EXAMPLES[name], place)
    assert read_results(place) == EXAMPLES[name]


def test_the_file_is_sorted_indented_and_ends_with_a_newline():
    data = encode_results(RICH).decode()
    assert data == json.dumps(json.loads(data), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert {"summary", "norms", "clauses", "scenarios", "provenance"} <= set(json.loads(data))


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_validate_against_the_published_schema(name):
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(encode_results(EXAMPLES[name])), schema, jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_the_reader_refuses():
    broken = json.loads(encode_results(RICH))
    broken["norms"][0]["verdict"] = "green"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, results_schema())
    with pytest.raises(InputError, match="invalid enum value 'green'"):
        decode_results(json.dumps(broken).encode(), "results.json")


def test_the_published_schema_is_the_generated_one():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), f"regenerate it: {REGENERATE}"


def changed(change):
    data = json.loads(encode_results(RICH))
    change(data)
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged JSON"),
        (encode_results(RICH)[:-40], "damaged JSON"),
        (b"\xff\xfe", "damaged JSON"),
        (b"[]", "found `array`, expected `object`"),
        (b"{}", "schema_version"),
        (b'{"deep": ' + b"[" * 100_000, "too many nested levels"),
        (changed(lambda d: d.update(schema_version=1)), "schema_version: found 1, expected 3"),
        (changed(lambda d: d.update(extra=1)), "unknown field `extra`"),
        (changed(lambda d: d.pop("clauses")), "missing required field `clauses`"),
        (changed(lambda d: d["summary"].update(cases="many")), "summary.cases: found `str`, expected `int`"),
        (changed(lambda d: d["norms"].append(d["norms"][0])), r"norms\[7\]: found S1.P1.limit a second time"),
        (changed(lambda d: d["clauses"].append(d["clauses"][0])), r"clauses\[9\]: found R/1 a second time"),
        (changed(lambda d: d["scenarios"].append(d["scenarios"][0])), r"scenarios\[4\]"),
        (changed(lambda d: d["faults"].append(d["faults"][0])), r"faults\[4\]"),
    ],
)
def test_damage_is_told(data, message, tmp_path):
    place = tmp_path / "results.json"
    place.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_results(place)
    assert str(caught.value).startswith(str(place))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_results(tmp_path / "results.json")

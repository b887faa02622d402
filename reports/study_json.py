"""Write and read the ``results.json`` of a load study, and publish its JSON Schema (draft 2020-12)."""

from typing import Any

import msgspec

from conformance.errors import InputError
from conformance.study_figures import PointResults
from conformance.study_results import STUDY_SCHEMA_VERSION, StudyResults
from reports.results_json import decode_strictly, encode_published, refuse_doubles, schema_of


class _Head(msgspec.Struct):
    schema_version: int


def encode_study(results: StudyResults) -> bytes:
    """Return *results* as indented UTF-8 JSON with sorted keys, ending in a newline."""
    return encode_published(results)


def decode_study(data: bytes, place: str) -> StudyResults:
    """Return the results in *data*; *place* names the source in errors.

    Raises InputError on damage, on unknown, missing or doubled entries, and on another schema version.
    """
    version = decode_strictly(data, _Head, place).schema_version
    if version != STUDY_SCHEMA_VERSION:
        raise InputError(place, "schema_version", str(version), str(STUDY_SCHEMA_VERSION))
    results = decode_strictly(data, StudyResults, place)
    refuse_doubles(place, "points", (point.label for point in results.points))
    for index, point in enumerate(results.points):
        steps = (f"{step.service} {step.path} {step.step}" for step in point.steps)
        refuse_doubles(place, f"points[{index}].steps", steps)
        _require_offices(results, point, f"{place}: points[{index}]")
    return results


def _require_offices(results: StudyResults, point: PointResults, place: str) -> None:
    """Raise InputError where a point names an office that the study has not."""
    offices = [row.office for row in point.stations]
    offices += [row.office for row in point.bottlenecks]
    offices += [case.office for case in point.unfinished_cases]
    for office in offices:
        if office is not None and not 0 <= office < len(results.offices):
            raise InputError(place, "", f"office {office}", f"0 to {len(results.offices) - 1}")


def is_study(data: bytes) -> bool:
    """Tell whether *data* are the results of a study, not those of a run; damage is neither."""
    try:
        keys = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return "study" in keys and "points" in keys


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of the ``results.json`` of a study."""
    return schema_of(StudyResults, STUDY_SCHEMA_VERSION, "study-results")


def study_schema_text() -> str:
    """Return the schema as it stands in ``docs/study-results.schema.json``."""
    return encode_published(study_schema()).decode()

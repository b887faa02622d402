"""The indicators of a pack: optional, and refused where they speak of what the pack does not have."""

import shutil

import pytest

from conformance.errors import InputError
from conformance.indicators.computation import SurveyInput, compute_indicators
from conformance.log_file import write_log
from conformance.pack import PACKS, load_pack
from tests.conformance.indicators.test_case_counts import MONDAY, row
from tests.conformance.indicators.test_survey import MANIFEST


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "pack"
    shutil.copytree(PACKS / "astana-106-1923", target)
    return target


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("steps: [P8, V8], outcome", "steps: [P8, V9], outcome", "unknown ending step V9"),
        ("steps: [P8, V8], outcome", "steps: [P8, P5], outcome", "unknown ending step P5"),
        ("steps: [P2, P4, P7, V4, V7]", "steps: [P2, P4, P7, V7]", "nothing for V4"),
        ("outcome: accepted}", "outcome: open}", "the outcome open"),
        ("reason_field: attributes.reason", "reason_field: reason", "unknown column reason"),
        ("dropped_after_s: 2592000", "dropped_after_s: 0", "found 0"),
        ("digital_paths: [portal]", "digital_paths: [web]", "unknown path web"),
        ("start: P5", "start: V5", "unknown step V5"),
        ("calendar: provider-hours", "calendar: office", "unknown calendar office"),
        ("services: [S2]", "services: [S1]", "a second term for S1"),
        ('clause: "{service}/9"', 'clause: "{service}/99"', "unknown clause S1/99"),
        ("step: V1, moment", "step: P1, moment", "unknown step P1"),
        ("timeliness: 95", "timeliness: 100", "the target 100"),
        ("assumption: ASSUME-22", "assumption: ASSUME-99", "unknown assumption ASSUME-99"),
        ("satisfied_strict: [3]", "satisfied_strict: [4]", "found 4"),
        ("satisfied_strict: [3]", "satisfied_strict: [1]", "the lenient reading lacks"),
        ("steps: [P0, P1, P3, P5]", "steps: [P0, V1]", "unknown step V1"),
    ],
)
def test_a_fault_is_found_with_its_place(folder, old, new, found):
    place = folder / "indicators.yaml"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match="indicators.yaml.*" + found):
        load_pack(folder)


def test_a_pack_does_without_indicators_and_then_takes_no_survey(folder, tmp_path):
    (folder / "indicators.yaml").unlink()
    pack = load_pack(folder)
    assert pack.indicators is None
    write_log([row("a", "P8", MONDAY)], tmp_path / "log.parquet")
    assert compute_indicators(pack, tmp_path / "log.parquet", MANIFEST) is None
    with pytest.raises(InputError, match="a survey for the pack"):
        compute_indicators(pack, tmp_path / "log.parquet", MANIFEST, SurveyInput(tmp_path / "survey.csv"))

"""The receipt log by the command alone, as a newcomer types it: the same figures stand in results.json."""

import json
from pathlib import Path

import pytest

import reglament
from conformance.pack import PACKS
from tests.receipt_log import ABSENT, find_receipt_log

LOG = find_receipt_log()
MAPPING = PACKS / "coselog-receipt" / "mappings" / "receipt-xes.yaml"
FIGURES = {
    "W1.same-day": {"fail": 619, "pass": 815},
    "W1.deadline": {"fail": 377, "inconclusive": 105, "pass": 952},
    "W1.digital": {"fail": 184, "pass": 1_250},
}


@pytest.mark.skipif(LOG is None, reason=ABSENT)
def test_the_command_counts_what_an_independent_program_counted(tmp_path: Path) -> None:
    words = ["check", str(LOG), "--pack", "coselog-receipt", "--mapping", str(MAPPING)]
    words += ["--out", str(tmp_path / "out")]
    assert reglament._exit_code(lambda: reglament.app(words, standalone_mode=False)) == 1
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    counts = {norm["id"]: norm["counts"] for norm in results["norms"]}
    assert {name: counts[name] for name in FIGURES} == FIGURES
    assert results["summary"]["cases"] == 1_434
    assert results["summary"]["rows"] == 8_577

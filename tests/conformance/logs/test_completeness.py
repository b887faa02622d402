"""What a log lacks is counted, and said before any verdict."""

import pytest

from conformance.log_file import write_log
from conformance.logs.completeness import log_results
from conformance.logs.intake import take_in
from reports.log_statements import log_statements
from reports.texts import Texts
from tests.conformance.fragments import row

HOUR = 3_600_000_000
MIDNIGHT = 1368554400000000  # 2013-05-15, 00:00 in Almaty


@pytest.fixture
def found(tmp_path):
    rows = [
        row("P1", None, MIDNIGHT, resolution_us=86_400_000_000, resource=None, outcome=None, attributes=None),
        row("P3", MIDNIGHT, MIDNIGHT + HOUR, attributes=None),
        row("P5", MIDNIGHT, MIDNIGHT + HOUR, attributes=None),
        row("P1", MIDNIGHT, None, case_id="open", attributes=None),
        row("P3", MIDNIGHT, None, case_id="open", attributes=None),
    ]
    write_log(rows, tmp_path / "log.parquet")
    return log_results(take_in(tmp_path / "log.parquet", None, None, tmp_path / "out.parquet"), "Asia/Almaty")


def test_values_cases_ties_and_clocks_are_counted(found):
    assert (found.rows, found.cases, found.open_cases, found.ties, found.midnight) == (5, 2, 1, 2, 1)
    assert found.with_value["enabled_us"] == 4
    assert found.with_value["completed_us"] == 3
    assert found.with_value["attributes"] == 0
    assert sum(found.resolutions.values()) == 5
    assert found.resolutions["86400000000"] == 1
    assert (found.mapped, found.clock_error_us) == (False, None)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_statements_hold_the_counts_in_every_language(found, language):
    said = log_statements(found, Texts(language))
    assert any("80" in line for line in said)
    assert any("20" in line for line in said)
    assert not [line for line in said if "{" in line]

"""On a log of 100,000 rows the scalable judge finds every injected violation, and no case more.

Not part of `make test`: `make test-large` plays it.
"""

import pytest

from conformance.engine.judging import judge_log
from conformance.fragment_rows import clean_rows
from conformance.injection import Injector
from conformance.multiplication import multiply
from conformance.norm_verdicts import MAX_FINDINGS
from conformance.pack import as_agreed
from conformance.verdicts import Verdict
from tests.conformance.shipped_fragments import breakable, shipped

pytestmark = pytest.mark.xdist_group("a large log")  # one worker makes it
ROWS = 100_000
EACH = 6
"""So many that a norm broken by three kinds of violations still names all its cases among its findings."""

FRAGMENTS = shipped()
PACK = as_agreed(FRAGMENTS.pack)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    out = tmp_path_factory.mktemp("clean") / "log.parquet"
    multiply(PACK, clean_rows(PACK, FRAGMENTS.file), out, ROWS, seed=1)
    return out


def test_the_clean_log_breaks_nothing(clean):
    judged = judge_log(PACK, clean).judgement

    assert [norm.id for norm in judged.norms if norm.counts.get(Verdict.FAIL, 0)] == []
    assert [norm.id for norm in judged.norms if norm.counts.get(Verdict.ERROR, 0)] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_exactly_the_injected_cases_are_found(clean, tmp_path, seed):
    out = tmp_path / "log.parquet"
    injected = Injector(FRAGMENTS, seed).inject(clean, out, dict.fromkeys(breakable(), EACH))
    assert max(map(len, injected.broken.values())) <= MAX_FINDINGS

    judged = judge_log(PACK, out).judgement

    found = {
        norm.id: tuple(one.case_id for one in norm.findings if one.verdict is Verdict.FAIL)
        for norm in judged.norms
        if norm.counts.get(Verdict.FAIL, 0)
    }
    assert found == injected.broken
    assert {norm.id: norm.counts[Verdict.FAIL] for norm in judged.norms if norm.id in found} == {
        name: len(cases) for name, cases in injected.broken.items()
    }

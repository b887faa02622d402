"""Judge a log twice, by the plain evaluator and by the engine, and compare everything."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

from conformance.engine.judging import judge_log
from conformance.judge import judge
from conformance.log_file import read_log, write_log
from conformance.pack import load_pack

PACK = load_pack("astana-106-1923")
ROUTES = [("S1", "portal"), ("S2", "portal"), ("S1", "provider")]


def drawing(examples):
    """Return settings for so many examples, always the same ones.

    Each example opens a database: shrinking one would take minutes.
    """
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def with_norms(norms):
    """Return the pack with *norms* for its own."""
    return replace(PACK, norms=norms)


def both(pack, rows, batch_rows=1_000_000, *, trusting=False, **beside):
    """Return the judgement of the plain evaluator, and what the engine says."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.parquet"
        write_log(rows, log)
        plain = judge(pack, read_log(log), **beside)
        return plain, judge_log(pack, log, batch_rows=batch_rows, trusting=trusting, **beside)


def differences(plain, fast):
    """Return where the results of norms differ: norm, field, both values."""
    return [
        (norm.id, name, getattr(norm, name), getattr(other, name))
        for norm, other in zip(plain.norms, fast.norms, strict=True)
        for name in norm.__struct_fields__
        if getattr(norm, name) != getattr(other, name)
    ]


def require_agreement(pack, rows, **how):
    """Assert that both say the same of *rows*, to the last figure."""
    require_the_same(*both(pack, rows, **how), rows)


def require_the_same(plain, fast, rows):
    """Assert that *fast*, which the engine says of *rows*, is the *plain* judgement."""
    assert differences(plain, fast.judgement) == []
    assert plain == fast.judgement
    assert fast.size.rows == len(rows)
    assert fast.size.cases == len({row.case_id for row in rows})

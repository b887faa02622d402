"""The engine says of a saved log what the plain evaluator says of its rows: figures, reasons, findings."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conformance.engine.judging import judge_log
from conformance.judge import judge
from conformance.log_file import read_log, write_log
from conformance.pack import load_pack
from tests.conformance.engine.drawn_logs import logs

PACK = load_pack("astana-106-1923")
# Each example opens a database: shrinking one would take minutes.
SETTINGS = settings(
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    max_examples=25,
)


def both(pack, rows, batch_rows=1_000_000):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.parquet"
        write_log(rows, log)
        return judge(pack, read_log(log)), judge_log(pack, log, batch_rows=batch_rows)


def differences(plain, fast):
    return [
        (norm.id, name, getattr(norm, name), getattr(other, name))
        for norm, other in zip(plain.norms, fast.norms, strict=True)
        for name in norm.__struct_fields__
        if getattr(norm, name) != getattr(other, name)
    ]


@SETTINGS
@given(rows=logs(PACK), batch_rows=st.sampled_from([3, 10, 1_000_000]))
def test_the_engine_agrees_with_the_plain_evaluator(rows, batch_rows):
    plain, fast = both(PACK, rows, batch_rows)
    assert differences(plain, fast.judgement) == []
    assert plain == fast.judgement
    assert fast.size.rows == len(rows)

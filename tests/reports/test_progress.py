"""Progress is one line on a terminal's stderr, and nothing anywhere else."""

import io
import sys

from reports import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_told_where_nobody_looks(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress.progress_line() is None


def test_one_line_is_rewritten_after_a_second(monkeypatch):
    terminal, moments = Terminal(), iter([0.0, 0.5, 2.0, 4.0])
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(moments))
    tell = progress.progress_line()
    for done, name in ((1, "too early"), (2, "b"), (4, "last")):
        tell(done, 4, name)
    assert terminal.getvalue() == (
        "\r\x1b[K2 of 4 scenarios, 2 s left: b\r\x1b[K4 of 4 scenarios, 0 s left: last\n"
    )

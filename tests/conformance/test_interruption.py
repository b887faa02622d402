"""An interruption is heard at once, or after what must not be left half done, and is never forgotten."""

import signal
from pathlib import Path

import pytest

from conformance.interruption import Interruption, current_interruption, hear_interruptions


def test_it_is_raised_at_once():
    heard = Interruption()
    with pytest.raises(KeyboardInterrupt):
        heard(signal.SIGTERM, None)
    assert heard.came


def test_what_is_held_back_is_raised_after_the_outermost_block():
    heard, done = Interruption(), []

    def work():
        with heard.held_back():
            with heard.held_back():
                heard(signal.SIGTERM, None)
            done.append("the block")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the block"]


def test_what_is_written_is_remembered():
    heard = Interruption()
    with pytest.raises(KeyboardInterrupt), heard.writing(Path("out")):
        heard(signal.SIGTERM, None)
    assert heard.written == Path("out")


def test_nothing_is_written_after_an_interruption_that_was_swallowed_but_after_one_that_was_heeded():
    heard = Interruption()
    with pytest.raises(KeyboardInterrupt):
        heard(signal.SIGTERM, None)
    with pytest.raises(KeyboardInterrupt), heard.writing(Path("out")):
        pytest.fail("the writing began")
    assert heard.written is None
    heard.heed()
    with heard.writing(Path("out")):
        pass
    assert heard.written == Path("out")


def test_at_the_end_nothing_is_raised_any_more():
    heard = Interruption()
    heard.end()
    with heard.held_back():
        heard(signal.SIGTERM, None)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP on this machine")
def test_an_ignored_signal_stays_ignored():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        heard = hear_interruptions()
        assert current_interruption() is heard
        assert signal.getsignal(signal.SIGTERM) is heard
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert current_interruption() is not heard

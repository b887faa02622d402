import hashlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from sim.streams import Streams


def numbers(streams, name, count=5):
    return streams.stream(name).integers(0, 2**32, count).tolist()


def test_the_same_name_gives_the_same_numbers():
    streams = Streams(1)

    assert numbers(streams, "case-1/P1/portal/1") == numbers(streams, "case-1/P1/portal/1")
    assert streams.octets("salt", 16) == Streams(1).octets("salt", 16)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=20), st.text(max_size=20))
def test_another_name_gives_other_numbers(one, other):
    streams = Streams(1)

    assert (numbers(streams, one) == numbers(streams, other)) == (one == other)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**70), st.integers(0, 2**70))
def test_another_seed_gives_other_numbers(one, other):
    assert (numbers(Streams(one), "name") == numbers(Streams(other), "name")) == (one == other)


def test_who_else_draws_and_in_which_order_changes_nothing():
    alone = numbers(Streams(1), "mine")
    streams = Streams(1)
    numbers(streams, "theirs", 1000)
    streams.octets("others", 100)

    assert numbers(streams, "mine") == alone


@pytest.mark.parametrize("length", [0, 1, 12, 16, 100])
def test_octets_are_as_many_as_asked_for(length):
    assert len(Streams(1).octets("name", length)) == length


def test_a_seed_below_zero_is_refused():
    with pytest.raises(InputError, match="found -1, expected a whole number"):
        Streams(-1)


def test_the_numbers_are_the_ones_of_every_process():
    program = "from sim.streams import Streams; print(Streams(7).octets('a/name', 32).hex())"
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert found == {Streams(7).octets("a/name", 32).hex()}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**100), st.text(max_size=20))
def test_the_numbers_are_those_of_the_seed_and_the_hash_of_the_name(seed, name):
    digest = hashlib.sha256(name.encode()).digest()
    words = [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4)]
    plain = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))

    assert numbers(Streams(seed), name) == plain.integers(0, 2**32, 5).tolist()

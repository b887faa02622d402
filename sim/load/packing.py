"""Columns of whole numbers as octets, small enough to travel between processes and to be kept."""

import zlib
from typing import Any

import numpy as np

from sim.load.blocks import Column


def packed(numbers: Any) -> bytes:
    """Return whole numbers as compressed octets; equal numbers give equal octets."""
    return zlib.compress(np.ascontiguousarray(numbers, "<i8").tobytes(), 1)


def unpacked(octets: bytes) -> Column:
    """Return the numbers of *packed*, flat."""
    return np.frombuffer(zlib.decompress(octets), "<i8").astype(np.int64)

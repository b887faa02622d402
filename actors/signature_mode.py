"""How many of a run's signatures are real."""

from enum import StrEnum


class SignatureMode(StrEnum):
    """All of them, a sample, or none."""

    REAL = "real"
    SAMPLED = "sampled"
    OFF = "off"

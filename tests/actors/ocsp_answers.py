"""Answers asked for and read, for the tests of OCSP."""

import pytest

from actors.authority import ANSWER_LIFETIME_US
from actors.errors import FormatError
from actors.ocsp import OcspAnswer, OcspStatus, read_answer


def asked(pki, octets=None, *, at_us=None, trust=None, cache=None):
    octets = octets or answered(pki)
    return read_answer(octets, trust or pki.trust, moment_us=at_us or pki.now_us, cache=cache)


def answered(pki, serial=None, issuer=None, at_us=None, **changes):
    serial = serial or pki.person().draft.serial
    return pki.authority.answer_ocsp(serial, issuer or pki.authority.issuing, at_us or pki.now_us, **changes)


def facts(pki, **changes):
    issuing = pki.authority.issuing
    known = {
        "issuer": issuing.as_issuer,
        "serial": pki.person().draft.serial,
        "status": OcspStatus.GOOD,
        "revoked_at_us": None,
        "this_update_us": pki.now_us,
        "next_update_us": pki.now_us + ANSWER_LIFETIME_US,
    }
    return OcspAnswer(**(known | changes))


def refused(pki, octets, **changes):
    with pytest.raises(FormatError):
        pytest.fail(f"believed: {asked(pki, octets, **changes)}")

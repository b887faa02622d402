"""Whatever an attacker sends, the answer is no, and costs little more than the check of honest matter.

The costs are ratios of the process's own computing time, both sides measured in turn: neither a slow
machine nor what others do on it counts. A text or signature is held against the check of an honest signed
request; attachments, against the digest of as many octets as the policy permits, which no check of them
can save.
"""

import hashlib
import time
from collections.abc import Callable

import pytest

from actors.attachments import AttachmentLimits
from tests.actors.conftest import Pki
from tests.actors.signed_requests import SignedRequest
from tests.oracles import hostile

MOST_REQUESTS = 40
MOST_DIGESTS = 2
TRIES = 5
ATTACHMENTS = "attachments: "


@pytest.fixture(scope="module")
def pki():
    return Pki()


@pytest.fixture(scope="module")
def kinds(pki):
    return hostile.kinds(pki)


@pytest.fixture(scope="module")
def honest_request(pki):
    signed = SignedRequest.of(pki, pki.person())
    return lambda: signed.accepted(p7s=signed.p7s)


@pytest.fixture(scope="module")
def digest():
    octets = bytes(AttachmentLimits().max_total_octets)
    return lambda: hashlib.sha256(octets).digest()


NAMES = [
    *hostile.MESSAGES,
    *(f"request: {name}" for name in hostile.texts()),
    *(f"OCSP: {name}" for name in hostile.answers()),
    *(f"{ATTACHMENTS}{name}" for name in hostile.attachments()),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_of_hostile_input(kinds, honest_request, digest, name):
    yardstick, most = (
        (digest, MOST_DIGESTS) if name.startswith(ATTACHMENTS) else (honest_request, MOST_REQUESTS)
    )
    assert not kinds[name]()
    hostile_s, honest_s = best_of_turns(kinds[name], yardstick)
    assert hostile_s < most * honest_s


def best_of_turns(*functions: Callable[[], object]) -> list[float]:
    """Return the least computing time of each function, in seconds, of several turns of all of them."""
    best = [float("inf")] * len(functions)
    for _ in range(TRIES):
        for place, function in enumerate(functions):
            start = time.process_time()
            function()
            best[place] = min(best[place], time.process_time() - start)
    return best


def test_every_kind_is_tried(kinds):
    assert set(NAMES) == set(kinds)

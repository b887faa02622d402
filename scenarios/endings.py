"""How a case can end: the outcome codes, and the findings of verifications, that a suite may expect."""

from actors import provider
from actors.decision import DECISIONS
from actors.outcomes import Decision
from conformance.errors import UnfitValue, nearest_name
from sim.world import UNHEEDED

OF_NO_VERIFICATION = (
    "AUTH_FAIL",
    "GATEWAY_UNAVAILABLE",
    "GBDFL_NOT_FOUND",
    "REGISTRY_TIMEOUT",
    UNHEEDED,
    provider.NOT_ATTACHED,
    provider.ALREADY_ATTACHED,
    provider.DATA_UNRELIABLE,
    provider.SLOT_TAKEN,
    provider.CUTOFF_MISSED,
)
"""Outcomes that the portal, the state database or the provider's grounds give, not a verification."""

OUTCOMES = tuple(sorted({*OF_NO_VERIFICATION, *(one.reason for one in DECISIONS if not one.try_later)}))
"""Every outcome that a case can end with; what cannot be checked yet is checked again, and ends nothing."""


def finding(decision: Decision) -> str:
    """Write a decision as suites do: indication, sub-indication (``-`` for none), message."""
    return f"{decision.indication}/{decision.sub_indication or '-'}/{decision.message_id}"


FINDINGS = tuple(dict.fromkeys(finding(decision) for decision in DECISIONS))
"""Every finding that a verification can come to."""


def check_finding(text: str) -> None:
    """Raise UnfitValue, with the nearest finding if there is one, for a text that no verification gives."""
    if text in FINDINGS:
        return
    if text.count("/") != 2:
        expected = "indication/sub-indication/message, like TOTAL_FAILED/EXPIRED/CERT_PERIOD"
        raise UnfitValue(repr(text[:60]), expected)
    raise UnfitValue(
        f"the unknown finding {text[:100]}", "a finding of a verification", nearest_name(text, FINDINGS)
    )

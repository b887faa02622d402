"""The citizen (тұтынушы): knows a password, composes and signs requests, verifies what comes back.

The employee of a provider composes and signs in the same way on the provider path; only the key differs.

Source: paragraphs 12(2), 12(5), 12(8), 14; for the employee 13(1), 13(6).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from actors import canonical_json
from actors.certificate import Credential
from actors.envelopes import AttachedFile, Request, Result, SignedDocument, read_result
from actors.errors import FormatError
from actors.policy import Proof, ValidationPolicy
from actors.signing import Verifier
from actors.validation import Decision, decide, identity_mismatch, malformed_document

LOOKING_BACK = ValidationPolicy(proof=Proof.NONE)
"""How a result is judged: nothing proves when it was signed."""

REQUEST_LIFETIME_US = 10 * 60 * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Citizen:
    """A synthetic person with what they bring: a number, a password, a signing key."""

    iin: str
    surname: str
    given_name: str
    password: str
    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Employee:
    """A provider's employee: a login at the workstation and a signing key that carries the clinic's BIN."""

    login: str
    password: str
    credential: Credential


def compose(  # noqa: PLR0913 - the fields of the request form
    *,
    request_id: str,
    service: str,
    iin: str,
    provider: str,
    form: Mapping[str, str],
    nonce: str,
    now_us: int,
    docs: tuple[AttachedFile, ...] = (),
) -> Request:
    """Fill the request form; the request says of itself that it is meant for the next ten minutes."""
    return Request(
        id=request_id,
        service=service,
        iin=iin,
        provider=provider,
        issued_at_us=now_us,
        expires_at_us=now_us + REQUEST_LIFETIME_US,
        nonce=nonce,
        form=form,
        docs=docs,
    )


def verify_result(  # noqa: PLR0913 - the answer, the question, and how it is judged
    result: SignedDocument,
    request: SignedDocument,
    *,
    provider_bin: str,
    verifier: Verifier,
    now_us: int,
    policy: ValidationPolicy = LOOKING_BACK,
) -> Decision:
    """Verify a provider's answer as its receiver does, now or years later.

    The signature has to be the provider's, and the answer has to speak of this request, this service and
    this provider. Nothing proves when the provider signed: once the certificate is over or revoked, that
    stays in doubt. Never raises on a hostile answer.
    """
    try:
        answer = read_result(result.octets)
    except FormatError:
        return malformed_document()
    facts = verifier.facts(result, expected_bin=provider_bin, moment_us=now_us)
    decision = decide(facts, policy, now_us)
    if decision.passed and not _answers(answer, request, provider_bin):
        return identity_mismatch()
    return decision


def _answers(answer: Result, request: SignedDocument, provider_bin: str) -> bool:
    if answer.request_sha256 != request.sha256 or answer.provider != provider_bin:
        return False
    asked = canonical_json.decode(request.octets)  # the receiver's own: there is nothing in it to mistrust
    return (answer.request_id, answer.service) == (asked["req"], asked["svc"])

"""One signed request, good to the last bit, and the judge of what became of it."""

import json
from dataclasses import dataclass
from typing import Any, Self

from actors.cades import sign_detached
from actors.validation import ValidationPolicy, decide, gather_facts

REQUEST = json.dumps(
    {
        "docs": [],
        "exp": 1_358_230_200,
        "iin": "850704200017",
        "nonce": "00112233445566778899aabbccddeeff",
        "op": "submit",
        "prov": "121240000013",
        "req": "r-000001",
        "svc": "doctor-home-call",
        "ts": 1_358_229_600,
        "typ": "egov.request.v1",
    },
    sort_keys=True,
    separators=(",", ":"),
).encode()


@dataclass(frozen=True)
class SignedRequest:
    """A request and its signature, with all that a verifier knows."""

    pki: Any
    revocation: Any
    p7s: bytes
    octets: bytes = REQUEST

    @classmethod
    def of(cls, pki: Any, credential: Any) -> Self:
        return cls(pki, pki.revocation(), sign_detached(REQUEST, credential, pki.now_us))

    def facts(self, *, octets: bytes | None = None, p7s: bytes | None = None) -> Any:
        return gather_facts(
            self.octets if octets is None else octets,
            self.p7s if p7s is None else p7s,
            self.pki.trust,
            self.revocation,
            expected_iin=self.pki.iin,
            moment_us=self.pki.now_us,
        )

    def accepted(self, **damaged: bytes) -> bool:
        return decide(self.facts(**damaged), ValidationPolicy(), self.pki.now_us).passed

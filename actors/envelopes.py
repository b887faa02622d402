"""The two documents of a service: the citizen's request and the provider's result, as canonical JSON.

A result carries the hash of the request it answers, so results cannot be swapped between requests;
service and provider stand inside both, so neither can be sent elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from actors import canonical_json
from actors.errors import FormatError

REQUEST_TYPE = "egov.request.v1"
RESULT_TYPE = "egov.result.v1"

ISSUED = "issued"
REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """What a citizen asks for.

    *provider* is the BIN of the chosen provider, *form* the filled fields, *nonce* 32 hex digits;
    moments in microseconds, UTC.
    """

    id: str
    service: str
    iin: str
    provider: str
    issued_at_us: int
    expires_at_us: int
    nonce: str
    form: Mapping[str, str] = field(default_factory=dict)

    def octets(self) -> bytes:
        """Return the octets that are signed."""
        return canonical_json.encode(
            {
                "typ": REQUEST_TYPE,
                "req": self.id,
                "svc": self.service,
                "iin": self.iin,
                "prov": self.provider,
                "ts": self.issued_at_us,
                "exp": self.expires_at_us,
                "nonce": self.nonce,
                "form": dict(self.form),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result:
    """What the provider answers: an issued document or a reasoned refusal (*reason* is then set)."""

    request_id: str
    request_sha256: str
    service: str
    provider: str
    registration_number: str
    outcome: str
    reason: str | None
    issued_at_us: int
    content: Mapping[str, str] = field(default_factory=dict)

    def octets(self) -> bytes:
        """Return the octets that are signed."""
        return canonical_json.encode(
            {
                "typ": RESULT_TYPE,
                "req": self.request_id,
                "req_sha256": self.request_sha256,
                "svc": self.service,
                "prov": self.provider,
                "reg_no": self.registration_number,
                "outcome": self.outcome,
                "reason": self.reason,
                "issued_at": self.issued_at_us,
                "content": dict(self.content),
            }
        )


@dataclass(frozen=True, slots=True, repr=False)
class SignedDocument:
    """Octets with their detached signature; *signature* None where nobody signed."""

    octets: bytes
    signature: bytes | None

    @property
    def sha256(self) -> str:
        """Return the hash of the octets in hex."""
        return sha256(self.octets).hexdigest()


def read_request(octets: bytes) -> Request:
    """Read a request; raise FormatError if it is not exactly one."""
    values = _values(octets, REQUEST_TYPE, _REQUEST_KEYS)
    return Request(
        id=values["req"],
        service=values["svc"],
        iin=values["iin"],
        provider=values["prov"],
        issued_at_us=values["ts"],
        expires_at_us=values["exp"],
        nonce=values["nonce"],
        form=values["form"],
    )


def read_result(octets: bytes) -> Result:
    """Read a result; raise FormatError if it is not exactly one."""
    values = _values(octets, RESULT_TYPE, _RESULT_KEYS)
    if values["outcome"] not in (ISSUED, REFUSED):
        raise FormatError("outcome of a result")
    return Result(
        request_id=values["req"],
        request_sha256=values["req_sha256"],
        service=values["svc"],
        provider=values["prov"],
        registration_number=values["reg_no"],
        outcome=values["outcome"],
        reason=values["reason"],
        issued_at_us=values["issued_at"],
        content=values["content"],
    )


_REQUEST_KEYS: Mapping[str, tuple[type, ...]] = {
    "req": (str,),
    "svc": (str,),
    "iin": (str,),
    "prov": (str,),
    "ts": (int,),
    "exp": (int,),
    "nonce": (str,),
    "form": (dict,),
}
_RESULT_KEYS: Mapping[str, tuple[type, ...]] = {
    "req": (str,),
    "req_sha256": (str,),
    "svc": (str,),
    "prov": (str,),
    "reg_no": (str,),
    "outcome": (str,),
    "reason": (str, type(None)),
    "issued_at": (int,),
    "content": (dict,),
}


def _values(octets: bytes, type_: str, keys: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
    values = canonical_json.decode(octets)
    if values.get("typ") != type_:
        raise FormatError("type of a document")
    if set(values) != {"typ", *keys}:
        raise FormatError("keys of a document")
    for key, types in keys.items():
        value = values[key]
        if not isinstance(value, types) or isinstance(value, bool):
            raise FormatError(f"value of {key}")
        if isinstance(value, dict) and not all(isinstance(v, str) for v in value.values()):
            raise FormatError(f"fields of {key}")
    return values

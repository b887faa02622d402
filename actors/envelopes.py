"""The documents of a service as canonical JSON: request and result, query and answer of the state database.

A result carries the hash of the request it answers, so results cannot be swapped between requests; service
and provider stand inside both, so neither can be sent elsewhere; the attached files stand in the request by
their hashes. A query and its answer each carry a nonce: without it whoever sees a hash could try all
numbers of people, or all names, until one fits.

Reading is strict in form and in size. It does not judge: a number with a wrong check digit or a moment long
past is read, and refused later with the word for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from actors import canonical_json
from actors.document_fields import (
    check_keys,
    read_count,
    read_fields,
    read_flag,
    read_line,
    read_moment,
    read_nonce,
    read_number,
    read_plain,
    read_sha256,
    read_text,
)
from actors.errors import FormatError

if TYPE_CHECKING:
    from actors.claims import SignatureClaim

REQUEST_TYPE = "egov.request.v1"
RESULT_TYPE = "egov.result.v1"
QUERY_TYPE = "egov.query.v1"
ANSWER_TYPE = "egov.answer.v1"
NOTICE_TYPE = "egov.notice.v1"

ISSUED = "issued"
REFUSED = "refused"

MAX_LISTED_FILES = 100
"""How many files a request can name at all; how many it may have is a limit of attachments."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AttachedFile:
    """A file that belongs to a request: *media* its type, *size* in octets, *sha256* in hex."""

    name: str
    media: str
    size: int
    sha256: str


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
    docs: tuple[AttachedFile, ...] = ()

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
                "docs": [
                    {"name": one.name, "media": one.media, "size": one.size, "sha256": one.sha256}
                    for one in self.docs
                ],
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the portal tells a citizen whose request it refuses (paragraph 12(7)): closed words, no detail.

    *message* is the identifier of the message, *texts* the same in each language.
    """

    message: str
    request_sha256: str
    issued_at_us: int
    texts: Mapping[str, str]

    def octets(self) -> bytes:
        """Return the octets that are shown."""
        return canonical_json.encode(
            {
                "typ": NOTICE_TYPE,
                "message": self.message,
                "req_sha256": self.request_sha256,
                "issued_at": self.issued_at_us,
                "texts": dict(self.texts),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonQuery:
    """A question to the state database of natural persons (paragraph 13(3)).

    *asker* is the BIN of the organisation that asks, *purpose* the code of the service it asks for,
    *nonce* 32 hex digits.
    """

    id: str
    iin: str
    asker: str
    purpose: str
    issued_at_us: int
    nonce: str

    def octets(self) -> bytes:
        """Return the octets that are sent."""
        return canonical_json.encode(
            {
                "typ": QUERY_TYPE,
                "query": self.id,
                "iin": self.iin,
                "asker": self.asker,
                "purpose": self.purpose,
                "ts": self.issued_at_us,
                "nonce": self.nonce,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonAnswer:
    """The database's answer to one query; the person's data are None if it has none.

    *nonce* is the database's own, 32 hex digits: the query's hash is known to whoever carries it.
    """

    query_sha256: str
    found: bool
    surname: str | None
    given_name: str | None
    birth_date: str | None
    issued_at_us: int
    nonce: str

    def octets(self) -> bytes:
        """Return the octets that are sent."""
        return canonical_json.encode(
            {
                "typ": ANSWER_TYPE,
                "q_sha256": self.query_sha256,
                "found": self.found,
                "surname": self.surname,
                "given_name": self.given_name,
                "birth_date": self.birth_date,
                "issued_at": self.issued_at_us,
                "nonce": self.nonce,
            }
        )


@dataclass(frozen=True, slots=True, repr=False)
class SignedDocument:
    """Octets with their detached signature; *signature* None where nobody signed, or not in earnest.

    *claim* is what the signer's books say of the signature; a document from outside has none.
    """

    octets: bytes
    signature: bytes | None
    claim: "SignatureClaim | None" = None
    _sha256: str = field(default="", init=False, compare=False)

    @property
    def sha256(self) -> str:
        """Return the hash of the octets in hex."""
        if not self._sha256:
            object.__setattr__(self, "_sha256", sha256(self.octets).hexdigest())  # the octets never change
        return self._sha256


def read_request(octets: bytes) -> Request:
    """Read a request; raise FormatError if it is not exactly one."""
    values = canonical_json.decode(octets)
    check_keys(values, REQUEST_TYPE, _REQUEST_KEYS)
    return Request(
        id=read_plain(values, "req"),
        service=read_plain(values, "svc"),
        iin=read_number(values, "iin"),
        provider=read_number(values, "prov"),
        issued_at_us=read_moment(values, "ts"),
        expires_at_us=read_moment(values, "exp"),
        nonce=read_nonce(values, "nonce"),
        form=read_fields(values, "form"),
        docs=_files(values["docs"]),
    )


def read_result(octets: bytes) -> Result:
    """Read a result; raise FormatError if it is not exactly one.

    A refusal without a reason is read: that it lacks one is for the judge to say.
    """
    values = canonical_json.decode(octets)
    check_keys(values, RESULT_TYPE, _RESULT_KEYS)
    outcome, reason = values["outcome"], values["reason"]
    if outcome not in (ISSUED, REFUSED) or (outcome == ISSUED and reason is not None):
        raise FormatError("outcome of a result")
    return Result(
        request_id=read_plain(values, "req"),
        request_sha256=read_sha256(values, "req_sha256"),
        service=read_plain(values, "svc"),
        provider=read_number(values, "prov"),
        registration_number=read_plain(values, "reg_no"),
        outcome=outcome,
        reason=None if reason is None else read_text(values, "reason"),
        issued_at_us=read_moment(values, "issued_at"),
        content=read_fields(values, "content"),
    )


def read_query(octets: bytes) -> PersonQuery:
    """Read a query; raise FormatError if it is not exactly one."""
    values = canonical_json.decode(octets)
    check_keys(values, QUERY_TYPE, _QUERY_KEYS)
    return PersonQuery(
        id=read_plain(values, "query"),
        iin=read_number(values, "iin"),
        asker=read_number(values, "asker"),
        purpose=read_plain(values, "purpose"),
        issued_at_us=read_moment(values, "ts"),
        nonce=read_nonce(values, "nonce"),
    )


def read_answer(octets: bytes) -> PersonAnswer:
    """Read an answer of the state database; raise FormatError if it is not exactly one.

    Whoever is found has all three data, whoever is not has none.
    """
    values = canonical_json.decode(octets)
    check_keys(values, ANSWER_TYPE, _ANSWER_KEYS)
    found = read_flag(values, "found")
    person = [read_line(values, key) if found or values[key] is not None else None for key in _PERSON_KEYS]
    if not found and any(value is not None for value in person):
        raise FormatError("person of an answer")
    return PersonAnswer(
        query_sha256=read_sha256(values, "q_sha256"),
        found=found,
        surname=person[0],
        given_name=person[1],
        birth_date=person[2],
        issued_at_us=read_moment(values, "issued_at"),
        nonce=read_nonce(values, "nonce"),
    )


_REQUEST_KEYS = frozenset({"typ", "req", "svc", "iin", "prov", "ts", "exp", "nonce", "form", "docs"})
_RESULT_KEYS = frozenset(
    {"typ", "req", "req_sha256", "svc", "prov", "reg_no", "outcome", "reason", "issued_at", "content"}
)
_QUERY_KEYS = frozenset({"typ", "query", "iin", "asker", "purpose", "ts", "nonce"})
_PERSON_KEYS = ("surname", "given_name", "birth_date")
_ANSWER_KEYS = frozenset({"typ", "q_sha256", "found", *_PERSON_KEYS, "issued_at", "nonce"})
_FILE_KEYS = frozenset({"name", "media", "size", "sha256"})


def _files(listed: Any) -> tuple[AttachedFile, ...]:
    if not isinstance(listed, list) or len(listed) > MAX_LISTED_FILES:
        raise FormatError("value of docs")
    return tuple(_file(values) for values in listed)


def _file(values: Any) -> AttachedFile:
    if not isinstance(values, dict) or values.keys() != _FILE_KEYS:
        raise FormatError("keys of docs")
    return AttachedFile(
        name=read_line(values, "name"),
        media=read_line(values, "media"),
        size=read_count(values, "size"),
        sha256=read_sha256(values, "sha256"),
    )

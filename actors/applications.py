"""What applicants tell the authority, and what of it will stand in their certificates.

Source: order of the acting Minister No. 383/NK of 13 October 2020 (layout of subjects).
"""

import hashlib
from dataclasses import dataclass, field

from cryptography.x509.oid import NameOID

from actors.certificate import identity_number
from actors.certificate_profile import (
    ORGANISATION_POLICIES,
    PERSON_POLICIES,
    extended_usage,
    holder_usage,
)
from actors.errors import FormatError
from actors.keys import HONEST_KINDS, KIND_FACTS, KeyKind
from actors.names import Name, name_of
from actors.purposes import LEGAL_ENTITY, NATURAL_PERSON, ROLE_OIDS, Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application that can be granted; *extended* and *policy* are object identifiers."""

    subject: Name = field(repr=False)
    common_name: str = field(repr=False)
    iin: str | None = field(repr=False)
    bin: str | None = field(repr=False)
    purpose: Purpose
    roles: frozenset[Role]
    extended: tuple[str, ...]
    policy: str
    label: str
    key_kind: KeyKind

    @property
    def digest(self) -> str:
        """Return the hash of all that it asks for: it changes the serial number of the certificate."""
        asked = [self.purpose, *self.extended[1:], self.policy, self.label]
        if self.key_kind is not KeyKind.P256:
            asked.append(self.key_kind)
        return hashlib.sha256(self.subject.octets + "/".join(asked).encode()).hexdigest()


def person_application(  # noqa: PLR0913, PLR0917 - the fields of the form
    iin: str, surname: str, given_name: str, purpose: Purpose, label: str, key_kind: KeyKind
) -> Application:
    """Return a natural person's application.

    Raises FormatError for a name that no certificate can hold and a key that is weak or unfit.
    """
    common_name, number = f"TEST {surname} {given_name}", f"IIN{iin}"
    _require_fit(purpose, key_kind)
    subject = name_of(
        (NameOID.COMMON_NAME, common_name),
        (NameOID.SURNAME, surname),
        (NameOID.GIVEN_NAME, given_name),
        (NameOID.SERIAL_NUMBER, number),
    )
    return Application(
        subject=subject,
        common_name=common_name,
        iin=identity_number((number,), "IIN"),
        bin=None,
        purpose=purpose,
        roles=frozenset(),
        extended=extended_usage(purpose, NATURAL_PERSON),
        policy=PERSON_POLICIES[purpose],
        label=label,
        key_kind=key_kind,
    )


def organisation_application(  # noqa: PLR0913, PLR0917 - the fields of the form
    bin: str,  # noqa: A002 - the number's own name
    organisation: str,
    role: Role,
    person: str,
    iin: str | None,
    purpose: Purpose,
    label: str,
    key_kind: KeyKind,
) -> Application:
    """Return the application of one who acts for an organisation; raise as person_application."""
    common_name, unit = f"TEST {person}", f"BIN{bin}"
    numbers = () if iin is None else (f"IIN{iin}",)
    _require_fit(purpose, key_kind)
    subject = name_of(
        (NameOID.COMMON_NAME, common_name),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        *((NameOID.SERIAL_NUMBER, number) for number in numbers),
    )
    return Application(
        subject=subject,
        common_name=common_name,
        iin=identity_number(numbers, "IIN"),
        bin=identity_number((unit,), "BIN"),
        purpose=purpose,
        roles=frozenset((role,)),
        extended=extended_usage(purpose, LEGAL_ENTITY, ROLE_OIDS[role]),
        policy=ORGANISATION_POLICIES[purpose],
        label=label,
        key_kind=key_kind,
    )


def _require_fit(purpose: Purpose, key_kind: KeyKind) -> None:
    if key_kind not in HONEST_KINDS:
        raise FormatError("kind of key")
    holder_usage(purpose, KIND_FACTS[key_kind].family)

"""Accounts with passwords, stored as Argon2id hashes.

Source: RFC 9106; the cost follows the minimum that OWASP's password storage sheet gives for Argon2id
(19 MiB, 2 passes, 1 lane).
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from actors.errors import ActorError


class AlreadySignedUp(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that a login already has an account."""

    sentence = "The login already has an account."


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """The cost of one hash: memory in KiB and passes over it."""

    memory_kib: int = 19 * 1024
    passes: int = 2


@dataclass(slots=True, repr=False)
class AccountBook:
    """Remember logins with their password hashes; never the passwords."""

    cost: PasswordCost = field(default_factory=PasswordCost)
    _hashes: dict[str, str] = field(default_factory=dict)

    def sign_up(self, login: str, password: str, salt: bytes) -> None:
        """Open an account; *salt* is 16 random octets.

        Raises AlreadySignedUp if the login has one.
        """
        if login in self._hashes:
            raise AlreadySignedUp
        self._hashes[login] = self._hash(password, salt)

    def has(self, login: str) -> bool:
        """Tell whether *login* has an account."""
        return login in self._hashes

    def check(self, login: str, password: str) -> bool:
        """Tell whether *password* is the one of *login*.

        An unknown login costs the same work as a wrong password, so that the answer's time does not
        reveal whether a person has an account.
        """
        stored = self._hashes.get(login)
        if stored is None:
            self._hash(password, bytes(16))
            return False
        try:
            Argon2id.verify_phc_encoded(_octets(password), stored)
        except InvalidKey:
            return False
        return True

    def _hash(self, password: str, salt: bytes) -> str:
        kdf = Argon2id(
            salt=salt, length=32, iterations=self.cost.passes, lanes=1, memory_cost=self.cost.memory_kib
        )
        return kdf.derive_phc_encoded(_octets(password))


def _octets(password: str) -> bytes:
    # Whatever a keyboard or a program sends is only another wrong password, half a surrogate pair too.
    return password.encode("utf-8", errors="surrogatepass")

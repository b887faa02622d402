"""Documents that the portal is checking: when each came first, and whether condition C2 has passed it.

The first receipt is the moment that is judged, so it must not get lost: not in a restart, and not because
others send much while lists and responders are down. Each account has its own places.
"""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from actors.claims import SignatureClaim
from actors.envelopes import Request, SignedDocument

MAX_OF_ACCOUNT = 20
"""How many documents of one account can be under check; for one more its oldest is forgotten."""

PATIENCE_US = 24 * 3_600 * 1_000_000
"""How long a check that nobody asks for any more is kept."""

Mark = tuple[str, str | None, SignatureClaim | None]
"""What tells a document under check from every other one, its signature included."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check under way; *passed* is the request that C2 has passed, None if it has not yet."""

    received_us: int
    asked_us: int
    passed: Request | None = None


@dataclass(slots=True, repr=False)
class ChecksUnderWay:
    """Remember checks by account and document."""

    _accounts: dict[str, dict[Mark, Check]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self._accounts.values()))

    def receive(self, account: str, mark: Mark, now_us: int) -> Check:
        """Note that a document has come or is asked for again, and return its check."""
        own = self._accounts.setdefault(account, {})
        known = own.get(mark)
        check = own[mark] = Check(now_us, now_us) if known is None else replace(known, asked_us=now_us)
        if len(own) > MAX_OF_ACCOUNT:
            del own[next(iter(own))]
        return check

    def find(self, account: str, mark: Mark) -> Check | None:
        """Return the check of a document, None if it is not under check."""
        return self._accounts.get(account, {}).get(mark)

    def settle(self, account: str, mark: Mark, passed: Request | None) -> None:
        """Note what C2 has found so far: *passed*, or None if it has to be asked again."""
        own = self._accounts[account]
        own[mark] = replace(own[mark], passed=passed)

    def end(self, account: str, mark: Mark) -> None:
        """Forget a document: it is accepted, or refused for good."""
        own = self._accounts.get(account, {})
        own.pop(mark, None)
        if not own:
            self._accounts.pop(account, None)

    def abandon(self, before_us: int) -> None:
        """Forget what nobody has asked for since a day before *before_us*."""
        for account, own in tuple(self._accounts.items()):
            for mark, check in tuple(own.items()):
                if check.asked_us < before_us - PATIENCE_US:
                    self.end(account, mark)

    def oldest_us(self) -> int | None:
        """Return when the document came that has been under check for longest, None if there is none."""
        moments = (check.received_us for own in self._accounts.values() for check in own.values())
        return min(moments, default=None)


def mark_of(document: SignedDocument) -> Mark:
    """Return the mark of a document."""
    signature = document.signature
    return (document.sha256, None if signature is None else sha256(signature).hexdigest(), document.claim)

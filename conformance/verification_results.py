"""What a third party finds in a folder of saved documents: what ``reglament verify --format json`` prints."""

from conformance.results import Saved
from conformance.verdicts import Reason, Verdict, worst

VERIFICATION_SCHEMA_VERSION = 1


class DocumentCheck(Saved, frozen=True, kw_only=True):
    """One saved document; *document* is ``answer`` where a case has not just one answer.

    *moment_us* is when it was verified: at the gateway's receipt, or when its signer says (*moment_from* is
    ``receipt`` or ``signer``); None if no moment is known.
    """

    folder: str
    document: str
    verdict: Verdict
    reason: Reason | None
    detail: str
    moment_us: int | None = None
    moment_from: str | None = None


class LogCheck(Saved, frozen=True, kw_only=True):
    """One message log of the gateway; *computed* counts receipts that nobody signed."""

    name: str
    verdict: Verdict
    reason: Reason | None
    detail: str
    entries: int
    messages: int
    delivered: int
    computed: int


class Verification(Saved, frozen=True, kw_only=True):
    """Everything found in one folder.

    *anchor* is ``given`` if the reader pinned the root, ``saved`` if it came with the documents; *gateway* is
    the BIN that the folder names as the gateway's, or None. *saved_lists* counts the revocation lists of the
    folder, *given_lists* those that the reader put beside the root. Requests that the portal turned away,
    and such as arrived otherwise than they were sent, may be bad: *uncounted* tells them.
    """

    schema_version: int
    anchor: str
    anchor_sha256: str
    saved_lists: int
    given_lists: int
    gateway: str | None
    cases: int
    documents: tuple[DocumentCheck, ...]
    uncounted: tuple[DocumentCheck, ...]
    logs: tuple[LogCheck, ...]
    other_files: int

    @property
    def verdict(self) -> Verdict:
        """Return the worst of what counts; nothing at all is inconclusive."""
        return worst([d.verdict for d in self.documents] + [log.verdict for log in self.logs])


def exit_code_of(verification: Verification) -> int:
    """Return 0 if everything verifies, 1 if something does not, 3 if something could not be shown."""
    failed = any(check.verdict is Verdict.FAIL for check in verification.documents)
    if failed or any(log.verdict is Verdict.FAIL for log in verification.logs):
        return 1
    return 0 if verification.verdict is Verdict.PASS else 3

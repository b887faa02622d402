"""What was expected to fail or not to run, and what came of it: a part of ``results.json``."""

import msgspec


class ExpectationResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a file of expectations, held against a judgement.

    *state* is ``met`` (all norms that *norm* names are as expected), ``partial`` (some are), ``unused`` (none
    is, and none is met either), ``unexpected_pass`` (none is, and some are met) or ``expired``. *as_expected*
    are the norms that it excuses, *passed* those that are met, *others* those that are neither.
    """

    norm: str
    verdict: str
    reason: str
    until: str | None
    issue: str | None
    state: str
    as_expected: tuple[str, ...]
    passed: tuple[str, ...]
    others: tuple[str, ...]


class ExpectationResults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All entries in the order of the file; *day* is the log's last day, by which entries expire."""

    day: str | None
    entries: tuple[ExpectationResult, ...]

    @property
    def excused(self) -> frozenset[str]:
        """Return the norms whose verdict was expected."""
        active = (entry for entry in self.entries if entry.state in {"met", "partial"})
        return frozenset(norm for entry in active for norm in entry.as_expected)

    @property
    def unexpected(self) -> tuple[ExpectationResult, ...]:
        """Return the entries that no longer hold and must be removed."""
        return tuple(entry for entry in self.entries if entry.state == "unexpected_pass")

    def reason_for(self, norm: str) -> ExpectationResult | None:
        """Return the entry that excuses *norm*, None if none does."""
        active = (entry for entry in self.entries if entry.state in {"met", "partial"})
        return next((entry for entry in active if norm in entry.as_expected), None)

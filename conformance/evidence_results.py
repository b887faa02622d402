"""How the judge's own verification bears out the decisions about signatures: a part of ``results.json``."""

import msgspec

from conformance.verdicts import Reason, Verdict


class _Saved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the saved results of this module."""


class DecisionCounts(_Saved, frozen=True, kw_only=True):
    """The decisions that one norm speaks of.

    *decided* is ``accepted`` or ``refused``; *contradicted* counts what was accepted although it does not
    verify, or refused although it does. *undecided* counts by sub-indication, *out_of_scope* by the reason
    stated, which is no matter of a signature.
    """

    norm: str
    clause: str
    service: str
    path: str
    step: str
    document: str
    decided: str
    decisions: int
    verified: int
    agreed: int
    contradicted: int
    wrong_ground: int
    undecided: dict[str, int]
    out_of_scope: dict[str, int]


class DecisionExample(_Saved, frozen=True, kw_only=True):
    """One decision that is not borne out, with what the judge found of the signature."""

    case_id: str
    norm: str
    agreement: str
    ground: str | None
    indication: str
    sub_indication: str | None
    detail: str


class SeenSignature(_Saved, frozen=True, kw_only=True):
    """What the judge found of one signature on the way of a case that the results tell.

    *verdict* and *reason* speak of what was *decided* about it (``accepted`` or ``refused``), the indications
    (ETSI EN 319 102-1) of the signature itself.
    """

    case_id: str
    step: str
    document: str
    decided: str
    verdict: Verdict
    reason: Reason | None
    indication: str
    sub_indication: str | None
    detail: str


class FolderCounts(_Saved, frozen=True, kw_only=True):
    """The folders of documents: those that the log names at its decisions, and those that lie there.

    *missing*: named, and not there; *incomplete*: something in it cannot be read; *extra*: there, and named
    by no decision; *strange*: not looked into (links, odd names).
    """

    named: int
    missing: int
    incomplete: int
    extra: int
    strange: int
    missing_examples: tuple[str, ...]
    extra_examples: tuple[str, ...]


class EvidenceResult(_Saved, frozen=True, kw_only=True):
    """Every decision about a signature that the log shows, held against the judge's own verification.

    *anchor* is ``given`` if the reader pinned the root, ``saved`` if it came with the documents. *not_judged*
    counts decisions in cases that no norm can judge.
    """

    anchor: str
    decisions: int
    verified: int
    agreed: int
    accepted_invalid: int
    refused_valid: int
    wrong_ground: int
    undecided: dict[str, int]
    out_of_scope: dict[str, int]
    not_judged: int
    by_norm: tuple[DecisionCounts, ...]
    examples: tuple[DecisionExample, ...]
    folders: FolderCounts
    seen: tuple[SeenSignature, ...] = ()

"""Tell how decisions about signatures are borne out by the documents: counts in words, and the folders."""

from conformance.evidence_results import EvidenceResult
from reports.texts import Texts

AGREEMENTS = {
    "ACCEPTED_INVALID": "fail",
    "REFUSED_VALID": "fail",
    "WRONG_GROUND": "inconclusive",
    "UNDECIDED": "inconclusive",
}
"""The sign that repeats the word for an agreement."""


def decision_statement(evidence: EvidenceResult, texts: Texts) -> list[str]:
    """Return the counts in words: both directions always, the others where there are any."""
    said = [
        texts.say("evidence.agreed", n=evidence.agreed),
        texts.say("evidence.accepted_invalid", n=evidence.accepted_invalid),
        texts.say("evidence.refused_valid", n=evidence.refused_valid),
    ]
    others = {
        "wrong_ground": evidence.wrong_ground,
        "undecided": sum(evidence.undecided.values()),
        "out_of_scope": sum(evidence.out_of_scope.values()),
        "not_judged": evidence.not_judged,
    }
    return said + [texts.say(f"evidence.{name}", n=n) for name, n in others.items() if n]


def folder_statement(evidence: EvidenceResult, texts: Texts) -> list[str]:
    """Return what is to be said of the folders: how many were named, and whatever is odd about them."""
    folders = evidence.folders
    said = [texts.say("evidence.folders", n=folders.named)]
    if folders.missing:
        names = ", ".join(folders.missing_examples)
        said.append(texts.say("evidence.folders_missing", n=folders.missing, names=names))
    if folders.incomplete:
        said.append(texts.say("evidence.folders_incomplete", n=folders.incomplete))
    if folders.extra:
        names = ", ".join(folders.extra_examples)
        said.append(texts.say("evidence.folders_extra", n=folders.extra, names=names))
    if folders.strange:
        said.append(texts.say("evidence.folders_strange", n=folders.strange))
    return said

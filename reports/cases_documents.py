"""The saved documents of the shown cases: their files, and what the judge finds of each signature.

A signature may be good when the gateway took the document and bad when somebody had to decide about it, so
every finding stands with its moment: that of the decision, which the results hold, or that of the receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance.decisions import REFUSED
from conformance.document_verification import ARRIVED, UNCOUNTED
from conformance.evidence_results import SeenSignature
from conformance.folder_contents import list_contents
from conformance.saved_documents import PLAIN_NAME, open_documents
from conformance.verdicts import Verdict
from conformance.verification import ROUTES, verify_folder
from conformance.verification_results import DocumentCheck
from reports.cases_source import CaseSource

DOCUMENTS = "documents"
GATEWAY = "gateway"
MOST_FOLDERS = 2_000
"""Of so many cases the documents are listed."""
MOST_VERIFIED = 500
"""The documents of so many cases are verified anew for the page; more would take longer than the judging."""
_WAYS = {kind: (sender, GATEWAY, receiver) for (sender, receiver), kinds in ROUTES.items() for kind in kinds}
_ORDER = ("query", "rejected-request", "request", ARRIVED, "result", "refusal", "answer")
_SIGNATURE = ".p7s"
_OF_INDICATION = {"TOTAL_PASSED": Verdict.PASS, "TOTAL_FAILED": Verdict.FAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What was found of one document at one moment.

    *since* says whose moment it is: ``decision`` (of *step*, its *nth* execution in the case from 0), of the
    gateway's ``receipt`` or of the ``signer``, both at *moment_us*, microseconds UTC; ``never``: nothing can
    verify the file. *verdict* speaks of the signature, *held* of what was *decided* about it. *way* are the
    hands that the document went through.
    """

    document: str
    since: str
    verdict: Verdict
    reason: str | None = None
    detail: str = ""
    way: tuple[str, ...] = ()
    moment_us: int | None = None
    step: str | None = None
    nth: int = 0
    decided: str | None = None
    held: Verdict | None = None
    told: str | None = None
    """The document as the report names it."""


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """The documents of cases by their places, and whether their signatures were *verified* for the page.

    Of each case the folder, its files, the checks, and whether the results hold the decisions about them.
    """

    by_case: dict[str, Any]
    verified: bool


def case_documents(source: CaseSource, folder: Path) -> CaseDocuments:
    """Return the documents that lie under *folder*; none for a name that leads elsewhere."""
    place = folder / DOCUMENTS
    if not source.listing.folders or not place.is_dir():
        return CaseDocuments({}, verified=True)
    verified = len(list_contents(place).cases) <= MOST_VERIFIED
    found: dict[str, list[DocumentCheck]] = {}
    if verified:
        whole = verify_folder(open_documents(place))
        for check in (*whole.documents, *whole.uncounted):
            found.setdefault(check.folder, []).append(check)
    decided: dict[str, list[SeenSignature]] = {}
    for seen in source.seen:
        decided.setdefault(seen.case_id, []).append(seen)
    ids = source.listing.names["case_id"]
    shown: dict[str, Any] = {}
    for number, name in sorted(source.listing.folders.items())[:MOST_FOLDERS]:
        files = _files(place, name)
        if files:
            seen_here = decided.get(ids[number], [])
            shown[str(number)] = {
                "folder": quote(f"{DOCUMENTS}/{name}"),
                "files": files,
                "checks": _checks(files, found.get(name, []), seen_here, verified=verified),
                "decided": bool(seen_here),
            }
    return CaseDocuments(shown, verified)


def _checks(
    files: Sequence[str], found: Sequence[DocumentCheck], seen: Sequence[SeenSignature], *, verified: bool
) -> list[SignatureCheck]:
    """Return what is known of every document of a case; one that nothing verifies is named too.

    What was turned away or arrived changed has no receipt: where a decision speaks of it, that alone counts.
    """
    decisions = _decisions(files, seen)
    judged = {check.document for check in decisions if check.held is not Verdict.NOT_APPLICABLE}
    counted = [each for each in found if each.document not in UNCOUNTED or each.document not in judged]
    checks = [*map(_verified, counted), *decisions]
    known = {check.document for check in checks}
    if verified:
        signed = [file.removesuffix(_SIGNATURE) for file in files if file.endswith(_SIGNATURE)]
        checks += [
            SignatureCheck(document=name, since="never", verdict=Verdict.INCONCLUSIVE)
            for name in signed
            if name not in known
        ]
    return sorted(checks, key=_place)


def _place(check: SignatureCheck) -> tuple[int, str, int]:
    kind = check.document if check.document in _ORDER else check.document.split("-")[0]
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), check.document, check.since == "decision")


def _verified(found: DocumentCheck) -> SignatureCheck:
    # The gateway's receipt says that a document went its way, not the name of the document.
    way = _WAYS.get(found.document.split("-")[0], ()) if found.moment_from == "receipt" else ()
    return SignatureCheck(
        document=found.document,
        since=found.moment_from or "signer",
        verdict=found.verdict,
        reason=found.reason,
        detail=found.detail,
        way=way,
        moment_us=found.moment_us,
    )


def _decisions(files: Sequence[str], seen: Sequence[SeenSignature]) -> list[SignatureCheck]:
    times: dict[str, int] = {}
    checks = []
    for each in sorted(seen, key=lambda one: one.step):
        nth = times.get(each.step, 0)
        times[each.step] = nth + 1
        checks.append(
            SignatureCheck(
                document=_refused_file(files, each),
                since="decision",
                verdict=_OF_INDICATION.get(each.indication, Verdict.INCONCLUSIVE),
                reason=each.sub_indication,
                detail=each.detail,
                step=each.step,
                nth=nth,
                decided=each.decided,
                held=each.verdict,
                told=each.document,
            )
        )
    return checks


def _refused_file(files: Sequence[str], seen: SeenSignature) -> str:
    """Return which file the decision speaks of: of a request that arrived changed, what arrived."""
    arrived = seen.document == "request" and seen.decided == REFUSED and f"{ARRIVED}.json" in files
    return ARRIVED if arrived else seen.document


def _files(place: Path, name: str) -> list[str]:
    """Return the files of a case, none for a name that is not that of a folder of documents."""
    if not all(PLAIN_NAME.fullmatch(part) for part in name.split("/")):
        return []
    inside = place / name
    if not inside.is_dir() or inside.is_symlink():
        return []
    return sorted(
        path.name for path in inside.iterdir() if PLAIN_NAME.fullmatch(path.name) and path.is_file()
    )

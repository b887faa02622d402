"""The saved documents of the shown cases: their files, and what the judge finds of each signature."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance.folder_contents import list_contents
from conformance.saved_documents import PLAIN_NAME, open_documents
from conformance.verification import ROUTES, verify_folder
from reports.cases_source import CaseSource

DOCUMENTS = "documents"
GATEWAY = "gateway"
MOST_FOLDERS = 2_000
"""Of so many cases the documents are listed."""
MOST_VERIFIED = 500
"""The documents of so many cases are verified anew for the page; more would take longer than the judging."""
_WAYS = {kind: (sender, GATEWAY, receiver) for (sender, receiver), kinds in ROUTES.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """The documents of cases by their places, and whether their signatures were *verified* for the page.

    Of each case the folder, its files, and the checks: document, hands that it went through, verdict, reason,
    detail.
    """

    by_case: dict[str, Any]
    verified: bool


def case_documents(source: CaseSource, folder: Path) -> CaseDocuments:
    """Return the documents that lie under *folder*; none for a name that leads elsewhere."""
    place = folder / DOCUMENTS
    if not source.listing.folders or not place.is_dir():
        return CaseDocuments({}, verified=True)
    verified = len(list_contents(place).cases) <= MOST_VERIFIED
    checks: dict[str, list[tuple[Any, ...]]] = {}
    for found in verify_folder(open_documents(place)).documents if verified else ():
        # The gateway's receipt says that a document went its way, not the name of the document.
        ways = _WAYS if found.moment_from == "receipt" else {}
        hands = ways.get(found.document.split("-")[0], ())
        said = (found.document, hands, found.verdict, found.reason, found.detail)
        checks.setdefault(found.folder, []).append(said)
    shown: dict[str, Any] = {}
    for number, name in sorted(source.listing.folders.items())[:MOST_FOLDERS]:
        files = _files(place, name)
        if files:
            shown[str(number)] = {
                "folder": quote(f"{DOCUMENTS}/{name}"),
                "files": files,
                "checks": checks.get(name, []),
            }
    return CaseDocuments(shown, verified)


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

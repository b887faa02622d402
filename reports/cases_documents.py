"""The saved documents of the shown cases: their files, and what the judge finds of each signature."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance.saved_documents import PLAIN_NAME, open_documents
from conformance.verification import verify_folder
from reports.cases_source import CaseSource

DOCUMENTS = "documents"
MOST_FOLDERS = 2_000
"""Of so many cases the documents are shown; each is verified anew for the page."""
HOPS = {
    "request": ("portal", "gateway", "workstation"),
    "result": ("workstation", "gateway", "portal"),
    "refusal": ("workstation", "gateway", "portal"),
    "query": ("workstation", "gateway", "registry"),
}
"""Through whose hands a document goes."""


def case_documents(source: CaseSource, folder: Path) -> dict[str, Any]:
    """Return by the place of a case its folder, its files, and the checks of its documents.

    A check has the document, its hops, the verdict, the reason and the detail. Nothing is returned for what
    does not lie under *folder*.
    """
    place = folder / DOCUMENTS
    if not source.listing.folders or not place.is_dir():
        return {}
    checks: dict[str, list[tuple[Any, ...]]] = {}
    for found in verify_folder(open_documents(place)).documents:
        kind = found.document.split("-")[0]
        said = (found.document, HOPS.get(kind, ()), found.verdict, found.reason, found.detail)
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
    return shown


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

"""A small clean log with its signed documents, for the norms that a log alone cannot break."""

from itertools import groupby

from conformance.fragment_rows import case_rows
from tests.conformance.fragment_documents import FragmentDocuments

COPIES = 4


def signed_clean_log(fragments, folder, copies=COPIES):
    """Return *copies* of every base case of every service; their documents are saved in *folder*."""
    pack, file = fragments.pack, fragments.file
    documents = FragmentDocuments(pack, folder)
    rows = [
        row
        for number in range(copies)
        for base in file.cases
        for service in pack.services
        for row in case_rows(pack, file, base, service.id, f"{service.id}-{base.id}-{number}")
    ]
    for _, own in groupby(rows, key=lambda row: row.case_id):
        documents(list(own))
    return rows

"""The pages of the cases of a saved folder: one to explore, one for a spreadsheet."""

from pathlib import Path

from conformance.results import Results
from conformance.study_results import StudyResults
from reports.cases_csv import CASES_FILE, cases_csv
from reports.cases_page import CASES_PAGE, render_cases_page
from reports.cases_source import case_source
from reports.cases_spans import CaseSpans
from reports.spreadsheets import for_spreadsheets


def case_files(results: Results | StudyResults, folder: Path, language: str) -> dict[str, bytes | None]:
    """Return the files that show the cases of the log saved in *folder*, None for each if it holds none.

    Raises InputError if the log there is damaged, or another one than the results speak of.
    """
    source = case_source(results, folder)
    if source is None:
        return {CASES_PAGE: None, CASES_FILE: None}
    spans = CaseSpans(source.listing)
    return {
        CASES_PAGE: render_cases_page(source, spans, folder, language).encode(),
        CASES_FILE: for_spreadsheets(cases_csv(source, spans)),
    }

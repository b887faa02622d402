"""Make any report of a load study from its results alone, and keep them beside one another."""

from pathlib import Path

from conformance.errors import InputError, nearest_name
from conformance.study_results import StudyResults
from reports.cases import case_files
from reports.cases_page import CASES_PAGE
from reports.files import write_together
from reports.page_languages import pages_in_all_languages
from reports.spreadsheets import for_spreadsheets
from reports.study_csv import FIGURES_FILE, figures_csv
from reports.study_json import encode_study
from reports.study_page import render_study_page
from reports.study_text import render_study_summary
from reports.texts import Texts

RESULTS_FILE = "results.json"
STUDY_FORMATS = ("text", "html", "json")


def render_study(
    results: StudyResults, format_: str, language: str, width: int = 80, colour: bool = False
) -> str:
    """Return *results* as ``text``, ``html`` or ``json`` in *language* (en, ru, kk).

    *width* and *colour* are for ``text``. Raises InputError for another format or language.
    """
    texts = Texts(language)
    if format_ == "text":
        return render_study_summary(results, texts, width, colour)
    if format_ == "html":
        return render_study_page(results, texts)
    if format_ == "json":
        return encode_study(results).decode()
    expected = f"one of {', '.join(STUDY_FORMATS)} for a load study"
    raise InputError("format", "", format_, expected, nearest_name(format_, STUDY_FORMATS))


def exit_code_of_study(results: StudyResults) -> int:
    """Return 0 if every stated limit is kept at every point, 1 if one is not, 3 if some are not shown.

    Of a sizing only the chosen staffing counts, which is the last point; without one a limit is not kept.
    """
    sizing = results.sizing
    if sizing is not None and sizing.chosen is None and results.complete:
        return 1
    kept = {point.kept for point in (results.points if sizing is None else results.points[-1:])}
    return 1 if "not_kept" in kept else 3 if "not_shown" in kept or not kept else 0


def write_study_reports(results: StudyResults, folder: Path, lang: str) -> None:
    """Write results, page, cases and table of figures into *folder*, all or none.

    Raises InputError if the folder cannot be written, or if a log in it is not that of the results.
    """
    cases = case_files(results, folder, lang)
    there = cases[CASES_PAGE] is not None
    contents: dict[str, bytes | None] = {
        RESULTS_FILE: encode_study(results),
        **pages_in_all_languages(
            lang, lambda texts, files: render_study_page(results, texts, files, with_cases=there)
        ),
        FIGURES_FILE: for_spreadsheets(figures_csv(results)),
        **cases,
    }
    write_together(folder, contents)

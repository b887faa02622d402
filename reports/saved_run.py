"""Make any report of a run from its results alone, and keep them beside one another."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from conformance.results import Results
from conformance.study_results import StudyResults
from reports.cases import case_files
from reports.cases_page import CASES_PAGE
from reports.earl import earl_json
from reports.files import write_together
from reports.html import render_page
from reports.indicators_csv import INDICATORS_FILE, indicators_csv
from reports.junit import junit_xml
from reports.page_languages import pages_in_all_languages
from reports.process_pictures import pack_of
from reports.results_json import decode_results, encode_results, octets_of
from reports.spreadsheets import for_spreadsheets
from reports.study_json import decode_study, is_study
from reports.study_reports import render_study, write_study_reports
from reports.study_text import render_study_summary
from reports.terminal import render_summary
from reports.texts import Texts

RESULTS_FILE = "results.json"
JUNIT_FILE = "junit.xml"
EARL_FILE = "earl.jsonld"
FORMATS = ("text", "html", "json", "junit", "earl")


def render(
    results: Results | StudyResults, format_: str, language: str, width: int = 80, colour: bool = False
) -> str:
    """Return *results* as ``text``, ``html``, ``json``, ``junit`` or ``earl`` in *language* (en, ru, kk).

    *width* and *colour* are for ``text``. Raises InputError for another format or language, and for a form
    that load studies do not have.
    """
    if isinstance(results, StudyResults):
        return render_study(results, format_, language, width, colour)
    texts = Texts(language)
    if format_ == "text":
        return render_summary(results, texts, width, colour)
    if format_ == "html":
        return render_page(results, texts, pack=pack_of(results))
    if format_ == "junit":
        return junit_xml(results, texts)
    if format_ == "earl":
        return earl_json(results)
    if format_ == "json":
        return encode_results(results).decode()
    raise InputError("format", "", format_, f"one of {', '.join(FORMATS)}", nearest_name(format_, FORMATS))


def summary_of(results: Results | StudyResults, language: str, width: int, colour: bool, report: str) -> str:
    """Return the summary of a run or of a load study for a terminal; *report* is the place of its page."""
    if isinstance(results, StudyResults):
        return render_study_summary(results, Texts(language), width, colour, report)
    return render_summary(results, Texts(language), width, colour, report)


def write_reports(
    results: Results | StudyResults, directory: Path, language: str, pack: Pack | None = None
) -> None:
    """Write results, test reports, pages, cases and table of indicators into *directory*, all or none.

    The page in *language* leads to those in the others. *pack* is that of the judgement, if it is at hand;
    otherwise the shipped one of its name is, if it is still the same. Raises InputError if the directory
    cannot be written, or if a log in it is not that of the results.
    """
    with _nothing_collected():
        if isinstance(results, StudyResults):
            write_study_reports(results, directory, language)
        else:
            _write_reports(results, directory, language, pack)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage meanwhile: what reports are made of stays until they are written, and is much."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write_reports(results: Results, directory: Path, language: str, pack: Pack | None) -> None:
    regulation = pack_of(results, pack)
    cases = case_files(results, directory, language)
    there = cases[CASES_PAGE] is not None
    contents: dict[str, bytes | None] = {
        RESULTS_FILE: encode_results(results),
        JUNIT_FILE: render(results, "junit", language).encode(),
        EARL_FILE: render(results, "earl", language).encode(),
        **pages_in_all_languages(
            language, lambda texts, files: render_page(results, texts, files, regulation, with_cases=there)
        ),
        **cases,
    }
    if results.indicators is not None:
        contents[INDICATORS_FILE] = for_spreadsheets(indicators_csv(results.indicators))
    write_together(directory, contents)


def read_run(directory: Path) -> Results | StudyResults:
    """Read the results of a run or of a load study saved in *directory*.

    Raises InputError if there are none or they are damaged.
    """
    return read_saved(directory / RESULTS_FILE)


def read_saved(place: Path) -> Results | StudyResults:
    """Read the results of a run or of a load study: a file, or the folder of the run.

    Raises InputError if there are none or they are damaged.
    """
    place = place / RESULTS_FILE if place.is_dir() else place
    data = octets_of(place)
    return decode_study(data, str(place)) if is_study(data) else decode_results(data, str(place))

"""Make any report of a run from its results alone, and keep them beside one another."""

from pathlib import Path

from conformance.errors import InputError, nearest_name
from conformance.results import Results
from reports.earl import earl_json
from reports.files import write_together
from reports.html import render_page
from reports.indicators_csv import INDICATORS_FILE, indicators_csv
from reports.junit import junit_xml
from reports.results_json import encode_results, read_results
from reports.terminal import render_summary
from reports.texts import Texts

RESULTS_FILE = "results.json"
JUNIT_FILE = "junit.xml"
PAGE_FILE = "report.html"
EARL_FILE = "earl.jsonld"
FORMATS = ("text", "html", "json", "junit", "earl")


def render(results: Results, format_: str, language: str, width: int = 80, colour: bool = False) -> str:
    """Return *results* as ``text``, ``html``, ``json``, ``junit`` or ``earl`` in *language* (en, ru, kk).

    *width* and *colour* are for ``text``. Raises InputError for another format or language.
    """
    texts = Texts(language)
    if format_ == "text":
        return render_summary(results, texts, width, colour)
    if format_ == "html":
        return render_page(results, texts)
    if format_ == "junit":
        return junit_xml(results, texts)
    if format_ == "earl":
        return earl_json(results)
    if format_ == "json":
        return encode_results(results).decode()
    raise InputError("format", "", format_, f"one of {', '.join(FORMATS)}", nearest_name(format_, FORMATS))


def write_reports(results: Results, directory: Path, language: str) -> None:
    """Write results, test reports, page and table of indicators into *directory*, all or none.

    Raises InputError if the directory cannot be written.
    """
    contents = {
        RESULTS_FILE: encode_results(results),
        JUNIT_FILE: render(results, "junit", language).encode(),
        EARL_FILE: render(results, "earl", language).encode(),
        PAGE_FILE: render(results, "html", language).encode(),
    }
    if results.indicators is not None:
        contents[INDICATORS_FILE] = indicators_csv(results.indicators).encode()
    write_together(directory, contents)


def read_run(directory: Path) -> Results:
    """Read the results saved in *directory*; raise InputError if there are none or they are damaged."""
    return read_results(directory / RESULTS_FILE)

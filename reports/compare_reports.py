"""Make any form of a comparison from what it found alone, publish its schema, and write its folder."""

from pathlib import Path
from typing import Any

from conformance.comparison_results import COMPARISON_SCHEMA_VERSION, Comparison
from reports.compare_page import render_comparison_page
from reports.compare_text import render_comparison
from reports.files import write_together
from reports.page_languages import pages_in_all_languages
from reports.results_json import encode_published, schema_of
from reports.texts import Texts

COMPARISON_FILE = "compare.json"


def render_compared(
    comparison: Comparison, format_: str, language: str, width: int = 80, colour: bool = False
) -> str:
    """Return *comparison* as ``text``, ``html`` or ``json``; *width* and *colour* are for ``text``."""
    if format_ == "json":
        return encode_published(comparison).decode()
    texts = Texts(language)
    if format_ == "html":
        return render_comparison_page(comparison, texts)
    return render_comparison(comparison, texts, width, colour)


def write_comparison(comparison: Comparison, folder: Path, language: str) -> None:
    """Write what was found, and its page, into *folder*, both or neither.

    Raises InputError if the folder cannot be written.
    """
    contents: dict[str, bytes | None] = {
        COMPARISON_FILE: encode_published(comparison),
        **pages_in_all_languages(
            language, lambda texts, files: render_comparison_page(comparison, texts, files)
        ),
    }
    write_together(folder, contents)


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``compare.json``."""
    return schema_of(Comparison, COMPARISON_SCHEMA_VERSION, "compare")


def comparison_schema_text() -> str:
    """Return the schema as it stands in ``docs/compare.schema.json``."""
    return encode_published(comparison_schema()).decode()

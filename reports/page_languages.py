"""The pages of one run in the three languages: which files they are, and how one leads to the others."""

import os
from collections.abc import Callable, Mapping

from conformance.errors import InputError, nearest_name
from reports.texts import LANGUAGES, Texts

VARIABLE = "REGLAMENT_LANGUAGES"
"""Whoever writes a hundred runs a day that one person reads saves some seconds of each by it."""
PAGE_FILE = "report.html"
OWN_NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""Each language as it calls itself: whoever looks for it cannot read the others."""
FILES_OF_PAGES = frozenset({PAGE_FILE, *(f"report.{language}.html" for language in LANGUAGES)})

RenderPage = Callable[[Texts, Mapping[str, str]], str]


def page_files(language: str) -> dict[str, str]:
    """Return the file of the page in each language: that of the chosen *language* is ``report.html``.

    Where the variable REGLAMENT_LANGUAGES is set, only those that it names are written beside it. Raises
    InputError for a language that nobody speaks here.
    """
    wanted = {language, *_wanted_beside()}
    return {
        each: PAGE_FILE if each == language else f"report.{each}.html" for each in LANGUAGES if each in wanted
    }


def _wanted_beside() -> tuple[str, ...]:
    named = os.environ.get(VARIABLE)
    if named is None:
        return LANGUAGES
    found = tuple(name for name in (part.strip() for part in named.split(",")) if name)
    for name in found:
        if name not in LANGUAGES:
            expected = f"some of {', '.join(LANGUAGES)}, with commas, or nothing"
            raise InputError(VARIABLE, "", name, expected, nearest_name(name, LANGUAGES))
    return found


def pages_in_all_languages(language: str, render: RenderPage) -> dict[str, bytes | None]:
    """Return the pages by file, each leading to the others; None for one that an earlier choice has left.

    *render* makes a page of texts and of the files of all pages. Raises InputError for another *language*.
    """
    Texts(language)
    files = page_files(language)
    pages: dict[str, bytes | None] = dict.fromkeys(sorted(FILES_OF_PAGES - set(files.values())))
    for each, file in files.items():
        pages[file] = render(Texts(each), files).encode()
    return pages

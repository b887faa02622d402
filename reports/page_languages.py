"""The pages of one run in the three languages: which files they are, and how one leads to the others."""

from collections.abc import Callable, Mapping

from reports.texts import LANGUAGES, Texts

PAGE_FILE = "report.html"
OWN_NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""Each language as it calls itself: whoever looks for it cannot read the others."""
FILES_OF_PAGES = frozenset({PAGE_FILE, *(f"report.{language}.html" for language in LANGUAGES)})

RenderPage = Callable[[Texts, Mapping[str, str]], str]


def page_files(language: str) -> dict[str, str]:
    """Return the file of the page in each language: that of the chosen *language* is ``report.html``."""
    return {each: PAGE_FILE if each == language else f"report.{each}.html" for each in LANGUAGES}


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

"""Read the catalogues of texts: the English template and its translations, as gettext files."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.errors import InputError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale
    from babel.messages.catalog import Message

LANGUAGES = ("en", "ru", "kk")
CATALOGUES = Path(__file__).parent / "texts"
TEMPLATE = CATALOGUES / "reglament.pot"

Entry = str | dict[str, str]

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def catalogue_file(language: str) -> Path:
    """Return the file of *language*; English is what the template says itself."""
    return TEMPLATE if language == "en" else CATALOGUES / f"{language}.po"


@lru_cache(maxsize=len(LANGUAGES))
def read_catalogue(language: str) -> "Mapping[str, Entry]":
    """Read the catalogue of *language*: by identifier a text, or its forms by CLDR's categories of plurals.

    A file is read once in a process. Raises InputError for another language.
    """
    from babel import Locale  # noqa: PLC0415 - as heavy as all the rest of a command's start
    from babel.messages.pofile import read_po  # noqa: PLC0415 - likewise

    if language not in LANGUAGES:
        expected = f"one of {', '.join(LANGUAGES)}"
        raise InputError("language", "", language, expected, nearest_name(language, LANGUAGES))
    catalogue = read_po(BytesIO(catalogue_file(language).read_bytes()), locale=language)
    forms = plural_forms(Locale(language), catalogue.num_plurals)
    return MappingProxyType(
        {message.context: _entry(message, language, forms) for message in catalogue if message.context}
    )


def plural_forms(locale: "Locale", count: int) -> tuple[str, ...]:
    """Return the categories of whole numbers of which gettext files keep *count* forms, in their order.

    Source: CLDR, plural rules; the category ``other`` of Russian is that of fractions and has no form.
    """
    used = {*locale.plural_form.tags, "other"}
    return tuple(category for category in _CATEGORIES if category in used)[:count]


def _entry(message: "Message", language: str, forms: tuple[str, ...]) -> Entry:
    said = message.id if language == "en" else message.string
    return dict(zip(forms, said, strict=True)) if isinstance(said, list | tuple) else str(said)

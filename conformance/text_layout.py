"""Plain text laid out in two columns: a label, and wrapped words beside it.

A character is one column wide: Latin, Russian and Kazakh letters are.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.pack_labels import label
from conformance.regulation import Text

LABEL_WIDTH = 12


@dataclass(frozen=True, slots=True)
class Page:
    """Language and width of a text; *width* in characters."""

    language: str
    width: int

    def label(self, key: str) -> str:
        """Return the word for *key* in the page's language."""
        return label(key, self.language)

    def text(self, text: Text) -> str:
        """Return *text* in the page's language."""
        return text.in_language(self.language)

    def defects(self, ids: tuple[str, ...]) -> str:
        """Return the list of defects to hang on a line, empty if there are none."""
        return f"; {self.label('defects')}: {', '.join(ids)}" if ids else ""

    def heading(self, title: str) -> Iterator[str]:
        """Yield an empty line, the underlined *title*, wrapped."""
        lines = self._wrap(title, self.width)
        yield ""
        yield from lines
        yield "=" * max(map(len, lines))

    def entry(self, name: str, text: str, indent: int = 0) -> Iterator[str]:
        """Yield *text* beside *name*; further lines hang under the first."""
        lead = " " * indent
        column = max(LABEL_WIDTH, len(name) + 2) if name else 0
        lines = self._wrap(text, self.width - indent - column)
        yield f"{lead}{name:<{column}}{lines[0]}"
        for line in lines[1:]:
            yield f"{lead}{'':<{column}}{line}"

    def _wrap(self, text: str, width: int) -> list[str]:
        # Numbers like 106-1923 and addresses stay whole, even where a line gets too long by them.
        lines = textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False)
        return lines or [""]

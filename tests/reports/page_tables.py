"""Read a page as a person does: the tables of each section, cell by cell, and the counts at its head."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

CELLS = ("td", "th")


@dataclass
class Cell:
    """A cell: what it says, what its column is called, and the value it is sorted by."""

    words: list = field(default_factory=list)
    label: str = ""
    value: str | None = None

    @property
    def text(self):
        return " ".join("".join(self.words).replace("\u00a0", " ").split())


@dataclass
class Row:
    """A row of a table body: where it stands, its id and its cells."""

    section: str
    table: str
    id: str | None
    cells: list = field(default_factory=list)

    def at(self, label):
        """Return the cell of a column, by the name that a narrow window shows beside it."""
        return next(cell for cell in self.cells if cell.label == label)


class PageTables(HTMLParser):
    """The rows of all table bodies of a page, and the numbers of its counts."""

    def __init__(self, source):
        super().__init__()
        self.rows, self.counts, self._open = [], [], []
        self._section = self._table = ""
        self._in_body = self._in_counts = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "section":
            self._section = found.get("aria-labelledby", "")
        elif found.get("class") == "scroll":
            self._table = found.get("aria-label", "")
        elif tag == "tbody":
            self._in_body = True
        elif tag == "tr" and self._in_body:
            self.rows.append(Row(self._section, self._table, found.get("id")))
        elif tag in CELLS and self._in_body:
            self._open = [Cell(label=found.get("data-label", ""), value=found.get("data-value"))]
            self.rows[-1].cells.append(self._open[0])
        elif tag == "ul" and found.get("class") == "counts":
            self._in_counts = True
        elif tag == "b" and self._in_counts:
            self._open = [Cell()]
            self.counts.append(self._open[0])

    def handle_endtag(self, tag):
        if tag == "tbody":
            self._in_body = False
        elif tag in CELLS or (tag == "b" and self._in_counts):
            self._open = []
        elif tag == "ul":
            self._in_counts = False

    def handle_data(self, data):
        for cell in self._open:
            cell.words.append(data)

    def of(self, section, table=None):
        """Return the rows of a section, or of one of its tables."""
        return [row for row in self.rows if row.section == section and table in (None, row.table)]

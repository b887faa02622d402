"""Write a comparison as one HTML page: no network, whole without its script, readable in print."""

from collections.abc import Mapping
from typing import Any

from conformance.comparison_results import Comparison, Pair, Row
from reports import compare_words as words
from reports.characters import one_line
from reports.compare_chart import steps_chart
from reports.html import data_uri
from reports.templating import render_template
from reports.texts import Texts

MOST_ROWS = 200
"""So many rows of a standing are on the page; the others are in compare.json."""
OPEN = ("worse", "unclear", "new", "vanished", "better")
"""Standings whose rows are shown at once; the others open on demand."""


def render_comparison_page(
    comparison: Comparison, texts: Texts, files: Mapping[str, str] | None = None
) -> str:
    """Return the page of *comparison* in the language of *texts*, leading to *files* in the others."""
    return render_template("compare.html.j2", texts, _view(comparison, texts), files or {})


def _view(comparison: Comparison, texts: Texts) -> dict[str, Any]:
    return {
        "c": comparison,
        "w": words,
        "marks": words.MARKS,
        "line": one_line,
        "data_uri": data_uri,
        "open": OPEN,
        "most_rows": MOST_ROWS,
        "pairs": [_pair(comparison, pair, texts) for pair in comparison.pairs],
    }


def _pair(comparison: Comparison, pair: Pair, texts: Texts) -> dict[str, Any]:
    groups: list[tuple[str, list[Row]]] = []
    for standing in words.STANDINGS:
        rows = [row for row in pair.rows if row.standing == standing]
        if rows:
            groups.append((standing, rows))
    return {
        "pair": pair,
        "before": comparison.runs[pair.before],
        "after": comparison.runs[pair.after],
        "sentence": words.sentence(comparison, pair, texts),
        "chart": steps_chart(comparison, pair, texts),
        "groups": groups,
        "caveats": [words.caveat_text(caveat, comparison, pair, texts) for caveat in pair.caveats],
    }

"""Tell a comparison in a terminal: what got worse first, then what cannot be told, how sure it is."""

from conformance.comparison_results import Comparison, Pair, Row
from reports import compare_words as words
from reports.characters import display_width, flow, one_line, pad
from reports.texts import Texts

LEAST_WIDTH = 40
MOST_SHOWN = 10
SHOWN = ("worse", "unclear", "new", "vanished", "better")
"""Standings told row by row; the others are counted."""
_COLOURS = {"worse": "31", "unclear": "33", "new": "33", "better": "32"}


def render_comparison(
    comparison: Comparison,
    texts: Texts,
    width: int = 80,
    colour: bool = False,
    report: str | None = None,
) -> str:
    """Return *comparison* in lines of at most *width* columns (not under 40).

    *report* is the place of the page to name at the end; it and the command alone may be longer.
    """
    width = max(LEAST_WIDTH, width)
    blocks = [_runs(comparison, texts, width)]
    for pair in comparison.pairs:
        blocks += _pair(comparison, pair, texts, width, colour)
    end = []
    if report is not None:
        end.append(texts.say("terminal.report", place=one_line(report)))
    end.append(texts.say("terminal.replay", command=one_line(comparison.replay)))
    blocks.append(end)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _runs(comparison: Comparison, texts: Texts, width: int) -> list[str]:
    lines = []
    for run in comparison.runs:
        head, *rest = flow([one_line(run.place), *words.run_chunks(run, texts)], width - 3)
        lines += [f"{run.label}  {head}", *("   " + line for line in rest)]
    return lines


def _pair(comparison: Comparison, pair: Pair, texts: Texts, width: int, colour: bool) -> list[list[str]]:
    sentences = [words.sentence(comparison, pair, texts)]
    blocks = [flow(sentences, width)]
    blocks.append(
        [
            line
            for caveat in pair.caveats
            for line in flow(["- " + words.caveat_text(caveat, comparison, pair, texts)], width, 2)
        ]
    )
    label_width = max(display_width(words.standing_word(s, texts)) for s in SHOWN) + 2
    for standing in SHOWN:
        rows = [row for row in pair.rows if row.standing == standing]
        lines: list[str] = []
        for row in rows[:MOST_SHOWN]:
            lines += _row(comparison, pair, row, texts, (width, label_width), colour)
        if len(rows) > MOST_SHOWN:
            lines.append(" " * label_width + texts.say("more", n=len(rows) - MOST_SHOWN))
        blocks.append(lines)
    how = [*words.counts(pair, texts), texts.say("compare.tested", n=pair.tested)]
    blocks.append(flow(how, width, 2))
    return blocks


def _row(  # noqa: PLR0913, PLR0917 - a row, where it stands, and how to write it
    comparison: Comparison, pair: Pair, row: Row, texts: Texts, widths: tuple[int, int], colour: bool
) -> list[str]:
    width, label_width = widths
    room = width - label_width
    head = [words.name_of(row, texts), words.verdicts(row, texts), words.limit_text(row, texts)]
    lines = flow([chunk for chunk in head if chunk], room, 2)
    for gap in row.gaps:
        lines += flow([words.gap_text(row, gap, texts)], room, 2)
    for reason in words.reasons(row, comparison, pair, texts):
        lines += flow([reason], room, 2)
    title = words.title_of(comparison, row, texts)
    if title:
        lines += flow([title], room, 2)
    return [_label(row.standing, texts, label_width, colour) + lines[0]] + [
        " " * label_width + line for line in lines[1:]
    ]


def _label(standing: str, texts: Texts, label_width: int, colour: bool) -> str:
    word = words.standing_word(standing, texts)
    word = word.upper() if standing == "worse" else word
    label = pad(word, label_width)
    if colour and standing in _COLOURS:
        return f"\x1b[1;{_COLOURS[standing]}m{word}\x1b[0m{label[len(word) :]}"
    return label

"""Words and numbers of a comparison as people read them."""

import math
from collections.abc import Mapping

from conformance.comparison_results import Caveat, Comparison, Gap, Pair, Row, RunShown, Side
from conformance.comparison_rows import widest_fall
from conformance.regulation import Text
from reports import study_words as words
from reports.characters import one_line
from reports.texts import Texts

STANDINGS = ("worse", "unclear", "new", "vanished", "better", "same", "open")
MARKS = {
    "worse": "✗",
    "better": "✓",
    "same": "=",
    "unclear": "?",
    "open": "·",
    "new": "+",
    "vanished": "−",
    "nothing_worse": "✓",
    "cannot_tell": "?",
}
"""A sign for every standing, so that none is told by colour alone."""
_GROUPS = {
    "norm": "verdict",
    "clause": "verdict",
    "scenario": "played",
    "fault": "played",
    "step": "study.kept",
    "indicator": "ind.standing",
}
_ALL_POINTS = 100


def sentence(comparison: Comparison, pair: Pair, texts: Texts) -> str:
    """Return what two runs show against each other, in one sentence or two."""
    labels = {"before": comparison.runs[pair.before].label, "after": comparison.runs[pair.after].label}
    if pair.standing == "worse":
        return texts.say("compare.sentence.worse", n=count_of(pair, "worse"), **labels)
    said = texts.say(f"compare.sentence.{pair.standing}", **labels)
    possible = widest_fall(pair)
    if pair.standing == "nothing_worse" and possible is not None:
        row, gap = possible
        fall = words.number(math.ceil(-(gap.low or 0.0) * 1000) / 10, 1, texts)
        said += " " + texts.say("compare.possible", fall=fall, name=name_of(row, texts))
    return said


def count_of(pair: Pair, standing: str) -> int:
    """Return how many rows of a pair stand so."""
    return sum(row.standing == standing for row in pair.rows)


def counts(pair: Pair, texts: Texts) -> list[str]:
    """Return how many rows stand in which way, those that there are."""
    found = [(standing, count_of(pair, standing)) for standing in STANDINGS]
    return [texts.say("compare.count", n=n, standing=standing_word(s, texts)) for s, n in found if n]


def standing_word(standing: str, texts: Texts) -> str:
    """Return a standing in a word."""
    return texts.word("compare.standing", standing)


def name_of(row: Row, texts: Texts) -> str:
    """Return what a row is of: its kind, its id, and the point of a study."""
    name = row.id
    if row.kind == "indicator":
        measure, _, rest = row.id.partition(" ")
        place = " ".join(part for part in rest.split(" ") if part not in {row.service, row.path})
        name = " ".join(filter(None, [texts.word("ind.measure", measure), place]))
    parts = [texts.word("compare.kind", row.kind), name]
    if row.point is not None:
        parts.append(texts.say("compare.at", point=row.point))
    return one_line(" ".join(parts))


def title_of(comparison: Comparison, row: Row, texts: Texts) -> str:
    """Return what the act, or the suite, says that the row is about, and where."""
    title = row.title.in_language(texts.language) if row.title is not None else ""
    if row.kind == "station":
        found = comparison.stations.get(row.id)
        title = found.in_language(texts.language) if found is not None else ""
    parts = [
        title,
        _named(comparison.services, row.service, texts),
        path_name(comparison, row.path, texts),
    ]
    return one_line(" · ".join(part for part in parts if part))


def path_name(comparison: Comparison, path: str | None, texts: Texts) -> str:
    """Return what a path is called by the pack, or else by the reports."""
    if path is not None and path not in comparison.paths:
        return texts.word("path", path)
    return _named(comparison.paths, path, texts)


def verdicts(row: Row, texts: Texts) -> str:
    """Return the words of both runs, or the one of both."""
    group = _GROUPS.get(row.kind)
    if group is None:
        return ""
    said = [_word(group, side, texts) for side in (row.before, row.after)]
    return said[0] if said[0] == said[1] else texts.say("compare.change", before=said[0], after=said[1])


def gap_text(row: Row, gap: Gap, texts: Texts) -> str:
    """Return a difference with both figures and its interval."""
    what = texts.word("compare.what", gap.what)
    ends = both_figures(row, gap, texts)
    return " ".join(part for part in (what, f"{ends}," if ends else "", difference(gap, texts)) if part)


def both_figures(row: Row, gap: Gap, texts: Texts) -> str:
    """Return the figure before and after; nothing where the sides do not hold it."""
    said = [_figure(side, gap, texts) for side in (row.before, row.after)]
    return texts.say("compare.change", before=said[0], after=said[1]) if all(said) else ""


def difference(gap: Gap, texts: Texts) -> str:
    """Return a difference with its sign and its interval, or why it has none."""
    if gap.method == "same_log":
        return texts.say("compare.exact", value=signed(gap.what, gap.value, texts))
    if gap.low is None or gap.high is None:
        return texts.say("compare.no_interval", value=signed(gap.what, gap.value, texts))
    low, high = (signed(gap.what, end, texts, plain=True) for end in (gap.low, gap.high))
    ends = texts.say("study.range", low=low, high=high)
    return texts.say("study.with_range", value=signed(gap.what, gap.value, texts), range=ends)


def signed(what: str, value: float, texts: Texts, *, plain: bool = False) -> str:
    """Return a difference of *what* with its sign, with as many decimals as tell it from none.

    *plain*: shares without their unit, points.
    """
    sign = "+" if value > 0 else ""
    if what.endswith("_s"):
        return sign + words.seconds(value, texts)
    decimals = next((d for d in (1, 2, 3) if abs(value) * 100 >= 0.5 / 10**d), 4) if value else 1
    said = sign + words.number(value * _ALL_POINTS, decimals, texts)
    return said if plain else texts.say("ind.points", value=said)


def p_text(gap: Gap, texts: Texts) -> str:
    """Return the corrected p with three decimals; nothing where none was computed."""
    if gap.corrected_p is None:
        return ""
    decimal = texts.decimal_sign
    if gap.corrected_p < 0.001:
        return f"< 0{decimal}001"
    return f"{gap.corrected_p:.3f}".replace(".", decimal)


def limit_text(row: Row, texts: Texts) -> str:
    """Return the limit of a row, or both where it has changed."""
    limits = [None if side is None else side.limit_s for side in (row.before, row.after)]
    known = list(dict.fromkeys(words.seconds(limit, texts) for limit in limits if limit is not None))
    if not known:
        return ""
    value = known[0]
    if "other_limit" in row.why:
        said = [words.seconds(limit, texts) for limit in limits]
        value = texts.say("compare.change", before=said[0], after=said[1])
    return texts.say("study.limit", value=value)


def reasons(row: Row, comparison: Comparison, pair: Pair, texts: Texts) -> list[str]:
    """Return why a row cannot be compared, or what else to know of it."""
    labels = {"before": comparison.runs[pair.before].label, "after": comparison.runs[pair.after].label}
    told = ("only_before", "only_after", "other_zone", "other_limit", "no_data")
    found = [texts.say(f"compare.why.{code}", **labels) for code in row.why if code in told]
    if not found and row.standing == "unclear":
        found.append(texts.say("compare.why.no_interval", **labels))
    return found


def caveat_text(caveat: Caveat, comparison: Comparison, pair: Pair, texts: Texts) -> str:
    """Return a caveat as a sentence."""
    first, second = caveat.before, caveat.after
    if caveat.code == "other_origin":
        first, second = (texts.word("compare.origin", origin) for origin in (first, second))
    return texts.say(
        f"compare.caveat.{caveat.code}",
        a=comparison.runs[pair.before].label,
        b=comparison.runs[pair.after].label,
        first=one_line(first),
        second=one_line(second),
    )


def run_chunks(run: RunShown, texts: Texts) -> list[str]:
    """Return what a run is, in pieces."""
    group = "study.kept" if run.kind == "study" else "outcome"
    chunks = [
        one_line(f"reglament {run.command} {run.name}".strip()),
        one_line(f"{run.pack} {run.pack_version}"),
        texts.say("header.seed", seed=str(run.seed)) if run.seed is not None else "",
        texts.say("header.cases", n=run.cases),
        texts.say("study.replications", n=run.replications) if run.replications is not None else "",
        texts.word("origin", run.origin),
        texts.word(group, run.outcome),
    ]
    return [chunk for chunk in chunks if chunk]


def _figure(side: Side | None, gap: Gap, texts: Texts) -> str:
    if side is None or gap.what == "mean_wait_s":
        return ""
    if gap.what.endswith("_s"):
        return words.seconds(side.p95_s, texts, side.limit_s) if side.p95_s is not None else ""
    if side.share is None:
        return ""
    share = words.percent(side.share, texts)
    if side.good is None or side.n is None:
        return share
    return texts.say("study.with_range", value=share, range=texts.say("of", part=side.good, n=side.n))


def _word(group: str, side: Side | None, texts: Texts) -> str:
    if side is None or side.verdict is None:
        return words.NONE
    return texts.word(group, side.verdict)


def _named(names: Mapping[str, Text], code: str | None, texts: Texts) -> str:
    if code is None:
        return ""
    return names[code].in_language(texts.language) if code in names else code

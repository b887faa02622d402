"""Tell how complete the log is, in the words of the reports, before any verdict."""

from conformance.log_results import LogResults
from conformance.results import Results
from reports.characters import display_width, flow, one_line
from reports.texts import Texts

_SHOWN = ("enabled_us", "started_us", "completed_us", "resource", "outcome", "attributes")
MOST_NAMED = 5


def log_statements(log: LogResults, texts: Texts) -> list[str]:
    """Return what is said of *log*: records, cases, values, clocks, and what was not taken in and why."""
    rejected = sum(log.rejects.values())
    said = [texts.say("log.records", n=log.read, rows=log.rows, rejected=rejected, ignored=log.ignored)]
    said.append(texts.say("log.cases", n=log.cases, open=log.open_cases))
    shares = [
        texts.say("log.share", what=texts.word("log_column", name), share=_share(log, name, texts))
        for name in _SHOWN
    ]
    said.append(texts.say("log.values", shares=", ".join(shares)))
    said.append(texts.say("log.clocks", resolutions=_resolutions(log, texts), ties=log.ties))
    if log.midnight:
        said.append(texts.say("log.midnight", share=_percent(log.midnight, log.rows, texts)))
    if log.mapped:
        known = log.clock_error_us
        said.append(
            texts.say("log.clock_error", error=texts.duration(known))
            if known is not None
            else texts.say("log.no_clock_error")
        )
    if rejected:
        said.append(texts.say("log.rejects", reasons=_reasons(log, texts)))
    if log.damaged:
        said.append(texts.say("log.damaged", n=log.damaged))
    if log.unplaced:
        said.append(texts.say("log.unplaced", n=log.unplaced))
    if log.unknown:
        said.append(texts.say("log.unknown", names=_unknown(log, texts)))
    if log.inverted:
        said.append(texts.say("log.inverted", n=log.inverted))
    if log.unmapped:
        said.append(texts.say("log.unmapped", names=_named(list(log.unmapped))))
    if log.unconfirmed:
        names = _named(list(log.unconfirmed))
        said.append(texts.say("log.unconfirmed", n=len(log.unconfirmed), names=names))
    return said


def log_lines(results: Results, texts: Texts, width: int) -> list[str]:
    """Return the lines of a terminal, at most *width* columns wide; none for a log played here."""
    if results.log is None:
        return []
    head = texts.say("log.head")
    indent = " " * (display_width(head) + 2)
    lines = [
        indent + line
        for said in log_statements(results.log, texts)
        for line in flow([one_line(said)], width - len(indent), 2)
    ]
    return [head + lines[0][display_width(head) :], *lines[1:]]


def _share(log: LogResults, name: str, texts: Texts) -> str:
    return _percent(log.with_value.get(name, 0), log.rows, texts)


def _percent(part: int, whole: int, texts: Texts) -> str:
    """Return *part* of *whole* in per cent with one decimal; only all are 100, and only none are 0."""
    if whole == 0 or part in (0, whole):
        return "100" if part else "0"
    tenths = min(max(part * 1000 // whole, 1), 999)
    return f"{tenths // 10}{texts.decimal_sign}{tenths % 10}"


def _resolutions(log: LogResults, texts: Texts) -> str:
    parts = [
        texts.say("log.share", what=texts.duration(int(us)), share=_percent(n, log.rows, texts))
        for us, n in log.resolutions.items()
    ]
    return ", ".join(parts)


def _reasons(log: LogResults, texts: Texts) -> str:
    return ", ".join(
        texts.say("log.reason", n=n, reason=texts.word("reject", reason), code=reason)
        for reason, n in log.rejects.items()
    )


def _unknown(log: LogResults, texts: Texts) -> str:
    parts = [
        texts.say(
            f"log.unknown_{one.kind}" + ("" if one.nearest is None else "_near"),
            n=one.rows,
            name=one.name,
            nearest=one.nearest or "",
        )
        for one in log.unknown[:MOST_NAMED]
    ]
    return ", ".join(parts) + (", …" if len(log.unknown) > MOST_NAMED else "")


def _named(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    return shown + (", …" if len(names) > MOST_NAMED else "")

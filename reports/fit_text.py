"""Tell in a terminal what was found when a load study was fitted to a log, and what the log does not show."""

from collections.abc import Iterator

from conformance.fit_results import ArrivalFit, FitResults, Gap, ServerFit, TimeFit, TraitFit
from reports.characters import display_width, flow, one_line, pad
from reports.rates import percent
from reports.texts import Texts

MOST_OFFICES = 12
MOST_GAPS = 20
_WIDEST_NAME = 34


def render_fit(results: FitResults, texts: Texts, width: int, study: str = "study.yaml") -> str:
    """Return what a terminal of *width* columns shows of a fit; *study* is where its study was written."""
    head = texts.say(
        "fit.head",
        cases=results.cases,
        rows=results.rows,
        first=results.first_day,
        last=results.last_day,
        days=results.days,
        origin=texts.word("origin", results.origin),
    )
    where = texts.say("fit.study", path=study) if results.playable else texts.say("fit.no_study")
    lines = [*flow([one_line(head)], width, 2), *flow([one_line(where)], width, 2)]
    for title, entries in _sections(results, texts):
        if entries:
            lines += ["", *flow([texts.say(title)], width), *_table(entries, width)]
    return "\n".join([*lines, "", *flow([texts.say("fit.p_note")], width)])


def _sections(results: FitResults, texts: Texts) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Yield each section: the id of its title, and its entries as a name and what is said of it."""
    yield "fit.arrivals", [(one.id, _arrivals(one, texts)) for one in results.arrivals]
    yield "fit.times", [(one.name, _time(one, texts)) for one in results.times]
    yield "fit.servers", [(one.station, _servers(one, texts)) for one in results.servers]
    yield "fit.offices", [("", _offices(results, texts))] if results.offices else []
    traits = [(one.id, [_trait(one, texts)]) for one in results.traits]
    others = [
        (
            f"{one.service} {one.path}",
            [f"{one.outcome}: {texts.number(one.cases)}", texts.word("fit_why", one.why)],
        )
        for one in results.outcomes
    ]
    yield "fit.traits", traits + others
    yield "fit.gaps", _gaps(results.gaps, texts)


def _arrivals(one: ArrivalFit, texts: Texts) -> list[str]:
    bounds = {name: figure(value, texts) for name, value in (("low", one.low), ("high", one.high))}
    said = [texts.say("fit.per_day", rate=figure(one.per_day, texts), **bounds)]
    if one.dispersion is not None and one.p is not None:
        index, p = figure(one.dispersion, texts), figure(one.p, texts)
        said += [texts.say("fit.dispersion", index=index, p=p), texts.word("fit_kind", one.kind)]
    return said


def _time(one: TimeFit, texts: Texts) -> list[str]:
    if one.mean_s is None or one.p95_s is None:
        return [texts.word("fit_status", one.status)]
    said = [one.carrier] if one.carrier is not None and len(one.stations) > 1 else []
    said += [texts.word("fit_family", one.family)] if one.family is not None else []
    mean, p95 = (texts.duration(round(1e6 * value)) for value in (one.mean_s, one.p95_s))
    said.append(texts.say("fit.time_mean", mean=mean, p95=p95, n=one.used))
    if one.ks is not None and one.p is not None:
        said.append(texts.say("fit.ks", ks=figure(one.ks, texts), p=figure(one.p, texts)))
    return [*said, texts.word("fit_status", one.status)]


def _servers(one: ServerFit, texts: Texts) -> list[str]:
    said = [texts.say("fit.at_least", servers=one.servers)]
    said += [texts.say("fit.busy", n=one.busy)] if one.busy is not None else []
    said += [texts.say("fit.names", n=one.names)] if one.names is not None else []
    return said + ([texts.say("fit.waited")] if one.waited else [])


def _offices(results: FitResults, texts: Texts) -> list[str]:
    shown = results.offices[:MOST_OFFICES]
    said = [texts.say("fit.office", name=one.name, share=percent(one.share, texts)) for one in shown]
    more = len(results.offices) - len(shown)
    return said + ([texts.say("fit.more", n=more)] if more else [])


def _trait(one: TraitFit, texts: Texts) -> str:
    shares = {name: percent(getattr(one, name), texts) for name in ("share", "low", "high")}
    return texts.say("fit.trait", k=one.n, cases=one.cases, **shares)


def _gaps(gaps: tuple[Gap, ...], texts: Texts) -> list[tuple[str, list[str]]]:
    """Return what the log does not show; the same said of several places stands once, with all of them."""
    places: dict[str, list[str]] = {}
    for gap in gaps:
        said = texts.say(f"fit_gap.{gap.code}", n=gap.n, total=gap.total, detail=gap.detail)
        places.setdefault(said, []).append(gap.place)
    entries = [(", ".join(filter(None, names)), [said]) for said, names in places.items()]
    more = len(entries) - MOST_GAPS
    return entries[:MOST_GAPS] + ([("", [texts.say("fit.more", n=more)])] if more > 0 else [])


def _table(entries: list[tuple[str, list[str]]], width: int) -> list[str]:
    """Return entries as two columns, the second one wrapped; a long name has a line of its own."""
    names = [display_width(one_line(name)) for name, _ in entries]
    column = max((n for n in names if n <= min(_WIDEST_NAME, width // 3)), default=0)
    indent = 2 + column + (2 if column else 0)
    lines = []
    for name, said in entries:
        first, *rest = flow([one_line(part) for part in said], max(width - indent, 20), 2)
        fits = display_width(one_line(name)) <= column
        if not fits:
            lines += ["  " + line for line in flow([one_line(name)], width - 2, 2)]
        lines.append(f"  {pad(one_line(name) if fits else '', indent - 2)}{first}")
        lines += [" " * indent + line for line in rest]
    return lines


def figure(value: float, texts: Texts) -> str:
    """Return a number as the language writes it, to three digits or so; a tiny one as less than 0.001."""
    if 0 < value < 0.001:
        return f"<{figure(0.001, texts)}"
    decimals = 3 if value < 1 else 2 if value < 10 else 1
    whole, _, part = f"{value:.{decimals}f}".partition(".")
    return f"{texts.number(int(whole))}{texts.decimal_sign}{part}"

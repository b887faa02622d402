"""Write a fitted study as people read it: beside every figure where it comes from, and how good it is."""

import json
from collections.abc import Iterable, Mapping

from conformance.fit_results import ArrivalFit, FitResults, Gap, ServerFit, TimeFit, TraitFit
from scenarios.law_fits import law_text
from sim.laws import Law
from sim.plan_checks import DECISION_STATIONS, STATIONS_OF_STEPS

TRACE = "arrivals.parquet"
"""The log of the cases' beginnings that lies beside a fitted study."""

_WIDTH = 118

_GAPS = {
    "open_rows": "{n} of {total} have not ended and are left out: long times are too rare here",
    "no_start": "{n} of {total} do not say when the work began and are left out",
    "negative_times": "{n} of {total} end before they begin and are left out",
    "huge_times": "{n} of {total} take more than 366 days and are left out",
    "few_times": "{n} times, fewer than {total}: the law of the world is kept",
    "clock_too_coarse": "the clocks tick every {n} us, more than that takes: the law of the world is kept",
    "coarse_clock": "the clocks tick every {n} us: times are spread evenly over a tick",
    "decisions_at_once": "only requests to an office with no other one undecided, {n} of {total}: these "
    "did not wait for a registrar",
    "decisions_with_waiting": "waiting for a registrar is part of it: too few requests surely did not wait",
    "poor_sum": "with the other stations' times the sum is {detail} (KS) from the measured one",
}


def study_text(results: FitResults, laws: Mapping[str, Mapping[str, Law]], lasts_days: int) -> str:
    """Return the study of *results* as YAML; *laws* are the fitted ones by time and station."""
    lines = [
        *_comment(
            f"Fitted to an event log of {results.cases} cases ({results.origin}); its SHA-256: "
            f"{results.log_sha256}."
        ),
        *_comment(
            f"Laws: the family with the least {results.criterion}. KS: the greatest difference of the two "
            "distributions. Its p is too high where the parameters come from the same data (Lilliefors)."
        ),
        "study: fitted",
        'title: "Fitted to an event log"',
        f"pack: {_text(results.pack)}",
        f"world: {_text(results.world)}",
        "sources:",
        f'  - "event log {results.log_sha256[:16]}, {results.first_day} to {results.last_day}"',
        "assumptions:",
        '  - "what the log does not show is that of the world"',
        f'starts: "{results.starts}"',
        f'lasts: "{lasts_days} d"',
        *_offices(results),
        "arrivals:",
    ]
    for arrivals in results.arrivals:
        lines += _arrivals(arrivals, results.gaps)
    lines += _traits(results.traits)
    lines += _outcomes(results)
    lines += _stations(results)
    lines += _times(results, laws)
    lines += _slots(results)
    return "\n".join(lines) + "\n"


def _comment(text: str, indent: str = "") -> list[str]:
    """Return *text* as comment lines, broken at spaces; what a log holds may be any text."""
    lines, line = [], f"{indent}#"
    for word in "".join(sign if sign.isprintable() else " " for sign in text).split():
        if len(line) + 1 + len(word) > _WIDTH:
            lines.append(line)
            line = f"{indent}#"
        line += f" {word}"
    return [*lines, line]


def _offices(results: FitResults) -> list[str]:
    if not results.offices:
        return [*_comment("The rows name no providers: one office."), "offices: 1"]
    lines = [
        *_comment("Shares: cases by attributes.provider. Servers: different names at its steps."),
        "offices:",
    ]
    for office in results.offices:
        servers = ", ".join(f"{name}: {n}" for name, n in office.servers.items())
        inner = f", servers: {{{servers}}}" if servers else ""
        lines.append(f"  - {{name: {_text(office.name)}, share: {office.cases}{inner}}}")
    return lines


def _arrivals(one: ArrivalFit, gaps: Iterable[Gap]) -> list[str]:
    lines = _comment(
        f"{one.cases} cases, days: {one.days}; {one.per_day:.1f} a day, "
        f"95 %: {one.low:.1f} to {one.high:.1f}.",
        "  ",
    )
    if one.dispersion is not None:
        verdict = (
            "too uneven for a Poisson stream, so the arrivals themselves come again; "
            "the Poisson stream stands below"
            if one.kind == "trace"
            else "no more uneven than planning can bear"
        )
        lines += _comment(
            f"Index of dispersion {one.dispersion:.2f} over {one.cells} spans (p {one.p:.3f}): {verdict}.",
            "  ",
        )
    for gap in gaps:
        if gap.place == one.id and gap.code == "at_opening":
            lines += _comment(
                f"{gap.n} cases are first seen when the office opens: "
                "they are spread over the time it was closed.",
                "  ",
            )
    seen = [weekday for weekday in one.week if weekday.fitted]
    if seen:
        lines += (
            _comment("Weekdays that are not named are there less than twice: 1.", "  ")
            if len(seen) < 7
            else []
        )
    else:
        lines += _comment(
            "Weekdays: all 1; they do not differ more than by chance, or are there less than twice.", "  "
        )
    day = ", ".join(f'"{text}": {_number(weight)}' for text, weight in one.profile)
    week = ", ".join(f"{weekday.day}: {_number(weekday.weight)}" for weekday in seen)
    profile = f"{{day: {{{day}}}" + (f", week: {{{week}}}}}" if seen else "}")
    names = f"id: {one.id}, service: {one.service}, path: {one.path}"
    poisson = [
        f"  - {{kind: poisson, {names}, per_day: {_number(round(one.per_day, 4))},",
        f"     profile: {profile}}}",
    ]
    if one.kind == "trace":
        return [
            *lines,
            *(f"  #{line[1:]}" for line in poisson),
            f"  - {{kind: trace, {names}, log: {TRACE}}}",
        ]
    return [*lines, *poisson]


def _traits(traits: Iterable[TraitFit]) -> list[str]:
    lines = []
    for trait in traits:
        lines += _comment(
            f"{trait.n} of {trait.cases} cases end with {trait.outcome}; "
            f"95 %: {trait.low:.4f} to {trait.high:.4f}."
            + (f" The same rows would be left by {', '.join(trait.others)}." if trait.others else ""),
            "  ",
        )
        name, value = trait.citizen
        lines += [
            f"  - {{id: {trait.id}, share: {_number(round(trait.share, 6))}, paths: [{trait.path}],",
            f"     services: [{', '.join(trait.services)}], citizen: {{{name}: {value}}}}}",
        ]
    return ["traits:", *lines] if lines else ["# No trait was found in the outcomes."]


def _outcomes(results: FitResults) -> list[str]:
    why = {
        "unknown": "no kind of citizen ends so",
        "several": "several kinds of citizens end so, on different ways",
        "moment": "what is open or free at that moment can bring it",
    }
    return [
        line
        for one in results.outcomes
        for line in _comment(
            f"Not fitted: {one.outcome}, {one.cases} cases of {one.service} ({one.path}): {why[one.why]}."
        )
    ]


def _stations(results: FitResults) -> list[str]:
    lines = []
    for one in results.servers:
        seen = [f"{one.busy} at work at once"] if one.busy is not None else []
        seen += [f"{one.names} named"] if one.names is not None else []
        where = "in the office with the most, " if one.per_office else ""
        text = f"At least {one.servers}: {where}{', '.join(seen)} ({_bound(one)}); the world has {one.world}."
        lines += [*_comment(text, "  "), f"  {one.station}: {{servers: {one.servers}}}"]
    return ["stations:", *lines] if lines else ["# No servers were seen: those of the world."]


def _bound(one: ServerFit) -> str:
    if one.station == DECISION_STATIONS["portal"]:
        return "requests that were registered and not decided, which may have waited"
    if one.waited:
        return "people waited, so likely just so many"
    return "nobody is seen waiting, so there may be more"


def _times(results: FitResults, laws: Mapping[str, Mapping[str, Law]]) -> list[str]:
    steps, decisions = [], []
    for fit in results.times:
        said = _about(fit, results.gaps)
        mine = laws.get(fit.name, {})
        if fit.name in STATIONS_OF_STEPS:
            steps += said
            steps += [f"  {fit.name}:"] if mine else []
            for station, law in mine.items():
                steps += _law(f"    {station}", law)
        else:
            decisions += said
            for law in mine.values():
                decisions += _law(f"  {fit.name.partition('/')[2]}", law)
    return [*_section("steps", steps), *_section("decision", decisions)]


def _law(key: str, law: Law) -> list[str]:
    """Return a law under its key; a long one goes over several lines."""
    lines, line = [], f"{key}: "
    for part in law_text(law).split(", "):
        if len(line) + len(part) + 2 > _WIDTH:
            lines.append(line.rstrip())
            line = " " * (len(key) - len(key.lstrip()) + 2)
        line += f"{part}, "
    return [*lines, line.removesuffix(", ")]


def _section(name: str, lines: list[str]) -> list[str]:
    """Return a section; one in which nothing was fitted is only its comments."""
    filled = any(not line.lstrip().startswith("#") for line in lines)
    return [f"{name}:" if filled else f"# {name}: nothing was fitted.", *lines]


def _about(fit: TimeFit, gaps: Iterable[Gap]) -> list[str]:
    words = {
        "good": "the test does not reject it",
        "close": "rejected by the test, but no share is further off than that",
        "measured": "no family is near enough, so the measured quantiles",
        "scaled": f"the laws of the world, {fit.factor} times as long",
        "kept": "the laws of the world are kept",
    }
    text = f"{fit.name}: {fit.used} of {fit.rows} times"
    if fit.mean_s is not None:
        text += f", mean {fit.mean_s:.3g} s, median {fit.median_s:.3g} s, p95 {fit.p95_s:.3g} s"
    if fit.ks is not None:
        text += f"; KS {fit.ks:.4f}, p {fit.p:.3f}"
    text += ": always the same." if fit.family == "constant" and fit.ks is None else f": {words[fit.status]}."
    if len(fit.stations) > 1 and fit.status in {"good", "close", "measured"}:
        text += (
            f" {', '.join(fit.stations)} serve it in a row and the log shows their sum: the law is that of "
            f"{fit.carrier}, with the world's for the others the sum is as measured."
        )
    said = [
        _GAPS[gap.code].format(n=gap.n, total=gap.total, detail=gap.detail)
        for gap in gaps
        if gap.place == fit.name and gap.code in _GAPS
    ]
    return _comment(" ".join([text, *(f"{one[0].upper()}{one[1:]}." for one in said)]), "  ")


def _slots(results: FitResults) -> list[str]:
    slots = [gap for gap in results.gaps if gap.code == "slots"]
    if not slots:
        return []
    return [
        *_comment(
            "Slots of the doctors: not fitted, a log shows only those that were chosen. So many that nobody "
            "goes "
            f"without: {slots[0].n} doctors in each office."
            + (f" {slots[0].total} cases of the log did." if slots[0].total else "")
        ),
        f'slots: {{doctors: {slots[0].n}, per_day: 24, every: "20 min", days_ahead: 7}}',
    ]


def _text(name: str) -> str:
    """Return a name for YAML: quoted, as JSON has it."""
    return json.dumps(name, ensure_ascii=False)


def _number(value: float) -> str:
    """Return a number as YAML has it, without an exponent."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text or "0"

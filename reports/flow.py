"""Tell the routes of a log: each variant as parts that say in words where it leaves the process."""

from dataclasses import dataclass

from conformance.flow_results import FlowResults, FlowVariant
from conformance.intervals import interval
from conformance.results import Results
from reports.characters import display_width, flow, one_line
from reports.texts import Texts

MOST_TOLD = 3
"""How many routes that leave the process a terminal is told."""
VERDICT_OF = {
    "fits": "pass",
    "differs": "fail",
    "order_not_certain": "inconclusive",
    "no_process": "inconclusive",
    "too_long": "inconclusive",
}
"""The sign and the colour that repeat the word for a status."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a route: *kind* is that of a move, or ``any_order`` for steps whose order is not certain."""

    kind: str
    steps: tuple[str, ...]


def parts(variant: FlowVariant) -> list[Part]:
    """Return the parts of *variant* in the order in which they are read."""
    if variant.moves:
        return [Part(move.kind, move.steps) for move in variant.moves]
    found = [Part("fits" if len(set(group)) == 1 else "any_order", group) for group in variant.route]
    if variant.why == "no_end":
        found[-1] = Part("no_end", variant.route[-1])
    return found


def share(k: int, n: int, texts: Texts) -> str:
    """Return *k* of *n* with the percentage and its 95 % interval."""
    if not n:
        return texts.say("of", part=k, n=n)
    found = interval(k, n)
    low, high = _percent(found.low, texts), _percent(found.high, texts)
    return texts.say("flow.share", part=k, n=n, share=_percent(k / n, texts), low=low, high=high)


def statements(found: FlowResults, texts: Texts) -> list[str]:
    """Return what is said of all routes together: how many fit, how well, and what is not known."""
    known = found.fitting + found.unfit
    said = [texts.say("flow.fitting", share=share(found.fitting, known, texts))] if known else []
    if found.fitness is not None:
        said.append(texts.say("flow.fitness", value=_decimal(found.fitness, texts)))
    said.append(texts.say("flow.variants", n=found.variants_total))
    counted = ("unexplained", "order_not_certain", "no_process", "outside")
    said += [texts.say(f"flow.{name}", n=n) for name in counted if (n := getattr(found, name))]
    return said + _unseen(found, texts)


def actions(results: Results, language: str) -> dict[tuple[str, str, str], str]:
    """Return what each step does, by service, path and step, where the results say it."""
    return {(s.service, s.path, s.step): s.action.in_language(language) for s in results.steps}


def told(variant: FlowVariant, texts: Texts) -> str:
    """Return the route of *variant* in one line, what is wrong with it in brackets."""
    return " ".join(_told(part, texts) for part in parts(variant))


def flow_lines(results: Results, texts: Texts, width: int) -> list[str]:
    """Return the lines of a terminal, at most *width* columns wide; none if every known route surely fits.

    Where the log's source hides steps, that none leaves the process is said with what it does not cover.
    """
    found = results.flow
    if found is None or not (found.unfit or found.undelivered):
        return []
    head = texts.say("flow.head")
    indent = " " * (display_width(head) + 2)
    known = found.fitting + found.unfit
    chunks = [texts.say("flow.fitting", share=texts.say("of", part=found.fitting, n=known))] if known else []
    if found.fitness is not None:
        chunks.append(texts.say("flow.fitness", value=_decimal(found.fitness, texts)))
    lines = [indent + line for line in flow(chunks, width - len(indent), 2)] if chunks else []
    for said in _unseen(found, texts):
        lines += [indent + line for line in flow([one_line(said)], width - len(indent), 2)]
    unfit = [v for v in found.variants if v.status in {"differs", "too_long"}]
    for variant in unfit[:MOST_TOLD]:
        cases = texts.say("flow.cases", n=variant.cases)
        words = one_line(f"{cases}: {told(variant, texts)} ({', '.join(variant.examples[:1])})")
        lines += [indent + line for line in flow([words], width - len(indent), 2)]
    return [head + lines[0][display_width(head) :], *lines[1:]]


def _unseen(found: FlowResults, texts: Texts) -> list[str]:
    """Return what is said of the steps that no route of the log can show; nothing if there are none."""
    names = ", ".join(found.undelivered)
    return [texts.say("flow.undelivered", steps=names)] if names else []


def _told(part: Part, texts: Texts) -> str:
    steps = " ".join(part.steps)
    return steps if part.kind == "fits" else f"[{texts.word('flow_move', part.kind)}: {steps}]"


def _percent(value: float, texts: Texts) -> str:
    """Return a share in per cent, with as many decimals as it takes to tell it from none and from all."""
    shown = ""
    for decimals in range(1, 5):
        shown = f"{value * 100:.{decimals}f}"
        if value in (0, 1) or 0 < float(shown) < 100:
            break
    return shown.replace(".", texts.decimal_sign)


def _decimal(value: float, texts: Texts) -> str:
    """Return a fitness with four decimals, cut: only a perfect one is written as 1."""
    return f"{int(value * 10_000) / 10_000:.4f}".replace(".", texts.decimal_sign)

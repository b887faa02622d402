"""Tell in a terminal what a third party finds in saved documents: who vouches, the counts, the findings."""

from collections.abc import Iterable, Sequence

import msgspec

from conformance.verdicts import Verdict, severity
from conformance.verification_results import DocumentCheck, LogCheck, Verification
from reports.characters import display_width, flow, one_line, pad
from reports.texts import Texts

MOST_SHOWN = 20
LEAST_WIDTH = 40
FINGERPRINT = 16
"""How many digits of the root's SHA-256 are shown: enough to compare by eye."""

_KINDS = ("request", "result", "refusal", "query", "answer", "folder")
_VERDICTS = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
_LOUD = (Verdict.FAIL, Verdict.ERROR)


def render_verification(found: Verification, texts: Texts, width: int = 80) -> str:
    """Return *found* in lines of at most *width* columns (not under 40), counts first."""
    width = max(LEAST_WIDTH, width)
    blocks = [_head(found, texts, width), _table(found, texts), _notes(found, texts, width)]
    checks = [_named(check) for check in found.documents] + [_logged(log, texts) for log in found.logs]
    blocks += _findings(checks, texts, width)
    blocks.append(flow([texts.say(f"verify.all_{_overall(found)}")], width))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def encode_verification(found: Verification) -> str:
    """Return *found* as indented JSON with sorted keys, ending in a newline."""
    encoded = msgspec.json.encode(found, order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _overall(found: Verification) -> str:
    checks = [*(d.verdict for d in found.documents), *(log.verdict for log in found.logs)]
    if Verdict.FAIL in checks:
        return "fail"
    return "pass" if found.verdict is Verdict.PASS else "inconclusive"


def _head(found: Verification, texts: Texts, width: int) -> list[str]:
    fingerprint = found.anchor_sha256[:FINGERPRINT] or "-"
    lines = flow([texts.say(f"verify.anchor_{found.anchor}", sha256=fingerprint)], width, 2)
    lists = {"saved": found.saved_lists, "given": found.given_lists}
    words = texts.say("verify.lists" if found.given_lists else "verify.lists_saved", **lists)
    lines += flow([words], width, 2)
    if found.gateway is not None:
        lines += flow([texts.say("verify.gateway", bin=found.gateway)], width, 2)
    return lines


def _table(found: Verification, texts: Texts) -> list[str]:
    rows = [
        (
            texts.say(f"verify.kind_{kind}"),
            [d.verdict for d in found.documents if d.document.split("-")[0] == kind],
        )
        for kind in _KINDS
    ]
    rows.append((texts.say("verify.kind_log"), [log.verdict for log in found.logs]))
    told = [(name, verdicts) for name, verdicts in rows if verdicts]
    heads = [_word(verdict, texts) for verdict in _VERDICTS]
    left = max([display_width(name) for name, _ in told] + [len(texts.say("verify.cases", n=found.cases))])
    lines = [pad(texts.say("verify.cases", n=found.cases), left) + "".join(f"   {head}" for head in heads)]
    for name, verdicts in told:
        # What cannot be read is not shown either way: an error stands with what is inconclusive.
        shown = [v if v in _VERDICTS else Verdict.INCONCLUSIVE for v in verdicts]
        counts = [texts.number(shown.count(verdict)) for verdict in _VERDICTS]
        cells = (
            f"   {' ' * (display_width(head) - len(n))}{n}" for head, n in zip(heads, counts, strict=True)
        )
        lines.append(pad(name, left) + "".join(cells))
    return lines


def _kind(check: DocumentCheck) -> str:
    return check.document.split("-")[0]


def _notes(found: Verification, texts: Texts, width: int) -> list[str]:
    lines: list[str] = []
    by_receipt = sum(d.moment_from == "receipt" for d in found.documents)
    by_signer = sum(d.moment_from == "signer" for d in found.documents)
    lines += flow([texts.say("verify.moments", receipt=by_receipt, signer=by_signer)], width, 2)
    if found.logs:
        messages = sum(log.messages for log in found.logs)
        entries = sum(log.entries for log in found.logs)
        lines += flow([texts.say("verify.messages", messages=messages, entries=entries)], width, 2)
    rejected = [d.verdict for d in found.uncounted if d.document == "rejected-request"]
    arrived = len(found.uncounted) - len(rejected)
    if rejected:
        good = rejected.count(Verdict.PASS)
        lines += flow([texts.say("verify.rejected", n=len(rejected), good=good)], width, 2)
    if arrived:
        lines += flow([texts.say("verify.arrived", n=arrived)], width, 2)
    if found.other_files:
        lines += flow([texts.say("verify.other_files", n=found.other_files)], width, 2)
    return lines


_Finding = tuple[Verdict, str, str, str | None]
"""Verdict, what it is about, what was found, the code of the reason."""


def _named(check: DocumentCheck) -> _Finding:
    return check.verdict, f"{check.folder}/{check.document}", check.detail, check.reason


def _logged(log: LogCheck, texts: Texts) -> _Finding:
    return log.verdict, f"{texts.say('verify.log')} {log.name}", log.detail, log.reason


def _findings(checks: Sequence[_Finding], texts: Texts, width: int) -> list[list[str]]:
    """Tell what failed, then what could not be shown; equal findings are told once, with their number."""
    blocks = []
    for verdicts in (_LOUD, (Verdict.INCONCLUSIVE,)):
        grouped: dict[tuple[Verdict, str, str | None], list[str]] = {}
        for verdict, name, detail, reason in checks:
            if verdict in verdicts:
                grouped.setdefault((verdict, detail, reason), []).append(name)
        ordered = sorted(grouped.items(), key=lambda item: (severity(item[0][0]), -len(item[1])))
        lines = [line for group, names in ordered[:MOST_SHOWN] for line in _group(group, names, texts, width)]
        if len(ordered) > MOST_SHOWN:
            lines.append(texts.say("more", n=len(ordered) - MOST_SHOWN))
        blocks.append(lines)
    return blocks


def _group(
    group: tuple[Verdict, str, str | None], names: Sequence[str], texts: Texts, width: int
) -> Iterable[str]:
    verdict, detail, reason = group
    word = _word(verdict, texts)
    label = pad(word.upper() if verdict in _LOUD else word, _label_width(texts))
    chunks = [one_line(names[0])]
    if len(names) > 1:
        chunks.append(texts.say("more", n=len(names) - 1))
    indent = " " * display_width(label)
    first, *rest = flow(chunks, width - display_width(label), 2)
    yield label + first
    for line in [*rest, *flow([f"{one_line(detail)} ({reason})"], width - display_width(label), 2)]:
        yield indent + line


def _word(verdict: Verdict, texts: Texts) -> str:
    """Return the word for *verdict*: of a document it says more than of a norm."""
    code = verdict.value
    return texts.say(f"verify.is_{code}") if code in {"pass", "fail"} else texts.word("verdict", code)


def _label_width(texts: Texts) -> int:
    shown = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR)
    return max(display_width(_word(verdict, texts)) for verdict in shown) + 2

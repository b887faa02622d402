"""Say how many kept a norm or a clause, broke it or left it open: no count without its word."""

from collections import Counter
from collections.abc import Iterable, Mapping

from conformance.results import CaseFinding, ClauseResult, NormResult
from conformance.verdicts import Reason, Verdict, verdict_of
from reports.overview import applicable, main_reason
from reports.texts import Texts

_WORDS = {
    Verdict.PASS: "kept",
    Verdict.FAIL: "broken",
    Verdict.INCONCLUSIVE: "open",
    Verdict.ERROR: "unreadable",
}
JUDGE = "en"
"""The language of the details that the judge writes into results.json."""
_OPEN = (Verdict.INCONCLUSIVE, Verdict.ERROR)


def norm_share(norm: NormResult, texts: Texts) -> str | None:
    """Return how many have the verdict of *norm*; of a rate, those kept of the decided. None for nothing."""
    if norm.rate is not None:
        return _kept(norm.rate.met, norm.rate.n, norm.rate.undecided, texts)
    total, word = applicable(norm), _WORDS.get(norm.verdict)
    if not total or word is None:
        return None
    return texts.say(f"count.{word}", part=norm.counts.get(norm.verdict.value, 0), n=total)


def clause_share(clause: ClauseResult, norms: Mapping[str, NormResult], texts: Texts) -> str | None:
    """Return how many verdicts on the norms of *clause* say kept, of those decided, and how many are open."""
    open_ = sum(
        norms[name].counts.get(verdict.value, 0)
        for name in clause.norms
        if name in norms
        for verdict in _OPEN
    )
    return _kept(clause.n_pass, clause.n_applicable - open_, open_, texts)


def findings_count(norm: NormResult, texts: Texts) -> str:
    """Return how many findings are kept, and of how many if they are not all."""
    shown = len(norm.findings)
    total = sum(norm.counts.get(verdict.value, 0) for verdict in (Verdict.FAIL, *_OPEN))
    if total <= shown:
        return texts.say("findings", n=shown)
    return texts.say("findings_cut", shown=shown, n=total)


def finding_told(norm: NormResult, finding: CaseFinding, texts: Texts) -> tuple[str, str]:
    """Return what the judge says of a case, and in which language: times in that of the page."""
    timed = norm.kind == "step_duration" and finding.reason in (Reason.OVER_LIMIT, Reason.NORM_UNKNOWN)
    if texts.language == JUDGE or not timed or finding.measured_us is None:
        return finding.detail, JUDGE
    told = [texts.say("sequence.took", time=texts.duration(finding.measured_us, finding.limit_us))]
    if finding.limit_us is not None:
        told.append(texts.say("sequence.limit", limit=texts.duration(finding.limit_us)))
    return ", ".join(told), texts.language


def norm_reasons(norm: NormResult, texts: Texts) -> list[tuple[str, str]]:
    """Return why *norm* has its verdict, in words and code: most frequent first, then what else was found.

    A reason of another verdict is told with that verdict; that a case took another branch is no news.
    """
    own = _own(norm)
    others = {name: n for name, n in norm.reasons.items() if name not in own and name != Reason.OTHER_BRANCH}
    told = [(_counted(name, n, texts), name) for name, n in own.items()]
    for name, n in _most_first(others):
        verdict = texts.word("verdict", verdict_of(Reason(name)).value)
        told.append((f"{verdict}: {_counted(name, n, texts)}", name))
    return told


def clause_reasons(clause: ClauseResult, norms: Mapping[str, NormResult], texts: Texts) -> list[str]:
    """Return why *clause* has its verdict: the reasons of the norms that have it too, most frequent first."""
    if clause.verdict in (None, Verdict.PASS):
        return []
    found: Counter[str] = Counter()
    for norm in (norms[name] for name in clause.norms if name in norms):
        if norm.verdict is clause.verdict:
            found.update(_own(norm))
    return [_counted(name, n, texts) for name, n in _most_first(found)]


def _own(norm: NormResult) -> dict[str, int]:
    """Return the reasons of the verdict of *norm*; 0 where nothing was counted."""
    own = {name: n for name, n in norm.reasons.items() if verdict_of(Reason(name)) is norm.verdict}
    if norm.why is not None:  # the reason of the whole comes before those of the cases
        return {norm.why.value: own.get(norm.why.value, 0)} | dict(_most_first(own))
    main = main_reason(norm)
    return dict(_most_first(own)) or ({main: 0} if main is not None else {})


def _most_first(reasons: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))


def _counted(name: str, n: int, texts: Texts) -> str:
    word = texts.word("reason", name)
    return texts.say("reason_count", reason=word, n=n) if n else word


def _kept(kept: int, decided: int, open_: int, texts: Texts) -> str | None:
    if not decided:
        return texts.say("count.open", part=open_, n=open_) if open_ else None
    share = texts.say("count.kept", part=kept, n=decided)
    return texts.say("count.and_open", count=share, n=open_) if open_ else share

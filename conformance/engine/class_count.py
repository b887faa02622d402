"""What is counted while the classes of a log pass by: every norm once for each class, times its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.answers import Answer
from conformance.cases import Case, with_clock_error
from conformance.context import Context, Route, standing
from conformance.decision_tally import DecisionTally
from conformance.engine.case_classes import ToldClasses
from conformance.engine.durations import DurationCounts
from conformance.engine.run import CaseClass, ProfileKey
from conformance.flow import flow_of
from conformance.flow_results import FlowResults
from conformance.judge import fresh_tallies
from conformance.lag_norms import lags_us
from conformance.norm_checks import check_case, concerns, finding_of
from conformance.norm_verdicts import MAX_FINDINGS, SHOWN
from conformance.norms import Lag, Norm
from conformance.pack import Pack
from conformance.variants import MOST_EXAMPLES, Path, Variant, by_frequency, path_of
from conformance.verdicts import Verdict

MAX_KNOWN = 400_000
"""How many answers and rows the remembered profiles have; the norms are asked again about others."""
MAX_ROUTE_STEPS = 600_000
"""How many steps the distinct routes kept in memory have; those of a log with more are counted on disk."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A class that was judged: whether no norm can judge its cases, what each norm said, and its route."""

    barred: bool
    said: tuple[tuple[Norm, Answer], ...]
    path: Path | None


class ClassCount:
    """Tallies, findings and routes of a log, as far as its classes have passed by."""

    def __init__(
        self,
        pack: Pack,
        context: Context,
        durations: DurationCounts,
        decisions: DecisionTally | None = None,
        told: ToldClasses | None = None,
    ) -> None:
        self.told = told
        self.context = context
        self.durations = durations
        self.decisions = decisions
        self.tallies = fresh_tallies(pack.norms, context)
        self.endings = frozenset(step.code for step in pack.steps if step.ends)
        self._cases = 0
        self.any_barred = False
        self._norms = {norm.id: norm for norm in pack.norms}
        self._examples: dict[str, dict[Verdict, list[str]]] = {}
        self._known: dict[ProfileKey, _Judged] = {}
        self._remembered = 0
        self._concerned: dict[Route, list[Norm]] = {}
        self._routes: dict[Path, tuple[int, tuple[str, ...]]] = {}
        self._route_steps = 0
        self._outside = 0
        self._mixed: set[str] = set()

    def add(self, found: CaseClass) -> bool:
        """Count a class for every norm; return whether no norm can judge its cases."""
        judged = self._known.get(found.key) if found.key is not None else None
        if judged is None:
            judged = self._judge(found.case)
            if found.key is not None and self._remembered < MAX_KNOWN:
                self._known[found.key] = judged
                self._remembered += len(judged.said) + len(found.case.events)
        for norm, answer in judged.said:
            self.tallies[norm.id].add(answer, found.count)
            if answer.verdict in SHOWN:
                self._remember(norm, answer.verdict, found.ids)
        if self.told is not None:
            self.told.hear(found, judged.said)
        self._count_cases(found, judged)
        if self.decisions is not None:
            self.decisions.observe(found.case, found.count)
        if found.key is None and not judged.barred:
            self._measure_lags(found.case)
        return judged.barred

    def end_batch(self) -> None:
        """Write down the verdicts of the cases of a batch, if they are wanted."""
        if self.told is not None:
            self.told.end_batch()

    @property
    def all_cases(self) -> int:
        """Return how many case ids the log holds."""
        return self._cases + len(self._mixed)

    def named(self) -> dict[str, dict[str, Verdict]]:
        """Return by case the norms whose findings name it, with their verdicts: the first of the worst."""
        found: dict[str, dict[str, Verdict]] = {}
        for norm_id, by_verdict in self._examples.items():
            worst_first = [(case_id, verdict) for verdict in SHOWN for case_id in by_verdict.get(verdict, ())]
            for case_id, verdict in worst_first[:MAX_FINDINGS]:
                found.setdefault(case_id, {})[norm_id] = verdict
        return found

    def find(self, case: Case, verdicts: Mapping[str, Verdict]) -> None:
        """Add what each of the norms finds in *case* to its findings.

        Raises RuntimeError if it is not the verdict of the case's class: then a mark is too coarse, and no
        figure of this judgement may stand.
        """
        barred = standing(case, self.context)
        for norm_id, verdict in verdicts.items():
            norm = self._norms[norm_id]
            if concerns(norm, case):
                answer = check_case(norm, case, self.context, barred)
                if answer.verdict is not verdict:
                    told = f"its class is {verdict}, the case {answer.verdict}"
                    raise RuntimeError(f"{norm_id} on {case.case_id}: {told}")
                self.tallies[norm_id].findings.append(finding_of(case, answer))

    def flow(self) -> FlowResults | None:
        """Return what the routes say; None if there were too many to keep them."""
        if self._route_steps > MAX_ROUTE_STEPS:
            return None
        variants = [Variant(path, n, examples) for path, (n, examples) in self._routes.items()]
        return flow_of(sorted(variants, key=by_frequency), self._outside + len(self._mixed), self.context)

    def _judge(self, case: Case) -> _Judged:
        route = (case.service, case.path)
        if route not in self._concerned:
            self._concerned[route] = [norm for norm in self._norms.values() if concerns(norm, case)]
        barred = standing(case, self.context)
        said = tuple((norm, check_case(norm, case, self.context, barred)) for norm in self._concerned[route])
        outside = barred is not None or case.case_id in self.context.damaged
        return _Judged(barred is not None, said, None if outside else self._path_of(case))

    def _path_of(self, case: Case) -> Path:
        return path_of(with_clock_error(case, self.context.clock_error_us))

    def _remember(self, norm: Norm, verdict: Verdict, ids: Sequence[str]) -> None:
        """Keep the smallest ids of the cases with this verdict: findings name the first ones."""
        kept = self._examples.setdefault(norm.id, {}).setdefault(verdict, [])
        if len(kept) < MAX_FINDINGS or ids[0] < kept[-1]:
            kept[:] = sorted([*kept, *ids])[:MAX_FINDINGS]

    def _count_cases(self, found: CaseClass, judged: _Judged) -> None:
        if found.case.mixed:
            self._mixed.add(found.case.case_id)
            self.any_barred = True
            return
        self._cases += found.count
        self.any_barred = self.any_barred or judged.barred
        if judged.path is None:
            self._outside += found.count
        elif self._route_steps <= MAX_ROUTE_STEPS:
            self._count_route(judged.path, found)

    def _count_route(self, path: Path, found: CaseClass) -> None:
        if path not in self._routes:
            self._route_steps += sum(map(len, path.groups))
            if self._route_steps > MAX_ROUTE_STEPS:
                self._routes.clear()  # nobody will ask for them
                return
        n, examples = self._routes.get(path, (0, ()))
        smallest = tuple(sorted([*examples, *found.ids])[:MOST_EXAMPLES])
        self._routes[path] = (n + found.count, smallest)

    def _measure_lags(self, case: Case) -> None:
        for norm in self._concerned[case.service, case.path]:
            if isinstance(norm, Lag):
                self.durations.add(norm.id, lags_us(norm, case))

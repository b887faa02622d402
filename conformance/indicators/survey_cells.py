"""Which counts of a survey are shown: all its tables as one net of sums, so that no table betrays another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from conformance.indicators.definitions import SurveyRules
from conformance.indicators.suppression import Sum, hide_small
from conformance.indicators.survey_table import SurveyCounts
from conformance.regulation import SurveyQuestion

ALL = "*"


@dataclass(slots=True)
class Net:
    """Counts by name with the sums that tie them together."""

    counts: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    unpublished: set[str] = field(default_factory=set)

    def add(self, name: str, n: int) -> str:
        """Add a count; return its name."""
        self.counts[name] = n
        return name

    def tie(self, total: str, parts: Iterable[str]) -> None:
        """Say that *total* is the sum of *parts*; a total not yet counted is."""
        listed = tuple(parts)
        self.counts.setdefault(total, sum(self.counts[part] for part in listed))
        self.sums.append(Sum(total, listed))

    def bound(self, name: str, most: int) -> None:
        """Say that everybody knows the count *name* to be at most *most*, and what it is if that is 0."""
        if most == 0:
            self.public.add(name)
            return
        known, rest = f"most {name}", f"rest {name}"
        self.counts[known], self.counts[rest] = most, most - self.counts[name]
        self.public.add(known)
        self.unpublished.add(rest)
        self.sums.append(Sum(known, (name, rest)))

    def shown(self) -> "Shown":
        """Decide what is shown."""
        hidden = hide_small(self.counts, self.sums, public=self.public, unpublished=self.unpublished)
        return Shown(self.counts, frozenset(self.counts) if hidden is None else hidden)


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts of which some are hidden."""

    counts: dict[str, int]
    hidden: frozenset[str]

    def get(self, name: str) -> int | None:
        """Return the count *name*, None if it is hidden."""
        return None if name in self.hidden else self.counts[name]


def frame_cell(path: str, outcome: str) -> str:
    """Return the name of the number of answers from a path and outcome."""
    return f"answered {path} {outcome}"


def service_cell(service: str) -> str:
    """Return the name of the number of people who answered about a service."""
    return f"answered service {service}"


def channel_cell(channel: str) -> str:
    """Return the name of the number of answers that came by a channel."""
    return f"answered channel {channel}"


def question_cell(what: str, service: str, question: str) -> str:
    """Return the name of a count of one question: a grade, skipped, given, strict or lenient."""
    return f"{what} {service} {question}"


def survey_net(
    counts: SurveyCounts, questions: Sequence[SurveyQuestion], rules: SurveyRules, services: Sequence[str]
) -> Net:
    """Return all counts of the survey that a report shows, with every sum that a reader could use."""
    net = Net()
    _add_frame(net, counts)
    if not services:
        return net
    total = frame_cell(ALL, ALL)
    for service in services:
        answered = sum(n for (name, _, _), n in counts.answered.items() if name == service)
        net.add(service_cell(service), answered)
        net.bound(
            service_cell(service), sum(n for (name, _, _), n in counts.invited.items() if name == service)
        )
    net.tie(total, [service_cell(service) for service in services])
    if counts.channels:
        for channel, (invited, answered) in counts.channels.items():
            net.bound(net.add(channel_cell(channel), answered), invited)
        net.tie(total, [channel_cell(channel) for channel in counts.channels])
    for question in questions:
        for service in services:
            _add_question(net, counts, question, rules, service)
        _add_all_services(net, question, services)
    return net


def _add_frame(net: Net, counts: SurveyCounts) -> None:
    paths = sorted({path for _, path, _ in counts.eligible})
    outcomes = sorted({outcome for _, _, outcome in counts.eligible})
    for path in paths:
        for outcome in outcomes:
            name = net.add(frame_cell(path, outcome), _sum(counts.answered, path, outcome))
            net.bound(name, _sum(counts.invited, path, outcome))
        net.tie(frame_cell(path, ALL), [frame_cell(path, outcome) for outcome in outcomes])
    for outcome in outcomes:
        net.tie(frame_cell(ALL, outcome), [frame_cell(path, outcome) for path in paths])
    net.tie(frame_cell(ALL, ALL), [frame_cell(path, ALL) for path in paths])
    net.tie(frame_cell(ALL, ALL), [frame_cell(ALL, outcome) for outcome in outcomes])


def _add_question(
    net: Net, counts: SurveyCounts, question: SurveyQuestion, rules: SurveyRules, service: str
) -> None:
    def cell(what: str | int) -> str:
        return question_cell(str(what), service, question.id)

    grades = range(1, len(question.answers) + 1)
    for grade in grades:
        found = (
            n
            for (of, _, _, name, value), n in counts.grades.items()
            if (of, name, value) == (service, question.id, grade)
        )
        net.add(cell(grade), sum(found))
    net.tie(cell("given"), map(cell, grades))
    skipped = net.add(cell("skipped"), net.counts[service_cell(service)] - net.counts[cell("given")])
    net.public.add(skipped)  # that somebody gave no answer tells no answer
    net.tie(service_cell(service), [cell("given"), cell("skipped")])
    net.tie(cell("strict"), map(cell, rules.satisfied_strict))
    net.tie(cell("lenient"), map(cell, rules.satisfied_lenient))


def _add_all_services(net: Net, question: SurveyQuestion, services: Sequence[str]) -> None:
    grades = [str(grade) for grade in range(1, len(question.answers) + 1)]
    for what in (*grades, "given", "skipped", "strict", "lenient"):
        parts = [question_cell(what, service, question.id) for service in services]
        net.tie(question_cell(what, ALL, question.id), parts)
    net.public.add(question_cell("skipped", ALL, question.id))
    whole = [question_cell(what, ALL, question.id) for what in grades]
    net.tie(question_cell("given", ALL, question.id), whole)
    net.tie(frame_cell(ALL, ALL), [question_cell(what, ALL, question.id) for what in ("given", "skipped")])


def _sum(of: Mapping[tuple[str, str, str], int], path: str, outcome: str) -> int:
    return sum(n for (_, p, o), n in of.items() if (p, o) == (path, outcome))

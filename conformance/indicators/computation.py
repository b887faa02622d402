"""Compute all indicators of a log, and of the survey beside it, under the rules of its pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.context import SurveyCounts, SurveyKey
from conformance.errors import InputError
from conformance.indicators.case_counts import count_cases
from conformance.indicators.case_figures import (
    availability_figures,
    compare_figures,
    completion_figures,
    digital_figures,
    funnel_of,
    outcome_counts,
    reason_counts,
    time_figures,
    timeliness_figures,
)
from conformance.indicators.case_table import CaseTable, make_case_table
from conformance.indicators.definitions import IndicatorRules
from conformance.indicators.duration_figures import measure_durations
from conformance.indicators.indicator_results import Funnel, Indicators, Rate, RateFigure, Survey, TermText
from conformance.indicators.month_figures import month_figures
from conformance.indicators.survey_figures import SurveySource, survey_figures
from conformance.indicators.survey_file import REJECTS_FILE, Rejects, Rules, read_survey, rejects_text
from conformance.indicators.survey_table import count_survey
from conformance.log import Manifest, moment_us_of, utc_text
from conformance.log_file import sha256_file
from conformance.log_store import opened_log
from conformance.pack import Pack


@dataclass(frozen=True, slots=True)
class SurveyInput:
    """A survey file; *model* describes the simulated people who answered, None for real ones."""

    path: Path
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """The indicators, and the lines of the survey that could not be used (None without a survey)."""

    indicators: Indicators
    rejects: Rejects | None


def compute_indicators(
    pack: Pack, log: Path, manifest: Manifest, survey: SurveyInput | None = None
) -> Computed | None:
    """Return the indicators of the canonical *log*; None if the pack defines none.

    Raises InputError for a survey that cannot be read, or that the pack has no questions for.
    """
    rules = pack.indicators
    if rules is None:
        _refuse_survey(pack, survey)
        return None
    taken_us = moment_us_of(manifest.extracted_at)
    with opened_log(log) as database:
        table = make_case_table(database, pack, rules, manifest)
        counts = count_cases(table)
        durations = measure_durations(table)
        simulated = manifest.origin == "simulated"
        answered, rejects = _survey(pack, rules, table, survey, simulated=simulated)
    timeliness = timeliness_figures(counts, rules.targets)
    completion = completion_figures(counts, rules.targets)
    months = month_figures(counts)
    reasons, reasons_shown = reason_counts(counts)
    indicators = Indicators(
        origin=manifest.origin,
        cases=counts.cases,
        excluded=counts.excluded,
        taken=utc_text(table.taken_us) if table.taken_us else None,
        taken_known=taken_us is not None,
        targets_assumption=rules.targets.assumption,
        outcomes=outcome_counts(counts),
        terms=_terms(rules),
        rates=(
            *timeliness,
            *completion,
            *digital_figures(counts, rules),
            *availability_figures(counts, rules),
        ),
        reasons=reasons,
        reasons_shown=reasons_shown,
        times=time_figures(durations, timeliness),
        months=months,
        comparisons=compare_figures([*_by_service(timeliness, completion), *_satisfaction(answered)], months),
        funnels=_funnels(rules, timeliness, completion),
        survey=answered,
    )
    return Computed(indicators, rejects)


def indicators_of_folder(
    pack: Pack, folder: Path, manifest: Manifest, survey: SurveyInput | Path | None = None
) -> Indicators | None:
    """Return the indicators of the log in *folder*, where rejected lines of *survey* are written down, too.

    Raises InputError as *compute_indicators*.
    """
    given = SurveyInput(survey) if isinstance(survey, Path) else survey
    computed = compute_indicators(pack, folder / "log.parquet", manifest, given)
    if computed is not None and computed.rejects is not None and computed.rejects.counts:
        (folder / REJECTS_FILE).write_text(rejects_text(computed.rejects), encoding="utf-8", newline="")
    return computed.indicators if computed is not None else None


def answers_for_norms(indicators: Indicators | None) -> dict[SurveyKey, SurveyCounts]:
    """Return the answers by service and question, as far as they are shown, for the norms of a survey.

    What is hidden in the tables is no evidence either: a norm would give it away.
    """
    found: dict[SurveyKey, SurveyCounts] = {}
    for d in indicators.survey.distributions if indicators and indicators.survey else ():
        grades = tuple(n for n in d.counts if n is not None)
        if d.service is not None and d.invited is not None and len(grades) == len(d.counts):
            found[d.service, d.question] = SurveyCounts(grades, d.invited - sum(grades))
    return found


def _refuse_survey(pack: Pack, survey: SurveyInput | None) -> None:
    if survey is not None:
        expected = "a pack with indicators.yaml and its survey"
        raise InputError(str(survey.path), "", f"a survey for the pack {pack.act.id} that has none", expected)


def _survey(
    pack: Pack, rules: IndicatorRules, table: CaseTable, survey: SurveyInput | None, *, simulated: bool
) -> tuple[Survey | None, Rejects | None]:
    if survey is None:
        return None, None
    if rules.survey is None:
        _refuse_survey(pack, survey)
        return None, None
    grades = {question.id: len(question.answers) for question in pack.survey}
    rejects = Rejects()
    answers = read_survey(survey.path, Rules(grades, rules.survey.instrument), rejects)
    counted = count_survey(table, answers, rejects)
    figures = survey_figures(
        counted,
        rejects,
        SurveySource(sha256_file(survey.path), survey.model, simulated=simulated or survey.model is not None),
        questions=pack.survey,
        rules=rules.survey,
        targets=rules.targets,
    )
    return figures, rejects


def _terms(rules: IndicatorRules) -> tuple[TermText, ...]:
    return tuple(
        TermText(
            service=service,
            path=term.path,
            clause=term.clause.replace("{service}", service),
            assumption=term.assumption,
            gist=term.gist,
        )
        for term in rules.terms
        for service in term.services
    )


def _by_service(
    timeliness: Sequence[RateFigure], completion: Sequence[RateFigure]
) -> list[tuple[str, str, Rate]]:
    """Return what may be compared between services: completion, and timeliness on each path by itself."""
    found = [("completion", f.service, f.rate) for f in completion if f.service and f.path is None]
    found += [(f"timeliness {f.path}", f.service, f.rate) for f in timeliness if f.service]
    return found


def _satisfaction(survey: Survey | None) -> list[tuple[str, str, Rate]]:
    distributions = survey.distributions if survey else ()
    return [(f"satisfaction {d.question}", d.service, d.strict) for d in distributions if d.service]


def _funnels(
    rules: IndicatorRules, timeliness: Sequence[RateFigure], completion: Sequence[RateFigure]
) -> tuple[Funnel, ...]:
    found = (
        funnel_of("timeliness", timeliness, rules.targets.timeliness),
        funnel_of("completion", completion, rules.targets.completion),
    )
    return tuple(funnel for funnel in found if funnel is not None)

"""Judge what a run of suites has left: its log, its documents and its survey."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from conformance.case_verdicts import VERDICTS_NAME, ToldCases
from conformance.expectations import Expectation, hold_expectations
from conformance.indicators.computation import answers_for_norms, indicators_of_folder
from conformance.judge import judge
from conformance.log_size import size_of
from conformance.results import Results
from conformance.summary import Circumstances, assemble_results, signature_use
from scenarios.expected import with_expected
from scenarios.run import Run
from scenarios.run_evidence import write_evidence
from scenarios.run_survey import write_survey


def judge_run(
    run: Run,
    staged: Path,
    replay: str,
    respondents: Path | None,
    entries: Sequence[Expectation] | None,
) -> Results:
    """Write the logs and the documents of a run into *staged*, and return what the judge says of them."""
    manifest = write_evidence(run, staged, violations=False)
    if run.outcomes_of(violations=True):
        write_evidence(run, staged / "faults", violations=True)
    rows = run.rows(violations=False)
    signed = any(outcome.documents for outcome in run.outcomes_of(violations=False))
    indicators = indicators_of_folder(run.pack, staged, manifest, write_survey(run, staged, respondents))
    documents = staged / "documents" if signed else None
    told = ToldCases()
    judgement = judge(run.pack, rows, documents, surveys=answers_for_norms(indicators), told=told)
    told.write(staged / VERDICTS_NAME)
    found = hold_expectations(entries, judgement.norms, manifest)
    run, outcome = (run, run.outcome) if found is None else with_expected(run, found)
    used = run.signatures
    how = Circumstances(
        command="run",
        outcome=outcome,
        replay=replay,
        signatures=signature_use(
            run.mode,
            verified=used.verified,
            computed=used.computed,
            drawn=used.drawn,
            mismatches=run.mismatches,
        ),
        scenarios=run.scenarios,
        faults=run.faults,
        expectations=found,
    )
    assembled = assemble_results(run.pack, judgement, size_of(rows), rows, manifest, how)
    return replace(assembled, indicators=indicators)

"""Ask the simulated people of a run what the pack's survey asks, and write down what they answer."""

from pathlib import Path

from conformance.errors import InputError, nearest_name
from conformance.indicators.computation import SurveyInput
from conformance.indicators.survey_file import SURVEY_FILE, Answer, survey_text
from conformance.log_file import sha256_file
from conformance.pack import Pack
from conformance.strict_yaml import read_yaml
from scenarios.run import Run
from sim.respondents import ResponseModel, ask_people

DEFAULT_MODEL = Path(__file__).with_name("respondents") / "default.yaml"


def write_survey(run: Run, folder: Path, model_file: Path | None = None) -> SurveyInput | None:
    """Ask at every ending of the regular scenarios and write ``survey.csv`` into *folder*.

    None if the pack has no survey. *model_file* is the response model, the shipped one by default. Raises
    InputError for a model that cannot be read or does not fit the pack's questions.
    """
    rules = run.pack.indicators.survey if run.pack.indicators else None
    if rules is None:
        return None
    place = model_file or DEFAULT_MODEL
    model = read_model(place, run.pack)
    answers = [
        Answer(
            line=0,
            case_id=given.case_id,
            question=given.question,
            grade=given.grade,
            asked_us=given.asked_us,
            channel=model.channel,
            instrument=rules.instrument,
        )
        for given in ask_people(run.rows(violations=False), run.pack, model, run.seed)
    ]
    path = folder / SURVEY_FILE
    path.write_text(survey_text(answers), encoding="utf-8", newline="")
    return SurveyInput(path, model=f"{model.name} (SHA-256 {sha256_file(place)[:12]})")


def read_model(place: Path, pack: Pack) -> ResponseModel:
    """Return the response model in the file *place* if it fits the questions of *pack*. Raises InputError."""
    model = read_yaml(place, ResponseModel)
    asked = {question.id: len(question.answers) for question in pack.survey}
    for question, by_outcome in model.grades.items():
        if question not in asked:
            expected = f"a question of the pack: {', '.join(asked)}"
            found = f"the unknown question {question}"
            raise InputError(str(place), "grades", found, expected, nearest_name(question, asked))
        for outcome, shares in by_outcome.items():
            if len(shares) != asked[question]:
                inside = f"grades.{question}.{outcome}"
                raise InputError(
                    str(place), inside, f"{len(shares)} shares", f"{asked[question]}, one a grade"
                )
    for question in asked:
        if question not in model.grades:
            raise InputError(str(place), "grades", f"nothing for {question}", "shares for every question")
    return model

"""Draw how people answered as SVG: for each question the share of each grade, with its interval."""

from conformance.indicators.indicator_results import Distribution, Survey
from conformance.indicators.rates import bounds
from conformance.results import Results
from reports import study_words
from reports.canvas import ROW, Chart, Frame, drawn, name_row, number_ticks, rows_frame, run_caption
from reports.characters import one_line, shorten
from reports.colours import BLUE, GREY, LIGHT
from reports.panel import Panel, Where
from reports.texts import Texts

MOST_QUESTIONS = 12


def survey_chart(results: Results, texts: Texts) -> Chart:
    """Draw the answers to each question by all who were asked; a sentence alone where all are hidden."""
    name = texts.say("ind.survey_chart.name")
    survey = results.indicators.survey if results.indicators is not None else None
    if survey is None:
        return Chart(name, "", "")
    shown = [d for d in survey.distributions if d.service is None and _total(d)][:MOST_QUESTIONS]
    if not shown:
        return Chart(name, texts.say("ind.survey_chart.nothing"), "")
    head = _headline(survey, shown, texts)
    rows = [(d, grade) for d in shown for grade in range(len(d.counts))]

    def draw(boxes: list[Panel]) -> None:
        axes = boxes[0]
        rows_frame(axes, len(rows) + len(shown), 100)
        axes.x.label = texts.say("ind.chart.axis")
        number_ticks(axes.x, texts)
        y = 0
        for d in shown:
            question = f"{d.question}  {_question(survey, d, texts)}"
            said = shorten(one_line(question), 110)
            axes.text(-0.5, y, said, va="center", size=8, bold=True, where=Where.BESIDE)
            axes.axhline(y - 0.5, color=LIGHT, linewidth=0.8)
            for grade in range(len(d.counts)):
                y += 1
                _grade(axes, y, survey, (d, grade), texts)
            y += 1

    people = texts.say("ind.survey_chart.answers", n=sum(_total(d) for d in shown))
    caption = run_caption(texts.say("ind.survey_chart.legend"), people, results, texts)
    frame = Frame("survey", 1, ROW * (len(rows) + len(shown)), left=3.8, right=2.2)
    return Chart(name, head, drawn(frame, draw, caption))


def _headline(survey: Survey, shown: list[Distribution], texts: Texts) -> str:
    """Return the question with the smallest share of the highest grade, with its interval."""
    known = [d for d in shown if d.counts[-1] is not None]
    if not known:
        return texts.say("ind.survey_chart.hidden")
    worst = min(known, key=lambda d: (d.counts[-1] or 0) / _total(d))
    low, high = _bounds(survey, worst.counts[-1] or 0, _total(worst))
    return texts.say(
        "ind.survey_chart.head",
        question=_question(survey, worst, texts),
        answer=_answer(survey, worst, len(worst.counts) - 1, texts),
        share=study_words.percent((worst.counts[-1] or 0) / _total(worst), texts),
        range=study_words.share_range(low, high, texts),
        n=_total(worst),
    )


def _grade(axes: Panel, y: int, survey: Survey, of: tuple[Distribution, int], texts: Texts) -> None:
    d, grade = of
    count, total = d.counts[grade], _total(d)
    name = _answer(survey, d, grade, texts)
    if count is None:
        name_row(axes, y, name, texts.say("ind.hidden"))
        return
    ends = [100 * end for end in _bounds(survey, count, total)]
    axes.barh(
        y,
        100 * count / total,
        height=0.42,
        color=BLUE,
        alpha=0.25 + 0.6 * grade / max(1, len(d.counts) - 1),
        linewidth=0,
    )
    axes.plot(ends, [y, y], color=GREY, linewidth=2.0)
    name_row(axes, y, name, texts.say("of", part=count, n=total))


def _bounds(survey: Survey, good: int, n: int) -> tuple[float, float]:
    """Return the interval as the tables of the survey have it: of a sample of all who could be asked."""
    whole = (row.eligible for row in survey.frame if row.path is row.outcome is row.channel is None)
    population = next(whole, None)
    low, high, _ = bounds(good, n, population if population is not None and population >= n else None)
    return low, high


def _total(d: Distribution) -> int:
    """Return how many answered a question; 0 where that is hidden."""
    return d.strict.n or 0


def _question(survey: Survey, d: Distribution, texts: Texts) -> str:
    found = next((q for q in survey.questions if q.id == d.question), None)
    return one_line(found.question.in_language(texts.language)) if found is not None else d.question


def _answer(survey: Survey, d: Distribution, grade: int, texts: Texts) -> str:
    found = next((q for q in survey.questions if q.id == d.question), None)
    if found is None or grade >= len(found.answers):
        return str(grade + 1)
    return one_line(found.answers[grade].in_language(texts.language))

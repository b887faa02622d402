"""Which column of a log is probably which, by its name in three languages and by what it holds."""

import re
from difflib import SequenceMatcher

from conformance.logs.sample import Column, Sample
from conformance.logs.step_guess import guess_step
from conformance.logs.time_guess import TimeGuess, guess_times
from conformance.pack import Pack

_NAMES = {
    "case_id": """case:concept:name case:ocel:id case_id caseid case case_number trace_id trace request_id
        application_id application request дело номер_дела заявка номер_заявки обращение іс өтініш өтінім""",
    "activity": """concept:name ocel:type activity activity_name event event_name step task action operation
        действие событие этап операция шаг әрекет қадам оқиға""",
    "completed": """time:timestamp ocel:time completed completed_at complete_timestamp end end_time
        finished_at timestamp time date завершено окончание время дата аяқталды уақыты""",
    "started": """started started_at start start_time begin begin_time начало начато басталды""",
    "enabled": """enabled enabled_at queued arrived arrival received available поступило доступно түсті""",
    "resource": """org:resource resource user operator employee performer исполнитель сотрудник оператор
        орындаушы""",
    "outcome": """outcome result status decision исход результат статус решение нәтиже мәртебе""",
    "request_number": """request_number registration_number reg_number регистрационный_номер тіркеу_нөмірі""",
}
_MOMENTS = ("completed", "started", "enabled")
_NEAR = 0.8
_STEPS = 0.5
_MOST_ASKED = 40


def guess_columns(sample: Sample, pack: Pack | None = None) -> tuple[dict[str, str], dict[str, TimeGuess]]:
    """Return the likely column for each role, and for every column of moments how they are written.

    Without a telling name only a column of steps of *pack* is taken for the activity: any other might hold
    names of people.
    """
    times = {
        name: guess
        for name, column in sample.columns.items()
        if column.filled and (guess := guess_times(column.values)) is not None
    }
    roles: dict[str, str] = {}
    for role, known in _NAMES.items():
        wanted = role in _MOMENTS
        rest = [name for name in sample.columns if name not in roles.values() and (name in times) == wanted]
        best = max(rest, key=lambda name: _likeness(name, known), default=None)
        if best is not None and _likeness(best, known) >= _NEAR:
            roles[role] = best
    return _by_content(sample, roles, times, pack), times


def _likeness(name: str, known: str) -> float:
    plain = re.sub(r"[\s.-]+", "_", name.strip().lower())
    return max(SequenceMatcher(None, plain, word).ratio() - 0.001 * n for n, word in enumerate(known.split()))


def _by_content(
    sample: Sample, roles: dict[str, str], times: dict[str, TimeGuess], pack: Pack | None
) -> dict[str, str]:
    """Fill what the names left open: a moment, an activity that names steps, a case of more values."""
    free = [c for name, c in sample.columns.items() if name not in roles.values() and name not in times]
    if not any(role in roles for role in _MOMENTS) and times:
        roles["completed"] = max(times, key=lambda name: sample.columns[name].filled)
    if "activity" not in roles and pack is not None and (column := _most_like_steps(free, pack)):
        roles["activity"] = column.name
        free.remove(column)
    if "case_id" not in roles and (column := _repeated(free, sample.records)):
        roles["case_id"] = column.name
    return roles


def _most_like_steps(columns: list[Column], pack: Pack) -> Column | None:
    shares = {column.name: _share_of_steps(column, pack) for column in columns if column.filled}
    likely = [column for column in columns if shares.get(column.name, 0) >= _STEPS]
    return max(likely, key=lambda column: shares[column.name], default=None)


def _share_of_steps(column: Column, pack: Pack) -> float:
    """Return which share of the most frequent values is named like a step."""
    values = [str(value) for value, _ in column.values.most_common(_MOST_ASKED)]
    guesses = [guess_step(value, pack) for value in values]
    return sum(guess is not None and guess.likeness >= _NEAR for guess in guesses) / len(values)


def _repeated(columns: list[Column], records: int) -> Column | None:
    likely = [c for c in columns if c.filled >= 0.9 * records and len(c.values) > 1]
    return max(likely, key=lambda column: len(column.values), default=None)

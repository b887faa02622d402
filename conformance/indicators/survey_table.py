"""The answers of a survey joined with the cases they speak of, by SQL: any number of lines."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from conformance.indicators.case_table import CaseTable
from conformance.indicators.survey_file import Answer, Rejects
from conformance.log_store import pattern_of

if TYPE_CHECKING:
    import duckdb

_COLUMNS = {
    "line": "BIGINT",
    "case_id": "VARCHAR",
    "question": "VARCHAR",
    "grade": "INTEGER",
    "asked_us": "BIGINT",
    "channel": "VARCHAR",
    "instrument": "VARCHAR",
}
Stratum = tuple[str, str]
"""Path and outcome."""


@dataclass(frozen=True, slots=True)
class SurveyCounts:
    """Exact counts of a survey.

    *eligible*, *invited*, *answered*: cases per service, path, outcome; *channels*: invited and answered
    per channel of asking. *grades*: per service, path, outcome, question, grade. *answered* cases have one
    answer at least.
    """

    lines_used: int
    unknown_cases: int
    not_ended_cases: int
    early: int
    first_us: int | None
    last_us: int | None
    eligible: Mapping[tuple[str, str, str], int]
    invited: Mapping[tuple[str, str, str], int]
    answered: Mapping[tuple[str, str, str], int]
    channels: Mapping[str, tuple[int, int]]
    grades: Mapping[tuple[str, str, str, str, int], int]


def count_survey(table: CaseTable, answers: Iterable[Answer], rejects: Rejects) -> SurveyCounts:
    """Return the counts of *answers* over the cases of *table*; a second answer to a question is a reject."""
    database = table.database
    _load(database, answers)
    _refuse_doubles(database, rejects)
    database.execute(
        """CREATE TEMP TABLE asked AS
        SELECT a.case_id, c.service, c.path, c.outcome, min(a.channel) AS channel,
               max(a.grade) IS NOT NULL AS answered
        FROM answers a JOIN cases c USING (case_id)
        WHERE NOT c.excluded AND c.outcome <> 'open' GROUP BY ALL"""
    )
    used, early, first_us, last_us = _row(
        database,
        """SELECT count(*), count(*) FILTER (a.asked_us < c.ended_us), min(a.asked_us), max(a.asked_us)
        FROM answers a JOIN cases c USING (case_id) WHERE NOT c.excluded AND c.outcome <> 'open'""",
    )
    return SurveyCounts(
        lines_used=used,
        unknown_cases=_row(
            database,
            "SELECT count(DISTINCT case_id) FROM answers ANTI JOIN cases USING (case_id)",
        )[0],
        not_ended_cases=_row(
            database,
            "SELECT count(DISTINCT case_id) FROM answers JOIN cases USING (case_id) "
            "WHERE excluded OR outcome = 'open'",
        )[0],
        early=early,
        first_us=first_us,
        last_us=last_us,
        eligible=_strata(database, "cases WHERE NOT excluded AND outcome <> 'open'"),
        invited=_strata(database, "asked"),
        answered=_strata(database, "asked WHERE answered"),
        channels=_channels(database),
        grades=_grades(database),
    )


def _load(database: "duckdb.DuckDBPyConnection", answers: Iterable[Answer]) -> None:
    with tempfile.TemporaryDirectory(prefix="reglament-") as folder:
        lines = Path(folder) / "answers.jsonl"
        with lines.open("wb") as file:
            file.writelines(msgspec.json.encode(answer) + b"\n" for answer in answers)
        columns = ", ".join(f"{name} {type_}" for name, type_ in _COLUMNS.items())
        database.execute(f"CREATE TEMP TABLE answers ({columns})")
        if lines.stat().st_size:
            read = database.read_json(pattern_of(lines), columns=_COLUMNS, format="newline_delimited")
            read.insert_into("answers")


def _refuse_doubles(database: "duckdb.DuckDBPyConnection", rejects: Rejects) -> None:
    """Keep the first answer of a case to a question, and count the others as rejects."""
    doubles = database.execute(
        "SELECT line FROM answers "
        "QUALIFY row_number() OVER (PARTITION BY case_id, question ORDER BY line) > 1 ORDER BY line"
    )
    while chunk := doubles.fetchmany(10_000):
        for (line,) in chunk:
            rejects.add(line, "DUPLICATE")
    database.execute(
        "DELETE FROM answers WHERE line NOT IN (SELECT min(line) FROM answers GROUP BY case_id, question)"
    )


def _strata(database: "duckdb.DuckDBPyConnection", source: str) -> dict[tuple[str, str, str], int]:
    rows = database.execute(
        f"SELECT service, path, outcome, count(*) FROM {source} GROUP BY ALL ORDER BY ALL"  # noqa: S608 - ours
    ).fetchall()
    return {(service, path, outcome): n for service, path, outcome, n in rows}


def _channels(database: "duckdb.DuckDBPyConnection") -> dict[str, tuple[int, int]]:
    rows = database.execute(
        "SELECT coalesce(channel, ''), count(*), count(*) FILTER (answered) FROM asked "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {channel: (invited, answered) for channel, invited, answered in rows}


def _grades(database: "duckdb.DuckDBPyConnection") -> dict[tuple[str, str, str, str, int], int]:
    rows = database.execute(
        """SELECT c.service, c.path, c.outcome, a.question, a.grade, count(*)
        FROM answers a JOIN cases c USING (case_id)
        WHERE NOT c.excluded AND c.outcome <> 'open' AND a.grade IS NOT NULL GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    found: Counter[tuple[str, str, str, str, int]] = Counter()
    for service, path, outcome, question, grade, n in rows:
        found[service, path, outcome, question, grade] = n
    return found


def _row(database: "duckdb.DuckDBPyConnection", sql: str) -> tuple[int, ...]:
    found = database.execute(sql).fetchone()
    return found or ()

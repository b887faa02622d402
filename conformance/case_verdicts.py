"""The verdict of every case of a log, in a file beside it: what a reader needs to pick cases out of many.

One row for each case. Its verdict is the worst that any norm says of it; what the pack itself leaves open
(a lost or disputed cell) is listed and does not count, as long as anything else was judged.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.answers import Answer
from conformance.cases import Case
from conformance.log_store import bounded_database, quoted
from conformance.norms import Norm
from conformance.replaced_file import replacing
from conformance.verdicts import Reason, Verdict, severity, worst

if TYPE_CHECKING:
    import duckdb

VERDICTS_NAME = "verdicts.parquet"
BY_THE_PACK = frozenset({Reason.NORM_UNKNOWN, Reason.NORM_DISPUTED})
"""The reasons that the pack gives, and no case."""
_TOLD = frozenset({Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE})
Said = Iterable[tuple[Norm, Answer]]


def told_of(said: Said) -> str:
    """Return what norms say of a case as a text: its verdict, then a line for each norm that is not kept.

    A line holds a norm, its verdict and its reason; the worst come first.
    """
    judged = [(norm.id, answer) for norm, answer in said if answer.verdict is not Verdict.NOT_APPLICABLE]
    by_cases = [answer.verdict for _, answer in judged if answer.reason not in BY_THE_PACK]
    verdict = worst(by_cases or [answer.verdict for _, answer in judged])
    open_ = [(norm, answer) for norm, answer in judged if answer.verdict in _TOLD]
    open_.sort(key=lambda told: (severity(told[1].verdict), told[1].reason in BY_THE_PACK, told[0]))
    return "\n".join(
        [verdict, *(f"{norm} {told.verdict} {told.reason or ''}".rstrip() for norm, told in open_)]
    )


class Told:
    """What norms say of cases, as numbers of texts: each text is kept once, however many cases share it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, said: Said) -> int:
        """Return the number of the text that *said* makes."""
        return self._numbers.setdefault(told_of(said), len(self._numbers))

    def write(self, database: "duckdb.DuckDBPyConnection", path: Path) -> None:
        """Write the table ``told`` (case_id, text: a number) of *database* into the file *path*.

        A case with rows of several routes has several texts: it gets the worst verdict, and all their lines.
        Raises InputError if the place cannot be written.
        """
        texts = [(number, *text.partition("\n")[::2]) for text, number in self._numbers.items()]
        numbers, verdicts, norms = (
            (list(column) for column in zip(*texts, strict=True)) if texts else ([],) * 3
        )
        database.execute(
            "CREATE OR REPLACE TEMP TABLE texts AS SELECT unnest($1::INTEGER[]) AS text, "
            "unnest($2::VARCHAR[]) AS verdict, unnest($3::VARCHAR[]) AS norms",
            [numbers, verdicts, norms],
        )
        with replacing(path) as beside:
            database.execute(f"COPY ({_CASES}) TO {quoted(str(beside))} (FORMAT parquet, COMPRESSION zstd)")


class ToldCases:
    """The verdicts of the cases of a log in memory, taken one by one."""

    def __init__(self) -> None:
        self._told = Told()
        self._ids: list[str] = []
        self._texts: list[int] = []

    def hear(self, case: Case, said: Said) -> None:
        """Take what norms say of one case."""
        self._ids.append(case.case_id)
        self._texts.append(self._told.number(said))

    def write(self, path: Path) -> None:
        """Write what was heard. Raises InputError if the place cannot be written."""
        with bounded_database(threads=1) as database:
            database.execute(
                "CREATE TABLE told AS SELECT unnest($1::VARCHAR[]) AS case_id, unnest($2::INTEGER[]) AS text",
                [self._ids, self._texts],
            )
            self._told.write(database, path)


_RANK = "CASE verdict WHEN 'error' THEN 0 WHEN 'fail' THEN 1 WHEN 'inconclusive' THEN 2 ELSE 3 END"
# Hardly any case has rows of several routes: only of such texts are put together.
_CASES = f"""
WITH cases AS (SELECT case_id, min(text) AS text, max(text) AS other FROM told GROUP BY case_id)
SELECT case_id, verdict, norms FROM (
    SELECT case_id, verdict, norms FROM cases JOIN texts USING (text) WHERE text = other
    UNION ALL
    SELECT case_id, arg_min(verdict, {_RANK}) AS verdict,
        coalesce(string_agg(DISTINCT nullif(norms, ''), chr(10) ORDER BY nullif(norms, '')), '') AS norms
    FROM told SEMI JOIN (FROM cases WHERE text <> other) USING (case_id) JOIN texts USING (text)
    GROUP BY case_id
) ORDER BY case_id
"""  # noqa: S608 - words of ours

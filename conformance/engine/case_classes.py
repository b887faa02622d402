"""The verdicts of single cases, from those of their classes, while the batches of a log pass by."""

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.case_verdicts import Said, Told
from conformance.engine.facts import LogFacts
from conformance.engine.run import CaseClass

if TYPE_CHECKING:
    import duckdb


class ToldClasses:
    """Give every case of a batch the text of its class; the cases stay in the database, which may spill."""

    def __init__(self, log: "duckdb.DuckDBPyConnection", facts: LogFacts) -> None:
        self._log, self._facts = log, facts
        self._told = Told()
        self._classes: list[tuple[int, str, int]] = []
        self._alone: list[tuple[str, int]] = []
        log.execute("CREATE OR REPLACE TEMP TABLE told (case_id VARCHAR, text INTEGER)")

    def hear(self, found: CaseClass, said: Said) -> None:
        """Take what norms say of a class of the batch that passes by."""
        text = self._told.number(said)
        if found.key is None:
            self._alone += [(case_id, text) for case_id in found.ids]
        else:
            service, path, profile = found.key
            self._classes.append((self._facts.number(service, path), profile, text))

    def end_batch(self) -> None:
        """Write down the cases of the batch, which the table ``profiles`` still holds."""
        if self._classes:
            routes, profiles, texts = (list(column) for column in zip(*self._classes, strict=True))
            self._log.execute(
                "INSERT INTO told SELECT case_id, text FROM profiles "
                "JOIN (SELECT unnest($1::BIGINT[]) AS route, unnest($2::VARCHAR[]) AS profile, "
                "unnest($3::INTEGER[]) AS text) USING (route, profile) WHERE own IS NULL",
                [routes, profiles, texts],
            )
        if self._alone:
            ids, texts = (list(column) for column in zip(*self._alone, strict=True))
            self._log.execute(
                "INSERT INTO told SELECT unnest($1::VARCHAR[]), unnest($2::INTEGER[])", [ids, texts]
            )
        self._classes.clear()
        self._alone.clear()

    def write(self, path: Path) -> None:
        """Write the verdicts of all cases. Raises InputError if the place cannot be written."""
        self._told.write(self._log, path)

"""The writers of a simulated log: its rows, and the documents, messages and decisions that belong to them.

A Recorder keeps everything in memory. A FolderSink writes everything to files as it comes, so that a play of
any length takes the same memory.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec

from actors.envelopes import SignedDocument
from actors.outcomes import Decision
from conformance.log import Row


class Sink(ABC):
    """Where a play puts what it leaves."""

    __slots__ = ()

    @abstractmethod
    def keep_row(self, row: Row) -> None:
        """Keep a row of the log."""

    @abstractmethod
    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        """Keep a document in the folder of its case; None is not kept."""

    @abstractmethod
    def has_documents(self, folder: str) -> bool:
        """Tell whether a document of this folder was kept, so that what verifies it belongs beside it."""

    @abstractmethod
    def keep_message(self, line: bytes) -> None:
        """Keep a line of the gateway's message log."""

    @abstractmethod
    def end_messages(self, play_id: str) -> None:
        """Put the message log of a play, now complete, among the documents."""

    @abstractmethod
    def keep_decision(self, case_id: str, decision: Decision) -> None:
        """Keep what a verification found, in the order of the verifications of a case."""

    def write(  # noqa: PLR0913 - the columns of the log
        self,
        *,
        case_id: str,
        service: str,
        path: str,
        step: str,
        unit: str,
        resource: str | None,
        enabled_us: int,
        started_us: int,
        completed_us: int,
        outcome: str | None,
        request_number: str | None,
        attributes: dict[str, Any],
    ) -> None:
        """Write one row; simulated clocks resolve one microsecond."""
        self.keep_row(
            Row(
                case_id=case_id,
                service=service,
                path=path,
                step=step,
                unit=unit,
                resource=resource,
                enabled_us=enabled_us,
                started_us=started_us,
                completed_us=completed_us,
                resolution_us=1,
                outcome=outcome,
                request_number=request_number,
                attributes=json.dumps(attributes, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            )
        )

    def keep_document(self, folder: str, name: str, document: SignedDocument) -> None:
        """Keep a document with its signature; one that was only claimed leaves a mark in its place."""
        self.keep(folder, f"{name}.json", document.octets)
        self.keep(folder, f"{name}.p7s", document.signature)
        if document.signature is None and document.claim is not None:
            self.keep(folder, f"{name}.computed", b"")


@dataclass(slots=True)
class Recorder(Sink):
    """Collect everything in memory."""

    rows: list[Row] = field(default_factory=list)
    documents: dict[str, dict[str, bytes]] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)

    def keep_row(self, row: Row) -> None:
        """Keep a row of the log."""
        self.rows.append(row)

    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        """Keep a document in the folder of its case; None is not kept."""
        if octets is not None:
            self.documents.setdefault(folder, {})[name] = octets

    def has_documents(self, folder: str) -> bool:
        """Tell whether a document of this folder was kept."""
        return folder in self.documents

    def keep_message(self, line: bytes) -> None:
        """Keep a line of the gateway's message log."""
        self.messages.append(line)

    def end_messages(self, play_id: str) -> None:
        """Put the message log of a play among the documents."""
        self.keep("messages", f"{play_id}.jsonl", b"".join(self.messages))

    def keep_decision(self, case_id: str, decision: Decision) -> None:
        """Keep what a verification found."""
        self.decisions.setdefault(case_id, []).append(decision)


@dataclass(slots=True)
class FolderSink(Sink):
    """Write rows and decisions as JSON Lines, documents and messages as the files that they will stay.

    ``rows.jsonl`` and ``decisions.jsonl`` lie in the folder, one folder for each case under ``documents``.
    """

    folder: Path
    _rows: BinaryIO
    _decisions: BinaryIO
    _messages: BinaryIO

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """Open a sink in an empty *folder*, which is made if need be."""
        (folder / "documents" / "messages").mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            rows, decisions, messages = (
                files.enter_context((folder / name).open("wb"))
                for name in ("rows.jsonl", "decisions.jsonl", "documents/messages/unfinished.jsonl")
            )
            yield cls(folder, rows, decisions, messages)

    def keep_row(self, row: Row) -> None:
        """Write a row of the log."""
        self._rows.write(msgspec.json.encode(row) + b"\n")

    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        """Write a document into the folder of its case."""
        if octets is not None:
            place = self.folder / "documents" / folder
            place.mkdir(exist_ok=True)
            (place / name).write_bytes(octets)

    def has_documents(self, folder: str) -> bool:
        """Tell whether a document of this folder was written."""
        return (self.folder / "documents" / folder).is_dir()

    def keep_message(self, line: bytes) -> None:
        """Write a line of the gateway's message log."""
        self._messages.write(line)

    def end_messages(self, play_id: str) -> None:
        """Give the message log its name; until then it is that of an unfinished play."""
        self._messages.flush()
        folder = self.folder / "documents" / "messages"
        (folder / "unfinished.jsonl").rename(folder / f"{play_id}.jsonl")

    def keep_decision(self, case_id: str, decision: Decision) -> None:
        """Write what a verification found."""
        self._decisions.write(msgspec.json.encode({"case_id": case_id, "decision": decision}) + b"\n")

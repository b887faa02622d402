"""The one writer of a simulated log: rows in memory, and the documents that belong to them."""

import json
from dataclasses import dataclass, field
from typing import Any

from conformance.log import Row


@dataclass(slots=True)
class Recorder:
    """Collect the rows and the documents of a play."""

    rows: list[Row] = field(default_factory=list)
    documents: dict[str, dict[str, bytes]] = field(default_factory=dict)

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
        outcome: str,
        request_number: str | None,
        attributes: dict[str, Any],
    ) -> None:
        """Write one row; simulated clocks resolve one microsecond."""
        self.rows.append(
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

    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        """Keep a document in the folder of its case; None is not kept."""
        if octets is not None:
            self.documents.setdefault(folder, {})[name] = octets

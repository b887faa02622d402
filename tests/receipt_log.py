"""Where the real receipt log may lie: beside the checkout, or beside a folder above it; it is never in it.

The log: CoSeLoG project, receipt phase of environmental permit applications, 4TU.ResearchData,
https://doi.org/10.4121/uuid:a07386a5-7be3-4367-9535-70bc9e77dbe6.
"""

from pathlib import Path

NAME = Path("shared") / "logs" / "coselog_receipt.xes.gz"
ABSENT = f"the receipt log is not there: no {NAME} beside the checkout or above it"
_LEVELS = 4


def find_receipt_log() -> Path | None:
    """Return the log, None where it is absent."""
    root = Path(__file__).resolve().parent.parent
    candidates = (folder / NAME for folder in list(root.parents)[:_LEVELS])
    return next((path for path in candidates if path.is_file()), None)

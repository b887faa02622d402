"""Propose a mapping for a foreign log: for a person to read, correct and confirm; it works as it stands."""

from pathlib import Path

from conformance.errors import InputError
from conformance.logs.column_guess import guess_columns
from conformance.logs.proposal_text import (
    activity_lines,
    attribute_lines,
    column_lines,
    constant_lines,
    head_lines,
    quoted_yaml,
    source_lines,
    time_lines,
)
from conformance.logs.sample import sample_of
from conformance.pack import Pack


def propose(log: Path, pack: Pack | None) -> str:
    """Return the text of a mapping for *log* onto the steps of *pack*.

    What is a guess is marked ``check`` and, where it decides about verdicts, listed as unconfirmed. Raises
    InputError for a file that is no log, or in which no case, activity or moment can be made out.
    """
    sample = sample_of(log)
    roles, times = guess_columns(sample, pack)
    for role, what in (("case_id", "the case"), ("activity", "the activity")):
        if role not in roles:
            names = ", ".join(list(sample.columns)[:8])
            raise InputError(str(log), "", f"no column that could be {what} among {names}", "a log of events")
    moments = [times[roles[role]] for role in ("completed", "started", "enabled") if role in roles]
    if not moments:
        raise InputError(str(log), "", "no column of moments", "a log of events with their times")
    open_points: list[str] = []
    body = [
        *source_lines(sample),
        *column_lines(sample, roles, open_points),
        *constant_lines(pack, open_points),
        *time_lines(moments, pack, open_points),
        *activity_lines(sample, roles["activity"], pack, open_points),
        *attribute_lines(sample, roles, times),
    ]
    confirmed = "unconfirmed:" if open_points else "unconfirmed: []"
    last = [confirmed, *(f"  - {quoted_yaml(name)}" for name in open_points)]
    return "\n".join([*head_lines(log, sample, pack), *body, *last]) + "\n"


def write_proposal(text: str, out: Path) -> None:
    """Write the proposal to the new file *out*. Raises InputError if there is a file already."""
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(
            str(out), "", "an existing file", "a new one: a mapping is never overwritten"
        ) from None
    except OSError as error:
        found = (error.strerror or "no place").lower()
        raise InputError(str(out), "", found, "a place that can be written") from None

"""The lines of a proposed mapping, each with what it is and how sure it is."""

import json
from pathlib import Path

from conformance.log_rows import without_numbers
from conformance.logs.sample import Column, Sample
from conformance.logs.step_guess import MOST_ACTIVITIES, StepGuess, guess_step
from conformance.logs.time_guess import TimeGuess
from conformance.pack import Pack

_LIFECYCLE = "lifecycle:transition"
_STAGES = {"start": "start", "complete": "complete", "schedule": "enabled", "assign": "enabled"}
_SHOWN = ("case_id", "activity", "enabled", "started", "completed", "resource", "outcome", "request_number")
MOST_ATTRIBUTES = 60
MOST_UNTOLD = 20


def quoted_yaml(text: str) -> str:
    """Return *text* as a scalar of YAML in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def head_lines(log: Path, sample: Sample, pack: Pack | None) -> list[str]:
    """Return what the file says of itself."""
    onto = f" onto the steps of {pack.act.id}" if pack else ""
    return [
        f"# A proposed mapping of {quoted_yaml(log.name)}{onto}, from its first {sample.records} records.",
        "# What is marked “check” is a guess. Correct it, and take its name out of `unconfirmed` below:",
        "# as long as one stands there, no report says that the log conforms.",
        "",
    ]


def source_lines(sample: Sample) -> list[str]:
    """Return how the file is written, where that needs a word."""
    lines = [f"format: {sample.format}"]
    if sample.format == "csv" and (sample.csv.delimiter != "," or sample.csv.encoding != "utf-8"):
        mark = "  # check: the encoding" if sample.csv.encoding != "utf-8" else ""
        delimiter = quoted_yaml(sample.csv.delimiter)
        lines.append(f"csv: {{delimiter: {delimiter}, encoding: {sample.csv.encoding}}}{mark}")
    if sample.case_types:
        others = ", ".join(sample.case_types[1:9])
        note = f"  # check: which objects are the cases; also there: {others}" if others else ""
        lines.append(f"ocel: {{case: {quoted_yaml(sample.case_types[0])}}}{note}")
    return [*lines, "origin: unknown  # simulated, test, production or unknown", ""]


def column_lines(sample: Sample, roles: dict[str, str], open_points: list[str]) -> list[str]:
    """Return the columns; *open_points* gains those that a verdict hangs on."""
    lines = ["columns:  # check: each is a guess by name and content"]
    for role in _SHOWN:
        if role in roles:
            column = sample.columns[roles[role]]
            filled = f"{column.filled} of {sample.records} records"
            lines.append(f"  {role}: {quoted_yaml(roles[role])}  # {filled}")
        elif role in {"enabled", "started", "outcome", "resource"}:
            lines.append(
                f"  # {role}:  # no such column was found; without it the norms that need it stay open"
            )
    open_points.append("columns")
    return [*lines, *_lifecycle_lines(sample, roles), ""]


def constant_lines(pack: Pack | None, open_points: list[str]) -> list[str]:
    """Return service, path and unit where they are the same in every row."""
    if pack is None:
        open_points.append("constants")
        unknown = '"unknown"'
        return [
            f"constants: {{service: {unknown}, path: {unknown}, unit: {unknown}}}  # check: name them",
            "",
        ]
    service = pack.services[0].code
    if len(pack.services) == 1:
        return [f"constants: {{service: {quoted_yaml(service)}}}", ""]
    open_points.append("constants")
    known = ", ".join(one.code for one in pack.services)
    return [f"constants: {{service: {quoted_yaml(service)}}}  # check: one of {known}", ""]


def time_lines(moments: list[TimeGuess], pack: Pack | None, open_points: list[str]) -> list[str]:
    """Return how moments are written, their zone and their resolution."""
    first = moments[0]
    also = f"  # check: fits as well: {', '.join(first.others)}" if first.others else ""
    lines = ["time:", f"  format: {quoted_yaml(first.form)}{also}"]
    open_points += ["time.format"] if first.others else []
    zone = pack.act.zone if pack else "UTC"
    if any(moment.naive for moment in moments):
        lines.append(f"  zone: {zone}  # check: moments without an offset; whose clocks are these?")
        open_points.append("time.zone")
    else:
        lines.append(f"  zone: {zone}  # for the calendar day of a moment; every moment has its own offset")
    resolution = first.resolution
    if any(moment.midnight for moment in moments):
        resolution = f"{{midnight: 1 day, otherwise: {resolution}}}"
    lines.append(f"  resolution: {resolution}  # check: as the values look; ask whoever runs the clocks")
    lines.append("  # clock_error: 1 s  # how far the clocks may be wrong, if anybody states it")
    open_points.append("time.resolution")
    return [*lines, ""]


def activity_lines(sample: Sample, column: str, pack: Pack | None, open_points: list[str]) -> list[str]:
    """Return the step proposed for each activity, and below it those without one."""
    lines: list[str] = ["activities:"]
    unmatched: list[str] = []
    found: list[StepGuess] = []
    shown = [(str(name), n) for name, n in sample.columns[column].values.most_common(MOST_ACTIVITIES)]
    for name, count in shown:
        if without_numbers(name) != name:
            continue  # whatever holds somebody's number is no activity
        guess = guess_step(name, pack) if pack else None
        key = f"  {quoted_yaml(name)}:"
        if pack is None:
            lines.append(f"{key} {quoted_yaml(name)}  # {count} records")
        elif guess is None:
            unmatched.append(f"  # {quoted_yaml(name)}:  # {count} records, no step is near")
        else:
            step = guess.step
            parts = f"{{step: {step.code}, path: {quoted_yaml(step.path)}, unit: {quoted_yaml(step.unit)}}}"
            note = "the step's own code" if guess.exact else f"check: {step.name}, {guess.likeness:.0%} alike"
            lines.append(f"{key} {parts}  # {count} records; {note}")
            open_points += [] if guess.exact else [name]
            found.append(guess)
    if len(lines) == 1:
        lines = ["activities: {}  # no step of the pack is near any activity: write them in by hand"]
    if unmatched:
        lines.append(
            "  # Without a step: their records become rejects, unless they are listed under `ignore`."
        )
    return [*lines, *unmatched, *_untold_lines(found, pack), "ignore: []", ""]


def _untold_lines(found: list[StepGuess], pack: Pack | None) -> list[str]:
    """Return the steps on the paths of those that were found that no activity means."""
    told = {guess.step.code for guess in found}
    paths = {guess.step.path for guess in found}
    untold = [step for step in pack.steps if step.path in paths and step.code not in told] if pack else []
    if not untold:
        return []
    named = ", ".join(step.code for step in untold[:MOST_UNTOLD])
    more = f" and {len(untold) - MOST_UNTOLD} more" if len(untold) > MOST_UNTOLD else ""
    return [
        f"  # No activity means {named}{more}: norms that need these steps are not shown.",
        "  # Would the source tell of one that did not happen here? Then name the activity it would have.",
    ]


def attribute_lines(sample: Sample, roles: dict[str, str], times: dict[str, TimeGuess]) -> list[str]:
    """Return the other columns as attributes, all commented out: nothing personal comes in by itself."""
    used = {*roles.values(), _LIFECYCLE}
    rest = [column for name, column in sample.columns.items() if name not in used and column.filled]
    if not rest:
        return []
    lines = [
        "# Further columns; take the sign # away from those that norms or readers need.",
        "attributes: {}",
    ]
    lines.append("# attributes:")
    for column in rest[:MOST_ATTRIBUTES]:
        type_ = "moment" if column.name in times else _type_of(column)
        short = "".join(sign if sign.isalnum() else "_" for sign in column.name.removeprefix("case:")).lower()
        name = short + ("_us" if type_ == "moment" else "")
        lines.append(f"#   {name}: {{column: {quoted_yaml(column.name)}, type: {type_}}}")
    pseudonyms = "# pseudonymise: {columns: [case_id, resource], key_variable: REGLAMENT_KEY}"
    return [
        *lines,
        "# Names of people or numbers of requests are replaced by keyed digests so:",
        pseudonyms,
        "",
    ]


def _lifecycle_lines(sample: Sample, roles: dict[str, str]) -> list[str]:
    column = sample.columns.get(_LIFECYCLE)
    values = [str(value) for value in column.values] if column else []
    if "completed" not in roles or all(value.lower() == "complete" for value in values):
        return []
    found: dict[str, list[str]] = {"complete": [], "start": [], "enabled": [], "ignore": []}
    for value in values[:40]:
        found[_STAGES.get(value.lower(), "ignore")].append(value)
    if not found["complete"]:
        return []
    head = ["lifecycle:  # check: several records make one row", f"  column: {quoted_yaml(_LIFECYCLE)}"]
    return [*head, *(f"  {stage}: {json.dumps(given)}" for stage, given in found.items() if given)]


def _type_of(column: Column) -> str:
    kinds = {type(value) for value in column.values}
    if kinds == {bool}:
        return "bool"
    return "number" if kinds <= {int, float} else "string"

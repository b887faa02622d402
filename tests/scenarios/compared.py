"""Rows of a plan's log beside those that the actors left."""

import json

import duckdb

from actors.signature_mode import SignatureMode
from conformance.log import Row
from sim.load.enactment import enact
from sim.load.engines import Engine, play_cases
from sim.load.log_writer import LogWriter
from sim.load.plan import draw_cases
from sim.load.preparation import changed_world
from sim.recorder import Recorder
from sim.signatures import SignatureChoice

OFF = SignatureChoice(mode=SignatureMode.OFF)
LEFT_OUT = {"documents", "provider", "received_us"}
"""Attributes that only one of the two has: the log of a study says nothing of documents."""


def log_rows(plan, path, seed=1, replication=0, engine=Engine.UNCOMPILED):
    """Return the rows of the log of a replication, by case and step."""
    with LogWriter.opened(plan, path) as writer:
        for block in play_cases(plan.network, draw_cases(plan, seed, replication), engine):
            writer.add(block)
        writer.finish()
    with duckdb.connect() as database:
        found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        rows = [Row(**dict(zip(names, row, strict=True))) for row in found.fetchall()]
    return {(row.case_id, row.step): row for row in rows}


def actors_rows(known, plan, seed=1, *, signatures=OFF, sink=None):
    """Return what the actors left of the same replication."""
    world = changed_world(plan.study, known.world)
    how = {"replication": 0, "sink": sink or Recorder(), "signatures": signatures}
    return enact(plan, world, seed, **how)


def of_the_log(row, office):
    """Return a row of the log as it can be compared."""
    attributes = json.loads(row.attributes)
    message = attributes.pop("gateway_message", None)
    number = row.request_number
    return _plain(row, attributes) | {
        "resource": None if row.resource is None else row.resource.removeprefix(f"{office}/"),
        "message": None if message is None else int(message.rpartition("-")[2]),
        "number": None if number is None else (number[:7], int(number[-7:])),
        "talon": _number_in(attributes.get("talon")),
    }


def of_the_actors(row, messages):
    """Return a row that the actors left as it can be compared."""
    attributes = json.loads(row.attributes)
    message = attributes.pop("gateway_message", None)
    number = row.request_number
    resource = row.resource
    return _plain(row, attributes) | {
        "resource": "citizen" if resource is not None and resource.startswith("citizen-") else resource,
        "message": None if message is None else messages[message],
        "number": None if number is None else (number[:7], int(number[-7:])),
        "talon": _number_in(attributes.get("talon")),
    }


def _number_in(talon):
    return None if talon is None else int(talon[-7:])


def _plain(row, attributes):
    plain = {name: value for name, value in attributes.items() if name not in LEFT_OUT | {"talon"}}
    return {
        "service": row.service,
        "path": row.path,
        "unit": row.unit,
        "outcome": row.outcome,
        "moments": (row.enabled_us, row.started_us, row.completed_us),
        "attributes": {"waited_us": 0} | plain,
    }


def differences(known, plan, folder, seed=1, **how):
    """Return (case, step, what, in the log, by the actors) for all that is not the same."""
    log = log_rows(plan, folder / "log.parquet", seed, **how)
    enacted = actors_rows(known, plan, seed)
    ended = {key: row for key, row in log.items() if row.completed_us is not None and row.outcome is not None}
    found = [(*key, "row", key in ended, key in enacted.rows) for key in ended.keys() ^ enacted.rows.keys()]
    for key in sorted(ended.keys() & enacted.rows.keys()):
        one = of_the_log(ended[key], plan.offices[0])
        other = of_the_actors(enacted.rows[key], enacted.messages)
        found += [(*key, what, one[what], other[what]) for what in one if one[what] != other[what]]
    return found, len(ended)

"""Studies whose limits depend on one queue, of which theory knows everything."""

import json
from dataclasses import dataclass, field, replace
from math import exp, factorial

import msgspec

from scenarios.study_journal import Journal
from scenarios.study_play import StudyPlayer
from scenarios.study_reader import read_study
from scenarios.trials import Trials
from sim.load.engines import Engine
from sim.load.estimates import Until
from sim.load.task import plan_of
from sim.load.workers import Workforce

AT_ONCE = {"law": "constant", "value": "0 s"}
QUEUE = {
    "study": "queue",
    "title": "All work is at the workstation, whose service is exponential",
    "pack": "astana-106-1923",
    "world": "astana-2013",
    "starts": "2013-05-15T10:00",
    "lasts": "2 h",
    "drain": "2 h",
    "warm_up": "15 min",
    "arrivals": [
        {
            "kind": "poisson",
            "id": "portal",
            "service": "clinic-attachment",
            "path": "portal",
            "per_day": 17_280,
        }
    ],
    "stations": {"workstation": {"servers": 8, "per": "all"}, "registrar": {"per": "all"}},
    "steps": {
        "P1": {"citizen": AT_ONCE, "portal": AT_ONCE},
        "P3": {"citizen": AT_ONCE, "portal": AT_ONCE},
        "P5": {"citizen": AT_ONCE, "portal": AT_ONCE, "gateway": AT_ONCE},
        "P6": {"workstation": {"law": "exponential", "mean": "20 s"}},
        "P7": {"workstation": AT_ONCE, "gateway": AT_ONCE, "portal": AT_ONCE},
        "P8": {"workstation": AT_ONCE, "gateway": AT_ONCE, "portal": AT_ONCE},
    },
    "decision": {"portal": AT_ONCE},
    "targets": {"share": 0.95, "limits": {"P6": "75 s"}},
}
"""A case every five seconds for servers that need twenty: four of them would always be busy."""

DESK = {
    "study": "desk",
    "title": "Who stands at the desk waits for the registry too",
    "pack": "astana-106-1923",
    "world": "astana-2013",
    "starts": "2013-05-15T10:00",
    "lasts": "2 h",
    "drain": "2 h",
    "arrivals": [
        {
            "kind": "poisson",
            "id": "desk",
            "service": "clinic-attachment",
            "path": "provider",
            "per_day": 1_600,
        }
    ],
    "stations": {"desk": {"servers": 1}, "registry": {"servers": 1}, "workstation": {"servers": 8}},
    "steps": {"V3": {"registry": {"law": "uniform", "low": "20 s", "high": "40 s"}}},
    "targets": {"share": 0.8, "limits": {"V1": "60 s", "V3": "60 s", "V6": "10 min"}},
}
"""Some hundred and thirty cases; desk and registry both hold them up."""


def within(servers, offered, limit):
    """Return the share of M/M/c sojourns up to *limit*, in mean services; *offered* is in busy servers.

    Source: D. Gross, C. Harris, Fundamentals of Queueing Theory, 2.4 (waiting is exponential for who waits).
    """
    last = offered**servers / factorial(servers) * servers / (servers - offered)
    waits = last / (sum(offered**k / factorial(k) for k in range(servers)) + last)
    spare = servers - offered
    both = limit if spare == 1 else (1 - exp(-limit * (spare - 1))) / (spare - 1)
    return 1 - exp(-limit) * (1 + waits * both)


@dataclass
class Heard:
    """A listener that counts, and interrupts after *most* replications."""

    most: int | None = None
    replications: int = 0
    tried: list[str] = field(default_factory=list)

    def cases(self, plan, block):
        """Do not listen."""

    def trying(self, text):
        self.tried.append(text)

    def warn(self, text):
        raise AssertionError(text)

    def replication(self, _done, _total):
        self.replications += 1
        if self.replications == self.most:
            raise KeyboardInterrupt


def ready(folder, plain, **changes):
    """Return the study *plain* with other values of some of its keys, read from a file."""
    path = folder / f"{plain['study']}.yaml"
    path.write_text(json.dumps({**plain, **changes}), encoding="utf-8")
    known = read_study(path)
    return replace(known, study=msgspec.structs.replace(known.study, sweep=None))


def trials(known, journal=None, heard=None, replications=8):
    """Return trials of a study, in a journal that need not be in a file."""
    heard = heard or Heard()
    journal = journal or Journal(known.path.with_suffix(".journal"))
    player = StudyPlayer(known, 1, Engine.COMPILED, Workforce(1), journal, heard)
    starts_us = plan_of(known.source()).starts_us
    warm_up_us = 0 if known.study.warm_up == "none" else 15 * 60 * 1_000_000
    return Trials(player, heard, starts_us + warm_up_us, Until(most=replications))

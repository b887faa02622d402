"""A study whose figures are known, played, so that a fit can be asked to find them again."""

from scenarios.study_reader import read_study
from sim.load.engines import Engine, play_cases
from sim.load.log_writer import LogWriter
from sim.load.plan import draw_cases
from sim.load.preparation import prepare

PACK = "astana-106-1923"
KNOWN = """
study: known
title: "A study with known figures"
pack: astana-106-1923
world: astana-2013
starts: "2013-05-13T00:00"
lasts: "14 d"
offices:
  - {name: north, share: 3}
  - {name: south, share: 1}
arrivals:
  - {kind: poisson, id: calls, service: doctor-home-call, path: portal, per_day: 60,
     profile: {day: {"00:00": 0.2, "08:00": 3.0, "12:00": 1.0}}}
  - {kind: poisson, id: attachments, service: clinic-attachment, path: provider, per_day: 50,
     profile: {day: {"00:00": 0.0, "09:00": 1.0, "18:00": 0.0}, week: {saturday: 0.3, sunday: 0.0}}}
traits:
  - {id: wrong-password, share: 0.05, paths: [portal], citizen: {password: wrong}}
steps:
  P6: {workstation: {law: lognormal, p50: "30 s", p95: "90 s"}}
  V1: {desk: {law: exponential, mean: "20 s"}}
  V2: {desk: {law: gamma, mean: "40 s", cv: 0.5}}
  V5: {desk: {law: triangular, low: "20 s", mode: "30 s", high: "70 s"}}
  V8: {desk: {law: constant, value: "15 s"}}
stations:
  desk: {servers: 3}
"""


def play_study(study, log, seed):
    """Play the study in the file *study*, and write its event log to *log*."""
    ready = read_study(study)
    plan = prepare(ready.study, ready.world, ready.pack, moments_us=ready.moments_us)
    with LogWriter.opened(plan, log) as writer:
        for block in play_cases(plan.network, draw_cases(plan, seed, 0), Engine.UNCOMPILED):
            writer.add(block)
        writer.finish()

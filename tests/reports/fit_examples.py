"""A fit as results, with something of every kind in it."""

from conformance.fit_results import (
    ArrivalFit,
    Candidate,
    FitResults,
    Gap,
    OfficeFit,
    ServerFit,
    TimeFit,
    TraitFit,
    UnfittedOutcome,
    WeekdayFit,
)

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def arrival_fit(**changes):
    values = {
        "id": "doctor-home-call-portal",
        "service": "doctor-home-call",
        "path": "portal",
        "kind": "poisson",
        "cases": 1_400,
        "days": 14,
        "per_day": 100.0,
        "low": 94.8,
        "high": 105.4,
        "profile": (("00:00", 0.25), ("08:00", 1.75), ("20:00", 0.0)),
        "week": tuple(WeekdayFit(day=day, days=2, arrivals=200, weight=1.0, fitted=False) for day in WEEK),
        "dispersion": 1.07,
        "p": 0.31,
        "cells": 180,
        "gaps_ks": 0.021,
        "gaps_p": 0.6,
        "at_once": 0,
        "counted": tuple(30 for _ in range(48)),
        "quantiles": ((0.1, 0.1), (1.0, 1.1), (3.0, 2.7)),
    }
    return ArrivalFit(**{**values, **changes})


def time_fit(**changes):
    values = {
        "name": "P5",
        "stations": ("citizen", "portal", "gateway"),
        "carrier": "citizen",
        "status": "good",
        "family": "uniform",
        "law": '{law: uniform, low: "26 s", high: "38 s"}',
        "rows": 1_400,
        "used": 1_390,
        "sampled": 1_390,
        "mean_s": 35.7,
        "deviation_s": 3.5,
        "median_s": 35.6,
        "p95_s": 41.4,
        "ks": 0.0145,
        "p": 0.995,
        "candidates": (Candidate(family="uniform", ks=0.0145), Candidate(family="gamma", ks=0.06)),
        "quantiles": ((28.0, 28.2), (35.0, 35.1), (42.0, 41.8)),
    }
    return TimeFit(**{**values, **changes})


def fit_results(**changes):
    values = {
        "pack": "astana-106-1923",
        "world": "astana-2013",
        "zone": "Asia/Almaty",
        "log_sha256": "0" * 64,
        "origin": "production",
        "rows": 9_800,
        "cases": 1_400,
        "rejected": 0,
        "first_day": "2013-05-13",
        "last_day": "2013-05-26",
        "days": 14,
        "resolution_us": 1,
        "playable": True,
        "starts": "2013-05-13T00:00",
        "criterion": "AICc",
        "arrivals": (
            arrival_fit(),
            arrival_fit(id="clinic-attachment-provider", kind="trace", dispersion=3.2, p=1e-9),
        ),
        "times": (
            time_fit(),
            time_fit(
                name="V1",
                stations=("desk",),
                carrier="desk",
                family="gamma",
                status="close",
                ks=0.02,
                p=0.001,
            ),
            time_fit(
                name="V7", carrier=None, family=None, law=None, status="kept", ks=None, p=None, quantiles=()
            ),
        ),
        "servers": (
            ServerFit(station="desk", servers=3, busy=3, names=None, waited=True, world=1, per_office=True),
        ),
        "offices": tuple(
            OfficeFit(name=f"clinic-{n}", cases=100, share=1 / 14, servers={}) for n in range(14)
        ),
        "traits": (
            TraitFit(
                id="password-wrong-portal",
                path="portal",
                services=("doctor-home-call",),
                outcome="P1 AUTH_FAIL",
                citizen=("password", "wrong"),
                others=(),
                n=70,
                cases=1_400,
                share=0.05,
                low=0.04,
                high=0.06,
            ),
        ),
        "outcomes": (
            UnfittedOutcome(
                service="doctor-home-call",
                path="provider",
                outcome="V6 CUTOFF_MISSED",
                cases=15,
                why="moment",
            ),
        ),
        "gaps": (
            Gap(code="several_stations", place="P5", detail="citizen, portal, gateway"),
            Gap(code="open_rows", place="P6", n=3, total=1_400),
            Gap(code="open_rows", place="P7", n=3, total=1_400),
        ),
    }
    return FitResults(**{**values, **changes})

"""Studies that are wrong in who comes: names, rates, profiles, crowds, traces, traits."""

from tests.scenarios.small_studies import GOOD, arrivals, study

CONSTANT = {"law": "constant", "value": "61 s"}


def profile(**changes):
    return arrivals(profile=changes)


WRONG = {
    # name: (study, path inside, found, nearest)
    "unknown key": (study(arivals=[]), "arivals", "the unknown key arivals", "arrivals"),
    "unknown station": (
        study(stations={"dest": {"servers": 2}}),
        "stations.dest",
        "the unknown name dest",
        "desk",
    ),
    "unknown service": (
        arrivals(service="doctor-home-cal"),
        "arrivals[0].service",
        "the unknown name doctor-home-cal",
        "doctor-home-call",
    ),
    "unknown path": (arrivals(path="portl"), "arrivals[0].path", "the unknown name portl", "portal"),
    "unknown kind": (arrivals(kind="poison"), "arrivals[0].kind", "'poison'", "poisson"),
    "unknown step": (study(steps={"P77": {"portal": CONSTANT}}), "steps", "the unknown name P77", "P7"),
    "unknown step station": (
        study(steps={"P7": {"portel": CONSTANT}}),
        "steps.P7",
        "the unknown name portel",
        "portal",
    ),
    "unknown decision": (study(decision={"portl": CONSTANT}), "decision", "the unknown name portl", "portal"),
    "unknown late": (
        study(late_requests={"portl": "refuse"}),
        "late_requests",
        "the unknown name portl",
        "portal",
    ),
    "unknown late policy": (
        study(late_requests={"portal": "refus"}),
        "late_requests.portal",
        "'refus'",
        "refuse",
    ),
    "unknown trait key": (
        study(traits=[{"id": "a", "share": 0.1, "citizen": {"pasword": "wrong"}}]),
        "traits[0].citizen.pasword",
        "the unknown key pasword",
        "password",
    ),
    "unknown trait value": (
        study(traits=[{"id": "a", "share": 0.1, "citizen": {"password": "wrng"}}]),
        "traits[0].citizen.password",
        "'wrng'",
        "wrong",
    ),
    "unknown trait service": (
        study(traits=[{"id": "a", "share": 0.1, "citizen": {}, "services": ["x"]}]),
        "traits[0].services",
        "the unknown name x",
        None,
    ),
    "unknown trait path": (
        study(traits=[{"id": "a", "share": 0.1, "citizen": {}, "paths": ["portl"]}]),
        "traits[0].paths",
        "the unknown name portl",
        "portal",
    ),
    "trait id twice": (
        study(traits=[{"id": "a", "share": 0.1, "citizen": {"password": "wrong"}}] * 2),
        "traits[1].id",
        "the id a twice",
        None,
    ),
    "shares >1": (
        study(
            traits=[
                {"id": "a", "share": 0.6, "citizen": {"password": "wrong"}},
                {"id": "b", "share": 0.6, "citizen": {"certificate": "expired"}},
            ]
        ),
        "traits",
        "shares of 1.2 for doctor-home-call on the portal path",
        None,
    ),
    "share 2": (
        study(traits=[{"id": "a", "share": 2, "citizen": {"password": "wrong"}}]),
        "traits[0]",
        "the share 2.0",
        None,
    ),
    "share nan": (
        study(traits=[{"id": "a", "share": float("nan"), "citizen": {"password": "wrong"}}]),
        "traits[0].share",
        "the text '.nan'",
        None,
    ),
    "trait person": (
        study(traits=[{"id": "a", "share": 0.2, "citizen": {"person": "x"}}]),
        "traits[0]",
        "person in a study",
        None,
    ),
    "trait desk signature": (
        study(
            traits=[
                {"id": "a", "share": 0.2, "citizen": {"signature": "document_changed"}, "paths": ["provider"]}
            ]
        ),
        "traits.a",
        "document_changed on the provider path for clinic-attachment on the provider path",
        None,
    ),
    "trait both paths signature": (
        study(traits=[{"id": "a", "share": 0.2, "citizen": {"signature": "document_changed"}}]),
        "traits.a",
        "document_changed on the provider path for clinic-attachment on the provider path",
        None,
    ),
    "trait replayed": (
        study(traits=[{"id": "a", "share": 0.2, "citizen": {"request": "replayed"}, "paths": ["portal"]}]),
        "traits[0]",
        "replayed in a study",
        None,
    ),
    "trait reused": (
        study(traits=[{"id": "a", "share": 0.2, "citizen": {"request": "reused_id"}, "paths": ["portal"]}]),
        "traits[0]",
        "reused_id in a study",
        None,
    ),
    "rate <0": (arrivals(per_day=-1), "arrivals[0]", "-1.0", None),
    "rate nan": (arrivals(per_day=float("nan")), "arrivals[0].per_day", "the text '.nan'", None),
    "rate inf": (arrivals(per_day=float("inf")), "arrivals[0].per_day", "the text '.inf'", None),
    "rate huge": (arrivals(per_day=1e12), "arrivals", "1.67e+11 people", None),
    "rate text": (arrivals(per_day="many"), "arrivals[0].per_day", "the text 'many'", None),
    "scale neg": (arrivals(scale=-1), "arrivals[0]", "-1.0", None),
    "rate 0": (arrivals(per_day=0), "arrivals", "nobody who comes", None),
    "load 0": (study(load=0), "arrivals", "nobody who comes", None),
    "no arrivals": (study(arrivals=[]), "arrivals", "nobody", None),
    "id twice": (study(arrivals=[GOOD["arrivals"][0]] * 2), "arrivals[1].id", "the id calls twice", None),
    "arrivals missing": (study(arrivals=None), "", "nothing", None),
    "id empty": (arrivals(id=""), "arrivals[0]", "the id ''", None),
    "id slash": (arrivals(id="a/b"), "arrivals[0]", "the id 'a/b'", None),
    "id dot": (arrivals(id="a.b"), "arrivals[0]", "the id 'a.b'", None),
    "id newline": (arrivals(id="a\nb"), "arrivals[0]", "the id 'a\\nb'", None),
    "id huge": (
        arrivals(id="a" * 100000),
        "arrivals[0]",
        "the id 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
        None,
    ),
    "priority": (arrivals(priority=9), "arrivals[0]", "the priority 9", None),
    "priority neg": (arrivals(priority=-1), "arrivals[0]", "the priority -1", None),
    "profile hour": (
        profile(day={"00:00": 1, "25:00": 2}),
        "arrivals[0].profile",
        "'25:00' is not an hour between 00:00 and 24:00",
        None,
    ),
    "profile 24:00": (profile(day={"00:00": 1, "24:00": 2}), "arrivals[0].profile", "24:00", None),
    "profile order": (
        profile(day={"00:00": 1, "09:00": 2, "08:00": 1}),
        "arrivals[0].profile",
        "00:00, 09:00, 08:00",
        None,
    ),
    "profile no midnight": (profile(day={"09:00": 2}), "arrivals[0].profile", "09:00", None),
    "profile all 0": (profile(day={"00:00": 0}), "arrivals[0].profile", "weights that are all 0", None),
    "profile neg": (profile(day={"00:00": -1}), "arrivals[0].profile", "-1.0", None),
    "profile weekday": (
        profile(week={"mondy": 2}),
        "arrivals[0].profile",
        "the unknown name mondy",
        "monday",
    ),
    "profile week zero": (
        profile(
            week=dict.fromkeys(
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 0
            )
        ),
        "arrivals[0].profile",
        "weights that are all 0",
        None,
    ),
    "profile empty day": (profile(day={}), "arrivals[0].profile", "weights that are all 0", None),
    "factor reversed": (
        arrivals(factors=[{"start": "2013-05-16T00:00", "end": "2013-05-15T00:00", "times": 2}]),
        "arrivals[0].factors[0]",
        "2013-05-16T00:00 to 2013-05-15T00:00",
        None,
    ),
    "factor moment": (
        arrivals(factors=[{"start": "2013-05-32T00:00", "end": "2013-05-15T00:00", "times": 2}]),
        "arrivals[0].factors[0].start",
        "2013-05-32T00:00 (day is out of range for month)",
        None,
    ),
    "factor neg": (
        arrivals(factors=[{"start": "2013-05-14T00:00", "end": "2013-05-15T00:00", "times": -2}]),
        "arrivals[0].factors[0]",
        "-2.0",
        None,
    ),
    "flash start": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "soon",
                    "count": 3,
                    "half_life": "5 min",
                }
            ]
        ),
        "arrivals[0].start",
        "'soon'",
        None,
    ),
    "flash daily start": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "2013-05-15T09:00",
                    "count": 3,
                    "half_life": "5 min",
                    "daily": True,
                }
            ]
        ),
        "arrivals[0]",
        "'2013-05-15T09:00' is not an hour HH:MM",
        None,
    ),
    "flash outside": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "2013-05-17T09:00",
                    "count": 3,
                    "half_life": "5 min",
                }
            ]
        ),
        "arrivals[0].start",
        "2013-05-17T09:00",
        None,
    ),
    "flash count": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "2013-05-15T09:00",
                    "count": -3,
                    "half_life": "5 min",
                }
            ]
        ),
        "arrivals[0]",
        "-3 people",
        None,
    ),
    "flash half 0": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "2013-05-15T09:00",
                    "count": 3,
                    "half_life": "0 min",
                }
            ]
        ),
        "arrivals[0]",
        "half_life: 0 min",
        None,
    ),
    "flash scale huge": (
        study(
            arrivals=[
                {
                    "kind": "flash",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "start": "2013-05-15T09:00",
                    "count": 100000000,
                    "half_life": "5 min",
                    "scale": 1e6,
                }
            ]
        ),
        "arrivals[0]",
        "100000000 people",
        None,
    ),
    "times bad": (
        study(
            arrivals=[
                {
                    "kind": "times",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "times": ["1 hr"],
                }
            ]
        ),
        "arrivals[0]",
        "times: the unit hr in '1 hr'",
        "h",
    ),
    "times none": (
        study(
            arrivals=[
                {"kind": "times", "id": "f", "service": "doctor-home-call", "path": "portal", "times": []}
            ]
        ),
        "arrivals[0]",
        "0 times",
        None,
    ),
    "times after end": (
        study(
            arrivals=[
                {
                    "kind": "times",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "times": ["5 h"],
                }
            ]
        ),
        "arrivals[0].times",
        "5 h",
        None,
    ),
    "times scale": (
        study(
            arrivals=[
                {
                    "kind": "times",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "times": ["1 h"],
                    "scale": 1e11,
                }
            ]
        ),
        "arrivals",
        "1e+11 people",
        None,
    ),
    "trace nofile": (
        study(
            arrivals=[
                {
                    "kind": "trace",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "log": "x.parquet",
                }
            ]
        ),
        "arrivals.f.log",
        "no file x.parquet",
        None,
    ),
    "trace notlog": (
        study(
            arrivals=[
                {
                    "kind": "trace",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "log": "study.yaml",
                }
            ]
        ),
        "",
        "a file that is no event log",
        None,
    ),
    "trace dir": (
        study(
            arrivals=[
                {"kind": "trace", "id": "f", "service": "doctor-home-call", "path": "portal", "log": "."}
            ]
        ),
        "arrivals.f.log",
        "no file .",
        None,
    ),
    "trace star": (
        study(
            arrivals=[
                {
                    "kind": "trace",
                    "id": "f",
                    "service": "doctor-home-call",
                    "path": "portal",
                    "log": "*.parquet",
                }
            ]
        ),
        "arrivals.f.log",
        "no file *.parquet",
        None,
    ),
}

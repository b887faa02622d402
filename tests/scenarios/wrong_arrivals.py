"""Studies that are wrong in who comes: names, rates, profiles, crowds, traces, traits."""

from tests.scenarios.small_studies import GOOD, arrivals, study

CONSTANT = {"law": "constant", "value": "61 s"}


def wrong(plain, inside, found, nearest=None):
    """Return a wrong study with the place inside it, what is found there, and the nearest name."""
    return plain, inside, found, nearest


def profile(**changes):
    return arrivals(profile=changes)


def factor(start, end, times):
    return arrivals(factors=[{"start": start, "end": end, "times": times}])


def stream(kind, **fields):
    return study(
        arrivals=[{"kind": kind, "id": "f", "service": "doctor-home-call", "path": "portal"} | fields]
    )


def flash(*, start="2013-05-15T09:00", count=3, half_life="5 min", **further):
    return stream("flash", start=start, count=count, half_life=half_life, **further)


def times(**fields):
    return stream("times", **fields)


def trace(log):
    return stream("trace", log=log)


def trait(citizen, *, share=0.1, **further):
    return study(traits=[{"id": "a", "share": share, "citizen": citizen} | further])


WRONG = {
    "unknown key": wrong(study(arivals=[]), "arivals", "the unknown key arivals", "arrivals"),
    "unknown station": wrong(
        study(stations={"dest": {"servers": 2}}), "stations.dest", "the unknown name dest", "desk"
    ),
    "unknown service": wrong(
        arrivals(service="doctor-home-cal"),
        "arrivals[0].service",
        "the unknown name doctor-home-cal",
        "doctor-home-call",
    ),
    "unknown path": wrong(arrivals(path="portl"), "arrivals[0].path", "the unknown name portl", "portal"),
    "unknown kind": wrong(arrivals(kind="poison"), "arrivals[0].kind", "'poison'", "poisson"),
    "unknown step": wrong(study(steps={"P77": {"portal": CONSTANT}}), "steps", "the unknown name P77", "P7"),
    "unknown step station": wrong(
        study(steps={"P7": {"portel": CONSTANT}}), "steps.P7", "the unknown name portel", "portal"
    ),
    "unknown decision": wrong(
        study(decision={"portl": CONSTANT}), "decision", "the unknown name portl", "portal"
    ),
    "unknown late": wrong(
        study(late_requests={"portl": "refuse"}), "late_requests", "the unknown name portl", "portal"
    ),
    "unknown late policy": wrong(
        study(late_requests={"portal": "refus"}), "late_requests.portal", "'refus'", "refuse"
    ),
    "unknown trait key": wrong(
        trait({"pasword": "wrong"}), "traits[0].citizen.pasword", "the unknown key pasword", "password"
    ),
    "unknown trait value": wrong(
        trait({"password": "wrng"}), "traits[0].citizen.password", "'wrng'", "wrong"
    ),
    "unknown trait service": wrong(trait({}, services=["x"]), "traits[0].services", "the unknown name x"),
    "unknown trait path": wrong(
        trait({}, paths=["portl"]), "traits[0].paths", "the unknown name portl", "portal"
    ),
    "trait id twice": wrong(
        study(traits=[{"id": "a", "share": 0.1, "citizen": {"password": "wrong"}}] * 2),
        "traits[1].id",
        "the id a twice",
    ),
    "shares >1": wrong(
        study(
            traits=[
                {"id": "a", "share": 0.6, "citizen": {"password": "wrong"}},
                {"id": "b", "share": 0.6, "citizen": {"certificate": "expired"}},
            ]
        ),
        "traits",
        "shares of 1.2 for doctor-home-call on the portal path",
    ),
    "share 2": wrong(trait({"password": "wrong"}, share=2), "traits[0]", "the share 2.0"),
    "share nan": wrong(
        trait({"password": "wrong"}, share=float("nan")), "traits[0].share", "the text '.nan'"
    ),
    "trait person": wrong(trait({"person": "x"}), "traits[0]", "person in a study"),
    "trait desk signature": wrong(
        trait({"signature": "document_changed"}, paths=["provider"]),
        "traits.a",
        "document_changed on the provider path for clinic-attachment on the provider path",
    ),
    "trait both paths signature": wrong(
        trait({"signature": "document_changed"}),
        "traits.a",
        "document_changed on the provider path for clinic-attachment on the provider path",
    ),
    "trait replayed": wrong(
        trait({"request": "replayed"}, paths=["portal"]), "traits[0]", "replayed in a study"
    ),
    "trait reused": wrong(
        trait({"request": "reused_id"}, paths=["portal"]), "traits[0]", "reused_id in a study"
    ),
    "rate <0": wrong(arrivals(per_day=-1), "arrivals[0]", "-1.0"),
    "rate nan": wrong(arrivals(per_day=float("nan")), "arrivals[0].per_day", "the text '.nan'"),
    "rate inf": wrong(arrivals(per_day=float("inf")), "arrivals[0].per_day", "the text '.inf'"),
    "rate huge": wrong(arrivals(per_day=1e12), "arrivals", "1.67e+11 people"),
    "rate text": wrong(arrivals(per_day="many"), "arrivals[0].per_day", "the text 'many'"),
    "scale neg": wrong(arrivals(scale=-1), "arrivals[0]", "-1.0"),
    "rate 0": wrong(arrivals(per_day=0), "arrivals", "nobody who comes"),
    "load 0": wrong(study(load=0), "arrivals", "nobody who comes"),
    "no arrivals": wrong(study(arrivals=[]), "arrivals", "nobody"),
    "id twice": wrong(study(arrivals=[GOOD["arrivals"][0]] * 2), "arrivals[1].id", "the id calls twice"),
    "arrivals missing": wrong(study(arrivals=None), "", "nothing"),
    "id empty": wrong(arrivals(id=""), "arrivals[0]", "the id ''"),
    "id slash": wrong(arrivals(id="a/b"), "arrivals[0]", "the id 'a/b'"),
    "id dot": wrong(arrivals(id="a.b"), "arrivals[0]", "the id 'a.b'"),
    "id newline": wrong(arrivals(id="a\nb"), "arrivals[0]", "the id 'a\\nb'"),
    "id huge": wrong(
        arrivals(id="a" * 100000),
        "arrivals[0]",
        "the id 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
    ),
    "priority": wrong(arrivals(priority=9), "arrivals[0]", "the priority 9"),
    "priority neg": wrong(arrivals(priority=-1), "arrivals[0]", "the priority -1"),
    "profile hour": wrong(
        profile(day={"00:00": 1, "25:00": 2}),
        "arrivals[0].profile",
        "'25:00' is not an hour between 00:00 and 24:00",
    ),
    "profile 24:00": wrong(profile(day={"00:00": 1, "24:00": 2}), "arrivals[0].profile", "24:00"),
    "profile order": wrong(
        profile(day={"00:00": 1, "09:00": 2, "08:00": 1}), "arrivals[0].profile", "00:00, 09:00, 08:00"
    ),
    "profile no midnight": wrong(profile(day={"09:00": 2}), "arrivals[0].profile", "09:00"),
    "profile all 0": wrong(profile(day={"00:00": 0}), "arrivals[0].profile", "weights that are all 0"),
    "profile neg": wrong(profile(day={"00:00": -1}), "arrivals[0].profile", "-1.0"),
    "profile weekday": wrong(
        profile(week={"mondy": 2}), "arrivals[0].profile", "the unknown name mondy", "monday"
    ),
    "profile week zero": wrong(
        profile(
            week=dict.fromkeys(
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 0
            )
        ),
        "arrivals[0].profile",
        "weights that are all 0",
    ),
    "profile empty day": wrong(profile(day={}), "arrivals[0].profile", "weights that are all 0"),
    "factor reversed": wrong(
        factor("2013-05-16T00:00", "2013-05-15T00:00", 2),
        "arrivals[0].factors[0]",
        "2013-05-16T00:00 to 2013-05-15T00:00",
    ),
    "factor moment": wrong(
        factor("2013-05-32T00:00", "2013-05-15T00:00", 2),
        "arrivals[0].factors[0].start",
        "2013-05-32T00:00 (day is out of range for month)",
    ),
    "factor over before": wrong(
        factor("2012-05-15T00:00", "2012-05-16T00:00", 2),
        "arrivals[0].factors[0]",
        "2012-05-15T00:00 to 2012-05-16T00:00",
    ),
    "factor too late": wrong(
        factor("2013-06-15T00:00", "2013-06-16T00:00", 2),
        "arrivals[0].factors[0]",
        "2013-06-15T00:00 to 2013-06-16T00:00",
    ),
    "factor neg": wrong(factor("2013-05-14T00:00", "2013-05-15T00:00", -2), "arrivals[0].factors[0]", "-2.0"),
    "flash start": wrong(flash(start="soon"), "arrivals[0].start", "'soon'"),
    "flash daily start": wrong(flash(daily=True), "arrivals[0]", "'2013-05-15T09:00' is not an hour HH:MM"),
    "flash outside": wrong(flash(start="2013-05-17T09:00"), "arrivals[0].start", "2013-05-17T09:00"),
    "flash count": wrong(flash(count=-3), "arrivals[0]", "-3 people"),
    "flash half 0": wrong(flash(half_life="0 min"), "arrivals[0]", "half_life: 0 min"),
    "flash scale huge": wrong(flash(count=100000000, scale=1e6), "arrivals[0]", "100000000 people"),
    "times bad": wrong(times(times=["1 hr"]), "arrivals[0]", "times: the unit hr in '1 hr'", "h"),
    "times none": wrong(times(times=[]), "arrivals[0]", "0 times"),
    "times after end": wrong(times(times=["5 h"]), "arrivals[0].times", "5 h"),
    "times scale": wrong(times(times=["1 h"], scale=1e11), "arrivals", "1e+11 people"),
    "trace nofile": wrong(trace("x.parquet"), "arrivals.f.log", "no file x.parquet"),
    "trace notlog": wrong(trace("study.yaml"), "", "a file that is no event log"),
    "trace dir": wrong(trace("."), "arrivals.f.log", "no file ."),
    "trace star": wrong(trace("*.parquet"), "arrivals.f.log", "no file *.parquet"),
}

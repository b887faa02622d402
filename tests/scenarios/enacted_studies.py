"""Studies of one clinic that the actors can play too, each with something that could go wrong."""

from tests.scenarios.small_studies import study

SERVICES = ("doctor-home-call", "doctor-appointment", "clinic-attachment")
TRAITS = [
    {"id": "wrong-password", "share": 0.1, "paths": ["portal"], "citizen": {"password": "wrong"}},
    {"id": "expired", "share": 0.1, "paths": ["portal"], "citizen": {"certificate": "expired"}},
    {"id": "nowhere", "share": 0.1, "services": list(SERVICES[:2]), "citizen": {"attached": "nowhere"}},
    {"id": "unknown", "share": 0.1, "citizen": {"in_registry": False}},
    {"id": "new", "share": 0.1, "paths": ["portal"], "citizen": {"account": "none"}},
    {"id": "asks", "share": 0.1, "citizen": {"asks_1414": True}},
    {"id": "no-phone", "share": 0.1, "citizen": {"form": "without_phone"}},
    {"id": "no-slot", "share": 0.05, "services": [SERVICES[1]], "citizen": {"form": "unknown_slot"}},
]


def everybody(per_day):
    """Return streams of all services on both paths."""
    return [
        {"kind": "poisson", "id": f"{service}-{path}", "service": service, "path": path, "per_day": per_day}
        for service in SERVICES
        for path in ("portal", "provider")
    ]


def outage(start, lasting, **how):
    return {"outages": [{"start": f"2013-05-{start}", "lasting": lasting}], **how}


def studies(load=1.0):
    """Return studies by name; *load* multiplies their arrivals."""
    base = {"arrivals": everybody(60), "lasts": "8 h", "load": load, "stations": {"desk": {"servers": 3}}}
    one = {name: {"servers": 1} for name in ("desk", "workstation", "portal", "gateway", "registrar")}
    late = {"starts": "2013-05-15T14:00"}
    return {
        "traits": study(**base | {"traits": TRAITS}),
        "queues": study(**base | {"load": 3 * load, "stations": one}),
        "the late wait": study(
            **base | late, late_requests=dict.fromkeys(("portal", "provider"), "next_working_day")
        ),
        "the late are refused": study(
            **base | late, late_requests=dict.fromkeys(("portal", "provider"), "refuse")
        ),
        "a night and an opening": study(**base | {"starts": "2013-05-15T18:00", "lasts": "16 h"}),
        "a weekend": study(**base | {"starts": "2013-05-17T15:00", "lasts": "3 d", "load": 0.3 * load}),
        "outages": study(
            **base
            | {
                "stations": {
                    "desk": {"servers": 3},
                    "gateway": outage("15T09:00", "40 min", retry={"first": "7 s"}),
                    "registry": outage("15T11:00", "50 min"),
                    "workstation": outage("15T13:00", "20 min"),
                }
            }
        ),
        "outages that callers sit out": study(
            **base
            | {
                "stations": {
                    "gateway": outage("15T09:00", "40 min", when_down="queue", servers=1),
                    "registry": outage("15T11:00", "50 min", when_down="queue"),
                }
            }
        ),
        "few slots": study(
            **base | {"load": 2 * load},
            slots={"doctors": 11, "per_day": 1, "days_ahead": 1, "hold": "1 min", "opens_at": "09:00"},
        ),
        "a registrar with hours": study(
            **base | {"lasts": "20 h", "stations": {"registrar": {"servers": 1, "hours": "provider-hours"}}}
        ),
    }

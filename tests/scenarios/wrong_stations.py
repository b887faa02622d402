"""Studies that are wrong in who serves: stations, shifts, outages, tries, laws, offices, slots."""

from tests.scenarios.small_studies import GOOD, study

CONSTANT = {"law": "constant", "value": "61 s"}


def station(name="desk", **changes):
    return study(stations={name: {"servers": 3} | changes})


WRONG = {
    # name: (study, path inside, found, nearest)
    "office twice": (
        study(offices=[{"name": "a"}, {"name": "a"}]),
        "offices[1].name",
        "the name a twice",
        None,
    ),
    "office quote": (study(offices=[{"name": 'a"b'}]), "offices[0]", "the name 'a\"b'", None),
    "office quote2": (study(offices=[{"name": "a'b"}]), "offices[0]", 'the name "a\'b"', None),
    "office 12 digits": (
        study(offices=[{"name": "850515300008"}]),
        "offices[0]",
        "the name '850515300008'",
        None,
    ),
    "office share neg": (study(offices=[{"name": "a", "share": -1}]), "offices[0]", "-1.0", None),
    "office shares 0": (study(offices=[{"name": "a", "share": 0}]), "offices", "shares that are all 0", None),
    "office share nan": (
        study(offices=[{"name": "a", "share": float("nan")}]),
        "offices[0].share",
        "the text '.nan'",
        None,
    ),
    "office server": (
        study(offices=[{"name": "a", "servers": {"dsk": 1}}]),
        "offices[0].servers",
        "the unknown name dsk",
        "desk",
    ),
    "office server 0": (
        study(offices=[{"name": "a", "servers": {"desk": 0}}]),
        "offices[0]",
        "0 servers",
        None,
    ),
    "office server common": (
        study(offices=[{"name": "a", "servers": {"portal": 9}}, {"name": "b"}]),
        "offices[0].servers",
        "servers of the station portal, which all share",
        None,
    ),
    "office server + shifts": (
        study(
            offices=[{"name": "a", "servers": {"desk": 9}}],
            stations={
                "desk": {"shifts": [{"days": ["monday"], "start": "08:00", "end": "12:00", "servers": 2}]}
            },
        ),
        "offices[0].servers",
        "servers of the station desk, which has shifts",
        None,
    ),
    "office doctors neg": (study(offices=[{"name": "a", "doctors": -1}]), "offices[0]", "-1 doctors", None),
    "office doctors 1e6": (
        study(offices=[{"name": "a", "doctors": 10**9}]),
        "offices[0]",
        "1000000000 doctors",
        None,
    ),
    "pack": (study(pack="astana-106-192"), "pack", "the unknown pack astana-106-192", "astana-106-1923"),
    "world": (study(world="astana-201"), "world", "the unknown world astana-201", "astana-2013"),
    "servers 0": (station(servers=0), "stations.desk", "0 servers", None),
    "servers neg": (station(servers=-5), "stations.desk", "-5 servers", None),
    "servers huge": (station(servers=10**9), "stations.desk", "1000000000 servers", None),
    "servers text": (station(servers="many"), "stations.desk.servers", "the text 'many'", None),
    "servers float": (station(servers=2.5), "stations.desk.servers", "float", None),
    "per": (station(per="offce"), "stations.desk", "'offce'", "office"),
    "hours": (
        station(hours="provider-hour"),
        "stations.desk.hours",
        "the unknown name provider-hour",
        "provider-hours",
    ),
    "shift day": (
        station(shifts=[{"days": ["mon"], "start": "08:00", "end": "12:00", "servers": 2}]),
        "stations.desk.shifts[0]",
        "the unknown name mon",
        "monday",
    ),
    "shift none": (
        station(shifts=[{"days": [], "start": "08:00", "end": "12:00", "servers": 2}]),
        "stations.desk.shifts[0]",
        "no days",
        None,
    ),
    "shift reversed": (
        station(shifts=[{"days": ["monday"], "start": "13:00", "end": "12:00", "servers": 2}]),
        "stations.desk.shifts[0]",
        "13:00 to 12:00",
        None,
    ),
    "shift hour": (
        station(shifts=[{"days": ["monday"], "start": "8:00", "end": "12:00", "servers": 2}]),
        "stations.desk.shifts[0]",
        "'8:00' is not an hour HH:MM",
        None,
    ),
    "shift all 0": (
        station(shifts=[{"days": ["monday"], "start": "08:00", "end": "12:00", "servers": 0}]),
        "stations.desk",
        "0 servers in all shifts",
        None,
    ),
    "shift neg": (
        station(shifts=[{"days": ["monday"], "start": "08:00", "end": "12:00", "servers": -2}]),
        "stations.desk.shifts[0]",
        "-2 servers",
        None,
    ),
    "shifts sum huge": (
        station(shifts=[{"days": ["monday"], "start": "08:00", "end": "12:00", "servers": 1000000}] * 3),
        "stations.desk",
        "3000000 servers in all shifts",
        None,
    ),
    "outage start": (
        station(outages=[{"start": "noon", "lasting": "1 h"}]),
        "stations.desk.outages[0].start",
        "'noon'",
        None,
    ),
    "outage len": (
        station(outages=[{"start": "2013-05-15T12:00", "lasting": "0 h"}]),
        "stations.desk.outages[0]",
        "lasting: 0 h",
        None,
    ),
    "outage too late": (
        station(outages=[{"start": "2013-06-15T12:00", "lasting": "1 h"}]),
        "stations.desk.outages[0]",
        "2013-06-15T12:00 for 1 h",
        None,
    ),
    "outage over before": (
        station(outages=[{"start": "2013-05-14T12:00", "lasting": "1 h"}]),
        "stations.desk.outages[0]",
        "2013-05-14T12:00 for 1 h",
        None,
    ),
    "outage servers": (
        station(outages=[{"start": "2013-05-15T12:00", "lasting": "1 h", "servers": -1}]),
        "stations.desk.outages[0]",
        "-1 servers",
        None,
    ),
    "when_down": (station(when_down="retri"), "stations.desk.when_down", "'retri'", "retry"),
    "retry first": (
        station("gateway", retry={"first": "1 ms"}),
        "stations.gateway.retry",
        "first: 1 ms",
        None,
    ),
    "retry first zero": (
        station("gateway", retry={"first": "0 s"}),
        "stations.gateway.retry",
        "first: 0 s",
        None,
    ),
    "retry factor": (
        station("gateway", retry={"first": "1 s", "factor": 0.5}),
        "stations.gateway.retry",
        "the factor 0.5",
        None,
    ),
    "retry factor nan": (
        station("gateway", retry={"first": "1 s", "factor": float("nan")}),
        "stations.gateway.retry.factor",
        "the text '.nan'",
        None,
    ),
    "retry attempts": (
        station("gateway", retry={"first": "1 s", "attempts": -1}),
        "stations.gateway.retry",
        "-1 attempts",
        None,
    ),
    "retry attempts 3": (
        station("gateway", retry={"first": "1 s", "attempts": 3}),
        "stations.gateway",
        "3 attempts at a station that is down",
        None,
    ),
    "retry longest<first": (
        station("gateway", retry={"first": "10 s", "longest": "1 s"}),
        "stations.gateway.retry",
        "1 s as the longest pause",
        None,
    ),
    "retry longest 0": (
        station("gateway", retry={"first": "10 s", "longest": "0 s"}),
        "stations.gateway.retry",
        "0 s as the longest pause",
        None,
    ),
    "retry with queue": (
        station("gateway", when_down="queue", retry={"first": "10 s"}),
        "stations.gateway",
        "a retry of callers who queue",
        None,
    ),
    "timeout law": (
        station(time_out={"after": {"law": "constnt", "value": "1 s"}}),
        "stations.desk.time_out.after.law",
        "'constnt'",
        "constant",
    ),
    "timeout retry": (
        station(time_out={"after": CONSTANT, "retry": {"first": "1 s"}}),
        "stations.desk.time_out",
        "0 attempts",
        None,
    ),
    "timeout endless": (
        study(stations={"citizen": {"time_out": {"after": CONSTANT}}}),
        "stations.citizen",
        "hours, outages or a time-out where there is no end of servers",
        None,
    ),
    "outage endless": (
        study(stations={"citizen": {"outages": [{"start": "2013-05-15T12:00", "lasting": "1 h"}]}}),
        "stations.citizen",
        "hours, outages or a time-out where there is no end of servers",
        None,
    ),
    "hours endless": (
        study(stations={"citizen": {"hours": "provider-hours"}}),
        "stations.citizen",
        "hours, outages or a time-out where there is no end of servers",
        None,
    ),
    "law order": (
        study(steps={"P1": {"portal": {"law": "uniform", "low": "5 s", "high": "1 s"}}}),
        "steps.P1.portal",
        "5 s > 1 s",
        None,
    ),
    "law cv": (
        study(steps={"P1": {"portal": {"law": "gamma", "mean": "5 s", "cv": 0}}}),
        "steps.P1.portal",
        "the coefficient of variation 0.0",
        None,
    ),
    "law quantiles": (
        study(steps={"P1": {"portal": {"law": "quantiles", "values": ["5 s"]}}}),
        "steps.P1.portal",
        "1 quantiles",
        None,
    ),
    "slots doctors": (study(slots={"doctors": -1}), "slots", "-1 doctors", None),
    "slots every": (study(slots={"every": "0 s"}), "slots", "every: 0 s", None),
    "slots opens": (study(slots={"opens_at": "7:00"}), "slots", "'7:00' is not an hour HH:MM", None),
    "slots first": (study(slots={"first": "x"}), "slots", "first: 'x'", None),
    "slots hold": (study(slots={"hold": "0 s"}), "slots", "hold: 0 s", None),
    "slots many": (
        study(
            slots={"doctors": 1000, "per_day": 1000, "every": "1 s", "days_ahead": 300},
            offices=1000,
            arrivals=[GOOD["arrivals"][0] | {"service": "doctor-appointment"}],
        ),
        "slots",
        "305000000000 slots",
        None,
    ),
    "registrar retry": (
        study(stations={"registrar": {"when_down": "retry"}}),
        "stations.registrar",
        "callers who try again",
        None,
    ),
    "registry retry": (
        study(stations={"registry": {"retry": {"first": "1 s"}}}),
        "stations.registry.retry",
        "a retry",
        None,
    ),
    "servers in all": (
        study(offices=5000, stations={"desk": {"servers": 3000}}),
        "stations.desk",
        "15000000 servers in all offices",
        None,
    ),
}

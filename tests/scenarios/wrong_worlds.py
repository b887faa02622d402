"""Suites whose world or whose text must be refused, each wrong in one place, and what is said of it."""

from tests.scenarios.small_suites import SLOW, as_yaml, scenario, suite

GOOD = as_yaml(suite())
CONSTANT = {"law": "constant", "value": "61 s"}


def slow_world(**changes):
    return suite(scenario(SLOW, world=changes))


# name: (suite, path inside, found, expected, nearest)
WRONG_WORLDS = {
    "unknown policy": (
        slow_world(signature_policy="astana-2031"),
        "scenarios[0].world.signature_policy",
        "astana-2031",
        "a file beside the suite",
        "astana-2013",
    ),
    "no unit": (
        slow_world(steps={"P6": {"workstation": CONSTANT | {"value": "61"}}}),
        "scenarios[0].world.steps",
        "'61'",
        "a number and a unit",
        None,
    ),
    "negative servers": (
        slow_world(stations={"workstation": {"servers": -1}}),
        "scenarios[0].world.stations.workstation",
        "-1 servers",
        "1 to 100000",
        None,
    ),
    "huge servers": (
        slow_world(stations={"workstation": {"servers": 10**9}}),
        "scenarios[0].world.stations.workstation",
        "1000000000 servers",
        "1 to 100000",
        None,
    ),
    "servers as text": (
        slow_world(stations={"workstation": {"servers": "two"}}),
        "scenarios[0].world.stations.workstation.servers",
        "the text 'two'",
        "int",
        None,
    ),
    "bounds that fall": (
        slow_world(steps={"P6": {"workstation": {"law": "uniform", "low": "5 s", "high": "1 s"}}}),
        "scenarios[0].world.steps",
        "5 s > 1 s",
        "rising order",
        None,
    ),
    "unknown law": (
        slow_world(steps={"P6": {"workstation": {"law": "constnt", "value": "1 s"}}}),
        "scenarios[0].world.steps",
        "'constnt'",
        "listed",
        "constant",
    ),
    "unknown station": (
        slow_world(stations={"workstaton": {"servers": 1}}),
        "scenarios[0].world.stations.workstaton",
        "workstaton",
        "a station",
        "workstation",
    ),
    "unknown step of a world": (
        slow_world(steps={"P66": {"workstation": CONSTANT}}),
        "scenarios[0].world.steps.P66",
        "P66",
        "a step",
        "P6",
    ),
    "station that the step does not visit": (
        slow_world(steps={"P6": {"portal": CONSTANT}}),
        "scenarios[0].world.steps.P6.portal",
        "portal",
        "a station of P6",
        None,
    ),
    "unknown path of a decision": (
        slow_world(decision={"portl": CONSTANT}),
        "scenarios[0].world.decision.portl",
        "portl",
        "a path",
        "portal",
    ),
    "retry without a pause": (slow_world(gateway_retry="0 s"), "scenarios[0].world", "'0 s'", "100 ms", None),
    "registry never asked": (
        slow_world(registry_attempts=0),
        "scenarios[0].world",
        "0 registry attempts",
        "1 to 10",
        None,
    ),
}

WRONG_TEXTS = {
    "not a mapping": ("- a\n- b\n", "", "array", "object", None),
    "a word": ("suite\n", "", "the text 'suite'", "object", None),
    "empty file": ("", "", "an empty file", "a YAML document", None),
    "only a comment": ("# nothing\n", "", "an empty file", "a YAML document", None),
    "broken YAML": ("suite: [1, 2\n", "line 2, column 1", "", "YAML", None),
    "an alias": (
        GOOD.replace("suite: small", "suite: &a small").replace("title: A small suite", "title: *a"),
        "line 2",
        "a YAML alias",
        "written out",
        None,
    ),
    "a tag": (
        GOOD.replace("suite: small", "suite: !!python/name:os.system small"),
        "line 1",
        "tag",
        "plain",
        None,
    ),
    "a duplicate key": (GOOD + "suite: again\n", "suite", "a duplicate key", "each key once", None),
    "an IIN without quotes": (
        GOOD.replace("title: A small suite", "title: 850704200017"),
        "title",
        "twelve digits without quotes",
        "in quotes",
        None,
    ),
}

"""Logs that Hypothesis draws for a pack: plausible routes, then every kind of damage a real log may have."""

import json

from hypothesis import strategies as st

from conformance.log import Row

SECOND = 1_000_000
STARTS = (
    1_368_590_400_000_000,  # 2013-05-15 10:00 in Astana, a Wednesday
    1_368_619_200_000_000,  # 18:00, the cut-off
    1_368_633_599_000_000,  # close to midnight
    1_368_806_400_000_000,  # a Friday night
    1_361_123_000_000_000,  # 2013-02-17, the day before the act binds
    1_409_245_000_000_000,  # 2014-08-28 evening, the day before it ends
    1_409_400_000_000_000,  # after its end
)
DURATIONS = (
    0,
    1,
    SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    60 * SECOND + 1,
    90 * SECOND,
    91 * SECOND,
    9 * 3600 * SECOND,
)
RESOLUTIONS = (1, 1, 1, SECOND, 60 * SECOND, 86_400 * SECOND)
ODD_VALUES = st.sampled_from(
    [
        None,
        "",
        " ",
        "\u00a0",
        "x",
        "X",
        "caf\u00e9",
        "natural_person",
        True,
        False,
        0,
        1,
        1.0,
        10**17,
        -0.0,
        [],
        ["iin"],
        {},
        {"a": 1},
        "\x1f",
        '"',
        "\\",
    ]
)


def attribute_names(pack):
    """Return the attributes that the norms of *pack* look at."""
    fields = {getattr(norm, name, None) for norm in pack.norms for name in ("field", "within")}
    names = {
        field.removeprefix("attributes.") for field in fields if field and field.startswith("attributes.")
    }
    moments = {
        name
        for norm in pack.norms
        if norm.__class__.__name__ == "MomentOrder"
        for name in (norm.first, norm.then)
    }
    return sorted(names), sorted(moments)


@st.composite
def rows_of_case(draw, case_id, route, steps, attributes):
    """Draw the rows of one case."""
    (service, path), (names, moments) = route, attributes
    resolution = draw(st.sampled_from(RESOLUTIONS))
    clock = draw(st.sampled_from(STARTS))
    shared = {name: draw(ODD_VALUES | st.sampled_from(["a", "b"])) for name in names}
    found = []
    for _ in range(draw(st.integers(1, 7))):
        step = draw(st.sampled_from(steps))
        wait, work = draw(st.sampled_from(DURATIONS)), draw(st.sampled_from(DURATIONS))
        enabled, completed = clock + wait, clock + wait + work
        clock = completed
        if draw(st.integers(0, 9)) == 0:
            resolution = draw(st.sampled_from(RESOLUTIONS))
        grain = max(resolution, 1)
        values = {
            name: draw(ODD_VALUES) if draw(st.integers(0, 5)) == 0 else value
            for name, value in shared.items()
        }
        values |= {
            name: draw(st.sampled_from([clock, clock + 1, clock - SECOND, 0, "x", None, 1.5]))
            for name in moments
        }
        values = {name: value for name, value in values.items() if value is not None}
        gap = draw(st.integers(0, 11))
        found.append(
            Row(
                case_id=case_id,
                service=service,
                path=path,
                step=step,
                unit=draw(st.sampled_from(["portal", "citizen"])),
                resource=draw(st.sampled_from([None, "r1", "r2"])),
                enabled_us=None
                if gap == 0
                else enabled // grain * grain + (0 if gap != 1 else work + SECOND),
                started_us=None
                if gap in {0, 2}
                else enabled // grain * grain + {5: work + SECOND, 6: -SECOND, 7: 1}.get(gap, 0),
                completed_us=None if gap == 3 else completed // grain * grain,
                resolution_us=resolution,
                outcome=draw(st.sampled_from(["ok", "ok", "ok", "REFUSED", None, "", " "])),
                request_number=draw(st.sampled_from([None, "1", "1", "2", "", "\u00a0"])),
                attributes=None if gap == 4 else json.dumps(values, ensure_ascii=draw(st.booleans())),
            )
        )
    return found


@st.composite
def logs(draw, pack, routes=None):
    """Draw the rows of a log for *pack*."""
    names, moments = attribute_names(pack)
    routes = routes or sorted({(norm.services[0], norm.path) for norm in pack.norms})
    known = {}
    for norm in pack.norms:
        for field in ("step", "first", "start"):
            if isinstance(getattr(norm, field, None), str):
                known.setdefault((norm.services[0], norm.path), set()).add(getattr(norm, field))
    found = []
    for number in range(draw(st.integers(1, 6))):
        service, path = draw(st.sampled_from(routes))
        steps = [
            *sorted(s for s in known[service, path] if not s.endswith("_us")),
            draw(st.sampled_from(["??", "a\x1fb", "P0"])),
        ]
        case_id = draw(st.sampled_from([f"c{number}", f"c{number}", f"c{number}", "c0", "c1"]))
        found += draw(rows_of_case(case_id, (service, path), steps, (names, moments)))
    return found


def facts_beside():
    """Return what stands beside a log: the error of its clocks, when it was taken, what its source tells."""
    return st.fixed_dictionaries(
        {
            "clock_error_us": st.sampled_from([0, 0, 1, 500_000, 2_000_000]),
            "extracted_us": st.sampled_from([None, *(start + 3600 * SECOND for start in STARTS)]),
            "delivered": st.sampled_from(
                [
                    None,
                    None,
                    frozenset(),
                    frozenset({"outcome", "resource", "attributes.confirmed"}),
                    frozenset({"outcome", "resource", "steps.P5", "steps.P8", "steps.V6"}),
                ]
            ),
            "damaged": st.sampled_from(
                [frozenset(), frozenset(), frozenset({"c0"}), frozenset({"c1", "c2", "gone"})]
            ),
            "unplaced": st.sampled_from([0, 0, 2]),
        }
    )

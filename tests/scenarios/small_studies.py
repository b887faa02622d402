"""Studies made in tests: one good study, changed in places."""

import copy

import yaml

from scenarios.study_play import variants
from scenarios.study_reader import read_study
from sim.load.task import plan_of

GOOD = {
    "study": "small",
    "title": "A small study",
    "pack": "astana-106-1923",
    "world": "astana-2013",
    "starts": "2013-05-15T08:00",
    "lasts": "4 h",
    "arrivals": [
        {"kind": "poisson", "id": "calls", "service": "doctor-home-call", "path": "portal", "per_day": 240},
        {
            "kind": "poisson",
            "id": "visits",
            "service": "clinic-attachment",
            "path": "provider",
            "per_day": 120,
        },
    ],
    "stations": {"desk": {"servers": 3}},
}


def study(**changes):
    """Return the good study with other values of some of its keys; None leaves a key out."""
    plain = copy.deepcopy(GOOD) | changes
    return {key: value for key, value in plain.items() if value is not None}


def arrivals(**changes):
    """Return the good study with one stream, changed."""
    first = GOOD["arrivals"][0] | changes
    return study(arrivals=[{key: value for key, value in first.items() if value is not None}])


class _Written(yaml.SafeDumper):
    """Write what is the same object twice out twice: studies have no aliases."""

    def ignore_aliases(self, data):
        del data
        return True


def write(folder, plain):
    """Write a study, as a mapping or as text, into a file and return its path."""
    path = folder / "study.yaml"
    text = (
        plain
        if isinstance(plain, str)
        else yaml.dump(plain, Dumper=_Written, allow_unicode=True, sort_keys=False)
    )
    path.write_text(text, encoding="utf-8")
    return path


def ready(folder, plain):
    """Return a study read from a file."""
    return read_study(write(folder, plain))


def plans(folder, plain):
    """Return the plan of each point of a study: all that is checked before it is played."""
    known = ready(folder, plain)
    return [plan_of(known.source(variant)) for _, variant in variants(known)]


def plan(folder, plain):
    """Return the plan of a study of one point."""
    return plans(folder, plain)[0]

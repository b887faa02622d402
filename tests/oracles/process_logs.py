"""Logs for the process oracle: walks through the graphs of the pack with faults put in, and random graphs."""

from random import Random

from conformance.context import Graph
from tests.conformance.fragments import TEN, row

SECOND = 1_000_000


def walk(graph, chance):
    """A way from a start of *graph* to one of its endings."""
    steps = [chance.choice(sorted(graph.starts))]
    while steps[-1] not in graph.endings:
        steps.append(chance.choice(graph.successors[steps[-1]]))
    return steps


def spoil(steps, graph, chance):
    """*steps* with one fault of the five kinds, or cut off."""
    at = chance.randrange(len(steps))
    some = chance.choice([*sorted(graph.successors), "X1"])
    return chance.choice(
        [
            steps[:at] + steps[at + 1 :],
            [*steps[:at], some, *steps[at:]],
            [*steps[: at + 1], steps[at], *steps[at + 1 :]],
            [*steps[:at], *reversed(steps[at : at + 2]), *steps[at + 2 :]],
            [*steps, some],
            steps[: at + 1],
        ]
    ) or [some]


def generated(graph, path, cases, seed):
    """Rows of *cases* walks, about half of them with one to three faults; no two ends of a case are equal."""
    chance = Random(seed)
    rows = []
    for n in range(cases):
        steps = walk(graph, chance)
        for _ in range(chance.choice([0, 0, 0, 1, 2, 3])):
            steps = spoil(steps, graph, chance)
        end = TEN + n * 3600 * SECOND
        for step in steps:
            begun, end = end, end + chance.randrange(1, 60 * SECOND)
            rows.append(row(step, begun, end, case_id=f"{path}-{n:05}", path=path))
    chance.shuffle(rows)
    return rows


def random_graph(seed):
    """A graph of up to six steps with loops, several starts and endings."""
    chance = Random(seed)
    steps = [f"S{n}" for n in range(chance.randrange(2, 7))]
    after = {step: tuple(chance.sample(steps, chance.randrange(0, min(4, len(steps) + 1)))) for step in steps}
    some = [frozenset(chance.sample(steps, chance.randrange(1, 3))) for _ in range(2)]
    return Graph(after, *some)


def random_routes(seed, n):
    """Rows of *n* cases whose steps are drawn without any rule."""
    chance = Random(seed)
    return [
        row(f"S{chance.randrange(7)}", TEN, TEN + i * SECOND + 1, case_id=f"r{case:03}", path="portal")
        for case in range(n)
        for i in range(chance.randrange(1, 8))
    ]

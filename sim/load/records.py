"""Records that lie one behind the other in the memory of the loop, handed out as columns.

Plain Python over whole numbers, written so that Numba compiles it as it stands (*sim.load.compiled*).
"""

from sim.load.state import Ints


def copy_records(m: Ints, places: Ints, counts: Ints, shape: Ints, columns: Ints) -> None:
    """Copy the records of cases, *counts* of them from *places* in *m* on, to *columns*.

    *shape* are three numbers: of cases, of fields of a record, and of records in all. *columns* has room for
    the first field of all records, then for the second one, and so on.
    """
    cases, fields, records = shape[0], shape[1], shape[2]
    record = 0
    for case in range(cases):
        place = places[case]
        for _ in range(counts[case]):
            for field in range(fields):
                columns[field * records + record] = m[place + field]
            place += fields
            record += 1

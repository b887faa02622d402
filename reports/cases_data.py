"""Pack the columns of cases into a text that a page can hold: planes of octets, deflated, in Base64."""

import base64
import json
import zlib
from typing import Any

from conformance.case_listing import MOMENTS, CaseListing

_CASE_COLUMNS = ("verdict", "norms", "n")
_ROW_COLUMNS = ("service", "path", "step", "unit", "resource", "outcome", "standing")
LEVEL = 4
"""As small as level 7 of the usual strategy in half its time: planes of numbers have few long repetitions."""
NOTHING = -(2**63)
"""The number that stands for an absent moment."""


def pack_cases(listing: CaseListing) -> str:
    """Return the columns of *listing* as Base64 of zlib's deflate.

    The octets begin with the length of a header (four octets, the smallest first) and the header, JSON: the
    names, and for each column its name, its length and its width in octets. A column follows as planes: the
    lowest octets of all its numbers, then the next ones. Places of names are counted from 1, and 0 is none.
    Moments are differences to the last known moment, all of a row side by side; limits are microseconds.
    """
    import numpy as np  # noqa: PLC0415 - as long to load as all the rest

    cases, rows = listing.cases, listing.rows
    of_case = np.bincount(rows["number"].astype(np.int64), minlength=listing.shown)
    columns: list[tuple[str, Any, str]] = [("rows_of", of_case, "<i4")]
    columns += [(name, _from_one(cases[name]), "<i4") for name in _CASE_COLUMNS]
    columns += [(f"row_{name}", _from_one(rows[name]), "<i4") for name in _ROW_COLUMNS]
    columns += [("moments", _differences(rows), "<i8"), ("limits", np.ma.filled(rows["limit_us"], -1), "<i8")]
    planes = b"".join(_planes(values, kind) for _, values, kind in columns)
    header = {
        "columns": [[name, len(values), int(kind[-1])] for name, values, kind in columns],
        "names": {name: list(values) for name, values in listing.names.items()},
    }
    head = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    octets = len(head).to_bytes(4, "little") + head + planes
    packer = zlib.compressobj(LEVEL, memLevel=9, strategy=zlib.Z_FILTERED)
    return base64.b64encode(packer.compress(octets) + packer.flush()).decode()


def _from_one(values: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - as above

    return np.ma.filled(values, -1).astype(np.int64) + 1


def _planes(values: Any, kind: str) -> bytes:
    import numpy as np  # noqa: PLC0415 - as above

    octets = np.ascontiguousarray(values.astype(kind)).view(np.uint8).reshape(-1, int(kind[-1]))
    return bytes(octets.T.tobytes())


def _differences(rows: dict[str, Any]) -> Any:
    """Return the moments of all rows one after another, each as what it adds to the last known one."""
    import numpy as np  # noqa: PLC0415 - as above

    stacked = np.ma.stack([np.ma.asarray(rows[name]) for name in MOMENTS], axis=1).reshape(-1)
    absent = np.ma.getmaskarray(stacked)
    known = np.asarray(stacked.filled(0), dtype=np.int64)[~absent]
    differences = np.full(len(stacked), NOTHING, dtype=np.int64)
    differences[~absent] = np.diff(known, prepend=np.int64(0))
    return differences

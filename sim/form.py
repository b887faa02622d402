"""What a synthetic citizen writes into the request form and attaches to it, right or wrong."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from actors.attachments import AttachedFile, describe_file
from actors.check_digit import calc_check_digit
from actors.citizen import compose
from actors.envelopes import Request
from sim.plan import AttachedFiles, Form, RequestFlaw
from sim.world import Case, World

_MINUTE_US = 60_000_000
_SCAN = b"%PDF-1.4\n% synthetic scan (TEST)\n%%EOF\n"


def write_request(world: World, case: Case) -> Request:
    """Write the case's request as of now; the same on both paths, whoever signs it."""
    cast, wrong = world.cast, case.plan.citizen.form
    request = compose(
        request_id=case.request_id,
        service=case.plan.service,
        iin=case.player.citizen.iin,
        provider=cast.other_clinic_bin if wrong is Form.OTHER_PROVIDER else cast.clinic.bin,
        form=_fields(case) | _WRONG.get(wrong, {}),
        nonce=_nonce(world, case.id),
        now_us=world.now_us + case.plan.citizen.clock_us,
        docs=tuple(listed for listed, _ in _FILES[case.plan.citizen.files]()),
    )
    flaw = case.plan.citizen.request
    return request if flaw is None else _flawed(world, request, flaw)


def request_octets(request: Request, flaw: RequestFlaw | None) -> bytes:
    """Return the octets that are signed; some flaws are in them alone."""
    octets = request.octets()
    spoil = None if flaw is None else _OCTETS.get(flaw)
    return octets if spoil is None else spoil(octets)


def attached_files(case: Case) -> dict[str, bytes]:
    """Return the files that come with the request, by name."""
    return {
        listed.name: content for listed, content in _FILES[case.plan.citizen.files]() if content is not None
    }


def _nonce(world: World, case_id: str) -> str:
    return world.streams.octets(f"{case_id}/nonce", 16).hex()


def _fields(case: Case) -> dict[str, str]:
    player, service = case.player, case.plan.service
    form = {"surname": player.citizen.surname, "phone": "+7 700 000 00 00"}
    if service == "doctor-appointment":
        return form | {"slot": player.slot or ""}
    form["address"] = "Synthetic street 1 (TEST)"
    return form | {"complaint": "fever"} if service == "doctor-home-call" else form


_WRONG: Mapping[Form, dict[str, str]] = {
    Form.WITHOUT_PHONE: {"phone": ""},
    Form.WITHOUT_ADDRESS: {"address": ""},
    Form.OTHER_SURNAME: {"surname": "Басқа"},
    Form.UNKNOWN_SLOT: {"slot": "doctor-9@2000-01-01T00:00"},
}


def _flawed(world: World, request: Request, flaw: RequestFlaw) -> Request:
    change = _REQUESTS.get(flaw)
    return request if change is None else change(world, request)


def _wrong_check_digit(number: str) -> str:
    right = calc_check_digit(number[:11])
    return number[:11] + str((int(right or "0") + 1) % 10)


def _with(octets: bytes, key: str, written: bytes) -> bytes:
    """Put one more member before all others, as it is *written*."""
    return b'{"' + key.encode() + b'":' + written + b"," + octets[1:]


_OCTETS: Mapping[RequestFlaw, Callable[[bytes], bytes]] = {
    RequestFlaw.NOT_CANONICAL: lambda octets: octets.replace(b'":', b'": ', 1),
    RequestFlaw.DUPLICATE_KEY: lambda octets: _with(octets, "docs", b"[]"),
    RequestFlaw.FRACTION: lambda octets: _with(octets, "amount", b"1.5"),
    RequestFlaw.DEEP: lambda octets: _with(octets, "a", b"[" * 10_000 + b"]" * 10_000),
    RequestFlaw.UNKNOWN_FIELD: lambda octets: json.dumps(
        json.loads(octets) | {"zzz": 1}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode(),
}

_REQUESTS: Mapping[RequestFlaw, Callable[[World, Request], Request]] = {
    RequestFlaw.STALE: lambda _world, request: replace(
        request, issued_at_us=request.issued_at_us - 11 * _MINUTE_US
    ),
    RequestFlaw.OVERDUE: lambda _world, request: replace(
        request, expires_at_us=request.issued_at_us - 5 * _MINUTE_US
    ),
    RequestFlaw.REPLAYED: lambda world, request: replace(request, nonce=_nonce(world, _first(world))),
    RequestFlaw.REUSED_ID: lambda world, request: replace(request, id=f"R-{_first(world)}"),
    RequestFlaw.TOO_LARGE: lambda _world, request: replace(
        request, form={**request.form, **{f"note-{n}": "x" * 3_900 for n in range(18)}}
    ),
    RequestFlaw.MALFORMED_IIN: lambda _world, request: replace(request, iin=_wrong_check_digit(request.iin)),
    RequestFlaw.UNKNOWN_PROVIDER: lambda _world, request: replace(
        request, provider=_wrong_check_digit(request.provider)
    ),
}


def _first(world: World) -> str:
    """Return the identifier of the first case: the one whose request is used again."""
    return world.first or ""


_Files = Callable[[], list[tuple[AttachedFile, bytes | None]]]


def _described(name: str, content: bytes) -> tuple[AttachedFile, bytes | None]:
    return describe_file(name, content), content


_FILES: Mapping[AttachedFiles, _Files] = {
    AttachedFiles.NONE: list,
    AttachedFiles.SCAN: lambda: [_described("scan.pdf", _SCAN)],
    AttachedFiles.CHANGED: lambda: [(describe_file("scan.pdf", _SCAN), _SCAN.replace(b"1.4", b"1.5"))],
    AttachedFiles.MISSING: lambda: [(describe_file("scan.pdf", _SCAN), None)],
    AttachedFiles.TOO_LARGE: lambda: [_described("scan.pdf", _SCAN + bytes(10_000_000))],
    AttachedFiles.TOO_MANY: lambda: [_described(f"scan-{n}.pdf", _SCAN) for n in range(11)],
    AttachedFiles.WRONG_TYPE: lambda: [_described("scan.pdf", b"MZ this is a program")],
    AttachedFiles.ARCHIVE: lambda: [_described("scans.zip", b"PK\x03\x04 and so on")],
    AttachedFiles.OUTSIDE_NAME: lambda: [
        (replace(describe_file("scan.pdf", _SCAN), name="../scan.pdf"), _SCAN)
    ],
}

"""What a synthetic citizen writes into the request form, right or wrong."""

from collections.abc import Mapping

from actors.citizen import compose
from actors.envelopes import Request
from sim.plan import Form
from sim.world import Case, World


def write_request(world: World, case: Case) -> Request:
    """Write the case's request as of now; the same on both paths, whoever signs it."""
    cast, wrong = world.cast, case.plan.citizen.form
    return compose(
        request_id=case.request_id,
        service=case.plan.service,
        iin=case.player.citizen.iin,
        provider=cast.other_clinic_bin if wrong is Form.OTHER_PROVIDER else cast.clinic.bin,
        form=_fields(case) | _WRONG.get(wrong, {}),
        nonce=world.streams.octets(f"{case.id}/nonce", 16).hex(),
        now_us=world.now_us,
    )


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

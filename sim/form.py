"""What a synthetic citizen writes into the request form, right or wrong."""

from sim.plan import Form
from sim.world import Case


def fill_form(case: Case) -> dict[str, str]:
    """Return the fields of the request form of the case's service."""
    player, filled = case.player, case.plan.citizen.form
    form = {"surname": player.citizen.surname, "phone": "+7 700 000 00 00"}
    if case.plan.service == "doctor-appointment":
        form["slot"] = player.slot or ""
    else:
        form["address"] = "Synthetic street 1 (TEST)"
    if case.plan.service == "doctor-home-call":
        form["complaint"] = "fever"
    return form | _WRONG.get(filled, {})


_WRONG: dict[Form, dict[str, str]] = {
    Form.WITHOUT_PHONE: {"phone": ""},
    Form.WITHOUT_ADDRESS: {"address": ""},
    Form.OTHER_SURNAME: {"surname": "Басқа"},
    Form.UNKNOWN_SLOT: {"slot": "doctor-9@2000-01-01T00:00"},
}

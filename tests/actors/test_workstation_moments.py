"""When the workstation judges: the gateway's acceptance for the period, its own look for revocation."""

import pytest

from actors.envelopes import SignedDocument
from actors.schedule import SlotState
from tests.actors.small_clinic import HOUR, NOW, SECOND, SLOT, SmallClinic


@pytest.fixture
def clinic():
    return SmallClinic()


class TestMoments:
    def registered(self, clinic, key, accepted_us):
        return clinic.workstation.register(clinic.document(key=key), "130115", accepted_us).number

    def verified(self, clinic, number, now_us):
        return clinic.workstation.verify(number, now_us, by_employee=False).reason

    def test_a_certificate_that_ends_after_acceptance_is_in_its_period(self, clinic):
        key = clinic.pki.person(not_after_us=NOW + SECOND, label="short")
        in_time = self.registered(clinic, key, NOW + 2 * SECOND - 1)

        assert self.verified(clinic, in_time, NOW + 5 * HOUR) == "ok"

    def test_a_certificate_that_ends_before_acceptance_is_not(self, clinic):
        key = clinic.pki.person(not_after_us=NOW + SECOND, label="short")
        late = self.registered(clinic, key, NOW + 2 * SECOND)

        assert self.verified(clinic, late, NOW + 5 * HOUR) == "CERT_EXPIRED"

    def test_without_a_receipt_the_moment_of_the_look_counts(self, clinic):
        key = clinic.pki.person(not_after_us=NOW + SECOND, label="short")
        number = self.registered(clinic, key, None)

        assert self.verified(clinic, number, NOW + SECOND) == "ok"
        assert self.verified(clinic, number, NOW + 2 * SECOND) == "CERT_EXPIRED"

    def test_what_is_revoked_by_the_time_of_the_look_is_refused(self, clinic):
        number = self.registered(clinic, clinic.citizen_key, NOW)
        assert self.verified(clinic, number, NOW + HOUR) == "ok"

        clinic.revoke(clinic.citizen_key, NOW + HOUR)

        assert self.verified(clinic, number, NOW + HOUR) == "CERT_REVOKED"

    def test_lists_have_to_speak_for_the_time_of_the_look(self, clinic):
        number = self.registered(clinic, clinic.citizen_key, NOW)

        assert self.verified(clinic, number, NOW + 25 * HOUR) == "CHECK_UNAVAILABLE"
        clinic.publish(NOW + 25 * HOUR)
        assert self.verified(clinic, number, NOW + 25 * HOUR) == "ok"

    def test_a_check_that_cannot_be_made_is_no_reason_to_give_a_slot(self, clinic):
        number = clinic.registered("doctor-appointment")
        clinic.workstation.verifier.revocation = None

        assert clinic.check(number) == "CHECK_UNAVAILABLE"
        assert clinic.provider.schedule.state(SLOT, NOW) is SlotState.FREE


class TestForgedFirst:
    """Somebody on the way is faster with the same octets under another signature."""

    def forgeries(self, clinic):
        good = clinic.document()
        return {
            "broken": SignedDocument(good.octets, b"\x30\x00"),
            "nobody's": SignedDocument(good.octets, None),
            "another citizen's": sign(clinic, good.octets, clinic.other_key),
        }

    @pytest.mark.parametrize("kind", ["broken", "nobody's", "another citizen's"])
    def test_the_genuine_one_is_examined(self, clinic, kind):
        first = clinic.workstation.register(self.forgeries(clinic)[kind], "130115", NOW)
        second = clinic.workstation.register(clinic.document(), "130115", NOW + SECOND)

        assert (second.number, second.repeated) == (first.number, True)
        assert clinic.workstation.verify(first.number, NOW + SECOND, by_employee=False).passed

    @pytest.mark.parametrize("kind", ["broken", "nobody's", "another citizen's"])
    @pytest.mark.parametrize("lists", [True, False])
    def test_a_forgery_takes_the_place_of_nothing(self, clinic, kind, lists):
        if not lists:
            clinic.workstation.verifier.revocation = None
        first = clinic.workstation.register(clinic.document(), "130115", NOW)
        clinic.workstation.register(self.forgeries(clinic)[kind], "130115", NOW + SECOND)

        clinic.publish(NOW + SECOND)
        assert clinic.workstation.verify(first.number, NOW + SECOND, by_employee=False).passed


def sign(clinic, octets, key):
    return clinic.signer.sign(octets, key, NOW)

"""Replay: a nonce or an identifier never stands for a second request, whatever was restarted in between."""

import pytest

from actors.accounts import AccountBook
from actors.conduct import PortalConduct
from actors.durable import FileJournal, MemoryJournal
from actors.policy import SignatureRules, ValidationPolicy
from actors.portal import NotAccepted
from actors.portal_store import PortalStore, UnknownRequest
from actors.seen_requests import SeenRequests
from tests.actors.small_clinic import (
    CHEAP,
    HOUR,
    IIN,
    NOW,
    OTHER_IIN,
    PASSWORD,
    SALT,
    SECOND,
    SmallClinic,
    from_outside,
)

WINDOW = SignatureRules().replay_window_us
ANOTHER = {"form": {"phone": "2"}}


@pytest.fixture
def clinic():
    return SmallClinic()


def check(clinic, document, now_us=NOW, iin=IIN):
    return clinic.portal.check_signature(clinic.log_in(iin, now_us=now_us), document, now_us)


def submit(clinic, document, now_us=NOW, iin=IIN):
    return clinic.portal.submit(clinic.log_in(iin, now_us=now_us), document, "", now_us)


def send(clinic, document, now_us=NOW, iin=IIN):
    assert check(clinic, document, now_us, iin).passed
    return submit(clinic, document, now_us, iin)


def crashed(clinic, journal):
    """Start the portal anew; of its store only accounts and *journal* are left."""
    store = PortalStore(AccountBook(CHEAP), SeenRequests(journal))
    clinic.portal = clinic.portal.restarted()
    clinic.portal.store = clinic.store = store
    for iin in (IIN, OTHER_IIN):
        clinic.portal.sign_up(iin, PASSWORD, SALT)


class BrokenJournal(MemoryJournal):
    broken = True

    def append(self, line):
        if BrokenJournal.broken:
            raise OSError("the disk is full")
        super().append(line)


class WatchedJournal(MemoryJournal):
    def append(self, line):
        super().append(line)
        self.watch()


class TestAcceptance:
    def test_a_journal_that_fails_accepts_nothing_and_remembers_nothing(self, monkeypatch):
        clinic = SmallClinic(seen=SeenRequests(BrokenJournal()))
        document = clinic.document()
        assert check(clinic, document).passed

        with pytest.raises(OSError, match="full"):
            submit(clinic, document)

        with pytest.raises(UnknownRequest):
            clinic.portal.status_screen(clinic.log_in(), "R-1", NOW)
        assert len(clinic.store.seen) == 0
        monkeypatch.setattr(BrokenJournal, "broken", False)
        assert not submit(clinic, document).repeated

    def test_it_is_written_down_before_it_is_answered(self):
        journal, known = WatchedJournal(), []
        clinic = SmallClinic(seen=SeenRequests(journal))
        journal.watch = lambda: known.append(dict(clinic.store.records))

        send(clinic, clinic.document())

        assert known == [{}]
        assert list(clinic.store.records) == ["R-1"]

    def test_what_was_only_checked_is_not_remembered(self, clinic):
        assert check(clinic, clinic.document()).passed

        assert len(clinic.store.seen) == 0
        assert check(clinic, clinic.document(**ANOTHER)).passed


class TestAnotherDocument:
    @pytest.mark.parametrize("taken", [{"request_id": "R-2"}, {"nonce": "1" * 32}], ids=["nonce", "id"])
    def test_under_a_known_nonce_or_identifier_is_refused(self, clinic, taken):
        send(clinic, clinic.document())

        decision = check(clinic, clinic.document(**ANOTHER, **taken))

        assert (decision.indication, decision.reason) == ("REFUSED", "REPLAY")

    @pytest.mark.parametrize("taken", [{"request_id": "R-2"}, {"nonce": "1" * 32}], ids=["nonce", "id"])
    def test_that_passed_before_the_first_was_sent_is_not_accepted_after_it(self, clinic, taken):
        one, other = clinic.document(), clinic.document(**ANOTHER, **taken)
        assert check(clinic, one).passed
        assert check(clinic, other).passed

        assert not submit(clinic, one).repeated

        with pytest.raises(NotAccepted):
            submit(clinic, other)
        assert [record.document for record in clinic.store.records.values()] == [one]

    def test_with_a_nonce_and_an_identifier_of_its_own_is_accepted(self, clinic):
        send(clinic, clinic.document())

        assert not send(clinic, clinic.document(request_id="R-2", nonce="1" * 32)).repeated

    def test_of_another_person_may_have_the_same_nonce(self, clinic):
        send(clinic, clinic.document())
        theirs = clinic.document(key=clinic.other_key, iin=OTHER_IIN, request_id="R-2")

        assert not send(clinic, theirs, iin=OTHER_IIN).repeated

    def test_for_another_service_may_have_the_same_nonce(self, clinic):
        send(clinic, clinic.document())

        assert not send(clinic, clinic.document("clinic-attachment", request_id="R-2")).repeated

    def test_of_another_person_may_not_have_the_same_identifier(self, clinic):
        send(clinic, clinic.document())
        theirs = clinic.document(key=clinic.other_key, iin=OTHER_IIN, nonce="1" * 32)

        assert check(clinic, theirs, iin=OTHER_IIN).reason == "REPLAY"

    def test_is_accepted_by_a_portal_that_does_not_look(self):
        careless = SmallClinic(PortalConduct(validation=ValidationPolicy(check_replay=False)))
        send(careless, careless.document())

        assert not send(careless, careless.document(**ANOTHER, request_id="R-2")).repeated
        with pytest.raises(NotAccepted):  # an identifier names one record, whoever looks
            send(careless, careless.document(**ANOTHER))


class TestRetry:
    """The very same document again: the same submission, the same number."""

    def test_gives_the_same_registration(self, clinic):
        document = clinic.document()
        first = send(clinic, document)
        number = clinic.workstation.register(document, "130115").number

        second = send(clinic, document, NOW + SECOND)

        assert (first.repeated, second.repeated, second.request) == (False, True, first.request)
        again = clinic.workstation.register(document, "130116")
        assert (again.number, again.repeated) == (number, True)

    @pytest.mark.parametrize("later_us", [0, SECOND, 3 * HOUR])
    def test_passes_after_revocation_and_after_its_time_and_after_a_restart(self, clinic, later_us):
        document = clinic.document()
        send(clinic, document)
        clinic.revoke(clinic.citizen_key, NOW)
        clinic.portal = clinic.portal.restarted()

        assert send(clinic, document, NOW + later_us).repeated
        assert check(clinic, clinic.document(request_id="R-2", nonce="1" * 32)).reason == "CERT_REVOKED"

    def test_is_not_a_retry_for_another_person(self, clinic):
        document = clinic.document()
        send(clinic, document)

        assert check(clinic, document, iin=OTHER_IIN).reason == "IIN_MISMATCH"
        with pytest.raises(NotAccepted):
            submit(clinic, document, iin=OTHER_IIN)

    def test_with_a_new_signature_is_checked_like_any_other(self, clinic):
        """Signatures can be made again: the octets decide what is the same, the signature what passes."""
        send(clinic, clinic.document())
        again = clinic.document(signs_us=NOW + SECOND)

        assert check(clinic, again).passed
        assert submit(clinic, again).repeated
        clinic.revoke(clinic.citizen_key, NOW)
        assert check(clinic, again, NOW + SECOND).reason == "CERT_REVOKED"


class TestCrash:
    """Only accounts and the journal of accepted requests are left."""

    @pytest.fixture
    def journal(self, tmp_path):
        return FileJournal(tmp_path / "seen")

    @pytest.fixture
    def clinic(self, journal):
        return SmallClinic(seen=SeenRequests(journal))

    @pytest.mark.parametrize("taken", [{"request_id": "R-2"}, {"nonce": "1" * 32}], ids=["nonce", "id"])
    def test_another_document_is_still_refused(self, clinic, journal, taken):
        send(clinic, clinic.document())

        crashed(clinic, journal)

        assert check(clinic, clinic.document(**ANOTHER, **taken)).reason == "REPLAY"

    def test_the_same_document_still_has_its_number(self, clinic, journal):
        document = clinic.document()
        send(clinic, document)
        number = clinic.workstation.register(document, "130115").number

        crashed(clinic, journal)

        assert send(clinic, document).request.id == "R-1"
        assert clinic.workstation.register(document, "130115").number == number

    def test_a_torn_last_line_was_never_acknowledged(self, clinic, journal):
        send(clinic, clinic.document())
        whole = journal.path.read_bytes()
        send(clinic, clinic.document(request_id="R-2", nonce="1" * 32))
        journal.path.write_bytes(journal.path.read_bytes()[: len(whole) + 40])

        crashed(clinic, journal)

        assert check(clinic, clinic.document(**ANOTHER)).reason == "REPLAY"
        assert not send(clinic, clinic.document(request_id="R-2", nonce="1" * 32)).repeated
        crashed(clinic, journal)
        assert check(clinic, clinic.document(**ANOTHER, request_id="R-2", nonce="2" * 32)).reason == "REPLAY"


class TestWindow:
    def taken(self, clinic):
        """Say whether the portal's memory still refuses another document under the first one's nonce."""
        request = clinic.request(**ANOTHER, request_id="R-2")
        return clinic.store.seen.is_taken(request, "of another document")

    @pytest.mark.parametrize(("after_us", "taken"), [(0, True), (WINDOW, True), (WINDOW + 1, False)])
    def test_a_nonce_is_kept_for_the_whole_window_and_no_longer(self, clinic, after_us, taken):
        send(clinic, clinic.document())

        clinic.portal.archive(NOW + after_us)

        assert self.taken(clinic) is taken

    def test_when_a_nonce_is_forgotten_no_request_with_it_is_fresh(self, clinic):
        """A document under check is judged as of its receipt, so it keeps the memory of its time."""
        assert WINDOW == (600 + 2 * 60) * SECOND
        document = from_outside(clinic.document())
        send(clinic, document)
        clinic.portal.deliver("R-1", document, refused=False)
        clinic.receive(document, NOW + 600 * SECOND)

        clinic.portal.archive(NOW + WINDOW + 1)
        assert self.taken(clinic)
        assert "R-1" in clinic.store.records  # and so the same request gets the same answer

        assert submit_raises(clinic, document) or self.taken(clinic)

    def test_two_that_passed_long_ago_are_still_not_both_accepted(self, clinic):
        one, other = clinic.document(), clinic.document(**ANOTHER, request_id="R-2")
        for document in (one, other):
            assert check(clinic, document).passed
        late_us = NOW + 5 * HOUR
        assert not submit(clinic, one, late_us).repeated

        clinic.portal.archive(late_us)

        with pytest.raises(NotAccepted):
            submit(clinic, other, late_us)

    def test_answered_requests_are_put_away(self, clinic):
        for n in range(3):
            document = clinic.document(request_id=f"R-{n}", nonce=f"{n:032}")
            send(clinic, document, NOW + n)
            clinic.portal.deliver(f"R-{n}", document, refused=False)

        clinic.portal.archive(NOW + WINDOW)
        assert list(clinic.store.records) == ["R-0", "R-1", "R-2"]
        clinic.portal.archive(NOW + WINDOW + 1)
        assert not clinic.store.records


def submit_raises(clinic, document):
    try:
        submit(clinic, document, NOW + WINDOW + 2)
    except NotAccepted:
        return True
    return False

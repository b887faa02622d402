"""Named faults of actors: one duty of the conduct left undone, each to be caught by a norm.

A fault is data: whose conduct, which switch, which wrong position. Suites name faults by these names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from actors.conduct import Conduct


@dataclass(frozen=True, slots=True)
class Fault:
    """One duty left undone. *switch* is the path of the field inside the conduct."""

    name: str
    switch: tuple[str, ...]
    position: bool | tuple[str, ...]
    summary: str

    def applied_to(self, conduct: Conduct) -> Conduct:
        """Return *conduct* with this duty left undone."""
        changed: Conduct = _with(conduct, self.switch, self.position)
        return changed


def _with(value: Any, path: tuple[str, ...], position: Any) -> Any:
    head, *rest = path
    inner = _with(getattr(value, head), tuple(rest), position) if rest else position
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{head: inner})
    return replace(value, **{head: inner})


_CHECK = ("portal", "validation")
_WORK = ("workstation",)
_STEPS = ("procedure",)

_ALL = (
    Fault("portal-admits-wrong-password", ("portal", "refuses_bad_logins"), False,
          "The portal opens a session although login and password do not match."),
    Fault("portal-skips-revocation", (*_CHECK, "check_revocation"), False,
          "The portal does not look into the list of revoked certificates."),
    Fault("portal-skips-period", (*_CHECK, "check_period"), False,
          "The portal does not look at the certificate's validity term."),
    Fault("portal-skips-identity", (*_CHECK, "check_identity"), False,
          "The portal does not compare the number in the request with the one in the certificate."),
    Fault("portal-skips-issuer", (*_CHECK, "check_issuer"), False,
          "The portal accepts a certificate that nobody it trusts has issued."),
    Fault("portal-skips-signature", (*_CHECK, "check_signature"), False,
          "The portal does not verify the signature over the request."),
    Fault("portal-refuses-valid-signature", ("portal", "believes_valid_signatures"), False,
          "The portal refuses a good signature as if it were not valid."),
    Fault("portal-bypasses-gateway", ("portal", "sends_through_gateway"), False,
          "The portal hands requests to the workstation without the gateway."),
    Fault("portal-omits-reason", ("portal", "states_reasons"), False,
          "The portal's notices of refusal state no reason."),
    Fault("portal-hides-status", ("portal", "screen_fields"), ("iin", "number", "service", "term"),
          "The status screen does not show the status."),
    Fault("portal-offers-taken-slots", ("portal", "offers_only_free_slots"), False,
          "The portal offers slots of the schedule that are not free."),
    Fault("workstation-registers-twice", (*_WORK, "registers_once"), False,
          "The workstation gives a request that comes again a second number."),
    Fault("workstation-reuses-numbers", (*_WORK, "numbers_are_new"), False,
          "The workstation gives the same number to different requests."),
    Fault("workstation-ignores-cutoff", (*_WORK, "keeps_cutoff"), False,
          "The workstation accepts requests after the cut-off."),
    Fault("workstation-gives-slot-twice", (*_WORK, "confirms_only_free_slots"), False,
          "The workstation confirms a slot that another person has."),
    Fault("workstation-changes-slot", (*_WORK, "keeps_chosen_slot"), False,
          "The workstation gives another slot than the one chosen."),
    Fault("workstation-omits-signature", (*_WORK, "signs_results"), False,
          "The workstation hands over a result without a signature."),
    Fault("workstation-signs-with-foreign-key", (*_WORK, "signs_with_own_key"), False,
          "The result is signed with the key of another organisation."),
    Fault("workstation-signs-without-right", (*_WORK, "signs_with_right"), False,
          "The result is signed by an employee who may not sign for the organisation."),
    Fault("workstation-skips-verification", (*_WORK, "verifies_again"), False,
          "The workstation serves requests without verifying their signature again."),
    Fault("workstation-refuses-valid-signature", (*_WORK, "believes_valid_signatures"), False,
          "The workstation refuses a good signature as if it were not valid."),
    Fault("workstation-unbinds-result", (*_WORK, "binds_result_to_request"), False,
          "The result does not name the request that it answers."),
    Fault("workstation-omits-reason", (*_WORK, "states_reasons"), False,
          "The provider's refusal states no reason."),
    Fault("workstation-answers-twice", (*_WORK, "answers_once"), False,
          "The workstation refuses a request and renders the service all the same."),
    Fault("workstation-skips-registry", (*_WORK, "asks_registry"), False,
          "The employee does not query the state database of natural persons."),
    Fault("workstation-bypasses-gateway", (*_WORK, "asks_through_gateway"), False,
          "The workstation queries the state database without the gateway."),
    Fault("employee-omits-signature", (*_WORK, "signs_requests"), False,
          "The employee sends the filled form on without certifying it."),
    Fault("employee-answers-before-journal", (*_WORK, "writes_journal_first"), False,
          "The oral answer is given before the entry in the journal."),
    Fault("workstation-omits-talon", (*_WORK, "issues_talon"), False,
          "No paper talon is issued."),
    Fault("workstation-answers-next-day", (*_WORK, "answers_same_day"), False,
          "The result is left for the next working day."),
    Fault("portal-goes-on-after-refusal", ("portal", "stops_after_refusals"), False,
          "The portal refuses an authorisation or a signature and serves all the same."),
    Fault("portal-sends-despite-condition-2", ("portal", "heeds_condition_2"), False,
          "The portal sends a request on although condition 2 was not met."),
    Fault("portal-serves-organisations", ("portal", "serves_only_natural_persons"), False,
          "The portal takes the request of an organisation."),
    Fault("workstation-serves-organisations", (*_WORK, "serves_only_natural_persons"), False,
          "The employee fills in a request for an organisation."),
    Fault("workstation-changes-number", (*_WORK, "keeps_numbers"), False,
          "The answer bears another number than the request."),
    Fault("employee-ignores-missing-data", (*_WORK, "heeds_missing_data"), False,
          "The employee fills the form although the state database has no data."),
    Fault("employee-goes-on-without-data", (*_WORK, "stops_without_data"), False,
          "The employee gives notice of missing data and fills the form all the same."),
    Fault("portal-authorises-twice", (*_STEPS, "repeated"), ("P1",),
          "The portal asks for the authorisation a second time."),
    Fault("portal-delivers-twice", (*_STEPS, "repeated"), ("P8",),
          "The result is delivered a second time."),
    Fault("employee-authorises-twice", (*_STEPS, "repeated"), ("V1",),
          "The employee has to enter number and password a second time."),
    Fault("employee-answers-twice", (*_STEPS, "repeated"), ("V8",),
          "The employee gives the answer a second time."),
    Fault("employee-registers-twice", (*_STEPS, "repeated"), ("V6",),
          "The employee registers the documents a second time."),
    Fault("workstation-skips-registration", (*_STEPS, "skipped"), ("P6", "V6"),
          "Requests are served without having been registered."),
    Fault("employee-skips-choice", (*_STEPS, "skipped"), ("V2",),
          "The employee asks for the person's data before a service is chosen."),
    Fault("portal-ignores-failed-sending", (*_STEPS, "unheeded"), ("P5",),
          "The sending failed, and nobody takes notice."),
    Fault("portal-ignores-failed-delivery", (*_STEPS, "unheeded"), ("P8",),
          "The result was not received, and nobody takes notice."),
    Fault("workstation-ignores-failed-login", (*_STEPS, "unheeded"), ("V1",),
          "The employee's authorisation failed, and the work goes on."),
    Fault("employee-ignores-failed-certifying", (*_STEPS, "unheeded"), ("V5",),
          "Certifying the form failed, and it is sent on."),
    Fault("employee-ignores-failed-answer", (*_STEPS, "unheeded"), ("V8",),
          "The consumer did not get the answer, and nobody takes notice."),
    Fault("workstation-omits-number", (*_STEPS, "left_out"), ("P6.request_number", "V6.request_number"),
          "Registration gives no number."),
    Fault("workstation-omits-decision", (*_STEPS, "left_out"), ("P6.outcome", "V6.outcome"),
          "The check of the grounds leaves no outcome."),
    Fault("workstation-omits-document", (*_STEPS, "left_out"), ("P8.documents",),
          "The result is no electronic document."),
    Fault("workstation-omits-data-answer", (*_STEPS, "left_out"), ("V3.outcome",),
          "Nobody notes what the state database answered."),
)  # fmt: skip

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in _ALL}

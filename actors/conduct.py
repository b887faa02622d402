"""How an actor behaves: one switch for each duty. All on is the law; one off is a fault to be caught."""

from dataclasses import dataclass, field

from actors.validation import ValidationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalConduct:
    """The duties of the portal."""

    refuses_bad_logins: bool = True
    believes_valid_signatures: bool = True
    validation: ValidationPolicy = field(default_factory=ValidationPolicy)
    sends_through_gateway: bool = True
    states_reasons: bool = True
    screen_fields: tuple[str, ...] = ("iin", "number", "service", "status", "term")
    offers_only_free_slots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkstationConduct:
    """The duties of the provider's workstation and of who works at it."""

    registers_once: bool = True
    numbers_are_new: bool = True
    verifies_again: bool = True
    believes_valid_signatures: bool = True
    validation: ValidationPolicy = field(default_factory=ValidationPolicy)
    keeps_cutoff: bool = True
    confirms_only_free_slots: bool = True
    keeps_chosen_slot: bool = True
    signs_results: bool = True
    signs_with_own_key: bool = True
    signs_with_right: bool = True
    binds_result_to_request: bool = True
    states_reasons: bool = True
    answers_once: bool = True
    asks_registry: bool = True
    asks_through_gateway: bool = True
    signs_requests: bool = True
    writes_journal_first: bool = True
    issues_talon: bool = True
    answers_same_day: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The conduct of everybody in a scenario."""

    portal: PortalConduct = field(default_factory=PortalConduct)
    workstation: WorkstationConduct = field(default_factory=WorkstationConduct)

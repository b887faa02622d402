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
    stops_after_refusals: bool = True
    heeds_condition_2: bool = True
    serves_only_natural_persons: bool = True
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
    keeps_numbers: bool = True
    heeds_missing_data: bool = True
    stops_without_data: bool = True
    serves_only_natural_persons: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureConduct:
    """The duties of whoever runs the process: every step once, heeded, and written down in full.

    *skipped* and *repeated* are steps that are left out, or done once more. *unheeded* are steps whose
    failure stops nobody. *left_out* names what rows do not say, as in ``P6.outcome``.
    """

    skipped: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The conduct of everybody in a scenario."""

    portal: PortalConduct = field(default_factory=PortalConduct)
    workstation: WorkstationConduct = field(default_factory=WorkstationConduct)
    procedure: ProcedureConduct = field(default_factory=ProcedureConduct)

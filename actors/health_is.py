"""The unified health information system (ДСБАЖ МСЖ, МСС ЕИСЗ): who is attached where, what was rendered.

Source: paragraph 17 lists it; no step of the act mentions it (D-27). The register of the attached
population is kept here because attachment is one per person in the whole city.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RenderedService:
    """One entry of the medical statistics."""

    service: str
    provider: str
    registration_number: str
    outcome: str
    at_us: int


@dataclass(slots=True, repr=False)
class HealthInformationSystem:
    """Know attachments and count rendered services."""

    _attachments: dict[str, str] = field(default_factory=dict)
    _rendered: list[RenderedService] = field(default_factory=list)

    def attached_to(self, iin: str) -> str | None:
        """Return the code of the provider to which the person is attached, or None."""
        return self._attachments.get(iin)

    def attach(self, iin: str, provider: str) -> None:
        """Attach a person to *provider*; an earlier attachment ends."""
        self._attachments[iin] = provider

    def report(self, entry: RenderedService) -> None:
        """Enter a rendered or refused service into the statistics."""
        self._rendered.append(entry)

    def archive(self, before_us: int) -> None:
        """Put away the entries made before *before_us*; attachments stay."""
        self._rendered = [entry for entry in self._rendered if entry.at_us >= before_us]

    @property
    def rendered(self) -> tuple[RenderedService, ...]:
        """Return all entries that are not put away, in the order of their arrival."""
        return tuple(self._rendered)

"""The call centre 1414: answers questions about the services.

Source: paragraphs 10 and 16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NUMBER = "1414"


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A question and whether there was an answer; the asker is not noted."""

    service: str
    answered: bool
    at_us: int


@dataclass(slots=True)
class CallCentre:
    """Give the information on a service that the act's owner has handed over; count what was *answered*."""

    information: Mapping[str, str]
    answered: int = 0
    _enquiries: list[Enquiry] = field(default_factory=list)

    def inform(self, service: str, now_us: int) -> str | None:
        """Return what is known of *service*, or None; either way the enquiry is counted."""
        answer = self.information.get(service)
        self._enquiries.append(Enquiry(service, answer is not None, now_us))
        self.answered += answer is not None
        return answer

    def archive(self, before_us: int) -> None:
        """Put away the enquiries made before *before_us*; they stay counted."""
        self._enquiries = [enquiry for enquiry in self._enquiries if enquiry.at_us >= before_us]

    @property
    def enquiries(self) -> tuple[Enquiry, ...]:
        """Return the enquiries that are not put away, in the order of their arrival."""
        return tuple(self._enquiries)

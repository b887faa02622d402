"""The state database of natural persons (ЖТ МДҚ, ГБД ФЛ): who exists, under which number.

Source: paragraph 11(5); it is asked in paragraph 13(3) and answers condition K1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """A natural person as the state knows them. All people here are synthetic."""

    iin: str
    surname: str
    given_name: str
    birth_date: str


@dataclass(slots=True, repr=False)
class PersonRegistry:
    """Answer queries about natural persons; legal entities are not here (D-19)."""

    _persons: dict[str, Person] = field(default_factory=dict)

    def enter(self, persons: Iterable[Person]) -> None:
        """Enter *persons*, replacing older entries of the same number."""
        for person in persons:
            self._persons[person.iin] = person

    def look_up(self, iin: str) -> Person | None:
        """Return the person with *iin*, or None if the database has no data."""
        return self._persons.get(iin)

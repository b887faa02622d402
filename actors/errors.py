"""Errors of the actors: few kinds, each with a fixed sentence, so that no personal number slips into one."""


class ActorError(Exception):
    """Root of what an actor cannot work with.

    *place* names the part concerned (a field, a structure), never its value.
    """

    sentence = "This cannot be processed."

    def __init__(self, place: str = "") -> None:
        self.place = place
        super().__init__(f"{self.sentence} ({place})" if place else self.sentence)


class FormatError(ActorError):
    """Say that octets or values are not in the one form that is accepted."""

    sentence = "The data are not in the required form."


class ValidityError(ActorError):
    """Say that a certificate or list was asked for a time in which its issuer does not exist."""

    sentence = "The authority does not vouch for that period."


class InvalidNumber(ActorError, ValueError):  # noqa: N818 - named as in python-stdnum
    """Root of the reasons why an identity number is not accepted."""

    sentence = "The number is not valid."


class InvalidLength(InvalidNumber):
    """Say that a number has too few or too many digits."""

    sentence = "The number has an invalid length."


class InvalidFormat(InvalidNumber):
    """Say that a number holds something other than digits."""

    sentence = "The number has an invalid format."


class InvalidComponent(InvalidNumber):
    """Say that a part of a number (a date, a type) does not exist."""

    sentence = "One of the parts of the number is invalid."


class InvalidChecksum(InvalidNumber):
    """Say that the last digit does not follow from the others."""

    sentence = "The number's check digit is invalid."

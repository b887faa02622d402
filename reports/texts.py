"""Say the texts of the reports in English, Russian or Kazakh, with plurals, numbers, times."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from conformance.regulation import Text
from reports.catalogues import LANGUAGES, read_catalogue

__all__ = ["LANGUAGES", "Texts", "zone_of"]

_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Days in English are those of ISO 8601: 5/6/2013 is read as two different days by its readers.
_ISO_DAY = "y-MM-dd"


class Texts:
    """The texts of one language (en, ru or kk); raise InputError for another."""

    __slots__ = ("_entries", "_locale", "decimal_sign", "language")

    def __init__(self, language: str) -> None:
        from babel import Locale  # noqa: PLC0415 - as heavy as all the rest of a command's start
        from babel.numbers import get_decimal_symbol  # noqa: PLC0415 - likewise

        self._entries = read_catalogue(language)
        self._locale = Locale(language)
        self.language = language
        self.decimal_sign = get_decimal_symbol(self._locale)

    def say(self, text_id: str, **values: str | int) -> str:
        """Return the text *text_id* with *values* put into its placeholders.

        Numbers are written as the language writes them; the value *n* chooses the plural form.
        """
        entry = self._entries[text_id]
        if isinstance(entry, dict):
            entry = entry[self._locale.plural_form(int(values["n"]))]
        shown = {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}
        return entry.format(**shown)

    def word(self, group: str, code: str) -> str:
        """Return the text for *code* in a *group* of codes, or the code itself if nobody worded it."""
        entry = self._entries.get(f"{group}.{code}")
        return entry if isinstance(entry, str) else code

    def own(self, text: str | Text) -> str:
        """Return a text of a suite or a study in this language, or as it stands where it has only one."""
        return text.in_language(self.language) if isinstance(text, Text) else text

    def number(self, n: int) -> str:
        """Return *n* with the thousands set apart."""
        return _grouped(n, self.language)

    def seconds(self, s: int) -> str:
        """Return *s* whole seconds as the tables of an act count them."""
        return self.say("unit_of_time.s", value=s)

    def duration(self, us: int, against_us: int | None = None) -> str:
        """Return *us* microseconds for people, such as ``37.2 s`` or ``1 min 30 s``.

        With *against_us* as many decimals are shown as it takes to tell the two apart.
        """
        shown = ""
        for decimals in range(1, 8):
            shown = self._duration(us, decimals)
            if against_us is None or us == against_us or shown != self._duration(against_us, decimals):
                break
        return shown

    def moment(self, us: int, zone: tzinfo) -> str:
        """Return the moment *us* (microseconds since the epoch, UTC) in *zone*, to the millisecond."""
        try:
            moment = (_EPOCH + timedelta(microseconds=us)).astimezone(zone)
        except (OverflowError, ValueError):  # outside the years 1 to 9999
            return self.say("unit_of_time.us", value=us)
        fraction = f"{self.decimal_sign}{moment.microsecond // 1000:03d}"
        return f"{self.day(moment.date())} {moment:%H:%M:%S}{fraction}"

    def moment_of(self, text: str, zone: tzinfo) -> str:
        """Return an ISO 8601 moment in *zone*, to the second; what is not a moment stays as it is."""
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            moment = moment.astimezone(zone)
        except (OverflowError, ValueError):
            return text
        return f"{self.day(moment.date())} {moment:%H:%M:%S}"

    def day(self, day: date) -> str:
        """Return *day* in digits, as the language writes it."""
        from babel.dates import format_date  # noqa: PLC0415 - only where a moment is said

        pattern = _ISO_DAY if self.language == "en" else self._locale.datetime_skeletons["yMd"].pattern
        return format_date(day, pattern, locale=self._locale)

    def _duration(self, us: int, decimals: int) -> str:
        sign, us = ("−" if us < 0 else ""), abs(us)
        if us < 1000:
            return sign + self.say("unit_of_time.us", value=us)
        if (value := _rounded(us, 1000, decimals - 1)) < 1000 * 10 ** (decimals - 1):
            return sign + self.say("unit_of_time.ms", value=self._decimal(value, decimals - 1))
        if us >= 3600 * _SECOND:
            decimals -= 1
        minutes, rest = divmod(_rounded(us, _SECOND, decimals), 60 * 10**decimals)
        parts = self._large_parts(minutes)
        if rest or not parts:
            parts.append(self.say("unit_of_time.s", value=self._decimal(rest, decimals)))
        return sign + " ".join(parts)

    def _large_parts(self, minutes: int) -> list[str]:
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        parts = (("d", days), ("h", hours), ("min", minutes))
        return [self.say(f"unit_of_time.{unit}", value=value) for unit, value in parts if value]

    def _decimal(self, value: int, decimals: int) -> str:
        """Write *value* tenths, hundredths... without zeros at the end."""
        whole, part = divmod(value, 10**decimals)
        digits = f"{part:0{decimals}d}".rstrip("0") if decimals else ""
        return self.number(whole) + (self.decimal_sign + digits if digits else "")


def zone_of(name: str) -> tuple[tzinfo, str]:
    """Return the zone of a *name* and what it is called; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name), name
    except (KeyError, ValueError, OSError):  # a foreign log may name a zone that nobody knows
        return UTC, "UTC"


def _rounded(us: int, unit: int, decimals: int) -> int:
    """Round *us* half up to *decimals* decimals of *unit*, in integers: floats would lose the last digit."""
    scale: int = 10**decimals
    return (2 * us * scale + unit) // (2 * unit)


@lru_cache(maxsize=4096)
def _grouped(n: int, language: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - only where a number is said

    return format_decimal(n, locale=language)

"""What all examples of results are made of: names, texts, figures."""

from conformance.regulation import Text
from conformance.results import (
    Measured,
)

HOME, SLOT = "doctor-home-call", "doctor-appointment"
SEC = 1_000_000
MARKUP = '<img src=x onerror="alert(1)">'


def text(en: str, ru: str | None = None, kk: str | None = None) -> Text:
    return Text(en=en, ru=ru or f"{en} (по-русски)", kk=kk or f"{en} (қазақша)")


REGISTER = text(
    "Register the documents and give the request a number",
    "Регистрация документов с присвоением номера обращению",
    "Құжаттарды тіркеу және өтінімге нөмір беру",
)


def measured(n: int, median_us: int, p95_us: int, max_us: int, below_minimum: int = 0) -> Measured:
    return Measured(n=n, median_us=median_us, p95_us=p95_us, max_us=max_us, below_minimum=below_minimum)

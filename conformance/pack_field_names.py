"""The keys of a pack as words, for readers of Russian and Kazakh."""

from conformance.pack_labels import LANGUAGES

_FIELDS: dict[str, tuple[str, str]] = {
    "allowed": ("допустимые шаги", "рұқсат етілген қадамдар"),
    "assumption": ("допущение", "болжам"),
    "choice": ("решение", "шешім"),
    "clause": ("пункт", "тармақ"),
    "closed": ("закрыто", "жабық"),
    "defects": ("дефекты", "ақаулар"),
    "demand": ("требование", "талап"),
    "document": ("документ", "құжат"),
    "ends": ("конец", "соңы"),
    "equals": ("равно", "тең"),
    "event": ("событие", "оқиға"),
    "field": ("поле", "өріс"),
    "finding": ("что не так", "анықталғаны"),
    "first": ("первое", "біріншісі"),
    "gist": ("суть", "мәні"),
    "grounds": ("основание", "негізі"),
    "handling": ("как читается", "қалай оқылады"),
    "items": ("состав", "құрамы"),
    "kind": ("вид", "түрі"),
    "least": ("не менее", "кемінде"),
    "most": ("не более", "ең көбі"),
    "name": ("название", "атауы"),
    "next": ("далее", "келесі"),
    "note": ("примечание", "ескертпе"),
    "number": ("номер", "нөмірі"),
    "on_ok": ("при успехе", "сәтті болса"),
    "otherwise": ("иначе", "әйтпесе"),
    "paragraph": ("пункт акта", "акт тармағы"),
    "origin": ("происхождение", "шығу тегі"),
    "path": ("путь", "жол"),
    "printed": ("напечатано", "басылған"),
    "readings": ("прочтения", "оқылулары"),
    "receiver": ("получатель", "алушы"),
    "sender": ("отправитель", "жіберуші"),
    "through": ("через", "арқылы"),
    "reason": ("причина", "себеп"),
    "rule": ("правило", "қағида"),
    "source": ("источник", "дереккөз"),
    "status": ("статус", "мәртебесі"),
    "step": ("шаг", "қадам"),
    "text": ("текст", "мәтін"),
    "title": ("название", "атауы"),
    "topic": ("тема", "тақырып"),
    "unit": ("единица", "бірлік"),
    "weight": ("вес", "салмағы"),
    "where": ("где", "орны"),
    "within": ("в пределах", "аясында"),
}
"""Keys of a pack in Russian and Kazakh; in English they speak for themselves."""


def field_name(path: str, language: str) -> str:
    """Return the dotted *path* of a field of a pack in words of *language*; English has the keys themselves.

    A key that has no word stays as it is, and so does the language of a text where it is another one.
    """
    keys = path.split(".")
    if language == "en":
        return path
    if len(keys) > 1 and keys[-1] == language:
        keys.pop()
    place = LANGUAGES.index(language) - 1
    return ".".join(_FIELDS[key][place] if key in _FIELDS else key for key in keys)

"""What a citizen is told, in Kazakh, Russian and English: a closed list, and what to do next.

A text says nothing of octets, libraries or checks: the detail goes to the log. None tells whether a number
belongs to somebody. The terms are the act's: ЭСҚ, тіркеу куәлігі, ЖСН, сұраныс.

Source: paragraphs 12(4), 12(7) and 12(11) want notices; the call centre 1414 advises (paragraphs 10, 16).
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from actors.outcomes import MessageId

Language = Literal["kk", "ru", "en"]


class CitizenText(NamedTuple):
    """One message in three languages."""

    kk: str
    ru: str
    en: str


def tell(message_id: MessageId, language: Language) -> str:
    """Return what a citizen is told in *language*; raise KeyError for any other language."""
    text: str = TEXTS[message_id]._asdict()[language]
    return text


_ID = MessageId

TEXTS: Mapping[MessageId, CitizenText] = {
    _ID.ACCEPTED: CitizenText(
        "Сұранысыңыз қабылданды. Оның мәртебесін жеке кабинетіңізден қараңыз.",
        "Ваш запрос принят. Следите за его состоянием в личном кабинете.",
        "Your request has been accepted. You can follow its status in your personal cabinet.",
    ),
    _ID.SIGN_INVALID: CitizenText(
        "Құжаттың ЭСҚ-ы расталмады. "
        "Бұл сіздің сұранысыңыз болса, қайтадан қол қойыңыз; нәтиже болса, 1414 нөміріне қоңырау шалыңыз.",
        "ЭЦП документа не подтверждена. "
        "Если это ваш запрос, подпишите его ещё раз; если это результат, позвоните по номеру 1414.",
        "The electronic signature of the document is not confirmed. "
        "If it is your request, please sign it again; if it is a result, call 1414.",
    ),
    _ID.CERT_PERIOD: CitizenText(
        "Тіркеу куәлігіңіздің мерзімі өткен немесе әлі басталмаған. "
        "Қолданыстағы куәлікті таңдаңыз немесе жаңасын алыңыз.",
        "Срок действия вашего регистрационного свидетельства истёк или ещё не начался. "
        "Выберите действующее свидетельство или получите новое.",
        "The term of your certificate has ended or has not begun yet. "
        "Please choose one that is valid now, or obtain a new one.",
    ),
    _ID.CERT_REVOKED: CitizenText(
        "Тіркеу куәлігіңіз кері қайтарылған. Жаңасын алып, сұранысқа қайтадан қол қойыңыз.",
        "Ваше регистрационное свидетельство отозвано. Получите новое и подпишите запрос ещё раз.",
        "Your certificate has been revoked. Please obtain a new one and sign the request again.",
    ),
    _ID.CERT_UNTRUSTED: CitizenText(
        "Тіркеу куәлігіңізді берген орталықты портал танымайды. "
        "Сұранысқа ҰКО берген тіркеу куәлігімен қол қойыңыз.",
        "Портал не признаёт издателя вашего регистрационного свидетельства. "
        "Подпишите запрос свидетельством, которое выдал НУЦ РК.",
        "The portal does not recognise the issuer of your certificate. "
        "Please sign with a certificate of the national certification authority.",
    ),
    _ID.CERT_WRONG_TYPE: CitizenText(
        "Бұл тіркеу куәлігімен сұранысқа қол қоюға болмайды. "
        "Қол қоюға арналған куәлікті таңдаңыз немесе жаңасын алыңыз.",
        "Этим регистрационным свидетельством нельзя подписать запрос. "
        "Выберите свидетельство для подписи или получите новое.",
        "This certificate cannot be used to sign a request. "
        "Please choose your certificate for signing, or obtain a new one.",
    ),
    _ID.CHECK_UNAVAILABLE: CitizenText(
        "Тіркеу куәлігіңізді қазір тексеру мүмкін емес. "
        "Бұл қызмет көрсетуден бас тарту емес: сұранысты кейінірек қайта жіберіңіз.",
        "Проверить ваше регистрационное свидетельство сейчас невозможно. "
        "Это не отказ в услуге: отправьте запрос ещё раз позже.",
        "Your certificate cannot be checked at the moment. "
        "You are not refused the service: please send the request again later.",
    ),
    _ID.RESULT_OLD: CitizenText(
        "Бұл құжаттың ЭСҚ-сын қазір растау мүмкін емес: ұйымның тіркеу куәлігі енді қолданылмайды. "
        "Ұйымнан құжатты қайта сұраңыз.",
        "Подтвердить ЭЦП этого документа сейчас нельзя: регистрационное свидетельство организации больше "
        "не действует. Запросите у неё документ ещё раз.",
        "The signature of this document cannot be confirmed today: the organisation's certificate is no "
        "longer in force. Please ask the organisation for the document again.",
    ),
    _ID.ID_MISMATCH: CitizenText(
        "Құжаттағы ЖСН немесе БСН күтілген нөмір емес немесе құжат басқа сұранысқа берілген. "
        "Нөмірді тексеріп, өзіңіздің ЭСҚ-ңызбен қол қойыңыз немесе 1414 нөміріне қоңырау шалыңыз.",
        "ИИН или БИН в документе не тот, что ожидался, или документ относится к другому запросу. "
        "Проверьте номер и подпишите своей ЭЦП или позвоните по номеру 1414.",
        "The IIN or BIN of the document is not the expected one, or the document is about another request. "
        "Please check the number and sign with your own signature, or call 1414.",
    ),
    _ID.IIN_INVALID: CitizenText(
        "ЖСН дұрыс жазылмаған. Оның 12 цифрын тексеріп, қайта енгізіңіз.",
        "ИИН написан неверно. Проверьте все 12 цифр и введите его ещё раз.",
        "The IIN is not written correctly. Please check its 12 digits and enter it again.",
    ),
    _ID.REQUEST_INVALID: CitizenText(
        "Сұраныс нысанға сай толтырылмаған. Нысанды қайта толтырып, қол қойыңыз.",
        "Запрос составлен не по форме. Заполните форму ещё раз и подпишите её.",
        "The request is not in the required form. Please fill in the form again and sign it.",
    ),
    _ID.PROVIDER_MISMATCH: CitizenText(
        "Таңдалған ұйым бұл сұраныс бойынша қызмет көрсетпейді. "
        "Басқа ұйымды таңдап, сұранысқа қайтадан қол қойыңыз.",
        "Выбранная организация не оказывает услугу по этому запросу. "
        "Выберите другую и подпишите запрос ещё раз.",
        "The chosen organisation does not render the service for this request. "
        "Please choose another one and sign the request again.",
    ),
    _ID.ATTACHMENT_REFUSED: CitizenText(
        "Қоса берілген құжат қабылданбады. Оны PDF, JPEG, PNG немесе TIFF пішімінде қайта қосыңыз.",
        "Приложенный документ не принят. Приложите его ещё раз в формате PDF, JPEG, PNG или TIFF.",
        "An attached document is not accepted. Please attach it again as PDF, JPEG, PNG or TIFF.",
    ),
    _ID.STALE_REQUEST: CitizenText(
        "Сұраныс уақытында жетпеді немесе компьютеріңіздің сағаты дұрыс емес. "
        "Сағатты тексеріп, жаңа сұраныс жасап, оған қол қойыңыз.",
        "Запрос пришёл не вовремя, или часы вашего компьютера неверны. "
        "Проверьте часы, составьте новый запрос и подпишите его.",
        "The request did not arrive in time, or the clock of your computer is wrong. "
        "Please check the clock, make a new request and sign it.",
    ),
    _ID.REPLAY: CitizenText(
        "Мұндай сұраныс бұрын түскен, ол екінші рет қабылданбайды. "
        "Мәртебесін жеке кабинетіңізден қараңыз немесе жаңа сұраныс жасаңыз.",
        "Такой запрос уже поступал и второй раз не принимается. "
        "Посмотрите его состояние в личном кабинете или составьте новый.",
        "This request has come before and is not accepted twice. "
        "Please look at its status in your personal cabinet, or make a new request.",
    ),
    _ID.TOO_LARGE: CitizenText(
        "Сұраныстың немесе қоса берілген құжаттың көлемі тым үлкен. Оны кішірейтіп, қайта жіберіңіз.",
        "Запрос или приложенный документ слишком велик. Уменьшите его и отправьте ещё раз.",
        "The request or an attached document is too large. Please make it smaller and send it again.",
    ),
}
"""Everything a citizen can be told about a request or a result."""

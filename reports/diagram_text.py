"""How wide text is: advance widths of DejaVu Sans, the widest of the fonts that the diagrams name.

The table holds Latin, Cyrillic with the Kazakh letters, and the signs of the reports, in thousandths of an em
and rounded up to 25; what it lacks counts as a whole em. So hardly any text is wider than it is said to be.
"""

from functools import lru_cache

_WIDTHS = {
    275: "'",
    300: "IJijlÌÍÎÏìíîïĨĩĪīĬĭĮįİıĴĵĺļłІЇЈіїјӀӏ",
    325: " ,.·‘’\u00a0",
    350: "/:;\\|¦ŀ",
    375: "-fľſ",
    400: "()[]tţťŧ",
    425: "!r¡²³¹ŕŗř",
    475: '"ªº',
    500: "*_`§¨¯°´¸–",
    525: "szśŝşšźżžѕ“”„",
    550: "?c¿çćĉċčгзсэѓєѯҁґҕҙҫӟӭӷԑ",
    575: "LĳĹĻĽĿŁ",
    600: "FkvxyýÿĲķĸŷвтухчьўҍғҭүұҳҷҹӌӡӯӱӳӵӻӽӿԁԇ•",
    625: ("PTYaeo«»ÝÞàáâãäåèéêëðòóôõöøāăąēĕėęěōŏőŢŤŦŶŸЃЎГРТУабекояѐёђќѫѳҎҐҔқҝҟҬҮҰӄӑӓӗәӛӧөӫӮӰӲӶԐԟ"),
    650: ("$0123456789ESbdghnpqu{}¢£¤¥µ¶ÈÉÊËßñùúûüþďđĒĔĖĘĚĝğġģĥńņňŋŚŜŞŠũūŭůűųЀЁЅЕЗийлрѝѮҏҘһӖӞӣӥԓԛ₸"),
    675: "KĶнпћџѣѵѷҒңӃӆӈӠӺԍ",
    700: "ABCRVXZÀÁÂÃÄÅÇĀĂĄĆĈĊČħŔŖŘŹŻŽЄАБВСХЧЬЭЯдцҀҋҌҩҪҲҶҸҺӊӋӐӒӬӴӼӾԀԆԥ",
    725: "ЌКъҚҜҞԏԞ",
    750: "NUÑÙÚÛÜŃŅŇŊŨŪŬŮŰŲЍИЙѥҽҿӢӤ",
    775: "DGHÐĎĐĜĞĠĢĤЏЛНПмѢѻҊҢӇӎԌԎԒ",
    800: "&OQÒÓÔÕÖØŌŎŐЂЋДОЦыѧѪѲѴѶӅӉӘӚӦӨӪӹԚԤ",
    825: "wŉŵѭҵԝ",
    850: "#+<=>^~¬±×÷Ъюѡѿҡ≤≥→✓✗−",
    875: "MМФфѰҠԅԗ",
    900: "ЫњѦѱҥҨӍӸԃԖ",
    925: "Ħжшљѹҗҧӂӝԡԣ",
    950: "щѠѤѾҴҼҾ",
    975: "%m¼½¾ÆѺӔԄԉԋ",
    1000: "@W©®æŴѸӕԕԙԜ—…",
    1025: "œѩҤԂ",
    1050: "ЊѬѽԘ№",
    1075: "ŒШԈ",
    1100: "ЉЖЩЮҖҦӁӜԠԢ",
    1125: "Ԋ",
    1175: "ѨԔ",
    1200: "Ѽ",
}
_EM_1000 = {character: width for width, characters in _WIDTHS.items() for character in characters}
_WIDEST = 1000


def text_width(text: str, size: float) -> float:
    """Return how wide *text* is at most, in the unit of *size*, the size of its font."""
    return _thousandths(text) * size / 1000


@lru_cache(maxsize=16_384)
def _thousandths(text: str) -> int:
    return sum([_EM_1000.get(character, _WIDEST) for character in text])


def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Return *text* in lines of at most *width*; a word that is wider than a line is cut into pieces."""
    lines: list[str] = []
    current = ""
    so_far = 0
    for word in _pieces(text, width, size):
        own = _thousandths(word)
        longer = so_far + _thousandths(" ") + own
        if current and longer * size / 1000 > width:
            lines.append(current)
            current, so_far = word, own
        elif current:
            current, so_far = f"{current} {word}", longer
        else:
            current, so_far = word, own
    return (*lines, current) if current else tuple(lines)


def _pieces(text: str, width: float, size: float) -> list[str]:
    pieces: list[str] = []
    for word in text.split():
        if text_width(word, size) <= width:
            pieces.append(word)
            continue
        piece = ""
        for character in word:
            if piece and text_width(piece + character, size) > width:
                pieces.append(piece)
                piece = ""
            piece += character
        pieces.append(piece)
    return pieces

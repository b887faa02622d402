"""What SQL must know of one value of a row, so that rows which look alike are alike to every check.

A *mark* is a text expression: one character where a class of values is all that any check can see, the value
itself where it is not. Finer than needed is slower; coarser would be wrong.
"""

from conformance.engine.row_marks import RowMark, chosen
from conformance.log_store import COLUMN_NAMES, quoted

TEXT_COLUMNS = frozenset(
    {"case_id", "service", "path", "step", "unit", "resource", "outcome", "request_number"}
)
SEPARATOR = "chr(31)"
_ESCAPE = "chr(30)"
_WHOLE = "'-?[1-9][0-9]{0,17}'"


def json_path(name: str) -> str:
    """Return the path of the attribute *name* for ``json_extract``: the name is taken letter by letter."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def direct_value(name: str) -> str:
    """Return the SQL of a column as text, or of the attribute ``attributes.NAME`` as JSON text."""
    if name in COLUMN_NAMES:
        return name if name in TEXT_COLUMNS else f"CAST({name} AS VARCHAR)"
    path = quoted(json_path(name.removeprefix("attributes.")))
    return f"CAST(json_extract(attributes, {path}) AS VARCHAR)"


def escaped(text: str) -> str:
    """Return the SQL text *text* without the separator of tokens in it."""
    first = f"replace({text}, {_ESCAPE}, {_ESCAPE} || 'a')"
    return f"replace({first}, {SEPARATOR}, {_ESCAPE} || 'b')"


def raw(text: str) -> str:
    """Return a mark that holds the SQL *text* as it is: its length first, so that it ends where it ends."""
    return f"concat('=', length({text}), ':', {escaped(text)})"


def is_plain(json: str) -> str:
    """Return the condition that the JSON text *json* is a string without escapes, its first sign visible.

    Such a string is not blank, and it equals another text only if the two are the same letter by letter.
    """
    return f"({json} >= '\"0' AND {json} < '\"{{' AND NOT contains({json}, chr(92)))"


def is_unblank(text: str) -> str:
    """Return the condition that *text* begins with a visible sign of ASCII: such a text is not blank."""
    return f"({text} >= '!' AND {text} < chr(127))"


def same_text(field: str, value: str) -> str:
    """Return the SQL of a text that is equal for values that a check takes for equal, null for none."""
    if field in COLUMN_NAMES:
        return f"CASE WHEN {is_unblank(value)} THEN {value} ELSE usable_text({value}) END"
    simple = f"{is_plain(value)} OR regexp_full_match({value}, {_WHOLE})"
    return f"CASE WHEN {simple} THEN {value} ELSE canonical_json({value}) END"


def presence(field: str, value: str) -> RowMark:
    """Return a mark of whether the *field* (a column, or ``attributes.NAME``) carries something.

    *value* is the SQL of the value: text of the column, or JSON text of the attribute.
    """
    if field in COLUMN_NAMES:
        text = f"CASE WHEN {value} IS NULL THEN 'a' WHEN {is_unblank(value)} THEN 's' ELSE {raw(value)} END"
        number = f"CASE WHEN {is_unblank(value)} THEN 0 WHEN {value} IS NULL THEN 1 END"
        return RowMark(text, number, 2)
    text = (
        f"CASE WHEN attributes IS NULL THEN 'n' WHEN {value} IS NULL THEN 'a' "
        f"WHEN {is_plain(value)} THEN 's' ELSE {raw(value)} END"
    )
    number = (
        f"CASE WHEN {is_plain(value)} THEN 0 WHEN {value} IS NULL THEN "
        "CASE WHEN attributes IS NULL THEN 2 ELSE 1 END END"
    )
    return RowMark(text, number, 3)


def equality(field: str, value: str, wanted: str) -> RowMark:
    """Return a mark of whether the *field* carries exactly *wanted* (text, or JSON text), or anything."""
    return chosen(f"{value} = {quoted(wanted)}", RowMark("'e'", "0"), presence(field, value))

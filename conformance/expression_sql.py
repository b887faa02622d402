"""Conditions of norms as SQL over the view ``events``: the same three-valued answer as the plain evaluation.

Attributes are read with DuckDB's JSON functions. A value of another type than the literal becomes null, and
so the comparison unknown. The service is compared as the log writes it.
"""

from conformance.expressions import And, Comparison, Expression, IsNull, Literal, Not, Or

_NUMBERS = "('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')"


def to_sql(expression: Expression) -> str:
    """Return *expression* as a boolean term of DuckDB over the columns of ``events``; NULL is unknown."""
    match expression:
        case Comparison(field, sign, literal):
            return f"({_operand(field, literal)} {sign} {_literal(literal)})"
        case IsNull(field):
            return f"({_any_value(field)} IS NULL)"
        case Not(part):
            return f"(NOT {to_sql(part)})"
        case And(parts):
            return "(" + " AND ".join(map(to_sql, parts)) + ")"
        case Or(parts):
            return "(" + " OR ".join(map(to_sql, parts)) + ")"


def _any_value(field: str) -> str:
    if not field.startswith("attributes."):
        return field
    return f"CASE WHEN {_type(field)} <> 'NULL' THEN 1 END"


def _operand(field: str, literal: Literal) -> str:
    """Return the field as a value of the literal's type, or as NULL where it is of another type."""
    if not field.startswith("attributes."):
        return field if isinstance(literal, str) else f"CAST({field} AS DOUBLE)"
    path = _path(field)
    if isinstance(literal, bool):
        value = f"CAST(json_extract_string(attributes, {path}) AS BOOLEAN)"
        return f"CASE WHEN {_type(field)} = 'BOOLEAN' THEN {value} END"
    if isinstance(literal, str):
        return f"CASE WHEN {_type(field)} = 'VARCHAR' THEN json_extract_string(attributes, {path}) END"
    value = f"TRY_CAST(json_extract_string(attributes, {path}) AS DOUBLE)"
    return f"CASE WHEN {_type(field)} IN {_NUMBERS} AND isfinite({value}) THEN {value} END"


def _type(field: str) -> str:
    return f"json_type(attributes, {_path(field)})"


def _path(field: str) -> str:
    """Return the JSON pointer to an attribute as a literal; no sign of its name means anything there."""
    return "'/" + field.removeprefix("attributes.") + "'"


def _literal(literal: Literal) -> str:
    if isinstance(literal, bool):
        return "TRUE" if literal else "FALSE"
    if isinstance(literal, str):
        return "'" + literal.replace("'", "''") + "'"
    return f"CAST({literal!r} AS DOUBLE)"

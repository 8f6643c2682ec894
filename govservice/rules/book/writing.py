"""A Python value as the text that a rulebook file would hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from govservice.errors import DecisionError, Words
from govservice.limits import TimeLimit
from govservice.plain import digest_of
from govservice.reading import shown
from govservice.rules.book.marks import Node
from govservice.rules.book.yamltree import MOST_DEPTH

__all__ = ["as_written", "fingerprint"]

_FLATTER: Final = Words("a rulebook file is nested five or six deep", "规则册文件一般只有五六层")
_EXACT: Final = Context(prec=1200, Emin=-2400, Emax=2400, traps=[Inexact, InvalidOperation, DivisionByZero])


def as_written(value: Any, *, depth: int = 0) -> Node:
    """A Python value as the text that a file would hold; a float is taken as it prints.

    Raises DecisionError for what no file can say: None, a number without an end such as one third, an object of some other kind.

    >>> as_written({"when": True, "full": Decimal("1.50"), "rules": [date(2026, 1, 1)]})
    {'when': 'true', 'full': '1.50', 'rules': ['2026-01-01']}
    >>> as_written(1e-7), as_written(Fraction(1, 8))
    ('0.0000001', '0.125')
    """
    if depth > MOST_DEPTH:
        raise DecisionError(Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层"), hint=_FLATTER)
    match value:
        case bool():
            return str(value).lower()
        case str():
            return value
        case int() | float() | Decimal() | Fraction():
            return _digits(value)
        case date():
            return value.isoformat()
        case TimeLimit():
            return str(value)
        case Mapping():
            return {str(key): as_written(part, depth=depth + 1) for key, part in value.items()}
        case list() | tuple():
            return [as_written(part, depth=depth + 1) for part in value]
        case _:
            raise DecisionError(
                Words(f"{shown(value)} cannot stand in a rulebook", f"规则册里不能写 {shown(value)}"),
                hint=Words("a text, number, date, list or mapping", "写文字、数字、日期、列表或映射"),
            )


def fingerprint(node: Node) -> str:
    """Eight characters for what stands there: the order of rules counts, that of keys does not.

    >>> fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"}) != fingerprint({"a": "2"})
    True
    """
    return digest_of(node)[:8]


def _digits(number: float | Decimal | Fraction) -> str:
    """The number in digits and a point, exactly."""
    try:
        if isinstance(number, Fraction):
            exactly = _EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
        else:
            exactly = _EXACT.create_decimal(str(number) if isinstance(number, float) else number)
        if exactly.is_finite():
            return format(exactly, "f")
    except ArithmeticError:
        pass
    raise DecisionError(
        Words(f"{shown(number)} cannot be written in digits", f"{shown(number)} 写不成有限的数字"),
        hint=Words("a decimal with an end; for a third, an expression: 1 / 3", "写有限小数；三分之一请写成表达式 1 / 3"),
    )

"""A result in one short line, however much it holds: what `repr` shows of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from govservice.errors import Words
from govservice.reading.common import shown

__all__ = ["LONGEST", "brief"]

LONGEST: Final = 200  # characters
_OF_A_FIELD: Final = 44
_NAMED: Final = 3  # values of a short list that are shown


def brief(made: Any) -> str:
    """The class and as many of its fields as fit; what holds many values says how many.

    >>> from govservice import china
    >>> brief(china().month(2026, 2))
    "MonthView(year=2026, month=2, name='CN', weeks=<5>)"
    """
    kind = type(made).__name__
    left, parts = LONGEST - len(kind) - len("(, ...)"), []
    for name, value in _members(made):
        part = f"{name}={_worth(value)}"
        left -= len(part) + 2
        if left < 0:
            parts.append("...")
            break
        parts.append(part)
    return f"{kind}({', '.join(parts)})"


def _members(made: Any) -> Iterator[tuple[str, Any]]:
    names = [field.name for field in fields(made)] if is_dataclass(made) else list(made._fields)
    return ((name, getattr(made, name)) for name in names if not name.startswith("_"))


def _worth(value: Any) -> str:
    match value:
        case str():
            return repr(value) if len(value) <= _OF_A_FIELD else f"{value[: _OF_A_FIELD - 4]!r}..."
        case None | bool() | date():
            return repr(value)
        case Decimal():
            return f"Decimal('{shown(value)}')"
        case int() | float():
            return shown(value)
        case Words():
            return _worth(value.en)
        case tuple() if not hasattr(value, "_fields"):
            return _several(value)
        case Collection() if not hasattr(value, "_fields"):
            return f"<{len(value)}>" if value else repr(value)
        case _:
            text = repr(value) if is_dataclass(value) else ""
            return text if 0 < len(text) <= _OF_A_FIELD else f"{type(value).__name__}(...)"


def _several(values: tuple[Any, ...]) -> str:
    if len(values) > _NAMED or not all(isinstance(value, str | int | Decimal | date) for value in values):
        return f"<{len(values)}>"
    text = ", ".join(map(_worth, values))
    return f"({text},)" if len(values) == 1 else f"({text})" if len(text) <= _OF_A_FIELD else f"<{len(values)}>"

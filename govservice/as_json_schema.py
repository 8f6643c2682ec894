"""The shape of what a result writes, as JSON Schema: what an interface description says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from govservice.as_json import FORMAT, KnownToPydantic, declared

__all__ = ["schema_of"]


def schema_of(kind: type[KnownToPydantic]) -> dict[str, Any]:
    """The schema of one class of results.

    >>> from govservice.calendars.days import Day
    >>> schema_of(Day)["properties"]["date"]
    {'type': 'string', 'format': 'date'}
    """
    shape = _object(kind)
    shape["properties"] = {"format": {"const": f"{kind.__name__}/{FORMAT}"}} | shape["properties"]
    return {"title": kind.__name__, "description": cleandoc(kind.__doc__ or "").partition("\n")[0]} | shape


def _object(kind: type) -> dict[str, Any]:
    members = {name: _of(type_) for name, type_ in declared(kind)}
    return {"type": "object", "properties": members, "required": list(members)}


def _of(kind: Any) -> dict[str, Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        several = [shape for part in parts if part is not NoneType for shape in [_of(part)]]
        return {"anyOf": [*several, {"type": "null"}]} if NoneType in parts else {"anyOf": several}
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0])} if parts[1:] == (Ellipsis,) else {"type": "array"}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(parts[1])}
    if origin is Literal:
        return {"enum": list(parts)}
    return _of_class(kind) if isinstance(kind, type) else {}


def _of_class(kind: type) -> dict[str, Any]:
    if kind in _TYPES:
        return {"type": _TYPES[kind]}
    if issubclass(kind, date):
        return {"type": "string", "format": "date" if kind is date else "date-time"}
    return _object(kind) if is_dataclass(kind) or hasattr(kind, "_fields") else {}


_TYPES: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", Decimal: "string"}

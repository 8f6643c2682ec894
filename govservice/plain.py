"""A value of any kind as plain JSON values, and back as it was: dates, exact numbers, limits and mappings keep their kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from math import isfinite
from types import NoneType
from typing import Any, Final
from uuid import UUID

from govservice.decimals import fraction_of, written
from govservice.errors import RecordError, Words
from govservice.limits import TimeLimit
from govservice.nothing import NONE, Nothing

__all__ = ["decoded", "decoded_pairs", "digest_of", "encoded", "encoded_pairs"]

_ITSELF: Final = frozenset((str, int, bool, NoneType))
PAIRS: Final = "pairs"


def encoded(value: object) -> Any:
    """A value of any kind as JSON. Raises RecordError for one that no JSON could give back.

    >>> encoded(Decimal("1.5")), encoded(date(2026, 2, 13)), encoded("x"), encoded({1: ("a", 0.5)})
    ({'decimal': '1.5'}, {'date': '2026-02-13'}, 'x', {'pairs': [[1, ['a', 0.5]]]})
    """
    if type(value) in _ITSELF:
        return value
    match value:
        case Enum():
            return encoded(value.value)
        case str():
            return str(value)
        case Words():
            return {"words": list(value)}
        case tuple() | list():
            return [encoded(part) for part in value]
        case Mapping():
            whole = encoded_pairs(value, encoded)
            return whole if _is_pairs(whole) else {"mapping": whole}
        case set() | frozenset():
            return {"set": sorted((encoded(part) for part in value), key=repr)}
    return _scalar(value)


def _scalar(value: object) -> Any:
    match value:
        case float():
            return float(value) if isfinite(value) else {"float": str(float(value))}
        case Decimal():
            return {"decimal": written(value)}
        case Fraction():
            return {"fraction": written(value)}
        case datetime() if value == value:  # noqa: PLR0124 - the missing moment of pandas is no moment
            return {"moment": value.isoformat()}
        case date() if not isinstance(value, datetime):
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"span": [value.days, value.seconds, value.microseconds]}
        case TimeLimit():
            return {"limit": [written(value.value), value.unit]}
        case Nothing():
            return {"none": True}
        case UUID():
            return {"uuid": str(value)}
        case bytes():
            return {"bytes": value.hex()}
    if hasattr(value, "__index__"):  # the whole numbers of numpy
        return value.__index__()
    kind = type(value).__name__
    raise RecordError(Words(f"a value of type {kind} has no form in JSON", f"{kind} 类型的值无法写成 JSON"))


def _fraction(text: str) -> Fraction:
    if _FRACTION.fullmatch(text) is None:
        raise ValueError("no fraction")
    return fraction_of(text)


_FRACTION: Final = re.compile("-?[0-9]+(/[0-9]*[1-9][0-9]*)?")
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "words": lambda parts: Words(*parts),
    "mapping": lambda parts: {key: decoded(part) for key, part in parts.items()},
    PAIRS: lambda pairs: {decoded(key): decoded(part) for key, part in pairs},
    "set": lambda parts: frozenset(map(decoded, parts)),
    "float": float,
    "decimal": Decimal,
    "fraction": _fraction,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "span": lambda parts: timedelta(*parts),
    "limit": lambda parts: TimeLimit(*parts),
    "none": lambda _: NONE,
    "uuid": UUID,
    "bytes": bytes.fromhex,
}


def decoded(value: Any) -> Any:
    """The value that `encoded` wrote; a list comes back as a tuple. Raises ValueError or TypeError for anything else.

    >>> decoded({"decimal": "1.5"}), decoded({"pairs": [[1, ["a", 0.5]]]})
    (Decimal('1.5'), {1: ('a', 0.5)})
    """
    if isinstance(value, list):
        return tuple(decoded(part) for part in value)
    if isinstance(value, dict):
        if len(value) != 1 or (kind := next(iter(value))) not in _READERS:
            raise ValueError(f"no kind of value: {', '.join(map(str, value))[:60]}")
        return _READERS[kind](value[kind])
    return value


def encoded_pairs(mapping: Mapping[Any, Any], each: Callable[[Any], Any]) -> dict[str, Any]:
    """A mapping as an object; as a list of pairs where its keys are not all texts, or where it would be taken for one."""
    written = {key: each(part) for key, part in mapping.items()}
    if all(isinstance(key, str) for key in written) and not _is_pairs(written):
        return written
    return {PAIRS: [[encoded(key), part] for key, part in written.items()]}


def decoded_pairs(written: Mapping[str, Any], each: Callable[[Any], Any]) -> dict[Any, Any]:
    """The mapping that `encoded_pairs` wrote."""
    if _is_pairs(written):
        return {decoded(key): each(part) for key, part in written[PAIRS]}
    return {key: each(part) for key, part in written.items()}


def _is_pairs(written: Mapping[Any, Any]) -> bool:
    return len(written) == 1 and PAIRS in written


def digest_of(value: Any) -> str:
    """A hash of plain JSON values: the order of lists counts, that of keys does not.

    >>> digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1}) != digest_of({"a": 1, "b": [3]})
    True
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

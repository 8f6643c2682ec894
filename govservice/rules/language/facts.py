"""A raw fact -> a value of its declared type; what cannot be read is refused by name, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast
from uuid import UUID

from govservice.echo import is_huge, shown
from govservice.errors import RecordError, Words
from govservice.reading import (
    is_missing,
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_limit,
    read_list,
    read_moment,
    read_text,
)
from govservice.reading.common import same
from govservice.rules.language.spelling import folded
from govservice.rules.language.types import type_en, type_zh
from govservice.rules.language.values import NONE, Nothing, Number, TimeOfDay, Type, Value, exact, reported

__all__ = ["absent", "by_id", "checked", "given_twice", "read_clock_time", "read_fact", "says_none", "unsaid", "with_none", "written"]

_AS_THEY_ARE: Final = {("boolean", bool), ("integer", int), ("decimal", int), ("text", str), ("date", date), ("moment", datetime)}
_LONGEST: Final = 100_000  # characters of one text


absent: Final = is_missing  # a raw value says nothing


def given_twice(id: str, one: object, other: object, where: str | None = None) -> RecordError:
    """A fact has two values, under its id and its label."""
    first, second = shown(one), shown(other)
    what = Words(f"{id} is given twice, as {first} and {second}", f"“{id}”给了两个值：{first} 和 {second}")
    return RecordError(what, id=id if where is None else f"{where}.{id}")


def by_id(row: Mapping[str, Any], labels: Mapping[str, str], where: str) -> dict[str, Any]:
    """What a row says, by id; a fact given twice, by id and by label, must say one thing. Raises RecordError.

    >>> by_id({"window": "W1", "窗口": "W1", "staff": ""}, {"窗口": "window"}, "cases:1")
    {'window': 'W1'}
    """
    facts: dict[str, Any] = {}
    for key, value in row.items():
        id = labels.get(key, key)
        if absent(value):
            continue
        if id in facts and not same(facts[id], value):
            raise given_twice(id, facts[id], value, where)
        facts[id] = value
    return facts


def unsaid(raw: object) -> bool:
    """Whether a raw value names nothing: it is absent, or none."""
    return isinstance(raw, Nothing) or absent(raw)


def says_none(raw: object, kind: Type) -> bool:
    """Whether a raw value says that there is none: NONE itself, or a word that its column names for it.

    >>> says_none(" 无 ", Type("integer", none=("无",))), says_none("无", Type("integer"))
    (True, False)
    """
    return isinstance(raw, Nothing) or (bool(kind.none) and isinstance(raw, str) and raw.strip() in kind.none)


def with_none(row: dict[str, Any], words: Mapping[str, Type]) -> dict[str, Any]:
    """The row, with none where it says so in the words that its columns name for it.

    >>> with_none({"to": "无", "kind": "无"}, {"to": Type("date", none=("无",))})
    {'to': NONE, 'kind': '无'}
    """
    for name, kind in words.items():
        if name in row and says_none(row[name], kind):
            row[name] = NONE
    return row


def checked(value: Any, kind: Type) -> Any:
    """A number within the bounds of its column. Raises RecordError naming them."""
    if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
        low, high = reported(kind.low if kind.low is not None else NONE), reported(kind.high if kind.high is not None else NONE)
        bounds = Words(f"from {low} to {high}", f"{low} 到 {high}")
        if high is None:
            bounds = Words(f"at least {low}", f"不小于 {low}")
        if low is None:
            bounds = Words(f"at most {high}", f"不大于 {high}")
        given = reported(value)
        raise RecordError(Words(f"{given} is out of its bounds, {bounds.en}", f"{given} 超出范围（{bounds.zh}）"))
    return value


def read_fact(name: str, raw: object, kind: Type, called: str | None = None) -> Value:
    """One raw value as its declared type: texts are read (是/否, full-width digits, 2026年2月13日, 5个工作日), numbers are exact.

    A choice may be given by name, label or national code. A float is read as it prints; NaN and infinity are refused. NONE, and the words
    that the column names for it, are none. Raises RecordError naming the fact, in Chinese by its label `called`.

    >>> from govservice.rules.language.values import BOOLEAN, DATE, DECIMAL
    >>> read_fact("capital_usd", "10,000,000.50", DECIMAL), read_fact("formal", "是", BOOLEAN), read_fact("on", "2026年2月3日", DATE)
    (Fraction(20000001, 2), True, datetime.date(2026, 2, 3))
    """
    if says_none(raw, kind):
        return NONE
    if (
        (kind.kind, type(raw)) in _AS_THEY_ARE
        and kind.low is None
        and kind.high is None
        and not (isinstance(raw, str) and (raw[:1].isspace() or raw[-1:].isspace() or len(raw) > _LONGEST))
    ):
        return exact(raw) if type(raw) is int else raw  # type: ignore[return-value]
    try:
        value = _read_as(raw.item() if type(raw).__module__ == "numpy" and hasattr(raw, "item") else raw, kind)
    except RecordError as error:
        wanted = Words(f"{name} must be {type_en(kind.kind)}: ", f"“{called or name}”应为{type_zh(kind)}：")
        what = Words(wanted.en + error.what.en, wanted.zh + error.what.zh)
        raise RecordError(what, why=error.why, hint=error.hint, id=name, called=called) from None
    try:
        return cast("Value", checked(value, kind))
    except RecordError as error:
        raise RecordError(error.what, id=name, called=called) from None


def _read_as(raw: Any, kind: Type) -> Value:
    match kind.kind:
        case "boolean":
            return read_boolean(raw)
        case "integer" | "decimal":
            return _number(raw, whole=kind.kind == "integer")
        case "choice":
            choice = kind.choice(raw) if isinstance(raw, str) else None
            return choice.name if choice is not None else read_choice(raw, _choices(kind))
        case "list":
            return read_list(raw.tolist() if hasattr(raw, "tolist") else raw)
        case "date":
            return read_date(raw)
        case "moment":
            return read_moment(raw, zone=None)  # the calendar it is counted in says which
        case "limit":
            return read_limit(raw)
        case "time":
            return read_clock_time(raw)
        case "text":
            if isinstance(raw, str) and len(raw) > _LONGEST:
                raise RecordError(Words(f"a text of {len(raw):,} characters", f"文字有 {len(raw):,} 个字符"))
            return read_text(raw)
        case _:
            return _number(raw, whole=False) if isinstance(raw, (float, Decimal)) else raw


def read_clock_time(raw: object) -> TimeOfDay:
    """A time of the clock as a record or a setting writes it: `8:20`, `24:00`, or a time of Python. Raises RecordError.

    >>> print(read_clock_time("8：20"), read_clock_time(time(17)))
    08:20 17:00
    """
    if isinstance(raw, TimeOfDay):
        return raw
    said = raw.isoformat() if isinstance(raw, time) else raw
    clock = TimeOfDay.parse(folded(said).strip()) if isinstance(said, str) else None
    if clock is None:
        raise RecordError(Words(f"{shown(raw)} is no time of the clock", f"{shown(raw)}不是钟点"), hint=Words("write 08:20", "写作 08:20"))
    return clock


def _choices(kind: Type) -> Mapping[str, Any]:
    return {choice.name: choice for choice in kind.choices}


def _number(raw: Any, *, whole: bool) -> Number:
    number = exact(raw if isinstance(raw, Fraction) else Fraction(read_decimal(raw)))
    if whole and not isinstance(number, int):
        raise RecordError(Words(f"{shown(raw)} is not whole", f"{shown(raw)}不是整数"))
    return number


def written(id: object) -> str:
    """An id as text; a number that a frame has made a float is the whole number it was.

    >>> written(7), written(7.0), written(" W1 ")
    ('7', '7', 'W1')
    """
    if isinstance(id, str):
        return id.strip()
    if isinstance(id, float) and id.is_integer():
        id = int(id)
    plain = isinstance(id, (int, float, Decimal, date, UUID)) and not (isinstance(id, int) and is_huge(id))
    return str(id) if plain else shown(id)

"""Results as plain JSON values and back: one way for all of them, by the types that their fields declare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Self, Union, cast, get_args, get_origin, get_type_hints

from govservice.brief import brief
from govservice.decimals import written
from govservice.echo import shown
from govservice.errors import GovServiceError, RecordError, Words, in_one
from govservice.frozen import freeze
from govservice.plain import decoded, decoded_pairs, encoded, encoded_pairs
from govservice.upward import machinery

__all__ = ["FORMAT", "AsJson", "KnownToPydantic", "as_text", "declared", "is_encodable", "reading_back"]

FORMAT: Final = 1
"""The version of what `to_dict` writes; it goes up where what is written could no longer be read as before."""

Coder = Callable[[Any], Any]


class KnownToPydantic:
    """A class with `to_dict` and `from_dict` as a type of pydantic's, and so of FastAPI's: it writes the one and reads the other."""

    __slots__ = ()

    # how pydantic asks what a value of this type is; it is imported by whoever asks

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls._taken, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.to_dict())
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _core_schema: Any, _handler: Any) -> dict[str, Any]:
        return cast("dict[str, Any]", machinery("as_json_schema:schema_of")(cls))

    @classmethod
    def _taken(cls, given: Any) -> Self:
        """A value of this class, or what one wrote; for anything else the error that pydantic places, which carries ours in `fault`."""
        from pydantic_core import PydanticCustomError

        if isinstance(given, cls):
            return given
        try:
            return cast("Self", cast("Any", cls).from_dict(given))
        except RecordError as error:
            raise PydanticCustomError("unreadable", "{said}", {"said": str(error), "fault": error.fault}) from None


class AsJson(KnownToPydantic):
    """A frozen dataclass (`repr=False`) with `to_dict`, `to_json` and back: `from_dict` of `to_dict`, through JSON, gives an equal value.

    `format` names the class and the version of the form. Dates and moments are ISO texts, exact numbers texts, limits `{"value", "unit"}`,
    sentences `{"en", "zh"}`, tuples lists; a field that may hold anything keeps the kind of its value (`plain.encoded`), and a mapping with
    other keys than texts is `{"pairs": [[key, value], ..]}`. Fields whose names begin with `_` stay behind. Pydantic, and so FastAPI, takes
    a class of this kind as a type: it writes `to_dict` and reads `from_dict`.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, repr=False)
    ... class Seen(AsJson):
    ...     on: date
    ...     amounts: tuple[Decimal | int, ...]
    >>> Seen(date(2026, 2, 13), (Decimal("0.5"), 2)).to_dict()
    {'format': 'Seen/1', 'on': '2026-02-13', 'amounts': ['0.5', 2]}
    >>> Seen.from_json('{"format": "Seen/1", "on": "2026-02-13", "amounts": ["0.5", 2]}')
    Seen(on=datetime.date(2026, 2, 13), amounts=(Decimal('0.5'), 2))
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        freeze(self)

    def __repr__(self) -> str:
        return brief(self)

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.result:html")(self))

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives an equal value back."""
        return {"format": f"{type(self).__name__}/{FORMAT}"} | self._written()

    def to_json(self, *, indent: int | None = None) -> str:
        """As JSON text, Chinese left readable; `from_json` gives an equal value back."""
        return as_text(self.to_dict(), indent=indent)

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises RecordError for anything else, a later version's form among it."""
        with reading_back(cls.__name__):
            if not isinstance(written, Mapping):
                raise RecordError(Words("it is no object", "不是对象"))
            form = written.get("format", f"{cls.__name__}/{FORMAT}")  # what stands within another result has none of its own
            if form != f"{cls.__name__}/{FORMAT}":
                hint = later_or_other(form, f"{cls.__name__}/{FORMAT}")
                raise RecordError(Words(f"its format is {shown(form)}", f"其格式为 {shown(form)}"), hint=hint)
            return cls._read(written)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """What `to_json` wrote. Raises RecordError for anything else."""
        try:
            written = json.loads(text)
        except (ValueError, TypeError, RecursionError) as error:
            raise _no_result(cls.__name__, Words(f"it is no JSON: {error}"[:160], f"不是 JSON：{error}"[:160])) from None
        return cls.from_dict(written)

    # what a class with more to say than its fields overrides; its parts are written and read by these too

    def _written(self) -> dict[str, Any]:
        kind: Any = type(self)
        written: dict[str, Any] = _fields_writer(kind)(self)
        return written

    @classmethod
    def _read(cls, written: Mapping[str, Any]) -> Self:
        kind: Any = cls
        read: Self = _fields_reader(kind)(written)
        return read


def as_text(plain: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Plain values as JSON text, Chinese left readable.

    >>> as_text({"条款": [1, None]})
    '{"条款": [1, null]}'
    """
    text = json.dumps(plain, ensure_ascii=False, indent=indent, allow_nan=False)
    # half a character that some broken export left behind has no UTF-8, and is escaped
    return text if is_encodable(text) else json.dumps(plain, indent=indent, allow_nan=False)


def is_encodable(text: str) -> bool:
    """Whether a text has a form in UTF-8: half a character has none.

    >>> is_encodable("条款"), is_encodable("\\ud800")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


UNCHANGED: Final = Words("give it back unchanged", "请原样给出")
NEWER: Final = Words("a newer govservice wrote it: use that one", "它由更新的版本写出，请用那个版本")


@contextmanager
def reading_back(name: str) -> Iterator[None]:
    """Within the block a result is read back from what was stored; whatever that turns out to be instead is a RecordError."""
    try:
        yield
    except GovServiceError as error:
        if error.what == _not_written(name):
            raise
        hint = NEWER if error.hint == NEWER else UNCHANGED
        raise _no_result(name, in_one(said for said in (error.what, error.why) if said.en), hint) from None
    except KeyError as error:
        lacking = shown(error.args[0] if error.args else "")
        raise _no_result(name, Words(f"it lacks {lacking}", f"缺少 {lacking}")) from None
    except UnicodeDecodeError:
        raise _no_result(name, Words("it is not UTF-8 text", "不是 UTF-8 文本")) from None
    except (json.JSONDecodeError, RecursionError):
        raise _no_result(name, Words("it is no JSON", "不是 JSON")) from None
    except Exception as error:
        raise _no_result(name, Words("something in it is of another kind", "其中有内容的类型不对")) from error


def _not_written(name: str) -> Words:
    return Words(f"this is not what {name}.to_dict() wrote", f"这不是 {name}.to_dict() 写出的内容")


def _no_result(name: str, why: Words, hint: Words = UNCHANGED) -> RecordError:
    return RecordError(_not_written(name), why=why, hint=hint)


def later_or_other(form: object, format: str) -> Words:
    """What to do about a format that is not the one that is read: a later number of the same is for a newer govservice."""
    name, _, number = format.partition("/")
    own, _, its = str(form).partition("/")
    return NEWER if own == name and its.isdecimal() and int(its) > int(number) else UNCHANGED


def declared(kind: type) -> list[tuple[str, Any]]:
    """The fields of a dataclass or named tuple with their types; those that begin with `_` are its own bookkeeping."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(getattr(kind, "_fields", ()))
    return [(name, hints[name]) for name in names if not name.startswith("_")]


@cache
def _fields_writer(kind: Any) -> Coder:
    members = [(name, _writer(type_)) for name, type_ in declared(kind)]
    return lambda value: {name: write(getattr(value, name)) for name, write in members}


@cache
def _fields_reader(kind: Any) -> Coder:
    members = [(name, _reader(type_)) for name, type_ in declared(kind)]
    return lambda value: kind(**{name: read(value[name]) for name, read in members})


@cache
def _writer(kind: Any) -> Coder:
    """How a value of a declared type is written."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(parts, _writer)
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            each = _writer(parts[0])
            return lambda value: [each(part) for part in value]
        several = [_writer(part) for part in parts]
        return lambda value: [write(part) for write, part in zip(several, value, strict=True)]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        each = _writer(parts[1])
        return lambda value: encoded_pairs(value, each)
    if isinstance(named := kind, type):
        if issubclass(named, date):
            return lambda value: value.isoformat()
        if named is Decimal:
            return lambda value: written(value) if isinstance(value, Decimal) else value
        if issubclass(named, AsJson):
            return lambda value: value._written()  # a class may write more than its fields
        if is_dataclass(named) or hasattr(named, "_fields"):
            return _fields_writer(kind)
    return _as_it_is if kind in _PLAIN or origin is Literal else encoded


@cache
def _reader(kind: Any) -> Coder:
    """How a value of a declared type is read back."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(parts, _reader)
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            each = _reader(parts[0])
            return lambda value: tuple(each(part) for part in _listed(value))
        several = [_reader(part) for part in parts]
        return lambda value: tuple(read(part) for read, part in zip(several, _listed(value), strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        each = _reader(parts[1])
        return lambda value: decoded_pairs(value, each)
    if isinstance(named := kind, type):
        if issubclass(named, date):
            return _day
        if named is Decimal:
            return _amount
        if issubclass(named, AsJson):
            return named._read
        if is_dataclass(named) or hasattr(named, "_fields"):
            return _fields_reader(kind)
    if origin is Literal:
        return lambda value: _among(parts, value)
    return (lambda value: _of_type(named, value)) if kind in _PLAIN else decoded


_PLAIN: Final = (str, bool, int)


def _as_it_is(value: Any) -> Any:
    return value


def _of_type(kind: Any, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r:.40} is no {kind.__name__}")
    return value


def _among(values: tuple[Any, ...], value: Any) -> Any:
    if value not in values:
        raise ValueError(f"{value!r:.40} is none of {', '.join(map(str, values))}")
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is no list")
    return value


def _day(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _amount(value: str | int) -> Decimal | int:
    if isinstance(value, str):
        return Decimal(value)
    return cast("int", _of_type(int, value))


def _either(parts: tuple[Any, ...], coder: Callable[[Any], Coder]) -> Coder:
    """One of several types: nothing or one, a day or a moment, a whole number or another."""
    kinds = [part for part in parts if part is not NoneType]
    told = next((part for part in kinds if part is Decimal or (isinstance(part, type) and issubclass(part, date))), kinds[0])
    code = coder(told)
    return _optional(code) if len(kinds) < len(parts) else code


def _optional(coder: Coder) -> Coder:
    return lambda value: None if value is None else coder(value)

"""What every record is: frozen, each fact labelled and unknown unless given, read with all its faults named at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from inspect import cleandoc
from itertools import islice
from typing import Annotated, Any, ClassVar, Self, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import ErrorDetails, PydanticCustomError

from govservice.as_json import AsJson
from govservice.errors import NOTHING, Fault, RecordError, Words, did_you_mean, few_hints
from govservice.limits import UNITS, TimeLimit
from govservice.reading import (
    CodedLabel,
    is_missing,
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_integer,
    read_limit,
    read_list,
    read_moment,
    read_text,
    shown,
    why_spoilt,
)

__all__ = ["Record", "RecordWarning", "faults_of"]

_IDS = ("case", "application", "item", "window", "staff", "department")  # what rows are joined by


@dataclass(frozen=True, slots=True, repr=False)
class RecordWarning(AsJson):
    """Something that looks wrong in a record and is no reason to refuse it: `field` (its name), `what`, `hint`.

    >>> print(RecordWarning("department_uscc", Words("the check digit does not fit", "校验码不符")))
    department_uscc: the check digit does not fit
    """

    field: str
    what: Words
    hint: Words = NOTHING

    def __str__(self) -> str:
        return Fault(self.what, hint=self.hint, id=self.field).text()


# Facts -----------------------------------------------------------------------------------------------------------------------------


def fact(label: str, description: str, *, unit: str | None = None) -> Any:
    """A fact that is unknown unless given: its Chinese label, what it says in English, its unit where it has one."""
    return Field(default=None, title=label, description=description, json_schema_extra={"unit": unit} if unit else None)


def given(reader: Callable[[Any], object]) -> BeforeValidator:
    """Run a reader on what is given, and carry its words through pydantic; what is missing stays unknown."""

    def read(value: object) -> object:
        if is_missing(value):
            return None
        try:
            return reader(value)
        except RecordError as error:
            raise _custom(error.fault) from None

    return BeforeValidator(read)


def chosen(choices: Mapping[Any, CodedLabel]) -> BeforeValidator:
    """A choice by its name, label or code."""
    return given(lambda value: read_choice(value, choices))


def several(value: object) -> object:
    """Rows of a nested record, which pydantic then reads one by one."""
    if not isinstance(value, list | tuple):
        raise RecordError(
            Words(f"{shown(value)} is not a list", f"{shown(value)}不是列表"), hint=Words("write [{...}, {...}]", "请写成列表")
        )
    return value


def _custom(fault: Fault) -> PydanticCustomError:
    return PydanticCustomError("unreadable", "{said}", {"said": fault.text(), "fault": fault})


Text: TypeAlias = Annotated[str | None, given(read_text)]
Truth: TypeAlias = Annotated[bool | None, given(read_boolean)]
Count: TypeAlias = Annotated[Annotated[int, Field(ge=0)] | None, given(read_integer)]
Number: TypeAlias = Annotated[Decimal | None, given(read_decimal)]
Amount: TypeAlias = Annotated[Annotated[Decimal, Field(ge=0)] | None, given(read_decimal)]
Day: TypeAlias = Annotated[date | None, given(read_date)]
Moment: TypeAlias = Annotated[datetime | None, given(read_moment)]
_VALUE_AND_UNIT = {"value": {"type": ["string", "number"]}, "unit": {"enum": list(UNITS)}}
_LIMIT_SCHEMA = {
    "anyOf": [
        {"type": "string", "examples": ["5个工作日"]},
        {"type": "object", "properties": _VALUE_AND_UNIT, "required": list(_VALUE_AND_UNIT)},
        {"type": "null"},
    ]
}
Limit: TypeAlias = Annotated[TimeLimit | None, given(read_limit), WithJsonSchema(_LIMIT_SCHEMA, mode="validation")]
Texts: TypeAlias = Annotated[tuple[str, ...] | None, given(read_list)]


# Facts without a declaration of ours ------------------------------------------------------------------------------------------------


def _pairs(value: object) -> tuple[tuple[str, object], ...]:
    """A mapping as pairs, which are frozen, hash and pickle; values as the rulebook will type them: text where JSON has no such type."""
    try:
        pairs = dict(value.items() if isinstance(value, Mapping) else value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        pairs = {None: None}
    if not all(isinstance(name, str) for name in pairs):
        raise _custom(Fault(Words(f"{shown(value)} is not a mapping of names to values", f"{shown(value)}不是名称到值的对照")))
    return tuple((name, _kept(name, part)) for name, part in pairs.items() if not is_missing(part))


def _kept(name: str, value: object) -> object:
    try:
        match value:
            case bool() | str():
                return value
            case int():
                return read_integer(value)
            case float() | Decimal():
                return f"{read_decimal(value):f}"
            case date():
                return value.isoformat()
            case TimeLimit():
                return str(value)
            case list() | tuple():
                return read_list(value)
            case _:
                raise RecordError(Words(f"{shown(value)} is no value of a fact", f"{shown(value)}不能作为事实的值"))
    except RecordError as error:
        fault = error.fault
        raise _custom(Fault(Words(f"{name}: {fault.what.en}", f"{name}：{fault.what.zh}"), fault.why, fault.hint)) from None


Pairs: TypeAlias = Annotated[
    tuple[tuple[str, Any], ...],
    BeforeValidator(_pairs),
    PlainSerializer(dict, return_type=dict[str, Any]),
    WithJsonSchema({"type": "object"}),
]


# Records ---------------------------------------------------------------------------------------------------------------------------


class Record(BaseModel):
    """What all models are: frozen; a fact not given is None, which means unknown; facts may be given by name or by Chinese label.

    `local` holds facts that a centre's own rulebook declares: whole numbers, truths, texts and lists of texts as they are, exact
    numbers, dates and limits as their text, since it is the rulebook that types them. It cannot hide a fact of the model.
    Plain construction and `model_validate` raise pydantic's ValidationError, `read` raises RecordError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    nested: ClassVar[Mapping[str, type[Record]]] = {}

    local: Pairs = Field(
        default=(), title="本地事实", description="Facts that the centre's own rulebook declares.", json_schema_extra={"default": {}}
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema as pydantic makes it, said to be what the first line of the docstring says."""
        schema = handler(core_schema)
        handler.resolve_ref_schema(schema)["description"] = cleandoc(cls.__doc__ or "").partition("\n")[0]
        return schema

    @classmethod
    def read(cls, facts: Mapping[str, object] | Self, *, file: str | None = None, line: int | None = None) -> Self:
        """The record of a mapping (names or Chinese labels to values); every fault in one RecordError, with the hint for each.

        `file` and `line` say where the mapping was found, for the message. None and empty text are unknown.

        >>> from govservice.models import Window
        >>> Window.read({"窗口编号": 3, "window_kind": "综合窗口"}).facts()
        {'window': '3', 'window_kind': 'general'}
        >>> Window.read({"window_kind": "综合"})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        govservice.errors.RecordError: window_kind: 窗口类别: '综合' is not one of the values; one of department, ...
        """
        try:
            return cls.model_validate(facts)
        except ValidationError as error:
            details = error.errors(include_url=False)
        faults = faults_of(details, cls)
        if len(faults) == 1:
            (only,) = faults
            raise RecordError(only.what, why=only.why, hint=only.hint, id=only.id, file=file, line=line)
        several = RecordError(
            Words(*("\n".join([head, *(f"  {fault.text(lang)}" for fault in faults)]) for head, lang in _heads(cls, len(details)))),
            file=file,
            line=line,
        )
        several.faults = faults
        raise several

    def facts(self) -> dict[str, Any]:
        """What is known, by name, for the engine: unknown facts are left out, never filled in.

        Nested records become mappings, tuples lists, `local` facts stand among the others. Exact numbers stay Decimal, days date.

        >>> from govservice.models import Application
        >>> Application(departments=2, local={"hard_to_decide": True}).facts()
        {'departments': 2, 'hard_to_decide': True}
        """
        own = {name: _plain(value) for name in type(self).model_fields if name != "local" and (value := getattr(self, name)) is not None}
        return own | {name: _plain(value) for name, value in self.local}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What is known of it, so that its repr is text that makes it again; every other fact is unknown there too."""
        return ((name, value) for name, value in super().__repr_args__() if value is not None and (name, value) != ("local", ()))

    def warnings(self) -> tuple[RecordWarning, ...]:
        """What looks wrong in the record and is no reason to refuse it; for most kinds of record no more than a spoilt id.

        >>> from govservice.models import Window
        >>> Window(window="W1").warnings(), [str(warning) for warning in Window(window="3.20583E+17").warnings()]  # doctest: +ELLIPSIS
        ((), ["window: '3.20583E+17' is what a spreadsheet makes of a long number; export the column as text ..."])
        """
        named = ((name, why_spoilt(getattr(self, name))) for name in _IDS if name in type(self).model_fields)
        return tuple(RecordWarning(name, *spoilt) for name, spoilt in named if spoilt is not None)

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, given: object) -> object:
        """Labels become names; a fact given twice is refused."""
        if not isinstance(given, Mapping):
            return given
        names = {field.title: name for name, field in cls.model_fields.items()}
        named: dict[object, object] = {}
        for key, value in given.items():
            name = names.get(key, key) if isinstance(key, str) else key
            if name in named:
                raise _custom(Fault(Words(f"{name} is given twice", f"{name} 给了两次"), hint=_ONCE))
            named[name] = value
        return named

    @model_validator(mode="after")
    def _nothing_hidden(self) -> Self:
        fields = type(self).model_fields
        for name, _ in self.local:
            if name in fields or name in {field.title for field in fields.values()}:
                raise _custom(Fault(Words(f"local holds {name}, a fact of the model", f"本地事实中有模型已有的 {name}"), hint=_ONCE))
        return self


_ONCE = Words("give each fact once, by name or by label", "每项事实只给一次，用名称或标签均可")


def _plain(value: Any) -> Any:
    match value:
        case Record():
            return value.facts()
        case tuple():
            return [_plain(part) for part in value]
        case _:
            return value


# Faults ----------------------------------------------------------------------------------------------------------------------------


def _heads(model: type[Record], count: int) -> tuple[tuple[str, Any], ...]:
    title = str(model.model_config.get("title", ""))
    return ((f"{model.__name__}: {count} facts cannot be read:", "en"), (f"{title}：{count}项事实无法读取：", "zh"))


def faults_of(details: Iterable[ErrorDetails | Mapping[str, Any]], model: type[BaseModel] | None = None) -> tuple[Fault, ...]:
    """What pydantic found wrong, in our words: for each fact its path (`id`), what is wrong, what to do; the first fifty.

    `details` are `ValidationError.errors()` of any pydantic model, or FastAPI's `RequestValidationError.errors()`, whose first step
    (`body`, `query`) is left out. With the `model` the label of each fact is said too.

    >>> from pydantic import BaseModel, ValidationError
    >>> from govservice.models import Application
    >>> class Asked(BaseModel):
    ...     application: Application
    >>> try:
    ...     Asked.model_validate({"application": {"main_document": "?"}})
    ... except ValidationError as error:
    ...     print(faults_of(error.errors(), Asked)[0].text("zh"))
    application.main_document: 主件：'?'不是可用的取值；可用：已带、有而未带、缺少
    """
    with few_hints():
        return tuple(_fault(model, detail) for detail in islice(details, _LISTED))


def _fault(model: type[BaseModel] | None, detail: ErrorDetails | Mapping[str, Any]) -> Fault:
    """One of pydantic's errors in our words: which fact, with its label, what is wrong, what to do."""
    path, label, inner = _place(model, tuple(detail["loc"]))
    what, why, hint = _described(inner, detail)
    if label:
        what = Words(f"{label}: {what.en}", f"{label}：{what.zh}")
    return Fault(what, why, hint, id=path or None)


def _place(model: type[BaseModel] | None, loc: tuple[int | str, ...]) -> tuple[str, str, type[BaseModel] | None]:
    """The path as one writes it (materials[0].copies), the label of its end, and the model it ends in."""
    path = label = ""
    if loc and loc[0] in _WHERE and (model is None or loc[0] not in model.model_fields):
        loc = loc[1:]
    inner, below = model, model
    for step in loc:
        if isinstance(step, int):
            path += f"[{step}]"
            continue
        inner = below
        known = inner.model_fields.get(step) if inner is not None else None
        label = (known.title or "") if known else ""
        below = _model_in(known.annotation) if known else None
        path += f".{step[:80]}" if path else step[:80]
    return path, label, inner


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, or holds several of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((held for part in get_args(annotation) if (held := _model_in(part)) is not None), None)


def _described(model: type[BaseModel] | None, detail: ErrorDetails | Mapping[str, Any]) -> tuple[Words, Words, Words]:
    context: Mapping[str, Any] = detail.get("ctx") or {}
    own = context.get("fault") or getattr(context.get("error"), "fault", None)  # of a reader of ours, or an error that is a ValueError
    if isinstance(own, Fault):
        return own.what, own.why, own.hint
    match detail["type"]:
        case "extra_forbidden":
            fields = model.model_fields if model is not None else {}
            known = [*fields, *(field.title for field in fields.values() if field.title)]
            otherwise = _TO_LOCAL if model is None or "local" in fields else NOTHING
            return Words("no such fact", "没有这项事实"), NOTHING, did_you_mean(str(detail["loc"][-1]), known, otherwise)
        case "greater_than_equal" if context.get("ge") == 0:
            seen = shown(detail["input"])
            return Words(f"{seen} is less than 0", f"{seen}小于零"), NOTHING, Words("give 0 or more", "应不小于 0")
        case "missing":
            return Words("it is missing", "缺少此项"), NOTHING, Words("give it", "请补上")
        case "json_invalid":
            return Words(f"no JSON: {context.get('error', '')}", f"不是 JSON：{context.get('error', '')}"), NOTHING, NOTHING
        case "model_type" | "model_attributes_type" | "dict_type":
            return Words(f"{shown(detail['input'])} is no object", f"{shown(detail['input'])}不是对象"), NOTHING, _OBJECT
        case _:
            seen = shown(detail["input"])
            return Words(f"{seen}: {detail['msg']}", f"{seen}不能读取（{detail['msg']}）"), NOTHING, NOTHING


_WHERE = ("body", "query", "path", "header", "cookie")  # where FastAPI found a value: its first step
_OBJECT = Words("write {name: value, ..}", "请写成 {名称: 值, ..}")
_LISTED = 50  # of what is wrong with one record; the heading says how many there are
_TO_LOCAL = Words('a fact of the centre\'s own belongs under "local"', "中心自定的事实请放在 local 之下")

"""Which types go together: the rules that the parser asks."""

from __future__ import annotations

from typing import Final, NamedTuple

from govservice.errors import Words
from govservice.rules.language.values import DECIMAL, TEXT, Type

__all__ = ["TypeFault", "common_type", "comparison_fault", "type_en", "type_fault", "type_zh"]

_ZH: Final = {
    "boolean": "是否", "integer": "整数", "decimal": "数", "text": "文字", "choice": "选项", "list": "列表",
    "date": "日期", "moment": "时刻", "time": "钟点",
    "limit": "时限", "any": "未知",
}  # fmt: skip
_DAYS: Final = ("date", "moment")
_ORDERED: Final = {"integer": 0, "decimal": 0, "date": 1, "moment": 1, "limit": 2, "time": 3}


class TypeFault(NamedTuple):
    """What is wrong with a type, and a hint."""

    what: Words
    hint: Words = Words("", "")


def type_zh(kind: Type) -> str:
    """The Chinese name of a type.

    >>> from govservice.rules.language.values import BOOLEAN
    >>> type_zh(BOOLEAN)
    '是否'
    """
    return _ZH[kind.kind]


def type_en(kind: str) -> str:
    """The English name of a type with its article.

    >>> type_en("integer"), type_en("date")
    ('an integer', 'a date')
    """
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def type_fault(given: Type, wants: str) -> TypeFault | None:
    """What is wrong where a type stands in a place that wants another; None where it fits."""
    kind = given.kind
    fits = {
        "boolean": kind == "boolean",
        "number": given.is_number,
        "integer": kind == "integer",
        "decimal": given.is_number,
        "date": kind in _DAYS,
        "moment": kind in _DAYS,
        "limit": kind == "limit",
        "text": kind in ("text", "choice"),
        "textual": kind in ("text", "choice", "list"),
        "list": kind == "list",
        "ordered": given.is_number or kind in _DAYS,
        "orderly": kind in _ORDERED,
        "clock time": kind == "moment",
        "scalable": given.is_number or kind == "limit",
    }
    if kind == "any" or fits.get(wants, True):
        return None
    descriptions = {
        "number": ("a number", "数"),
        "boolean": ("a condition, true or false", "是否类的条件"),
        "textual": ("a text or a list", "文字或列表"),
        "ordered": ("a number or a date", "数或日期"),
        "orderly": ("a number, a date or a limit", "数、日期或时限"),
        "clock time": ("a moment, a day and a time,", "时刻（日期和钟点）"),
        "scalable": ("a number or a limit", "数或时限"),
    }
    english, chinese = descriptions.get(wants, (type_en(wants), _ZH.get(wants, wants)))
    hint = Words("compare it with something: x > 0", "写成比较：x > 0") if wants == "boolean" and given.is_number else Words("", "")
    if wants == "boolean" and kind in ("text", "choice"):
        hint = Words('compare it: x == "value"', '写成比较：x == "值"')
    if wants == "number" and kind == "limit":
        hint = Words("a limit is multiplied, and divided by a number: x * 2 / 3", "时限可以乘数、除以数：x * 2 / 3")
    if wants == "clock time" and kind == "date":
        hint = Words("a column of type moment holds the time of day", "moment 类型的列才有钟点")
    return TypeFault(Words(f"{english} must stand here, this is {given.kind}", f"这里要写{chinese}，而这是{type_zh(given)}"), hint)


def comparison_fault(op: str, left: Type, right: Type) -> TypeFault | None:
    """What is wrong with `left op right`; None where nothing is."""
    if "any" in (left.kind, right.kind):
        return None
    apart = TypeFault(
        Words(f"{left.kind} and {right.kind} do not compare", f"{type_zh(left)}与{type_zh(right)}不能比较"), _apart_hint(left, right)
    )
    if op in ("==", "!="):
        if left.kind == right.kind == "choice":
            shared = {choice.name for choice in left.choices} & {choice.name for choice in right.choices}
            return None if shared else TypeFault(Words("these two choices share no value", "这两个选项没有共同的值"))
        if {left.kind, right.kind} <= {"text", "choice"} or left.kind == right.kind == "boolean":
            return None
    if left.kind in _ORDERED and right.kind in _ORDERED and _ORDERED[left.kind] == _ORDERED[right.kind]:
        return None
    if "list" in (left.kind, right.kind):
        return TypeFault(
            Words("a list does not compare", "列表不能比较"),
            Words('write contains(list, "x") or "x" in list', '写作 contains(列表, "x") 或 "x" in 列表'),
        )
    if left.kind == right.kind or {left.kind, right.kind} <= {"text", "choice"}:
        return TypeFault(Words(f"{left.kind} has no order", f"{type_zh(left)}没有大小之分"), Words("only == and != fit", "只能用 == 和 !="))
    return apart


def _apart_hint(left: Type, right: Type) -> Words:
    kinds = {left.kind, right.kind}
    if "text" in kinds and kinds & {"date", "moment"}:
        return Words('write date("2026-01-31")', '写作 date("2026-01-31")')
    if "time" in kinds and kinds & {"moment"}:
        return Words("time(moment) is its time of the clock", "time(时刻) 是它的钟点")
    if "text" in kinds and kinds & {"integer", "decimal"}:
        return Words("a number has no quotes", "数字不加引号")
    if "boolean" in kinds:
        return Words("true and false have no quotes", "true 和 false 不加引号")
    return Words("", "")


def common_type(first: Type, second: Type) -> Type | None:
    """The type of a value that is either one or the other; None where there is none."""
    if first == second or second.kind == "any":
        return first
    if first.plain == second.plain:
        return first.plain
    if first.kind == "any":
        return second
    if first.is_number and second.is_number:
        return DECIMAL
    if first.kind in _DAYS and second.kind in _DAYS:
        return Type("date")
    if first.kind == second.kind == "choice":
        return Type("choice", tuple({(choice.name, choice.label): choice for choice in (*first.choices, *second.choices)}.values()))
    if {first.kind, second.kind} <= {"text", "choice"}:
        return TEXT
    return None

"""What one cell of a clerk's table says, both ways: tests of a fact, and the values that are granted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from govservice.decimals import shortest
from govservice.errors import NOTHING, GovServiceError, LimitError, RecordError, Words
from govservice.limits import TimeLimit
from govservice.reading import shown
from govservice.reading.common import half_width
from govservice.reading.days import read_date, read_moment
from govservice.reading.values import read_boolean, read_decimal, read_integer
from govservice.reading.workbook import CellError, CellValue
from govservice.rules.book.marks import Node
from govservice.rules.language.shapes import Constant, Expression
from govservice.rules.language.values import TimeOfDay, Type, reported

__all__ = ["KINDS", "Operand", "condition_cell", "condition_of", "granted_cell", "granted_of", "kind_named", "text_of_cell"]

KINDS: Final = {
    "boolean": "是否", "integer": "整数", "decimal": "数", "text": "文字", "choice": "选项", "list": "清单", "date": "日期",
    "moment": "时刻", "time": "钟点", "limit": "时限", "expression": "表达式",
}  # fmt: skip
_KINDS_BACK: Final = {word: kind for kind, word in KINDS.items()}
_SIGNS: Final = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "!=": "≠", "==": "＝"}  # full-width: no spreadsheet takes ＝ for a formula
_READ_SIGN: Final = re.compile(r"(?:>=|<=|!=|<>|==|=|>|<|≥|≤|≠|≧|≦|＞＝|＜＝|＞|＜|＝＝|＝|！＝)")
_MEANT: Final = {
    "≥": ">=", "≧": ">=", "＞＝": ">=", "≤": "<=", "≦": "<=", "＜＝": "<=", "＞": ">", "＜": "<", "≠": "!=", "<>": "!=", "！＝": "!=",
    "=": "==", "＝": "==", "＝＝": "==",
}  # fmt: skip
_RANGE: Final = re.compile(r"\s*(.+?)\s*(?:\.\.|．．|~|～)\s*(.+?)\s*")
_SEVERAL: Final = re.compile(r"[、，,]")
_ORDERED: Final = ("integer", "decimal", "date", "moment", "time", "limit")
_LIMIT: Final = re.compile(r"(?:[0-9０-９]|[一二三四五六七八九十百半]|当天|当日|当场|即时).*")

Operand: TypeAlias = tuple[str, Expression]
"""What a fact is tested against: as its author wrote it, and typed."""


def kind_named(word: str) -> str | None:
    """The kind of column that a word means, in Chinese or English.

    >>> kind_named("选项"), kind_named("date"), kind_named("颜色")
    ('choice', 'date', None)
    """
    return _KINDS_BACK.get(word) or (word if word in KINDS else None)


def text_of_cell(value: CellValue, kind: str = "text") -> str:
    """A cell as a text, without blanks around it; a number in its digits. Raises RecordError for a cell that holds no text.

    >>> text_of_cell(" KS-6(1) "), text_of_cell(Decimal("3.50")), text_of_cell(True, "expression")
    ('KS-6(1)', '3.50', 'true')
    """
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case CellError(text):
            raise _cell_error(text)
        case bool() if kind == "expression":
            return str(value).lower()
        case bool():
            raise _not(value, Words("a text", "文字"), Words("format the column as text", "请把这一列的格式设为文本"))
        case int() | Decimal():
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case time() if kind in ("expression", "time"):
            return value.strftime("%H:%M:%S" if value.second else "%H:%M")
        case _:
            hint = Words(
                "the spreadsheet took it for a date; format the column as text", "表格软件把它当成了日期；请把这一列的格式设为文本"
            )
            raise _not(value, Words("a text", "文字"), hint)


def _cell_error(text: str) -> RecordError:
    if text == "=":
        what = Words("a formula that was never worked out", "公式还没有算出值")
        return RecordError(what, hint=Words("open the file, save it, or write the value", "请打开文件保存一次，或直接写值"))
    what = Words(f"the cell shows the error {text}", f"单元格是错误值 {text}")
    hint = Words(
        "write the value; an expression begins with ' so that it is no formula", "请直接写值；表达式前加英文单引号 '，免得被当成公式"
    )
    return RecordError(what, hint=hint)


def _not(value: object, wanted: Words, hint: Words = NOTHING) -> RecordError:
    seen = value.isoformat() if isinstance(value, date | time) else str(value) if isinstance(value, int | Decimal) else shown(value)
    return RecordError(Words(f"{seen} is not {wanted.en}", f"{seen} 不是{wanted.zh}"), hint=hint)


# -- conditions


def condition_cell(kind: Type, tests: Sequence[tuple[str, Sequence[Operand]]]) -> CellValue:
    """The cell that says these tests of a fact together; None where no cell can.

    >>> number = Type("integer")
    >>> three = ("3", Constant(3, number))
    >>> condition_cell(number, [(">=", [three])]), condition_cell(number, [("==", [three])]), condition_cell(Type("boolean"), [("not", [])])
    ('≥ 3', 3, '否')
    """
    if kind.kind == "boolean":
        return {"is": "是", "not": "否"}.get(" ".join(op for op, _ in tests))
    if kind.kind in ("choice", "text"):
        return _text_test(kind, tests)
    return _ordered_test(kind, tests) if kind.kind in _ORDERED else None


def _text_test(kind: Type, tests: Sequence[tuple[str, Sequence[Operand]]]) -> CellValue:
    if len(tests) != 1:
        return None
    op, operands = tests[0]
    values = [operand.value for _, operand in operands if isinstance(operand, Constant)]
    if len(values) != len(operands) or not all(isinstance(value, str) for value in values):
        return None
    labels = [choice.label if (choice := kind.choice(str(value))) is not None else str(value) for value in values]
    if op in ("==", "!=") or (op in ("in", "not in") and kind.kind == "choice"):
        return ("" if op in ("==", "in") else "≠ ") + "、".join(labels)
    return None


def _ordered_test(kind: Type, tests: Sequence[tuple[str, Sequence[Operand]]]) -> CellValue:
    plain = [[_literal(kind, operand) for operand in operands] for _, operands in tests]
    signs = [op for op, _ in tests]
    if signs == ["=="] and plain[0][0] is not None:
        return plain[0][0]
    if signs == [">=", "<="] and all(value is not None for values in plain for value in values):
        return f"{_said(plain[0][0])}..{_said(plain[1][0])}"
    if signs == ["in"] and kind.is_number and all(value is not None for value in plain[0]) and len(plain[0]) > 1:
        return "、".join(_said(value) for value in plain[0])
    if any(sign not in _SIGNS for sign in signs):
        return None
    return " 且 ".join(
        f"{_SIGNS[op]} {_said(values[0]) if values[0] is not None else operands[0][0]}"
        for (op, operands), values in zip(tests, plain, strict=True)
    )


def _literal(kind: Type, operand: Operand) -> CellValue:
    """A constant as a cell holds it; None for any other expression."""
    expression = operand[1]
    if not isinstance(expression, Constant):
        return None
    match expression.value:
        case bool() | str():
            return None
        case int() | Fraction() if kind.is_number:
            number = reported(expression.value)
            return number if isinstance(number, int | Decimal) else None
        case date() as day if kind.kind in ("date", "moment"):
            return day
        case TimeLimit() | TimeOfDay() as said:
            return str(said)
        case _:
            return None


def _said(value: CellValue) -> str:
    return value.isoformat() if isinstance(value, date) else text_of_cell(value, "expression")


def condition_of(kind: str, name: str, value: CellValue) -> str:
    """The condition on a fact that a cell says, as an expression; empty for an empty cell. Raises RecordError.

    >>> condition_of("integer", "departments", "３．．５"), condition_of("boolean", "simple", False)
    ('3 <= departments <= 5', 'not simple')
    >>> condition_of("choice", "main_document", "≠ 缺少、已带")
    'main_document not in ["缺少", "已带"]'
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, CellError):
        raise _cell_error(value.text)
    match kind:
        case "boolean":
            return name if _boolean(value) else f"not {name}"
        case "choice":
            return _choice_condition(name, text_of_cell(value))
        case "text":
            text = text_of_cell(value)
            op, rest = _signed(text, ("!=",))
            return f"{name} {op or '=='} {_quoted(rest)}"
        case "integer" | "decimal" | "date" | "moment" | "time" | "limit":
            return _ordered_condition(kind, name, value)
        case _:
            what = Words("a list, or an expression, is tested by no cell of its own", "清单和表达式不能在这样的格子里判断")
            raise RecordError(what, hint=Words("write the condition into the column 条件", "请写在“条件”一列"))


def _boolean(value: CellValue) -> bool:
    try:
        return read_boolean(value)
    except GovServiceError:
        seen = text_of_cell(value, "expression") if not isinstance(value, date) else value.isoformat()
        hint = Words("write 是 or 否, or leave it empty for either", "写“是”或“否”；不论是否的，留空")
        raise RecordError(Words(f"{shown(seen)} is not yes or no", f"{shown(seen)} 不是“是”或“否”"), hint=hint) from None


def _choice_condition(name: str, text: str) -> str:
    op, rest = _signed(text, ("!=", "=="))
    values = [part.strip() for part in _SEVERAL.split(rest)]
    if not all(values):
        raise RecordError(Words("a value is missing between the commas", "顿号之间缺一个值"), hint=Words("缺少、已带", "写作 缺少、已带"))
    if len(values) == 1:
        return f"{name} {op or '=='} {_quoted(values[0])}"
    return f"{name} {'not in' if op == '!=' else 'in'} [{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    what = Words("a text with both kinds of quotes", "文字里两种引号都有")
    raise RecordError(what, hint=Words("leave one kind out", "请去掉一种引号"))


def _signed(text: str, known: Sequence[str]) -> tuple[str, str]:
    """The comparison that a text begins with, and the rest; none where it is not of the `known`."""
    sign = _READ_SIGN.match(text)
    op = _MEANT.get(sign[0], sign[0]) if sign is not None else ""
    return (op, text[sign.end() :].strip()) if sign is not None and op in known else ("", text)


def _ordered_condition(kind: str, name: str, value: CellValue) -> str:
    if not isinstance(value, str):
        return f"{name} == {_operand(kind, value)}"
    text = value.strip()
    if not _READ_SIGN.match(text):
        between = _RANGE.fullmatch(text)
        if between is not None:
            return f"{_operand(kind, between[1])} <= {name} <= {_operand(kind, between[2])}"
        several = [part.strip() for part in text.split("、")]
        if len(several) > 1:
            return f"{name} in [{', '.join(_operand(kind, part) for part in several)}]"
        return f"{name} == {_operand(kind, text)}"
    return " and ".join(_test(kind, name, part.strip()) for part in re.split(r"且|\band\b", text))


def _test(kind: str, name: str, text: str) -> str:
    sign = _READ_SIGN.match(text)
    if sign is None or not text[sign.end() :].strip():
        what = Words(f"{shown(text)} is no comparison", f"“{text}”不是比较")
        raise RecordError(what, hint=Words("write ≥ 3, or ≥ 3 且 < 5", "写作 ≥ 3，或 ≥ 3 且 < 5"))
    rest = text[sign.end() :].strip()
    return f"{name} {_MEANT.get(sign[0], sign[0])} {_plain_operand(kind, rest) or rest}"


def _plain_operand(kind: str, text: str) -> str | None:
    """A value as an expression writes it; None where the text is no value of that kind, and may be an expression itself."""
    try:
        return _operand(kind, text)
    except RecordError:
        return None


_WANTED: Final = {
    "integer": Words("a number", "数"), "decimal": Words("a number", "数"), "date": Words("a date", "日期"),
    "moment": Words("a date", "日期"),
    "time": Words("a time of the clock", "钟点"), "limit": Words("a time limit", "时限"),
}  # fmt: skip
_HOW: Final = {
    "integer": Words("3, ≥ 3, 3..5, or ≥ 3 且 < 5", "写作 3、≥ 3、3..5 或 ≥ 3 且 < 5"),
    "decimal": Words("0.5, ≥ 0.5, or 1..2.5", "写作 0.5、≥ 0.5 或 1..2.5"),
    "date": Words("2026-03-01, or ≥ 2026-03-01", "写作 2026-03-01，或 ≥ 2026-03-01"),
    "moment": Words("2026-03-01, or ≥ 2026-03-01", "写作 2026-03-01，或 ≥ 2026-03-01"),
    "time": Words("08:20, or ≥ 08:20", "写作 08:20，或 ≥ 08:20"),
    "limit": Words("5个工作日, or ≤ 5个工作日", "写作 5个工作日，或 ≤ 5个工作日"),
}


def _operand(kind: str, value: CellValue) -> str:
    try:
        match kind:
            case "integer" | "decimal":
                return _digits(value)
            case "date" | "moment":
                return f'date("{read_date(_day_or_text(value)).isoformat()}")'
            case "time":
                text = half_width(text_of_cell(value, "time")).replace("：", ":")
                if TimeOfDay.parse(text) is not None:
                    return text
            case _:
                text = text_of_cell(value)
                if _LIMIT.fullmatch(text) and '"' not in text:
                    TimeLimit.parse(half_width(text) or text, day="workday")
                    return f'limit("{text}")'
    except (RecordError, LimitError) as error:
        if error.what.en.startswith(("a number stands", "the cell shows", "a formula")):
            raise
    raise _not(value, _WANTED[kind], _HOW[kind])


def _day_or_text(value: CellValue) -> CellValue:
    """A date or the text of one; a bare number is not guessed at."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        what = Words(f"a number stands where a date should: {value}", f"这里要写日期，而这是数 {value}")
        raise RecordError(what, hint=Words("format the cell as a date, or write 2026-03-01", "请把单元格的格式设为日期，或写作 2026-03-01"))
    return value


def _digits(value: CellValue) -> str:
    if isinstance(value, date | time | bool):
        raise _not(value, _WANTED["decimal"])
    number = read_decimal(value)
    return shortest(number)


# -- what is granted


def granted_cell(kind: Type, node: object) -> CellValue:
    """What a rule grants, as a cell: an expression as it stands, a value as its kind is shown.

    >>> granted_cell(Type("boolean"), "true"), granted_cell(Type("integer"), "3"), granted_cell(Type("text"), "=last_approver")
    ('是', 3, '=last_approver')
    """
    if isinstance(node, list):
        return "、".join(str(part) for part in node)
    text = str(node)
    if text.startswith("="):
        return text
    try:
        match kind.kind:
            case "boolean":
                return "是" if read_boolean(text) else "否"
            case "integer" | "decimal":
                number = read_decimal(text)
                return int(number) if number == number.to_integral_value() else number
            case "choice":
                choice = kind.choice(text)
                return text if choice is None else choice.label
            case "date":
                return read_date(text)
            case _:
                return text
    except RecordError:
        return text


def granted_of(kind: str, value: CellValue) -> Node | None:
    """What a cell grants, as a rulebook file writes it; None where it grants nothing. Raises RecordError.

    >>> granted_of("boolean", True), granted_of("decimal", Decimal("3.50")), granted_of("text", "＝last_approver")
    ('true', '3.5', '=last_approver')
    >>> granted_of("list", "甲、乙")
    ['甲', '乙']
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, CellError):
        raise _cell_error(value.text)
    if isinstance(value, str) and value.strip()[0] in "=＝":
        return f"={value.strip()[1:]}"
    match kind:
        case "boolean":
            return str(_boolean(value)).lower()
        case "integer" | "decimal":
            try:
                return str(read_integer(_digits(value))) if kind == "integer" else _digits(value)
            except RecordError:
                hint = Words("digits alone, or = and an expression", "只写数字；或写 = 和表达式")
                raise _not(value, Words("a whole number", "整数") if kind == "integer" else _WANTED[kind], hint) from None
        case "date":
            try:
                return read_date(_day_or_text(value)).isoformat()
            except RecordError as error:
                raise error if isinstance(value, int | Decimal) else _not(value, _WANTED["date"], _HOW["date"]) from None
        case "moment":
            if isinstance(value, datetime):
                return value.strftime("%Y-%m-%d %H:%M")
            text = value.isoformat() if isinstance(value, date) else text_of_cell(value)
            read_moment(text)
            return text
        case "list":
            return [part.strip() for part in text_of_cell(value).split("、")]
        case "time":
            return text_of_cell(value, "time")
        case _:
            return text_of_cell(value)

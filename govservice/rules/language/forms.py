"""Forms of the language with a grammar of their own: `is_none`, limits and times of the clock written out, `match`, `in_list`."""

from __future__ import annotations

import ast
from typing import Final, NoReturn, Protocol

from govservice.errors import LimitError, Words, did_you_mean
from govservice.limits import TimeLimit
from govservice.rules.language.namespaces import Namespace
from govservice.rules.language.shapes import Constant, Expression, InList, IsNone, Match
from govservice.rules.language.spelling import folded
from govservice.rules.language.types import common_type, type_zh
from govservice.rules.language.values import ANY, BOOLEAN, LIMIT, TIME, TimeOfDay, Type

__all__ = ["Reader", "arguments_of", "read_in_list", "read_is_none", "read_limit", "read_match", "read_time", "written_limit"]


class Reader(Protocol):
    """What reading a call asks of the reader of the expression that it stands in."""

    @property
    def names(self) -> Namespace: ...
    def read(self, node: ast.expr, depth: int, names: Namespace | None = None) -> Expression: ...
    def wanted(self, expression: Expression, wants: str, node: ast.AST) -> Expression: ...
    def membership(self, item: Expression, item_node: ast.expr, among: Expression, among_node: ast.expr) -> Expression: ...
    def as_choice(self, expression: Expression, node: ast.expr, other: Type) -> Expression: ...
    def written(self, node: ast.expr) -> str: ...
    def fault(self, node: ast.AST, what: Words, *, why: Words | None = None, hint: Words | None = None) -> Constant: ...
    def stop(self, node: ast.AST, what: Words, *, hint: Words | None = None) -> NoReturn: ...


def arguments_of(reader: Reader, node: ast.Call, count: int, shape: str) -> list[ast.expr]:
    if len(node.args) != count:
        reader.stop(node, Words(f"this is written {shape}", f"写法是 {shape}"))
    return node.args


def read_is_none(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, "is_none(x)")
    return IsNone(reader.read(of, down, names))


def read_time(reader: Reader, node: ast.Constant) -> Expression:
    text = node.value if isinstance(node.value, str) else ""
    time = TimeOfDay.parse(folded(text).strip())
    if time is None:
        hint = Words("from 00:00 to 24:00, such as 08:20", "从 00:00 到 24:00，如 08:20")
        return reader.fault(node, Words(f"{text} is no time of the clock", f"{text} 不是钟点"), hint=hint)
    return Constant(time, TIME)


def read_limit(reader: Reader, node: ast.Call, _down: int, names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, 'limit("5个工作日")')
    text = of.value if isinstance(of, ast.Constant) else None
    if not isinstance(text, str):
        return reader.fault(of, Words("a limit is written out", "时限要写出来"), hint=_WRITE_IT)
    try:
        return Constant(written_limit(text, (names or reader.names).bare_day), LIMIT)
    except LimitError as error:
        return reader.fault(of, error.what, why=error.why, hint=error.hint)


def written_limit(text: str, bare_day: str | None) -> TimeLimit:
    """A limit as a book writes it; `bare_day` is what the book says of 日 and 天. Raises LimitError with a hint for who writes books."""
    try:
        return TimeLimit.parse(text, day="workday" if bare_day == "workday" else "natural_day" if bare_day == "natural_day" else None)
    except LimitError as error:
        if bare_day is not None or not _reads(text):
            raise
        raise LimitError(error.what, why=error.why, hint=_WHICH_DAY) from None


def _reads(text: str) -> bool:
    """Whether it would be a limit if one knew which kind of day it means."""
    try:
        TimeLimit.parse(text, day="workday")
    except LimitError:
        return False
    return True


_WRITE_IT: Final = Words('write limit("5个工作日")', '写作 limit("5个工作日")')
_WHICH_DAY: Final = Words(
    "write 工作日 or 自然日, or state bare_day under conventions", "写明工作日或自然日，或在 conventions 里写 bare_day"
)


def read_match(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    shape = "match(x, (value, worth), .., otherwise=worth)"
    if len(node.args) < 2:
        reader.stop(node, Words(f"this is written {shape}", f"写法是 {shape}"))
    of = reader.wanted(reader.read(node.args[0], down, names), "text", node.args[0])
    otherwise_node = next((keyword.value for keyword in node.keywords), None)
    nodes: list[ast.expr] = []
    worths: list[tuple[Constant, Expression]] = []
    for pair in node.args[1:]:
        if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
            reader.stop(pair, Words(f"this is written {shape}", f"写法是 {shape}"))
        value = reader.as_choice(reader.read(pair.elts[0], down, names), pair.elts[0], of.type)
        if not isinstance(value, Constant) or not (isinstance(value.value, str) or value.type.kind == "any"):
            reader.stop(pair.elts[0], Words("the values of match are written out", "match 的各个值要写出来"))
        if value.type.kind != "any" and value.value in [earlier.value for earlier, _ in worths]:
            return reader.fault(pair.elts[0], Words(f'"{value.value}" stands here twice', f"“{value.value}”写了两次"))
        worths.append((value, reader.read(pair.elts[1], down, names)))
        nodes.append(pair.elts[1])
    otherwise = None if otherwise_node is None else reader.read(otherwise_node, down, names)
    last = [] if otherwise_node is None else [otherwise_node]
    return _matched(reader, node, Match(of, tuple(worths), otherwise, ANY), [*nodes, *last])


def _matched(reader: Reader, node: ast.Call, match: Match, nodes: list[ast.expr]) -> Expression:
    """A match whose worths are of one type, and which misses no value."""
    values = [value for value, _ in match.worths]
    if any(value.type.kind == "any" for value in values):
        return Constant(False, ANY)  # which was told
    missed = [choice.name for choice in match.of.type.choices if choice.name not in [value.value for value in values]]
    if match.otherwise is None and (missed or match.of.type.kind == "text"):
        what = Words(f"no worth for {', '.join(missed)}", f"没有写 {'、'.join(missed)} 的取值")
        if not missed:
            what = Words("a text may have other values", "文字可能有别的值")
        return reader.fault(node, what, hint=Words("list it, or add otherwise=", "逐一列出，或写上 otherwise="))
    worths = [worth for _, worth in match.worths] + ([] if match.otherwise is None else [match.otherwise])
    choice = next((worth.type for worth in worths if worth.type.kind == "choice"), ANY)
    worths = [reader.as_choice(worth, worth_node, choice) for worth, worth_node in zip(worths, nodes, strict=True)]
    common = worths[0].type
    for worth, worth_node in zip(worths[1:], nodes[1:], strict=True):
        both = common_type(common, worth.type)
        if both is None:
            what = Words(
                f"one worth is {common.kind}, another {worth.type.kind}", f"取值的类型不同：{type_zh(common)}与{type_zh(worth.type)}"
            )
            return reader.fault(worth_node, what)
        common = both
    otherwise = None if match.otherwise is None else worths[-1]
    return Match(match.of, tuple((value, worth) for (value, _), worth in zip(match.worths, worths, strict=False)), otherwise, common)


def read_in_list(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    """`in_list(prohibited, item)`: a list of the book, or a table of the records whose rows name what stands in it."""
    shape = "in_list(list, x)"
    listed_node, item_node = arguments_of(reader, node, 2, shape)
    in_sight = names or reader.names
    item = reader.read(item_node, down, names)
    if item.type.kind not in ("text", "choice", "any"):
        return reader.fault(item_node, Words(f"a list holds texts, not {item.type.kind}", f"清单里是文字，不是{type_zh(item.type)}"))
    name = listed_node.id if isinstance(listed_node, ast.Name) else ""
    listed = in_sight.listed(name)
    if listed is None:
        declare = Words(
            "declare it under `lists:`, or give the table a column of its own name", "在 lists 里声明它，或给这个表一个同名的列"
        )
        hint = did_you_mean(name, in_sight.lists(), declare)
        return reader.fault(listed_node, Words(f'no list "{name}"', f"没有“{name}”这个清单"), hint=hint)
    id, members = listed
    when_node = next((keyword.value for keyword in node.keywords), None)
    if when_node is None:
        return InList(id, item, None, members)
    if members is not None:
        what = Words("a list that the book writes out has no rows to choose from", "写在规则册里的清单没有可供筛选的行")
        return reader.fault(when_node, what, hint=Words("leave when= out", "请删去 when="))
    return InList(id, item, reader.wanted(reader.read(when_node, down, in_sight.rows((id,))), "boolean", when_node), None, BOOLEAN)

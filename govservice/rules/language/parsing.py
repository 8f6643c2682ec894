"""Text -> typed expression: Python's expression syntax cut to a whitelist, checked against the names in sight."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final, NoReturn, cast

from govservice.errors import DecisionError, ExpressionError, Fault, Words, did_you_mean
from govservice.rules.language import types as rules
from govservice.rules.language.namespaces import Namespace
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Comparison,
    Constant,
    Discretion,
    Expression,
    IfElse,
    Known,
    ListOf,
    Membership,
    Name,
    Negate,
    Not,
    Operator,
    Previous,
    Step,
    Totals,
    children,
)
from govservice.rules.language.spelling import RESERVED, Spelled, quoted, spell
from govservice.rules.language.values import ANY, BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, Type, exact

__all__ = ["MOST_DEPTH", "MOST_NODES", "parse"]

MOST_DEPTH: Final = 100
MOST_NODES: Final = 5000  # after every `let` is written out
PERIODS: Final = ("month", "bimonth", "quarter", "half", "year", "ever")
_COMPARISONS: Final[dict[type[ast.cmpop], Comparison]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPERATORS: Final[dict[type[ast.operator], Operator]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_TOTALS: Final = frozenset({"count", "sum", "mean", "lowest", "highest", "percent"})
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
FUNCTIONS: Final = (
    "min", "max", "abs", "floor", "ceil", "round", "step", "contains", "starts_with", "known", "workdays", "days", "date",
    "discretion", "previous", "count", "sum", "mean", "lowest", "highest", "percent",
)  # fmt: skip


class _Stop(Exception):
    """One expression cannot be read any further; its fault is already noted."""


def parse(source: str, names: Namespace, *, wants: str | None = None) -> Expression:
    """Read one expression in sight of `names`; `wants` is the type it must have ("boolean", "number", "date", "limit", ...).

    Raises ExpressionError with the place of the first thing that is wrong.
    """
    tree, faults = read(source, names, wants=wants)
    if faults:
        first = faults[0]
        raise ExpressionError(first.what, why=first.why, hint=first.hint, column=first.column, quote=first.quote)
    return tree


def read(source: str, names: Namespace, *, wants: str | None = None) -> tuple[Expression, list[Fault]]:
    """As `parse`, but with every fault in a list; a part that cannot be read is of type `any`."""
    try:
        spelled = spell(source, names.spellings())
        tree = ast.parse(spelled.text.strip(), mode="eval").body
    except ExpressionError as error:
        return Constant(False, ANY), [error.fault]
    except SyntaxError as error:
        return Constant(False, ANY), [_syntax_fault(source, names, error)]
    except (RecursionError, MemoryError, ValueError):
        return Constant(False, ANY), [_too_deep(source)]
    reader = _Reader(spelled, names)
    try:
        found = reader.read(tree, 0)
        if too_large(found):
            found = reader.fault(
                tree, Words(f"more than {MOST_NODES:,} parts once every `let` is written out", f"展开 let 之后超过 {MOST_NODES:,} 个部分")
            )
        elif wants is not None:
            found = reader.wanted(found, wants, tree)
    except _Stop:
        found = Constant(False, ANY)
    return found, reader.faults


def too_large(of: Expression) -> bool:
    """Whether an expression has more parts, or is deeper, than any clerk writes; stops looking once it is."""
    waiting = [(of, 0)]
    count = 0
    while waiting:
        here, depth = waiting.pop()
        count += 1
        if count > MOST_NODES or depth > 2 * MOST_DEPTH:
            return True
        waiting.extend((one, depth + 1) for one in children(here))
        if isinstance(here, Aggregate):
            waiting.extend((one, depth + 1) for one in (here.value, here.when) if one is not None)
    return False


def _too_deep(source: str) -> Fault:
    return Fault(Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层"), quote=quoted(source[:60], 0, 1))


def _syntax_fault(source: str, names: Namespace, error: SyntaxError) -> Fault:
    if "nested" in str(error.msg) or "too many" in str(error.msg):
        return _too_deep(source)
    spelled = spell(source, names.spellings())
    shift = len(spelled.text) - len(spelled.text.lstrip())
    index = max(0, (error.offset or 1) - 1) + shift
    at = min(spelled.origin(index), max(len(source) - 1, 0))
    hint = Words("", "")
    if not source.strip():
        return Fault(Words("an empty expression", "表达式是空的"))
    if re.search(r"(?<![<>=!])=(?!=)", spelled.text) and not re.search(r"\b(when|over|by)\s*=(?!=)", spelled.text):
        at = spelled.origin(cast("re.Match[str]", re.search(r"(?<![<>=!])=(?!=)", spelled.text)).start())
        hint = Words("equality is written ==", "相等写作 ==")
    elif spelled.text.count("(") != spelled.text.count(")") or spelled.text.count("[") != spelled.text.count("]"):
        hint = Words("a bracket is missing", "少了一个括号")
    return Fault(
        Words("this cannot be read as an expression", "读不成一个表达式"), hint=hint, column=at + 1, quote=quoted(source, at, at + 1)
    )


class _Reader:
    """One walk over one syntax tree."""

    def __init__(self, spelled: Spelled, names: Namespace) -> None:
        self.spelled = spelled
        self.names = names
        self.faults: list[Fault] = []
        self.lead = len(spelled.text) - len(spelled.text.lstrip())
        self.bytes_are_characters = spelled.text.isascii()

    # -- faults

    def fault(self, node: ast.AST, what: Words, *, why: Words | None = None, hint: Words | None = None) -> Constant:
        start, end = self._place(node)
        nothing = Words("", "")
        self.faults.append(Fault(what, why or nothing, hint or nothing, column=start + 1, quote=quoted(self.spelled.source, start, end)))
        return Constant(False, ANY)

    def stop(self, node: ast.AST, what: Words, *, hint: Words | None = None) -> NoReturn:
        self.fault(node, what, hint=hint)
        raise _Stop

    def _place(self, node: ast.AST) -> tuple[int, int]:
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        start, end = self._index(start), self._index(end)
        first = self.spelled.origin(start)
        last = self.spelled.origin(end - 1) if end > start else first
        return first, max(last + 1, first + 1)

    def _index(self, column: int) -> int:
        if self.bytes_are_characters:
            return column + self.lead
        return len(self.spelled.text.strip().encode()[:column].decode(errors="ignore")) + self.lead

    def _slice(self, node: ast.expr) -> str:
        return self.spelled.text[self._index(node.col_offset) : self._index(node.end_col_offset or 0)]

    # -- shapes

    def read(self, node: ast.expr, depth: int, names: Namespace | None = None) -> Expression:
        if depth > MOST_DEPTH:
            self.faults.append(_too_deep(self.spelled.source))
            raise _Stop
        down = depth + 1
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.wanted(self.read(one, down, names), "boolean", one) for one in values)
                return AllOf(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.wanted(self.read(operand, down, names), "boolean", operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _negated(self.wanted(self.read(operand, down, names), "number", operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.wanted(self.read(operand, down, names), "number", operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                a, b = (
                    self.wanted(self.read(left, down, names), "number", left),
                    self.wanted(self.read(right, down, names), "number", right),
                )
                sign = _OPERATORS[type(op)]
                return Arithmetic(sign, a, b, INTEGER if sign != "/" and a.type.kind == b.type.kind == "integer" else DECIMAL)
            case ast.Compare():
                return self._comparison(node, down, names)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.wanted(self.read(test, down, names), "boolean", test)
                yes, no = self.read(body, down, names), self.read(orelse, down, names)
                common = rules.common(yes.type, no.type)
                if common is None:
                    return self.fault(
                        node,
                        Words(
                            f"one branch is {yes.type.kind}, the other {no.type.kind}",
                            f"两个分支的类型不同：{rules.zh(yes.type)}与{rules.zh(no.type)}",
                        ),
                    )
                return IfElse(condition, yes, no, common)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) if isinstance(node, ast.List):
                return ListOf(tuple(self.read(one, down, names) for one in elements))
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return self._name(node, name, names or self.names)
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                found = (names or self.names).dotted(owner, attribute)
                return found if found is not None else self._unknown_dotted(node, owner, attribute)
            case ast.Call():
                return self._call(node, down, names)
            case _:
                self.stop(node, Words(f"{_construct(node)} is not part of the language", f"本语言没有这种写法（{_construct(node)}）"))

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if isinstance(value, bool):
            return Constant(value, BOOLEAN)
        if isinstance(value, str):
            return Constant(value, TEXT)
        if isinstance(value, (int, float)):
            written = self._slice(node)
            if _NUMBER.fullmatch(written):
                try:
                    number = exact(Fraction(written))
                except DecisionError as error:
                    self.stop(node, error.what)
                return Constant(number, INTEGER if isinstance(number, int) and "." not in written else DECIMAL)
        self.stop(node, Words("this is not a number, text, true or false", "这里要写数字、文字、true 或 false"))

    def _name(self, node: ast.Name, name: str, names: Namespace) -> Expression:
        name = name.removesuffix(RESERVED)
        if name in ("true", "false"):
            return Constant(name == "true", BOOLEAN)
        found = names.find(name)
        if found is not None:
            return found
        if name in FUNCTIONS:
            otherwise = Words(f"{name} is a function: {name}(...)", f"{name} 是函数，写作 {name}(...)")
        else:
            otherwise = Words(
                "declare it under `tables:` or `settings:`, or put a text in quotes", "在 tables 或 settings 里声明它；文字要加引号"
            )
        hint = did_you_mean(name, (one for one in names.spellings() if one != name), otherwise, cutoff=0.7)
        return self.fault(node, Words(f'unknown fact "{name}"', f"没有“{name}”这个事实"), hint=hint)

    def _unknown_dotted(self, node: ast.Attribute, owner: str, attribute: str) -> Expression:
        return self.fault(
            node,
            Words(f'unknown "{owner}.{attribute}"', f"没有“{owner}.{attribute}”"),
            hint=Words(
                "a dot follows a clock (promised.due), `parts` or `period` only", "点号只用在时钟（promised.due）、parts 和 period 之后"
            ),
        )

    def _comparison(self, node: ast.Compare, down: int, names: Namespace | None) -> Expression:
        links: list[Expression] = []
        left_node, left = node.left, self.read(node.left, down, names)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.read(right_node, down, names)
            if isinstance(op, (ast.In, ast.NotIn)):
                inside = self._membership(left, left_node, right, right_node)
                links.append(Not(inside) if isinstance(op, ast.NotIn) else inside)
            elif type(op) in _COMPARISONS:
                links.append(self._link(_COMPARISONS[type(op)], left, left_node, right, right_node))
            else:
                self.stop(
                    node,
                    Words("`is` is not part of the language", "本语言没有 is"),
                    hint=Words("write == or known(..)", "写作 == 或 known(..)"),
                )
            left_node, left = right_node, right
        return links[0] if len(links) == 1 else AllOf(tuple(links))

    def _link(self, op: Comparison, left: Expression, left_node: ast.expr, right: Expression, right_node: ast.expr) -> Expression:
        left, right = self._as_choice(left, left_node, right.type), self._as_choice(right, right_node, left.type)
        wrong = rules.comparison_fault(op, left.type, right.type)
        if wrong is not None:
            return self.fault(right_node, wrong.what, hint=wrong.hint)
        return Compare(op, left, right)

    def _membership(self, item: Expression, item_node: ast.expr, among: Expression, among_node: ast.expr) -> Expression:
        if isinstance(among, ListOf) and isinstance(among_node, ast.List):
            options = []
            for option, node in zip(among.of, among_node.elts, strict=True):
                chosen = self._as_choice(option, node, item.type)
                wrong = rules.comparison_fault("==", item.type, chosen.type)
                if wrong is not None:
                    self.fault(node, wrong.what, hint=wrong.hint)
                options.append(chosen)
            return Membership(item, ListOf(tuple(options)))
        if among.type.kind not in ("list", "any"):
            return self.fault(
                among_node, Words(f"`in` takes a list, not {among.type.kind}", f"in 之后要写列表，不是{rules.zh(among.type)}")
            )
        if item.type.kind not in ("text", "choice", "any"):
            self.fault(item_node, Words("a list holds texts", "列表里是文字"))
        return Membership(item, among)

    def _as_choice(self, one: Expression, node: ast.expr, other: Type) -> Expression:
        """A text beside a choice must be one of its values; a label is read as its value."""
        if other.kind != "choice" or not isinstance(one, Constant) or one.type.kind != "text":
            return one
        chosen = other.choice(str(one.value))
        if chosen is not None:
            return Constant(chosen.name, other)
        listed = ", ".join(choice.name for choice in other.choices)
        texts = (text for choice in other.choices for text in (choice.name, choice.label))
        return self.fault(
            node,
            Words(f'"{one.value}" is none of its values', f"“{one.value}”不在可选值之内"),
            hint=did_you_mean(str(one.value), texts, Words(f"one of: {listed}", f"可选：{listed}"), cutoff=0.5),
        )

    def wanted(self, one: Expression, wants: str, node: ast.AST) -> Expression:
        """The expression, or a fault where its type is not the wanted one."""
        wrong = rules.unwanted(one.type, wants)
        return one if wrong is None else self.fault(node, wrong.what, hint=wrong.hint)

    # -- functions

    def _call(self, node: ast.Call, down: int, names: Namespace | None) -> Expression:
        if not isinstance(node.func, ast.Name):
            self.stop(node, Words("only the functions of the language can be called", "只能调用本语言的函数"))
        name = node.func.id
        if name in _TOTALS:
            return self._aggregate(node, cast("Totals", name), down, names or self.names)
        for keyword in node.keywords:
            self.stop(keyword.value, Words(f"{name} takes no `{keyword.arg}=`", f"{name} 没有 {keyword.arg}= 这个参数"))
        reader: Callable[[ast.Call, int, Namespace | None], Expression] | None = (
            getattr(self, f"_read_{name}", None) if name in FUNCTIONS else None
        )
        if reader is not None:
            return reader(node, down, names)
        if name not in rules.SIGNATURES:
            hint = did_you_mean(name, FUNCTIONS, Words(f"one of: {', '.join(FUNCTIONS)}", f"可用：{'、'.join(FUNCTIONS)}"))
            return self.fault(node.func, Words(f'no function "{name}"', f"没有“{name}”这个函数"), hint=hint)
        arguments = [self.read(one, down, names) for one in node.args]
        signature = rules.SIGNATURES[name]
        if not signature.least <= len(arguments) <= signature.most:
            return self.fault(node, Words(f"{name} takes {signature.shape}", f"写法是 {signature.shape}"))
        checked = tuple(self.wanted(one, signature.wants(i), node.args[i]) for i, one in enumerate(arguments))
        if (
            name == "round"
            and len(checked) == 2
            and not (isinstance(checked[1], Constant) and isinstance(checked[1].value, int) and 0 <= checked[1].value <= 12)
        ):
            return self.fault(node.args[1], Words("the digits of round are a number from 0 to 12", "round 的位数要写 0 到 12 的整数"))
        gives = signature.gives(checked)
        if gives is None:
            return self.fault(node, Words(f"{name} takes numbers, or dates, not both", f"{name} 里要么都是数，要么都是日期"))
        return Call(name, checked, gives)

    def _arguments(self, node: ast.Call, count: int, shape: str) -> list[ast.expr]:
        if len(node.args) != count:
            self.stop(node, Words(f"this is written {shape}", f"写法是 {shape}"))
        return node.args

    def _read_known(self, node: ast.Call, down: int, names: Namespace | None) -> Expression:
        (of,) = self._arguments(node, 1, "known(x)")
        return Known(self.read(of, down, names))

    def _read_date(self, node: ast.Call, _down: int, _names: Namespace | None) -> Expression:
        (of,) = self._arguments(node, 1, 'date("2026-01-01")')
        try:
            return Constant(date.fromisoformat(of.value), DATE)  # type: ignore[attr-defined]
        except (AttributeError, TypeError, ValueError):
            return self.fault(of, Words("not a date", "不是日期"), hint=Words('write date("2026-01-31")', '写作 date("2026-01-31")'))

    def _read_step(self, node: ast.Call, down: int, names: Namespace | None) -> Expression:
        shape = "step(x, (threshold, value), ..)"
        if len(node.args) < 2:
            self.stop(node, Words(f"this is written {shape}", f"写法是 {shape}"))
        of = self.wanted(self.read(node.args[0], down, names), "number", node.args[0])
        steps: list[tuple[Expression, Expression]] = []
        for one in node.args[1:]:
            if not isinstance(one, ast.Tuple) or len(one.elts) != 2:
                self.stop(one, Words(f"this is written {shape}", f"写法是 {shape}"))
            pair = [self.wanted(self.read(part, down, names), "number", part) for part in one.elts]
            steps.append((pair[0], pair[1]))
        fixed = [step[0].value for step in steps if isinstance(step[0], Constant) and isinstance(step[0].value, (int, Fraction))]
        if any(a >= b for a, b in pairwise(fixed)):
            return self.fault(node, Words("thresholds of step go up", "step 的各档要从低到高"))
        return Step(of, tuple(steps))

    def _read_discretion(self, node: ast.Call, down: int, names: Namespace | None) -> Expression:
        low, high = (self.wanted(self.read(one, down, names), "number", one) for one in self._arguments(node, 2, "discretion(low, high)"))
        if "discretion" not in (names or self.names).allows:
            return self.fault(
                node, Words("discretion stands in the points of a scheme's item only", "discretion 只能写在计分项的 points 里")
            )
        fixed = [_fixed(one) for one in (low, high)]
        if fixed[0] is not None and fixed[1] is not None and fixed[0] > fixed[1]:
            return self.fault(
                node,
                Words("the lower bound stands first", "先写小的数"),
                hint=Words("for a deduction: discretion(-5, -2)", "扣分写作 discretion(-5, -2)"),
            )
        return Discretion(low, high)

    def _read_previous(self, node: ast.Call, _down: int, names: Namespace | None) -> Expression:
        (of,) = self._arguments(node, 1, "previous(x)")
        here = names or self.names
        found = here.previous(of.id) if isinstance(of, ast.Name) and "previous" in here.allows else None
        if found is None:
            return self.fault(node, Words("previous takes a scheme, or an outcome about one", "previous 里要写计分方案或它的等次"))
        return Previous(cast("ast.Name", of).id, found.type)

    def _aggregate(self, node: ast.Call, total: Totals, down: int, names: Namespace) -> Expression:
        if "rows" not in names.allows:
            return self.fault(node, Words(f"{total} needs rows to run over, and there are none here", f"这里没有可供 {total} 统计的记录"))
        if not node.args:
            self.stop(node, Words(f"{total} takes a table, an event kind or a scheme", f"{total} 里要写表、事件或计分方案"))
        sources, rows = self._sources(node.args[0], names)
        if rows is None:
            return Constant(0, ANY)
        options = {"when": None, "over": None, "by": None} | {one.arg or "**": one.value for one in node.keywords}
        for extra in options.keys() - {"when", "over", "by"}:
            self.stop(node, Words(f"{total} takes no `{extra}=`", f"{total} 没有 {extra}= 这个参数"))
        when_node = options["when"]
        when = None if when_node is None else self.wanted(self.read(when_node, down, rows), "boolean", when_node)
        value = self._aggregated(node, total, down, rows)
        over, by = self._period(options["over"]), self._dated(options["by"], rows)
        kind = INTEGER if total == "count" else value.type if total in ("lowest", "highest") and value is not None else DECIMAL
        return Aggregate(total, sources, value, when, over, by, kind)

    def _aggregated(self, node: ast.Call, total: Totals, down: int, rows: Namespace) -> Expression | None:
        written = node.args[1:]
        if total == "count":
            if written:
                self.stop(written[0], Words("count takes no value", "count 不取数值"), hint=Words("filter with when=", "用 when= 筛选"))
            return None
        if len(written) > 1:
            self.stop(node, Words(f"{total}(rows, value, when=..)", f"写法是 {total}(表, 数值, when=..)"))
        wants = "boolean" if total == "percent" else "ordered" if total in ("lowest", "highest") else "number"
        if written:
            return self.wanted(self.read(written[0], down, rows), wants, written[0])
        default = rows.find("total")
        if default is None or total == "percent":
            self.stop(
                node,
                Words(f"{total} of what?", f"要对什么求 {total}？"),
                hint=Words(f"{total}(cases, closed)", f"写作 {total}(cases, closed)"),
            )
        return default

    def _sources(self, node: ast.expr, names: Namespace) -> tuple[tuple[str, ...], Namespace | None]:
        listed = node.elts if isinstance(node, ast.List) else [node]
        found: list[str] = []
        for one in listed:
            match one:
                case ast.Name(id=source):
                    pass
                case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                    source = f"{owner}.{attribute}"
                case _:
                    self.stop(one, Words("a table, an event kind or a scheme stands here", "这里要写表、事件或计分方案"))
            id = names.source(source)
            if id is None:
                declare = Words("declare it under `tables:` or `events:`", "在 tables 或 events 里声明它")
                hint = did_you_mean(source, names.sources(), declare)
                self.fault(one, Words(f'no table, event kind or scheme "{source}"', f"没有“{source}”这个表、事件或计分方案"), hint=hint)
                return (), None
            found.append(id)
        if not found:
            self.stop(node, Words("an empty list", "列表是空的"))
        return tuple(found), names.rows(tuple(found))

    def _period(self, node: ast.expr | None) -> str | None:
        if node is None:
            return None
        if isinstance(node, ast.Name) and node.id in PERIODS:
            return node.id
        self.stop(node, Words(f"over= takes one of: {', '.join(PERIODS)}", f"over= 可写：{'、'.join(PERIODS)}"))

    def _dated(self, node: ast.expr | None, rows: Namespace) -> str | None:
        if node is None:
            return None
        found = rows.find(node.id) if isinstance(node, ast.Name) else None
        if isinstance(found, Name) and found.type.kind in ("date", "moment", "any"):
            return found.id
        self.stop(node, Words("by= takes a date column of the rows", "by= 要写记录里的日期列"))


def _negated(one: Expression) -> Expression:
    if isinstance(one, Constant) and isinstance(one.value, (int, Fraction)) and not isinstance(one.value, bool):
        return Constant(-one.value, one.type)
    return Negate(one, one.type)


def _fixed(one: Expression) -> int | Fraction | None:
    return one.value if isinstance(one, Constant) and isinstance(one.value, (int, Fraction)) else None


def _construct(node: ast.AST) -> str:
    return {
        "Lambda": "lambda",
        "Dict": "{..}",
        "Set": "{..}",
        "Subscript": "x[..]",
        "JoinedStr": 'f".."',
        "NamedExpr": ":=",
        "Attribute": "a dot after anything but a name",
        "Starred": "*x",
        "Tuple": "(a, b)",
        "BinOp": "this operator",
        "UnaryOp": "~x",
        "ListComp": "for",
        "GeneratorExp": "for",
    }.get(type(node).__name__, type(node).__name__)

"""Text -> typed expression: Python's expression syntax cut to a whitelist, checked against the names in sight.

    expression   = or [ "if" or "else" expression ]
    or           = and { "or" and }                       also 或
    and          = not { "and" not }                      also 且
    not          = "not" not | comparison                 also 非
    comparison   = sum { ("==" | "!=" | "<" | "<=" | ">" | ">=") sum | [ "not" ] "in" (list | sum) }
    sum          = product { ("+" | "-") product }
    product      = sign { ("*" | "/" | "//" | "%") sign }
    sign         = [ "-" | "+" ] operand
    operand      = number | text | time | "true" | "false" | name { "." name } | call | list | "(" expression ")"
    list         = "[" [ expression { "," expression } ] "]"
    call         = function "(" expression { "," expression } ")"
                 | ( "known" | "is_none" ) "(" expression ")" | ( "date" | "limit" ) "(" text ")" | "previous" "(" name ")"
                 | ( "days" | "workdays" ) "(" expression "," expression "," "both" "=" ( "true" | "false" ) ")"
                 | "match" "(" expression { "," "(" text "," expression ")" } [ "," "otherwise" "=" expression ] ")"
                 | "step" "(" sum { "," "(" sum "," sum ")" } ")" | "discretion" "(" sum "," sum ")"
                 | "streak" "(" or ")" | "nth" "(" "over" "=" period ")"
                 | total "(" rows [ "," expression ] { "," option } ")"
    total        = "count" | "sum" | "mean" | "median" | "lowest" | "highest" | "percent"
    option       = "when" "=" expression | "over" "=" period | "by" "=" name | "of" "=" ("all" | name) | "each" "=" name
                 | "lasts" "=" "[" expression "," expression "]"
                 | ("at_most" | "at_least" | "top" | "bottom" | "without_highest" | "without_lowest") "=" sum
    rows         = source | "[" source { "," source } "]"
    source       = name | name "." name

A time is a time of the clock, 08:20. A name is an identifier or a label in sight; full-width signs and digits are read as the plain ones
(`spelling`). Python's parser reads the tree, this module takes nothing of it but what stands above, so nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import Final, NoReturn, cast

from govservice.decimals import fraction_of
from govservice.errors import DecisionError, ExpressionError, Fault, Words, did_you_mean
from govservice.rules.language.calls import dotted, read_call
from govservice.rules.language.functions import NAMES
from govservice.rules.language.namespaces import Namespace
from govservice.rules.language.notations import KNOWN, beside, limit_written, nothing_written
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Comparison,
    Constant,
    Expression,
    IfElse,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Operator,
    children,
    walk,
)
from govservice.rules.language.slips import JOINED, LIST, PERCENT, THOUSANDS, limits_out, slip_at, slip_in_name
from govservice.rules.language.spelling import RESERVED, Spelled, quoted, spell
from govservice.rules.language.types import common_type, comparison_fault, type_fault, type_zh
from govservice.rules.language.values import ANY, BOOLEAN, DECIMAL, INTEGER, LIMIT, TEXT, Type, exact
from govservice.stack import raise_where_little_is_left

__all__ = ["MOST_DEPTH", "MOST_NODES", "MOST_PARTS", "Parts", "parse"]

MOST_DEPTH: Final = 100
MOST_NODES: Final = 5000  # after every `let` is written out
MOST_PARTS: Final = 200_000  # of all expressions of a book together
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
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_SO_LONG: Final = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.])[0-9]{641,}(?![\w.])")  # Python reads no longer ones where it was told so
_DAYS: Final = ("date", "moment")


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


def read(source: str, names: Namespace, *, wants: str | None = None, granted: Type = ANY) -> tuple[Expression, list[Fault]]:
    """As `parse`, but with every fault in a list; where there is one, the expression is of type `any`: of that no second fault comes.

    Where it stands for a value of a choice (`granted`), a text is one of its values, by name or label.
    """
    try:
        spelled = spell(source, names.spellings())
        tree = ast.parse(_SO_LONG.sub(_as_long, spelled.text.strip()), mode="eval").body
    except ExpressionError as error:
        return Constant(False, ANY), [error.fault]
    except SyntaxError as error:
        return Constant(False, ANY), [_syntax_fault(source, names, error)]
    except (RecursionError, MemoryError, ValueError) as error:
        raise_where_little_is_left(error)
        return Constant(False, ANY), [_too_deep(source)]
    reader = _Reader(spelled, names)
    try:
        expression = reader.as_choice(reader.read(tree, 0), tree, granted)
        if too_large(expression):
            what = Words(
                f"more than {MOST_NODES:,} parts, or {2 * MOST_DEPTH} levels, once every `let` is written out",
                f"展开 let 之后超过 {MOST_NODES:,} 个部分或 {2 * MOST_DEPTH} 层",
            )
            expression = reader.fault(tree, what, hint=_IN_MEASURES)
        elif wants is not None and not reader.faults:
            expression = reader.wanted(expression, wants, tree)
    except _Stop:
        expression = Constant(False, ANY)
    except RecursionError as error:  # what it reads builds on too much: whoever declares that is told
        raise_where_little_is_left(error)
        return Constant(False, ANY), [*reader.faults, _too_deep(source)]
    return Constant(False, ANY) if reader.faults else expression, reader.faults


def _as_long(match: re.Match[str]) -> str:
    """In place of a whole number that Python may refuse, one as long that it reads: what it is worth is read of what is written."""
    return match[0] if match[0][0] in "\"'" else f"{'1' * (len(match[0]) - 1)}."


class Parts:
    """How many parts all expressions of a book have had so far."""

    def __init__(self) -> None:
        self.left = MOST_PARTS

    def spent(self) -> bool:
        """Whether there were too many: then no more are read."""
        return self.left < 0

    def take(self, of: Expression) -> None:
        """Count an expression."""
        self.left -= sum(1 for _ in walk(of))


def too_large(of: Expression) -> bool:
    """Whether an expression has more parts, or is deeper, than any clerk writes; stops looking once it is."""
    waiting = [(of, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > MOST_NODES or depth > 2 * MOST_DEPTH:
            return True
        waiting.extend((child, depth + 1) for child in children(part))
        if isinstance(part, Aggregate):
            waiting.extend((child, depth + 1) for child in part.within)
    return False


_IN_MEASURES: Final = Words("name its parts as measures or decisions", "请把各部分写成 measures 或 decisions")


def _too_deep(source: str) -> Fault:
    return Fault(
        Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层"),
        Words("every bracket is a level, and every sign of a sum", "每对括号算一层，连加的每个加号也算一层"),
        Words("name its parts with `let:` or a measure", "用 let 或 measures 给各部分起名"),
        column=1,
        quote=quoted(source[:60], 0, 1),
    )


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
    end = at + 1
    if re.search(r"(?<![<>=!])=(?![=<>])", spelled.text) and not re.search(
        r"\b(when|over|by|lasts|both|otherwise|of|each|at_most|at_least|top|bottom|without_highest|without_lowest)\s*=(?!=)", spelled.text
    ):
        at = spelled.origin(cast("re.Match[str]", re.search(r"(?<![<>=!])=(?![=<>])", spelled.text)).start())
        end = at + 1
        hint = Words("equality is written ==", "相等写作 ==")
    elif (slip := slip_at(source, at)) is not None:
        at, end, hint = slip
        hint = _limit_meant(source, source[at:end], names) or hint
    elif spelled.text.count("(") != spelled.text.count(")") or spelled.text.count("[") != spelled.text.count("]"):
        hint = Words("a bracket is missing", "少了一个括号")
    return Fault(Words("this cannot be read as an expression", "读不成一个表达式"), hint=hint, column=at + 1, quote=quoted(source, at, end))


def _limit_meant(source: str, slip: str, names: Namespace) -> Words | None:
    """How an amount of time is written where a limit belongs; None where it is none, or a number belongs there."""
    hint = limit_written(slip)
    mended = limits_out(source) if hint is not None else source
    return hint if mended != source and not read(mended, names)[1] else None


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
                parts = tuple(self.wanted(self.read(value, down, names), "boolean", value) for value in values)
                return AllOf(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.wanted(self.read(operand, down, names), "boolean", operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _negated(self.wanted(self.read(operand, down, names), "number", operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.wanted(self.read(operand, down, names), "number", operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                a, b = self.read(left, down, names), self.read(right, down, names)
                sign = _OPERATORS[type(op)]
                if sign == "%" and isinstance(right, ast.UnaryOp) and self._is_percent(left, right):
                    self.fault(node, Words("a sign stands behind %", "% 后面跟着正负号"), hint=PERCENT)
                return self._arithmetic(sign, a, left, b, right)
            case ast.Compare():
                return self._comparison(node, down, names)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.wanted(self.read(test, down, names), "boolean", test)
                yes, no = self.read(body, down, names), self.read(orelse, down, names)
                yes, no = self.as_choice(yes, body, no.type), self.as_choice(no, orelse, yes.type)
                common = common_type(yes.type, no.type)
                if common is None:
                    return self.fault(
                        node,
                        Words(
                            f"one branch is {yes.type.kind}, the other {no.type.kind}",
                            f"两个分支的类型不同：{type_zh(yes.type)}与{type_zh(no.type)}",
                        ),
                    )
                return IfElse(condition, yes, no, common)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) if isinstance(node, ast.List):
                return ListOf(tuple(self.read(element, down, names) for element in elements))
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return self._name(node, name, names or self.names)
            case ast.Attribute() if (path := dotted(node)) is not None:
                owner, _, attribute = path.partition(".")
                named = (names or self.names).dotted(owner, attribute)
                return named if named is not None else self._unknown_dotted(node, owner, attribute, names or self.names)
            case ast.Call():
                return read_call(self, node, down, names)
            case _:
                self._no_such_construct(node)

    def _is_percent(self, left: ast.expr, right: ast.expr) -> bool:
        """Whether a % with a signed number behind it stands as in 80% + 5, which would be read as the rest of a division by +5."""
        between = self.spelled.text[self._index(left.end_col_offset or 0) : self._index(right.col_offset)]
        return between.startswith("%") and "(" not in between and self.spelled.text[self._index(left.end_col_offset or 0) - 1].isdigit()

    def _no_such_construct(self, node: ast.expr) -> NoReturn:
        hint = None
        if isinstance(node, ast.Tuple):
            slip = slip_at(self.spelled.source, self._place(node)[0])
            hint = JOINED if self._are_conditions(node.elts) else slip.hint if slip is not None else LIST
        self.stop(node, Words(f"{_construct(node)} is not part of the language", f"本语言没有这种写法（{_construct(node)}）"), hint=hint)

    def _are_conditions(self, parts: list[ast.expr]) -> bool:
        """Whether what stands between commas are conditions; what is wrong within them is another matter."""
        noted = len(self.faults)
        try:
            kinds = [self.read(part, 0).type.kind for part in parts]
        except _Stop:
            kinds = []
        del self.faults[noted:]
        return len(kinds) > 1 and set(kinds) == {"boolean"}

    def _arithmetic(self, sign: Operator, a: Expression, left: ast.expr, b: Expression, right: ast.expr) -> Expression:
        """A sum or product of numbers; a limit times a number, or divided by one, is a limit."""
        if Constant(False, ANY) in (a, b):
            return Constant(False, ANY)  # of what is not known
        if "limit" in (a.type.kind, b.type.kind) and (a.type.kind not in _DAYS or sign != "+"):
            a = self.wanted(a, "number" if sign not in "*/" or b.type.kind == "limit" else "scalable", left)
            b = self.wanted(b, "number" if sign != "*" or a.type.kind == "limit" else "scalable", right)
            return Arithmetic(sign, a, b, LIMIT)
        if sign in "+-" and (reckoned := self._reckoned(sign, a, left, b, right)) is not None:
            return reckoned
        a, b = self.wanted(a, "number", left), self.wanted(b, "number", right)
        return Arithmetic(sign, a, b, INTEGER if sign != "/" and a.type.kind == b.type.kind == "integer" else DECIMAL)

    def _reckoned(self, sign: Operator, a: Expression, left: ast.expr, b: Expression, right: ast.expr) -> Constant | None:
        """One fault where days are reckoned with signs, as functions do it; None where no day is among them."""
        if a.type.kind not in _DAYS and (b.type.kind not in _DAYS or sign == "-" or not a.type.is_number):
            return None
        earlier, later = self.written(left), self.written(right)
        if b.type.kind in _DAYS and a.type.kind not in _DAYS:
            earlier, later = later, earlier
        if a.type.kind in _DAYS and b.type.kind in _DAYS:
            if sign == "+":
                return None
            between = ["workdays", "days", *(["hours"] if a.type.kind == b.type.kind == "moment" else [])]
            calls = [f"{name}({later}, {earlier})" for name in between]
        elif "limit" in (a.type.kind, b.type.kind):
            calls = [f"due({earlier}, {later})"]
        elif a.type.is_number or b.type.is_number:
            calls = [f"{name}({earlier}, {'-' if sign == '-' else ''}{later})" for name in ("add_workdays", "add_days")]
        else:
            return None
        what = Words(f"no day stands beside {sign}", f"日子不能用 {sign} 来算")
        hint = Words(f"write {' or '.join(calls)}", f"写作 {' 或 '.join(calls)}")
        return self.fault(ast.BinOp(left, ast.Add(), right, **_span(left, right)), what, hint=hint)

    def written(self, node: ast.expr) -> str:
        """What the author wrote there, without the quotes of a text."""
        start, end = self._place(node)
        return self.spelled.source[start:end].strip("\"'“”‘’＂")

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if isinstance(value, bool):
            return Constant(value, BOOLEAN)
        if isinstance(value, str):
            return Constant(value, TEXT)
        if isinstance(value, (int, float)):
            written = self._slice(node)
            if re.fullmatch(r"0\d+", written):
                self.stop(node, Words("a number begins with 0", "数不能以 0 开头"), hint=THOUSANDS)
            if _NUMBER.fullmatch(written):
                try:
                    number = exact(fraction_of(written))
                except DecisionError as error:
                    self.stop(node, error.what)
                return Constant(number, INTEGER if isinstance(number, int) and "." not in written else DECIMAL)
        hint = KNOWN if value is None else None
        self.stop(node, Words("this is not a number, text, true or false", "这里要写数字、文字、true 或 false"), hint=hint)

    def _name(self, node: ast.Name, name: str, names: Namespace) -> Expression:
        name = name.removesuffix(RESERVED)
        if name in ("true", "false"):
            return Constant(name == "true", BOOLEAN)
        fact = names.find(name)
        if fact is not None and names.counts_here(fact):
            what = Words(f"{name} counts records, and there are none to run over here", f"“{name}”要统计记录，而这里没有可供统计的记录")
            hint = Words(
                "count in a measure, an item without for: or a decision about the subject; here stands one row",
                "在指标、没有 for: 的计分项或关于对象的决定里统计；这里只有一行记录",
            )
            return self.fault(node, what, hint=hint)
        if fact is not None:
            return fact
        if name in NAMES:
            otherwise = Words(f"{name} is a function: {name}(...)", f"{name} 是函数，写作 {name}(...)")
        else:
            otherwise = Words(
                "declare it under `tables:` or `settings:`, or put a text in quotes", "在 tables 或 settings 里声明它；文字要加引号"
            )
        hint = (
            slip_in_name(name, names.spellings())
            or names.remedy(name)
            or did_you_mean(name, (spelling for spelling in names.spellings() if spelling != name), otherwise, cutoff=0.7)
        )
        return self.fault(node, Words(f'unknown fact "{name}"', f"没有“{name}”这个事实"), hint=hint)

    def _unknown_dotted(self, node: ast.Attribute, owner: str, attribute: str, names: Namespace) -> Expression:
        return self.fault(
            node,
            Words(f'unknown "{owner}.{attribute}"', f"没有“{owner}.{attribute}”"),
            hint=names.remedy(owner, attribute)
            or Words(
                "a dot follows a clock (promised.due), `parts` or `period` only", "点号只用在时钟（promised.due）、parts 和 period 之后"
            ),
        )

    def _comparison(self, node: ast.Compare, down: int, names: Namespace | None) -> Expression:
        links: list[Expression] = []
        left_node, left = node.left, self.read(node.left, down, names)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.read(right_node, down, names)
            if isinstance(op, (ast.In, ast.NotIn)):
                inside = self.membership(left, left_node, right, right_node)
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
        left, right = self.as_choice(left, left_node, right.type), self.as_choice(right, right_node, left.type)
        fault = comparison_fault(op, left.type, right.type)
        if fault is not None:
            meant = self._meant(op, left, left_node, right, right_node) or self._meant(op, right, right_node, left, left_node)
            return self.fault(right_node, fault.what, hint=meant or fault.hint)
        return Compare(op, left, right)

    def _meant(self, op: Comparison, typed: Expression, typed_node: ast.expr, other: Expression, node: ast.expr) -> Words | None:
        """How what was written beside a day, a limit, a time or a number is written; None where nobody can say."""
        text = other.value if isinstance(other, Constant) and isinstance(other.value, str) else None
        if text is not None and not text.strip() and typed.type.kind not in ("text", "list"):
            return nothing_written(self.written(typed_node), something=op != "==")
        written = self.written(node) if text is None else text
        return beside(typed.type.kind, written, text=text is not None, number=other.type.is_number)

    def membership(self, item: Expression, item_node: ast.expr, among: Expression, among_node: ast.expr) -> Expression:
        """Whether an item is among the options of a list, labels read as the values that they name."""
        lists = _lists(among)
        if lists:
            if item.type.kind in ("text", "any") and any(option.type.kind == "choice" for listed in lists for option in listed.of):
                return self._among_choices(item, item_node, among, among_node)
            return Membership(item, self._beside(among, among_node, item.type))
        if among.type.kind not in ("list", "any"):
            return self.fault(among_node, Words(f"`in` takes a list, not {among.type.kind}", f"in 之后要写列表，不是{type_zh(among.type)}"))
        if item.type.kind not in ("text", "choice", "any"):
            self.fault(item_node, Words("a list holds texts", "列表里是文字"))
        return Membership(item, among)

    def _beside(self, among: Expression, node: ast.expr, item: Type) -> Expression:
        """The options of a list, or of each branch of a conditional between lists, as they compare with an item of this type."""
        if isinstance(among, IfElse):
            yes_node, no_node = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node, node)
            return replace(among, yes=self._beside(among.yes, yes_node, item), no=self._beside(among.no, no_node, item))
        if not isinstance(among, ListOf):
            return among
        written = node.elts if isinstance(node, ast.List) else [node] * len(among.of)
        options = []
        for option, option_node in zip(among.of, written, strict=True):
            chosen = self.as_choice(option, option_node, item)
            fault = comparison_fault("==", item, chosen.type)
            if fault is not None:
                self.fault(option_node, fault.what, hint=fault.hint)
            options.append(chosen)
        return ListOf(tuple(options))

    def _among_choices(self, item: Expression, item_node: ast.expr, among: Expression, among_node: ast.expr) -> Expression:
        """A text among choices: a label is another value beside each of them, so that it is compared with one after the other."""
        if isinstance(among, IfElse):
            yes_node, no_node = (among_node.body, among_node.orelse) if isinstance(among_node, ast.IfExp) else (among_node, among_node)
            yes, no = self._among_choices(item, item_node, among.yes, yes_node), self._among_choices(item, item_node, among.no, no_node)
            return IfElse(among.condition, yes, no, BOOLEAN)
        if not isinstance(among, ListOf):
            return Membership(item, among)
        written = among_node.elts if isinstance(among_node, ast.List) else [among_node] * len(among.of)
        links = [self._link("==", item, item_node, option, node) for option, node in zip(among.of, written, strict=True)]
        return links[0] if len(links) == 1 else AnyOf(tuple(links)) if links else Constant(False, BOOLEAN)

    def as_choice(self, expression: Expression, node: ast.expr, other: Type) -> Expression:
        """A text beside a choice must be one of its values, in each branch of a conditional too; a label is read as its value."""
        if other.kind != "choice":
            return expression
        if isinstance(expression, IfElse) and expression.type.kind in ("text", "choice"):
            yes_node, no_node = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node, node)
            yes, no = self.as_choice(expression.yes, yes_node, other), self.as_choice(expression.no, no_node, other)
            return IfElse(expression.condition, yes, no, common_type(yes.type, no.type) or ANY)
        if isinstance(expression, Match) and expression.type.kind in ("text", "choice"):
            return self._matched_choice(expression, node, other)
        if isinstance(expression, Name) and expression.type.kind == "text":
            return self._measured_choice(expression, node, other)
        if not isinstance(expression, Constant) or expression.type.kind != "text":
            return expression
        text = str(expression.value)
        meant = dict.fromkeys(choice.name for choice in other.choices if text in (choice.name, choice.label))
        if len(meant) > 1 and text not in meant:
            which = Words(f'"{text}" is the label of several values: {", ".join(meant)}', f"“{text}”是几个值的标签：{'、'.join(meant)}")
            return self.fault(node, which, hint=Words("write the value that is meant", "请写明是哪个值"))
        chosen = other.choice(text)
        if chosen is not None:
            return Constant(chosen.name, other)
        listed = ", ".join(choice.name for choice in other.choices)
        texts = (text for choice in other.choices for text in (choice.name, choice.label))
        return self.fault(
            node,
            Words(f'"{expression.value}" is none of its values', f"“{expression.value}”不在可选值之内"),
            hint=did_you_mean(str(expression.value), texts, Words(f"one of: {listed}", f"可选：{listed}"), cutoff=0.5),
        )

    def _matched_choice(self, match: Match, node: ast.expr, other: Type) -> Expression:
        worths = tuple((value, self.as_choice(worth, node, other)) for value, worth in match.worths)
        otherwise = None if match.otherwise is None else self.as_choice(match.otherwise, node, other)
        kinds = [worth.type for worth in (*(worth for _, worth in worths), otherwise) if worth is not None]
        return Match(match.of, worths, otherwise, reduce(lambda one, two: common_type(one, two) or ANY, kinds))

    def _measured_choice(self, name: Name, node: ast.expr, other: Type) -> Expression:
        """A measure that writes out texts is read as they are: where labels mean values, what it stands for takes its place."""
        measured = self.names.measured(name)
        if measured is None:
            return name
        chosen = self.as_choice(measured, node, other)
        return name if chosen == measured else chosen

    def wanted(self, expression: Expression, wants: str, node: ast.AST) -> Expression:
        """The expression, or a fault where its type is not the wanted one."""
        fault = type_fault(expression.type, wants)
        return expression if fault is None else self.fault(node, fault.what, hint=fault.hint)


def _lists(among: Expression) -> list[ListOf]:
    """The lists that are written out in what stands behind `in`."""
    if isinstance(among, IfElse):
        return [*_lists(among.yes), *_lists(among.no)]
    return [among] if isinstance(among, ListOf) else []


def _span(left: ast.expr, right: ast.expr) -> dict[str, int]:
    """The columns of two operands together."""
    return {"lineno": 1, "col_offset": left.col_offset, "end_lineno": 1, "end_col_offset": right.end_col_offset or 0}


def _negated(operand: Expression) -> Expression:
    if isinstance(operand, Constant) and isinstance(operand.value, (int, Fraction)) and not isinstance(operand.value, bool):
        return Constant(-operand.value, operand.type)
    return Negate(operand, operand.type)


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

"""FEEL, the expressions of DMN, as far as this language says the same: read into its text; anything else is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Final, TypeAlias

from govservice.errors import ExpressionError, Words
from govservice.reading import shown
from govservice.rules.language.values import reported

__all__ = ["kind_of", "read_expression", "read_tests"]

MOST_CHARACTERS: Final = 2_000
MOST_DEPTH: Final = 60
MOST_POWER: Final = 100
_TOKEN: Final = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>"[^"\\]*")'
    r"|(?P<sign>\*\*|\.\.|<=|>=|!=|[-+*/()<>=,\[\]])|(?P<word>[^\W\d]\w*))",
    re.ASCII,
)
_WORKED: Final[Mapping[str, Callable[[Fraction, Fraction], Fraction]]] = {"+": add, "-": sub, "*": mul, "/": truediv}
_COMPARED: Final = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class _Number:
    value: Fraction
    bare_minus: bool = False


_Read: TypeAlias = "_Number | str"  # a number known now, or text of the language


def read_expression(text: str, names: Mapping[str, tuple[str, str]]) -> str:
    """A literal expression as an expression of the language. `names` gives each DMN name its name here and its type.

    Taken: numbers, texts, true, false, names, `+ - * /` of numbers, powers of numbers written out, comparisons, `and`, `or`, `not(..)`,
    `if .. then .. else`. Refused by name: null, texts joined by +, functions, lists, dates. Raises ExpressionError.

    >>> read_expression("-10 - -5 * Years Served", {"Years Served": ("years_served", "number")})
    '((-10) - ((-5) * years_served))'
    """
    reading = _Reading(text, names)
    found = reading.condition(0)
    reading.end()
    return _text(found[0])


def read_tests(text: str, over: str, kind: str, names: Mapping[str, tuple[str, str]]) -> str | None:
    """The unary tests of a table's cell over an expression of the language, None where they let everything pass (`-`).

    >>> read_tests('"Medium","Low"', "risk", "string", {}), read_tests("[1..5)", "n", "number", {}), read_tests("-", "n", "number", {})
    ('risk == "Medium" or risk == "Low"', '(n >= 1 and n < 5)', None)
    """
    if text.strip() == "-":
        return None
    reading = _Reading(text, names)
    tests = reading.tests(over, kind)
    reading.end()
    return tests


class _Reading:
    def __init__(self, text: str, names: Mapping[str, tuple[str, str]]) -> None:
        if len(text) > MOST_CHARACTERS:
            raise ExpressionError(Words(f"more than {MOST_CHARACTERS:,} characters", f"超过 {MOST_CHARACTERS:,} 字"))
        self.text = text
        self.names = names
        self.tokens = list(self._tokens())
        self.at = 0

    def refused(self, en: str, zh: str) -> ExpressionError:
        return ExpressionError(Words(f"FEEL {shown(self.text)}: {en}", f"FEEL {shown(self.text)}：{zh}"))

    def _tokens(self) -> Iterator[tuple[str, str]]:
        place, text = 0, self.text
        longest = sorted(self.names, key=len, reverse=True)
        while text[place:].strip():
            start = place + len(text[place:]) - len(text[place:].lstrip())
            name = next((name for name in longest if text.startswith(name, start) and not re.match(r"\w", text[start + len(name) :])), None)
            if name is not None:
                yield "name", name
                place = start + len(name)
                continue
            found = _TOKEN.match(text, place)
            if found is None:
                raise self.refused(f"{text[start : start + 12]!r} is not taken over", f"不支持“{text[start : start + 12]}”")
            kind = found.lastgroup or ""
            yield kind, found[kind]
            place = found.end()

    def peek(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] in ("sign", "word") else None

    def take(self, *signs: str) -> str | None:
        if self.peek() in signs:
            self.at += 1
            return str(self.tokens[self.at - 1][1])
        return None

    def need(self, sign: str) -> None:
        if self.take(sign) is None:
            raise self.refused(f"{sign} is missing", f"缺少 {sign}")

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise self.refused(f"{self.tokens[self.at][1]} is not taken over here", f"此处不支持 {self.tokens[self.at][1]}")

    # each gives (what was read, its type)

    def condition(self, depth: int) -> tuple[_Read, str]:
        if depth > MOST_DEPTH:
            raise self.refused("it is nested too deeply", "嵌套过深")
        if self.take("if"):
            asked = self.boolean(self.condition(depth + 1))
            self.need("then")
            yes, kind = self.condition(depth + 1)
            self.need("else")
            no, other = self.condition(depth + 1)
            if kind != other:
                raise self.refused("then and else differ in type", "then 与 else 类型不同")
            return f"({_text(yes)} if {asked} else {_text(no)})", kind
        return self.joined("or", depth)

    def joined(self, word: str, depth: int) -> tuple[_Read, str]:
        parts = [self.joined("and", depth) if word == "or" else self.comparison(depth)]
        while self.take(word):
            parts.append(self.joined("and", depth) if word == "or" else self.comparison(depth))
        if len(parts) == 1:
            return parts[0]
        return f"({f' {word} '.join(self.boolean(part) for part in parts)})", "boolean"

    def boolean(self, read: tuple[_Read, str]) -> str:
        if read[1] != "boolean":
            raise self.refused("a boolean is needed", "此处应为是否")
        return _text(read[0])

    def comparison(self, depth: int) -> tuple[_Read, str]:
        left, kind = self.sum(depth)
        sign = self.take(*_COMPARED)
        if sign is None:
            return left, kind
        right, other = self.sum(depth)
        if kind != other or (kind != "number" and sign not in ("=", "!=")):
            raise self.refused(f"{kind} is compared with {other}", f"{kind} 与 {other} 比较")
        return f"({_text(left)} {_COMPARED[sign]} {_text(right)})", "boolean"

    def sum(self, depth: int) -> tuple[_Read, str]:
        read = self.product(depth)
        while sign := self.take("+", "-"):
            read = self.worked(read, sign, self.product(depth))
        return read

    def product(self, depth: int) -> tuple[_Read, str]:
        read = self.power(depth)
        while sign := self.take("*", "/"):
            read = self.worked(read, sign, self.power(depth))
        return read

    def power(self, depth: int) -> tuple[_Read, str]:
        base = self.signed(depth)
        if self.take("**") is None:
            return base
        exponent = self.signed(depth)
        if self.peek() == "**":
            raise self.refused("a power of a power needs brackets", "连续的乘方要加括号")
        left, right = base[0], exponent[0]
        if not isinstance(left, _Number) or not isinstance(right, _Number) or right.value.denominator != 1:
            raise self.refused("** is taken of numbers written out, to a whole power", "** 只用于写明的数，指数为整数")
        if left.bare_minus or abs(right.value) > MOST_POWER or (left.value == 0 and right.value < 0):
            raise self.refused("this power is not taken over", "不支持这一乘方")
        return _Number(left.value ** int(right.value)), "number"

    def worked(self, left: tuple[_Read, str], sign: str, right: tuple[_Read, str]) -> tuple[_Read, str]:
        if (left[1], right[1]) != ("number", "number"):
            raise self.refused(f"{sign} of {left[1]} and {right[1]} is not taken over", f"不支持 {left[1]} {sign} {right[1]}")
        a, b = left[0], right[0]
        if isinstance(a, _Number) and isinstance(b, _Number) and not (sign == "/" and b.value == 0):
            value = {
                "+": lambda: a.value + b.value,
                "-": lambda: a.value - b.value,
                "*": lambda: a.value * b.value,
                "/": lambda: a.value / b.value,
            }
            return _Number(value[sign]()), "number"
        return f"({_text(a)} {sign} {_text(b)})", "number"

    def signed(self, depth: int) -> tuple[_Read, str]:
        if self.take("-"):
            if self.peek() == "-":
                raise self.refused("two signs need brackets", "两个负号要加括号")
            read, kind = self.operand(depth)
            if kind != "number":
                raise self.refused("a number is needed", "此处应为数")
            return (_Number(-read.value, bare_minus=True) if isinstance(read, _Number) else f"(-{read})"), "number"
        return self.operand(depth)

    def operand(self, depth: int) -> tuple[_Read, str]:
        if self.at >= len(self.tokens):
            raise self.refused("it ends too early", "没有写完")
        kind, token = self.tokens[self.at]
        if token == "(":
            self.at += 1
            read, kind = self.condition(depth + 1)
            self.need(")")
            return (_Number(read.value) if isinstance(read, _Number) else read), kind
        if token == "not":
            self.at += 1
            self.need("(")
            inner = self.boolean(self.condition(depth + 1))
            self.need(")")
            return f"(not {inner})", "boolean"
        return self.constant_or_name()

    def constant_or_name(self) -> tuple[_Read, str]:
        if self.at >= len(self.tokens):
            raise self.refused("it ends too early", "没有写完")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return _Number(Fraction(f"0{token}" if token.startswith(".") else token)), "number"
        if kind == "text":
            return str(token), "string"
        if kind == "name":
            if self.peek() == "(":
                raise self.refused(f"the function {token} is not taken over", f"不支持函数 {token}")
            return self.names[token]
        if token in ("true", "false"):
            return str(token), "boolean"
        if token == "null":
            raise self.refused("null is not taken over", "不支持 null")
        raise self.refused(f"{token} is not taken over", f"不支持 {token}")

    # cells

    def tests(self, over: str, kind: str) -> str:
        if self.take("not"):
            self.need("(")
            inner = self.tests(over, kind)
            self.need(")")
            return f"not ({inner})"
        tests = [self.test(over, kind)]
        while self.take(","):
            tests.append(self.test(over, kind))
        return " or ".join(tests)

    def test(self, over: str, kind: str) -> str:
        sign = self.take("<", "<=", ">", ">=")
        if sign is not None:
            return f"{over} {sign} {self.value('number', kind)}"
        opened = self.take("[", "(", "]")
        if opened is not None:
            low = self.value("number", kind)
            self.need("..")
            high = self.value("number", kind)
            closed = self.take("]", ")", "[")
            if closed is None:
                raise self.refused("the interval is not closed", "区间没有写完")
            return f"({over} {'>=' if opened == '[' else '>'} {low} and {over} {'<=' if closed == ']' else '<'} {high})"
        value = self.value(kind, kind)
        if kind == "boolean":
            return over if value == "true" else f"not {over}"
        return f"{over} == {value}"

    def value(self, wanted: str, kind: str) -> str:
        read, found = self.signed(0)
        if found != wanted or kind != wanted:
            raise self.refused(f"{kind} is tested against {found}", f"{kind} 与 {found} 比较")
        return _text(read).removeprefix("(").removesuffix(")") if isinstance(read, _Number) else read


def kind_of(text: str, names: Mapping[str, tuple[str, str]]) -> str:
    """The type of a literal expression: number, string or boolean. Raises ExpressionError.

    >>> kind_of("1 < 2", {})
    'boolean'
    """
    return _Reading(text, names).condition(0)[1]


def _text(read: _Read) -> str:
    if isinstance(read, str):
        return read
    if read.value.denominator == 1:
        digits = str(abs(read.value.numerator))
    else:
        exact = reported(abs(read.value))
        digits = format(exact, "f") if not isinstance(exact, Fraction) and hasattr(exact, "as_tuple") else ""
        if not digits or Fraction(digits) != abs(read.value):
            digits = f"{abs(read.value.numerator)} / {read.value.denominator}"
            return f"({'-' if read.value < 0 else ''}{digits})"
    return f"(-{digits})" if read.value < 0 else digits

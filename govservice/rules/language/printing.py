"""Typed expression -> text: what is written out reads back as the same expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from govservice.decimals import in_digits
from govservice.errors import Lang
from govservice.frozen import Frozen
from govservice.limits import TimeLimit
from govservice.rules.language.functions import FUNCTIONS
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
    Expression,
    IfElse,
    InList,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Previous,
    Streak,
    Tiers,
)
from govservice.rules.language.spelling import LANGUAGE, MOST_CHARACTERS
from govservice.rules.language.values import reported

__all__ = ["written"]

_IF, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _OPERAND = range(9)  # from the loosest to the tightest
_NO_LABELS: Final[Mapping[str, str]] = Frozen({})
_MOST: Final = 8_192
_WRITTEN: Final[dict[tuple[int, str, int], tuple[Expression, Mapping[str, str], str]]] = {}  # with what the ids in its keys are of
_WORD: Final = re.compile(r"[^\W\d]\w*")
_QUOTES: Final = (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("＂", "＂"))


def written(of: Expression, *, lang: Lang = "en", labels: Mapping[str, str] = _NO_LABELS) -> str:
    """An expression as its author could have written it: parsed in the same sight, it is the same expression again.

    In Chinese the values of choices go by their labels, and so do the names and rows that `labels` gives one for.

    >>> from govservice.rules.language.values import DECIMAL, INTEGER, TEXT
    >>> late = Compare("==", Name("why", TEXT, "column"), Constant("a", TEXT))
    >>> written(Aggregate("sum", ("leave",), Name("days", DECIMAL, "column"), late, "year", None, DECIMAL))
    'sum(leave, days, when=why == "a", over=year)'
    >>> written(Arithmetic("*", Arithmetic("+", Name("n", INTEGER, "column"), Constant(1, INTEGER)), Constant(-2, INTEGER)))
    '(n + 1) * -2'
    """
    if type(labels) is not Frozen:
        return _Writer(lang, labels).at(of, _IF)
    key = (id(of), lang, id(labels))
    kept = _WRITTEN.get(key)
    if kept is None:
        if len(_WRITTEN) >= _MOST:
            _WRITTEN.clear()
        kept = _WRITTEN[key] = of, labels, _Writer(lang, labels).at(of, _IF)
    return kept[2]


class _Writer:
    def __init__(self, lang: Lang, labels: Mapping[str, str]) -> None:
        self.lang = lang
        self.labels = labels

    def at(self, of: Expression, binding: int) -> str:
        """The text of an expression where only what binds at least so tightly stands without brackets."""
        text, own = self._bound(of)
        return text if own >= binding else f"({text})"

    def _bound(self, of: Expression) -> tuple[str, int]:
        """The text of an expression, and how tightly it binds."""
        match of:
            case IfElse(condition, yes, no):
                return f"{self.at(yes, _OR)} if {self.at(condition, _OR)} else {self.at(no, _IF)}", _IF
            case AllOf((only,)) | AnyOf((only,)):
                return self._bound(only)
            case AnyOf(parts):
                return " or ".join(self.at(part, _AND) for part in parts), _OR
            case AllOf(parts):
                return " and ".join(self.at(part, _NOT) for part in parts), _AND
            case Not(Membership(item, among)):
                return f"{self.at(item, _SUM)} not in {self.at(among, _SUM)}", _COMPARISON
            case Not(inner):
                return f"not {self.at(inner, _NOT)}", _NOT
            case Compare(op, left, right):
                return f"{self.at(left, _SUM)} {op} {self.at(right, _SUM)}", _COMPARISON
            case Membership(item, among):
                return f"{self.at(item, _SUM)} in {self.at(among, _SUM)}", _COMPARISON
            case Arithmetic(op, left, right):
                own = _SUM if op in "+-" else _PRODUCT
                return f"{self.at(left, own)} {op} {self.at(right, own + 1)}", own
            case Negate(inner):
                return f"-{self.at(inner, _SIGN)}", _SIGN
            case Constant():
                return self._constant(of)
            case _:
                return self._operand(of), _OPERAND

    def _operand(self, of: Expression) -> str:
        match of:
            case Name(id):
                return self._name(id)
            case ListOf(parts):
                return f"[{self._listed(parts)}]"
            case Known(inner):
                return f"known({self.at(inner, _IF)})"
            case IsNone(inner):
                return f"is_none({self.at(inner, _IF)})"
            case Call(function, parts):
                return self._call(function, parts)
            case Tiers(inner, steps):
                return f"step({self._listed((inner,))}, {', '.join(f'({self._listed(step)})' for step in steps)})"
            case Match(inner, worths, otherwise):
                pairs = ", ".join(f"({self._listed(pair)})" for pair in worths)
                last = "" if otherwise is None else f", otherwise={self.at(otherwise, _IF)}"
                return f"match({self._listed((inner,))}, {pairs}{last})"
            case Discretion(low, high):
                return f"discretion({self._listed((low, high))})"
            case Previous(name):
                return f"previous({self._name(name)})"
            case Streak(inner):
                return f"streak({self.at(inner, _IF)})"
            case InList(name, inner, when):
                last = "" if when is None else f", when={self.at(when, _IF)}"
                return f"in_list({self._name(name)}, {self.at(inner, _IF)}{last})"
            case Aggregate():
                return self._aggregate(of)
            case _:
                raise AssertionError(f"no way to write {type(of).__name__}")

    def _listed(self, parts: tuple[Expression, ...]) -> str:
        return ", ".join(self.at(part, _IF) for part in parts)

    def _call(self, name: str, parts: tuple[Expression, ...]) -> str:
        function = FUNCTIONS[name]
        flagged = f", {function.flag}=true" if len(parts) > function.most else ""
        return f"{name}({self._listed(parts[: function.most])}{flagged})"

    def _aggregate(self, of: Aggregate) -> str:
        sources = [self._source(source) for source in of.sources]
        arguments = [sources[0] if len(sources) == 1 else f"[{', '.join(sources)}]"]
        if of.value is not None and not (isinstance(of.value, Name) and of.value.id == "total" and of.total != "percent"):
            arguments.append(self.at(of.value, _IF))
        if of.when is not None:
            arguments.append(f"when={self.at(of.when, _IF)}")
        named = (("over", of.over), ("by", of.by), ("of", of.of), ("each", None if of.each is None else of.each.id))
        arguments += [f"{key}={value if key == 'over' else self._name(value)}" for key, value in named if value is not None]
        arguments += [f"lasts=[{self._listed(of.lasts)}]"] if of.lasts is not None else []
        arguments += [f"{key}={self.at(number, _IF)}" for key, number in of.options]
        return f"{of.total}({', '.join(arguments)})"

    def _source(self, id: str) -> str:
        """What rows are called: not what a fact of the same name is."""
        return self._labelled(f"rows:{id}") if f"rows:{id}" in self.labels and self.lang == "zh" else self._name(id)

    def _name(self, id: str) -> str:
        owner, dot, fact = id.partition(".")
        return f"{self._labelled(owner)}.{fact}" if dot and id not in self.labels else self._labelled(id)

    def _labelled(self, id: str) -> str:
        label = self.labels.get(id) if self.lang == "zh" else None
        return label if label is not None and _WORD.fullmatch(label) and label not in LANGUAGE else id

    def _constant(self, of: Constant) -> tuple[str, int]:
        value = of.value
        match value:
            case bool():
                return str(value).lower(), _OPERAND
            case int() | Fraction():
                return _number(value, whole=of.type.kind == "integer"), _SIGN if value < 0 else _OPERAND
            case str():
                return _text(self._value(of, value)), _OPERAND
            case TimeLimit():
                return f'limit("{value}")', _OPERAND
            case date():
                return f'date("{value.isoformat()}")', _OPERAND
            case _:
                return str(reported(value)), _OPERAND

    def _value(self, of: Constant, value: str) -> str:
        """A choice's value by its label, where that means this value alone."""
        labels = [choice.label for choice in of.type.choices if choice.name == value]
        meant = {choice.name for choice in of.type.choices if labels and labels[0] in (choice.name, choice.label)}
        return labels[0] if self.lang == "zh" and meant == {value} else value


def _number(value: int | Fraction, *, whole: bool) -> str:
    if isinstance(value, int):
        return in_digits(value) if whole else f"{in_digits(value)}.0"
    digits = next((digits for digits in range(1, MOST_CHARACTERS) if (value * 10**digits).denominator == 1), None)
    if digits is None:
        return str(reported(value))  # no number that an expression writes out has no end
    shifted = in_digits(abs(int(value * 10**digits))).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{shifted[:-digits]}.{shifted[-digits:]}"


def _text(text: str) -> str:
    for opening, closing in _QUOTES:
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    opening, closing = next(((opening, closing) for opening, closing in _QUOTES if closing not in text), _QUOTES[0])
    return f"{opening}{text}{closing}"

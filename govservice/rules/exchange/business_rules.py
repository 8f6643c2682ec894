"""Conditions as the business-rules package writes them: `{all: [{name, operator, value}]}`, both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf, isfinite
from typing import Any, Final

from govservice.errors import ExpressionError, RecordError, Words
from govservice.reading import shown
from govservice.rules.language.facts import read_fact
from govservice.rules.language.namespaces import Namespace
from govservice.rules.language.parsing import MOST_DEPTH
from govservice.rules.language.shapes import (
    AllOf,
    AnyOf,
    Call,
    Compare,
    Comparison,
    Constant,
    Expression,
    Known,
    ListOf,
    Membership,
    Name,
    Not,
)
from govservice.rules.language.values import ANY, BOOLEAN, TEXT, Type, Value, reported

__all__ = ["from_tree", "to_tree"]

_COMPARE: Final[Mapping[str, Comparison]] = {
    "equal_to": "==",
    "greater_than": ">",
    "greater_than_or_equal_to": ">=",
    "less_than": "<",
    "less_than_or_equal_to": "<=",
}
_REFUSED: Final = {
    "matches_regex": Words("a pattern from a stranger may never end", "来路不明的正则可能永不结束"),
    "equal_to_case_insensitive": Words("texts are compared as they are written", "文字按原样比较"),
    "ends_with": Words("the language has contains and starts_with", "本语言有 contains 和 starts_with"),
    "is_contained_by": Words("the language cannot speak of every element", "本语言不能逐一判断列表元素"),
}


def from_tree(tree: Mapping[str, Any], names: Namespace, *, depth: int = 0) -> Expression:
    """A condition tree as an expression, its variables being facts in sight of `names`.

    Kept different from the package: numbers are equal only where they are (it allows a millionth), a choice and a text are compared as
    written (its `select` ignores case), names are declared facts (it reaches any attribute), a wrong type is a fault (it asserts), and
    a missing fact is unknown. Raises ExpressionError.
    """
    if depth > MOST_DEPTH:
        raise ExpressionError(Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层"))
    keys = set(tree) if isinstance(tree, Mapping) else set()
    if keys in ({"all"}, {"any"}):
        ((word, parts),) = tree.items()
        if not isinstance(parts, list) or not parts:
            raise ExpressionError(Words(f"`{word}` takes a list of conditions", f"{word} 之后要写条件的列表"))
        conditions = tuple(from_tree(part, names, depth=depth + 1) for part in parts)
        return AllOf(conditions) if word == "all" else AnyOf(conditions)
    if not {"name", "operator"} <= keys <= {"name", "operator", "value"}:
        raise ExpressionError(
            Words("this is no business-rules condition", "不是 business-rules 的条件"),
            hint=Words("{name, operator, value}, or all: or any: alone", "写作 {name, operator, value}，或单独的 all、any"),
        )
    name, operator = str(tree["name"]), str(tree["operator"])
    fact = names.find(name)
    if fact is None:
        raise ExpressionError(
            Words(f'unknown fact "{name}"', f"没有“{name}”这个事实"), hint=Words("variables are declared facts", "变量须是声明过的事实")
        )
    if operator in _REFUSED:
        raise ExpressionError(Words(f"the operator {operator} is not taken over", f"不支持运算 {operator}"), why=_REFUSED[operator])
    return _leaf(fact, name, operator, tree.get("value"))


def _leaf(fact: Expression, name: str, operator: str, value: Any) -> Expression:
    kind = fact.type.kind
    if fact == Constant(False, ANY):
        return fact  # of what is not known nothing is told here
    if operator in ("is_true", "is_false") and kind == "boolean":
        return fact if operator == "is_true" else Not(fact)
    if operator == "non_empty" and kind in ("text", "choice"):
        return Known(fact)
    if operator == "equal_to" and kind in ("text", "choice"):
        return Compare("==", fact, _literal(name, value, fact.type))
    if operator in _COMPARE and fact.type.is_number:
        return Compare(_COMPARE[operator], fact, _literal(name, value, Type("decimal")))
    if operator in ("contains", "starts_with") and kind == "text":
        return Call(operator, (fact, _literal(name, value, TEXT)), BOOLEAN)
    if kind == "list":
        return _of_list(fact, name, operator, value)
    raise ExpressionError(
        Words(f"the operator {operator} does not fit {name}, which is {kind}", f"运算 {operator} 不适用于 {name}（{kind}）"),
        hint=Words(
            "numbers: equal_to, greater_than, ..; booleans: is_true, is_false; lists: contains, ..",
            "数：equal_to、greater_than 等；是否：is_true、is_false；列表：contains 等",
        ),
    )


def _literal(name: str, value: Any, kind: Type) -> Constant:
    try:
        return Constant(read_fact(name, value, kind), kind)
    except RecordError as error:
        raise ExpressionError(error.what, why=error.why, hint=error.hint) from error


def _of_list(fact: Expression, name: str, operator: str, value: Any) -> Expression:
    def holds(element: Any) -> Expression:
        return Call("contains", (fact, _literal(name, element, TEXT)), BOOLEAN)

    if operator == "contains":
        return holds(value)
    if operator == "does_not_contain":
        return Not(holds(value))
    several: Mapping[str, Callable[[Sequence[Expression]], Expression]] = {
        "contains_all": lambda each: AllOf(tuple(each)),
        "shares_at_least_one_element_with": lambda each: AnyOf(tuple(each)),
        "shares_no_elements_with": lambda each: Not(AnyOf(tuple(each))),
        "shares_exactly_one_element_with": lambda each: AnyOf(
            tuple(AllOf((condition, *(Not(other) for other in each if other is not condition))) for condition in each)
        ),
    }
    if operator in several and isinstance(value, (list, tuple)) and 0 < len(value) <= 50:
        return several[operator]([holds(element) for element in value])
    raise ExpressionError(Words(f"the operator {operator} does not fit the list {name}", f"运算 {operator} 不适用于列表 {name}"))


def to_tree(of: Expression) -> dict[str, Any]:
    """An expression as a condition tree, where it fits one.

    Raises ExpressionError naming the part that does not: arithmetic, a comparison of two facts, a total over records.

    >>> to_tree(Not(Name("simple", BOOLEAN, "column")))
    {'name': 'simple', 'operator': 'is_false', 'value': ''}
    """
    match of:
        case AllOf(parts):
            return {"all": [to_tree(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_tree(part) for part in parts]}
        case Name(id, Type(kind="boolean")):
            return {"name": id, "operator": "is_true", "value": ""}
        case Not(Name(id, Type(kind="boolean"))):
            return {"name": id, "operator": "is_false", "value": ""}
        case Known(Name(id, Type(kind="text" | "choice"))):
            return {"name": id, "operator": "non_empty", "value": ""}
        case Compare(op, Name(id), Constant(value)) if not isinstance(value, bool):
            operator = next((word for word, sign in _COMPARE.items() if sign == op), None)
            if operator is not None and (op == "==" or isinstance(value, (int, Fraction))):
                return {"name": id, "operator": operator, "value": _as_json(value)}
        case Call("contains" | "starts_with" as operator, (Name(id), Constant(value))):
            return {"name": id, "operator": operator, "value": _as_json(value)}
        case Not(Call("contains", (Name(id, Type(kind="list")), Constant(value)))):
            return {"name": id, "operator": "does_not_contain", "value": _as_json(value)}
        case Membership(Name(id), ListOf(options)) if all(isinstance(option, Constant) for option in options):
            return {
                "any": [
                    {"name": id, "operator": "equal_to", "value": _as_json(option.value)}
                    for option in options
                    if isinstance(option, Constant)
                ]
            }
        case _:
            pass
    raise ExpressionError(
        Words(f"a business-rules tree cannot say this: {type(of).__name__}", f"business-rules 的条件树写不出：{type(of).__name__}"),
        hint=Words("it knows one fact beside one value, all and any", "它只有“一个事实对一个值”、all 和 any"),
    )


def _as_json(value: Value) -> object:
    """A value as JSON holds it: a fraction as the float that reads back as it."""
    if not isinstance(value, Fraction):
        return value
    try:
        number = float(value)
    except OverflowError:
        number = inf
    if not isfinite(number) or Fraction(repr(number)) != value:
        seen = shown(reported(value))
        raise ExpressionError(Words(f"a business-rules tree cannot hold {seen} exactly", f"business-rules 的条件树不能精确写出 {seen}"))
    return number

"""A condition cut at its outermost `and`, each part as its author wrote it; what tests one name is told apart."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Final, NamedTuple

from govservice.errors import ExpressionError
from govservice.rules.language.spelling import RESERVED, Spelled, spell
from govservice.stack import raise_where_little_is_left

__all__ = ["Conjunct", "FactTest", "conjuncts"]


class FactTest(NamedTuple):
    """How one name is tested: by a comparison (`>=`) with an operand, by `in` or `not in` with several, or (`is`, `not`) as it is."""

    op: str
    operands: tuple[str, ...] = ()


class Conjunct(NamedTuple):
    """One part of a condition: its text, and what it tests where that is one name."""

    text: str
    name: str | None = None
    tests: tuple[FactTest, ...] = ()


_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def conjuncts(source: str, spellings: Collection[str]) -> tuple[Conjunct, ...]:
    """The parts of a condition in order; one that cannot be read is one part as it stands.

    >>> for part in conjuncts("正式申请 且 2 <= departments < 5 且 (a or b)", {"正式申请", "departments", "a", "b"}):
    ...     print(part.text, part.name, [tuple(test) for test in part.tests])
    正式申请 正式申请 [('is', ())]
    2 <= departments < 5 departments [('>=', ('2',)), ('<', ('5',))]
    (a or b) None []
    """
    try:
        spelled = spell(source, spellings)
        tree = ast.parse(spelled.text.strip(), mode="eval").body
    except (ExpressionError, SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise_where_little_is_left(error)
        return (Conjunct(source),)
    cut = _Cut(spelled)
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return tuple(cut.conjunct(part) for part in parts)


class _Cut:
    def __init__(self, spelled: Spelled) -> None:
        self.spelled = spelled
        self.lead = len(spelled.text) - len(spelled.text.lstrip())
        self.bytes = spelled.text.strip().encode()

    def conjunct(self, node: ast.expr) -> Conjunct:
        text = self.text(node)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            return Conjunct(f"({text})")
        match node:
            case ast.Name() | ast.Attribute():
                return Conjunct(text, _name(node), (FactTest("is"),) if _name(node) else ())
            case ast.UnaryOp(op=ast.Not(), operand=operand) if (name := _name(operand)) is not None:
                return Conjunct(text, name, (FactTest("not"),))
            case ast.Compare():
                name, tests = self.comparison(node)
                return Conjunct(text, name, tests)
            case _:
                return Conjunct(text)

    def comparison(self, node: ast.Compare) -> tuple[str | None, tuple[FactTest, ...]]:
        """The one name that is compared, and with what: `a >= 2`, `2 <= a < 5`, `a in [..]`."""
        signs = [_SIGNS.get(type(op), "") for op in node.ops]
        terms = [node.left, *node.comparators]
        first = _name(terms[0])
        if len(signs) == 1 and signs[0] in ("in", "not in"):
            listed = terms[1].elts if isinstance(terms[1], ast.List) else []
            return (first, (FactTest(signs[0], tuple(self.text(element) for element in listed)),)) if first and listed else (None, ())
        if any(sign not in _MIRRORED for sign in signs):
            return None, ()
        if len(signs) == 1 and first is not None:
            return first, (FactTest(signs[0], (self.text(terms[1]),)),)
        middle = _name(terms[1])
        if middle is None or len(signs) > 2:
            return None, ()
        before = FactTest(_MIRRORED[signs[0]], (self.text(terms[0]),))
        return middle, (before, *(FactTest(sign, (self.text(terms[2]),)) for sign in signs[1:]))

    def text(self, node: ast.expr) -> str:
        start, end = (self._index(offset) for offset in (node.col_offset, node.end_col_offset or 0))
        return self.spelled.source[self.spelled.origin(start) : self.spelled.origin(end)].strip()

    def _index(self, offset: int) -> int:
        return len(self.bytes[:offset].decode(errors="ignore")) + self.lead


def _name(node: ast.expr) -> str | None:
    """`a`, `a.b`; None for anything else."""
    if isinstance(node, ast.Attribute):
        owner = _name(node.value)
        return None if owner is None else f"{owner}.{node.attr.replace(RESERVED, '')}"
    return node.id.replace(RESERVED, "") if isinstance(node, ast.Name) and node.id not in ("true", "false", "True", "False") else None

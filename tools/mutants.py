"""The mutants of a file: every place where one thing may be changed, what it is changed into, and the code with one change made.

Texts, types and the arguments of `raise` and `Words` are left alone. `tools/mutate.py` tries them.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import NamedTuple

COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "int"}
UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list"}
UNTOUCHED_CALLS = {"Words", "cast"}


class Place(NamedTuple):
    """A node of a file's tree, where it stands, and the outermost function it runs in (None: it runs on import)."""

    node: ast.AST
    parent: ast.AST
    field: str
    at: int | None
    function: str | None


class Mutant(NamedTuple):
    """One change: the number of its place in the walk over the file's tree, and of its change there; `again` counts those alike."""

    file: Path
    place: int
    change: int
    line: int
    reached_at: frozenset[int]
    what: str
    function: str | None
    again: int

    def __str__(self) -> str:
        again = f" ({self.again + 1})" if self.again else ""
        return " ".join(f"{self.file}:{self.line} {self.what}{again}".split())


def places(node: ast.AST, function: str | None = None) -> Iterator[Place]:
    """Every node that may be changed, in order."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNTOUCHED_CALLS):
        return
    for field, value in ast.iter_fields(node):
        inner = node.name if function is None and field == "body" and isinstance(node, ast.FunctionDef) else function
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and field not in UNTOUCHED_FIELDS:
                yield Place(child, node, field, at, inner)
                yield from places(child, inner)


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node may be changed into: each change in words, and the node that stands there then."""
    old = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    match copy.deepcopy(node):
        case ast.Compare(ops=ops) as new:
            for at, op in enumerate(ops):
                for other in COMPARE[type(op)]:
                    new.ops[at] = other()
                    yield f"{old}  ->  {ast.unparse(new)}", copy.deepcopy(new)
                new.ops[at] = op
        case (ast.BinOp(op=op) | ast.AugAssign(op=op)) as new if type(op) in ARITHMETIC:
            new.op = ARITHMETIC[type(op)]()
            yield f"{old}  ->  {ast.unparse(new)}", new
        case ast.BoolOp(op=op, values=values):
            found = [ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)]
            found += [ast.BoolOp(op, values[:at] + values[at + 1 :]) for at in range(len(values))]
            yield from ((f"{old}  ->  {ast.unparse(new)}", new if len(new.values) > 1 else new.values[0]) for new in found)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield f"{old}  ->  {ast.unparse(operand)}", operand
        case ast.Constant(value=bool(value)):
            yield f"{value}  ->  {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from ((f"{value}  ->  {other}", ast.Constant(other)) for other in (value + 1, value - 1) if other >= 0)
        case (ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test)) as new:
            new.test = ast.UnaryOp(ast.Not(), test)
            yield f"if {ast.unparse(test)}  ->  if not", new
        case ast.comprehension(ifs=ifs) as new:
            for at, one in enumerate(ifs):
                new.ifs = ifs[:at] + ifs[at + 1 :]
                yield f"if {ast.unparse(one)}  ->  (no condition)", copy.deepcopy(new)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield f"{old}  ->  return None", ast.Return(ast.Constant(None))
        case ast.Call(func=ast.Name(id=name)) as new if name in OPPOSITE:
            new.func = ast.Name(OPPOSITE[name], ast.Load())
            yield f"{old}  ->  {ast.unparse(new)}", new
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield f"{old[:80]}  ->  (gone)", ast.Pass()
        case ast.Continue() | ast.Break() as new:
            yield f"{old}  ->  the other", ast.Break() if isinstance(new, ast.Continue) else ast.Continue()


def tree_of(file: Path) -> ast.Module:
    """The tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in its order. It is reached where its own lines are, or the first of the statement it stands in."""
    line = statement = 1
    likes: Counter[tuple[int, str]] = Counter()
    for number, place in enumerate(places(tree_of(file))):
        line = getattr(place.node, "lineno", line)
        statement = place.node.lineno if isinstance(place.node, ast.stmt) else statement
        whole = place.node.test if isinstance(place.node, ast.If | ast.While) else place.node
        lines = {statement, *range(line, (getattr(whole, "end_lineno", None) or line) + 1)}
        for at, (what, _) in enumerate(changes(place.node)):
            yield Mutant(file, number, at, line, frozenset(lines), what, place.function, likes[line, what])
            likes[line, what] += 1


def mutated(file: Path, number: int, change: int) -> CodeType:
    """The file compiled with one change made."""
    tree = tree_of(file)
    place = list(places(tree))[number]
    _, other = list(changes(place.node))[change]
    ast.copy_location(other, place.node)
    if place.at is None:
        setattr(place.parent, place.field, other)
    else:
        getattr(place.parent, place.field)[place.at] = other
    return compile(ast.fix_missing_locations(tree), str(file.resolve()), "exec")

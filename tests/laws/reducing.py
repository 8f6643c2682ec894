"""An example cut down to what a violation needs, so that it can be read and pasted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from govservice.errors import GovServiceError

if TYPE_CHECKING:
    from .laws import Example, Violation

EXPRESSIONS = {"when", "points", "total", "eligible", "who", "then", "starts", "due", "otherwise", "m1"}
LISTS_OF_THEM = {"then", "by", "stops", "let", "otherwise"}
KEPT = {"rulebook", "about", "hit", "scores", "period", "type", "values", "starts", "signal"}


def smaller(one: Example, found: Violation, *, tries: int, law: Callable[[Example], Violation | None]) -> tuple[Example, Violation]:
    """Leaves out entries of the book, rows, facts, and forgotten facts, as long as the same kind of violation stays."""
    left = tries
    changed = True
    while changed and left > 0:
        changed = False
        for candidate in _candidates(one):
            left -= 1
            if left <= 0:
                break
            still = _broken(candidate, law)
            if still is not None and still.kind == found.kind:
                one, found, changed = candidate, still, True
                break
    return one, found


def _broken(one: Example, law: Callable[[Example], Violation | None]) -> Violation | None:
    try:
        return law(one)
    except (GovServiceError, LookupError, AttributeError, TypeError):
        return None


def _candidates(one: Example) -> Iterator[Example]:
    """Examples with one thing less: large things first."""
    for path in _paths(one.book.tree, 2):
        yield _without_entry(one, path)
    for table in one.rows:
        if len(one.rows[table]) > 1 or table not in ("application", "cases", "staff", "window", "events"):
            rows = {name: given for name, given in one.rows.items() if name != table}
            yield replace(one, rows=rows, gone=[path for path in one.gone if path[0] != table])
        for place in range(len(one.rows[table])):
            yield _without_row(one, table, place)
    for gone in one.gone:
        yield replace(one, gone=[path for path in one.gone if path != gone])
    for path in _paths(one.book.tree, 9):
        yield _without_entry(one, path)
    for table, rows in one.rows.items():
        for place, row in enumerate(rows):
            for name in row:
                if (table, place, name) not in one.gone and name not in ("kind", "case"):
                    yield _without_fact(one, table, place, name)
    yield from _shorter(one)


def _paths(tree: Any, deep: int, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a tree down to a depth, the upper ones first."""
    below = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    for key, _ in below:
        if not (isinstance(key, str) and key in KEPT):
            yield (*here, key)
    if deep > 1:
        for key, node in below:
            yield from _paths(node, deep - 1, (*here, key))


def _without_entry(one: Example, path: tuple[Any, ...]) -> Example:
    tree = deepcopy(one.book.tree)
    node: Any = tree
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return replace(one, book=replace(one.book, tree=tree))


def _without_row(one: Example, table: str, place: int) -> Example:
    rows = {name: [row for at, row in enumerate(given) if name != table or at != place] for name, given in one.rows.items()}
    gone = [(name, at - (name == table and at > place), column) for name, at, column in one.gone if not (name == table and at == place)]
    return replace(one, rows=rows, gone=gone)


def _without_fact(one: Example, table: str, place: int, name: str) -> Example:
    rows = deepcopy(one.rows)
    del rows[table][place][name]
    return replace(one, rows=rows)


def _shorter(one: Example) -> Iterator[Example]:
    """Expressions cut to one of their parts."""
    import ast

    for path in _paths(one.book.tree, 9):
        node: Any = one.book.tree
        for step in path:
            node = node[step]
        if not isinstance(node, str) or not (path[-1] in EXPRESSIONS or (len(path) > 2 and path[-2] in LISTS_OF_THEM)):
            continue
        mark = "=" if node.startswith("=") else ""
        try:
            parsed = ast.parse(node.removeprefix("="), mode="eval").body
        except SyntaxError:
            continue
        for part in ast.walk(parsed):
            if part is parsed or not isinstance(part, ast.expr) or isinstance(part, ast.Tuple):
                continue
            text = ast.unparse(part)
            if len(text) < len(node):
                tree = deepcopy(one.book.tree)
                holder: Any = tree
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = mark + text
                yield replace(one, book=replace(one.book, tree=tree))

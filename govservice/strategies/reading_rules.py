"""What the rules of a book read: which facts, and the values that their conditions turn on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govservice.rules.language.shapes import Call, Compare, Constant, Expression, Match, Membership, Name, Tiers, children
from govservice.rules.language.values import Type, Value

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Decision

__all__ = ["Reading", "read_by"]

TURNED_ON = (Compare, Membership, Tiers, Match, Call)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts that may be given, with their types, and by name the values that a condition compares them with."""

    facts: dict[str, Type] = field(default_factory=dict)
    near: dict[str, set[Value]] = field(default_factory=dict)


def read_by(contents: Contents, decisions: Iterable[str]) -> Reading:
    """What some decisions read, those they use followed; facts in the order they are first read."""
    reading, waiting, seen = Reading(), list(decisions), set[str]()
    while waiting:
        id = waiting.pop(0)
        if id in seen:
            continue
        seen.add(id)
        for expression in _expressions(contents.decisions[id]):
            waiting += _read(expression, contents, reading)
    return reading


def _expressions(decision: Decision) -> Iterator[Expression]:
    if decision.when is not None:
        yield decision.when
    for rule in decision.rules:
        if rule.when is not None:
            yield rule.when
        yield from (value for _, value in rule.then)
    yield from (value for _, value in decision.otherwise or ())


def _read(expression: Expression, contents: Contents, reading: Reading) -> list[str]:
    """Notes what one expression reads; the decisions whose outcomes it uses. Rows of an aggregate are records, not facts."""
    used: list[str] = []
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(children(part)))
        match part:
            case Name(id, kind, "column" | "clock"):
                reading.facts[id] = kind
            case Name(_, _, "outcome", str() as decision):
                used.append(decision)
            case Name(id, _, "measure"):
                waiting.append(contents.measures[id].value)
            case _ if isinstance(part, TURNED_ON):
                _note(part, contents, reading.near)
    return used


def _note(condition: Expression, contents: Contents, near: dict[str, set[Value]]) -> None:
    """Every constant and setting of a comparison is a value that its names turn on."""
    leaves = list(_leaves(condition))
    values = {leaf.value for leaf in leaves if isinstance(leaf, Constant)}
    values |= {value for leaf in leaves if isinstance(leaf, Name) and (value := _set(leaf, contents)) is not None}
    for leaf in leaves:
        if isinstance(leaf, Name) and leaf.home != "setting":
            near.setdefault(leaf.id, set()).update(values)


def _set(name: Name, contents: Contents) -> Value | None:
    settings: Mapping[str, object] = contents.settings if name.home == "setting" else {}
    return contents.settings[name.id].value if name.id in settings else None


def _leaves(expression: Expression) -> Iterator[Expression]:
    below = children(expression)
    if not below:
        yield expression
    for part in below:
        yield from _leaves(part)

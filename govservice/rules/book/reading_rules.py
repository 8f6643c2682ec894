"""What the rules of a book read: which facts, and the values that their conditions turn on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govservice.rules.book.entries import expressions
from govservice.rules.language.shapes import (
    Aggregate,
    Call,
    Compare,
    Constant,
    Expression,
    Match,
    Membership,
    Name,
    Tiers,
    children,
    walk,
)
from govservice.rules.language.values import Type, Value

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["Reading", "facts_in", "read_by", "turned_on_in"]

TURNED_ON = (Compare, Membership, Tiers, Match, Call)
Near = dict[str, set[Value]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts that may be given, with their types, and by name the values that a condition compares them with."""

    facts: dict[str, Type] = field(default_factory=dict)
    near: Near = field(default_factory=dict)


def read_by(contents: Contents, entries: Iterable[str]) -> Reading:
    """What some decisions and clocks read, those they use followed; facts in the order they are first read.

    A decision is given what a clock says; a clock is not: it reads the other clock itself.
    """
    reading, waiting, seen = Reading(), list(entries), set[str]()
    clocks = any(id in contents.clocks for id in waiting)
    while waiting:
        id = waiting.pop(0)
        if id in seen:
            continue
        seen.add(id)
        for expression in expressions(contents.decisions.get(id) or contents.clocks[id]):
            waiting += _read(expression, contents, reading, clocks=clocks)
    return reading


def facts_in(contents: Contents, expression: Expression) -> dict[str, Type]:
    """The facts that one expression reads, itself and through the decisions and measures that it names."""
    reading = Reading()
    used = _read(expression, contents, reading, clocks=False)
    return reading.facts | read_by(contents, used).facts


def turned_on_in(contents: Contents) -> Near:
    """By name the values that any condition of the book compares it with, those about counted rows among them."""
    near: Near = {}
    listed = (contents.decisions, contents.measures, contents.schemes, contents.clocks, contents.notices)
    for entry in (entry for entries in listed for entry in entries.values()):
        for part in (part for expression in expressions(entry) for part in walk(expression)):
            if isinstance(part, TURNED_ON):
                _note(part, contents, near)
    for clock in contents.clocks.values():
        near.setdefault("kind", set()).update(clock.pause_kinds)
        if clock.extension is not None:
            near.setdefault("clock", set()).add(clock.id)
            near.setdefault("by", set()).update(() if clock.extension.by is None else (clock.extension.by,))
    return near


def _read(expression: Expression, contents: Contents, reading: Reading, *, clocks: bool) -> list[str]:
    """Notes what one expression reads; the decisions and clocks that it uses. Rows of an aggregate are records, not facts."""
    used: list[str] = []
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(children(part)))
        match part:
            case Name(id, _, "clock") if clocks:
                used += [clock for clock in (id.partition(".")[0],) if clock in contents.clocks]
            case Name(id, kind, "column" | "clock"):
                reading.facts[id] = kind
            case Name(_, _, "outcome", str() as decision):
                used.append(decision)
            case Name(id, _, "measure"):
                waiting.append(contents.measures[id].value)
            case _ if isinstance(part, TURNED_ON):
                _note(part, contents, reading.near)
    return used


def _note(condition: Expression, contents: Contents, near: Near) -> None:
    """Every constant and setting of a comparison is a value that its names turn on."""
    leaves = list(_leaves(condition))
    values = {leaf.value for leaf in leaves if isinstance(leaf, Constant)}
    values |= {value for leaf in leaves if isinstance(leaf, Name) and (value := _set(leaf, contents)) is not None}
    for leaf in leaves:
        if isinstance(leaf, Name) and leaf.home != "setting":
            near.setdefault(leaf.id, set()).update(values)


def _set(name: Name, contents: Contents) -> Value | None:
    return contents.settings[name.id].value if name.home == "setting" and name.id in contents.settings else None


def _leaves(expression: Expression) -> Iterator[Expression]:
    below = children(expression)
    if not below and not isinstance(expression, Aggregate):
        yield expression
    for part in below:
        yield from _leaves(part)

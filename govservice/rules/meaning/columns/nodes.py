"""Expressions over columns, of no engine: a small closed set of operations, folded as they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

__all__ = [
    "FALSE",
    "TRUE",
    "Col",
    "Kind",
    "Lit",
    "Node",
    "Op",
    "and_",
    "case",
    "coalesce",
    "compare",
    "equals",
    "is_null",
    "is_true",
    "isin",
    "not_",
    "not_null",
    "null",
    "or_",
]

Kind: TypeAlias = Literal["boolean", "small", "integer", "wide", "real", "decimal", "text", "choice", "date", "moment", "list", "struct"]


@dataclass(frozen=True, slots=True)
class Lit:
    """A value written out; None is null."""

    value: bool | int | float | str | date | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Col:
    """A column of the table, or one that an earlier step has worked out. `values` are those that a closed text may have."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Op:
    """One operation on columns, by its name in each engine's list; `extra` is what it needs beside them."""

    op: str
    of: tuple[Node, ...]
    kind: Kind
    extra: object = None


Node: TypeAlias = Lit | Col | Op
TRUE: Final = Lit(True, "boolean")
FALSE: Final = Lit(False, "boolean")


def null(kind: Kind) -> Lit:
    """No value."""
    return Lit(None, kind)


def not_(of: Node) -> Node:
    """`not`: null where that is null."""
    if isinstance(of, Lit):
        return of if of.value is None else Lit(not of.value, "boolean")
    if isinstance(of, Op) and of.op == "not":
        return of.of[0]
    return Op("not", (of,), "boolean")


def and_(*of: Node) -> Node:
    """`and`, by Kleene's table where null is unknown.

    >>> and_(TRUE, Col("a", "boolean"), FALSE) == FALSE, and_() == TRUE
    (True, True)
    """
    return _joined("and", of, neutral=TRUE, absorbing=FALSE)


def or_(*of: Node) -> Node:
    """`or`, by Kleene's table."""
    return _joined("or", of, neutral=FALSE, absorbing=TRUE)


def _joined(op: str, of: Iterable[Node], *, neutral: Lit, absorbing: Lit) -> Node:
    parts: dict[Node, None] = {}
    for part in of:
        if part == absorbing:
            return absorbing
        for inner in part.of if isinstance(part, Op) and part.op == op else (part,):
            if inner != neutral:
                parts[inner] = None
    if not parts:
        return neutral
    return next(iter(parts)) if len(parts) == 1 else Op(op, tuple(parts), "boolean")


def is_null(of: Node) -> Node:
    """Whether there is no value; never null itself."""
    if isinstance(of, Lit):
        return Lit(of.value is None, "boolean")
    if isinstance(of, Op) and of.op in ("is_null", "is_true"):
        return FALSE
    return Op("is_null", (of,), "boolean")


def not_null(of: Node) -> Node:
    """Whether there is a value."""
    return not_(is_null(of))


def is_true(of: Node) -> Node:
    """Whether a condition holds; false where it is null."""
    if isinstance(of, Lit):
        return Lit(of.value is True, "boolean")
    return of if isinstance(of, Op) and of.op in ("is_null", "is_true") else Op("is_true", (of,), "boolean")


def coalesce(*of: Node) -> Node:
    """The first that has a value."""
    parts = [part for part in of if part != null(part.kind)] or [of[0]]
    first = parts[0]
    if len(parts) == 1 or isinstance(first, Lit):
        return first
    return Op("coalesce", tuple(parts), first.kind)


def case(pairs: Iterable[tuple[Node, Node]], otherwise: Node) -> Node:
    """The value of the first condition that holds (null does not), else `otherwise`."""
    kept: list[tuple[Node, Node]] = []
    for condition, value in pairs:
        if isinstance(condition, Lit):
            if condition.value is True:
                otherwise = value
                break
            continue
        kept.append((condition, value))
    while kept and kept[-1][1] == otherwise:
        kept.pop()
    if not kept:
        return otherwise
    kind = next((value.kind for value in (*(value for _, value in kept), otherwise) if value != null(value.kind)), otherwise.kind)
    return Op("case", (*(part for pair in kept for part in pair), otherwise), kind)


def compare(op: str, left: Node, right: Node) -> Node:
    """`left op right`; null where either is."""
    if left == null(left.kind) or right == null(right.kind):
        return null("boolean")
    return Op(op, (left, right), "boolean")


def equals(left: Node, right: Node) -> Node:
    """`left == right`."""
    return compare("==", left, right)


def isin(of: Node, values: Iterable[Lit]) -> Node:
    """Whether a value is one of several; null where there is none."""
    listed = tuple(dict.fromkeys(values))
    if not listed:
        return case([(is_null(of), null("boolean"))], FALSE)
    return equals(of, listed[0]) if len(listed) == 1 else Op("in", (of, *listed), "boolean")

"""Expressions and decisions made anew with some parts changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias, cast

from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision
from govservice.rules.language.shapes import Expression

__all__ = ["Change", "changed_decision", "one_by_one", "rebuilt", "with_entries"]

Change: TypeAlias = Callable[[Any], "Expression | None"]
"""What stands for a part instead; None leaves it, and what is in it is asked about."""


def rebuilt(of: Expression, change: Change) -> Expression:
    """An expression with parts changed; where nothing is, the same one."""
    return cast("Expression", _rebuilt(of, change))


def _rebuilt(of: Any, change: Change) -> Any:
    if isinstance(of, tuple):
        parts = tuple(_rebuilt(part, change) for part in of)
        return parts if any(part is not own for part, own in zip(parts, of, strict=True)) else of
    if not is_expression(of):
        return of
    instead = change(of)
    if instead is not None:
        return instead
    changes = {
        field.name: part
        for field in fields(of)
        if field.init and field.name != "type" and (part := _rebuilt(own := getattr(of, field.name), change)) is not own
    }
    return replace(of, **changes) if changes else of


def is_expression(of: object) -> bool:
    """Whether something is an expression: a shape of the language."""
    return is_dataclass(of) and type(of).__module__.endswith("rules.language.shapes")


def changed_decision(of: Decision, change: Change) -> Decision:
    """A decision with parts of its expressions changed."""
    rules = tuple(
        replace(
            rule,
            when=None if rule.when is None else rebuilt(rule.when, change),
            then=tuple((name, rebuilt(worth, change)) for name, worth in rule.then),
        )
        for rule in of.rules
    )
    otherwise = None if of.otherwise is None else tuple((name, rebuilt(worth, change)) for name, worth in of.otherwise)
    return replace(of, when=None if of.when is None else rebuilt(of.when, change), rules=rules, otherwise=otherwise)


def one_by_one(of: Expression, variants: Callable[[Expression], Iterator[Expression]]) -> Iterator[Expression]:
    """Every expression that comes from this one by changing one part in one way."""
    yield from variants(of)
    for field in fields(of):
        own = getattr(of, field.name)
        if not field.init or field.name == "type":
            continue
        if is_expression(own):
            for part in one_by_one(own, variants):
                yield _with(of, field.name, part)
        elif isinstance(own, tuple):
            for parts in _one_by_one_of(own, variants):
                yield _with(of, field.name, parts)


def _with(of: Any, name: str, part: object) -> Expression:
    return cast("Expression", replace(of, **{name: part}))


def _one_by_one_of(of: tuple[Any, ...], variants: Callable[[Expression], Iterator[Expression]]) -> Iterator[tuple[Any, ...]]:
    for at, part in enumerate(of):
        changed: Iterator[Any] = iter(())
        if is_expression(part):
            changed = one_by_one(part, variants)
        elif isinstance(part, tuple):
            changed = _one_by_one_of(part, variants)
        for instead in changed:
            yield (*of[:at], instead, *of[at + 1 :])


def with_entries(contents: Contents, **changes: Any) -> Contents:
    """A book with other decisions, settings or measures of the same names; what is known of its names stays known."""
    other = replace(contents, **changes)
    for known in ("_sights", "_columns", "_words_for_none", "called", "spelt"):
        if known in contents.__dict__:
            other.__dict__[known] = contents.__dict__[known]
    return other

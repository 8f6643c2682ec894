"""Small books made as shapes, without a file; and every record that there is of their facts, decided by the interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

from govservice import load_rulebook
from govservice.nothing import NONE
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Column, Decision, Rule
from govservice.rules.language.shapes import (
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    IfElse,
    IsNone,
    Known,
    ListOf,
    Membership,
    Name,
    Not,
    Tiers,
)
from govservice.rules.language.values import BOOLEAN, DECIMAL, INTEGER, Choice, Type
from govservice.rules.meaning.subjects import Subject, Surroundings

COLOUR = Type("choice", (Choice("red", "红"), Choice("green", "绿"), Choice("blue", "蓝")))
WHOLE = Type("integer", low=0, high=5)
NUMBER = Type("decimal", low=Fraction(0), high=Fraction(2))
WITH_NONE = Type("integer", none=("无",), low=0, high=2)
FACTS = {
    "flag": Column("flag", BOOLEAN),
    "other": Column("other", BOOLEAN),
    "colour": Column("colour", COLOUR),
    "whole": Column("whole", WHOLE),
    "beside": Column("beside", WHOLE),
    "number": Column("number", NUMBER),
    "fee": Column("fee", WITH_NONE),
    "said": Column("said", Type("integer", low=0, high=1)),
}
EIGHTHS = [Fraction(step, 8) for step in range(17)]
SPACE: dict[str, list[Any]] = {
    "flag": [False, True],
    "other": [False, True],
    "colour": ["red", "green", "blue"],
    "whole": list(range(6)),
    "beside": list(range(6)),
    "number": EIGHTHS,
    "fee": [0, 1, 2, NONE],
    "said": [0, 1],
}
OUTCOME = Type("choice", tuple(Choice(id, id) for id in "abc"))


@cache
def bare() -> Contents:
    """A book that decides nothing: one table, its facts."""
    return load_rulebook("standard").contents


def book(*decisions: Decision) -> Contents:
    """A book of these decisions, about one table that has the facts above."""
    base = bare()
    table = replace(base.tables["application"], columns=FACTS)
    granting = {"application": {name: decision.id for decision in decisions for name, _ in decision.outcomes}}
    return replace(
        base,
        decisions={decision.id: decision for decision in decisions},
        tables={**base.tables, "application": table},
        chains={"application": ("application",)},
        granting=granting,
        measures={},
        schemes={},
        clocks={},
        notices={},
        settings={},
    )


class Drawn:
    """Draws expressions and decisions over a few of the facts."""

    def __init__(self, seed: int, *, facts: int = 3) -> None:
        self.random = Random(seed)
        self.facts = self.random.sample(sorted(FACTS), facts)
        self.outcomes: list[Name] = []

    def name(self, id: str) -> Name:
        return Name(id, FACTS[id].type, "column")

    def condition(self, depth: int = 2) -> Expression:
        draw = self.random.random()
        if depth and draw < 0.5:
            parts = tuple(self.condition(depth - 1) for _ in range(self.random.randint(2, 3)))
            return AllOf(parts) if draw < 0.3 else AnyOf(parts)
        if depth and draw < 0.6:
            return Not(self.condition(depth - 1))
        if self.outcomes and draw < 0.7:
            chosen = self.random.choice(self.outcomes)
            return Compare(self.random.choice(("==", "!=")), chosen, Constant(self.random.choice("abc"), OUTCOME))
        return self.atom()

    def atom(self) -> Expression:
        id = self.random.choice(self.facts)
        kind = FACTS[id].type
        if id == "said" and self.random.random() < 0.5:
            return Known(self.name(id))
        if id == "fee" and self.random.random() < 0.3:
            return IsNone(self.name(id))
        if kind.kind == "boolean":
            return self.name(id)
        if kind.kind == "choice":
            if self.random.random() < 0.3:
                return Membership(
                    self.name(id), ListOf(tuple(Constant(value, COLOUR) for value in self.random.sample(["red", "green", "blue"], 2)))
                )
            return Compare(self.random.choice(("==", "!=")), self.name(id), Constant(self.random.choice(["red", "green", "blue"]), COLOUR))
        op = self.random.choice(("<", "<=", ">", ">=", "==", "!="))
        return Compare(op, self.amount(id), self.constant(id))

    def constant(self, id: str) -> Constant:
        if id == "number":
            return Constant(Fraction(self.random.randint(0, 4), 2), DECIMAL)
        return Constant(self.random.randint(0, 5), INTEGER)

    def amount(self, id: str) -> Expression:
        draw = self.random.random()
        whole = [fact for fact in self.facts if FACTS[fact].type.kind == "integer"]
        if draw < 0.15 and len(whole) > 1:
            one, other = self.random.sample(whole, 2)
            return Arithmetic(self.random.choice(("+", "-")), self.name(one), self.name(other))
        if draw < 0.22 and len(whole) > 1:
            one, other = self.random.sample(whole, 2)
            return Call(self.random.choice(("min", "max")), (self.name(one), self.name(other)), INTEGER)
        if draw < 0.28:
            return Arithmetic("*", self.name(id), Constant(self.random.choice((2, -1)), INTEGER))
        if draw < 0.33:
            steps = tuple((Constant(at, INTEGER), Constant(self.random.randint(0, 3), INTEGER)) for at in (1, 2, 4))
            return Tiers(self.name(id), steps)
        if draw < 0.38:
            return IfElse(self.atom_of_others(id), self.name(id), Constant(self.random.randint(0, 3), INTEGER), DECIMAL)
        return self.name(id)

    def atom_of_others(self, id: str) -> Expression:
        flags = [fact for fact in self.facts if FACTS[fact].type.kind == "boolean"]
        return self.name(self.random.choice(flags)) if flags else Compare(">", self.name(id), Constant(1, INTEGER))

    def decision(self, id: str, hit: str | None = None) -> Decision:
        hit = hit or self.random.choice(("first", "first", "unique", "any"))
        rules = []
        for at in range(self.random.randint(2, 5)):
            when = None if hit == "first" and at > 1 and self.random.random() < 0.15 else self.condition()
            rules.append(Rule(f"r{at}", when, ((id, Constant(self.random.choice("abc"), OUTCOME)),)))
        otherwise = ((id, Constant("c", OUTCOME)),) if self.random.random() < 0.2 else None
        when = self.condition(1) if self.random.random() < 0.15 else None
        return Decision(id, "application", hit, tuple(rules), ((id, OUTCOME),), when=when, otherwise=otherwise)  # type: ignore[arg-type]

    def decisions(self) -> tuple[Decision, ...]:
        """One decision, or one that uses another."""
        if self.random.random() < 0.4:
            used = self.decision("used")
            self.outcomes = [Name("used", OUTCOME, "outcome", "used")]
            return used, self.decision("asked")
        return (self.decision("asked"),)


def records(facts: list[str]) -> Iterator[dict[str, Any]]:
    """Every record of some facts; one whose name ends in `?` need not be said."""
    values_of = [[*SPACE[fact.removesuffix("?")], *([None] if fact.endswith("?") else [])] for fact in facts]
    for values in product(*values_of):
        yield {fact.removesuffix("?"): value for fact, value in zip(facts, values, strict=True) if value is not None}


def subject(contents: Contents, record: dict[str, Any]) -> Subject:
    """A record under a book."""
    return Subject(contents, "application", record, Surroundings())

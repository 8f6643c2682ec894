"""Small changes of a table's rules: thresholds moved by one, `>` made `>=`, rules dropped or swapped, amounts and days changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from govservice.as_json import AsJson
from govservice.errors import Lang, LimitError, Words, known_lang
from govservice.frozen import Frozen
from govservice.limits import TimeLimit
from govservice.rules.book.contents import labelled
from govservice.rules.book.entries import Decision, Rule
from govservice.rules.language.labelled import in_labels
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import AllOf, AnyOf, Compare, Constant, Expression, Not
from govservice.rules.proofs.rebuilding import one_by_one

__all__ = ["Mutant", "amounts", "conditions", "mutants_of"]

_NO_LABELS: Final[Mapping[str, str]] = Frozen({})
_BESIDE: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_UNITS: Final = {"workday": "natural_day", "natural_day": "workday", "hour": "minute", "month": "natural_day", "year": "month"}


@dataclass(frozen=True, slots=True, repr=False)
class Mutant(AsJson):
    """One small change: of which decision and rule, and what was changed."""

    decision: str
    rule: str
    said: Words

    def text(self, lang: Lang = "en") -> str:
        """The change as a line."""
        return f"{self.decision}.{self.rule}: {self.said.text(known_lang(lang))}"


def mutants_of(of: Decision, labels: Mapping[str, str] = _NO_LABELS) -> Iterator[tuple[Mutant, Decision]]:
    """Every small change of a decision's rules, each with the changed decision; two rules that give the same are not swapped.

    In Chinese a change is told by `labels`, those of names and of values as `name=value`.
    """

    def mutant(rule: str, said: Words) -> Mutant:
        return Mutant(of.id, rule, Words(said.en, in_labels(said.zh, labels)))

    for at, rule in enumerate(of.rules):
        for said, changed in _of_rule(rule):
            yield mutant(rule.id, said), replace(of, rules=(*of.rules[:at], changed, *of.rules[at + 1 :]))
        dropped = Words("the rule is dropped", "删去这条规则")
        yield Mutant(of.id, rule.id, dropped), replace(of, rules=(*of.rules[:at], *of.rules[at + 1 :]))
        after = of.rules[at + 1] if of.hit == "first" and at + 1 < len(of.rules) else None
        if after is not None and after.then != rule.then:
            swapped = Words(f"swapped with {after.id}", f"与{labelled(after.id, after.label)}对调")
            yield Mutant(of.id, rule.id, swapped), replace(of, rules=(*of.rules[:at], after, rule, *of.rules[at + 2 :]))
    if of.when is not None:
        for said, when in conditions(of.when):
            yield mutant("when", said), replace(of, when=when)


def _of_rule(rule: Rule) -> Iterator[tuple[Words, Rule]]:
    if rule.when is not None:
        for said, when in conditions(rule.when):
            yield said, replace(rule, when=when, text=written(when))
    for at, (name, worth) in enumerate(rule.then):
        for changed in one_by_one(worth, amounts):
            said = Words(f"{name}: {written(worth)} -> {written(changed)}", f"{name}：{written(worth)} 改为 {written(changed)}")
            yield said, replace(rule, then=(*rule.then[:at], (name, changed), *rule.then[at + 1 :]))


def conditions(of: Expression) -> Iterator[tuple[Words, Expression]]:
    """A condition changed in one place, each time with what was changed."""
    before = written(of)
    for changed in one_by_one(of, _variants):
        after = written(changed)
        yield Words(f"{before} -> {after}", f"{before} 改为 {after}"), changed


def _variants(of: Expression) -> Iterator[Expression]:
    """Other ways in which one part of a condition could have been written."""
    match of:
        case Compare(op, left, right):
            yield Compare(cast("Any", _BESIDE[op]), left, right)
        case AllOf(parts) if len(parts) > 1:
            yield AnyOf(parts)
        case AnyOf(parts) if len(parts) > 1:
            yield AllOf(parts)
        case Not(inner):
            yield inner
    yield from amounts(of)


def amounts(of: Expression) -> Iterator[Expression]:
    """A number, a day or a limit a little more and a little less; a limit in another unit."""
    if not isinstance(of, Constant):
        return
    value: Any = of.value
    if isinstance(value, bool):
        yield Constant(not value, of.type)
    elif isinstance(value, int):
        yield from (Constant(value + step, of.type) for step in (1, -1))
    elif isinstance(value, Fraction):
        step = Fraction(1, value.denominator)
        yield from (Constant(value + part, of.type) for part in (step, -step))
    elif isinstance(value, TimeLimit):
        yield from _limits(of, value)
    elif type(value) is date:
        yield from (Constant(value + timedelta(days=step), of.type) for step in (1, -1))


def _limits(of: Constant, value: TimeLimit) -> Iterator[Expression]:
    for amount, unit in ((value.value + 1, value.unit), (value.value - 1, value.unit), (value.value, _UNITS.get(value.unit))):
        if unit is None or amount < Decimal(1):
            continue
        try:
            yield Constant(TimeLimit(amount, cast("Any", unit)), of.type)
        except LimitError:
            continue

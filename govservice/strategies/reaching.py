"""Facts for which a given rule fires, found by changing one fact after another until every condition in its way is as it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import assume
from hypothesis import strategies as st

from govservice.errors import ConflictError
from govservice.rules.book.reading_rules import facts_in
from govservice.rules.language.shapes import AllOf, AnyOf, Compare, Constant, Expression, IsNone, Known, Name, Not, walk
from govservice.rules.language.values import Type, Unknown
from govservice.rules.meaning.evaluation import evaluate, holds

if TYPE_CHECKING:
    from govservice.rules.book.entries import Decision, Rule
    from govservice.rules.meaning.subjects import Subject
    from govservice.rules.rulebook import Rulebook
    from govservice.strategies.drawing import Drawer, Near

__all__ = ["Goal"]

MOST_CHANGES = 60
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that must hold (`wanted`) or must not, with the facts that it reads."""

    of: Expression
    wanted: bool
    facts: Mapping[str, Type]
    may_forget: bool  # whether it asks if something is known, or none

    def answer(self, subject: Subject) -> bool | Unknown:
        try:
            return holds(evaluate(self.of, subject))
        except ConflictError:  # of a decision that it uses
            return Unknown(frozenset(self.facts))


@dataclass(frozen=True)
class Goal:
    """A rule that is to fire, of a decision of a book on a day."""

    book: Rulebook
    decision: Decision
    rule: Rule
    on: date | None

    def reached(self, drawer: Drawer, facts: Facts, near: Near) -> Facts:
        """The facts, changed one by one until the rule fires; a draw that leads nowhere is given up."""
        clauses = self._clauses(drawer)
        for _ in range(MOST_CHANGES):
            subject = self.book.subject(self.decision.about, facts, on=self.on)
            answers = [(clause, clause.answer(subject)) for clause in clauses]
            assume(all(self._may_be_settled(clause, answer) for clause, answer in answers))
            unmet = [clause for clause, answer in answers if answer is not clause.wanted]
            if not unmet:
                break
            self._change(drawer.draw(st.sampled_from(unmet)), drawer, facts, near)
        assume(self._fires(facts))
        return facts

    def _may_be_settled(self, clause: Clause, answer: bool | Unknown) -> bool:
        """Whether facts may settle a condition: it waits for neither records, nor a setting, nor the day that is today."""
        return not isinstance(answer, Unknown) or not answer.needs.isdisjoint(clause.facts.keys() | self._outcomes)

    @cached_property
    def _outcomes(self) -> frozenset[str]:
        """What the book decides: of a gap, the outcome itself is waited for."""
        return frozenset(name for granted in self.book.contents.granting.values() for name in granted)

    def _change(self, clause: Clause, drawer: Drawer, facts: Facts, near: Near) -> None:
        assume(clause.facts)  # one that reads none stays as it is
        name = drawer.draw(st.sampled_from(sorted(clause.facts)))
        if clause.may_forget and drawer.draw(st.integers(0, 3)) == 3:
            facts.pop(name, None)
        else:
            facts[name] = drawer.value(clause.facts[name], near.get(name, ()))

    def _fires(self, facts: Facts) -> bool:
        try:
            outcome = self.book.decide(self.decision.id, facts, on=self.on)
        except ConflictError:
            return False
        if self.decision.hit in ("first", "unique"):
            return outcome.rule == self.rule.id and not outcome.open
        subject = self.book.subject(self.decision.about, facts, on=self.on)
        verdict = subject.verdict(self.decision.id)
        return verdict.applies is True and any(step.rule == self.rule.id and step.held for step in verdict.steps)

    def _clauses(self, drawer: Drawer) -> list[Clause]:
        wanted = [part for of, want in self._conditions(self.decision, self.rule) for part in self._parts(of, want, drawer)]
        return [self._clause(of, want) for of, want in dict.fromkeys(wanted)]

    def _clause(self, of: Expression, wanted: bool) -> Clause:
        key = (of, wanted)
        if key not in self._kept:
            forget = any(isinstance(part, Known | IsNone) for part in walk(of))
            self._kept[key] = Clause(of, wanted, facts_in(self.book.contents, of), forget)
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[Expression, bool], Clause]:
        return {}

    def _conditions(self, decision: Decision, rule: Rule) -> Iterator[tuple[Expression, bool]]:
        """What must hold, and what must not, for a rule of a decision to fire."""
        if decision.when is not None:
            yield decision.when, True
        before = True
        for other in decision.rules:
            if other is rule:
                before = False
                if rule.when is not None:
                    yield rule.when, True
            elif other.when is not None and other.in_force(self.on) and (decision.hit == "unique" or (decision.hit == "first" and before)):
                yield other.when, False

    def _parts(self, of: Expression, wanted: bool, drawer: Drawer) -> Iterator[tuple[Expression, bool]]:
        """A condition as those that must each be met: an outcome that must be some value, as the conditions of a rule that grants it."""
        match of, wanted:
            case Not(inner), _:
                yield from self._parts(inner, not wanted, drawer)
            case (AllOf(inner), True) | (AnyOf(inner), False):
                for part in inner:
                    yield from self._parts(part, wanted, drawer)
            case Name(id, _, "measure"), _:
                yield from self._parts(self.book.contents.measures[id].value, wanted, drawer)
            case (Compare("==", Name() as name, Constant() as constant), True) if name.granted_by is not None:
                yield of, True
                yield from self._granting(name, constant, drawer)
            case (Name() as name, _) if name.granted_by is not None:
                yield of, wanted
                yield from self._granting(name, Constant(wanted, name.type), drawer)
            case _:
                yield of, wanted

    def _granting(self, name: Name, constant: Constant, drawer: Drawer) -> Iterator[tuple[Expression, bool]]:
        """The conditions of one of the rules that grant an outcome a value."""
        decision = self.book.contents.decisions[name.granted_by or ""]
        rules = [
            rule
            for rule in decision.rules
            if rule.in_force(self.on)
            and any(id == name.id and isinstance(worth, Constant) and worth.value == constant.value for id, worth in rule.then)
        ]
        if rules:
            for of, want in self._conditions(decision, drawer.draw(st.sampled_from(rules))):
                yield from self._parts(of, want, drawer)

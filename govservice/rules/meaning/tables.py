"""Tables of rules read for one subject: the four hit policies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from govservice.errors import ConflictError, Words
from govservice.rules.book.entries import Decision, Rule, in_force
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import NONE, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import Scope, evaluate, holds

__all__ = ["Judgement", "Verdict", "decide"]

UNSET = Unknown()  # a rule that fired left this outcome open; no fact would settle it


class Judgement(NamedTuple):
    """What became of one rule: it held (True), did not (False), or could not be judged (None)."""

    rule: str
    held: bool | None
    needs: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """The reading of one table for one subject.

    `rule` is the rule that settled it (None under a gap, an open outcome or several that agree); `rules` are all that may have.
    `values` holds each outcome's value, unknown where it is open, none where nothing applies; `possible` the values it may still take.
    """

    decision: Decision
    rule: str | None
    rules: tuple[str, ...]
    values: dict[str, Value]
    possible: dict[str, tuple[Value, ...]]
    steps: tuple[Judgement, ...] = ()
    applies: bool | None = True
    gap: bool = False


@dataclass(slots=True)
class _Candidate:
    rule: Rule | None
    values: dict[str, Value]
    possible: dict[str, tuple[Value, ...]]  # what each may be: itself where it is known


def decide(decision: Decision, scope: Scope, on: date | None) -> Verdict:
    """Read one table for one subject by its hit policy.

    Raises ConflictError where a `unique` table has two rules that hold, or an `any` table two that disagree; DateNeeded where the table
    is dated and `on` is None.
    """
    if not in_force(decision.from_, decision.until, on, decision.id):
        return _inapplicable(decision)
    applies: bool | Unknown = True if decision.when is None else holds(evaluate(decision.when, scope))
    if applies is False:
        return _inapplicable(decision)
    steps, sure, maybe = _judge(decision, scope, on)
    if isinstance(applies, Unknown):
        candidates: list[Rule | None] = [*(rule for rule, _ in maybe), *sure]
        candidates += [] if sure else [None]
        return _doubtful(decision, steps, candidates, [applies, *(needs for _, needs in maybe)], scope)
    if decision.hit == "collect":
        return _collected(decision, steps, sure, maybe, scope)
    if decision.hit == "first":
        return _first(decision, steps, sure, maybe, scope)
    return _agreed(decision, steps, sure, maybe, scope)


@lru_cache(maxsize=4096)
def _judged(rule: str, held: bool) -> Judgement:
    """The step of a rule that was judged: alike for every subject, so made once."""
    return Judgement(rule, held)


def _judge(decision: Decision, scope: Scope, on: date | None) -> tuple[tuple[Judgement, ...], list[Rule], list[tuple[Rule, Unknown]]]:
    """Judge the rules in order: the steps, the rules that hold, and those that cannot be judged. `first` stops at one that holds."""
    steps: list[Judgement] = []
    sure: list[Rule] = []
    maybe: list[tuple[Rule, Unknown]] = []
    for rule in decision.rules:
        if (rule.from_ is not None or rule.until is not None) and not rule.in_force(on):
            continue
        answer: bool | Unknown = True if rule.when is None else holds(evaluate(rule.when, scope))
        if answer is True:
            steps.append(_judged(rule.id, True))
            sure.append(rule)
            if decision.hit == "first":
                break
        elif isinstance(answer, Unknown):
            steps.append(Judgement(rule.id, None, tuple(sorted(answer.needs))))
            maybe.append((rule, answer))
        else:
            steps.append(_judged(rule.id, False))
    return tuple(steps), sure, maybe


def _granted(rule: Rule | None, decision: Decision, scope: Scope) -> _Candidate:
    """What a rule grants; None stands for no rule: `otherwise:`, or a gap."""
    then = rule.then if rule is not None else decision.otherwise
    granted = dict(then) if then is not None else {}
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...]] = {}
    for name, _ in decision.outcomes:
        expression = granted.get(name)
        value = evaluate(expression, scope) if expression is not None else (NONE if then is None else UNSET)
        values[name] = value
        through = isinstance(value, Unknown) and isinstance(expression, Name) and expression.granted_by is not None
        possible[name] = scope.possible(expression) if through else (value,)  # type: ignore[arg-type]
    return _Candidate(rule, values, possible)


def _first(decision: Decision, steps: tuple[Judgement, ...], sure: list[Rule], maybe: list[tuple[Rule, Unknown]], scope: Scope) -> Verdict:
    last = sure[0] if sure else None
    if not maybe:
        return _settled(decision, steps, _granted(last, decision, scope))
    candidates = [_granted(rule, decision, scope) for rule, _ in maybe] + [_granted(last, decision, scope)]
    return _weighed(decision, steps, candidates, [needs for _, needs in maybe])


def _agreed(decision: Decision, steps: tuple[Judgement, ...], sure: list[Rule], maybe: list[tuple[Rule, Unknown]], scope: Scope) -> Verdict:
    if not sure:
        candidates = [_granted(rule, decision, scope) for rule, _ in maybe] + [_granted(None, decision, scope)]
        return _weighed(decision, steps, candidates, [needs for _, needs in maybe])
    granted = [_granted(rule, decision, scope).values for rule in sure]
    values = {name: _agreed_value([outcomes[name] for outcomes in granted]) for name, _ in decision.outcomes}
    if len(sure) > 1 and (decision.hit == "unique" or any(value is None for value in values.values())):
        named = [rule.id for rule in sure]
        raise ConflictError(
            Words(f"the rules {' and '.join(named)} both hold", f"规则 {'、'.join(named)} 同时成立"),
            why=Words(f"{decision.id} promises hit: {decision.hit}", f"{decision.id} 声明 hit: {decision.hit}"),
            hint=Words("mend the conditions, or order the rules with hit: first", "修改条件，或用 hit: first 排定先后"),
            id=decision.id,
        )
    settled = {name: value for name, value in values.items() if value is not None}
    return Verdict(
        decision, sure[0].id, tuple(rule.id for rule in sure), settled, {name: (value,) for name, value in settled.items()}, steps
    )


def _agreed_value(values: list[Value]) -> Value | None:
    """What rules that hold grant together: one known value (those not known may yet be it), None where two differ."""
    known = {_identity(value): value for value in values if not isinstance(value, Unknown)}
    if len(known) > 1:
        return None
    return next(
        iter(known.values()),
        values[0] if len(values) == 1 else Unknown(frozenset().union(*(value.needs for value in values if isinstance(value, Unknown)))),
    )


def _weighed(decision: Decision, steps: tuple[Judgement, ...], candidates: list[_Candidate], needs: list[Unknown]) -> Verdict:
    """Settled where every candidate grants the same; else open, with what it may be and what would decide."""
    if len(candidates) == 1:
        return _settled(decision, steps, candidates[0])
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...]] = {}
    for name, _ in decision.outcomes:
        granted = [candidate.values[name] for candidate in candidates]
        distinct = _distinct(granted)
        possible[name] = _distinct(value for candidate in candidates for value in candidate.possible[name])
        if len(distinct) == 1 and not isinstance(distinct[0], Unknown):
            values[name] = distinct[0]
        else:
            open_ = Unknown(frozenset().union(*(unknown.needs for unknown in needs)))
            for value in granted:
                open_ = open_ | value if isinstance(value, Unknown) else open_
            values[name] = open_
    rules = tuple(candidate.rule.id for candidate in candidates if candidate.rule is not None)
    return Verdict(decision=decision, rule=None, rules=rules, values=values, possible=possible, steps=steps)


def _settled(decision: Decision, steps: tuple[Judgement, ...], alone: _Candidate) -> Verdict:
    """The one candidate there is: nothing to weigh."""
    possible = {name: may_be if len(may_be) == 1 else _distinct(may_be) for name, may_be in alone.possible.items()}
    if alone.rule is None:
        return Verdict(decision, None, (), alone.values, possible, steps, gap=decision.otherwise is None)
    return Verdict(decision, alone.rule.id, (alone.rule.id,), alone.values, possible, steps)


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple({_identity(value): value for value in values}.values())


def _identity(value: Value) -> object:
    """Equal values are one possibility; 1 and True are two."""
    return (type(value) is bool, value)


def _collected(
    decision: Decision, steps: tuple[Judgement, ...], sure: list[Rule], maybe: list[tuple[Rule, Unknown]], scope: Scope
) -> Verdict:
    granted = [_granted(rule, decision, scope) for rule in sure]
    if not granted and not maybe and decision.otherwise is not None:
        granted = [_granted(None, decision, scope)]
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...]] = {}
    for name, _ in decision.outcomes:
        collected = tuple(candidate.values[name] for candidate in granted if candidate.values[name] is not UNSET)
        open_: Unknown | None = None
        for value in (*collected, *(needs for _, needs in maybe)):
            if isinstance(value, Unknown):
                open_ = value if open_ is None else open_ | value
        values[name] = collected if open_ is None else open_
        doubtful = tuple(_granted(rule, decision, scope).values[name] for rule, _ in maybe)
        else_ = (_granted(None, decision, scope).values[name],) if maybe and not sure and decision.otherwise is not None else ()
        possible[name] = tuple(value for value in (*collected, *doubtful, *else_) if not isinstance(value, Unknown))
    rule = sure[0].id if len(sure) == 1 and not maybe else None
    return Verdict(decision=decision, rule=rule, rules=tuple(rule.id for rule in sure), values=values, possible=possible, steps=steps)


def _inapplicable(decision: Decision) -> Verdict:
    values: dict[str, Value] = {name: NONE for name, _ in decision.outcomes}
    return Verdict(decision=decision, rule=None, rules=(), values=values, possible=dict.fromkeys(values, (NONE,)), applies=False)


def _doubtful(decision: Decision, steps: tuple[Judgement, ...], rules: list[Rule | None], needs: list[Unknown], scope: Scope) -> Verdict:
    """Whether the table applies at all is unknown: each outcome is open, and may also be none."""
    candidates = [_granted(rule, decision, scope) for rule in rules]
    weighed = _weighed(decision, steps, candidates, needs)
    open_ = Unknown(frozenset().union(*(unknown.needs for unknown in needs)))
    values: dict[str, Value] = {}
    for name, value in weighed.values.items():
        values[name] = value if isinstance(value, Nothing) else open_ | value if isinstance(value, Unknown) else open_
    possible = {name: (*(value for value in may_be if not isinstance(value, Nothing)), NONE) for name, may_be in weighed.possible.items()}
    return Verdict(decision, None, tuple(rule.id for rule in rules if rule is not None), values, possible, steps, applies=None)

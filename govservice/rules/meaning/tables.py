"""Tables of rules read for one subject: the four hit policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, cast

from govservice.errors import ConflictError, DecisionError, Words
from govservice.rules.book.contents import labelled
from govservice.rules.book.entries import Decision, Rule, in_force
from govservice.rules.language.intervals import Bounded, hull, is_number
from govservice.rules.language.shapes import Expression, IfElse, Match, Name
from govservice.rules.language.values import GAP, NONE, Interval, Unknown, Value
from govservice.rules.meaning.evaluation import Scope, behind, branches, evaluate, holds, in_doubt

__all__ = ["Judgement", "Verdict", "decide", "inapplicable", "is_open", "verdict_of"]


class Judgement(NamedTuple):
    """What became of one rule: it held (True), did not (False), or could not be judged (None)."""

    rule: str
    held: bool | None
    needs: tuple[str, ...] = ()


NO_MEMBERS: Final[Mapping[str, tuple[Value, ...]]] = {}


class Verdict(NamedTuple):
    """The reading of one table for one subject.

    `rule` is the rule that settled it (None under a gap, an open outcome or several that agree); `rules` are all that may have.
    `values` holds each outcome's value, unknown or between two where it is open, none where nothing applies; `possible` the values it may
    still take, None where nobody can say; `certain` are the members that a `collect` table is sure to have while others are open. `doubt`
    is what would say whether the table applies at all, where that is open.
    """

    decision: Decision
    rule: str | None
    rules: tuple[str, ...]
    values: dict[str, Value]
    possible: dict[str, tuple[Value, ...] | None]
    steps: tuple[Judgement, ...] = ()
    applies: bool | None = True
    gap: bool = False
    doubt: frozenset[str] = frozenset()
    certain: Mapping[str, tuple[Value, ...]] = NO_MEMBERS


@dataclass(slots=True)
class _Candidate:
    rule: Rule | None
    values: dict[str, Value]
    possible: dict[str, tuple[Value, ...] | None]  # what each may be: itself where it is known, None where nobody can say
    unset: frozenset[str]  # the outcomes that the rule leaves as they are


def decide(decision: Decision, scope: Scope, on: date | None) -> Verdict:
    """Read one table for one subject by its hit policy.

    Raises ConflictError where a `unique` table has two rules that hold, or an `any` table two that disagree; DateNeeded where the table
    is dated and `on` is None.
    """
    if not in_force(decision.from_, decision.until, on, decision.id):
        return inapplicable(decision)
    applies: bool | Unknown = True if decision.when is None else holds(evaluate(decision.when, scope))
    if applies is False:
        return inapplicable(decision)
    steps, sure, maybe = _judge(decision, scope, on, applies if isinstance(applies, Unknown) else None)
    if decision.hit == "collect":
        return _collected(decision, steps, sure, maybe, scope, applies)
    if isinstance(applies, Unknown):
        rules: list[Rule | None] = [*sure] if sure and decision.hit != "first" else [*(rule for rule, _ in maybe), *sure]
        waiting = [] if sure and decision.hit != "first" else [needs for _, needs in maybe]
        return _doubtful(decision, steps, [*rules, *([] if sure else [None])], applies, waiting, scope)
    if decision.hit == "first":
        return _first(decision, steps, sure, maybe, scope)
    return _agreed(decision, steps, sure, maybe, scope)


def verdict_of(decision: Decision, held: Iterable[bool]) -> Verdict:
    """The reading of a table that applies and grants nothing but constants, where it is known of each rule that was judged whether it held.

    Its rules are those in force. Raises ConflictError as `decide` does.
    """
    judged = list(zip(decision.rules, held, strict=False))
    steps = tuple(_judged(rule.id, answer) for rule, answer in judged)
    sure = [rule for rule, answer in judged if answer]
    nowhere = cast("Scope", None)  # a constant asks nothing
    if decision.hit == "collect":
        return _collected(decision, steps, sure, [], nowhere, True)
    return (_first if decision.hit == "first" else _agreed)(decision, steps, sure, [], nowhere)


@lru_cache(maxsize=4096)
def _judged(rule: str, held: bool) -> Judgement:
    """The step of a rule that was judged: alike for every subject, so made once."""
    return Judgement(rule, held)


def _judge(
    decision: Decision, scope: Scope, on: date | None, doubt: Unknown | None
) -> tuple[tuple[Judgement, ...], list[Rule], list[tuple[Rule, Unknown]]]:
    """Judge the rules in order: the steps, the rules that hold, and those that cannot be judged. `first` stops at one that holds, and
    what stands behind one that may hold may not be asked. `doubt` is what would say whether the table applies.
    """
    steps: list[Judgement] = []
    sure: list[Rule] = []
    maybe: list[tuple[Rule, Unknown]] = []
    for rule in decision.rules:
        if (rule.from_ is not None or rule.until is not None) and not rule.in_force(on):
            continue
        answer: bool | Unknown = True if rule.when is None else holds(in_doubt(rule.when, scope, doubt))
        if answer is True:
            steps.append(_judged(rule.id, True))
            sure.append(rule)
            if decision.hit == "first":
                break
        elif isinstance(answer, Unknown):
            steps.append(Judgement(rule.id, None, tuple(sorted(answer.needs))))
            maybe.append((rule, answer))
            if decision.hit == "first":
                doubt = answer if doubt is None else doubt | answer
        else:
            steps.append(_judged(rule.id, False))
    return tuple(steps), sure, maybe


def _granted(rule: Rule | None, decision: Decision, scope: Scope, doubt: Unknown | None = None) -> _Candidate:
    """What a rule grants; None stands for no rule: `otherwise:`, or a gap. An outcome that it leaves unset waits to be recorded.

    `doubt` is what would say whether it is this rule.
    """
    then = rule.then if rule is not None else decision.otherwise
    granted = dict(then) if then is not None else {}
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...] | None] = {}
    unset: set[str] = set()
    for name, _ in decision.outcomes:
        expression = granted.get(name)
        if expression is not None:
            values[name], possible[name] = _grant(expression, scope, doubt)
        elif then is None:
            values[name], possible[name] = GAP, (GAP,)
        else:
            values[name], possible[name] = Unknown(frozenset((name,))), None
            unset.add(name)
    return _Candidate(rule, values, possible, frozenset(unset))


def _grant(expression: Expression, scope: Scope, doubt: Unknown | None) -> tuple[Value, tuple[Value, ...] | None]:
    """The value of what is granted, and what it may be."""
    try:
        value = evaluate(expression, scope)
        return value, _may_be(expression, scope) if is_open(value) else (value,)
    except DecisionError as error:
        return behind(error, doubt), None


def is_open(value: Value) -> bool:
    """Whether a value is not settled: unknown, or between two numbers."""
    return isinstance(value, (Unknown, Interval))


def _may_be(expression: Expression, scope: Scope) -> tuple[Value, ...] | None:
    """What an expression that is open may come to, where that can be listed; None where nobody can say."""
    if isinstance(expression, Name):
        return scope.possible(expression)
    if isinstance(expression, (IfElse, Match)):
        needs, ways = branches(expression, scope)
        doubt = Unknown(needs) if len(ways) > 1 else None
        return _union(_grant(way, scope, doubt)[1] for way in ways)
    return None


def _union(several: Iterable[tuple[Value, ...] | None]) -> tuple[Value, ...] | None:
    """All of several possibilities; None where nobody can say of one."""
    values: list[Value] = []
    for may_be in several:
        if may_be is None:
            return None
        values += may_be
    return _distinct(values)


def _first(decision: Decision, steps: tuple[Judgement, ...], sure: list[Rule], maybe: list[tuple[Rule, Unknown]], scope: Scope) -> Verdict:
    last = sure[0] if sure else None
    if not maybe:
        return _settled(decision, steps, _granted(last, decision, scope))
    return _weighed(decision, steps, _perhaps(maybe, last, decision, scope), [needs for _, needs in maybe], scope)


def _perhaps(maybe: list[tuple[Rule, Unknown]], last: Rule | None, decision: Decision, scope: Scope) -> list[_Candidate]:
    """What rules grant that may hold, and what stands where none of them does."""
    granted = [_granted(rule, decision, scope, doubt) for rule, doubt in maybe]
    return [*granted, _granted(last, decision, scope, _open(doubt for _, doubt in maybe))]


def _agreed(decision: Decision, steps: tuple[Judgement, ...], sure: list[Rule], maybe: list[tuple[Rule, Unknown]], scope: Scope) -> Verdict:
    if not sure:
        return _weighed(decision, steps, _perhaps(maybe, None, decision, scope), [needs for _, needs in maybe], scope)
    granted = [_granted(rule, decision, scope) for rule in sure]
    values = {name: _agreed_value(name, granted, maybe, decision.hit) for name, _ in decision.outcomes}
    if len(sure) > 1 and (decision.hit == "unique" or any(value is None for value in values.values())):
        named, labelled_too = [rule.id for rule in sure], [labelled(rule.id, rule.label).strip() for rule in sure]
        raise ConflictError(
            Words(f"the rules {' and '.join(named)} both hold", f"规则 {'、'.join(labelled_too)} 同时成立"),
            why=Words(
                f"{decision.id} promises hit: {decision.hit}", f"{labelled(decision.id, decision.label).lstrip()}声明 hit: {decision.hit}"
            ),
            hint=Words("mend the conditions, or order the rules with hit: first", "修改条件，或用 hit: first 排定先后"),
            id=decision.id,
            called=decision.label,
        )
    agreed = {name: value for name, value in values.items() if value is not None}
    possible: dict[str, tuple[Value, ...] | None] = {}
    for name, value in agreed.items():
        setting = [candidate.possible[name] for candidate in granted if name not in candidate.unset]
        possible[name] = (_union(setting) if setting else None) if is_open(value) else (value,)
    return Verdict(decision, sure[0].id, tuple(rule.id for rule in sure), agreed, possible, steps)


def _agreed_value(name: str, granted: list[_Candidate], maybe: list[tuple[Rule, Unknown]], hit: str) -> Value | None:
    """What rules that hold grant together: one settled value (those still open may yet be it), None where two differ.

    What is open waits for the rules that would settle it and cannot be judged yet; where none would, and nothing is set, to be recorded.
    """
    values = [candidate.values[name] for candidate in granted if name not in candidate.unset]
    settled = {_identity(value): value for value in values if not is_open(value)}
    if len(settled) > 1:
        return None
    if settled:
        return next(iter(settled.values()))
    beside = maybe if hit == "any" or not values else []  # where one rule of a `unique` table holds no other may
    waiting = [needs for rule, needs in beside if name in dict(rule.then)]
    open_ = _open((*values, *waiting)) if values or waiting else Unknown(frozenset((name,)))
    if len(values) == 1 and isinstance(values[0], Interval):
        return replace(values[0], needs=open_.needs)
    return open_


def _open(values: Iterable[Value]) -> Unknown:
    """Unknown, for all that these wait for."""
    return Unknown(frozenset().union(*(value.needs for value in values if isinstance(value, (Unknown, Interval)))))


def _weighed(decision: Decision, steps: tuple[Judgement, ...], candidates: list[_Candidate], needs: list[Unknown], scope: Scope) -> Verdict:
    """Settled where every candidate grants the same; else open, with what it may be and what would decide."""
    if len(candidates) == 1:
        return _settled(decision, steps, candidates[0])
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...] | None] = {}
    for name, _ in decision.outcomes:
        granted = [candidate.values[name] for candidate in candidates]
        distinct = _distinct(granted)
        possible[name] = _union(candidate.possible[name] for candidate in candidates)
        if len(distinct) == 1 and not is_open(distinct[0]):
            values[name] = distinct[0]
            continue
        open_ = _open((*needs, *granted))
        numbers = scope.bounds and all(is_number(value) for value in granted)
        values[name] = hull(cast("list[Bounded]", granted), open_.needs) if numbers else open_
    rules = tuple(candidate.rule.id for candidate in candidates if candidate.rule is not None)
    return Verdict(decision=decision, rule=None, rules=rules, values=values, possible=possible, steps=steps)


def _settled(decision: Decision, steps: tuple[Judgement, ...], alone: _Candidate) -> Verdict:
    """The one candidate there is: nothing to weigh."""
    possible = {name: may_be if may_be is None or len(may_be) == 1 else _distinct(may_be) for name, may_be in alone.possible.items()}
    if alone.rule is None:
        return Verdict(decision, None, (), alone.values, possible, steps, gap=decision.otherwise is None)
    return Verdict(decision, alone.rule.id, (alone.rule.id,), alone.values, possible, steps)


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple({_identity(value): value for value in values}.values())


def _identity(value: Value) -> object:
    """Equal values are one possibility; 1 and True are two."""
    return (type(value) is bool, value)


def _collected(
    decision: Decision,
    steps: tuple[Judgement, ...],
    sure: list[Rule],
    maybe: list[tuple[Rule, Unknown]],
    scope: Scope,
    applies: bool | Unknown,
) -> Verdict:
    """What every rule that holds grants, in a list; open while one that would add to it cannot be judged, or the table may not apply."""
    doubt = applies if isinstance(applies, Unknown) else None
    beside = () if doubt is None else (doubt,)
    granted = [_granted(rule, decision, scope, doubt) for rule in sure]
    if not granted and not maybe and decision.otherwise is not None:
        granted = [_granted(None, decision, scope, doubt)]
    doubtful = [_granted(rule, decision, scope, needs if doubt is None else doubt | needs) for rule, needs in maybe]
    if maybe and not sure and decision.otherwise is not None:
        doubtful.append(_granted(None, decision, scope, _open((*(needs for _, needs in maybe), *beside))))
    values: dict[str, Value] = {}
    possible: dict[str, tuple[Value, ...] | None] = {}
    certain: dict[str, tuple[Value, ...]] = {}
    for name, _ in decision.outcomes:
        adding = [needs for candidate, (_, needs) in zip(doubtful, maybe, strict=False) if name not in candidate.unset]
        if len(doubtful) > len(maybe) and name not in doubtful[-1].unset:  # whether none holds hangs on each
            adding = [needs for _, needs in maybe]
        waiting = [*adding, *beside]
        collected = tuple(candidate.values[name] for candidate in granted if name not in candidate.unset)
        open_ = waiting or any(is_open(value) for value in collected)
        values[name] = _open((*collected, *waiting)) if open_ else collected
        if doubt is None:
            certain[name] = tuple(value for value in collected if not is_open(value))
        members = _union(candidate.possible[name] for candidate in (*granted, *doubtful) if name not in candidate.unset)
        possible[name] = None if members is None else (*members, *((NONE,) if doubt is not None else ()))
    rule = sure[0].id if len(sure) == 1 and not maybe and doubt is None else None
    rules = tuple(rule.id for rule in sure)
    if doubt is not None:
        return Verdict(decision, rule, rules, values, possible, steps, applies=None, doubt=doubt.needs, certain=certain)
    return Verdict(decision, rule, rules, values, possible, steps, certain=certain)


def inapplicable(decision: Decision) -> Verdict:
    """The reading of a table that is not in force, or does not apply: all that it grants is none."""
    values: dict[str, Value] = {name: NONE for name, _ in decision.outcomes}
    return Verdict(decision=decision, rule=None, rules=(), values=values, possible=dict.fromkeys(values, (NONE,)), applies=False)


def _doubtful(
    decision: Decision, steps: tuple[Judgement, ...], rules: list[Rule | None], applies: Unknown, waiting: list[Unknown], scope: Scope
) -> Verdict:
    """Whether the table applies at all is unknown: each outcome is open, and may also be none."""
    needs = [applies, *waiting]
    candidates = [_granted(rule, decision, scope, _open(needs)) for rule in rules]
    weighed = _weighed(decision, steps, candidates, needs, scope)
    values: dict[str, Value] = {name: value if value == NONE else _open((*needs, value)) for name, value in weighed.values.items()}
    possible = {
        name: None if may_be is None else (*(value for value in may_be if value != NONE), NONE) for name, may_be in weighed.possible.items()
    }
    named = tuple(rule.id for rule in rules if rule is not None)
    return Verdict(decision, None, named, values, possible, steps, applies=None, doubt=applies.needs)

"""Decisions as columns: the outcomes of every row, the rule that settled it, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from govservice.errors import Words
from govservice.rules.book.entries import Decision, Rule
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import Type
from govservice.rules.meaning.columns import numbers
from govservice.rules.meaning.columns.compiling import Compiler, agreed, literal_kind
from govservice.rules.meaning.columns.nodes import (
    FALSE,
    TRUE,
    Lit,
    Node,
    Op,
    and_,
    case,
    coalesce,
    compare,
    equals,
    is_null,
    is_true,
    isin,
    not_,
    null,
    or_,
)
from govservice.rules.meaning.columns.sheet import NoColumns, Worth, unknown

__all__ = ["STATES", "Decided", "Decider"]

STATES: Final = ("settled", "open", "none", "gap", "conflict", "unread")
UNSET: Final = Worth(null("text"))


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision's columns: its outcomes, the place of the rule that settled it (null: none), and its state's place in `STATES`.

    `spoilt` rows are for the interpreter, or hold a cell that cannot be used.
    """

    decision: Decision
    values: dict[str, Worth]
    rule: Node
    state: Node
    spoilt: Node
    torn: Node
    rules: tuple[Rule, ...]


class Decider:
    """The decisions of a book over one table's rows, each worked out once. `on` is the day that dated rules are held against."""

    def __init__(self, compiler: Compiler, on: Node) -> None:
        self.compiler = compiler
        self.on = on
        self._decided: dict[str, Decided] = {}
        compiler.decided = lambda decision, outcome: self.decided(decision).values[outcome]

    def decided(self, id: str) -> Decided:
        """The columns of a decision."""
        if id not in self._decided:
            self._decided[id] = self._decide(self.compiler.contents.decisions[id])
        return self._decided[id]

    def in_force(self, entry: Decision | Rule) -> Node:
        """Whether something dated is in force on the day of the row."""
        return and_(*(_within(bound, self.on, op) for bound, op in ((entry.from_, "<="), (entry.until, ">=")) if bound is not None))

    def _decide(self, decision: Decision) -> Decided:
        bind = self.compiler.sheet.bind
        force = self.in_force(decision)
        asked = self.compiler.holds(decision.when) if decision.when is not None and force != FALSE else Worth(TRUE)
        applies = bind(f"{decision.id}_applies", and_(force, asked.value))
        judged = _Judged(self, decision, applies, and_(force, asked.spoilt), and_(force, asked.torn))
        how: Callable[[_Judged], Decided] = _collected if decision.hit == "collect" else _first if decision.hit == "first" else _agreed
        return how(judged)


def _within(bound: date, on: Node, op: str) -> Node:
    if isinstance(on, Lit):
        if on.value is None:
            return FALSE
        day = cast("date", on.value)
        return Lit(bound <= day if op == "<=" else bound >= day, "boolean")
    return is_true(compare(">=" if op == "<=" else "<=", on, Lit(bound, "date")))


class _Judged:
    """The rules of a decision over all rows: whether each holds, and what it grants."""

    def __init__(self, decider: Decider, decision: Decision, applies: Node, spoilt: Node, torn: Node) -> None:
        self.decision, self.applies = decision, applies
        self.compiler = decider.compiler
        self.bind = decider.compiler.sheet.bind
        self.spoilt_before, self.torn_before = spoilt, torn
        if any(rule.quota is not None for rule in decision.rules):
            raise NoColumns(Words(f"{decision.id} shares out places among subjects", f"{decision.id} 在对象之间分配名额"))
        kept = [(rule, force) for rule in decision.rules if (force := decider.in_force(rule)) != FALSE]
        self.rules = tuple(rule for rule, _ in kept)
        self.conditions = [self._condition(rule, force) for rule, force in kept]
        self.last = len(self.rules)
        thens = [dict(rule.then) for rule in self.rules]
        otherwise = None if decision.otherwise is None else dict(decision.otherwise)
        self.granted: dict[str, list[Worth | None]] = {}
        for name, kind in decision.outcomes:
            each = [self._grant(then.get(name)) for then in thens]
            each.append(None if otherwise is None else self._grant(otherwise.get(name)))
            self.granted[name] = self._one_scale(each, kind)

    def _condition(self, rule: Rule, force: Node) -> Worth:
        told = self.compiler.holds(rule.when) if rule.when is not None else Worth(TRUE)
        value = self.bind(f"{self.decision.id}_{rule.id}".replace("/", "_").replace("-", "_"), and_(force, told.value))
        return Worth(value, FALSE, and_(force, told.spoilt), and_(force, told.torn))

    def _grant(self, of: Expression | None) -> Worth | None:
        return None if of is None else self.compiler.read(of)

    @staticmethod
    def _one_scale(each: list[Worth | None], kind: Type) -> list[Worth | None]:
        if not kind.is_number:
            return each
        given = [told for told in each if told is not None]
        scaled = iter(numbers.same_scale(*given) if given else ())
        return [None if told is None else next(scaled) for told in each]

    def faults(self, spoilt: Node, torn: Node) -> tuple[Node, Node]:
        """What spoils and tears the rows, of what is read where the decision applies, or may; nothing is torn while that is open."""
        may = not_(is_true(not_(self.applies)))
        return (
            self.bind(f"{self.decision.id}_spoilt", or_(self.spoilt_before, and_(may, spoilt))),
            self.bind(f"{self.decision.id}_torn", or_(self.torn_before, and_(is_true(self.applies), torn))),
        )

    def none_if_doubtful(self) -> Node:
        """Rows in which it is open whether the decision applies, and which may come to none all the same."""
        grants_none = any(told.none != FALSE for each in self.granted.values() for told in each[:-1] if told is not None)
        if not grants_none:
            return FALSE
        what = Words("what may be none, of a decision of which it is open whether it applies", "不知是否适用的决定里可能为无的结果")
        return self.compiler.ask(is_null(self.applies), what)

    def result(self, values: dict[str, Worth], rule: Node, gap: Node, spoilt: Node, torn: Node) -> Decided:
        """The columns of the decision: what holds where it applies is none where it does not, and open where that is."""
        id = self.decision.id
        spoilt = self.bind(f"{id}_spoilt", or_(spoilt, self.none_if_doubtful()))
        sure, not_at_all = is_true(self.applies), is_true(not_(self.applies))
        settled: dict[str, Worth] = {}
        for name, told in values.items():
            lost = or_(spoilt, torn)
            value = (
                case([(lost, null(told.value.kind)), (sure, told.value)], null(told.value.kind))
                if self.applies != TRUE or lost != FALSE
                else told.value
            )
            none = and_(not_(lost), or_(not_at_all, and_(sure, told.none)))
            settled[name] = self.compiler.sheet.told(f"{name}_decided", Worth(value, none, spoilt, torn, told.factor, told.bits))
        primary = settled[self.decision.primary]
        open_ = unknown(primary)
        place = {state: Lit(number, "small") for number, state in enumerate(STATES)}
        state = case(
            [
                (spoilt, place["unread"]),
                (torn, place["conflict"]),
                (not_at_all, place["none"]),
                (and_(sure, gap), place["gap"]),
                (open_, place["open"]),
            ],
            place["settled"],
        )
        ruled = case([(or_(open_, spoilt, torn, not_(sure)), null("small"))], rule)
        return Decided(self.decision, settled, ruled, state, spoilt, torn, self.rules)


def _reached(conditions: Sequence[Node], last: int) -> Node:
    """The place of the first condition that holds; behind them all where none does."""
    return case([(condition, Lit(place, "small")) for place, condition in enumerate(conditions)], Lit(last, "small"))


def _first(judged: _Judged) -> Decided:
    """The first rule that holds; rules before it that cannot be judged leave open whatever they would grant otherwise."""
    conditions, last = judged.conditions, judged.last
    id = judged.decision.id
    sure = judged.bind(f"{id}_place", _reached([told.value for told in conditions], last))
    perhaps = judged.bind(f"{id}_reached", _reached([coalesce(told.value, TRUE) for told in conditions], last))
    alone = _same(sure, perhaps)
    values: dict[str, Worth] = {}
    spoilt = [and_(_from(sure, place), told.spoilt) for place, told in enumerate(conditions)]
    torn = [and_(_at(perhaps, place), told.torn) for place, told in enumerate(conditions)]
    maybe = [and_(is_null(told.value), _after(sure, place)) for place, told in enumerate(conditions)]
    for name, kind in judged.decision.outcomes:
        granted = judged.granted[name]
        taken = _taken(judged, name, kind, sure, granted)
        other = or_(*(and_(maybe[place], not_(_agrees(granted, place, sure, taken, kind))) for place in range(last)))
        open_ = judged.bind(f"{name}_open", and_(not_(alone), other))
        spoilt += [and_(_at_or_maybe(sure, maybe, place), told.spoilt) for place, told in enumerate(granted) if told is not None]
        torn += [and_(alone, _at(sure, place), told.torn) for place, told in enumerate(granted) if told is not None]
        values[name] = Worth(
            case([(open_, null(taken.value.kind))], taken.value), and_(not_(open_), taken.none), FALSE, FALSE, taken.factor, taken.bits
        )
    faults = judged.faults(or_(*spoilt), or_(*torn))
    rule = case([(and_(alone, not_(_at(sure, last))), sure)], null("small"))
    gap = and_(alone, _at(sure, last)) if judged.decision.otherwise is None else FALSE
    return judged.result(values, rule, gap, *faults)


def _at(place: Node, number: int) -> Node:
    return Lit(place.value == number, "boolean") if isinstance(place, Lit) else equals(place, Lit(number, "small"))


def _after(place: Node, number: int) -> Node:
    return Lit(cast("int", place.value) > number, "boolean") if isinstance(place, Lit) else compare(">", place, Lit(number, "small"))


def _from(place: Node, number: int) -> Node:
    return Lit(cast("int", place.value) >= number, "boolean") if isinstance(place, Lit) else compare(">=", place, Lit(number, "small"))


def _same(one: Node, other: Node) -> Node:
    if one == other:
        return TRUE
    if isinstance(one, Lit) and isinstance(other, Lit):
        return Lit(one.value == other.value, "boolean")
    return equals(one, other)


def _at_or_maybe(sure: Node, maybe: list[Node], place: int) -> Node:
    return or_(_at(sure, place), maybe[place] if place < len(maybe) else FALSE)


def _is_written(told: Worth | None) -> bool:
    """Whether what is granted is written out: a value, or none."""
    return (
        told is not None
        and isinstance(told.value, Lit)
        and isinstance(told.none, Lit)
        and (told.value.value is not None or told.none == TRUE)
    )


def _taken(judged: _Judged, name: str, kind: Type, sure: Node, granted: list[Worth | None]) -> Worth:
    """What the rule at a place grants: nothing, where it leaves the outcome to be recorded or no rule fits."""
    known = [told for told in granted if told is not None]
    like = known[0] if known else Worth(null(literal_kind(kind)))
    value: Node = case([(_at(sure, place), told.value) for place, told in enumerate(granted) if told is not None], null(like.value.kind))
    none = or_(*(and_(_at(sure, place), told.none) for place, told in enumerate(granted) if told is not None))
    bits = max((told.bits for told in known), default=1)
    return Worth(judged.bind(f"{name}_taken", value), judged.bind(f"{name}_taken_none", none), factor=like.factor, bits=bits)


def _agrees(granted: list[Worth | None], place: int, sure: Node, taken: Worth, kind: Type) -> Node:
    """Whether a rule that may hold grants what the rule that holds does, settled; never null."""
    own = granted[place]
    if own is None:
        return FALSE
    if not _is_written(own):
        return agreed(own, taken, kind)
    alike: list[Lit] = []
    others: list[Node] = []
    for number, told in enumerate(granted):
        if told is None or number < place:
            continue
        if _is_written(told):
            if (told.value, told.none) == (own.value, own.none):
                alike.append(Lit(number, "small"))
        else:
            others.append(and_(_at(sure, number), agreed(own, told, kind)))
    among = Lit(sure.value in [one.value for one in alike], "boolean") if isinstance(sure, Lit) else isin(sure, alike) if alike else FALSE
    return or_(among, *others)


def _agreed(judged: _Judged) -> Decided:
    """Every rule that holds: they must agree, and of `unique` rules one may hold."""
    conditions, last = judged.conditions, judged.last
    id = judged.decision.id
    first = judged.bind(f"{id}_place", _reached([told.value for told in conditions], last))
    lone = _at(first, last)
    maybe = [is_null(told.value) for told in conditions]
    holds = [is_true(told.value) for told in conditions]
    spoilt = [told.spoilt for told in conditions]
    torn = [told.torn for told in conditions]
    torn_together: list[Node] = []
    if judged.decision.hit == "unique":
        torn_together += [and_(_after_first(first, place), holds[place]) for place in range(1, last)]
    values: dict[str, Worth] = {}
    for name, kind in judged.decision.outcomes:
        granted = judged.granted[name]
        given = [(place, told) for place, told in enumerate(granted[:last]) if told is not None]
        like = next((told for told in granted if told is not None), Worth(null(literal_kind(kind))))
        settled = {place: not_(unknown(told)) for place, told in given}
        by_rule = _pick([(and_(holds[place], settled[place]), told) for place, told in given], like)
        by_rule = judged.compiler.sheet.told(f"{name}_taken", by_rule)
        if judged.decision.hit == "any":
            for place, told in given[1:]:
                torn_together.append(and_(holds[place], settled[place], not_(agreed(told, by_rule, kind))))
        final = granted[last]
        alone: Worth = final if final is not None else Worth(null(like.value.kind), factor=like.factor)
        waits = or_(*(and_(maybe[place], not_(_final_agrees(granted, place, kind, last))) for place in range(last)))
        open_ = judged.bind(f"{name}_open", and_(lone, waits))
        values[name] = Worth(
            case([(open_, null(like.value.kind)), (lone, alone.value)], by_rule.value),
            or_(and_(lone, not_(open_), alone.none), and_(not_(lone), by_rule.none)),
            factor=like.factor,
            bits=max(told.bits for told in (*(told for _, told in given), alone)),
        )
        for place, told in given:
            spoilt.append(and_(or_(holds[place], and_(lone, maybe[place])), told.spoilt))
            torn.append(and_(holds[place], told.torn))
        if final is not None:
            spoilt.append(and_(lone, final.spoilt))
            torn.append(and_(lone, not_(or_(*maybe)), final.torn))
    faults = judged.faults(or_(*spoilt), or_(*torn, *torn_together))
    rule = case([(not_(lone), first)], null("small"))
    gap = and_(lone, not_(or_(*maybe))) if judged.decision.otherwise is None else FALSE
    return judged.result(values, rule, gap, *faults)


def _after_first(first: Node, place: int) -> Node:
    return Lit(cast("int", first.value) < place, "boolean") if isinstance(first, Lit) else compare("<", first, Lit(place, "small"))


def _pick(pairs: list[tuple[Node, Worth]], like: Worth) -> Worth:
    value = case([(condition, told.value) for condition, told in pairs], null(like.value.kind))
    none = is_true(case([(condition, told.none) for condition, told in pairs], FALSE))
    return Worth(value, none, factor=like.factor, bits=max((told.bits for _, told in pairs), default=1))


def _final_agrees(granted: list[Worth | None], place: int, kind: Type, last: int) -> Node:
    own, final = granted[place], granted[last]
    return FALSE if own is None or final is None else agreed(own, final, kind)


def _collected(judged: _Judged) -> Decided:
    """What every rule that holds grants, in a list; open while one that would add to it cannot be judged."""
    conditions, last = judged.conditions, judged.last
    maybe = [is_null(told.value) for told in conditions]
    holds = [is_true(told.value) for told in conditions]
    empty = not_(or_(*holds, *maybe))
    spoilt = [told.spoilt for told in conditions]
    torn = [told.torn for told in conditions]
    values: dict[str, Worth] = {}
    for name, kind in judged.decision.outcomes:
        granted = judged.granted[name]
        if kind.kind not in ("list", "text", "choice") or any(told is not None and told.none != FALSE for told in granted):
            raise NoColumns(Words(f"{judged.decision.id} collects {kind.kind}s", f"{judged.decision.id} 汇集的是 {kind.kind}"))
        given = [(place, told) for place, told in enumerate(granted[:last]) if told is not None]
        final = granted[last]
        waits = [maybe[place] for place, _ in given]
        if final is not None:
            waits = list(maybe)
        open_ = or_(
            *waits,
            *(and_(holds[place], is_null(told.value)) for place, told in given),
            *([and_(empty, is_null(final.value))] if final is not None else []),
        )
        parts = [(holds[place], told.value) for place, told in given]
        if final is not None:
            parts.append((empty, final.value))
        listed = Op("listed", tuple(part for pair in parts for part in pair), "list")
        values[name] = Worth(case([(open_, null("list"))], listed))
        for place, told in given:
            spoilt.append(and_(or_(holds[place], maybe[place]), told.spoilt))
            torn.append(and_(holds[place], told.torn))
        if final is not None:
            none_holds = not_(or_(*holds))
            spoilt.append(and_(none_holds, final.spoilt))
            torn.append(and_(empty, final.torn))
    faults = judged.faults(or_(*spoilt), or_(*torn))
    first = judged.bind(f"{judged.decision.id}_place", _reached([told.value for told in conditions], last))
    several = or_(*(and_(holds[place], _after_first(first, place)) for place in range(1, last)))
    rule = case([(or_(several, _at(first, last), *maybe), null("small"))], first)
    return judged.result(values, rule, FALSE, *faults)

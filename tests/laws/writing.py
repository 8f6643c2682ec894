"""Expressions drawn by chance: typed, in sight of some facts, so that a book that holds them loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from .chance import Chance

CHOICES = ("a", "b", "c")
NO = "无"
FIRST = date(2026, 2, 23)


@dataclass(frozen=True)
class Fact:
    """A name in sight and what it holds."""

    name: str
    kind: str


@dataclass
class Sight:
    """What an expression may read: facts by kind, and the tables, kinds and schemes over which it may count, each with the sight of a row.

    `asked` are columns that stand in `known(..)` alone; `earlier` what `previous(..)` may ask for, by kind; `dates` the columns for `by=`.
    """

    facts: list[Fact] = field(default_factory=list)
    rows: Mapping[str, Sight] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    earlier: list[Fact] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    over: tuple[str, ...] = ()
    scheme: bool = False  # its rows have a total, so that the value of an aggregate may be left out
    whose: tuple[str, ...] = ()  # what `of=` may name
    lasting: bool = False  # whether `streak(..)` may stand here
    keys: tuple[str, ...] = ()  # of a row: what `each=` may name

    def of(self, *kinds: str) -> list[Fact]:
        return [one for one in self.facts if one.kind in kinds]

    def and_(self, *more: Fact) -> Sight:
        return replace(self, facts=[*self.facts, *more])


class Writer:
    """Writes one expression after another in one sight."""

    def __init__(self, chance: Chance, sight: Sight) -> None:
        self.chance = chance
        self.sight = sight

    # -- conditions

    def condition(self, depth: int = 2) -> str:
        chance = self.chance
        if depth <= 0:
            return self._plain()
        return chance.among(
            [
                ("plain", 4, self._plain),
                ("and-or", 2.5, lambda: f"({self.condition(depth - 1)} {chance.pick(['and', 'or'])} {self.condition(depth - 1)})"),
                ("not", 1, lambda: f"not {self._closed(self.condition(depth - 1))}"),
                ("compare", 3, lambda: self._compare(depth - 1)),
                ("chain", 0.5, lambda: f"{self.constant()} <= {self._closed(self.number(depth - 1))} < {chance.number(2, 6)}"),
                ("bool-if", 0.7, lambda: self._if(self.condition(depth - 1), self.condition(depth - 1), self.condition(0))),
                ("bool-equal", 0.3, self._equal_booleans),
                ("known", 0.4, self._known),
                ("is-none", 0.4, self._is_none),
                ("day-functions", 0.5, self._reckoned),
                ("aggregate", 1.5, lambda: self._counted_condition(depth - 1)),
                ("previous", 0.5, self._earlier_condition),
                ("streak", 0.3, lambda: self._streak(depth - 1)),
                ("constant-condition", 0.1, lambda: chance.pick(["true", "false"])),
            ]
        )

    def _plain(self) -> str:
        chance, sight = self.chance, self.sight
        return chance.among(
            [
                ("boolean", 4, lambda: self._one("boolean")),
                ("choice", 2, self._choice),
                ("number", 2, lambda: self._small("integer", "decimal")),
                ("date", 1, self._dates),
                ("list", 0.7, self._listed),
                ("limit", 0.7, self._limits),
                ("text", 0.7, self._texts),
                ("moment", 0.4, self._moments),
                ("constant-condition", 0.01, lambda: chance.pick(["true", "false"])),
            ]
            if sight.facts
            else [("constant-condition", 1, lambda: chance.pick(["true", "false"]))]
        )

    def _one(self, *kinds: str) -> str | None:
        found = self.sight.of(*kinds)
        return self.chance.pick(found).name if found else None

    def _choice(self) -> str | None:
        name = self._one("choice")
        if name is None:
            return None
        return self.chance.among(
            [
                ("choice-equal", 3, lambda: f'{name} {self.chance.pick(["==", "!="])} "{self.chance.pick(CHOICES)}"'),
                ("choice-in", 1, lambda: f'{name} {self.chance.pick(["in", "not in"])} ["{self.chance.pick("ab")}", "c"]'),
                ("choice-choice", 0.7, lambda: f"{name} == {self._one('choice')}"),
                ("choice-if", 0.5, lambda: f'{name} == ("a" if {self._plain_boolean()} else "{self.chance.pick("bc")}")'),
            ]
        )

    def _plain_boolean(self) -> str:
        return self._one("boolean") or "true"

    def _equal_booleans(self) -> str | None:
        name = self._one("boolean")
        return f"{name} {self.chance.pick(['==', '!='])} {self._plain_boolean()}" if name is not None else None

    def _small(self, *kinds: str) -> str | None:
        name = self._one(*kinds)
        return f"{name} {self._sign()} {self.constant()}" if name is not None else None

    def _sign(self) -> str:
        return self.chance.pick(["==", "!=", "<", "<=", ">", ">="])

    def _compare(self, depth: int) -> str:
        return f"{self._closed(self.number(depth))} {self._sign()} {self._closed(self.number(depth - 1))}"

    def _dates(self) -> str | None:
        name = self._one("date")
        other = self._one("date")
        if name is None:
            return None
        return f"{name} {self._sign()} {other if self.chance.happens(0.4) else self.day_constant()}"

    def _moments(self) -> str | None:
        name = self._one("moment")
        return f"{name} {self.chance.pick(['<', '<=', '>', '>='])} {self.day_constant()}" if name is not None else None

    def _listed(self) -> str | None:
        name = self._one("list")
        if name is None:
            return None
        return self.chance.pick([f'"{self.chance.pick("ab")}" in {name}', f'contains({name}, "a")', f'"a" not in {name}'])

    def _limits(self) -> str | None:
        name = self._one("limit")
        return f"{name} {self._sign()} {self._one('limit')}" if name is not None else None

    def _texts(self) -> str | None:
        name = self._one("text")
        if name is None:
            return None
        beside = self._one("choice") or name
        return self.chance.pick([f'starts_with({name}, "a")', f'contains({name}, "b")', f'{name} == "甲"', f"{beside} == {name}"])

    def _known(self) -> str | None:
        return f"known({self.chance.pick(self.sight.asked)})" if self.sight.asked else None

    def _is_none(self) -> str | None:
        return f"is_none({self.chance.pick(self.sight.facts).name})" if self.sight.facts else None

    def _reckoned(self) -> str | None:
        chance, one, moment, limit = self.chance, self._one("date"), self._one("moment"), self._one("limit")
        ways = []
        if one is not None:
            ways += [f"is_workday({one})", f"weekday({one}) {self._sign()} 3", f"month_end({one}) > {self.day_constant()}"]
            ways += [
                f"add_{chance.pick(['days', 'workdays', 'months'])}({one}, {chance.number(-3, 3)}) {self._sign()} {self.day_constant()}"
            ]
            ways += [f"days({one}, {self.day_constant()}, both=true) {self._sign()} 3"]
        if moment is not None:
            ways += [f"time({moment}) < 11:00", f"hours({moment}, {moment}) >= 0"]
            ways += [f"minutes({moment}, {self._one('moment')}) {self._sign()} 600"]
        if limit is not None:
            ways += [f'{limit} * 2 / 3 {self._sign()} limit("4个工作日")']
        if one is not None and limit is not None:
            ways += [f"due({one}, {limit}) {self._sign()} {self.day_constant()}"] * 2
            ways += [f"due_at({one}, {limit}) > {moment or self.day_constant()}"]
        return chance.pick(ways) if ways else None

    def _earlier_condition(self) -> str | None:
        found = [one for one in self.sight.earlier if one.kind == "choice"]
        return f'previous({self.chance.pick(found).name}) == "{self.chance.pick(CHOICES)}"' if found else None

    def _counted_condition(self, depth: int) -> str | None:
        counted = self._aggregate(depth)
        return f"{counted} {self._sign()} {self.constant()}" if counted is not None else None

    def _streak(self, depth: int) -> str | None:
        if not self.sight.lasting:
            return None
        plain = Writer(self.chance, Sight(self.sight.facts, self.sight.rows, self.sight.asked, whose=self.sight.whose))
        return f"streak({plain.condition(min(depth, 1))}) {self._sign()} {self.chance.number(1, 3)}"

    # -- numbers

    def number(self, depth: int = 2) -> str:
        chance = self.chance
        if depth <= 0:
            return self._plain_number()
        return chance.among(
            [
                ("plain-number", 3, self._plain_number),
                ("sum-product", 2.5, lambda: f"({self.number(depth - 1)} {chance.pick('+-*')} {self.number(depth - 1)})"),
                ("division", 0.7, lambda: f"({self.number(depth - 1)} {chance.pick(['/', '//', '%'])} {chance.number(2, 3)})"),
                ("division-by-fact", 0.4, lambda: self._divided(depth - 1)),
                ("number-if", 1.2, lambda: self._if(self.condition(depth - 1), self.number(depth - 1), self.number(0))),
                ("min-max", 1, lambda: f"{chance.pick(['min', 'max'])}({self.number(depth - 1)}, {self.number(depth - 1)})"),
                ("rounding", 0.7, lambda: f"{chance.pick(['abs', 'floor', 'ceil', 'round'])}({self.number(depth - 1)})"),
                ("negative", 0.4, lambda: f"-({self.number(depth - 1)})"),
                ("step", 0.6, lambda: f"step({self.number(depth - 1)}, (1, {chance.number(-2, 3)}), (3, {chance.number(-2, 5)}))"),
                ("days", 0.4, self._between),
                ("match", 0.6, lambda: self._matched(depth - 1)),
                ("aggregate", 2, lambda: self._aggregate(depth - 1)),
                ("previous", 0.5, self._earlier_number),
            ]
        )

    def constant(self) -> str:
        return self.chance.pick(["0", "1", "2", "3", "1.5", "4"])

    def _plain_number(self) -> str:
        name = self._one("integer", "decimal")
        return name if name is not None and self.chance.happens(0.7) else self.constant()

    def _divided(self, depth: int) -> str | None:
        name = self._one("integer", "decimal")
        return f"({self.number(depth)} {self.chance.pick(['/', '//', '%'])} {name})" if name is not None else None

    def _between(self) -> str | None:
        one, other = self._one("date"), self._one("date")
        return f"{self.chance.pick(['days', 'workdays'])}({one}, {other})" if one is not None else None

    def _matched(self, depth: int) -> str | None:
        name = self._one("choice")
        if name is None:
            return None
        if self.chance.happens(0.3):
            return f'match({name}, ("a", {self.number(depth)}), otherwise={self.constant()})'
        return f'match({name}, ("a", {self.constant()}), ("乙", {self.number(depth)}), ("c", {self.constant()}))'

    def _earlier_number(self) -> str | None:
        found = [one for one in self.sight.earlier if one.kind in ("integer", "decimal")]
        return f"previous({self.chance.pick(found).name})" if found else None

    # -- aggregates

    def _aggregate(self, depth: int) -> str | None:
        if not self.sight.rows:
            return None
        source = self.chance.pick(list(self.sight.rows))
        row = self.sight.rows[source]
        inner = Writer(self.chance, row)
        depth = min(depth, 1)
        more = f", when={inner.condition(depth)}" if self.chance.may("aggregate-when", 0.5) else ""
        more += f", over={self.chance.pick(self.sight.over)}" if self.sight.over and self.chance.may("over", 0.15) else ""
        more += f", by={self.chance.pick(row.dates)}" if row.dates and self.chance.may("by", 0.2) else ""
        more += f", of={self.chance.pick(self.sight.whose)}" if self.sight.whose and self.chance.may("whose", 0.12) else ""
        worth = inner.number(depth)
        each = f", each={self.chance.pick(row.keys)}" if row.keys and self.chance.may("each", 0.2) else ""
        held = (
            f", {self.chance.pick(['at_most=3', 'at_least=-1', 'at_least=0, at_most=2'])}"
            if each and self.chance.may("each-held", 0.5)
            else ""
        )
        return self.chance.among(
            [
                ("count", 3, lambda: f"count({source}{more}{each})"),
                ("sum", 2, lambda: f"sum({source}, {worth}{more}{each}{held})"),
                ("mean", 1, lambda: f"mean({source}{'' if row.scheme and self.chance.happens(0.7) else f', {worth}'}{more})"),
                ("median", 0.6, lambda: f"median({source}, {worth}{more}{each}{held})"),
                ("mean-chosen", 0.6, lambda: f"mean({source}, {worth}{more}, {self._chosen()})"),
                ("percent", 1, lambda: f"percent({source}, {inner.condition(depth)}{more})"),
                ("lowest-highest", 1, lambda: f"{self.chance.pick(['lowest', 'highest'])}({source}, {worth}{more})"),
            ]
        )

    def _chosen(self) -> str:
        return self.chance.pick(
            ["top=1", "top=2", "bottom=2", "without_highest=1", "without_lowest=1", "without_highest=1, without_lowest=1"]
        )

    # -- days, choices

    def day_constant(self) -> str:
        return f'date("{FIRST + timedelta(days=self.chance.number(0, 35))}")'

    def day(self, depth: int = 1) -> str:
        one = self._one("date") or self.day_constant()
        if depth <= 0:
            return one
        return self.chance.among(
            [
                ("plain-day", 3, lambda: one),
                ("day-constant", 0.5, self.day_constant),
                ("day-if", 1, lambda: self._if(self.condition(depth - 1), one, self.day(0))),
                ("day-reckoned", 0.8, lambda: self.reckoned_day(depth - 1)),
                ("day-min", 0.5, lambda: f"{self.chance.pick(['min', 'max'])}({one}, {self.day(0)})"),
            ]
        )

    def reckoned_day(self, depth: int = 1) -> str:
        """A day counted from another."""
        chance, one, limit = self.chance, self._one("date") or self.day_constant(), self._one("limit")
        ways = [f"add_{chance.pick(['days', 'workdays', 'months'])}({one}, {chance.number(-2, 3)})", f"month_end({one})"]
        ways += [f"due({one}, {self.limit(depth)})"]
        ways += [f"min(due({one}, {limit}), due({one}, {self.limit(0)}))"] if limit is not None else []
        return chance.pick(ways)

    # -- limits

    def limit(self, depth: int = 1) -> str:
        """A limit: one on record, one of two, one multiplied."""
        chance, one = self.chance, self._one("limit")
        plain = f'limit("{chance.number(1, 8)}{chance.pick(["个工作日", "个工作日", "个自然日"])}")'
        if depth <= 0:
            return one if one is not None and chance.happens(0.6) else plain
        return chance.among(
            [
                ("limit-plain", 1, lambda: self.limit(0)),
                ("limit-if", 1, lambda: self._if(self.condition(depth - 1), self.limit(0), self.limit(0))),
                ("limit-share", 0.7, lambda: f"{self.limit(0)} * {chance.pick(['2 / 3', '2', '1 / 2'])}"),
                ("limit-match", 0.7, self._matched_limit),
            ]
        )

    def _matched_limit(self) -> str | None:
        name = self._one("choice")
        return f'match({name}, ("a", {self.limit(0)}), otherwise={self.limit(0)})' if name is not None else None

    # -- shared

    def _if(self, condition: str, yes: str, no: str) -> str:
        return f"({yes} if {condition} else {no})"

    def _closed(self, text: str) -> str:
        return text if text.replace("_", "").replace(".", "").isalnum() else f"({text})"

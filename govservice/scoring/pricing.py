"""A scheme on one subject in one period: items priced row by row, parts held, the total, and everything left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from govservice.errors import ConventionError, DecisionError, Words
from govservice.rules.entries import Conventions, Item, Part, Scheme
from govservice.rules.evaluation import evaluate, holds, rounded
from govservice.rules.expressions.shapes import Expression, Name, names, walk
from govservice.rules.expressions.values import NONE, Interval, Nothing, Number, Unknown, Value, exact, reported
from govservice.rules.intervals import Bounded, calculate, ends, hull, narrowed, needs_of
from govservice.rules.tables import in_force
from govservice.scoring.card import Line, OpenItem, PartScore, Scorecard
from govservice.scoring.ledger import Row
from govservice.scoring.periods import Period
from govservice.scoring.scopes import RecordScope, SubjectScope

if TYPE_CHECKING:
    from govservice.scoring.assessing import Assessment

__all__ = ["Score", "card_of", "worked_out"]

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Priced:
    """One item on one row, or on the subject: its worth, and whether its condition held."""

    part: str | None
    item: Item
    worth: Bounded | Unknown
    facts: Mapping[str, object]
    row: Row | None = None
    on: date | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """One part: what its items leave, and what it is held to; unknown where an item has no bound."""

    part: Part
    earned: Bounded | Unknown
    total: Bounded | Unknown


@dataclass(slots=True)
class Score:
    """Everything one score came to, exact; `scope` is the subject with its total and parts in sight."""

    scheme: Scheme
    subject: str
    period: Period
    scope: SubjectScope
    total: Bounded | Unknown
    eligible: bool | None
    parts: dict[str, Held] = field(default_factory=dict)
    priced: list[Priced] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    considered: list[tuple[Row, bool]] = field(default_factory=list)  # rows that some item is for, and whether one let them in


def worked_out(assessment: Assessment, scheme: Scheme, subject: str, period: Period) -> Score:
    """Work out one score. Raises ConventionError, DecisionError, RecordError."""
    return _Pricing(assessment, scheme, subject, period).score()


class _Pricing:
    def __init__(self, assessment: Assessment, scheme: Scheme, subject: str, period: Period) -> None:
        self.assessment = assessment
        self.scheme = scheme
        self.subject = subject
        self.period = period
        self.conventions: Conventions = {**assessment.contents.conventions, **scheme.conventions}
        self.scope = SubjectScope(assessment, scheme.scores, subject, period, about=scheme.id)
        self.done = Score(scheme, subject, period, self.scope, ZERO, None)

    def score(self) -> Score:
        supplied = self.assessment.supplied(self.scheme.id, self.subject, self.period)
        if supplied is not None:
            return self._as_supplied(supplied)
        if not self._applies():
            self.done.total = Unknown()
            self.scope.extra["total"] = NONE
            return self.done
        for part in self.scheme.parts.values():
            self._part(part)
        adjust = self._sum([one.worth for one in self._items(None, self.scheme.adjust, {})])
        self.scope.extra["adjust"] = cast("Value", adjust)
        self.done.total = self._total(adjust)
        self.scope.extra["total"] = self._seen(self.done.total)
        self.done.eligible = self._eligible()
        self.scope.extra["eligible"] = NONE if self.done.eligible is None else self.done.eligible
        return self.done

    def _as_supplied(self, row: Row) -> Score:
        from govservice.rules.expressions.values import DECIMAL
        from govservice.rules.facts import read_fact

        total = read_fact("total", row.facts.get("total"), DECIMAL)
        self.done.total = cast("Bounded", total)
        self.scope.extra |= {"total": total, "eligible": True}
        self.done.eligible = True
        self.done.notes.append(Words("this score was supplied and is not worked out again", "此分为已有的分数，不再重算"))
        return self.done

    def _applies(self) -> bool:
        if not in_force(self.scheme.from_, self.scheme.until, self.period.last, self.scheme.id):
            return False
        return self.scheme.when is None or holds(evaluate(self.scheme.when, self.scope)) is True

    # -- items

    def _items(self, part: str | None, items: tuple[Item, ...], conventions: Mapping[str, str]) -> list[Priced]:
        found = [one for item in items for one in self._item(part, item, conventions)]
        self.done.priced.extend(found)
        return found

    def _item(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        if item.for_:
            yield from self._by_row(part, item, {**self.conventions, **conventions, **item.conventions})
        elif in_force(item.from_, item.until, self.period.last, item.id):
            yield from self._once(part, item)

    def _once(self, part: str | None, item: Item) -> Iterator[Priced]:
        asked = True if item.when is None else holds(evaluate(item.when, self.scope))
        if asked is False:
            return
        worth, needs = _worth(evaluate(item.points, self.scope), asked)
        yield Priced(part, item, worth, _read(item, self.scope), None, None, needs)

    def _by_row(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        rows = self._rows(item)
        rows = self._one_occurrence(item, rows, conventions)
        numbered = "nth" in {name for one in (item.when, item.points) if one is not None for name in _all_names(one)}
        first = last = 0
        when_numbered = item.when is not None and "nth" in _all_names(item.when)
        for row, on in rows:
            scope = self.assessment.scope(row, self.period, self.scheme.id)
            if when_numbered:
                _numbered(scope, item, first + 1, last + 1)
            asked = True if item.when is None else holds(evaluate(item.when, scope))
            if asked is not False or when_numbered:
                last += 1
                if numbered and not when_numbered:
                    _numbered(scope, item, first + 1, last)
                first += 1 if asked is True or when_numbered else 0
            self.done.considered.append((row, asked is not False))
            if asked is False:
                continue
            scope.outstanding = False
            worth, needs = _worth(evaluate(item.points, scope), asked)
            yield Priced(part, item, worth, _read(item, scope), row, on, needs)

    def _rows(self, item: Item) -> list[tuple[Row, date | None]]:
        """The rows an item is for: the subject's, in the period, in force, verified where that is asked; by date, then as given."""
        found: list[tuple[Row, date | None]] = []
        for source in item.for_:
            for row, on in self.assessment.records(source, self.scheme.scores, self.subject, self.period, by=item.by):
                if in_force(item.from_, item.until, on or self.period.last, item.id) and self.assessment.counts(row):
                    found.append((row, on))
        return sorted(found, key=lambda one: (one[1] or date.min, one[0].source, one[0].number))

    def _one_occurrence(
        self, item: Item, rows: list[tuple[Row, date | None]], conventions: Mapping[str, str]
    ) -> list[tuple[Row, date | None]]:
        """Rows of one kind, subject and day that name different assessors, or share an `occurrence`, are one occurrence."""
        groups: dict[object, list[tuple[Row, date | None]]] = {}
        for row, on in rows:
            shared = row.facts.get("occurrence")
            key: object = ("shared", row.source, shared) if shared is not None else ("row", id(row))
            if shared is None and row.facts.get("assessor") is not None:
                key = ("day", row.source, row.owners.get("staff") or row.owners.get(self.scheme.scores), on)
            groups.setdefault(key, []).append((row, on))
        if all(len(group) == 1 or not _assessors_differ(group) for group in groups.values()):
            return rows
        reading = conventions.get("same_occurrence")
        if reading is None:
            raise _unstated("same_occurrence", f"{self.scheme.id}.{item.id}")
        kept: list[tuple[Row, date | None]] = []
        for group in groups.values():
            if len(group) == 1 or not _assessors_differ(group) or reading in ("each", "report"):
                kept.extend(group)
            else:
                worths = [(self._lowest(item, row), index) for index, (row, _) in enumerate(group)]
                kept.append(group[(min if reading == "harshest" else max)(worths)[1]])
            if len(group) > 1 and _assessors_differ(group) and reading == "report":
                numbers = ", ".join(str(row.number) for row, _ in group)
                self.done.notes.append(
                    Words(
                        f"rows {numbers} of {group[0][0].source} may be one occurrence",
                        f"{group[0][0].source} 第 {numbers} 行可能是同一件事",
                    )
                )
        return sorted(kept, key=lambda one: (one[1] or date.min, one[0].source, one[0].number))

    def _lowest(self, item: Item, row: Row) -> Number:
        worth = evaluate(item.points, self.assessment.scope(row, self.period, self.scheme.id))
        return ends(worth)[0] if isinstance(worth, (int, Fraction, Interval)) else 0

    # -- parts and total

    def _part(self, part: Part) -> None:
        if not in_force(part.from_, part.until, self.period.last, part.id):
            return
        if part.when is not None and holds(evaluate(part.when, self.scope)) is not True:
            return
        conventions = {**self.conventions, **part.conventions}
        items = self._items(part.id, part.items, part.conventions)
        start = part.start if part.start is not None else part.full if part.full is not None else ZERO
        earned = self._sum([start, *(one.worth for one in items)])
        held = Held(part, earned, self._hold(part, earned, conventions))
        self.done.parts[part.id] = held
        self.scope.extra[f"parts.{part.id}"] = self._seen(held.total)

    def _sum(self, worths: list[Bounded | Unknown]) -> Bounded | Unknown:
        found: Bounded = 0
        needs: Unknown | None = None
        for worth in worths:
            if isinstance(worth, Unknown):
                needs = worth if needs is None else needs | worth
            else:
                found = cast("Bounded", calculate("+", found, worth))
        return found if needs is None else needs

    def _hold(self, part: Part, earned: Bounded | Unknown, conventions: Mapping[str, str]) -> Bounded | Unknown:
        """The part held between its bounds; with an item of no bound, all that the bounds allow."""
        low = self._bound(part, part.low, "part_floor", conventions, earned)
        high = self._bound(part, part.high, "part_overflow", conventions, earned)
        if isinstance(earned, Unknown):
            return earned if low is None or high is None else narrowed(low, high, earned.needs)
        least, most = ends(earned)
        return narrowed(_within(least, low, high), _within(most, low, high), needs_of(earned))

    def _bound(
        self, part: Part, own: str | None, convention: str, conventions: Mapping[str, str], earned: Bounded | Unknown
    ) -> Number | None:
        if own is not None:
            return None if own == "none" else exact(Fraction(own))
        if part.full is None:
            return None  # a bonus is not held unless it says so
        floor = convention == "part_floor"
        stated = conventions.get(convention)
        if stated is not None:
            return None if stated in ("none", "allowed") else 0 if floor else exact(part.full)
        least, most = (None, None) if isinstance(earned, Unknown) else ends(earned)
        if least is None or most is None or (least < 0 if floor else most > part.full):
            raise _unstated(convention, f"{self.scheme.id}.parts.{part.id}")
        return None

    def _total(self, adjust: Bounded | Unknown) -> Bounded | Unknown:
        scheme = self.scheme
        if scheme.total is not None:
            self.scope.extra["parts"] = NONE
            self.scope_parts()
            value = evaluate(scheme.total, self.scope)
            total: Bounded | Unknown = Unknown() if isinstance(value, Nothing) else cast("Bounded | Unknown", value)
        else:
            total = self._sum([*(one.total for one in self.done.parts.values()), adjust])
        if isinstance(total, Unknown):
            return total
        least, most = ends(total)
        low = None if scheme.low in (None, "none") else Fraction(scheme.low)
        high = None if scheme.high in (None, "none") else Fraction(scheme.high)
        if scheme.full is not None and scheme.high is None and most > scheme.full:
            raise DecisionError(
                Words(
                    f"{scheme.id}: {self.subject} comes to {reported(most)} of {reported(scheme.full)}, and no max is stated",
                    f"{scheme.id}：{self.subject} 得 {reported(most)} 分，超过满分 {reported(scheme.full)}，而没有写 max",
                ),
                hint=Words("write max: with a number or none", "写上 max：数字或 none"),
                id=scheme.id,
            )
        held = narrowed(_within(least, low, high), _within(most, low, high), needs_of(total))
        served = self._served(held)
        return self._rounded(served) if self.conventions.get("rounding.at") == "each_scheme" else served

    def scope_parts(self) -> None:
        """Let `sum(parts)` see the parts."""
        self.scope.extra.pop("parts", None)

    def _served(self, total: Bounded) -> Bounded:
        """A subject that served part of the period, by the book's convention."""
        span = self.assessment.ledger.served(self.scheme.scores, self.subject, self.period)
        if span is None or span == (self.period.first, self.period.last) or self.period.kind == "ever":
            return total
        reading = self.conventions.get("part_served")
        if reading is None:
            raise _unstated("part_served", self.scheme.id)
        said = Words(f"served from {span[0]} to {span[1]}", f"在岗自 {span[0]} 至 {span[1]}")
        self.done.notes.append(said)
        if reading != "prorated":
            return total
        share = Fraction((span[1] - span[0] + timedelta(1)).days, (self.period.last - self.period.first + timedelta(1)).days)
        return cast("Bounded", calculate("*", total, share))

    def _rounded(self, total: Bounded) -> Bounded:
        digits = int(self.conventions.get("rounding.digits", "0"))
        mode = self.conventions.get("rounding.mode", "half_up")
        low, high = (round_by(one, digits, mode) for one in ends(total))
        return narrowed(low, high, needs_of(total))

    def _seen(self, value: Bounded | Unknown) -> Value:
        return value

    def _eligible(self) -> bool | None:
        if self.scheme.eligible is None:
            return True
        answer = holds(evaluate(self.scheme.eligible, self.scope))
        return None if isinstance(answer, Unknown) else answer


def _within(number: Number, low: Number | None, high: Number | None) -> Number:
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)


def round_by(number: Number, digits: int, mode: str) -> Number:
    """A number to so many digits: half_up (away from zero), half_even, down (towards zero) or up.

    >>> round_by(Fraction(5, 2), 0, "half_up"), round_by(Fraction(5, 2), 0, "half_even"), round_by(Fraction(-27, 10), 0, "down")
    (3, 2, -2)
    """
    if mode == "half_up":
        return rounded(number, digits)
    scaled = Fraction(number) * 10**digits
    if mode == "half_even":
        return exact(Fraction(round(scaled), 10**digits))
    whole = abs(scaled).__floor__() if mode == "down" else abs(scaled).__ceil__()
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _worth(value: Value, asked: bool | Unknown) -> tuple[Bounded | Unknown, tuple[str, ...]]:
    """What an item comes to: between nothing and its points while its condition is open."""
    needs = set(asked.needs) if isinstance(asked, Unknown) else set()
    if isinstance(value, Nothing):
        return 0, tuple(sorted(needs))
    if isinstance(value, Unknown):
        needs |= value.needs
        return Unknown(frozenset(needs)), tuple(sorted(needs))
    worth = cast("Bounded", value)
    if isinstance(asked, Unknown):
        worth = hull([0, worth], asked.needs)
    needs |= needs_of(worth)
    return worth, tuple(sorted(needs))


def _numbered(scope: RecordScope, item: Item, first: int, last: int) -> None:
    """Set the row's ordinal; between two while earlier rows are open. What was worked out with another ordinal is forgotten."""
    scope.extra["nth"] = narrowed(first, last, frozenset({f"{item.id}.nth"}))
    scope.memo.pop("nth", None)


def _assessors_differ(group: list[tuple[Row, date | None]]) -> bool:
    if any(row.facts.get("occurrence") is not None for row, _ in group):
        return len(group) > 1
    return len({row.facts.get("assessor") for row, _ in group}) > 1


def _all_names(of: Expression) -> set[str]:
    return {one.id for one in walk(of) if isinstance(one, Name)}


def _read(item: Item, scope: Any) -> dict[str, object]:
    """The facts that an item's condition and points read, with what they were worth."""
    read = dict.fromkeys(name for one in (item.when, item.points) if one is not None for name in names(one))
    return {
        name: reported(scope.memo[name])
        for name in read
        if name in scope.memo and not isinstance(scope.memo[name], (Unknown, Nothing, Interval))
    }


def _unstated(name: str, where: str) -> ConventionError:
    return ConventionError(
        Words(f"{where} depends on the convention {name}, and the book does not state it", f"{where} 取决于约定 {name}，而规则册没有写明"),
        hint=Words(f"conventions: {{{name}: ..}}", f"在 conventions 里写明 {name}"),
        id=f"conventions.{name}",
    )


# -- the public card


def card_of(assessment: Assessment, score: Score) -> Scorecard:
    """The scorecard of a score: everything rounded once, as the book says."""
    contents, scheme = assessment.contents, score.scheme
    conventions = {**contents.conventions, **scheme.conventions}

    def shown(value: Number) -> Any:
        if "rounding.digits" not in conventions:
            return reported(exact(value))
        return reported(round_by(value, int(conventions["rounding.digits"]), conventions.get("rounding.mode", "half_up")))

    def three(value: Bounded | Unknown) -> tuple[Any, Any, Any]:
        if isinstance(value, Unknown):
            return None, None, None
        low, high = (shown(one) for one in ends(value))
        return (low if low == high else None), low, high

    total, low, high = three(score.total)
    parts = {}
    for id, held in score.parts.items():
        point, least, most = three(held.total)
        moved = not isinstance(held.earned, Unknown) and held.earned != held.total
        parts[id] = PartScore(
            id=id,
            label=held.part.label,
            full=shown(held.part.full) if held.part.full is not None else None,
            total=point,
            low=least,
            high=most,
            earned=three(held.earned)[0],
            held=moved,
        )
    lines = tuple(
        Line(
            one.part,
            one.item.id,
            one.item.label,
            one.item.cite,
            *three(one.worth),
            one.item.text,
            one.facts,
            _facts(one.row),
            one.on,
            one.needs,
        )
        for one in score.priced
    )
    open_ = tuple(
        OpenItem(one.item.id, one.needs, *three(one.worth)[1:], _facts(one.row))
        for one in score.priced
        if one.needs or isinstance(one.worth, Unknown)
    )
    unpriced, unverified = _unpriced(assessment, score)
    return Scorecard(
        scheme=scheme.id,
        title=scheme.title,
        subject=score.subject,
        period=str(score.period),
        total=total,
        low=low,
        high=high,
        parts=parts,
        lines=lines,
        unpriced=unpriced,
        unverified=unverified,
        open=open_,
        notes=tuple(score.notes),
        eligible=score.eligible,
        unit=scheme.unit,
        book=contents.id,
        digest=assessment.book.digest,
        now=assessment.now,
        formula="",
        labels=_labels(assessment, score),
    )


def _facts(row: Row | None) -> Mapping[str, object] | None:
    return dict(row.facts) if row is not None else None


def _labels(assessment: Assessment, score: Score) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in score.priced:
        tables = (one.row.source, "events") if one.row is not None else (score.scheme.id,)
        for name in one.facts:
            column = next((seen for table in tables if (seen := assessment.contents.column(table, name)) is not None), None)
            if column is not None and column.label:
                found[name] = column.label
    found |= {id: kind.label for id, kind in assessment.contents.events.items() if kind.label}
    found |= {id: decision.label for id, decision in assessment.contents.decisions.items() if decision.label}
    found |= {id: measure.label for id, measure in assessment.contents.measures.items() if measure.label}
    return found


def _unpriced(assessment: Assessment, score: Score) -> tuple[tuple[Mapping[str, object], ...], tuple[Mapping[str, object], ...]]:
    """The subject's events of the period that nothing prices, and those that wait to be verified."""
    own = {source for part in score.scheme.parts.values() for item in part.items for source in item.for_}
    own |= {source for item in score.scheme.adjust for source in item.for_}
    let_in = {id(row) for row, held in score.considered if held}
    unpriced: list[Mapping[str, object]] = []
    unverified: list[Mapping[str, object]] = []
    used = assessment.used_kinds
    for kind in assessment.contents.events:
        for row, _ in assessment.records(kind, score.scheme.scores, score.subject, score.period):
            if not assessment.counts(row):
                unverified.append(dict(row.facts))
            elif (kind in own and id(row) not in let_in) or kind not in used:
                unpriced.append(dict(row.facts))
    return tuple(unpriced), tuple(unverified)

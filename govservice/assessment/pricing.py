"""A scheme on one subject in one period: its items priced, parts held, the total, and everything left open."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from govservice.assessment.items import ItemPricing
from govservice.assessment.register import LedgerRow
from govservice.assessment.scopes import PartScope, SubjectScope
from govservice.assessment.score import HeldPart, Score, Sources
from govservice.errors import ConventionError, DecisionError, Words
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Part, Scheme, in_force
from govservice.rules.language.facts import read_fact
from govservice.rules.language.functions import rounded
from govservice.rules.language.intervals import Bounded, calculate, ends, hull, narrowed, needs_of
from govservice.rules.language.values import BOOLEAN, DECIMAL, NONE, Nothing, Number, Unknown, exact, reported
from govservice.rules.meaning.evaluation import evaluate, holds

__all__ = ["round_by", "worked_out"]

ZERO = Fraction(0)


def worked_out(sources: Sources, scheme: Scheme, scope: SubjectScope, supplied: LedgerRow | None) -> Score:
    """Work out one score, of the subject and period of its scope; one that was `supplied` stands.

    Raises ConventionError, DecisionError, RecordError.
    """
    pricing = _Pricing(sources, scheme, scope)
    return pricing.as_supplied(supplied) if supplied is not None else pricing.score()


class _Pricing:
    def __init__(self, sources: Sources, scheme: Scheme, scope: SubjectScope) -> None:
        self.sources = sources
        self.scheme = scheme
        self.scope = scope
        self.subject, self.period = scope.id, scope.period
        self.conventions: Conventions = {**scope.contents.conventions, **scheme.conventions}
        self.done = Score(scheme, self.subject, self.period, scope, ZERO, None)
        self.items = ItemPricing(sources, self.done)

    def score(self) -> Score:
        applies = self._applies()
        if applies is False:
            return self._not_scored()
        for part in self.scheme.parts.values():
            self._part(part)
        outside = self.items.price(None, self.scheme.adjust, {})
        adjust = self._sum([item.worth for item in outside])
        self.scope.put({"adjust": adjust})
        self.scope.pieces = {
            "parts": [
                PartScope(self.scope, part.total, NONE if part.part.full is None else exact(part.part.full))
                for part in self.done.parts.values()
            ],
            "adjust": [PartScope(self.scope, item.worth, NONE) for item in outside],
        }
        total = self._total(adjust)
        if isinstance(total, Nothing):
            return self._not_scored()
        self.done.total = total | applies if isinstance(applies, Unknown) and isinstance(total, Unknown) else total
        if isinstance(applies, Unknown):
            self.done.note(
                Words(f"whether it is scored at all waits for {_listed(applies)}", f"是否计分尚未确定，需要：{_listed(applies)}")
            )
        self.scope.put({"total": self.done.total})
        self._eligible()
        self.done.notes |= self.scope.notes
        return self.done

    def _not_scored(self) -> Score:
        self.done.applies = False
        self.done.eligible = False
        self.done.total = Unknown()
        self.scope.put({"total": NONE, "eligible": False})
        self.done.note(Words("this scheme does not score it in this period", "本期间不按此方案计分"))
        return self.done

    def as_supplied(self, row: LedgerRow) -> Score:
        """A past score stands as it was given: its total, and whatever else of it the row says (parts, rank, grades)."""
        total = cast("Bounded", read_fact("total", row.facts["total"], DECIMAL))
        given = row.facts.get("eligible")
        self.done.total = total
        self.done.eligible = True if given is None else read_fact("eligible", given, BOOLEAN) is True
        self.done.supplied = True
        facts = {key: value for key, value in row.facts.items() if key not in ("total", "eligible", "parts")}
        parts = row.facts.get("parts")
        if isinstance(parts, Mapping):
            facts |= {f"parts.{part}": value for part, value in parts.items()}
        self.scope.given(facts)
        self.scope.put({"total": total, "eligible": self.done.eligible})
        self.done.note(Words("this score was supplied and is not worked out again", "此分为已有的分数，不再重算"))
        return self.done

    def _applies(self) -> bool | Unknown:
        if not in_force(self.scheme.from_, self.scheme.until, self.sources.held_on(self.period), self.scheme.id):
            return False
        asked: bool | Unknown = True if self.scheme.when is None else holds(evaluate(self.scheme.when, self.scope))
        if asked is False:
            return False
        served = self.sources.serves(self.scheme.id, self.subject, self.period)
        return served if asked is True or served is False else asked if served is True else asked | served

    # -- parts and total

    def _part(self, part: Part) -> None:
        if not in_force(part.from_, part.until, self.sources.held_on(self.period), part.id):
            return
        asked = True if part.when is None else holds(evaluate(part.when, self.scope))
        if asked is False:
            return
        conventions = {**self.conventions, **part.conventions}
        items = self.items.price(part.id, part.items, part.conventions)
        start = part.start if part.start is not None else part.full if part.full is not None else ZERO
        earned = self._sum([start, *(item.worth for item in items)])
        total = self._hold(part, earned, conventions)
        if isinstance(asked, Unknown):  # it may not apply at all, and then adds nothing
            total = total | asked if isinstance(total, Unknown) else hull([0, total], asked.needs)
        doubt = tuple(sorted(asked.needs)) if isinstance(asked, Unknown) else None
        self.done.parts[part.id] = HeldPart(part, earned, total, doubt)
        self.scope.put({f"parts.{part.id}": total})

    def _sum(self, worths: list[Bounded | Unknown]) -> Bounded | Unknown:
        total: Bounded = 0
        needs: Unknown | None = None
        for worth in worths:
            if isinstance(worth, Unknown):
                needs = worth if needs is None else needs | worth
            else:
                total = cast("Bounded", calculate("+", total, worth))
        return total if needs is None else needs

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
        if isinstance(earned, Unknown):
            return None  # open anyway: what the book must say cannot be known yet
        least, most = ends(earned)
        if least < 0 if floor else most > part.full:
            raise ConventionError.unstated(convention, f"{self.scheme.id}.parts.{part.id}")
        return None

    def _total(self, adjust: Bounded | Unknown) -> Bounded | Unknown | Nothing:
        scheme = self.scheme
        if scheme.total is not None:
            total = cast("Bounded | Unknown | Nothing", evaluate(scheme.total, self.scope))
        else:
            total = self._sum([*(part.total for part in self.done.parts.values()), adjust])
        low = None if scheme.low in (None, "none") else exact(Fraction(scheme.low))
        high = None if scheme.high in (None, "none") else exact(Fraction(scheme.high))
        if isinstance(total, Unknown) and low is not None and high is not None:
            return narrowed(low, high, total.needs)
        if isinstance(total, (Unknown, Nothing)):
            return total
        least, most = ends(total)
        if scheme.full is not None and scheme.high is None and most > scheme.full:
            raise DecisionError(
                Words(
                    f"{scheme.id}: {self.subject} comes to {reported(most)} of {reported(scheme.full)}, and no max is stated",
                    f"{scheme.id}：{self.subject} 得 {reported(most)} 分，超过满分 {reported(scheme.full)}，而没有写 max",
                ),
                hint=Words("write max: with a number or none", "写上 max：数字或 none"),
                id=scheme.id,
            )
        bounded = narrowed(_within(least, low, high), _within(most, low, high), needs_of(total))
        if ends(bounded) != (least, most):
            sums, bounds = (" .. ".join(str(reported(end)) for end in dict.fromkeys(pair)) for pair in ((least, most), ends(bounded)))
            self.done.note(Words(f"the parts come to {sums}; the scheme holds it to {bounds}", f"各部分合计 {sums}，按方案限为 {bounds}"))
        served = self._served(bounded)
        return self._rounded(served) if self.conventions.get("rounding.at") == "each_scheme" else served

    def _served(self, total: Bounded) -> Bounded:
        """A subject that served part of the period, by the book's convention."""
        span = self.sources.register.served(self.scheme.scores, self.subject, self.period)
        days = (self.period.last - self.period.first).days + 1
        if span is None or span.days == days or self.period.kind == "ever":
            return total
        reading = self.conventions.get("part_served")
        if reading is None:
            raise ConventionError.unstated("part_served", self.scheme.id)
        first, last, served = span
        self.done.note(
            Words(f"served {served} of {days} days, from {first} to {last}", f"在岗 {served} 天（共 {days} 天），自 {first} 至 {last}")
        )
        return cast("Bounded", calculate("*", total, Fraction(served, days))) if reading == "prorated" else total

    def _rounded(self, total: Bounded) -> Bounded:
        digits = int(self.conventions.get("rounding.digits", "0"))
        mode = self.conventions.get("rounding.mode", "half_up")
        low, high = (round_by(end, digits, mode) for end in ends(total))
        return narrowed(low, high, needs_of(total))

    def _eligible(self) -> None:
        answer: bool | Unknown = True if self.scheme.eligible is None else holds(evaluate(self.scheme.eligible, self.scope))
        self.scope.put({"eligible": answer})
        if isinstance(answer, Unknown):
            self.done.note(Words(f"whether it is eligible waits for {_listed(answer)}", f"是否参加评定尚未确定，需要：{_listed(answer)}"))
        else:
            self.done.eligible = answer


def _within(number: Number, low: Number | None, high: Number | None) -> Number:
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)


def round_by(number: Number, digits: int, mode: str) -> Number:
    """A number to so many digits: half_up (away from zero), half_even, down (towards zero) or up.

    >>> round_by(Fraction(5, 2), 0, "half_up"), round_by(Fraction(5, 2), 0, "half_even"), round_by(Fraction(-27, 10), 0, "down")
    (3, 2, -2)
    """
    if type(number) is int and digits >= 0:
        return number
    if mode == "half_up":
        return rounded(number, digits)
    scaled = Fraction(number) * 10**digits
    if mode == "half_even":
        return exact(Fraction(round(scaled), 10**digits))
    whole = abs(scaled).__floor__() if mode == "down" else abs(scaled).__ceil__()
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _listed(open_: Unknown) -> str:
    return ", ".join(sorted(open_.needs)) or "-"

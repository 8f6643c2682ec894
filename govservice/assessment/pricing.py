"""A scheme on one subject in one period: its items priced, parts held, the total, and everything left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import cast

from govservice.assessment.items import ItemPricing
from govservice.assessment.occurrences import PricedRows, worths_of
from govservice.assessment.published import KEPT
from govservice.assessment.register import LedgerRow
from govservice.assessment.rounding import MODES, round_by
from govservice.assessment.scopes import Piece, SubjectScope
from govservice.assessment.score import HeldPart, Score, Sources
from govservice.errors import ConventionError, DecisionError, RecordError, Words
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Part, Scheme, in_force, parts_of
from govservice.rules.language.day_functions import rest_on
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.intervals import Bounded, calculate, ends, hull, narrowed, needs_of
from govservice.rules.language.values import BOOLEAN, DECIMAL, NONE, Interval, Nothing, Number, Type, Unknown, Value, exact, reported
from govservice.rules.meaning.evaluation import evaluate, holds, in_doubt, perhaps_none
from govservice.rules.meaning.totals import settled_total

__all__ = ["worked_out"]

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
        self.conventions: Conventions = scope.contents.stated_in[scheme.id]
        self.done = Score(scheme, self.subject, self.period, scope, ZERO, None)
        self.items = ItemPricing(sources, self.done)
        self.doubt: Unknown | None = None  # what would say whether it is scored at all
        self.perhaps: Unknown | None = None  # what a total waits for that may turn out to be none: then it is not scored
        self.shares: tuple[Fraction, ...] = (Fraction(1),)

    def score(self) -> Score:
        applies = self._applies()
        if applies is False:
            return self._not_scored()
        self.doubt = applies if isinstance(applies, Unknown) else None
        self.shares = self._shares()
        total = self._worked_out()
        if self.items.across():  # rows of one occurrence stand beside each other in several items: once more, as the book reads them
            self.done.parts.clear()
            self.done.priced.parts.clear()
            self.done.whole.clear()
            self.done.unfired.clear()
            self.scope.anew({})
            total = self._worked_out()
        if isinstance(total, Nothing):
            return self._not_scored()
        if self.perhaps is not None:
            applies = self.perhaps if applies is True else applies | self.perhaps
        self.done.total = total
        if isinstance(applies, Unknown):  # nothing of it is settled: it may be none
            self.done.applies = applies
            listed = self._listed(applies)
            self.done.note(Words(f"whether it is scored at all waits for {listed.en}", f"是否计分尚未确定，需要：{listed.zh}"))
            parts = {f"parts.{id}": part.total for id, part in self.done.parts.items()}
            found: dict[str, Value] = {"total": total, "adjust": self.scope.around["adjust"], **parts}
            self.scope.perhaps.update(found)
            self.scope.anew({name: _waiting(applies, value) for name, value in found.items()})
        else:
            self.scope.put({"total": total})
        self._eligible(applies)
        self.done.notes |= self.scope.notes
        return self.done

    def _worked_out(self) -> Bounded | Unknown | Nothing:
        """The total, its parts and what stands outside them."""
        found: list[HeldPart] = []
        for id, part in self.scheme.parts.items():
            held = self._part(id, part, {}, self.doubt)
            found += [held] if held is not None else []
        self.done.parts = {path: self.done.parts[path] for path, _ in parts_of(self.scheme) if path in self.done.parts}
        priced = self.items.price(None, self.scheme.adjust, {}, self.doubt)
        outside = [line for part in priced for line in (part.lines if isinstance(part, PricedRows) else (part,))]
        adjust = self._sum([item.worth for item in outside])
        self.scope.put({"adjust": adjust})
        self.scope.pieces = {
            "parts": [_piece(part) for part in found],
            "adjust": [Piece(item.worth, NONE, None if item.sure else Unknown(frozenset(item.needs))) for item in outside],
        }
        return self._total(adjust)

    def _not_scored(self) -> Score:
        self.done.applies = False
        self.done.eligible = False
        self.done.total = Unknown()
        parts = {f"parts.{path}": NONE for path, _ in parts_of(self.scheme)}
        self.scope.put({"total": NONE, "eligible": False, "adjust": NONE, **parts})
        self.done.note(Words("this scheme does not score it in this period", "本期间不按此方案计分"))
        return self.done

    def as_supplied(self, row: LedgerRow) -> Score:
        """A past score stands as it was given: its total, and whatever else of it the row says (parts, rank, grades)."""
        where = f"{self.scheme.id}:{row.number}"
        total = self._given("total", row.facts.get("total"), DECIMAL, where) if "differs" not in row.facts else None
        self.done.total = Unknown(frozenset((f"{where}.total",))) if total is None else cast("Bounded", total)
        self.done.supplied = row
        self.scope.given_as = where
        facts = {key: value for key, value in row.facts.items() if key not in ("total", "eligible", "parts", "differs", KEPT)}
        parts = row.facts.get("parts")
        if isinstance(parts, Mapping):
            facts |= {f"parts.{part}": value for part, value in parts.items()}
        self.scope.given(facts)
        self.scope.put({"total": self.done.total})
        self._supplied_eligible(row, where)
        self.done.note(Words("this score was supplied and stands", "此分为已有的分数，以它为准"))
        return self.done

    def _supplied_eligible(self, row: LedgerRow, where: str) -> None:
        """As the row says; one that does not say is judged by the scheme."""
        if absent(row.facts.get("eligible")):
            self._eligible(True)
            return
        given = self._given("eligible", row.facts["eligible"], BOOLEAN, where)
        self.done.eligible = given if isinstance(given, bool) else None
        self.scope.put({"eligible": Unknown(frozenset((f"{where}.eligible",))) if given is None else given})

    def _given(self, name: str, raw: object, kind: Type, where: str) -> Value | None:
        """A fact of a score that was supplied; one that cannot be read is told, and not known."""
        if absent(raw):
            return None
        try:
            return read_fact(name, raw, kind)
        except RecordError as error:
            self.scope.faults[f"{where}.{name}"] = error
            return None

    def _applies(self) -> bool | Unknown:
        if not in_force(self.scheme.from_, self.scheme.until, self.sources.held_on(self.period), self.scheme.id):
            return False
        asked: bool | Unknown = True if self.scheme.when is None else holds(evaluate(self.scheme.when, self.scope))
        if asked is False:
            return False
        served = self.sources.serves(self.scheme.id, self.subject, self.period)
        return served if asked is True or served is False else asked if served is True else asked | served

    # -- parts and total

    def _part(
        self, id: str, part: Part, above: Mapping[str, str], behind: Unknown | None, level: int = 0, *, doubt: Unknown | None = None
    ) -> HeldPart | None:
        """A part and those within it, by its path; None where it does not apply. `doubt` is whether what holds it applies, `behind` that or
        whether the subject is scored at all.
        """
        if not in_force(part.from_, part.until, self.sources.held_on(self.period), part.id):
            return None
        asked = True if part.when is None else holds(in_doubt(part.when, self.scope, behind))
        if asked is False:
            return None
        own = asked if isinstance(asked, Unknown) else None
        whole, behind = _together(doubt, own), _together(behind, own)
        stated = {**above, **part.conventions}
        conventions = {**self.conventions, **stated}
        lines = self.items.price(id, part.items, stated, behind, doubt=whole)
        within = self._parts_within(id, part, stated, behind, level + 1, doubt=whole)
        worth = self._sum([*worths_of(lines), *(held.adds for held in within)])
        start = self._start(part, behind)
        held = [self._held(id, part, start, share, worth, conventions, certain=behind is None) for share in self.shares]
        needs = frozenset(("conventions.part_served",))
        earned, total = (_either([pair[side] for pair in held], needs) for side in (0, 1))
        full = None if part.full is None else exact(part.full * (self.shares[0] if len(self.shares) == 1 else 1))
        adds = _perhaps(total, own)
        if whole is not None:  # it may not apply at all, and then adds nothing
            self.scope.perhaps.add(f"parts.{id}")
            done = HeldPart(part, earned, _perhaps(total, whole), tuple(sorted(whole.needs)), full, total, level, adds)
        else:
            done = HeldPart(part, earned, total, None, full, None, level, adds)
        self.scope.put({f"parts.{id}": total if whole is None else _waiting(whole, total)})
        self.done.parts[id] = done
        return done

    def _parts_within(
        self, above: str, of: Part, stated: Mapping[str, str], behind: Unknown | None, level: int, *, doubt: Unknown | None
    ) -> list[HeldPart]:
        parts = ((f"{above}.{id}", part) for id, part in of.parts.items())
        held = (self._part(id, part, stated, behind, level, doubt=doubt) for id, part in parts)
        return [part for part in held if part is not None]

    def _start(self, part: Part, behind: Unknown | None) -> Bounded | Unknown:
        """What a part starts from: what it says, else what its full mark leaves over those of the parts within."""
        if part.start is None:
            within = [inner.marks for inner in part.parts.values() if inner.marks is not None]
            return ZERO if part.full is None else exact(part.full - sum(within, ZERO))
        start = in_doubt(part.start, self.scope, behind)
        if isinstance(start, Interval) and start.or_none:
            return hull([ZERO, replace(start, or_none=False)])
        return ZERO if isinstance(start, Nothing) else cast("Bounded | Unknown", start)

    def _held(
        self,
        id: str,
        part: Part,
        start: Bounded | Unknown,
        share: Fraction,
        worth: Bounded | Unknown,
        conventions: Mapping[str, str],
        *,
        certain: bool,
    ) -> tuple[Bounded | Unknown, Bounded | Unknown]:
        """What a part earned, and what it is held to, its full mark shrunk to the share of the period that was served."""
        shrunk = start if isinstance(start, Unknown) or share == 1 else cast("Bounded", calculate("*", start, share))
        earned = self._sum([shrunk, worth])
        full = None if part.full is None else part.full * share
        return earned, self._hold(id, part, full, earned, conventions, certain=certain)

    def _sum(self, worths: list[Bounded | Unknown]) -> Bounded | Unknown:
        unknown = [worth for worth in worths if isinstance(worth, Unknown)]
        if unknown:
            return Unknown(frozenset().union(*(worth.needs for worth in unknown)))
        return cast("Bounded", settled_total("sum", worths))

    def _hold(
        self, id: str, part: Part, full: Fraction | None, earned: Bounded | Unknown, conventions: Mapping[str, str], *, certain: bool
    ) -> Bounded | Unknown:
        """The part held between its bounds; with an item of no bound, all that the bounds allow."""
        asked: set[str] = set()
        lows = self._bounds(id, part, full, "part_floor", conventions, earned, asked, certain=certain)
        highs = self._bounds(id, part, full, "part_overflow", conventions, earned, asked, certain=certain)
        if type(earned) in (int, Fraction) and len(lows) == len(highs) == 1:
            settled = _within(cast("Number", earned), lows[0], highs[0])
            return narrowed(settled, settled, frozenset())
        if isinstance(earned, Unknown):
            low, high = lows[0], highs[0]
            return Unknown(earned.needs | asked) if low is None or high is None else narrowed(low, high, earned.needs)
        least, most = ends(earned)
        needs = needs_of(earned)
        return hull([narrowed(_within(least, *pair), _within(most, *pair), needs) for pair in product(lows, highs)], asked)

    def _bounds(
        self,
        id: str,
        part: Part,
        full: Fraction | None,
        convention: str,
        conventions: Mapping[str, str],
        earned: Bounded | Unknown,
        asked: set[str],
        *,
        certain: bool,
    ) -> tuple[Number | None, ...]:
        """A bound of a part, or none; both where the book does not say, and it matters, or may once more is known: then it is asked for."""
        floor = convention == "part_floor"
        own = part.low if floor else part.high
        if own is not None:
            return (None if own == "none" else exact(Fraction(own)),)
        if full is None:
            return (None,)  # a bonus is not held unless it says so
        stated = conventions.get(convention)
        bound = 0 if floor else exact(full)
        if stated is not None:
            return (None if stated in ("none", "allowed") else bound,)
        if isinstance(earned, Unknown):
            asked.add(f"conventions.{convention}")
            return (None,)
        least, most = ends(earned)
        if certain and (most < 0 if floor else least > full):
            raise ConventionError.unstated(convention, f"{self.scheme.id}.parts.{id}")
        if least >= 0 if floor else most <= full:
            return (None,)
        asked.add(f"conventions.{convention}")
        return (None, bound)

    def _total(self, adjust: Bounded | Unknown) -> Bounded | Unknown | Nothing:
        scheme = self.scheme
        if scheme.total is not None:
            total = cast("Bounded | Unknown | Nothing", in_doubt(scheme.total, self.scope, self.doubt))
        else:
            total = self._sum([*(part.total for part in self.done.parts.values() if part.level == 0), adjust])
        low = None if scheme.low in (None, "none") else exact(Fraction(scheme.low))
        high = None if scheme.high in (None, "none") else exact(Fraction(scheme.high))
        self.perhaps = total if isinstance(total, Unknown) and scheme.total is not None and perhaps_none(scheme.total, self.scope) else None
        if isinstance(total, Interval) and total.or_none:
            self.perhaps, total = Unknown(total.needs), replace(total, or_none=False)
        if isinstance(total, Unknown) and low is not None and high is not None:
            return narrowed(low, high, total.needs)
        if isinstance(total, (Unknown, Nothing)):
            return total
        least, most = ends(total)
        if self.doubt is None and scheme.full is not None and scheme.high is None and least > scheme.full:
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
        return self._rounded(bounded) if self.conventions.get("rounding.at") == "each_scheme" else bounded

    def _shares(self) -> tuple[Fraction, ...]:
        """What the full marks shrink to of a subject that served part of the period, by the book's convention: several where it is open."""
        served = self.sources.register.served(self.scheme.scores, self.subject, self.period)
        days = (self.period.last - self.period.first).days + 1
        if served is None or served.days == days or self.period.kind == "ever":
            return (Fraction(1),)
        first, last = served.spells[0][0], served.spells[-1][1]
        self.done.note(
            Words(
                f"served {served.days} of {days} days, from {first} to {last}",
                f"在岗 {served.days} 天（共 {days} 天），自 {first} 至 {last}",
            )
        )
        if all(part.full is None and part.start is None for _, part in parts_of(self.scheme)):
            return (Fraction(1),)
        whole = self.sources.workdays(self.period.first, self.period.last)
        worked = sum(self.sources.workdays(*spell) for spell in served.spells)
        readings = {
            "full": (Fraction(1),),
            "workdays": (Fraction(worked, whole) if whole else Fraction(1),),
            "days": (Fraction(served.days, days),),
        }
        every = tuple(dict.fromkeys(share for shares in readings.values() for share in shares))
        reading = self.conventions.get("part_served")
        if reading == "workdays":
            rest_on(self.scope, self.period.last)
        if reading is None and self.doubt is None and len(every) > 1:
            raise ConventionError.unstated("part_served", self.scheme.id)
        return readings.get(reading or "report", every)

    def _rounded(self, total: Bounded) -> Bounded:
        low, high = ends(total)
        asked: set[str] = set()
        rounded_ends = []
        for end in (low, high):
            digits, mode = self.conventions.get("rounding.digits"), self.conventions.get("rounding.mode")
            if digits is None and Fraction(end).denominator != 1:
                asked.add("rounding.digits")
            if mode is None and digits is not None and len({round_by(end, int(digits), each) for each in MODES}) > 1:
                asked.add("rounding.mode")
            rounded_ends.append(round_by(end, int(digits or 0), mode or "half_up"))
        if asked and self.doubt is None and low == high:
            raise ConventionError.unstated(min(asked), self.scheme.id)
        if asked:
            return Interval(low, high, needs_of(total) | {f"conventions.{name}" for name in asked})
        return narrowed(rounded_ends[0], rounded_ends[1], needs_of(total))

    def _eligible(self, applies: bool | Unknown) -> None:
        doubt = applies if isinstance(applies, Unknown) else None
        answer: bool | Unknown = True if self.scheme.eligible is None else holds(in_doubt(self.scheme.eligible, self.scope, doubt))
        if isinstance(applies, Unknown) and answer is not False:
            answer = applies if answer is True else applies | answer
        self.scope.put({"eligible": answer})
        self.done.eligible = None if isinstance(answer, Unknown) else answer
        if isinstance(answer, Unknown) and self.done.applies is True:
            listed = self._listed(answer)
            self.done.note(Words(f"whether it is eligible waits for {listed.en}", f"是否参加评定尚未确定，需要：{listed.zh}"))

    def _listed(self, open_: Unknown) -> Words:
        needs = self.scope.of_its_own(open_.needs)
        return Words(", ".join(needs) or "-", self.scope.contents.several_in_chinese(needs, self.scheme.scores).strip() or "-")


def _together(*doubts: Unknown | None) -> Unknown | None:
    """Several doubts as one; None where there is none."""
    some = [doubt for doubt in doubts if doubt is not None]
    return Unknown(frozenset().union(*(doubt.needs for doubt in some))) if some else None


def _waiting(doubt: Unknown, value: Value) -> Unknown:
    """What a value waits for of which it is not known whether there is one."""
    return doubt | value if isinstance(value, Unknown) else Unknown(doubt.needs | needs_of(value)) if isinstance(value, Interval) else doubt


def _perhaps(total: Bounded | Unknown, doubt: Unknown | None) -> Bounded | Unknown:
    """A total, or nothing."""
    if doubt is None:
        return total
    return total | doubt if isinstance(total, Unknown) else hull([0, total], doubt.needs)


def _piece(held: HeldPart) -> Piece:
    doubt = None if held.doubt is None else Unknown(frozenset(held.doubt))
    return Piece(held.certain if held.certain is not None else held.total, NONE if held.full is None else held.full, doubt)


def _either(values: list[Bounded | Unknown], needs: frozenset[str]) -> Bounded | Unknown:
    """Any of several readings."""
    if len(values) == 1:
        return values[0]
    open_ = [value for value in values if isinstance(value, Unknown)]
    return Unknown(needs.union(*(value.needs for value in open_))) if open_ else hull(cast("list[Bounded]", values), needs)


def _within(number: Number, low: Number | None, high: Number | None) -> Number:
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)

"""One assessment: records under a rulebook as of a day; cards are worked out when asked for, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govservice.errors import ConventionError, DecisionError, RecordError, Words
from govservice.rules.entries import Item, Scheme
from govservice.rules.evaluation import evaluate, holds
from govservice.rules.expressions.shapes import Aggregate, Expression, Previous, walk
from govservice.rules.expressions.values import Unknown
from govservice.rules.facts import absent
from govservice.rules.tables import Decision
from govservice.scoring.gathering import Gathering
from govservice.scoring.ledger import Ledger, Row, written
from govservice.scoring.periods import Period, read_period
from govservice.scoring.scopes import SubjectScope

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook
    from govservice.scoring.pricing import Score
    from govservice.scoring.ranking import Standing

__all__ = ["Assessment", "expressions_of", "items_of", "of_decision", "walked"]


class Assessment(Gathering):
    """Everything one call works with. Nothing of it changes but what was worked out already."""

    def __init__(
        self, book: Rulebook, records: Mapping[str, Any] | Ledger, *, now: date | None = None, calendar: WorkCalendar | None = None
    ) -> None:
        super().__init__(book, records, now=now, calendar=calendar)
        self._scores: dict[tuple[str, str, Period], Score] = {}
        self._standings: dict[tuple[str, Period], dict[str, Standing]] = {}
        self._busy: set[object] = set()

    @cached_property
    def used_kinds(self) -> frozenset[str]:
        """The kinds of event that some item, decision or measure of the book uses."""
        contents = self.contents
        used: set[str] = set()
        expressions: list[Expression | None] = [measure.value for measure in contents.measures.values()]
        for scheme in contents.schemes.values():
            for item in items_of(scheme):
                used |= set(item.for_)
            expressions += expressions_of(scheme)
        for decision in contents.decisions.values():
            expressions += of_decision(decision)
        return frozenset(used.union(*(one.sources for one in walked(expressions) if isinstance(one, Aggregate))))

    @cached_property
    def looking_back(self) -> frozenset[str]:
        """The schemes of which something asks for what was one period earlier, so that scores may build on scores without end."""
        contents = self.contents
        shared = [measure.value for measure in contents.measures.values()]
        found: set[str] = set()
        for id, scheme in contents.schemes.items():
            about = [one for decision in contents.decisions.values() if decision.about == id for one in of_decision(decision)]
            if any(isinstance(one, Previous) for one in walked([*expressions_of(scheme), *about, *shared])):
                found.add(id)
        return frozenset(found)

    def rows(
        self, sources: tuple[str, ...], owner: str, id: str, period: Period, *, by: str | None, said: dict[Words, None]
    ) -> list[Any] | None:
        """The scopes an aggregate runs over; None where one of its tables was not supplied, or a row may or may not be among them."""
        if self.lacking(sources):
            return None
        found: list[Any] = []
        for source in sources:
            if source in self.contents.schemes:
                scored = self.scored(source, owner, id, period, said)
                if scored is None:
                    return None
                found.extend(scored)
                continue
            for row, on in self.records(source, owner, id, period, by=by):
                if self.counts(row):
                    if isinstance(on, Unknown):
                        return None
                    found.append(self.scope(row, period))
        return found

    # -- schemes as tables

    def subjects(self, scheme: str, period: Period) -> tuple[tuple[str, bool | Unknown], ...]:
        """Who a scheme scores in a period, each with whether `who:` holds of it; those it certainly does not hold of are left out."""
        shape = self.contents.schemes[scheme]
        found: list[tuple[str, bool | Unknown]] = []
        for id in self.ledger.ids(shape.scores):
            answer = self.serves(scheme, id, period)
            if answer is not False or self.supplied(scheme, id, period) is not None:
                found.append((id, answer))
        return tuple(found)

    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown:
        """Whether a subject is scored in a period: it served in it, and `who:` holds of it."""
        shape = self.contents.schemes[scheme]
        if self.ledger.served(shape.scores, id, period) is None:
            return False
        if shape.who is None:
            return True
        return holds(evaluate(shape.who, SubjectScope(self, shape.scores, id, period)))

    def score(self, scheme: str, id: str, period: Period) -> Score:
        """The score of one subject in one period, worked out once."""
        from govservice.scoring.pricing import worked_out

        key = (scheme, id, period)
        if key not in self._scores:
            with self._waiting(key, f"{scheme} {id} {period}"):
                self._scores[key] = worked_out(self, self.contents.schemes[scheme], id, period)
        return self._scores[key]

    def is_worked_out(self, scheme: str, id: str, period: Period) -> bool:
        """Whether a score was worked out already."""
        return (scheme, id, period) in self._scores

    @contextmanager
    def _waiting(self, key: object, said: str) -> Iterator[None]:
        """While something is worked out, nothing may ask for it."""
        if key in self._busy:
            raise DecisionError(Words(f"{said} waits for itself", f"{said} 在等自己的结果"), id=said.partition(" ")[0])
        self._busy.add(key)
        try:
            yield
        finally:
            self._busy.discard(key)

    def standings(self, scheme: str, period: Period) -> dict[str, Standing]:
        """Where the subjects of a scheme stand in a period, worked out once; their scores have their ranks in sight from then on."""
        from govservice.scoring.ranking import ranks

        key = (scheme, period)
        if key not in self._standings:
            with self._waiting(key, f"rank {scheme} {period}"):
                self._standings[key] = ranks(self, scheme, period)
        return self._standings[key]

    def supplied(self, scheme: str, id: str, period: Period) -> Row | None:
        """The row of a past score that was supplied, which is not worked out again."""
        owner = self.contents.schemes[scheme].scores
        for row in self.ledger.belonging(scheme, owner, id):
            given = read_period(row.facts["period"])
            if (given.first, given.last) == (period.first, period.last):
                return row
        return None

    def scored(self, scheme: str, owner: str, id: str, period: Period, said: dict[Words, None]) -> list[SubjectScope] | None:
        """The rows of a scheme that belong to a subject in a period: its own, its members', or those of what it belongs to.

        A smaller period each; None where it is not settled which they are. What is left out by a convention is said.
        """
        shape = self.contents.schemes[scheme]
        found: list[SubjectScope] = []
        for part in self._cut(period, shape.period):
            if self.now is not None and part.first > self.now:
                continue
            for member in self.members(shape.scores, owner, id, part, scheme):
                row = self._scored_row(scheme, member, part, said)
                if isinstance(row, Unknown):
                    return None
                if row is not None:
                    found.append(row)
        return found

    def _cut(self, period: Period, kind: str) -> Iterator[Period]:
        """The periods of a kind in another; of all time, from the first day that any record is dated to the last."""
        if period.kind != "ever" or kind == "ever":
            return period.within(kind)
        first, last = self.ledger.earliest(), self.ledger.latest()
        return Period(first, last, "span").within(kind) if first is not None and last is not None else iter(())

    def members(self, table: str, owner: str, id: str, period: Period, scheme: str | None = None) -> tuple[str, ...]:
        """The subjects of a table that are, or belong to, a subject of another in a period; or those that it belongs to itself."""
        if table == owner:
            return (id,)
        if table in self.contents.chains.get(owner, ()):
            own = self.ledger.person(owner, id, None, period) or {}
            above = {**self.above(owner, own, period), **own}.get(table)
            return () if absent(above) else (written(above),)
        found: dict[str, None] = {}
        for member in self.ledger.ids(table):
            person = self.ledger.person(table, member, None, period)
            if person is not None and self._belongs(table, person, owner, id, period):
                found[member] = None
        for row in self.ledger.belonging(scheme, owner, id) if scheme is not None else ():
            given = read_period(row.facts["period"])  # a past score names whom it belonged to
            if (given.first, given.last) == (period.first, period.last):
                found[row.owners[table]] = None
        return tuple(found)

    def _belongs(self, table: str, person: Mapping[str, Any], owner: str, id: str, period: Period) -> bool:
        whole = {**self.above(table, person, period), **person}
        return not absent(whole.get(owner)) and written(whole[owner]) == id

    def _scored_row(self, scheme: str, id: str, period: Period, said: dict[Words, None]) -> SubjectScope | Unknown | None:
        """A score as a row: none where the subject was not scored in it, by the book's conventions."""
        served = self.serves(scheme, id, period)
        conventions = {**self.contents.conventions, **self.contents.schemes[scheme].conventions}
        if self.supplied(scheme, id, period) is None and served is not True:
            return served if isinstance(served, Unknown) else self._unserved(scheme, id, period, conventions, said)
        score = self.score(scheme, id, period)
        if not score.applies:
            return None
        if score.eligible is not True:
            reading = conventions.get("ineligible_periods")
            if reading is None:
                raise ConventionError.unstated("ineligible_periods", scheme)
            if reading != "counted" and score.eligible is None:
                return Unknown(frozenset(("eligible",)))
            if reading == "report":
                said[Words(f"{scheme} {id} {period} is not eligible and is left out", f"{scheme} {id} {period} 不参加评定，未计入")] = None
            return score.scope if reading == "counted" else None
        return score.scope

    def _unserved(
        self, scheme: str, id: str, period: Period, conventions: Mapping[str, str], said: dict[Words, None]
    ) -> SubjectScope | None:
        reading = conventions.get("unserved_periods")
        if reading is None:
            raise ConventionError.unstated("unserved_periods", scheme)
        if reading == "zero":
            scope = SubjectScope(self, self.contents.schemes[scheme].scores, id, period, about=scheme)
            scope.extra["total"] = 0
            return scope
        if reading == "report":
            said[Words(f"{scheme} {id} {period} was not served and is left out", f"{scheme} {id} {period} 未在岗，未计入")] = None
        return None

    def check_subject(self, table: str, id: str) -> None:
        """Raise RecordError where no record names the subject."""
        known = self.ledger.ids(table)
        if id not in known:
            from difflib import get_close_matches

            near = get_close_matches(id, known, n=1)
            listed = ", ".join(known[:8])
            hint = (
                Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
                if near
                else Words(f"there are: {listed or 'none'}", f"有：{listed or '无'}")
            )
            raise RecordError(Words(f"no {table} {id!r} in the records", f"记录里没有 {table}“{id}”"), hint=hint, id=id)


def items_of(scheme: Scheme) -> tuple[Item, ...]:
    """Every item of a scheme, those outside any part last."""
    return (*(item for part in scheme.parts.values() for item in part.items), *scheme.adjust)


def expressions_of(scheme: Scheme) -> list[Expression | None]:
    """Every expression of a scheme."""
    found = [one for item in items_of(scheme) for one in (item.points, item.when)]
    found += [part.when for part in scheme.parts.values()]
    ranked = (*scheme.rank.by, scheme.rank.when) if scheme.rank is not None else ()
    return [*found, scheme.total, scheme.eligible, scheme.who, scheme.when, *ranked]


def of_decision(decision: Decision) -> list[Expression | None]:
    """Every expression of a decision."""
    rules: list[Expression | None] = [one for rule in decision.rules for one in (rule.when, *(worth for _, worth in rule.then))]
    return [decision.when, *rules, *(worth for _, worth in decision.otherwise or ())]


def walked(expressions: Iterable[Expression | None]) -> Iterator[Expression]:
    """Everything in these expressions."""
    return (part for one in expressions if one is not None for part in walk(one))


def assessment_of(book: Rulebook, records: Mapping[str, Any] | Ledger, *, now: date | None, calendar: WorkCalendar | None) -> Assessment:
    """The assessment of records; of a ledger, the one that an earlier call on it began."""
    if not isinstance(records, Ledger):
        return Assessment(book, records, now=now, calendar=calendar)
    key = (book.digest, now, calendar)
    found: Assessment | None = records.worked_out.get(key)
    if found is None:
        found = records.worked_out[key] = Assessment(book, records, now=now, calendar=calendar)
    return found

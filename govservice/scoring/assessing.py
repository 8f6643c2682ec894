"""One assessment: records under a rulebook as of a day; cards are worked out when asked for, each once."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from govservice.deadlines.case_clocks import _facts as clock_facts_of
from govservice.deadlines.case_clocks import read_clock
from govservice.deadlines.history import CaseHistory, read_history
from govservice.errors import ConventionError, DecisionError, RecordError, Words
from govservice.rules.contents import Contents
from govservice.rules.evaluation import day_of, holds
from govservice.rules.expressions.shapes import Aggregate, Name, walk
from govservice.rules.expressions.values import DATE, NONE, Unknown, Value
from govservice.scoring.ledger import Ledger, Row
from govservice.scoring.periods import Period
from govservice.scoring.scopes import RecordScope, SubjectScope

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook
    from govservice.scoring.pricing import Score

__all__ = ["Assessment"]


class Assessment:
    """Everything one call works with. Nothing of it changes but what was worked out already."""

    def __init__(
        self, book: Rulebook, records: Mapping[str, Any], *, now: date | None = None, calendar: WorkCalendar | None = None
    ) -> None:
        self.book = book
        self.contents: Contents = book.contents
        self.ledger = Ledger.of(records, self.contents)
        self.now = day_of(now) if now is not None else None
        self.calendar = calendar
        self._scores: dict[tuple[str, str, Period], Score] = {}
        self._scopes: dict[tuple[int, Period, str | None], RecordScope] = {}
        self._histories: dict[str, CaseHistory] | None = None
        self._owned: dict[tuple[str, str], tuple[str, ...]] = {}

    @cached_property
    def used_kinds(self) -> frozenset[str]:
        """The kinds of event that some item, decision or measure of the book uses."""
        contents = self.contents
        items = [item for scheme in contents.schemes.values() for part in scheme.parts.values() for item in part.items]
        items += [item for scheme in contents.schemes.values() for item in scheme.adjust]
        used = {source for item in items for source in item.for_}
        expressions: list[Any] = [one for item in items for one in (item.points, item.when)]
        expressions += [measure.value for measure in contents.measures.values()]
        for decision in contents.decisions.values():
            expressions += [
                decision.when,
                *(rule.when for rule in decision.rules),
                *(worth for rule in decision.rules for _, worth in rule.then),
            ]
        for scheme in contents.schemes.values():
            expressions += [scheme.total, scheme.eligible, scheme.who]
        for expression in expressions:
            if expression is not None:
                used |= {source for part in walk(expression) if isinstance(part, Aggregate) for source in part.sources}
        return frozenset(used)

    def today(self, period: Period) -> date:
        """The day that counts as today: `now`, else the period's last."""
        return self.now if self.now is not None else period.last

    # -- facts

    def facts_of(self, row: Row, period: Period) -> Mapping[str, Any]:
        """A row's own facts, then those of what it belongs to, the nearest first."""
        above: list[Mapping[str, Any]] = []
        for owner, id in row.owners.items():
            person = self.ledger.person(owner, id, row.on, period)
            if person is not None and person is not row.facts:
                above.append(self._published(person) if owner == "item" else person)
        return ChainMap(dict(row.facts), *[dict(one) for one in above]) if above else row.facts

    def _published(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """What an item publishes of itself is no fact of its cases where the book decides it."""
        decided = {*self.contents.granting.get("application", ()), *self.contents.granting.get("cases", ())}
        return {key: value for key, value in item.items() if key not in decided}

    def above(self, table: str, person: Mapping[str, Any], period: Period) -> dict[str, Any]:
        """The facts of what a subject belongs to."""
        found: dict[str, Any] = {}
        for owner in self.contents.chains.get(table, ())[1:]:
            id = person.get(owner, found.get(owner))
            if id is not None:
                found = dict(self.ledger.person(owner, str(id), None, period) or {}) | found
        return found

    def clock_facts(self, row: Row) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a row give to the rules, its case's pauses and extensions among them."""
        if not self.contents.clocks:
            return None
        return partial(clock_facts_of, history=self._history(row), now=self.now)

    def _history(self, row: Row) -> CaseHistory:
        if self._histories is None:
            self._histories = {}
            grouped: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
            for table in ("pauses", "extensions"):
                for one in self.ledger.rows.get(table, ()):
                    grouped.setdefault(str(one.facts.get("case")), {}).setdefault(table, []).append(one.facts)
            self._histories = {case: read_history({"case": case}, tables, self.contents) for case, tables in grouped.items()}
        return self._histories.get(str(row.facts.get("case")), CaseHistory())

    def scope(self, row: Row, period: Period, scheme: str | None = None) -> RecordScope:
        """A record as an expression sees it, worked out once a period."""
        key = (id(row), period, scheme)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = RecordScope(self, row, period, scheme)
        return found

    # -- rows of a subject

    def dated(self, row: Row, period: Period, by: str | None) -> date | None:
        """The day that decides whether a row lies in a period: its own, or that of the column asked for."""
        if by is None:
            return row.on
        raw = self.ledger.day(row.facts, by, row.source)
        if raw is not None or by not in self.contents.granting.get(row.source, {}):
            return raw
        value = self.scope(row, period).value(Name(by, DATE, "outcome", self.contents.granting[row.source][by]))
        return day_of(value) if isinstance(value, date) else None

    def is_dated(self, source: str, by: str | None) -> bool:
        """Whether rows of a source are placed in time at all; those that are not count whole in each period."""
        table = self.contents.tables.get("events" if source in self.contents.events else source)
        return by is not None or (table is not None and table.dated_by is not None)

    def records(self, source: str, owner: str, id: str, period: Period, *, by: str | None = None) -> list[tuple[Row, date | None]]:
        """The rows of a table or kind that belong to a subject and lie in a period, each with its day."""
        found: list[tuple[Row, date | None]] = []
        placed = self.is_dated(source, by)
        for row in self.ledger.belonging(source, owner, id):
            if not placed:
                found.append((row, None))
                continue
            on = self.dated(row, period, by)
            if on is not None and on in period:
                found.append((row, on))
        return found

    def counts(self, row: Row) -> bool:
        """Whether a row is priced and counted: one of a kind marked `verified` only where it says so."""
        kind = self.contents.events.get(row.source)
        if kind is None or not kind.verified:
            return True
        raw = row.facts.get("verified")
        return raw is True or (isinstance(raw, str) and raw.strip().lower() in ("true", "是", "1"))

    def rows(self, sources: tuple[str, ...], owner: str, id: str, period: Period, *, by: str | None) -> list[Any] | None:
        """The scopes an aggregate runs over; None where one of its tables was not supplied."""
        found: list[Any] = []
        for source in sources:
            if source in self.contents.schemes:
                found.extend(self.scored(source, owner, id, period))
            elif source in self.contents.events or source in self.contents.tables:
                table = "events" if source in self.contents.events else source
                if table not in self.ledger.supplied:
                    return None
                found.extend(self.scope(row, period) for row, _ in self.records(source, owner, id, period, by=by) if self.counts(row))
            else:
                if "cases" not in self.ledger.supplied:
                    return None
                found.extend(self.signals(source, owner, id, period))
        return found

    def signals(self, source: str, owner: str, id: str, period: Period) -> Iterator[RecordScope]:
        """The signals that the clocks of a subject's cases raised in a period, as events of the day raised; given ones stand."""
        clock, dot, signal = source.rpartition(".")
        cleared_count = self.contents.conventions.get("cleared_signals")
        for row in self.ledger.belonging("cases", owner, id):
            scope = self.scope(row, period)
            for shape in self.contents.clocks.values():
                if (dot and shape.id != clock) or shape.about not in self.contents.chains["cases"]:
                    continue
                reading = read_clock(shape, scope, history=self._history(row), now=self.today(period))
                for alarm in reading.signals:
                    if alarm.signal != signal or alarm.at is None or day_of(alarm.at) not in period:
                        continue
                    if alarm.cleared and cleared_count is None:
                        raise ConventionError(
                            Words(f"whether cleared signals count ({source}) is not stated", f"没有写明已解除的信号（{source}）是否计数"),
                            hint=Words("conventions: {cleared_signals: counted}", "在 conventions 里写明 cleared_signals"),
                            id="conventions.cleared_signals",
                        )
                    if not alarm.cleared or cleared_count == "counted":
                        yield scope

    # -- schemes as tables

    def subjects(self, scheme: str, period: Period) -> tuple[tuple[str, bool | Unknown], ...]:
        """Who a scheme scores in a period, each with whether `who:` holds of it; those it certainly does not hold of are left out."""
        shape = self.contents.schemes[scheme]
        found: list[tuple[str, bool | Unknown]] = []
        for id in self.ledger.ids(shape.scores):
            answer = self.serves(scheme, id, period)
            if answer is not False:
                found.append((id, answer))
        return tuple(found)

    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown:
        """Whether a subject is scored in a period: it served in it, and `who:` holds of it."""
        from govservice.rules.evaluation import evaluate

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
            self._scores[key] = worked_out(self, self.contents.schemes[scheme], id, period)
        return self._scores[key]

    def supplied(self, scheme: str, id: str, period: Period) -> Row | None:
        """The row of a past score that was supplied, which is not worked out again."""
        owner = self.contents.schemes[scheme].scores
        for row in self.ledger.belonging(scheme, owner, id):
            if str(row.facts.get("period")) == str(period):
                return row
        return None

    def scored(self, scheme: str, owner: str, id: str, period: Period) -> Iterator[SubjectScope]:
        """The rows of a scheme that belong to a subject in a period: its own, or those of its members; a smaller period each."""
        shape = self.contents.schemes[scheme]
        for member in self.members(shape.scores, owner, id, period):
            for part in period.within(shape.period):
                if self.now is not None and part.first > self.now:
                    continue
                row = self._scored_row(scheme, member, part)
                if row is not None:
                    yield row

    def members(self, table: str, owner: str, id: str, period: Period) -> tuple[str, ...]:
        """The subjects of a table that are, or belong to, a subject of another in a period."""
        if table == owner:
            return (id,)
        found = []
        for member in self.ledger.ids(table):
            person = self.ledger.person(table, member, None, period)
            if person is not None and self._belongs(table, person, owner, id, period):
                found.append(member)
        return tuple(found)

    def _belongs(self, table: str, person: Mapping[str, Any], owner: str, id: str, period: Period) -> bool:
        whole = {**self.above(table, person, period), **person}
        return str(whole.get(owner)) == id

    def _scored_row(self, scheme: str, id: str, period: Period) -> SubjectScope | None:
        """A score as a row: none where the subject was not scored in it, by the book's conventions."""
        served = self.serves(scheme, id, period)
        conventions = {**self.contents.conventions, **self.contents.schemes[scheme].conventions}
        if served is False and self.supplied(scheme, id, period) is None:
            return self._unserved(scheme, id, period, conventions)
        score = self.score(scheme, id, period)
        scope = score.scope
        if score.eligible is False:
            reading = conventions.get("ineligible_periods")
            if reading is None:
                raise _unstated("ineligible_periods", scheme)
            return scope if reading == "counted" else None
        return scope

    def _unserved(self, scheme: str, id: str, period: Period, conventions: Mapping[str, str]) -> SubjectScope | None:
        reading = conventions.get("unserved_periods")
        if reading is None:
            raise _unstated("unserved_periods", scheme)
        if reading == "zero":
            scope = SubjectScope(self, self.contents.schemes[scheme].scores, id, period, about=scheme)
            scope.extra["total"] = 0
            return scope
        return None

    def previous(self, what: str, id: str, period: Period) -> Value:
        """`previous(scheme)` is its total, `previous(outcome)` the outcome about it; none where nothing was scored so early."""
        before = period.before()
        earliest = self.ledger.earliest()
        scheme = (
            what
            if what in self.contents.schemes
            else next((one for one in self.contents.schemes if what in self.contents.granting.get(one, {})), None)
        )
        if scheme is None:
            raise DecisionError(
                Words(f"previous({what}) names no scheme or outcome of one", f"previous({what}) 不是计分方案或其结果"), id=what
            )
        row = self.supplied(scheme, id, before)
        if row is None and (earliest is None or before.last < earliest or self.serves(scheme, id, before) is False):
            return NONE
        scope = self.score(scheme, id, before).scope
        if what == scheme:
            return scope.extra.get("total", NONE)
        return self.ranked_scope(scheme, id, before).verdict(self.contents.granting[scheme][what]).values[what]

    def ranked_scope(self, scheme: str, id: str, period: Period) -> SubjectScope:
        """A score's scope with its rank, for decisions about the scheme."""
        from govservice.scoring.ranking import ranks

        scope = self.score(scheme, id, period).scope
        if self.contents.schemes[scheme].rank is not None and "rank" not in scope.extra:
            ranks(self, scheme, period)
        return scope

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


def _unstated(name: str, scheme: str) -> ConventionError:
    return ConventionError(
        Words(
            f"the scheme {scheme} depends on the convention {name}, and the book does not state it",
            f"方案 {scheme} 取决于约定 {name}，而规则册没有写明",
        ),
        hint=Words(f"conventions: {{{name}: ..}}", f"在 conventions 里写明 {name}"),
        id=f"conventions.{name}",
    )

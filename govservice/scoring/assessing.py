"""One assessment: records under a rulebook as of a day; cards are worked out when asked for, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from govservice.deadlines.case_clocks import _facts as clock_facts_of
from govservice.deadlines.case_clocks import read_clock
from govservice.deadlines.history import CaseHistory, read_history
from govservice.errors import ConventionError, DecisionError, RecordError, Words
from govservice.rules.contents import Contents
from govservice.rules.entries import Clock, Item, Scheme
from govservice.rules.evaluation import day_of, evaluate, holds
from govservice.rules.expressions.shapes import Aggregate, Expression, Name, Previous, walk
from govservice.rules.expressions.values import ANY, BOOLEAN, DATE, NONE, Unknown, Value
from govservice.rules.facts import absent, read_fact
from govservice.rules.names import SCORED_FACTS
from govservice.rules.tables import Decision
from govservice.scoring.ledger import Ledger, Row, ledger_of, written
from govservice.scoring.periods import MONTHS, Period, around, read_period
from govservice.scoring.scopes import RecordScope, SubjectScope

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook
    from govservice.rules.tables import Verdict
    from govservice.scoring.pricing import Score
    from govservice.scoring.ranking import Standing

__all__ = ["Assessment", "expressions_of", "items_of", "unstated"]


class Assessment:
    """Everything one call works with. Nothing of it changes but what was worked out already."""

    def __init__(
        self, book: Rulebook, records: Mapping[str, Any] | Ledger, *, now: date | None = None, calendar: WorkCalendar | None = None
    ) -> None:
        self.book = book
        self.contents: Contents = book.contents
        self.ledger = ledger_of(records, self.contents)
        self.now = day_of(now) if now is not None else None
        self.moment = now
        self.calendar = calendar
        self._scores: dict[tuple[str, str, Period], Score] = {}
        self._scopes: dict[tuple[int, Period, str | None], RecordScope] = {}
        self._shared: dict[tuple[int, Period], tuple[Mapping[str, Any], dict[str, Verdict]]] = {}
        self._standings: dict[tuple[str, Period], dict[str, Standing]] = {}
        self._raised: dict[tuple[str, str, str, Period], list[tuple[Row, date]]] = {}
        self._histories: dict[str, CaseHistory] | None = None
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
            expressions += _of_decision(decision)
        return frozenset(used.union(*(one.sources for one in _walked(expressions) if isinstance(one, Aggregate))))

    @cached_property
    def _looking_back(self) -> frozenset[str]:
        """The schemes of which something asks for what was one period earlier, so that scores may build on scores without end."""
        contents = self.contents
        shared = [measure.value for measure in contents.measures.values()]
        found: set[str] = set()
        for id, scheme in contents.schemes.items():
            about = [one for decision in contents.decisions.values() if decision.about == id for one in _of_decision(decision)]
            if any(isinstance(one, Previous) for one in _walked([*expressions_of(scheme), *about, *shared])):
                found.add(id)
        return frozenset(found)

    def today(self, period: Period) -> date:
        """The day that counts as today: `now`, else the period's last; of all time, the last that any record is dated."""
        if self.now is not None:
            return self.now
        return period.last if period.kind != "ever" else self.ledger.latest() or period.last

    def held_on(self, period: Period) -> date:
        """The day that dated rules are held against, for what has no day of its own: the period's last."""
        return period.last if period.kind != "ever" else self.today(period)

    # -- facts

    def facts_of(self, row: Row, period: Period) -> Mapping[str, Any]:
        """A row's own facts, then those of what it belongs to, the nearest first."""
        found: dict[str, Any] = {}
        for owner, id in reversed(list(row.owners.items())):  # the nearest last, so that it wins
            person = self.ledger.person(owner, id, row.on, period)
            if person is not None:
                found |= self._published(person) if owner == "item" else person
        return {**found, **row.facts} if found else row.facts

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

    def clock_facts(self, row: Row, period: Period) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a row give to the rules, its case's pauses and extensions among them."""
        if not self.contents.clocks:
            return None
        return partial(clock_facts_of, history=self._history(row), now=self.moment or self.today(period))

    def own_clock_facts(self, period: Period) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a subject itself give to the rules: it has no pauses or extensions."""
        return partial(clock_facts_of, history=CaseHistory(), now=self.moment or self.today(period)) if self.contents.clocks else None

    def _history(self, row: Row) -> CaseHistory:
        if self._histories is None:
            self._histories = {}
            grouped: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
            for table in ("pauses", "extensions"):
                for one in self.ledger.rows.get(table, ()):
                    grouped.setdefault(str(one.facts.get("case")), {}).setdefault(table, []).append(one.facts)
            self._histories = {case: read_history({"case": case}, tables, self.contents) for case, tables in grouped.items()}
        return self._histories.get(str(row.facts.get("case")), CaseHistory())

    def shared(self, row: Row, period: Period) -> tuple[Mapping[str, Any], dict[str, Verdict]]:
        """What a record's scopes have in common: its facts, and the decisions about it, each taken once whatever the scheme."""
        key = (id(row), period)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = (self.facts_of(row, period), {})
        return found

    def scope(self, row: Row, period: Period, scheme: str | None = None) -> RecordScope:
        """A record as an expression sees it, worked out once a period."""
        key = (id(row), period, scheme)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = RecordScope(self, row, period, scheme)
        return found

    # -- rows of a subject

    def dated(self, row: Row, period: Period, by: str | None) -> date | Unknown | None:
        """The day that decides whether a row lies in a period: its own, or that of the column asked for; unknown where it is open."""
        if by is None:
            return row.on
        raw = row.facts.get(by)
        if raw is not None:
            return self.ledger.day(row.facts, by, f"{row.source}:{row.number}") if type(raw) is not date else raw
        granting = next(
            (seen[by] for one in self.contents.chains.get(row.source, ()) if by in (seen := self.contents.granting.get(one, {}))), None
        )
        if granting is None:
            return None
        value = self.scope(row, period).value(Name(by, DATE, "outcome", granting))
        return day_of(value) if isinstance(value, date) else value if isinstance(value, Unknown) else None

    def is_dated(self, source: str, by: str | None) -> bool:
        """Whether rows of a source are placed in time at all; those that are not count whole in each period."""
        table = self.contents.tables.get("events" if source in self.contents.events else source)
        return by is not None or (table is not None and table.dated_by is not None)

    def records(
        self, source: str, owner: str, id: str, period: Period, *, by: str | None = None
    ) -> list[tuple[Row, date | Unknown | None]]:
        """The rows of a table or kind that belong to a subject and lie in a period, or may, each with its day; raised signals too."""
        found: list[tuple[Row, date | Unknown | None]] = []
        placed = self.is_dated(source, by)
        for row in self.ledger.belonging(source, owner, id):
            if not placed:
                if row.held is None or row.held.speaks_of(period):
                    found.append((row, None))
                continue
            on = self.dated(row, period, by)
            if isinstance(on, Unknown) or (on is not None and on in period):
                found.append((row, on))
        return [*found, *self.raised(source, owner, id, period)] if self._clocks_raising(source) else found

    def counts(self, row: Row) -> bool:
        """Whether a row is priced and counted: one of a kind marked `verified` only where it says so."""
        kind = self.contents.events.get(row.source)
        if kind is None or not kind.verified:
            return True
        raw = row.facts.get("verified")
        return not absent(raw) and read_fact("verified", raw, BOOLEAN) is True

    def lacking(self, sources: tuple[str, ...]) -> frozenset[str]:
        """The tables among those that these rows come from which were not supplied."""
        wanted: set[str] = set()
        for source in sources:
            if source in self.contents.events:
                wanted.add("events")
            elif source in self.contents.tables:
                wanted.add(source)
            if self._clocks_raising(source):
                wanted.add("cases")
        return frozenset(wanted) - self.ledger.supplied

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

    # -- signals

    def _clocks_raising(self, source: str) -> tuple[Clock, ...]:
        """The clocks of cases that raise a signal: `promised.red`, or `red` of any clock."""
        return self._raising.get(source, ())

    @cached_property
    def _raising(self) -> dict[str, tuple[Clock, ...]]:
        found: dict[str, tuple[Clock, ...]] = {}
        for clock in self.contents.clocks.values():
            if clock.about in self.contents.chains["cases"]:
                for signal in dict.fromkeys(alarm.signal for alarm in clock.alarms):
                    found[f"{clock.id}.{signal}"] = (clock,)
                    found[signal] = (*found.get(signal, ()), clock)
        return found

    def raised(self, source: str, owner: str, id: str, period: Period) -> list[tuple[Row, date]]:
        """The signals that the clocks of a subject's cases raised in a period, as events of the day raised; one that was given stands."""
        key = (source, owner, id, period)
        if key not in self._raised:
            self._raised[key] = list(self._signals(*key))
        return self._raised[key]

    def _signals(self, source: str, owner: str, id: str, period: Period) -> Iterator[tuple[Row, date]]:
        signal = source.rpartition(".")[2]
        given = {str(row.facts.get("case")) for row in self.ledger.rows.get(signal, ())}
        now = self.moment or self.today(period)
        for row in self.ledger.belonging("cases", owner, id):
            case = row.facts.get("case")
            if str(case) in given:
                continue
            for clock in self._clocks_raising(source):
                for alarm in read_clock(clock, self.scope(row, period), history=self._history(row), now=now).signals:
                    if alarm.signal != signal or alarm.at is None or day_of(alarm.at) not in period:
                        continue
                    if alarm.cleared and not self._cleared_count(source):
                        continue
                    on = day_of(alarm.at)
                    facts = {"kind": source, "on": on, "case": case, **row.owners}
                    yield Row(source, row.number, facts, on, row.owners), on

    def _cleared_count(self, source: str) -> bool:
        stated = self.contents.conventions.get("cleared_signals")
        if stated is None:
            raise unstated("cleared_signals", source)
        return stated == "counted"

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
                raise unstated("ineligible_periods", scheme)
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
            raise unstated("unserved_periods", scheme)
        if reading == "zero":
            scope = SubjectScope(self, self.contents.schemes[scheme].scores, id, period, about=scheme)
            scope.extra["total"] = 0
            return scope
        if reading == "report":
            said[Words(f"{scheme} {id} {period} was not served and is left out", f"{scheme} {id} {period} 未在岗，未计入")] = None
        return None

    def previous(self, what: str, scope: SubjectScope) -> Value:
        """`previous(scheme)` is its total, `previous(outcome)` the outcome about it; none where nothing was scored so early."""
        scheme = self._scheme_of(what, scope)
        shape = self.contents.schemes[scheme]
        if shape.scores != scope.scored:
            raise DecisionError(
                Words(
                    f"previous({what}) is of a {shape.scores}, not of a {scope.scored}",
                    f"previous({what}) 说的是 {shape.scores}，不是 {scope.scored}",
                ),
                id=what,
            )
        period = scope.period
        if shape.period in MONTHS and period.kind != "span":
            period = around(period.first, shape.period) if period.kind != "ever" else period
        if period.kind == "ever":
            return NONE
        waiting: list[Period] = []
        before = period.before()
        while self._was_scored(scheme, scope.id, before):
            waiting.append(before)
            if scheme not in self._looking_back or (scheme, scope.id, before) in self._scores:
                break
            before = before.before()
        value: Value = NONE
        for one in reversed(waiting):  # the oldest first: however many build on each other, none waits for more than one
            value = self._earlier(scheme, what, scope.id, one)
        return value

    def _earlier(self, scheme: str, what: str, id: str, period: Period) -> Value:
        score = self.score(scheme, id, period)
        if not score.applies:
            return NONE
        if what == scheme or what in SCORED_FACTS:
            name = "total" if what == scheme else what
            return score.scope.value(Name(name, SCORED_FACTS[name], "scheme"))
        return score.scope.value(Name(what, ANY, "outcome", self.contents.granting[scheme][what]))

    def _scheme_of(self, what: str, scope: SubjectScope) -> str:
        if what in self.contents.schemes:
            return what
        granting = [one for one in self.contents.schemes if what in self.contents.granting.get(one, {})]
        if scope.table in self.contents.schemes and (what in SCORED_FACTS or scope.table in granting):
            return scope.table
        if granting:
            return granting[0]
        raise DecisionError(Words(f"previous({what}) names no scheme or outcome of one", f"previous({what}) 不是计分方案或其结果"), id=what)

    def _was_scored(self, scheme: str, id: str, period: Period) -> bool:
        """Whether there is a score of a period: one was supplied, or records reach back to it and the subject served."""
        if self.supplied(scheme, id, period) is not None:
            return True
        earliest = self.ledger.earliest()
        return earliest is not None and period.last >= earliest and self.serves(scheme, id, period) is not False

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


def _of_decision(decision: Decision) -> list[Expression | None]:
    rules: list[Expression | None] = [one for rule in decision.rules for one in (rule.when, *(worth for _, worth in rule.then))]
    return [decision.when, *rules, *(worth for _, worth in decision.otherwise or ())]


def _walked(expressions: Iterable[Expression | None]) -> Iterator[Expression]:
    return (part for one in expressions if one is not None for part in walk(one))


def unstated(name: str, where: str) -> ConventionError:
    """What to raise where an answer depends on a convention that the book does not state."""
    return ConventionError(
        Words(f"{where} depends on the convention {name}, and the book does not state it", f"{where} 取决于约定 {name}，而规则册没有写明"),
        hint=Words(f"conventions: {{{name}: ..}}", f"在 conventions 里写明 {name}"),
        id=f"conventions.{name}",
    )

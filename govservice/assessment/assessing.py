"""One assessment: records under a rulebook as of a day; cards are worked out when asked for, each once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property, partial
from itertools import chain, islice
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from govservice.assessment.counted import Counted
from govservice.assessment.days_inside import Inside, Lasts, On, any_day, clipped, one_day
from govservice.assessment.gathering import Gathering
from govservice.assessment.kept import Kept
from govservice.assessment.lasting import lasted
from govservice.assessment.ledger import Ledger, ledger_of
from govservice.assessment.occurrences import counted_again, occurrences
from govservice.assessment.periods import YEAR_BEFORE, Period, around, named, read_period, recurs
from govservice.assessment.previous_period import previous
from govservice.assessment.pricing import worked_out
from govservice.assessment.ranking import TIE, Standing, ranked_within, ranks
from govservice.assessment.reach import Reach
from govservice.assessment.register import WHOLE, LedgerRow, Register
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.assessment.score import Score
from govservice.echo import shown
from govservice.errors import ConventionError, DecisionError, RecordError, Words, did_you_mean, in_one
from govservice.reading import as_when
from govservice.rules.book.entries import Entry, expressions, parts_of
from govservice.rules.language.facts import unsaid, written
from govservice.rules.language.shapes import Aggregate, Expression, Name, Previous, Streak, walk
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import CountedRows, Doubtful, Scope, evaluate, holds, in_doubt
from govservice.rules.meaning.subjects import RANKS, Subject, Surroundings

if TYPE_CHECKING:
    from govservice.assessment.alike_rows import KindAnswer
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["Assessment", "assessment_of"]

_SCORES: Final = 16_384
identity: Final = id  # which the ids of subjects hide
_STANDINGS: Final = 1_024
_LISTS: Final = 64


class _Remarked(NamedTuple):
    """Of how many remarks; who is named in them and has a card; whose the rows are, by table and number; what is said to all others."""

    made: int
    named: frozenset[str]
    whose: Mapping[tuple[str, int], str]
    to_others: tuple[Words, ...]


def _is_plain(row: Scope | Doubtful) -> bool:
    """Whether nothing of a row is in doubt, and it stands as of every period."""
    return isinstance(row, RecordScope) and row.inside is None


class Assessment(Gathering):
    """Everything one call works with. Nothing of it changes but what was worked out; `lock` lets one thread at a time work on it."""

    def __init__(self, book: Rulebook, register: Register, *, now: date | None = None, calendar: WorkCalendar | None = None) -> None:
        super().__init__(book, register, now=now, calendar=calendar)
        self.lock = RLock()
        self._scores: Kept[tuple[str, str, Period], Score] = Kept(_SCORES)
        self._standings: Kept[tuple[str, Period, str | None], dict[str, Standing]] = Kept(_STANDINGS)
        self._members: Kept[tuple[str, str, Period], dict[str, dict[str, None]]] = Kept(_STANDINGS)
        self._plain_rows: Kept[Hashable, list[Scope | Doubtful]] = Kept(_LISTS)  # of which nothing is open and no days are asked
        self._of_all: Kept[Hashable, list[tuple[LedgerRow, On]]] = Kept(_STANDINGS)
        self._counts: Kept[Hashable, CountedRows] = Kept(_LISTS)
        self._remarks: Kept[tuple[str, Period], _Remarked] = Kept(_STANDINGS)
        self.counted = Counted(self.contents)
        self.reach = Reach(self.contents)
        self._failed: Kept[tuple[str, str, Period], DecisionError] = Kept(_SCORES)
        self._busy: set[object] = set()
        self._circles: list[DecisionError] = []

    @cached_property
    def used_kinds(self) -> frozenset[str]:
        """The kinds of event that some item, decision or measure of the book uses."""
        contents = self.contents
        priced = (kind for scheme in contents.schemes.values() for item in scheme.items for kind in item.for_)
        entries: tuple[Entry, ...] = (*contents.measures.values(), *contents.schemes.values(), *contents.decisions.values())
        counted = (kind for part in _walked(entries) if isinstance(part, Aggregate) for kind in part.sources)
        return frozenset((*priced, *counted))

    @cached_property
    def looking_back(self) -> frozenset[str]:
        """The schemes of which something asks for what was one period earlier, so that scores may build on scores without end."""
        contents = self.contents
        return frozenset(
            id
            for id, scheme in contents.schemes.items()
            if any(
                isinstance(part, (Previous, Streak))
                for part in _walked(
                    (scheme, *contents.measures.values(), *(decision for decision in contents.decisions.values() if decision.about == id))
                )
            )
        )

    def subject(self, table: str, id: str, period: Period, *, about: str | None = None) -> SubjectScope:
        """One subject in a period, as an expression sees it; `about` a scheme, or its own table."""
        person = self.register.person(table, id, None, period) or {}
        facts = {**self.above(table, person, period), **person, table: id}
        surroundings = Surroundings(
            on=self.held_on(period),
            as_of=self.today(period),
            calendar=self.calendar,
            clocks=self.own_clock_facts(table, id, period),
            rows=self._rows_of,
            earlier=self._earlier,
            ranks=self._ranks,
            lasted=self._lasted,
            lists=partial(self._listing, period),
            said=self.said,
            counted=self._counted,
        )
        served = self.register.served(table, id, period)
        spells = served.spells if served is not None else ()
        return SubjectScope(
            self.contents, about or table, facts, surroundings, scored=table, id=id, period=period, served=spells, faults=self.faults
        )

    def _rows_of(self, subject: Subject, of: Aggregate) -> list[Scope | Doubtful] | Unknown:
        scope = cast("SubjectScope", subject)
        period = scope.period.widened(of.over) if of.over is not None else scope.period
        if of.over == YEAR_BEFORE and not self._reaches(period, scope.period):
            return Unknown(frozenset(of.sources))
        return self.rows(of, scope, period)

    def _counted(self, subject: Subject, of: Aggregate) -> CountedRows | Unknown | None:
        """The rows of an aggregate with what those that say the same come to; None where each is to be read."""
        asked = self.alike_rows.of_count(of)
        if asked is None:
            return None
        scope = cast("SubjectScope", subject)
        period = scope.period.widened(of.over) if of.over is not None else scope.period
        if self.lacking(of.sources) or (of.over == YEAR_BEFORE and not self._reaches(period, scope.period)):
            return None
        key = (identity(of.when), identity(of.value), of.sources, scope.table, scope.scored, scope.id, scope.period, period, of.of, of.by)
        known = self._counts.get(key)
        if known is not None:
            return known
        before = len(self.said)
        alone = len(of.sources) == 1 and of.of is None
        placed = self.placed_alone(of.sources[0], scope.scored, scope.id, period, of.by) if alone else None
        if placed is not None:
            rows, answers = placed.rows, self.alike_rows.answers_placed(asked, placed, period)
        else:
            found = self._rows_counted(of, scope, period)
            if found is None or isinstance(found, Unknown):
                return found
            rows, answers = found, self.alike_rows.answers(asked, found, period)
        others: list[Scope | Doubtful] = []
        if None in answers or self.register.times:
            others = [self.scope(row, period) for row, answer in zip(rows, answers, strict=True) if answer is None]
            answers = [answer for row, answer in zip(rows, answers, strict=True) if answer is not None for _ in range(row.times)]
        counted = CountedRows([answer.worth for answer in cast("list[KindAnswer]", answers) if answer.counts], others)
        if len(self.said) == before and not others:
            self._counts[key] = counted
        return counted

    def _rows_counted(self, of: Aggregate, scope: SubjectScope, period: Period) -> list[LedgerRow] | Unknown | None:
        """The rows that an aggregate counts; None where it is open whether some do."""
        found: list[LedgerRow] = []
        for source in of.sources:
            rows = self.records_of(source, scope, period, of.of, by=of.by)
            if isinstance(rows, Unknown):
                return rows
            if any(isinstance(on, (Unknown, Inside)) for _, on in rows):
                return None
            found += [row for row, _ in rows]
        return found

    def _reaches(self, earlier: Period, period: Period) -> bool:
        """Whether the records reach back into an earlier period; all time has none."""
        first = self.register.first_day
        return earlier != period and (first is None or first <= earlier.last)

    def _earlier(self, subject: Subject, of: Previous) -> Value:
        return previous(self, of.of, cast("SubjectScope", subject))

    def _lasted(self, subject: Subject, of: Streak) -> Value:
        return lasted(self, of, cast("SubjectScope", subject))

    def _ranks(self, subject: Subject, within: str | None) -> Mapping[str, Value]:
        scope = cast("SubjectScope", subject)
        if scope.table not in self.contents.schemes:
            return {}
        standing = self.standings(scope.table, scope.period, within).get(scope.id)
        return standing.facts if standing is not None else {}

    def rows(self, of: Aggregate, subject: SubjectScope, period: Period) -> list[Scope | Doubtful] | Unknown:
        """The rows an aggregate runs over, those of which there is doubt with it, those of one occurrence with that; unknown where a table
        was not supplied, or where it is not known to whom the subject belongs whose rows they are.
        """
        lacking = self.lacking(of.sources)
        if lacking:
            return Unknown(lacking)
        if of.lasts is not None or of.reads_days or not self.contents.schemes.keys().isdisjoint(of.sources):
            return self._rows_asked(of, subject, period)
        key = (of.sources, subject.table, subject.scored, subject.id, subject.period, period, of.of, of.by)
        known = self._plain_rows.get(key)
        if known is not None:
            return known
        before = len(self.said)
        rows = self._rows_asked(of, subject, period)
        if not isinstance(rows, Unknown) and len(self.said) == before and all(map(_is_plain, rows)):
            self._plain_rows[key] = rows
        return rows

    def _rows_asked(self, of: Aggregate, subject: SubjectScope, period: Period) -> list[Scope | Doubtful] | Unknown:
        scopes: list[Scope | Doubtful] = []
        recorded: list[tuple[LedgerRow, On]] = []
        for source in of.sources:
            if source in self.contents.schemes:
                scored = self.scores_of(source, subject, period, of.of)
                if isinstance(scored, Unknown):
                    return scored
                scopes.extend(scored)
            else:
                rows = self.records_of(source, subject, period, of.of, by=of.by, lasts=of.lasts)
                if isinstance(rows, Unknown):
                    return rows
                recorded.extend(rows)
        telling = occurrences((row for row, _ in recorded), subject.scored)
        for row, on in recorded:
            scope, doubt = self._counted_row(of, row, on, subject, period)
            occurrence = telling.get(identity(row))
            scopes.append(scope if doubt is None and occurrence is None else Doubtful(scope, doubt, occurrence))
        return scopes

    def _counted_row(self, of: Aggregate, row: LedgerRow, on: On, subject: SubjectScope, period: Period) -> tuple[Scope, Unknown | None]:
        """A row as an aggregate sees it, with its days in the period where it lasts or is asked for them; and what is in doubt of it."""
        days, doubt = self.days_in(row, on, period, subject.notes, asked=of.reads_days, by=of.by)
        return self.scope(row, period, days=days), doubt

    def days_in(
        self, row: LedgerRow, on: On, period: Period, notes: dict[Words, None], *, asked: bool, by: str | None
    ) -> tuple[Inside | None, Unknown | None]:
        """The days of a row in a period, where it lasts or they are `asked` for, and what is in doubt of it.

        Of one whose days nobody asks for, though it lasts into other periods, that is noted.
        """
        if isinstance(on, Inside):
            if not asked and on.reaches_beyond(period):
                notes[counted_again(self.contents, row, on)] = None
            return on, on.doubt
        return self._one_day(row, on, period, by) if asked else None, on if isinstance(on, Unknown) else None

    def _one_day(self, row: LedgerRow, on: date | Unknown | None, period: Period, by: str | None) -> Inside:
        """The one day of a row that does not last; of one of which that is open, any of the period: its own says nothing of another."""
        if isinstance(on, date):
            return one_day(on)
        needs = on.needs if isinstance(on, Unknown) else frozenset[str]()
        return one_day(row.on) if by is None and row.on is not None and row.on in period else any_day(period, needs)

    def records_of(
        self, source: str, subject: SubjectScope, period: Period, of: str | None, *, by: str | None = None, lasts: Lasts | None = None
    ) -> list[tuple[LedgerRow, On]] | Unknown:
        """The rows of a table or kind that are a subject's own; of all whom the scheme scores; or of what it belonged to, on those days."""
        if of is None:
            return self.records(source, subject.scored, subject.id, period, by=by, lasts=lasts)
        if of == "all":
            return self._records_of_all(source, subject, period, by, lasts)
        if of not in self.contents.tables:  # a column of the rows names the subject
            return self.records(source, of, subject.id, period, by=by, lasts=lasts)
        belonging = self.register.belonged(subject.scored, subject.id, of, period)
        if belonging is None:
            return Unknown(frozenset((f"{subject.scored}:{subject.id}.{of}",)))
        found = (
            (row, self._while_belonging(row, on, subject, of, owner, period))
            for owner in belonging
            for row, on in self.records(source, of, owner, period, by=by, lasts=lasts)
        )
        return [(row, on) for row, on in found if on is not False]

    def _while_belonging(self, row: LedgerRow, on: On, subject: SubjectScope, of: str, owner: str, period: Period) -> On | Literal[False]:
        """The day or days of a row of what a subject belonged to, on which it did; False where there is none."""
        if isinstance(on, Inside):
            whose = self.register.belonging_spans(subject.scored, subject.id, of, owner, on.most)
            return clipped(on, whose) or False
        day = row.on or (on if isinstance(on, date) else period.last)
        return on if self.register.owner_on(subject.scored, subject.id, of, day) == owner else False

    def _records_of_all(
        self, source: str, subject: SubjectScope, period: Period, by: str | None, lasts: Lasts | None
    ) -> list[tuple[LedgerRow, On]]:
        key = (source, subject.table, subject.period, period, by, None if lasts is None else identity(lasts))
        if key not in self._of_all:
            found: dict[int, tuple[LedgerRow, On]] = {}
            for id, served in self.everyone(subject):
                for row, on in self.records(source, subject.scored, id, period, by=by, lasts=lasts):
                    found.setdefault(identity(row), (row, _if_scored(on, served)))
            self._of_all[key] = list(found.values())
        return self._of_all[key]

    def everyone(self, subject: SubjectScope) -> tuple[tuple[str, bool | Unknown], ...]:
        """Everybody whom the scheme scores in the period, each with whether it does; of a table, everybody who served."""
        if subject.table in self.contents.schemes:
            return self.subjects(subject.table, subject.period)
        served = self.register.served
        return tuple((id, True) for id in self.register.ids(subject.scored) if served(subject.scored, id, subject.period) is not None)

    def scores_of(self, scheme: str, subject: SubjectScope, period: Period, of: str | None) -> list[SubjectScope | Doubtful] | Unknown:
        """The rows of a scheme that are a subject's own, of all that are scored with it, or of what it belonged to."""
        if of is None:
            return self.scored(scheme, subject.scored, subject.id, period, subject.notes)
        rows: list[SubjectScope | Doubtful] = []
        for part in self._cut(period, self.contents.schemes[scheme].period):
            if of == "all":
                owners = [(subject.scored, id, served) for id, served in self.everyone(subject)]
            else:
                owners = [(of, id, True) for id in self.members(of, subject.scored, subject.id, part)]
                if not owners:
                    return Unknown(frozenset((f"{subject.scored}:{subject.id}.{of}",)))
            for owner, id, served in owners:
                rows.extend(_doubted(row, served) for row in self.scored(scheme, owner, id, part, subject.notes, own=False))
        return list({identity(row.scope if isinstance(row, Doubtful) else row): row for row in rows}.values())

    # -- schemes as tables

    def subjects(self, scheme: str, period: Period) -> tuple[tuple[str, bool | Unknown], ...]:
        """Who a scheme scores in a period, each with whether `who:` holds of it; those it certainly does not hold of are left out."""
        shape = self.contents.schemes[scheme]
        subjects: list[tuple[str, bool | Unknown]] = []
        for id in self.register.ids(shape.scores):
            answer = self.serves(scheme, id, period)
            if answer is not False or self.supplied(scheme, id, period) is not None:
                subjects.append((id, answer))
        return tuple(subjects)

    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown:
        """Whether a subject is scored in a period: it served in it, and `who:` holds of it."""
        shape = self.contents.schemes[scheme]
        dated_by = self.register.dated_by(shape.scores)
        day = self.register.own_day(shape.scores, id) if dated_by is not None else None
        if self.register.served(shape.scores, id, period) is None or (day is not None and day not in period):
            return False
        if dated_by is not None and day is None and period.kind != "ever":
            return Unknown(frozenset((f"{shape.scores}:{id}.{dated_by}",)))
        if shape.who is None:
            return True
        return holds(evaluate(shape.who, self.subject(shape.scores, id, period)))

    def score(self, scheme: str, id: str, period: Period) -> Score:
        """The score of one subject in one period, worked out once."""
        key = (scheme, id, period)
        if key in self._scores:
            score = self._scores[key]
            self.said.extend(score.said)
            return score
        if key in self._failed:
            raise self._failed[key]
        before = len(self.said)
        try:
            score = self._scores[key] = self._worked_out(key, self.supplied(scheme, id, period))
        except DecisionError as error:
            if all(error is not circle for circle in self._circles):  # which says only where it was begun
                self._failed[key] = error
            raise
        score.said = tuple(dict.fromkeys(self.said[before:]))
        score.notes |= dict.fromkeys(score.said)
        self.said[before:] = score.said
        return score

    def remarks_of(self, scheme: str, id: str, period: Period) -> tuple[Words, ...]:
        """What must be said of the records on a card: of rows that are surely of others who have one, where it reads of others."""
        table, remarks = self.contents.schemes[scheme].scores, self.register.remarks
        if table == WHOLE or not self.reach.is_own(scheme):
            return self.register.remarks_for(table)
        key = (scheme, period)
        if key not in self._remarks or self._remarks[key].made != remarks.made:
            whose, named = self.register.whose_apart(table)
            carded = {who for who in named if self.serves(scheme, who, period) is not False}
            whose = {place: who for place, who in whose.items() if who in carded}
            self._remarks[key] = _Remarked(remarks.made, frozenset(carded), whose, remarks.of("", whose))
        told = self._remarks[key]
        return remarks.of(id, told.whose) if id in told.named else told.to_others

    def worked_out_anew(self, scheme: str, id: str, period: Period) -> Score:
        """What a score that was supplied would be, were it worked out; others that were supplied stand."""
        before = len(self.said)
        try:
            return self._worked_out((scheme, id, period), None, anew=True)
        finally:
            del self.said[before:]

    def _worked_out(self, of: tuple[str, str, Period], supplied: LedgerRow | None, *, anew: bool = False) -> Score:
        scheme, id, period = of
        shape = self.contents.schemes[scheme]
        with self._waiting(("anew", *of) if anew else of, f"{scheme} {id} {period}"):
            scope = self.subject(shape.scores, id, period, about=scheme)
            scope.conventions = self.contents.stated_in[scheme]
            return worked_out(self, shape, scope, supplied)

    @cached_property
    def at_the_end(self) -> Assessment:
        """The same records as of the last day of each period, whatever day this is asked about."""
        return Assessment(self.book, self.register, calendar=self.calendar)

    def is_worked_out(self, scheme: str, id: str, period: Period) -> bool:
        """Whether a score was worked out already."""
        return (scheme, id, period) in self._scores

    @contextmanager
    def _waiting(self, key: object, what: str) -> Iterator[None]:
        """While something is worked out, nothing may ask for it."""
        if key in self._busy:
            self._circles.append(DecisionError(Words(f"{what} waits for itself", f"{what} 在等自己的结果"), id=what.partition(" ")[0]))
            raise self._circles[-1]
        self._busy.add(key)
        try:
            yield
        finally:
            self._busy.discard(key)

    def standings(self, scheme: str, period: Period, within: str | None = None) -> dict[str, Standing]:
        """Where the subjects of a scheme stand in a period, worked out once; among those alike in a fact, where one is named."""
        key = (scheme, period, within)
        if key not in self._standings:
            with self._waiting(key, f"rank {scheme} {period}"):
                shape = ranked_within(self.contents.schemes[scheme], within)
                entrants = [(self.score(scheme, id, period), served) for id, served in self.subjects(scheme, period)]
                ties = shape.rank.ties if shape.rank is not None else None
                stated = self.contents.stated_in[scheme]
                self._standings[key] = ranks(shape, entrants, ties or stated.get(TIE))
        return self._standings[key]

    @cached_property
    def ranking(self) -> frozenset[str]:
        """The schemes that rank, or of which something about them asks where its subjects stand; whatever was asked for before."""
        contents = self.contents
        shared = list(contents.measures.values())
        return frozenset(
            id
            for id, scheme in contents.schemes.items()
            if scheme.rank is not None
            or any(
                isinstance(part, Name) and part.id.partition("(")[0] in RANKS
                for part in _walked((scheme, *shared, *(decision for decision in contents.decisions.values() if decision.about == id)))
            )
        )

    def supplied(self, scheme: str, id: str, period: Period) -> LedgerRow | None:
        """The row of a past score that was supplied, which is not worked out again."""
        return self.register.past_score(scheme, id, period)

    def scored(
        self, scheme: str, owner: str, id: str, period: Period, notes: dict[Words, None], *, own: bool = True
    ) -> list[SubjectScope | Doubtful]:
        """The rows of a scheme that belong to a subject in a period: its own, its members', or those of what it belongs to.

        A smaller period each; those of which it is open whether they count come with the doubt. What is left out by a convention is noted.
        """
        shape = self.contents.schemes[scheme]
        if scheme in self._of_nobody:
            return []
        rows: list[SubjectScope | Doubtful] = []
        for part in self._cut(period, shape.period):
            if self.now is not None and part.first > self.now:
                continue
            for member in self.members(shape.scores, owner, id, part, scheme):
                rows.extend(self._scored_rows(scheme, member, part, notes, own=own and shape.scores == owner))
        return rows

    @cached_property
    def _of_nobody(self) -> frozenset[str]:
        """The schemes that score nobody, whatever the subject and the period: `who:` asks for what is known of a table that was not
        supplied, and no past score of theirs was. They would be read a subject and a day at a time, each time for nothing.
        """
        return frozenset(
            id
            for id, scheme in self.contents.schemes.items()
            if not self.register.rows.get(id)
            and self.contents.stated_in[id].get("unserved_periods") == "skip"
            and self.is_never(scheme.who)
        )

    def _cut(self, period: Period, kind: str) -> Iterator[Period]:
        """The periods of a kind in another; of all time, from the first day that any record is dated to the last."""
        if period.kind != "ever" or kind == "ever":
            return period.within(kind)
        first, last = self.register.first_day, self.register.last_day
        if first is None or last is None or period.last < first:
            return iter(())
        last = min(last, period.last)
        return Period(first, around(last, kind).last if recurs(kind) else last, "span").within(kind)

    def members(self, table: str, owner: str, id: str, period: Period, scheme: str | None = None) -> tuple[str, ...]:
        """The subjects of a table that are, or belong to, a subject of another in a period; or those that it belongs to itself."""
        register = self.register
        if owner == WHOLE and id in (register.whole, register.everything):
            return tuple(register.ids(table))
        if table == owner:
            return (id,)
        if table == WHOLE and register.whole is not None:
            return (register.whole,)
        if table in self.contents.chains.get(owner, ()):
            own = self.register.person(owner, id, None, period) or {}
            above = {**self.above(owner, own, period), **own}.get(table)
            return () if unsaid(above) else (written(above),)
        members = dict(self._grouped(table, owner, period).get(id, {}))
        for row in self.register.belonging(scheme, owner, id) if scheme is not None else ():
            given = named(read_period(row.facts["period"]), period.kind)  # a past score names whom it belonged to
            if (given.first, given.last) == (period.first, period.last):
                members[row.owners[table]] = None
        return tuple(members)

    def _grouped(self, table: str, owner: str, period: Period) -> dict[str, dict[str, None]]:
        """The subjects of a table by the subject of another that they belong to in a period."""
        key = (table, owner, period)
        groups = self._members.get(key)
        if groups is None:
            groups = {}
            for member in self.register.ids(table):
                person = self.register.person(table, member, None, period)
                if person is not None:
                    whole = {**self.above(table, person, period), **person}
                    if not unsaid(whole.get(owner)):
                        groups.setdefault(written(whole[owner]), {})[member] = None
            self._members[key] = groups
        return groups

    def _scored_rows(
        self, scheme: str, id: str, period: Period, notes: dict[Words, None], *, own: bool
    ) -> Iterator[SubjectScope | Doubtful]:
        """A score as a row, with what is in doubt of it; of a period of its own that the subject did not serve, by the book's convention.

        Among the scores of others, one that `who:` leaves out is absent.
        """
        served = True if self.supplied(scheme, id, period) is not None else self.serves(scheme, id, period)
        conventions = self.contents.stated_in[scheme]
        if served is not True and own:
            yield from self._unserved(scheme, id, period, conventions, notes, served)
        if served is False:
            return
        score = self.score(scheme, id, period)
        if score.applies is False:
            return
        doubts = [doubt for doubt in (served, score.applies) if isinstance(doubt, Unknown)]
        eligible = score.scope.around["eligible"]
        reading = conventions.get("ineligible_periods")
        if eligible is False and reading is None and not doubts:
            raise ConventionError.unstated("ineligible_periods", scheme)
        if eligible is not True and reading != "counted":
            if eligible is False and reading == "skip":
                return
            named = Unknown(frozenset(("conventions.ineligible_periods",) if reading in (None, "report") else ()))
            doubts.append(named if not isinstance(eligible, Unknown) else named | eligible)
            if eligible is False and reading == "report":
                notes[
                    Words(f"{scheme} {id} {period} is not eligible", f"{self.contents.in_chinese(scheme).strip()} {id} {period} 不参加评定")
                ] = None
        yield score.scope if not doubts else Doubtful(score.scope, Unknown(frozenset().union(*(doubt.needs for doubt in doubts))))

    def _unserved(
        self, scheme: str, id: str, period: Period, conventions: Mapping[str, str], notes: dict[Words, None], served: bool | Unknown
    ) -> Iterator[SubjectScope | Doubtful]:
        """What stands for a period that was not served, or may not have been: nothing, a nought, or either."""
        reading = conventions.get("unserved_periods")
        if reading is None and served is False:
            raise ConventionError.unstated("unserved_periods", scheme)
        if reading == "skip":
            return
        needs = frozenset(("conventions.unserved_periods",)) if reading != "zero" else frozenset()
        if isinstance(served, Unknown):
            needs |= served.needs
        zero = self.subject(self.contents.schemes[scheme].scores, id, period, about=scheme)
        shape = self.contents.schemes[scheme]
        zero.put({"total": 0, "adjust": 0, **{f"parts.{path}": 0 for path, _ in parts_of(shape)}})
        doubt = served if isinstance(served, Unknown) else None
        zero.put({"eligible": True if shape.eligible is None else holds(in_doubt(shape.eligible, zero, doubt))})
        if reading == "report" and served is False:
            notes[Words(f"{scheme} {id} {period} was not served", f"{self.contents.in_chinese(scheme).strip()} {id} {period} 未在岗")] = (
                None
            )
        yield Doubtful(zero, Unknown(needs)) if needs else zero

    def check_subject(self, id: str, *tables: str) -> None:
        """Raise RecordError where no record names a subject of any of these tables."""
        if any(self.register.is_subject(table, id) for table in tables):
            return
        ids = {table: self.register.ids(table) for table in tables}
        listed = {table: ", ".join(islice(known, 8)) for table, known in ids.items() if known}
        if len(tables) == 1:
            what = Words(f"no {tables[0]} {shown(id)} in the records", f"记录里没有{self.contents.in_chinese(tables[0])}“{id}”")
            en = zh = listed.get(tables[0], "")
        else:
            what = Words(f"no subject {shown(id)} in the records", f"记录里没有对象“{id}”")
            en = "; ".join(f"{table}: {some}" for table, some in listed.items())
            zh = "；".join(f"{self.contents.in_chinese(table).strip()}：{some}" for table, some in listed.items())
        hint = did_you_mean(id, chain.from_iterable(ids.values()), Words(f"there are: {en or 'none'}", f"有：{zh or '无'}"))
        why = in_one(self.register.remarks.words)  # it may be named by a row that was set apart
        raise RecordError(what, why=why, hint=hint, id=id)


def _if_scored(on: On, served: bool | Unknown) -> On:
    """The day or days of a row of somebody of whom it may be open whether it is scored at all."""
    if not isinstance(served, Unknown):
        return on
    if isinstance(on, Inside):
        return on._replace(sure=(), needs=on.needs | served.needs)
    return served | on if isinstance(on, Unknown) else served


def _doubted(row: SubjectScope | Doubtful, served: bool | Unknown) -> SubjectScope | Doubtful:
    """A row of somebody of whom it may be open whether it is scored at all."""
    if not isinstance(served, Unknown):
        return row
    scope, doubt = (row.scope, row.doubt) if isinstance(row, Doubtful) else (row, None)
    return Doubtful(scope, served if doubt is None else served | doubt)


def _walked(entries: Iterable[Entry]) -> Iterator[Expression]:
    """Everything in the expressions of these entries."""
    return (part for entry in entries for expression in expressions(entry) for part in walk(expression))


def assessment_of(
    book: Rulebook, records: Mapping[str, Any] | Ledger, *, now: date | str | None, calendar: WorkCalendar | None
) -> Assessment:
    """The assessment of records; of a ledger, the one that an earlier call on it began."""
    today: date | None = as_when(now)
    ledger = ledger_of(records, book.contents)
    register = ledger.under(book.contents)
    key = (book.digest, today, calendar)
    return cast("Assessment", ledger.worked_out(key, lambda: Assessment(book, register, now=today, calendar=calendar)))

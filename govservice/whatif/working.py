"""Two rulebooks over one reading of the records; what the change cannot reach is worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize

from govservice.assessment.periods import Period, read_period
from govservice.clockwork.called import signal_called
from govservice.counting.asked import day_of
from govservice.doors import CALENDAR, DATE, optional, takes
from govservice.errors import DecisionError, GovServiceError, RecordError, Words, in_one
from govservice.reading import as_day, as_when
from govservice.records import Progress, Row, read_records
from govservice.rounds.plan import PlanStep, plan
from govservice.rules.rulebook import AnyBook, Reform, Rulebook, book_of, is_reform, reform_of
from govservice.run.columns.cases import cases_in_columns
from govservice.run.job import Afresh, run_afresh
from govservice.run.provenance import described
from govservice.run.results import CaseResult, Due, Provenance
from govservice.scoring import Grading, Ledger, Scorecard, grade, read_ledger, score
from govservice.whatif.given import again, owners_only, plain_rows, span
from govservice.whatif.reach import Touched, reach, reads_rows
from govservice.whatif.results import (
    Comparison,
    GradeChanged,
    OutcomeChanged,
    ScoreChanged,
    Shifted,
    ShiftsCounted,
    SignalChanged,
    TypeChanged,
)
from govservice.whatif.worlds import Unsaid, World, changes

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.counting.asked import When
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.dependencies import Place

__all__ = ["Beside", "Tally", "what_if"]


@takes(on=optional(DATE), calendar=optional(CALENDAR))
def what_if(
    before: AnyBook,
    after: AnyBook | Reform | Mapping[str, object],
    records: Mapping[str, Any] | str | Path,
    *,
    on: date | str | None = None,
    now: When | str | None = None,
    period: object = None,
    calendar: WorkCalendar | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """One history under two rulebooks: which cases change type, whose due day moves, which signals, scores, ranks and grades change.

    `after` is the other book, or a reform of the first: a mapping from paths to values, a `Reform`, or its file. A reform that begins on a
    day leaves alone the cases that are dated before it, and the scores and grades of periods that begin before it; a case without a day
    comes under it. `records` are rows or frames by table, or a folder. Every decision is taken in both worlds wherever its facts are given,
    whatever the records hold; a recorded outcome that could not be decided stands in both and is counted. What happened stays as it was
    recorded, the days on which cases were finished among it: that is said on the result.
    `on` is the day that dated rules are held against (default: each case's own). `now` counts as today (default: the last day by which a
    case is dated, or on which one was finished). `period` is what is scored and graded, "2026" or "2026-10" (default: the years of the
    records).
    What the change between the books cannot reach is worked out once. Raises RulebookError, RecordError; a scheme that cannot be scored is
    in `failed`.

    >>> from govservice import load_rulebook
    >>> from govservice.sample import centre_year
    >>> book = load_rulebook("kunshan")
    >>> wider = book.amend({"decisions.green_channel.rules.domestic.when": "project_kind == \\"enterprise\\" and capital_cny >= 1000000"})
    >>> what_if(book, wider, centre_year(cases=300), period="2025-01").changed_outcomes["green_channel"] > 0
    True
    """
    book = book_of(before)
    other, reform = _other(book, after)
    beside = Beside(book, records, as_day(on), as_when(now), period, calendar, progress)
    return beside.what_if(other, since=reform.from_ if reform is not None else None, title=reform.title if reform is not None else None)


def _other(book: Rulebook, after: AnyBook | Reform | Mapping[str, object]) -> tuple[Rulebook, Reform | None]:
    """The other book, and the reform that makes it of the first, if one does."""
    if isinstance(after, Rulebook) or not (isinstance(after, (Reform, Mapping)) or is_reform(after)):
        return book_of(after), None
    reform = reform_of(after)
    return book.reform(reform), reform


@dataclass
class Beside:
    """One rulebook over a history, worked out once, to hold others beside it."""

    book: Rulebook
    given: Mapping[str, Any] | str | Path
    on: date | None = None
    now: When | None = None
    period: object = None
    calendar: WorkCalendar | None = None
    progress: Progress | None = None
    whole: bool = False  # work everything out in both, whatever the change can reach
    aside: int = 0
    _own: dict[PlanStep, Sequence[Any] | Words] = field(default_factory=dict)
    _told: set[frozenset[Place]] = field(default_factory=set)  # changes for which rows were told apart

    def what_if(self, other: Rulebook, *, since: date | None = None, title: str | None = None) -> Comparison:
        """The history under another book, `since` a day if it is in force from one on only."""
        touched = reach(self.book.contents, other.contents)
        compared = self._compared(other, touched, since)
        scored = self._scored(other, compared, touched, since)
        done = Comparison(
            before=self._ran(self.book),
            after=self._ran(other, title),
            now=None if self._today is None else day_of(self._today),
            counted={"cases": compared.cases, "scores": sum(map(len, scored.all.values())), "grades": scored.graded},
            moves=tuple(compared.moves),
            outcomes=tuple(compared.outcomes),
            shifts=tuple(compared.shifts),
            signals=tuple(compared.signals),
            score_changes=tuple(scored.changes),
            grade_changes=tuple(scored.grades),
            all_scores={scheme: tuple(rows) for scheme, rows in scored.all.items()},
            decisions=_decisions((self.book, other)),
            entries=tuple(sorted(touched.changed)),
            labels={**_labels(other), **_labels(self.book)},
            as_recorded=compared.as_recorded,
            failed=tuple(dict.fromkeys(scored.failed)),
            set_aside=self.aside + len(compared.aside),
        )
        if compared.shifted is None:
            return done
        if compared.forget is not None:
            finalize(done, compared.forget).atexit = False
        return done.filled_later(compared.shifted, **compared.later)

    def _compared(self, other: Rulebook, touched: Touched, since: date | None) -> _Compared:
        """The cases in both worlds: by columns where they can be, else one by one."""
        if self._in_columns is not None:
            try:
                return self._compared_in_columns(self._in_columns, other, touched, since)
            except Unsaid:
                pass
        worlds = (self._world, _since(since, self._world, self._other_world(other, touched)))
        cases = [{case.id: case for case in world.run.cases} for world in worlds]
        pairs = [(case, cases[1][id]) for id, case in cases[0].items() if id in cases[1]]
        shifts, signals = _clocks_changed(pairs)
        recorded = dict(Counter(worlds[0].as_recorded) | Counter(worlds[1].as_recorded))
        return _Compared(
            len(pairs), [_moved(one, other) for one, other in pairs if _type(one) != _type(other)],
            list(_outcomes_changed(pairs, (self.book, other), worlds)), shifts, signals, recorded,
            {row.id for world in worlds for row in world.run.set_aside},
            worlds[0] is worlds[1] or worlds[0].recomputed == worlds[1].recomputed, lambda: (worlds[0].recomputed, worlds[1].recomputed),
        )  # fmt: skip

    def _compared_in_columns(self, first: World, other: Rulebook, touched: Touched, since: date | None) -> _Compared:
        second = self._other_in_columns(first, other, touched)
        if second.before is first:
            self._hold(first, other, touched)
        found = changes(first, second, since)
        clocks = cache(found.clocks)
        recorded = {name: count for name, count in (first.as_recorded | second.as_recorded).items() if count}
        return _Compared(
            found.cases, found.moves, [], [], [], recorded, {*first.aside, *second.aside},
            first.leaves_out_as(second), lambda: (first.left_out, second.left_out_since(since, first)), found.shifted,
            {"outcomes": found.outcomes, "shifts": lambda: clocks()[0], "signals": lambda: clocks()[1]},
            None if second is first else second.forget,
        )  # fmt: skip

    def _hold(self, first: World, other: Rulebook, touched: Touched) -> None:
        """Tell rows apart by what the change reads, once for all that change the same entries."""
        if touched.places not in self._told:
            self._told.add(touched.places)
            first.hold(other, touched)

    def _other_in_columns(self, first: World, other: Rulebook, touched: Touched) -> World:
        if not touched.touches_cases(other.contents):
            return first
        if not touched.all:
            return World(other, first.cases, self.on, self._today, self.calendar, first, touched)
        cases = cases_in_columns(self._of_cases, other, self._zone)
        if cases is None:
            raise Unsaid
        return World(other, cases, self.on, self._today, self.calendar)

    def tally(self, other: Rulebook, decision: str) -> Tally:
        """How often each outcome of a decision is granted under another book, about cases or graded.

        Raises DecisionError for one that is neither.
        """
        touched = reach(self.book.contents, other.contents)
        contents, primary = other.contents, other.contents.decisions[decision].primary
        if primary in {**contents.granting.get("application", {}), **contents.granting.get("cases", {})} and self._in_columns is not None:
            try:
                return self._tallied_in_columns(self._in_columns, other, touched, decision)
            except Unsaid:
                pass
        world = self._other_world(other, touched)
        names = (*world.run.outcome_names, *world.run.case_outcome_names)
        if primary in names:
            found = Tally()
            for case in world.run.cases:
                value = dict(zip(names, (*case.what.outcomes, *case.outcomes), strict=True))[primary]
                possible = (
                    case.what.possible if primary == "case_type" and value is None and case.what.possible else _kinds_of(contents, decision)
                )
                found.add(value, open_=value is None and (primary != "case_type" or case.what.open), possible=possible)
            return found
        steps = [] if self._period is None else [step for step in plan(contents, self._period) if step.id == decision]
        if not steps:
            what = Words(f"{decision} is not taken over these records", f"这些记录里不做“{decision}”这项决定")
            raise DecisionError(
                what,
                hint=Words("a decision about cases, or one that is graded in the period", "可用关于办件的决定，或期间内评定的决定"),
                id=decision,
            )
        compared = self._compared(other, touched, None)
        same = compared.same
        ledger = self._ledger if same else read_ledger(self.book, _decided_afresh(self._tables, *compared.left_out(), self.book))
        found = Tally()
        for step in steps:
            alike = same and not touched.touches(step.section, step.id)
            results: Any = self._base(step, ledger, kept=True) if alike else self._worked(other, step, ledger)
            if isinstance(results, Words):
                raise DecisionError(results, id=decision)
            for one in results:
                found.add(one.grade, open_=one.open, possible=one.possible)
        if compared.forget is not None:
            compared.forget()
        return found

    def _tallied_in_columns(self, first: World, other: Rulebook, touched: Touched, decision: str) -> Tally:
        second = self._other_in_columns(first, other, touched)
        found, listed = Tally(), _kinds_of(other.contents, decision)
        for value, open_, possible, many in second.tallied(decision):
            found.add(value, open_=open_, possible=possible or listed, many=many)
        if second is not first:
            second.forget()
        return found

    def _ran(self, book: Rulebook, title: str | None = None) -> Provenance:
        ran = described(book, None, self.calendar, self.on, None, self._today)
        return ran if title is None else replace(ran, title=title)

    # -- records

    @cached_property
    def _tables(self) -> dict[str, Any]:
        """The tables by name, each to be gone through more than once."""
        if isinstance(self.given, (str, Path)):
            read = read_records(self.given, book=self.book, assessed=True, progress=self.progress)
            tables: dict[str, Any] = {}
            for name in read.sources:
                rows = [row.facts if isinstance(row, Row) else None for row in read.rows(name)]
                self.aside += rows.count(None)
                tables[read.words[name].table] = [row for row in rows if row is not None]
            return tables
        if not isinstance(self.given, Mapping):
            raise RecordError(
                Words("records are a folder, or rows by table", "记录应为文件夹或按表给出的各行"),
                hint=Words("give the folder itself, not what was read from it", "请直接给文件夹，不要给读出来的结果"),
            )
        return {name: again(rows) for name, rows in self.given.items()}

    @cached_property
    def _days(self) -> tuple[date | None, date | None]:
        return span(self._tables, self.book.contents)

    @property
    def _today(self) -> When | None:
        return self.now if self.now is not None else self._days[1]

    @cached_property
    def _period(self) -> Period | None:
        """What is scored: as asked, else the years of the records; None where they have no day."""
        if self.period is not None:
            return read_period(self.period)
        first, last = self._days
        return None if first is None or last is None else read_period((date(first.year, 1, 1), date(last.year, 12, 31)))

    # -- cases

    @cached_property
    def _world(self) -> Afresh:
        return self._run(self.book)

    def _other_world(self, other: Rulebook, touched: Touched) -> Afresh:
        return self._run(other) if self.whole or touched.touches_cases(other.contents) else self._world

    @property
    def _of_cases(self) -> dict[str, Any]:
        return {name: rows for name, rows in self._tables.items() if name not in self.book.contents.schemes}

    @property
    def _zone(self) -> str | None:
        return None if self.calendar is None else self.calendar.tz

    @cached_property
    def _in_columns(self) -> World | None:
        """The cases under the book in columns; None where they are worked out one by one."""
        if self.whole:
            return None
        cases = cases_in_columns(self._of_cases, self.book, self._zone)
        return None if cases is None else World(self.book, cases, self.on, self._today, self.calendar)

    def _run(self, book: Rulebook) -> Afresh:
        return run_afresh(book, self._of_cases, on=self.on, now=self._today, calendar=self.calendar, progress=self.progress)

    # -- scores

    @cached_property
    def _ledger(self) -> Ledger:
        """The records with what the book decides for itself left out."""
        own = self._in_columns.left_out if self._in_columns is not None else self._world.recomputed
        return read_ledger(self.book, _decided_afresh(self._tables, own, own, self.book))

    @cached_property
    def _lean(self) -> Ledger:
        """Who there is, for what reads no other rows."""
        return read_ledger(self.book, owners_only(self._tables, self.book.contents))

    def _is_lean(self, other: Rulebook, step: PlanStep) -> bool:
        """Whether a step reads nothing but the rows that it is about, and these are few."""
        if self.whole or step.section != "decisions":
            return False
        for contents in (self.book.contents, other.contents):
            decision = contents.decisions.get(step.id)
            large = decision is not None and (
                decision.about in ("cases", "application")
                or contents.tables.get(decision.about) is None
                or contents.tables[decision.about].stands_for == "events"
            )
            if large or (decision is not None and reads_rows(contents, step.section, step.id)):
                return False
        return True

    def _scored(self, other: Rulebook, compared: _Compared, touched: Touched, since: date | None) -> _Scored:
        found = _Scored()
        if self._period is None:
            return found
        same = compared.same
        afresh = cache(lambda: read_ledger(self.book, _decided_afresh(self._tables, *compared.left_out(), self.book)))
        steps = [plan(book.contents, self._period) for book in (self.book, other)]
        for step in dict.fromkeys((*steps[0], *steps[1])):
            results: list[Sequence[Any] | Words | None] = [None, None]
            lean = self._is_lean(other, step)
            ledger = self._lean if lean else self._ledger if same else afresh()
            if step in steps[0]:
                results[0] = self._base(step, ledger, kept=same or lean)
            if step in steps[1]:
                alike = (same or lean) and not self.whole and not touched.touches(step.section, step.id)
                alike |= since is not None and step.period.first < since and results[0] is not None
                results[1] = results[0] if alike else self._worked(other, step, ledger)
            found.failed += [(step.id, str(step.period), one) for one in results if isinstance(one, Words)]
            if self.progress is not None:
                self.progress(f"{step.id} {step.period}", 1, None)
            pair: list[Any] = [one for one in results if one is not None and not isinstance(one, Words)]
            if len(pair) == 2:
                (found.cards if step.section == "schemes" else found.gradings)(step, *pair)
        return found

    def _base(self, step: PlanStep, ledger: Ledger, *, kept: bool) -> Sequence[Any] | Words:
        if not kept:
            return self._worked(self.book, step, ledger)
        if step not in self._own:
            self._own[step] = self._worked(self.book, step, ledger)
        return self._own[step]

    def _worked(self, book: Rulebook, step: PlanStep, ledger: Ledger) -> Sequence[Any] | Words:
        """The scorecards or gradings of a step; why there are none, where it cannot be worked out."""
        try:
            verb = score if step.section == "schemes" else grade
            return verb(book, step.id, ledger, period=step.period, calendar=self.calendar)
        except GovServiceError as error:
            return in_one(part for part in (error.what, error.why, error.hint) if part is not None and part.en)


@dataclass
class Tally:
    """How many were decided, by outcome; and by outcome how many are open and may come to it."""

    of: int = 0
    outcomes: Counter[object] = field(default_factory=Counter)
    open: Counter[object] = field(default_factory=Counter)

    def add(self, value: object, *, open_: bool, possible: Iterable[object], many: int = 1) -> None:
        """One more, or many."""
        self.of += many
        if not open_:
            self.outcomes[value] += many
        else:
            self.open.update(dict.fromkeys(possible, many))


def _kinds_of(contents: Contents, decision: str) -> tuple[object, ...]:
    """Whatever the rules of a decision may grant, as far as it can be listed."""
    entry = contents.decisions[decision]
    kind = dict(entry.outcomes)[entry.primary]
    return tuple(choice.name for choice in kind.choices) if kind.choices else (True, False)


_LeftOut = Mapping[str, frozenset[str]]


@dataclass
class _Compared:
    """What both worlds make of the cases; `same` where both leave out the same outcomes on record, `left_out` by case in each.

    `later` works out the lists that are left until they are asked for, `shifted` counts what is in them; `forget` lets go of what they are
    worked out of.
    """

    cases: int
    moves: list[TypeChanged]
    outcomes: list[OutcomeChanged]
    shifts: list[Shifted]
    signals: list[SignalChanged]
    as_recorded: dict[str, int]
    aside: set[str | None]
    same: bool
    left_out: Callable[[], tuple[_LeftOut, _LeftOut]]
    shifted: ShiftsCounted | None = None
    later: dict[str, Callable[[], Sequence[Any]]] = field(default_factory=dict)
    forget: Callable[[], None] | None = None


@dataclass
class _Scored:
    """What schemes and graded decisions came to in both worlds."""

    all: dict[str, list[tuple[str, str, Any, Any]]] = field(default_factory=dict)
    changes: list[ScoreChanged] = field(default_factory=list)
    grades: list[GradeChanged] = field(default_factory=list)
    graded: int = 0
    failed: list[tuple[str, str, Words]] = field(default_factory=list)

    def cards(self, step: PlanStep, before: Sequence[Scorecard], after: Sequence[Scorecard]) -> None:
        others = {card.subject: card for card in after}
        rows = self.all.setdefault(step.id, [])
        for card in before:
            other = others.get(card.subject)
            if other is None:
                continue
            rows.append((card.subject, card.period, card.total, other.total))
            if (card.total, card.low, card.high, card.scored) != (other.total, other.low, other.high, other.scored):
                self.changes.append(
                    ScoreChanged(
                        step.id, card.subject, card.period, card.total, other.total, card.low, card.high, other.low, other.high,
                        tuple(_lines_changed(card, other)),
                    )
                )  # fmt: skip

    def gradings(self, step: PlanStep, before: Sequence[Grading], after: Sequence[Grading]) -> None:
        others = {one.subject: one for one in after}
        for one in before:
            other = others.get(one.subject)
            self.graded += 1
            if other is not None and (one.grade, one.open, one.rank) != (other.grade, other.open, other.rank):
                self.grades.append(GradeChanged(step.id, one.subject, str(step.period), one.grade, other.grade, one.rank, other.rank))


def _lines_changed(before: Scorecard, after: Scorecard) -> Iterator[tuple[str, str, Any, Any]]:
    """The items whose points together are others."""
    sums: list[dict[tuple[str, str], Any]] = []
    for card in (before, after):
        worth: dict[tuple[str, str], Any] = {}
        for line in card.lines:
            key = (line.part or "", line.item)
            worth[key] = None if line.points is None or worth.get(key, 0) is None else worth.get(key, 0) + line.points
        sums.append(worth)
    for key in dict.fromkeys((*sums[0], *sums[1])):
        if sums[0].get(key, 0) != sums[1].get(key, 0):
            yield (*key, sums[0].get(key, 0), sums[1].get(key, 0))


def _decided_afresh(tables: Mapping[str, Any], one: _LeftOut, other: _LeftOut, book: Rulebook) -> dict[str, Any]:
    """The tables with what both worlds decide for themselves left out of the cases."""
    names = {id: found & other.get(id, frozenset()) for id, found in one.items()}
    if not any(names.values()):
        return dict(tables)
    column = "case"
    labels = book.contents.sight("cases")[1]
    done: dict[str, Any] = {}
    for table, rows in tables.items():
        if book.contents.labels.get(table, table) != "cases":
            done[table] = rows
            continue
        kept = []
        for row in plain_rows(rows):
            id = next((str(value) for name, value in row.items() if labels.get(name, name) == column), "")
            drop = names.get(id, frozenset())
            kept.append({name: value for name, value in row.items() if labels.get(name, name) not in drop} if drop else row)
        done[table] = kept
    return done


def _since(day: date | None, before: Afresh, after: Afresh) -> Afresh:
    """The other world with the cases that are dated before a day as they are in the first."""
    if day is None or after is before:
        return after
    early = {case.id: case for case in before.run.cases if case.on is not None and case.on < day}
    cases = tuple(early.get(case.id, case) for case in after.run.cases)
    return Afresh(
        replace(after.run, cases=cases),
        {id: before.recomputed.get(id, names) if id in early else names for id, names in after.recomputed.items()},
        after.as_recorded,
    )


# -- what changed


def _type(case: CaseResult) -> tuple[str | None, bool]:
    return case.what.case_type, case.what.open


def _moved(before: CaseResult, after: CaseResult) -> TypeChanged:
    one, other = before.what, after.what
    return TypeChanged(
        before.id, before.item, before.department, before.window, one.case_type, other.case_type, one.rule, other.rule, one.open, other.open
    )


def _outcomes_changed(
    pairs: Sequence[tuple[CaseResult, CaseResult]], books: tuple[Rulebook, Rulebook], worlds: tuple[Afresh, Afresh]
) -> Iterator[OutcomeChanged]:
    runs = [world.run for world in worlds]
    granted = {
        name: id for book in books for table in ("application", "cases") for name, id in book.contents.granting.get(table, {}).items()
    }
    names = [(run.outcome_names, run.case_outcome_names) for run in runs]
    for one, other in pairs:
        if one is other:
            continue
        values = []
        for case, (of_application, of_case) in zip((one, other), names, strict=True):
            values.append(dict(zip((*of_application, *of_case), (*case.what.outcomes, *case.outcomes), strict=True)))
        for name in dict.fromkeys((*values[0], *values[1])):
            if values[0].get(name) != values[1].get(name):
                yield OutcomeChanged(one.id, granted.get(name, name), name, values[0].get(name), values[1].get(name))


def _clocks_changed(pairs: Sequence[tuple[CaseResult, CaseResult]]) -> tuple[list[Shifted], list[SignalChanged]]:
    shifts: list[Shifted] = []
    signals: list[SignalChanged] = []
    for one, other in pairs:
        if one is other:
            continue
        dues = [{(due.clock, due.row): due for due in case.dues} for case in (one, other)]
        for clock, row in dict.fromkeys((*dues[0], *dues[1])):
            was, now = dues[0].get((clock, row)), dues[1].get((clock, row))
            if _ends(was) != _ends(now):
                shifts.append(Shifted(one.id, clock, row, one.department, *_ends(was)[:1], *_ends(now)[:1], _ends(was)[1], _ends(now)[1]))
            raised = [frozenset(signal.signal for signal in due.signals) if due is not None else frozenset() for due in (was, now)]
            signals += [SignalChanged(one.id, clock, name, name in raised[1]) for name in sorted(raised[0] ^ raised[1])]
    return shifts, signals


def _ends(due: Due | None) -> tuple[date | None, bool | None]:
    return (None, None) if due is None else (due.due, due.late)


def _decisions(books: tuple[Rulebook, Rulebook]) -> tuple[str, ...]:
    """The decisions about cases and their applications, in the order of the books."""
    found = (id for book in books for id, one in book.contents.decisions.items() if one.about in ("application", "cases"))
    return tuple(dict.fromkeys(found))


def _labels(book: Rulebook) -> dict[str, str]:
    """What the entries, the case types and the signals (`signals.<name>`) are called."""
    contents = book.contents
    labels = {id: one.label for id, one in contents.decisions.items() if one.label}
    labels |= {id: scheme.title for id, scheme in contents.schemes.items() if scheme.title}
    labels |= {f"{id}.{item.id}": item.label for id, scheme in contents.schemes.items() for item in scheme.items if item.label}
    labels |= {id: clock.label for id, clock in contents.clocks.items() if clock.label}
    signals = {alarm.signal for clock in contents.clocks.values() for alarm in clock.alarms}
    labels |= {f"signals.{signal}": signal_called(signal, contents) for signal in signals}
    for table in ("item", "cases", "application"):
        column = contents.tables[table].columns.get("case_type") if table in contents.tables else None
        labels |= {
            f"case_type={choice.name}": choice.label for choice in (column.type.choices if column is not None else ()) if choice.label
        }
    return labels

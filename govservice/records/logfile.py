"""A log of steps -> one row a case: the first or last of an activity as a fact of the case, pairs of activities as its pauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from govservice.clockwork.course import in_other_words
from govservice.errors import RecordError, Words, closest
from govservice.reading import as_when, is_long_number, is_missing, shown, why_no_row, why_spoilt
from govservice.reading.common import same
from govservice.reading.formats import pattern_of, read_when_in
from govservice.reading.zones import moved
from govservice.records.mapped import StepPause, StepsMapping, TableMapping
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary

__all__ = ["cases_of_log"]

_LISTED: Final = 10
_VARIES: Final = "varies"
_PARTED: Final = re.compile(r"[,;，；\t|\"“”]")


@dataclass(slots=True)
class _Step:
    at: datetime  # to be held against others: naive, on the calendar's clock
    line: int
    activity: str
    when: date


@dataclass(slots=True)
class _Case:
    """What the rows of one case say, in the order of the log."""

    line: int
    steps: list[_Step] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    varying: dict[str, object] = field(default_factory=dict)
    fault: RawRow | None = None
    activities: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)  # the same, of rows that cannot be read too


def cases_of_log(
    raw: Iterable[RawRow], mapping: TableMapping, words: Vocabulary, course: Mapping[str, Vocabulary], zone: str
) -> tuple[tuple[RawRow, ...], tuple[Words, ...]]:
    """One row a case, in the order in which the cases first stand in the log, its line that of its first step; and what must be said of
    the log: activities that nothing is made of, with how many rows each, rows twice there, rows out of the order of time, ties.

    A case of which any row cannot be read is a row with that fault; so is a row that names no case. A line that cannot be taken apart is of
    the cases whose number stands in it. What tells of a pause or extension and names nobody may be any case's: every case has it as a
    column `pauses?` or `extensions?`, which leaves its clocks open. A step's moment is put to the clock of
    `zone`. Columns of the log are facts of the case where all its rows agree in them; others are named as columns that are not read, and a
    fault where the mapping wants them. Activities that are not listed are columns that are not read too, under `COLUMN: NAME`; one that is
    called like a table of a case's course goes by its own name, so that what it may mean for the clocks is not lost.
    """
    assert mapping.steps is not None
    log = _Log(mapping, mapping.steps, words, course, zone)
    for row in raw:
        log.take(row)
    return tuple(log.rows()), tuple(log.notes())


class _Log:
    def __init__(self, mapping: TableMapping, steps: StepsMapping, words: Vocabulary, course: Mapping[str, Vocabulary], zone: str) -> None:
        self.mapping, self.steps, self.words, self.zone = mapping, steps, words, zone
        self.pattern = None if steps.time.format is None else pattern_of(steps.time.format)
        self.source_zone = steps.time.time_zone or mapping.time_zone
        self.cases: dict[str, _Case] = {}
        self.nameless: list[RawRow] = []
        self.unlisted: Counter[str] = Counter()
        self.moving = {name: table for table, known in course.items() for name in (table, known.label.zh)}
        self.wanted = {
            name for column in dict(mapping.columns).values() for name in (column.column, column.unit_column) if name
        }  # fmt: skip
        self.seen: set[tuple[str, str, datetime]] = set()
        self.count = self.twice = self.disordered = self.tied = 0

    def take(self, row: RawRow) -> None:
        """One row of the log."""
        self.count += 1
        id = row.values.get(self.steps.case)
        if is_missing(id) or isinstance(id, BadCell):
            why = row.fault or (id.why if isinstance(id, BadCell) else Words("it names no case", "没有写明是哪一件办件"))
            self.nameless.append(RawRow(row.line, row.values, why))
            return
        if (no_row := why_no_row(str(id).strip())) is not None:
            self.nameless.append(RawRow(row.line, {**row.values, self.words.id: id}, no_row))
            return
        case = self.cases.setdefault(str(id).strip(), _Case(row.line))
        case.values.setdefault(self.steps.case, id)
        case.told |= {activity.strip()} if isinstance(activity := row.values.get(self.steps.activity), str) else set()
        if row.fault is not None:
            case.fault = case.fault or row
            return
        self._columns(case, row)
        try:
            self._step(case, row, str(id).strip())
        except RecordError as error:
            if case.fault is None:
                hint = Words(f"; {error.hint.en}" if error.hint.en else "", f"；{error.hint.zh}" if error.hint.zh else "")
                case.fault = RawRow(row.line, row.values, Words(error.what.en + hint.en, error.what.zh + hint.zh))

    def _columns(self, case: _Case, row: RawRow) -> None:
        for name, value in row.values.items():
            if name in self.steps.columns or is_missing(value):
                continue
            if not same(_bare(case.values.setdefault(name, value)), _bare(value)):
                case.varying.setdefault(name, value)

    def _step(self, case: _Case, row: RawRow, id: str) -> None:
        activity = row.values.get(self.steps.activity)
        if isinstance(activity, BadCell):
            raise RecordError(_of(self.steps.activity, activity.why))
        if is_missing(activity):
            raise RecordError(Words(f"no {self.steps.activity} is given", f"没有写“{self.steps.activity}”"))
        name = str(activity).strip()
        try:
            when = self._when(row.values.get(self.steps.time.column), name)
        except RecordError as error:
            raise RecordError(_of(self.steps.time.column, error.what), hint=error.hint) from None
        at = _plain(when)
        if (id, name, at) in self.seen:
            self.twice += 1
            return
        self.seen.add((id, name, at))
        self.disordered += bool(case.steps) and at < case.steps[-1].at
        case.steps.append(_Step(at, row.line, name, when))
        case.activities[name] += 1
        if name not in self.steps.known:
            self.unlisted[name] += 1

    def _when(self, raw: object, activity: str) -> date:
        if isinstance(raw, BadCell):
            raise RecordError(raw.why)
        if is_missing(raw):
            raise RecordError(Words(f"{shown(activity)} without its time", f"“{activity}”没有写时间"))
        when = as_when(raw) if self.pattern is None else read_when_in(raw, self.pattern)
        if not isinstance(when, date):
            raise RecordError(Words(f"{shown(raw)} is not a day and a time", f"{shown(raw)}不是日期和时刻"))
        if isinstance(when, datetime) and (when.tzinfo is not None or self.source_zone is not None):
            return moved(when, self.source_zone or self.zone, self.zone)
        return when

    def rows(self) -> Iterator[RawRow]:
        """The cases as rows, and the rows that belong to none."""
        nameless = [row for row in self.nameless if not self._found_in(row)]
        doubted = {f"{table}?": f"{row.line}" for row in nameless for table in self._tables_told(row.values)}
        intact = any(map(is_long_number, self.cases))
        for id, case in self.cases.items():
            if why_spoilt(id, lambda: intact) is not None:  # whose steps they are nobody knows
                doubted |= {f"{table}?": f"{case.line}" for name in case.told for table in self._moved_by(name)}
        made = [self._row(id, case, doubted) for id, case in self.cases.items()]
        yield from sorted((*made, *nameless), key=lambda row: row.line)

    def _found_in(self, row: RawRow) -> bool:
        """Whether cases stand in a line that could not be taken apart; it is theirs then."""
        text = row.values.get("")
        found = [part for part in map(str.strip, _PARTED.split(text)) if part in self.cases] if isinstance(text, str) else []
        for id in found:
            self.cases[id].fault = self.cases[id].fault or row
        return bool(found)

    def _tables_told(self, values: Mapping[str, object]) -> Iterator[str]:
        """The pauses or extensions that a row which names nobody tells of, or may."""
        text, activity = values.get(""), values.get(self.steps.activity)
        if isinstance(text, str):
            yield from (table for name in map(str.strip, _PARTED.split(text)) for table in self._moved_by(name))
        elif activity is not None and not isinstance(activity, BadCell):
            yield from self._moved_by(str(activity).strip())

    def _moved_by(self, activity: str) -> Iterator[str]:
        """The pauses or extensions that an activity begins or ends, or is called like."""
        if any(activity in asked.begins or activity in asked.ends for asked in self.steps.pauses):
            yield "pauses"
        elif activity not in self.steps.known and (table := self._called_like(activity)) is not None:
            yield table

    def _called_like(self, activity: str) -> str | None:
        near = closest(activity, self.moving)
        return self.moving[near] if near is not None else in_other_words(activity)

    def _row(self, id: str, case: _Case, doubted: Mapping[str, object]) -> RawRow:
        values: dict[str, object] = {self.words.id: case.values.get(self.steps.case, id), **doubted}
        if case.fault is not None:
            return RawRow(case.fault.line, {**dict(case.fault.values), self.words.id: id}, case.fault.fault)
        for name, value in case.values.items():
            if name in self.steps.columns:
                continue
            if name in case.varying and name in self.wanted:
                one, other = shown(value), shown(case.varying[name])
                why = Words(f"{name}: the rows of the case say {one} and {other}", f"{name}：这一件的各行写的不同，有{one}，有{other}")
                return RawRow(case.line, {**values, name: value}, why)
            varies = name in case.varying and (self.words.fact(name) is not None)
            values[f"{name} ({_VARIES})" if varies else name] = value
        case.steps.sort(key=lambda step: step.at)
        self.tied += any(one.at == next.at for one, next in zip(case.steps, case.steps[1:], strict=False))
        for name, count in case.activities.items():
            if name not in self.steps.known:
                if self._called_like(name) is not None:  # a number would tell of no pause
                    values[name] = ", ".join(str(step.when) for step in case.steps if step.activity == name)
                else:
                    values[f"{self.steps.activity}: {name}"] = count
        try:
            values |= self._facts(case)
        except RecordError as error:
            return RawRow(case.line, values, error.what)
        pauses = [pause for asked in self.steps.pauses for pause in _pauses(asked, case.steps)]
        if pauses:
            values["pauses"] = pauses
        return RawRow(case.line, values)

    def _facts(self, case: _Case) -> dict[str, object]:
        facts: dict[str, object] = {}
        for asked in self.steps.facts:
            steps = [step for step in case.steps if step.activity in asked.activities]
            if not steps:
                continue
            step = steps[0] if asked.which == "first" else steps[-1]
            is_moment = isinstance(step.when, datetime)
            if self.words.types[asked.fact].kind == "moment" and not is_moment:
                raise RecordError(
                    Words(f"line {step.line}: {step.activity!r} has no time of the day", f"第 {step.line} 行：“{step.activity}”没有写时刻")
                )
            day = self.words.types[asked.fact].kind == "date" and isinstance(step.when, datetime)
            facts[asked.fact] = step.when.date() if day else step.when  # type: ignore[attr-defined]  # a datetime has it
        return facts

    def notes(self) -> Iterator[Words]:
        """What must be said of the log as a whole."""
        cases, rows = len(self.cases), self.count
        yield Words(f"a log of {rows:,} rows: {cases:,} cases", f"日志 {rows:,} 行，共 {cases:,} 件")
        if self.unlisted:
            common = self.unlisted.most_common(_LISTED)
            more = len(self.unlisted) - len(common)
            en = ", ".join(f"{name} {count:,}" for name, count in common) + (f", and {more} more" if more else "")
            zh = "、".join(f"{name} {count:,}" for name, count in common) + (f"，另有 {more} 种" if more else "")
            yield Words(f"activities that nothing is made of: {en}", f"没有用到的环节：{zh}")
        if self.twice:
            yield Words(f"rows that stand there twice, counted once: {self.twice:,}", f"重复的行，只算一次：{self.twice:,}")
        if self.disordered:
            yield Words(
                f"rows out of the order of time, put in order: {self.disordered:,}", f"先后颠倒的行，已按时间排好：{self.disordered:,}"
            )
        if self.tied:
            yield Words(f"cases with two steps at one time: {self.tied:,}", f"有两步时间相同的办件：{self.tied:,}")


def _of(column: str, why: Words) -> Words:
    return Words(f"{column}: {why.en}", f"{column}：{why.zh}")


def _bare(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _plain(when: date) -> datetime:
    return when.replace(tzinfo=None) if isinstance(when, datetime) else datetime.combine(when, time())


def _pauses(asked: StepPause, steps: list[_Step]) -> Iterator[dict[str, object]]:
    """The pauses of one kind. Of steps at one time the one that ends an open pause comes first, else the one that begins.

    A begin while one is open already leaves the earlier without an end; an end without a begin is a pause without its first day: in both
    cases it is open what the pause was.
    """
    open_: _Step | None = None
    waiting = [step for step in steps if step.activity in asked.begins or step.activity in asked.ends]
    while waiting:
        together = [step for step in waiting if step.at == waiting[0].at]
        fitting = (step for step in together if (step.activity in asked.ends) == (open_ is not None))
        step = next(fitting, together[0])
        waiting.remove(step)
        if step.activity in asked.ends:
            yield _pause(asked, open_, step)
            open_ = None
        else:
            if open_ is not None:
                yield _pause(asked, open_, None)
            open_ = step
    if open_ is not None:
        yield _pause(asked, open_, None)


def _pause(asked: StepPause, begun: _Step | None, ended: _Step | None) -> dict[str, object]:
    pause: dict[str, object] = {"kind": asked.kind}
    if begun is not None:
        pause["from"] = begun.when
    return pause if ended is None else pause | {"to": ended.when}

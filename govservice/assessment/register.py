"""Records as one book sees them: rows by table and kind, whom each belongs to, and the day it is dated by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import count
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from govservice.assessment.columns import NO_KIND, RowColumns
from govservice.assessment.days_inside import Lasting, Spans
from govservice.assessment.periods import Period, around, kind_said, named, read_period, recurs
from govservice.assessment.published import KEPT, facts_of_card, whole_card
from govservice.assessment.remarks import Remarks, agreed, spans
from govservice.case_facts import agreeing, dated
from govservice.clockwork.history import MOVING
from govservice.clockwork.whose import id_of_row, table_named
from govservice.errors import DecisionError, GovServiceError, RecordError, Words, did_you_mean, few_hints
from govservice.frozen import frozen
from govservice.reading import is_long_number, read_date, shown, why_spoilt
from govservice.reading.common import same
from govservice.rules.book.contents import Contents
from govservice.rules.language.day_functions import shanghai_day
from govservice.rules.language.facts import by_id, read_fact, unsaid, with_none, written
from govservice.rules.language.values import NONE

__all__ = ["DAY", "WHOLE", "DatedRows", "LedgerRow", "PlacedRows", "Register", "Served", "Spell"]

DAY = timedelta(days=1)
WHOLE: Final = "centre"
"""The table of what stands above all others. Where the records name none, there is one, the book's own, and every row is its."""
_OF_NOBODY: Final = Words("name nobody: counted for nobody", "没有写当事人、窗口或部门，不计入任何一方")
_OF_NO_CENTRE: Final = Words("name none of the several centres: counted for none", "没有写几个中心里的哪一个，不计入任何中心")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class LedgerRow:
    """One record: its source (a table, or an event's kind), number from 1, facts by id, day, and whom it belongs to.

    `spell` are the days that a row without a day of its own speaks of: those of its `period`, or from its `from` until its `until`.
    `lasting` are the days of a row that lasts; `on` is then the first of them. It may stand for several rows that say the same, `times`.
    """

    source: str
    number: int
    facts: Mapping[str, Any]
    on: date | None
    owners: Mapping[str, str]
    spell: Spell | None = None
    lasting: Lasting | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Spell:
    """The facts of a subject and the days they hold; those of a `period` hold for it alone."""

    facts: Mapping[str, Any]
    first: date = date.min
    last: date = date.max
    period: Period | None = None

    @property
    def always(self) -> bool:
        """Whether neither days nor a period are given."""
        return self.period is None and self.first == date.min and self.last == date.max

    def speaks_of(self, period: Period) -> bool:
        """Whether a row of these facts counts in a period: the whole of its own lies in it, or some of its days do."""
        if self.period is not None:
            return period.first <= self.first and self.last <= period.last
        return self.first <= period.last and self.last >= period.first


class Served(NamedTuple):
    """The days of a period that a subject served: from when until when, in order and apart from each other, and how many."""

    spells: tuple[tuple[date, date], ...]
    days: int


@dataclass(frozen=True, slots=True, eq=False)
class DatedRows:
    """Rows in the order of their days, with these days; those that do not say their day; and those that last, whatever the period.

    `places` are those of the rows among all of their source, None where they were not asked for; `in_order` is whether rows of one day are
    in the order of their numbers; `unreadable` whether some say a day, by the column asked for, that cannot be read.
    """

    days: list[date]
    rows: list[LedgerRow]
    unsaid: Sequence[LedgerRow]
    lasting: Sequence[LedgerRow]
    places: list[int] | None = None
    in_order: bool = True
    unreadable: bool = False

    def within(self, period: Period) -> tuple[int, int]:
        """From which of the rows to which they are of a day in a period."""
        return bisect_left(self.days, period.first), bisect_right(self.days, period.last)


class PlacedRows(NamedTuple):
    """Those of some dated rows, from the `first` until before the `last`, that are of a period; `whole` where they are all that are by
    their own days.
    """

    dated: DatedRows
    first: int
    last: int
    whole: bool

    @property
    def rows(self) -> list[LedgerRow]:
        """The rows, in the order of their days."""
        return self.dated.rows[self.first : self.last]

    @property
    def days(self) -> list[date]:
        """Their days."""
        return self.dated.days[self.first : self.last]

    @property
    def number(self) -> int:
        """How many they are."""
        return self.last - self.first


@dataclass
class Register:
    """Everything the records say, indexed once; `supplied` are the tables that were given at all, though they may be empty.

    A row that cannot be read is set apart and the others go on; `remarks` say so, and whatever else must be said of the records.
    """

    contents: Contents
    supplied: frozenset[str]
    whole: str | None = None  # the only centre there is: everything belongs to it
    everything: str | None = None  # what all centres together go by: the book's id
    centres_named: bool = False
    rows: dict[str, list[LedgerRow]] = field(default_factory=dict)
    people: dict[str, dict[str, list[Spell]]] = field(default_factory=dict)
    by_id: dict[tuple[str, str], LedgerRow] = field(default_factory=dict)  # the rows to which others belong, but for subjects
    by_owner: dict[tuple[str, str, str], list[LedgerRow]] = field(default_factory=dict)
    remarks: Remarks = field(init=False)
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)  # of the rows of a table, where they are not 1, 2, ..
    times: Mapping[str, Mapping[int, int]] = field(
        default_factory=dict
    )  # by table and number: for how many rows that say the same it stands
    lost: dict[str, list[str | None]] = field(default_factory=dict)  # by table: the case that each row names which is set apart
    first_day: date | None = None  # that any record is dated; nothing was scored before it
    last_day: date | None = None
    _ids: dict[str, dict[str, None]] = field(default_factory=dict)
    _intact: dict[tuple[str, str], bool] = field(default_factory=dict)
    _named_in: dict[tuple[str, str], dict[str, list[LedgerRow]]] = field(default_factory=dict)
    _dated: dict[tuple[str, str, str, str | None, bool], DatedRows | None] = field(default_factory=dict)
    _alike: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = field(default_factory=dict)
    _columns: dict[str, RowColumns] = field(default_factory=dict)
    _placing: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    _in_order: dict[str, bool] = field(default_factory=dict)
    listed: set[tuple[str, str]] = field(default_factory=set)  # of tables whose rows list rows of another within themselves
    _turning: dict[tuple[str, str], tuple[date, ...]] = field(default_factory=dict)
    _undated: dict[str, bool] = field(default_factory=dict)
    _past: dict[tuple[str, str], dict[tuple[date, date], LedgerRow]] = field(default_factory=dict)
    _apart: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)  # what rows that were set apart say, by table and number
    _whose_apart: dict[str, tuple[Mapping[tuple[str, int], str], frozenset[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.remarks = Remarks(self.contents.in_chinese)

    @classmethod
    @few_hints()
    def of(
        cls,
        given: Mapping[str, list[Mapping[str, Any]]],
        contents: Contents,
        numbers: Mapping[str, Sequence[int]] = _NOTHING,
        unread: Mapping[str, Sequence[tuple[int | None, Words, str | None, Mapping[str, Any]]]] = _NOTHING,
        times: Mapping[str, Mapping[int, int]] = _NOTHING,
    ) -> Register:
        """The register of rows by the names of their tables. Raises RecordError for what cannot be read, by table and row.

        Rows are numbered from 1, or as `numbers` says; `unread` are those that are not among them, each with its number (None: a whole
        file), its reason, the case that it names and whose it says it is. `times` says for how many rows that say the same one stands.
        """
        tables: dict[str, list[Mapping[str, Any]]] = {}
        for name, rows in given.items():
            id = contents.labels.get(name, name)
            if id not in contents.tables and id not in contents.schemes and id not in contents.events:
                declare = Words("declare it under `tables:`", "在 tables 里声明它")
                raise RecordError(
                    Words(f'no table "{name}" in {contents.id}', f"{contents.id} 没有“{name}”这个表"),
                    hint=did_you_mean(id, [*contents.tables, *contents.schemes], declare),
                    id=str(name),
                )
            tables[id] = rows
        register = cls(contents, frozenset(tables), numbers=numbers, times=times)
        for table, lost in unread.items():
            for number, why, case, whose in lost:
                if number is None:
                    register.remarks.say(why)
                else:
                    register.remarks.aside(table, number, RecordError(why))
                    register._apart[table, number] = whose
                register.lost.setdefault(table, []).append(case)
        register._take(tables)
        return register

    def _take(self, given: Mapping[str, list[Mapping[str, Any]]]) -> None:
        inner = sorted(given, key=lambda table: (table in MOVING, any(owner not in self.subjects() for owner in self._of(table))))
        named = {table: self._named_rows(table, given[table]) for table in inner}  # what others belong to before these
        self._find_centres(named)
        for table in self.subjects():
            keyed, id_column = self.people.setdefault(table, {}), self.id_column(table) or table
            for number, facts in named.get(table, ()):
                try:
                    if unsaid(facts.get(id_column)):
                        continue
                    spell = self._spell(facts, f"{table}:{number}")
                    keyed.setdefault(written(facts[id_column]), []).append(spell)
                except RecordError as error:
                    self.remarks.aside(table, number, error)
                    self._apart[table, number] = facts
            self._ids.setdefault(table, {}).update(dict.fromkeys(keyed))
            for id, spells in keyed.items():  # what holds always first, then the longer before the shorter, the earlier before the later
                ordered = sorted(spells, key=lambda spell: (not spell.always, spell.period is not None, _length(spell), spell.first))
                keyed[id] = self._agreed(table, id, ordered) if len(ordered) > 1 else ordered
        for table, rows in named.items():
            for number, facts in rows:
                try:
                    self._add(self._row(table, number, facts))
                except RecordError as error:
                    self._set_apart(table, number, facts, error)
        self._look_for_the_absent()

    def _find_centres(self, named: Mapping[str, list[tuple[int, Mapping[str, Any]]]]) -> None:
        """Which centres the records name; where they name none there is the book's own, and no row need be looked up for it."""
        if WHOLE not in self.contents.tables:
            return
        naming = [table for table in named if self._names_centres(table)]
        centres = {
            id
            for table in naming
            for _, facts in named[table]
            if not unsaid(facts.get(WHOLE)) and ((id := written(facts[WHOLE])) != self.contents.id or table not in self.contents.schemes)
        }  # a past score of everything names the book's own id, and no centre of its own
        self.centres_named = bool(centres)
        self.everything = None if self.contents.id in centres else self.contents.id
        if len(centres) < 2:
            self.whole = next(iter(centres), self.contents.id)
            self._ids[WHOLE] = {self.whole: None}

    def _names_centres(self, table: str) -> bool:
        """Whether a row of a table may say which centre it is of."""
        scheme = self.contents.schemes.get(table)
        return WHOLE in (table, scheme.scores if scheme is not None else None) or WHOLE in self._declared_of(table)

    def _named_rows(self, table: str, rows: list[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
        """The rows of a table by ids, each with its number; those that cannot be used are set apart, those about one thing joined."""
        named: list[tuple[int, Mapping[str, Any]]] = []
        scored = {scheme.scores for scheme in self.contents.schemes.values()}  # a row of another may count without an id of its own
        for number, row in zip(self.numbers.get(table) or count(1), rows, strict=False):
            try:
                facts = self._named(row, table, number)
                facts = dated(facts) if table == "cases" else facts
                agreeing(facts)
                self._check_whole(facts, table, number, rows)
                id_column = self.id_column(table) or table
                if table in scored and unsaid(facts.get(id_column)):
                    raise RecordError(
                        Words(f"it names no {id_column}", f"没有写{self.contents.in_chinese(id_column, table).rstrip()}"),
                        id=f"{table}:{number}.{id_column}",
                    )
            except RecordError as error:
                self._set_apart(table, number, row, error)
            else:
                named.append((number, facts))
        self._check_keys(table, named)
        return self._joined(table, named)

    def _check_whole(self, facts: Mapping[str, Any], table: str, number: int, rows: list[Mapping[str, Any]]) -> None:
        """Refuse a row whose ids a spreadsheet has spoilt: rows that differ would be joined."""
        for key in self.contents.keys & facts.keys():
            if (spoilt := why_spoilt(facts[key], partial(self._is_intact, table, key, rows))) is not None:
                raise RecordError(spoilt[0], hint=spoilt[1], id=f"{table}:{number}.{key}")

    def _is_intact(self, table: str, key: str, rows: list[Mapping[str, Any]]) -> bool:
        """Whether any row of a table has a long number under a key that no spreadsheet has been at; all are looked through, once."""
        if (table, key) not in self._intact:
            names = {key} | {label for label, id in self.contents.sight(table)[1].items() if id == key}
            self._intact[table, key] = any(is_long_number(row[name]) for row in rows for name in names & row.keys())
        return self._intact[table, key]

    def _set_apart(self, table: str, number: int, row: Mapping[str, Any], error: RecordError) -> None:
        self.remarks.aside(table, number, error)
        self._apart[table, number] = row
        names = ("case", *(label for label, id in self.contents.sight(table)[1].items() if id == "case"))
        cases = {written(row[name]) for name in names if not unsaid(row.get(name))}
        self.lost.setdefault(table, []).append(cases.pop() if len(cases) == 1 else None)

    def _check_keys(self, table: str, named: list[tuple[int, Mapping[str, Any]]]) -> None:
        """Say which keys of the rows are no fact."""
        ids, known_as = self.contents.sight(table)
        of = self._declared_of(table)
        structure = {*of, *(owner.removesuffix("s") for owner in of), table, *_STRUCTURE}
        if table in self.contents.schemes:
            subject = self.contents.schemes[table].scores
            structure |= {subject, *self._declared_of(subject), "parts", "eligible", "total", KEPT}
        plain = ids | structure | self._holding.get(table, frozenset())
        unknown: dict[str, list[int]] = {}
        for number, facts in named:
            if facts.keys() <= plain:
                if not facts.keys() <= ids | structure:
                    self.listed |= {(table, key) for key in facts.keys() & self._holding[table]}
                continue
            known = plain | self.contents.sight(str(facts["kind"]))[0] if table == "events" else plain
            for key in facts.keys() - known:
                unknown.setdefault(key, []).append(number)
        if unknown:
            self.remarks.unknown_keys(table, unknown, sorted({*ids, *known_as}))

    def _joined(self, table: str, named: list[tuple[int, Mapping[str, Any]]]) -> list[tuple[int, Mapping[str, Any]]]:
        """Rows of one id are one row, of what they agree in; a fact in which they differ is not known. Spells of a subject stay apart."""
        id_column = self.id_column(table)
        if id_column is None:
            return [(number, frozen(facts)) for number, facts in (self._each_once(table, named) if table in MOVING else named)]
        groups: dict[object, list[tuple[int, Mapping[str, Any]]]] = {}
        for number, facts in named:
            key = _identity(table, id_column, facts, scheme=table in self.contents.schemes)
            groups.setdefault(number if key is None else key, []).append((number, facts))
        joined: list[tuple[int, Mapping[str, Any]]] = []
        for rows in groups.values():
            number, facts = rows[0]
            if len(rows) > 1:
                facts, apart = agreed((row for _, row in rows), partial(self._is_alike, table))
                facts |= {"differs": True} if "total" in apart else {}
                name, numbers = written(rows[0][1][id_column]), spans(number for number, _ in rows)
                self._say_twice(table, name, numbers, apart)
            joined.append((number, frozen(facts)))
        return joined

    def _each_once(self, table: str, named: list[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The pauses or extensions of cases, each once: one that is given again moves no clock, and is not counted again."""
        before: set[str] = set()
        for number, facts in named:
            said = "" if unsaid(facts.get("case")) else repr(sorted(facts.items()))
            if said in before:
                self.remarks.rows(table, number, Words("are given again: counted once", "重复：只计一次"))
            else:
                before.update((said,) if said else ())
                yield number, facts

    def _is_alike(self, table: str, name: str, one: Any, other: Any) -> bool:
        """Whether two values of a fact are one, though they may be written in two ways."""
        column = self.contents.column(table, name)
        if same(one, other):
            return True
        if name == "period":
            return _days_of(one) == _days_of(other)
        if column is None:
            return False
        try:
            return bool(read_fact(name, one, column.type) == read_fact(name, other, column.type))
        except RecordError:
            return False

    def _say_twice(self, table: str, name: str, numbers: str, apart: tuple[str, ...]) -> None:
        rows = self.contents.rows_in_chinese(table, numbers)
        if apart:
            listed = ", ".join(fact if isinstance(fact, str) else shown(fact) for fact in apart)
            in_chinese = self.contents.several_in_chinese((fact if isinstance(fact, str) else shown(fact) for fact in apart), table)
            words = Words(
                f"rows {numbers} of {table} are all {name} and differ in {listed}: that is taken as not known",
                f"{rows}都是 {name}，而{in_chinese}不同：按未知处理",
            )
        else:
            words = Words(f"rows {numbers} of {table} are {name} given again: counted once", f"{rows}重复给出 {name}：只计一次")
        self.remarks.say(words)

    def id_column(self, table: str) -> str | None:
        """The column that names a row of a table: its own name, or that without the s; a past score is named by its subject."""
        if table in self.contents.schemes:
            return self.contents.schemes[table].scores
        columns = self.contents.tables[table].columns if table in self.contents.tables else {}
        return next((name for name in (table, table.removesuffix("s")) if name in columns), None)

    def _agreed(self, table: str, id: str, spells: list[Spell]) -> list[Spell]:
        """Spells of the same days are one, of what they agree in."""
        groups: dict[object, list[Spell]] = {}
        for spell in spells:
            groups.setdefault((spell.first, spell.last, spell.period is None), []).append(spell)
        found: list[Spell] = []
        for alike in groups.values():
            facts, apart = (
                agreed((spell.facts for spell in alike), partial(self._is_alike, table)) if len(alike) > 1 else (alike[0].facts, ())
            )
            if apart:
                listed, in_chinese = ", ".join(apart), self.contents.several_in_chinese(apart, table)
                self.remarks.say(
                    Words(
                        f"{table} {id} is given {listed} in {len(alike)} ways for the same days: that is taken as not known",
                        f"{self.contents.in_chinese(table).strip()} {id} 在同一期间的{in_chinese}有 {len(alike)} 种说法：按未知处理",
                    )
                )
            found.append(replace(alike[0], facts=frozen(facts)))
        return found

    def _look_for_the_absent(self) -> None:
        """Say which rows name a subject that a table which was supplied does not hold, or name nobody at all."""
        cases = (
            {written(row.facts["case"]) for row in self.rows.get("cases", ()) if "case" in row.facts} if "cases" in self.supplied else None
        )
        for source, rows in self.rows.items():
            table = self.contents.table_of(source)
            for row in rows:
                for owner, id in row.owners.items():
                    if owner != table and self._is_not_held(owner, id):
                        named = self.contents.in_chinese(owner)
                        en, zh = (f": no {owner} {id} is scored", "：不给它计分") if self._is_absent(owner, id) else ("", "")
                        absent_owner = Words(
                            f"name {owner} {id}, which no row of {owner} is{en}", f"写的{named.rstrip()} {id} 不在{named}表里{zh}"
                        )
                        self.remarks.rows(table, row.number, absent_owner)
                case = row.facts.get("case")
                if cases is not None and table != "cases" and not unsaid(case) and (number := written(case)) not in cases:
                    in_cases = self.contents.in_chinese("cases")
                    absent_case = Words(f"name case {number}, which no row of cases is", f"写的办件 {number} 不在{in_cases}表里")
                    self.remarks.rows(table, row.number, absent_case)

    def _spell(self, row: Mapping[str, Any], where: str) -> Spell:
        if "period" in row:
            period = self._period(row, where)
            return Spell(row, period.first, period.last, period)
        first, last = (self.day(row, name, where) if name in row else None for name in ("from", "until"))
        if first is not None and last is not None and last < first:
            raise RecordError(
                Words(f"{where} ends on {last}, before it begins on {first}", f"{where} 的止日 {last} 早于起日 {first}"),
                id=f"{where}.until",
            )
        return Spell(row, first or date.min, last or date.max)

    def _period(self, row: Mapping[str, Any], where: str) -> Period:
        try:
            return read_period(row["period"])
        except DecisionError as error:
            raise RecordError(error.what, hint=error.hint, id=f"{where}.period") from None

    def subjects(self) -> tuple[str, ...]:
        """The tables of which a row is a subject: those that name themselves by a column (window, staff, department, item, application),
        and others that a scheme scores.
        """
        return self._subjects

    @cached_property
    def _subjects(self) -> tuple[str, ...]:
        scored = {scheme.scores for scheme in self.contents.schemes.values()}
        return tuple(id for id, table in self.contents.tables.items() if id in table.columns or id in scored)

    def _named(self, row: Mapping[str, Any], table: str, number: int) -> dict[str, Any]:
        """The row by ids; a row of events also knows the facts of its kind by their labels."""
        where = f"{table}:{number}"
        card = whole_card(row) if table in self.contents.schemes else None
        if card is not None:
            return facts_of_card(card, table, self.contents)
        facts = by_id(row, self.contents.sight(table)[1], where)
        if table == "events":
            kind = self._kind(facts.get("kind"), where)
            labels = self.contents.sight(kind)[1]
            facts = facts if labels.keys().isdisjoint(facts) else by_id(facts, labels, where)
            facts["kind"] = kind
        facts = with_none(facts, self.contents.words_for_none(str(facts["kind"]) if table == "events" else table))
        for held in facts.keys() & self._holding.get(table, frozenset()).difference(
            MOVING
        ):  # what moves clocks is doubted where it is read
            if not (unsaid(facts[held]) or facts[held] is NONE or _are_rows(facts[held])):
                del facts[held]
                en = f"name {held} that are no list of rows: that is taken as not known"
                zh = f"写的{self.contents.in_chinese(held)}不是由各行组成的列表，视为未知"
                self.remarks.rows(table, number, Words(en, zh))
        return facts

    def _kind(self, raw: object, where: str) -> str:
        events = self.contents.events
        if isinstance(raw, str):
            if raw in events:
                return raw
            labelled = next((id for id, kind in events.items() if kind.label == raw), None)
            if labelled is not None:
                return labelled
        if raw is None:
            raise RecordError(Words(f"{where} names no kind of event", f"{where} 没有写事件种类"), id=f"{where}.kind")
        declare = Words("declare it under `events:`", "在 events 里声明它")
        hint = did_you_mean(raw if isinstance(raw, str) else "", [*events, *(kind.label or "" for kind in events.values())], declare)
        raise RecordError(Words(f"no kind of event {shown(raw)}", f"没有 {shown(raw)} 这种事件"), hint=hint, id=f"{where}.kind")

    def _row(self, table: str, number: int, facts: Mapping[str, Any]) -> LedgerRow:
        source = str(facts["kind"]) if table == "events" else table
        where = f"{table}:{number}"
        declared = self.contents.tables.get(table)
        dated_by = declared.dated_by if declared is not None else None
        on = self.day(facts, dated_by, where) if dated_by is not None else None
        lasting = self.lasting(table, facts, where)
        if lasting is None and on is not None and table == "events" and not unsaid(facts.get("from")):
            alone = Words(
                "are given a day beside `from`: that day alone counts; leave `on` out", "写了起日又写发生日，只算发生日那一天：请删去发生日"
            )
            self.remarks.rows(table, number, alone)
        on = lasting.first if lasting is not None else on
        spell = None
        if table in self.contents.schemes:
            self._check_score(table, facts, where)
        elif dated_by is None and ("period" in facts or (table in facts and ("from" in facts or "until" in facts))):
            spell = self._spell(facts, where)
        owners: Mapping[str, str] = self._owners(table, facts, on)
        if table in MOVING and not owners:
            owners = self._owners_of_named(facts, on)
        if not owners and self._of(table) and not (table in facts or self._names_its_case(table, facts)):
            self.remarks.rows(table, number, _OF_NOBODY)
        if self.centres_named:
            owners = self._of_a_centre(table, number, facts, owners)
        alike = self._alike.setdefault(tuple(owners.items()), owners)  # rows that belong alike share one mapping
        return LedgerRow(source, number, facts, on, alike, spell, lasting, self.times.get(table, {}).get(number, 1))

    def _owners_of_named(self, facts: Mapping[str, Any], on: date | None) -> Mapping[str, str]:
        """Whose a pause or an extension is that names no case: whose the one row is that its `table` and `row` name."""
        table = "" if unsaid(facts.get("table")) else table_named(written(facts["table"]), self.contents)
        row = facts.get("row")
        if table in self.subjects():
            known = self.ids(table)
            id = written(row) if not unsaid(row) else next(iter(known)) if len(known) == 1 else None
            return self._owners(table, {self.id_column(table) or table: id}, on) if id in known else {}
        called = self.rows.get(table, ()) if unsaid(row) else self._called.get((table, written(row)), ())
        if len(called) != 1:
            return {}
        (only,) = called
        return {**({table: id_of_row(table, only.facts, only.number)} if table in self._owning else {}), **only.owners}

    @cached_property
    def _called(self) -> Mapping[tuple[str, str], list[LedgerRow]]:
        """The rows of records by what they are called in their table; asked for once all are there but pauses and extensions."""
        called: dict[tuple[str, str], list[LedgerRow]] = {}
        for source, rows in self.rows.items():
            for row in rows:
                called.setdefault((source, id_of_row(source, row.facts, row.number)), []).append(row)
        return called

    def lasting(self, table: str, facts: Mapping[str, Any], where: str) -> Lasting | None:
        """From which day to which a row lasts: in the columns that its table names; an event that gives `from` in place of its day.

        Raises RecordError for a first day that is none, or that lies after the last.
        """
        declared = self.contents.tables.get(table)
        if declared is None:
            return None
        columns = declared.lasts
        if columns is None:
            if declared.stands_for != "events" or unsaid(facts.get("from")) or not unsaid(facts.get(declared.dated_by or "")):
                return None
            columns = ("from", "to" if unsaid(facts.get("until")) else "until")
        first = self.day(facts, columns[0], where)
        if first is None:
            return None
        try:
            last = self.day(facts, columns[1], where)
        except RecordError as error:
            return Lasting(first, None, error)
        if last is not None and last < first:
            what = Words(f"{where} ends on {last}, before it begins on {first}", f"{where} 的止日 {last} 早于起日 {first}")
            raise RecordError(what, id=f"{where}.{columns[1]}")
        return Lasting(first, last)

    def _of_a_centre(self, table: str, number: int, facts: Mapping[str, Any], owners: Mapping[str, str]) -> Mapping[str, str]:
        """The owners of a row with the only centre named; of several, one that it does not name is told."""
        if WHOLE in owners:
            return owners
        if self.whole is not None:
            return {**owners, WHOLE: self.whole}
        if WHOLE in self.contents.chains.get(table, ()) and not self._names_its_case(table, facts):
            self.remarks.rows(table, number, _OF_NO_CENTRE)
        return owners

    def _names_its_case(self, table: str, facts: Mapping[str, Any]) -> bool:
        """Whether a row belongs to a case, as pauses do: it needs no owner of its own."""
        return "cases" in self._of(table) and not unsaid(facts.get("case"))

    def _check_score(self, scheme: str, facts: Mapping[str, Any], where: str) -> None:
        """A past score names its subject, its period and its total."""
        for name in (self.contents.schemes[scheme].scores, "period", "total"):
            if name not in facts and not (name == "total" and "differs" in facts):
                of, lacking = self.contents.in_chinese(scheme), self.contents.in_chinese(name, scheme).rstrip()
                raise RecordError(
                    Words(f"a score of {scheme} is given without its {name}", f"已有的{of}分数没有写{lacking}"), id=f"{where}.{name}"
                )
        self._period(facts, where)

    def day(self, facts: Mapping[str, Any], column: str, where: str) -> date | None:
        """The day in a column of a row; None where it is not given."""
        raw = facts.get(column)
        if type(raw) is date:
            return raw
        if unsaid(raw):
            return None
        if isinstance(raw, date):
            return shanghai_day(raw)
        try:
            declared = self.contents.column(where.partition(":")[0], column) if ":" in where else None
            if declared is not None and declared.type.kind == "moment" and isinstance(raw, str) and len(raw.strip()) > 10:
                return shanghai_day(cast("date", read_fact(column, raw, declared.type)))
            return read_date(raw)
        except RecordError as error:
            raise RecordError(error.what, why=error.why, hint=error.hint, id=f"{where}.{column}") from None

    def _owners(self, table: str, facts: Mapping[str, Any], on: date | None) -> dict[str, str]:
        """The subjects a row belongs to: those it names, then those that these belong to on its day."""
        if table in self.contents.schemes:
            subject = self.contents.schemes[table].scores
            named = (subject, *self._of(subject))
        elif table in self.subjects() and not unsaid(facts.get(self.id_column(table) or table)):
            named = (*self._of(table), table)
        else:
            named = self._of(table)
        owners: dict[str, str] = {}
        for owner in named:
            raw = facts.get(owner if owner in facts else owner.removesuffix("s"))
            if raw is not None and raw is not NONE:  # what says nothing is in no row
                owners.setdefault(owner, written(raw))
        waiting = list(owners)
        for owner in waiting:  # which grows meanwhile
            unnamed = [above for above in self._of(owner) if above not in owners]
            if owner not in self.people:
                parent = self.by_id.get((owner, owners[owner]))
                owners |= {above: parent.owners[above] for above in unnamed if parent is not None and above in parent.owners}
                continue
            person = (self.person(owner, owners[owner], on) if unnamed else None) or {}
            for above in unnamed:
                if above in person and person[above] is not NONE:
                    owners[above] = written(person[above])
                    waiting.append(above)
        return owners

    def _of(self, table: str) -> tuple[str, ...]:
        """What rows of a table belong to; the centre, where the records name any."""
        return self._belonging_to.get(table, ()) if self.centres_named else self._below_the_whole.get(table, ())

    def _declared_of(self, table: str) -> tuple[str, ...]:
        return self._belonging_to.get(table, ())

    @cached_property
    def _belonging_to(self) -> dict[str, tuple[str, ...]]:
        return {id: table.of for id, table in self.contents.tables.items()}

    @cached_property
    def _below_the_whole(self) -> dict[str, tuple[str, ...]]:
        return {id: tuple(owner for owner in of if owner != WHOLE) for id, of in self._belonging_to.items()}

    def _add(self, row: LedgerRow) -> None:
        if row.source in self.contents.schemes:
            self._add_past(row)
        self.rows.setdefault(row.source, []).append(row)
        if row.source in self._owning:
            self.by_id.setdefault((row.source, written(row.facts.get(self._owning[row.source]))), row)
        for owner, id, own in self._belongs(row):
            self.by_owner.setdefault((row.source, owner, id), []).append(own)
            if (owner != WHOLE or id != self.everything or id == self.whole) and not self._is_absent(owner, id):
                self._ids.setdefault(owner, {}).setdefault(id)
        if row.on is not None:
            last = row.on if row.lasting is None or row.lasting.last is None else row.lasting.last
            self.first_day = row.on if self.first_day is None else min(self.first_day, row.on)
            self.last_day = last if self.last_day is None else max(self.last_day, last)

    def _is_not_held(self, table: str, id: str) -> bool:
        """Whether a table of subjects that was supplied does not hold one that a row names."""
        return table in self.supplied and table in self.people and id not in self.people[table]

    def _is_absent(self, table: str, id: str) -> bool:
        """Whether one that a row names is not scored: the table that was supplied holds others, so its id may be a slip of the pen."""
        return self._is_not_held(table, id) and len(self.people[table]) > 0

    def _belongs(self, row: LedgerRow) -> Iterator[tuple[str, str, LedgerRow]]:
        """The subjects that a row belongs to, each with its own share of it: of a row that lasts, the days on which it does."""
        shares = [row] if row.lasting is None else self._shares(row, row.lasting)
        for owner, id in row.owners.items():
            if len(shares) == 1 or all(share.owners.get(owner) == id for share in shares):
                yield owner, id, row
        for share in shares if len(shares) > 1 else ():
            for owner, id in share.owners.items():
                if not all(other.owners.get(owner) == id for other in shares):
                    yield owner, id, share

    def _shares(self, row: LedgerRow, lasting: Lasting) -> list[LedgerRow]:
        """A row that lasts, cut on the days on which whom it names came to belong to others."""
        table = self.contents.table_of(row.source)
        ends = lasting.last if lasting.last is not None else date.max
        turns = {day for owner in row.owners for day in self._turns(owner, owner) if lasting.first < day <= ends}
        if not turns:
            return [row]
        shares = [row]
        for day in sorted(turns):
            owners = self._owners(table, row.facts, day)
            if owners != shares[-1].owners:
                before = cast("Lasting", shares[-1].lasting)
                shares[-1] = replace(shares[-1], lasting=Lasting(before.first, day - DAY))
                shares.append(replace(row, on=day, owners=owners, lasting=Lasting(day, lasting.last, lasting.fault)))
        return shares

    def _add_past(self, row: LedgerRow) -> None:
        """A past score, by its subject and period."""
        shape = self.contents.schemes[row.source].period
        period = named(read_period(row.facts["period"]), shape)
        past = self._past.setdefault((row.source, row.owners[self.contents.schemes[row.source].scores]), {})
        if recurs(shape):
            self._check_apart(row, period, past)
        past.setdefault((period.first, period.last), row)
        if period.kind == "span" and recurs(shape) and (period.first, period.last) != _whole(period, shape):
            alone = Words("are of days that make no whole period: used for these days alone", "的起止日自成一段，只代表这一段")
            self.remarks.rows(row.source, row.number, alone)
        if period.kind not in (shape, "span") and not shape.startswith(("rolling", "ever")):
            what = Words(f"are of a {period.kind}, and it goes by {shape}", f"是{kind_said(period.kind)}，而它按{kind_said(shape)}")
            self.remarks.rows(row.source, row.number, what)

    def _check_apart(self, row: LedgerRow, period: Period, past: Mapping[tuple[date, date], LedgerRow]) -> None:
        """Scores of one subject may not overlap in time. Raises RecordError."""
        crossed = next((other for (first, last), other in past.items() if first <= period.last and period.first <= last), None)
        if crossed is not None and (period.first, period.last) not in past:
            given, of = (row.facts["period"], crossed.facts["period"]), self.contents.in_chinese(row.source).lstrip()
            raise RecordError(
                Words(f"the periods {given[1]} and {given[0]} of {row.source} overlap", f"{of}的期间 {given[1]} 与 {given[0]} 重叠"),
                hint=Words(
                    f"rows {crossed.number} and {row.number}: give each day once",
                    f"第 {crossed.number} 行和第 {row.number} 行：同一天只能属于一个期间",
                ),
                id=f"{row.source}:{row.number}.period",
            )

    @cached_property
    def _holding(self) -> dict[str, frozenset[str]]:
        """The tables whose rows a row may list within itself: those that belong to it."""
        tables = self.contents.tables
        return {id: frozenset(other for other, table in tables.items() if id in table.of) for id in tables}

    @cached_property
    def _owning(self) -> dict[str, str]:
        """The tables to which rows of others belong, but for subjects, each with the column that names its rows."""
        owning = {owner for table in self.contents.tables.values() for owner in table.of} - set(self.subjects())
        return {owner: id_column for owner in owning if (id_column := self.id_column(owner)) is not None}

    def remarks_for(self, table: str, id: str | None = None) -> tuple[Words, ...]:
        """What must be said of the records to who asks about a subject of a table: of the whole, rows that name nobody are rows too."""
        whole = table == WHOLE and (self.whole is not None or id == self.everything)
        return self.remarks.without(_OF_NOBODY, _OF_NO_CENTRE) if whole else self.remarks.words

    def whose_apart(self, table: str) -> tuple[Mapping[tuple[str, int], str], frozenset[str]]:
        """Of rows of which something is said: whose of a table each surely is; and all who are named so."""
        if table not in self._whose_apart:
            named: dict[tuple[str, int], set[str]] = {}
            for place, facts in self._apart.items():
                labels = self.contents.sight(place[0])[1]
                try:
                    owners = self._owners(place[0], {labels.get(name, name): said for name, said in facts.items()}, None)
                except GovServiceError:
                    continue
                named.setdefault(place, set()).add(owners.get(table, ""))
            for source, rows in self.rows.items():
                of = self.contents.table_of(source)
                noted = self.remarks.numbers(of)
                for row in rows if noted else ():
                    if row.number in noted:
                        named.setdefault((of, row.number), set()).add(row.owners.get(table, ""))
            known = self.ids(table)
            alone = ((place, next(iter(owners))) for place, owners in named.items() if len(owners) == 1)
            whose = {place: id for place, id in alone if id in known}
            self._whose_apart[table] = whose, frozenset(whose.values())
        return self._whose_apart[table]

    def is_subject(self, table: str, id: str) -> bool:
        """Whether records tell of a subject; all centres together are one too."""
        return id in self.ids(table) or (table == WHOLE and id == self.everything)

    # -- what a score asks

    def person(self, table: str, id: str, on: date | None, period: Period | None = None) -> Mapping[str, Any] | None:
        """The facts of a subject on a day, or in a period as of the last day served: what holds always, then what holds then."""
        rows = self.people.get(table, {}).get(id)
        if not rows:
            return None
        if len(rows) == 1 and rows[0].always:
            return rows[0].facts
        day = on if on is not None or period is None else _last_day(rows, period)
        facts: dict[str, Any] = {}
        holding: list[Spell] = []
        for row in rows:
            own = on is None and period is not None and (row.first, row.last) == (period.first, period.last)
            dated = day is not None and row.first <= day <= row.last and (row.period is None or on is not None)
            if row.always or own or dated:
                facts |= row.facts
            if dated and not row.always and row.period is None:
                holding.append(row)
        if len(holding) > 1:  # two spells of which neither lies in the other, nor ends where nobody says: neither is chosen
            crossing = [row for row in holding if any(_cross(row, other) for other in holding)]
            for name in agreed(row.facts for row in crossing)[1]:
                if name not in _STRUCTURE:
                    facts.pop(name, None)
        return facts or None

    def owner_on(self, table: str, id: str, owner: str, day: date) -> str | None:
        """The subject of another table that a subject belongs to on a day; None where nothing says so."""
        if owner == WHOLE and self.whole is not None:
            return self.whole
        facts = self.person(table, id, day)
        return None if facts is None else self._owners(table, {**facts, table: id}, day).get(owner)

    def belonged(self, table: str, id: str, owner: str, period: Period) -> tuple[str, ...] | None:
        """The subjects of another table that a subject belonged to in a period; None where of some time that it served nothing says so."""
        if owner == WHOLE and self.whole is not None:
            return (self.whole,)
        served = self.served(table, id, period)
        found: dict[str, None] = {}
        for first, last in served.spells if served is not None else ():
            steps = {first, *(day for day in self._turns(table, owner) if first < day <= last)}
            for day in sorted(steps):
                above = self.owner_on(table, id, owner, day)
                if above is None:
                    return None
                found[above] = None
        return tuple(found)

    def belonging_spans(self, table: str, id: str, owner: str, to: str, spans: Spans) -> Spans:
        """The days among some on which a subject belonged to one of another table."""
        found: list[tuple[date, date]] = []
        for first, last in spans:
            steps = [first, *(day for day in self._turns(table, owner) if first < day <= last)]
            ends = [*(day - DAY for day in steps[1:]), last]
            found += [span for span in zip(steps, ends, strict=True) if self.owner_on(table, id, owner, span[0]) == to]
        return tuple(found)

    def _turns(self, table: str, owner: str) -> tuple[date, ...]:
        """The days on which it may change whom a subject of a table belongs to."""
        key = (table, owner)
        if key not in self._turning:
            chain = self.contents.chains.get(table, ())
            rows = (row for seen in chain for spells in self.people.get(seen, {}).values() for row in spells if not row.always)
            days = {day for row in rows for day in (row.first, row.last + DAY if row.last < date.max else date.max)}
            self._turning[key] = tuple(sorted(days))
        return self._turning[key]

    def dated_by(self, table: str) -> str | None:
        """The column that dates a row of a table."""
        declared = self.contents.tables.get(table)
        return declared.dated_by if declared is not None else None

    def own_day(self, table: str, id: str) -> date | None:
        """The day of a subject that is a dated record, such as a case; None where it does not say."""
        column, spells = self.dated_by(table), self.people.get(table, {}).get(id, ())
        try:
            return self.day(spells[0].facts, column, f"{table}:{id}") if column is not None and spells else None
        except RecordError:
            return None  # told where the row is set apart

    def rows_in(self, table: str, period: Period) -> list[LedgerRow]:
        """The rows of a table in a period; of a table whose rows have no day, and of all time, every one."""
        dated = self.dated_by(table) is not None and period.kind != "ever"
        return [row for row in self.rows.get(table, ()) if not dated or (row.on is not None and row.on in period)]

    def lost_in(self, table: str, period: Period) -> list[int]:
        """The numbers of rows of a dated table that lie in no period for want of a day."""
        dated = self.dated_by(table) is not None and period.kind != "ever"
        return [row.number for row in self.rows.get(table, ()) if dated and row.on is None]

    def belonging(self, source: str, owner: str, id: str) -> list[LedgerRow]:
        """The rows of a source that belong to a subject, in the order given; or that name it in a column, where `owner` is one."""
        if owner not in self.contents.tables:
            return self._naming(source, owner).get(id, [])
        if owner == WHOLE and id == self.everything:
            return self.rows.get(source, [])
        return self.by_owner.get((source, owner, id), [])

    @cached_property
    def _sources_of(self) -> dict[tuple[str, str], list[str]]:
        sources: dict[tuple[str, str], list[str]] = {}
        for source, owner, id in self.by_owner:
            sources.setdefault((owner, id), []).append(source)
        return sources

    def kinds_of(self, owner: str, id: str) -> Iterable[str]:
        """The kinds of event of which a subject may have rows, in the order of the book."""
        if owner == WHOLE and id == self.everything:
            return self.contents.events
        own = set(self._sources_of.get((owner, id), ()))
        return [kind for kind in self.contents.events if kind in own]

    def _naming(self, source: str, column: str) -> dict[str, list[LedgerRow]]:
        """The rows of a source by whom a column of theirs names."""
        named = self._named_in.get((source, column))
        if named is None:
            named = self._named_in[source, column] = {}
            for row in self.rows.get(source, ()):
                if not unsaid(row.facts.get(column)):
                    named.setdefault(written(row.facts[column]), []).append(row)
        return named

    def columns(self, source: str) -> RowColumns:
        """What the rows of a source say, name by name."""
        if source not in self._columns:
            self._columns[source] = RowColumns(self.rows.get(source, ()))
        return self._columns[source]

    def dated(self, source: str, owner: str, id: str, by: str | None, *, verified: bool = False) -> DatedRows | None:
        """The rows of a source that belong to a subject in the order of their days, by the column asked for or else their own; of rows that
        count only once `verified` those that are, None where one does not say so plainly.
        """
        key = (source, owner, id, by, verified)
        if key not in self._dated:
            belonging = self.belonging(source, owner, id)
            if verified and not all(type(row.facts.get("verified")) in _PLAINLY for row in belonging):
                self._dated[key] = None
            elif verified:
                self._dated[key] = self._by_day(source, [row for row in belonging if row.facts.get("verified") is True], None, by)
            else:
                places = self._places(source, owner, id, belonging) if by is not None else None
                self._dated[key] = self._by_day(source, belonging, places, by) if belonging else _NO_ROWS
        return self._dated[key]

    def _places(self, source: str, owner: str, id: str, belonging: list[LedgerRow]) -> list[int]:
        """The places of the rows that belong to a subject among all of their source."""
        key = (source, owner, id)
        if key not in self._placing:
            self._placing[key] = self.columns(source).places(belonging)
        return self._placing[key]

    def placed(self, source: str, owner: str, id: str, period: Period, by: str | None) -> DatedRows:
        """Of the rows of a source that belong to a subject: those of a day in the period, by the column asked for or else their own, in the
        order of their days; and those that do not say.
        """
        dated = cast("DatedRows", self.dated(source, owner, id, by))
        if not dated.days:
            return dated
        first, last = dated.within(period)
        return DatedRows(dated.days[first:last], dated.rows[first:last], dated.unsaid, dated.lasting)

    def day_by(self, row: LedgerRow, column: str) -> date | None:
        """The day of a row by another of its columns; None where it says none, or one that cannot be read (`unreadable`)."""
        raw = row.facts.get(column)
        if type(raw) is date or raw is None:
            return raw
        try:
            return self.day(row.facts, column, f"{row.source}:{row.number}")
        except RecordError:
            return None

    def unreadable(self, row: LedgerRow, column: str) -> RecordError | None:
        """Why the day in a column of a row cannot be read; None where it can, or is not given."""
        try:
            self.day(row.facts, column, f"{row.source}:{row.number}")
        except RecordError as error:
            return error
        return None

    def has_undated(self, source: str) -> bool:
        """Whether any row of a source has neither a day nor days of its own."""
        if source not in self._undated:
            self._undated[source] = any(row.on is None and row.lasting is None for row in self.rows.get(source, ()))
        return self._undated[source]

    def _by_day(self, source: str, rows: list[LedgerRow], places: list[int] | None, by: str | None) -> DatedRows:
        lasting = ([row for row in rows if row.lasting is not None] or _NONE) if by is None else _NONE
        rows = [row for row in rows if row.lasting is None] if lasting else rows
        days = [row.on for row in rows] if by is None else self._days_by(source, rows, places, by)
        order = [number for number, day in enumerate(days) if day is not None]
        unsaid = [row for row, day in zip(rows, days, strict=True) if day is None] if len(order) < len(rows) else _NONE
        order.sort(key=days.__getitem__)  # type: ignore[arg-type]
        return DatedRows(
            cast("list[date]", [days[number] for number in order]),
            [rows[number] for number in order],
            unsaid,
            lasting,
            None if places is None else [places[number] for number in order],
            self._numbered_in_order(source),
            by is not None and any(self.unreadable(row, by) is not None for row in unsaid),
        )

    def _days_by(self, source: str, rows: list[LedgerRow], places: list[int] | None, column: str) -> list[date | None]:
        columns = self.columns(source)
        days = columns.days(column)
        places = columns.places(rows) if places is None else places
        if days is None or NO_KIND in places:
            return [self.day_by(row, column) for row in rows]
        return list(map(days.__getitem__, places))

    def _numbered_in_order(self, source: str) -> bool:
        """Whether the rows of a source are in the order of their numbers."""
        if source not in self._in_order:
            numbers = [row.number for row in self.rows.get(source, ())]
            self._in_order[source] = numbers == sorted(numbers)
        return self._in_order[source]

    @cached_property
    def steady(self) -> frozenset[str]:
        """The tables of whose subjects everything that is said holds always."""
        return frozenset(
            table for table in self.contents.tables if all(row.always for rows in self.people.get(table, {}).values() for row in rows)
        )

    def ids(self, table: str) -> Collection[str]:
        """Every subject of a table: those with a row of their own, then those that records name."""
        return self._ids.get(table, {}).keys()

    def past_score(self, scheme: str, id: str, period: Period) -> LedgerRow | None:
        """The row of a past score that was supplied, which is not worked out again."""
        return self._past.get((scheme, id), {}).get((period.first, period.last))

    def earliest(self, table: str, id: str, scheme: str | None) -> date | None:
        """The day of the earliest record, or of a subject's earliest past score; where no record is dated, the first that it served."""
        past = [first for first, _ in self._past.get((scheme, id), {})] if scheme is not None else []
        spells = (spell.first for spell in self.people.get(table, {}).get(id, ()) if spell.first > date.min)
        first = self.first_day if self.first_day is not None else min(spells, default=None)
        return min([*past, *([first] if first is not None else [])], default=None)

    def served(self, table: str, id: str, period: Period) -> Served | None:
        """The days of a period that a subject served, by its rows' `from` and `until`; None where it did not."""
        whole = Served(((period.first, period.last),), (period.last - period.first).days + 1)
        rows = [row for row in self.people.get(table, {}).get(id, ()) if row.period is None]
        if not rows or any(row.always for row in rows):
            return whole
        inside = sorted((max(row.first, period.first), min(row.last, period.last)) for row in rows if row.speaks_of(period))
        if not inside:
            return None
        spells: list[tuple[date, date]] = []
        counted = period.first - DAY if period.first > date.min else date.min
        for first, last in inside:
            first = max(first, counted + DAY)  # a day that two rows name is one day  # noqa: PLW2901
            if first <= last:
                spells.append((first, last))
                counted = last
        return Served(tuple(spells), sum((last - first).days + 1 for first, last in spells))


_PLAINLY: Final = frozenset((bool, type(None)))
_NONE: Final = ()
_NO_ROWS: Final = DatedRows([], [], [], [])
_STRUCTURE: Final = frozenset(
    {"kind", "on", "from", "until", "to", "period", "occurrence", "assessor", "assessed", "verified", "rank", "ranked", "differs"}
)


def _days_of(period: object) -> object:
    """The days of a period, however it is written; what it says itself where it cannot be read, which is told elsewhere."""
    try:
        read = read_period(period)
    except DecisionError:
        return str(period)
    return read.first, read.last


def _are_rows(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value)


def _identity(table: str, id_column: str, facts: Mapping[str, Any], *, scheme: bool) -> object:
    """What makes rows one: their id; of a past score its subject and period. None for rows that may be several of one id (spells)."""
    if unsaid(facts.get(id_column)):
        return None
    if scheme:
        return None if unsaid(facts.get("period")) else (written(facts[id_column]), _days_of(facts["period"]))
    if table == id_column and facts.keys() & {"from", "until", "period"}:
        return None
    return written(facts[id_column])


def _length(spell: Spell) -> int:
    return 0 if spell.period is None else -(spell.last - spell.first).days


def _whole(period: Period, kind: str) -> tuple[date, date]:
    whole = around(period.first, kind)
    return whole.first, whole.last


def _cross(one: Spell, other: Spell) -> bool:
    """Whether two spells overlap, each beginning or ending outside the other."""
    first, second = (one, other) if one.first < other.first else (other, one)
    return first.first < second.first <= first.last < second.last


def _last_day(rows: list[Spell], period: Period) -> date:
    """The last day of a period on which dated rows hold; the period's last where there are none."""
    inside = [min(row.last, period.last) for row in rows if row.period is None and not row.always and row.speaks_of(period)]
    return max(inside, default=period.last)

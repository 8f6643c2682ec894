"""A raw row -> its facts, typed; a row with a wrong value, without its id or with one that another row has is set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any, cast

from govservice.errors import GovServiceError, LimitError, RecordError, Words, in_one
from govservice.limits import TimeLimit
from govservice.reading import as_when, is_long_number, is_missing, shown, why_no_row, why_spoilt
from govservice.reading.common import is_huge
from govservice.reading.formats import pattern_of, read_number_in, read_when_in
from govservice.reading.zones import moved, zone_of
from govservice.records.mapped import ColumnMapping, TableMapping
from govservice.records.portals import known_as
from govservice.records.rows import BadCell, RawRow, Row, SetAside, Twice
from govservice.records.vocabulary import Vocabulary, limit_of, read_course_value, read_value
from govservice.rules.language.acts import DAYS_OF_MOMENTS
from govservice.rules.language.facts import says_none
from govservice.rules.language.values import NONE, Type

__all__ = ["ZONE", "RowReader", "reason_of", "unread_value"]

ZONE = "Asia/Shanghai"  # the clock of the calendar where nobody names another
_UNREAD = 500  # characters of a value that no fact is known for
_DAY_IN_DIGITS = 8
_KEPT = 10_000  # characters of a value in a row that is set aside
_TEXTS = 2_000  # of a column that are remembered
_NEVER_CHANGE = frozenset((str, bool, int, Decimal, date, TimeLimit))
_HEADER_AGAIN = Words("it is the header again, and no row", "这是重复的表头，不是记录")
_NO_ID, _NO_CASE = Words("no id is given", "没有编号"), Words("it names no case", "没有写明是哪一件办件")


def _two_values(fact: str) -> Words:
    return Words(f"{fact} is given twice, with two values", f"“{fact}”给了两个不同的值")


class RowReader:
    """Reads the raw rows of one file, in order; `course` are the tables that may stand as lists within a row of cases.

    Moments on another clock are put to that of `zone`; `letters` are those of a sheet's columns, by their names.
    """

    def __init__(
        self,
        mapping: TableMapping,
        words: Vocabulary,
        file: str,
        course: Mapping[str, Vocabulary] | None = None,
        again: Callable[[], Iterable[RawRow]] = tuple,
        *,
        zone: str = ZONE,
        letters: Mapping[str, str] | None = None,
    ) -> None:
        self.words = words
        self.file = file
        self.course = course or {}
        self.tables = {name: table for table, known in self.course.items() for name in (table, known.label.zh)}  # by id and label
        self.twice: Mapping[str, Twice] = {}  # ids that several rows give
        self.value = read_course_value if words.of_a_case else read_value
        self.zone, self.source_zone = zone, mapping.time_zone
        self.letters = letters or {}
        self.called = {fact: called for fact, kind in words.types.items() if kind.kind == "choice" and (called := known_as(kind))}
        moving = self.zone != ZONE or self.source_zone is not None
        self.plain = {  # facts of which a cell says all that there is
            fact for fact, kind in words.types.items() if fact not in self.called and not (moving and kind.kind in ("date", "moment"))
        }  # fmt: skip
        self.columns: Mapping[str, ColumnMapping] = dict(mapping.columns)
        self.used = {name for column in self.columns.values() for name in (column.column, column.unit_column) if name} | set(mapping.skip)
        self.again = again  # the raw rows from the first, where a row must be held against the others
        acts = DAYS_OF_MOMENTS.items() if words.records == "cases" else ()
        self.acts = [(day, moment) for day, moment in acts if {day, moment} <= words.types.keys()]
        self._intact: dict[str, bool] = {}
        self._texts: dict[str, dict[str, tuple[str, object]]] = defaultdict(dict)  # by column: the fact that a text was read as
        self.id_names = [words.id, *(label for label, id in words.labels.items() if id == words.id)]

    def id_of(self, raw: RawRow) -> str | None:
        """The id that a raw row gives; None where it gives none, or cannot be taken apart."""
        if raw.fault is not None:
            return None
        mapped = self.columns.get(self.words.id)
        try:
            if mapped is not None:
                id = self._mapped(self.words.id, mapped, raw.values)
            else:
                value = next((value for name in self.id_names if not is_missing(value := raw.values.get(name))), None)
                id = None if value is None else self._read(self.words.id, value)
        except (RecordError, LimitError):
            return None
        return id if isinstance(id, str) else None

    def cell(self, fact: str, raw: object) -> object:
        """A cell as its fact, where no mapping says more of it. Raises RecordError, LimitError."""
        return self._read(fact, raw)

    def why_not(self, fact: str, raw: RawRow) -> Words | None:
        """Why a row's cell cannot be read as a fact that the mapping names; None where it can."""
        try:
            self._mapped(fact, self.columns[fact], raw.values)
        except (RecordError, LimitError) as error:
            return reason_of(error)
        return None

    def read(self, raw: RawRow) -> Row | SetAside:
        """The row's facts, or why it is set aside."""
        if raw.fault is not None:
            return self._aside(raw, None, raw.fault)
        facts: dict[str, object] = {}
        for fact, column in self.columns.items():
            try:
                value = self._mapped(fact, column, raw.values)
            except (RecordError, LimitError) as error:
                return self._aside(raw, column.column, reason_of(error))
            if value is not None:
                facts[fact] = value
        unread: dict[str, object] = {}
        elsewhere: list[tuple[str, object]] = []
        course: dict[str, tuple[Mapping[str, object], ...]] = {}
        for name, value in raw.values.items():
            before = self._texts[name].get(value) if type(value) is str else None
            if before is not None:
                fact, read = before
                if fact in facts and facts[fact] != read:
                    return self._aside(raw, name, _two_values(fact))
                facts[fact] = read
                continue
            if name in self.used or is_missing(value):
                continue
            table = self.tables.get(name)
            if table is not None and value == []:
                continue
            if table is not None and self._is_course(name, value):
                if not _rows_within(value):
                    return self._aside(raw, name, Words("no list of rows", "不是记录的列表"))
                rows = self._within(table, cast("list[Mapping[str, object]]", value), raw, unread, elsewhere)
                if isinstance(rows, SetAside):
                    return rows
                if course.setdefault(table, rows) != rows:
                    return self._aside(raw, name, Words(f"{table} is given twice, with two values", f"“{table}”给了两个不同的值"))
                continue
            known = self.words.fact(name)
            if known is None or known in self.columns:
                unread[name] = unread_value(value)
                continue
            try:
                read = self._read(known, value)
            except RecordError as error:
                return self._aside(raw, name, reason_of(error))
            if known in facts and facts[known] != read:
                return self._aside(raw, name, _two_values(known))
            facts[known] = read
            if type(value) is str and type(read) in _NEVER_CHANGE and len(texts := self._texts[name]) < _TEXTS:
                texts[value] = known, read
        for name, owner in elsewhere:
            if _written(owner) != facts.get(self.words.id):
                return self._aside(
                    raw, name, Words(f"a row within it is of another, {shown(owner)}", f"其中有一条属于另一件 {shown(owner)}")
                )
        self.date(facts, raw)
        return self._named(raw, facts, unread, course)

    def date(self, facts: dict[str, object], raw: RawRow) -> None:
        """Put the day of each act of which a row gives the moment alone: its cell, read as a day."""
        for day, moment in self.acts:
            if moment in facts and day not in facts and isinstance(read := self._day(day, moment, facts[moment], raw), date):
                facts[day] = read

    def _day(self, day: str, moment: str, when: object, raw: RawRow) -> object:
        column = self.columns.get(moment)
        given = (value for name, value in raw.values.items() if self.words.fact(name) == moment and not is_missing(value))
        try:
            return self._read(day, next(given)) if column is None else self._mapped(day, column, raw.values)
        except (RecordError, LimitError):  # it says its own offset
            return when.astimezone(zone_of(self.zone)).date() if isinstance(when, datetime) else None

    def _is_course(self, name: str, value: object) -> bool:
        """Whether a value is meant for rows of a table; where the row has a fact of that name (the stages of an item), texts are none."""
        texts = isinstance(value, list) and not any(isinstance(row, Mapping) for row in value)
        return isinstance(value, list | Mapping) and not (texts and self.words.fact(name) is not None)

    def _within(
        self,
        table: str,
        rows: list[Mapping[str, object]],
        raw: RawRow,
        unread: dict[str, object],
        elsewhere: list[tuple[str, object]],
    ) -> tuple[Mapping[str, object], ...] | SetAside:
        """The rows of a table that stand as a list within this one; one that cannot be read sets it aside.

        What no fact is known for goes to `unread`, by table and name; the owner that a row names to `elsewhere`.
        """
        words = self.course[table]
        within = []
        for number, row in enumerate(rows, 1):
            facts: dict[str, object] = {}
            for name, value in row.items():
                known = words.fact(name)
                if is_missing(value):
                    continue
                if known is None:
                    unread[f"{table}.{name}"] = value
                    continue
                if known == words.id:  # it stands within its case
                    elsewhere.append((table, value))
                    continue
                try:
                    read = read_course_value(self._moved(value, words.types[known]), words.types[known])
                except RecordError as error:
                    reason = reason_of(error)
                else:
                    if facts.setdefault(known, read) == read:
                        continue
                    reason = Words(f"{known} is given twice, with two values", f"“{known}”给了两个不同的值")
                place = Words(f"row {number}, {name}: {reason.en}", f"第 {number} 条的{name}：{reason.zh}")
                return self._aside(raw, table, place)
            within.append(facts)
        return tuple(within)

    def _read(self, fact: str, raw: object, zone: str | None = None) -> object:
        """A cell as its fact, where no mapping says more of it; `zone` is the clock that its column is on."""
        kind = self.words.types[fact]
        if isinstance(raw, BadCell):
            raise RecordError(raw.why)
        if fact in self.plain and not self.letters and zone is None:
            return self.value(raw, kind)
        if fact in self.called and isinstance(raw, str):
            raw = self.called[fact].get(raw.strip(), raw)
        if self.letters:
            raw = self._as_text(fact, raw, kind.kind)
        when = self._moved(raw, kind, zone)
        if kind.kind == "date" and when is not raw and isinstance(when, datetime) and not self.words.of_a_case:
            when = when.date()
        return self.value(when, kind)

    def _as_text(self, fact: str, raw: object, kind: str) -> object:
        """A number of a sheet where a text is wanted: as a text file has it. What names rows must be whole."""
        is_number = isinstance(raw, int | Decimal) and not isinstance(raw, bool)
        wanted = kind == "list" or (kind == "text" and fact not in self.words.keys and fact != self.words.id)
        wanted = wanted or (kind == "date" and is_number and len(str(raw)) == _DAY_IN_DIGITS)  # 20260213; no serial number is so large
        return str(raw) if is_number and wanted else raw

    def _moved(self, raw: object, kind: Type, zone: str | None = None) -> object:
        """A moment on the clock of its source as one on the calendar's; a day alone, and midnight where a day is wanted, stay."""
        source = zone or self.source_zone
        elsewhere = self.zone != ZONE
        if kind.kind not in ("date", "moment") or not (source or elsewhere) or says_none(raw, kind):
            return raw
        when = as_when(raw)
        if source is None:  # what says its own offset names a day where a place is known
            return moved(when, self.zone, self.zone) if isinstance(when, datetime) and when.tzinfo is not None else raw
        midnight = isinstance(when, datetime) and when.tzinfo is None and when.time() == time()
        return when if not isinstance(when, date) or (midnight and kind.kind == "date") else moved(when, source, self.zone)

    def _mapped(self, fact: str, column: ColumnMapping, values: Mapping[str, object]) -> object:
        raw = values.get(column.column)
        if is_missing(raw):
            return None
        if isinstance(raw, BadCell):
            raise RecordError(raw.why)
        if says_none(raw, Type("any", none=column.none)) or says_none(raw, self.words.types[fact]):
            return NONE
        if column.values is not None:
            key = raw.strip() if isinstance(raw, str) else str(raw).upper() if isinstance(raw, bool) else str(raw)
            if key not in column.values:
                listed = "、".join(column.values)
                raise RecordError(
                    Words(f"{shown(raw)} is not among the values of the mapping", f"{shown(raw)}不在映射所列的取值中"),
                    hint=Words(f"it has: {listed}", f"映射列有：{listed}"),
                )
            raw = column.values[key]
            if is_missing(raw):
                return None
        if column.unit is not None:
            return limit_of(raw, column.unit)
        if column.unit_column is not None:
            return self._coded(raw, column, values)
        if column.split is not None and isinstance(raw, str):
            raw = raw.split(column.split)
        if column.format is not None:
            raw = self._in_format(raw, column.format, self.words.types[fact], column.time_zone)
        return self._read(fact, raw, column.time_zone)

    def _in_format(self, raw: object, format: str, kind: Type, zone: str | None) -> object:
        """A cell in the notation of its column. A moment that says its own offset is put to the calendar's clock."""
        if kind.kind in ("integer", "decimal"):
            return read_number_in(raw, format)
        when = read_when_in(raw, pattern_of(format))
        if isinstance(when, datetime) and when.tzinfo is not None:
            return moved(when, zone or self.zone, self.zone)
        return when

    def _coded(self, raw: object, column: ColumnMapping, values: Mapping[str, object]) -> TimeLimit:
        code: Any = values.get(column.unit_column or "")
        if is_missing(code):
            raise RecordError(
                Words(f"{shown(raw)} without a unit", f"{shown(raw)}没有单位"),
                hint=Words(f"fill in {column.unit_column}", f"请填写 {column.unit_column}"),
            )
        if not isinstance(code, str | int | Decimal):
            raise RecordError(
                code.why if isinstance(code, BadCell) else Words(f"{shown(code)} is no code of a unit", f"{shown(code)}不是单位编码")
            )
        return TimeLimit.from_codes(limit_of(raw, "workday").value, str(code), table=column.codes or {})

    def _named(
        self,
        raw: RawRow,
        facts: Mapping[str, object],
        unread: Mapping[str, object],
        course: Mapping[str, tuple[Mapping[str, object], ...]],
    ) -> Row | SetAside:
        id = facts.get(self.words.id) if self.words.id else str(raw.line)  # rows that nobody names go by their line
        if not isinstance(id, str):
            return self._aside(raw, self.words.id, _NO_CASE if self.words.of_a_case else _NO_ID)
        no_row = self._why_no_row(raw, id) if self.words.id else None
        if no_row is not None:
            return self._aside(raw, self.words.id, no_row)
        for key in self.words.keys & facts.keys():
            if (spoilt := why_spoilt(facts[key], partial(self._is_intact, key))) is not None:
                return self._aside(raw, key, in_one(spoilt))
        wrong = self.words.check(facts)
        if wrong is not None:
            return self._aside(raw, wrong[0], reason_of(wrong[1]))
        twin = self.twice.get(id)
        if twin is not None and (twin.differ is not None or twin.line != raw.line):
            already = Words(f"the id stands in line {twin.line} already", f"编号在第 {twin.line} 行已有")
            return self._aside(raw, self.words.id, twin.differ or already)
        return Row(self.words.records, self.file, raw.line, id, facts, unread, course)

    def _why_no_row(self, raw: RawRow, id: str) -> Words | None:
        """Why what stands as the id of a row names none: a line below the table, or the header again."""
        if (why := why_no_row(id)) is not None:
            return why
        mapped = self.columns.get(self.words.id)
        again = id == mapped.column if mapped is not None else self.words.fact(id) == self.words.id and id in raw.values
        return _HEADER_AGAIN if again else None

    def _is_intact(self, key: str) -> bool:
        """Whether any row has a long number under this key that no spreadsheet has been at; all rows are looked through, once."""
        if key not in self._intact:
            mapped = self.columns.get(key)
            values = (value for raw in self.again() for name, value in raw.values.items() if self._is(key, name, mapped))
            self._intact[key] = any(is_long_number(value) for value in values)
        return self._intact[key]

    def _aside(self, raw: RawRow, field: str | None, reason: Words) -> SetAside:
        mapped = self.columns.get(self.words.id)
        given = (value for name, value in raw.values.items() if self._is(self.words.id, name, mapped) and not is_missing(value))
        id = next((_as_id(value) for value in given), None)
        values = {name: _cut(value, _KEPT) if name else value for name, value in raw.values.items()}  # "": a line that has no columns
        if field is not None and field not in values:  # as the file itself calls it
            field = next((name for name in values if self._is(field, name, self.columns.get(field))), field)
        if field is not None and field in self.letters:
            place = f"{self.letters[field]}{raw.line}"
            reason = Words(f"cell {place}: {reason.en}", f"{place} 格：{reason.zh}")
        return SetAside(self.words.records, self.file, raw.line, id, field, reason, values)

    def _is(self, fact: str, name: str, mapped: ColumnMapping | None) -> bool:
        """Whether a column holds a fact."""
        return self.words.fact(name) == fact if mapped is None else name == mapped.column


def _as_id(value: object) -> str:
    """What names a row, however it was given: as text, of 200 characters at most."""
    plain = isinstance(value, str | Decimal) or (isinstance(value, int) and not is_huge(value))
    return (str(value) if plain else shown(value)).strip()[:200]


def unread_value(value: object) -> object:
    """A value that no fact is known for, as it is kept beside the facts of a row."""
    return _cut(value, _UNREAD)


def _cut(value: object, most: int) -> object:
    """A value that nothing reads, kept to be shown: not one of a million characters."""
    if isinstance(value, BadCell):
        return value.text
    return value if not isinstance(value, str) or len(value) <= most else f"{value[:most]}... ({len(value):,})"


def _rows_within(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def reason_of(error: GovServiceError) -> Words:
    """What is wrong and what to do, without the place: the row has its own."""
    return in_one(part for part in (error.what, error.why, error.hint) if part.en)


def _written(owner: object) -> str:
    """What a row names as its owner, as a text; empty for a number of more digits than Python writes."""
    try:
        return str(owner).strip()
    except ValueError:
        return ""

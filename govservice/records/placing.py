"""One column of a sample -> how a mapping reads it as a fact: its format, its unit, its parts; or why it cannot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from govservice.echo import shown, visible
from govservice.errors import RecordError, Words
from govservice.reading import as_when, is_missing
from govservice.reading.formats import NUMBERS, pattern_of, read_number_in, read_when_in
from govservice.records.headings import UNITS, plain
from govservice.records.mapped import ColumnMapping, TableMapping
from govservice.records.portals import UNIT_CODES
from govservice.records.reader import RowReader
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary

__all__ = ["PlacedColumn", "place", "values_seen"]

_HALF_DAY_FIRST: Final = tuple(  # 下午3:05
    f"{day}{half}{time}"
    for day in ("YYYY/M/D ", "YYYY-M-D ", "YYYY年M月D日 ", "YYYY年M月D日")
    for half in ("AM", "AM ")
    for time in ("h:mm:ss", "h:mm")
)
_FORMATS: Final = (
    "YYYYMMDDhhmmss", "YYYYMMDDhhmm", "YYYYMMDD hh:mm:ss", "YYYY-MM-DD hh:mm:ss AM", "YYYY/M/D h:mm:ss AM", "YYYY/M/D h:mm AM",
    "YYYY年M月D日 h:mm:ss AM", *_HALF_DAY_FIRST, "YYYY年M月D日h时mm分", "YYYY年M月D日h时mm分ss秒",
    "M/D/YYYY", "D/M/YYYY", "M/D/YYYY h:mm", "D/M/YYYY h:mm", "M/D/YYYY h:mm:ss", "D/M/YYYY h:mm:ss", "M/D/YYYY h:mm AM",
    "D/M/YYYY h:mm AM",
    "M/D/YYYY h:mm:ss AM", "D/M/YYYY h:mm:ss AM", "D.M.YYYY", "D.M.YYYY h:mm", "D.M.YYYY h:mm:ss", "D-MMM-YYYY", "D-MMM-YYYY h:mm:ss",
    "h:mm AM", "h:mm:ss AM", "AMh:mm", "AMh:mm:ss", "AM h:mm", "AM h:mm:ss", "epoch_s", "epoch_ms", "excel", "excel_1904",
)  # fmt: skip
_ENOUGH: Final = 0.95  # of the cells: a few that cannot be read are set aside by the run
_FEW_PARTS: Final = 15
_UNIT_NAMES: Final = (
    ("工作日", "workday"),
    ("workday", "workday"),
    ("working day", "workday"),
    ("自然日", "natural_day"),
    ("小时", "hour"),
    ("hour", "hour"),
)


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column as a mapping reads it, and what must be said of that; `column` is None where it cannot be read as the fact."""

    fact: str
    column: ColumnMapping | None
    said: Words | None = None


def place(fact: str, name: str, rows: Sequence[RawRow], words: Vocabulary) -> PlacedColumn:
    """How the column reads as the fact: plainly, else in the one notation that fits. Two that fit are ambiguous, and none is taken."""
    cells = [value for row in rows if not is_missing(value := row.values.get(name)) and not isinstance(value, BadCell)]
    if not cells:
        return PlacedColumn(fact, ColumnMapping(name), Words("empty in the sample", "样本中是空的"))
    readers = [ColumnMapping(name), *_others(fact, name, cells, rows, words)]
    counted = [(column, *_read(fact, column, rows, words)) for column in readers]
    plainly = counted[0]
    if plainly[1] == len(cells):
        return PlacedColumn(fact, plainly[0])
    best = max(count for _, count, _ in counted)
    fitting = [each for each in counted if each[1] == best]
    if best < _ENOUGH * len(cells):
        return PlacedColumn(fact, None, _unread(plainly[2], len(cells) - plainly[1], len(cells)))
    if plainly[1] == best:
        fitting = [plainly]
    if len(fitting) > 1:
        formats = " / ".join(str(column.format or column.unit or column.split) for column, _, _ in fitting)
        return PlacedColumn(
            fact, None, Words(f"ambiguous, {formats}: say which under format:", f"有歧义，{formats}：请用 format 写明是哪一种")
        )
    column, count, why = fitting[0]
    left = None if count == len(cells) else _unread(why, len(cells) - count, len(cells))
    return PlacedColumn(fact, column, left or _told(column))


def _told(column: ColumnMapping) -> Words | None:
    if column.split is not None:
        return Words("its parts look like codes: check that each is one", "看起来是几项连写，请核对分隔符")
    if column.time_zone is not None:
        return Words("its moments say their offset, and are put to the calendar's clock", "时刻带时差，换算成日历的时间")
    return None


def _unread(why: Words | None, count: int, of: int) -> Words:
    why = why or Words("", "")
    return Words(f"{count} of {of} cells cannot be read: {visible(why.en)}", f"{of} 格中有 {count} 格无法读取：{visible(why.zh)}")


def _others(fact: str, name: str, cells: Sequence[object], rows: Sequence[RawRow], words: Vocabulary) -> list[ColumnMapping]:
    """Further ways to read a column as a fact of its kind."""
    column, kind = ColumnMapping(name), words.types[fact].kind
    match kind:
        case "date" | "moment" | "time":
            with_clock = [format for format in _FORMATS if pattern_of(format).has_clock]
            fitting = [format for format in (with_clock if kind != "date" else _FORMATS) if _fits(format, cells, kind)]
            offsets = kind == "date" and any(_has_offset(cell) for cell in cells)
            return [replace(column, format=format) for format in fitting] + ([replace(column, time_zone="UTC")] if offsets else [])
        case "integer" | "decimal":
            return [replace(column, format=sample) for sample in NUMBERS if _all_numbers(sample, cells)]
        case "list":
            parts = (_parts(mark, cells) for mark in (",", "，", "、", "|", "/"))
            return [replace(column, split=mark) for mark in parts if mark is not None][:1]
        case "limit":
            return _limits(column, rows)
        case _:
            return []


def _has_offset(cell: object) -> bool:
    try:
        when = as_when(cell)
    except RecordError:
        return False
    return isinstance(when, datetime) and when.tzinfo is not None


def _fits(format: str, cells: Sequence[object], kind: str) -> bool:
    pattern = pattern_of(format)
    if (kind == "time") != (not pattern.has_day):
        return False
    read = 0
    for cell in cells:
        try:
            read += not isinstance(cell, date) and read_when_in(cell, pattern) is not None
        except RecordError:
            continue
    return read >= _ENOUGH * len(cells)


def _all_numbers(sample: str, cells: Sequence[object]) -> bool:
    try:
        return all(read_number_in(cell, sample) is not None for cell in cells)
    except RecordError:
        return False


def _parts(mark: str, cells: Sequence[object]) -> str | None:
    """The mark, where what it parts are few texts that come again and again."""
    parts = Counter(part.strip() for cell in cells for part in str(cell).split(mark))
    few = len(parts) <= _FEW_PARTS and sum(parts.values()) >= 4 * len(parts)
    return mark if few and any(mark in str(cell) for cell in cells) else None


def _limits(column: ColumnMapping, rows: Sequence[RawRow]) -> list[ColumnMapping]:
    """A bare amount: its unit by the heading, or by a column of units that is called after it."""
    named = next((unit for word, unit in _UNIT_NAMES if word in column.column.lower()), None)
    if named is not None:
        return [replace(column, unit=named)]
    headings = dict.fromkeys(name for row in rows for name in row.values)
    own = plain(column.column)
    units = [name for name in headings if plain(name) in UNITS or re.fullmatch(f"{re.escape(own)}(?:的?单位|unit)", plain(name))]
    return [replace(column, unit_column=units[0], codes=UNIT_CODES)] if len(units) == 1 else []


def _read(fact: str, column: ColumnMapping, rows: Sequence[RawRow], words: Vocabulary) -> tuple[int, Words | None]:
    """How many cells can be read so, and why the first that cannot is none."""
    reader = RowReader(TableMapping(columns={fact: column}), words, "")
    count, first = 0, None
    for row in rows:
        cell = row.values.get(column.column)
        if is_missing(cell) or isinstance(cell, BadCell):
            continue
        values = {name: row.values.get(name) for name in (column.column, column.unit_column) if name}
        why = reader.why_not(fact, RawRow(row.line, values))
        count += why is None
        first = first or why
    return count, first


def values_seen(name: str, rows: Sequence[RawRow], most: int = 8) -> str:
    """The values that come most often, with how often."""
    found = Counter(str(value) for row in rows if not is_missing(value := row.values.get(name)))
    return ", ".join(f"{shown(value)} {count}" for value, count in found.most_common(most)) + (", .." if len(found) > most else "")

"""What the rows of other files add to a row: its materials, the sum of its days, how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from govservice.decimals import total
from govservice.errors import RecordError, Words, did_you_mean
from govservice.reading import is_long_number, is_missing, read_decimal, shown, why_spoilt
from govservice.records.files import Source, source_of
from govservice.records.mapped import ColumnMapping, GatheredFact, TableMapping
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary

__all__ = ["Gathered", "gathered", "notes_of", "rows_added", "with_gathered"]


_LISTED: Final = 10  # lines named in a note


class Gathered(NamedTuple):
    """What the rows of a file come to, by the id that they name (a BadCell where one of them cannot be used), with the lines of each.

    `nameless` are the lines that name nothing: none stands there, or one that a spreadsheet has spoilt; `empty` those without a value.
    """

    file: str
    values: Mapping[str, object]
    lines: Mapping[str, list[int]]
    nameless: tuple[int, ...]
    empty: tuple[int, ...]


class _Source(Protocol):
    @property
    def mapping(self) -> TableMapping: ...


def gathered(source: Any) -> dict[str, Gathered]:
    """What the rows of other files in the folder of a table come to, by the fact that they are gathered as."""
    mapping: TableMapping = source.mapping
    return {gathering.fact: _gathered(gathering, source.file.parent) for gathering in mapping.gathered}


def with_gathered(raw: Iterator[RawRow], source: Any, words: Vocabulary, known: Mapping[str, Gathered]) -> Iterator[RawRow]:
    """The rows, each with the facts that the rows of other files come to (`known`).

    A row that nothing is said of has no list, or no number: nobody says that there is none.
    """
    mapping: TableMapping = source.mapping
    id = dict(mapping.columns).get(words.id, ColumnMapping(words.id)).column
    labels = [label for label, fact in words.labels.items() if fact == words.id]
    for row in raw:
        own = next((value for name in (id, *labels) if not is_missing(value := row.values.get(name))), None)
        name = "" if own is None else str(own).strip()  # no row of another file is kept under ""
        found = {fact: rows.values[name] for fact, rows in known.items() if name in rows.values}
        bad = next((value for value in found.values() if isinstance(value, BadCell)), None)
        if bad is not None and row.fault is None:
            row = row._replace(fault=bad.why)  # noqa: PLW2901 - the same row, with what is wrong with it
        yield row._replace(values={**row.values, **{fact: value for fact, value in found.items() if not isinstance(value, BadCell)}})


def rows_added(gathering: GatheredFact, folder: Path) -> Source:
    """The file whose rows a fact is gathered from. Raises RecordError where it is not there, or lacks a column that is named."""
    source = source_of(gathering.fact, folder / gathering.file, TableMapping(delimiter=gathering.delimiter, sheet=gathering.sheet))
    header = source.header
    for name in (gathering.id, gathering.column, gathering.order_by):
        if name is not None and header is not None and name not in header:
            hint = did_you_mean(name, header, Words(f"it has: {', '.join(header)}", f"它有：{'、'.join(header)}"))
            what = Words(f"{source.name} has no column {shown(name)}", f"{source.name} 没有“{name}”这一列")
            raise RecordError(what, hint=hint, id=gathering.fact)
    return source


def notes_of(mapping: TableMapping, known: Mapping[str, Gathered], ids: Container[str], words: Vocabulary) -> Iterator[Words]:
    """Of the rows that add to nothing, which they are: they name none of the `ids`, or give no value."""
    of = words.label.zh
    for gathering in mapping.gathered:
        rows = known[gathering.fact]
        lost = sorted((*rows.nameless, *(line for name, lines in rows.lines.items() if name not in ids for line in lines)))
        if lost:
            told = _lines(rows.file, lost)
            yield Words(told.en.format("that name no item of the records, and add to none"), told.zh.format(f"没有对应的{of}、没有用上"))
        if rows.empty:
            told, column = _lines(rows.file, rows.empty), gathering.column or gathering.id
            yield Words(told.en.format(f"that leave {column} empty"), told.zh.format(f"没有填“{column}”"))


def _lines(file: str, lines: Sequence[int]) -> Words:
    more = len(lines) > _LISTED
    en, zh = (mark.join(map(str, lines[:_LISTED])) for mark in (", ", "、"))
    file = file.replace("{", "{{").replace("}", "}}")
    return Words(
        f"{file}: rows {{}}: {len(lines):,} (lines {en}{', ..' if more else ''})",
        f"{file}：{{}}的行：{len(lines):,}（第 {zh}{' ..' if more else ''} 行）",
    )


def _gathered(gathering: GatheredFact, folder: Path) -> Gathered:
    source = rows_added(gathering, folder)

    @cache
    def whole() -> bool:
        return any(is_long_number(row.values.get(gathering.id)) for row in source.raw())

    rows: dict[str, list[tuple[Any, int, object]]] = {}
    bad: dict[str, object] = {}
    lines: dict[str, list[int]] = defaultdict(list)
    nameless, empty = [], []
    for row in source.raw():
        id, value = row.values.get(gathering.id), row.values.get(gathering.column or gathering.id)
        name = "" if is_missing(id) or isinstance(id, BadCell) else str(id).strip()
        if not name or why_spoilt(name, whole) is not None:
            nameless.append(row.line)
            continue
        if is_missing(value) and row.fault is None:
            empty.append(row.line)
            continue
        lines[name].append(row.line)
        why = row.fault or (value.why if isinstance(value, BadCell) else None)
        try:
            order = _order(row.values.get(gathering.order_by)) if gathering.order_by is not None else 0
            amount = read_decimal(value) if gathering.how == "sum" and why is None else value
        except RecordError as error:
            why = error.what
        if why is not None:
            told = f"{gathering.fact}: {source.name}:{row.line}: "
            bad[name] = BadCell("", Words(told + why.en, told + why.zh))
            continue
        rows.setdefault(name, []).append((order, row.line, amount))
    values = {name: _together(gathering, sorted(listed, key=lambda each: each[:2])) for name, listed in rows.items()} | bad
    return Gathered(source.name, values, lines, tuple(nameless), tuple(empty))


def _order(value: object) -> Decimal:
    return Decimal(0) if is_missing(value) else read_decimal(value)


def _together(gathering: GatheredFact, rows: list[tuple[Any, int, object]]) -> object:
    values = [value for _, _, value in rows]
    if gathering.how == "count":
        return len(values)
    if gathering.how == "sum":
        return total(value for value in values if isinstance(value, Decimal))
    return list(dict.fromkeys(str(value).strip() for value in values))

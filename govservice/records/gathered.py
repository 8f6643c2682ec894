"""What the rows of other files add to a row: its materials, the sum of its days, how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from govservice.decimals import total
from govservice.errors import RecordError, Words, did_you_mean
from govservice.reading import is_missing, read_decimal, shown
from govservice.records.files import Source, source_of
from govservice.records.mapped import ColumnMapping, GatheredFact, TableMapping
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary

__all__ = ["rows_added", "with_gathered"]


class _Source(Protocol):
    @property
    def mapping(self) -> TableMapping: ...


def with_gathered(raw: Iterator[RawRow], source: Any, words: Vocabulary, known: dict[str, dict[str, object]]) -> Iterator[RawRow]:
    """The rows, each with the facts that the rows of other files in its folder come to; `known` keeps these between two readings.

    A row that nothing is said of has an empty list, or no number: nobody says that there is none. Rows that cannot be used, and those that
    name no row, are told of when the rows are over: as rows with a fault, by the name of their file.
    """
    mapping: TableMapping = source.mapping
    for gathering in mapping.gathered:
        if gathering.fact not in known:
            known[gathering.fact] = _gathered(gathering, source.file.parent)
    id = dict(mapping.columns).get(words.id, ColumnMapping(words.id)).column
    labels = [label for label, fact in words.labels.items() if fact == words.id]
    for row in raw:
        own = next((value for name in (id, *labels) if not is_missing(value := row.values.get(name))), None)
        found = {fact: rows[str(own).strip()] for fact, rows in known.items() if own is not None and str(own).strip() in rows}
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


def _gathered(gathering: GatheredFact, folder: Path) -> dict[str, object]:
    """What the rows of a file come to, by the id that they name; a BadCell where one of them cannot be used."""
    source = rows_added(gathering, folder)
    rows: dict[str, list[tuple[Any, int, object]]] = {}
    bad: dict[str, object] = {}
    for row in source.raw():
        id, value = row.values.get(gathering.id), row.values.get(gathering.column or gathering.id)
        if is_missing(id) or isinstance(id, BadCell) or (is_missing(value) and row.fault is None):
            continue
        name = str(id).strip()
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
    return {name: _together(gathering, sorted(listed, key=lambda each: each[:2])) for name, listed in rows.items()} | bad


def _order(value: object) -> Decimal:
    return Decimal(0) if is_missing(value) else read_decimal(value)


def _together(gathering: GatheredFact, rows: list[tuple[Any, int, object]]) -> object:
    values = [value for _, _, value in rows]
    if gathering.how == "count":
        return len(values)
    if gathering.how == "sum":
        return total(value for value in values if isinstance(value, Decimal))
    return list(dict.fromkeys(str(value).strip() for value in values))

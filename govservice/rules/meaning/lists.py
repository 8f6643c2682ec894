"""Tables of records that a book looks into as lists: what stands in them by its id, and what cannot be said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from govservice.errors import RecordError, Words, did_you_mean
from govservice.reading import is_long_number, why_spoilt
from govservice.reading.frames import is_table, no_mapping, no_rows, rows_of
from govservice.rules.book.sight import id_column
from govservice.rules.language.facts import by_id, unsaid, with_none, written
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.subjects import Subject, Surroundings

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.evaluation import Scope

__all__ = ["Listing", "Lists", "looked_into", "refuse_others"]


@dataclass(frozen=True)
class Listing:
    """The rows of one list by what names them; `needs` is what leaves open whether others stand in it too, `lost` names those of which a
    row cannot be used.
    """

    rows: Mapping[str, tuple[Scope, ...]]
    needs: frozenset[str] = frozenset()
    lost: Mapping[str, str] = field(default_factory=dict)
    intact: Callable[[], bool] = field(default=lambda: False, compare=False)

    def naming(self, texts: Iterable[str]) -> tuple[Scope, ...]:
        """The rows of these names. Raises RecordError for one that a spreadsheet has spoilt: it may be like another and be different."""
        for text in texts:
            if (spoilt := why_spoilt(text, self.intact)) is not None:
                raise RecordError(spoilt[0], hint=spoilt[1])
        return tuple(row for text in texts for row in self.rows.get(text, ()))

    def doubt(self, texts: Iterable[str]) -> Unknown | None:
        """What leaves open whether one of these names stands in it."""
        needs = self.needs.union(self.lost[text] for text in texts if text in self.lost)
        return Unknown(needs) if needs else None


class ListedRow(Subject):
    """One row of a list; what it lacks is named with it."""

    __slots__ = ("number",)

    def __init__(self, contents: Contents, table: str, facts: Mapping[str, Any], surroundings: Surroundings, number: int) -> None:
        super().__init__(contents, table, facts, surroundings)
        self.number = number

    def called(self, name: Name) -> str:
        """A fact of the row with its number."""
        return f"{self.table}:{self.number}.{name.id}" if name.home in ("column", "outcome") else name.id


class Lists:
    """The lists that a call was given, each read once; rows that were set aside before leave open what they may have named.

    `lost` are, by table, the ids of rows that cannot be used: None where one names nothing that can be read.
    """

    def __init__(
        self, contents: Contents, tables: Mapping[str, list[Mapping[str, Any]]], lost: Mapping[str, Iterable[str | None]] | None = None
    ) -> None:
        self.contents = contents
        self.tables = dict(tables)
        self.lost = {table: tuple(ids) for table, ids in (lost or {}).items()}
        self._read: dict[str, _Read] = {}

    def __call__(self, subject: Subject, table: str) -> Listing | Unknown:
        """A list as a subject looks into it; unknown where it was not supplied."""
        if table not in self.tables:
            return Unknown(frozenset((table,)))
        read = self._read.get(table)
        if read is None:
            read = self._read[table] = self._rows_by_id(table)
        around = replace(subject.surroundings, clocks=None, rows=None, said=subject.said)
        scopes = _Scopes(self.contents, table, around, read.rows)
        return Listing(scopes, read.needs, {id: table for id in self.lost.get(table, ()) if id is not None}, partial(any, read.long))

    def _rows_by_id(self, table: str) -> _Read:
        column = id_column(self.contents.tables[table]) or table
        labels, words = self.contents.sight(table)[1], self.contents.words_for_none(table)
        named = [with_none(by_id(row, labels, f"{table}:{number}"), words) for number, row in enumerate(self.tables[table], 1)]
        long = tuple(is_long_number(facts.get(column)) for facts in named)
        rows: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        needs = {table for id in self.lost.get(table, ()) if id is None}
        for number, facts in enumerate(named, 1):
            if unsaid(facts.get(column)):
                needs.add(f"{table}:{number}.{column}")
                continue
            if (spoilt := why_spoilt(facts[column], partial(any, long))) is not None:
                raise RecordError(spoilt[0], hint=spoilt[1], id=f"{table}:{number}.{column}")
            rows.setdefault(written(facts[column]).strip(), []).append((number, facts))
        return _Read({id: tuple(found) for id, found in rows.items()}, frozenset(needs), long)


@dataclass(frozen=True)
class _Read:
    rows: Mapping[str, tuple[tuple[int, Mapping[str, Any]], ...]]
    needs: frozenset[str]
    long: tuple[bool, ...]


class _Scopes(dict[str, "tuple[Scope, ...]"]):
    """The rows of each name as an expression sees them, made when they are asked for."""

    def __init__(
        self, contents: Contents, table: str, around: Surroundings, rows: Mapping[str, tuple[tuple[int, Mapping[str, Any]], ...]]
    ) -> None:
        super().__init__()
        self.made = partial(ListedRow, contents, table)
        self.around = around
        self.given = rows

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self.given:
            return default
        if name not in self:
            self[name] = tuple(self.made(facts, self.around, number) for number, facts in self.given[name])
        return self[name]


def _rows(name: str, given: Any) -> list[Mapping[str, Any]]:
    if not is_table(given):
        raise no_rows(name, given)
    rows = [row.facts() if hasattr(row, "facts") else row for row in rows_of(given) or ()]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise no_mapping(name, number, row)
    return rows


def looked_into(contents: Contents, records: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], Lists]:
    """The tables of records that are no list of the book's, and its lists; a table that is both is in both.

    >>> from govservice import load_rulebook
    >>> others, lists = looked_into(load_rulebook("standard").contents, {"pauses": []})
    >>> list(others), list(lists.tables)
    (['pauses'], [])
    """
    others: dict[str, Any] = {}
    listed: dict[str, list[Mapping[str, Any]]] = {}
    for name, given in (records or {}).items():
        table = contents.labels.get(name, name)
        if table not in contents.list_tables:
            others[name] = given
            continue
        listed[table] = _rows(table, given)
        if "cases" in contents.chains.get(table, ()):
            others[name] = listed[table]
    return others, Lists(contents, listed)


def refuse_others(others: Mapping[str, Any], contents: Contents) -> None:
    """Raise RecordError for tables that nothing looks into as a list."""
    for name in others:
        hint = did_you_mean(
            name,
            contents.list_tables,
            Words(
                "in_list looks into a table; grade and case_outcomes count rows", "清单由 in_list 查；统计各行的用 grade 或 case_outcomes"
            ),
        )
        raise RecordError(
            Words(f"no decision of {contents.id} looks into {name}", f"{contents.id} 没有哪个决定要查“{name}”"), hint=hint, id=str(name)
        )

"""Rows of a book's tables that refer to one another, and the standard models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.rules.book.reading_rules import turned_on_in
from govservice.rules.language.values import Value
from govservice.rules.rulebook import AnyBook, book_of
from govservice.strategies.days import ready
from govservice.strategies.drawing import Drawer, check_probability

if TYPE_CHECKING:
    from govservice.models import Application, Case, Item, Record
    from govservice.rules import Rulebook
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Column

__all__ = ["applications", "cases", "items", "records_for"]

Row = dict[str, Any]
Near = Mapping[str, set[Value]]
Model = TypeVar("Model", bound="Record")
USUAL = ("application", "item", "cases")


def records_for(
    book: AnyBook, *, tables: Iterable[str] | None = None, max_size: int = 5, missing: float = 0.2, none: float | None = None
) -> st.SearchStrategy[dict[str, list[Row]]]:
    """Records of a book's tables: a mapping from table to at most `max_size` rows, each a mapping of facts.

    `tables` are, unless said, applications, items and cases, as far as the book has them. Every row has its own number in its table's
    column (`case` of `cases`), and names a row of each table it is `of` where that table is drawn and has rows. Days and moments of a
    row follow one another in the order the book declares them (`due_on` aside). Numbers lie near what the book's rules, clocks and
    schemes compare them with; `pauses` are of kinds that pause a clock, `extensions` of clocks that may be extended, about the whole case.
    What the book itself decides about a row is left to it; other facts are missing with the probability `missing`, or NONE with the
    probability `none` (unless said one in ten of those whose columns have words for it). Rows of `events` have a kind, with the facts of
    that kind. InvalidArgument for a table that the book does not have.

    >>> from hypothesis import find
    >>> from govservice import load_rulebook
    >>> drawn = find(records_for(load_rulebook("kunshan"), tables=["cases", "item"]), lambda records: all(records.values()))
    >>> {row["item"] for row in drawn["cases"]} <= {row["item"] for row in drawn["item"]}
    True
    """
    check_probability("missing", missing)
    if none is not None:
        check_probability("none", none)
    if max_size < 0:
        raise InvalidArgument(f"max_size={max_size} is less than 0")
    book = book_of(book)
    contents = book.contents
    chosen = _tables(book, tables)
    near = turned_on_in(contents)

    @st.composite
    def records(draw: st.DrawFn) -> dict[str, list[Row]]:
        ready()
        drawn: dict[str, list[Row]] = {}
        for table in chosen:
            count = draw(st.integers(0, max_size))
            drawn[table] = [_row(Drawer(draw, missing, none), contents, table, near, n, drawn) for n in range(1, count + 1)]
        return drawn

    return records()


def _tables(book: Rulebook, tables: Iterable[str] | None) -> list[str]:
    """The tables asked for, those that others belong to first."""
    known = book.contents.tables
    wanted = [table for table in USUAL if table in known] if tables is None else list(tables)
    if isinstance(tables, str):
        raise InvalidArgument(f"tables is a list, not {tables!r}: write tables=[{tables!r}]")
    for table in wanted:
        if table not in known:
            raise InvalidArgument(f"{book.id} has no table {table!r}; it has: {', '.join(known)}")
    return sorted(dict.fromkeys(wanted), key=lambda table: len(book.contents.chains.get(table, ())))


def _row(drawer: Drawer, contents: Contents, table: str, near: Near, number: int, drawn: Mapping[str, list[Row]]) -> Row:
    columns = dict(contents.tables[table].columns)
    row = _links(drawer, contents, table, columns, drawn)
    if (key := _key(contents, table)) is not None:
        row = {key: f"{key}-{number}", **row}
    if table == "events":
        kind = drawer.draw(st.sampled_from(list(contents.events)))
        row["kind"] = kind
        columns = {**{name: column for name, column in columns.items() if name in ("on", *row)}, **contents.events[kind].has}
    decided = {name for home in contents.chains.get(table, (table,)) for name in contents.granting.get(home, {})}
    left = {
        name: column.type for name, column in columns.items() if name not in row and name not in decided and not _names_a_row(table, name)
    }
    return row | drawer.facts(left, near)


def _names_a_row(table: str, name: str) -> bool:
    """Whether a fact says which row a pause or an extension is about, where it is not about the whole case."""
    return table in ("pauses", "extensions") and name in ("table", "row")


def _key(contents: Contents, table: str) -> str | None:
    """The column that numbers a table's rows: its own name, or that in the singular."""
    return next((name for name in (table, table.removesuffix("s")) if name in contents.tables[table].columns), None)


def _links(drawer: Drawer, contents: Contents, table: str, columns: Mapping[str, Column], drawn: Mapping[str, list[Row]]) -> Row:
    links: Row = {}
    for parent in contents.tables[table].of:
        key = _key(contents, parent) if parent in contents.tables else None
        if key is not None and key in columns and drawn.get(parent):
            links[key] = drawer.draw(st.sampled_from([row[key] for row in drawn[parent]]))
    return links


# The standard models ---------------------------------------------------------------------------------------------------------------


def applications(*, missing: float = 0.2) -> st.SearchStrategy[Application]:
    """`govservice.models.Application`s with the standard facts, each missing with the probability `missing`.

    >>> from hypothesis import find
    >>> find(applications(), lambda one: True).application
    'application-1'
    """
    from govservice.models import Application

    return _models(Application, "application", missing)


def items(*, missing: float = 0.2) -> st.SearchStrategy[Item]:
    """`govservice.models.Item`s with the standard facts, without materials and stages; each fact missing with the probability `missing`.

    >>> from hypothesis import find
    >>> find(items(), lambda one: True).item
    'item-1'
    """
    from govservice.models import Item

    return _models(Item, "item", missing)


def cases(*, missing: float = 0.2) -> st.SearchStrategy[Case]:
    """`govservice.models.Case`s whose days follow one another, each fact missing with the probability `missing`.

    >>> from hypothesis import find
    >>> find(cases(), lambda one: True).warnings()  # its dates follow one another
    ()
    """
    from govservice.models import Case

    return _models(Case, "cases", missing)


def _models(model: type[Model], table: str, missing: float) -> st.SearchStrategy[Model]:
    check_probability("missing", missing)
    nested = set(model.nested)

    @st.composite
    def records(draw: st.DrawFn) -> Model:
        ready()
        contents = _standard()
        row = _row(Drawer(draw, missing), contents, table, {}, 1, {})
        return model.read({name: value for name, value in row.items() if name in model.model_fields and name not in nested})

    return records()


@cache
def _standard() -> Contents:
    from govservice.rules import load_rulebook

    return load_rulebook("standard").contents

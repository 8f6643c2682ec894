"""The tables as they were handed over: gone through more than once, row by row, and the days that their cases speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from govservice.clockwork.main_clock import CLOSED
from govservice.errors import GovServiceError
from govservice.reading import as_day
from govservice.reading.common import own_facts
from govservice.reading.frames import rows_of

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["again", "owners_only", "plain_rows", "span", "tables_called"]

CASES: Final = "cases"


def again(rows: Any) -> Any:
    """A table that can be gone through more than once: an iterator is held."""
    return list(rows) if isinstance(rows, Iterator) else rows


def plain_rows(rows: Any) -> Iterator[Mapping[str, Any]]:
    """The rows of a list or a frame, as mappings."""
    return (row if isinstance(row, Mapping) else own_facts(row) for row in rows_of(rows) or ())


def tables_called(tables: Mapping[str, Any], contents: Contents, table: str) -> Iterator[Any]:
    """The tables that are given under the id or the label of one of the book."""
    return (rows for name, rows in tables.items() if contents.labels.get(name, name) == table)


def owners_only(tables: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """The tables with each large frame cut down to whom its rows belong to, and to those that name somebody for the first time.

    Enough for what reads no other rows: who there is. A frame whose rows may not all be readable stays as it is.
    """
    dated = {name for table in contents.tables.values() if table.dated_by is not None for name in (table.dated_by,)}
    kept = {*contents.keys, "kind", "from", "until", "period"}
    done: dict[str, Any] = {}
    for name, rows in tables.items():
        table = contents.labels.get(name, name)
        shape = contents.tables.get(table)
        labels = contents.sight(table)[1] if shape is not None else {}
        ids = {column: labels.get(column, column) for column in getattr(rows, "columns", ())} if hasattr(rows, "iter_rows") else {}
        plain = all(str(rows[column].dtype) in ("Date", "Null") for column, id in ids.items() if id in dated) if ids else False
        several = shape is not None and (table == CASES or shape.stands_for == "events")
        columns = [column for column, id in ids.items() if id in kept - {CASES, "case"}]
        done[name] = _first_of_each(rows.select(columns)) if several and plain and columns else rows
    return done


def _first_of_each(rows: Any) -> Any:
    """The rows of a frame in which some column has a value for the first time, in their order."""
    return rows[sorted({place for name in rows.columns for place in rows[name].arg_unique().to_list()})]


def span(tables: Mapping[str, Any], contents: Contents) -> tuple[date | None, date | None]:
    """The first and the last day by which a case is dated, or on which one was finished; None where none gives a day.

    >>> from govservice import load_rulebook
    >>> rows = [{"case": "C1", "received_on": "2026-03-02", "closed_on": "2026-03-06"}, {"case": "C2", "收件日": "2026-03-04"}]
    >>> span({"cases": rows}, load_rulebook("kunshan").contents)
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 6))
    """
    asked = {contents.tables[CASES].dated_by, CLOSED} if CASES in contents.tables else {CLOSED}
    labels = contents.sight(CASES)[1]
    names = {*asked, *(label for label, id in labels.items() if id in asked)} - {None}
    first: date | None = None
    last: date | None = None
    for rows in tables_called(tables, contents, CASES):
        for value in _values(rows, names):
            day = _day(value)
            if day is not None:
                first, last = min(first or day, day), max(last or day, day)
    return first, last


def _values(rows: Any, names: Iterable[str | None]) -> Iterator[object]:
    """What stands in these columns; of a frame, each value once."""
    if hasattr(rows, "iter_rows"):
        yield from (value for name in names if name in rows.columns for value in rows[name].unique())
        return
    seen: set[object] = set()
    for row in plain_rows(rows):
        for name in names:
            value = row.get(name) if name is not None else None
            if isinstance(value, (str, date)) and value not in seen:
                seen.add(value)
                yield value


def _day(value: object) -> date | None:
    try:
        day: object = as_day(value)
    except GovServiceError:
        return None
    return day.date() if isinstance(day, datetime) else day if isinstance(day, date) else None

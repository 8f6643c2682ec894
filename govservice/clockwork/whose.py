"""Whose a row of `pauses` or `extensions` is: of a case and all that belongs to it, or of the one row that `table` and `row` name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from govservice.clockwork.history import Extended, History, Paused, fact_of_row
from govservice.echo import shown
from govservice.errors import Words, closest, perhaps_meant
from govservice.rules.language.facts import unsaid, written

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["CASES", "homeless", "id_of_row", "known_rows", "of_row", "table_named"]

CASES: Final = "cases"
_Row = TypeVar("_Row", Paused, Extended)


def id_of_row(table: str, facts: Mapping[str, Any], number: int) -> str:
    """What a row is called: by the column of its table's name (with or without the s), else by its number in the table.

    >>> id_of_row("stages", {"stage": "审查"}, 2), id_of_row("stages", {"begun_on": "2026-03-02"}, 2)
    ('审查', '2')
    """
    named = next((facts[name] for name in (table, table.removesuffix("s")) if not unsaid(facts.get(name))), number)
    return written(named)


def of_row(history: History, contents: Contents, table: str, facts: Mapping[str, Any], number: int, *, several: bool) -> History:
    """What of a history concerns one row of a table. `several` says whether the case, or the call, has more rows of it.

    What names no row is of the whole case, but for an extension of a clock that runs on several of its rows: it is open which is meant.
    """
    rows: tuple[Paused | Extended, ...] = (*history.pauses, *history.extensions)
    if not several and not any(one.table or one.row for one in rows):
        return history
    id = id_of_row(table, facts, number)
    beside = several and table != CASES and CASES not in contents.chains.get(table, ())
    pauses = [_doubted(one, "pauses") if beside and not one.row else one for one in history.pauses if _is_of(one, contents, table, id)]
    kept = [one for one in history.extensions if _is_of(one, contents, table, id)]
    asked = [_doubted(one, "extensions") if several and not one.row and _runs_on(one, contents, table) else one for one in kept]
    return replace(history, pauses=tuple(pauses), extensions=tuple(asked))


def _is_of(one: Paused | Extended, contents: Contents, table: str, id: str) -> bool:
    named = table_named(one.table, contents) if one.table else None
    return (named is None or named == table) and (one.row is None or (one.row == id and (named is not None or table != CASES)))


def table_named(name: str, contents: Contents) -> str:
    """The id of a table given by id or label; another name as it is."""
    return name if name in contents.tables else contents.labels.get(name, name)


def _runs_on(one: Extended, contents: Contents, table: str) -> bool:
    """Whether an extension is of a clock that runs on rows of the table itself."""
    clocks = (clock for clock in contents.clocks.values() if clock.extension is not None and one.clock in (None, clock.id, clock.label))
    return any(clock.about == table for clock in clocks)


def _doubted(one: _Row, table: str) -> _Row:
    return one._replace(doubt=one.doubt | {fact_of_row(table, one.number, "row")})


def known_rows(case: Mapping[str, Any], history: History) -> dict[str, set[str]]:
    """What the rows of a case and its tables are called."""
    known = {
        table: {id_of_row(table, facts, number) for number, facts in enumerate(rows, 1)} for table, rows in (history.rows or {}).items()
    }
    return known | {CASES: {id_of_row(CASES, case, 1)}}


def homeless(history: History, contents: Contents, known: Callable[[], Mapping[str, Collection[str]]]) -> History:
    """The history with a note of every row that names a table or row which is not there; what it may have meant is open."""
    naming = [(table, one) for table, rows in _given(history) for one in rows if one.table is not None or one.row is not None]
    called = known() if naming else {}
    notes: list[Words] = []
    doubted: set[str] = set()
    for table, one in naming:
        lost = _lost(one, contents, called)
        if lost is not None:
            notes.append(Words(f"row {one.number} of {table} {lost.en}", f"{contents.rows_in_chinese(table, one.number)}{lost.zh}"))
            doubted.add(table)
    if not notes:
        return history
    return replace(history, notes=(*history.notes, *notes), doubted=history.doubted | doubted)


def _given(history: History) -> Iterable[tuple[str, tuple[Paused | Extended, ...]]]:
    return (("pauses", history.pauses), ("extensions", history.extensions))


def _lost(one: Paused | Extended, contents: Contents, known: Mapping[str, Collection[str]]) -> Words | None:
    table = table_named(one.table, contents) if one.table else None
    if table is not None and table not in contents.tables:
        close = closest(table, contents.tables)
        hint = perhaps_meant(close)
        return Words(
            f"names a table {shown(one.table)}, which the rulebook does not have{hint.en}", f"写的表“{one.table}”规则册没有{hint.zh}"
        )
    ids = known.get(table, ()) if table is not None else [id for each in known.values() for id in each]
    if one.row is None or one.row in ids:
        return None
    where = Words(f" of {table}", contents.in_chinese(table)) if table is not None else Words("", "")
    return Words(f"names the row {shown(one.row)}{where.en}, which is not there", f"写的{where.zh}行“{one.row}”不在记录里")

"""What happened to a case on the way: its pauses and extensions read from rows, those that move a clock and those that do not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from govservice.counting.asked import When, day_of
from govservice.errors import RecordError, Words
from govservice.limits import TimeLimit
from govservice.reading import read_boolean, read_date, read_limit, read_moment, read_text, shown
from govservice.rules.book.contents import Contents
from govservice.rules.language.facts import absent

__all__ = ["NO_HISTORY", "Extended", "History", "Paused", "read_history"]


class Paused(NamedTuple):
    """One row of `pauses`: its kind, first and last day or moment (None: not ended), and whether the applicant was told in writing."""

    kind: str | None
    first: When
    last: When | None
    told: bool | None


class Extended(NamedTuple):
    """One row of `extensions`: its clock (None: any), when asked, whether granted, by whom, how long (None: as the book says)."""

    clock: str | None
    asked: When | None
    granted: bool | None
    by: str | None
    limit: TimeLimit | None


@dataclass(frozen=True, slots=True)
class History:
    """The rows of one case beside its own facts: `pauses` and `extensions` in order, and other tables as given (`stages`)."""

    pauses: tuple[Paused, ...] = ()
    extensions: tuple[Extended, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] | None = None


NO_HISTORY = History()


def read_history(case: Mapping[str, Any], records: Mapping[str, Iterable[Mapping[str, Any]]] | None, contents: Contents) -> History:
    """The history of a case from tables of records, or from lists within the case itself (`pauses`, `extensions`, `stages`).

    A row belongs to the case whose `case` it names, or to the only one asked about where either says none. Raises RecordError.
    """
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for name in contents.tables:
        within = () if contents.column("cases", name) is not None else _listed(case.get(name), name)  # its item, its window: an id
        given = [*within, *_listed((records or {}).get(name), name)]
        if given:
            labels = contents.sight(name)[1]
            tables[name] = [_named(row, labels) for row in given]
    own = case.get("case", case.get("办件编号"))
    kept = {
        name: tuple(row for row in rows if absent(row.get("case")) or absent(own) or str(row["case"]) == str(own))
        for name, rows in tables.items()
    }
    for name, rows in kept.items():
        if absent(own) and len({str(row["case"]) for row in rows if not absent(row.get("case"))}) > 1:
            raise RecordError(
                Words(f"{name} has rows of several cases, and the case has no number", f"{name} 里有多个办件的记录，而此办件没有编号"),
                hint=Words("give the case its `case`", "请给出办件编号"),
                id=name,
            )
    pauses = sorted((_pause(row) for row in kept.pop("pauses", ())), key=lambda pause: (day_of(pause.first), pause.first.isoformat()))
    asked = [_extension(row) for row in kept.pop("extensions", ())]
    asked.sort(key=lambda extension: (extension.asked is None, day_of(extension.asked) if extension.asked else date.min))
    return History(tuple(pauses), tuple(asked), kept)


def _listed(rows: object, name: str) -> Sequence[Mapping[str, Any]]:
    if rows is None or isinstance(rows, str):
        return ()
    if hasattr(rows, "to_dicts"):
        rows = rows.to_dicts()
    if not isinstance(rows, Iterable) or isinstance(rows, Mapping):
        raise RecordError(
            Words(f"{name} must be a list of rows, not {shown(rows)}", f"{name} 应为记录的列表，不能是 {shown(rows)}"), id=name
        )
    listed = [row.facts() if hasattr(row, "facts") else row for row in rows]
    for number, row in enumerate(listed, 1):
        if not isinstance(row, Mapping):
            what = Words(f"row {number} of {name} is no mapping: {shown(row)}", f"{name} 第 {number} 行不是键值：{shown(row)}")
            raise RecordError(what, id=f"{name}:{number}")
    return listed


def _named(row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    return {labels.get(key, key): value for key, value in row.items()}


def _pause(row: Mapping[str, Any]) -> Paused:
    first = _when(row, "from", "pauses")
    if first is None:
        raise RecordError(
            Words("a pause without its first day", "中止没有起日"), hint=Words("give `from`", "请给出中止起日"), id="pauses.from"
        )
    last = _when(row, "to", "pauses")
    if last is not None and day_of(last) < day_of(first):
        what = Words(
            f"a pause ends on {day_of(last)}, before it begins on {day_of(first)}", f"中止止日 {day_of(last)} 早于起日 {day_of(first)}"
        )
        raise RecordError(what, id="pauses.to")
    return Paused(_read(row, "kind", read_text, "pauses"), first, last, _read(row, "told", read_boolean, "pauses"))


def _extension(row: Mapping[str, Any]) -> Extended:
    return Extended(
        clock=_read(row, "clock", read_text, "extensions"),
        asked=_when(row, "asked_on", "extensions"),
        granted=_read(row, "granted", read_boolean, "extensions"),
        by=_read(row, "by", read_text, "extensions"),
        limit=_read(row, "limit", read_limit, "extensions"),
    )


def _read(row: Mapping[str, Any], name: str, reader: Any, table: str) -> Any:
    if absent(row.get(name)):
        return None
    try:
        return reader(row[name])
    except RecordError as error:
        raise RecordError(error.what, why=error.why, hint=error.hint, id=f"{table}.{name}") from None


def _when(row: Mapping[str, Any], name: str, table: str) -> When | None:
    """A day, or a moment where a time is written."""
    raw = row.get(name)
    clock_time = isinstance(raw, datetime) or (isinstance(raw, str) and ":" in raw.replace("：", ":"))
    when: When | None = _read(row, name, partial(read_moment, zone=None) if clock_time else read_date, table)
    return when

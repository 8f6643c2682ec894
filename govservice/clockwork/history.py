"""What happened to a case on the way: its pauses and extensions read from rows, those that move a clock and those that do not, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from govservice.counting.asked import When, day_of
from govservice.errors import RecordError, Words, closest
from govservice.limits import TimeLimit
from govservice.reading import read_boolean, read_date, read_limit, read_moment, read_text, shown
from govservice.rules.book.contents import Contents
from govservice.rules.language.facts import absent, unsaid

__all__ = [
    "MOVING",
    "NO_HISTORY",
    "Extended",
    "History",
    "Numbered",
    "Paused",
    "fact_of_row",
    "idle",
    "read_history",
    "unheard",
    "unknown_name",
    "without_rows",
]

MOVING = ("pauses", "extensions")
_SPEAKING = ("case", "clock", "asked_on", "limit")  # facts whose absence says something; other absent ones are open by themselves


class Numbered(NamedTuple):
    """A row with its number in the table as given, for callers that hand over only those of one case."""

    number: int
    row: Mapping[str, Any]


class Paused(NamedTuple):
    """One row of `pauses`: its kind, first and last day or moment (None: not ended), and whether the applicant was told in writing.

    `number` is its place in the table as given, from 1; `doubt` names what would say whether it concerns the case at all.
    """

    kind: str | None
    first: When
    last: When | None
    told: bool | None
    number: int = 1
    doubt: frozenset[str] = frozenset()


class Extended(NamedTuple):
    """One row of `extensions`: its clock (None: not said), when asked, whether granted, by whom, how long (None: as the book says).

    `number` is its place in the table as given, from 1; `doubt` names what would say whether it concerns the case at all, or for how long.
    """

    clock: str | None
    asked: When | None
    granted: bool | None
    by: str | None
    limit: TimeLimit | None
    number: int = 1
    doubt: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """The rows of one case beside its own facts: `pauses` and `extensions` in order, and other tables as given (`stages`).

    `notes` say which tables, rows and keys were not understood; `doubted` are the tables that one of them may have meant.
    """

    pauses: tuple[Paused, ...] = ()
    extensions: tuple[Extended, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] | None = None
    notes: tuple[Words, ...] = ()
    doubted: frozenset[str] = frozenset()


NO_HISTORY = History()


class _Given(NamedTuple):
    """One row as given: its number, its facts by id, and what would say whether it concerns the case."""

    number: int
    facts: Mapping[str, Any]
    doubt: frozenset[str] = frozenset()


def fact_of_row(table: str, number: int, fact: str) -> str:
    """What a fact of a row is called where it is waited for.

    >>> fact_of_row("pauses", 2, "told")
    'pauses:2.told'
    """
    return f"{table}:{number}.{fact}"


def read_history(
    case: Mapping[str, Any], records: Mapping[str, Iterable[Mapping[str, Any] | Numbered]] | None, contents: Contents
) -> History:
    """The history of a case from tables of records, or from lists within the case itself (`pauses`, `extensions`, `stages`).

    A row belongs to the case whose `case` it names, or to the only one asked about where either says none; where rows of other cases stand
    beside it, it is open whose it is. Raises RecordError.
    """
    notes: list[Words] = []
    tables = _tables(records or {}, contents, notes)
    elsewhere = {name for name in records or {} if name not in contents.labels} | {name for name in case if _is_rows(case[name])}
    doubted = {closest(name, contents.tables) for name in elsewhere if name not in contents.tables} & {*MOVING}
    own = next((written for name in ("case", *_labels_of("case", contents)) if (written := _id(case.get(name))) is not None), None)
    kept: dict[str, list[_Given]] = {}
    for name in contents.tables:
        within = _within(case.get(name), name, contents)
        rows = [*_read_rows(within, name, contents, notes), *_of_case(tables.get(name, ()), name, own, contents, notes)]
        if rows:
            kept[name] = rows
    pauses = sorted((_pause(row) for row in kept.pop("pauses", ())), key=lambda pause: (day_of(pause.first), pause.first.isoformat()))
    asked = [_extension(row) for row in kept.pop("extensions", ())]
    asked.sort(key=_asked_at)
    other = {name: tuple(row.facts for row in rows) for name, rows in kept.items()}
    return History(tuple(pauses), tuple(asked), other, tuple(notes), frozenset(name for name in doubted if name))


def _asked_at(extension: Extended) -> tuple[bool, date, str]:
    """The order in which extensions were asked; those of which it is not known come last."""
    asked = extension.asked
    return asked is None, day_of(asked) if asked is not None else date.min, asked.isoformat() if asked is not None else ""


def _tables(records: Mapping[str, Any], contents: Contents, notes: list[Words]) -> dict[str, Any]:
    """The tables by id; one that the book does not have is noted."""
    tables: dict[str, Any] = {}
    for name, rows in records.items():
        id = name if name in contents.tables else contents.labels.get(name, name)
        if id in contents.tables:
            tables[id] = rows
        elif id not in contents.events and id not in contents.schemes and _listed(rows, name):
            notes.append(unknown_name("table", "表", name, contents.tables))
    return tables


def unknown_name(what: str, zh: str, name: object, known: Collection[str]) -> Words:
    """That the book has nothing of that name, with the closest it has."""
    close = closest(str(name), known)
    hint = Words(f"; did you mean {close}?", f"；是不是“{close}”？") if close else Words("", "")
    return Words(f"the rulebook has no {what} {name!r}{hint.en}", f"规则册没有{zh}“{name}”{hint.zh}")


def _labels_of(name: str, contents: Contents) -> list[str]:
    return [label for label, id in contents.sight("cases")[1].items() if id == name]


def _id(value: object) -> str | None:
    return None if absent(value) else str(value).strip()


def _within(rows: object, name: str, contents: Contents) -> Sequence[Numbered]:
    """The rows that the case itself lists; where a fact of that name is in its sight (its window), only what is a list of rows is one."""
    if contents.column("cases", name) is not None and not _is_rows(rows):
        return ()
    return _listed(rows, name)


def unheard(history: History, contents: Contents) -> tuple[Words, ...]:
    """The rows that concern no clock of the book, for a clock that is not counted and so says nothing of them itself."""
    kinds = {kind for clock in contents.clocks.values() for kind in clock.pauses}
    extendable = {name for clock in contents.clocks.values() if clock.extension for name in (clock.id, clock.label)}
    notes = [
        Words(
            f"the pause of {day_of(pause.first)} ({pause.kind}) stops no clock",
            f"{day_of(pause.first)}的中止（{pause.kind}）不停止任何时限",
        )
        for pause in history.pauses
        if pause.kind is not None and pause.kind not in kinds
    ]
    notes += [
        Words(
            f"row {extension.number} of extensions: no clock {extension.clock!r} is extended by the rulebook",
            f"extensions 第 {extension.number} 行：规则册没有可延长的时限“{extension.clock}”",
        )
        for extension in history.extensions
        if extension.clock is not None and extension.clock not in extendable
    ]
    return tuple(notes)


def idle(history: History, contents: Contents, running: Collection[str | None]) -> tuple[Words, ...]:
    """Which extensions are of a clock that does not run, and so says nothing of them itself."""
    known = {name for clock in contents.clocks.values() for name in (clock.id, clock.label)}
    return tuple(
        Words(
            f"row {extension.number} of extensions: the clock {extension.clock!r} does not run on this case",
            f"extensions 第 {extension.number} 行：时限“{extension.clock}”不适用于此办件",
        )
        for extension in history.extensions
        if extension.clock is not None and extension.clock in known and extension.clock not in running
    )


def without_rows(facts: Mapping[str, Any], contents: Contents) -> Mapping[str, Any]:
    """The facts of a case, without the lists of rows that its history is read from."""
    listed = [name for name in facts if name in contents.tables and _is_rows(facts[name])]
    return {name: value for name, value in facts.items() if name not in listed} if listed else facts


def _is_rows(value: object) -> bool:
    if hasattr(value, "to_dicts"):
        return True
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) or hasattr(row, "facts") for row in value)


def _of_case(rows: Any, name: str, own: str | None, contents: Contents, notes: list[Words]) -> list[_Given]:
    """The rows of a table that are of this case, or may be."""
    given = _read_rows(_listed(rows, name), name, contents, notes)
    named = {case for row in given if (case := _id(row.facts.get("case"))) is not None}
    if own is None and len(named) > 1:
        raise RecordError(
            Words(f"{name} has rows of several cases, and the case has no number", f"{name} 里有多个办件的记录，而此办件没有编号"),
            hint=Words("give the case its `case`", "请给出办件编号"),
            id=name,
        )
    kept = []
    for row in given:
        case = _id(row.facts.get("case"))
        if case is None and own is not None and named - {own}:
            notes.append(
                Words(
                    f"row {row.number} of {name} names no case, and other cases have rows there",
                    f"{name} 第 {row.number} 行没有写明办件，而该表还有别的办件的记录",
                )
            )
            kept.append(row._replace(doubt=row.doubt | {fact_of_row(name, row.number, "case")}))
        elif case is None or own is None or case == own:
            kept.append(row)
    return kept


def _listed(rows: object, name: str) -> Sequence[Numbered]:
    if rows is None or isinstance(rows, str):
        return ()
    if hasattr(rows, "to_dicts"):
        rows = rows.to_dicts()
    if not isinstance(rows, Iterable) or isinstance(rows, Mapping):
        raise RecordError(
            Words(f"{name} must be a list of rows, not {shown(rows)}", f"{name} 应为记录的列表，不能是 {shown(rows)}"), id=name
        )
    listed = []
    for place, given in enumerate(rows, 1):
        number, row = given if isinstance(given, Numbered) else (place, given.facts() if hasattr(given, "facts") else given)
        if not isinstance(row, Mapping):
            what = Words(f"row {number} of {name} is no mapping: {shown(row)}", f"{name} 第 {number} 行不是键值：{shown(row)}")
            raise RecordError(what, id=f"{name}:{number}")
        listed.append(Numbered(number, row))
    return listed


def _read_rows(rows: Iterable[Numbered], name: str, contents: Contents, notes: list[Words]) -> list[_Given]:
    """The rows with their facts by id; a key that is no fact of theirs is noted, and leaves open what it may have said."""
    ids, labels = contents.sight(name)
    columns = contents.tables[name].columns
    given = []
    for number, row in rows:
        facts = {labels.get(key, key): value for key, value in row.items()}
        doubt: set[str] = set()
        for key in facts:
            if key in columns or (name not in MOVING and key in ids):
                continue
            told = unknown_name("fact", "事实", key, columns)
            notes.append(Words(f"row {number} of {name}: {told.en}", f"{name} 第 {number} 行：{told.zh}"))
            meant = closest(str(key), columns)
            if meant in _SPEAKING and absent(facts.get(meant)):
                doubt.add(fact_of_row(name, number, meant))
        given.append(_Given(number, facts, frozenset(doubt)))
    return given


def _pause(row: _Given) -> Paused:
    facts = row.facts
    first = _when(facts, "from", "pauses")
    if first is None:
        raise RecordError(
            Words("a pause without its first day", "中止没有起日"), hint=Words("give `from`", "请给出中止起日"), id="pauses.from"
        )
    last = _when(facts, "to", "pauses")
    if last is not None and day_of(last) < day_of(first):
        what = Words(
            f"a pause ends on {day_of(last)}, before it begins on {day_of(first)}", f"中止止日 {day_of(last)} 早于起日 {day_of(first)}"
        )
        raise RecordError(what, id="pauses.to")
    told = _read(facts, "told", read_boolean, "pauses")
    return Paused(_read(facts, "kind", read_text, "pauses"), first, last, told, row.number, row.doubt)


def _extension(row: _Given) -> Extended:
    facts = row.facts
    return Extended(
        clock=_read(facts, "clock", read_text, "extensions"),
        asked=_when(facts, "asked_on", "extensions"),
        granted=_read(facts, "granted", read_boolean, "extensions"),
        by=_read(facts, "by", read_text, "extensions"),
        limit=_read(facts, "limit", read_limit, "extensions"),
        number=row.number,
        doubt=row.doubt,
    )


def _read(row: Mapping[str, Any], name: str, reader: Any, table: str) -> Any:
    if unsaid(row.get(name)):
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

"""Due days on each engine: by arrays in memory, by a join with the calendar's days in a database."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from govservice.errors import DeadlineError, Words
from govservice.framing.due_days import DueDays, due_lazy
from govservice.framing.engines import added_by, engine_of, polars, queried, typed_columns, typed_ibis
from govservice.framing.places import no_column
from govservice.framing.sql_facts import Held
from govservice.framing.sql_printer import Dialect, SqlPrinter, dialect_of
from govservice.limits import TimeLimit

__all__ = ["due_on"]

_EPOCH = date(1970, 1, 1).toordinal()


def due_on(frame: Any, asked: DueDays) -> Any:
    """Due days of every row, beside the columns of the table."""
    engine = engine_of(frame)
    if engine in ("polars", "lazy", "pandas", "pyarrow"):
        polars()
        _check(frame.collect_schema().names() if engine == "lazy" else frame.column_names if engine == "pyarrow" else frame.columns, asked)
        return added_by(frame, engine, asked.added, lambda lazy: due_lazy(lazy, asked))
    if engine == "ibis":
        backend, dialect, columns = typed_ibis(frame)
        _check(columns, asked)
        query = due_query(asked, columns, dialect_of(dialect), f"({backend.compile(frame)})")
        return queried(frame, backend, query, {asked.into: "date"})
    columns = typed_columns(frame, engine)
    _check(columns, asked)
    if engine == "duckdb":
        return frame.query("govservice_rows", due_query(asked, columns, dialect_of("duckdb"), "govservice_rows"))
    frame.createOrReplaceTempView("govservice_rows")
    return frame.sparkSession.sql(due_query(asked, columns, dialect_of("spark"), "govservice_rows"))


def _check(columns: Any, asked: DueDays) -> None:
    for name in asked.reads:
        if name not in list(columns):
            raise no_column(name, [column for column in columns if isinstance(column, str)])


def due_query(asked: DueDays, columns: Mapping[str, Held], dialect: Dialect, source: str) -> str:
    """One SELECT of every column and the due day: the start's place among the working days, then the day at the place of the due one."""
    printer = SqlPrinter(dialect)
    name = printer.name
    if asked.reason is not None:
        raise _no_form(Words("reason= asks row by row", "reason= 要逐行计算"))
    if asked.backward:
        raise _no_form(Words("a limit counted back", "倒算的时限"))
    start, count, days_on = _counted(asked, columns, printer)
    table = asked.workdays
    first = date.fromordinal(table.first + _EPOCH).isoformat()
    day = {"mysql": "datediff({0}, '{1}')", "postgres": "(({0}) - DATE '{1}')", "duckdb": "date_diff('day', DATE '{1}', {0})"}.get(
        dialect.name, "datediff({0}, DATE '{1}')"
    ).format(days_on or start, first)
    later = f"CASE WHEN {count} > 0 THEN 1 ELSE 0 END"
    if dialect.name == "mysql":
        return _by_texts(asked, columns, name, source, f"{day} + {later}", day, count)
    days, workdays = _lists(dialect.name, ", ".join(map(str, table.before.tolist())), ", ".join(map(str, table.days.tolist())))
    due = "date_add(DATE '1970-01-01', CAST(w.due AS int))" if dialect.name == "spark" else "DATE '1970-01-01' + CAST(w.due AS integer)"
    place = f"CASE WHEN {count} BETWEEN 1 AND 100000 THEN s.low + {count} - 1 WHEN {count} = 0 THEN s.low END"
    return (
        f"SELECT {_listed(asked, columns, name, due)}\nFROM {source} AS f\n"
        f"LEFT JOIN {days} AS s ON s.at = {day} + {later} AND {day} BETWEEN 0 AND {len(table.before) - 2}\n"
        f"LEFT JOIN {workdays} AS w ON w.place = {place}"
    )


def _listed(asked: DueDays, columns: Mapping[str, Held], name: Callable[[str], str], due: str) -> str:
    """Every column, and the due day in its place or behind them."""
    listed = [f"{due} AS {name(column)}" if column == asked.into else f"f.{name(column)}" for column in columns]
    return ", ".join(listed + ([] if asked.into in columns else [f"{due} AS {name(asked.into)}"]))


def _by_texts(asked: DueDays, columns: Mapping[str, Held], name: Callable[[str], str], source: str, at: str, day: str, count: str) -> str:
    """MariaDB and MySQL would go through the whole list for every row of a join: they look up places of one long text instead."""
    table = asked.workdays
    offsets = [number - table.first for number in table.days.tolist()]
    width = len(str(max(len(table.before), offsets[-1])))
    lists = ["".join(f"{number:0{width}}" for number in numbers) for numbers in (table.before.tolist(), offsets)]

    def looked_up(text: str, place: str) -> str:
        return f"CAST(substring(_latin1'{text}', {width} * ({place}) + 1, {width}) AS signed)"

    place = next(f"place{'_' * more}" for more in range(len(columns) + 1) if f"place{'_' * more}" not in columns)
    low = f"CASE WHEN {day} BETWEEN 0 AND {len(table.before) - 2} THEN {looked_up(lists[0], at)} END"
    further = f"CASE WHEN {count} BETWEEN 1 AND 100000 THEN CAST({count} AS signed) - 1 WHEN {count} = 0 THEN 0 END"
    found = f"f.{name(place)}"
    first = date.fromordinal(table.first + _EPOCH).isoformat()
    due = f"CASE WHEN {found} BETWEEN 0 AND {len(offsets) - 1} THEN adddate(DATE '{first}', {looked_up(lists[1], found)}) END"
    within = f"SELECT f.*, {low} + {further} AS {name(place)}\n  FROM {source} AS f"
    return f"SELECT {_listed(asked, columns, name, due)}\nFROM (\n  {within}\n) AS f"


def _lists(dialect: str, before: str, days: str) -> tuple[str, str]:
    """How many working days lie before each day, and which day each working day is, as two tables; a text is read sooner than a list."""
    match dialect:
        case "duckdb":
            return tuple(  # type: ignore[return-value]
                f"(SELECT unnest(range(len(l))) AS {at}, unnest(l) AS {of} FROM (SELECT CAST('[{listed}]' AS integer[]) AS l))"
                for at, of, listed in (("at", "low", before), ("place", "due", days))
            )
        case "postgres":
            return tuple(  # type: ignore[return-value]
                f"(SELECT n - 1 AS {at}, {of} FROM unnest(CAST('{{{listed}}}' AS integer[])) WITH ORDINALITY AS l({of}, n))"
                for at, of, listed in (("at", "low", before), ("place", "due", days))
            )
    return tuple(  # type: ignore[return-value]
        f"(SELECT {at}, CAST({of} AS int) AS {of} FROM (SELECT posexplode(split('{listed}', ', ')) AS ({at}, {of})))"
        for at, of, listed in (("at", "low", before), ("place", "due", days))
    )


def _counted(asked: DueDays, columns: Mapping[str, Held], printer: SqlPrinter) -> tuple[str, str, str | None]:
    """The start, the number of working days, and the day that they are counted from where that is another."""
    held = columns[asked.start]
    if held.kind not in ("date", "moment"):
        raise _no_form(Words(f"the column {asked.start} holds {held.kind}, not dates", f"{asked.start} 列是 {held.kind}，不是日期"))
    start = f"f.{printer.name(asked.start)}"
    start = f"CAST({start} AS date)" if held.kind == "moment" else start
    if isinstance(asked.limit, TimeLimit):
        whole = math.ceil(asked.limit.value)
        if asked.limit.unit == "workday":
            return start, str(whole), None
        if asked.limit.unit == "natural_day":
            on = {"spark": f"date_add({start}, {whole})", "mysql": f"adddate({start}, {whole})"}.get(
                printer.dialect.name, f"({start} + {whole})"
            )
            return start, "0", on
        raise _no_form(_UNITS[asked.limit.unit])
    if not isinstance(asked.limit, str) or columns[asked.limit].kind not in ("integer", "decimal", "real"):
        raise _no_form(Words("the limit is no column of working days", "时限不是工作日数的一列"))
    column = f"f.{printer.name(asked.limit)}"
    return start, column if columns[asked.limit].kind == "integer" else _whole(column, real=columns[asked.limit].kind == "real"), None


_UNITS: Final = {
    "hour": Words("a limit in hours", "以小时计的时限"),
    "minute": Words("a limit in minutes", "以分钟计的时限"),
    "month": Words("a limit in months", "以月计的时限"),
    "year": Words("a limit in years", "以年计的时限"),
    "same_day": Words("a limit of the same day", "当天的时限"),
    "on_the_spot": Words("a limit on the spot", "当场的时限"),
}


def _whole(column: str, *, real: bool) -> str:
    """A column of parts of days as whole days; nothing where a cell is no limit: below zero, too long, of more than six digits."""
    kept = f"floor({column} * 1000000 + 0.5) / 1000000" if real else f"round({column}, 6)"
    return f"CASE WHEN {column} BETWEEN 0 AND 100000 THEN CASE WHEN {kept} = {column} THEN ceil({column}) END END"


def _no_form(what: Words) -> DeadlineError:
    return DeadlineError(
        Words(f"due days have no form in SQL: {what.en}", f"期限没有 SQL 写法：{what.zh}"),
        hint=Words("give dates and whole working days, or a Polars frame", "请给出日期和整数工作日，或改用 Polars 数据框"),
    )

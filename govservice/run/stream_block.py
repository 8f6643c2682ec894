"""A block of cases worked through: in columns, the interpreter asked for the rows that need it; or row by row, which comes to the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.case_facts import DAYS_AND_LIMITS
from govservice.clockwork.course import meant_table, speaks
from govservice.clockwork.history import MOVING
from govservice.errors import GovServiceError, Words
from govservice.framing.cells import cell
from govservice.framing.due_days import due_lazy
from govservice.framing.engines import column_of, decide_on
from govservice.limits import TimeLimit
from govservice.reading import is_missing, read_decimal, read_limit
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary
from govservice.rules.language.acts import DAYS_OF_MOMENTS, day_of_moment
from govservice.run.stream_asked import LIMIT_FACTS, StreamAsked

if TYPE_CHECKING:
    import polars as pl

    from govservice.rules.book.contents import Contents

__all__ = ["ASIDE", "OUT", "CourseNames", "Worked", "by_columns", "by_rows", "framed", "given"]

OUT: Final = ("case", "case_type", "rule", "state", "due_on")
ASIDE: Final = ("line", "case", "reason")
_LINE: Final = "\0line"
_AT: Final = "\0at"


class Worked(NamedTuple):
    """The rows that came out, as `OUT`, and those set aside, as `ASIDE`: rows in are the one and the other."""

    out: Any
    aside: Any


# -- rows as they stand


class CourseNames:
    """What tables of a case's course are called (`in`), and which other names of a case's facts may be meant for one (`like`)."""

    def __init__(self, words: Mapping[str, Vocabulary], contents: Contents) -> None:
        self._own = frozenset(name for table, known in words.items() if known.of_a_case for name in (table, known.label.zh))
        self._cases, self._contents = words["cases"], contents
        self._like: dict[str, bool] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._own

    def like(self, name: str) -> bool:
        """Whether a name that is no fact may tell of pauses or extensions: 中止天数, 延期."""
        if name not in self._like:
            self._like[name] = self._cases.fact(name) is None and meant_table(name, self._contents)[0] in MOVING
        return self._like[name]


def given(raw: RawRow, words: Vocabulary, reads: frozenset[str], course: CourseNames) -> dict[str, Any] | Words:
    """The facts of a row that are read, as they stand, by id; or why it is set aside."""
    if raw.fault is not None:
        return raw.fault
    facts: dict[str, Any] = {}
    for name, value in raw.values.items():
        if is_missing(value):
            continue
        if (name in course and value != []) or (course.like(name) and speaks(value)):
            return Words(f"a stream reads no {name} within a case", f"流式运行不读办件里的“{name}”")
        id = words.fact(name)
        if id is None or id not in reads:
            continue
        if isinstance(value, BadCell):
            return Words(f"{name}: {value.why.en}", f"{name}：{value.why.zh}")
        if id in facts and facts[id] != value:
            return Words(f"{id} is given twice, with two values", f"“{id}”给了两个不同的值")
        facts[id] = str(value).strip() if id in (words.id, "item") else value
    return facts


def by_rows(rows: Sequence[RawRow], asked: StreamAsked, course: CourseNames) -> Worked:
    """Each row by the interpreter, as tuples."""
    out, aside = [], []
    for raw in rows:
        facts = given(raw, asked.words, asked.reads, course)
        if isinstance(facts, Words):
            aside.append((raw.line, None, facts.en))
            continue
        answer = asked.case(facts)
        id = facts.get(asked.words.id)
        if "reason" in answer:
            aside.append((raw.line, id, answer["reason"]))
        else:
            out.append((id, *(answer[name] for name in OUT[1:])))
    return Worked(out, aside)


# -- columns


def framed(rows: Sequence[RawRow], asked: StreamAsked, course: CourseNames) -> tuple[pl.DataFrame, list[tuple[int, str | None, str]]]:
    """Rows as they stand as a frame of the facts that are read, and those that cannot be taken apart."""
    import polars as pl

    read: list[dict[str, Any]] = []
    lines: list[int] = []
    aside: list[tuple[int, str | None, str]] = []
    for raw in rows:
        facts = given(raw, asked.words, asked.reads, course)
        if isinstance(facts, Words):
            aside.append((raw.line, None, facts.en))
        else:
            read.append(facts)
            lines.append(raw.line)
    names = sorted({name for facts in read for name in facts})
    columns = [column_of(pl, name, [facts.get(name) for facts in read]) for name in names]
    return pl.DataFrame([pl.Series(_LINE, lines, pl.Int64), *columns]), aside


def numbered(frame: pl.DataFrame, first: int, words: Vocabulary) -> pl.DataFrame:
    """A frame of a file's columns, its columns called by the ids of their facts, each row with its number in the file."""
    return frame.rename({name: words.fact(name) or name for name in frame.columns}).with_row_index(_LINE, first + 1)


def by_columns(frame: pl.DataFrame, asked: StreamAsked, broken: Iterable[tuple[int, str | None, str]] = ()) -> Worked:
    """A frame of facts (`framed`, `numbered`) as two frames; `broken` are set aside too."""
    import polars as pl

    frame = _with_days(pl, _plain(pl, frame, asked))
    whole = _with_items(pl, frame, asked)
    answer = decide_on(whole, asked.classified).select("case_type", "rule", "state")
    due, unsure = _due(pl, whole, asked)
    lost = answer["state"].is_in(["conflict", "unread"]) | unsure | frame[asked.words.id].is_null()
    for pair in DAYS_AND_LIMITS.items():
        if set(pair) <= set(whole.columns):  # two spellings of one thing may contradict each other
            lost = lost | (whole[pair[0]].is_not_null() & whole[pair[1]].is_not_null())
    table = pl.DataFrame(
        [frame[asked.words.id].alias("case"), *(answer[name].cast(pl.String) for name in answer.columns), due.alias("due_on")]
    ).with_row_index(_AT)
    asides = [*broken]
    if lost.any():
        told = []
        for row in frame.with_row_index(_AT).filter(lost).iter_rows(named=True):
            at, line = row.pop(_AT), row.pop(_LINE)
            facts = {name: value for name, raw in row.items() if (value := cell(raw)) is not None}
            answered = asked.case(facts)
            if "reason" in answered:
                asides.append((line, facts.get(asked.words.id), answered["reason"]))
            else:
                told.append((at, facts[asked.words.id], *(answered[name] for name in OUT[1:])))
        more = pl.DataFrame(told, schema=table.schema, orient="row")
        table = pl.concat([table.filter(~lost), more]).sort(_AT)
    kinds = {"line": pl.Int64, "case": pl.String, "reason": pl.String}
    return Worked(table.select(OUT), pl.DataFrame(sorted(asides, key=lambda aside: aside[0]), schema=kinds, orient="row"))


def _plain(pl: Any, frame: pl.DataFrame, asked: StreamAsked) -> pl.DataFrame:
    """Blank texts and numbers that are none say nothing; ids are texts."""
    keys = [asked.words.id, "item"]
    needed = {asked.words.id: pl.String, **({asked.on_column: pl.Date} if asked.on_column is not None else {})}
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in needed.items() if name not in frame.columns)
    frame = frame.with_columns(pl.col(name).cast(pl.String).str.strip_chars() for name in keys if name in frame.columns)
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(
        *(pl.when(pl.col(name).cast(pl.String).str.strip_chars() != "").then(pl.col(name)).alias(name) for name in texts),
        *(pl.col(name).fill_nan(None) for name in floats),
    )


def _with_days(pl: Any, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the day of each act of which a row gives the moment alone."""
    made = []
    for day, moment in DAYS_OF_MOMENTS.items():
        if moment not in frame.columns:
            continue
        moments = frame[moment]
        own = frame[day] if day in frame.columns else pl.repeat(None, frame.height, dtype=pl.Date, eager=True)
        lacking = own.is_null() & moments.is_not_null()
        if not lacking.any():
            continue
        values = pl.select(pl.when(lacking).then(moments)).to_series().to_list()
        days = pl.Series([day_of_moment(value) for value in values], dtype=pl.Date)
        own = own.cast(pl.Date) if own.dtype == pl.Null else own
        made.append(own.zip_with(own.is_not_null(), days.cast(own.dtype)).alias(day))
    return frame.with_columns(made)


# -- items


def _with_items(pl: Any, frame: pl.DataFrame, asked: StreamAsked) -> pl.DataFrame:
    """Each case with the facts of its item beneath its own; of days and limit, where a case gives one, its item gives neither."""
    names = sorted({name for item in asked.items.values() for name in item} & asked.reads - asked.decided - {"item", asked.words.id})
    if not names or "item" not in frame.columns:
        return frame
    ids = list(asked.items)
    values = {name: [asked.items[id].get(name) for id in ids] for name in names}
    beneath = {name: f"\0item.{name}" for name in names}
    table = pl.DataFrame([pl.Series("item", ids, pl.String), *(_item_column(pl, beneath[name], values[name]) for name in names)])
    whole = frame.join(table, on="item", how="left", maintain_order="left")
    made = {}
    for name in names:
        item = pl.col(beneath[name])
        pair = next((pair for pair in DAYS_AND_LIMITS.items() if name in pair), ())
        own = [pl.col(part).is_null() for part in pair if part in frame.columns]
        item = pl.when(pl.all_horizontal(own)).then(item) if own else item
        if name in frame.columns and frame.schema[name] != table.schema[beneath[name]]:
            made[name] = pl.coalesce(_as_text(pl, pl.col(name), frame.schema[name]), _as_text(pl, item, table.schema[beneath[name]]))
        else:
            made[name] = pl.coalesce(pl.col(name), item) if name in frame.columns else item
    return whole.with_columns(**made).drop(beneath.values())


def _item_column(pl: Any, name: str, values: Sequence[object]) -> Any:
    """What the items say, as a column of one type where they are of one; else each written out."""
    plain = [_plain_value(value) for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if kinds in ({int}, {bool}, {date}, {str}):
        return pl.Series(name, plain, strict=True)
    return column_of(pl, name, plain)


def _plain_value(value: Any) -> Any:
    if isinstance(value, TimeLimit):
        return str(value)
    if isinstance(value, Decimal) and value == int(value) and abs(value) < 2**62:
        return int(value)
    return value


def _as_text(pl: Any, column: Any, kind: Any) -> Any:
    return column if kind == pl.String else column.cast(pl.String)


# -- due days


def _due(pl: Any, whole: pl.DataFrame, asked: StreamAsked) -> tuple[pl.Series, pl.Series]:
    """The due day of every row, and which rows the interpreter is asked about."""
    none, sure = pl.repeat(None, whole.height, dtype=pl.Date, eager=True), pl.repeat(False, whole.height, dtype=pl.Boolean, eager=True)
    if asked.due is not None:
        days_alone = _limit_as_days(whole, asked.due.reads)
        if not set(asked.due.reads) <= set(whole.columns):
            return none, sure if days_alone is None else days_alone
        due = due_lazy(whole.lazy().select(asked.due.reads), _without_reason(asked)).collect()["due_on"]
        known = pl.all_horizontal(pl.col(name).is_not_null() for name in asked.due.reads)
        unsure = due.is_null() & whole.select(known.alias("known"))["known"]
        return due, unsure if days_alone is None else unsure | days_alone
    if asked.clock is None:
        return none, sure
    runs = decide_on(whole, asked.runs).select("runs", pl.col("state").is_in(["unread", "conflict"]).alias("runs_lost"))
    starts = decide_on(whole, asked.starts).select("starts", pl.col("state").is_in(["unread", "conflict"]).alias("starts_lost"))
    days, unread = _days(pl, whole)
    table = runs.hstack(starts).with_columns(days.alias("days"))
    due = due_lazy(table.lazy().select("starts", "days"), asked.counted).collect()["due_on"]
    table = table.with_columns(due.alias("due"), unread.alias("unread"))
    running = pl.col("runs").fill_null(value=False)
    lost = pl.col("runs_lost") | pl.col("starts_lost") | pl.col("unread")
    beyond = running & pl.col("starts").is_not_null() & pl.col("days").is_not_null() & pl.col("due").is_null()
    told = table.select(pl.when(running).then("due").alias("due"), (lost | beyond).alias("lost"))
    return told["due"], told["lost"].fill_null(value=True)


def _limit_as_days(whole: pl.DataFrame, reads: Sequence[str]) -> pl.Series | None:
    """The rows that give a limit that is read as a number of working days alone; None where no column can."""
    for days, limit in DAYS_AND_LIMITS.items():
        if limit in reads and days in whole.columns:
            given = whole[days].is_not_null()
            return given & whole[limit].is_null() if limit in whole.columns else given
    return None


def _without_reason(asked: StreamAsked) -> Any:
    from dataclasses import replace

    assert asked.due is not None
    return replace(asked.due, reason=None)


def _days(pl: Any, whole: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The working days that were promised, and which rows promise something else or in a way that must be read."""
    columns = [name for name in LIMIT_FACTS if name in whole.columns]
    days = pl.repeat(None, whole.height, dtype=pl.Int64, eager=True)
    unread = pl.repeat(False, whole.height, dtype=pl.Boolean, eager=True)
    for name in columns:
        column = whole[name]
        if column.dtype.is_integer() and name == LIMIT_FACTS[0]:
            read = column.cast(pl.Int64, strict=False)
        else:
            distinct = column.unique()
            numbers = pl.Series("number", [_workdays(cell(value), name) for value in distinct.to_list()], pl.Int64)
            table = pl.DataFrame([distinct.alias("cell"), numbers])
            cells = pl.DataFrame([column.alias("cell")])
            read = cells.join(table, on="cell", how="left", nulls_equal=True, maintain_order="left")["number"]
        read = read.set(~(read >= 0).fill_null(value=True), None)
        unread = unread | (column.is_not_null() & read.is_null())
        days = days.zip_with(days.is_not_null(), read)
    return days, unread


def _workdays(value: Any, name: str) -> int | None:
    """A number of whole working days; None where it is something else."""
    try:
        if value is None:
            return None
        if name == LIMIT_FACTS[0]:
            number: Decimal | None = Decimal(read_decimal(value))
        else:
            limit = value if isinstance(value, TimeLimit) else read_limit(value)
            number = limit.value if limit.unit == "workday" else None
        return int(number) if number is not None and number == int(number) and abs(number) < 2**31 else None
    except (GovServiceError, OverflowError, ValueError):
        return None

"""The verbs on whole tables: decisions, dates and clocks of every row, on the engine that the table lives in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from govservice.calendars import WorkCalendar, china
from govservice.counting.asked import When
from govservice.doors import CALENDAR, DATE, FLAG, TEXT, optional, takes
from govservice.errors import DecisionError
from govservice.framing.classifying import classifying
from govservice.framing.clock_readings import ClocksAsked, clocks_on
from govservice.framing.due_days import DueDays
from govservice.framing.due_engines import due_on
from govservice.framing.engines import decide_on, parted
from govservice.framing.wanted import Wanted
from govservice.limits import TimeLimit
from govservice.reading import as_day
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import AnyBook, Rulebook, book_of

__all__ = ["Parted", "classify_frame", "clocks_frame", "decide_frame", "due_frame"]


class Parted(NamedTuple):
    """A table in two: the rows that were read, and those set aside because a cell of theirs cannot be used or their rules contradict."""

    result: Any
    set_aside: Any


@takes(into=TEXT, reason=optional(TEXT), asked=optional(TEXT), aside=FLAG)
def classify_frame(
    frame: Any,
    book: AnyBook,
    *,
    on: date | str | None = None,
    into: str = "case_type",
    reason: str | None = None,
    asked: str | None = None,
    aside: bool = False,
) -> Any:
    """The case type of every row of a table, as `classify` gives it, in the column `into`: null where it is open or no rule fits.

    `on` is a day, or the name of a column of days. The table, its engines and the other arguments are those of `decide_frame`; a column of
    recorded case types does not stand in the way. Only the cells that the case type reads are read.
    Raises DateNeeded, DecisionError, RecordError for a table of an unlisted engine.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"recognised_urgent": [True, None], "main_document": ["present", "not_brought"]})
    >>> classify_frame(rows, "kunshan", on="2026-11-20")["case_type"].to_list()
    ['urgent', 'supplement']
    """
    held = book_of(book)
    day, column = _on(held, on)
    state = _fresh(f"{into}_state", frame) if aside else None
    wanted = classifying(held, day, column, into=into, state=state, reason=reason, asked=asked)
    answer = decide_on(frame, wanted)
    return Parted(*parted(answer, state, keep=False)) if state is not None else answer


@takes(decision=TEXT, as_of=optional(DATE), reason=optional(TEXT), asked=optional(TEXT), aside=FLAG)
def decide_frame(
    frame: Any,
    book: AnyBook,
    decision: str,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    reason: str | None = None,
    asked: str | None = None,
    aside: bool = False,
) -> Any:
    """One decision for every row of a table, as `Rulebook.decide` takes it: its outcomes by name, `<id>_rule` and `<id>_state`.

    The frame is a Polars (eager or lazy), pandas or Spark one, a PyArrow table, a DuckDB relation, or an ibis table of DuckDB, PostgreSQL,
    MariaDB, MySQL or Spark; the answer is of the same kind, lazy where that is, its columns those of the table and then what is added (in
    place of columns of the same names). Columns are facts by id or label, a null cell is one that says nothing; others are left alone.
    The state is "settled", "open", "none" (it does not apply), "gap" (no rule fits), "conflict" (rules contradict each other) or "unread"
    (a cell that it reads cannot be used). Open and unread outcomes are null, and so is the rule where no rule alone settled it.

    `on` is the day that dated rules are held against, or the name of a column of days; `as_of` counts as today. `reason` names a column
    that says what would settle a row that is open, or what is wrong with one that is unread; `asked` one that says which rows the
    interpreter decided or explained: both on tables in memory only. In a database they are refused, and so is what has no form in SQL,
    before anything runs.
    With `aside` a pair: the rows that were read, and those set aside.
    Raises DecisionError, DateNeeded, RecordError for a table of an unlisted engine, MissingPackage.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"leave_days": [0.5, 2.0, None]})
    >>> decide_frame(rows, "kunshan", "leave_approval", on="2026-11-20").select("approves", "leave_approval_state").rows()
    [('督查科', 'settled'), ('中心领导', 'settled'), (None, 'open')]
    """
    held = book_of(book)
    if decision not in held.contents.decisions:
        raise held.no_decision(decision)
    entry = held.contents.decisions[decision]
    day, column = _on(held, on)
    state = f"{decision}_state"
    wanted = Wanted(
        held, entry, day, column, {name: name for name, _ in entry.outcomes}, f"{decision}_rule", state, reason,
        partial(_decided, held, decision, as_of), as_of=as_day(as_of), asked=asked,
    )  # fmt: skip
    answer = decide_on(frame, wanted)
    return Parted(*parted(answer, state, keep=True)) if aside else answer


@takes(start=TEXT, calendar=optional(CALENDAR), into=TEXT, reason=optional(TEXT), backward=FLAG)
def due_frame(
    frame: Any,
    *,
    start: str,
    limit: str | TimeLimit | tuple[str, str],
    calendar: WorkCalendar | None = None,
    into: str = "due_on",
    reason: str | None = None,
    backward: bool = False,
) -> Any:
    """The day on which a limit ends, for every row of a table, as `deadline` counts it; null where the start or the limit is missing.

    `start` names a column of days or moments. `limit` names one of whole working days (a part of a day counts as a whole one), or of
    limits as texts; or it is a TimeLimit for all rows, or the names of two columns, of amounts and of units ("workday", or the portals'
    codes). `calendar` is China's unless given. The due day stands in the column `into`; `reason` names one that says why there is none.
    With `backward` the limit is counted back from the start, and the due day is the last day in time.
    In a database only working and natural days are counted, and only on. Cells that cannot be used, and days outside the calendar, have
    no due day.
    Raises DecisionError for a column that is not there, DeadlineError for what has no form in SQL, RecordError, MissingPackage.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"accepted_on": [date(2026, 4, 29), None], "promised_days": [5, 5]})
    >>> due_frame(rows, start="accepted_on", limit="promised_days")["due_on"].to_list()
    [datetime.date(2026, 5, 9), None]
    """
    return due_on(frame, DueDays(start, limit, china() if calendar is None else calendar, into, reason, backward))


@takes(clock=TEXT, calendar=optional(CALENDAR))
def clocks_frame(
    frame: Any,
    book: AnyBook,
    *,
    now: When | str,
    clock: str = "promised",
    on: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Any:
    """One clock of the case on every row, as `clocks` reads it: `due`, `used`, `left`, `overdue`, one column a signal, `undecided`.

    Each column is called by the clock and what it says (`promised_due`); of a signal it is True where it is raised. A due moment stands by
    its day; what is used and left has ten digits behind the point. `undecided` lists what would settle the reading, or says what is wrong
    with a cell. Rows have no history but what stands in them (`pauses`, a list within the row). Tables in memory only: a clock has no form
    in SQL. Raises DeadlineError, RecordError, MissingPackage.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"case_type": ["promised"], "materials_completed_on": [date(2026, 2, 13)], "promised_limit": ["5个工作日"]})
    >>> clocks_frame(rows, "kunshan", now="2026-02-14").select("promised_due", "promised_left").rows()
    [(datetime.date(2026, 2, 27), Decimal('4.0000000000'))]
    """
    return clocks_on(frame, ClocksAsked(book_of(book), clock, now, on, calendar))


def _on(book: Rulebook, on: Any) -> tuple[date | None, str | None]:
    """The day that is meant, or the column: a text that is no date names one."""
    if isinstance(on, str):
        try:
            return book.day(on), None
        except DecisionError:
            raise
        except Exception as error:  # a text that no date reads
            if type(error).__name__ != "RecordError":
                raise
            return None, on
    return book.day(on), None


def _fresh(name: str, frame: Any) -> str:
    columns = list(getattr(frame, "columns", ()))
    while name in columns:
        name += "_"
    return name


def _decided(book: Rulebook, decision: str, as_of: Any, facts: Mapping[str, Any], on: date | None) -> Outcome:
    return book.decide(decision, facts, on=on, as_of=as_of)

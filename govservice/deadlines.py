"""Deadlines: when a limit ends, the clocks of a case, what they decide, and whose deadline a new notice moves."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from govservice.calendars import OfficeHours, WorkCalendar
from govservice.calendars.hours import MakeupHours
from govservice.clockwork.alarms import AlarmReading
from govservice.clockwork.main_clock import closing_clocks, is_promised, main_of, where_nothing_is_promised
from govservice.clockwork.reading import ClockReading, PausedSpan
from govservice.clockwork.watch import Tables, watch
from govservice.counting.answer import counted
from govservice.counting.asked import Ends, ExtensionFrom, FirstDay, PauseDays, RestDayHours, RestDaySameDay, Roll, When
from govservice.counting.recomputing import Moved, asked_again
from govservice.counting.result import Deadline
from govservice.counting.step import Step
from govservice.doors import CALENDAR, DATE, FACTS, FLAG, LANGUAGE, LIST, MAPPING, NAMES, TEXT, Kind, optional, takes
from govservice.echo import shown
from govservice.errors import DeadlineError, Lang, Words, did_you_mean
from govservice.limits import TimeLimit
from govservice.rules.rulebook import AnyBook, book_of
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.rules.meaning.outcomes import Outcome
    from govservice.rules.rulebook import Rulebook

__all__ = [
    "AlarmReading",
    "ClockReading",
    "Deadline",
    "Ends",
    "FirstDay",
    "Moved",
    "PausedSpan",
    "Roll",
    "Step",
    "case_outcomes",
    "clocks",
    "deadline",
    "deadlines_to_ics",
    "due",
    "recompute",
]

Due: TypeAlias = Deadline | ClockReading
_LONGEST: Final = timedelta(36525)
REMINDER: Final = Kind(
    lambda value: value == "workday" if isinstance(value, str) else isinstance(value, timedelta) and abs(value) < _LONGEST,
    Words('a timedelta or "workday"', "timedelta 或 workday"),
)


@takes(DeadlineError, backward=FLAG)
def deadline(
    limit: TimeLimit | str,
    start: When | str,
    calendar: WorkCalendar | None = None,
    *,
    hours: OfficeHours | str | None = None,
    pauses: Iterable[tuple[When, When] | tuple[When, When, str | Words]] = (),
    extensions: Iterable[TimeLimit | str] = (),
    first_day: FirstDay = "excluded",
    roll: Roll = "forward",
    ends: Ends = "day",
    rest_day_same_day: RestDaySameDay | None = None,
    backward: bool = False,
    pause_days: PauseDays = "both",
    extension_from: ExtensionFrom = "due",
    makeup_hours: MakeupHours | None = None,
    rest_day_hours: RestDayHours = "not",
) -> Deadline:
    """When a limit ends that begins on a day or at a moment.

    Working and natural days are counted one by one, a part of a day as a whole one; the day it begins is not counted unless
    `first_day="included"`. Months and years end on the matching day, or on the month's last. With `roll="forward"` a limit of
    natural days, months or years whose last day is a rest day ends on the next working day. Hours and minutes run from the moment
    and never roll; with `hours` only office time on working days counts. "same_day" on a rest day needs `rest_day_same_day`.

    `calendar` is `china()` unless given. A naive moment is read in the calendar's zone; without one, naive in and naive out.
    `ends` is for limits in days or longer: "day" 24:00 of the due day; "close" closing time of that day, 24:00 where the office does
    not open; "same_time" the start's clock time, a start outside `hours` moving first to the next opening (the closing moment is
    outside): only then is a part of a working day that part of its office time. What must be done the same day ends with the day there.
    `pauses` are (first, last) or (first, last, reason), overlapping ones together; `pause_days` says which of their end days are
    uncounted (of moments, in a limit in hours, none). Months and years are then counted by their days. `extensions` count on from the old
    due day as it fell, or from before it rolled (`extension_from="unrolled"`). `makeup_hours` says what `hours` are on a make-up workday:
    those of a "weekday" (unless the hours say otherwise), of the "weekend" day that it falls on, or "none"; `rest_day_hours="counted"` that
    office time counts on rest days for which the hours give some.
    With `backward=True` it is counted back from the start (a hearing): `due` is the last day, or moment, in time. Nothing rolls unless
    `roll="backward"`; pauses, extensions and same-day limits have no meaning there and are refused.
    Raises DeadlineError, LimitError or CalendarError. Sources: 民法典 200-204, 行政许可法 82.

    >>> from govservice import china
    >>> due = deadline("5个工作日", date(2026, 4, 29), china())
    >>> due.due, due.official
    (datetime.date(2026, 5, 9), True)
    >>> from datetime import datetime
    >>> deadline("24小时", datetime(2026, 4, 30, 15, 30)).due.isoformat()
    '2026-05-01T15:30:00+08:00'
    >>> deadline("7个工作日", date(2026, 10, 21), backward=True).due
    datetime.date(2026, 10, 12)
    """
    return counted(
        limit,
        start,
        calendar,
        hours=hours,
        pauses=pauses,
        extensions=extensions,
        first_day=first_day,
        roll=roll,
        ends=ends,
        rest_day_same_day=rest_day_same_day,
        backward=backward,
        pause_days=pause_days,
        extension_from=extension_from,
        makeup_hours=makeup_hours,
        rest_day_hours=rest_day_hours,
    )


@takes(DeadlineError, case=FACTS, on=optional(DATE), calendar=optional(CALENDAR), records=optional(MAPPING), only=optional(NAMES))
def clocks(
    case: Mapping[str, Any] | Any,
    book: AnyBook,
    *,
    on: date | str | None = None,
    now: When | str | None = None,
    calendar: WorkCalendar | None = None,
    records: Tables | None = None,
    only: Iterable[str] | None = None,
) -> tuple[ClockReading, ...]:
    """Every clock of the book that may run on a case, in the book's order; those that certainly do not are among them, `applies` False.

    `case` is a mapping of facts (those of its application and item among them) or a model. Its pauses and extensions, and the rows of
    other tables that have clocks (stages), are in `records`, or as lists within the case. `now` is the day or moment that counts as
    today, never the machine's; without it nothing is said of what is used, overdue or raised, save where the clock has stopped.
    `on` is the day that dated rules are held against (default: `now`'s day). `calendar` is China's unless given. What is open however
    the facts may turn out is open in the reading, which names them: facts, rows' facts (`pauses:2.told`, rows from 1), settings, and the
    conventions that the book does not state (`conventions.roll`). Tables, rows and keys that were not understood are in its notes.
    A row of `pauses` or `extensions` may name the `table` and `row` that it is about, by id or by number. `only` are the clocks wanted, by
    id or label. Raises DateNeeded, RecordError, DeadlineError (a clock that the book does not have, among others).

    >>> from govservice import load_rulebook
    >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日"}
    >>> [reading.due_on for reading in clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 13)) if reading.clock == "promised"]
    [datetime.date(2026, 2, 27)]
    """
    held = book_of(book)
    wanted = None if only is None else _clock_ids(only, held)
    return watch(case, held, on, now, calendar, records).readings(wanted)


def _clock_ids(only: Iterable[str], book: Rulebook) -> frozenset[str]:
    """The ids of clocks given by id or label."""
    clocks_ = book.contents.clocks
    ids = {name: id for id, clock in clocks_.items() for name in (id, clock.label) if name}
    wanted = [only] if isinstance(only, str) else list(only)
    for name in wanted:
        if not isinstance(name, str) or name not in ids:
            listed = Words(f"it has: {', '.join(clocks_)}", f"它有：{'、'.join(clocks_)}")
            what = Words(f"{book.id} has no clock {shown(name)}", f"{book.id} 没有{shown(name)}这个时限")
            raise DeadlineError(what, hint=did_you_mean(str(name), ids, listed) if isinstance(name, str) else listed, id=shown(name))
    return frozenset(ids[name] for name in wanted)


def due(
    case: Mapping[str, Any] | Any,
    book: AnyBook,
    *,
    on: date | str | None = None,
    now: When | str | None = None,
    calendar: WorkCalendar | None = None,
    records: Tables | None = None,
) -> ClockReading | None:
    """The clock that says when a case is due, as read by `clocks` and with its arguments; None where no clock runs on the case.

    It is the promised clock; while it is open when that ends, `due` is None and `undecided` says what would settle it. Where it does not
    run, or no promise is recorded at all, it is of the clocks that run the first to end (of those that have stopped, the ones that run
    until the case is closed come first): `clock` says which, and a note that nothing is promised. The main job gives `due_on` by the same
    clock, save that one promise among its records is enough for it to wait for those of the other cases.
    Raises DateNeeded, RecordError, DeadlineError.

    >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日"}
    >>> reading = due(case, "kunshan", on=date(2026, 2, 13))
    >>> reading.clock, reading.due_on, reading.official
    ('promised', datetime.date(2026, 2, 27), True)
    """
    watched = watch(case, book_of(book), on, now, calendar, records)
    readings, closing = watched.readings(), closing_clocks(watched.book.contents)
    main = main_of(readings, closing)
    if any(map(is_promised, readings)):
        return main
    other = where_nothing_is_promised(main, readings, closing)
    return other if other is main or other is None else replace(other, notes=(*other.notes, _NOTHING_PROMISED))


_NOTHING_PROMISED = Words("no promised limit is recorded: this clock is the first to end", "没有记录承诺时限，以最早届满的时限为准")


@takes(DeadlineError, case=FACTS, on=optional(DATE), calendar=optional(CALENDAR), records=optional(MAPPING))
def case_outcomes(
    case: Mapping[str, Any] | Any,
    book: AnyBook,
    *,
    on: date | str | None = None,
    now: When | str | None = None,
    calendar: WorkCalendar | None = None,
    records: Tables | None = None,
) -> dict[str, Outcome]:
    """Every decision of the book about a case, its clocks read as `clocks` reads them: overdue, deemed accepted, on time.

    >>> from govservice import load_rulebook
    >>> case = {"accepted_on": date(2026, 3, 2), "promised_limit": "5个工作日", "due_on": date(2026, 3, 9), "closed_on": date(2026, 3, 10)}
    >>> case_outcomes(case, load_rulebook("kunshan"), on=date(2026, 3, 10))["overdue_workdays"].value("overdue_workdays")
    1
    """
    return watch(case, book_of(book), on, now, calendar, records).outcomes()


@takes(DeadlineError, deadlines=LIST, calendar=CALENDAR)
def recompute(deadlines: Iterable[Deadline | tuple[Hashable, Deadline]], calendar: WorkCalendar) -> tuple[Moved, ...]:
    """The deadlines that a newer calendar moves or makes official, in the order given; the others are left out.

    `deadlines` are Deadlines or (id, Deadline) pairs, computed under an older calendar: as `deadline` gave them, or as read back from a
    pickle or from JSON, which keep what was asked. `calendar` is the newer one, with the notice that has arrived. Nothing is changed:
    what was promised to an applicant is for the office to decide. Raises DeadlineError where a deadline does not say what it was asked
    for, and what `deadline` raises.

    >>> from datetime import date
    >>> from govservice import china, deadline
    >>> old, new = china(known_on=date(2020, 11, 1)), china(known_on=date(2020, 12, 1))
    >>> starts = [date(2021, 1, 15), date(2021, 3, 10)]
    >>> [(moved.id, moved.days) for moved in recompute([deadline("20个工作日", start, old) for start in starts], new)]
    [(0, 1), (1, 0)]
    """
    moves = []
    for place, given in enumerate(deadlines):
        id_, before = given if isinstance(given, tuple) and len(given) == 2 else (place, given)
        if not isinstance(before, Deadline):
            raise DeadlineError(
                Words(f"no deadline: {shown(before)}", f"不是期限：{shown(before)}"),
                hint=Words("give Deadlines or (id, Deadline) pairs", "请给出 Deadline，或者（编号，Deadline）"),
            )
        after = asked_again(before, calendar)
        if after.due != before.due or (after.official and not before.official):
            moves.append(Moved(id_, before, after))
    return tuple(moves)


@takes(DeadlineError, deadlines=LIST, lang=LANGUAGE, reminder=optional(REMINDER), name=optional(TEXT), calendar=optional(CALENDAR))
def deadlines_to_ics(
    deadlines: Iterable[Due | tuple[str, Due]],
    *,
    lang: Lang = "zh",
    reminder: timedelta | str | None = "workday",
    name: str | None = None,
    calendar: WorkCalendar | None = None,
) -> bytes:
    """Deadlines, or the readings of a case's clocks, as an iCalendar file: one event each, in the order given.

    A pair (label, deadline) says what is due, such as the case number; a reading without one is called by its clock. A due day is an
    all-day event, a due moment is given in its time zone (without one, floating). The explanation is the description; a provisional
    deadline is tentative and says so. `reminder` is how long before the event calendars remind (None: not at all); "workday" is nine
    o'clock of the last working day before, by `calendar` (China's unless given). The alarms of a reading remind when they are seen.
    Readings without a due day, or stopped, are left out. `name` is what the calendar is called.
    The same input gives the same bytes, and an event keeps its UID when a notice or a pause moves it. Raises DeadlineError for anything
    else than a deadline, MissingPackage without the `icalendar` package (the extra `exchange`).

    >>> from datetime import date
    >>> from govservice import china, deadline
    >>> written = deadlines_to_ics([("A-7", deadline("5个工作日", date(2026, 2, 12), china()))])
    >>> print(written.decode().split("SUMMARY:")[1].splitlines()[0])
    A-7：5个工作日届满
    """
    return cast("bytes", machinery("show.deadlines_ics:to_ics")(deadlines, lang=lang, reminder=reminder, name=name, calendar=calendar))

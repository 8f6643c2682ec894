"""The alarms of a clock (电子监察): when each is seen, whether it was raised by now, and whether it was cleared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import cast

from govservice.as_json import AsJson
from govservice.counting.asked import CLOCK_UNITS, DAY, Ask, When, day_of, later, local, midnight, moment_of, paused_days
from govservice.counting.backward import clock_back
from govservice.counting.clock_time import length, opening_times, running, used
from govservice.counting.day_count import Runs, nth_day, nth_workday, unpaused
from govservice.counting.elapsed import asked_of
from govservice.counting.result import Deadline
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit
from govservice.rules.book.entries import Alarm
from govservice.rules.language.values import Nothing, Unknown
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

__all__ = ["AlarmReading", "alarm_time", "read_alarm"]


@dataclass(frozen=True, slots=True, repr=False)
class AlarmReading(AsJson):
    """One alarm of a clock: its `signal`, when it is seen (`at`, a day or a moment; None while that is not known).

    `raised` says whether it has been, as of the call's `now` (None without one, or where a stop is not known); only a stop on an earlier
    day prevents it. `cleared` says that the clock then stopped in time (None where that is open). `undecided` names what would settle `at`.
    """

    signal: str
    at: When | None
    raised: bool | None = None
    cleared: bool | None = False
    cite: str | None = None
    undecided: tuple[str, ...] = ()


def read_alarm(
    alarm: Alarm, counted: Deadline | None, subject: Subject, *, stopped: When | None, in_time: bool | None, now: When | None,
    placed: str | None, stop_needs: frozenset[str] = frozenset(), outright: bool = False, since: When | None = None,
) -> AlarmReading:  # fmt: skip
    """One alarm of a clock whose deadline is `counted` (None while it has none).

    `placed` is what the book states of `percent_alarms` (None: nothing), `stop_needs` what would say whether it was stopped earlier.
    With `outright` the due day was given and not counted: nothing has a share of it, and only `since`, when it began, bounds an alarm.
    """
    amounts = [evaluate(amount, subject) for amount in (alarm.before, alarm.after) if amount is not None]
    needs = tuple(sorted({name for value in amounts if isinstance(value, Unknown) for name in value.needs}))
    shareless = counted is not None and outright and alarm.at is not None  # of a day that was given there is no share
    if shareless or any(isinstance(value, Nothing) for value in amounts):
        return AlarmReading(alarm.signal, None, False, cite=alarm.cite)
    if counted is None or needs:
        return AlarmReading(alarm.signal, None, cite=alarm.cite, undecided=needs)
    amount = _amount(amounts[0], counted.limit) if amounts else None
    before, after = (amount if given is not None else None for given in (alarm.before, alarm.after))
    unsaid = placed is None and alarm.at is not None
    times = [
        alarm_time(counted, share=alarm.at, before=before, after=after, by_hour=hourly, outright=outright, since=since)
        for hourly in ((False, True) if unsaid else (placed == "hour",))
    ]
    by_day, by_hour = times[0], times[-1]
    at = by_day if by_day == by_hour and type(by_day) is type(by_hour) else None
    raised = tuple({_is_raised(when, stopped, now, stop_needs) for when in (by_day, by_hour)})
    sure = raised[0] if len(raised) == 1 else None
    unstated = ("conventions.percent_alarms",) if at is None else ()
    open_ = tuple(sorted(stop_needs)) if sure is None and now is not None else ()
    return AlarmReading(alarm.signal, at, sure, bool(sure and in_time), alarm.cite, (*unstated, *open_))


def _is_raised(at: When, stopped: When | None, now: When | None, stop_needs: frozenset[str]) -> bool | None:
    """Whether a signal was raised by now; only a stop on an earlier day, or at an earlier moment, prevents it."""
    if now is None:
        return None
    prevented = stopped is not None and not later(stopped, at) and (day_of(stopped) < day_of(at) or _both_moments(stopped, at))
    if prevented or later(at, now):
        return False
    return None if stop_needs else True


def _amount(value: object, limit: TimeLimit) -> TimeLimit:
    """An alarm's amount: a limit of its own, or a number in the clock's unit."""
    if isinstance(value, TimeLimit):
        if value.unit in ("month", "year"):
            hint = Words("30个自然日, 20个工作日", "写作 30个自然日、20个工作日")
            raise DeadlineError(Words(f"an alarm {value.text('en')} off", f"告警的提前或延后量不能是{value}"), hint=hint)
        return value
    number = Fraction(cast("int | Fraction", value))
    unit = limit.unit if limit.unit not in ("same_day", "on_the_spot") else "workday"
    unit = "natural_day" if unit in ("month", "year") else unit
    if number < 0:
        raise DeadlineError(
            Words(f"an alarm {number} {unit}s off", f"告警的提前或延后量是负数：{number}"),
            hint=Words("before: or after: say which way", "方向由 before 和 after 表示"),
        )
    return TimeLimit(str(number.numerator / number.denominator if number.denominator != 1 else number.numerator), unit)


def _both_moments(first: When, second: When) -> bool:
    return isinstance(first, datetime) and isinstance(second, datetime)


def alarm_time(
    counted: Deadline, *, share: Fraction | None, before: TimeLimit | None, after: TimeLimit | None, by_hour: bool = False,
    outright: bool = False, since: When | None = None,
) -> When:  # fmt: skip
    """When an alarm is seen: at a share of the counted time, an amount before it is due, or after.

    A share is seen on the first counted day whose number reaches it (at that moment for an hour limit, or with `by_hour`). `after` is
    first seen on the next calendar day after the amount's last counted day. None lies inside a pause, none ahead of the due day or moment
    after it, nor before the start (`since` for a due day given outright; a limit that is counted back ends before it starts).
    Hours before and after are office time where the clock counts office hours. Raises DeadlineError beyond the year 9999.
    """
    ask = asked_of(counted)
    try:
        if share is not None:
            return _at_share(counted, ask, share, by_hour=by_hour)
        if before is not None:
            began = since if outright else None if ask.backward else ask.start
            hourly = before.unit in CLOCK_UNITS
            if hourly and (outright or ask.limit.unit not in CLOCK_UNITS):
                return _hours_before(counted, ask, before, began)
            return _before(counted, ask, before, began)
        return _after(counted, ask, after or TimeLimit(0, "natural_day"))
    except OverflowError:
        raise DeadlineError(
            Words(f"an alarm after the year {date.max.year}", f"告警超出公元{date.max.year}年"),
        ) from None


def _at_share(counted: Deadline, ask: Ask, share: Fraction, *, by_hour: bool) -> When:
    if ask.limit.unit in CLOCK_UNITS:
        whole = length(ask.limit) + sum((length(extension) for extension in ask.extensions if extension.unit in CLOCK_UNITS), timedelta(0))
        part = timedelta(microseconds=ceil(whole // timedelta(microseconds=1) * share))
        start = moment_of(cast("datetime", ask.start), ask.calendar.zone)
        return local(used(running(ask, start), part)[-1].end, ask.calendar.zone) if part else cast("datetime", ask.start)
    days = [step.date for step in counted.steps if step.counted]
    if not days:
        return counted.due_on
    reached = len(days) * share
    if not by_hour or reached.denominator == 1:
        return days[max(ceil(reached), 1) - 1]
    return _within_day(ask, days[int(reached)], reached - int(reached))


def _within_day(ask: Ask, day: date, part: Fraction) -> datetime:
    """The moment a part of a counted day is over: of its office time where there are hours, else of its 24 hours.

    A day that is counted and on which the office does not open has no office time: it is over when the day ends.
    """
    zone = ask.calendar.zone
    if ask.hours is None:
        return datetime.combine(day, datetime.min.time(), zone) + timedelta(microseconds=ceil(86_400_000_000 * part))
    times = opening_times(ask, day)
    if not times:
        return midnight(day + DAY, zone)
    total = sum((stretch.end - stretch.start for stretch in times), timedelta(0)) // timedelta(microseconds=1)
    return local(used(times, timedelta(microseconds=ceil(total * part)))[-1].end, zone)


def _before(counted: Deadline, ask: Ask, amount: TimeLimit, since: When | None) -> When:
    if ask.limit.unit in CLOCK_UNITS and amount.unit in CLOCK_UNITS:
        return _time_before(counted, ask, amount)
    hourly = ask.limit.unit in CLOCK_UNITS  # then a pause inside a day leaves the day counted
    pauses = paused_days(tuple(pause for pause in ask.pauses if not hourly or not isinstance(pause.last, datetime)))
    day = counted.due_on
    for _ in range(ceil(amount.value)):
        day = _previous(day, amount, ask, pauses)
    day = unpaused(day, pauses)
    return min(day if since is None else max(day, day_of(since)), counted.due_on)


def _hours_before(counted: Deadline, ask: Ask, amount: TimeLimit, since: When | None) -> datetime:
    """Hours before the end of a due day, or before a due moment that was given: outside every pause, not before it begins."""
    zone = ask.calendar.zone
    moment = counted.due_at - length(amount)
    if since is not None:
        moment = max(moment, local(moment_of(since, zone), zone))
    over = next((midnight(last + DAY, zone) for first, last in paused_days(ask.pauses) if first <= moment.date() <= last), moment)
    return min(over, counted.due_at)


def _time_before(counted: Deadline, ask: Ask, amount: TimeLimit) -> datetime:
    """Counted back from the due moment in the time in which the clock runs; not before it starts."""
    zone = ask.calendar.zone
    if ask.backward:
        return local(clock_back(ask, amount, counted.due_at)[0].start, zone)
    start, due = moment_of(ask.start, zone), moment_of(counted.due_at, zone)
    left = length(amount)
    ran = []
    for stretch in running(ask, start):
        if stretch.start >= due:
            break
        ran.append((stretch.start, min(stretch.end, due)))
    for begin, end in reversed(ran):
        if end - begin >= left:
            return local(end - left, zone)
        left -= end - begin
    return local(start, zone)


def _previous(day: date, amount: TimeLimit, ask: Ask, pauses: Runs) -> date:
    """The counted day before: worked or any, and outside every pause."""
    day = ask.calendar.add_workdays(day, -1) if amount.unit == "workday" else day - DAY
    while (paused := next((first for first, last in pauses if first <= day <= last), None)) is not None:
        day = ask.calendar.add_workdays(paused, -1) if amount.unit == "workday" else paused - DAY
    return day


def _after(counted: Deadline, ask: Ask, amount: TimeLimit) -> When:
    if isinstance(counted.due, datetime) and not amount.value:
        return counted.due
    if amount.unit in CLOCK_UNITS:
        if ask.limit.unit not in CLOCK_UNITS:
            return counted.due_at + length(amount)
        zone = ask.calendar.zone
        return local(used(running(ask._replace(pauses=()), moment_of(counted.due_at, zone)), length(amount))[-1].end, zone)
    if not amount.value:
        return counted.due_on + DAY
    count = ceil(amount.value)
    return (nth_workday(counted.due_on, count, ask.calendar, ()) if amount.unit == "workday" else nth_day(counted.due_on, count, ())) + DAY

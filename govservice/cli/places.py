"""The calendar that the options of a command ask for."""

from __future__ import annotations

from argparse import Namespace

from govservice.calendars import WorkCalendar, china
from govservice.errors import CalendarError, Words

__all__ = ["calendar_of"]


def calendar_of(options: Namespace) -> WorkCalendar:
    """China's calendar as known on a day, with further notices; or another place's (`US/MA`), in a time zone or for naive moments.

    Raises CalendarError.
    """
    country, _, part = (options.calendar or "CN").partition("/")
    if country.upper() == "CN" and not part:
        if options.tz is not None:
            raise CalendarError(
                Words("China's calendar has its own time zone", "中国日历自有时区"), hint=Words("leave out --tz", "请去掉 --tz")
            )
        return china(known_on=options.known_on, notices=options.notice)
    if options.known_on is not None or options.notice:
        raise CalendarError(
            Words("--known-on and --notice are about China's calendar", "--known-on 和 --notice 只用于中国日历"),
            hint=Words("leave out --calendar", "请去掉 --calendar"),
        )
    return WorkCalendar.of(country.upper(), subdiv=part.upper() or None, tz=options.tz)

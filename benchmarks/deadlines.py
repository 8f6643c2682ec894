"""One deadline: plain, with pauses and extensions, in hours, explained. Run `python benchmarks/deadlines.py`."""

from __future__ import annotations

from datetime import date, datetime, time

from measure import report, side_by_side

from govservice import OfficeHours, TimeLimit, china, deadline

START = date(2026, 2, 9)
MOMENT = datetime.combine(START, time(10, 30))
PAUSES = [(date(2026, 2, 11), date(2026, 2, 12)), (date(2026, 2, 26), date(2026, 3, 3))]


def main() -> None:
    """Time them."""
    calendar, hours = china(), OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")
    twenty, days, months, office = TimeLimit(20, "workday"), TimeLimit(30, "natural_day"), TimeLimit(3, "month"), TimeLimit(40, "hour")
    ten = [TimeLimit(10, "workday")]
    answered = deadline(twenty, START, calendar)
    timings = side_by_side(
        "the answer",
        [
            ("20 working days", lambda: deadline(twenty, START, calendar)),
            ('the text "20个工作日"', lambda: deadline("20个工作日", START, calendar)),
            ("30 natural days", lambda: deadline(days, START, calendar)),
            ("3 months", lambda: deadline(months, START, calendar)),
            ("two pauses", lambda: deadline(twenty, START, calendar, pauses=PAUSES)),
            ("an extension", lambda: deadline(twenty, START, calendar, extensions=ten)),
            ("40 hours", lambda: deadline(office, MOMENT, calendar)),
            ("40 office hours", lambda: deadline(office, MOMENT, calendar, hours=hours)),
            ("same clock time", lambda: deadline(twenty, MOMENT, calendar, hours=hours, ends="same_time")),
            ("the calendar alone", lambda: calendar.add_workdays(START, 20)),
        ],
    )
    timings += side_by_side(
        "with its explanation",
        [
            ("20 working days", lambda: deadline(twenty, START, calendar).steps),
            ("... as text", lambda: deadline(twenty, START, calendar).explain("zh")),
            ("two pauses", lambda: deadline(twenty, START, calendar, pauses=PAUSES).steps),
            ("as text, asked again", lambda: answered.explain("zh")),
        ],
    )
    report("Deadlines", timings)


if __name__ == "__main__":
    main()

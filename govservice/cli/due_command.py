"""`govservice due`: the day a time limit ends, and why."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from govservice.cli.console import Console
from govservice.cli.places import calendar_of
from govservice.deadlines import deadline
from govservice.limits import TimeLimit
from govservice.reading import read_date, read_limit, read_moment

__all__ = ["due_command"]


def due_command(options: Namespace, console: Console) -> int:
    """Print the due day; with `--explain` every day counted or skipped. What may still change is said on stderr."""
    calendar = calendar_of(options)
    limit = TimeLimit.parse(options.limit, day=options.day) if options.day else read_limit(options.limit)
    answer = deadline(
        limit, _start(options.start), calendar, hours=options.hours,
        first_day=options.first_day, roll=options.roll, ends=options.ends, rest_day_same_day=options.rest_day_same_day,
    )  # fmt: skip
    if options.explain:
        console.picture(answer.explain(console.lang))
        return 0
    console.say(answer.due.isoformat())
    for warning in answer.warnings:
        console.note(warning)
    return 0


def _start(text: str) -> date:
    """A day, or a moment where a time is written; without an offset it is local to the calendar."""
    return read_moment(text, zone=None) if ":" in text or "：" in text else read_date(text)

"""`govservice due`: the day a time limit ends, and why."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import Final

from govservice.cli.answering import Grid, answered, check_answer, tell
from govservice.cli.console import Console
from govservice.cli.places import calendar_of
from govservice.deadlines import deadline
from govservice.errors import Words
from govservice.limits import TimeLimit
from govservice.reading import read_date, read_limit, read_moment

__all__ = ["due_command"]


def due_command(options: Namespace, console: Console) -> int:
    """Print the due day; with `--explain` every day counted or skipped. What may still change is said on stderr."""
    check_answer(options)
    calendar = calendar_of(options)
    limit = TimeLimit.parse(options.limit.strip(), day=options.day) if options.day else read_limit(options.limit.strip())
    answer = answered(
        options, console, deadline, limit, _start(options.start), calendar, hours=options.hours,
        first_day=options.first_day, roll=options.roll, ends=options.ends, rest_day_same_day=options.rest_day_same_day,
    )  # fmt: skip
    if options.explain:
        grid = Grid(_DAYS, [(step.date, step.counted, step.reason, step.source) for step in answer.steps])
    else:
        grid = Grid(_DUE, [(options.start, str(limit), answer.due, answer.official)])
    day = answer.explain(console.lang) if options.explain else answer.due.isoformat()
    tell(console, options.format, answer.to_dict(), grid, lambda: console.picture(day))
    for warning in answer.warnings if not options.explain or options.format != "text" else ():
        console.note(warning)
    return 0


_DUE: Final = (
    ("start", Words("start", "起算")),
    ("limit", Words("limit", "时限")),
    ("due", Words("due", "到期")),
    ("official", Words("fixed by notices", "通知已定")),
)
_DAYS: Final = (
    ("date", Words("day", "日期")),
    ("counted", Words("counted", "计入")),
    ("reason", Words("why", "原因")),
    ("source", Words("source", "依据")),
)


def _start(text: str) -> date:
    """A day, or a moment where a time is written; without an offset it is local to the calendar."""
    return read_moment(text, zone=None) if ":" in text or "：" in text else read_date(text)

"""A deadline as months to look at: the days counted numbered, the days skipped marked with their reason, start and due day marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from govservice.calendars.days import LABELS
from govservice.calendars.months import weeks
from govservice.calendars.runs import spelled
from govservice.counting.asked import DAY, day_of
from govservice.counting.result import Deadline
from govservice.counting.step import Step
from govservice.decimals import half_even, shortest
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit
from govservice.show.calendar import MARKS
from govservice.show.grid import (
    COLOURS,
    FIXED,
    FULL_WEEKDAYS,
    UNFIXED,
    Cell,
    Look,
    bullets,
    framed,
    heading,
    legend,
    month_table,
    month_title,
    side_by_side,
)

LONG = 4  # months; more are drawn smaller
STARTS, DUE, PAUSED = Words("from", "起"), Words("due", "止"), Words("P", "停")
COUNTED = ("#0b4a2b", "#dff3e6")
STOPPED = ("#6b3d00", "#fdeecb")
START_BORDER, DUE_BORDER, MAYBE_BORDER = "2px solid #16181d", "3px solid #b3140f", "2px dotted #b3140f"
MEANINGS = {
    "counted": Words("counted (with its number)", "计入的日子（数字为第几天）"),
    "ran": Words("time that ran on the day", "当日计入的时间"),
    "makeup_workday": LABELS["makeup_workday"],
    "holiday": LABELS["holiday"],
    "weekend": LABELS["weekend"],
    "paused": Words("paused, not counted", "中止，不计入"),
    "start": Words("start", "起算"),
    "due": Words("due day", "届满日"),
    "maybe": Words("possible due day, by the arrangements of past years", "可能的届满日（按历年安排推算）"),
    "provisional": Words("provisional, not yet announced", "暂定，尚未公布"),
}


class Told(NamedTuple):
    """One day of the picture: its steps, and what it is called there: `counted` is its number, or the time that ran on it."""

    day: date
    steps: tuple[Step, ...]
    counted: str


def picture(deadline: Deadline, lang: Lang) -> str:
    """`Deadline.to_html`."""
    days = {told.day: told for told in _told(deadline, lang)}
    fixed = (day_of(deadline.start), deadline.due_on, deadline.earliest, deadline.latest)
    first, last = min(*fixed[: 4 if deadline.backward else 1], *days), max(*fixed, *days) if deadline.backward else max(fixed[1:])
    months = _months(first, last)
    used: set[str] = set()
    tables = [
        month_table(
            month_title(year, month, lang),
            [[None if day is None else _cell(deadline, day, days.get(day), used, lang) for day in week] for week in weeks(year, month)],
            lang,
        )
        for year, month in months
    ]
    inside = heading(_sentence(deadline).text(lang)) + _notes(deadline, lang) + side_by_side(tables)
    inside += bullets(_reasons(deadline, lang)) + legend(_signs(used, lang))
    return framed(inside, lang, text_px=14 if len(months) <= LONG else 12)


def _sentence(deadline: Deadline) -> Words:
    """The answer in one line, with the extensions, which the days numbered include."""
    extensions = [TimeLimit(value, unit) for value, unit in deadline.asked.get("extensions", ())]
    if not extensions:
        return deadline.headline
    more = Words(", ".join(extension.text("en") for extension in extensions), "、".join(map(str, extensions)))
    return Words(f"{deadline.headline.en} (extended by {more.en})", f"{deadline.headline.zh}（延长{more.zh}）")


def _notes(deadline: Deadline, lang: Lang) -> str:
    notes = bullets(note.text(lang) for note in deadline.notes)
    return f'<div style="margin-bottom:10px">{notes}</div>' if notes else ""


def _told(deadline: Deadline, lang: Lang) -> Iterator[Told]:
    number = 0
    for day, steps in groupby(deadline.steps, key=lambda step: step.date):
        of_day = tuple(steps)
        length = sum((_length(step) for step in of_day if step.counted), timedelta(0))
        whole = any(step.counted and step.from_at is None for step in of_day)
        number += whole
        yield Told(day, of_day, str(number) if whole else _clock_time(length, lang) if length else "")


def _length(step: Step) -> timedelta:
    """How long a stretch ran; summer time is looked through."""
    if step.from_at is None or step.until_at is None:
        return timedelta(0)
    start, end = (moment if moment.tzinfo is None else moment.astimezone(UTC) for moment in (step.from_at, step.until_at))
    return end - start


def _clock_time(length: timedelta, lang: Lang) -> str:
    if length < timedelta(hours=1):
        minutes = -(-length // timedelta(minutes=1))
        return f"{minutes}m" if lang == "en" else f"{minutes}分"
    hours = half_even(Fraction(length // timedelta(seconds=1), 3600), 1)
    return f"{shortest(hours)}{'h' if lang == 'en' else '时'}"


def _months(first: date, last: date) -> list[tuple[int, int]]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers]


def _cell(deadline: Deadline, day: date, told: Told | None, used: set[str], lang: Lang) -> Cell:
    steps = () if told is None else told.steps
    kinds = {step.day_kind for step in steps}
    counted = any(step.counted for step in steps)
    paused = any(step.paused for step in steps)
    provisional = any(not step.official for step in steps)
    in_hours = any(step.counted and step.from_at is not None for step in steps)
    kind = (
        "ran"
        if in_hours
        else "counted"
        if counted
        else "paused"
        if paused
        else next((rest for rest in ("holiday", "weekend") if rest in kinds), None)
    )
    marks = [told.counted] if told is not None and told.counted else []
    if "makeup_workday" in kinds:
        marks.insert(0, MARKS["makeup_workday"].text(lang))
    if paused:
        marks.append(PAUSED.text(lang))
    elif kind == "holiday":
        marks.append(MARKS["holiday"].text(lang))
    place = _place(deadline, day, rests="holiday" in kinds)
    if place in {"start", "due"}:
        marks.insert(0, (STARTS if place == "start" else DUE).text(lang))
    used |= {sign for sign in (kind, place, "provisional" if provisional else None) if sign}
    used |= {day_kind for day_kind in kinds if day_kind == "makeup_workday"}
    ink, ground = COUNTED if counted else STOPPED if paused else COLOURS.get(kind or "", COLOURS["workday"])
    border = _BORDERS.get(place or "", UNFIXED if provisional else FIXED)
    return Cell(day.day, " ".join(marks), _title(day, told, place, lang), Look(ink, ground, border, striped=provisional))


_BORDERS = {"start": START_BORDER, "due": DUE_BORDER, "maybe": MAYBE_BORDER}


def _place(deadline: Deadline, day: date, *, rests: bool) -> str | None:
    """What the day is to the whole deadline. A holiday between two days that it can fall on is hardly one itself."""
    if day == deadline.due_on:
        return "due"
    if day == day_of(deadline.start):
        return "start"
    return "maybe" if deadline.earliest <= day <= deadline.latest and not rests else None


def _title(day: date, told: Told | None, place: str | None, lang: Lang) -> str:
    parts = [f"{day} {FULL_WEEKDAYS[lang][day.weekday()]}"]
    if place is not None:
        parts.append(MEANINGS[place].text(lang))
    for step in () if told is None else told.steps:
        clock = "" if step.from_at is None or step.until_at is None else f"{_time(step.from_at)}-{_time(step.until_at)} "
        parts += [clock + step.reason.text(lang), step.source or ""]
    return " · ".join(part for part in parts if part)


def _time(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def _reasons(deadline: Deadline, lang: Lang) -> Iterator[str]:
    """The days skipped for more than a plain weekend, in runs: paper shows no titles."""
    runs: list[list[Step]] = []
    for step in deadline.steps:
        if step.counted or step.day_kind == "weekend" or step.from_at is not None:
            continue
        if runs and step.date - runs[-1][-1].date == DAY and (step.reason, step.source) == (runs[-1][-1].reason, runs[-1][-1].source):
            runs[-1].append(step)
        else:
            runs.append([step])
    for run in runs:
        source = run[0].source or ""
        cite = "" if not source else f"〔{source}〕" if lang == "zh" else f" [{source}]"
        yield f"{spelled(run[0].date, run[-1].date, lang)} {run[0].reason.text(lang)}{cite}"


def _signs(used: set[str], lang: Lang) -> Iterator[tuple[str, str, Look]]:
    """What stands in this picture and means something."""
    signs = {
        "counted": ("1", Look(*COUNTED)),
        "ran": ("8h" if lang == "en" else "8时", Look(*COUNTED)),
        "makeup_workday": (MARKS["makeup_workday"].text(lang), Look(*COUNTED)),
        "holiday": (MARKS["holiday"].text(lang), Look(*COLOURS["holiday"])),
        "weekend": ("6", Look(*COLOURS["weekend"])),
        "paused": (PAUSED.text(lang), Look(*STOPPED)),
        "start": (STARTS.text(lang), Look(border=START_BORDER)),
        "due": (DUE.text(lang), Look(border=DUE_BORDER)),
        "maybe": ("~", Look(border=MAYBE_BORDER)),
        "provisional": ("\u2007", Look(border=UNFIXED, striped=True)),
    }
    for name, (sign, look) in signs.items():
        if name in used:
            yield sign, MEANINGS[name].text(lang), look

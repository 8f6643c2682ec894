"""One day, or stretch of a day, of a deadline's counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from govservice.as_json import AsJson
from govservice.calendars import Kind
from govservice.errors import Lang, Words

__all__ = ["Step"]

_WEEKDAYS = (("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "一二三四五六日")


@dataclass(frozen=True, slots=True, repr=False)
class Step(AsJson):
    """One day of the counting: `date`, whether it `counted`, the `reason`, and the `source` (a notice or an article).

    `source` is None where the caller said so (a pause without a source of its own, an extension). Where time runs by the clock a
    step is a stretch of a day, from `from_at` until `until_at`, and the counted stretches sum to the limit. `day_kind` is what the
    calendar says of the day and `official` whether a notice fixes it, where the calendar was asked; `paused` that a pause stopped it.

    >>> print(Step(date(2026, 3, 3), True, Words("working day 1 of 5", "第1个工作日（共5个）"), "国办发明电〔2025〕7号").text())
    2026-03-03 Tue  +  working day 1 of 5 [国办发明电〔2025〕7号]
    """

    date: date
    counted: bool
    reason: Words
    source: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    day_kind: Kind | None = None
    official: bool = True
    paused: bool = False

    def text(self, lang: Lang = "en") -> str:
        """The step as a line: `+` counted, `-` skipped.

        >>> Step(date(2026, 3, 2), False, Words("the day it starts is not counted", "起始日不计入"), "民法典 201").text("zh")
        '2026-03-02 周一  -  起始日不计入〔民法典 201〕'
        """
        day = f"{self.date} {_weekday(self.date, lang)}"
        if self.from_at is not None and self.until_at is not None:
            day += f" {clock(self.from_at)}-{'24:00' if self.until_at.date() > self.date else clock(self.until_at)}"
        source = "" if self.source is None else f"〔{self.source}〕" if lang == "zh" else f" [{self.source}]"
        return f"{day}  {'+' if self.counted else '-'}  {self.reason.text(lang)}{source}"


def clock(at: datetime) -> str:
    """The clock time, to the minute, or to the second where it has any."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _weekday(day: date, lang: Lang) -> str:
    english, chinese = _WEEKDAYS
    return f"周{chinese[day.weekday()]}" if lang == "zh" else english[day.weekday()]

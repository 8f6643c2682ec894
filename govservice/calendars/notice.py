"""A holiday notice: which days it makes rest days and which it makes workdays, and its file, read with every fault at its line.

number: 国办发明电〔2025〕7号      # or title: where the notice has no number
issued_on: 2025-11-04
inferred: true                    # only where the day of issue is not printed on the notice
year: 2026
amends: 国办发明电〔2024〕1号      # only where it changes an earlier notice
rest_days:
  元旦: 2026-01-01 to 2026-01-03
makeup_workdays:
  春节: [2026-02-14, 2026-02-28]
ordinary_days: [2026-04-05]       # only in an amendment: days that it makes ordinary again
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

from govservice.errors import CalendarError, Words
from govservice.upward import machinery

__all__ = ["CalendarNotice", "NoticeDay"]

Named = tuple[tuple[date, str], ...]


class NoticeDay(NamedTuple):
    """A day that a notice moves, and the holiday that it belongs to; written as its day.

    >>> NoticeDay(date(2026, 1, 1), "元旦").isoformat()
    '2026-01-01'
    """

    date: date
    holiday: str

    def isoformat(self) -> str:
        return self.date.isoformat()


SATURDAY = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")  # strftime would follow the locale


@dataclass(frozen=True, slots=True)
class CalendarNotice:
    """One published notice about the days of a year.

    `number` or, where it has none, `title` is how it is cited. `rest_days` and `makeup_workdays` pair each day with its holiday;
    `ordinary_days` are days that an amendment makes ordinary again. Days lie in `year` or in December of the year before.
    `inferred` says that the day of issue is not printed on the notice. A CalendarError where the notice contradicts itself.

    >>> new_year = ((date(2031, 1, 1), "元旦"),)
    >>> CalendarNotice(year=2031, number="国办发明电〔2030〕1号", issued_on=date(2030, 11, 5), rest_days=new_year).cite
    '国办发明电〔2030〕1号'
    """

    year: int
    issued_on: date
    number: str | None = None
    title: str | None = None
    inferred: bool = False
    amends: str | None = None
    rest_days: Named = ()
    makeup_workdays: Named = ()
    ordinary_days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        for name in ("rest_days", "makeup_workdays"):
            object.__setattr__(self, name, tuple(NoticeDay(*pair) for pair in getattr(self, name)))
        faults = contradictions(
            year=self.year,
            cite=self.cite,
            amends=self.amends,
            rest_days=self.rest_days,
            makeup_workdays=self.makeup_workdays,
            ordinary_days=self.ordinary_days,
        )
        for _day, what, hint in faults:
            raise CalendarError(what, hint=hint, id=self.cite or None)

    @property
    def cite(self) -> str:
        """Its number, or its title where it has none.

        >>> china_2013 = CalendarNotice(year=2013, issued_on=date(2012, 12, 10), title="国务院办公厅关于2013年部分节假日安排的通知")
        >>> china_2013.cite
        '国务院办公厅关于2013年部分节假日安排的通知'
        """
        return self.number or self.title or ""

    @property
    def digest(self) -> str:
        """A fingerprint of everything the notice says.

        >>> len(CalendarNotice(year=2031, number="1号", issued_on=date(2030, 11, 5)).digest)
        64
        """
        return hashlib.sha256(repr(self.to_dict()).encode()).hexdigest()

    @classmethod
    def read(cls, path: Any) -> CalendarNotice | None:
        """Reads a notice file; None where the file is empty: the year is not announced yet.

        Every fault of the file is reported at once, each with its line, as one CalendarError.

        >>> CalendarNotice.read(files("govservice.calendars") / "notices" / "2026.yaml").issued_on
        datetime.date(2025, 11, 4)
        """
        return cast("CalendarNotice | None", machinery("calendars.noticefile:read_notice")(path))

    def to_dict(self) -> dict[str, Any]:
        """The notice as plain values for JSON; `from_dict` reads it back.

        >>> CalendarNotice(year=2031, number="1号", issued_on=date(2030, 11, 5)).to_dict()["issued_on"]
        '2030-11-05'
        """
        return {
            "number": self.number,
            "title": self.title,
            "issued_on": self.issued_on.isoformat(),
            "inferred": self.inferred,
            "year": self.year,
            "amends": self.amends,
            "rest_days": [[day.isoformat(), name] for day, name in self.rest_days],
            "makeup_workdays": [[day.isoformat(), name] for day, name in self.makeup_workdays],
            "ordinary_days": [day.isoformat() for day in self.ordinary_days],
        }

    def to_yaml(self) -> str:
        """The notice as the text of a notice file; `read` gives the same notice back.

        >>> notice = CalendarNotice(year=2031, number="1号", issued_on=date(2030, 11, 5), rest_days=((date(2031, 1, 1), "元旦"),))
        >>> print(notice.to_yaml(), end="")
        number: 1号
        issued_on: 2030-11-05
        year: 2031
        rest_days:
          元旦: [2031-01-01]
        """
        return cast(str, machinery("calendars.noticefile:written_notice")(self))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CalendarNotice:
        """The notice that `to_dict` wrote.

        >>> notice = CalendarNotice(year=2031, number="1号", issued_on=date(2030, 11, 5), rest_days=((date(2031, 1, 1), "元旦"),))
        >>> CalendarNotice.from_dict(notice.to_dict()) == notice
        True
        """
        return cls(
            number=values["number"],
            title=values["title"],
            issued_on=date.fromisoformat(values["issued_on"]),
            inferred=values["inferred"],
            year=values["year"],
            amends=values["amends"],
            rest_days=tuple((date.fromisoformat(day), name) for day, name in values["rest_days"]),
            makeup_workdays=tuple((date.fromisoformat(day), name) for day, name in values["makeup_workdays"]),
            ordinary_days=tuple(date.fromisoformat(day) for day in values["ordinary_days"]),
        )


def contradictions(
    *, year: int, cite: str | None, amends: str | None, rest_days: Named, makeup_workdays: Named, ordinary_days: tuple[date, ...]
) -> Iterator[tuple[date | None, Words, Words]]:
    """What a notice cannot mean: the day it is about (None for the whole), the fault, and what to do."""
    if not cite:
        yield (
            None,
            Words("a notice needs its number", "通知缺少文号"),
            Words("add number:, or title: where it has none", "请写 number:，没有文号的写 title:"),
        )
    if ordinary_days and not amends:
        yield (
            ordinary_days[0],
            Words("only an amendment makes a day ordinary again", "只有修改通知才能恢复平常日"),
            Words("add amends: with the number of the notice that it changes", "请用 amends: 写明所修改通知的文号"),
        )
    seen: dict[date, str] = {}
    listed = [("rest_days", day) for day, _ in rest_days] + [("makeup_workdays", day) for day, _ in makeup_workdays]
    for key, day in listed + [("ordinary_days", day) for day in ordinary_days]:
        if day in seen:
            yield day, *_twice(day, seen[day], key)
        seen[day] = key
        if not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
            yield (
                day,
                Words(f"{day} is outside the year {year} of the notice", f"{day} 不在通知的年份 {year} 之内"),
                Words("a notice names days of its year and of December before it", "通知只涉及当年及上一年12月的日子"),
            )
        if key == "makeup_workdays" and day.weekday() < SATURDAY:
            yield (
                day,
                Words(
                    f"{day} is a {WEEKDAYS[day.weekday()]}: a make-up workday falls on a Saturday or Sunday",
                    f"{day} 是周{'一二三四五'[day.weekday()]}：补班日应为周六或周日",
                ),
                Words(
                    "check the date; a cancelled rest day is an ordinary day of an amendment",
                    "请核对日期；取消的休息日写在修改通知的 ordinary_days",
                ),
            )


def _twice(day: date, before: str, now: str) -> tuple[Words, Words]:
    if before == now:
        return Words(f"{day} stands twice in {now}", f"{day} 在 {now} 中出现两次"), Words("leave one out", "请删去一处")
    return (
        Words(f"{day} stands in both {before} and {now}", f"{day} 同时出现在 {before} 和 {now}"),
        Words("a day is one or the other", "一日只能是其中之一"),
    )


@cache
def shipped_notices() -> tuple[CalendarNotice, ...]:
    """The notices that this version of the package carries."""
    folder = files("govservice.calendars") / "notices"
    read = (CalendarNotice.read(file) for file in sorted(folder.iterdir(), key=lambda file: file.name) if file.name.endswith(".yaml"))
    return tuple(notice for notice in read if notice is not None)

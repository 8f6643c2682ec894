"""Months and years of a calendar to look at, as text and as HTML: rest days, make-up workdays and provisional days marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from govservice.calendars.days import LABELS, Day
from govservice.calendars.grid import (
    COLOURS,
    FIXED,
    UNFIXED,
    WEEKDAYS,
    Cell,
    Look,
    framed,
    heading,
    legend,
    listed,
    month_table,
    month_title,
    side_by_side,
    weeks,
)
from govservice.calendars.runs import Run, runs, spelled
from govservice.errors import CalendarError, Lang, Words

if TYPE_CHECKING:
    from govservice.calendars.calendar import WorkCalendar

MARKS = {"holiday": Words("R", "休"), "makeup_workday": Words("W", "班")}
PROVISIONAL = Words("provisional", "暂定")
CELL = 6  # columns of a day: two digits, a mark two columns wide, a question mark, a space


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month of a calendar: `str()` is the Chinese text, a notebook shows the HTML.

    `weeks` are its weeks from Monday to Sunday, None for a day of another month. `name` is the calendar's.

    >>> from govservice import china
    >>> print(china().month(2026, 2))
                    2026年2月
    一    二    三    四    五    六    日
                                         1
     2     3     4     5     6     7     8
     9    10    11    12    13    14班  15休
    16休  17休  18休  19休  20休  21休  22休
    23休  24    25    26    27    28班
    2月14日 班 春节（国办发明电〔2025〕7号）
    2月15日至23日 休 春节（国办发明电〔2025〕7号）
    2月28日 班 春节（国办发明电〔2025〕7号）
    休 休息日  班 补班日
    """

    year: int
    month: int
    name: str
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the month, in order.

        >>> from govservice import china
        >>> len(china().month(2026, 2).days)
        28
        """
        return tuple(day for week in self.weeks for day in week if day is not None)

    def to_text(self, lang: Lang = "zh") -> str:
        """The month as text for a terminal, in Chinese or English.

        >>> from govservice import china
        >>> print(china().month(2026, 2).to_text("en").splitlines()[-1])
        R rest day  W make-up workday
        """
        lines = [*_grid(self, lang), *(_run_line(run, lang) for run in runs(self.days)), _legend(self.days, lang)]
        return "\n".join(line.rstrip() for line in lines if line)

    def to_html(self, lang: Lang = "zh") -> str:
        """The month as one piece of HTML that needs no other file.

        >>> from govservice import china
        >>> china().month(2026, 2).to_html().count("<td title=")
        28
        """
        return framed(_table(self, lang) + _html_runs(self.days, lang) + _html_legend(self.days, lang), lang)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


@dataclass(frozen=True, slots=True)
class YearView:
    """One year of a calendar, as its twelve months: `str()` is the Chinese text, a notebook shows the HTML.

    >>> from govservice import china
    >>> print(china().year(2026).to_text("en").splitlines()[0])
    2026 CN
    """

    year: int
    name: str
    months: tuple[MonthView, ...]

    def to_text(self, lang: Lang = "zh") -> str:
        """The year as text for a terminal: three months side by side, then the named days.

        >>> from govservice import china
        >>> print(china().year(2026).to_text("en").splitlines()[-1])
        R rest day  W make-up workday
        """
        lines = [f"{self.year if lang == 'en' else f'{self.year}年'} {self.name}"]
        for quarter in range(0, 12, 3):
            grids = [_grid(month, lang) for month in self.months[quarter : quarter + 3]]
            height = max(len(grid) for grid in grids)
            rows = zip(*([*grid, *[""] * (height - len(grid))] for grid in grids), strict=True)
            lines += ["", *("  ".join(set_cell_size(part, 7 * CELL) for part in row) for row in rows)]
        days = [day for month in self.months for day in month.days]
        lines += ["", *(_run_line(run, lang) for run in runs(days)), _legend(days, lang)]
        return "\n".join(line.rstrip() for line in lines).rstrip()

    def to_html(self, lang: Lang = "zh") -> str:
        """The year as one piece of HTML that needs no other file.

        >>> from govservice import china
        >>> china().year(2026).to_html().count("<table")
        12
        """
        title = heading(f"{self.year if lang == 'en' else f'{self.year}年'} {self.name}")
        tables = side_by_side(_table(month, lang) for month in self.months)
        days = [day for month in self.months for day in month.days]
        return framed(title + tables + _html_runs(days, lang) + _html_legend(days, lang), lang)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


def month_view(calendar: WorkCalendar, year: int, month: int) -> MonthView:
    """`WorkCalendar.month`."""
    if not 1 <= month <= 12:
        raise CalendarError(Words(f"a month is 1 to 12, not {month}", f"月份应为 1 至 12，不是 {month}"))
    if not 1 <= year <= 9999:
        raise CalendarError(Words(f"a year is 1 to 9999, not {year}", f"年份应为 1 至 9999，不是 {year}"))
    days = tuple(tuple(None if day is None else calendar.day(day) for day in week) for week in weeks(year, month))
    return MonthView(year, month, calendar.name, days)


def year_view(calendar: WorkCalendar, year: int) -> YearView:
    """`WorkCalendar.year`."""
    return YearView(year, calendar.name, tuple(month_view(calendar, year, month) for month in range(1, 13)))


def _title(view: MonthView, lang: Lang) -> str:
    title = month_title(view.year, view.month, lang)
    if any(not day.official for day in view.days):
        title += f" ({PROVISIONAL.en})" if lang == "en" else f"（{PROVISIONAL.zh}）"
    return title


# Text: columns are counted as a terminal shows them, a Chinese character two.


def _grid(view: MonthView, lang: Lang) -> list[str]:
    title = _title(view, lang)
    width = 7 * CELL
    heads = "".join(set_cell_size(head, CELL) for head in WEEKDAYS[lang])
    weeks = ["".join(set_cell_size(_cell(day, lang), CELL) for day in week) for week in view.weeks]
    return [" " * ((width - cell_len(title)) // 2) + title, heads, *weeks]


def _cell(day: Day | None, lang: Lang) -> str:
    if day is None:
        return ""
    return f"{day.date.day:>2}{_mark(day, lang)}{'' if day.official else '?'}"


def _mark(day: Day, lang: Lang) -> str:
    return MARKS[day.kind].text(lang) if day.kind in MARKS else ""


def _run_line(run: Run, lang: Lang) -> str:
    mark = MARKS[run.kind].text(lang)
    if lang == "en":
        return f"{spelled(run.first, run.last, lang)} {mark} {run.name or ''} ({run.source})"
    return f"{spelled(run.first, run.last, lang)} {mark} {run.name or ''}（{run.source}）"


def _signs(days: tuple[Day, ...] | list[Day], lang: Lang) -> list[tuple[str, str, str]]:
    """What the marks among some days mean: the sign, its meaning, its kind."""
    kinds = {day.kind for day in days}
    signs: list[tuple[str, str, str]] = [(MARKS[kind].text(lang), LABELS[kind].text(lang), kind) for kind in MARKS if kind in kinds]
    if any(not day.official for day in days):
        signs.append(("?", PROVISIONAL.text(lang), "provisional"))
    return signs


def _legend(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return "  ".join(f"{sign} {meaning}" for sign, meaning, _ in _signs(days, lang))


# HTML


def _table(view: MonthView, lang: Lang) -> str:
    return month_table(_title(view, lang), ((None if day is None else _html_day(day, lang) for day in week) for week in view.weeks), lang)


def _html_day(day: Day, lang: Lang) -> Cell:
    said = [day.date.isoformat(), day.label(lang), day.name, None if day.official else PROVISIONAL.text(lang), day.source]
    mark = _mark(day, lang) + ("" if day.official else "?")
    return Cell(day.date.day, mark, " · ".join(part for part in said if part), _look(day.kind, official=day.official))


def _look(kind: str, *, official: bool = True) -> Look:
    return Look(*COLOURS.get(kind, COLOURS["workday"]), border=FIXED if official else UNFIXED)


def _html_runs(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return listed(_run_line(run, lang) for run in runs(days))


def _html_legend(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return legend((sign, meaning, _look(kind, official=kind != "provisional")) for sign, meaning, kind in _signs(days, lang))

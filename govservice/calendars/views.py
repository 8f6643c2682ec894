"""Months and years of a calendar to look at, as text and as HTML: rest days, make-up workdays and provisional days marked."""

from __future__ import annotations

import calendar as weeks_of
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from govservice.calendars.days import LABELS, Day
from govservice.calendars.runs import Run, runs
from govservice.errors import CalendarError, Lang, Words

if TYPE_CHECKING:
    from govservice.calendars.calendar import WorkCalendar

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = {"en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "zh": ("一", "二", "三", "四", "五", "六", "日")}
FULL_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
MARKS = {"holiday": Words("R", "休"), "makeup_workday": Words("W", "班")}
PROVISIONAL = Words("provisional", "暂定")
CELL = 6  # columns of a day: two digits, a mark two columns wide, a question mark, a space
FONT = "font-family:'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
DAY_BOX = "width:34px;height:38px;padding:1px 0;text-align:center;vertical-align:top;border-radius:5px"
# Text on ground at 7:1 or more, so that the kinds are told apart by contrast and by mark, never by colour alone.
COLOURS = {
    "holiday": ("#8f1313", "#fde7e7"),
    "makeup_workday": ("#173f8a", "#e1ecfd"),
    "weekend": ("#4b515b", "#f4f5f7"),
    "workday": ("#16181d", "#ffffff"),
}


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
        return _framed(_table(self, lang) + _html_runs(self.days, lang) + _html_legend(self.days, lang), lang)

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
        title = f"{self.year if lang == 'en' else f'{self.year}年'} {escape(self.name)}"
        heading = f'<div role="heading" aria-level="2" style="font-size:1.3em;font-weight:600;margin:0 0 8px">{title}</div>'
        tables = "".join(_table(month, lang) for month in self.months)
        days = [day for month in self.months for day in month.days]
        grid = f'<div style="display:flex;flex-wrap:wrap;gap:12px 20px;align-items:flex-start">{tables}</div>'
        return _framed(heading + grid + _html_runs(days, lang) + _html_legend(days, lang), lang)

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
    weeks = weeks_of.Calendar(weeks_of.MONDAY).monthdayscalendar(year, month)
    days = tuple(tuple(calendar.day(date(year, month, number)) if number else None for number in week) for week in weeks)
    return MonthView(year, month, calendar.name, days)


def year_view(calendar: WorkCalendar, year: int) -> YearView:
    """`WorkCalendar.year`."""
    return YearView(year, calendar.name, tuple(month_view(calendar, year, month) for month in range(1, 13)))


def _title(view: MonthView, lang: Lang) -> str:
    title = f"{MONTHS[view.month - 1]} {view.year}" if lang == "en" else f"{view.year}年{view.month}月"
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
        return f"{_span(run, lang)} {mark} {run.name or ''} ({run.source})"
    return f"{_span(run, lang)} {mark} {run.name or ''}（{run.source}）"


def _span(run: Run, lang: Lang) -> str:
    if lang == "en":
        return f"{run.first}" if run.first == run.last else f"{run.first} to {run.last}"
    first = f"{run.first.month}月{run.first.day}日"
    if run.first == run.last:
        return first
    return f"{first}至{run.last.day}日" if run.first.month == run.last.month else f"{first}至{run.last.month}月{run.last.day}日"


def _signs(days: tuple[Day, ...] | list[Day], lang: Lang) -> list[tuple[str, str, str]]:
    """What the marks among some days mean: the sign, its meaning, its kind."""
    kinds = {day.kind for day in days}
    signs: list[tuple[str, str, str]] = [(MARKS[kind].text(lang), LABELS[kind].text(lang), kind) for kind in MARKS if kind in kinds]
    if any(not day.official for day in days):
        signs.append(("?", PROVISIONAL.text(lang), "provisional"))
    return signs


def _legend(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return "  ".join(f"{sign} {meaning}" for sign, meaning, _ in _signs(days, lang))


# HTML: styles stand on the elements, for a notebook may drop a style sheet.


def _framed(inside: str, lang: Lang) -> str:
    ground = "background:#ffffff;color:#16181d;padding:12px;display:inline-block;max-width:100%;box-sizing:border-box"
    return f'<div lang="{"en" if lang == "en" else "zh-CN"}" style="{FONT};font-size:14px;line-height:1.35;{ground}">{inside}</div>'


def _table(view: MonthView, lang: Lang) -> str:
    caption = (
        f'<caption style="caption-side:top;font-weight:600;padding:4px;color:#16181d;text-align:center">{_title(view, lang)}</caption>'
    )
    head = "".join(
        f'<th scope="col" abbr="{full}" style="width:34px;padding:4px 0;font-weight:500;color:#595f69;text-align:center">{short}</th>'
        for short, full in zip(WEEKDAYS[lang], FULL_WEEKDAYS[lang], strict=True)
    )
    rows = "".join(f"<tr>{_html_week(week, lang)}</tr>" for week in view.weeks)
    style = "border-collapse:separate;border-spacing:2px;margin:0"
    return f'<table style="{style}">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _html_week(week: tuple[Day | None, ...], lang: Lang) -> str:
    return "".join(_html_day(day, lang) if day else '<td aria-hidden="true" style="border:0;background:#ffffff"></td>' for day in week)


def _html_day(day: Day, lang: Lang) -> str:
    ink, ground = COLOURS[day.kind]
    border = "1px solid transparent" if day.official else "1px dashed #a35b00"
    said = [day.date.isoformat(), day.label(lang), day.name, None if day.official else PROVISIONAL.text(lang), day.source]
    title = escape(" · ".join(part for part in said if part), quote=True)
    mark = _mark(day, lang) + ("" if day.official else "?")
    badge = f'<span style="display:block;font-size:10px;line-height:12px;min-height:12px;font-weight:600">{mark}</span>'
    style = f"{DAY_BOX};border:{border};color:{ink};background:{ground}"
    return f'<td title="{title}" style="{style}">{day.date.day}{badge}</td>'


def _html_runs(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    items = "".join(f"<li>{escape(_run_line(run, lang))}</li>" for run in runs(days))
    return f'<ul style="margin:10px 0 0;padding-left:1.2em;color:#16181d">{items}</ul>' if items else ""


def _html_legend(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    parts = []
    for sign, meaning, kind in _signs(days, lang):
        ink, ground = COLOURS.get(kind, ("#16181d", "#ffffff"))
        border = "1px dashed #a35b00" if kind == "provisional" else "1px solid transparent"
        chip = f"display:inline-block;min-width:1.5em;text-align:center;border-radius:4px;border:{border};color:{ink};background:{ground}"
        parts.append(f'<span style="margin-right:14px"><span style="{chip}">{sign}</span> {meaning}</span>')
    return f'<p style="margin:8px 0 0;color:#16181d">{"".join(parts)}</p>' if parts else ""

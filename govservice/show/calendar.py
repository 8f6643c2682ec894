"""Months and years of a calendar to look at, as text and as HTML: rest days, make-up workdays and provisional days marked."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from govservice.calendars.days import LABELS, Day
from govservice.calendars.months import MonthView, YearView
from govservice.calendars.runs import DayRun, runs, spelled
from govservice.errors import Lang, Words
from govservice.show.grid import (
    COLOURS,
    FIXED,
    UNFIXED,
    WEEKDAYS,
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

MARKS = {"holiday": Words("R", "休"), "makeup_workday": Words("W", "班")}
PROVISIONAL = Words("provisional", "暂定")
CELL = 6  # columns of a day: two digits, a mark two columns wide, a question mark, a space


def month_text(view: MonthView, lang: Lang) -> str:
    """A month as text for a terminal."""
    lines = [*_grid(view, lang), *(_run_line(run, lang) for run in runs(view.days)), _legend(view.days, lang)]
    return "\n".join(line.rstrip() for line in lines if line)


def month_html(view: MonthView, lang: Lang) -> str:
    """A month as one piece of HTML."""
    return framed(_table(view, lang) + _html_runs(view.days, lang) + _html_legend(view.days, lang), lang)


def year_text(view: YearView, lang: Lang) -> str:
    """A year as text for a terminal: three months side by side, then the named days."""
    lines = [f"{view.year if lang == 'en' else f'{view.year}年'} {view.name}"]
    for quarter in range(0, 12, 3):
        grids = [_grid(month, lang) for month in view.months[quarter : quarter + 3]]
        height = max(len(grid) for grid in grids)
        rows = zip(*([*grid, *[""] * (height - len(grid))] for grid in grids), strict=True)
        lines += ["", *("  ".join(set_cell_size(part, 7 * CELL) for part in row) for row in rows)]
    days = [day for month in view.months for day in month.days]
    lines += ["", *(_run_line(run, lang) for run in runs(days)), _legend(days, lang)]
    return "\n".join(line.rstrip() for line in lines).rstrip()


# Only this one element is printed on a page of its own; `page:` names it, so that no other page of a document follows the rule.
_SHEET = (
    "<style>@page gs-year{size:A4 portrait;margin:9mm 10mm}@media print{"
    ".gs-year{page:gs-year;display:block!important;font-size:9.6px!important;padding:0!important;break-inside:avoid}"
    ".gs-year .gs-row{display:grid!important;grid-template-columns:repeat(3,1fr);gap:5px 14px!important}"
    ".gs-year table{width:100%}.gs-year td{height:2.25em!important}"
    ".gs-year .gs-lines{columns:2;margin:5px 0 0!important}}</style>"
)


def year_page(view: YearView, lang: Lang) -> str:
    """A year as one piece of HTML that prints on one sheet of A4."""
    return _SHEET + year_html(view, lang)


def year_html(view: YearView, lang: Lang) -> str:
    """A year as one piece of HTML, within another page."""
    title = heading(f"{view.year if lang == 'en' else f'{view.year}年'} {view.name}")
    tables = side_by_side(_table(month, lang) for month in view.months)
    days = [day for month in view.months for day in month.days]
    return framed(title + tables + _html_runs(days, lang) + _html_legend(days, lang), lang, name="gs-year")


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


def _run_line(run: DayRun, lang: Lang) -> str:
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
    parts = [day.date.isoformat(), day.label(lang), day.name, None if day.official else PROVISIONAL.text(lang), day.source]
    mark = _mark(day, lang) + ("" if day.official else "?")
    return Cell(day.date.day, mark, " · ".join(part for part in parts if part), _look(day.kind, official=day.official))


def _look(kind: str, *, official: bool = True) -> Look:
    return Look(*COLOURS.get(kind, COLOURS["workday"]), border=FIXED if official else UNFIXED)


def _html_runs(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return bullets(_run_line(run, lang) for run in runs(days))


def _html_legend(days: tuple[Day, ...] | list[Day], lang: Lang) -> str:
    return legend((sign, meaning, _look(kind, official=kind != "provisional")) for sign, meaning, kind in _signs(days, lang))

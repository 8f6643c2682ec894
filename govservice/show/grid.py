"""Months as HTML tables: the pieces of every calendar picture. Styles stand on the elements, for a notebook may drop a style sheet."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from govservice.errors import Lang, known_lang

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = {"en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "zh": ("一", "二", "三", "四", "五", "六", "日")}
FULL_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
FONT = "font-family:'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
INK = "#16181d"
# Text on ground at 7:1 or more, so that the kinds are told apart by contrast and by mark, never by colour alone.
COLOURS = {
    "holiday": ("#8f1313", "#fde7e7"),
    "makeup_workday": ("#173f8a", "#e1ecfd"),
    "weekend": ("#4b515b", "#f4f5f7"),
    "workday": (INK, "#ffffff"),
}
FIXED, UNFIXED = "1px solid transparent", "1px dashed #a35b00"
PRINTED = "-webkit-print-color-adjust:exact;print-color-adjust:exact"  # a printer leaves grounds out unless told


class Look(NamedTuple):
    """How a day stands out: text and ground colour, border, and stripes over the ground."""

    ink: str = INK
    ground: str = "#ffffff"
    border: str = FIXED
    striped: bool = False

    @property
    def style(self) -> str:
        """As style declarations."""
        stripes = ";background-image:repeating-linear-gradient(135deg,transparent 0 4px,rgba(163,91,0,.22) 4px 6px)" if self.striped else ""
        return f"border:{self.border};color:{self.ink};background-color:{self.ground}{stripes}"


class Cell(NamedTuple):
    """One day of a month: its number, the mark under it, what it says when pointed at, and its look."""

    number: int
    mark: str
    title: str
    look: Look


def month_title(year: int, month: int, lang: Lang) -> str:
    """A month by name."""
    return f"{MONTHS[month - 1]} {year}" if known_lang(lang) == "en" else f"{year}年{month}月"


def month_table(title: str, days: Iterable[Iterable[Cell | None]], lang: Lang) -> str:
    """One month as a table; lengths are relative, so that a frame of smaller text is a smaller table."""
    caption = f'<caption style="caption-side:top;font-weight:600;padding:4px;color:{INK};text-align:center">{escape(title)}</caption>'
    head = "".join(
        f'<th scope="col" abbr="{full}" style="width:2.43em;padding:4px 0;font-weight:500;color:#595f69;text-align:center">{short}</th>'
        for short, full in zip(WEEKDAYS[lang], FULL_WEEKDAYS[lang], strict=True)
    )
    rows = "".join(f"<tr>{''.join(map(_cell, week))}</tr>" for week in days)
    style = "border-collapse:separate;border-spacing:2px;margin:0;font-size:1em;break-inside:avoid"
    return f'<table style="{style}">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return '<td aria-hidden="true" style="border:0;background:#ffffff"></td>'
    small = "display:block;font-size:.72em;line-height:1.2;min-height:1.2em;font-weight:600;white-space:nowrap"
    box = "width:2.43em;height:2.71em;padding:1px 0;text-align:center;vertical-align:top;border-radius:5px"
    mark = f'<span style="{small}">{escape(cell.mark)}</span>'
    return f'<td title="{escape(cell.title, quote=True)}" style="{box};{cell.look.style};{PRINTED}">{cell.number}{mark}</td>'


def side_by_side(tables: Iterable[str]) -> str:
    """Month tables in a row that wraps."""
    return f'<div class="gs-row" style="display:flex;flex-wrap:wrap;gap:12px 20px;align-items:flex-start">{"".join(tables)}</div>'


def heading(text: str) -> str:
    """A heading above the months."""
    return f'<div role="heading" aria-level="2" style="font-size:1.3em;font-weight:600;margin:0 0 8px">{escape(text)}</div>'


def bullets(lines: Iterable[str]) -> str:
    """Lines under the months; nothing where there are none."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="gs-lines" style="margin:10px 0 0;padding-left:1.2em;color:{INK}">{items}</ul>' if items else ""


def legend(signs: Iterable[tuple[str, str, Look]]) -> str:
    """What the marks mean: sign, meaning, look."""
    chip = "display:inline-block;min-width:1.5em;padding:0 3px;text-align:center;border-radius:4px"
    parts = "".join(
        f'<span style="margin-right:14px;white-space:nowrap"><span style="{chip};{look.style};{PRINTED}">{escape(sign)}</span> '
        f"{escape(meaning)}</span> "
        for sign, meaning, look in signs
    )
    return f'<p style="margin:8px 0 0;color:{INK}">{parts}</p>' if parts else ""


def framed(inside: str, lang: Lang, *, text_px: int = 14, name: str = "gs-months") -> str:
    """A piece of HTML that needs no other file; `name` is its class, by which a style for print may speak of it."""
    ground = f"background:#ffffff;color:{INK};padding:12px;display:inline-block;max-width:100%;box-sizing:border-box"
    language = "en" if lang == "en" else "zh-CN"
    return f'<div class="{name}" lang="{language}" style="{FONT};font-size:{text_px}px;line-height:1.35;{ground}">{inside}</div>'

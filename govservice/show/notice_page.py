"""A notice as a page to print on A4, set as official documents are (GB/T 9704-2012): one copy a sheet, places to sign and to stamp."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from importlib.resources import files

from rich.cells import cell_len

from govservice.citing import in_chinese
from govservice.errors import Lang, Words, known_lang
from govservice.notice_places import BLANK
from govservice.notices import CopyOwed, NoticeOwed, PaperRows, Stated
from govservice.show import notice as words

__all__ = ["page"]

_MARGINS = "@page{size:A4;margin:37mm 26mm 35mm 28mm}@page wide{size:A4 landscape;margin:28mm 37mm 26mm 35mm}body{margin:0;background:#fff}"
_FACE = 'font:14pt SimSun,"宋体",STSong,"Noto Serif CJK SC",serif'
_PAGED = f'@page{{@bottom-center{{content:"— " counter(page) " —";{_FACE}}}}}'
_WIDE = 6  # columns from which a sheet is printed across
_MANY, _SHORT = 4, 18  # fields from which two stand in one row, and how wide such a one may be
_BRIEF = 16  # columns up to which a cell of a register is not broken
_LONG_SEAL = 36  # columns from which a seal has no place for the four characters that are kept free beside it
_NOWHERE = '<span class="line">&nbsp;</span>'


def page(notice: NoticeOwed, number: str | None, issued_on: date | None, blanks: bool, lang: Lang) -> str:
    """See `NoticeOwed.to_html`."""
    language = "zh-CN" if known_lang(lang) == "zh" else "en"
    words.check_complete(notice, blanks=blanks)
    number, issued_on = number or notice.number, issued_on or notice.issued_on
    copies = notice.copies if len(notice.copies) > 1 else ()
    sheets = "".join(_sheet(notice, copy, number, issued_on, lang, blanks=blanks) for copy in copies or (None,))
    pages = "".join(_told_below(place, copy, number, lang) for place, copy in enumerate(copies, 1)) or _PAGED
    style = files("govservice.show").joinpath("notice.css").read_text(encoding="utf-8")
    title = escape((notice.heading or notice.title).replace(BLANK, "　"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<style>{_MARGINS}{pages}{style}</style></head><body><div class="gs-notice" lang="zh-CN">{sheets}</div></body></html>'
    )


def _told_below(place: int, copy: CopyOwed, number: str | None, lang: Lang) -> str:
    """Of several copies the pages are not numbered through: each says below which number and copy it is of."""
    told = "　".join(filter(None, (number, words.copy_named(copy, lang))))
    said = "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in told)
    page = f'@page copy{place}{{@bottom-right{{content:"{said}";{_FACE};font-size:10.5pt}}}}'
    return f"{page}.sheet:nth-of-type({place}){{page:copy{place}}}"


def _sheet(notice: NoticeOwed, copy: CopyOwed | None, number: str | None, issued_on: date | None, lang: Lang, *, blanks: bool) -> str:
    """One sheet: the copy of one receiver, or the only one."""
    wide = notice.rows is not None and len(notice.rows.columns) >= _WIDE
    place = _numbered(number, lang) if words.is_numbered(notice, number) else ""
    parts = (
        f'<div class="head" role="heading" aria-level="1">{_filled(notice.heading or notice.title)}</div>',
        f'<div class="over"><span>{place}</span><span>{escape(_whose(notice, copy, lang))}</span></div>',
        _fields(notice, lang),
        _rows(notice.rows, lang) if notice.rows is not None else "",
        *(f"<p>{_filled(said)}</p>" for said in _said(notice, lang)),
        f'<p class="basis">{escape(words.source(notice, lang))}</p>' if notice.basis else "",
        _closing(notice, issued_on, lang),
        "".join(f'<p class="small">{escape(line)}</p>' for line in _foot(notice, lang, blanks=blanks)),
    )
    return f'<section class="sheet{" wide" if wide else ""}">{"".join(parts)}</section>'


def _filled(text: str) -> str:
    return escape(text).replace(BLANK, _NOWHERE)


def _numbered(number: str | None, lang: Lang) -> str:
    return Words("No. ", "编号：").text(lang) + (escape(number) if number else '<span class="line long">&nbsp;</span>')


def _whose(notice: NoticeOwed, copy: CopyOwed | None, lang: Lang) -> str:
    """Which copy this is and for whom; of the only one, for whom."""
    if copy is not None:
        return Words(f"{words.copy_named(copy, 'en')}: {copy.to}", f"{words.copy_named(copy, 'zh')}（{copy.to}）").text(lang)
    return Words(f"to {notice.copies[0].to}", f"送：{notice.copies[0].to}").text(lang) if notice.copies else ""


def _fields(notice: NoticeOwed, lang: Lang) -> str:
    """What it must state, a row each; of what it shows beside that, two short fields to a row, where there are many."""
    rows = [[field] for field in notice.fields]
    paired = len(notice.shows) >= _MANY
    open_row: list[Stated] = []
    for field in notice.shows:
        short = paired and not isinstance(field.value, tuple) and cell_len(words.cell(field.value, lang)) <= _SHORT
        if short and open_row:
            open_row.append(field)
            open_row = []
        else:
            rows.append([field])
            open_row = rows[-1] if short else []
    across = 3 if paired else 1
    body = "".join(
        f"<tr{_unbroken(row)}>{''.join(_field(field, across if len(row) == 1 else 1, lang) for field in row)}</tr>" for row in rows
    )
    return f'<table class="fields{" paired" if paired else ""}"><tbody>{body}</tbody></table>' if rows else ""


def _unbroken(row: list[Stated]) -> str:
    """A row that stays on one page; a list of many things goes on overleaf."""
    return "" if any(isinstance(field.value, tuple) and len(field.value) > 1 for field in row) else ' class="short"'


def _field(field: Stated, span: int, lang: Lang) -> str:
    across = f' colspan="{span}"' if span > 1 else ""
    return f"<th>{escape(field.label)}</th><td{across}>{_value(field, lang)}</td>"


def _value(field: Stated, lang: Lang) -> str:
    if isinstance(field.value, tuple) and len(field.value) > 1:
        return f"<ol>{''.join(f'<li>{escape(words.cell(part, lang))}</li>' for part in field.value)}</ol>"
    return escape(words.cell(field.value, lang))


def _rows(rows: PaperRows, lang: Lang) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in (Words("no.", "序号").text(lang), *rows.columns))
    body = "".join(
        f'<tr><td class="n">{number}</td>{"".join(_cell(value, lang) for value in row)}</tr>'
        for number, row in enumerate((*rows.rows, *(((None,) * len(rows.columns),) * (rows.lines - len(rows.rows)))), 1)
    )
    none = "" if body else f'<tr><td colspan="{len(rows.columns) + 1}">{Words("none", "（无）").text(lang)}</td></tr>'
    return f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>{body or none}</tbody></table>'


def _cell(value: object, lang: Lang) -> str:
    text = words.cell(value, lang)
    kind = ' class="date"' if isinstance(value, date) else ' class="brief"' if 0 < cell_len(text) <= _BRIEF else ""
    return f"<td{kind}>{escape(text)}</td>"


def _said(notice: NoticeOwed, lang: Lang) -> Iterator[str]:
    if again := words.earlier(notice, lang):
        yield again
    yield from (said.text for said in notice.says)
    yield from (note.text(lang) for note in notice.notes)


def _closing(notice: NoticeOwed, issued_on: date | None, lang: Lang) -> str:
    """Places to sign, the place of the stamp, the day."""
    colon = Words(": ", "：").text(lang)
    signed = "".join(f"<span>{escape(who)}{colon}{_NOWHERE}</span>" for who in notice.signed)
    stamp = Words(" (stamp)", "（盖章）").text(lang)
    seal = f'<div class="seal">{_filled(notice.seal)}{stamp}</div>' if notice.seal else ""
    long = " wide" if cell_len(f"{notice.seal or ''}{stamp}") > _LONG_SEAL else ""
    day = escape(words.day_written(issued_on, lang)) if issued_on is not None else _blank_day(lang)
    below = f'<div class="sealed{long}">{seal}<div class="day">{day}</div></div>'
    return f'<div class="closing">{f"<div class=signed>{signed}</div>" if signed else ""}{below}</div>'


def _blank_day(lang: Lang) -> str:
    blank = '<span class="line short">&nbsp;</span>'
    return Words(f"Date: {_NOWHERE}", f"{_NOWHERE}年{blank}月{blank}日").text(lang)


def _foot(notice: NoticeOwed, lang: Lang, *, blanks: bool) -> Iterator[str]:
    """To whom the copies go, the clause, what is still open or to be filled in."""
    if len(notice.copies) > 1:
        listed = [(words.copy_named(copy, lang), words.handed(copy, lang)) for copy in notice.copies]
        en = f"{len(listed)} copies: {'; '.join(f'{name} {to}' for name, to in listed)}"
        zh = f"一式{in_chinese(len(listed))}联：{'；'.join(f'{name} {to}' for name, to in listed)}"
        yield Words(en, zh).text(lang)
    elif notice.copies and (only := words.handed(notice.copies[0], lang)) != notice.copies[0].to:
        yield Words(f"to {only}", f"送：{only}").text(lang)
    for row in words.open_rows(notice.rows, lang, notice.labels) if notice.rows is not None else ():
        yield Words(f"open whether it is listed: {row}", f"是否列入尚未确定：{row}").text(lang)
    if blanks and (what := words.missing(notice, lang)):
        yield Words(f"to be filled in: {what}", f"待填：{what}").text(lang)
    if not notice.basis and (said := words.source(notice, lang)):
        yield said

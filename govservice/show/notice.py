"""A notice in words: the Chinese text to print, and what its page says in either language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from govservice.citing import in_chinese
from govservice.echo import in_lines
from govservice.errors import Lang, NoticeError, Words
from govservice.notices import CopyOwed, NoticeOwed, PaperRows, Stated
from govservice.show.values import needed, shown

__all__ = [
    "cell",
    "check_complete",
    "copy_named",
    "day_of_issue",
    "day_written",
    "handed",
    "is_numbered",
    "lacking",
    "missing",
    "source",
    "text",
]

_OF_A_ROW: Final = re.compile(r"[a-z_]+:\d+\.\w+")
_EACH: Final = 3  # rows that lack a fact and are named each
_AT_ONCE: Final = ("当天", "当场")


def text(notice: NoticeOwed, number: str | None, issued_on: date | None, blanks: bool) -> str:
    """See `NoticeOwed.to_text`."""
    check_complete(notice, blanks=blanks)
    number, issued_on = number or notice.number, issued_on or notice.issued_on
    lines = [notice.heading or notice.title]
    lines += [f"编号：{number or '__________'}"] if is_numbered(notice, number) else []
    lines += [f"日期：{day_of_issue(issued_on, 'zh')}", ""]
    for stated in (*notice.fields, *notice.shows):
        lines.extend(_field(stated))
    lines += _rows(notice.rows, notice.labels) if notice.rows is not None else []
    lines += [again] if (again := earlier(notice, "zh")) else []
    lines += [said.text for said in notice.says]
    lines += [note.zh for note in notice.notes]
    lines.append("") if lines[-1] else None
    lines += [_handed_out(notice.copies)] if notice.copies else []
    lines += [f"{who}：__________" for who in notice.signed]
    lines += [f"（盖章）{notice.seal}"] if notice.seal else []
    lines += [f"待填：{what}"] if (what := missing(notice, "zh")) and blanks else []
    lines += [said] if (said := source(notice, "zh")) else []
    return in_lines(lines)


def check_complete(notice: NoticeOwed, *, blanks: bool) -> None:
    """Raise NoticeError where it lacks what it must state, or it is open who gets a copy, unless blanks are wanted."""
    if notice.lacks and not blanks:
        raise NoticeError(
            Words(
                f"{notice.kind} lacks what it must state: {', '.join(lacking(notice, 'en'))}",
                f"{notice.title}缺少必须写明的内容：{'、'.join(lacking(notice, 'zh'))}",
            ),
            hint=Words("give these facts first", "请先补上这些事实"),
            id=notice.kind,
        )
    if notice.open_copies and not blanks:
        en = ", ".join(f"{copy.to} ({needed(copy.needs, 'en')})" for copy in notice.open_copies)
        zh = "、".join(f"{copy.to}（{needed(copy.needs, 'zh', notice.labels)}）" for copy in notice.open_copies)
        raise NoticeError(
            Words(f"{notice.kind}: it is open who gets a copy: {en}", f"{notice.title}：是否送达尚未确定：{zh}"),
            hint=Words("give these facts first", "请先补上这些事实"),
            id=notice.kind,
        )


def is_numbered(notice: NoticeOwed, number: str | None) -> bool:
    """Whether it has a place for a number: a register that nobody is handed has none, unless the book says how it is numbered."""
    return bool(number or notice.series is not None or notice.copies)


def missing(notice: NoticeOwed, lang: Lang) -> str:
    """What is left blank on it although it should stand there, in one line."""
    labels = {field.name: field.label for field in (*notice.fields, *notice.shows)}
    copies = [f"{copy.to}：{needed(copy.needs, lang, notice.labels)}" for copy in notice.open_copies]
    facts = (labels.get(name) or labels.get(name.rpartition(".")[2]) or needed((name,), lang, notice.labels) for name in notice.unknown)
    cells = _blank_cells(notice.rows, lang, notice.labels) if notice.rows is not None and not notice.rows.lines else ()
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys((*lacking(notice, lang), *facts, *copies, *cells)))


def lacking(notice: NoticeOwed, lang: Lang) -> tuple[str, ...]:
    """What it lacks of what it must state: fields by their labels, and tables that were not supplied, in Chinese by theirs."""
    return notice.lacks if lang == "en" else tuple(notice.labels.get(name, name) for name in notice.lacks)


def _blank_cells(rows: PaperRows, lang: Lang, labels: Mapping[str, str]) -> Iterator[str]:
    """What is missing in the cells of rows: of many rows the fact alone, with how many lack it."""
    rowless = Counter(need.rpartition(".")[2] if _OF_A_ROW.fullmatch(need) else None for need in rows.needs)
    several = {fact for fact, count in rowless.items() if fact is not None and count > _EACH}
    for need in rows.needs:
        fact = need.rpartition(".")[2]
        if _OF_A_ROW.fullmatch(need) and fact in several:
            called = labels.get(f"{need.partition(':')[0]}.{fact}") or needed((fact,), "zh", labels)
            yield Words(f"{fact} ({rowless[fact]} rows)", f"{called}（{rowless[fact]} 行）").text(lang)
        else:
            yield needed((need,), lang, labels)


def earlier(notice: NoticeOwed, lang: Lang) -> str:
    """That one of its kind was given before, and what this one adds; empty where none was."""
    if notice.earlier is None:
        return ""
    en = f"told before: {notice.earlier}" + (f"; new this time: {', '.join(notice.added)}" if notice.added else "")
    zh = f"此前已于{notice.earlier}告知" + (f"，本次增列：{'、'.join(notice.added)}" if notice.added else "")
    return Words(en, zh).text(lang)


def source(notice: NoticeOwed, lang: Lang) -> str:
    """The clause that it rests on, as papers cite it; its own number of the clause where the book names no document, empty without any."""
    named = notice.basis or notice.cite
    return Words(f"by {named}", f"依据：{named}").text(lang) if named else ""


def copy_named(copy: CopyOwed, lang: Lang) -> str:
    """Which copy it is: 第一联, copy 1."""
    return Words(f"copy {copy.number}", f"第{in_chinese(copy.number)}联").text(lang) if copy.number else ""


def handed(copy: CopyOwed, lang: Lang) -> str:
    """To whom a copy goes, by when, and to whom it goes on.

    >>> from govservice.notices import ForwardedTo
    >>> handed(CopyOwed("业务科", "当天", then=ForwardedTo("督查科", "登记")), "zh")
    '业务科（当天送达，登记后转督查科）'
    """
    en, zh = [], []
    if copy.within is not None:
        en.append(f"within {copy.within}")
        zh.append(f"{copy.within}{'' if copy.within in _AT_ONCE else '内'}送达")
    if copy.due_on is not None and copy.within not in _AT_ONCE:
        en.append(f"by {day_written(copy.due_on, 'en')}")
        zh.append(f"最迟{day_written(copy.due_on, 'zh')}")
    if copy.then is not None:
        after, within = copy.then.after, copy.then.within
        en.append(f"{f'after {after} ' if after else ''}on to {copy.then.to}{f' within {within}' if within else ''}")
        zh.append(f"{f'{after}后' if after else ''}{f'{within}内' if within else ''}转{copy.then.to}")
    return copy.to + Words(f" ({', '.join(en)})" if en else "", f"（{'，'.join(zh)}）" if zh else "").text(lang)


def _handed_out(copies: tuple[CopyOwed, ...]) -> str:
    if len(copies) == 1 and not copies[0].number > 1:
        return f"送：{handed(copies[0], 'zh')}"
    return f"一式{in_chinese(len(copies))}联：{'；'.join(copy_named(copy, 'zh') + handed(copy, 'zh') for copy in copies)}"


def day_of_issue(issued_on: date | None, lang: Lang) -> str:
    """The day of issue, or the blank for it."""
    return Words("____-__-__", "____年__月__日").text(lang) if issued_on is None else day_written(issued_on, lang)


def day_written(day: date, lang: Lang) -> str:
    """A day or moment as a notice writes it."""
    clock = day.strftime(" %H:%M") if isinstance(day, datetime) else ""
    return Words(f"{day:%Y-%m-%d}{clock}", f"{day.year}年{day.month}月{day.day}日{clock}").text(lang)


def cell(value: object, lang: Lang) -> str:
    """A value in a field or cell; empty where there is none to print."""
    if value is None:
        return ""
    return day_written(value, lang) if isinstance(value, date) else shown(value, lang)


def _field(stated: Stated) -> list[str]:
    if stated.value is None:
        return [f"{stated.label}：__________"]
    if isinstance(stated.value, tuple):
        return [f"{stated.label}：", *(f"  {index}. {cell(part, 'zh')}" for index, part in enumerate(stated.value, 1))]
    return [f"{stated.label}：{cell(stated.value, 'zh')}"]


def _rows(rows: PaperRows, labels: Mapping[str, str]) -> list[str]:
    """The rows, a line each; blank lines for hand where the book wants more than there are."""
    lines = [" | ".join(("序号", *rows.columns))]
    lines += [" | ".join((str(number), *(cell(value, "zh") for value in row))) for number, row in enumerate(rows.rows, 1)]
    lines += [" | ".join((str(number), *("" for _ in rows.columns))) for number in range(len(rows.rows) + 1, rows.lines + 1)]
    return lines + [f"是否列入尚未确定：{one}" for one in open_rows(rows, "zh", labels)]


def open_rows(rows: PaperRows, lang: Lang, labels: Mapping[str, str]) -> list[str]:
    """The rows of which it is open whether they belong there, each with what would say."""
    comma = "、" if lang == "zh" else ", "
    named = [(comma.join(filter(None, (cell(value, lang) for value in row.cells))), needed(row.needs, lang, labels)) for row in rows.open]
    return [Words(f"{cells} (would be settled by {needs})", f"{cells}（还缺{needs}）").text(lang) for cells, needs in named]

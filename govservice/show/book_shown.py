"""A rulebook, a calendar, and what is proved of books, each as one small piece of HTML for a notebook."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from govservice.calendars import WorkCalendar
from govservice.errors import Lang, Words
from govservice.rules.proofs.comparing import BooksCompared, Changes
from govservice.rules.proofs.covering import Coverage
from govservice.rules.proofs.findings import KINDS, Checked, said
from govservice.rules.rulebook import Rulebook
from govservice.show.changes import KIND_NAMES
from govservice.show.pieces import block, chip, heading, lines, listed, pairs, table
from govservice.show.values import shown

__all__ = ["book_html", "calendar_html", "changes_html", "checked_html", "compared_html", "coverage_html", "sweep_html"]

_GRAVITY: Final = {
    "error": ("gap", Words("error", "错误")),
    "warning": ("open", Words("warning", "警告")),
    "note": ("none", Words("note", "提示")),
}


def book_html(book: Rulebook, lang: Lang) -> str:
    """What a book is, how much it holds, and which numbers it leaves open."""
    contents = book.contents
    rules = sum(len(decision.rules) for decision in contents.decisions.values())
    figures = [
        (Words("decisions", "决定"), len(contents.decisions)), (Words("rules", "规则"), rules),
        (Words("measures", "指标"), len(contents.measures)), (Words("clocks", "时限"), len(contents.clocks)),
        (Words("notices", "文书"), len(contents.notices)), (Words("schemes", "计分方案"), len(contents.schemes)),
    ]  # fmt: skip
    day = None if not book.dated else Words("has dated rules: calls need on=", "有带起止日期的规则：调用时要给 on=")
    open_ = [f"{setting.label or id}（{id}）" for id, setting in contents.settings.items() if setting.value is None]
    given = [
        (f"{setting.label or id}（{id}）", shown(_worth(setting.value), lang))
        for id, setting in contents.settings.items()
        if setting.value is not None
    ]
    parts = [heading(f"{book.id} · {book.digest[:12]}", book.title or book.id)]
    parts.append(pairs((name.text(lang), str(count)) for name, count in figures))
    parts.append(lines([day.text(lang)] if day is not None else []))
    parts.append(listed(Words("Settings still to be given", "还要给出的设定").text(lang), open_, lang))
    parts.append(pairs(given[:20]))
    return block("".join(parts), lang)


def _worth(value: object) -> object:
    from govservice.rules.language.values import reported

    return reported(value)  # type: ignore[arg-type]


def calendar_html(calendar: WorkCalendar, lang: Lang) -> str:
    """What a calendar covers, and until when notices have fixed it."""
    local = [notice.source for notice in calendar._lookup.local]
    rows = [
        (Words("days", "日期范围").text(lang), f"{calendar.first} – {calendar.last}"),
        (Words("days are fixed until", "日子已定至").text(lang), str(calendar.official_through)),
        (Words("time zone", "时区").text(lang), calendar.tz or Words("none: naive moments", "不带时区").text(lang)),
        *([(Words("provisional days", "暂定的日子").text(lang), Words("refused", "不接受").text(lang))] if calendar.strict else []),
        *([(Words("local notices", "地方通知").text(lang), "；".join(local))] if local else []),
    ]
    return block(heading(Words("calendar", "日历").text(lang), calendar.name) + pairs(rows), lang)


def changes_html(changes: Changes, lang: Lang) -> str:
    """The differences between two books, a row each."""
    heads = [Words("outcome", "结果"), Words("change", "变化"), Words("before", "原为"), Words("after", "改为"), Words("example", "举例")]
    rows = [
        (
            one.decision if one.decision == one.outcome else f"{one.decision}.{one.outcome}", _kind(one.kind, lang),
            said(one.before, lang), said(one.after, lang), one.text(lang),
        )
        for one in changes
    ]  # fmt: skip
    if not rows and not changes.listed:
        worth = Words("no difference", "没有不同") if changes.not_analysed else Words("equal: proved", "相同（已证明）")
    else:
        worth = Words(f"{len(changes)} changes", f"{len(changes)} 处变化")
    parts = [heading(Words("from one rulebook to the other", "两册规则").text(lang), worth.text(lang))]
    parts.append(table([head.text(lang) for head in heads], rows, lang) if rows else "")
    parts.append(listed(Words("Written differently", "改写的").text(lang), (one.text(lang) for one in changes.listed), lang))
    parts.append(listed(Words("Not analysed", "没有分析的").text(lang), (one.text(lang) for one in changes.not_analysed), lang))
    return block("".join(parts), lang)


def compared_html(found: BooksCompared, lang: Lang) -> str:
    """How each outcome is decided beside another book, then the changes."""
    counted = Counter(found.relation.values())
    figures = pairs((_kind(kind, lang), str(count)) for kind, count in counted.most_common())
    changed = [(id, _kind(kind, lang)) for id, kind in found.relation.items() if kind != "equal"]
    heads = [Words("outcome", "结果").text(lang), Words("relation", "关系").text(lang)]
    return block(figures + (table(heads, changed, lang) if changed else ""), lang) + changes_html(found.changes, lang)


def _kind(kind: str, lang: Lang) -> str:
    return KIND_NAMES[kind].text(lang) if kind in KIND_NAMES else kind


def checked_html(found: Checked, lang: Lang) -> str:
    """The findings, the gravest first."""
    kinds = {one.kind: KINDS.get(one.kind, ("note", Words(one.kind, one.kind))) for one in found.findings}
    counted = Counter(kinds[finding.kind][0] for finding in found.findings)
    chips = " ".join(chip(f"{_GRAVITY[one][1].text(lang)} {count}", _GRAVITY[one][0]) for one, count in counted.items())
    worth = Words(f"{len(found.findings)} findings", f"{len(found.findings)} 处发现").text(lang)
    heads = [Words("gravity", "轻重"), Words("what", "问题"), Words("where and how", "在哪里、怎样")]
    rows = [(_GRAVITY[kinds[one.kind][0]][1].text(lang), kinds[one.kind][1].text(lang), one.text(lang)) for one in found.findings]
    left = [one.text(lang) for one in found.not_analysed]
    parts = [heading(found.book, worth, chips), table([head.text(lang) for head in heads], rows, lang) if rows else ""]
    parts.append(listed(Words("Not analysed", "没有分析的").text(lang), left, lang))
    return block("".join(parts), lang)


def coverage_html(found: Coverage, lang: Lang) -> str:
    """What test cases are worth, in figures, and what they miss."""
    figures = [
        (Words("changes tried", "试过的改动"), found.mutants), (Words("noticed", "能发现"), found.killed),
        (Words("change nothing", "没有影响"), len(found.equivalent)), (Words("go unnoticed", "发现不了"), len(found.survivors)),
        (Words("cases to add", "建议增加的例子"), len(found.offered)),
    ]  # fmt: skip
    parts = [pairs((name.text(lang), f"{count:,}") for name, count in figures)]
    parts.append(listed(Words("Rules that no case reaches", "没有测到的规则").text(lang), found.unreached, lang))
    parts.append(listed(Words("Changes that go unnoticed", "发现不了的改动").text(lang), (one.text(lang) for one in found.survivors), lang))
    return block("".join(parts), lang)


def sweep_html(sweep: Any, lang: Lang) -> str:
    """The points of a sweep, a row each: its values, then its figures."""
    figures = list(sweep.points[0].figures) if sweep.points else []
    rows = [
        [str(point.values.get(path, "")) for path in sweep.paths] + [str(point.figures.get(name, "")) for name in figures]
        for point in sweep.points
    ]
    worth = Words(f"{len(rows)} points", f"{len(rows)} 种取值").text(lang)
    return block(heading(Words("sweep", "逐一试算").text(lang), worth) + table([*sweep.paths, *figures], rows, lang), lang)

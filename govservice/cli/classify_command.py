"""`govservice classify`: what one application is, with the reasons; or what each of a file or folder of them is."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from govservice.calendars import WorkCalendar
from govservice.classify import CASE_TYPE, Classification, classify
from govservice.cli.answering import Grid, answered, called, check_answer, tell, waits
from govservice.cli.console import Console
from govservice.cli.given import GivenRow, read_given
from govservice.cli.places import calendar_of
from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.reading import as_day
from govservice.rules import Rulebook, load_rulebook
from govservice.rules.language.facts import absent, read_fact
from govservice.show.outcome import named_rule
from govservice.show.values import needed

__all__ = ["classify_command"]

_COLUMNS: Final = (
    ("case_type", Words("case type", "办件类型")),
    ("label", Words("label", "名称")),
    ("national_code", Words("national code", "国家代码")),
    ("rule", Words("rule", "规则")),
    ("cite", Words("clause", "条款")),
    ("open", Words("open", "未定")),
    ("possible", Words("may still be", "可能是")),
    ("undecided", Words("would be settled by", "还缺")),
    ("notices", Words("notices", "文书")),
)
_ID: Final = ("id", Words("id", "编号"))
_SHOWN: Final = 5
_NONE: Final = Words("none", "无")
_NO_TYPE: Final = Words(
    "the book classifies nothing: none of its decisions grants case_type (--explain shows what they come to)",
    "这册规则不分办件类型：没有一项决定给出办件类型（case_type）（各项决定的结果用 --explain 看）",
)


def classify_command(options: Namespace, console: Console) -> int:
    """Classify, and tell why, or one row each; 1 with `--strict` where anything is open or a row cannot be used."""
    check_answer(options)
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    calendar = calendar_of(options)
    given = read_given(options.facts, book, options.mapping)
    if isinstance(given, Mapping):
        return _one(given, book, calendar, options, console)
    if options.answer is not None:
        what = Words("an answer that is kept is of one record", "留存的答复只能是一件记录的")
        raise RecordError(what, hint=Words("give its facts: main_document=lacking", "请写出它的事实，如 主件=缺少"))
    return _several(given, book, calendar, options, console)


def _one(facts: Mapping[str, Any], book: Rulebook, calendar: WorkCalendar, options: Namespace, console: Console) -> int:
    _check(facts, book)
    day = _day(facts, book, options.on)
    found = answered(options, console, classify, facts, book, on=day, as_of=options.now, calendar=calendar)
    tell(console, options.format, found.to_dict(), Grid(_COLUMNS, [_row(found, book)]), lambda: _say(found, book, options, console))
    if found.unused:
        listed = ", ".join(found.unused)
        console.note(Words(f"no facts of this book, and not used: {listed}", f"不是这册规则的事实，没有用到：{listed}"))
    return 1 if options.strict and (found.open or found.unused) else 0


def _say(found: Classification, book: Rulebook, options: Namespace, console: Console) -> None:
    """What it is in a few lines; with `--explain` every decision, and why."""
    if options.explain:
        console.picture(found.explain(console.lang))
        return
    labels = _labels(book)
    if found.case_type is not None:
        by = Words(f", by {found.rule} [{found.cite}]", f"，依规则 {_rule(found, 'zh')}〔{found.cite}〕") if found.rule else Words("", "")
        named = (
            Words(f"{found.label} ({found.case_type})", f"{found.label}（{found.case_type}）")
            if found.label
            else Words(*[found.case_type] * 2)
        )
        console.say(Words(f"{named.en}{by.en}", f"{named.zh}{by.zh}"))
    elif found.open and not found.possible:
        console.say(_NO_TYPE)
    elif found.open:
        en = " / ".join(_NONE.en if one is None else str(one) for one in found.possible)
        zh = "、".join(_NONE.zh if one is None else labels.get(f"{CASE_TYPE}={one}", str(one)) for one in found.possible)
        needs = [f"{name} {labels.get(name, '')}".strip() for name in found.undecided]
        console.say(Words(f"open, may be {en}", f"未定，可能是 {zh}"))
        console.say(Words(f"would be settled by: {', '.join(needs)}", f"还缺：{needed(found.undecided, 'zh', labels)}"))
    else:
        console.say(Words("no rule fits", "没有规则适用"))
    if found.notices:
        titles = [notice.title for notice in found.notices]
        console.say(Words(f"notices: {', '.join(titles)}", f"文书：{'、'.join(titles)}"))


def _labels(book: Rulebook) -> Mapping[str, str]:
    """What facts, settings and case types are called."""
    decision = book.contents.decisions.get(CASE_TYPE)
    return book.contents.labels_about("application" if decision is None else decision.about)


def _several(rows: Iterable[GivenRow], book: Rulebook, calendar: WorkCalendar, options: Namespace, console: Console) -> int:
    done: list[tuple[str, Classification]] = []
    aside: list[tuple[str, Words]] = []
    for row in rows:
        try:
            if row.fault is not None:
                aside.append((row.id, row.fault))
                continue
            _check(row.facts, book)
            day = _day(row.facts, book, options.on)
            done.append((row.id, classify(row.facts, book, on=day, as_of=options.now, calendar=calendar)))
        except GovServiceError as error:
            aside.append((row.id, Words(error.text("en"), error.text("zh"))))
    plain = {
        "classifications": [{"id": id, "classification": one.to_dict()} for id, one in done],
        "set_aside": [{"id": id, "why": {"en": why.en, "zh": why.zh}} for id, why in aside],
    }
    grid = Grid((_ID, *_COLUMNS), [(id, *_row(one, book)) for id, one in done])
    tell(console, options.format, plain, grid, lambda: _table(done, book, console))
    for id, why in aside[:_SHOWN]:
        console.note(Words(f"set aside: {id}: {why.en}", f"搁置：{id}：{why.zh}"))
    if len(aside) > _SHOWN:
        console.note(Words(f"and {len(aside) - _SHOWN} more rows", f"另有 {len(aside) - _SHOWN} 行"))
    return 1 if options.strict and (aside or any(one.open for _, one in done)) else 0


def _table(done: list[tuple[str, Classification]], book: Rulebook, console: Console) -> None:
    labels = _labels(book)
    heads = [name for id, name in (_ID, *_COLUMNS) if id in ("id", "label", "rule", "cite", "undecided")]
    console.table(
        heads,
        [
            (id, one.label or one.case_type or "", _rule(one, console.lang), one.cite or "", needed(one.undecided, console.lang, labels))
            for id, one in done
        ],
    )


def _row(one: Classification, book: Rulebook) -> tuple[object, ...]:
    notices, labels = tuple(notice.title for notice in one.notices), _labels(book)
    possible = tuple(called(value, labels.get(f"{CASE_TYPE}={value}")) if isinstance(value, str) else value for value in one.possible)
    rule, undecided = called(one.rule, _rule(one, "zh")), waits(one.undecided, labels)
    return one.case_type, one.label, one.national_code, rule, one.cite, one.open, possible, undecided, notices


def _rule(one: Classification, lang: Lang) -> str:
    """The rule that settled it, in Chinese by its label."""
    own = one.decisions.get(CASE_TYPE)
    return "" if one.rule is None else one.rule if own is None else named_rule(own, one.rule, lang)


def _check(facts: Mapping[str, Any], book: Rulebook) -> None:
    """Every fact is of its type, whether a rule reads it or not. Raises RecordError for the first that is not."""
    contents = book.contents
    for name, value in facts.items():
        for table in ("application", "cases"):
            id = contents.sight(table)[1].get(name, name)
            column = contents.column(table, id)
            if column is not None and not absent(value):
                read_fact(name, value, column.type)
                break


def _day(facts: Mapping[str, Any], book: Rulebook, on: date | None) -> date | None:
    """The day that dated rules are held against: as it was said, else the day of receipt that is among the facts."""
    contents = book.contents
    dated_by = contents.tables["cases"].dated_by if "cases" in contents.tables else None
    if on is not None or dated_by is None or not book.dated:
        return on
    labels = contents.sight("cases")[1]
    named = next((value for name, value in facts.items() if dated_by in (name, labels.get(name)) and value), None)
    return None if named is None else as_day(named)

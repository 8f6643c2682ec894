"""`govservice score`, `grade` and `assess`: a folder of records under schemes and decisions -> a folder of scores, grades and pages."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from govservice.audit import recorded
from govservice.cli.answering import Grid, called, check_answer, keep, tell, waits
from govservice.cli.console import Console
from govservice.cli.places import calendar_of, folder_of
from govservice.cli.run_command import USAGE, say_set_aside
from govservice.cli.where import named_twice, say_tables
from govservice.errors import RecordError, Words
from govservice.records import TABLES, read_records
from govservice.records.addresses import address_of
from govservice.records.ledgers import rows_of_folder
from govservice.rounds import Round, assess, publish
from govservice.rounds.publishing import not_over
from govservice.rounds.results import Graded
from govservice.rounds.writing import MARK
from govservice.rules import Rulebook, load_rulebook
from govservice.rules.language.day_functions import shanghai_day
from govservice.run.writing import check_folder
from govservice.scoring import grade, score
from govservice.show.outcome import named_rule
from govservice.show.values import period_said

__all__ = ["assess_command"]


def assess_command(options: Namespace, console: Console) -> int:
    """Work the round out, write it, and say what came out.

    1 where something that the book has could not be worked out, or with `--strict` where a row was set aside.
    """
    if options.keep and options.now is None:
        console.note(Words("--keep keeps scores of periods that are over: by which day? add --now DATE", _OVER_ZH))
        return USAGE
    if options.keep and folder_of(options.records) is None:
        console.note(
            Words("--keep writes into a folder of records, and these are in a database", "--keep 存进记录文件夹，而记录在数据库里")
        )
        return USAGE
    if named_twice(options, console):
        return USAGE
    if options.into is not None and options.html:
        console.note(Words("--html is for a folder: pages have no place in a database", "--html 要写到文件夹：网页不能存进数据库"))
        return USAGE
    check_answer(options)
    out = options.out or (FOLDER if options.into is None and (options.format == "text" or options.html) else None)
    if options.into is not None:
        address_of(options.into)
    if out is not None:
        check_folder(out, force=options.force, records=folder_of(options.records), mark=MARK)  # before the work, not after it
    book = load_rulebook(options.rulebook, settings=dict(options.set), lang=console.lang)
    calendar = calendar_of(options)
    with console.progress() as progress:
        records = read_records(
            options.records, book=book, mapping=options.mapping, progress=progress, assessed=True, zone=calendar.tz
        )  # fmt: skip
        schemes, decisions = _asked(options)
        done = assess(
            book, records, period=options.period, schemes=schemes, decisions=decisions, subject=options.subject, now=options.now,
            calendar=calendar, progress=progress,
        )  # fmt: skip
        if options.answer is not None:
            _keep_answer(book, rows_of_folder(records), done, options, console)
        if out is not None:
            done.write(out, force=options.force, lang=console.lang, pages=options.html)
        tables = () if options.into is None else done.write_into(options.into, lang=console.lang)
    plain: dict[str, Any] = {"cards": [card.to_dict() for card in done.cards], "gradings": [_graded(one) for one in done.gradings]}
    plain["failed"] = [{"id": step.id, "period": str(step.period), "why": why.text(console.lang)} for step, why in done.failed]
    plain["set_aside"] = [row.to_dict() for row in done.set_aside]
    tell(console, options.format, plain, Grid(_COLUMNS, list(_rows(done, book))), lambda: _account(done, out, console))
    if options.format != "text":
        _failures(done, console)
    if options.into is not None:
        say_tables(options.into, tables, console)
    for note in records.notes:
        console.note(note)
    if options.keep:
        _keep(done, book, options, console)
    return 1 if done.failed or (options.strict and done.set_aside) else 0


def _keep_answer(book: Rulebook, rows: dict[str, Any], done: Round, options: Namespace, console: Console) -> None:
    """Keep the answer of `score` or `grade`: of one scheme, or one decision, in one period of its kind."""
    steps = [step for step in done.steps if not options.names or step.id in options.names] if options.command != "assess" else []
    if len(steps) != 1:
        what = Words("an answer that is kept is of one scheme or decision in one period", "留存的答复只能是一个方案或决定在一个期间的")
        raise RecordError(
            what,
            hint=Words(
                "name one: govservice score window_month --period 2026-10 ..",
                "请写明一个，如 govservice score window_month --period 2026-10",
            ),
        )
    (step,) = steps
    calendar = calendar_of(options)
    if options.command == "score":
        kept = recorded(score, book, step.id, rows, subject=options.subject, period=str(step.period), now=options.now, calendar=calendar)
        keep(kept.answer, options, console)
    else:
        keep(recorded(grade, book, step.id, rows, period=str(step.period), now=options.now, calendar=calendar).answer, options, console)


_COLUMNS: Final = (
    ("id", Words("scheme or decision", "考核或决定")),
    ("period", Words("period", "期间")),
    ("subject", Words("subject", "对象")),
    ("result", Words("result", "结果")),
    ("low", Words("least", "最低")),
    ("high", Words("greatest", "最高")),
    ("rank", Words("rank", "名次")),
    ("open", Words("open", "未定")),
    ("undecided", Words("would be settled by", "还缺")),
    ("rule", Words("rule", "规则")),
)


def _graded(one: Graded) -> dict[str, Any]:
    return {"decision": one.decision, "label": one.label, "about": one.about, "period": one.period, **one.grading.to_dict()}


def _rows(done: Round, book: Rulebook) -> Iterator[tuple[object, ...]]:
    titles, contents = done.titles, book.contents
    for card in done.cards:
        needs = tuple(dict.fromkeys(need for item in card.open for need in item.needs))
        waited, period = waits(needs, contents.labels_about(card.scheme)), _period(card.period)
        name = called(card.scheme, titles[card.scheme])
        yield name, period, card.subject, card.total, card.low, card.high, None, card.total is None, waited, None
    for graded in done.gradings:
        one = graded.grading
        rule = called(one.rule, named_rule(one.outcome, one.rule, "zh") if one.rule is not None else None)
        name, period = called(graded.decision, titles[graded.decision]), _period(graded.period)
        waited = waits(one.undecided, contents.labels_about(graded.about))
        yield name, period, one.subject, graded.value, one.low, one.high, one.rank, one.open, waited, rule


def _period(period: object) -> Words:
    return Words(str(period), period_said(str(period), "zh"))


_OVER_ZH = "--keep 只存已结束期间的分数：以哪一天为准？请加 --now 日期"


def _asked(options: Namespace) -> tuple[list[str] | None, list[str] | None]:
    """The schemes and decisions that are named; None stands for all that the book has."""
    if options.command == "score":
        return (options.names or None), []
    if options.command == "grade":
        return [], (options.names or None)
    return None, None


def _account(done: Round, out: Path | None, console: Console) -> None:
    console.say(f"{done.ran.title or ''} ({done.ran.book}, {done.ran.digest[:12]})".strip())
    console.say()
    aside = Counter(row.file for row in done.set_aside)
    rows = [(_table(source.table, done), source.file, source.rows, aside[source.file]) for source in done.sources]
    heads = (Words("table", "表"), Words("file", "文件"), Words("rows in", "读入"), Words("set aside", "搁置"))
    console.table(heads, rows)
    console.say()
    scores, grades = (Counter(names) for names in _results(done))
    open_ = Counter((card.scheme, card.period) for card in done.cards if card.total is None and card.scored is not False)
    open_.update((one.decision, one.period) for one in done.gradings if one.grading.open)
    shown = [
        (done.titles[step.id], console.text(_period(step.period)), count, open_[step.id, str(step.period)])
        for step in done.steps
        if (count := (scores if step.section == "schemes" else grades)[step.id, str(step.period)])
    ]
    heads = (Words("scheme or decision", "考核或决定"), Words("period", "期间"), Words("results", "结果"), Words("open", "未定"))
    console.table(heads, shown)
    failed = {step for step, _ in done.failed}
    nobody = [done.titles[id] for id in dict.fromkeys(step.id for step in done.steps if step not in failed) if id not in _ids(done)]
    if nobody:
        console.say(Words(f"nobody and nothing to assess: {', '.join(nobody)}", f"没有对象的：{'、'.join(nobody)}"))
    _failures(done, console)
    for note in done.notes[:_SHOWN]:
        console.note(note)
    if len(done.notes) > _SHOWN:
        more = len(done.notes) - _SHOWN
        console.note(Words(f"and {more} more remarks on the records, in summary.html", f"关于记录的说明另有 {more} 条，见 summary.html"))
    if done.not_read:
        listed = ", ".join(done.not_read[:_SHOWN]) + (", ..." if len(done.not_read) > _SHOWN else "")
        console.note(Words(f"files not read: {listed}", f"未读取的文件：{listed}"))
    say_set_aside(done.set_aside, console)
    if out is not None:
        page = out / "summary.html"
        console.say()
        console.say(Words(f"results: {page} and the tables beside it", f"结果：{page} 及同一文件夹中的各表"))


def _failures(done: Round, console: Console) -> None:
    for step, why in done.failed:
        period = _period(step.period)
        zh = f"没有算出：{done.titles[step.id]} {period.zh}：{why.zh}"
        console.note(Words(f"not worked out: {step.id} {period.en}: {why.en}", zh))


def _table(name: str, done: Round) -> Words:
    """A table of records: by the name that its file has, in Chinese by its label."""
    usual = TABLES[name].label.zh if name in TABLES else name
    return Words(name, done.titles.get(TABLES[name].table if name in TABLES else name) or usual)


_SHOWN = 5
FOLDER: Final = Path("govservice-scores")


def _results(done: Round) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return [(card.scheme, card.period) for card in done.cards], [(one.decision, one.period) for one in done.gradings]


def _ids(done: Round) -> set[str]:
    return {card.scheme for card in done.cards} | {one.decision for one in done.gradings}


def _keep(done: Round, book: Rulebook, options: Namespace, console: Console) -> None:
    now = shanghai_day(options.now)
    subjects = {id: scheme.scores for id, scheme in book.contents.schemes.items()}
    kept = publish(done, options.records, over_by=now, subjects=subjects)
    listed = ", ".join(file.name for file in kept) or "-"
    console.say(Words(f"kept among the records: {listed}", f"已存入记录文件夹：{listed}"))
    if waiting := not_over(done, now):
        en, zh = ", ".join(waiting), "、".join(waiting)
        console.say(Words(f"not kept, for on {now} the period is not over: {en}", f"{now} 期间尚未结束，未存：{zh}"))

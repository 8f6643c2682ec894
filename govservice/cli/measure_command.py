"""`govservice measure`: what measures of a rulebook come to in a folder of records, for one subject or for each."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final

from govservice.assessment.measuring import Measured
from govservice.cli.answering import Grid, answered, called, check_answer, tell, waits
from govservice.cli.console import Console
from govservice.cli.places import calendar_of, read_ledger
from govservice.cli.run_command import say_set_aside
from govservice.errors import DecisionError, RecordError, Words, did_you_mean
from govservice.records.ledgers import rows_of_folder
from govservice.rules import Rulebook, load_rulebook
from govservice.rules.book.contents import labelled
from govservice.rules.book.remedies import it_has, label_meant, labels_of
from govservice.scoring import measure
from govservice.show.summary import shown_rate
from govservice.show.values import needed, period_said

__all__ = ["measure_command"]

_COLUMNS: Final = (
    ("measure", Words("measure", "指标")),
    ("label", Words("label", "名称")),
    ("about", Words("table", "对象的表")),
    ("subject", Words("subject", "对象")),
    ("period", Words("period", "期间")),
    ("value", Words("value", "数值")),
    ("low", Words("least", "最低")),
    ("high", Words("greatest", "最高")),
    ("open", Words("open", "未定")),
    ("undecided", Words("would be settled by", "还缺")),
    ("cite", Words("clause", "条款")),
)
WHOLE: Final = "centre"


def measure_command(options: Namespace, console: Console) -> int:
    """Measure, and tell what it was counted from where one thing is asked, else a row each; 1 with `--strict` where a row was set aside."""
    check_answer(options)
    book = load_rulebook(options.rulebook, settings=dict(options.set), lang=console.lang)
    names = options.names or list(book.contents.measures)
    for name in names:
        if name not in book.contents.measures:
            near = did_you_mean(name, book.contents.measures, it_has(book.contents.measures))
            hint = label_meant(name, labels_of(book.contents.measures)) or near
            raise DecisionError(Words(f"{book.id} has no measure {name!r}", f"{book.id} 没有“{name}”这个指标"), hint=hint, id=name)
    calendar = calendar_of(options)
    read, folder = read_ledger(options, book, calendar, console)
    records: Any = folder.ledger if options.answer is None else rows_of_folder(read)
    asked = _asked(names, options, book, folder.ledger)
    if options.answer is not None and len(asked) != 1:
        what = Words("an answer that is kept is of one measure of one subject", "留存的答复只能是一个对象的一个指标")
        raise RecordError(what, hint=Words("name one measure, and --subject or --about", "请写一个指标，并写 --subject 或 --about"))
    done, left = [], []
    for name, about, subject in asked:
        try:
            one = answered(
                options, console, measure, book, name, records, subject=subject, about=about, period=options.period, now=options.now,
                calendar=calendar,
            )  # fmt: skip
            done.append(one)
        except DecisionError as error:
            if len(asked) == 1:
                raise
            left.append((name, Words(error.text("en"), error.text("zh"))))
    plain: Any = done[0].to_dict() if len(asked) == 1 else {"measures": [one.to_dict() for one in done]}
    tell(console, options.format, plain, Grid(_COLUMNS, [_row(one, book) for one in done]), lambda: _say(done, book, console))
    for name, why in left:
        label = labelled(name, book.contents.measures[name].label).strip()
        console.note(Words(f"not worked out: {name}: {why.en}", f"没有算出：{label}：{why.zh}"))
    if options.format == "text":
        say_set_aside(folder.set_aside, console)
    return 1 if left or (options.strict and folder.set_aside) else 0


def _asked(names: list[str], options: Namespace, book: Rulebook, ledger: Any) -> list[tuple[str, str | None, str | None]]:
    """Every measure with every subject: one that is named, those of a table, else the whole centre."""
    if options.subject is not None:
        return [(name, options.about, options.subject) for name in names]
    table = book.contents.labels.get(options.about or WHOLE, options.about or WHOLE)
    ids = list(ledger.under(book.contents).ids(table)) if table != WHOLE else []
    return [(name, table, id) for name in names for id in ids or [None]]


def _say(done: list[Measured], book: Rulebook, console: Console) -> None:
    if len(done) == 1:
        console.picture(done[0].explain(console.lang))
        return
    heads = (Words("measure", "指标"), Words("subject", "对象"), Words("value", "数值"), Words("would be settled by", "还缺"))
    labels = [book.contents.labels_about(one.about) for one in done]
    waited = [needed(one.undecided, console.lang, called) for one, called in zip(done, labels, strict=True)]
    rows = [(one.label or one.measure, _subject(one), _value(one, console), waited[at]) for at, one in enumerate(done)]
    console.table(heads, rows)


def _value(one: Measured, console: Console) -> str:
    if one.value is not None:
        return str(shown_rate(one.measure, one.value, console.lang))
    bounds = ["" if bound is None else str(shown_rate(one.measure, bound, console.lang)) for bound in (one.low, one.high)]
    return " – ".join(bounds) if any(bounds) else "-"


def _row(one: Measured, book: Rulebook) -> tuple[object, ...]:
    labels = book.contents.labels_about(one.about)
    about, period = called(one.about, book.contents.tables[one.about].label), Words(one.period, period_said(one.period, "zh"))
    waited = waits(one.undecided, labels)
    return one.measure, one.label, about, _subject(one), period, one.value, one.low, one.high, one.open, waited, one.cite


def _subject(one: Measured) -> object:
    """A subject by its id; the book's own centre in Chinese by its title."""
    return called(one.subject, one.labels.get(f"subject={one.subject}"))

"""`govservice whatif`: two rulebooks over a folder of records -> what changes, as a page and in a few lines."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, Final

from govservice.cli.answering import Grid, answered, check_answer, tell
from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.cli.places import calendar_of
from govservice.errors import Words
from govservice.records import Records, Row, read_records
from govservice.records.ledgers import rows_of_folder
from govservice.rules import load_rulebook
from govservice.rules.rulebook import is_reform
from govservice.show.values import period_said
from govservice.whatif import Comparison, read_reform, what_if

__all__ = ["whatif_command"]


def whatif_command(options: Namespace, console: Console) -> int:
    """Compare, write the page where one is asked for, and say what changes."""
    check_answer(options)
    settings = dict(options.set)
    before = load_rulebook(options.before, settings=settings, lang=console.lang)
    after = read_reform(options.after) if is_reform(options.after) else load_rulebook(options.after, settings=settings, lang=console.lang)
    with console.progress() as progress:
        records: Any = options.records
        if options.mapping is not None or (options.answer is not None and not isinstance(records, Path)):
            read = read_records(
                records, book=before, mapping=options.mapping, progress=progress, assessed=True, zone=calendar_of(options).tz
            )  # fmt: skip
            records = rows_of_folder(read) if options.answer is not None else _used(read, console)
        done = answered(
            options, console, what_if, before, after, records, on=options.on, now=options.now, period=options.period,
            calendar=calendar_of(options), progress=progress,
        )  # fmt: skip
    plain = done.to_dict() if options.format == "json" else None
    tell(console, options.format, plain, _grid(done), lambda: _say(done, console))
    for id, period, why in done.failed:
        zh = f"没有算出：{done.labels.get(id, id)} {period_said(str(period), 'zh')}：{why.zh}"
        console.note(Words(f"not worked out: {id} {period}: {why.en}", zh))
    if options.out is not None:
        put_file(options.out, done.to_html(lang=console.lang).encode(), force=options.force)
        console.note(Words(f"written: {options.out}", f"已写入：{options.out}"))
    return 0


def _used(read: Records, console: Console) -> dict[str, list[Any]]:
    """The rows that can be used, by table; how many cannot is told."""
    tables: dict[str, list[Any]] = {}
    aside = 0
    for name in read.sources:
        rows = list(read.rows(name))
        used = [row.facts for row in rows if isinstance(row, Row)]
        aside += len(rows) - len(used)
        tables[read.words[name].table] = used
    if aside:
        console.note(Words(f"set aside: {aside}", f"搁置：{aside} 行"))
    return tables


def _rows(done: Comparison) -> list[tuple[Words, Words, int, int | None]]:
    return [
        (Words("moved_cases", ""), Words("cases of another type", "改变办件类型的件"), done.moved_cases, done.counted["cases"]),
        (Words("shifts", ""), Words("due days moved", "变动的到期日"), len(done.shifts), None),
        (Words("score_changes", ""), Words("scorecards changed", "变动的计分表"), done.changed_scores, done.counted["scores"]),
        (Words("grade_changes", ""), Words("grades or ranks changed", "变动的等级或名次"), len(done.grade_changes), done.counted["grades"]),
    ]


def _grid(done: Comparison) -> Grid:
    changed = ((id, done.labels.get(id, id), count, done.counted["cases"]) for id, count in done.changed_outcomes.items())
    return Grid(_COLUMNS, [*_rows(done), *changed])


_COLUMNS: Final = (
    ("id", Words("id", "名字")),
    ("what", Words("what", "事项")),
    ("changes", Words("changes", "变动")),
    ("of", Words("of", "共")),
)


def _say(done: Comparison, console: Console) -> None:
    rows = [(console.text(what), count, "" if of is None else of) for _, what, count, of in _rows(done)]
    console.table((Words("what", "事项"), Words("changes", "变动"), Words("of", "共")), rows)
    changed = [(done.labels.get(id, id), count, done.counted["cases"]) for id, count in done.changed_outcomes.items() if count]
    if changed:
        console.say()
        console.table((Words("decision", "决定"), Words("cases", "件数"), Words("of", "共")), changed)

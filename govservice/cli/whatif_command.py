"""`govservice whatif`: two rulebooks over a folder of records -> what changes, as a page and in a few lines."""

from __future__ import annotations

from argparse import Namespace

from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.cli.places import calendar_of
from govservice.errors import Words
from govservice.rules import load_rulebook
from govservice.rules.rulebook import is_reform
from govservice.whatif import read_reform, what_if

__all__ = ["whatif_command"]


def whatif_command(options: Namespace, console: Console) -> int:
    """Compare, write the page where one is asked for, and say what changes."""
    settings = dict(options.set)
    before = load_rulebook(options.before, settings=settings, lang=console.lang)
    after = read_reform(options.after) if is_reform(options.after) else load_rulebook(options.after, settings=settings, lang=console.lang)
    with console.progress() as progress:
        done = what_if(
            before, after, options.records, on=options.on, now=options.now, period=options.period, calendar=calendar_of(options),
            progress=progress,
        )  # fmt: skip
    rows = [
        (console.text(Words("cases of another type", "改变办件类型的件")), done.moved_cases, done.counted["cases"]),
        (console.text(Words("due days moved", "变动的到期日")), len(done.shifts), ""),
        (console.text(Words("scorecards changed", "变动的计分表")), done.changed_scores, done.counted["scores"]),
        (console.text(Words("grades or ranks changed", "变动的等级或名次")), len(done.grade_changes), done.counted["grades"]),
    ]
    console.table((Words("what", "事项"), Words("changes", "变动"), Words("of", "共")), rows)
    changed = [(done.labels.get(id, id), count, done.counted["cases"]) for id, count in done.changed_outcomes.items() if count]
    if changed:
        console.say()
        console.table((Words("decision", "决定"), Words("cases", "件数"), Words("of", "共")), changed)
    for id, period, why in done.failed:
        console.note(Words(f"not worked out: {id} {period}: {why.en}", f"没有算出：{id} {period}：{why.zh}"))
    if options.out is not None:
        put_file(options.out, done.to_html(lang=console.lang).encode(), force=options.force)
        console.note(Words(f"written: {options.out}", f"已写入：{options.out}"))
    return 0

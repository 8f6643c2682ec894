"""`govservice test`: a rulebook's test cases are run, and measured by the changes of its rules that they would not notice."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from govservice.cli.answering import Grid, called, tell
from govservice.cli.check_command import as_given
from govservice.cli.console import Console
from govservice.errors import Words
from govservice.examples import FailedExample, told_of
from govservice.rules import Rulebook, load_rulebook
from govservice.rules.book.contents import labelled
from govservice.rules.proofs.covering import Coverage
from govservice.trials import Noticed, Trial, as_examples, run_tests, writable

__all__ = ["trial_command"]

_LISTED: Final = 20


def trial_command(options: Namespace, console: Console) -> int:
    """Run the book's own examples and files of tests (none named: `tests/*.yaml` beside the book); 1 where a case fails, or with --strict
    where a rule is not reached or a change goes unnoticed.
    """
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    files = options.files or _beside(options.book)
    trial = run_tests(book, files, measure=not options.only_run, every=options.all, on=options.on)
    plain = trial.to_dict() if options.format == "json" else None
    rows = [_row(run.file, one) for run in trial.runs for one in run.failed]
    tell(console, options.format, plain, Grid(_COLUMNS, rows), lambda: _say(book, trial, options, console))
    found, noticed = trial.coverage, trial.noticed
    loose = found is not None and bool(found.unreached or found.survivors)
    loose = loose or (noticed is not None and bool(noticed.survivors or noticed.untried))
    return 1 if trial.failed or (options.strict and (loose or trial.untested)) else 0


_COLUMNS: Final = (
    ("file", Words("file", "文件")),
    ("line", Words("line", "行")),
    ("entry", Words("entry", "条目")),
    ("example", Words("example", "例子")),
    ("outcome", Words("outcome", "结论")),
    ("expected", Words("expected", "应为")),
    ("found", Words("found", "得到")),
)


def _row(file: str | None, one: FailedExample) -> tuple[object, ...]:
    """A row an outcome that fails; in Chinese by its labels."""
    named = (called(id, one.labels.get(id)) for id in (one.example, one.outcome))
    values = (None if value is None else Words(value, one.told(value)) for value in (one.expected, one.found))
    return file or one.file, one.line, one.entry, *named, *values


def _say(book: Rulebook, trial: Trial, options: Namespace, console: Console) -> None:
    if trial.examples:
        _runs(book, trial, options.book, console)
    else:
        console.say(_without(book, options))
    _untested(book, trial, console)
    if trial.coverage is not None:
        _worth(book, trial.coverage, console)
    if trial.noticed is not None:
        _entries(trial.noticed, console)


def _is_file(source: str) -> bool:
    return Path(source).suffix in (".yaml", ".yml")


def _beside(source: str) -> list[Path]:
    """The files of tests in the folder beside a book's file."""
    return sorted(Path(source).parent.joinpath("tests").glob("*.yaml")) if _is_file(source) else []


def _without(book: Rulebook, options: Namespace) -> Words:
    """That there is no case, and where one was looked for."""
    said = Words(f"{book.id}: no test cases: the book has no `examples`", f"{book.id}：没有测试：册里没有写例子（examples）")
    if options.files:
        return Words(f"{said.en}, nor have the files named", f"{said.zh}，所给的文件里也没有")
    if _is_file(options.book):
        where = Path(options.book).parent / "tests"
        return Words(f"{said.en}, and no file of tests is in {where}", f"{said.zh}，{where} 里也没有测试文件")
    return Words(
        f"{said.en}; the cases of the shipped rulebooks are kept with the project's own tests (tests/cases), not in the package. "
        f"Cases of your own: govservice test {book.id} FILE",
        f"{said.zh}；自带规则册的测试例留在项目的测试里（tests/cases），不在软件包内。自己的测试例：govservice test {book.id} 测试文件",
    )


def _runs(book: Rulebook, trial: Trial, source: str, console: Console) -> None:
    """How many cases there are, and each that fails."""
    total, failed = trial.examples, sum(len({(one.entry, one.example) for one in run.failed}) for run in trial.runs)
    if not failed:
        console.say(Words(f"{book.id}: {total} cases, all hold", f"{book.id}：{total} 例，全部成立"))
        return
    console.say(Words(f"{book.id}: {total} cases, {failed} fail", f"{book.id}：{total} 例，{failed} 例不成立"))
    for run in trial.runs:
        for failure in run.failed:
            file = run.file or (failure.file and as_given(source, failure.file))
            console.say(Words(f"  {told_of(failure, file, 'en')}", f"  {told_of(failure, file, 'zh')}"))


def _untested(book: Rulebook, trial: Trial, console: Console) -> None:
    if trial.untested:
        named = "、".join(labelled(id, book.decisions[id].label).strip() for id in trial.untested)
        console.say(Words(f"  decisions without a case: {', '.join(trial.untested)}", f"  没有测试的决定：{named}"))


def _rule(book: Rulebook, place: str) -> str:
    """A rule of a decision in Chinese: `decision.rule`, and what it is called."""
    id, _, rule = place.partition(".")
    label = book.contents.labels_for(id).get(f"rules.{rule}")
    decision = labelled(id, book.decisions[id].label).strip()
    return f"{decision}的{labelled(rule, label)}".strip()


def _entries(noticed: Noticed, console: Console) -> None:
    """What goes unnoticed of schemes, clocks and measures, and what would tell."""
    total, missed = noticed.mutants - noticed.untried, noticed.survivors
    if not missed:
        told = Words(f"  all {total} changes to schemes, clocks and measures are noticed", f"  方案、时限、指标的 {total} 处改动，都能发现")
    else:
        told = Words(
            f"  {len(missed)} of {total} changes to schemes, clocks and measures go unnoticed",
            f"  方案、时限、指标的 {total} 处改动，有 {len(missed)} 处发现不了",
        )
    console.say(told)
    for one in missed[:_LISTED]:
        console.say(Words(f"    {one.text('en')}", f"    {one.text('zh')}"))
    if more := len(missed[_LISTED:]):
        console.say(Words(f"    and {more} more, which --format json lists", f"    另有 {more} 处，用 --format json 全部列出"))
    if noticed.untried:
        left = noticed.untried
        console.say(Words(f"  {left} more were not tried: it would take too long", f"  另有 {left} 处太费时间，没有试"))


def _worth(book: Rulebook, found: Coverage, console: Console) -> None:
    """What the cases reach and notice; the cases to add, as a file of tests holds them."""
    if found.unreached:
        named = "、".join(_rule(book, place) for place in found.unreached)
        console.say(Words(f"  rules that no case reaches: {', '.join(found.unreached)}", f"  没有测到的规则：{named}"))
    total, missed = found.mutants - len(found.equivalent), len(found.survivors)
    if not missed:
        console.say(Words(f"  all {total} changes to your rules are noticed", f"  规则的 {total} 处改动，都能发现"))
    else:
        console.say(Words(f"  {missed} of {total} changes to your rules go unnoticed", f"  规则的 {total} 处改动，有 {missed} 处发现不了"))
    if found.undecided:
        unclear = len(found.undecided)
        console.say(Words(f"  of {unclear} of them it cannot be said whether they matter", f"  其中 {unclear} 处是否有影响，不能断定"))
    offered = writable(book, found.offered)
    if offered:
        count = len(offered)
        console.say(Words(f"add {'this case' if count == 1 else f'these {count} cases'}:", f"请加上这 {count} 例："))
        console.picture(as_examples(book, offered, console.lang))
    if more := len(found.offered) - len(offered):
        console.say(
            Words(
                f"{more} more would be needed that no example can say: they turn on clocks, lists or other records",
                f"另需 {more} 例，涉及时限、清单或别的记录，写不成例子",
            )
        )

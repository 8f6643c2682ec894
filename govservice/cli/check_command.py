"""`govservice check`: every fault of a rulebook with its line, or what a sound one holds and leaves open."""

from __future__ import annotations

from argparse import Namespace

from govservice.cli.console import Console
from govservice.errors import GovServiceError, Words
from govservice.examples import failed_examples
from govservice.rules import Rulebook, load_rulebook

__all__ = ["check_command"]


def check_command(options: Namespace, console: Console) -> int:
    """Load each book and try its examples; 1 where any has faults, or an example fails. All are read, whatever is wrong with one."""
    code = 0
    for source in options.books:
        try:
            book = load_rulebook(source, settings=dict(options.set), lang=console.lang)
            _sound(book, console)
            code = max(code, _examples(book, console))
        except GovServiceError as error:
            console.fault(error)
            code = 1
    return code


def _examples(book: Rulebook, console: Console) -> int:
    failed = failed_examples(book)
    for failure in failed:
        console.say(Words(f"  {failure.text('en')}", f"  {failure.text('zh')}"))
    if book.examples and not failed:
        console.say(Words(f"  all {len(book.examples)} examples hold", f"  {len(book.examples)} 个例子全部成立"))
    return 1 if failed else 0


def _sound(book: Rulebook, console: Console) -> None:
    contents = book.contents
    en, zh = (f" ({book.title})", f"（{book.title}）") if book.title else ("", "")
    console.say(Words(f"{book.id}: no faults{en}", f"{book.id}：没有问题{zh}"))
    counts = (
        (Words("decisions", "决定"), len(contents.decisions)),
        (Words("rules", "规则"), sum(len(decision.rules) for decision in contents.decisions.values())),
        (Words("schemes", "考核"), len(contents.schemes)),
        (Words("clocks", "时限"), len(contents.clocks)),
        (Words("notices", "通知书"), len(contents.notices)),
        (Words("kinds of event", "事件种类"), len(contents.events)),
        (Words("settings", "设定"), len(contents.settings)),
    )
    console.say("  " + "  ".join(f"{name.text(console.lang)} {count}" for name, count in counts if count))
    open_ = [
        f"{setting.id} ({setting.label})" if setting.label else setting.id
        for setting in contents.settings.values()
        if setting.value is None
    ]
    if open_:
        console.say(Words(f"  settings not given: {', '.join(open_)}", f"  尚未给出的设定：{'、'.join(open_)}"))
    if book.dated:
        console.say(Words("  some of it is dated: calls need a day (on=)", "  有带起止日期的内容：调用时要给日期（on=）"))
    console.say(Words(f"  digest {book.digest}", f"  摘要 {book.digest}"))

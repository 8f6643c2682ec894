"""`govservice check`: every fault of a rulebook with its line; of a sound one what it holds, and what is found in its rules."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from govservice.as_json import as_text
from govservice.cli.console import Console
from govservice.errors import GovServiceError, Words
from govservice.examples import failed_examples
from govservice.rules import Rulebook, load_rulebook

if TYPE_CHECKING:
    from govservice.rules.proofs.findings import Checked, Finding

__all__ = ["check_command"]

_GRAVITY: Final = {"error": Words("error", "错误"), "warning": Words("warning", "警告"), "note": Words("note", "提示")}
_GITHUB: Final = {"error": "error", "warning": "warning", "note": "notice"}


def check_command(options: Namespace, console: Console) -> int:
    """Load each book, try its examples and check its rules; 1 where any has faults, or an example fails, or with --strict where an error
    or warning is found. All are read, whatever is wrong with one.
    """
    code = 0
    for source in options.books:
        try:
            book = load_rulebook(source, settings=dict(options.set), lang=console.lang)
            if options.format == "text":
                _sound(book, console)
                code = max(code, _examples(book, console))
            else:
                code = max(code, int(bool(failed_examples(book))))
            checked = book.check(inherited=options.inherited)
            _findings(checked, options, console)
            if options.strict and any(finding.gravity != "note" for finding in checked.findings):
                code = 1
        except GovServiceError as error:
            console.fault(error)
            code = 1
    return code


def _findings(checked: Checked, options: Namespace, console: Console) -> None:
    """What is found, one a line; notes and what was not analysed are counted, and listed where that is asked for."""
    if options.format == "json":
        console.say(_json(checked))
        return
    shown = [finding for finding in checked.findings if options.notes or finding.gravity != "note"]
    for finding in shown:
        console.say(_github(finding, console) if options.format == "github" else f"  {_line(finding, console)}")
    if options.format == "github":
        return
    if options.notes:
        for finding in checked.accepted:
            console.say(f"  {_line(finding, console)}: {Words('accepted', '已认可').text(console.lang)}: {finding.accepted}")
        for left in checked.not_analysed:
            console.say(f"  {Words('not analysed', '没有分析').text(console.lang)}: {left.text(console.lang)}")
    elif checked.accepted:
        more = len(checked.accepted)
        console.say(Words(f"  accepted by the book: {more} (--notes lists them)", f"  册里已认可 {more} 条（--notes 列出）"))
    hidden = len(checked.findings) - len(shown)
    if hidden or (checked.not_analysed and not options.notes):
        more = len(checked.not_analysed)
        console.say(
            Words(
                f"  besides: {hidden} notes, {more} things not analysed (--notes lists them)",
                f"  另有 {hidden} 条提示，{more} 处没有分析（--notes 列出）",
            )
        )


def _json(checked: Checked) -> str:
    """What is found as JSON; each finding with its gravity and the place of the page that explains its kind."""
    plain = checked.to_dict()
    for name, findings in (("findings", checked.findings), ("accepted", checked.accepted)):
        pairs = zip(plain[name], findings, strict=True)
        plain[name] = [{**written, "gravity": finding.gravity, "page": finding.page} for written, finding in pairs]
    return as_text(plain)


def _line(finding: Finding, console: Console) -> str:
    place = f"{finding.file}:{finding.line}: " if finding.file else ""
    return f"{place}{_GRAVITY[finding.gravity].text(console.lang)}: {finding.text(console.lang)} ({finding.kind})"


def _github(finding: Finding, console: Console) -> str:
    place = f"file={finding.file},line={finding.line}," if finding.file else ""
    text = finding.text(console.lang).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{_GITHUB[finding.gravity]} {place}title={finding.kind}::{text}"


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

"""`govservice check`: every fault of a rulebook with its line; of a sound one what it holds, and what is found in its rules."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from govservice.as_json import as_text
from govservice.cli.answering import Grid, tell
from govservice.cli.console import Console
from govservice.errors import GovServiceError, RulebookError, Words
from govservice.examples import FailedExample, failed_examples, told_of
from govservice.rules import Rulebook, load_rulebook
from govservice.rules.book.contents import labelled

if TYPE_CHECKING:
    from govservice.rules.proofs.findings import Checked, Finding

__all__ = ["as_given", "check_command"]

_GRAVITY: Final = {"error": Words("error", "错误"), "warning": Words("warning", "警告"), "note": Words("note", "提示")}
_FAULT: Final = Words("fault", "规则册有误")
_GITHUB: Final = {"error": "error", "warning": "warning", "note": "notice"}


def check_command(options: Namespace, console: Console) -> int:
    """Load each book, try its examples and check its rules; 1 where any has faults, or an example fails, or with --strict where an error
    or warning is found. All are read, whatever is wrong with one.
    """
    code = 0
    seen: list[tuple[str, Checked]] = []
    for source in options.books:
        try:
            book = load_rulebook(source, settings=dict(options.set), lang=console.lang)
            failed = failed_examples(book)
            checked = book.check(inherited=options.inherited)
            code = max(code, int(bool(failed)))
            if options.format == "text":
                _sound(book, checked, failed, console)
                _examples(book, failed, source, console)
            seen.append((source, checked))
            _findings(checked, source, options, console)
            if options.strict and any(finding.gravity != "note" for finding in checked.findings):
                code = 1
        except GovServiceError as error:
            if options.format == "github":
                _faults(error, source, console)
            else:
                console.fault(error)
            code = 1
    if options.format in ("csv", "md"):
        tell(console, options.format, None, Grid(_COLUMNS, [row for one in seen for row in _rows(*one, console)]), lambda: None)
    return code


_COLUMNS: Final = (
    ("file", Words("file", "文件")),
    ("line", Words("line", "行")),
    ("gravity", Words("gravity", "轻重")),
    ("kind", Words("kind", "种类")),
    ("entry", Words("entry", "条目")),
    ("text", Words("what is found", "发现")),
)


def _rows(source: str, checked: Checked, console: Console) -> Iterator[tuple[object, ...]]:
    for finding in checked.findings:
        file = as_given(source, finding.file) if finding.file else source
        yield file, finding.line, _GRAVITY[finding.gravity], finding.called, finding.entry, finding.text(console.lang)


def as_given(source: str, file: str) -> str:
    """A file of a book by the folder that the book was named with."""
    beside = Path(source).parent / file
    return str(beside) if not Path(file).is_absolute() and beside.is_file() else file


def _faults(error: GovServiceError, source: str, console: Console) -> None:
    """What keeps a book from being loaded, each fault where it stands."""
    for fault in error.faults if isinstance(error, RulebookError) else (error,):
        file = as_given(source, fault.file) if fault.file else source
        line = f",line={fault.line}" if fault.line else ""
        said = ": ".join(filter(None, (fault.id, fault.what.text(console.lang), fault.why.text(console.lang) if fault.why else None)))
        console.say(f"::error file={_property(file)}{line},title={_FAULT.text(console.lang)}::{_data(said)}")


def _findings(checked: Checked, source: str, options: Namespace, console: Console) -> None:
    """What is found, one a line; notes and what was not analysed are counted, and listed where that is asked for."""
    if options.format == "json":
        console.say(_json(checked))
    if options.format in ("json", "csv", "md"):
        return
    shown = [finding for finding in checked.findings if options.notes or finding.gravity != "note"]
    for finding in shown:
        console.say(_github(finding, source, console) if options.format == "github" else f"  {_line(finding, console)}")
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
    kind = Words(f" ({finding.kind})", f"〔{finding.called.zh}〕").text(console.lang)
    return f"{place}{_GRAVITY[finding.gravity].text(console.lang)}: {finding.text(console.lang)}{kind}"


def _github(finding: Finding, source: str, console: Console) -> str:
    place = f"file={_property(as_given(source, finding.file))},line={finding.line}," if finding.file else ""
    return f"::{_GITHUB[finding.gravity]} {place}title={_property(finding.called.text(console.lang))}::{_data(finding.text(console.lang))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _examples(book: Rulebook, failed: Sequence[FailedExample], source: str, console: Console) -> None:
    for failure in failed:
        file = None if failure.file is None else as_given(source, failure.file)
        console.say(Words(f"  {told_of(failure, file, 'en')}", f"  {told_of(failure, file, 'zh')}"))
    if book.examples and not failed:
        console.say(Words(f"  all {len(book.examples)} examples hold", f"  {len(book.examples)} 个例子全部成立"))


def _come_to(checked: Checked, failed: Sequence[FailedExample]) -> Words:
    """What was found, in one clause; that there is nothing, where nothing but notes is."""
    counts = [
        (sum(finding.gravity == gravity for finding in checked.findings), en, zh)
        for gravity, en, zh in (("error", "error", "错误"), ("warning", "warning", "警告"))
    ]
    counts.append((len({(failure.entry, failure.example) for failure in failed}), "example that fails", "不成立的例子"))
    found = [(count, en, zh) for count, en, zh in counts if count]
    if not found:
        return Words("no faults", "没有问题")
    listed = ", ".join(f"{count} {_plural(en) if count > 1 else en}" for count, en, _ in found)
    return Words(f"it can be read; found in it: {listed}", f"能读；发现{'，'.join(f'{zh} {count} 处' for count, _, zh in found)}")


def _plural(words: str) -> str:
    return "examples that fail" if words.startswith("example") else f"{words}s"


def _sound(book: Rulebook, checked: Checked, failed: Sequence[FailedExample], console: Console) -> None:
    contents = book.contents
    en, zh = (f" ({book.title})", f"（{book.title}）") if book.title else ("", "")
    found = _come_to(checked, failed)
    console.say(Words(f"{book.id}: {found.en}{en}", f"{book.id}：{found.zh}{zh}"))
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
    open_ = [setting for setting in contents.settings.values() if setting.value is None]
    if open_:
        en = ", ".join(f"{setting.id} ({setting.label})" if setting.label else setting.id for setting in open_)
        zh = "、".join(labelled(setting.id, setting.label).strip() for setting in open_)
        console.say(Words(f"  settings not given: {en}", f"  尚未给出的设定：{zh}"))
    if book.dated:
        console.say(Words("  some of it is dated: calls need a day (--on)", "  有带起止日期的内容：调用时要给日期（--on）"))
    console.say(Words(f"  digest {book.digest}", f"  摘要 {book.digest}"))

"""What changes from one rulebook to another, as text to sign or as Markdown to review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from govservice.errors import Lang, Words
from govservice.rules.book.contents import labelled
from govservice.rules.proofs.comparing import CONFLICT, BooksCompared, Difference
from govservice.rules.proofs.findings import NotAnalysed, said, said_of
from govservice.rules.rulebook import Rulebook

__all__ = ["KIND_NAMES", "as_markdown", "as_text"]

KIND_NAMES: Final = {
    "equal": Words("equal", "不变"),
    "stricter": Words("stricter", "收紧"),
    "laxer": Words("laxer", "放宽"),
    "different": Words("different", "有变"),
    "not analysed": Words("not analysed", "未能断定"),
    "added": Words("new", "新增"),
    "removed": Words("removed", "删去"),
}
_EQUAL: Final = Words("Every complete record is decided as before: this is proved.", "凡事实齐全的记录，两册的结论都相同：已经证明。")
_MOSTLY: Final = Words("No difference was found, apart from what is not analysed.", "除没有分析的以外，没有发现不同。")
_REWRITTEN: Final = Words(
    "No decision was found to differ by its own rules. What is written differently is listed below:"
    " it may change due days, signals, scores, notices, and what decisions make of them.",
    "没有发现哪项决定因自身的规则而不同。改写的列在下面，可能改变期限、信号、分数、文书，以及用到它们的决定。",
)
_HEADS: Final = (
    Words("outcome", "结果"),
    Words("change", "变化"),
    Words("before", "原为"),
    Words("after", "改为"),
    Words("for example", "举例"),
    Words("rules", "规则"),
)
_SIGNED: Final = Words("Read and agreed: ______________    Date: ______________", "审阅人：______________    日期：______________")


def as_text(before: Rulebook, after: Rulebook, found: BooksCompared, lang: Lang) -> str:
    """The changes as text, with a line to sign."""
    return "\n".join([*_text(before, after, found, lang), "", _SIGNED.text(lang)])


def _named(book: Rulebook, lang: Lang) -> str:
    title = f"{book.title}（{book.id}）" if book.title and lang == "zh" else book.id
    return f"{title} {book.digest[:12]}"


def _title(before: Rulebook, after: Rulebook, lang: Lang) -> str:
    one, other = _named(before, lang), _named(after, lang)
    return Words(f"Changes from {one} to {other}", f"规则变化：{one} → {other}").text(lang)


def _text(before: Rulebook, after: Rulebook, found: BooksCompared, lang: Lang) -> Iterator[str]:
    yield _title(before, after, lang)
    yield ""
    if not found.changes.changes:
        yield _none_found(found).text(lang)
    for number, change in enumerate(found.changes, 1):
        rules = f"〔{'、'.join(_rules(change, before, after, lang))}〕" if lang == "zh" else f" [{', '.join(change.rules)}]"
        yield f"{number}. {KIND_NAMES[change.kind].text(lang)} {change.text(lang)}{rules if change.rules else ''}"
    if found.changes.listed:
        yield ""
        yield Words("Written differently:", "改写的：").text(lang)
        yield from (f"  {listed.text(lang)}" for listed in found.changes.listed)
    if found.changes.not_analysed:
        yield ""
        yield Words("Not analysed:", "没有分析的：").text(lang)
        yield from (f"  {left}" for left in _left(found, lang))


def _none_found(found: BooksCompared) -> Words:
    """What may be said where no decision is seen to change: that it is proved only where nothing else is told."""
    return _REWRITTEN if found.changes.listed else _MOSTLY if found.changes.not_analysed else _EQUAL


def _left(found: BooksCompared, lang: Lang) -> list[str]:
    """What was not analysed: entries that are left for the same reason together."""
    together: dict[Words, list[NotAnalysed]] = {}
    for left in found.changes.not_analysed:
        together.setdefault(left.why, []).append(left)
    between, colon = ("、", "：") if lang == "zh" else (", ", ": ")
    return [
        several[0].text(lang)
        if len(several) == 1
        else f"{between.join(dict.fromkeys(one.entry for one in several))}{colon}{why.text(lang)}"
        for why, several in together.items()
    ]


def as_markdown(before: Rulebook, after: Rulebook, found: BooksCompared, lang: Lang) -> str:
    """The changes as Markdown: a table of the outcomes, each with a record that shows it."""
    lines = [f"## {_title(before, after, lang)}", ""]
    if not found.changes.changes:
        lines += [_none_found(found).text(lang), ""]
    if found.changes.changes:
        lines += [_row(head.text(lang) for head in _HEADS), _row("---" for _ in _HEADS)]
        lines += [_row(_cells(change, before, after, lang)) for change in found.changes]
        lines.append("")
    for head, sentences in (
        (Words("Written differently", "改写的"), [listed.text(lang) for listed in found.changes.listed]),
        (Words("Not analysed", "没有分析的"), _left(found, lang)),
    ):
        if sentences:
            lines += [f"### {head.text(lang)}", "", *(f"- {_escaped(sentence)}" for sentence in sentences), ""]
    return "\n".join(lines).rstrip() + "\n"


def _cells(change: Difference, before: Rulebook, after: Rulebook, lang: Lang) -> Iterator[str]:
    yield _outcome(change, before, after, lang)
    yield KIND_NAMES[change.kind].text(lang)
    yield _value(change, change.before, before, lang)
    yield _value(change, change.after, after, lang)
    yield change.text(lang)
    yield ("、" if lang == "zh" else ", ").join(_rules(change, before, after, lang))


def _outcome(change: Difference, before: Rulebook, after: Rulebook, lang: Lang) -> str:
    """Which outcome of which decision."""
    if lang == "en":
        return change.decision if change.decision == change.outcome else f"{change.decision}.{change.outcome}"
    book = after if change.decision in after.decisions else before
    of, labels = book.decisions[change.decision].label or change.decision, book.contents.labels_for(change.decision)
    return of if change.decision == change.outcome else f"{of}·{labels.get(change.outcome, change.outcome)}"


def _value(change: Difference, value: object, book: Rulebook, lang: Lang) -> str:
    if lang == "en" or change.decision not in book.decisions:
        return said(value, lang)
    told = said_of(value, change.outcome, book.contents, change.decision, lang)
    return CONFLICT.zh if told == "conflict" else told


def _rules(change: Difference, before: Rulebook, after: Rulebook, lang: Lang) -> list[str]:
    """The rules that settled it, in Chinese by their labels."""
    known: dict[str, str] = {}
    for book in (before, after):
        if lang == "zh" and change.decision in book.decisions:
            known |= book.contents.labels_for(change.decision)
    return [labelled(id, known.get(f"rules.{id}")).strip() for id in change.rules]


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")

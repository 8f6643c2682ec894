"""A rulebook as a document to read, discuss and sign: every entry of every section, the check's findings beside what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from govservice.errors import Lang, Words, known_lang
from govservice.rules.book.marks import mapping
from govservice.rules.rulebook import Rulebook
from govservice.show.book_clocks import clocks_of, notices_of
from govservice.show.book_facts import conventions_of, facts_of, kinds_of, lists_of, settings_of
from govservice.show.book_rules import decisions_of, measures_of, schemes_of
from govservice.show.book_shapes import Block, Cell, Document, Remark, Spoken, TableRow, cell
from govservice.show.book_words import Speaker

if TYPE_CHECKING:
    from govservice.rules.proofs.findings import Checked, Finding

__all__ = ["document"]

GRAVE: Final = {"error": Words("error", "错误"), "warning": Words("warning", "警告"), "note": Words("note", "提示")}


def document(book: Rulebook, lang: Lang, checked: Checked | None) -> Document:
    """The book as a document in a language, with what its check has found; without `checked`, with no findings."""
    written = book.as_file()
    say = Speaker(book.contents, known_lang(lang), written)
    chapters = (
        decisions_of(say),
        clocks_of(say),
        notices_of(say),
        schemes_of(say),
        measures_of(say),
        settings_of(say),
        conventions_of(say, mapping(written.get("conventions"))),
        facts_of(say),
        kinds_of(say),
        lists_of(say),
    )
    places = {place for chapter in chapters for block in chapter.blocks for place in (block.place, *(row.place for row in block.rows))}
    remarks: dict[str, list[Remark]] = {}
    for finding in (*checked.findings, *checked.accepted) if checked is not None else ():
        remarks.setdefault(_place(finding, places), []).append(_remark(finding, say.lang))
    own = _file(book, "rulebook") or book.id
    kept = tuple(
        replace(chapter, blocks=tuple(_marked(block, remarks, book, own) for block in chapter.blocks))
        for chapter in chapters
        if chapter.blocks
    )
    left = tuple(left.text(say.lang) for left in checked.not_analysed) if checked is not None else ()
    title = book.title or book.id
    return Document(say.lang, title, tuple(_about(book, say, checked)), kept, tuple(remarks.pop("", ())), left)


def _place(finding: Finding, places: set[str]) -> str:
    """The row or block that a finding stands beside; an empty text, where it is of none."""
    section, _, rest = finding.entry.partition(".")
    entry = finding.entry
    if section == "schemes" and ".parts." in rest:
        scheme, _, path = rest.partition(".parts.")
        entry = f"schemes.{scheme}.parts.{path.replace('.', '.parts.')}"
    first = finding.rules[0] if finding.rules else ""
    named = (f"{entry}.rules.{first}", f"{entry}.items.{first}", f"{entry}.{first}", entry, ".".join(entry.split(".")[:2]))
    return next((place for place in named if place in places), "")


def _remark(finding: Finding, lang: Lang) -> Remark:
    on = "" if finding.on is None else Words(f"on {finding.on}", f"{finding.on} 有效的规则").text(lang)
    stop = Words("; ", "；").text(lang)
    why = "" if finding.accepted is None else Words(f"accepted: {finding.accepted}", f"已认可：{finding.accepted}").text(lang)
    text = stop.join(part for part in (finding.said.text(lang), finding.hint.text(lang), on, why) if part)
    return Remark(finding.gravity if not why else "note", GRAVE[finding.gravity].text(lang), finding.kind, text)


def _file(book: Rulebook, place: str) -> str | None:
    """The book whose file an entry stands in."""
    stands = book.place(place)
    return None if stands is None else stands[0].replace("\\", "/").rpartition("/")[2].removesuffix(".yaml")


def _marked(block: Block, remarks: dict[str, list[Remark]], book: Rulebook, own: str) -> Block:
    """A block with the findings of its entries (taken out of `remarks`), and whom each was taken over from."""
    home = _file(book, block.place) or own

    def row_marked(row: TableRow) -> TableRow:
        stands = _file(book, row.place) or home if row.place else home
        return replace(row, remarks=tuple(remarks.pop(row.place, ())) if row.place else (), taken_from="" if stands == home else stands)

    rows = tuple(map(row_marked, block.rows))
    return replace(block, rows=rows, remarks=tuple(remarks.pop(block.place, ())), taken_from="" if home == own else home)


def _about(book: Rulebook, say: Speaker, checked: Checked | None) -> Iterator[tuple[str, Cell]]:
    contents, written = book.contents, book.as_file()
    yield say.word("rulebook", "规则册"), cell(book.id)
    extends = written.get("extends")
    over = extends if isinstance(extends, list) else [extends] if isinstance(extends, str) else []
    if over:
        yield say.word("takes over", "承自"), cell(say.listed(map(str, over)))
    yield say.word("version (digest)", "版本（摘要）"), cell(Spoken(book.digest[:12], book.digest))
    yield say.word("in force", "施行"), cell(_dates(book, say))
    if contents.hours is not None:
        yield say.word("office hours", "办公时间"), cell(say.expression(contents.hours, ""))
    if contents.sources:
        yield say.word("sources", "依据"), cell(*(Spoken(title, key) for key, title in contents.sources.items()))
    holds = (
        (say.word("decisions", "判定"), len(contents.decisions)),
        (say.word("rules", "规则"), sum(len(decision.rules) for decision in contents.decisions.values())),
    )
    more = ((say.word("clocks", "时限"), len(contents.clocks)), (say.word("notices", "文书"), len(contents.notices)))
    schemes = ((say.word("schemes", "考核"), len(contents.schemes)), (say.word("settings", "设定"), len(contents.settings)))
    yield say.word("holds", "内容"), cell(say.listed(f"{name} {count}" for name, count in (*holds, *more, *schemes) if count))
    open_ = [say.named(setting.id, setting.label) for setting in contents.settings.values() if setting.value is None]
    if open_:
        yield say.word("left open", "待定的设定"), cell(say.listed(open_))
    if checked is not None:
        counts = {gravity: sum(finding.gravity == gravity for finding in checked.findings) for gravity in GRAVE}
        named = {GRAVE[gravity].text(say.lang): count for gravity, count in counts.items()}
        named[say.word("accepted", "已认可")] = len(checked.accepted)
        listed = say.listed(f"{name} {count}" for name, count in named.items() if count)
        yield say.word("check", "检查"), cell(listed or say.word("nothing is found", "没有发现问题"))


def _dates(book: Rulebook, say: Speaker) -> str:
    """The day that the book is seen on, or every day on which something in it begins or ends."""
    if book.as_of_day is not None:
        return say.word(f"as of {book.as_of_day}", f"{book.as_of_day} 有效的内容")
    begins = {entry.from_ for entry in book.contents.entries() if entry.from_ is not None}
    ends = {entry.until for entry in book.contents.entries() if entry.until is not None}
    if not begins and not ends:
        return say.word("always: nothing in it is dated", "不限日期：没有带起止日期的内容")
    days = [(day, say.word(f"from {day}", f"{day} 起")) for day in begins] + [(day, say.word(f"until {day}", f"{day} 止")) for day in ends]
    return say.word("parts of it are dated: ", "部分内容有起止日期：") + say.listed(text for _, text in sorted(days))

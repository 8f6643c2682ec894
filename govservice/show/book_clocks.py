"""A rulebook's clocks as sentences and its notices with their copies and fields, as chapters of its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from govservice.errors import Words
from govservice.rules.book.entries import Alarm, Clock, Copy, Extension, Field, Notice, Pausing
from govservice.rules.book.entry_reader import as_list
from govservice.rules.book.marks import mapping, text_of
from govservice.rules.language.shapes import Expression
from govservice.show.book_shapes import Block, Chapter, Spoken, TableRow, cell
from govservice.show.book_words import Speaker

__all__ = ["clocks_of", "notices_of"]


def clocks_of(say: Speaker) -> Chapter:
    """Every clock: what it counts, from when until when, what stops it on the way, and its alarms."""
    return Chapter("clocks", say.word("Clocks", "时限"), tuple(_clock(say, entry) for entry in say.contents.clocks.values()))


def _clock(say: Speaker, entry: Clock) -> Block:
    place = f"clocks.{entry.id}"
    rows = _grouped(_sentences(say, entry))
    rows += _on_the_way(say, entry, place)
    rows += [
        TableRow(f"{place}.alarms.{alarm.signal}", (cell(say.word("alarm", "告警")), cell(*_alarm(say, entry, alarm))), alarm.cite or "")
        for alarm in entry.alarms
    ]
    heads = (say.word("what", "项目"), say.word("said", "内容"))
    return Block(place, entry.label or entry.id, entry.id, heads, tuple(rows), entry.cite or "")


def _sentences(say: Speaker, entry: Clock) -> Iterator[tuple[str, Spoken]]:
    about = entry.about
    yield say.word("about", "对象"), Spoken(say.word(about, say.table(about)))
    yield from _when(say, say.word("applies", "适用"), entry.when, about)
    if (days := say.days(entry.from_, entry.until)) is not None:
        yield say.word("in force", "施行"), Spoken(days)
    yield from _when(say, say.word("limit", "时限"), entry.limit, about)
    yield from _when(say, say.word("due", "到期"), entry.due, about)
    yield from _when(say, say.word("counted back from", "倒算起点") if entry.backward else say.word("starts", "起算"), entry.starts, about)
    for stop in entry.stops:
        yield from _when(say, say.word("stops", "止于"), stop, about)
    yield from _when(say, say.word("hours", "办公时间"), entry.hours, about)
    if (stated := say.conventions(entry.conventions, f"clocks.{entry.id}")) is not None:
        yield say.word("conventions", "约定"), Spoken(stated)


def _on_the_way(say: Speaker, entry: Clock, place: str) -> Iterator[TableRow]:
    """What pauses and extends it, a row each with its clause."""
    pauses = as_list(say.node(f"{place}.pauses"))
    for number, pause in enumerate(entry.pauses):
        cite = text_of(mapping(pauses[number]), "cite") if number < len(pauses) else None
        yield TableRow("", (cell(say.word("paused", "中止")), cell(_pause(say, pause, entry.about))), cite or "")
    if entry.extension is not None:
        said = _extension(say, entry.extension, entry.about)
        yield TableRow("", (cell(say.word("extension", "延长")), cell(said)), say.clause(f"{place}.extension"))


def _grouped(said: Iterator[tuple[str, Spoken]]) -> list[TableRow]:
    """A row for each thing that is said, several of one name together."""
    return [TableRow("", (cell(name), cell(*(line for _, line in lines)))) for name, lines in groupby(said, key=lambda pair: pair[0])]


def _when(say: Speaker, name: str, of: Expression | None, about: str) -> Iterator[tuple[str, Spoken]]:
    said = say.expression(of, about)
    if said is not None:
        yield name, said


def _joined(say: Speaker, *parts: Spoken | str | None) -> Spoken:
    """Several clauses as one sentence, their exact texts beneath."""
    said = cell(*parts)
    comma, exact = say.word(", ", "，"), [line.exact for line in said if line.exact]
    return Spoken(comma.join(line.text for line in said), "; ".join(exact))


def _pause(say: Speaker, pause: Pausing, about: str) -> Spoken:
    return _joined(
        say,
        None if pause.kind is None else _named(say.pause_kind(pause.kind), pause.kind),
        say.sentence("from {}", "自 {}", pause.starts, about),
        say.sentence("until {}", "至 {}", pause.ends, about),
        say.sentence("where {}", "条件：{}", pause.when, about),
        say.sentence("at most {}", "最多 {}", pause.limit, about),
    )


def _named(label: str, id: str) -> Spoken:
    """What something is called, its id small beside it where that is another."""
    return Spoken(label, id if id != label else "")


def _extension(say: Speaker, entry: Extension, about: str) -> Spoken:
    return _joined(
        say,
        say.expression(entry.limit, about) or say.word("as long as was granted", "以批准的为准"),
        say.sentence("at most {}", "最多 {}", entry.at_most, about),
        None if entry.times is None else say.word(f"{entry.times} times", f"限 {entry.times} 次"),
        None if entry.by is None else _granted(say, entry.by),
        None if entry.asked is None else _ASKED[entry.asked].text(say.lang),
        say.sentence("where {}", "条件：{}", entry.when, about),
    )


def _granted(say: Speaker, by: str) -> Spoken:
    """Who grants it, as the file has it beneath the name of the role."""
    name = say.role(by)
    return Spoken(say.word(f"granted by {name}", f"批准：{name}"), by if name != by else "")


_ASKED: Final[Mapping[str, Words]] = {
    "before_due": Words("asked for before it is due", "到期之前提出"),
    "any_time": Words("asked for at any time", "随时可以提出"),
}


def _alarm(say: Speaker, clock: Clock, alarm: Alarm) -> Iterator[Spoken | str | None]:
    signal = say.signal(alarm.signal)
    if alarm.label:
        yield alarm.label
    if alarm.at is not None:
        share = f"{float(alarm.at * 100):g}%"
        yield Spoken(say.word(f"{signal} at {share} of the limit", f"用到时限的 {share}：{signal}"), alarm.signal)
    before, after = (say.expression(amount, clock.about) for amount in (alarm.before, alarm.after))
    if before is not None:
        yield Spoken(say.word(f"{signal}, {before.text} before it is due", f"到期前 {before.text}：{signal}"), alarm.signal)
    if after is not None:
        at_once = Words("as soon as it is overdue, on the day after the due day", "一超期（到期日的次日）")
        when = at_once if after.text == "0" else Words(f"{after.text} after it is due", f"到期后满 {after.text}")
        yield Spoken(say.word(f"{signal}, {when.en}", f"{when.zh}：{signal}"), alarm.signal)
    yield say.sentence("where {}", "条件：{}", alarm.when, clock.about)
    yield say.days(alarm.from_, alarm.until)


def notices_of(say: Speaker) -> Chapter:
    """Every notice: when it is owed, whom its copies go to, what is printed on it."""
    return Chapter("notices", say.word("Notices", "文书"), tuple(_notice(say, entry) for entry in say.contents.notices.values()))


def _notice(say: Speaker, entry: Notice) -> Block:
    rows = tuple(_grouped(_of_notice(say, entry)))
    heads = (say.word("what", "项目"), say.word("said", "内容"))
    return Block(f"notices.{entry.id}", entry.label or entry.title, entry.id, heads, rows, entry.cite or "")


def _of_notice(say: Speaker, entry: Notice) -> Iterator[tuple[str, Spoken]]:
    about = entry.about
    yield say.word("title", "名称"), Spoken(entry.title)
    yield say.word("about", "对象"), Spoken(say.word(about, say.table(about)))
    yield from _when(say, say.word("owed where", "何时出具"), entry.when, about)
    if (days := say.days(entry.from_, entry.until)) is not None:
        yield say.word("in force", "施行"), Spoken(days)
    for name, text in ((say.word("heading", "标题"), entry.heading), (say.word("number", "编号"), entry.number)):
        if text is not None:
            yield name, say.printed(text, about)
    for copy in entry.copies:
        yield say.word("copy", "联"), _copy(say, copy, about)
    for name, fields in ((say.word("must state", "必须写明"), entry.states), (say.word("shows", "另列"), entry.shows)):
        for field in fields:
            yield name, _field(say, field, about)
    if entry.rows is not None:
        listed = say.expression(entry.rows.of, about)
        if listed is not None:
            yield say.word("lists", "列出"), listed
        for column in entry.rows.columns:
            yield say.word("column", "栏目"), _field(say, column, about)
    for said in entry.says:
        to = f"（{said.to}）" if said.to and say.lang == "zh" else f" ({said.to})" if said.to else ""
        sentence = say.printed(said.text, about)
        yield (
            say.word("says", "载明"),
            _joined(say, Spoken(f"{sentence.text}{to}", sentence.exact), say.sentence("where {}", "条件：{}", said.when, about)),
        )
    if entry.signed:
        yield say.word("signed by", "签字"), Spoken(say.listed(entry.signed))
    if entry.seal is not None:
        yield say.word("stamp", "盖章"), say.printed(entry.seal, about)


def _copy(say: Speaker, copy: Copy, about: str) -> Spoken:
    then = copy.then
    after = None if then is None else say.word(f"then to {then.to}", f"再送 {then.to}")
    return _joined(
        say,
        copy.to,
        None if copy.within is None else say.word(f"within {copy.within}", f"时限 {copy.within}"),
        say.sentence("where {}", "条件：{}", copy.when, about),
        after,
        None if then is None or then.after is None else say.word(f"after {then.after}", f"在{then.after}之后"),
        None if then is None or then.within is None else say.word(f"within {then.within}", f"时限 {then.within}"),
    )


def _field(say: Speaker, field: Field, about: str) -> Spoken:
    said = say.expression(field.value, about)
    if said is None:
        return Spoken(field.label or field.text, say.word("to be filled in by hand", "手写"))
    name = field.label or said.text
    return Spoken(name, field.text if field.text != name else "")

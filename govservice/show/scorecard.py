"""A scorecard as text: what an appeal is answered with; its sentences are those of the page too."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from govservice.assessment.scorecard import Change, Line, OpenItem, PartScore, Scorecard
from govservice.echo import in_lines
from govservice.errors import Lang, Words
from govservice.rules.language import values
from govservice.show.values import needed, period_said, shown

__all__ = [
    "arithmetic", "as_text", "called", "fact", "heading", "held", "item_name", "outside", "points", "record", "records", "remarks",
    "source", "span", "total",
]  # fmt: skip

BY_NOTHING = tuple(values.BY_NOTHING.needs)


def points(value: object) -> str:
    """A number of points."""
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def span(total: object, low: object, high: object, lang: Lang) -> str:
    """A number, or the two that it lies between."""
    if total is not None:
        return points(total)
    if low is None:
        return Words("open", "未定").text(lang)
    return Words(f"{points(low)} to {points(high)}", f"{points(low)} 至 {points(high)}").text(lang)


def heading(card: Scorecard, lang: Lang) -> str:
    """Which scheme, whose card, which period."""
    return f"{card.title or card.scheme} {card.subject} {period_said(card.period, lang)}"


def total(card: Scorecard, lang: Lang) -> str:
    """The total with its unit, and whether the subject takes part."""
    if card.scored is False:
        return _UNSCORED.text(lang)
    unit = f" {card.unit}" if card.unit else ""
    standing = Words(", eligibility open", "，是否参评未定") if card.eligible is None else Words(", not eligible", "，不参加评定")
    return f"{span(card.total, card.low, card.high, lang)}{unit}{'' if card.eligible else standing.text(lang)}"


def _part(part: PartScore, lang: Lang) -> str:
    full = f" / {points(part.full)}" if part.full is not None else ""
    return f"{span(part.total, part.low, part.high, lang)}{full}"


def called(part: PartScore) -> str:
    """The name of a part, of one within another without that."""
    return part.label or part.id.rpartition(".")[2]


def held(part: PartScore, lang: Lang) -> str:
    """What the items of a part leave, where it is held to a bound."""
    if not part.held or part.earned is None:
        return ""
    return Words(f" (held; items leave {points(part.earned)})", f"（已限；各项合计 {points(part.earned)}）").text(lang)


def outside(lang: Lang) -> str:
    """The name of what belongs to no part."""
    return Words("outside any part", "不属任何一项").text(lang)


def _named(card: Scorecard, kind: object, lang: Lang) -> str:
    return card.labels.get(str(kind), str(kind)) if lang == "zh" else str(kind)


def record(card: Scorecard, row: Mapping[str, object] | None, on: object, lang: Lang) -> str:
    """A row by its day and kind, and by its case or what else names it; of a signal also the clock and the row that raised it."""
    if row is None:
        return ""
    names = [row[key] for key in ("kind", "clock", "case", "row") if row.get(key) is not None] or [row.get("period") or ""]
    return " ".join(part for part in (str(on or row.get("on") or ""), *(_named(card, name, lang) for name in names)) if part)


def records(card: Scorecard, line: Line, lang: Lang) -> str:
    """The row of a line; of one that prices several as one, all of them."""
    if not line.rows:
        return record(card, line.row, line.on, lang)
    return Words("; ", "；").text(lang).join(record(card, row, None, lang) for row in line.rows)


def fact(value: object, lang: Lang) -> str:
    """A fact that an item read; a number without end is cut short, never rounded over a threshold."""
    text = shown(value, lang) if value not in BY_NOTHING else needed(BY_NOTHING, lang)
    whole, dot, digits = text.partition(".")
    return f"{whole}.{digits[:4]}…" if isinstance(value, Decimal) and dot and len(digits) > 6 else text


def arithmetic(card: Scorecard, line: Line, lang: Lang, *, by_labels: bool = False) -> str:
    """The rule and what it read; with `by_labels` a Chinese reader sees no ids, where the book has labels."""
    named = card.labels if by_labels and lang == "zh" else {}
    pairs = [f"{_named(card, name, lang)} = {named.get(f'{name}={value}') or fact(value, lang)}" for name, value in line.facts.items()]
    text = named.get(line.text, line.text)
    return f"{text}  ({('，' if lang == 'zh' else ', ').join(pairs)})" if pairs else text


def item_name(card: Scorecard, line: Line, lang: Lang) -> str:
    """What an item is called: its label, for a Chinese reader else that of the one kind of row that it prices."""
    return line.label or (card.labels.get(f"{line.part or ''}.{line.item}") if lang == "zh" else None) or line.item


def remarks(card: Scorecard, lang: Lang, once: Container[Words] = ()) -> list[str]:
    """What is still open, what nothing prices, what is not verified, and what else must be said; not what is said `once` of all cards."""
    said = [*_open(card)]
    for row in card.unpriced:
        said.append(Words(f"unpriced: {record(card, row, None, 'en')}", f"未定价：{record(card, row, None, 'zh')}"))
    for row in card.unverified:
        said.append(Words(f"not verified: {record(card, row, None, 'en')}", f"未查实：{record(card, row, None, 'zh')}"))
    if card.formula:
        said.append(Words(f"the total was worked out from {card.formula}", f"总分的依据：{_formula_zh(card)}"))
    return [remark.text(lang) for remark in (*_rescored(card), *said, *(note for note in card.notes if note not in once))]


def _formula_zh(card: Scorecard) -> str:
    """What the total was worked out from, by labels."""
    pairs = (part.rpartition(" = ") for part in card.formula.split("; "))
    return "；".join(f"{_read_of(card, name)} = {worth.replace(' .. ', ' 至 ')}" for name, _, worth in pairs)


def _read_of(card: Scorecard, name: str) -> str:
    """A name that a total reads: a part of the card, or what has a label."""
    part = card.parts.get(name.removeprefix("parts."))
    return called(part) if part is not None and name.startswith("parts.") else needed((name,), "zh", card.labels)


def _rescored(card: Scorecard) -> Iterator[Words]:
    """What a published score would be now, and where it differs."""
    now = card.rescored
    if now is None:
        return
    of = Words(f"as of {card.now}", f"截至 {card.now}")
    if now.fault is not None:
        yield Words(f"{of.en} it cannot be worked out: {now.fault.en}", f"{of.zh} 无法重算：{now.fault.zh}")
        return
    if not now.changes and now.scored:
        yield Words(f"worked out {of.en} it would be the same", f"{of.zh} 重算，分数不变")
        return
    worth = [span(now.total, now.low, now.high, lang) if now.scored is not False else _UNSCORED.text(lang) for lang in _LANGUAGES]
    yield Words(f"worked out {of.en} it would be {worth[0]}", f"{of.zh} 重算为 {worth[1]}")
    for change in now.changes:
        if change.part is not None or change.item is not None:
            yield Words(*(_changed(card, change, lang) for lang in _LANGUAGES))
    if now.told == "total":
        yield Words("only the total was kept: what changed cannot be said", "只存了总分：哪里变了无从说起")
    if now.rules_changed:
        yield Words("the rulebook is not the one that it was published by", "规则册已不是公布时的那一册")


def _changed(card: Scorecard, change: Change, lang: Lang) -> str:
    part = card.parts.get(change.part or "")
    kind = card.labels.get(f"{change.part or ''}.{change.item}") if lang == "zh" else None
    names = [called(part) if part is not None else change.part, change.item and (change.label or kind or change.item)]
    where = " ".join(name for name in (*names, record(card, change.row, change.on, lang)) if name)
    was, would = span(change.was, None, None, lang), span(change.points, change.low, change.high, lang)
    return Words(f"  {where}: {was}, now {would}", f"  {where}：原为 {was}，现为 {would}").text(lang)


_LANGUAGES: Final[tuple[Lang, Lang]] = ("en", "zh")
_UNSCORED: Final = Words("not scored", "不计分")


def _open(card: Scorecard) -> Iterator[Words]:
    """Each item that is not settled, once: rows of which the same is open and at stake are told together."""
    together: dict[object, list[OpenItem]] = {}
    for item in card.open:
        facts = tuple(_ROW.sub(".", name) for name in item.needs)
        together.setdefault((item.item, item.low, item.high, facts), []).append(item)
    names = _names(card) if together else {}
    return (_of_alike(card, items, names.get(items[0].item, items[0].item)) for items in together.values())


def _names(card: Scorecard) -> dict[str, str]:
    """What is open, as a Chinese reader knows it: an item and a part by their labels; items of one id in two parts, where both are called
    alike.
    """
    called_so: dict[str, set[str]] = {}
    for line in (*card.lines, *card.unfired):
        called_so.setdefault(line.item, set()).add(item_name(card, line, "zh"))
    items = {item: next(iter(names)) if len(names) == 1 else item for item, names in called_so.items()}
    return {"total": "总分", **{path: called(part) for path, part in card.parts.items()}, **items}


_ROW: Final = re.compile(r":[^.:]+\.")
_NAMED: Final = 5  # rows and facts of those that are told together; the lines name every one
_TODAY: Final = {"as_of": Words("a later day as today (--now)", "更晚的截至日（--now）")}


def _of_alike(card: Scorecard, items: Sequence[OpenItem], name: str) -> Words:
    item, needs = items[0], tuple(dict.fromkeys(need for one in items for need in one.needs))
    if needs == BY_NOTHING:
        return Words(f"open: {item.item}, there is nothing to divide by", f"未定：{name}，没有可以相除的数")
    wanted = [
        needed([_TODAY[name].text(lang) if name in _TODAY else name for name in needs[:_NAMED]], lang, card.labels) for lang in _LANGUAGES
    ]
    more = Words("", "") if len(needs) <= _NAMED else Words(f" and {len(needs) - _NAMED} more", f" 等 {len(needs)} 项")
    stake = "" if item.low is None else f" ({points(item.low)} .. {points(item.high)})"
    row = [_rows_alike(card, items, lang) for lang in _LANGUAGES]
    each = Words("", "") if len(items) == 1 else Words(" each", "，每行")
    at_stake = Words(f"{stake}{each.en if stake else ''}", f"{each.zh if stake else ''}{stake}")
    settled = Words(f"would be settled by: {wanted[0]}{more.en}", f"需要：{wanted[1]}{more.zh}")
    told = row[1].strip() if name in row[1].split() else f"{name}{row[1]}"  # an item that is called as its rows are
    return Words(
        f"open: {item.item}{row[0]}{at_stake.en}, " + (settled.en if needs else "nothing given would settle it"),
        f"未定：{told}{at_stake.zh}，" + (settled.zh if needs else "没有可以确定它的事实"),
    )


def _rows_alike(card: Scorecard, items: Sequence[OpenItem], lang: Lang) -> str:
    """The row of an open item; of several how many, and the first of them."""
    named = [said for item in items if (said := record(card, item.row, None, lang))]
    if len(items) == 1:
        return f" {named[0]}" if named else ""
    listed = Words(", ", "、").text(lang).join(named[:_NAMED])
    more = "" if len(named) <= _NAMED else Words(", ..", "等").text(lang)
    return Words(f" {len(items)} rows ({listed}{more})", f" {len(items)} 行（{listed}{more}）").text(lang)


def source(card: Scorecard, lang: Lang) -> str:
    """The rulebook, its digest, and the day that counted as today."""
    now = Words(f", as of {card.now}", f"，截至 {card.now}").text(lang) if card.now is not None else ""
    return Words(f"rulebook {card.book}, digest {card.digest[:12]}", f"依据规则册 {card.book}，摘要 {card.digest[:12]}").text(lang) + now


# -- text


def as_text(card: Scorecard, lang: Lang, *, unfired: bool = False) -> str:
    """The card, a line an item and row."""
    of = (*card.lines, *card.unfired) if unfired else card.lines
    out = [f"{heading(card, lang)}: {total(card, lang)}"]
    for path, part in card.parts.items():
        deeper = "  " * part.level
        out.append(f"{deeper}  {called(part)}: {_part(part, lang)}{held(part, lang)}")
        out += [f"{deeper}{line}" for line in _lines(card, of, path, lang)]
    others = _lines(card, of, None, lang)
    out += [f"  {outside(lang)}{'：' if lang == 'zh' else ':'}", *others] if others else []
    return in_lines([*out, *(f"  {remark}" for remark in remarks(card, lang)), f"  {source(card, lang)}"])


def _lines(card: Scorecard, of: Sequence[Line], part: str | None, lang: Lang) -> list[str]:
    lines = []
    for line in of:
        if line.part == part:
            cite = f" [{line.cite}]" if line.cite else ""
            row = f" {said}" if (said := records(card, line, lang)) else ""
            worth = span(line.points, line.low, line.high, lang)
            lines.append(f"    {worth:>8}  {item_name(card, line, lang)}{cite}{row}: {arithmetic(card, line, lang, by_labels=True)}")
    return lines

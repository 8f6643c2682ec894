"""A scorecard as text and as a page: what an appeal is answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from importlib.resources import files

from govservice.assessment.scorecard import Line, OpenItem, PartScore, Scorecard
from govservice.errors import Lang, Words
from govservice.rules.language import values
from govservice.show.values import shown

__all__ = ["as_html", "as_text"]

BY_NOTHING = tuple(values.BY_NOTHING.needs)


def _points(value: object) -> str:
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _span(total: object, low: object, high: object, lang: Lang) -> str:
    if total is not None:
        return _points(total)
    if low is None:
        return Words("open", "未定").text(lang)
    return Words(f"{_points(low)} to {_points(high)}", f"{_points(low)} 至 {_points(high)}").text(lang)


def _heading(card: Scorecard) -> str:
    return f"{card.title or card.scheme} {card.subject} {card.period}"


def _total(card: Scorecard, lang: Lang) -> str:
    if card.scored is False:
        return Words("not scored", "不计分").text(lang)
    unit = f" {card.unit}" if card.unit else ""
    standing = Words(", eligibility open", "，是否参评未定") if card.eligible is None else Words(", not eligible", "，不参加评定")
    return f"{_span(card.total, card.low, card.high, lang)}{unit}{'' if card.eligible else standing.text(lang)}"


def _part(part: PartScore, lang: Lang) -> str:
    full = f" / {_points(part.full)}" if part.full is not None else ""
    return f"{_span(part.total, part.low, part.high, lang)}{full}"


def _called(part: PartScore) -> str:
    return part.label or part.id.rpartition(".")[2]


def _held(part: PartScore, lang: Lang) -> str:
    if not part.held or part.earned is None:
        return ""
    return Words(f" (held; items leave {_points(part.earned)})", f"（已限；各项合计 {_points(part.earned)}）").text(lang)


def _outside(lang: Lang) -> str:
    return Words("outside any part", "不属任何一项").text(lang)


def _named(card: Scorecard, kind: object, lang: Lang) -> str:
    return card.labels.get(str(kind), str(kind)) if lang == "zh" else str(kind)


def _record(card: Scorecard, row: Mapping[str, object] | None, on: object, lang: Lang) -> str:
    """A row by its day and kind, or what else names it."""
    if row is None:
        return ""
    name = next((row[key] for key in ("kind", "case", "period") if row.get(key) is not None), "")
    return " ".join(part for part in (str(on or row.get("on") or ""), _named(card, name, lang)) if part)


def _records(card: Scorecard, line: Line, lang: Lang) -> str:
    """The row of a line; of one that prices several as one, all of them."""
    if not line.rows:
        return _record(card, line.row, line.on, lang)
    return ("；" if lang == "zh" else "; ").join(_record(card, row, None, lang) for row in line.rows)


def _fact(value: object, lang: Lang) -> str:
    """A fact that an item read; a number without end is cut short, never rounded over a threshold."""
    text = shown(value, lang) if value not in BY_NOTHING else Words(BY_NOTHING[0], "没有可以相除的数").text(lang)
    whole, dot, digits = text.partition(".")
    return f"{whole}.{digits[:4]}…" if isinstance(value, Decimal) and dot and len(digits) > 6 else text


def _arithmetic(card: Scorecard, line: Line, lang: Lang) -> str:
    pairs = [f"{_named(card, name, lang)} = {_fact(value, lang)}" for name, value in line.facts.items()]
    return f"{line.text}  ({('，' if lang == 'zh' else ', ').join(pairs)})" if pairs else line.text


def _remarks(card: Scorecard, lang: Lang) -> list[str]:
    """What is still open, what nothing prices, what is not verified, and what else must be said."""
    remarks = [_open(card, item) for item in card.open]
    for row in card.unpriced:
        remarks.append(Words(f"unpriced: {_record(card, row, None, 'en')}", f"未定价：{_record(card, row, None, 'zh')}"))
    for row in card.unverified:
        remarks.append(Words(f"not verified: {_record(card, row, None, 'en')}", f"未查实：{_record(card, row, None, 'zh')}"))
    if card.formula:
        remarks.append(Words(f"the total was worked out from {card.formula}", f"总分的依据：{card.formula}"))
    return [remark.text(lang) for remark in (*remarks, *card.notes)]


def _open(card: Scorecard, item: OpenItem) -> Words:
    if item.needs == BY_NOTHING:
        return Words(f"open: {item.item}, there is nothing to divide by", f"未定：{item.item}，没有可以相除的数")
    needs = ", ".join(item.needs)
    stake = "" if item.low is None else f" ({_points(item.low)} .. {_points(item.high)})"
    row = [f" {record}" if (record := _record(card, item.row, None, lang)) else "" for lang in ("en", "zh")]
    return Words(
        f"open: {item.item}{row[0]}{stake}, " + (f"would be settled by: {needs}" if needs else "nothing given would settle it"),
        f"未定：{item.item}{row[1]}{stake}，" + (f"需要：{needs}" if needs else "没有可以确定它的事实"),
    )


def _source(card: Scorecard, lang: Lang) -> str:
    now = Words(f", as of {card.now}", f"，截至 {card.now}").text(lang) if card.now is not None else ""
    return Words(f"rulebook {card.book}, digest {card.digest[:12]}", f"依据规则册 {card.book}，摘要 {card.digest[:12]}").text(lang) + now


# -- text


def as_text(card: Scorecard, lang: Lang, *, unfired: bool = False) -> str:
    """The card, a line an item and row."""
    of = (*card.lines, *card.unfired) if unfired else card.lines
    out = [f"{_heading(card)}: {_total(card, lang)}"]
    for path, part in card.parts.items():
        deeper = "  " * part.level
        out.append(f"{deeper}  {_called(part)}: {_part(part, lang)}{_held(part, lang)}")
        out += [f"{deeper}{line}" for line in _lines(card, of, path, lang)]
    outside = _lines(card, of, None, lang)
    out += [f"  {_outside(lang)}{'：' if lang == 'zh' else ':'}", *outside] if outside else []
    return "\n".join([*out, *(f"  {remark}" for remark in _remarks(card, lang)), f"  {_source(card, lang)}"])


def _lines(card: Scorecard, of: Sequence[Line], part: str | None, lang: Lang) -> list[str]:
    lines = []
    for line in of:
        if line.part == part:
            cite = f" [{line.cite}]" if line.cite else ""
            record = f" {text}" if (text := _records(card, line, lang)) else ""
            worth = _span(line.points, line.low, line.high, lang)
            lines.append(f"    {worth:>8}  {line.label or line.item}{cite}{record}: {_arithmetic(card, line, lang)}")
    return lines


# -- a page


def as_html(card: Scorecard, lang: Lang, *, unfired: bool = False) -> str:
    """The card as one page that stands alone."""
    of = (*card.lines, *card.unfired) if unfired else card.lines
    language = "zh-CN" if lang == "zh" else "en"
    style = files("govservice.show").joinpath("scorecard.css").read_text(encoding="utf-8")
    title = escape(_heading(card))
    names = ("计分项", "条款", "记录", "算式", "分") if lang == "zh" else ("item", "clause", "record", "arithmetic", "points")
    heads = "".join(f"<th{' class=n' if name == names[-1] else ''}>{name}</th>" for name in names)
    listed = "".join(f"<li>{escape(remark)}</li>" for remark in _remarks(card, lang))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>'
        f'<h1>{title}</h1><p class="total">{escape(_total(card, lang))}</p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{_html_rows(card, of, lang)}</tbody></table>"
        f'{f"<ul>{listed}</ul>" if listed else ""}<p class="small">{escape(_source(card, lang))}</p></body></html>'
    )


def _html_rows(card: Scorecard, of: Sequence[Line], lang: Lang) -> str:
    rows: list[str] = []
    for path, part in card.parts.items():
        rows.append(_html_part(f"{_called(part)}{_held(part, lang)}", _part(part, lang), part.level))
        rows += [_html_line(card, line, lang) for line in of if line.part == path]
    outside = [_html_line(card, line, lang) for line in of if line.part is None]
    return "".join([*rows, *([_html_part(_outside(lang), "")] if outside else []), *outside])


def _html_part(name: str, worth: str, level: int = 0) -> str:
    deeper = f' style="padding-left: {1 + level}em"' if level else ""
    return f'<tr class="part"><td colspan="4"{deeper}>{escape(name)}</td><td class="n">{escape(worth)}</td></tr>'


def _html_line(card: Scorecard, line: Line, lang: Lang) -> str:
    texts = (line.label or line.item, line.cite or "", _records(card, line, lang), _arithmetic(card, line, lang))
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    return f'<tr>{cells}<td class="n">{escape(_span(line.points, line.low, line.high, lang))}</td></tr>'

"""A scorecard as text and as a page: what an appeal is answered with."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files

from govservice.errors import Lang, Words
from govservice.rules.explaining import shown
from govservice.scoring.card import Line, Scorecard

__all__ = ["as_html", "as_text"]


def _span(total: object, low: object, high: object, lang: Lang) -> str:
    if total is not None:
        return _points(total)
    if low is None:
        return Words("open", "未定").text(lang)
    return Words(f"{_points(low)} to {_points(high)}", f"{_points(low)} 至 {_points(high)}").text(lang)


def _points(value: object) -> str:
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _row(line: Line) -> str:
    if line.row is None:
        return ""
    kind = line.row.get("kind") or line.row.get("case") or ""
    return f" {line.on or ''} {kind}".rstrip()


def _arithmetic(card: Scorecard, line: Line, lang: Lang) -> str:
    facts = ("，" if lang == "zh" else ", ").join(
        f"{card.labels.get(name, name) if lang == 'zh' else name} = {shown(value, lang)}" for name, value in line.facts.items()
    )
    return f"{line.text}" + (f"  ({facts})" if facts else "")


def as_text(card: Scorecard, lang: Lang) -> str:
    """The card, a line an item and row."""
    unit = f" {card.unit}" if card.unit else ""
    head = f"{card.title or card.scheme} {card.subject} {card.period}: {_span(card.total, card.low, card.high, lang)}{unit}"
    out = [head]
    for part in card.parts.values():
        full = f" / {_points(part.full)}" if part.full is not None else ""
        held = (
            Words(f" (held; items leave {_points(part.earned)})", f"（已限；各项合计 {_points(part.earned)}）").text(lang)
            if part.held and part.earned is not None
            else ""
        )
        out.append(f"  {part.label or part.id}: {_span(part.total, part.low, part.high, lang)}{full}{held}")
        out += _lines(card, part.id, lang)
    adjust = _lines(card, None, lang)
    if adjust:
        out += [Words("  outside any part:", "  不属任何一项：").text(lang), *adjust]
    for one in card.open:
        needs = ", ".join(one.needs) or "-"
        stake = "" if one.low is None else f" ({_points(one.low)} .. {_points(one.high)})"
        out.append(
            Words(f"  open: {one.item}{stake}, would be settled by: {needs}", f"  未定：{one.item}{stake}，需要：{needs}").text(lang)
        )
    for name, rows in (("unpriced", card.unpriced), ("unverified", card.unverified)):
        for row in rows:
            kind = card.labels.get(str(row.get("kind")), row.get("kind")) if lang == "zh" else row.get("kind")
            said = Words(
                f"  {name}: {kind} {row.get('on', '')}", f"  {'未定价' if name == 'unpriced' else '未查实'}：{kind} {row.get('on', '')}"
            )
            out.append(said.text(lang).rstrip())
    out += [f"  {note.text(lang)}" for note in card.notes]
    out.append(Words(f"  rulebook {card.book}, digest {card.digest[:12]}", f"  依据规则册 {card.book}，摘要 {card.digest[:12]}").text(lang))
    return "\n".join(out)


def _remarks(card: Scorecard, lang: Lang) -> list[str]:
    """What is still open, what nothing prices, what is not verified, and what else must be said."""
    said: list[Words] = []
    for one in card.open:
        needs = ", ".join(one.needs) or "-"
        stake = "" if one.low is None else f" ({_points(one.low)} .. {_points(one.high)})"
        said.append(Words(f"open: {one.item}{stake}, would be settled by: {needs}", f"未定：{one.item}{stake}，需要：{needs}"))
    for row in card.unpriced:
        said.append(Words(f"unpriced: {_event(card, row, 'en')}", f"未定价：{_event(card, row, 'zh')}"))
    for row in card.unverified:
        said.append(Words(f"not verified: {_event(card, row, 'en')}", f"未查实：{_event(card, row, 'zh')}"))
    return [one.text(lang) for one in (*said, *card.notes)]


def _event(card: Scorecard, row: Mapping[str, object], lang: Lang) -> str:
    kind = str(row.get("kind"))
    return f"{card.labels.get(kind, kind) if lang == 'zh' else kind} {row.get('on', '')}".rstrip()


def _lines(card: Scorecard, part: str | None, lang: Lang) -> list[str]:
    found = []
    for line in card.lines:
        if line.part == part:
            cite = f" [{line.cite}]" if line.cite else ""
            worth = _span(line.points, line.low, line.high, lang)
            found.append(f"    {worth:>8}  {line.label or line.item}{cite}{_row(line)}: {_arithmetic(card, line, lang)}")
    return found


def as_html(card: Scorecard, lang: Lang) -> str:
    """The card as one page that stands alone."""
    language = "zh-CN" if lang == "zh" else "en"
    style = files("govservice.scoring").joinpath("card.css").read_text(encoding="utf-8")
    title = escape(f"{card.title or card.scheme} {card.subject} {card.period}")
    total = escape(f"{_span(card.total, card.low, card.high, lang)} {card.unit or ''}")
    names = ("计分项", "条款", "记录", "算式", "分") if lang == "zh" else ("item", "clause", "record", "arithmetic", "points")
    heads = "".join(f"<th{' class=n' if name == names[-1] else ''}>{name}</th>" for name in names)
    listed = "".join(f"<li>{escape(one)}</li>" for one in _remarks(card, lang))
    source = Words(f"rulebook {card.book}, digest {card.digest}", f"依据规则册 {card.book}，摘要 {card.digest}").text(lang)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>'
        f'<h1>{title}</h1><p class="total">{total}</p><table><thead><tr>{heads}</tr></thead><tbody>{_html_rows(card, lang)}</tbody></table>'
        f'{f"<ul>{listed}</ul>" if listed else ""}<p class="small">{escape(source)}</p></body></html>'
    )


def _html_rows(card: Scorecard, lang: Lang) -> str:
    rows: list[str] = []
    for part in card.parts.values():
        full = f" / {_points(part.full)}" if part.full is not None else ""
        worth = escape(_span(part.total, part.low, part.high, lang)) + full
        rows.append(f'<tr class="part"><td colspan="4">{escape(part.label or part.id)}</td><td class="n">{worth}</td></tr>')
        rows += [_html_line(card, line, lang) for line in card.lines if line.part == part.id]
    return "".join([*rows, *(_html_line(card, line, lang) for line in card.lines if line.part is None)])


def _html_line(card: Scorecard, line: Line, lang: Lang) -> str:
    texts = (line.label or line.item, line.cite or "", _row(line).strip(), _arithmetic(card, line, lang))
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    return f'<tr>{cells}<td class="n">{escape(_span(line.points, line.low, line.high, lang))}</td></tr>'

"""A scorecard as a page to print, hand over and sign: what an appeal is answered with."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Final

from govservice.assessment.scorecard import Line, Scorecard
from govservice.errors import Lang, Words, known_lang
from govservice.show import scorecard as text
from govservice.show.values import period_said

__all__ = ["fragment", "page"]

_PAGE: Final = "@page{size:A4;margin:16mm 15mm}body{margin:0;background:#fff}"
_HEADS: Final = (
    Words("item", "计分项"), Words("clause", "条款"), Words("record", "记录"), Words("arithmetic", "算式"),
    Words("full", "满分"), Words("points", "得分"),
)  # fmt: skip
_SIGNED: Final = (Words("assessed", "被考核人（单位）"), Words("assessor", "考核人"), Words("approved", "审核"))


def page(card: Scorecard, lang: Lang, *, unfired: bool = False) -> str:
    """The card as one page that stands alone, on A4; with `unfired` the items that did not fire too."""
    language = "zh-CN" if known_lang(lang) == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(text.heading(card, lang))}</title>'
        f"<style>{_PAGE}</style></head><body>{fragment(card, lang, unfired=unfired)}</body></html>"
    )


def fragment(card: Scorecard, lang: Lang, *, unfired: bool = False) -> str:
    """The card as one piece of HTML within another page, whose own style it leaves alone."""
    language = "zh-CN" if known_lang(lang) == "zh" else "en"
    of = (*card.lines, *card.unfired) if unfired else card.lines
    style = files("govservice.show").joinpath("scorecard.css").read_text(encoding="utf-8")
    heads = "".join(f"<th{' class=n' if head in _HEADS[-2:] else ''}>{head.text(lang)}</th>" for head in _HEADS)
    listed = "".join(f"<li>{escape(remark)}</li>" for remark in text.remarks(card, lang))
    return (
        f'<div class="gs-card" lang="{language}"><style>{style}</style>'
        f'<div class="title" role="heading" aria-level="1">{escape(card.title or card.scheme)}</div>'
        f'<p class="whose">{escape(_whose(card, lang))}</p>{_total(card, lang)}'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{_rows(card, of, lang)}</tbody></table>"
        f"{f'<ul>{listed}</ul>' if listed else ''}"
        f'<p class="small">{escape(text.source(card, lang))}</p><div class="closing">{_appeal(lang)}{_signatures(lang)}</div></div>'
    )


def _whose(card: Scorecard, lang: Lang) -> str:
    name = card.labels.get(f"subject={card.subject}")
    whose = card.subject if name is None else Words(f"{card.subject} {name}", f"{name}（{card.subject}）").text(lang)
    period = Words(card.period, _period_zh(card.period))
    return Words(f"{whose} · {period.en}", f"对象：{whose}　期间：{period.zh}").text(lang)


def _period_zh(period: str) -> str:
    """A period as it is said: 2026-10 is 2026年10月.

    >>> [_period_zh(period) for period in ("2026-10", "2026-B5", "2026-Q4", "2026-H2", "2026", "2026-10-01..2026-10-15")]
    ['2026年10月', '2026年9月至10月', '2026年第4季度', '2026年下半年', '2026年', '2026-10-01至2026-10-15']
    """
    first, to, last = period.partition("..")
    if to:
        return f"{first}至{last}"
    year, _, part = period.partition("-")
    if not year.isdecimal():
        return period_said(period, "zh")
    if part[:1] == "B":
        return f"{year}年{int(part[1:]) * 2 - 1}月至{int(part[1:]) * 2}月"
    month = f"{int(part)}月" if part.isdecimal() else ""
    return f"{year}年" + {"Q": f"第{part[1:]}季度", "H": "上半年" if part == "H1" else "下半年"}.get(part[:1], month)


def _total(card: Scorecard, lang: Lang) -> str:
    whole = "" if card.full is None else Words(f" of {text.points(card.full)}", f" ／ 满分 {text.points(card.full)}").text(lang)
    return f'<p class="total">{escape(text.total(card, lang))}<span class="of">{escape(whole)}</span></p>'


def _rows(card: Scorecard, of: Sequence[Line], lang: Lang) -> str:
    rows: list[str] = []
    for path, part in card.parts.items():
        full, name = "" if part.full is None else text.points(part.full), f"{text.called(part)}{text.held(part, lang)}"
        rows.append(_part(name, full, text.span(part.total, part.low, part.high, lang), part.level))
        rows += [_line(card, line, lang) for line in of if line.part == path]
    outside = [_line(card, line, lang) for line in of if line.part is None]
    return "".join([*rows, *([_part(text.outside(lang), "", "")] if outside else []), *outside])


def _part(name: str, full: str, worth: str, level: int = 0) -> str:
    deeper = f' style="padding-left:{1 + level}em"' if level else ""
    numbers = f'<td class="n">{escape(full)}</td><td class="n">{escape(worth)}</td>'
    return f'<tr class="part"><td colspan="4"{deeper}>{escape(name)}</td>{numbers}</tr>'


def _line(card: Scorecard, line: Line, lang: Lang) -> str:
    cells = (
        ("", text.item_name(card, line, lang)),
        (' class="short"', line.cite or ""),
        ("", text.records(card, line, lang)),
        (' class="rule"', text.arithmetic(card, line, lang, by_labels=True)),
        (' class="n"', ""),
        (' class="n"', text.span(line.points, line.low, line.high, lang)),
    )
    return f"<tr>{''.join(f'<td{kind}>{escape(said)}</td>' for kind, said in cells)}</tr>"


def _appeal(lang: Lang) -> str:
    """How to object, with blanks for what the centre's own rules say."""
    blank, long = '<span class="line">&nbsp;</span>', '<span class="line" style="min-width:12em">&nbsp;</span>'
    said = Words(
        f"Whoever disagrees may appeal to {long} within {blank} days of receiving this card. Grounds: {long}",
        f"对以上计分有异议的，可自收到本表之日起 {blank} 日内向 {long} 申诉。申诉意见：{long}",
    )
    return f'<p class="appeal">{said.text(lang)}</p>'


def _signatures(lang: Lang) -> str:
    signed = Words(" (signature, date)", "（签字、日期）").text(lang)
    return f'<div class="signed">{"".join(f"<span>{who.text(lang)}{signed}<i></i></span>" for who in _SIGNED)}</div>'

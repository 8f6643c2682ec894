"""A round on one page: for each scheme who got how much in which period, for each decision who got what; each score leads to its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Final

from govservice.assessment.scorecard import Scorecard
from govservice.errors import Lang, Words
from govservice.rounds.results import Graded, Round
from govservice.show.scorecard import points, span
from govservice.show.summary import settings_given
from govservice.show.values import period_said

__all__ = ["page"]

_PAGE: Final = "@page{size:A4 landscape;margin:12mm}body{margin:0;background:#f4f6f9}@media print{body{background:#fff}}"
_STYLE: Final = (
    ".gs-summary{max-width:1500px}.gs-summary td a{color:inherit}.gs-summary .wide{overflow-x:auto}.gs-summary .opened{color:var(--warm)}"
    ".gs-summary td.who{white-space:nowrap}.gs-summary table.few{width:auto;min-width:50%}"
)


def page(done: Round, lang: Lang, links: Mapping[tuple[str, str, str], str]) -> str:
    """The page as one file; `links` leads from a scheme, period and subject to the page of that card, where there is one."""
    title = escape(done.ran.title or done.ran.book)
    what = Words(f"Assessment {done.period}", f"考核结果 {period_said(done.period, 'zh')}").text(lang)
    css = files("govservice.show").joinpath("summary.css").read_text(encoding="utf-8")
    body = "".join((*_in_order(done, lang, links), _said(done, lang)))
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · {escape(what)}</title><style>{_PAGE}</style></head><body>"
        f'<main class="gs-summary" lang="{language}"><style>{css}{_STYLE}</style>'
        f"<header><h1>{title}</h1><p>{escape(what)}</p></header>{body}<footer>{_foot(done, lang)}</footer></main></body></html>\n"
    )


def _in_order(done: Round, lang: Lang, links: Mapping[tuple[str, str, str], str]) -> list[str]:
    """A section a scheme or decision, in the order in which they were worked out."""
    sections = []
    for id in dict.fromkeys(step.id for step in done.steps):
        cards = [card for card in done.cards if card.scheme == id]
        if cards:
            cells = {(card.subject, card.period): _score(card, lang, links.get((id, card.period, card.subject))) for card in cards}
            names = {card.subject: card.labels.get(f"subject={card.subject}") for card in cards}
            sections.append(_section(done.titles[id], names, cells, lang))
        graded = [one for one in done.gradings if one.decision == id]
        if graded:
            cells = {(one.grading.subject, one.period): _grade(one, lang) for one in graded}
            sections.append(_section(done.titles[id], {one.grading.subject: None for one in graded}, cells, lang))
    return sections


def _score(card: Scorecard, lang: Lang, link: str | None) -> str:
    text = Words("not scored", "不计分").text(lang) if card.scored is False else span(card.total, card.low, card.high, lang)
    shown = escape(text) if card.total is not None or card.scored is False else f"<span class=opened>{escape(text)}</span>"
    return f'<a href="{escape(link)}">{shown}</a>' if link is not None else shown


def _grade(one: Graded, lang: Lang) -> str:
    grading = one.grading
    rank = Words(f" ({grading.rank})", f"（第 {grading.rank} 名）").text(lang) if grading.rank is not None else ""
    if grading.open:
        return f"<span class=opened>{Words('open', '未定').text(lang)}{rank}</span>"
    value = one.value
    if isinstance(value, bool):
        value = Words("yes" if value else "no", "是" if value else "否").text(lang)
    if isinstance(value, tuple | list):
        value = "、".join(map(str, value))
    return f"{escape('-' if value is None else points(value))}{rank}"


def _section(title: str, names: Mapping[str, str | None], cells: Mapping[tuple[str, str], str], lang: Lang) -> str:
    periods = list(dict.fromkeys(period for _, period in cells))
    head = "".join(f"<th class=n>{escape(period_said(period, lang))}</th>" for period in periods)
    rows = "".join(
        f"<tr><td class=who>{escape(f'{name}（{subject}）' if name else subject)}</td>"
        + "".join(f"<td class=n>{cells.get((subject, period), '')}</td>" for period in periods)
        + "</tr>"
        for subject, name in names.items()
    )
    few = " class=few" if len(periods) < _MANY else ""
    whose = Words("subject", "对象").text(lang)
    return (
        f"<section><h2>{escape(title)}</h2><div class=wide><table{few}><thead><tr><th>{whose}</th>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


_MANY: Final = 4  # periods that fill the width
_LISTED: Final = 50


def _said(done: Round, lang: Lang) -> str:
    """What could not be worked out, the rows set aside, and what else must be said of the records."""
    groups = (
        (
            Words("not worked out", "没有算出"),
            [f"{done.titles[step.id]} {period_said(str(step.period), lang)}: {why.text(lang)}" for step, why in done.failed],
        ),
        (Words("rows set aside", "搁置的行"), [row.text(lang) for row in done.set_aside]),
        (Words("of the records", "关于记录"), [note.text(lang) for note in done.notes]),
    )
    parts = [
        f"<section><h2>{head.text(lang)}</h2><ul>{_items(lines)}</ul>{_more(lines, lang)}</section>" for head, lines in groups if lines
    ]
    return "".join(parts)


def _items(lines: Sequence[str]) -> str:
    return "".join(f"<li>{escape(line)}</li>" for line in lines[:_LISTED])


def _more(lines: Sequence[str], lang: Lang) -> str:
    if len(lines) <= _LISTED:
        return ""
    return f"<p class=soft>{Words(f'{_LISTED} of {len(lines)} are listed', f'共 {len(lines)} 条，列出 {_LISTED} 条').text(lang)}</p>"


def _foot(done: Round, lang: Lang) -> str:
    settings = settings_given(done.ran.settings, done.ran.labels, lang)
    sentences = [
        Words(f"rulebook {done.ran.book}, digest {done.ran.digest}", f"依据规则册 {done.ran.book}，摘要 {done.ran.digest}"),
        Words(f"settings: {settings}", f"设定：{settings}") if settings else None,
        Words(f"govservice {done.ran.version}", f"govservice {done.ran.version}"),
    ]
    return "".join(f"<p>{escape(sentence.text(lang))}</p>" for sentence in sentences if sentence is not None)

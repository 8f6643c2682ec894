"""What the page to try a rulebook was started with, and its pieces: the book, the language, the day, the form and what stands beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final, cast

from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.reading import read_date
from govservice.rules.rulebook import Rulebook, load_rulebook
from govservice.trying.answering import refusal
from govservice.trying.asking import AskedFact
from govservice.trying.sheet import DecidedSheet, decided_sheet

__all__ = ["STARTED_WITH", "Trying", "beside", "form", "settled", "started_with", "widgets", "words"]

STARTED_WITH: Final = "GOVSERVICE_TRY"
"""The variable in the surroundings of the process through which the server tells the page what to open: JSON, so that any path fits."""

_WORDS: Final[Mapping[str, Words]] = {
    "decision": Words("decision", "决定"),
    "on": Words("day (that counts as today)", "日期（当作今天）"),
    "clock": Words("clock", "时限"),
    "no pause": Words("none", "没有"),
    "pause": Words("pause", "中止"),
    "from": Words("from", "起"),
    "told": Words("told in writing", "已书面告知"),
    "to": Words("to", "止"),
    "one": Words("One case", "一件"),
    "clocks": Words("Clocks", "时限"),
    "many": Words("A sheet", "一表"),
    "paste": Words("paste rows from a spreadsheet, headings first", "从表格软件复制，连表头粘贴到这里"),
    "sheet": Words("a sheet of facts: the first line names them", "事实表：首行为表头"),
    "upload": Words("or choose a CSV file", "或选择 CSV 文件"),
    "download": Words("download what was decided (CSV)", "下载结果（CSV）"),
    "blank": Words("download an empty sheet", "下载空表"),
    "none": Words("there is none", "无"),
    "comma": Words(", ", "，"),
    "nothing": Words("nothing to ask: no facts are read", "没有要填的事实"),
    "try": Words("Try a rulebook", "规则册试用"),
    "left open": Words("Numbers that the book leaves open (--set NAME=VALUE):", "规则册没有定的数（用 --set 名称=值 给出）："),
}


def words(name: str, lang: Lang) -> str:
    """A word of the page."""
    return _WORDS[name].text(lang)


def started_with(book: str, lang: Lang, on: date | None, settings: Mapping[str, str]) -> str:
    """What the server tells the page.

    >>> started_with("册 一.yaml", "zh", None, {})
    '{"book": "册 一.yaml", "lang": "zh", "on": null, "settings": {}}'
    """
    told = {"book": book, "lang": lang, "on": None if on is None else on.isoformat(), "settings": dict(settings)}
    return json.dumps(told, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Trying:
    """What the page was started with: the book, the language, and the day as text (empty: today's, said in its field)."""

    book: Rulebook
    lang: Lang
    on: str

    def head(self) -> str:
        """The page's heading: the book's title, and the numbers that it still wants."""
        book, lang = self.book, self.lang
        open_ = [setting.label or id for id, setting in book.settings.items() if setting.value is None]
        waits = (
            f'<details style="color:#4b515b"><summary style="cursor:pointer">{escape(words("left open", lang))} {len(open_)}</summary>'
            f"<p>{escape('、'.join(open_))}</p></details>"
            if open_
            else ""
        )
        name = f"{words('try', lang)} · {book.id} · {book.digest[:12]}"
        return (
            f'<div lang="{"zh-CN" if lang == "zh" else "en"}"><p style="margin:0;color:#4b515b">{escape(name)}</p>'
            f'<h1 style="margin:2px 0 4px;font-size:1.6em">{escape(book.title or book.id)}</h1>{waits}</div>'
        )

    def day(self, written: str) -> tuple[date | None, RecordError | None]:
        """The day that the field says, and why it cannot be read."""
        try:
            return (read_date(written) if written.strip() else None), None
        except RecordError as error:
            return None, error

    def sheet(self, content: str | bytes, decision: str | None, day: date | None) -> DecidedSheet | str:
        """A sheet decided, or in HTML why it is not; an empty string where there is none yet."""
        if decision is None or not content.strip():
            return ""
        try:
            return decided_sheet(self.book, decision, content, day, day, self.lang)
        except GovServiceError as error:
            return refusal(error, self.lang)


def settled() -> Trying:
    """What the server has told this page. Raises RulebookError where the book has got faults since."""
    told = json.loads(os.environ[STARTED_WITH])
    lang = cast("Lang", told["lang"])
    book = load_rulebook(told["book"], settings=told["settings"], lang=lang)
    return Trying(book, lang, told["on"] or date.today().isoformat())  # noqa: DTZ011 - shown in a field, and the reader's to change


def widgets(mo: Any, fields: Iterable[AskedFact], lang: Lang) -> tuple[Any, Any]:
    """The widgets of some fields by id, and beside those that are written whether there is none.

    Numbers and days are written as text: an empty field is unknown, which marimo's own have no way to say, and what is written is read as
    records are (０．５, 2026年3月2日), exactly.
    """
    answers: dict[str, Any] = {}
    none: dict[str, Any] = {}
    for field in fields:
        label = _plain(field.label)
        if field.options is not None:
            first = next(iter(field.options))
            answers[field.id] = mo.ui.dropdown(field.options, value=first, label=label, full_width=True)
        else:
            answers[field.id] = mo.ui.text(label=label, placeholder=field.hint(lang), full_width=True)
        if field.may_be_none:
            none[field.id] = mo.ui.checkbox(label=words("none", lang))
    return mo.ui.dictionary(answers), mo.ui.dictionary(none)


def _plain(label: str) -> str:
    """A label as marimo shows it letter by letter: it reads labels as Markdown.

    >>> _plain("<b>*甲*")
    '&lt;b&gt;\\\\*甲\\\\*'
    """
    text = escape(label, quote=False)
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|~$" else sign for sign in text)


def form(mo: Any, fields: Iterable[AskedFact], answers: Any, none: Any, lang: Lang) -> Any:
    """The fields below each other."""
    rows = [
        mo.hstack([answers[field.id], none[field.id]], widths=[5, 1], align="end", gap=0.5) if field.may_be_none else answers[field.id]
        for field in fields
    ]
    return mo.vstack(rows or [mo.Html(escape(words("nothing", lang)))], gap=0.6)


def beside(mo: Any, left: Any, right: Any) -> Any:
    """A form, and what is said beside it; on a narrow window below it."""
    one = f'<div style="flex:1 1 300px;min-width:0;max-width:460px">{mo.as_html(left).text}</div>'
    other = f'<div style="flex:2 1 320px;min-width:0;position:sticky;top:8px" aria-live="polite">{mo.as_html(right).text}</div>'
    return mo.Html(f'<div style="display:flex;flex-wrap:wrap;gap:20px 32px;align-items:flex-start">{one}{other}</div>')

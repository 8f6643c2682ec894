"""A round written to a folder: scores, parts, lines, grades, the rows set aside, and where asked for every scorecard as a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from govservice.assessment.scorecard import Scorecard
from govservice.errors import Lang, Words
from govservice.plain_files import distinct_names
from govservice.rounds.page import page
from govservice.rounds.results import Round
from govservice.run.stored_tables import put_tables
from govservice.run.tables import aside_rows
from govservice.run.writing import Part, Table, cell, put
from govservice.show.scorecard import arithmetic, item_name, records, remarks

__all__ = ["MARK", "figures", "write", "write_into"]

MARK: Final = "govservice assess"
_SCORES: Final = ("scheme", "title", "period", "subject", "total", "low", "high", "full", "eligible", "scored", "needs", "remarks")
_PARTS: Final = ("scheme", "period", "subject", "part", "label", "full", "total", "low", "high")
_LINES: Final = (
    "scheme", "period", "subject", "part", "item", "label", "cite", "on", "record", "points", "low", "high", "arithmetic",
)  # fmt: skip
_GRADES: Final = (
    "decision", "label", "about", "period", "subject", "grade", "open", "possible", "undecided", "total", "low", "high",
    "rank", "rank_low", "rank_high", "ranked", "tied", "rule", "cite", "remarks",
)  # fmt: skip
_CHINESE: Final[Mapping[str, str]] = {
    "scheme": "计分方案", "title": "考核",
    "period": "期间", "subject": "对象", "total": "总分", "low": "最低", "high": "最高", "full": "满分",
    "eligible": "参加评定", "scored": "计分", "needs": "还缺", "remarks": "说明", "part": "部分", "label": "名称", "item": "计分项",
    "cite": "依据条款", "on": "日期", "record": "记录", "points": "得分", "arithmetic": "算式", "decision": "决定", "about": "对什么作出",
    "grade": "结果", "open": "未定", "possible": "可能的结果", "undecided": "未定所缺", "rank": "名次", "rank_low": "名次最前",
    "rank_high": "名次最后", "ranked": "参评人数", "tied": "并列", "rule": "所依规则", "table": "表", "file": "文件", "line": "行号",
    "id": "编号", "field": "列", "reason": "原因", "row": "原来的一行",
}  # fmt: skip


def write(done: Round, folder: Path, *, force: bool, lang: Lang, pages: bool) -> tuple[Path, ...]:
    """See `Round.write`."""
    tables = _tables(done, lang)
    links = {_key(card): name for card, name in zip(done.cards, _file_names(done.cards), strict=True)} if pages else {}
    parts: dict[str, Part] = {links[_key(card)]: partial(_put_card, card=card, lang=lang) for card in done.cards if pages}
    parts["summary.html"] = lambda file: file.write(page(done, lang, links))
    return put(folder, tables, parts, figures(done, lang), mark=MARK, force=force, lang=lang, records=done._read_from)


def write_into(done: Round, url: str, *, lang: Lang) -> tuple[str, ...]:
    """See `Round.write_into`."""
    return put_tables(url, _tables(done, lang), figures(done, lang), prefix="assess_", mark=MARK, lang=lang)


def _tables(done: Round, lang: Lang) -> dict[str, Table]:
    """Each table by its file."""
    aside = aside_rows(done.set_aside, lang)
    heads = tuple(map(str, next(aside)))
    return {
        "scores.csv": _table(_SCORES, _scores(done, lang), lang),
        "parts.csv": _table(_PARTS, _parts(done), lang),
        "lines.csv": _table(_LINES, _lines(done, lang), lang),
        "grades.csv": _table(_GRADES, _grades(done), lang),
        "set_aside.csv": _table(heads, aside, lang),
    }


def _key(card: Scorecard) -> tuple[str, str, str]:
    return card.scheme, card.period, card.subject


def _put_card(file: TextIO, *, card: Scorecard, lang: Lang) -> None:
    file.write(card.to_html(lang))


def _file_names(cards: Sequence[Scorecard]) -> Iterator[str]:
    """A name of its own for each page, which no subject's id can lead elsewhere."""
    wanted = (re.sub(r"[^\w.-]+", "-", f"{card.scheme}_{card.period}_{card.subject}")[:100] for card in cards)
    return (f"cards/{name}.html" for name in distinct_names(wanted, separator="~"))


def _table(ids: tuple[str, ...], rows: Iterable[Iterable[object]], lang: Lang) -> Table:
    return ids, ids if lang == "en" else tuple(_CHINESE[name] for name in ids), rows


def _scores(done: Round, lang: Lang) -> Iterator[tuple[object, ...]]:
    once = frozenset(done.notes).intersection(*(card.notes for card in done.cards)) if len(done.cards) > 1 else frozenset()
    for card in done.cards:
        needs = tuple(dict.fromkeys(need for item in card.open for need in item.needs))
        yield (
            card.scheme, card.title, card.period, card.subject, card.total, card.low, card.high, card.full, card.eligible, card.scored,
            needs, tuple(remarks(card, lang, once)),
        )  # fmt: skip


def _parts(done: Round) -> Iterator[tuple[object, ...]]:
    for card in done.cards:
        for path, part in card.parts.items():
            yield card.scheme, card.period, card.subject, path, part.label, part.full, part.total, part.low, part.high


def _lines(done: Round, lang: Lang) -> Iterator[tuple[object, ...]]:
    for card in done.cards:
        for line in card.lines:
            yield (
                card.scheme, card.period, card.subject, line.part, line.item, item_name(card, line, lang), line.cite, line.on,
                records(card, line, lang), line.points, line.low, line.high, arithmetic(card, line, lang, by_labels=True),
            )  # fmt: skip


def _grades(done: Round) -> Iterator[tuple[object, ...]]:
    for graded in done.gradings:
        one = graded.grading
        yield (
            graded.decision, graded.label, done.titles.get(graded.about, graded.about), graded.period, one.subject, graded.value, one.open,
            one.possible, one.undecided, one.total, one.low, one.high, one.rank, one.rank_low, one.rank_high, one.ranked, one.tied,
            one.rule, one.cite, one.notes,
        )  # fmt: skip


def figures(done: Round, lang: Lang) -> dict[str, Any]:
    """The round in figures, as plain JSON values: what was run, how many scores and grades each step gave, and these themselves."""
    scores = [dict(zip(_SCORES, map(_plain, row), strict=True)) for row in _scores(done, lang)]
    aside = Counter(row.file for row in done.set_aside)
    grades = [dict(zip(_GRADES, map(_plain, row), strict=True)) for row in _grades(done)]
    return {
        "rulebook": {
            "id": done.ran.book, "title": done.ran.title, "digest": done.ran.digest, "settings": dict(done.ran.settings),
            "settings_open": dict(done.ran.settings_open),
        },
        "calendar": {
            "name": done.ran.calendar, "digest": done.ran.calendar_digest, "official_through": done.ran.official_through.isoformat(),
        },
        "version": done.ran.version,
        "asked": {"period": done.period, "now": done.ran.now.isoformat() if done.ran.now is not None else None},
        "rows": [
            {"table": source.table, "file": source.file, "in": source.rows, "set_aside": aside[source.file]}
            for source in done.sources
        ],
        "steps": [{"id": step.id, "label": done.titles[step.id], "period": str(step.period)} for step in done.steps],
        "failed": [{"id": step.id, "period": str(step.period), "why": why.text(lang)} for step, why in done.failed],
        "notes": [note.text(lang) for note in done.notes],
        "not_read": list(done.not_read),
        "scores": scores,
        "grades": grades,
    }  # fmt: skip


def _plain(value: object) -> object:
    """A cell as JSON has it: numbers as texts that say them exactly."""
    match value:
        case None | bool() | int():
            return value
        case tuple() if not isinstance(value, Words):
            return [_plain(part) for part in value]
        case _:
            return cell(value)

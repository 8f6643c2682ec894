"""A sheet of facts decided at once: a row in is a row out, with what it comes to, in which state, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from govservice import plain_csv
from govservice.errors import ConflictError, GovServiceError, Lang, RecordError, Words
from govservice.records.csvfile import csv_header, csv_rows
from govservice.records.opening import survey
from govservice.rules.rulebook import Rulebook
from govservice.run.writing import cell
from govservice.show.outcome import condition_of, named_fact, named_rule, named_value
from govservice.show.outcome_page import STATES, state_of
from govservice.trying.answering import asked_outcome
from govservice.trying.asking import fields_of

__all__ = ["MOST_ROWS", "DecidedSheet", "as_csv", "decided_sheet", "empty_sheet"]

MOST_ROWS: Final = 5_000
_UNREAD: Final = Words("cannot be used", "不能用")
_CONFLICT: Final = Words("rules contradict", "规则冲突")
_ADDED: Final = (Words("line", "行号"), Words("state", "状态"), Words("outcome", "结果"), Words("rule", "规则"), Words("why", "理由"))


@dataclass(frozen=True, slots=True)
class DecidedSheet:
    """What became of a sheet: `heads` of the columns, those that are added first, and the `rows`; `counted` by state."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: Mapping[str, int]


def empty_sheet(book: Rulebook, decision: str, lang: Lang) -> str:
    """A sheet to fill in: a line of headings, the facts that a decision reads.

    >>> from govservice import load_rulebook
    >>> empty_sheet(load_rulebook("kunshan"), "complaint_answer", "zh")
    '投诉形式\\r\\n'
    """
    fields = fields_of(book, decision, lang)
    return _as_csv([[field.label if lang == "zh" else field.id for field in fields]])


def decided_sheet(book: Rulebook, decision: str, written: str | bytes, on: date | None, now: date | None, lang: Lang) -> DecidedSheet:
    """A sheet of facts, as CSV or as pasted from a spreadsheet (tabs), decided row by row; its headings are facts by id or label.

    An empty cell is unknown. A row that cannot be read, or whose rules contradict each other, says so and stops no other. Raises
    RecordError for text without rows, in no known encoding, with a heading that stands twice, of which no heading is a fact that the
    decision reads, or with more than 5,000 rows.

    >>> from govservice import load_rulebook
    >>> decided_sheet(load_rulebook("kunshan"), "complaint_answer", "投诉形式\\n口头\\n", date(2026, 11, 20), None, "zh").rows[0][:4]
    ('2', '已定', '口头为主', 'verbal')
    """
    header, rows = _read(written)
    known = {name for field in fields_of(book, decision, lang) for name in (field.id, field.label, *_label(book, decision, field.id))}
    if not known.intersection(header):
        listed = "、".join(field.label for field in fields_of(book, decision, "zh"))
        what = Words("no heading is a fact that the decision reads", "表头没有一列是这个决定要用的事实")
        raise RecordError(what, hint=Words(f"it reads: {listed}", f"它要用：{listed}"))
    made: list[tuple[str, ...]] = []
    counted: dict[str, int] = {}
    for line, facts, fault in rows:
        answer = (_UNREAD.text(lang), "", "", fault.text(lang)) if fault is not None else _answer(book, decision, facts, on, now, lang)
        counted[answer[0]] = counted.get(answer[0], 0) + 1
        made.append((str(line), *answer, *(facts.get(name, "") for name in header)))
    return DecidedSheet((*(one.text(lang) for one in _ADDED), *header), tuple(made), counted)


def _label(book: Rulebook, decision: str, id: str) -> Iterator[str]:
    column = book.contents.column(book.decisions[decision].about, id)
    if column is not None and column.label:
        yield column.label


def _answer(
    book: Rulebook, decision: str, facts: Mapping[str, Any], on: date | None, now: date | None, lang: Lang
) -> tuple[str, str, str, str]:
    try:
        outcome = asked_outcome(book, decision, facts, on, now)
    except ConflictError as error:
        return _CONFLICT.text(lang), "", "", error.text(lang)
    except GovServiceError as error:
        return _UNREAD.text(lang), "", "", error.text(lang)
    state = state_of(outcome)
    comma, colon = Words(", ", "、").text(lang), Words("would be settled by: ", "还需要知道：").text(lang)
    if state == "open":
        possible = Words(" or ", " 或 ").text(lang).join(named_value(outcome, outcome.primary, one, lang) for one in outcome.possible)
        waits = comma.join(named_fact(outcome, name, lang) for name in outcome.undecided)
        return STATES[state].text(lang), possible, "", f"{colon}{waits}"
    worth = named_value(outcome, outcome.primary, outcome.values.get(outcome.primary), lang) if state == "settled" else ""
    fired = next((rule for rule in outcome.steps if rule.id == outcome.rule), None)
    by = () if fired is None else (fired.cite and f"〔{fired.cite}〕", condition_of(outcome, fired, lang) if fired.text else "")
    why = " ".join(part for part in by if part)
    return STATES[state].text(lang), worth, named_rule(outcome, outcome.rule, lang) if outcome.rule else "", why


def _read(written: str | bytes) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str], Words | None]]]:
    """The headings and the rows of a sheet, each with its line and what is wrong with it, as a folder of records is read."""
    content = written.encode("utf-8", "replace") if isinstance(written, str) else written
    if not content.strip():
        raise RecordError(Words("there are no rows", "没有内容"), hint=Words("paste or upload a sheet", "请粘贴或上传表格"))
    first = content.split(b"\n", 1)[0]
    delimiter = "\t" if b"\t" in first else ","
    with TemporaryDirectory() as folder:  # read as any file of records is
        file = Path(folder) / "sheet.csv"
        file.write_bytes(content if content.endswith(b"\n") else content + b"\n")
        encoding = survey(file).encoding
        header = csv_header(file, encoding, delimiter)
        rows: list[tuple[int, dict[str, str], Words | None]] = []
        for row in csv_rows(file, encoding, delimiter, header):
            if len(rows) == MOST_ROWS:
                what = Words(f"more than {MOST_ROWS:,} rows", f"超过 {MOST_ROWS:,} 行")
                hint = Words("decide_frame(..) decides tables of any size", "更大的表请用 decide_frame(..)")
                raise RecordError(what, hint=hint)
            rows.append((row.line, {name: str(value) for name, value in row.values.items()}, row.fault))
    return header, rows


def as_csv(sheet: DecidedSheet) -> bytes:
    """The decided sheet as a file for a spreadsheet: UTF-8 with a byte order mark, nothing in it that would run as a formula."""
    return ("\ufeff" + _as_csv([sheet.heads, *sheet.rows])).encode("utf-8", "replace")


def _as_csv(rows: Any) -> str:
    text = StringIO()
    plain_csv.writer(text).writerows([[cell(one, "zh") for one in row] for row in rows])
    return text.getvalue()

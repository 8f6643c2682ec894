"""What the results of the library say in Chinese holds no English but ids that have no label: `explain("zh")`, `text("zh")`, pages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from govservice import classify, clocks, grade, load_rulebook, measure, score, what_if
from govservice.errors import DecisionError, GovServiceError
from govservice.papers import papers
from govservice.records import read_records
from govservice.rules import Rulebook

from .in_chinese import foreign, read

HERE = Path(__file__).parent / "cli" / "qingshi"
OCTOBER = {"period": "2026-10"}
FACTS = (
    {},
    {"欠缺件数": 2},
    {"欠缺件数": 0, "店铺类型": "茶叶店"},
    {"经营面积": 500, "店铺类型": "餐饮店"},
    {"欠缺件数": 9, "经营面积": 20},
)


@cache
def book(**settings: Any) -> Rulebook:
    return load_rulebook(HERE / "qingshi.yaml", settings=settings)


@cache
def records() -> dict[str, Any]:
    """The rows that can be used, by table."""
    folder = read_records(HERE / "records", book=book(), assessed=True)
    tables = {name: [row.facts for row in folder.rows(name) if hasattr(row, "facts")] for name in folder.sources}
    return {folder.words[name].table: [dict(row) for row in rows] for name, rows in tables.items()}


def results() -> Iterator[Any]:
    """Results of every kind that speaks, settled and open."""
    for given in FACTS:
        for of in (book(), book(rongque_max=3)):
            found = classify(given, of)
            yield found
            yield from found.decisions.values()
            yield from found.notices
            for decision in ("handling", "inspection"):
                try:
                    outcome = of.decide(decision, given)
                except DecisionError:
                    continue
                yield outcome
                yield from outcome.contrast()
    for case in records()["cases"]:
        yield from clocks(case, book(), now="2026-10-31")
    yield from score(book(), "staff_month", records(), **OCTOBER)
    for decision in ("staff_level", "once_absent"):
        yield from grade(book(), decision, records(), **OCTOBER)
    for name in book().contents.measures:
        yield measure(book(), name, records(), about="centre", **OCTOBER)
        yield from (measure(book(), name, records(), subject=one["staff"], about="staff", **OCTOBER) for one in records()["staff"])
    owed = papers(book(), records(), **OCTOBER)
    yield from owed.owed
    later = load_rulebook(HERE / "later.yaml")
    checked, compared = book().check(), book().compare(later)
    yield from (*checked.findings, *checked.not_analysed, *compared.changes, *compared.changes.listed, *compared.changes.not_analysed)
    yield what_if(book(rongque_max=3), later.given({"rongque_max": 3}), records(), **OCTOBER)


def said(result: Any) -> Iterator[str]:
    """All that a result says in Chinese, as text and as pages."""
    for name in ("explain", "text", "to_text", "to_html"):
        method = getattr(result, name, None)
        if method is not None and callable(method):
            takes = inspect.signature(method).parameters
            more = {"blanks": True} if "blanks" in takes else {}
            text = method(**more, **({"lang": "zh"} if "lang" in takes else {}))
            yield read(text) if name == "to_html" else text
    yield from (note.zh for note in getattr(result, "notes", ()))


def test_what_results_say_is_in_chinese() -> None:
    contents, wrong, kinds = book().contents, {}, set()
    for result in results():
        kinds.add(type(result).__name__)
        for text in said(result):
            wrong |= {f"{type(result).__name__}: {line}": words for line, words in foreign(text, contents).items()}
    assert wrong == {}
    assert {"Classification", "Outcome", "NoticeOwed", "ClockReading", "Scorecard", "Grading", "Measured", "Finding", "Difference"} <= kinds


WRONG = {
    "no such scheme": lambda: score(book(), "month", records(), **OCTOBER),
    "a period of another kind": lambda: score(book(), "staff_month", records(), period="2026-Q4"),
    "no such decision": lambda: grade(book(), "level", records(), **OCTOBER),
    "no such measure": lambda: measure(book(), "seen", records(), about="centre", **OCTOBER),
    "no such table": lambda: measure(book(), "mean_seen", records(), about="visits", **OCTOBER),
    "which of several": lambda: measure(book(), "mean_seen", records(), about="staff", **OCTOBER),
    "no such paper": lambda: papers(book(), records(), kinds="zhang"),
    "a paper of a period": lambda: papers(book(), records(), kinds="walk_register"),
    "no such setting": lambda: load_rulebook(HERE / "qingshi.yaml", settings={"max": 3}),
    "two rules": lambda: book().decide("inspection", {"经营面积": 500, "店铺类型": "茶叶店"}),
    "no such fact": lambda: book().decide("inspection", {"经营面积": "很大"}),
}


TYPED = ("subject", "about", "period", "centre", "staff", "staff_month", "month", "level", "seen", "zhang", "max")
"""Arguments, and what was asked for."""


@pytest.mark.parametrize("asked", WRONG)
def test_what_refusals_say_is_in_chinese(asked: str) -> None:
    with pytest.raises(GovServiceError) as caught:
        WRONG[asked]()
    assert foreign(caught.value.text("zh"), book().contents, *TYPED) == {}

"""A note in Chinese calls whatever has a label by it, the id in brackets after it: over all cases, as they are and spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from govservice import clocks, grade, score
from govservice.errors import GovServiceError, Words
from govservice.rules.book.contents import Contents

from . import test_clock_cases as of_clocks
from . import test_scoring_cases as of_scores

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ADDRESS = re.compile(r"[A-Za-z_][\w-]*(?::\d+)?(?:\.[A-Za-z_]\w*)+|[A-Za-z_]\w*:\d+")
"""What a reader is to supply, as records and settings name it: `pauses:2.told`, `conventions.ties`."""
# what the records say themselves, a section of the rulebook, and an id after its label
SAID = re.compile(r"在 (?:events|tables) 里|“[^”]*”|`[^`]*`|（[A-Za-z_][\w.]*）")


def labelled(contents: Contents) -> frozenset[str]:
    """The ids that have a label: tables, columns, kinds of events, schemes, clocks, measures, outcomes and settings."""
    called = {**contents.called, **contents.entry_labels}
    titled = {id for id, scheme in contents.schemes.items() if scheme.title}
    return frozenset(
        {id for id, label in called.items() if label != id} | titled | {id for id, clock in contents.clocks.items() if clock.label}
    )


def bare(note: Words, contents: Contents) -> list[str]:
    """The ids in a note that stand without the label that they have."""
    text = ADDRESS.sub("", SAID.sub("", note.zh))
    return [word for word in WORD.findall(text) if word in labelled(contents)]


# -- the records of a case, spoilt


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in row.items() if other != name}


def spoilt(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table, and what a clerk gets wrong in them: given twice, a column of no fact, one left out, misread or other."""
    first = rows[0]
    wrong = [row for name in first for row in (without(first, name), {**first, name: "十月"})]
    return [*rows, {**first, "列外": "一"}, *wrong, {**first, "from": "2026-10-09", "until": "2026-10-01"}]


def told(case: of_scores.Case, records: dict[str, Any]) -> Iterator[Words]:
    """What is said beside the scores or grades of everybody; nothing where the records are refused as a whole."""
    asked = {"period": case.given["period"], "now": case.now}
    try:
        found = score(case.book, case.what, records, **asked) if case.asks == "scheme" else grade(case.book, case.what, records, **asked)
    except GovServiceError:
        return
    for one in found:
        yield from one.notes


@cache
def firsts() -> tuple[of_scores.Case, ...]:
    """The first case of each book, scheme or decision, and set of tables."""
    kept: dict[object, of_scores.Case] = {}
    for case in of_scores.CASES:
        if case.asks in ("scheme", "decision"):
            kept.setdefault((case.given["book"], case.what, frozenset(case.given["records"])), case)
    return tuple(kept.values())


def notes_on_scores(case: of_scores.Case) -> Iterator[Words]:
    records = case.given["records"]
    yield from told(case, records)
    yield from told(case, {table: spoilt(rows) if rows else rows for table, rows in records.items()})
    for table, rows in records.items():
        if rows:
            yield from told(case, {**records, table: spoilt(rows)})


@pytest.mark.parametrize("case", firsts(), ids=lambda one: f"{one.file}: {one.name}")
def test_no_note_on_scores_holds_a_bare_id(case: of_scores.Case) -> None:
    contents = case.book.contents
    assert {note.zh: ids for note in notes_on_scores(case) if (ids := bare(note, contents))} == {}


@pytest.mark.parametrize("case", of_clocks.CASES, ids=lambda one: f"{one.file}: {one.name}")
def test_no_note_on_clocks_holds_a_bare_id(case: of_clocks.Case) -> None:
    book = of_clocks.book_of(case)
    asked = of_clocks.asked(case)
    records = {table: [*rows, rows[0], {**rows[0], "列外": "一", "row": "无此"}] for table, rows in case.records.items() if rows}
    notes: list[Words] = []
    for given in (case.records, records):
        try:
            notes += [note for reading in clocks(case.facts, book, **asked | {"records": given}) for note in reading.notes]
        except GovServiceError:
            continue
    assert {note.zh: ids for note in notes if (ids := bare(note, book.contents))} == {}


def test_the_law_finds_an_id_that_stands_alone() -> None:
    contents = of_clocks.book_with("licensing-law", ()).contents
    assert bare(Words("", "cases 第 2 行写的 window W1，待 pauses:2.told"), contents) == ["cases", "window"]
    assert bare(Words("", "办件（cases）第 2 行写的窗口（window） W1"), contents) == []


def test_the_spoilt_records_are_told_of() -> None:
    case = firsts()[0]
    wrong = {table: spoilt(rows) for table, rows in case.given["records"].items() if rows}
    assert len(set(told(case, wrong))) > len(set(told(case, case.given["records"])))

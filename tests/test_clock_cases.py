"""The cases in `cases/clocks/*.yaml`: the clocks of a case as an officer counts them by hand, a file an article.

A file names its book (a shipped id, or `good/<name>` of `books/`), and what all its cases share (`settings`, `facts`, `now`); a case adds
or replaces, and may say `records` (pauses, extensions, stages), `known_on` (the calendar as it was known that day) or `on` (the day that
dated rules are held against). `expect` names clocks and decisions by label or id. Of a clock it says any of the readings below, of several
rows a list; of a decision its value.
无 is none, 未知 not known (as a fact: taken away), 未定 open, 不适用 not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from govservice import china, clocks, load_rulebook
from govservice.calendars import WorkCalendar
from govservice.deadlines import ClockReading, case_outcomes
from govservice.rules import Rulebook
from govservice.rules.book.entries import Clock
from govservice.rules.meaning.outcomes import Outcome

TESTS = Path(__file__).parent
FOLDER = TESTS / "cases" / "clocks"


@dataclass(frozen=True)
class Case:
    """One case with what its file says for all."""

    file: str
    name: str
    book: str
    settings: dict[str, str]
    facts: dict[str, Any]
    records: dict[str, list[dict[str, str]]]
    now: str | None
    known_on: str | None
    on: str | None
    expect: dict[str, Any]


def read_file(path: Path) -> Iterable[Case]:
    """The cases of a file; all scalars are texts, as in a rulebook."""
    shared = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for one in shared["cases"]:
        own = shared | one
        facts = {name: value for name, value in (shared.get("facts", {}) | one.get("facts", {})).items() if value != "未知"}
        yield Case(
            path.stem, one["name"], own["book"], own.get("settings", {}), facts, one.get("records", {}),
            own.get("now"), own.get("known_on"), own.get("on"), one["expect"],
        )  # fmt: skip


CASES = [one for path in sorted(FOLDER.glob("*.yaml")) for one in read_file(path)]


@cache
def book_with(name: str, settings: tuple[tuple[str, str], ...]) -> Rulebook:
    return load_rulebook(TESTS / "books" / f"{name}.yaml" if name.startswith("good/") else name, settings=dict(settings))


def book_of(case: Case) -> Rulebook:
    return book_with(case.book, tuple(case.settings.items()))


def asked(case: Case) -> dict[str, Any]:
    """What `clocks` is asked beside the case and the book."""
    calendar: WorkCalendar = china() if case.known_on is None else china(known_on=date.fromisoformat(case.known_on))
    now = None if case.now is None else datetime.fromisoformat(case.now) if ":" in case.now else date.fromisoformat(case.now)
    return {"on": case.on, "now": now, "calendar": calendar, "records": case.records}


def named(book: Rulebook, name: str) -> tuple[str, str]:
    """Whether a name, a label or an id, is that of a clock or of a decision, and its id."""
    for kind, held in (("clock", book.contents.clocks), ("decision", book.decisions)):
        for id, one in held.items():
            if name in (id, one.label):
                return kind, id
    raise KeyError(f"{name} is no clock or decision of {book.id}")


def label_of(book: Rulebook, id: str) -> str:
    """The label of a fact in sight of a case, of a column of another table (`pauses:1.to`), or of a setting."""
    table, _, column = re.sub(r":\d+\.", ".", id).rpartition(".")
    if id in book.contents.settings:
        return book.contents.settings[id].label or id
    held = book.contents.column(table or "cases", column)
    return (held.label if held is not None else None) or id


def when(value: date | datetime | None) -> str:
    if value is None:
        return "无"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value.isoformat()


def written(value: object) -> Any:
    """A value as a case file writes it."""
    match value:
        case None:
            return "未知"
        case bool():
            return "是" if value else "否"
        case date():
            return when(value)
        case list() | tuple():
            return [written(one) for one in value]
        case Fraction() if value.denominator != 1:
            return str(float(value))
    return str(value)


def said(reading: ClockReading, key: str, book: Rulebook) -> Any:
    """One reading of a clock."""
    match key:
        case "started" | "due" | "stopped":
            return when(getattr(reading, key))
        case "applies" | "official" | "overdue" | "used" | "left" | "overdue_by" | "extended":
            return written(getattr(reading, key))
        case "signals":
            return {one.signal: when(one.at) for one in reading.signals}
        case "alarms":
            return {one.signal: when(one.at) for one in reading.alarms}
        case "cleared":
            return [one.signal for one in reading.alarms if one.cleared]
        case "paused":
            return [[str(kind), when(first), when(last)] for kind, first, last in reading.paused]
        case "notes" | "warnings":
            return [one.zh for one in getattr(reading, key)]
        case "undecided":
            return [label_of(book, one) for one in reading.undecided]
    raise KeyError(f"a case file cannot say {key!r} of a clock")


def decided(outcome: Outcome) -> Any:
    if outcome.applies is False:
        return "不适用"
    if outcome.open:
        return "未定"
    value = outcome.value(outcome.primary)
    return "无" if value is None else written(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_officer_and_the_clocks_agree(case: Case) -> None:
    book = book_of(case)
    assert book.subject("cases", case.facts, on=case.on).unused == [], "the case names facts that the book does not have"
    readings = clocks(case.facts, book, **asked(case))
    outcomes = case_outcomes(case.facts, book, **asked(case))
    found: dict[str, Any] = {}
    for name, expected in case.expect.items():
        kind, id = named(book, name)
        own = [one for one in readings if one.clock == id]
        if kind == "decision":
            found[name] = decided(outcomes[id])
        elif isinstance(expected, list):
            found[name] = [{key: said(one, key, book) for key in wanted} for one, wanted in zip(own, expected, strict=True)]
        else:
            (reading,) = own
            found[name] = {key: said(reading, key, book) for key in expected}
    assert found == case.expect


def test_every_case_says_what_it_expects() -> None:
    assert [case.name for case in CASES if not case.expect] == []


def readings_expected(book: str) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Every reading of a clock that the cases of a book expect."""
    for case in CASES:
        if case.book == book:
            for name, expected in case.expect.items():
                kind, id = named(book_of(case), name)
                if kind == "clock":
                    yield from ((id, one) for one in (expected if isinstance(expected, list) else [expected]))


STEMS = {
    "行政许可法": "licensing-law",
    "优化营商环境条例": "business-environment",
    "政府信息公开条例": "open-information",
    "信访工作条例": "petitions",
    "行政复议法": "reconsideration",
}
LAWS = ("licensing-law", "open-information", "petitions", "reconsideration", "rating", "hotline")
OWN_CLOCKS = [
    (book, clock)
    for book in LAWS
    for clock in load_rulebook(book).contents.clocks.values()
    if clock != load_rulebook("standard").contents.clocks.get(clock.id)
]


@pytest.mark.parametrize(("book", "clock"), OWN_CLOCKS, ids=lambda one: getattr(one, "id", one))
@pytest.mark.parametrize("overdue", ["是", "否"])
def test_every_clock_of_the_law_is_met_in_time_and_overrun_in_some_case(book: str, clock: Clock, overdue: str) -> None:
    assert any(id == clock.id and one.get("overdue") == overdue for id, one in readings_expected(book))


@pytest.mark.parametrize(("book", "clock"), OWN_CLOCKS, ids=lambda one: getattr(one, "id", one))
def test_every_clock_of_the_law_has_a_due_day_in_some_case(book: str, clock: Clock) -> None:
    assert any(id == clock.id and one.get("due", "无") != "无" for id, one in readings_expected(book))


@pytest.mark.parametrize(("book", "clock"), OWN_CLOCKS, ids=lambda one: getattr(one, "id", one))
def test_every_article_that_sets_a_clock_has_its_file(book: str, clock: Clock) -> None:
    source, _, articles = str(clock.cite).partition(" ")
    if source not in STEMS:  # a book of several local rules has one file
        assert (FOLDER / f"{book}.yaml").exists()
        return
    stem = STEMS[source]
    numbers = {number for path in FOLDER.glob(f"{stem}-*.yaml") for number in path.stem.removeprefix(f"{stem}-").split("-")}
    assert {article.partition("(")[0] for article in articles.split(", ")} <= numbers

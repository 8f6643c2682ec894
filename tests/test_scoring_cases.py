"""The cases in `cases/scoring/*.yaml`: scores, grades and rates that an officer can work out by hand, each under a shipped rulebook.

A file names its book, and what all its cases share (`settings`, `period`, `now`, `subject`, `records`, and `rows`: what each row of a
table says unless it says otherwise); a case adds or replaces, a table as a whole. A row may say 共: so many rows alike; a table may be
未提供. A case asks for one of four things:

`scheme`    what one subject comes to. `expect`: total (92, or 90 至 92 while marks are outstanding, 未定 where nothing bounds it), parts,
            lines (those that cost or gave something), open, unpriced and unverified (kinds), held (parts whose items come to more).
`decision`  what becomes of every subject that `expect` names: its grade (未定 while open), total, rank, ranked, tied, rule, cite, possible,
            undecided.
`measure`   what a measure is for one subject of the table `about`; of the whole centre, where no subject is named. `expect`: value (未知
            where it cannot be said), or rounded, to as many digits as it is written with.

Tables, facts, kinds of event and parts are named by label or id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from govservice import grade, load_rulebook, measure, score
from govservice.assessment.assessing import assessment_of
from govservice.assessment.grading import Grading
from govservice.assessment.periods import read_period
from govservice.assessment.scorecard import Line, Scorecard
from govservice.notices import owed
from govservice.rules import shipped_books
from govservice.rules.rulebook import Rulebook

FOLDER = Path(__file__).parent / "cases" / "scoring"
BOOKS = [id for id in shipped_books() if id != "standard"]
MANY = "共"
NOT_SUPPLIED = "未提供"
ASKS = frozenset({"scheme", "decision", "measure", "notice"})


@dataclass(frozen=True)
class Case:
    """One case with what its file says for all."""

    file: str
    name: str
    asks: str
    what: str
    given: dict[str, Any]
    expect: dict[str, Any]

    @property
    def book(self) -> Rulebook:
        return book_with(self.given["book"], tuple(self.given.get("settings", {}).items()))

    @property
    def now(self) -> date | None:
        return date.fromisoformat(self.given["now"]) if "now" in self.given else None


@cache
def book_with(id: str, settings: tuple[tuple[str, str], ...]) -> Rulebook:
    return load_rulebook(id, settings=dict(settings))


def read_file(path: Path) -> Iterable[Case]:
    """The cases of a file; all scalars are texts, as in a rulebook."""
    shared = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for one in shared["cases"]:
        own = shared | one
        (asks,) = ASKS & one.keys() or ASKS & shared.keys()
        tables = shared.get("records", {}) | one.get("records", {})
        records = {table: rows_of(rows, shared.get("rows", {}).get(table, {})) for table, rows in tables.items() if rows != NOT_SUPPLIED}
        yield Case(path.stem, one["name"], asks, own[asks], own | {"records": records}, one["expect"])


def rows_of(rows: list[dict[str, Any]], alike: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table, each as often as it says."""
    return [
        {name: value for name, value in (alike | row).items() if name != MANY and value != ""}
        for row in rows
        for _ in range(int(row.get(MANY, 1)))
    ]


CASES = [one for path in sorted(FOLDER.glob("*.yaml")) for one in read_file(path)]


# -- what the library says, as a case file writes it


def written(value: object) -> Any:
    match value:
        case None:
            return "无"
        case bool():
            return "是" if value else "否"
        case list() | tuple():
            return [written(one) for one in value]
    return str(value)


def points(low: object, high: object) -> str:
    if low is None or high is None:
        return "未定"
    return str(low) if low == high else f"{low} 至 {high}"


def kinds(case: Case, rows: Iterable[Any]) -> list[str]:
    events = case.book.contents.events
    return sorted(events[row["kind"]].label or row["kind"] for row in rows)


def line(one: Line, wanted: Iterable[str]) -> dict[str, str]:
    found = {"item": one.item, "points": points(one.low, one.high), "cite": str(one.cite), "on": str(one.on)}
    return {name: found[name] for name in wanted}


def lines(card: Scorecard, expected: list[dict[str, str]]) -> list[dict[str, str]]:
    told = [one for one in card.lines if one.points is None or one.points != 0]
    wanted = list(expected[0]) if expected else ["item"]
    return in_order(line(one, wanted) for one in told)


def in_order(found: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(found, key=lambda one: sorted(one.items()))


def of_card(case: Case, card: Scorecard) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, expected in case.expect.items():
        match name:
            case "total":
                found[name] = points(card.low, card.high)
            case "parts":
                named = {one.label if one.label in expected else id: one for id, one in card.parts.items()}
                found[name] = {id: points(named[id].low, named[id].high) for id in expected}
            case "held":
                found[name] = [one.label or id for id, one in card.parts.items() if one.held]
            case "lines":
                found[name] = lines(card, expected)
            case "open":
                found[name] = sorted({one.item for one in card.open})
            case "unpriced" | "unverified":
                found[name] = kinds(case, getattr(card, name))
            case "notes":
                found[name] = [one.zh for one in card.notes]
            case _:
                raise KeyError(f"a case file cannot say {name!r} of a score")
    return found


def of_grading(one: Grading, expected: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in expected:
        match name:
            case "grade":
                found[name] = "未定" if one.open else sorted(written(one.grade)) if isinstance(one.grade, tuple) else written(one.grade)
            case "total":
                found[name] = points(one.low, one.high)
            case "rank":
                found[name] = points(one.rank_low, one.rank_high)
            case "ranked" | "rule" | "cite":
                found[name] = written(getattr(one, name))
            case "tied" | "possible" | "undecided":
                found[name] = sorted(written(getattr(one, name)))
            case _:
                raise KeyError(f"a case file cannot say {name!r} of a grade")
    return found


# -- the things a case may ask


def scored(case: Case) -> Scorecard:
    subject: str = case.given["subject"]
    return score(case.book, case.what, case.given["records"], subject=subject, period=case.given["period"], now=case.now)


def graded(case: Case) -> list[Grading]:
    return grade(case.book, case.what, case.given["records"], period=case.given["period"], now=case.now)


def measured(case: Case) -> object:
    subject, about = (case.given.get(name) for name in ("subject", "about"))
    found = measure(case.book, case.what, case.given["records"], subject=subject, about=about, period=case.given["period"], now=case.now)
    return "未知" if found.value is None else found.value


def sent(case: Case, row: str) -> Any:
    """The copies of a notice about a row that are owed."""
    assessment = assessment_of(case.book, case.given["records"], now=case.now, calendar=None)
    subject = assessment.subject(case.given["about"], row, read_period(case.given["period"]))
    return next((sorted(copy.to for copy in one.copies) for one in owed(subject) if one.kind == case.what), "无")


def found_in(case: Case) -> dict[str, Any]:
    match case.asks:
        case "scheme":
            return of_card(case, scored(case))
        case "decision":
            by_subject = {one.subject: one for one in graded(case)}
            return {subject: of_grading(by_subject[subject], expected) for subject, expected in case.expect.items()}
        case "notice":
            return {row: sent(case, row) for row in case.expect}
    value = measured(case)
    if "rounded" in case.expect:
        digits = Decimal(1).scaleb(Decimal(case.expect["rounded"]).as_tuple().exponent)  # type: ignore[arg-type]  # a number has digits
        return {"rounded": str(Decimal(str(value)).quantize(digits, ROUND_HALF_UP))}
    return {"value": str(value)}


def sorted_lists(expect: dict[str, Any]) -> dict[str, Any]:
    """What a case expects; of lists the order does not matter."""
    return {
        name: sorted_lists(value)
        if isinstance(value, dict)
        else (in_order(value) if name == "lines" else sorted(value))
        if isinstance(value, list) and name not in ("held", "notes")
        else value
        for name, value in expect.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_officer_and_the_scorecard_agree(case: Case) -> None:
    assert found_in(case) == sorted_lists(case.expect)


# -- nothing of the shipped books is left out


def own_items() -> list[tuple[str, str, str]]:
    """Every scored item of the shipped books."""
    found = []
    for id in BOOKS:
        for scheme in load_rulebook(id).contents.schemes.values():
            items = [item for part in scheme.parts.values() for item in part.items]
            found += [(id, scheme.id, item.id) for item in (*items, *scheme.adjust)]
    return found


@cache
def met() -> frozenset[tuple[str, str, str]]:
    """Every item that cost or gave something in some case that says so."""
    return frozenset(
        (case.given["book"], case.what, one.item)
        for case in CASES
        if case.asks == "scheme"
        for one in scored(case).lines
        if (one.points is None or one.points != 0) and any(one.item == said["item"] for said in case.expect.get("lines", ()))
    )


@pytest.mark.parametrize(("book", "scheme", "item"), own_items(), ids=lambda one: one)
def test_every_scored_item_of_a_shipped_book_is_met_in_some_case(book: str, scheme: str, item: str) -> None:
    assert (book, scheme, item) in met()


def rules_about_schemes() -> list[tuple[str, str, str]]:
    """Every rule of a shipped book about what a scheme comes to."""
    return [
        (id, decision.id, rule.id)
        for id in BOOKS
        for decision in load_rulebook(id).decisions.values()
        if decision.about in load_rulebook(id).contents.schemes
        for rule in decision.rules
    ]


@cache
def fired() -> frozenset[tuple[str, str, str | None]]:
    """Every rule that settled something that a case expects."""
    return frozenset(
        (case.given["book"], case.what, one.rule)
        for case in CASES
        if case.asks == "decision"
        for one in graded(case)
        if one.subject in case.expect
    )


@pytest.mark.parametrize(("book", "decision", "rule"), rules_about_schemes(), ids=lambda one: one)
def test_every_rule_about_a_scheme_of_a_shipped_book_holds_in_some_case(book: str, decision: str, rule: str) -> None:
    assert (book, decision, rule) in fired()


def total_schemes() -> list[tuple[str, str]]:
    """Every scheme of a shipped book that is worked out from others, or from marks."""
    return [(id, scheme.id) for id in BOOKS for scheme in load_rulebook(id).contents.schemes.values() if scheme.total is not None]


@pytest.mark.parametrize(("book", "scheme"), total_schemes(), ids=lambda one: one)
def test_every_scheme_with_a_total_of_its_own_is_worked_out_in_some_case(book: str, scheme: str) -> None:
    assert any(case.given["book"] == book and case.what == scheme and "total" in case.expect for case in CASES)

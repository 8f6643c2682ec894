"""Five imagined regulations, each written first as a page of clauses and then as a rulebook, with cases worked out from the page by hand.

`<name>.md` is the regulation, `<name>.yaml` its book, `<name>-clocks.yaml` and `<name>-scores.yaml` the cases, as `cases/clocks` and
`cases/scoring` have them. A case of clocks may also expect notices, by their titles: the copies of each, 无 where none is owed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from govservice import classify, clocks, load_rulebook
from govservice.cli import main
from govservice.deadlines import case_outcomes
from govservice.rules.rulebook import Rulebook

from .. import test_clock_cases as clock_cases
from .. import test_scoring_cases as scoring_cases

FOLDER = Path(__file__).parent
NAMES = [path.stem for path in sorted(FOLDER.glob("*.md"))]
LINES = 150


def path_of(name: str) -> str:
    return str(FOLDER / f"{name}.yaml")


@cache
def book_of(name: str) -> Rulebook:
    return load_rulebook(path_of(name))


def clocks_to_read() -> Iterable[clock_cases.Case]:
    for name in NAMES:
        for one in clock_cases.read_file(FOLDER / f"{name}-clocks.yaml"):
            yield replace(one, book=path_of(one.book))


def scores_to_reach() -> Iterable[scoring_cases.Case]:
    for name in NAMES:
        for one in scoring_cases.read_file(FOLDER / f"{name}-scores.yaml"):
            yield replace(one, given=one.given | {"book": path_of(one.given["book"])})


def notices_of(case: clock_cases.Case, book: Rulebook) -> dict[str, list[str]]:
    asked = clock_cases.asked(case)
    done = classify(case.facts, book, as_of=asked["now"], calendar=asked["calendar"], records=asked["records"])
    return {one.title: [copy.to for copy in one.copies] for one in done.notices}


@pytest.mark.parametrize("case", list(clocks_to_read()), ids=lambda case: f"{case.file}: {case.name}")
def test_the_page_and_the_clocks_agree(case: clock_cases.Case) -> None:
    book = clock_cases.book_of(case)
    assert book.subject("cases", case.facts).unused == [], "the case names facts that the book does not have"
    titles = {one.title for one in book.contents.notices.values()}
    readings = clocks(case.facts, book, **clock_cases.asked(case))
    outcomes = case_outcomes(case.facts, book, **clock_cases.asked(case))
    found: dict[str, Any] = {}
    for name, expected in case.expect.items():
        if name in titles:
            found[name] = notices_of(case, book).get(name, "无")
            continue
        kind, id = clock_cases.named(book, name)
        own = [one for one in readings if one.clock == id]
        if kind == "decision":
            found[name] = clock_cases.decided(outcomes[id])
        elif isinstance(expected, list):
            pairs = zip(own, expected, strict=True)
            found[name] = [{key: clock_cases.said(one, key, book) for key in wanted} for one, wanted in pairs]
        else:
            (reading,) = own
            found[name] = {key: clock_cases.said(reading, key, book) for key in expected}
    assert found == case.expect


@pytest.mark.parametrize("case", list(scores_to_reach()), ids=lambda case: f"{case.file}: {case.name}")
def test_the_page_and_the_scorecard_agree(case: scoring_cases.Case) -> None:
    assert scoring_cases.found_in(case) == scoring_cases.sorted_lists(case.expect)


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_nothing_and_the_book_fits_its_page(name: str) -> None:
    assert main(["check", path_of(name)]) == 0
    assert any(one.examples for one in book_of(name).decisions.values())
    assert len(Path(path_of(name)).read_text(encoding="utf-8").splitlines()) < LINES


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_is_carried_or_said_to_be_carried_by_nothing(name: str) -> None:
    clauses = re.findall(r"^(第[一二三四五六七八九十]+条)", (FOLDER / f"{name}.md").read_text(encoding="utf-8"), re.MULTILINE)
    carried = set(re.findall(r"第\d+条", Path(path_of(name)).read_text(encoding="utf-8")))
    assert [f"第{number}条" for number in range(1, len(clauses) + 1) if f"第{number}条" not in carried] == []

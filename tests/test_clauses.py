"""The page of the shipped books, `docs/centres.md`, says the truth: each clause with the entries that say it and the cases that show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pytest

from govservice.rules.rulebook import load_rulebook

from .clauses import NOT_CARRIED, PAGE, Clause, Entry, called, chapter, clauses, tables
from .reached import BOOKS, Named, own_entries, reached
from .test_cases import below
from .test_clock_cases import CASES as CLOCK_CASES

COUNTED = ("clauses", "working", "not carried")


@cache
def cases_of(id: str) -> dict[Named, frozenset[Entry]]:
    """The cases of a book, each with what it reaches."""
    return {named: entries for (book, named), entries in reached().items() if book == id}


@cache
def counting_cases() -> dict[Named, frozenset[Entry]]:
    """The cases of how time is counted whatever the book, article by article of 民法典."""
    return {(f"clocks/{one.file}", one.name): frozenset() for one in CLOCK_CASES if one.file.startswith("civil-code-")}


def shown(row: Clause, id: str) -> Iterator[tuple[str, list[Named]]]:
    """Of each case that a row names, the cases that it may mean; a row that names no entry is one of how time is counted."""
    known = cases_of(id) if row.codes else counting_cases()
    for file, name in row.cases:
        yield f"{file}: {name}", [(file, one) for one in called(name, [case for held, case in known if held == file])]


@pytest.mark.parametrize("id", BOOKS)
def test_what_a_clause_names_is_held_by_the_book(id: str) -> None:
    contents = load_rulebook(id).contents
    missing = [(row.clause, code) for row in clauses(id) if row.carried for code, held in row.named(contents) if held is None]
    assert missing == []


@pytest.mark.parametrize("id", BOOKS)
def test_a_clause_is_carried_with_a_case_or_not_carried_with_a_reason(id: str) -> None:
    rows = clauses(id)
    assert rows
    assert [row.clause for row in rows if row.carried != bool(row.cases)] == []
    assert [row.clause for row in rows if not row.carried and not row.says.removeprefix(NOT_CARRIED)] == []


@pytest.mark.parametrize("id", BOOKS)
def test_each_case_named_beside_a_clause_is_one_case_of_the_book(id: str) -> None:
    assert [(row.clause, name) for row in clauses(id) for name, meant in shown(row, id) if len(meant) != 1] == []


@pytest.mark.parametrize("id", BOOKS)
def test_each_case_named_beside_a_clause_reaches_an_entry_that_the_clause_names(id: str) -> None:
    contents, idle = load_rulebook(id).contents, []
    for row in clauses(id):
        named = frozenset().union(*(held or () for _, held in row.named(contents)))
        idle += [(row.clause, name) for name, meant in shown(row, id) if row.codes and not all(cases_of(id)[one] & named for one in meant)]
    assert idle == []


@pytest.mark.parametrize("id", BOOKS)
def test_each_entry_of_the_book_that_a_clause_names_is_reached_by_a_case_beside_it(id: str) -> None:
    contents, own = load_rulebook(id).contents, frozenset(own_entries(id)) - {("hours", "hours")}
    unshown = []
    for row in clauses(id):
        seen = frozenset().union(*(cases_of(id)[one] for _, meant in shown(row, id) if row.codes for one in meant))
        unshown += [(row.clause, code) for code, held in row.named(contents) if row.carried and held and held & own and not held & seen]
    assert unshown == []


@pytest.mark.parametrize("id", BOOKS)
def test_every_clause_that_a_shipped_book_cites_is_a_row_of_the_page(id: str) -> None:
    text = (files("govservice") / "centres" / f"{id}.yaml").read_text(encoding="utf-8")
    cited = {found.partition("(")[0].strip() for found in re.findall(r"cite: ([^,}\n#]+)", text)}
    assert cited - {row.clause for row in clauses(id)} == set()


@pytest.mark.parametrize("id", BOOKS)
def test_a_clause_has_one_row(id: str) -> None:
    named = [row.clause for row in clauses(id)]
    assert [one for one in named if named.count(one) > 1] == []


@pytest.mark.parametrize("id", BOOKS)
def test_the_page_names_every_setting_decision_scheme_clock_and_notice_of_a_shipped_book(id: str) -> None:
    held, base = load_rulebook(id).contents, below(id).contents
    sections = ("settings", "decisions", "schemes", "clocks", "notices")
    own = [name for section in sections for name, one in getattr(held, section).items() if one != getattr(base, section).get(name)]
    assert [name for name in own if f"`{name}`" not in chapter(id)] == []


def test_the_counts_at_the_top_are_what_the_rows_say() -> None:
    told = {row[0].strip("`*"): tuple(map(int, row[-3:])) for row in tables(PAGE.read_text(encoding="utf-8"), COUNTED) if row[-1] != "-"}
    rows = {id: clauses(id) for id in BOOKS}
    found = {id: (len(held), sum(row.carried for row in held), sum(not row.carried for row in held)) for id, held in rows.items()}
    total = tuple(map(sum, zip(*found.values(), strict=True)))
    assert told == found | {"all": total}

"""The glossary has every word that the standard book brings, in both languages, and what the shipped books call case types."""

from __future__ import annotations

import pytest

from govservice import load_rulebook
from govservice.models import CASE_TYPES
from govservice.rules import shipped_books

from .pages import DOCS, rows

GLOSSARY = DOCS / "glossary.md"
TERMS = list(rows(GLOSSARY, "term", "Chinese", "meaning", "where"))
CHINESE = {word for row in TERMS for word in row["Chinese"].split("、")}
STANDARD = load_rulebook("standard").contents
CHOICES = {
    (column.id, choice.name, choice.label, choice.code)
    for table in STANDARD.tables.values()
    for column in table.columns.values()
    for choice in column.type.choices
}


def code(cell: str) -> int | None:
    return int(cell) if cell else None


def test_every_case_type_is_there_with_its_code_and_every_name_that_a_shipped_book_has_for_it() -> None:
    listed = {row["type"]: row for row in rows(GLOSSARY, "type", "Chinese", "code", "a centre's own word")}
    assert {kind: (row["Chinese"], code(row["code"])) for kind, row in listed.items()} == {
        kind: (coded.label, coded.code) for kind, coded in CASE_TYPES.items()
    }
    own: dict[str, set[str]] = {kind: set() for kind in CASE_TYPES}
    for book in shipped_books():
        for table in load_rulebook(book).contents.tables.values():
            column = table.columns.get("case_type")
            for choice in column.type.choices if column is not None else ():
                own[choice.canonical or choice.name].add(str(choice.label))
    assert {kind: {word for word in row["a centre's own word"].split("、") if word} for kind, row in listed.items()} == {
        kind: words - {CASE_TYPES[kind].label} for kind, words in own.items()
    }


def test_every_value_of_a_choice_is_there() -> None:
    values = rows(GLOSSARY, "of", "value", "Chinese", "code")
    listed = {(row["of"].split("`")[1], row["value"], row["Chinese"], code(row["code"])) for row in values}
    assert listed == {one for one in CHOICES if one[0] != "case_type"}


def test_every_decision_of_the_standard_book_is_there() -> None:
    listed = {row["decision"]: row["Chinese"] for row in rows(GLOSSARY, "decision", "Chinese", "what it says of a case")}
    assert listed == {id: decision.label for id, decision in STANDARD.decisions.items()}


@pytest.mark.parametrize("section", ["tables", "events", "clocks"])
def test_what_the_standard_book_names_is_a_term(section: str) -> None:
    entries = getattr(STANDARD, section)
    assert [entry.label for entry in entries.values() if entry.label not in CHINESE] == []
    assert entries


def test_every_fact_is_on_the_page_that_the_glossary_sends_to() -> None:
    page = (DOCS / "models.md").read_text(encoding="utf-8")
    columns = [column for table in STANDARD.tables.values() for column in table.columns.values()]
    assert [column.id for column in columns if f"`{column.id}`" not in page or column.label not in page] == []
    assert "(models.md)" in GLOSSARY.read_text(encoding="utf-8")


def test_every_term_has_both_languages_a_meaning_and_a_place() -> None:
    assert [row for row in TERMS if not all(row.values())] == []
    terms = [row["term"] for row in TERMS]
    assert sorted(one for one in set(terms) if terms.count(one) > 1) == []

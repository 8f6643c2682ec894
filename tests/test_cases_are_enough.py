"""Each small change of a rule of a shipped book is noticed by a case of `cases/` or an example of the book, or proved to change nothing."""

from __future__ import annotations

import pytest

from govservice.errors import ConflictError, GovServiceError
from govservice.examples import failed_examples
from govservice.rules import load_rulebook
from govservice.rules.book.entries import Decision
from govservice.rules.proofs.covering import told_apart, with_decision
from govservice.rules.proofs.mutating import mutants_of
from govservice.rules.rulebook import Rulebook
from tests.test_cases import BOOKS, CASES, Case, below, book_of, decided, judged_from_facts, told

# Only a number that is both many and few would tell them apart: no centre sets such a one, and the source does not say what it would be.
NOTHING_TELLS_APART = {"chongqing": ["placing.permanent: swapped with general"]}


def own_decisions(book: Rulebook) -> list[Decision]:
    """The decisions that a book adds to what it extends, but those of scores."""
    base = below(book.id).decisions
    return [one for id, one in book.decisions.items() if one != base.get(id) and judged_from_facts(book, id)]


def changed_book(book: Rulebook, changed: Decision) -> Rulebook:
    """The book with one of its decisions changed."""
    return book.holding(with_decision(book.contents, changed))


def notices(case: Case, changed: Decision) -> bool:
    """Whether a case comes out otherwise than it says once a decision is changed."""
    try:
        outcome = decided(case, changed_book(book_of(case), changed))
    except ConflictError as error:
        return not all(rule in error.what.en for rule in case.expect.get("conflict", ["no conflict"]))
    except GovServiceError:
        return True
    if "conflict" in case.expect:
        return True
    found, expected = told(case, outcome)
    return found != expected


@pytest.mark.parametrize("id", BOOKS)
def test_no_change_of_a_rule_goes_unnoticed(id: str) -> None:
    book, left = load_rulebook(id), []
    for entry in own_decisions(book):
        cases = [case for case in CASES if case.book == id and case.decision == entry.id]
        on = next((case.on for case in cases), None)
        for mutant, changed in mutants_of(entry):
            if any(notices(case, changed) for case in cases):
                continue
            if failed_examples(changed_book(book, changed), f"decisions.{entry.id}"):
                continue
            if any(True for _ in told_apart(book.contents, changed_book(book, changed).contents, entry.id, on, 400_000)):
                left.append(mutant.text())
    assert left == NOTHING_TELLS_APART.get(id, [])

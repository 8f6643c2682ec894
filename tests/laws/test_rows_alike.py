"""Rows that say the same are worked out once: every card and grade says, word for word, what it says where each row is read."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import Rulebook, grade, score
from govservice.assessment.alike_rows import AlikeRows
from govservice.errors import GovServiceError
from govservice.scoring import Grading, Scorecard

from .answers import loaded
from .books import Book, drawn
from .chance import Chance
from .records import Rows, complete, forgettable, forgotten, without
from .showing import QUICK
from .writing import FIRST

LATER = FIRST + timedelta(days=70)


@contextmanager
def each_row_read() -> Iterator[None]:
    """No kinds of rows: every row is read under every item, in every count, and for how long it lasts."""
    with (
        patch.object(AlikeRows, "of_item", lambda *_: None),
        patch.object(AlikeRows, "of_count", lambda *_: None),
        patch.object(AlikeRows, "of_days", lambda *_: None),
        patch.object(AlikeRows, "tell_of_one", lambda *_: True),
    ):
        yield


def words(result: Scorecard | Grading) -> tuple[str, ...]:
    more = (result.explain("zh", unfired=True), result.to_html()) if isinstance(result, Scorecard) else ()
    return result.to_json(), repr(result), result.explain("en"), result.explain("zh"), *more


def told(work: Callable[[], list[Scorecard] | list[Grading]]) -> object:
    try:
        return [words(result) for result in work()]
    except GovServiceError as error:
        return type(error), str(error), error.what.zh


def all_told(book: Book, rules: Rulebook, rows: Rows, now: date | None) -> list[object]:
    if book.verb == "grade":
        return [told(lambda: grade(rules, book.asks, rows, period=book.period, now=now))]
    return [told(lambda: score(rules, book.asks, rows, period=book.period, now=now))]


def several(chance: Chance, rows: Rows) -> Rows:
    """The same with more events that say what others say, of other people and days."""
    found = deepcopy(rows)
    events = rows.get("events", [])
    for _ in range(2 * len(events)):
        whose, when = chance.pick(events), chance.pick(events)
        own = {name: whose[name] for name in ("staff", "window") if name in whose} | ({"on": when["on"]} if "on" in when else {})
        found["events"].append(chance.pick(events) | own)
    return found


@pytest.mark.parametrize("verb", ["score", "grade"])
@QUICK
@given(random=st.randoms(use_true_random=True))
def test_rows_that_say_the_same_come_to_what_each_comes_to(verb: str, random: Random) -> None:
    book = drawn(random, verb)
    chance = Chance(random)
    rules = loaded(book.tree)
    rows = several(chance, complete(chance, book))
    for given_ in (rows, without(rows, forgotten(chance, forgettable(book, rows, doubtful=True)))):
        for now in (None, LATER):
            with each_row_read():
                expected = all_told(book, rules, given_, now)
            assert all_told(book, rules, given_, now) == expected


@QUICK
@given(random=st.randoms(use_true_random=True))
def test_a_card_is_the_same_whenever_its_lines_are_looked_at(random: Random) -> None:
    book = drawn(random, "score")
    rules = loaded(book.tree)
    rows = complete(Chance(random), book)
    try:
        drawn_now, later, kept = (score(rules, book.asks, rows, period=book.period) for _ in range(3))
    except GovServiceError:
        return
    assert [(card.lines, card.unfired, card.labels) for card in drawn_now] == [
        (card.lines, card.unfired, card.labels) for card in pickle.loads(pickle.dumps(later))
    ]
    assert [words(card) for card in drawn_now] == [words(card) for card in kept]
    assert later == kept
    assert drawn_now == pickle.loads(pickle.dumps(drawn_now))
